//! A laboratory's file into the checks: person by person, what fits is kept, everything else is handed back with its reason.

use std::collections::{BTreeMap, HashMap};

use kit::{Ask, Error, Lang, Result, Said, Tx, sheet};
use rules::{
    base::{Date, IdNumber, Text, half_width},
    healthcheck::{Form, Section, read_lab},
    policy::InForce,
};
use serde::{Deserialize, Serialize};

use super::file::{self, Line};
use crate::{
    elders::{self, Elder},
    healthcheck::{
        course,
        record::{self, Check},
        values,
    },
};

/// How a file is taken.
#[derive(Debug, Clone)]
pub struct Options {
    pub dry_run: bool,
    /// The file's name: it stands beside each value as where it comes from.
    pub file: String,
}

/// What came of a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// Values that were new or changed.
    pub accepted: usize,
    /// Values that stood there already.
    pub unchanged: usize,
    /// People whose check got values, or has them.
    pub persons: usize,
    pub refused: Vec<Refused>,
    pub warnings: Vec<Warning>,
    /// The headers of each sheet, to hand its rows back.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub headers: Vec<(String, Vec<String>)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refused {
    pub sheet: String,
    pub row: u32,
    pub column: String,
    pub value: String,
    pub reason: String,
    pub repair: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub cells: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Warning {
    pub sheet: String,
    pub row: u32,
    pub column: String,
    pub reason: String,
}

/// People in one transaction.
const BATCH: usize = 50;

/// Brings a file in, or with `dry_run` says what would come of it. `watch` hears (lines done, all lines).
///
/// # Errors
/// `Invalid` where no sheet has the columns that are needed.
pub async fn import(
    ask: &Ask,
    book: &sheet::Book,
    options: &Options,
    mut watch: impl FnMut(usize, usize) + Send,
) -> Result<Report> {
    let table = file::read(book);
    if table.headers.is_empty() {
        let said = "没有找到化验结果:表头要有“体检号”或“身份证号”,“项目代码”或“项目名称”,以及“结果”";
        return Err(Error::invalid("file", said));
    }
    let mut report = Report { headers: table.headers, ..Report::default() };
    let total = table.lines.len();
    let mut done = 0;
    let mut groups = by_person(table.lines).into_iter().peekable();
    while groups.peek().is_some() {
        let batch: Vec<Vec<Line>> = groups.by_ref().take(BATCH).collect();
        done += batch.iter().map(Vec::len).sum::<usize>();
        let for_write = options.clone();
        let work = move |tx: &Tx<'_>, ask: &Ask| {
            let mut part = Report::default();
            for lines in batch {
                take(tx, ask, lines, &for_write, &mut part)?;
            }
            Ok(part)
        };
        // A dry run is a reader: it writes nothing because it cannot.
        let part = if options.dry_run { ask.read(work).await? } else { ask.write(work).await? };
        report.accepted += part.accepted;
        report.unchanged += part.unchanged;
        report.persons += part.persons;
        report.refused.extend(part.refused);
        report.warnings.extend(part.warnings);
        watch(done, total);
    }
    report.refused.sort_by(|a, b| (&a.sheet, a.row).cmp(&(&b.sheet, b.row)));
    Ok(report)
}

/// The lines of one person and day together, in the order in which people come in the file.
fn by_person(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut groups: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let at = *places.entry(line.whose()).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push(line);
    }
    groups
}

/// Why a person's lines are handed back: the column at fault, why, and what to do.
struct Unknown(&'static str, Said, &'static str);

/// The elder and, where there is one, the check the lines belong to.
struct Whose {
    elder: Elder,
    check: Option<Check>,
    day: Date,
}

fn take(tx: &Tx<'_>, ask: &Ask, lines: Vec<Line>, options: &Options, report: &mut Report) -> Result<()> {
    let Some(first) = lines.first() else { return Ok(()) };
    let whose = match whose(tx, ask, first)? {
        Ok(it) => it,
        Err(Unknown(column, why, repair)) => {
            for line in lines {
                let value = if line.number.is_empty() { line.id_number.clone() } else { line.number.clone() };
                let reason = why.in_lang(ask.lang);
                report.refused.push(refused(line, column, value, reason, ask.t(repair).to_string()));
            }
            return Ok(());
        }
    };
    let day = whose.check.as_ref().map_or(whose.day, |it| it.day);
    let policy = ask.app.policy_in(&whose.elder.key.region, day);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let before = match &whose.check {
        Some(check) => values::sections(tx, &check.key)?,
        None => BTreeMap::new(),
    };
    let mut changes: Vec<(String, String)> = Vec::new();
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut fits = 0;
    // From the end: of two results for one item the later one in the file is the newer.
    for line in lines.into_iter().rev() {
        let Some((item, value)) = fitting(ask, &line, &whose, &form, &policy, report)? else { continue };
        if let Some(newer) = seen.get(&item) {
            if *newer != value {
                let reason = ask.t("同一人同一项目后面还有一个结果,取后面的").to_string();
                report.warnings.push(Warning { sheet: line.sheet, row: line.row, column: "结果".into(), reason });
            }
            continue;
        }
        seen.insert(item.clone(), value.clone());
        fits += 1;
        let section = form.item(&item).and_then(|it| form.section_of(it)).unwrap_or(Section::Laboratory);
        let kept = before.get(section.word()).and_then(|it| it.values.get(&item));
        if kept == Some(&value) {
            report.unchanged += 1;
        } else {
            changes.push((item, value));
        }
    }
    report.persons += usize::from(0 < fits);
    report.accepted += changes.len();
    if !options.dry_run && !changes.is_empty() {
        changes.reverse();
        let mut check = match whose.check {
            Some(check) => check,
            None => course::begin(tx, ask, &whose.elder.key, whose.day)?,
        };
        let (_, wrong) = course::save(tx, ask, &mut check, &whose.elder, &changes, Some(&options.file))?;
        if let Some(it) = wrong.first() {
            return Err(Error::internal(format!("a checked value did not fit: {}", it.field)));
        }
    }
    Ok(())
}

/// The field and text of a line, or nothing where it was handed back.
fn fitting(
    ask: &Ask,
    line: &Line,
    whose: &Whose,
    form: &Form<'_>,
    policy: &InForce<'_>,
    report: &mut Report,
) -> Result<Option<(String, String)>> {
    if !line.name.is_empty() && half_width(&line.name) != half_width(&whose.elder.name) {
        let reason = ask.t("姓名与体检号、身份证号的老人不符").to_string();
        let repair = ask.t("核对是不是同一个人").to_string();
        report.refused.push(refused(line.clone(), "姓名", line.name.clone(), reason, repair));
        return Ok(None);
    }
    let read = read_lab(&line.reading, form, policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    match read {
        Ok(fits) => Ok(Some(fits)),
        Err(why) => {
            let (reason, repair) = why.text(form);
            let lang = match ask.lang {
                Lang::Zh => rules::base::Lang::Zh,
                Lang::En => rules::base::Lang::En,
            };
            let text = |it: Text| it.in_lang(lang).to_string();
            let (column, value) = match why {
                rules::healthcheck::Unread::UnknownItem => {
                    let name = if line.reading.name.is_empty() { &line.reading.code } else { &line.reading.name };
                    ("项目", name.clone())
                }
                rules::healthcheck::Unread::UnknownUnit { .. } => ("单位", line.reading.unit.clone()),
                _ => ("结果", line.reading.value.clone()),
            };
            report.refused.push(refused(line.clone(), column, value, text(reason), text(repair)));
            Ok(None)
        }
    }
}

fn refused(line: Line, column: &str, value: String, reason: String, repair: String) -> Refused {
    Refused { sheet: line.sheet, row: line.row, column: column.to_string(), value, reason, repair, cells: line.cells }
}

fn whose(tx: &Tx<'_>, ask: &Ask, line: &Line) -> Result<std::result::Result<Whose, Unknown>> {
    let unknown = |column, why: Said, repair| Ok(Err(Unknown(column, why, repair)));
    if !line.number.is_empty() {
        let known = record::numbered(tx, &line.number)?;
        let found = match known {
            Some(check) => seen(elders::find(tx, &ask.who.scope, &check.elder_key()))?.map(|elder| (check, elder)),
            None => None,
        };
        return match found {
            Some((_, elder)) if !elder.is_living() => {
                unknown("体检号", Said::new("老人已不在册,体检内容不能再改"), "核对体检号")
            }
            Some((check, elder)) => Ok(Ok(Whose { day: check.day, check: Some(check), elder })),
            None => unknown("体检号", Said::new("没有这个体检号,或不在您的管理范围内"), "核对体检号,或改填身份证号"),
        };
    }
    if line.id_number.parse::<IdNumber>().is_err() {
        return unknown("身份证号", Said::new("身份证号不对"), "核对身份证号,用文本格式,不要用科学计数");
    }
    let key = elders::with_number(tx, ask, &line.id_number)?;
    let elder = match key {
        Some(key) => seen(elders::find(tx, &ask.who.scope, &key))?,
        None => None,
    };
    let Some(elder) = elder.filter(Elder::is_living) else {
        return unknown("身份证号", Said::new("名册中没有这位老人,或不在您的管理范围内"), "先登记老人,再传一次");
    };
    let today = ask.today();
    let day = match (&*line.day, line.day()) {
        ("", _) => today,
        (_, Some(day)) if day <= today => day,
        _ => return unknown("检验日期", Said::new("日期看不懂,或晚于今天"), "写作 2026-03-01"),
    };
    let year = i64::from(day.year());
    let check = record::of_elder(tx, &elder.key)?.into_iter().find(|it| it.year == year);
    let policy = ask.app.policy_in(&elder.key.region, day);
    let age = policy.read(|it| &it.healthcheck.from_age).copied();
    let age = age.map_err(|it| Error::refused("no_policy", it.text()))?;
    if check.is_none() && day.year() < elder.birth.day.add_years(i32::from(age)).year() {
        let why = Said::new("年满 {age} 周岁的当年起才有老年人健康体检").with("age", age);
        return unknown("身份证号", why, "核对是不是这位老人");
    }
    Ok(Ok(Whose { elder, check, day }))
}

/// Not there and not yours are the same.
fn seen(found: Result<Elder>) -> Result<Option<Elder>> {
    match found {
        Ok(it) => Ok(Some(it)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

impl Report {
    /// The refused rows as an Excel file, to be mended and sent again.
    pub fn refused_workbook(&self) -> Result<Vec<u8>> {
        let cells: Vec<Vec<sheet::Cell>> =
            self.refused.iter().map(|it| it.cells.iter().map(|cell| sheet::Cell::text(cell)).collect()).collect();
        let rows = self.refused.iter().zip(&cells).map(|(it, cells)| sheet::RefusedRow {
            sheet: &it.sheet,
            row: it.row,
            headers: self.headers.iter().find(|one| one.0 == it.sheet).map_or(&[], |one| &one.1),
            cells,
            column: &it.column,
            reason: &it.reason,
            repair: &it.repair,
        });
        Ok(sheet::write_refused(rows, &sheet::Labels::BOTH)?)
    }

    /// Without the cells and headers, as programs get it.
    pub fn plain(&self) -> Report {
        let refused = self.refused.iter().map(|it| Refused { cells: Vec::new(), ..it.clone() }).collect();
        Report { refused, headers: Vec::new(), ..self.clone() }
    }
}
