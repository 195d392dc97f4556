//! The reference vectors of the domain tables: an independent scorer computed them from the same tables.

use std::{fs, path::PathBuf};

use rules::{
    assessment::{Answers, Facts, Instrument, score},
    base::{IdNumber, Uscc},
};
use serde_json::{Map, Value, json};

use crate::policy::shipped;

fn golden() -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/domain/tables/golden.json");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("{} is not here; the reference vectors are not compared", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn scored(instrument: &Instrument, answers: &Value, facts: &Value) -> Value {
    let answers: Answers = serde_json::from_value(answers.clone()).unwrap();
    let facts: Facts = serde_json::from_value(facts.clone()).unwrap();
    serde_json::to_value(score(instrument, &answers, &facts).unwrap()).unwrap()
}

fn numbers(it: &Value) -> Vec<u64> {
    it.as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect()
}

#[test]
fn the_ltc_scale_agrees_with_the_reference() {
    let Some(golden) = golden() else { return };
    let library = shipped();
    let ltc = library.instrument("ltc-2021").unwrap();
    for vector in golden["ltc"].as_array().unwrap() {
        let (got, expected) = (scored(ltc, &vector["in"], &json!({})), &vector["out"]);
        assert_eq!(got["totals"], expected["totals"]);
        assert_eq!(got["bands"], expected["bands"]);
        assert_eq!(got["level"], json!({ "code": expected["grade"], "name": expected["name"] }));
    }
}

/// One answer sheet for each cell of the matrix, row by ADL, column by the worse of the two others.
#[test]
fn every_cell_of_the_ltc_matrix_agrees_with_the_reference() {
    let Some(golden) = golden() else { return };
    let library = shipped();
    let ltc = library.instrument("ltc-2021").unwrap();
    let rows: [&[(&str, u8)]; 4] = [
        &[],
        &[("adl10", 0)],
        &[("adl07", 0), ("adl08", 0), ("adl10", 0), ("adl03", 0)],
        &[("adl07", 0), ("adl08", 0), ("adl10", 0), ("adl03", 0), ("adl01", 0), ("adl02", 0)],
    ];
    let columns: [&[(&str, u8)]; 4] = [
        &[],
        &[("cog01", 3)],
        &[("cog01", 2), ("cog02", 0), ("cog03", 0), ("cog04", 0)],
        &[("cog01", 0), ("cog02", 0), ("cog03", 0), ("cog04", 0)],
    ];
    for (row, adl) in rows.iter().enumerate() {
        for (column, cognition) in columns.iter().enumerate() {
            let highest = ltc.items.iter().map(|it| (it.id.clone(), json!(it.choices.iter().map(|it| it.score).max())));
            let mut answers: Map<String, Value> = highest.collect();
            answers.extend(adl.iter().chain(*cognition).map(|(item, score)| ((*item).to_owned(), json!(score))));
            let got = scored(ltc, &Value::Object(answers), &json!({}));
            assert_eq!(got["level"]["code"], golden["ltc_matrix"][row][column], "row {row} column {column}");
        }
    }
}

#[test]
fn the_self_rating_form_agrees_with_the_reference() {
    let Some(golden) = golden() else { return };
    let library = shipped();
    let form = library.instrument("ltc-self-rating").unwrap();
    for vector in golden["self_rating"].as_array().unwrap() {
        let (a, b) = (vector[0].as_u64().unwrap() as usize, vector[1].as_u64().unwrap() as usize);
        let (class_a, class_b) = (["eat", "control", "bathe"], ["dress", "toilet", "transfer"]);
        let dependent = class_a.iter().take(a).chain(class_b.iter().take(b));
        let mut answers: Map<String, Value> = form.items.iter().map(|it| (it.id.clone(), json!(1))).collect();
        answers.extend(dependent.map(|it| ((*it).to_owned(), json!(2))));
        assert_eq!(scored(form, &Value::Object(answers), &json!({}))["level"]["code"], vector[2], "{vector}");
    }
}

/// Answers of GB/T 42195 with a given total: items are lowered from the highest scores, in order.
fn gbt_answers(gbt: &Instrument, total: u64) -> Value {
    let mut left = 90 - total;
    let answers = gbt.items.iter().map(|item| {
        let highest =
            item.choices.iter().map(|it| serde_json::to_value(it.score).unwrap().as_u64().unwrap()).max().unwrap();
        let lowered = left.min(highest);
        left -= lowered;
        (item.id.clone(), json!(highest - lowered))
    });
    Value::Object(answers.collect())
}

#[test]
fn the_ability_scale_agrees_with_the_reference() {
    let Some(golden) = golden() else { return };
    let library = shipped();
    let gbt = library.instrument("gbt-42195-2022").unwrap();
    for vector in golden["gbt42195"].as_array().unwrap().iter().map(numbers) {
        let [total, coma, condition, level] = vector[..] else { panic!("{vector:?}") };
        let diagnoses = if condition == 1 { json!(["F00-F03"]) } else { json!([]) };
        let got = scored(gbt, &gbt_answers(gbt, total), &json!({ "coma": coma == 1, "diagnoses": diagnoses }));
        assert_eq!(
            (got["totals"]["total"].clone(), got["level"]["code"].clone()),
            (json!(total), json!(level)),
            "{vector:?}"
        );
    }
}

#[test]
fn the_self_care_table_agrees_with_the_reference() {
    let Some(golden) = golden() else { return };
    let library = shipped();
    let table = library.instrument("phs-selfcare").unwrap();
    let options = [[0, 0, 3, 5], [0, 1, 3, 7], [0, 0, 3, 5], [0, 1, 5, 10], [0, 1, 5, 10]];
    for vector in golden["selfcare"].as_array().unwrap() {
        let chosen = numbers(&vector[0]);
        let ids = ["eat", "wash", "dress", "toilet", "move"].into_iter();
        let answers = ids.enumerate().map(|(at, id)| (id.to_owned(), json!(options[at][chosen[at] as usize])));
        let got = scored(table, &Value::Object(answers.collect()), &json!({}));
        assert_eq!((&got["totals"]["total"], &got["level"]["name"]), (&vector[1], &vector[2]));
    }
}

#[test]
fn the_constitution_questionnaire_agrees_with_the_reference() {
    let Some(golden) = golden() else { return };
    let library = shipped();
    let tcm = library.instrument("TCM33").unwrap();
    for vector in golden["tcm"].as_array().unwrap() {
        let answers = numbers(&vector["in"]).into_iter().enumerate().map(|(at, it)| ((at + 1).to_string(), json!(it)));
        let got = scored(tcm, &Value::Object(answers.collect()), &json!({}));
        assert_eq!(got["totals"], vector["out"]["scores"]);
        assert_eq!(got["results"], vector["out"]["result"]);
    }
}

#[test]
fn id_numbers_and_institution_codes_agree_with_the_reference() {
    let Some(golden) = golden() else { return };
    for vector in golden["id"].as_array().unwrap() {
        assert_eq!(json!(vector[0].as_str().unwrap().parse::<IdNumber>().is_ok()), vector[1], "{vector}");
    }
    for vector in golden["uscc"].as_array().unwrap() {
        assert_eq!(json!(vector[0].as_str().unwrap().parse::<Uscc>().is_ok()), vector[1], "{vector}");
    }
}
