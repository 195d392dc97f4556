//! Objections of providers to what became of a line (异议): raised within the days laid down, upheld or dismissed. One that is
//! upheld sets rules aside for the line, so that the next run pays by the scale what it is worth.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::{day_of_stamp, stamp},
    form::{self, Field, Input, Kind, Options, field},
    jobs,
};
use rules::{base::Date, ltci::settle::Rule};
use serde_json::json;

use super::{explain, words, work};
use crate::{
    elders::Key,
    ltci::claim::{self, Claim},
};

pub const RAISE: &[Field] = &[field("reason", "异议理由", Kind::LongText(500)).required()];
pub const ANSWER: &[Field] = &[
    field("state", "答复", Kind::Choice(words::ANSWERS)).required(),
    field("answer", "理由", Kind::LongText(500)).required(),
    field("waived", "不再适用的规则", Kind::Text(40))
        .help("规则编号,空格隔开;参保、待遇等事实有误的不必填,改正事实后重新结算即可。"),
];

#[derive(Debug, Clone)]
pub struct Objection {
    pub id: Id,
    pub state: String,
    pub reason: String,
    pub raised_by: String,
    pub raised: String,
    pub due: String,
    pub answer: String,
    pub waived: String,
    pub answered_by: String,
    pub answered: Option<String>,
}

const COLUMNS: &str = "id, state, reason, raised_by, raised, due_day, answer, waived, answered_by, answered";

fn read(row: &kit::db::Row<'_>) -> Result<Objection> {
    Ok(Objection {
        id: row.get(0)?,
        state: row.get(1)?,
        reason: row.get(2)?,
        raised_by: row.get(3)?,
        raised: row.get(4)?,
        due: row.get(5)?,
        answer: row.get(6)?,
        waived: row.get(7)?,
        answered_by: row.get(8)?,
        answered: row.get(9)?,
    })
}

/// Every objection to a line, the newest first.
pub fn of_claim(tx: &Tx<'_>, key: &Key) -> Result<Vec<Objection>> {
    tx.rows(
        &format!("select {COLUMNS} from ltci_objection where region = $1 and claim = $2 order by id desc"),
        &[&key.region, &key.id],
        read,
    )
}

/// The rules set aside for lines of a month.
pub fn waived(tx: &Tx<'_>, region: &str, month: &str) -> Result<HashMap<Id, Vec<Rule>>> {
    let rows = tx.rows(
        "select claim, waived from ltci_objection where region = $1 and month = $2 and state = 'upheld' order by claim, id",
        &[&region, &month],
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?)),
    )?;
    let mut all: HashMap<Id, Vec<Rule>> = HashMap::new();
    for (claim, numbers) in rows {
        let own = all.entry(claim).or_default();
        own.extend(rules_in(&numbers));
        own.sort_unstable();
        own.dedup();
    }
    all.retain(|_, rules| !rules.is_empty());
    Ok(all)
}

fn rules_in(numbers: &str) -> Vec<Rule> {
    numbers.split_whitespace().filter_map(|it| it.parse().ok().and_then(Rule::numbered)).collect()
}

/// The last day on which a line that was judged can be objected to; none before it is confirmed, or where no days are laid down.
pub fn last_day(ask: &Ask, region: &str, found: &explain::Found) -> Option<Date> {
    let confirmed = found.confirmed.as_deref().and_then(day_of_stamp)?;
    let policy = ask.app.policy_in(region, confirmed);
    policy.read(|it| &it.ltci.objection_days).ok().map(|days| confirmed.add_days(i32::from(*days)))
}

/// Raises an objection to a line.
///
/// # Errors
/// `Refused` where the line is not settled, nothing was deducted, the days are over, or one is open already.
pub fn raise(tx: &Tx<'_>, ask: &Ask, it: &Claim, input: &Input) -> Result<Id> {
    let reason = form::check(RAISE, input, &Options::new())?.text("reason");
    let found = explain::latest(tx, ask, it)?.filter(explain::Found::is_confirmed);
    let Some(found) = found else {
        return Err(Error::refused("not_settled", "这条明细还没有结算,有误请改正或撤回"));
    };
    if found.deductions.is_empty() && found.pending == 0 {
        return Err(Error::refused("nothing_deducted", "这条明细没有扣减"));
    }
    if let Some(last) = last_day(ask, &it.key.region, &found).filter(|last| *last < ask.today()) {
        return Err(Error::refused("too_late", Said::new("异议应在 {day} 及以前提出").with("day", last)));
    }
    let policy = ask.app.policy_in(&it.key.region, ask.today());
    let days = policy.read(|it| &it.ltci.answer_days).map_or(0, |it| *it);
    let due = ask.today().add_days(i32::from(days)).to_string();
    let id = ask.new_id();
    let write = |tx: &Tx<'_>| {
        tx.run(
            "insert into ltci_objection (region, id, claim, settlement, month, provider, state, reason, raised_by, raised, due_day,
                                         answer, waived, answered_by)
             values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, '', '', '')",
            &[
                &it.key.region,
                &id,
                &it.key.id,
                &found.settlement,
                &found.month,
                &it.provider,
                &reason,
                &ask.who.name,
                &stamp(ask.now),
                &due,
            ],
        )
    };
    match tx.attempt(write) {
        Err(e) if e.is_duplicate() => return Err(Error::refused("objection_open", "这条明细已有待答复的异议")),
        other => other?,
    };
    claim::note(tx, ask, it, "objection raised")?;
    Ok(id)
}

/// Answers the open objection to a line. One that is upheld has the month looked through at once.
///
/// # Errors
/// `NotFound` where none is open; `Invalid` for a rule that no objection can set aside.
pub fn answer(tx: &Tx<'_>, ask: &Ask, it: &Claim, input: &Input) -> Result<()> {
    let open = of_claim(tx, &it.key)?.into_iter().find(|it| it.state == "open").ok_or(Error::NotFound)?;
    let mut input = input.clone();
    input.set("waived", input.all("waived").join(" "));
    let checked = form::check(ANSWER, &input, &Options::new())?;
    let state = checked.text("state");
    let numbers: Vec<String> = checked.text("waived").split_whitespace().map(str::to_string).collect();
    let wrong = |it: &&String| !rules_in(it).iter().any(|rule| rule.can_be_waived());
    if let Some(odd) = numbers.iter().find(wrong) {
        let said = Said::new("第 {value} 条规则不能由异议放过;事实有误的请改正事实").with("value", odd);
        return Err(Error::invalid("waived", said));
    }
    let waived = if state == "upheld" { numbers.join(" ") } else { String::new() };
    tx.run(
        "update ltci_objection set state = $3, answer = $4, waived = $5, answered_by = $6, answered = $7
          where region = $1 and id = $2",
        &[&it.key.region, &open.id, &state, &checked.text("answer"), &waived, &ask.who.name, &stamp(ask.now)],
    )?;
    if state == "upheld" {
        let new = jobs::New {
            region: &it.key.region,
            kind: work::REDO,
            unique_key: Some(&it.key.region),
            title: "找出应重算的月份",
            body: &json!({"region": it.key.region}),
            account: Some(ask.who.account),
        };
        jobs::enqueue(tx, &new, ask.now)?;
    }
    claim::note(tx, ask, it, "objection answered")
}
