//! The form of the yearly check as it is shipped: every word leads somewhere, and no text makes it stumble.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rules::{
    base::{Date, Region},
    healthcheck::{Form, LabReading, OfSex, Section, Values, read_lab},
    policy::InForce,
};

use crate::policy::shipped;

fn policy() -> InForce<'static> {
    shipped().at(Region::NATION, "2026-03-01".parse::<Date>().unwrap())
}

#[test]
fn every_item_has_its_part_and_every_part_its_items() {
    let policy = policy();
    let form = Form::of(&policy).unwrap();
    let parts: BTreeSet<&str> = form.parts.iter().map(|it| &*it.name).collect();
    let mut ids = BTreeSet::new();
    for item in form.items() {
        assert!(parts.contains(&*item.part), "{}: {}", item.id, item.part);
        assert!(ids.insert(&*item.id), "{} stands there twice", item.id);
        let words: BTreeSet<&str> = item.choices.iter().map(|it| &*it.word).collect();
        assert_eq!(words.len(), item.choices.len(), "{}", item.id);
        assert!(words.iter().all(|it| !it.contains(' ')), "{}: choices are joined by a space", item.id);
    }
    for part in form.parts.iter().filter(|it| it.section != Section::SelfCare) {
        assert!(form.items().any(|it| it.part == part.name && !it.optional.is_yes()), "{}", part.name);
        assert!(part.required.is_yes() || !part.counts.is_yes(), "{}: what counts is required", part.name);
    }
}

#[test]
fn every_finding_leads_to_guidance_and_every_scale_named_exists() {
    let policy = policy();
    let form = Form::of(&policy).unwrap();
    let known: BTreeSet<&str> = form.guidance.iter().map(|it| &*it.id).collect();
    for item in form.items() {
        let advised = item.findings.iter().map(|it| &it.advised);
        let of_choices = item.choices.iter().filter_map(|it| it.finding.as_ref());
        for id in advised.chain(of_choices).flat_map(|it| &it.guidance) {
            assert!(known.contains(&**id), "{}: {id}", item.id);
        }
    }
    for instrument in form.guidance.iter().filter_map(|it| it.instrument.as_deref()) {
        assert!(shipped().instrument(instrument).is_some(), "{instrument}");
    }
}

#[test]
fn references_and_thresholds_lie_within_what_can_be() {
    let policy = policy();
    let form = Form::of(&policy).unwrap();
    for item in form.items() {
        let Some([lowest, highest]) = item.plausible else { continue };
        let bounds = item.references.iter().flat_map(|it| [it.low, it.high]);
        let thresholds = item.findings.iter().flat_map(|it| [it.at_least, it.at_most]);
        for bound in bounds.chain(thresholds).flatten() {
            assert!(lowest <= bound && bound <= highest, "{}: {bound}", item.id);
        }
        for sex in [OfSex::Male, OfSex::Female] {
            let is_told = item.references.is_empty() || item.reference(Some(sex)).is_some();
            assert!(is_told, "{}: one sex has no reference", item.id);
        }
    }
}

#[test]
fn laboratory_codes_lead_to_fields_and_name_each_only_once() {
    let policy = policy();
    let form = Form::of(&policy).unwrap();
    let mut names = BTreeSet::new();
    for code in policy.read(|it| &it.healthcheck.lab_codes).unwrap() {
        let item = form.item(&code.item).unwrap_or_else(|| panic!("{}", code.item));
        for name in code.codes.iter().chain(&code.names).map(|it| it.to_uppercase()) {
            assert!(names.insert(name.clone()) || code.codes.iter().any(|it| it.to_uppercase() == name), "{name}");
        }
        for word in &code.words {
            assert!(item.choice(&word.word).is_some(), "{}: {}", item.id, word.word);
        }
    }
}

proptest! {
    #[test]
    fn what_fits_a_field_fits_it_again(text in "\\PC{0,12}", at in 0_usize..200) {
        let policy = policy();
        let form = Form::of(&policy).unwrap();
        let items: Vec<_> = form.items().collect();
        let id = &items[at % items.len()].id;
        if let Ok(kept) = form.fitting(id, &text) {
            prop_assert_eq!(form.fitting(id, &kept), Ok(kept.clone()));
            let values = Values::from([(id.clone(), kept)]);
            form.judge(&values, Some(OfSex::Female));
            prop_assert!(!form.missing(&values, false).parts.is_empty());
        }
    }

    #[test]
    fn no_line_of_a_laboratory_is_too_odd(code in "\\PC{0,8}", value in "\\PC{0,10}", unit in "\\PC{0,6}") {
        let policy = policy();
        let form = Form::of(&policy).unwrap();
        for code in [code, "GLU".to_string()] {
            let reading = LabReading { code, name: String::new(), value: value.clone(), unit: unit.clone() };
            if let Ok((item, text)) = read_lab(&reading, &form, &policy).unwrap() {
                prop_assert_eq!(form.fitting(&item, &text), Ok(text.clone()));
            }
        }
    }
}
