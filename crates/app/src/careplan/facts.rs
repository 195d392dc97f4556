//! What is known of an elder that a plan is drafted from: read from the modules that keep it, never guessed.

use std::collections::BTreeMap;

use kit::{Ask, Lang, Result, Tx};
use rules::{
    assessment::Direction,
    base::Text,
    care_plan::{Facts, Phase},
    elder_groups::Group,
    healthcheck::Form,
};

use super::words;
use crate::{
    assessment::{self, Assessment, Programme, Tier, scale},
    chronic,
    elders::{self, Elder, Key},
    healthcheck, tcm,
};

/// Everything known today, with what the elder wishes.
pub fn gather(tx: &Tx<'_>, ask: &Ask, elder: &Elder, wishes: &[String], phase: Option<Phase>) -> Result<Facts> {
    let key = &elder.key;
    let ability = assessment::current(tx, key, Programme::Ability)?;
    let ltci = assessment::current(tx, key, Programme::Ltci)?;
    let groups = elders::groups_of(tx, key)?;
    let in_groups = groups.iter().filter(|it| it.until.is_none()).filter_map(|it| Group::from_word(&it.kind)).collect();
    let mut facts = Facts {
        level: ability.as_ref().and_then(level),
        grade: ltci.as_ref().and_then(level),
        tier: ability.as_ref().and_then(tier).map(|it| it.code),
        items: ability.as_ref().map_or(Ok(Vec::new()), |it| dependent(tx, ask, it))?,
        diseases: chronic::kinds(tx, key)?,
        groups: in_groups,
        findings: healthcheck::findings(tx, key)?,
        constitution: tcm::last(tx, key)?.map(|it| it.constitution).filter(|it| !it.is_empty()),
        wishes: wishes.to_vec(),
        phase,
        names: BTreeMap::new(),
    };
    facts.names = names(ask, &facts, key, ability.as_ref());
    Ok(facts)
}

/// What people call what is known, for the reasons.
fn names(ask: &Ask, facts: &Facts, key: &Key, ability: Option<&Assessment>) -> BTreeMap<String, Text> {
    let in_both = |list: &'static [(&'static str, &'static str)], ids: &[String]| -> Vec<(String, Text)> {
        let of = |id: &String| Some((id.clone(), list.iter().find(|it| it.0 == id)?.1));
        ids.iter().filter_map(of).map(|(id, title)| (id, Text::new(title, Lang::En.t(title)))).collect()
    };
    let mut all = in_both(chronic::DISEASES, &facts.diseases);
    all.extend(in_both(words::WISHES, &facts.wishes));
    all.extend(facts.constitution.iter().map(|it| (it.clone(), Text::new(&**it, Lang::En.t(it)))));
    let policy = ask.app.policy_in(&key.region, ask.today());
    if let Ok(form) = Form::of(&policy) {
        let found = facts.findings.iter().filter_map(|id| form.item(id));
        all.extend(found.map(|it| (it.id.clone(), Text::new(&*it.name, &*it.name_en))));
    }
    if let Some(it) = ability.and_then(|it| ask.app.policy.instrument_edition(&it.instrument, &it.edition)) {
        all.extend(it.items.iter().map(|it| (it.id.clone(), Text::new(&*it.name, &*it.name_en))));
    }
    all.into_iter().collect()
}

fn level(it: &Assessment) -> Option<u8> {
    it.result.as_ref()?.level_number()
}

/// The tier of care that an assessment led to.
pub fn tier(it: &Assessment) -> Option<Tier> {
    serde_json::from_str(it.tier.as_deref()?).ok()
}

/// The items in which somebody reached no more than half of what can be reached: there help is needed.
fn dependent(tx: &Tx<'_>, ask: &Ask, it: &Assessment) -> Result<Vec<String>> {
    let Some(instrument) = ask.app.policy.instrument_edition(&it.instrument, &it.edition) else {
        return Ok(Vec::new());
    };
    if instrument.direction != Direction::HigherIsBetter {
        return Ok(Vec::new());
    }
    let given = scale::given(tx, it)?;
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let needs_help = |item: &&rules::assessment::Item| {
        let scores = item.choices.iter().filter_map(|it| number(&it.score.to_string()));
        let most = scores.fold(0.0, f64::max);
        given.get(&item.id).and_then(|it| number(it)).is_some_and(|it| it * 2.0 <= most)
    };
    Ok(instrument.items.iter().filter(needs_help).map(|it| it.id.clone()).collect())
}
