//! The fields of a check: kept section by section as soon as they are given, by whoever of the team gives them.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Tx, clock::stamp, db::Put, error::FieldError, form::Input};
use rules::{
    assessment::Instrument,
    assessment_course::{Programme, default_instrument},
    healthcheck::{Form, Section, Values},
};

use super::record::Check;
use crate::elders::Key;

/// One section as it is kept.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    pub values: Values,
    /// The laboratory's file a value came with, by item.
    pub sources: BTreeMap<String, String>,
    pub who: String,
    pub at: String,
}

/// The field that says which text a page was made with: a page that lies open for long does not overwrite newer texts.
pub const WAS: &str = "was.";

/// All sections of a check that have something in them, by their word.
pub fn sections(tx: &Tx<'_>, key: &Key) -> Result<BTreeMap<String, Kept>> {
    let all = tx.rows(
        "select section, content, sources, who, at from healthcheck_section
          where region = $1 and healthcheck = $2 order by section",
        &[&key.region, &key.id],
        |row| {
            let (content, sources): (String, String) = (row.get(1)?, row.get(2)?);
            let kept = Kept {
                values: serde_json::from_str(&content)?,
                sources: serde_json::from_str(&sources)?,
                who: row.get(3)?,
                at: row.get(4)?,
            };
            Ok((row.get::<String>(0)?, kept))
        },
    )?;
    Ok(all.into_iter().collect())
}

/// The fields of all sections but the scale's answers.
pub fn joined(sections: &BTreeMap<String, Kept>) -> Values {
    let fields = sections.iter().filter(|it| it.0 != Section::SelfCare.word());
    fields.flat_map(|it| it.1.values.clone()).collect()
}

/// The answers to the self-care scale.
pub fn answers(sections: &BTreeMap<String, Kept>) -> Values {
    sections.get(Section::SelfCare.word()).map(|it| it.values.clone()).unwrap_or_default()
}

/// The scale of self-care that is used where and when the check was made.
pub fn scale<'a>(ask: &'a Ask, check: &Check) -> Result<&'a Instrument> {
    let policy = check.policy(ask);
    let id = default_instrument(Programme::SelfCare, &policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    ask.app.policy.instrument(id.as_str()).ok_or(Error::NotFound)
}

/// What is to change: item and text, the empty text takes a value away.
pub type Changes = Vec<(String, String)>;

/// What a page of a section sent and the page had not shown so already.
pub fn sent(form: &Form<'_>, scale: &Instrument, section: Section, input: &Input) -> Changes {
    let ids: Vec<&str> = match section {
        Section::SelfCare => scale.items.iter().map(|it| &*it.id).collect(),
        _ => {
            let items = form.of_section(section).into_iter().flat_map(|it| it.1);
            items.filter(|it| it.computed.is_none()).map(|it| &*it.id).collect()
        }
    };
    let on_page = |id: &&str| input.names().any(|name| name == format!("{WAS}{id}"));
    let changed = ids.into_iter().filter(on_page).filter_map(|id| {
        let words: Vec<&str> = input.all(id).iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        let now = words.join(" ");
        (now != input.get(&format!("{WAS}{id}"))).then(|| (id.to_string(), now))
    });
    changed.collect()
}

/// Keeps what fits and says what does not: one slip of the pen does not lose the rest. Gives the fields kept.
///
/// # Errors
/// Only those of the database; fields that do not fit come back in the second list.
pub fn save(
    tx: &Tx<'_>,
    ask: &Ask,
    check: &Check,
    changes: &[(String, String)],
    source: Option<&str>,
) -> Result<(Vec<String>, Vec<FieldError>)> {
    let mut kept = sections(tx, &check.key)?;
    let Changed { saved, touched, wrong } = change(ask, check, &mut kept, changes, source)?;
    for section in touched {
        write(tx, ask, check, section, &kept[section.word()])?;
    }
    Ok((saved, wrong))
}

/// What became of changes.
#[derive(Default)]
pub struct Changed {
    pub saved: Vec<String>,
    /// The sections that are to be written.
    pub touched: Vec<Section>,
    pub wrong: Vec<FieldError>,
}

/// Changes the sections kept of a check, as far as the changes fit.
pub fn change(
    ask: &Ask,
    check: &Check,
    kept: &mut BTreeMap<String, Kept>,
    changes: &[(String, String)],
    source: Option<&str>,
) -> Result<Changed> {
    let policy = check.policy(ask);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let scale = scale(ask, check)?;
    let mut all = Changed::default();
    for (id, text) in changes {
        let (section, fitting) = match fitting(&form, scale, id, text) {
            Ok(fits) => fits,
            Err(said) => {
                all.wrong.push(FieldError { field: id.clone(), said });
                continue;
            }
        };
        let here = kept.entry(section.word().to_string()).or_default();
        let before = here.values.get(id).cloned().unwrap_or_default();
        if before == fitting {
            continue;
        }
        match fitting.is_empty() {
            true => here.values.remove(id),
            false => here.values.insert(id.clone(), fitting),
        };
        match source {
            Some(source) => here.sources.insert(id.clone(), source.to_string()),
            None => here.sources.remove(id),
        };
        all.saved.push(id.clone());
        if !all.touched.contains(&section) {
            all.touched.push(section);
        }
    }
    Ok(all)
}

fn fitting(
    form: &Form<'_>,
    scale: &Instrument,
    id: &str,
    text: &str,
) -> std::result::Result<(Section, String), kit::Said> {
    if let Some(item) = scale.items.iter().find(|it| it.id == id) {
        let known = text.is_empty() || item.choices.iter().any(|it| it.score.to_string() == text);
        let said = kit::Said::new("条目“{item}”不能填“{value}”,可填 {allowed}")
            .with("item", &item.name)
            .with("value", text)
            .with("allowed", item.allowed());
        return if known { Ok((Section::SelfCare, text.to_string())) } else { Err(said) };
    }
    let item = form.item(id);
    let section = item.and_then(|it| form.section_of(it));
    let fits = if text.is_empty() { Ok(String::new()) } else { form.fitting(id, text) };
    match (section, fits) {
        (Some(section), Ok(text)) => Ok((section, text)),
        (_, Err(why)) => Err(why.text(item).into()),
        (None, Ok(_)) => Err(rules::healthcheck::Implausible::NoField.text(item).into()),
    }
}

/// Writes one section of a check.
pub fn write(to: &impl Put, ask: &Ask, check: &Check, section: Section, kept: &Kept) -> Result<()> {
    to.put(
        "insert into healthcheck_section (region, healthcheck, section, content, sources, account, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (region, healthcheck, section)
         do update set content = excluded.content, sources = excluded.sources, account = excluded.account,
                       who = excluded.who, at = excluded.at",
        &[
            &check.key.region,
            &check.key.id,
            &section.word(),
            &serde_json::to_string(&kept.values)?,
            &serde_json::to_string(&kept.sources)?,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )
}
