//! Bringing in a region tree: codes of the Bureau of Statistics, names, parents where the code does not tell them.

use std::collections::{HashMap, HashSet};

use super::{Level, NATION, Tree};
use crate::{Error, Result, Tx, db::Bind, initials::initials};

/// Rows one statement takes.
const STEP: usize = 400;

/// What an import did.
#[derive(Debug, Default, PartialEq, serde::Serialize)]
pub struct Imported {
    pub new: usize,
    pub renamed: usize,
    pub unchanged: usize,
    /// Lines that were left out.
    pub refused: Vec<Refused>,
}

/// A line that was left out, and why.
#[derive(Debug, PartialEq, serde::Serialize)]
pub struct Refused {
    /// As a text editor counts them.
    pub line: u64,
    pub value: String,
    pub reason: String,
}

struct Line {
    number: u64,
    code: String,
    parent: String,
    name: String,
    level: Level,
}

/// Brings in a CSV file with the columns `code`, `name` and optionally `parent` (代码, 名称, 上级代码), in any order.
/// Codes of 2 and 4 digits are completed to 6. Without a parent the code tells it. Places that are there already get the
/// file's name and parent; nothing is ever removed, since people live there.
///
/// # Errors
/// `Invalid` where the file is no such table at all; single wrong lines are in the answer.
pub fn import(tx: &Tx<'_>, csv: &str) -> Result<Imported> {
    let mut done = Imported::default();
    let lines = read(csv, &mut done)?;
    let tree = Tree::load(tx)?;
    let lines = with_known_parents(lines, &tree, &mut done);
    let mut changed = Vec::new();
    for line in lines {
        match tree.get(&line.code) {
            None => done.new += 1,
            Some(it) if it.name != line.name || it.parent != line.parent => done.renamed += 1,
            Some(_) => {
                done.unchanged += 1;
                continue;
            }
        }
        changed.push(line);
    }
    for some in changed.chunks(STEP) {
        write(tx, some)?;
    }
    Ok(done)
}

fn read(csv: &str, done: &mut Imported) -> Result<Vec<Line>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().map_err(|_| not_a_table())?.clone();
    let column = |names: &[&str]| heads.iter().position(|it| names.contains(&it));
    let (Some(code), Some(name)) = (column(&["code", "代码", "区划代码"]), column(&["name", "名称"])) else {
        return Err(not_a_table());
    };
    let parent = column(&["parent", "上级代码", "上级", "areaCode", "streetCode"]);
    let (mut lines, mut seen) = (Vec::new(), HashSet::new());
    for record in reader.records() {
        let record = match record {
            Ok(it) => it,
            Err(e) => {
                let line = e.position().map_or(0, csv::Position::line);
                done.refused.push(Refused { line, value: String::new(), reason: "这一行无法读取".into() });
                continue;
            }
        };
        let number = record.position().map_or(0, csv::Position::line);
        let text = |at: Option<usize>| at.and_then(|it| record.get(it)).unwrap_or("").to_string();
        let (code, name, parent) = (completed(&text(Some(code))), text(Some(name)), completed(&text(parent)));
        let mut refuse = |value: &str, reason: &str| {
            done.refused.push(Refused { line: number, value: value.into(), reason: reason.into() });
        };
        let Some(level) = Level::of_code(&code) else {
            refuse(&code, "代码应为 6、9、12 或 15 位数字");
            continue;
        };
        if name.is_empty() || 60 < name.chars().count() {
            refuse(&name, "名称应为 1–60 个字");
            continue;
        }
        if !seen.insert(code.clone()) {
            refuse(&code, "同一代码出现两次");
            continue;
        }
        let parent = if parent.is_empty() { parent_of(&code, level) } else { parent };
        lines.push(Line { number, code, parent, name, level });
    }
    Ok(lines)
}

fn not_a_table() -> Error {
    Error::invalid("file", "文件第一行应有“code,name”或“代码,名称”两列,请另存为 UTF-8 的 CSV 后重试")
}

/// The Bureau writes provinces with 2 and cities with 4 digits.
fn completed(code: &str) -> String {
    if matches!(code.len(), 2 | 4) { format!("{code:0<6}") } else { code.to_string() }
}

fn parent_of(code: &str, level: Level) -> String {
    match level {
        Level::Nation | Level::Province => NATION.to_string(),
        Level::City => format!("{}0000", &code[..2]),
        Level::County => format!("{}00", &code[..4]),
        Level::Street => code[..6].to_string(),
        Level::Village => code[..9].to_string(),
        Level::Grid => code[..12].to_string(),
    }
}

/// Leaves out places whose parent is nowhere, or stands below them.
fn with_known_parents(lines: Vec<Line>, tree: &Tree, done: &mut Imported) -> Vec<Line> {
    let levels: HashMap<String, Level> = lines.iter().map(|it| (it.code.clone(), it.level)).collect();
    let level_of = |code: &str| levels.get(code).copied().or_else(|| tree.get(code).map(|it| it.level));
    // A municipality has no city: what the code calls one is the province itself.
    let settled = |line: &Line| match level_of(&line.parent) {
        None if line.level == Level::County => format!("{}0000", &line.code[..2]),
        _ => line.parent.clone(),
    };
    let mut good = Vec::with_capacity(lines.len());
    for mut line in lines {
        line.parent = settled(&line);
        let reason = match level_of(&line.parent) {
            None if line.level <= Level::Province => None,
            None => Some("没有上级,请把上级也写进文件,或写明“parent”列"),
            Some(_) if line.level == Level::Nation => None,
            Some(above) if above < line.level => None,
            Some(_) => Some("上级的级别应比它高"),
        };
        match reason {
            None => good.push(line),
            Some(reason) => {
                let value = format!("{} → {}", line.code, line.parent);
                done.refused.push(Refused { line: line.number, value, reason: reason.into() });
            }
        }
    }
    good
}

fn write(tx: &Tx<'_>, lines: &[Line]) -> Result<()> {
    let initials: Vec<String> = lines.iter().map(|it| initials(&it.name)).collect();
    let words: Vec<&str> = lines.iter().map(|it| it.level.word()).collect();
    let mut values: Vec<&dyn Bind> = Vec::with_capacity(lines.len() * 5);
    let mut rows = Vec::with_capacity(lines.len());
    for ((line, initials), word) in lines.iter().zip(&initials).zip(&words) {
        let n = values.len();
        rows.push(format!("(${}, ${}, ${}, ${}, ${})", n + 1, n + 2, n + 3, n + 4, n + 5));
        values.extend([&line.code as &dyn Bind, &line.parent, &line.name, word, initials]);
    }
    tx.run(
        &format!(
            "insert into place (code, parent, name, level, initials) values {}
             on conflict (code) do update set parent = excluded.parent, name = excluded.name, initials = excluded.initials",
            rows.join(", ")
        ),
        &values,
    )?;
    Ok(())
}

/// Adds a grid below a village, with the next free number; gives its code.
///
/// # Errors
/// `Invalid` where the village has its 999 grids.
pub fn add_grid(tx: &Tx<'_>, village: &str, name: &str) -> Result<String> {
    if 0 < tx.count("select count(*) from place where parent = $1 and name = $2", &[&village, &name])? {
        return Err(Error::invalid("name", "本村(社区)已有这个名称的网格,请换一个"));
    }
    let last = tx.row(
        "select code from place where parent = $1 and level = 'grid' order by code desc limit 1",
        &[&village],
        |row| row.get::<String>(0),
    )?;
    let next = last.and_then(|it| it.get(12..)?.parse::<u32>().ok()).unwrap_or(0) + 1;
    if 999 < next {
        return Err(Error::invalid("name", "本村(社区)已有 999 个网格,请先合并"));
    }
    let line = Line {
        number: 0,
        code: format!("{village}{next:03}"),
        parent: village.into(),
        name: name.into(),
        level: Level::Grid,
    };
    write(tx, std::slice::from_ref(&line))?;
    Ok(line.code)
}
