//! A whole book as a stream of lines: one for each person's row, in the order of the file.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use kit::sheet::{Ambiguous, Book, Cell, Header, HeaderError, Override, Row, RowClass, Sheet, classify, find_header};

use super::plan::Plan;
use super::row::{Fault, ReadRow, read_row};
use super::{Entry, LEDGER, Refusal, Source, Warning};

/// What the reading needs besides the book.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day on which the ledger is read; nobody is born after it.
    pub on: Date,
    /// For a sheet, by name, the header row and columns that the person who uploads has chosen.
    pub chosen: HashMap<String, Override>,
}

impl Options {
    /// The header of every sheet is found by its words.
    pub fn on(day: Date) -> Self {
        Options { on: day, chosen: HashMap::new() }
    }
}

/// What is to be said about a sheet as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Notice {
    /// Hidden in the file, not read.
    Hidden { sheet: String },
    /// Not read, because it has no header that names at least the name column.
    Skipped { sheet: String, why: HeaderError },
    /// Has no column of ID numbers, so every person is taken as having none yet.
    WithoutId { sheet: String },
    /// Headers that mean nothing to the import; their columns are left out.
    UnknownHeaders { sheet: String, headers: Vec<String> },
    /// Two columns for one field.
    Ambiguous { sheet: String, ambiguous: Ambiguous },
}

/// A person's row and what came of it.
#[derive(Debug)]
pub struct Line<'b> {
    pub row: &'b Row,
    pub header: Arc<Header>,
    pub outcome: Outcome,
    pub warnings: Vec<Warning>,
}

/// What came of a row.
#[derive(Debug)]
pub enum Outcome {
    Accepted(Box<Entry>),
    /// The same ID number stood further up, at `first`: one person, to be joined by [`Entry::absorb`].
    Again {
        entry: Box<Entry>,
        first: Source,
    },
    Refused(Refusal),
}

/// Begins to read a book. The headers are found at once, the rows as the lines are asked for.
pub fn read<'b>(book: &'b Book, options: &Options) -> Reading<'b> {
    let mut notices: Vec<Notice> = book.hidden.iter().map(|sheet| Notice::Hidden { sheet: sheet.clone() }).collect();
    let mut sheets = Vec::new();
    for sheet in &book.sheets {
        let chosen = options.chosen.get(&sheet.name).cloned().unwrap_or_default();
        match find_header(sheet, &LEDGER, &chosen) {
            Ok(header) => {
                let tables = header.side_by_side(&["name", "id", "birth"]);
                sheets.extend(tables.into_iter().filter_map(|header| Found::new(sheet, header, &mut notices)));
            }
            // An empty sheet is no loss worth a word.
            Err(_) if sheet.rows.is_empty() => {}
            Err(why) => notices.push(Notice::Skipped { sheet: sheet.name.clone(), why }),
        }
    }
    Reading { on: options.on, sheets, notices, sheet: 0, row: 0, seen: HashMap::new() }
}

/// The lines of a book, one after the other.
pub struct Reading<'b> {
    on: Date,
    sheets: Vec<Found<'b>>,
    notices: Vec<Notice>,
    /// The sheet and the row, both from 0, that come next.
    sheet: usize,
    row: usize,
    /// Where each document number stood first.
    seen: HashMap<(&'static str, String), (usize, u32)>,
}

struct Found<'b> {
    sheet: &'b Sheet,
    name: Arc<str>,
    header: Arc<Header>,
    plan: Plan,
    first_row: usize,
    /// What stands above the header.
    titles: Vec<String>,
}

impl<'b> Found<'b> {
    fn new(sheet: &'b Sheet, header: Header, notices: &mut Vec<Notice>) -> Option<Self> {
        let first_row = sheet.rows.partition_point(|row| row.number <= header.last_row);
        let plan = Plan::of(&header, &sheet.rows[first_row..])?;
        let name = || sheet.name.clone();
        if plan.id.is_none() {
            notices.push(Notice::WithoutId { sheet: name() });
        }
        let headers: Vec<String> = header.unknown.iter().map(|(_, header)| header.clone()).collect();
        if !headers.is_empty() {
            notices.push(Notice::UnknownHeaders { sheet: name(), headers });
        }
        let of_sheet = |ambiguous: &Ambiguous| Notice::Ambiguous { sheet: name(), ambiguous: ambiguous.clone() };
        notices.extend(header.ambiguous.iter().map(of_sheet));
        let above = sheet.rows.iter().take_while(|row| row.number < header.first_row).flat_map(|row| &row.cells);
        let mut titles: Vec<String> = above.filter(|cell| !cell.is_empty()).map(Cell::display).collect();
        titles.dedup();
        Some(Found { sheet, name: sheet.name.as_str().into(), header: Arc::new(header), plan, first_row, titles })
    }

    /// True when a row goes on with the person above, whose name and number are merged over both.
    fn continues(&self, row: &Row) -> bool {
        let is_carried = |column: usize| row.is_carried(column) && !row.cell(column).is_empty();
        is_carried(self.plan.name) && self.plan.id.is_none_or(is_carried)
    }
}

impl<'b> Reading<'b> {
    /// What is to be said about the sheets.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The sheets that are read, each with its header.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &Header)> {
        self.sheets.iter().map(|found| (&*found.name, &*found.header))
    }

    /// The sheets that are read, each with what stands above its header.
    pub fn titles(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.sheets.iter().map(|found| (&*found.name, &*found.titles))
    }

    /// Rows below the headers, for a progress bar; totals and signatures count.
    pub fn rows(&self) -> usize {
        self.sheets.iter().map(|found| found.sheet.rows.len() - found.first_row).sum()
    }

    /// The next row of data with the rows that continue it.
    fn next_rows(&mut self) -> Option<(usize, &'b [Row])> {
        while let Some(found) = self.sheets.get(self.sheet) {
            let rows: &'b [Row] = &found.sheet.rows;
            let start = self.row.max(found.first_row);
            let data = (start..rows.len()).find(|&at| classify(&rows[at], &found.header) == RowClass::Data);
            let Some(at) = data else {
                self.sheet += 1;
                self.row = 0;
                continue;
            };
            let more = rows[at + 1..].iter().take_while(|row| found.continues(row)).count();
            self.row = at + 1 + more;
            return Some((self.sheet, &rows[at..=at + more]));
        }
        None
    }

    fn line(&mut self, at: usize, rows: &'b [Row]) -> Option<Line<'b>> {
        let (row, more) = rows.split_first()?;
        let found = &self.sheets[at];
        let source = |row: &Row| Source { sheet: found.name.clone(), row: row.number };
        let ReadRow { mut entry, warnings } = read_row(row, &found.plan, source(row), self.on);
        let mut faults: Vec<(&Row, Fault)> = warnings.into_iter().map(|fault| (row, fault)).collect();
        for row in more {
            let next = read_row(row, &found.plan, source(row), self.on);
            if let (Ok(entry), Ok(next_entry)) = (&mut entry, next.entry) {
                entry.absorb(next_entry);
            }
            let is_new = |fault: &Fault| faults.iter().all(|(_, known)| known != fault);
            let new: Vec<_> = next.warnings.into_iter().filter(is_new).collect();
            faults.extend(new.into_iter().map(|fault| (row, fault)));
        }
        let header = found.header.clone();
        let outcome = match entry {
            Err(fault) => {
                let value = match row.cell(fault.column) {
                    Cell::Empty => String::new(),
                    cell => cell.display(),
                };
                let column = header.text(fault.column).to_owned();
                // What else is wrong with a refused row is seen when it comes back.
                faults.clear();
                Outcome::Refused(Refusal {
                    sheet: found.name.clone(),
                    row: row.number,
                    column,
                    value,
                    reason: fault.reason,
                })
            }
            Ok(entry) => match self.first_of(&entry, at, row.number) {
                Some(first) => Outcome::Again { entry: Box::new(entry), first },
                None => Outcome::Accepted(Box::new(entry)),
            },
        };
        let name = &self.sheets[at].name;
        let warning = |(row, fault): (&Row, Fault)| Warning {
            sheet: name.clone(),
            row: row.number,
            column: header.text(fault.column).to_owned(),
            reason: fault.reason,
        };
        let warnings = faults.into_iter().map(warning).collect();
        Some(Line { row, header, outcome, warnings })
    }

    /// Where the person stood first, if further up; else notes that it is here.
    fn first_of(&mut self, entry: &Entry, sheet: usize, row: u32) -> Option<Source> {
        let key = (entry.document.kind(), entry.document.number()?.to_owned());
        let &mut (first_sheet, first_row) = self.seen.entry(key).or_insert((sheet, row));
        let is_here = (first_sheet, first_row) == (sheet, row);
        (!is_here).then(|| Source { sheet: self.sheets[first_sheet].name.clone(), row: first_row })
    }
}

impl<'b> Iterator for Reading<'b> {
    type Item = Line<'b>;

    fn next(&mut self) -> Option<Line<'b>> {
        let (sheet, rows) = self.next_rows()?;
        self.line(sheet, rows)
    }
}
