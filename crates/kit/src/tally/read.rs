//! How many there are on a day: from the numbers kept for counties, streets and institutions, and by counting the things
//! themselves below a street and in teams, where they are few.

use std::collections::{BTreeMap, BTreeSet};

use rules::base::Date;

use super::{
    Count, Indicator, Span,
    keep::{COUNTY, STREET, buckets},
    stretch::{Stretch, both, changes, tidy},
};
use crate::{
    Error, Result, Scope, Tx,
    db::{Bind, Row},
};

/// Where things are counted.
#[derive(Debug, Clone, PartialEq)]
pub enum Where {
    /// Whole counties.
    Counties(Vec<String>),
    /// A street, village or grid of a county.
    Place { county: String, place: String },
    /// A team or an institution of a county, by its unit in the tally.
    Unit { county: String, unit: String },
}

impl Where {
    /// What a reader's scope covers.
    pub fn of(scope: &Scope) -> Where {
        match (&scope.organisation, &*scope.counties) {
            (Some(id), [county]) => Where::Unit { county: county.clone(), unit: super::Family::Organisation.unit(id) },
            (None, [county]) if !scope.under.is_empty() => {
                Where::Place { county: county.clone(), place: scope.under.clone() }
            }
            (Some(_), _) => Where::Counties(Vec::new()),
            (None, counties) => Where::Counties(counties.to_vec()),
        }
    }

    /// What a reader's scope covers of the people; none where it is of an institution or of some persons, whose number
    /// is not kept.
    pub fn of_people(scope: &Scope) -> Option<Where> {
        (scope.organisation.is_none() && scope.persons.is_none()).then(|| Where::of(scope))
    }

    /// The counties concerned.
    pub fn counties(&self) -> &[String] {
        match self {
            Where::Counties(all) => all,
            Where::Place { county, .. } | Where::Unit { county, .. } => std::slice::from_ref(county),
        }
    }

    /// The unit under which its numbers are kept; none of places below a street.
    fn kept_unit(&self) -> Option<&str> {
        match self {
            Where::Unit { unit, .. } => Some(unit),
            Where::Place { place, .. } if place.len() == STREET => Some(place),
            Where::Place { .. } => None,
            Where::Counties(_) => Some(COUNTY),
        }
    }
}

/// A number on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub day: Date,
    pub n: i64,
}

/// How many there are on `day`.
pub fn amount(tx: &Tx<'_>, count: &Count, at: &Where, day: Date) -> Result<i64> {
    if let Some(unit) = at.kept_unit() {
        return Ok(kept(tx, count, at.counties(), unit, day)?.values().sum());
    }
    let mut sum = 0;
    if let Where::Place { county, place } = at {
        let mut query = Query::default();
        let from = query.holding(count, county, day);
        let inside = query.inside(place);
        let sql = format!("select cast(coalesce(sum({}), 0) as bigint) from {from} and {inside}", amounts(count));
        sum = query.count(tx, &sql)?;
    }
    Ok(sum)
}

/// The numbers kept for a unit of each county on a day: whole years before the day's, the months of its year, its days.
fn kept(tx: &Tx<'_>, count: &Count, counties: &[String], unit: &str, day: Date) -> Result<BTreeMap<String, i64>> {
    let mut all: BTreeMap<String, i64> = counties.iter().map(|it| (it.clone(), 0)).collect();
    let mut query = Query::default();
    let (counted, unit) = (query.bind(count.key()), query.bind(unit.to_string()));
    let [(year, to_year), (month, to_month), (first, beyond)] =
        before(day).map(|(first, beyond)| (query.bind(first), query.bind(beyond)));
    let counties = query.counties(counties);
    let sql = format!(
        "select region, cast(sum(n) as bigint) from (
           select region, n from tally
            where region in ({counties}) and counted = {counted} and unit = {unit}
              and bucket >= {year} and bucket < {to_year}
           union all
           select region, n from tally
            where region in ({counties}) and counted = {counted} and unit = {unit}
              and bucket >= {month} and bucket < {to_month}
           union all
           select region, n from tally
            where region in ({counties}) and counted = {counted} and unit = {unit}
              and bucket >= {first} and bucket < {beyond}) it
          group by region order by region"
    );
    query.each(tx, &sql, |row| {
        all.insert(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok(all)
}

/// By county, how many there are on a day; nothing where that is finer than what is kept.
pub(super) fn kept_by_county(
    tx: &Tx<'_>,
    count: &Count,
    at: &Where,
    day: Date,
) -> Result<Option<BTreeMap<String, i64>>> {
    at.kept_unit().map(|unit| kept(tx, count, at.counties(), unit, day)).transpose()
}

/// The buckets of a number up to a day: of whole years, of months, of days, each from one to before another.
fn before(day: Date) -> [(String, String); 3] {
    let [year, month, day] = buckets(day);
    [
        ("y".to_string(), year.clone()),
        (format!("m{}-01", &year[1..]), month.clone()),
        // What follows the day itself in the order of bytes.
        (format!("d{}-01", &month[1..]), format!("{day}.")),
    ]
}

/// The numbers on `day` of the places directly below a place: of counties below a city, of streets below a county, of
/// villages below a street. `length` is how long the codes of the answer are.
pub fn by_place(tx: &Tx<'_>, count: &Count, at: &Where, length: usize, day: Date) -> Result<BTreeMap<String, i64>> {
    let mut all = BTreeMap::new();
    if length <= 6 {
        return kept(tx, count, at.counties(), COUNTY, day);
    }
    if length == STREET && matches!(at, Where::Counties(_)) {
        for county in at.counties() {
            all.extend(of_streets(tx, count, county, day)?);
        }
        return Ok(all);
    }
    for county in at.counties() {
        let mut query = Query::default();
        let from = query.holding(count, county, day);
        let inside = match at {
            Where::Place { place, .. } => query.inside(place),
            _ => "u.family = 'place'".to_string(),
        };
        let sql = format!(
            "select substr(u.unit, 1, {length}) as code, cast(sum({}) as bigint) from {from} and {inside} group by 1 order by 1",
            amounts(count)
        );
        query.each(tx, &sql, |row| {
            all.insert(row.get(0)?, row.get(1)?);
            Ok(())
        })?;
    }
    Ok(all)
}

/// Numbers by the code of a place.
pub type ByPlace = BTreeMap<String, i64>;

/// As [`by_place`], of numerator and denominator of an indicator. Where things are counted one by one and the numerator is a
/// part of the denominator, they are looked at once.
pub fn parts_by_place(
    tx: &Tx<'_>,
    it: &Indicator,
    at: &Where,
    length: usize,
    day: Date,
) -> Result<(ByPlace, Option<ByPlace>)> {
    let is_part = |whole: &Count| {
        whole.kind == it.numerator.kind && whole.marks.iter().all(|mark| it.numerator.marks.contains(mark))
    };
    let is_kept = length <= STREET && matches!(at, Where::Counties(_));
    let Some(whole) = it.denominator.filter(|whole| is_part(whole) && !is_kept) else {
        let whole = it.denominator.map(|whole| by_place(tx, &whole, at, length, day)).transpose()?;
        return Ok((by_place(tx, &it.numerator, at, length, day)?, whole));
    };
    let (mut numerators, mut denominators) = (BTreeMap::new(), BTreeMap::new());
    for county in at.counties() {
        let mut query = Query::default();
        let from = query.holding(&whole, county, day);
        let inside = match at {
            Where::Place { place, .. } => query.inside(place),
            _ => "u.family = 'place'".to_string(),
        };
        let all = amounts(&whole);
        let mut part = all.clone();
        for mark in it.numerator.marks.iter().filter(|it| !whole.marks.contains(it)) {
            part.push_str(&format!(" * coalesce((select max(x.amount) {}), 0)", query.marked(mark, day)));
        }
        let sql = format!(
            "select substr(u.unit, 1, {length}) as code, cast(sum({part}) as bigint), cast(sum({all}) as bigint)
               from {from} and {inside} group by 1 order by 1"
        );
        query.each(tx, &sql, |row| {
            numerators.insert(row.get(0)?, row.get(1)?);
            denominators.insert(row.get(0)?, row.get(2)?);
            Ok(())
        })?;
    }
    Ok((numerators, Some(denominators)))
}

/// The numbers on `day` of the streets of a county for which some are kept: from each a step to the next.
fn of_streets(tx: &Tx<'_>, count: &Count, county: &str, day: Date) -> Result<Vec<(String, i64)>> {
    let [years, months, days] = before(day);
    let sum = |nth: usize| {
        format!(
            "coalesce((select sum(t.n) from tally t
                        where t.region = $1 and t.counted = $2 and t.unit = s.unit
                          and t.bucket >= ${} and t.bucket < ${}), 0)",
            nth * 2 + 3,
            nth * 2 + 4
        )
    };
    // ':' follows '9'.
    let sql = format!(
        "with recursive street(unit) as (
           select min(unit) from tally where region = $1 and counted = $2 and unit > '0' and unit < ':'
           union all
           select (select min(t.unit) from tally t
                    where t.region = $1 and t.counted = $2 and t.unit > s.unit and t.unit < ':')
             from street s where s.unit is not null)
         select s.unit, cast({} + {} + {} as bigint) from street s where s.unit is not null order by s.unit",
        sum(0),
        sum(1),
        sum(2)
    );
    let values: [&dyn Bind; 8] = [&county, &count.key(), &years.0, &years.1, &months.0, &months.1, &days.0, &days.1];
    tx.rows(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The numbers on each of these days, which are in order.
pub fn series(tx: &Tx<'_>, count: &Count, at: &Where, days: &[Date]) -> Result<Vec<Point>> {
    let mut by_day: BTreeMap<Date, i64> = BTreeMap::new();
    match (at.kept_unit(), at) {
        (None, Where::Place { county, place }) => of_things(tx, count, county, place, &mut by_day)?,
        (unit, _) => of_days(tx, count, at.counties(), unit.unwrap_or(COUNTY), days, &mut by_day)?,
    }
    let mut changes = by_day.into_iter().peekable();
    let mut n = 0;
    let mut points = Vec::with_capacity(days.len());
    for day in days {
        while let Some((_, by)) = changes.next_if(|it| it.0 <= *day) {
            n += by;
        }
        points.push(Point { day: *day, n });
    }
    Ok(points)
}

/// Changes of the counties' number: those of a month on its last day, and day by day in months of which another day is asked.
fn of_days(
    tx: &Tx<'_>,
    count: &Count,
    counties: &[String],
    unit: &str,
    days: &[Date],
    by_day: &mut BTreeMap<Date, i64>,
) -> Result<()> {
    let within: BTreeSet<String> =
        days.iter().filter(|it| it.add_days(1).day() != 1).map(|it| it.to_string()[..7].to_string()).collect();
    let months = ("m".to_string(), "n".to_string());
    for (first, beyond) in within.iter().map(|it| (format!("d{it}-"), format!("d{it}."))).chain([months]) {
        let mut query = Query::default();
        let (counted, unit) = (query.bind(count.key()), query.bind(unit.to_string()));
        let (first, beyond, counties) = (query.bind(first), query.bind(beyond), query.counties(counties));
        let sql = format!(
            "select bucket, cast(sum(n) as bigint) from tally
              where region in ({counties}) and counted = {counted} and unit = {unit}
                and bucket >= {first} and bucket < {beyond}
              group by bucket order by bucket"
        );
        query.each(tx, &sql, |row| {
            let bucket: String = row.get(0)?;
            let day = match bucket.split_at_checked(1) {
                Some(("m", month)) if within.contains(month) => return Ok(()),
                Some(("m", month)) => format!("{month}-01").parse::<Date>().map(|it| it.add_months(1).add_days(-1)),
                Some((_, day)) => day.parse(),
                None => return Ok(()),
            };
            *by_day.entry(day.map_err(Error::internal)?).or_default() += row.get::<i64>(1)?;
            Ok(())
        })?;
    }
    Ok(())
}

fn of_things(tx: &Tx<'_>, count: &Count, county: &str, place: &str, by_day: &mut BTreeMap<Date, i64>) -> Result<()> {
    let mut query = Query::default();
    let (region, kind) = (query.bind(county.to_string()), query.bind(count.kind.to_string()));
    let marks: Vec<String> = count.marks.iter().map(|it| query.bind((*it).to_string())).collect();
    let inside = query.inside(place);
    let sql = format!(
        "select u.thing, u.from_day, u.until_day, s.mark, s.from_day, s.until_day, s.amount
           from tally_unit u
           join tally_span s on s.region = u.region and s.kind = u.kind and s.thing = u.thing and s.mark in ({})
          where u.region = {region} and u.kind = {kind} and {inside}
          order by u.thing, u.from_day, s.mark, s.from_day",
        marks.join(", ")
    );
    let mut current: Option<(i64, Date)> = None;
    let mut stay = None;
    let mut held: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
    let mut close = |stay: Option<Stretch>, held: &mut BTreeMap<String, Vec<Stretch>>| {
        let Some(stay) = stay else { return };
        let mut common = vec![stay];
        for mark in count.marks {
            common = both(&common, &tidy(held.get(*mark).map_or(&[][..], |it| it)));
        }
        changes(&common, 1, by_day);
        held.clear();
    };
    query.each(tx, &sql, |row| {
        let here: (i64, Date) = (row.get(0)?, row.get(1)?);
        if current != Some(here) {
            close(stay, &mut held);
            current = Some(here);
            stay = Some(Stretch { from: here.1, until: row.get(2)?, amount: 1 });
        }
        let span = Span::new(row.get(4)?).until(row.get::<Option<Date>>(5)?).amount(row.get(6)?);
        held.entry(row.get(3)?).or_default().push(Stretch::from(&span));
        Ok(())
    })?;
    close(stay, &mut held);
    Ok(())
}

/// The product of the marks' amounts.
fn amounts(count: &Count) -> String {
    let all: Vec<String> = (0..count.marks.len()).map(|nth| format!("s{nth}.amount")).collect();
    all.join(" * ")
}

/// A query put together, with its values.
#[derive(Default)]
pub(super) struct Query {
    values: Vec<Box<dyn Bind + Send>>,
}

impl Query {
    pub fn bind(&mut self, value: impl Bind + Send + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    /// `from … where …` of things of a county in their place of which all marks hold on a day: units are `u`, spans `s0`,
    /// `s1`, …. Persons are in a place; other things count where they stand.
    pub fn holding(&mut self, count: &Count, county: &str, day: Date) -> String {
        self.holding_in_order(count, county, day, ", ")
    }

    /// As [`Query::holding`], where few are in the unit and SQLite is to look from there, not from the marks of the county.
    pub fn holding_from_unit(&mut self, count: &Count, county: &str, day: Date) -> String {
        self.holding_in_order(count, county, day, " cross join ")
    }

    fn holding_in_order(&mut self, count: &Count, county: &str, day: Date, join: &str) -> String {
        let (region, kind) = (self.bind(county.to_string()), self.bind(count.kind.to_string()));
        let day = self.bind(day.to_string());
        let on = |it: &str| format!("{it}.from_day <= {day} and ({it}.until_day is null or {it}.until_day > {day})");
        let (mut from, mut condition) =
            ("tally_unit u".to_string(), format!("u.region = {region} and u.kind = {kind} and {}", on("u")));
        for (nth, mark) in count.marks.iter().enumerate() {
            let mark = self.bind((*mark).to_string());
            from.push_str(&format!("{join}tally_span s{nth}"));
            condition.push_str(&format!(
                " and s{nth}.region = u.region and s{nth}.kind = u.kind and s{nth}.thing = u.thing
                    and s{nth}.mark = {mark} and {}",
                on(&format!("s{nth}"))
            ));
        }
        format!("{from} where {condition}")
    }

    /// `from … where …` of the spans `x` of the unit's thing with a mark that hold on a day.
    pub fn marked(&mut self, mark: &str, day: Date) -> String {
        let (mark, on) = (self.bind(mark.to_string()), self.bind(day.to_string()));
        format!(
            "from tally_span x where x.region = u.region and x.kind = u.kind and x.thing = u.thing
                and x.mark = {mark} and x.from_day <= {on} and (x.until_day is null or x.until_day > {on})"
        )
    }

    /// Binds counties, for `region in (…)`.
    fn counties(&mut self, all: &[String]) -> String {
        let places: Vec<String> = all.iter().map(|it| self.bind(it.clone())).collect();
        // Nothing is kept of a scope without any county.
        if places.is_empty() { "null".to_string() } else { places.join(", ") }
    }

    /// The condition that a unit lies in a place.
    pub fn inside(&mut self, place: &str) -> String {
        // ':' follows '9': the range holds every code that starts with the place's.
        let (from, to) = (self.bind(place.to_string()), self.bind(format!("{place}:")));
        format!("u.unit >= {from} and u.unit < {to}")
    }

    pub fn count(&self, tx: &Tx<'_>, sql: &str) -> Result<i64> {
        tx.count(sql, &self.bound())
    }

    pub fn each(&self, tx: &Tx<'_>, sql: &str, with: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        tx.each(sql, &self.bound(), with)
    }

    fn bound(&self) -> Vec<&dyn Bind> {
        self.values.iter().map(|it| it as &dyn Bind).collect()
    }
}
