//! Saying what holds of a thing, and moving the numbers with it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use rules::base::Date;

use super::{
    Counted, Facts, Lot, Span, Thing,
    stretch::{Stretch, both, changes, tidy},
};
use crate::{
    App, Error, Id, Result, Tx,
    db::{Put, Stream},
};

/// Numbers are kept from this day on; what changed before it counts as of this day.
const FIRST: (i16, i8, i8) = (2010, 1, 1);

/// By how much a number changes on a day. A transaction gathers them and writes them at its end: a thing said twice costs once.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    region: String,
    counted: String,
    unit: String,
    day: Date,
    by: i64,
}

/// To what a thing belongs: a family of units, in each of which it has one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// A place; its county counts along.
    Place,
    Team,
    Organisation,
}

impl Family {
    fn word(self) -> &'static str {
        match self {
            Family::Place => "place",
            Family::Team => "team",
            Family::Organisation => "organisation",
        }
    }

    fn of_word(word: &str) -> Result<Family> {
        let all = [Family::Place, Family::Team, Family::Organisation];
        let found = all.into_iter().find(|it| it.word() == word);
        found.ok_or_else(|| Error::internal(format!("tally_unit.family = {word}")))
    }

    /// What a unit with this id is called in the tally.
    pub fn unit(self, id: impl std::fmt::Display) -> String {
        match self {
            Family::Place => id.to_string(),
            _ => format!("{}:{id}", self.word()),
        }
    }
}

/// Says all stretches in which `mark` holds of a thing, in place of what was said before.
pub fn set(tx: &Tx<'_>, app: &App, thing: &Thing<'_>, mark: &str, spans: &[Span]) -> Result<()> {
    set_all(tx, app, thing, &[(mark, spans.to_vec())])
}

/// As [`set`], for several marks at once. A mark that no indicator looks at is not kept.
pub fn set_all(tx: &Tx<'_>, app: &App, thing: &Thing<'_>, said: &[(&str, Vec<Span>)]) -> Result<()> {
    let before = spans_of(tx, thing)?;
    let Some((after, changed)) = change(tx, tx, app, thing, &before, said)? else { return Ok(()) };
    move_numbers(tx, app, thing, &units_of(tx, thing)?, [&before, &after], &changed);
    tx.know(&thing.in_words(), thing.id, Rc::new(after));
    Ok(())
}

/// As [`set_all`], for things of a lot.
pub fn set_lot(tx: &Tx<'_>, app: &App, lot: &Lot<'_>, said: &Facts) -> Result<()> {
    let (Some(first), Some(last)) = (lot.ids.first(), lot.ids.last()) else { return Ok(()) };
    let kept = kept_between(tx, lot.kind, lot.region, Id(first.0 - 1), *last)?;
    let to = Stream::new(tx);
    for (id, said) in said {
        let thing = Thing::new(lot.kind, lot.region, *id);
        let Some(Kept { spans, units }) = kept.get(id) else {
            set_all(tx, app, &thing, said)?;
            continue;
        };
        if let Some((after, changed)) = change(tx, &to, app, &thing, spans, said)? {
            move_numbers(tx, app, &thing, units, [spans, &after], &changed);
            tx.forget::<Rc<Spans>>(*id);
        }
    }
    to.end()
}

/// Writes what is said of a thing where it is not what was kept; gives what holds then, and the marks that changed.
fn change<'a>(
    tx: &Tx<'_>,
    to: &impl Put,
    app: &App,
    thing: &Thing<'_>,
    before: &Spans,
    said: &[(&'a str, Vec<Span>)],
) -> Result<Option<(Spans, Vec<&'a str>)>> {
    let (mut after, mut changed) = (None, Vec::new());
    for (mark, spans) in said.iter().filter(|it| app.counts_mark(it.0)) {
        let (spans, written) = (disjoint(spans), before.get(*mark).map_or(&[][..], |it| it));
        if written != spans {
            write_spans(tx, to, thing, mark, written, &spans)?;
            after.get_or_insert_with(|| before.clone()).insert((*mark).to_string(), spans);
            changed.push(*mark);
        }
    }
    Ok(after.map(|it| (it, changed)))
}

fn move_numbers(tx: &Tx<'_>, app: &App, thing: &Thing<'_>, units: &[Unit], spans: [&Spans; 2], changed: &[&str]) {
    for it in app.counted().iter().filter(|it| concerns(it, thing, changed)) {
        let mut by_unit = Moves::default();
        by_unit.add(&holding(it, spans[0]), units, -1);
        by_unit.add(&holding(it, spans[1]), units, 1);
        by_unit.keep(tx, thing, it);
    }
}

/// Says to which units of a family a thing belongs and when, in place of what was said before.
pub fn set_units(tx: &Tx<'_>, app: &App, thing: &Thing<'_>, family: Family, units: &[Stay]) -> Result<()> {
    let before = units_of(tx, thing)?;
    let stays = stays(family, units);
    if before.iter().filter(|it| it.family == family.word()).eq(stays.iter()) {
        return Ok(());
    }
    if before.iter().any(|it| it.family == family.word()) {
        tx.run(
            "delete from tally_unit where region = $1 and kind = $2 and thing = $3 and family = $4",
            &[&thing.region, &thing.kind, &thing.id, &family.word()],
        )?;
    }
    stays.iter().try_for_each(|it| put_unit(tx, thing, it))?;
    tx.forget::<Rc<[Unit]>>(thing.id);
    let spans = spans_of(tx, thing)?;
    let after: Vec<Unit> = before.iter().filter(|it| it.family != family.word()).chain(stays.iter()).cloned().collect();
    for it in app.counted().iter().filter(|it| it.count.kind == thing.kind) {
        let held = holding(it, &spans);
        let mut by_unit = Moves::default();
        by_unit.add(&held, &before, -1);
        by_unit.add(&held, &after, 1);
        by_unit.keep(tx, thing, it);
    }
    Ok(())
}

/// The stays in units of a family that last at least a day.
pub(super) fn stays(family: Family, units: &[Stay]) -> Vec<Unit> {
    let lasting = units.iter().filter(|it| it.2.is_none_or(|end| it.1 < end));
    let unit = |(unit, from, until): &Stay| Unit {
        family: family.word(),
        unit: unit.clone(),
        stay: Stretch { from: *from, until: *until, amount: 1 },
    };
    lasting.map(unit).collect()
}

/// Spans in order, none over another: where two overlap the earlier ends as the later begins, and one that lies wholly
/// inside an earlier one is left out. Two that touch and say the same are one.
pub(super) fn disjoint(spans: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = spans.iter().filter(|it| it.until.is_none_or(|end| it.from < end)).cloned().collect();
    let end = |it: &Span| it.until.map_or((true, it.from), |end| (false, end));
    all.sort_by(|a, b| a.from.cmp(&b.from).then(end(b).cmp(&end(a))));
    let mut kept: Vec<Span> = Vec::with_capacity(all.len());
    for it in all {
        match kept.last_mut() {
            Some(last) if last.until.is_none_or(|end| it.until.is_some_and(|inner| inner <= end)) => {}
            Some(last) if last.until.is_some_and(|end| it.from <= end) => {
                if (&last.note, last.amount) == (&it.note, it.amount) {
                    last.until = it.until;
                } else {
                    last.until = Some(it.from);
                    kept.push(it);
                }
            }
            _ => kept.push(it),
        }
    }
    kept
}

fn concerns(it: &Counted, thing: &Thing<'_>, marks: &[&str]) -> bool {
    it.count.kind == thing.kind && it.count.marks.iter().any(|mark| marks.contains(mark))
}

pub(super) type Spans = BTreeMap<String, Vec<Span>>;

/// (unit, from, until).
pub type Stay = (String, Date, Option<Date>);

/// A stay in a unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub family: &'static str,
    pub unit: String,
    pub stay: Stretch,
}

/// The stretches in which all marks of a count hold.
pub(super) fn holding(it: &Counted, spans: &Spans) -> Vec<Stretch> {
    let mut held: Option<Vec<Stretch>> = None;
    for mark in it.count.marks {
        let Some(all) = spans.get(*mark) else { return Vec::new() };
        let all = tidy(&all.iter().map(Stretch::from).collect::<Vec<_>>());
        held = Some(match held {
            Some(before) => both(&before, &all),
            None => all,
        });
    }
    held.unwrap_or_default()
}

/// By how much numbers change, by unit and day.
#[derive(Debug, Default)]
pub(super) struct Moves(BTreeMap<Cow<'static, str>, BTreeMap<Date, i64>>);

impl Moves {
    pub fn add(&mut self, held: &[Stretch], units: &[Unit], sign: i64) {
        for unit in units {
            let here = both(held, std::slice::from_ref(&unit.stay));
            if here.is_empty() {
                continue;
            }
            for kept in kept_units(unit) {
                changes(&here, sign, self.0.entry(kept).or_default());
            }
        }
    }

    /// Each (unit, day, change) that is not nothing.
    pub fn each(&self) -> impl Iterator<Item = (&Cow<'static, str>, Date, i64)> {
        let all = self.0.iter().flat_map(|(unit, by_day)| by_day.iter().map(move |(day, by)| (unit, *day, *by)));
        all.filter(|it| it.2 != 0)
    }

    fn keep(&self, tx: &Tx<'_>, thing: &Thing<'_>, it: &Counted) {
        let changes = self.each().map(|(unit, day, by)| Change {
            region: thing.region.to_string(),
            counted: it.key.clone(),
            unit: unit.to_string(),
            day,
            by,
        });
        tx.late().changes.extend(changes);
    }
}

/// The units under which numbers are kept: a place counts for its county, `county`, and for its street. A team has hundreds
/// of persons and is counted from the stretches, as villages are: its numbers would be as many as the facts.
fn kept_units(unit: &Unit) -> impl Iterator<Item = Cow<'static, str>> {
    let is_place = unit.family == Family::Place.word();
    let own = if is_place {
        unit.unit.get(..STREET).map(str::to_string)
    } else {
        (unit.family == Family::Organisation.word()).then(|| unit.unit.clone())
    };
    is_place.then_some(Cow::Borrowed(COUNTY)).into_iter().chain(own.map(Cow::Owned))
}

/// How long the code of a street is.
pub(super) const STREET: usize = 9;

/// The unit of a whole county.
pub(super) const COUNTY: &str = "county";

/// The buckets of a day: its year's, its month's, its own.
pub(super) fn buckets(day: Date) -> [String; 3] {
    let first = Date::new(FIRST.0, FIRST.1, FIRST.2).expect("a day of the calendar");
    let day = day.max(first).to_string();
    [format!("y{}", &day[..4]), format!("m{}", &day[..7]), format!("d{day}")]
}

/// Writes what a transaction changed, at its end: in the order of the numbers' keys.
pub(crate) fn settle(tx: &Tx<'_>, changes: &[Change]) -> Result<()> {
    let mut by_day: HashMap<(&str, &str, &str, Date), i64> = HashMap::new();
    for it in changes {
        *by_day.entry((&it.region, &it.counted, &it.unit, it.day)).or_default() += it.by;
    }
    let mut by_day: Vec<_> = by_day.into_iter().filter(|it| it.1 != 0).collect();
    by_day.sort_unstable();
    let to = Stream::new(tx);
    for of_unit in by_day.chunk_by(|((a, x, m, _), _), ((b, y, n, _), _)| (a, x, m) == (b, y, n)) {
        let (region, counted, unit, _) = of_unit[0].0;
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for ((.., day), by) in of_unit {
            for bucket in buckets(*day) {
                *sums.entry(bucket).or_default() += by;
            }
        }
        for (bucket, n) in sums.iter().filter(|it| *it.1 != 0) {
            add(&to, region, counted, unit, bucket, *n)?;
        }
    }
    to.end()
}

/// Adds to one number.
pub(super) fn add(to: &impl Put, region: &str, counted: &str, unit: &str, bucket: &str, by: i64) -> Result<()> {
    to.put(
        "insert into tally (region, counted, unit, bucket, n) values ($1, $2, $3, $4, $5)
         on conflict (region, counted, unit, bucket) do update set n = tally.n + excluded.n",
        &[&region, &counted, &unit, &bucket, &by],
    )
}

fn spans_of(tx: &Tx<'_>, thing: &Thing<'_>) -> Result<Rc<Spans>> {
    tx.once(&thing.in_words(), thing.id, || read_spans(tx, thing).map(Rc::new))
}

fn read_spans(tx: &Tx<'_>, thing: &Thing<'_>) -> Result<Spans> {
    let mut all = Spans::new();
    tx.each(
        "select mark, from_day, until_day, amount, note from tally_span
          where region = $1 and kind = $2 and thing = $3 order by mark, from_day",
        &[&thing.region, &thing.kind, &thing.id],
        |row| {
            let span = Span { from: row.get(1)?, until: row.get(2)?, amount: row.get(3)?, note: row.get(4)? };
            all.entry(row.get(0)?).or_default().push(span);
            Ok(())
        },
    )?;
    Ok(all)
}

/// What is kept of a thing.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub spans: Spans,
    pub units: Vec<Unit>,
}

impl Kept {
    pub fn spans_of(&self, mark: &str) -> &[Span] {
        self.spans.get(mark).map_or(&[], |it| it)
    }
}

/// What is kept of the things of a kind after one and up to another that belong somewhere.
pub(super) fn kept_between(tx: &Tx<'_>, kind: &str, region: &str, after: Id, last: Id) -> Result<BTreeMap<Id, Kept>> {
    let mut all: BTreeMap<Id, Kept> = BTreeMap::new();
    tx.each(
        "select thing, family, unit, from_day, until_day from tally_unit
          where region = $1 and kind = $2 and thing > $3 and thing <= $4 order by thing, family, from_day",
        &[&region, &kind, &after, &last],
        |row| {
            let stay = Stretch { from: row.get(3)?, until: row.get(4)?, amount: 1 };
            let family = Family::of_word(&row.get::<String>(1)?)?.word();
            all.entry(row.get::<Id>(0)?).or_default().units.push(Unit { family, unit: row.get(2)?, stay });
            Ok(())
        },
    )?;
    tx.each(
        "select thing, mark, from_day, until_day, amount, note from tally_span
          where region = $1 and kind = $2 and thing > $3 and thing <= $4 order by thing, mark, from_day",
        &[&region, &kind, &after, &last],
        |row| {
            let Some(kept) = all.get_mut(&row.get::<Id>(0)?) else { return Ok(()) };
            let span = Span { from: row.get(2)?, until: row.get(3)?, amount: row.get(4)?, note: row.get(5)? };
            kept.spans.entry(row.get(1)?).or_default().push(span);
            Ok(())
        },
    )?;
    Ok(all)
}

/// A thing's stays in a family of units, in order.
pub fn units(tx: &Tx<'_>, thing: &Thing<'_>, family: Family) -> Result<Vec<Stay>> {
    let all = units_of(tx, thing)?;
    let all = all.iter().filter(|it| it.family == family.word());
    Ok(all.map(|it| (it.unit.clone(), it.stay.from, it.stay.until)).collect())
}

pub(super) fn units_of(tx: &Tx<'_>, thing: &Thing<'_>) -> Result<Rc<[Unit]>> {
    tx.once(&thing.in_words(), thing.id, || read_units(tx, thing).map(Rc::from))
}

fn read_units(tx: &Tx<'_>, thing: &Thing<'_>) -> Result<Vec<Unit>> {
    tx.rows(
        "select family, unit, from_day, until_day from tally_unit
          where region = $1 and kind = $2 and thing = $3 order by family, from_day",
        &[&thing.region, &thing.kind, &thing.id],
        |row| {
            Ok(Unit {
                family: Family::of_word(&row.get::<String>(0)?)?.word(),
                unit: row.get(1)?,
                stay: Stretch { from: row.get(2)?, until: row.get(3)?, amount: 1 },
            })
        },
    )
}

/// Writes what is new from the first stretch on that is no longer as it was.
fn write_spans(
    tx: &Tx<'_>,
    to: &impl Put,
    thing: &Thing<'_>,
    mark: &str,
    written: &[Span],
    spans: &[Span],
) -> Result<()> {
    let same = written.iter().zip(spans).take_while(|(before, now)| before == now).count();
    if let Some(first) = written.get(same) {
        tx.run(
            "delete from tally_span where region = $1 and kind = $2 and thing = $3 and mark = $4 and from_day >= $5",
            &[&thing.region, &thing.kind, &thing.id, &mark, &first.from.to_string()],
        )?;
    }
    put_spans(to, thing, mark, &spans[same..])
}

/// Every stay in a unit of a family of the things of a kind in a county, by thing, in the order of days.
pub fn units_of_county(tx: &Tx<'_>, kind: &str, region: &str, family: Family) -> Result<HashMap<Id, Vec<Stay>>> {
    let mut all: HashMap<Id, Vec<Stay>> = HashMap::new();
    tx.each(
        "select thing, unit, from_day, until_day from tally_unit
          where region = $1 and kind = $2 and family = $3 order by thing, from_day",
        &[&region, &kind, &family.word()],
        |row| {
            all.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?, row.get(3)?));
            Ok(())
        },
    )?;
    Ok(all)
}

pub(super) fn put_spans(to: &impl Put, thing: &Thing<'_>, mark: &str, spans: &[Span]) -> Result<()> {
    for it in spans {
        to.put(
            "insert into tally_span (region, kind, thing, mark, from_day, until_day, amount, note)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                &thing.region,
                &thing.kind,
                &thing.id,
                &mark,
                &it.from.to_string(),
                &it.until.map(|it| it.to_string()),
                &it.amount,
                &it.note,
            ],
        )?;
    }
    Ok(())
}

pub(super) fn put_unit(to: &impl Put, thing: &Thing<'_>, it: &Unit) -> Result<()> {
    to.put(
        "insert into tally_unit (region, kind, thing, family, unit, from_day, until_day) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, kind, thing, family, from_day) do update set unit = excluded.unit, until_day = excluded.until_day",
        &[
            &thing.region,
            &thing.kind,
            &thing.id,
            &it.family,
            &it.unit,
            &it.stay.from.to_string(),
            &it.stay.until.map(|it| it.to_string()),
        ],
    )
}
