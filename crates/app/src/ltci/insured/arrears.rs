//! Who owes contributions, as a list with its sums.

use kit::{
    Ask, Result, Scope, Tx,
    db::Bind,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Picked, Row, Show, column, titled},
};
use rules::base::Money;

use super::{list, record::NUMBER_COLUMN, unit};
use crate::ltci::words;

pub static ARREARS: List = List {
    name: "ltci-arrears",
    title: "长护险欠缴名单",
    path: "/ltci/insured/arrears",
    from: "ltci_arrears a join ltci_insured i on i.region = a.region and i.id = a.insured",
    always: "1 = 1",
    key: "a.insured",
    scope: Some(ScopeColumns {
        region: "a.region",
        street: None,
        place: "a.region",
        organisation: None,
        person: Some("i.elder"),
    }),
    columns: &[
        column("name", "姓名", "i.name", Show::Text),
        column("id_number", "身份证号", "i.id_number", Show::Sealed(NUMBER_COLUMN, list::masked)),
        column("kind", "参保类别", "a.kind", Show::As(list::kind)),
        column("employer", "用人单位或村(社区)", "i.employer", Show::Text),
        column("since", "最早欠缴期", "a.since", Show::Text).sorts(),
        column("periods", "欠缴期数", "a.periods", Show::Number("期")),
        column("owed", "欠缴", "a.owed", Show::Fen).sorts(),
        column("region", "县(区)", "a.region", Show::Place),
        column("fen", "", "a.owed", Show::Hidden),
        column("id", "", "a.insured", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "姓名、身份证号", kind: FilterKind::Chosen(list::by_words), sql: "" },
        Filter { key: "kind", title: "参保类别", kind: FilterKind::OneOf(kinds, of_kind), sql: "" },
        Filter { key: "least", title: "至少欠缴(元)", kind: FilterKind::Chosen(at_least), sql: "" },
        list::EMPLOYER,
        list::UNIT,
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "-owed",
    unit: "人",
    link,
    total: Some(persons),
    empty: ("没有欠缴的参保人", "缴费期结束后还没有缴清的人列在这里。"),
};

fn kinds(ask: &Ask) -> Vec<(String, String)> {
    let mut all = titled(ask, words::KINDS);
    all.push((ENDED.to_string(), ask.t("已停保").to_string()));
    all
}

const ENDED: &str = "ended";

/// A kind as it is kept; nothing for what is none.
fn kept(word: &str) -> Option<&str> {
    if word == ENDED { Some("") } else { words::KINDS.iter().find(|it| it.0 == word).map(|it| it.0) }
}

fn of_kind(_: &Ask, word: &str) -> Condition {
    let kind = kept(word)?.to_string();
    Some(("a.kind = $?", Box::new(kind)))
}

fn at_least(_: &Ask, text: &str) -> Condition {
    Some(("a.owed >= $?", Box::new(fen(text)?)))
}

/// Yuan as people write them, in fen.
fn fen(text: &str) -> Option<i64> {
    words::yuan(&text.replace([',', ' '], "")).map(Money::fen)
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/insured/{it}"))
}

fn persons(tx: &Tx<'_>, _: &Ask, picked: &Picked) -> Result<Option<i64>> {
    let filters: Vec<(&str, &str)> = picked.filters.iter().map(|it| (it.0, &*it.1)).collect();
    Ok(of(tx, &picked.scope, &filters)?.map(|it| it.persons))
}

/// How many owe, and how much in fen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    pub persons: i64,
    pub owed: i64,
}

/// The exact sums of the list that an address asks for; nothing where it asks by name or by a part of an employer's.
pub fn sum(tx: &Tx<'_>, ask: &Ask) -> Result<Option<Sum>> {
    let Some(scope) = scope(ask) else { return Ok(Some(Sum::default())) };
    let keys = ARREARS.filters.iter().map(|it| it.key).filter(|it| *it != "place");
    let filters: Vec<(&str, &str)> = keys.filter_map(|it| Some((it, ask.param(it)?))).collect();
    of(tx, &scope, &filters)
}

/// The reader's scope, narrowed to the place that the address names; nothing where that lies outside.
pub fn scope(ask: &Ask) -> Option<Scope> {
    match ask.param("place") {
        Some(place) => ask.who.scope.narrowed(&ask.app.places.tree(), place),
        None => Some(ask.who.scope.clone()),
    }
}

/// Everybody who owes.
pub fn sum_of(tx: &Tx<'_>, scope: &Scope) -> Result<Sum> {
    Ok(of(tx, scope, &[])?.unwrap_or_default())
}

fn of(tx: &Tx<'_>, scope: &Scope, filters: &[(&str, &str)]) -> Result<Option<Sum>> {
    if !scope.is_of_whole_counties() {
        return Ok(None);
    }
    let mut all = Sum::default();
    for county in &*scope.counties {
        let one = match filters {
            [] => row(
                tx,
                "select cast(coalesce(sum(persons), 0) as bigint), cast(coalesce(sum(owed), 0) as bigint)
                   from ltci_arrears_total where region = $1",
                &[county],
            )?,
            [("kind", kind)] => row(
                tx,
                "select persons, owed from ltci_arrears_total where region = $1 and kind = $2",
                &[county, &kept(kind).unwrap_or("-")],
            )?,
            [("unit", name)] => row(
                tx,
                "select debtors, owed from ltci_unit where region = $1 and name = $2",
                &[county, if *name == unit::NO_NAME { &"" } else { name }],
            )?,
            [("least", least)] => row(
                tx,
                "select count(*), cast(coalesce(sum(owed), 0) as bigint) from ltci_arrears
                  where region = $1 and owed >= $2",
                &[county, &fen(least).unwrap_or(i64::MAX)],
            )?,
            [("kind", kind), ("least", least)] => row(
                tx,
                "select count(*), cast(coalesce(sum(owed), 0) as bigint) from ltci_arrears
                  where region = $1 and kind = $2 and owed >= $3",
                &[county, &kept(kind).unwrap_or("-"), &fen(least).unwrap_or(i64::MAX)],
            )?,
            _ => return Ok(None),
        };
        all = Sum { persons: all.persons + one.persons, owed: all.owed + one.owed };
    }
    Ok(Some(all))
}

fn row(tx: &Tx<'_>, sql: &str, values: &[&dyn Bind]) -> Result<Sum> {
    let one = tx.row(sql, values, |row| Ok(Sum { persons: row.get(0)?, owed: row.get(1)? }))?;
    Ok(one.unwrap_or_default())
}

/// By kind, as [`words::KINDS`], who is insured no longer last.
pub fn by_kind(tx: &Tx<'_>, scope: &Scope) -> Result<Vec<(&'static str, Sum)>> {
    let mut all: Vec<(&'static str, Sum)> = words::KINDS.iter().map(|it| (it.0, Sum::default())).collect();
    all.push((ENDED, Sum::default()));
    for county in &*scope.counties {
        for (word, sum) in &mut all {
            let one = row(
                tx,
                "select persons, owed from ltci_arrears_total where region = $1 and kind = $2",
                &[county, &kept(word).unwrap_or("-")],
            )?;
            *sum = Sum { persons: sum.persons + one.persons, owed: sum.owed + one.owed };
        }
    }
    Ok(all)
}
