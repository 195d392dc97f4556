//! Instruments refuse what is doubtful and explain what they do.

use proptest::prelude::*;
use rules::assessment::{Answers, BadAnswer, FactUsed, Facts, Instrument, Points, Scored, score};
use serde_json::{Value, json};

use crate::policy::shipped;

fn answers(value: Value) -> Answers {
    serde_json::from_value(value).unwrap()
}

fn facts(value: Value) -> Facts {
    serde_json::from_value(value).unwrap()
}

fn all(instrument: &Instrument, pick: fn(&mut dyn Iterator<Item = Points>) -> Option<Points>) -> Answers {
    let score = |it: &rules::assessment::Item| json!(pick(&mut it.choices.iter().map(|it| it.score)));
    Answers(instrument.items.iter().map(|it| (it.id.clone(), score(it))).collect())
}

fn highest(instrument: &Instrument) -> Answers {
    all(instrument, |it| it.max())
}

fn with(mut answers: Answers, item: &str, value: Value) -> Answers {
    answers.0.insert(item.to_owned(), value);
    answers
}

fn said(scored: &Scored, words: &str) -> bool {
    scored.reasons.iter().any(|it| it.text.zh.contains(words) || it.text.en.contains(words))
}

#[test]
fn every_instrument_of_the_tables_is_here() {
    let library = shipped();
    let ids = "ltc-2021 gbt-42195-2022 phs-selfcare tcm-33 ltc-self-rating BARTHEL KATZ LAWTON_IADL MINICOG AD8 MMSE GDS15 PHQ9 GAD7 MORSE BRADEN \
        MNA_SF NRS2002 SARC_F FRAIL NRS_PAIN WATER_SWALLOW KPS ECOG PPS CFS CDR LTC_2021 GBT_42195_2022 PHS_SELFCARE TCM33";
    for id in ids.split_whitespace() {
        assert!(library.instrument(id).is_some(), "{id}");
    }
    assert!(library.instrument("moca").is_none());
}

#[test]
fn a_scale_refuses_a_missing_answer_by_the_items_name() {
    let library = shipped();
    let ltc = library.instrument("ltc-2021").unwrap();
    let mut given = highest(ltc);
    given.0.remove("adl05");
    let bad = score(ltc, &given, &Facts::default()).unwrap_err();
    assert_eq!(bad.len(), 1);
    assert_eq!(bad[0].text().zh, "条目“小便控制”（adl05）没有作答；可填 0、5、10");
    assert!(bad[0].text().en.contains("Bladder control"));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let library = shipped();
    let gbt = library.instrument("gbt-42195-2022").unwrap();
    let given = with(with(highest(gbt), "B1.1", json!(9)), "B9.9", json!(1));
    let bad = score(gbt, &given, &facts(json!({ "coma": "是", "mood": 1 }))).unwrap_err();
    let fields: Vec<&str> = bad.iter().map(BadAnswer::field).collect();
    assert_eq!(fields, ["B9.9", "B1.1", "coma", "mood"]);
}

#[test]
fn only_a_number_is_a_score() {
    let library = shipped();
    let ltc = library.instrument("ltc-2021").unwrap();
    assert!(score(ltc, &with(highest(ltc), "adl01", json!(5.0)), &Facts::default()).is_ok());
    for bad in [
        json!(5.5),
        json!("5"),
        json!({ "score": 5 }),
        json!("五"),
        json!(-5),
        json!(true),
        json!([5]),
        json!(1e300),
        json!("5e0"),
        json!(""),
    ] {
        let refused = score(ltc, &with(highest(ltc), "adl01", bad.clone()), &Facts::default()).unwrap_err();
        assert_eq!(refused[0].field(), "adl01", "{bad}");
    }
}

#[test]
fn an_item_answered_twice_is_refused() {
    assert!(serde_json::from_str::<Answers>(r#"{"adl01": 5, "adl01": 10}"#).is_err());
    let library = shipped();
    let ltc = library.instrument("ltc-2021").unwrap();
    let bad = score(ltc, &with(highest(ltc), "进食", json!(5)), &Facts::default()).unwrap_err();
    assert!(matches!(bad[0], BadAnswer::Twice { .. }));
}

#[test]
fn yes_and_no_may_be_written_in_three_ways() {
    let library = shipped();
    let gds = library.instrument("gds15").unwrap();
    for (yes, no) in [(json!(1), json!(0)), (json!(true), json!(false)), (json!("是"), json!("否"))] {
        let given = gds
            .items
            .iter()
            .enumerate()
            .map(|(at, it)| (it.id.clone(), if at % 2 == 0 { yes.clone() } else { no.clone() }));
        let scored = score(gds, &Answers(given.collect()), &Facts::default()).unwrap();
        // Yes to 1, 3, 5, 7, 9, 11, 13, 15: points for 3, 9 and 15, none for the reversed ones.
        assert_eq!(scored.totals["total"], Points::whole(3));
    }
    let barthel = library.instrument("barthel").unwrap();
    assert!(score(barthel, &with(highest(barthel), "2", json!("是")), &Facts::default()).is_err());
}

#[test]
fn the_output_has_exactly_the_promised_keys() {
    let library = shipped();
    let ltc = library.instrument("ltc-2021").unwrap();
    let value = serde_json::to_value(score(ltc, &highest(ltc), &Facts::default()).unwrap()).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["instrument", "edition", "totals", "bands", "level", "results", "reasons", "confirmed"]);
    assert_eq!(value["level"], json!({ "code": 0, "name": "基本正常" }));
    assert_eq!(value["totals"], json!({ "adl": 100, "cog": 16, "sen": 12 }));
    assert_eq!(value["confirmed"]["bands"], json!(0));
    assert!(value["confirmed"]["zh"].as_str().unwrap().contains("界值凭记忆"));
}

#[test]
fn a_half_point_stays_a_half_point() {
    let library = shipped();
    let cdr = library.instrument("cdr").unwrap();
    let value = serde_json::to_value(score(cdr, &answers(json!({ "1": 0.5 })), &Facts::default()).unwrap()).unwrap();
    assert_eq!((&value["totals"]["total"], &value["level"]["code"]), (&json!(0.5), &json!(0.5)));
}

#[test]
fn each_step_is_explained_with_its_document() {
    let library = shipped();
    let gbt = library.instrument("gbt-42195-2022").unwrap();
    let given = facts(json!({ "diagnoses": ["f01.9"], "risk_events": { "跌倒": 1, "自杀、自伤": 1 } }));
    let scored = score(gbt, &highest(gbt), &given).unwrap();
    assert!(said(&scored, "总分合计 90：自理能力 32 + 基础运动能力 15 + 精神状态 28 + 感知觉与社会参与 15"));
    assert!(said(&scored, "总分 90 在 90：能力完好"));
    assert!(said(&scored, "诊断 F01（痴呆）；近 30 天照护风险事件 2 次，加重 1 级（不累加）"));
    assert!(scored.reasons.iter().all(|it| it.document == "gbt-42195-2022" && !it.clause.is_empty()));
}

#[test]
fn a_fact_the_scale_does_not_use_is_said_to_be_unused() {
    let library = shipped();
    let ltc = library.instrument("ltc-2021").unwrap();
    let scored = score(ltc, &highest(ltc), &facts(json!({ "coma": true }))).unwrap();
    assert_eq!(scored.level.as_ref().map(|it| it.name.as_str()), Some("基本正常"));
    assert!(said(&scored, "不看“昏迷”"));
}

#[test]
fn tied_and_contradictory_constitutions_are_left_to_the_doctor() {
    let library = shipped();
    let tcm = library.instrument("tcm-33").unwrap();
    let mut given = all(tcm, |it| it.min());
    for item in ["11", "12", "29", "10", "21", "26"] {
        given.0.insert(item.to_owned(), json!(4));
    }
    let scored = score(tcm, &given, &Facts::default()).unwrap();
    assert_eq!((scored.results["阳虚质"].as_str(), scored.results["阴虚质"].as_str()), ("是", "是"));
    assert!(said(&scored, "得分相同，由中医师判定主次") && said(&scored, "相互矛盾"));
    assert!(scored.level.is_none());
}

#[test]
fn an_unreached_education_cut_off_is_not_guessed() {
    let library = shipped();
    let mmse = library.instrument("mmse").unwrap();
    let scored = score(mmse, &highest(mmse), &Facts::default()).unwrap();
    assert!(scored.results.is_empty() && said(&scored, "不知道受教育程度"));
}

#[test]
fn an_outline_says_how_a_form_is_divided_and_where_the_matrix_stands() {
    let ltc = shipped().instrument("ltc-2021").unwrap();
    let chapters: Vec<(&str, usize)> = ltc.chapters().iter().map(|it| (it.id, it.items.len())).collect();
    assert_eq!(chapters, [("adl", 10), ("cog", 4), ("sen", 3)]);
    let grid = ltc.grid().unwrap();
    assert_eq!((grid.row, grid.columns.as_slice(), grid.cells.len()), ("adl", ["cog", "sen"].as_slice(), 4));
    let gbt = shipped().instrument("gbt-42195-2022").unwrap();
    assert_eq!((gbt.chapters().len(), gbt.grid().is_none()), (4, true));
    assert_eq!(gbt.facts_used(), [FactUsed::Coma, FactUsed::Diagnoses, FactUsed::RiskEvents]);
    assert_eq!(shipped().instrument("mmse").unwrap().facts_used(), [FactUsed::Education]);
    assert!(shipped().instrument("tcm-33").unwrap().chapters().is_empty(), "its types share items");
}

#[test]
fn a_doubtful_instrument_file_is_refused() {
    let good = "编号: x\n版本: a\n名称: 甲\n英文: X\n依据: { 文件: d }\n方向: 分高为好\n许可: 无\n可信:\n  条目: { 来源: 0, 说明: 无 }\n  \
        分值: { 来源: 0, 说明: 无 }\n  界值: { 来源: 0, 说明: 无 }\n条目:\n  - { 编号: a, 名称: 一, 英文: One, 选项: { 0: 低, 1: 高 } }\n  \
        - { 编号: b, 名称: 二, 英文: Two, 选项: { 0: 低, 1: 高 } }\n合计:\n  - 编号: total\n    名称: 总分\n    英文: Total\n    权重: { b: 3 }\n    \
        分段:\n      - { 从: 0, 到: 1, 名称: 低, 英文: low }\n      - { 从: 3, 到: 4, 名称: 高, 英文: high }\n定级: { 按分段: total }\n";
    let instrument = Instrument::read("x.yaml", good).unwrap();
    let scored = score(&instrument, &answers(json!({ "a": 1, "b": 1 })), &Facts::default()).unwrap();
    assert_eq!((scored.totals["total"], scored.level.unwrap().name.as_str()), (Points::whole(4), "高"));
    for (from, to, words) in [
        ("从: 3", "从: 4", "3 分时落在 0 个分段"),
        ("从: 3", "从: 1", "1 分时落在 2 个分段"),
        ("按分段: total", "按分段: sum", "没有带分段的合计“sum”"),
        ("权重: { b: 3 }", "权重: { c: 3 }", "没有条目“c”"),
        ("名称: 二", "名称: 一", "“一”指两个条目"),
        ("选项: { 0: 低, 1: 高 } }\n合计", "选项: std }\n合计", "没有选项组“std”"),
        ("方向: 分高为好", "方向: 越高越好", "“越高越好”不是可以选的词"),
        ("许可: 无", "许可证: 无", "没有“许可证”这一项"),
    ] {
        let faults = Instrument::read("x.yaml", &good.replacen(from, to, 1)).unwrap_err();
        assert!(faults.iter().any(|it| it.text.zh.contains(words)), "{from} → {to}: {faults:?}");
    }
    assert_ne!(Instrument::read("x.yaml", &good.replace("1: 高", "1: 多")).unwrap().digest(), instrument.digest());
}

proptest! {
    #[test]
    fn a_worse_answer_never_gives_a_better_level(scores in proptest::collection::vec(0usize..5, 17), item in 0usize..17) {
        let library = shipped();
        let ltc = library.instrument("ltc-2021").unwrap();
        let chosen = |at: usize, down: usize| {
            let choices = &ltc.items[at].choices;
            json!(choices[(scores[at] % choices.len()).saturating_sub(down)].score)
        };
        let better = Answers(ltc.items.iter().enumerate().map(|(at, it)| (it.id.clone(), chosen(at, 0))).collect());
        let worse = with(better.clone(), &ltc.items[item].id, chosen(item, 1));
        let level = |given: &Answers| {
            let code = score(ltc, given, &Facts::default()).unwrap().level.unwrap().code;
            ltc.levels().iter().position(|it| it.code == code).unwrap()
        };
        prop_assert!(level(&better) <= level(&worse));
    }

    #[test]
    fn no_answer_makes_a_scale_panic(key in "\\PC{0,8}", text in "\\PC{0,12}", number in any::<f64>()) {
        let library = shipped();
        for instrument in library.instruments().iter().take(3) {
            for value in [json!(text), json!(number), json!({ key.clone(): text.clone() })] {
                let _ = score(instrument, &with(highest(instrument), &instrument.items[0].id, value.clone()), &Facts::default());
                for fact in ["coma", "diagnoses", "risk_events", "education", key.as_str()] {
                    let _ = score(instrument, &highest(instrument), &Facts([(fact.to_owned(), value.clone())].into()));
                }
            }
        }
    }
}

#[test]
fn a_total_knows_its_range() {
    let range = |id: &str, at: usize| {
        let total = &shipped().instrument(id).unwrap().totals()[at];
        (total.id.clone(), total.lowest, total.highest)
    };
    assert_eq!(range("ltc-2021", 0), ("adl".into(), Points::whole(0), Points::whole(100)));
    assert_eq!(range("gbt-42195-2022", 4), ("total".into(), Points::whole(0), Points::whole(90)));
    assert_eq!(range("tcm-33", 8), ("平和质".into(), Points::whole(5), Points::whole(25)));
    assert_eq!(range("phs-selfcare", 0), ("total".into(), Points::whole(0), Points::whole(37)));
}
