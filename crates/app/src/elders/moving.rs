//! Moving house beyond the county: out, in, back again, and taking back what was noted by mistake.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, db::Bind, events, table::Value};
use rules::base::Date;
use serde_json::json;

use super::{
    age, counts, due,
    elder::{self, Elder, Key},
    ended, groups, life, marks,
    timeline::{self, Report, Tone},
};

/// Event kinds: left this county, is back in it.
pub const MOVED: &str = "elder.moved";
pub const RETURNED: &str = "elder.returned";

/// What is due for somebody who has moved in: the receiving county confirms where they live.
pub const MOVED_IN: &str = "elders.moved_in";
/// Days for that.
const DAYS_TO_CONFIRM: i32 = 30;

/// Moves to another county: the record there takes over the open groups, the one here stays with a link.
/// Without `to` the elder left the counties of this system.
pub fn moved(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, to: Option<&str>) -> Result<Option<Key>> {
    check_day(ask, elder, day)?;
    let open: Vec<_> = groups::of(tx, &elder.key)?.into_iter().filter(|it| it.until.is_none()).collect();
    let new = match to {
        Some(place) => Some(settle(tx, ask, elder, place, day)?),
        None => None,
    };
    ended::close(tx, ask, elder, day)?;
    life::set_state(tx, ask, elder, "moved", Some(day), None)?;
    counts::living(tx, &elder.key.region, &elder.street, &elder.sex, elder.birth.day, -1)?;
    if let Some(new) = &new {
        set_moved_to(tx, &elder.key, Some(&new.key))?;
        for membership in &open {
            groups::put(tx, &new.key, &new.street, &membership.again(day))?;
        }
        marks::keep(tx, &ask.app, &new.key)?;
        let came = Report::new("elders", "由 {place} 迁入")
            .with("place", ask.app.places.tree().full_name(&elder.place))
            .link(format!("/elders/{}", elder.key));
        timeline::report(tx, ask.now, &new.key, &came)?;
        let edit = format!("/elders/{}/edit", new.key);
        due::set(tx, new, MOVED_IN, ask.today().add_days(DAYS_TO_CONFIRM), "新迁入,请核实居住地", &edit)?;
    }
    let mut report = gone_by_moving(day);
    if let Some(new) = &new {
        report = report.link(format!("/elders/{}", new.key));
    }
    timeline::report(tx, ask.now, &elder.key, &report)?;
    let new = new.map(|it| it.key);
    let body = json!({"elder": elder.key, "day": day, "to": new});
    events::send(tx, &elder.key.region, MOVED, &body, ask.now)?;
    elder::note(tx, ask, "change", elder, &body.to_string())?;
    Ok(new)
}

pub(super) fn gone_by_moving(day: Date) -> Report {
    Report::new("elders", "迁出,{day}").with("day", day).tone(Tone::Warn)
}

pub(super) fn check_day(ask: &Ask, elder: &Elder, day: Date) -> Result<()> {
    if ask.today() < day || day < elder.birth.day.add_years(-1) {
        let said = Said::new("日期“{value}”应在出生之后、今天或以前").with("value", day);
        return Err(Error::invalid("day", said));
    }
    Ok(())
}

/// The record in the county of `place`: the one that somebody who comes back has there already, or a new one.
fn settle(tx: &Tx<'_>, ask: &Ask, elder: &Elder, place: &str, day: Date) -> Result<Elder> {
    let tree = ask.app.places.tree();
    let region = tree.county_of(place).map(|it| it.code.clone()).filter(|it| *it != elder.key.region);
    let region = region.ok_or_else(|| Error::invalid("to", "请选择另一个县区的居住地;县区内迁居请改档案"))?;
    let street = tree.street_code(place, &region);
    let earlier = tx.row(
        "select id from elder
          where region = $1 and moved_region = $2 and moved_id = $3 and state = 'moved' order by id desc limit 1",
        &[&region, &elder.key.region, &elder.key.id],
        |row| row.get::<Id>(0),
    )?;
    let key = Key { region, id: earlier.unwrap_or_else(|| ask.new_id()) };
    copy(tx, &elder.key, &key, [&street, place], earlier.is_some(), &stamp(ask.now))?;
    tx.run(
        "update person_index set region = $3, elder = $4 where region = $1 and elder = $2",
        &[&elder.key.region, &elder.key.id, &key.region, &key.id],
    )?;
    counts::living(tx, &key.region, &street, &elder.sex, elder.birth.day, 1)?;
    marks::settled(tx, &ask.app, &key, place, day)?;
    // The reader's scope may end before the county that receives.
    record(tx, &key)
}

/// Writes what is known of a person into the county that receives: read in one region, written in another, since no
/// statement reaches into two of them.
fn copy(tx: &Tx<'_>, from: &Key, to: &Key, place: [&str; 2], is_there: bool, now: &str) -> Result<()> {
    const READ: &str = "select name, initials, sex, birth, birth_precision, id_kind, id_number, phone, phone_blind,
                               registered_place, living, insurance, remark, source
                          from elder where region = $1 and id = $2";
    let known: Vec<Value> =
        tx.one(READ, &[&from.region, &from.id], |row| (0..row.len()).map(|at| row.get(at)).collect())?;
    let mut values: Vec<&dyn Bind> = vec![&to.region, &to.id, &place[0], &place[1], &now];
    values.extend(known.iter().map(|it| it as &dyn Bind));
    if is_there {
        // The record keeps where it once came from.
        values.pop();
        tx.run(
            "update elder set name = $6, initials = $7, sex = $8, birth = $9, birth_precision = $10, id_kind = $11,
                    id_number = $12, phone = $13, phone_blind = $14, registered_place = $15, living = $16,
                    insurance = $17, remark = $18, street = $3, place = $4, address = null, organisation = null,
                    state = 'living', state_day = null, moved_region = null, moved_id = null, ended = null, changed = $5
              where region = $1 and id = $2",
            &values,
        )?;
    } else {
        tx.run(
            "insert into elder (region, id, street, place, created, name, initials, sex, birth, birth_precision, id_kind,
                    id_number, phone, phone_blind, registered_place, living, insurance, remark, source, changed, state)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $5, 'living')",
            &values,
        )?;
    }
    Ok(())
}

fn record(tx: &Tx<'_>, key: &Key) -> Result<Elder> {
    let sql = format!("select {} from elder where region = $1 and id = $2", elder::COLUMNS);
    tx.one(&sql, &[&key.region, &key.id], elder::read)
}

fn set_moved_to(tx: &Tx<'_>, from: &Key, to: Option<&Key>) -> Result<()> {
    tx.run(
        "update elder set moved_region = $3, moved_id = $4 where region = $1 and id = $2",
        &[&from.region, &from.id, &to.map(|it| it.region.clone()), &to.map(|it| it.id)],
    )?;
    Ok(())
}

fn check_moved(elder: &Elder) -> Result<()> {
    if elder.state == "moved" { Ok(()) } else { Err(Error::refused("not_moved", "这份档案没有登记迁出")) }
}

/// Takes back a moving that was noted by mistake: the elder is here as if never gone, with groups and duties. A record
/// that the moving began elsewhere ends, and leads back here.
pub fn not_moved(tx: &Tx<'_>, ask: &Ask, elder: &Elder, reason: &str) -> Result<()> {
    check_moved(elder)?;
    if let Some(new) = &elder.moved_to {
        let new = elder::find(tx, &ask.who.scope, new)
            .map_err(|_| Error::refused("moved_outside", "迁入地不在您的管理范围内,请由上级或迁入地办理"))?;
        if !new.is_living() {
            return Err(Error::refused("moved_on", "迁入地的档案已不在册,不能撤销"));
        }
        ended::close(tx, ask, &new, ask.today())?;
        life::set_state(tx, ask, &new, "moved", Some(ask.today()), None)?;
        marks::left(tx, &ask.app, &new.key, None)?;
        counts::living(tx, &new.key.region, &new.street, &new.sex, new.birth.day, -1)?;
        set_moved_to(tx, &new.key, Some(&elder.key))?;
        tx.run(
            "update person_index set region = $3, elder = $4 where region = $1 and elder = $2",
            &[&new.key.region, &new.key.id, &elder.key.region, &elder.key.id],
        )?;
        let back = Report::new("elders", "撤销迁入:{reason}").with("reason", reason).tone(Tone::Warn);
        timeline::report(tx, ask.now, &new.key, &back.link(format!("/elders/{}", elder.key)))?;
        elder::note(tx, ask, "change", &new, &json!({"moving taken back": reason}).to_string())?;
    }
    set_moved_to(tx, &elder.key, None)?;
    life::set_state(tx, ask, elder, "living", None, None)?;
    counts::living(tx, &elder.key.region, &elder.street, &elder.sex, elder.birth.day, 1)?;
    ended::reopen(tx, ask, elder)?;
    age::settle_elder(tx, ask, elder)?;
    let report = Report::new("elders", "撤销迁出登记:{reason}").with("reason", reason).tone(Tone::Warn);
    timeline::report(tx, ask.now, &elder.key, &report)?;
    events::send(tx, &elder.key.region, RETURNED, &json!({"elder": elder.key, "after": "moved"}), ask.now)?;
    elder::note(tx, ask, "change", elder, &json!({"moving taken back": reason}).to_string())
}

/// Somebody who had left the counties of this system lives here again from a day on; groups begin anew by then.
pub fn returned(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, place: &str) -> Result<()> {
    check_moved(elder)?;
    if elder.moved_to.is_some() {
        return Err(Error::refused("moved_inside", "老人在本系统的另一县区在册,请在那里办理迁出"));
    }
    check_day(ask, elder, day)?;
    let left = elder.state_day.as_deref().and_then(|it| it.parse::<Date>().ok());
    if left.is_some_and(|left| day < left) {
        return Err(Error::invalid("day", Said::new("迁回日期“{value}”应在迁出之后").with("value", day)));
    }
    let tree = ask.app.places.tree();
    let stays = tree.county_of(place).is_some_and(|it| it.code == elder.key.region);
    if !stays || !ask.who.scope.covers(&tree, place) {
        return Err(Error::invalid("place", Said::new("居住地“{value}”不在您的管理范围内").with("value", place)));
    }
    let street = tree.street_code(place, &elder.key.region);
    let left_with = ended::stays(tx, elder)?;
    tx.run(
        "update elder set state = 'living', state_day = null, street = $3, place = $4, changed = $5
          where region = $1 and id = $2",
        &[&elder.key.region, &elder.key.id, &street, &place, &stamp(ask.now)],
    )?;
    ended::forget(tx, elder)?;
    counts::living(tx, &elder.key.region, &street, &elder.sex, elder.birth.day, 1)?;
    for membership in &left_with {
        groups::put(tx, &elder.key, &street, &membership.again(day))?;
    }
    marks::settled(tx, &ask.app, &elder.key, place, day)?;
    marks::housed(tx, &ask.app, &elder.key, elder.organisation, day)?;
    marks::keep(tx, &ask.app, &elder.key)?;
    age::settle_elder(tx, ask, &record(tx, &elder.key)?)?;
    let report = Report::new("elders", "迁回,{day}").with("day", day).tone(Tone::Ok);
    timeline::report(tx, ask.now, &elder.key, &report)?;
    let body = json!({"elder": elder.key, "after": "moved", "day": day});
    events::send(tx, &elder.key.region, RETURNED, &body, ask.now)?;
    elder::note(tx, ask, "change", elder, &body.to_string())
}
