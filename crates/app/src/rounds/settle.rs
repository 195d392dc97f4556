//! Tasks made to agree with what `rules::rounds` says is owed: of a whole county by night, of one elder at once.
//!
//! A period is looked at from its first day on until it is over, so that none is passed over when a night was; what is found
//! out later of a period that is over makes no new task in it, since nobody could have known, but ends one that was never owed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kit::{
    App, Ask, Error, Id, Result, Tx,
    clock::stamp,
    db::Stream,
    tally::{self, Lot, PERSON},
};
use rules::{
    base::Date,
    rounds::{Arrangements, Programme, State, Subject, Task as Owed, state},
};
use serde::Serialize;

use super::{
    facts::{self, Owner},
    home, marks,
    task::{self, COLUMNS, Task},
    words,
};
use crate::elders::{self, Key};

/// What a comparison came to. Tasks of a period that began since the last one are no surprise; others are.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub owed: usize,
    pub made: usize,
    pub missing: usize,
    pub superfluous: usize,
    pub changed: usize,
}

impl Outcome {
    pub fn add(&mut self, it: &Outcome) {
        self.owed += it.owed;
        self.made += it.made;
        self.missing += it.missing;
        self.superfluous += it.superfluous;
        self.changed += it.changed;
    }
}

/// A period of a programme around a day.
struct Around<'a> {
    programme: &'a Programme,
    laid: Arrangements<'a>,
    day: Date,
}

/// What is looked at: the periods since a day.
struct Looked<'a> {
    region: &'a str,
    today: Date,
    last: Date,
    created: String,
    now: jiff::Timestamp,
    periods: Vec<Around<'a>>,
}

/// The day up to which a county was looked at; nothing where it never was.
fn last_run(tx: &Tx<'_>, region: &str) -> Result<Option<Date>> {
    tx.row("select day from round_run where region = $1", &[&region], |row| row.get(0))
}

impl<'a> Looked<'a> {
    fn since(app: &'a App, region: &'a str, last: Date) -> Looked<'a> {
        let today = app.clock.today();
        let mut periods = Vec::new();
        let ids = |day: Date| Arrangements::of(&app.policy_in(region, day)).ok();
        // Of a period that is over its last day counts, of the present one today.
        for programme in ids(today).map_or(&[][..], |it| it.programmes) {
            let mut day = last.min(today);
            loop {
                let beyond = programme.period.around(day).1;
                let at = today.min(beyond.add_days(-1));
                if let Some(laid) = ids(at)
                    && let Some(programme) = laid.programmes.iter().find(|it| it.id == programme.id)
                {
                    periods.push(Around { programme, laid, day: at });
                }
                if today < beyond {
                    break;
                }
                day = beyond;
            }
        }
        let now = app.clock.now();
        Looked { region, today, last, created: stamp(now), now, periods }
    }

    /// What is owed to an owner in these periods, with the period.
    fn owed(&self, owner: &Owner) -> Vec<(Owed, &Programme, (Date, Date))> {
        let of = self.periods.iter().filter(|it| it.programme.subject == owner.subject);
        let owed = of.filter_map(|it| {
            let task = it.laid.task(it.programme, &owner.spells, it.day)?;
            Some((task, it.programme, it.programme.period.around(it.day)))
        });
        owed.collect()
    }

    /// Whether a period was looked at, so that a task in it must be owed.
    fn has(&self, it: &Task) -> bool {
        let is_it = |one: &Around<'_>| {
            let (first, beyond) = one.programme.period.around(one.day);
            one.programme.id == it.programme && first == it.period_day && beyond == it.beyond
        };
        self.periods.iter().any(is_it)
    }
}

/// Notes that a county was looked at up to a day.
pub fn begin(tx: &Tx<'_>, region: &str, day: Date) -> Result<()> {
    tx.run(
        "insert into round_run (region, day) values ($1, $2) on conflict (region) do update set day = excluded.day",
        &[&region, &day.to_string()],
    )?;
    Ok(())
}

/// A task in other words: whose, which programme, which period.
type Place = (String, String, Date);

/// How the tasks of an owner ought to be: new ones, and those that are otherwise than kept.
fn settle(
    looked: &Looked<'_>,
    owner: &Owner,
    kept: &[Task],
    done_elsewhere: &HashSet<Place>,
    outcome: &mut Outcome,
) -> (Vec<Task>, Vec<Task>) {
    let owed = looked.owed(owner);
    outcome.owed += owed.len();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let covers =
        |programme: &str, period: Date| done_elsewhere.contains(&(owner.thing.clone(), programme.to_string(), period));
    for (task, programme, (first, beyond)) in &owed {
        let is_kept = kept.iter().any(|it| it.programme == task.programme && it.period_day == *first);
        if is_kept || covers(&task.programme, *first) {
            continue;
        }
        // Who could have been visited before the last look should have been on the list since.
        if task.from < looked.last {
            outcome.missing += 1;
        } else {
            outcome.made += 1;
        }
        let mut it = Task {
            key: Key { region: looked.region.to_string(), id: Id::new(looked.now) },
            subject: words::subject(owner.subject).to_string(),
            thing: owner.thing.clone(),
            elder: owner.elder,
            spot: owner.spot.clone(),
            programme: task.programme.clone(),
            aim: words::aim(programme).to_string(),
            period_day: *first,
            beyond: *beyond,
            from: task.from,
            by: task.by,
            open: true,
            ended: String::new(),
            done: None,
            visit: None,
            who: String::new(),
            reason: String::new(),
        };
        it.ended = ended(looked, owner, &it, false).to_string();
        it.open = it.ended.is_empty();
        new.push(it);
    }
    for before in kept.iter().filter(|it| it.done.is_none()) {
        let mut it = before.clone();
        let found = owed.iter().find(|one| one.0.programme == it.programme && one.2.0 == it.period_day);
        if let Some((task, ..)) = found {
            (it.from, it.by) = (task.from, task.by);
        }
        let is_superfluous = found.is_none() && looked.has(&it);
        it.ended = if covers(&it.programme, it.period_day) {
            "done_elsewhere"
        } else {
            ended(looked, owner, &it, is_superfluous)
        }
        .to_string();
        it.open = it.ended.is_empty();
        if it.open {
            (it.elder, it.spot) = (owner.elder, owner.spot.clone());
        }
        let now = (&it.ended, it.from, it.by, it.elder, &it.spot);
        if now != (&before.ended, before.from, before.by, before.elder, &before.spot) {
            if it.ended == "not_owed" && before.ended.is_empty() {
                outcome.superfluous += 1;
            } else {
                outcome.changed += 1;
            }
            changed.push(it);
        }
    }
    (new, changed)
}

/// Why nobody is to be visited for a task; empty where somebody is.
fn ended(looked: &Looked<'_>, owner: &Owner, it: &Task, is_superfluous: bool) -> &'static str {
    let task = Owed { programme: it.programme.clone(), from: it.from, by: it.by };
    match state(&task, &owner.spells, None, looked.today) {
        State::Lapsed => owner.fate,
        State::Missed => words::MISSED,
        _ if is_superfluous => "not_owed",
        _ => "",
    }
}

/// Makes the tasks of a county agree with what is owed, and counts what did not.
pub fn county(tx: &Tx<'_>, app: &App, region: &str) -> Result<Outcome> {
    let today = app.clock.today();
    let now = app.clock.now();
    let register = elders::register(tx, app, region, "")?;
    let mut homes = home::of_county(tx, region)?;
    let to = Stream::new(tx);
    for (elder, household) in home::grouped(&register, &homes, || Id::new(now)) {
        to_home(&to, region, elder, household, today)?;
        homes.insert(elder, household);
    }
    to.end()?;
    let last = last_run(tx, region)?;
    let looked = Looked::since(app, region, last.unwrap_or(today));
    let owners = facts::of_county(tx, app, region, &homes, &register)?;
    let (mut kept, done_elsewhere) = kept_of_county(tx, &looked)?;
    let mut outcome = Outcome::default();
    let mut touched: BTreeSet<Id> = BTreeSet::new();
    let to = Stream::new(tx);
    let mut changes = Vec::new();
    for owner in &owners {
        let place = (words::subject(owner.subject).to_string(), owner.thing.clone());
        let of = kept.remove(&place).unwrap_or_default();
        let (new, changed) = settle(&looked, owner, &of, &done_elsewhere, &mut outcome);
        new.iter().try_for_each(|it| task::insert(&to, it, "night", &looked.created))?;
        touched.extend(new.iter().chain(&changed).filter_map(|it| it.visited()).map(|it| it.id));
        changes.extend(changed);
    }
    to.end()?;
    // A village where no elder lives any more, a household that nobody is of.
    for task in kept.into_values().flatten().filter(|it| it.open) {
        outcome.changed += 1;
        changes.push(Task { open: false, ended: "gone".to_string(), ..task });
    }
    changes.iter().try_for_each(|it| task::store(tx, it))?;
    let touched: Vec<Id> = touched.into_iter().collect();
    for ids in touched.chunks(AT_ONCE) {
        let lot = Lot { kind: PERSON, region, ids };
        tally::set_lot(tx, app, &lot, &marks::facts(tx, app, &lot)?)?;
    }
    begin(tx, region, today)?;
    if last.is_none() {
        // Everything is new where nothing was ever looked for.
        outcome.made += std::mem::take(&mut outcome.missing);
    }
    Ok(outcome)
}

const AT_ONCE: usize = 1_000;

fn to_home(to: &Stream<'_, '_>, region: &str, elder: Id, household: Id, today: Date) -> Result<()> {
    use kit::db::Put;
    to.put(home::KEEP, &[&region, &elder, &household, &today.to_string()])
}

/// By subject and thing.
type Kept = BTreeMap<(String, String), Vec<Task>>;

/// The tasks of a county that are open or of a period that is looked at; and which of those that stay after a merging were
/// done by the other record.
fn kept_of_county(tx: &Tx<'_>, looked: &Looked<'_>) -> Result<(Kept, HashSet<Place>)> {
    let by_open =
        format!("select {COLUMNS} from round_task t where t.region = $1 and t.open = true order by t.by_day, t.id");
    let by_period =
        format!("select {COLUMNS} from round_task t where t.region = $1 and t.beyond > $2 order by t.beyond, t.id");
    let mut all: HashMap<Id, Task> = HashMap::new();
    tx.each(&by_open, &[&looked.region], |row| {
        let it = task::read(row)?;
        all.insert(it.key.id, it);
        Ok(())
    })?;
    tx.each(&by_period, &[&looked.region, &looked.last.to_string()], |row| {
        let it = task::read(row)?;
        all.insert(it.key.id, it);
        Ok(())
    })?;
    let merged = elders::merged(tx, looked.region)?;
    let done = all.values().filter(|it| it.done.is_some()).filter_map(|it| {
        let elder = it.visited()?.id;
        let stays = merged.stays(elder);
        (stays != elder).then(|| (stays.to_string(), it.programme.clone(), it.period_day))
    });
    let done = done.collect();
    let mut kept = Kept::new();
    for it in all.into_values() {
        kept.entry((it.subject.clone(), it.thing.clone())).or_default().push(it);
    }
    Ok((kept, done))
}

/// Makes the tasks of one elder, and of their household, agree with what is owed.
pub fn elder(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    some(tx, app, key, BTreeSet::new())
}

/// As [`elder`], where the household may be another.
pub fn elder_and_home(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<()> {
    let it = match elders::find(tx, &ask.who.scope, key) {
        Ok(it) => it,
        Err(Error::NotFound) => return Ok(()),
        Err(other) => return Err(other),
    };
    let households = home::renew(tx, ask, &it)?;
    some(tx, &ask.app, key, households)
}

fn some(tx: &Tx<'_>, app: &App, key: &Key, mut households: BTreeSet<Id>) -> Result<()> {
    // Before the first night nothing is owed, as nobody has looked.
    let Some(last) = last_run(tx, &key.region)? else { return Ok(()) };
    households.extend(home::of(tx, key)?);
    let households: Vec<Id> = households.into_iter().collect();
    let looked = Looked::since(app, &key.region, last);
    let mut done_elsewhere = HashSet::new();
    for record in elders::records(tx, key)?.into_iter().filter(|it| *it != key.id) {
        let others = task::of(tx, &key.region, "elder", &record.to_string())?;
        let done = others.into_iter().filter(|it| it.done.is_some());
        done_elsewhere.extend(done.map(|it| (key.id.to_string(), it.programme, it.period_day)));
    }
    let mut outcome = Outcome::default();
    let owners = facts::of_elder(tx, app, key, &households)?;
    for owner in &owners {
        let of = task::of(tx, &key.region, words::subject(owner.subject), &owner.thing)?;
        let (new, changed) = settle(&looked, owner, &of, &done_elsewhere, &mut outcome);
        new.iter().try_for_each(|it| task::insert(tx, it, "news", &looked.created))?;
        changed.iter().try_for_each(|it| task::store(tx, it))?;
    }
    // A household that nobody is of any more.
    for id in households
        .iter()
        .filter(|it| !owners.iter().any(|one| one.subject == Subject::Household && one.thing == it.to_string()))
    {
        for task in task::of(tx, &key.region, "household", &id.to_string())?.into_iter().filter(|it| it.open) {
            task::store(tx, &Task { open: false, ended: "gone".to_string(), ..task })?;
        }
    }
    marks::keep(tx, app, key)
}
