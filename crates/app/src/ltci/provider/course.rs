//! What happens between agency and institution: the agreement, its end, suspensions, evaluations, carers; and what lists show.

use kit::{App, Ask, Error, Id, Result, Said, Tx, clock::stamp};
use rules::base::Date;

use super::{
    agreement::{self, Agreement},
    carer::{self, Carer},
};
use crate::{
    elders::{self, Key},
    institutions::{self, Institution},
    ltci::{marks, words},
    workforce,
};

/// Signs an agreement from a day to another, both included.
///
/// # Errors
/// `Invalid` where another agreement holds on the first day or begins before the last.
pub fn sign(tx: &Tx<'_>, ask: &Ask, it: &Institution, from: Date, last: Date, terms: &Agreement) -> Result<()> {
    if last < from {
        return Err(Error::invalid("until", "止日不能早于起日"));
    }
    let before = agreement::of_organisation(tx, &it.key)?;
    let end = last.add_days(1);
    let meets = before.agreements.stretches().into_iter().find(|one| one.0 < end && one.1.is_none_or(|it| from < it));
    if let Some((day, ..)) = meets {
        return Err(Error::invalid(
            "from",
            Said::new("与 {day} 起的协议重叠;请先终止或从它期满之后起").with("day", day),
        ));
    }
    agreement::put(tx, ask, &it.key, from, Some(terms), "")?;
    // Another agreement may begin on that very day.
    agreement::put_end(tx, ask, &it.key, end)?;
    keep(tx, &ask.app, &it.key, ask.today())?;
    told(tx, ask, it, &format!("agreement {} {from} — {last}", terms.number))
}

/// Ends the agreement that runs, from a day on.
///
/// # Errors
/// `Invalid` without an agreement on that day.
pub fn end(tx: &Tx<'_>, ask: &Ask, it: &Institution, day: Date, reason: &str) -> Result<()> {
    let terms = agreement::of_organisation(tx, &it.key)?;
    let running = terms.agreements.stretches().into_iter().find(|one| one.0 < day && one.1.is_none_or(|end| day < end));
    let Some((_, until, _)) = running else {
        return Err(Error::invalid("day", Said::new("{day} 前一天没有有效协议").with("day", day)));
    };
    if let Some(until) = until {
        agreement::take_back_end(tx, &it.key, until)?;
    }
    agreement::put(tx, ask, &it.key, day, None, reason)?;
    keep(tx, &ask.app, &it.key, ask.today())?;
    told(tx, ask, it, &format!("agreement ends {day}: {reason}"))
}

/// Suspends an institution from a day on: from then it is not paid and takes nobody on.
///
/// # Errors
/// `Invalid` where it is suspended on that day already.
pub fn suspend(tx: &Tx<'_>, ask: &Ask, it: &Institution, from: Date, reason: &str, note: &str) -> Result<()> {
    let terms = agreement::of_organisation(tx, &it.key)?;
    if terms.suspensions.on(from).is_some() {
        return Err(Error::invalid("from", "当日已暂停服务"));
    }
    agreement::put_suspension(tx, ask, &it.key, from, Some(reason), note)?;
    keep(tx, &ask.app, &it.key, ask.today())?;
    told(tx, ask, it, &format!("suspended from {from}: {reason}"))
}

/// Lifts a suspension from a day on.
///
/// # Errors
/// `Invalid` where it is not suspended on the day before.
pub fn lift(tx: &Tx<'_>, ask: &Ask, it: &Institution, day: Date) -> Result<()> {
    let terms = agreement::of_organisation(tx, &it.key)?;
    if terms.suspensions.on(day.add_days(-1)).is_none() {
        return Err(Error::invalid("day", Said::new("{day} 前一天没有暂停服务").with("day", day)));
    }
    agreement::put_suspension(tx, ask, &it.key, day, None, "")?;
    keep(tx, &ask.app, &it.key, ask.today())?;
    told(tx, ask, it, &format!("suspension lifted {day}"))
}

/// One year's evaluation.
#[derive(Debug, Clone)]
pub struct Evaluation {
    pub year: i64,
    /// 0 to 100.
    pub points: i64,
    /// A word of `words::RESULTS`.
    pub result: String,
    pub remark: String,
    pub who: String,
}

/// Every evaluation of an institution, the newest first.
pub fn evaluations(tx: &Tx<'_>, key: &Key) -> Result<Vec<Evaluation>> {
    tx.rows(
        "select year, points, result, remark, who from ltci_evaluation
          where region = $1 and organisation = $2 order by year desc",
        &[&key.region, &key.id],
        |row| {
            Ok(Evaluation {
                year: row.get(0)?,
                points: row.get(1)?,
                result: row.get(2)?,
                remark: row.get(3)?,
                who: row.get(4)?,
            })
        },
    )
}

/// Writes what came of a year's evaluation, once a year.
///
/// # Errors
/// `Invalid` where the year has one.
pub fn evaluate(tx: &Tx<'_>, ask: &Ask, it: &Institution, of: &Evaluation) -> Result<()> {
    let written = tx.attempt(|tx| {
        tx.run(
            "insert into ltci_evaluation (region, organisation, year, points, result, remark, who, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[&it.key.region, &it.key.id, &of.year, &of.points, &of.result, &of.remark, &ask.who.name, &stamp(ask.now)],
        )
    });
    match written {
        Err(e) if e.is_duplicate() => {
            return Err(Error::invalid("year", Said::new("{year} 年已有考核结果").with("year", of.year)));
        }
        other => other?,
    };
    keep(tx, &ask.app, &it.key, ask.today())?;
    told(tx, ask, it, &format!("evaluation {}: {} {}", of.year, of.points, of.result))
}

/// Who is to give care for an institution.
#[derive(Debug, Clone)]
pub struct New {
    /// Of the register of staff; for a relative the elder instead.
    pub staff: Option<Key>,
    pub elder: Option<Key>,
    pub name: String,
    pub qualification: String,
    pub number: String,
    pub from: Date,
}

/// Registers a carer.
///
/// # Errors
/// `Invalid` where a nurse or a care worker is not in the register of staff, where a relative names no elder, and where the
/// institution knows the number already.
pub fn register(tx: &Tx<'_>, ask: &Ask, it: &Institution, new: &New) -> Result<Carer> {
    let is_relative = new.qualification == "relative";
    let name = match (&new.staff, &new.elder, is_relative) {
        (Some(staff), None, false) => workforce::find(tx, &ask.who.scope, staff)?.name,
        (None, Some(elder), true) => {
            elders::find_living(tx, &ask.who.scope, elder)?;
            new.name.clone()
        }
        (_, _, true) => return Err(Error::invalid("elder", "家属照护者要写明照护哪位老人")),
        (..) => return Err(Error::invalid("staff", "请从人员登记中选择;家属照护者写明老人")),
    };
    if name.is_empty() {
        return Err(Error::invalid("name", "请填写姓名"));
    }
    let carer = Carer {
        id: ask.new_id(),
        organisation: it.key.id,
        staff: new.staff.as_ref().map(|it| it.id),
        elder: new.elder.as_ref().map(|it| it.id),
        name,
        qualification: new.qualification.clone(),
        number: new.number.clone(),
        from: new.from,
        until: None,
    };
    let written = tx.attempt(|tx| carer::add(tx, ask, &it.key.region, &carer));
    match written {
        Err(e) if e.is_duplicate() => Err(Error::invalid("number", "这家机构已登记过这个证书(备案)号")),
        Err(e) => Err(e),
        Ok(()) => {
            marks::keep_carer(tx, &ask.app, &it.key.region, carer.id, &it.place)?;
            told(tx, ask, it, &format!("carer {} {}", carer.qualification, carer.number))?;
            Ok(carer)
        }
    }
}

/// A carer no longer gives care from a day on.
///
/// # Errors
/// `NotFound` where the institution has no such carer now.
pub fn dismiss(tx: &Tx<'_>, ask: &Ask, it: &Institution, carer: Id, day: Date, reason: &str) -> Result<()> {
    let changed = tx.run(
        "update ltci_carer set until_day = $4, reason = $5
          where region = $1 and organisation = $2 and id = $3 and until_day is null and from_day <= $4",
        &[&it.key.region, &it.key.id, &carer, &day.to_string(), &reason],
    )?;
    if changed == 0 {
        return Err(Error::refused("wrong_state", "没有这位在岗人员,或日期早于上岗日"));
    }
    marks::keep_carer(tx, &ask.app, &it.key.region, carer, &it.place)?;
    told(tx, ask, it, &format!("carer {carer} leaves {day}: {reason}"))
}

fn told(tx: &Tx<'_>, ask: &Ask, it: &Institution, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action: "change",
        subject: "organisation",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &it.place,
        detail,
    };
    ask.note(tx, &entry)
}

/// Brings what lists and numbers show of an institution up to a day.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key, today: Date) -> Result<()> {
    marks::keep_provider(tx, app, key)?;
    let terms = agreement::of_organisation(tx, key)?;
    let all = terms.agreements.stretches();
    let running = all.iter().find(|it| it.0 <= today && it.1.is_none_or(|end| today < end));
    let next = all.iter().find(|it| today < it.0);
    let Some((since, until, of)) = running.or(next).or(all.last()) else {
        tx.run("delete from ltci_provider where region = $1 and organisation = $2", &[&key.region, &key.id])?;
        return Ok(());
    };
    let state = match (running, next) {
        (Some(_), _) if terms.suspensions.on(today).is_some() => "suspended",
        (Some(_), _) => "running",
        (None, Some(_)) => "planned",
        (None, None) => "ended",
    };
    let it = institutions::by_key(tx, key)?;
    let evaluated =
        evaluations(tx, key)?.into_iter().next().map_or(String::new(), |it| format!("{} {}", it.year, it.result));
    tx.run(
        "insert into ltci_provider (region, organisation, name, initials, place, state, number, level, modes, capacity, since,
                                    until_day, evaluated)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (region, organisation) do update set name = excluded.name, initials = excluded.initials,
           place = excluded.place, state = excluded.state, number = excluded.number, level = excluded.level,
           modes = excluded.modes, capacity = excluded.capacity, since = excluded.since, until_day = excluded.until_day,
           evaluated = excluded.evaluated",
        &[
            &key.region,
            &key.id,
            &it.name,
            &kit::initials(&it.name),
            &it.place,
            &state,
            &of.number,
            &of.level,
            &of.modes.join(" "),
            &of.capacity,
            &since.to_string(),
            &until.map(|it| it.to_string()),
            &evaluated,
        ],
    )?;
    Ok(())
}

/// The title of an evaluation as a row keeps it: `2025 good`.
pub fn evaluation_in_words(ask: &Ask, kept: &str) -> String {
    let Some((year, result)) = kept.split_once(' ') else { return String::new() };
    format!("{year} {}", ask.t(words::title(words::RESULTS, result)))
}
