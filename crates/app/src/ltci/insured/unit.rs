//! Employers and villages: how many are insured there today, by kind, and what they owe; the same of a county by kind.

use std::collections::BTreeMap;

use kit::{
    Ask, Id, Result, Tx,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, column, titled},
};

use crate::ltci::words;

/// What is shown and filtered by in the place of no name.
pub const NO_NAME: &str = "—";

pub static UNITS: List = List {
    name: "ltci-units",
    title: "单位与村参保人数",
    path: "/ltci/insured/units",
    from: "ltci_unit u",
    always: "u.insured + u.debtors > 0",
    key: "u.id",
    scope: Some(ScopeColumns { region: "u.region", street: None, place: "u.region", organisation: None, person: None }),
    columns: &[
        column("initials", "用人单位或村(社区)", "u.initials", Show::Hidden).sorts(),
        column("name", "用人单位或村(社区)", "case when u.name = '' then '—' else u.name end", Show::Text)
            .ordered_by("initials"),
        column("insured", "参保", "u.insured", Show::Number("人")).sorts(),
        column("employee", "在职职工", "u.employee", Show::Number("人")),
        column("retiree", "退休人员", "u.retiree", Show::Number("人")),
        column("flexible", "灵活就业人员", "u.flexible", Show::Number("人")),
        column("resident", "城乡居民", "u.resident", Show::Number("人")),
        column("minor", "未成年人", "u.minor", Show::Number("人")),
        column("debtors", "欠缴人数", "u.debtors", Show::Number("人")),
        column("owed", "欠缴", "u.owed", Show::Fen).sorts(),
        column("region", "县(区)", "u.region", Show::Place),
        column("fen", "", "u.owed", Show::Hidden),
        column("id", "", "u.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "名称", kind: FilterKind::Chosen(by_words), sql: "" },
        Filter { key: "kind", title: "参保类别", kind: FilterKind::OneOf(kinds, with_kind), sql: "" },
        Filter { key: "owing", title: "缴费", kind: FilterKind::OneOf(owing, who_owes), sql: "" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "initials",
    unit: "个",
    link,
    total: None,
    empty: ("没有参保的单位或村", "登记参保时写明用人单位或村(社区)。"),
};

fn by_words(_: &Ask, text: &str) -> Condition {
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Some(("u.initials >= $? and u.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    Some(("u.name like $? escape '\\'", Box::new(format!("%{}%", kit::table::escaped(text)))))
}

fn kinds(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, words::KINDS)
}

fn with_kind(_: &Ask, kind: &str) -> Condition {
    let sql = match kind {
        "employee" => "u.employee > $?",
        "retiree" => "u.retiree > $?",
        "flexible" => "u.flexible > $?",
        "resident" => "u.resident > $?",
        "minor" => "u.minor > $?",
        _ => return None,
    };
    Some((sql, Box::new(0_i64)))
}

fn owing(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("yes", "有欠缴"), ("no", "无欠缴")])
}

fn who_owes(_: &Ask, word: &str) -> Condition {
    let sql = match word {
        "yes" => "u.debtors > $?",
        "no" => "u.debtors = $?",
        _ => return None,
    };
    Some((sql, Box::new(0_i64)))
}

/// Who is insured there.
fn link(row: &Row<'_>) -> Option<String> {
    let (name, place) = (row.get("name").text(), row.get("region").text());
    Some(format!("/ltci/insured?unit={}&place={place}", kit::form::encoded(&name)))
}

/// The whole name of an employer or village, or [`NO_NAME`], as a condition on `ltci_insured i`.
pub fn wholly(_: &Ask, text: &str) -> Condition {
    let name = if text == NO_NAME { "" } else { text };
    Some(("i.employer = $?", Box::new(name.to_string())))
}

/// The number of an employer or village, which it is given now if it has none.
pub fn named(tx: &Tx<'_>, ask: &Ask, region: &str, name: &str) -> Result<Id> {
    let known = |tx: &Tx<'_>| -> Result<Option<Id>> {
        tx.row("select id from ltci_unit where region = $1 and name = $2", &[&region, &name], |row| row.get(0))
    };
    if let Some(id) = known(tx)? {
        return Ok(id);
    }
    tx.run(
        "insert into ltci_unit (region, id, name, initials, insured, employee, retiree, flexible, resident, minor, debtors, owed)
         values ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0, 0) on conflict (region, name) do nothing",
        &[&region, &ask.new_id(), &name, &kit::initials(name)],
    )?;
    known(tx)?.ok_or(kit::Error::NotFound)
}

/// By how much the counts move.
#[derive(Debug, Default)]
pub struct Moves {
    /// People by kind as `words::KINDS`, who owes, fen.
    units: BTreeMap<Id, [i64; 7]>,
    /// By kind: who owes, fen.
    totals: BTreeMap<String, (i64, i64)>,
}

impl Moves {
    /// Counts somebody in, with `1`, or out, with `-1`.
    pub fn add(&mut self, unit: Id, kind: &str, owed: Option<i64>, by: i64) {
        let of = self.units.entry(unit).or_default();
        if let Some(at) = words::KINDS.iter().position(|it| it.0 == kind) {
            of[at] += by;
        }
        if let Some(owed) = owed {
            of[5] += by;
            of[6] += by * owed;
            let total = self.totals.entry(kind.to_string()).or_default();
            *total = (total.0 + by, total.1 + by * owed);
        }
    }

    pub fn write(&self, tx: &Tx<'_>, region: &str) -> Result<()> {
        for (id, by) in self.units.iter().filter(|it| *it.1 != [0; 7]) {
            tx.run(
                "update ltci_unit set insured = insured + $3, employee = employee + $4, retiree = retiree + $5,
                        flexible = flexible + $6, resident = resident + $7, minor = minor + $8, debtors = debtors + $9,
                        owed = owed + $10
                  where region = $1 and id = $2",
                &[&region, id, &by[..5].iter().sum::<i64>(), &by[0], &by[1], &by[2], &by[3], &by[4], &by[5], &by[6]],
            )?;
        }
        for (kind, (persons, owed)) in self.totals.iter().filter(|it| *it.1 != (0, 0)) {
            tx.run(
                "insert into ltci_arrears_total (region, kind, persons, owed) values ($1, $2, $3, $4)
                 on conflict (region, kind) do update set persons = ltci_arrears_total.persons + excluded.persons,
                   owed = ltci_arrears_total.owed + excluded.owed",
                &[&region, kind, persons, owed],
            )?;
        }
        Ok(())
    }
}

/// One statement sees one state, whoever writes meanwhile.
const WRONG_UNITS: &str = "
    select * from (
      select u.id, coalesce(c.employee, 0) - u.employee as employee, coalesce(c.retiree, 0) - u.retiree as retiree,
             coalesce(c.flexible, 0) - u.flexible as flexible, coalesce(c.resident, 0) - u.resident as resident,
             coalesce(c.minor, 0) - u.minor as minor, coalesce(c.debtors, 0) - u.debtors as debtors,
             cast(coalesce(c.owed, 0) - u.owed as bigint) as owed
        from ltci_unit u
        left join (select i.unit, count(case when i.kind = 'employee' then 1 end) as employee,
                          count(case when i.kind = 'retiree' then 1 end) as retiree,
                          count(case when i.kind = 'flexible' then 1 end) as flexible,
                          count(case when i.kind = 'resident' then 1 end) as resident,
                          count(case when i.kind = 'minor' then 1 end) as minor,
                          count(a.owed) as debtors, sum(a.owed) as owed
                     from ltci_insured i left join ltci_arrears a on a.region = i.region and a.insured = i.id
                    where i.region = $1 and i.unit is not null group by i.unit) c on c.unit = u.id
       where u.region = $1) it
     where employee <> 0 or retiree <> 0 or flexible <> 0 or resident <> 0 or minor <> 0 or debtors <> 0 or owed <> 0
     order by id";

const WRONG_TOTALS: &str = "
    select coalesce(c.kind, t.kind), coalesce(c.persons, 0) - coalesce(t.persons, 0),
           cast(coalesce(c.owed, 0) - coalesce(t.owed, 0) as bigint)
      from (select kind, count(*) as persons, sum(owed) as owed from ltci_arrears where region = $1 group by kind) c
      full outer join (select kind, persons, owed from ltci_arrears_total where region = $1) t on t.kind = c.kind
     where coalesce(c.persons, 0) <> coalesce(t.persons, 0) or coalesce(c.owed, 0) <> coalesce(t.owed, 0)
     order by 1";

/// Counts a county anew and gives in words by how much the counts kept were wrong, which are put right.
pub fn recount(tx: &Tx<'_>, region: &str) -> Result<Vec<String>> {
    let (mut off, mut wrong) = (Moves::default(), Vec::new());
    tx.each(WRONG_UNITS, &[&region], |row| {
        let (id, mut by): (Id, [i64; 7]) = (row.get(0)?, [0; 7]);
        (1..).zip(&mut by).try_for_each(|(at, it)| row.get(at).map(|n| *it = n))?;
        wrong.push(format!("ltci_unit {region} {id}: {by:+?}"));
        off.units.insert(id, by);
        Ok(())
    })?;
    tx.each(WRONG_TOTALS, &[&region], |row| {
        let (kind, by): (String, (i64, i64)) = (row.get(0)?, (row.get(1)?, row.get(2)?));
        wrong.push(format!("ltci_arrears_total {region} {kind}: {by:+?}"));
        off.totals.insert(kind, by);
        Ok(())
    })?;
    off.write(tx, region)?;
    Ok(wrong)
}
