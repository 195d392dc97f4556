//! A city that is loaded is the city that is taken in one by one, row for row.

use std::collections::HashMap;

use app::{
    elders,
    generate::{
        self, Plan,
        profiles::{Ltci, Profile},
    },
};
use kit::{App, Result, Tx, config::Config, table::Value, tally};

use crate::support::{CITY, COUNTY, TestApp, on_both_with};

/// Figures of a small city, some of whom died or moved since, and some began to be 80.
static SMALL: Profile = Profile {
    word: "small",
    region: CITY,
    elders: 300,
    source: "测试",
    from_age: 60,
    as_of: Some((2024, 12, 31)),
    managed_as_of: None,
    aged_65: Some(260),
    signed: 205,
    poor_signed: true,
    managed: 174,
    part: None,
    ltci: Some(Ltci {
        since: (2023, 9, 1),
        as_of: (2024, 12, 31),
        insured: 170,
        insurers: 3,
        recipients: 7,
        recipients_ever: 10,
        income: 9_999_999,
        spending: 4_444_441,
        months: 61,
    }),
    county: COUNTY,
};

const TABLES: &[&str] = &[
    "elder",
    "person_index",
    "elder_group",
    "elder_contact",
    "elder_timeline",
    "elder_due",
    "elder_duplicate",
    "elder_count",
    "tally",
    "tally_span",
    "tally_unit",
    "healthcheck_finding",
    "healthcheck",
    "healthcheck_number",
    "healthcheck_section",
    "chronic_check",
    "contract_reasons",
    "contract",
    "contract_team",
    "contract_item",
    "contract_service",
    "ltci_kind",
    "ltci_benefit",
    "ltci_fund_entry",
];

/// Values invented for demonstration count.
fn shown(config: &mut Config) {
    config.demo = true;
}

async fn generate(app: &App, one_by_one: bool) -> generate::Summary {
    let plan = Plan { profile: &SMALL, scale: 1.0, seed: 5, county: None, one_by_one };
    generate::run(app, plan, |_, _| {}).await.unwrap()
}

/// Every row in words: things by their number in the order they came, sealed bytes by whether they are there.
async fn rows(app: &App) -> HashMap<&'static str, Vec<String>> {
    app.db.read(rows_in).await.unwrap()
}

fn rows_in(tx: &Tx<'_>) -> Result<HashMap<&'static str, Vec<String>>> {
    let mut names: HashMap<i64, String> = HashMap::new();
    for table in
        ["elder", "contract", "healthcheck", "team", "organisation", "staff", "account", "ltci_insured", "ltci_carer"]
    {
        let ids: Vec<kit::Id> = tx.rows(&format!("select id from {table} order by id"), &[], |row| row.get(0))?;
        names.extend(ids.iter().enumerate().map(|(nth, id)| (id.0, format!("{table}#{nth}"))));
    }
    let mut all = HashMap::new();
    for table in TABLES {
        let columns = match *table {
            "elder" => {
                "region, id, street, place, organisation, name, initials, sex, birth, birth_precision, id_kind, id_number, phone, phone_blind, address, registered_place, living, insurance, state, state_day, merged_into, ended, remark, source, created, changed"
            }
            "person_index" => "region, elder",
            "elder_group" => "region, elder, kind, from_day, until_day, source, word",
            "elder_contact" => "region, elder, name, relation, phone, is_carer, lives_together",
            "elder_timeline" => "region, elder, at, kind, said, said_values, link, tone",
            "elder_due" => "region, elder, kind, day, street, said, link",
            "elder_duplicate" => "region, kept, other, why, state, at",
            "elder_count" => "region, street, facet, n",
            "tally" => "region, counted, unit, bucket, n",
            "tally_span" => "region, kind, thing, mark, from_day, until_day, amount, note",
            "tally_unit" => "region, kind, thing, family, unit, from_day, until_day",
            "healthcheck" => {
                "region, id, elder, year, number, day, state, organisation, doctor, note, self_care, complete, counts, missing, found, abnormal, urgent, finished, created"
            }
            "healthcheck_finding" => "region, digest, said",
            "healthcheck_number" => "region, year, n",
            "healthcheck_section" => "region, healthcheck, section, content, sources, account, who, at",
            "chronic_check" => "region, elder, day, place, account, who",
            "contract_reasons" => "region, digest, because",
            "contract" => {
                "region, id, elder, team, from_day, until_day, before_day, packages, way, signer, signer_name, signature, paper, account, doctor_name, signed, fee, reasons, ended_reason, ended_note, promised, done, served_day, idle_day"
            }
            "contract_team" => "region, contract, from_day, team",
            "contract_item" => "region, contract, service, times, done, last_day",
            "ltci_kind" => "region, insured, from_day, kind, base",
            "ltci_benefit" => "region, elder, from_day, grade, mode, provider, reason",
            "ltci_fund_entry" => "region, day, kind, purse, mode, grade, amount, months, source",
            _ => "region, contract, source, service, day, who, note, at",
        };
        // What fell back to nothing is no different from what never was.
        let counts = if matches!(*table, "elder_count" | "tally") { " where n <> 0" } else { "" };
        let mut rows = tx.rows(&format!("select {columns} from {table}{counts}"), &[], |row| {
            let cells = (0..row.len()).map(|at| Ok(said(&row.get::<Value>(at)?, &names)));
            Ok(cells.collect::<Result<Vec<String>>>()?.join(" | "))
        })?;
        rows.sort();
        all.insert(*table, rows);
    }
    Ok(all)
}

fn said(cell: &Value, names: &HashMap<i64, String>) -> String {
    match cell {
        Value::Null => "-".into(),
        Value::Bool(it) => i64::from(*it).to_string(),
        Value::Int(it) => names.get(it).cloned().unwrap_or(it.to_string()),
        Value::Real(it) => it.to_string(),
        Value::Bytes(it) => format!("{} bytes", it.len()),
        Value::Text(text) => {
            // A link and a source name things by their ids.
            let mut said = String::new();
            let mut digits = String::new();
            for it in text.chars().chain(['\n']) {
                if it.is_ascii_digit() {
                    digits.push(it);
                    continue;
                }
                let known = digits.parse().ok().and_then(|id: i64| names.get(&id));
                said.push_str(known.unwrap_or(&digits));
                digits.clear();
                said.push(it);
            }
            said.trim_end().to_string()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_city_has_the_rows_of_one_taken_in_one_by_one() {
    let checked = TestApp::sqlite_with(shown).await;
    assert_eq!(generate(&checked.app, true).await.elders, 300);
    let expected = rows(&checked.app).await;
    let empty: Vec<_> = TABLES.iter().filter(|it| **it != "elder_duplicate" && expected[*it].is_empty()).collect();
    assert!(empty.is_empty(), "nothing in {empty:?}");
    on_both_with(app::MODULES, shown, async |app| {
        generate(&app.app, false).await;
        let mut loaded = rows(&app.app).await;
        for table in TABLES {
            let found = loaded.remove(table).unwrap();
            let lacking: Vec<&String> = expected[table].iter().filter(|it| found.binary_search(it).is_err()).collect();
            let odd: Vec<&String> = found.iter().filter(|it| expected[table].binary_search(it).is_err()).collect();
            assert!(
                lacking.is_empty() && odd.is_empty() && found.len() == expected[table].len(),
                "{table}: {} rows, {} expected; lacks {:#?}, has {:#?}",
                found.len(),
                expected[table].len(),
                &lacking[..lacking.len().min(3)],
                &odd[..odd.len().min(3)]
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recount_of_a_loaded_city_finds_no_difference() {
    on_both_with(app::MODULES, shown, async |app| {
        generate(&app.app, false).await;
        let app_too = app.app.clone();
        let (differences, looked) = app
            .app
            .db
            .read(move |tx| {
                let mut all = (Vec::new(), 0);
                for county in tally::counties(tx)? {
                    let (differences, looked) = tally::recount(tx, &app_too, &county)?;
                    all.0.extend(differences);
                    all.1 += looked;
                }
                Ok(all)
            })
            .await
            .unwrap();
        assert!(300 < looked, "{looked}");
        assert!(differences.is_empty(), "{:#?}", &differences[..differences.len().min(5)]);
        for county in app.app.places.tree().counties(CITY) {
            let wrong = app.app.db.write(move |tx| elders::recount(tx, &county)).await.unwrap();
            assert!(wrong.is_empty(), "{wrong:#?}");
        }
        // Nobody is loaded into a registry that has somebody.
        let plan = Plan { profile: &SMALL, scale: 1.0, seed: 5, county: None, one_by_one: false };
        assert!(generate::run(&app.app, plan, |_, _| {}).await.is_err());
    })
    .await;
}
