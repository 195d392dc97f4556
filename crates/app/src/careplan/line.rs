//! The lines of a plan (problems, goals, services), each with the versions it holds in; and two versions side by side.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Tx, db::Row};
use rules::{
    care_plan::{self, Payer, Place, Profession},
    rounds::Period,
};

use super::{record::Plan, words};
use crate::elders::Key;

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The same for as long as the line goes on, however it is changed.
    pub number: i64,
    pub from_version: i64,
    pub until_version: Option<i64>,
    /// `problem`, `goal` or `service`.
    pub kind: String,
    /// The id of policy's problem or service; empty for what people wrote.
    pub code: String,
    /// The code of the problem a goal belongs to.
    pub problem: String,
    pub title: String,
    pub title_en: String,
    pub times: i64,
    pub every: Period,
    pub by: Vec<Profession>,
    pub payer: Payer,
    pub place: Place,
    pub minutes: i64,
    pub covered_by: Vec<String>,
    pub why: String,
    pub why_en: String,
}

/// What a line says.
#[derive(Debug, Clone)]
pub struct NewLine {
    pub kind: String,
    pub code: String,
    pub problem: String,
    pub title: String,
    pub title_en: String,
    pub times: i64,
    pub every: Period,
    pub by: Vec<Profession>,
    pub payer: Payer,
    pub place: Place,
    pub minutes: i64,
    pub covered_by: Vec<String>,
    pub why: String,
    pub why_en: String,
}

impl NewLine {
    /// A problem or a goal, which has nothing but its words.
    pub fn said(kind: &str, title: &str, title_en: &str) -> NewLine {
        NewLine {
            kind: kind.to_string(),
            code: String::new(),
            problem: String::new(),
            title: title.to_string(),
            title_en: title_en.to_string(),
            times: 0,
            every: Period::Year,
            by: Vec::new(),
            payer: Payer::Own,
            place: Place::Home,
            minutes: 0,
            covered_by: Vec::new(),
            why: String::new(),
            why_en: String::new(),
        }
    }
}

impl Line {
    pub fn title_in<'a>(&'a self, ask: &Ask) -> &'a str {
        if self.title_en.is_empty() { &self.title } else { ask.either(&*self.title, &*self.title_en) }
    }

    pub fn why_in<'a>(&'a self, ask: &Ask) -> &'a str {
        if self.why_en.is_empty() { &self.why } else { ask.either(&*self.why, &*self.why_en) }
    }

    pub fn often(&self, ask: &Ask) -> String {
        words::often(ask, self.times, words::every_word(self.every))
    }

    pub fn is_service(&self) -> bool {
        self.kind == "service"
    }

    fn holds_in(&self, version: i64) -> bool {
        self.from_version <= version && self.until_version.is_none_or(|until| version < until)
    }

    /// As somebody would write it anew.
    pub fn again(&self) -> NewLine {
        NewLine {
            kind: self.kind.clone(),
            code: self.code.clone(),
            problem: self.problem.clone(),
            title: self.title.clone(),
            title_en: self.title_en.clone(),
            times: self.times,
            every: self.every,
            by: self.by.clone(),
            payer: self.payer,
            place: self.place,
            minutes: self.minutes,
            covered_by: self.covered_by.clone(),
            why: self.why.clone(),
            why_en: self.why_en.clone(),
        }
    }
}

const COLUMNS: &str = "line, from_version, until_version, kind, code, problem, title, title_en, times, every, professions, payer, \
    place, minutes, covered_by, why, why_en";

fn read(row: &Row<'_>) -> Result<Line> {
    let (payer, place): (String, String) = (row.get(11)?, row.get(12)?);
    Ok(Line {
        number: row.get(0)?,
        from_version: row.get(1)?,
        until_version: row.get(2)?,
        kind: row.get(3)?,
        code: row.get(4)?,
        problem: row.get(5)?,
        title: row.get(6)?,
        title_en: row.get(7)?,
        times: row.get(8)?,
        every: words::every(&row.get::<String>(9)?),
        by: words::professions(&row.get::<String>(10)?),
        payer: Payer::parse(&payer).ok_or_else(|| Error::internal(format!("care_plan_line.payer = {payer}")))?,
        place: Place::parse(&place).ok_or_else(|| Error::internal(format!("care_plan_line.place = {place}")))?,
        minutes: row.get(13)?,
        covered_by: row.get::<String>(14)?.split_whitespace().map(str::to_string).collect(),
        why: row.get(15)?,
        why_en: row.get(16)?,
    })
}

/// Every line a plan ever had.
pub fn all(tx: &Tx<'_>, plan: &Key) -> Result<Vec<Line>> {
    tx.rows(
        &format!("select {COLUMNS} from care_plan_line where region = $1 and plan = $2 order by line, from_version"),
        &[&plan.region, &plan.id],
        read,
    )
}

/// The lines of one version.
pub fn of(tx: &Tx<'_>, plan: &Key, version: i64) -> Result<Vec<Line>> {
    Ok(all(tx, plan)?.into_iter().filter(|it| it.holds_in(version)).collect())
}

/// The line of a number as it is now.
pub fn find(tx: &Tx<'_>, plan: &Plan, number: i64) -> Result<Line> {
    let found = of(tx, &plan.key, plan.version)?.into_iter().find(|it| it.number == number);
    found.ok_or(Error::NotFound)
}

/// The number of a line that is new.
pub fn next_number(tx: &Tx<'_>, plan: &Key) -> Result<i64> {
    Ok(all(tx, plan)?.iter().map(|it| it.number).max().unwrap_or(0) + 1)
}

/// Writes a line that holds from a version on.
pub fn put(tx: &Tx<'_>, plan: &Key, number: i64, version: i64, it: &NewLine) -> Result<()> {
    tx.run(
        "insert into care_plan_line (region, plan, line, from_version, until_version, kind, code, problem, title, title_en, times,
                                     every, professions, payer, place, minutes, covered_by, why, why_en)
         values ($1, $2, $3, $4, null, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        &[
            &plan.region,
            &plan.id,
            &number,
            &version,
            &it.kind,
            &it.code,
            &it.problem,
            &it.title,
            &it.title_en,
            &it.times,
            &words::every_word(it.every),
            &words::professions_word(&it.by),
            &it.payer.word(),
            &it.place.word(),
            &it.minutes,
            &it.covered_by.join(" "),
            &it.why,
            &it.why_en,
        ],
    )?;
    Ok(())
}

/// From a version on the line is no longer there.
pub fn stop(tx: &Tx<'_>, plan: &Key, number: i64, version: i64) -> Result<()> {
    tx.run(
        "update care_plan_line set until_version = $4 where region = $1 and plan = $2 and line = $3 and until_version is null",
        &[&plan.region, &plan.id, &number, &version],
    )?;
    Ok(())
}

/// The lines of a draft, problems with their goals first.
pub fn of_draft(draft: &care_plan::Draft) -> Vec<NewLine> {
    let mut lines = Vec::new();
    for problem in &draft.problems {
        lines.push(NewLine {
            code: problem.id.clone(),
            why: problem.why.zh.clone(),
            why_en: problem.why.en.clone(),
            ..NewLine::said("problem", &problem.name.zh, &problem.name.en)
        });
        for goal in &problem.goals {
            lines.push(NewLine { problem: problem.id.clone(), ..NewLine::said("goal", &goal.zh, &goal.en) });
        }
    }
    lines.extend(draft.lines.iter().map(|it| NewLine {
        kind: "service".to_string(),
        code: it.service.clone(),
        problem: it.problems.first().cloned().unwrap_or_default(),
        title: it.name.zh.clone(),
        title_en: it.name.en.clone(),
        times: i64::from(it.times),
        every: it.every,
        by: it.by.clone(),
        payer: it.payer,
        place: it.place,
        minutes: i64::from(it.minutes),
        covered_by: it.covered_by.clone(),
        why: it.why.zh.clone(),
        why_en: it.why.en.clone(),
    }));
    lines
}

/// One line in two versions.
#[derive(Debug, Clone)]
pub struct Pair {
    pub before: Option<Line>,
    pub after: Option<Line>,
}

impl Pair {
    /// `added`, `removed`, `changed` or `same`.
    pub fn what(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, _) => "added",
            (_, None) => "removed",
            (Some(a), Some(b)) if a.from_version == b.from_version => "same",
            _ => "changed",
        }
    }
}

/// Two versions of a plan side by side, line by line.
pub fn compare(tx: &Tx<'_>, plan: &Key, before: i64, after: i64) -> Result<Vec<Pair>> {
    let mut pairs: BTreeMap<i64, Pair> = BTreeMap::new();
    for it in all(tx, plan)? {
        let pair = pairs.entry(it.number).or_insert(Pair { before: None, after: None });
        if it.holds_in(before) {
            pair.before = Some(it.clone());
        }
        if it.holds_in(after) {
            pair.after = Some(it);
        }
    }
    Ok(pairs.into_values().filter(|it| it.before.is_some() || it.after.is_some()).collect())
}

/// A line that is not kept yet, to be shown as one that is.
pub fn unkept(number: i64, it: NewLine) -> Line {
    Line {
        number,
        from_version: 1,
        until_version: None,
        kind: it.kind,
        code: it.code,
        problem: it.problem,
        title: it.title,
        title_en: it.title_en,
        times: it.times,
        every: it.every,
        by: it.by,
        payer: it.payer,
        place: it.place,
        minutes: it.minutes,
        covered_by: it.covered_by,
        why: it.why,
        why_en: it.why_en,
    }
}
