//! What happens to a record: changes, moving house, death, and the news of it.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, events};
use rules::base::{Date, Phone};
use serde_json::json;

use super::{
    age, counts, due, duplicates,
    elder::{self, Elder, Key},
    ended, groups,
    intake::{self, ADDRESS_COLUMN, Document, Draft, NUMBER_COLUMN, PHONE_COLUMN},
    marks,
    moving::{MOVED_IN, RETURNED},
    timeline::{self, Report, Tone},
};

/// Event kind: somebody has died.
pub const DIED: &str = "elder.died";
/// Event kind: a record began or was changed by hand, or its groups did.
pub const CHANGED: &str = "elder.changed";

/// Tells that something about an elder is otherwise: the `record` or the `groups`.
pub(super) fn changed(tx: &Tx<'_>, key: &Key, what: &str, now: jiff::Timestamp) -> Result<()> {
    events::send(tx, &key.region, CHANGED, &json!({"elder": key, "what": what}), now).map(drop)
}

/// Changes the phone alone, as somebody at the home was told it.
pub fn change_phone(tx: &Tx<'_>, ask: &Ask, elder: &Elder, phone: &Phone) -> Result<()> {
    let crypt = &ask.app.crypt;
    tx.run(
        "update elder set phone = $3, phone_blind = $4, changed = $5 where region = $1 and id = $2",
        &[
            &elder.key.region,
            &elder.key.id,
            &crypt.seal(PHONE_COLUMN, phone.as_str()),
            &crypt.blind(PHONE_COLUMN, phone.as_str()),
            &stamp(ask.now),
        ],
    )?;
    elder::note(tx, ask, "change", elder, "phone")
}

/// Changes the remark alone.
pub fn change_remark(tx: &Tx<'_>, ask: &Ask, elder: &Elder, remark: &str) -> Result<()> {
    tx.run(
        "update elder set remark = $3, changed = $4 where region = $1 and id = $2",
        &[&elder.key.region, &elder.key.id, &remark, &stamp(ask.now)],
    )?;
    elder::note(tx, ask, "change", elder, "remark")
}

/// Changes what a form changes; the ID number may be added or corrected, and stays unique.
pub fn change(tx: &Tx<'_>, ask: &Ask, before: &Elder, draft: &Draft) -> Result<()> {
    let key = &before.key;
    let tree = ask.app.places.tree();
    let stays = tree.county_of(&draft.place).is_some_and(|it| it.code == key.region);
    if !stays || !ask.who.scope.covers(&tree, &draft.place) {
        return Err(Error::invalid("place", "跨县区请用“迁出”办理;本页只改县区内的居住地"));
    }
    let street = tree.street_code(&draft.place, &key.region);
    set_document(tx, ask, before, &draft.document)?;
    if (&before.street, &before.sex, before.birth) != (&street, &draft.sex, draft.birth) {
        counts::living(tx, &key.region, &before.street, &before.sex, before.birth.day, -1)?;
        counts::living(tx, &key.region, &street, &draft.sex, draft.birth.day, 1)?;
    }
    if before.street != street {
        for membership in groups::of(tx, key)?.into_iter().filter(|it| it.until.is_none()) {
            let facet = format!("group:{}", membership.kind);
            counts::add(tx, &key.region, &before.street, &facet, -1)?;
            counts::add(tx, &key.region, &street, &facet, 1)?;
        }
        tx.run("update elder_due set street = $3 where region = $1 and elder = $2", &[&key.region, &key.id, &street])?;
    }
    let crypt = &ask.app.crypt;
    let phone = draft.phone.as_ref().map(|it| it.as_str().to_string());
    tx.run(
        "update elder set street = $3, place = $4, organisation = $5, name = $6, initials = $7, sex = $8, birth = $9,
                birth_precision = $10, phone = $11, phone_blind = $12, address = $13, registered_place = $14,
                living = $15, insurance = $16, remark = $17, changed = $18
          where region = $1 and id = $2",
        &[
            &key.region,
            &key.id,
            &street,
            &draft.place,
            &draft.organisation,
            &draft.name,
            &kit::initials(&draft.name),
            &draft.sex,
            &draft.birth.day.to_string(),
            &(if draft.birth.exact { "day" } else { "year" }),
            &phone.as_deref().map(|it| crypt.seal(PHONE_COLUMN, it)),
            &phone.as_deref().map(|it| crypt.blind(PHONE_COLUMN, it)),
            &(!draft.address.is_empty()).then(|| crypt.seal(ADDRESS_COLUMN, &draft.address)),
            &draft.registered_place,
            &draft.living,
            &draft.insurance,
            &draft.remark,
            &stamp(ask.now),
        ],
    )?;
    marks::settled(tx, &ask.app, key, &draft.place, ask.today())?;
    marks::housed(tx, &ask.app, key, draft.organisation, ask.today())?;
    marks::keep(tx, &ask.app, key)?;
    if before.place != draft.place {
        let moved = Report::new("elders", "居住地由 {from} 改为 {to}")
            .with("from", tree.words(&before.place))
            .with("to", tree.words(&draft.place));
        timeline::report(tx, ask.now, key, &moved)?;
    }
    let after = elder::find(tx, &ask.who.scope, key)?;
    let looks_else = (&before.name, before.birth) != (&after.name, after.birth) || before.phone != after.phone;
    if looks_else {
        duplicates::look(tx, ask, key, draft)?;
    }
    due::clear(tx, key, MOVED_IN)?;
    live_alone(tx, ask, before, &after)?;
    if before.birth != after.birth {
        age::settle_elder(tx, ask, &after)?;
    }
    changed(tx, key, "record", ask.now)?;
    elder::note(tx, ask, "change", &after, &differences(before, &after))
}

/// The group of those who live alone follows what is known of how somebody lives.
fn live_alone(tx: &Tx<'_>, ask: &Ask, before: &Elder, after: &Elder) -> Result<()> {
    let said = match (&*before.living, &*after.living) {
        (old, "alone") if old != "alone" => {
            let entry = groups::Entry { kind: "alone", day: ask.today(), source: "living", word: "" };
            groups::enter(tx, &ask.app, &after.key, &after.street, &entry)?.then_some("列入人群:{group}")
        }
        ("alone", new) if new != "alone" => {
            groups::leave(tx, &ask.app, &after.key, &after.street, "alone", ask.today())?.then_some("退出人群:{group}")
        }
        _ => None,
    };
    if let Some(said) = said {
        timeline::report(tx, ask.now, &after.key, &Report::new("elders", said).with("group", "独居"))?;
    }
    Ok(())
}

/// The names of the fields that differ; values stay out of the trail where they are sealed.
fn differences(before: &Elder, after: &Elder) -> String {
    let mut changes = serde_json::Map::new();
    let mut open = |name: &str, a: &str, b: &str| {
        if a != b {
            changes.insert(name.to_string(), json!([a, b]));
        }
    };
    open("name", &before.name, &after.name);
    open("sex", &before.sex, &after.sex);
    open("birth", &before.birth.to_string(), &after.birth.to_string());
    open("place", &before.place, &after.place);
    open("living", &before.living, &after.living);
    open("insurance", &before.insurance, &after.insurance);
    open("id_kind", &before.id_kind, &after.id_kind);
    let sealed = [
        ("id_number", &before.id_number, &after.id_number),
        ("phone", &before.phone, &after.phone),
        ("address", &before.address, &after.address),
    ];
    for (name, a, b) in sealed {
        if a.is_some() != b.is_some() {
            changes.insert(name.to_string(), json!(if b.is_some() { "set" } else { "removed" }));
        }
    }
    serde_json::Value::Object(changes).to_string()
}

fn set_document(tx: &Tx<'_>, ask: &Ask, elder: &Elder, document: &Document) -> Result<()> {
    let key = &elder.key;
    let crypt = &ask.app.crypt;
    let old = match &elder.id_number {
        Some(sealed) => Some(crypt.open_sealed(NUMBER_COLUMN, sealed).map_err(Error::internal)?),
        None => None,
    };
    if old == document.number && elder.id_kind == document.kind {
        return Ok(());
    }
    if let Some(old) = &old {
        let blind = crypt.blind(NUMBER_COLUMN, old);
        tx.run(
            "delete from person_index where blind = $1 and region = $2 and elder = $3",
            &[&blind, &key.region, &key.id],
        )?;
    }
    if let Some(number) = &document.number {
        let inserted = tx.run(
            "insert into person_index (blind, region, elder) values ($1, $2, $3) on conflict (blind) do nothing",
            &[&crypt.blind(NUMBER_COLUMN, number), &key.region, &key.id],
        )?;
        if inserted == 0 {
            let other = tx.one(
                "select region, elder from person_index where blind = $1",
                &[&crypt.blind(NUMBER_COLUMN, number)],
                |row| Ok(Key { region: row.get(0)?, id: row.get(1)? }),
            )?;
            return Err(intake::known(ask, tx, &other)?);
        }
    }
    tx.run(
        "update elder set id_kind = $3, id_number = $4 where region = $1 and id = $2",
        &[&key.region, &key.id, &document.kind, &document.number.as_deref().map(|it| crypt.seal(NUMBER_COLUMN, it))],
    )?;
    Ok(())
}

pub(super) fn set_state(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    state: &str,
    day: Option<Date>,
    merged_into: Option<Id>,
) -> Result<()> {
    tx.run(
        "update elder set state = $3, state_day = $4, merged_into = $5, changed = $6 where region = $1 and id = $2",
        &[&elder.key.region, &elder.key.id, &state, &day.map(|it| it.to_string()), &merged_into, &stamp(ask.now)],
    )?;
    if matches!(state, "merged" | "living") {
        // Which records are one person's is another matter now.
        tx.forget_all();
    }
    match state {
        "living" => {
            let since = kit::clock::day_of_stamp(&elder.created).unwrap_or(ask.today());
            marks::returned(tx, &ask.app, elder, since)
        }
        "merged" => marks::left(tx, &ask.app, &elder.key, None),
        _ => marks::left(tx, &ask.app, &elder.key, day),
    }
}

pub(super) fn check_death(ask: &Ask, elder: &Elder, day: Date) -> Result<()> {
    if ask.today() < day || day < elder.birth.day.add_years(-1) {
        let said = Said::new("死亡日期“{value}”应在出生之后、今天或以前").with("value", day);
        return Err(Error::invalid("day", said));
    }
    Ok(())
}

pub(super) fn gone_by_death(day: Date) -> Report {
    Report::new("elders", "去世,{day}").with("day", day).tone(Tone::Bad)
}

/// Notes a death: groups and duties end, and every module that listens hears of it.
///
/// # Errors
/// `Invalid` for a day before birth or in the future.
pub fn died(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, cause: &str) -> Result<()> {
    check_death(ask, elder, day)?;
    ended::close(tx, ask, elder, day)?;
    set_state(tx, ask, elder, "died", Some(day), None)?;
    counts::living(tx, &elder.key.region, &elder.street, &elder.sex, elder.birth.day, -1)?;
    timeline::report(tx, ask.now, &elder.key, &gone_by_death(day))?;
    let body = json!({"elder": elder.key, "day": day, "place": elder.place});
    events::send(tx, &elder.key.region, DIED, &body, ask.now)?;
    elder::note(tx, ask, "change", elder, &json!({"died": day, "cause": cause}).to_string())
}

/// Takes back a death that was noted by mistake: groups and what was due are as they were.
pub fn not_died(tx: &Tx<'_>, ask: &Ask, elder: &Elder, reason: &str) -> Result<()> {
    if elder.state != "died" {
        return Err(Error::refused("not_died", "这份档案没有登记死亡"));
    }
    set_state(tx, ask, elder, "living", None, None)?;
    counts::living(tx, &elder.key.region, &elder.street, &elder.sex, elder.birth.day, 1)?;
    ended::reopen(tx, ask, elder)?;
    age::settle_elder(tx, ask, elder)?;
    events::send(tx, &elder.key.region, RETURNED, &json!({"elder": elder.key, "after": "died"}), ask.now)?;
    let report = Report::new("elders", "撤销死亡登记:{reason}").with("reason", reason).tone(Tone::Warn);
    timeline::report(tx, ask.now, &elder.key, &report)?;
    elder::note(tx, ask, "change", elder, &json!({"death taken back": reason}).to_string())
}
