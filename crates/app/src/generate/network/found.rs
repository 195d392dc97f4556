//! One institution into the database, through the same checks as a real one.

use kit::{Ask, Result, Tx};
use rules::{
    base::{Date, Uscc},
    institution::LicenceKind,
};

use super::{Made, spec::Spec};
use crate::{
    generate::{chance::Chance, names},
    institutions::{self, CARE_KINDS, Draft, Institution, MEDICAL_KINDS, NewLicence},
};

/// Everything is open by then, so that the figures of all documents come out.
const OPENED: i16 = 2012;

pub fn found(tx: &Tx<'_>, ask: &Ask, spec: &Spec, chance: &mut Chance) -> Result<Made> {
    let opened = Date::new(OPENED + chance.below(3) as i16, 1 + chance.below(12) as i8, 1 + chance.below(28) as i8)
        .unwrap_or_else(|| ask.today());
    let draft = Draft {
        name: spec.name.clone(),
        kind: spec.kind.to_string(),
        place: spec.place.clone(),
        code: code(spec, chance),
        legal_person: names::name(chance, false),
        phone: String::new(),
        address: String::new(),
        position: spec.position,
        hours: hours(spec),
        opened,
        remark: String::new(),
        source: "示例数据".to_string(),
    };
    let it = institutions::create(tx, ask, &draft)?;
    licences(tx, ask, &it, spec, opened, chance)?;
    let mut facts: Vec<(&'static str, Option<String>)> =
        vec![("owner", Some(spec.owner.to_string())), ("level", spec.level.map(str::to_string))];
    facts.extend(spec.holds.iter().map(|it| (*it, Some("yes".to_string()))));
    facts.extend(spec.beds.iter().filter(|it| 0 < it.1).map(|it| (it.0, Some(it.1.to_string()))));
    institutions::set_facts(tx, ask, &it, opened, &facts, "示例数据")?;
    if !spec.serves.is_empty() {
        institutions::set_area(tx, ask, &it, &spec.serves, opened)?;
    }
    Ok(Made {
        id: it.key.id,
        region: it.key.region,
        street: spec.street.clone(),
        place: spec.place.clone(),
        kind: spec.kind,
        ltci: spec.holds.contains(&"ltci"),
    })
}

/// A code that no real institution can have: areas beginning with 99 were never given out. Village rooms have none.
fn code(spec: &Spec, chance: &mut Chance) -> Option<Uscc> {
    if matches!(spec.kind, "village_clinic" | "health_station" | "mutual_house") {
        return None;
    }
    let head = if MEDICAL_KINDS.contains(&spec.kind) { "12" } else { "52" };
    let body = format!("{head}99{:04}MA{:07}", chance.below(10_000), chance.below(10_000_000));
    "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().find_map(|check| format!("{body}{check}").parse().ok())
}

fn hours(spec: &Spec) -> String {
    match spec.kind {
        "hospital" | "elderly_home" | "care_centre" => "每天 全天".to_string(),
        "village_clinic" | "health_station" => "每天 08:00-12:00,14:00-18:00".to_string(),
        _ => "周一至周五 08:00-12:00,14:00-17:30;周六至周日 08:30-11:30".to_string(),
    }
}

fn licences(tx: &Tx<'_>, ask: &Ask, it: &Institution, spec: &Spec, opened: Date, chance: &mut Chance) -> Result<()> {
    let county = ask.app.places.tree().name(&spec.county).to_string();
    let (health, civil) = (format!("{county}卫生健康局"), format!("{county}民政局"));
    let market = format!("{county}市场监督管理局");
    let with_care = CARE_KINDS.contains(&spec.kind) || spec.holds.contains(&"mode_care_inside");
    let mut wanted: Vec<(LicenceKind, &str)> = Vec::new();
    if MEDICAL_KINDS.contains(&spec.kind) || spec.kind == "care_centre" || spec.holds.contains(&"mode_care_inside") {
        wanted.push((LicenceKind::Practice, &health));
    }
    if spec.holds.contains(&"mode_clinic_inside") || spec.holds.contains(&"infirmary") {
        wanted.push((LicenceKind::InternalFiling, &health));
    }
    if with_care && spec.kind != "mutual_house" {
        wanted.push((LicenceKind::CareFiling, &civil));
    }
    if matches!(spec.kind, "elderly_home" | "care_centre" | "day_care") {
        wanted.push((LicenceKind::Food, &market));
    }
    let today = ask.today();
    for (kind, issuer) in wanted {
        // A licence holds five years. Those out of order ran out lately, or do so within weeks.
        let runs_out = matches!(kind, LicenceKind::Practice | LicenceKind::Food);
        let age = match spec.in_order {
            true => 30 + chance.below(4 * 365) as i32,
            false => 5 * 365 - 60 + chance.below(90) as i32,
        };
        let from = if runs_out { today.add_days(-age).max(opened) } else { opened };
        let number = format!("{}{:010}", prefix(kind), chance.below(10_000_000_000));
        let new = NewLicence {
            kind,
            number: &number,
            issuer,
            from,
            until: runs_out.then(|| from.add_years(5).add_days(-1)),
            remark: "",
            document: None,
        };
        institutions::add_licence(tx, ask, it, &new)?;
    }
    Ok(())
}

fn prefix(kind: LicenceKind) -> &'static str {
    match kind {
        LicenceKind::Practice => "PDY",
        LicenceKind::Food => "JY",
        _ => "BA",
    }
}
