//! Who works in the generated county: a health centre in every township, homes, and one account for each role.

use kit::{
    Ask, Id, Result, Tx,
    place::Level,
    who::{Role, account},
};
use serde::Serialize;

use super::frail::Assessors;

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

/// The organisations of a county: (id, place, kind).
pub fn organisations(tx: &Tx<'_>, ask: &Ask, county: &str) -> Result<Vec<(Id, String, &'static str)>> {
    let tree = ask.app.places.tree();
    let mut all = Vec::new();
    let mut add = |place: &str, name: String, kind: &'static str| -> Result<()> {
        let id = ask.new_id();
        tx.run(
            "insert into organisation (region, id, place, name, kind) values ($1, $2, $3, $4, $5)",
            &[&county, &id, &place, &name, &kind],
        )?;
        all.push((id, place.to_string(), kind));
        Ok(())
    };
    add(county, format!("{}长期护理保险评估中心", tree.name(county)), "assessment")?;
    for street in tree.children(county).filter(|it| it.level == Level::Street) {
        let is_town = street.name.ends_with('镇') || street.name.ends_with('乡');
        let centre = if is_town { "卫生院" } else { "社区卫生服务中心" };
        add(&street.code, format!("{}{centre}", street.name), "health_centre")?;
    }
    let streets: Vec<_> = tree.children(county).filter(|it| it.level == Level::Street).step_by(3).collect();
    for street in streets {
        add(&street.code, format!("{}康乐养老院", street.name), "elderly_home")?;
    }
    Ok(all)
}

/// One account for each role; those who work in a township belong to its first health centre.
pub fn accounts(
    tx: &Tx<'_>,
    ask: &Ask,
    county: &str,
    organisations: &[(Id, String, &'static str)],
    password_hash: &str,
) -> Result<(Vec<Login>, Assessors)> {
    let first = |kind: &str| organisations.iter().find(|it| it.2 == kind);
    let mut logins = Vec::new();
    let mut assessors = Vec::new();
    for (role, login, name) in PEOPLE {
        let (place, organisation) = match role {
            Role::Lead | Role::Clinician => first("health_centre").map_or((county, None), |it| (&*it.1, Some(it.0))),
            Role::Manager | Role::Carer => (county, first("elderly_home").map(|it| it.0)),
            Role::Assessor => (county, first("assessment").map(|it| it.0)),
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
