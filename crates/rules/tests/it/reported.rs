//! The figures that the five source documents print, entered as reports: exactly what cannot be true is found.

use std::path::Path;

use rules::{
    policy::Library,
    reported::{self, Entry, Kind},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Facts {
    fact: Vec<Fact>,
}

#[derive(Deserialize)]
struct Fact {
    id: String,
    doc: String,
    numerator: Option<u64>,
    denominator: Option<u64>,
    value: Option<f64>,
    printed: Option<f64>,
}

/// What the documents call a figure, as an item of the report.
fn item(id: &str) -> &'static str {
    match id {
        "MY-infirmaries" => "institutions_infirmary",
        "MY-internal-medical" => "institutions_internal",
        "MY-cooperating" => "institutions_cooperating",
        "JL-integrated" => "institutions_integrated",
        "MY-green-channel" | "JL-green-channel" => "green_channel",
        it if it.ends_with("health-managed") => "health_managed",
        it if it.ends_with("contracts") || it.ends_with("coverage") => "contract_coverage",
        _ => "other",
    }
}

/// `0.812` as `81.2%`, with the decimals it was printed with.
fn per_cent(printed: f64) -> String {
    let text = format!("{printed}");
    let decimals = text.split_once('.').map_or(0, |it| it.1.len()).saturating_sub(2);
    format!("{:.decimals$}%", printed * 100.0)
}

#[test]
fn of_all_printed_figures_exactly_mianyangs_three_errors_are_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Ok(text) = std::fs::read_to_string(root.join("../shared/mission/facts.toml")) else {
        eprintln!("skipped: ../shared/mission/facts.toml is not there");
        return;
    };
    let facts: Facts = toml::from_str(&text).unwrap();
    let library = Library::load(&[root.join("policy")]).unwrap();
    let policy = library.at("510700".parse().unwrap(), "2026-11-25".parse().unwrap());
    let mut found = Vec::new();
    for document in ["CQ", "XA", "MY", "LN", "JL"] {
        let of_document: Vec<&Fact> = facts.fact.iter().filter(|it| it.doc == document).collect();
        assert!(!of_document.is_empty());
        let mut entries: Vec<Entry> = of_document
            .iter()
            .map(|it| Entry {
                item: item(&it.id).into(),
                numerator: it.numerator.or(it.value.map(|it| it as u64)),
                denominator: it.denominator,
                printed: it.printed.map(|it| per_cent(it).parse().unwrap()),
            })
            .collect();
        // What the documents print inside a sentence.
        if document == "MY" {
            let printed = Some("33‰".parse().unwrap());
            entries.push(Entry {
                item: "beds_per_thousand".into(),
                numerator: Some(38_000),
                denominator: Some(1_198_700),
                printed,
            });
            let youxian = Some("17.36%".parse().unwrap());
            entries.push(Entry {
                item: "elders_share".into(),
                numerator: Some(95_500),
                denominator: Some(550_000),
                printed: youxian,
            });
        }
        if document == "JL" {
            for (item, n) in
                [("institutions_cooperating", 243), ("institutions_internal", 22), ("institutions_infirmary", 6)]
            {
                entries.push(Entry { item: item.into(), numerator: Some(n), denominator: Some(289), printed: None });
            }
        }
        for it in reported::findings(&entries, &policy).unwrap() {
            let parts = it.entries.iter().map(|at| entries[*at].numerator.unwrap()).collect::<Vec<_>>();
            found.push((document, it.kind, parts));
        }
    }
    found.sort();
    assert_eq!(
        found,
        [
            ("MY", Kind::Rate, vec![218]),
            ("MY", Kind::Rate, vec![38_000]),
            ("MY", Kind::PartsExceedWhole, vec![40, 10, 218]),
        ]
    );
}
