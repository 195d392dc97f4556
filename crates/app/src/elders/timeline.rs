//! The timeline (健康档案): everything that modules report of an elder, newest first.

use jiff::Timestamp;
use kit::{Id, Lang, Result, Tx, clock::stamp, db::Put};
use serde_json::{Map, Value};

use super::elder::{Key, records};

/// One piece of history, as a module reports it.
#[derive(Debug, Clone)]
pub struct Report {
    /// The module's word.
    pub kind: &'static str,
    /// A sentence of the catalogue, with `{name}` placeholders.
    said: &'static str,
    values: Map<String, Value>,
    link: Option<String>,
    tone: Tone,
    at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Ok,
    Warn,
    Bad,
}

impl Tone {
    pub fn word(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Ok => "ok",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }
}

impl Report {
    pub fn new(kind: &'static str, said: &'static str) -> Report {
        Report { kind, said, values: Map::new(), link: None, tone: Tone::Plain, at: None }
    }

    /// Fills `{name}`. A title of the catalogue is translated when it is read.
    pub fn with(mut self, name: &str, value: impl ToString) -> Report {
        self.values.insert(name.to_string(), Value::String(value.to_string()));
        self
    }

    pub fn link(mut self, link: impl Into<String>) -> Report {
        self.link = Some(link.into());
        self
    }

    pub fn tone(mut self, tone: Tone) -> Report {
        self.tone = tone;
        self
    }

    /// When it happened, where that is not now.
    pub fn at(mut self, at: Timestamp) -> Report {
        self.at = Some(at);
        self
    }
}

/// Writes a report, in the transaction of what it tells of.
pub fn report(to: &impl Put, now: Timestamp, key: &Key, report: &Report) -> Result<()> {
    to.put(
        "insert into elder_timeline (region, elder, at, id, kind, said, said_values, link, tone)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &key.region,
            &key.id,
            &stamp(report.at.unwrap_or(now)),
            &Id::new(now),
            &report.kind,
            &report.said,
            &Value::Object(report.values.clone()).to_string(),
            &report.link,
            &report.tone.word(),
        ],
    )
}

/// One entry as it is shown.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: String,
    pub id: Id,
    pub kind: String,
    pub said: String,
    pub link: Option<String>,
    pub tone: String,
}

/// The newest entries before a mark (`at`, `id`), of one kind or all, of this record and those merged into it.
pub fn read(
    tx: &Tx<'_>,
    key: &Key,
    kind: Option<&str>,
    before: Option<(&str, Id)>,
    lang: Lang,
    most: usize,
) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    let (before_at, before_id) = before.unwrap_or(("9999", Id(i64::MAX)));
    for record in records(tx, key)? {
        all.extend(tx.rows(
            &format!(
                "select at, id, kind, said, said_values, link, tone from elder_timeline
                  where region = $1 and elder = $2 and (at, id) < ($3, $4) and ($5 = '' or kind = $5)
                  order by at desc, id desc limit {most}"
            ),
            &[&key.region, &record, &before_at, &before_id, &kind.unwrap_or("")],
            |row| {
                let (said, values): (String, String) = (row.get(3)?, row.get(4)?);
                let values: Map<String, Value> = serde_json::from_str(&values)?;
                let translated: Vec<(&str, String)> = values
                    .iter()
                    .map(|(name, value)| (&**name, lang.t(value.as_str().unwrap_or_default()).to_string()))
                    .collect();
                let values: Vec<(&str, &dyn std::fmt::Display)> =
                    translated.iter().map(|it| (it.0, &it.1 as &dyn std::fmt::Display)).collect();
                Ok(Entry {
                    at: row.get(0)?,
                    id: row.get(1)?,
                    kind: row.get(2)?,
                    said: lang.f(&said, &values),
                    link: row.get(5)?,
                    tone: row.get(6)?,
                })
            },
        )?);
    }
    all.sort_by(|a, b| (&b.at, b.id).cmp(&(&a.at, a.id)));
    all.truncate(most);
    Ok(all)
}

/// How many entries there are of each kind.
pub fn kinds(tx: &Tx<'_>, key: &Key) -> Result<Vec<(String, i64)>> {
    let mut all: Vec<(String, i64)> = Vec::new();
    for record in records(tx, key)? {
        let counted = tx.rows(
            "select kind, count(*) from elder_timeline where region = $1 and elder = $2 group by kind order by kind",
            &[&key.region, &record],
            |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
        )?;
        for (kind, n) in counted {
            match all.iter_mut().find(|it| it.0 == kind) {
                Some(it) => it.1 += n,
                None => all.push((kind, n)),
            }
        }
    }
    Ok(all)
}
