//! Answers and facts: kept one by one as soon as they are given.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Said, Tx, clock::stamp, form::Input};
use rules::assessment::{FactUsed, Facts, Instrument, Points, RISK_EVENTS};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::record::Assessment;

/// Scores by item id.
pub type Given = BTreeMap<String, String>;

/// What one answer was, kept with the finished assessment so that it can be read without the instrument's file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    pub item: String,
    pub name: String,
    pub name_en: String,
    pub score: String,
    pub wording: String,
}

/// The field that says which answer a page was made with; a page that lies open for long does not overwrite newer answers.
pub const WAS: &str = "was.";
/// The field that says which facts a page was made with, as JSON.
pub const WAS_FACTS: &str = "was.facts";
/// The field that says that the facts were on the page.
pub const FACTS_SENT: &str = "facts";

pub fn read(tx: &Tx<'_>, it: &Assessment) -> Result<Given> {
    let rows = tx.rows(
        "select item, score from assessment_answer where region = $1 and assessment = $2 order by item",
        &[&it.key.region, &it.key.id],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Keeps one answer.
///
/// # Errors
/// `Invalid` for an item or a score that the instrument does not have.
pub fn save(tx: &Tx<'_>, ask: &Ask, it: &Assessment, instrument: &Instrument, item: &str, score: &str) -> Result<()> {
    let Some(known) = instrument.items.iter().find(|one| one.id == item) else {
        return Err(Error::invalid(item, Said::new("这份量表没有条目“{item}”").with("item", item)));
    };
    let points = Points::parse(score).filter(|points| known.choices.iter().any(|choice| choice.score == *points));
    let Some(points) = points else {
        let said = Said::new("条目“{item}”不能填“{value}”,可填 {allowed}")
            .with("item", &known.name)
            .with("value", score)
            .with("allowed", known.allowed());
        return Err(Error::invalid(item, said));
    };
    tx.run(
        "insert into assessment_answer (region, assessment, item, score, account, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, assessment, item)
         do update set score = excluded.score, account = excluded.account, at = excluded.at",
        &[&it.key.region, &it.key.id, &item, &points.to_string(), &ask.who.account, &stamp(ask.now)],
    )?;
    Ok(())
}

/// Keeps what a page sent: each answer and each fact that differs from the one the page was made with, so that a page that
/// lies open takes back nobody's newer answer. Gives how many answers were kept.
pub fn save_sent(tx: &Tx<'_>, ask: &Ask, it: &Assessment, instrument: &Instrument, input: &Input) -> Result<usize> {
    let mut kept = 0;
    for item in &instrument.items {
        let sent = input.get(&item.id);
        if !sent.is_empty() && sent != input.get(&format!("{WAS}{}", item.id)) {
            save(tx, ask, it, instrument, &item.id, sent)?;
            kept += 1;
        }
    }
    if !input.get(FACTS_SENT).is_empty() {
        let was: Facts = serde_json::from_str(input.get(WAS_FACTS)).unwrap_or_default();
        save_facts(tx, it, &changed(facts(it)?, &was, &facts_of(instrument, input)))?;
    }
    if it.started.is_none() && 0 < kept {
        tx.run(
            "update assessment set started = $3 where region = $1 and id = $2 and started is null",
            &[&it.key.region, &it.key.id, &stamp(ask.now)],
        )?;
    }
    Ok(kept)
}

/// The facts as kept, with those that a page changed.
fn changed(kept: Facts, was: &Facts, sent: &Facts) -> Facts {
    let mut all = kept.0;
    for name in was.0.keys().chain(sent.0.keys()).filter(|it| was.0.get(*it) != sent.0.get(*it)) {
        match sent.0.get(name) {
            Some(value) => all.insert(name.clone(), value.clone()),
            None => all.remove(name),
        };
    }
    Facts(all)
}

pub fn save_facts(tx: &Tx<'_>, it: &Assessment, facts: &Facts) -> Result<()> {
    tx.run(
        "update assessment set facts = $3 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &serde_json::to_string(facts)?],
    )?;
    Ok(())
}

/// The facts of a form, as far as the instrument uses them.
pub fn facts_of(instrument: &Instrument, input: &Input) -> Facts {
    let mut facts = BTreeMap::new();
    for fact in instrument.facts_used() {
        match fact {
            FactUsed::Coma => {
                if let Some(is) = yes_or_no(input.get("fact.coma")) {
                    facts.insert("coma".to_string(), json!(is));
                }
            }
            FactUsed::Diagnoses => {
                let typed = input.get("fact.diagnoses").replace(['、', ',', '\u{ff0c}', ';', '\u{ff1b}'], " ");
                let codes: Vec<&str> = typed.split_whitespace().collect();
                if !codes.is_empty() {
                    facts.insert("diagnoses".to_string(), json!(codes));
                }
            }
            FactUsed::RiskEvents => {
                let counted: Map<String, Value> = RISK_EVENTS
                    .iter()
                    .filter_map(|event| {
                        let text = input.get(&format!("fact.risk.{event}"));
                        // What is no number is kept as typed, so that scoring can say what is wrong with it.
                        let count = text.parse::<u32>().map_or_else(|_| json!(text), |it| json!(it));
                        (!text.is_empty() && text != "0").then(|| ((*event).to_string(), count))
                    })
                    .collect();
                if !counted.is_empty() {
                    facts.insert("risk_events".to_string(), Value::Object(counted));
                }
            }
            FactUsed::Education => {
                let word = input.get("fact.education");
                if !word.is_empty() {
                    facts.insert("education".to_string(), json!(word));
                }
            }
        }
    }
    Facts(facts)
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

pub fn facts(it: &Assessment) -> Result<Facts> {
    Ok(serde_json::from_str(&it.facts)?)
}

/// The answers in words, in the order of the form.
pub fn in_words(instrument: &Instrument, given: &Given) -> Vec<Kept> {
    let kept = |item: &rules::assessment::Item| {
        let score = given.get(&item.id)?;
        let wording = item.choices.iter().find(|it| it.score.to_string() == *score).map(|it| it.wording.clone());
        Some(Kept {
            item: item.id.clone(),
            name: item.name.clone(),
            name_en: item.name_en.clone(),
            score: score.clone(),
            wording: wording.unwrap_or_default(),
        })
    };
    instrument.items.iter().filter_map(kept).collect()
}

/// The answers of a finished assessment.
pub fn kept(it: &Assessment) -> Result<Option<Vec<Kept>>> {
    Ok(it.answers.as_deref().map(serde_json::from_str).transpose()?)
}

/// Takes all answers away, as a restart with a changed instrument does.
pub fn clear(tx: &Tx<'_>, it: &Assessment) -> Result<()> {
    tx.run("delete from assessment_answer where region = $1 and assessment = $2", &[&it.key.region, &it.key.id])?;
    Ok(())
}
