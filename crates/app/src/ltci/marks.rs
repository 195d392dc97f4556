//! What long-term-care insurance tells the tally: who is insured, whose benefit runs and ever ran, which institutions have an
//! agreement, who gives care, and what the fund took in and paid.

use std::collections::HashMap;

use kit::{
    App, Ask, Error, Id, Result, Tx,
    db::{Bind, Row},
    module::Named,
    table,
    tally::{self, Count, Facts, Family, Indicator, Lot, Marks, PERSON, Span, Thing, Unit},
};
use rules::{base::Date, steps::Steps};

use crate::{
    elders::{self, Key},
    institutions::INSTITUTION,
    ltci::{ENROL, PROVIDERS, READ, provider::handler, words},
};

/// Kinds of things: an insured person, an elder who ever had a benefit, a carer, a place that insurers handle, a month of
/// the fund's book.
pub const INSURED: &str = "ltci_insured";
const RECIPIENT: &str = "ltci_recipient";
const CARER: &str = "ltci_carer";
const HANDLED: &str = "ltci_handled";
const FUND: &str = "ltci_fund";

pub const IS_INSURED: &str = "ltci.insured";
const BENEFIT: &str = "ltci.benefit";
const EVER: &str = "ltci.benefit_ever";
const AGREEMENT: &str = "ltci.agreement";
const GIVES_CARE: &str = "ltci.carer";
/// How many insurers handled nothing in the county before they handled this place.
const INSURERS: &str = "ltci.insurers";
/// Of the fund; amounts in fen.
const INCOME: &str = "ltci.income";
const SPENDING: &str = "ltci.spending";
const BALANCE: &str = "ltci.balance";
/// How many recipient-months the spending paid for.
const MONTHS: &str = "ltci.months";

const INSURED_NOW: Count = Count::new(INSURED, &[IS_INSURED]);
const RECIPIENTS: Count = Count::new(PERSON, &[BENEFIT]);
const SPENT: Count = Count::new(FUND, &[SPENDING]);

const fn number(id: &'static str, title: &'static str, unit: &'static str, count: Count) -> Indicator {
    Indicator::number(id, title, unit, count).document("ln-reply-2025")
}

/// What the fund took in or paid, to the end of the last month.
const fn money(id: &'static str, title: &'static str, mark: &'static [&'static str]) -> Indicator {
    Indicator::number(id, title, "元", Count::new(FUND, mark)).unit(Unit::Money).document("ln-reply-2025")
}

pub const INDICATORS: &[Indicator] = &[
    number("ltci_insured", "长护险参保人数", "人", INSURED_NOW).formula("当日参保的人"),
    number("ltci_recipients", "长护险享受待遇人数", "人", RECIPIENTS).formula("当日有待遇的老年人,暂停的也算"),
    number("ltci_recipients_ever", "长护险累计享受待遇人数", "人", Count::new(RECIPIENT, &[EVER]))
        .formula("到当日为止享受过待遇的老年人"),
    Indicator::share("ltci_benefit", "长护险享受率", RECIPIENTS, INSURED_NOW)
        .formula("享受待遇人数 ÷ 参保人数")
        .document("ln-reply-2025")
        .better(tally::Better::Neither),
    number("ltci_providers", "长护险定点机构数", "家", Count::new(INSTITUTION, &[AGREEMENT]))
        .formula("当日有协议的机构,暂停服务的也算"),
    number("ltci_carers", "长护险护理服务人员数", "人", Count::new(CARER, &[GIVES_CARE]))
        .formula("当日登记在岗的护理人员"),
    number("ltci_insurers", "长护险经办商业保险机构数", "家", Count::new(HANDLED, &[INSURERS]))
        .formula("到当日为止经办过的商业保险机构,在几个县区经办的在各县区都算"),
    money("fund_income", "长护险基金累计收入", &[INCOME]).formula("账上的收入,截至上月末"),
    money("fund_spending", "长护险基金累计支出", &[SPENDING])
        .formula("账上的支出,截至上月末")
        .better(tally::Better::Neither),
    money("fund_balance", "长护险基金累计结余", &[BALANCE]).formula("累计收入 − 累计支出,截至上月末"),
    Indicator::share("ltci_benefit_mean", "长护险人均月待遇支出", SPENT, Count::new(FUND, &[MONTHS]))
        .formula("基金累计支出 ÷ 享受待遇的人月,截至上月末")
        .unit(Unit::Money)
        .document("ln-reply-2025")
        .better(tally::Better::Neither),
];

pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    match lot.kind {
        INSURED => {
            let sql = "select from_day, kind, insured from ltci_kind
                        where region = $1 and insured between $2 and $3 order by insured, from_day";
            each(lot, steps(tx, lot, sql)?, IS_INSURED)
        }
        PERSON => each(lot, benefits(tx, lot)?, BENEFIT),
        RECIPIENT => {
            let benefits = benefits(tx, lot)?;
            lot.each(|it| Ok(vec![(EVER, benefits.get(&it.id).map_or(Vec::new(), ever))]))
        }
        INSTITUTION => {
            let sql = "select from_day, number, organisation from ltci_agreement
                        where region = $1 and organisation between $2 and $3 order by organisation, from_day";
            each(lot, steps(tx, lot, sql)?, AGREEMENT)
        }
        CARER => {
            let sql =
                "select from_day, until_day, id from ltci_carer where region = $1 and id between $2 and $3 order by id";
            let works = lot.rows(tx, sql, |row| Ok(Span::new(row.get(0)?).until(row.get::<Option<Date>>(1)?)))?;
            lot.each(|it| Ok(vec![(GIVES_CARE, works.get(&it.id).cloned().unwrap_or_default())]))
        }
        HANDLED => {
            let begun = handler::begun(tx, lot.region)?;
            lot.each(|it| Ok(vec![(INSURERS, begun.get(&place_of(it.id)).map_or(Vec::new(), |it| more_and_more(it)))]))
        }
        FUND => lot.each(|it| fund(tx, it.region, &month_of(it.id))),
        _ => Ok(Facts::new()),
    }
}

/// When somebody had a benefit, on whichever of their records.
fn benefits(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Stretches>> {
    let sql = "select from_day, cast(grade as text), elder from ltci_benefit
                where region = $1 and elder between $2 and $3 order by elder, from_day";
    let mut rows = elders::rows_of(tx, lot, sql, step)?;
    // Whoever has several records is counted once.
    elders::merged(tx, lot.region)?.all().for_each(|(lost, _)| drop(rows.remove(&lost)));
    Ok(stretches(rows))
}

type Stretches = Vec<(Date, Option<Date>)>;
type Step = (Date, Option<String>);

/// A day, and a word of what holds from it on.
fn step(row: &Row<'_>) -> Result<Step> {
    Ok((row.get(0)?, row.get(1)?))
}

fn stretches(rows: HashMap<Id, Vec<Step>>) -> HashMap<Id, Stretches> {
    let of = |rows| Steps::new(rows).stretches().into_iter().map(|it| (it.0, it.1)).collect();
    rows.into_iter().map(|(id, rows)| (id, of(rows))).collect()
}

/// The stretches in which something holds, by thing; a step without a word ends what was.
fn steps(tx: &Tx<'_>, lot: &Lot<'_>, sql: &str) -> Result<HashMap<Id, Stretches>> {
    lot.rows(tx, sql, step).map(stretches)
}

fn each(lot: &Lot<'_>, held: HashMap<Id, Stretches>, mark: &'static str) -> Result<Facts> {
    let spans = |all: &Stretches| all.iter().map(|it| Span::new(it.0).until(it.1)).collect();
    lot.each(|it| Ok(vec![(mark, held.get(&it.id).map_or(Vec::new(), spans))]))
}

/// From the first day of a benefit on, for ever.
fn ever(all: &Stretches) -> Vec<Span> {
    all.first().map(|it| Span::new(it.0)).into_iter().collect()
}

/// One more from each day on.
fn more_and_more(begun: &[(Date, String)]) -> Vec<Span> {
    let until = |nth: usize| begun.get(nth + 1).map(|it| it.0);
    (0..begun.len()).map(|nth| Span::new(begun[nth].0).until(until(nth)).amount(nth as i64 + 1)).collect()
}

/// A place as a thing: its code.
fn place_of(id: Id) -> String {
    id.to_string()
}

/// A month of the book counts from its last day on, so that every day before shows whole months.
fn fund(tx: &Tx<'_>, region: &str, month: &str) -> Result<Marks> {
    let sums = tx.row(
        "select cast(coalesce(sum(case when kind = 'income' then amount end), 0) as bigint),
                cast(coalesce(sum(case when kind = 'spending' then amount end), 0) as bigint),
                cast(coalesce(sum(months), 0) as bigint)
           from ltci_fund_total where region = $1 and month = $2",
        &[&region, &month],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)),
    )?;
    let (income, spending, months) = sums.unwrap_or_default();
    let first: Option<Date> = format!("{month}-01").parse().ok();
    let Some(last) = first.map(|it| it.last_of_month()) else { return Ok(Vec::new()) };
    let said = |amount: i64| if amount == 0 { Vec::new() } else { vec![Span::new(last).amount(amount)] };
    Ok(vec![
        (INCOME, said(income)),
        (SPENDING, said(spending)),
        (BALANCE, said(income - spending)),
        (MONTHS, said(months)),
    ])
}

/// A month of the book as a thing: `2026-04` is 202604.
fn id_of(month: &str) -> Id {
    Id(month.replace('-', "").parse().unwrap_or(0))
}

fn month_of(id: Id) -> String {
    format!("{:04}-{:02}", id.0 / 100, id.0 % 100)
}

/// Says one thing anew, as a recount would; with a place where it is to belong from the first day on.
fn say(tx: &Tx<'_>, app: &App, thing: &Thing<'_>, place: Option<&str>) -> Result<()> {
    let lot = Lot { kind: thing.kind, region: thing.region, ids: &[thing.id] };
    let said = facts(tx, app, &lot)?.remove(&thing.id).unwrap_or_default();
    let first = said.iter().flat_map(|it| &it.1).map(|it| it.from).min();
    tally::set_all(tx, app, thing, &said)?;
    match (place, first) {
        (Some(place), Some(first)) => {
            tally::set_units(tx, app, thing, Family::Place, &[(place.to_string(), first, None)])
        }
        _ => Ok(()),
    }
}

/// Says anew as what somebody is insured.
pub fn keep_insured(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    say(tx, app, &Thing::new(INSURED, &key.region, key.id), Some(&key.region))
}

/// Says anew when an elder has and had a benefit.
pub fn keep_benefit(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    say(tx, app, &elders::thing(key), None)?;
    let home = tally::units(tx, &elders::thing(key), Family::Place)?.pop().map(|it| it.0);
    say(tx, app, &Thing::new(RECIPIENT, &key.region, key.id), Some(home.as_deref().unwrap_or(&key.region)))
}

/// Says anew when an institution has an agreement.
pub fn keep_provider(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    say(tx, app, &Thing::new(INSTITUTION, &key.region, key.id), None)
}

/// Says anew when somebody gives care for an institution that lies in `place`.
pub fn keep_carer(tx: &Tx<'_>, app: &App, region: &str, carer: Id, place: &str) -> Result<()> {
    say(tx, app, &Thing::new(CARER, region, carer), Some(place))
}

/// Says anew where which insurers of a county began.
pub fn keep_handled(tx: &Tx<'_>, app: &App, region: &str) -> Result<()> {
    let places =
        tx.rows("select distinct place from ltci_handler where region = $1 order by place", &[&region], |row| {
            row.get::<String>(0)
        })?;
    places.iter().try_for_each(|place| {
        let id = place.parse().map_err(|_| Error::internal(format!("place {place}")))?;
        say(tx, app, &Thing::new(HANDLED, region, id), Some(place))
    })
}

/// Says anew what the fund took in and paid in a month, at the end of the transaction.
pub fn keep_fund(tx: &Tx<'_>, ask: &Ask, region: &str, month: &str) {
    tx.at_end(FUND, ask, region, id_of(month), |tx, ask, region, months| {
        months.iter().try_for_each(|it| say(tx, &ask.app, &Thing::new(FUND, region, *it), Some(region)))
    });
}

/// The insured, former recipients and carers in a list of things counted; who lies outside the reader's scope is not named.
pub fn named(tx: &Tx<'_>, ask: &Ask, kind: &str, region: &str, ids: &[Id]) -> Result<Vec<Named>> {
    let scope = &ask.who.scope;
    if ids.is_empty() || !scope.counties.iter().any(|it| it == region) || scope.persons.is_some() {
        return Ok(Vec::new());
    }
    match kind {
        INSURED if ask.may(ENROL) && scope.organisation.is_none() => {
            name(tx, NAMES_OF_INSURED, region, ids, |id, kind, _| {
                (ask.t(words::title(words::KINDS, kind)).to_string(), format!("/ltci/insured/{region}-{id}"))
            })
        }
        CARER if ask.may(PROVIDERS) => {
            let all = name(tx, NAMES_OF_CARERS, region, ids, |_, what, of| {
                let what = ask.t(words::title(words::QUALIFICATIONS, what)).to_string();
                (what, format!("/ltci/providers/{region}-{of}"))
            })?;
            let is_own = |it: &Named| scope.organisation.is_none_or(|own| it.link.ends_with(&format!("-{own}")));
            Ok(all.into_iter().filter(is_own).collect())
        }
        HANDLED if ask.may(PROVIDERS) => {
            let begun = handler::begun(tx, region)?;
            let shown = |id: &Id| {
                let place = place_of(*id);
                let insurers: Vec<&str> = begun.get(&place).into_iter().flatten().map(|it| &*it.1).collect();
                Named {
                    id: *id,
                    title: insurers.join(" · "),
                    note: String::new(),
                    place: ask.app.places.tree().words(&place),
                    link: "/ltci/handlers".to_string(),
                }
            };
            Ok(ids.iter().map(shown).collect())
        }
        RECIPIENT if ask.may(READ) => {
            let shown = |id: &Id| {
                let key = Key { region: region.to_string(), id: *id };
                match elders::find(tx, scope, &key) {
                    Ok(it) => Ok(Some(Named {
                        id: *id,
                        title: it.name,
                        note: String::new(),
                        place: ask.app.places.tree().words(&it.place),
                        link: format!("/ltci/benefits/{key}"),
                    })),
                    Err(Error::NotFound) => Ok(None),
                    Err(other) => Err(other),
                }
            };
            ids.iter().filter_map(|id| shown(id).transpose()).collect()
        }
        _ => Ok(Vec::new()),
    }
}

const NAMES_OF_INSURED: &str =
    "select id, name, kind, id from ltci_insured where region = $1 and id in ({ids}) order by id";
const NAMES_OF_CARERS: &str =
    "select id, name, qualification, organisation from ltci_carer where region = $1 and id in ({ids}) order by id";

/// Names of a table's rows: note and link are made of the row's id, word and other id.
fn name(
    tx: &Tx<'_>,
    sql: &str,
    region: &str,
    ids: &[Id],
    says: impl Fn(Id, &str, Id) -> (String, String),
) -> Result<Vec<Named>> {
    let mut values: Vec<Box<dyn Bind + Send>> = vec![Box::new(region.to_string())];
    let ids = table::bound(&mut values, ids);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.rows(&sql.replace("{ids}", &ids), &values, |row| {
        let id: Id = row.get(0)?;
        let (note, link) = says(id, &row.get::<String>(2)?, row.get(3)?);
        Ok(Named { id, title: row.get(1)?, note, place: String::new(), link })
    })
}
