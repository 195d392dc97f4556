//! Random answers are scored as a second scorer does, written here from nothing but the domain tables.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::LazyLock};

use proptest::{prelude::*, sample::Index};
use rules::assessment::{Answers, Facts, score};
use serde_json::{Value as Json, json};
use toml::{Table, Value};

use crate::policy::shipped;

/// The tables by the ids of their instruments; empty where the tables are not here.
static TABLES: LazyLock<BTreeMap<&str, Table>> = LazyLock::new(|| {
    let files = [
        ("ltc-2021", "ltc_disability_2021"),
        ("gbt-42195-2022", "gbt_42195_2022"),
        ("phs-selfcare", "phs_selfcare"),
        ("tcm-33", "tcm_constitution_33"),
        ("general", "scales_general"),
    ];
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/domain/tables");
    let read = |(id, file)| Some((id, fs::read_to_string(folder.join(format!("{file}.toml"))).ok()?.parse().unwrap()));
    files.into_iter().filter_map(read).collect()
});

fn scored(instrument: &str, answers: Json, facts: Json) -> Json {
    let (answers, facts): (Answers, Facts) =
        (serde_json::from_value(answers).unwrap(), serde_json::from_value(facts).unwrap());
    serde_json::to_value(score(shipped().instrument(instrument).unwrap(), &answers, &facts).unwrap()).unwrap()
}

fn list(it: &Value) -> Vec<&Value> {
    it.as_array().unwrap().iter().collect()
}

fn number(it: &Value) -> f64 {
    it.as_float().unwrap_or_else(|| it.as_integer().unwrap() as f64)
}

fn text(it: &Value) -> &str {
    it.as_str().unwrap()
}

/// A JSON number without a needless fraction.
fn plain(it: f64) -> Json {
    if it.fract() == 0.0 { json!(it as i64) } else { json!(it) }
}

fn within(total: f64, first: &Value, last: &Value) -> bool {
    (number(first)..=number(last)).contains(&total)
}

/// An item of a table as name (or id) and possible scores, the reversed ones marked.
fn items_of(scale: &Table) -> Vec<(String, Vec<f64>, bool)> {
    let numbers = |it: &Value| list(it).into_iter().map(number).collect::<Vec<f64>>();
    if let Some(items) = scale.get("items") {
        return list(items).iter().map(|it| (text(&it[0]).to_owned(), numbers(&it[1]), false)).collect();
    }
    if let Some(sections) = scale.get("sections") {
        let upto = |it: &Value| (0..=it.as_integer().unwrap()).map(|it| it as f64).collect();
        return list(sections).iter().map(|it| (text(&it[0]).to_owned(), upto(&it[1]), false)).collect();
    }
    let Some(count) = scale.get("items_count").and_then(Value::as_integer) else {
        let ends = scale["bands"].as_array().unwrap().iter().flat_map(|it| [number(&it[0]), number(&it[1])]);
        let (lowest, highest) = ends.fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(it), high.max(it)));
        let step = if text(&scale["id"]) == "KPS" { 10 } else { 1 };
        let scores = (lowest as i64..=highest as i64).step_by(step).map(|it| it as f64).collect();
        return vec![("1".to_owned(), scores, false)];
    };
    let reversed = |item: i64| {
        let turned = scale.get("score_1_if_no").map(list).unwrap_or_default();
        turned.iter().any(|it| it.as_integer() == Some(item))
    };
    let scores = scale.get("item_scores").map_or(vec![0.0, 1.0], numbers);
    (1..=count).map(|it| (it.to_string(), scores.clone(), reversed(it))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn general_scales_agree_with_their_table(which in any::<Index>(), chosen in prop::collection::vec(any::<Index>(), 15)) {
        let Some(table) = TABLES.get("general") else { return Ok(()) };
        let scales = list(&table["scale"]);
        let scale = scales[which.index(scales.len())].as_table().unwrap();
        let Some(bands) = scale.get("bands").or(scale.get("severity")) else { return Ok(()) };
        let items = items_of(scale);
        let given: Vec<f64> = items.iter().zip(&chosen).map(|((_, scores, _), it)| *it.get(scores)).collect();
        let points = items.iter().zip(&given).map(|((_, scores, reversed), it)| {
            if *reversed { scores[0] + scores[scores.len() - 1] - it } else { *it }
        });
        let total: f64 = points.sum();
        let place = list(bands).iter().position(|it| within(total, &it[0], &it[1]));
        let Some(place) = place else { return Err(TestCaseError::fail(format!("{total} is in no band of the table"))) };
        let answers: serde_json::Map<String, Json> =
            items.iter().zip(&given).map(|((name, ..), it)| (name.clone(), plain(*it))).collect();
        let got = scored(text(&scale["id"]), Json::Object(answers), json!({}));
        prop_assert_eq!(&got["totals"]["total"], &plain(total));
        prop_assert_eq!(&got["bands"]["total"], &json!(place));
        prop_assert_eq!(got["level"]["name"].as_str(), list(bands)[place][2].as_str());
    }

    #[test]
    fn the_ltc_scale_agrees_with_its_table(worst in any::<Index>(), chosen in prop::collection::vec(any::<Index>(), 17)) {
        let Some(table) = TABLES.get("ltc-2021") else { return Ok(()) };
        // Answers near one end as well as all over the scale, so that every cell is met.
        let lowest_only = worst.index(18);
        let mut totals: BTreeMap<&str, f64> = BTreeMap::new();
        let mut answers = serde_json::Map::new();
        for (at, item) in list(&table["item"]).into_iter().enumerate() {
            let options = list(&item["options"]);
            let option = if at < lowest_only { options[0] } else { options[options.len() - 1 - chosen[at].index(options.len().min(2))] };
            let option = if lowest_only % 3 == 0 { options[chosen[at].index(options.len())] } else { option };
            *totals.entry(text(&item["primary"])).or_default() += number(&option[0]);
            answers.insert(text(&item["id"]).to_owned(), plain(number(&option[0])));
        }
        let band = |primary: &str| {
            let found = list(&table["primary"]).into_iter().find(|it| text(&it["id"]) == primary).unwrap();
            list(&found["bands"]).iter().position(|it| within(totals[primary], &it[0], &it[1])).unwrap()
        };
        let grade = &table["combination"]["matrix"][band("adl")][band("cog").max(band("sen"))];
        let got = scored("ltc-2021", Json::Object(answers), json!({}));
        for primary in ["adl", "cog", "sen"] {
            prop_assert_eq!(&got["totals"][primary], &plain(totals[primary]));
            prop_assert_eq!(&got["bands"][primary], &json!(band(primary)));
        }
        prop_assert_eq!(got["level"]["code"].as_i64(), grade.as_integer());
        let level = list(&table["level"]).into_iter().find(|it| it["code"] == *grade).unwrap();
        prop_assert_eq!(got["level"]["name"].as_str(), level["name"].as_str());
    }

    #[test]
    fn the_ability_scale_agrees_with_its_table(
        lowered in any::<Index>(),
        chosen in prop::collection::vec(any::<Index>(), 26),
        coma in any::<bool>(),
        diagnosis in prop::sample::select(vec!["F00", "F01.9", "F03", "f03.x00", "F00*", "F02.8*", "F00-F03", "F04", "F05", "F32.1", "F99", "F04-F99", "F00-F99", "F32.100x002", "G30", "G30.1†", "E99.9", "I10.x00x002", "I60-I62"]),
        events in prop::collection::btree_map(prop::sample::select(vec!["跌倒", "走失", "噎食", "自杀自伤", "其他"]), 0u32..3, 0..4),
    ) {
        let Some(table) = TABLES.get("gbt-42195-2022") else { return Ok(()) };
        let (mut total, mut answers, lowered) = (0.0, serde_json::Map::new(), lowered.index(27));
        for (at, item) in list(&table["item"]).into_iter().enumerate() {
            let options = list(if item["options"].is_str() { &table["std5"]["options"] } else { &item["options"] });
            let option = if at < lowered { options[chosen[at].index(options.len())] } else { options[0] };
            total += number(&option[0]);
            answers.insert(text(&item["id"]).to_owned(), plain(number(&option[0])));
        }
        let base = list(&table["level"]).iter().position(|it| within(total, &it["min"], &it["max"])).unwrap();
        let raised = diagnosis.to_lowercase().starts_with('f') || events.values().sum::<u32>() >= 2;
        let level = if coma { 4 } else { (base + usize::from(raised)).min(4) };
        let got = scored(
            "gbt-42195-2022",
            Json::Object(answers),
            json!({ "coma": coma, "diagnoses": [diagnosis], "risk_events": events }),
        );
        prop_assert_eq!(&got["totals"]["total"], &plain(total));
        prop_assert_eq!(&got["bands"]["total"], &json!(base));
        prop_assert_eq!(&got["level"]["code"], &json!(level));
        prop_assert_eq!(got["level"]["name"].as_str(), table["level"][level]["name"].as_str());
    }

    #[test]
    fn the_self_care_table_agrees_with_its_table(chosen in prop::collection::vec(0usize..4, 5)) {
        let Some(table) = TABLES.get("phs-selfcare") else { return Ok(()) };
        let (mut total, mut answers) = (0.0, serde_json::Map::new());
        for (item, chosen) in list(&table["item"]).into_iter().zip(chosen) {
            total += number(&item["scores"][chosen]);
            answers.insert(text(&item["id"]).to_owned(), plain(number(&item["scores"][chosen])));
        }
        let got = scored("phs-selfcare", Json::Object(answers), json!({}));
        let level = list(&table["level"]).into_iter().find(|it| within(total, &it["min"], &it["max"])).unwrap();
        prop_assert_eq!(&got["totals"]["total"], &plain(total));
        prop_assert_eq!(got["level"]["name"].as_str(), level["name"].as_str());
    }

    #[test]
    fn constitutions_agree_with_their_table(usual in 1i64..=4, answers in prop::collection::vec(1i64..=5, 33), often in any::<bool>()) {
        let Some(table) = TABLES.get("tcm-33") else { return Ok(()) };
        // Mostly one answer, so that the balanced type and its ceilings are met too.
        let answers: Vec<i64> = answers.into_iter().map(|it| if often { it } else { (usual - 2 + it / 3).clamp(1, 5) }).collect();
        let sum = |type_: &Value, reversed: &[&Value]| -> i64 {
            let items = list(&type_["items"]).into_iter();
            items.map(|it| {
                let answer = answers[it.as_integer().unwrap() as usize - 1];
                if reversed.contains(&it) { 6 - answer } else { answer }
            }).sum()
        };
        let got_answers: serde_json::Map<String, Json> =
            answers.iter().enumerate().map(|(at, it)| ((at + 1).to_string(), json!(it))).collect();
        let got = scored("tcm-33", Json::Object(got_answers), json!({}));
        let mut highest = 0;
        for type_ in list(&table["type"]) {
            let (name, total) = (text(&type_["name"]), sum(type_, &[]));
            highest = highest.max(total);
            let result = match total { 11.. => "是", 9..=10 => "倾向是", _ => "否" };
            prop_assert_eq!((&got["totals"][name], &got["results"][name]), (&json!(total), &json!(result)));
        }
        let balanced = sum(&table["balanced"], &list(&table["balanced"]["reversed"]));
        let result = match (balanced, highest) {
            (17.., ..=8) => "是",
            (17.., ..=10) => "基本是",
            _ => "否",
        };
        prop_assert_eq!((&got["totals"]["平和质"], &got["results"]["平和质"]), (&json!(balanced), &json!(result)));
    }

    /// Whatever one answer becomes, it is scored or refused by the item's name, and nothing else is said.
    #[test]
    fn one_bad_answer_is_refused_by_its_name(
        which in any::<Index>(),
        item in any::<Index>(),
        bad in prop::sample::select(vec![json!(null), json!("5"), json!("好"), json!([]), json!({}), json!(-1), json!(1_000_000), json!(0.3), json!(1e300), json!(true)]),
    ) {
        let library = shipped();
        let instruments = library.instruments();
        let instrument = &instruments[which.index(instruments.len())];
        let mut answers: BTreeMap<String, Json> =
            instrument.items.iter().map(|it| (it.id.clone(), json!(it.choices[0].score))).collect();
        let item = item.get(&instrument.items);
        prop_assume!(!(bad.is_boolean() && item.is_yes_no()));
        answers.insert(item.id.clone(), bad.clone());
        let refused = score(instrument, &Answers(answers), &Facts::default()).unwrap_err();
        prop_assert_eq!(refused.len(), 1);
        prop_assert_eq!(refused[0].field(), item.id.as_str());
        prop_assert!(refused[0].text().zh.contains(&item.name) && refused[0].text().en.contains(&item.name));
    }
}
