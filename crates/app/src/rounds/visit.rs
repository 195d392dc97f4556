//! A visit as it is taken in: what was found, which tasks it does, what is to be followed up; and taking it back.

use kit::{
    Ask, Error, Id, Result, Said, Scope, Tx,
    clock::stamp,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::base::Date;
use serde_json::json;

use super::{
    marks,
    task::{self, Task},
    words,
};
use crate::{
    chronic,
    elders::{self, Elder, Key, Report, Tone},
    visits,
};

/// The duty's word: what a visit found and somebody has to follow up.
pub const KIND: &str = "rounds";

pub const FIELDS: &[Field] = &[
    field("found", "看到的情况", Kind::Choice(words::FOUND)).required(),
    field("reason", "逾期原因", Kind::Text(100)),
    field("systolic", "收缩压", Kind::Text(3)).help("没有量就不填。"),
    field("diastolic", "舒张压", Kind::Text(3)),
    field("note", "记录", Kind::Text(300)),
    field("follow", "需要跟进", Kind::Check),
    field("follow_text", "要跟进什么、下一步", Kind::Text(200)),
    field("follow_day", "最迟跟进日", Kind::Date).help("不填时为巡访当天。"),
    field("day", "巡访日期", Kind::Date).help("不填时为今天。"),
];
pub const CLOSE: &[Field] = &[field("result", "跟进结果", Kind::LongText(300)).required()];
pub const VOID: &[Field] = &[field("reason", "撤销原因", Kind::Text(100)).required()];
pub const DELAY: &[Field] = &[field("reason", "逾期原因", Kind::Text(100)).required()];

/// A visit as a form or another module says it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub day: Option<Date>,
    pub found: String,
    pub pressure: Option<(String, String)>,
    pub note: String,
    pub follow: bool,
    pub follow_text: String,
    pub follow_day: Option<Date>,
    pub reason: String,
    /// Further open tasks of the same elder that it does.
    pub also: Vec<Id>,
    pub who: String,
    /// What it came from, once: `visits:REGION-ID`; empty for a form.
    pub source: String,
}

/// A visit as it is kept.
#[derive(Debug, Clone)]
pub struct Visit {
    pub key: Key,
    pub task: Id,
    pub elder: Option<Id>,
    pub place: String,
    pub organisation: Option<Id>,
    pub day: Date,
    pub found: String,
    pub pressure: Option<(i64, i64)>,
    pub note: String,
    pub follow: String,
    pub follow_text: String,
    pub follow_day: Option<Date>,
    pub follow_result: String,
    pub follow_who: String,
    pub who: String,
    pub created: String,
    pub voided: Option<String>,
    pub void_reason: String,
}

const COLUMNS: &str = "v.region, v.id, v.task, v.elder, v.place, v.organisation, v.day, v.found, v.systolic, v.diastolic, v.note, \
    v.follow, v.follow_text, v.follow_day, v.follow_result, v.follow_who, v.who, v.created, v.voided, v.void_reason";

fn read(row: &Row<'_>) -> Result<Visit> {
    let pressure: (Option<i64>, Option<i64>) = (row.get(8)?, row.get(9)?);
    Ok(Visit {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        task: row.get(2)?,
        elder: row.get(3)?,
        place: row.get(4)?,
        organisation: row.get(5)?,
        day: row.get(6)?,
        found: row.get(7)?,
        pressure: pressure.0.zip(pressure.1),
        note: row.get(10)?,
        follow: row.get(11)?,
        follow_text: row.get(12)?,
        follow_day: row.get(13)?,
        follow_result: row.get(14)?,
        follow_who: row.get(15)?,
        who: row.get(16)?,
        created: row.get(17)?,
        voided: row.get(18)?,
        void_reason: row.get(19)?,
    })
}

impl Draft {
    /// What a form says.
    ///
    /// # Errors
    /// `Invalid` with every field that is wrong.
    pub fn of(ask: &Ask, input: &Input) -> Result<Draft> {
        let checked = form::check(FIELDS, input, &Options::new())?;
        let pressure = (checked.text("systolic"), checked.text("diastolic"));
        let has_pressure = !pressure.0.is_empty() || !pressure.1.is_empty();
        Ok(Draft {
            day: checked.date("day"),
            found: checked.text("found"),
            pressure: has_pressure.then_some(pressure),
            note: checked.text("note"),
            follow: checked.on("follow"),
            follow_text: checked.text("follow_text"),
            follow_day: checked.date("follow_day"),
            reason: checked.text("reason"),
            also: input.all("also").iter().filter_map(|it| it.parse().ok()).collect(),
            who: ask.who.name.to_string(),
            source: String::new(),
        })
    }
}

/// The visit, if the scope holds it.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Visit> {
    let sql = format!("select {COLUMNS} from round_visit v where v.region = $1 and v.id = $2");
    let it = tx.one(&sql, &[&key.region, &key.id], read)?;
    let held = scope.holds(&key.region, &it.place, it.organisation, it.elder);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// The visit that came from somewhere.
fn from_source(tx: &Tx<'_>, region: &str, source: &str) -> Result<Option<Visit>> {
    let sql = format!("select {COLUMNS} from round_visit v where v.region = $1 and v.source = $2 and v.source <> ''");
    tx.row(&sql, &[&region, &source], read)
}

/// What was noted for a task, newest first.
pub fn of_task(tx: &Tx<'_>, task: &Task) -> Result<Vec<Visit>> {
    let sql = format!(
        "select {COLUMNS} from round_visit v where v.region = $1 and (v.task = $2 or v.id = $3)
          order by v.day desc, v.id desc limit 50"
    );
    tx.rows(&sql, &[&task.key.region, &task.key.id, &task.visit], read)
}

/// The visits to an elder, newest first.
pub fn of_elder(tx: &Tx<'_>, elder: &Key, most: usize) -> Result<Vec<Visit>> {
    let records = elders::Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from round_visit v where v.region = $1 and v.elder in ({})
          order by v.day desc, v.id desc limit {most}",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// Takes a visit in for a task, and for those it does besides.
///
/// # Errors
/// `Invalid` for a day on which it could not be, and for a delay without its reason; `Refused` for a task that is done or that
/// nobody is to be visited for.
pub fn take(tx: &Tx<'_>, ask: &Ask, task: &Task, draft: &Draft) -> Result<Key> {
    let day = draft.day.unwrap_or(ask.today());
    let tasks = tasks_done(tx, ask, task, draft, day)?;
    let is_told = !draft.source.is_empty();
    let is_seen = draft.found != "absent";
    // A reason said before stands.
    let lacks_reason = tasks.iter().any(|it| it.is_late(day) && it.reason.is_empty());
    if is_seen && !is_told && draft.reason.is_empty() && lacks_reason {
        return Err(Error::invalid("reason", "已经逾期,请写明原因"));
    }
    let needs_help = matches!(&*draft.found, "unwell" | "help");
    let follows = draft.follow || needs_help;
    let key = Key { region: task.key.region.clone(), id: ask.new_id() };
    let elder = task.visited().map(|it| elders::find(tx, &ask.who.scope, &it)).transpose()?;
    let pressure = draft.pressure.as_ref().filter(|_| elder.is_some());
    if let (Some((systolic, diastolic)), Some(elder)) = (pressure, &elder) {
        let mut input = Input::default();
        input.set("systolic", systolic);
        input.set("diastolic", diastolic);
        // What the field side measured it wrote into the record itself.
        if !is_told {
            chronic::keep_measures(tx, ask, elder, day, &input, "rounds")?;
        }
    }
    let number = |text: &str| kit::sheet::half_width(text).trim().parse::<i64>().ok();
    let follow_day = follows.then(|| draft.follow_day.unwrap_or(day));
    tx.run(
        "insert into round_visit (region, id, task, elder, place, street, organisation, day, found, systolic, diastolic, note,
                                  follow, follow_text, follow_day, follow_closed, follow_result, follow_who, who, account,
                                  source, created, voided, void_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, null, '', '', $16, $17, $18, $19, null, '')",
        &[
            &key.region,
            &key.id,
            &task.key.id,
            &task.visited().map(|it| it.id),
            &task.spot.place,
            &task.spot.street,
            &task.spot.organisation,
            &day.to_string(),
            &draft.found,
            &pressure.and_then(|it| number(&it.0)),
            &pressure.and_then(|it| number(&it.1)),
            &draft.note,
            &(if follows { "open" } else { "" }),
            &draft.follow_text,
            &follow_day.map(|it| it.to_string()),
            &draft.who,
            &ask.who.account,
            &draft.source,
            &stamp(ask.now),
        ],
    )?;
    if is_seen {
        for it in &tasks {
            let reason = if !it.is_late(day) {
                ""
            } else if draft.reason.is_empty() {
                &it.reason
            } else {
                &draft.reason
            };
            task::set_done(tx, &it.key, Some((day, key.id, &draft.who)), reason)?;
            if !is_told {
                visits::unwant(tx, ask, &it.key.region, &format!("rounds:{}", it.key.id), "巡访已经完成")?;
            }
        }
    }
    task::note(tx, ask, "visited", task, &json!({"visit": key, "found": draft.found, "day": day}).to_string())?;
    if let Some(elder) = &elder {
        tell(tx, ask, elder, &key, draft, day)?;
        if let Some(until) = follow_day {
            elders::set_due(tx, elder, KIND, until, "跟进巡访发现的问题", &link(&key))?;
        }
        marks::keep(tx, &ask.app, &elder.key)?;
    }
    Ok(key)
}

/// The task and those that are done besides, each checked.
fn tasks_done(tx: &Tx<'_>, ask: &Ask, task: &Task, draft: &Draft, day: Date) -> Result<Vec<Task>> {
    if task.done.is_some() {
        return Err(Error::refused("done_already", "这项任务已经完成"));
    }
    if !task.open {
        return Err(Error::refused("not_needed", "这项任务已不用再做"));
    }
    if ask.today() < day {
        return Err(Error::invalid("day", "“巡访日期”不能晚于今天"));
    }
    if day < task.from {
        let said = Said::new("这项任务从 {day} 起才可以做").with("day", task.from);
        return Err(Error::invalid("day", said));
    }
    let mut all = vec![task.clone()];
    if let Some(elder) = task.visited().filter(|_| !draft.also.is_empty()) {
        let others = task::open_of(tx, &elder, day)?;
        all.extend(others.into_iter().filter(|it| it.key != task.key && draft.also.contains(&it.key.id)));
    }
    Ok(all)
}

fn tell(tx: &Tx<'_>, ask: &Ask, elder: &Elder, key: &Key, draft: &Draft, day: Date) -> Result<()> {
    let (found, _) = words::badge(words::FOUND_BADGES, &draft.found);
    let tone = match &*draft.found {
        "help" => Tone::Bad,
        "unwell" => Tone::Warn,
        "well" => Tone::Ok,
        _ => Tone::Plain,
    };
    let report = Report::new("rounds", "巡访:{found}").with("found", found).link(link(key)).tone(tone);
    let report = if day == ask.today() { report } else { report.at(kit::clock::begin_of(day)) };
    elders::report(tx, ask.now, &elder.key, &report)
}

/// Notes what came of following up.
///
/// # Errors
/// `Refused` where nothing is open.
pub fn close(tx: &Tx<'_>, ask: &Ask, it: &Visit, result: &str) -> Result<()> {
    if it.follow != "open" || it.voided.is_some() {
        return Err(Error::refused("nothing_open", "没有要跟进的"));
    }
    tx.run(
        "update round_visit set follow = 'closed', follow_closed = $3, follow_result = $4, follow_who = $5
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &stamp(ask.now), &result, &ask.who.name],
    )?;
    renew_due(tx, ask, it)?;
    if let Some(id) = it.elder {
        let elder = Key { region: it.key.region.clone(), id };
        let report = Report::new("rounds", "巡访后已跟进:{result}").with("result", result).link(link(&it.key));
        elders::report(tx, ask.now, &elder, &report)?;
    }
    noted(tx, ask, it, "follow-up closed")
}

/// What is due of an elder: the first that is still open.
fn renew_due(tx: &Tx<'_>, ask: &Ask, it: &Visit) -> Result<()> {
    let Some(id) = it.elder else { return Ok(()) };
    let key = Key { region: it.key.region.clone(), id };
    let next = of_elder(tx, &key, 100)?
        .into_iter()
        .filter(|it| it.follow == "open" && it.voided.is_none())
        .min_by_key(|it| it.follow_day);
    match next {
        Some(it) => {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            elders::set_due(tx, &elder, KIND, it.follow_day.unwrap_or(it.day), "跟进巡访发现的问题", &link(&it.key))
        }
        None => elders::clear_due(tx, &key, KIND),
    }
}

/// Takes a visit back: what it did is to be done again.
///
/// # Errors
/// `Refused` where it was taken back already.
pub fn void(tx: &Tx<'_>, ask: &Ask, it: &Visit, reason: &str) -> Result<()> {
    if it.voided.is_some() {
        return Err(Error::refused("voided_already", "这次巡访已经撤销"));
    }
    tx.run(
        // What it came from may come again as another visit.
        "update round_visit set voided = $3, void_reason = $4, source = case when source = '' then '' else source || $5 end
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &stamp(ask.now), &reason, &format!(" void {}", it.key.id)],
    )?;
    let sql = format!(
        "select {} from round_task t where t.region = $1 and t.visit = $2 order by t.id limit 100",
        task::COLUMNS
    );
    for one in tx.rows(&sql, &[&it.key.region, &it.key.id], task::read)? {
        task::set_done(tx, &one.key, None, &one.reason)?;
    }
    renew_due(tx, ask, it)?;
    if let Some(id) = it.elder {
        let elder = Key { region: it.key.region.clone(), id };
        let report = Report::new("rounds", "撤销巡访记录:{reason}").with("reason", reason).tone(Tone::Warn);
        elders::report(tx, ask.now, &elder, &report)?;
        super::settle::elder(tx, &ask.app, &elder)?;
    }
    noted(tx, ask, it, "voided")
}

fn noted(tx: &Tx<'_>, ask: &Ask, it: &Visit, what: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action: "change",
        subject: "round",
        subject_id: Some(it.task),
        region: &it.key.region,
        place: &it.place,
        detail: &json!({"visit": it.key, "what": what}).to_string(),
    };
    ask.note(tx, &entry)
}

/// The address of a visit.
pub fn link(key: &Key) -> String {
    format!("/rounds/visits/{key}")
}

/// A visit of the field side that did tasks; said twice it is one.
pub fn taken_from(tx: &Tx<'_>, ask: &Ask, region: &str, tasks: &[Id], draft: &Draft) -> Result<()> {
    if from_source(tx, region, &draft.source)?.is_some_and(|it| it.voided.is_none()) {
        return Ok(());
    }
    let mut all = Vec::new();
    for id in tasks {
        let key = Key { region: region.to_string(), id: *id };
        all.extend(task::by_key(tx, &key)?.filter(|it| it.open));
    }
    let Some(first) = all.first() else { return Ok(()) };
    let day = draft.day.unwrap_or(ask.today()).max(first.from).min(ask.today());
    let also = all.iter().skip(1).map(|it| it.key.id).collect();
    take(tx, ask, first, &Draft { day: Some(day), also, ..draft.clone() }).map(drop)
}

/// The field side takes its visit back.
pub fn taken_back(tx: &Tx<'_>, ask: &Ask, region: &str, source: &str, reason: &str) -> Result<()> {
    match from_source(tx, region, source)? {
        Some(it) if it.voided.is_none() => void(tx, ask, &it, reason),
        _ => Ok(()),
    }
}
