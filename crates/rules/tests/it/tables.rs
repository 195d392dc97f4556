//! The instruments hold the same items, scores and bands as the domain tables they were written from.

use std::{collections::BTreeSet, fs, path::PathBuf};

use rules::assessment::{Answers, Facts, Instrument, Points, score};
use serde_json::json;
use toml::{Table, Value};

use crate::policy::shipped;

fn table(name: &str) -> Option<Table> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/domain/tables").join(name);
    let Ok(text) = fs::read_to_string(&path) else {
        println!("{} is not here; the tables are not compared", path.display());
        return None;
    };
    Some(text.parse().unwrap())
}

fn points(it: &Value) -> Points {
    let number = it.as_integer().map(|it| it.to_string()).or_else(|| it.as_float().map(|it| it.to_string()));
    Points::parse(&number.unwrap()).unwrap()
}

fn scores(instrument: &Instrument, item: usize) -> BTreeSet<Points> {
    instrument.items[item].choices.iter().map(|it| it.score).collect()
}

/// Every scale of the table with items: as many, in this order, with these scores.
#[test]
fn items_and_scores_are_those_of_the_table() {
    let Some(table) = table("scales_general.toml") else { return };
    let mut compared = 0;
    for scale in table["scale"].as_array().unwrap() {
        let instrument = shipped().instrument(scale["id"].as_str().unwrap()).unwrap();
        let Some(items) = scale.get("items").and_then(Value::as_array) else { continue };
        assert_eq!(instrument.items.len(), items.len(), "{}", instrument.id);
        for (at, item) in items.iter().enumerate() {
            let expected: BTreeSet<Points> = item[1].as_array().unwrap().iter().map(points).collect();
            assert_eq!(scores(instrument, at), expected, "{} item {}", instrument.id, at + 1);
            let name = item[0].as_str().unwrap();
            assert!(name.starts_with(&instrument.items[at].name), "{name} is not {}", instrument.items[at].name);
            assert_eq!(instrument.items[at].id, (at + 1).to_string());
        }
        compared += 1;
    }
    assert_eq!(compared, 11);
}

/// Every band of the table, at both its ends, by an answer sheet that gives that total.
#[test]
fn bands_are_those_of_the_table() {
    let Some(table) = table("scales_general.toml") else { return };
    for scale in table["scale"].as_array().unwrap() {
        let instrument = shipped().instrument(scale["id"].as_str().unwrap()).unwrap();
        let bands = scale.get("bands").or(scale.get("severity")).and_then(Value::as_array);
        for band in bands.into_iter().flatten() {
            for end in [&band[0], &band[1]] {
                let Some(answers) = answers_with_total(instrument, points(end)) else { continue };
                let scored = score(instrument, &answers, &Facts::default()).unwrap();
                assert_eq!(scored.totals["total"], points(end));
                assert_eq!(Some(scored.level.unwrap().name.as_str()), band[2].as_str(), "{} {end:?}", instrument.id);
            }
        }
    }
}

/// Some answers with that total, found by trying; none where no answers give it.
fn answers_with_total(instrument: &Instrument, total: Points) -> Option<Answers> {
    let mut sheets: Vec<(Points, Vec<Points>)> = vec![(Points::default(), vec![])];
    for (at, item) in instrument.items.iter().enumerate() {
        let mut seen = BTreeSet::new();
        let longer = sheets.iter().flat_map(|(sum, chosen)| {
            item.choices.iter().map(move |choice| (*sum + choice.score, [chosen.as_slice(), &[choice.score]].concat()))
        });
        sheets = longer.filter(|(sum, _)| seen.insert(*sum)).collect();
        assert!(!sheets.is_empty(), "item {at}");
    }
    // Reversed items only change which sheet gives a total, so each sheet is scored.
    let answers = |chosen: &[Points]| {
        Answers(instrument.items.iter().zip(chosen).map(|(it, score)| (it.id.clone(), json!(score))).collect())
    };
    let gives =
        |given: &Answers| score(instrument, given, &Facts::default()).is_ok_and(|it| it.totals["total"] == total);
    sheets.iter().map(|(_, chosen)| answers(chosen)).find(gives)
}

#[test]
fn the_national_scales_are_those_of_their_tables() {
    for (file, id) in [("ltc_disability_2021.toml", "ltc-2021"), ("gbt_42195_2022.toml", "gbt-42195-2022")] {
        let Some(table) = table(file) else { return };
        let instrument = shipped().instrument(id).unwrap();
        let items = table["item"].as_array().unwrap();
        assert_eq!(items.len(), instrument.items.len());
        for (at, item) in items.iter().enumerate() {
            assert_eq!(
                (item["id"].as_str(), item["name"].as_str()),
                (Some(instrument.items[at].id.as_str()), Some(instrument.items[at].name.as_str()))
            );
            let options = item["options"].as_array().unwrap_or_else(|| table["std5"]["options"].as_array().unwrap());
            let expected: BTreeSet<Points> = options.iter().map(|it| points(&it[0])).collect();
            assert_eq!(scores(instrument, at), expected, "{id} {}", instrument.items[at].id);
        }
    }
}
