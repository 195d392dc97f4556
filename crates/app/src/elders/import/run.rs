//! A whole book into the registry: batch by batch, one transaction each, so that others write in between.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kit::sheet::{Book, Header, Row};
use kit::{Ask, Error, Id, Result, Tx, jobs};

use super::notice::Notice;
use super::place::Finder;
use super::said::Said;
use super::settle::{How, Seen, Settled, Verdict, settle};
use super::tally::Tally;
use crate::elders::ledger::{self, Line, Refusal, Report, Warning};

/// Rows one transaction takes.
const BATCH: usize = 500;

/// What an import needs besides the book.
#[derive(Clone, Debug)]
pub struct Options {
    /// The county, street or village of those whose row names none.
    pub place: String,
    /// Everything is checked and nothing written.
    pub dry_run: bool,
    /// Where people come from, as their record says it: `ledger 台账.xlsx`.
    pub source: String,
    pub reading: ledger::Options,
    /// The job whose progress is told.
    pub job: Option<Id>,
}

impl Options {
    /// The file's name without its ending.
    fn file(&self) -> &str {
        let name = self.source.strip_prefix("ledger ").unwrap_or(&self.source);
        name.rsplit_once('.').map_or(name, |it| it.0)
    }
}

/// What came of a book.
#[derive(Debug)]
pub struct Outcome {
    pub report: Report,
    pub notices: Vec<Notice>,
    /// The header of every sheet that was read.
    pub headers: Vec<(String, Header)>,
}

/// A row that waits for its batch; its cells stay in the book.
struct Pending<'b> {
    row: &'b Row,
    header: Arc<Header>,
    warnings: Vec<Warning>,
    sheet: Arc<str>,
    what: What,
}

enum What {
    Refused(Refusal),
    /// The place of its person in the batch.
    Person(usize),
}

/// A person of a batch.
struct Person {
    said: Said,
    again: bool,
}

/// Brings a book in. `watch` hears (rows done, rows of all sheets) after each batch.
///
/// # Errors
/// `Invalid` for a place that is no county, street or village of the reader's scope. Rows are refused one by one, in the
/// report.
pub async fn run(
    ask: &Ask,
    book: &Book,
    options: &Options,
    mut watch: impl FnMut(usize, usize) + Send,
) -> Result<Outcome> {
    check_place(ask, &options.place)?;
    let tree = ask.app.places.tree();
    let mut finder = Finder::new(Arc::clone(&tree), &options.place);
    let mut reading = ledger::read(book, &options.reading);
    let total = reading.rows();
    let mut outcome = Outcome {
        report: Report::default(),
        notices: reading.notices().iter().map(Notice::of).collect(),
        headers: reading.headers().map(|(sheet, header)| (sheet.to_string(), header.clone())).collect(),
    };
    let heard = heard(book, &mut finder, options);
    let (mut tally, mut seen, mut done) = (Tally::default(), Seen::default(), 0);
    loop {
        let lines: Vec<Line<'_>> = reading.by_ref().take(BATCH).collect();
        if lines.is_empty() {
            break;
        }
        done += lines.len();
        let (pending, people) = split(lines, &mut finder, &heard, &mut tally);
        let settled;
        (settled, seen) = settle_all(ask, people, options, seen).await?;
        for one in pending {
            count(&mut outcome.report, &mut tally, one, &settled);
        }
        watch(done.min(total), total);
        if let Some(job) = options.job {
            jobs::progress(&ask.app, job, done as i64, total as i64).await?;
        }
    }
    outcome.notices.extend(tally.notices(tree.name(&options.place)));
    Ok(outcome)
}

/// Rows that are looked at to learn which town a sheet is of.
const LOOKED_AT: usize = 2000;

/// The town or village that each sheet as a whole speaks of: by its titles and names, or by all of its villages.
fn heard(book: &Book, finder: &mut Finder, options: &Options) -> HashMap<String, String> {
    let reading = ledger::read(book, &options.reading);
    let file = options.file().to_string();
    let mut all = HashMap::new();
    for (sheet, titles) in reading.titles() {
        // The nearer speaks first: the sheet's own titles and name, then the file's.
        let own: Vec<String> = titles.iter().cloned().chain([sheet.to_string()]).collect();
        let with_file: Vec<String> = own.iter().cloned().chain([file.clone()]).collect();
        if let Some(place) = finder.heard(&with_file).or_else(|| finder.heard(&own)) {
            all.insert(sheet.to_string(), place);
        }
    }
    let mut villages: HashMap<Arc<str>, BTreeSet<String>> = HashMap::new();
    for line in reading.take(LOOKED_AT) {
        let ledger::Outcome::Accepted(entry) = line.outcome else { continue };
        let (None, Some(village)) = (entry.place.town, entry.place.village) else { continue };
        villages.entry(entry.source.sheet).or_default().insert(village);
    }
    for (sheet, villages) in villages {
        if let (false, Some(town)) = (all.contains_key(&*sheet), finder.common_town(&villages)) {
            all.insert(sheet.to_string(), town);
        }
    }
    all
}

fn check_place(ask: &Ask, place: &str) -> Result<()> {
    let tree = ask.app.places.tree();
    if tree.county_of(place).is_none() {
        return Err(Error::invalid("place", kit::Said::new("“{value}”不是县区、街镇或村(社区)").with("value", place)));
    }
    if ask.who.scope.covers(&tree, place) {
        return Ok(());
    }
    Err(Error::invalid("place", kit::Said::new("“{value}”不在您的管理范围内").with("value", tree.name(place))))
}

/// The people of a batch, to be sent to the database, and what stays here of their rows.
fn split<'b>(
    lines: Vec<Line<'b>>,
    finder: &mut Finder,
    heard: &HashMap<String, String>,
    tally: &mut Tally,
) -> (Vec<Pending<'b>>, Vec<Person>) {
    let (mut pending, mut people) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
    for Line { row, header, outcome, warnings } in lines {
        let (entry, again) = match outcome {
            ledger::Outcome::Refused(refusal) => {
                let sheet = refusal.sheet.clone();
                pending.push(Pending { row, header, warnings, sheet, what: What::Refused(refusal) });
                continue;
            }
            ledger::Outcome::Accepted(entry) => (entry, false),
            ledger::Outcome::Again { entry, .. } => (entry, true),
        };
        let sheet = entry.source.sheet.clone();
        let fit = finder.find(&entry.place, heard.get(&*sheet).map(String::as_str));
        tally.place(&sheet, &fit);
        pending.push(Pending { row, header, warnings, sheet, what: What::Person(people.len()) });
        people.push(Person { said: Said::of(*entry, fit), again });
    }
    (pending, people)
}

async fn settle_all(ask: &Ask, people: Vec<Person>, options: &Options, mut seen: Seen) -> Result<(Vec<Settled>, Seen)> {
    let (source, dry_run) = (options.source.clone(), options.dry_run);
    let work = move |tx: &Tx<'_>, ask: &Ask| {
        let mut all = Vec::with_capacity(people.len());
        for person in &people {
            let how = How { source: &source, dry_run, again: person.again };
            all.push(settle(tx, ask, &person.said, how, &mut seen)?);
        }
        Ok((all, seen))
    };
    // A dry run is a reader: it writes nothing because it cannot.
    if dry_run { ask.read(work).await } else { ask.write(work).await }
}

fn count(report: &mut Report, tally: &mut Tally, pending: Pending<'_>, settled: &[Settled]) {
    let Pending { row, header, warnings, sheet, what } = pending;
    let settled = match what {
        What::Refused(refusal) => return report.refuse(row, &header, refusal),
        What::Person(at) => &settled[at],
    };
    let column = |key: &str| {
        let of_place = ["village", "town", "county", "address"];
        let mapped = header.one(key).or_else(|| match key {
            "village" => of_place.iter().find_map(|it| header.one(it)),
            "death" => ["dead", "alive", "status"].iter().find_map(|it| header.one(it)),
            "moved_out" => header.one("status"),
            _ => None,
        });
        mapped.or_else(|| header.one("name")).map_or(0, |it| it.column)
    };
    match settled.verdict {
        Verdict::Refused(reason, key) => {
            let at = column(key);
            let refusal = Refusal {
                sheet,
                row: row.number,
                column: header.text(at).to_owned(),
                value: row.cell(at).display(),
                reason,
            };
            return report.refuse(row, &header, refusal);
        }
        Verdict::Accepted => report.accepted += 1,
        Verdict::Again => report.same_person_again += 1,
        Verdict::Unchanged => report.unchanged += 1,
    }
    report.warnings.extend(warnings);
    for (reason, key) in &settled.warnings {
        let column = header.text(column(key)).to_owned();
        report.warnings.push(Warning { sheet: sheet.clone(), row: row.number, column, reason: *reason });
    }
    if settled.died_some_day {
        tally.died_some_day(&sheet, row.number);
    }
    if settled.moved_some_day {
        tally.moved_some_day(&sheet, row.number);
    }
}
