//! Who signed which version of a plan: the doctor, and the elder or somebody for the elder.

use kit::{Ask, Error, Id, Result, Role, Tx, clock::stamp};

use super::record::{self, Plan};
use crate::elders::{self, Elder, Key, Report};

/// One signature.
#[derive(Debug, Clone)]
pub struct Signature {
    pub version: i64,
    /// A word of [`super::words::SIGNERS`].
    pub role: String,
    pub name: String,
    pub picture: Option<Id>,
    pub at: String,
}

/// A signature to be written.
#[derive(Debug, Clone)]
pub struct Signing<'a> {
    /// `doctor`, `self`, `family` or `guardian`.
    pub role: &'a str,
    pub name: &'a str,
    pub picture: Option<Id>,
}

/// Writes a signature under the version a plan now has; once doctor and elder have signed the same one it is agreed.
///
/// # Errors
/// `Invalid` for family who sign as a doctor, and without a name.
pub fn sign(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder, it: &Signing<'_>) -> Result<()> {
    plan.changeable()?;
    let is_doctor = it.role == "doctor";
    if is_doctor && ask.who.role == Role::Family {
        return Err(Error::invalid("role", "家属不能替医生签署"));
    }
    let name = match it.role {
        "doctor" => &*ask.who.name,
        "self" => &*elder.name,
        _ if it.name.is_empty() => return Err(Error::invalid("name", "请填写签字人姓名")),
        _ => it.name,
    };
    if !is_doctor && it.picture.is_none() {
        return Err(Error::invalid("signature", "请签名"));
    }
    tx.run(
        "insert into care_plan_signature (region, plan, version, role, name, picture, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, plan, version, role) do update set name = excluded.name, picture = excluded.picture, at = excluded.at",
        &[&plan.key.region, &plan.key.id, &plan.version, &it.role, &name, &it.picture, &stamp(ask.now)],
    )?;
    let all = of(tx, &plan.key)?;
    let of_now =
        |is_doctor: bool| all.iter().any(|one| one.version == plan.version && (one.role == "doctor") == is_doctor);
    if plan.state == "draft" && of_now(true) && of_now(false) {
        plan.state = "agreed".to_string();
        record::store(tx, plan)?;
        let report = Report::new("careplan", "照护计划已签署").link(plan.link());
        elders::report(tx, ask.now, &elder.key, &report)?;
    }
    record::note(tx, ask, "change", plan, elder, &format!("signed by {}", it.role))
}

/// All signatures of a plan, the newest version first.
pub fn of(tx: &Tx<'_>, plan: &Key) -> Result<Vec<Signature>> {
    tx.rows(
        "select version, role, name, picture, at from care_plan_signature where region = $1 and plan = $2
          order by version desc, at, role",
        &[&plan.region, &plan.id],
        |row| {
            Ok(Signature {
                version: row.get(0)?,
                role: row.get(1)?,
                name: row.get(2)?,
                picture: row.get(3)?,
                at: row.get(4)?,
            })
        },
    )
}
