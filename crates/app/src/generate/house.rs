//! Who works in the generated county: a health centre in every township, homes, and one account for each role.

use kit::{
    Ask, Id, Result, Tx,
    who::{Role, account},
};
use serde::Serialize;

use super::{frail::Assessors, network::Made};

/// A sign-in that `demo` prints.
#[derive(Debug, Clone, Serialize)]
pub struct Login {
    pub role: &'static str,
    pub title: &'static str,
    pub user: String,
    pub password: String,
    pub name: &'static str,
    pub place: String,
}

pub const PASSWORD: &str = "Changqing-2026";

const PEOPLE: &[(Role, &str, &str)] = &[
    (Role::Official, "official", "周明德"),
    (Role::Lead, "lead", "何秀芳"),
    (Role::Clinician, "clinician", "李建华"),
    (Role::Assessor, "assessor", "赵燕"),
    (Role::Assessor, "assessor2", "孙志国"),
    (Role::Manager, "manager", "吴桂珍"),
    (Role::Carer, "carer", "郑月香"),
    (Role::Clerk, "clerk", "冯文林"),
    (Role::Auditor, "auditor", "韩永庆"),
    (Role::Operator, "operator", "许红霞"),
    (Role::Family, "family", "陈学民"),
    (Role::Administrator, "administrator", "管理员"),
];

/// The body of assessors of a county.
pub fn organisation(tx: &Tx<'_>, ask: &Ask, county: &str) -> Result<Id> {
    let id = ask.new_id();
    let name = format!("{}长期护理保险评估中心", ask.app.places.tree().name(county));
    tx.run(
        "insert into organisation (region, id, place, name, kind) values ($1, $2, $1, $3, 'assessment')",
        &[&county, &id, &name],
    )?;
    Ok(id)
}

/// One account for each role; those who work in a township belong to its first health centre.
pub fn accounts(
    tx: &Tx<'_>,
    ask: &Ask,
    county: &str,
    assessment: Id,
    made: &[Made],
    password_hash: &str,
) -> Result<(Vec<Login>, Assessors)> {
    let first = |kinds: &[&str]| made.iter().find(|it| kinds.contains(&it.kind));
    let centre = first(&["community_health_centre", "township_health_centre"]);
    let mut logins = Vec::new();
    let mut assessors = Vec::new();
    for (role, login, name) in PEOPLE {
        let (place, organisation) = match role {
            Role::Lead | Role::Clinician => centre.map_or((county, None), |it| (&*it.place, Some(it.id))),
            Role::Manager | Role::Carer => (county, first(&["elderly_home"]).map(|it| it.id)),
            Role::Assessor => (county, Some(assessment)),
            _ => (county, None),
        };
        let new =
            account::NewAccount { login, name, role: *role, place, organisation, password_hash, must_change: false };
        let id = account::create(tx, &new, ask.now)?;
        if *role == Role::Assessor {
            assessors.push((id, *name));
        }
        logins.push(Login {
            role: role.word(),
            title: role.title(),
            user: (*login).to_string(),
            password: PASSWORD.to_string(),
            name,
            place: ask.app.places.tree().full_name(place),
        });
    }
    let assessors = assessors.try_into().map_err(|_| kit::Error::internal("two assessors were to be made"))?;
    Ok((logins, assessors))
}
