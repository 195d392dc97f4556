//! A whole book, row by row: batch by batch in transactions of their own, each row in an attempt.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::{Import, Row, Taken, cell};
use crate::{
    Ask, Error, Lang, Result, Said, Tx,
    error::FieldError,
    form::Input,
    sheet::{
        self, Book, Header, HeaderError, Labels, Override, RefusedRow, RowClass, SheetError, classify, find_header,
    },
};

/// Rows one transaction takes.
const BATCH: usize = 200;

/// What came of a book.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub accepted: usize,
    /// Always 0: what stands twice in a sheet is unchanged the second time.
    pub same_person_again: usize,
    pub unchanged: usize,
    pub refused: Vec<Refused>,
    pub warnings: Vec<Warning>,
    /// Rows that were read.
    #[serde(skip)]
    pub rows: usize,
    #[serde(skip)]
    returned: Vec<(Arc<Header>, sheet::Row)>,
}

/// A row that was not taken.
#[derive(Debug, Clone, Serialize)]
pub struct Refused {
    pub sheet: String,
    /// As the spreadsheet numbers it.
    pub row: u32,
    pub column: String,
    pub value: String,
    pub reason: String,
    pub repair: String,
}

/// Something about a sheet as a whole.
#[derive(Debug, Clone, Serialize)]
pub struct Warning {
    pub sheet: String,
    pub row: u32,
    pub column: String,
    pub reason: String,
}

impl Report {
    /// The refused rows as an .xlsx file, with where, why and what to do.
    ///
    /// # Errors
    /// Where the file cannot be made.
    pub fn refused_workbook(&self) -> Result<Vec<u8>, SheetError> {
        let rows = self.refused.iter().zip(&self.returned).map(|(it, (header, row))| RefusedRow {
            sheet: &it.sheet,
            row: it.row,
            headers: &header.texts,
            cells: &row.cells,
            column: &it.column,
            reason: &it.reason,
            repair: &it.repair,
        });
        sheet::write_refused(rows, &Labels::BOTH)
    }
}

/// A row that waits for its batch.
#[derive(Clone)]
struct Pending {
    sheet: String,
    header: Arc<Header>,
    row: sheet::Row,
    input: Input,
}

/// Brings a book in; with `dry_run` everything is checked and nothing written.
///
/// # Errors
/// `Invalid` where no sheet has a header that is understood. Rows are refused one by one, in the report.
pub async fn run(
    ask: &Ask,
    book: &Book,
    import: &'static Import,
    place: &str,
    source: &str,
    dry_run: bool,
) -> Result<Report> {
    let mut report = Report::default();
    let mut pending = Vec::new();
    let mut read = 0;
    for one in &book.sheets {
        match find_header(one, &import.columns, &Override::default()) {
            Ok(header) => {
                read += 1;
                unknown(&mut report, &one.name, &header);
                let header = Arc::new(header);
                let rows = one.rows.iter().filter(|it| header.last_row < it.number);
                let data = rows.filter(|it| matches!(classify(it, &header), RowClass::Data));
                pending.extend(data.map(|row| filled(import, &one.name, &header, row)));
            }
            Err(_) if one.rows.is_empty() => {}
            Err(why) => report.warnings.push(skipped(import, ask.lang, &one.name, &why)),
        }
    }
    if read == 0 {
        let why = report.warnings.first().map_or(String::new(), |it| it.reason.clone());
        return Err(Error::invalid("file", Said::new("文件中没有可以导入的工作表。{why}").with("why", why)));
    }
    report.rows = pending.len();
    for batch in pending.chunks(BATCH) {
        for (it, taken) in batch.iter().zip(take(ask, import, batch, place, source, dry_run).await?) {
            match taken {
                Ok(Taken::New | Taken::Changed) => report.accepted += 1,
                Ok(Taken::Unchanged) => report.unchanged += 1,
                Err(errors) => refuse(&mut report, import, it, &errors),
            }
        }
    }
    Ok(report)
}

type Outcome = Result<Taken, Vec<FieldError>>;

async fn take(
    ask: &Ask,
    import: &'static Import,
    batch: &[Pending],
    place: &str,
    source: &str,
    dry_run: bool,
) -> Result<Vec<Outcome>> {
    let inputs: Vec<Input> = batch.iter().map(|it| it.input.clone()).collect();
    let (place, source) = (place.to_string(), source.to_string());
    let found: Arc<Mutex<Vec<Outcome>>> = Arc::default();
    let kept = Arc::clone(&found);
    let done = ask
        .write(move |tx, ask| {
            let row = Row { place: &place, source: &source };
            let mut all = Vec::with_capacity(inputs.len());
            for input in &inputs {
                all.push(one(tx, ask, import, input, &row)?);
            }
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = all;
            // A dry run leaves no trace: its transaction fails on purpose.
            if dry_run { Err(Error::refused(DRY_RUN, "检查完成,没有写入")) } else { Ok(()) }
        })
        .await;
    match done {
        Ok(()) => {}
        Err(Error::Refused(it)) if it.code == DRY_RUN => {}
        Err(other) => return Err(other),
    }
    Ok(std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner)))
}

const DRY_RUN: &str = "dry_run";

fn one(tx: &Tx<'_>, ask: &Ask, import: &Import, input: &Input, row: &Row<'_>) -> Result<Outcome> {
    match tx.attempt(|tx| (import.take)(tx, ask, input, row)) {
        Ok(taken) => Ok(Ok(taken)),
        Err(Error::Invalid(errors)) => Ok(Err(errors)),
        Err(Error::Refused(it)) => Ok(Err(vec![FieldError { field: String::new(), said: it.why }])),
        Err(Error::NotFound | Error::Forbidden) => {
            let said = Said::new("不在您的管理范围内,或您没有这项权限");
            Ok(Err(vec![FieldError { field: String::new(), said }]))
        }
        Err(other) => Err(other),
    }
}

fn filled(import: &Import, sheet: &str, header: &Arc<Header>, row: &sheet::Row) -> Pending {
    let mut input = Input::default();
    for field in import.fields {
        let values: Vec<String> =
            header.all(field.name).flat_map(|it| cell::values(import, field, row.cell(it.column))).collect();
        if !values.is_empty() {
            input.set_many(field.name, values);
        }
    }
    Pending { sheet: sheet.to_string(), header: Arc::clone(header), row: row.clone(), input }
}

fn refuse(report: &mut Report, import: &Import, it: &Pending, errors: &[FieldError]) {
    let said = |lang: Lang| {
        let all: Vec<String> = errors.iter().map(|error| sentence(import, error, lang)).collect();
        all.join(if lang == Lang::Zh { ";" } else { "; " })
    };
    let first = errors.first().map_or("", |it| &*it.field);
    let column = it.header.one(first).map(|it| it.column);
    report.refused.push(Refused {
        sheet: it.sheet.clone(),
        row: it.row.number,
        column: column.map_or(String::new(), |at| it.header.text(at).to_string()),
        value: column.map_or(String::new(), |at| it.row.cell(at).display()),
        reason: format!("{} {}", said(Lang::Zh), said(Lang::En)),
        repair: "改正后把本文件再传一次 / correct it and upload this file again".to_string(),
    });
    report.returned.push((Arc::clone(&it.header), it.row.clone()));
}

fn sentence(import: &Import, error: &FieldError, lang: Lang) -> String {
    let label = import.fields.iter().find(|it| it.name == error.field).map_or("", |it| it.label);
    let said = error.said.in_lang(lang);
    if lang == Lang::En && !label.is_empty() { said.replace(label, lang.t(label)) } else { said }
}

fn unknown(report: &mut Report, sheet: &str, header: &Header) {
    for (_, text) in &header.unknown {
        report.warnings.push(Warning {
            sheet: sheet.to_string(),
            row: header.first_row,
            column: text.clone(),
            reason: "没有认出这一列,没有导入 / this column is not known and was left out".to_string(),
        });
    }
}

fn skipped(import: &Import, lang: Lang, sheet: &str, why: &HeaderError) -> Warning {
    let title =
        |key: &str| import.fields.iter().find(|it| it.name == key).map_or("", |it| lang.t(it.label)).to_string();
    let (row, reason) = match why {
        HeaderError::Missing { row, keys } => {
            let keys: Vec<String> = keys.iter().map(|it| title(it)).collect();
            (*row, lang.f("表头缺少必需的列:{columns}", &[("columns", &keys.join("、"))]))
        }
        _ => (1, lang.t("没有找到表头").to_string()),
    };
    Warning { sheet: sheet.to_string(), row, column: String::new(), reason }
}
