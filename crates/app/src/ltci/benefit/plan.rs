//! The plan of care of a recipient: which services how often, weighed against the limits of the benefit.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, db::Row};
use rules::{
    base::{Date, Money},
    ltci::{
        Grade,
        plan::{self, Every, Item, Weighed},
    },
};

use super::{
    promise,
    step::{self, Step},
};
use crate::{
    assessment,
    elders::{self, Elder, Key, Report},
    ltci::{insured, provider::agreement, words},
};

/// What care somebody is to have from a day on.
#[derive(Debug, Clone)]
pub struct Plan {
    pub from: Date,
    pub provider: Option<Id>,
    pub review: Date,
    pub goals: String,
    pub items: Vec<Item>,
    /// As weighed when it was made.
    pub per_week: i64,
    pub per_month: i64,
    pub cost: Money,
    pub who: String,
}

/// The words of a period, as kept.
pub const EVERY: &[(&str, &str)] = &[("week", "每周"), ("month", "每月")];

fn every(word: &str) -> Every {
    if word == "month" { Every::Month } else { Every::Week }
}

pub fn every_word(it: Every) -> &'static str {
    match it {
        Every::Week => "week",
        Every::Month => "month",
    }
}

/// Every plan of an elder and of the records merged into theirs, the newest first.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Plan>> {
    let mut all = Vec::new();
    for record in elders::records(tx, key)? {
        all.extend(of_record(tx, &Key { region: key.region.clone(), id: record })?);
    }
    all.sort_by_key(|it| std::cmp::Reverse(it.from));
    Ok(all)
}

fn of_record(tx: &Tx<'_>, key: &Key) -> Result<Vec<Plan>> {
    let mut all = tx.rows(
        "select from_day, provider, review_day, goals, per_week, per_month, cost, who from ltci_plan
          where region = $1 and elder = $2 order by from_day desc",
        &[&key.region, &key.id],
        read,
    )?;
    let items = tx.rows(
        "select from_day, service, times, every, minutes, price from ltci_plan_item
          where region = $1 and elder = $2 order by from_day, service",
        &[&key.region, &key.id],
        |row| {
            let small = |at: usize| -> Result<u16> { u16::try_from(row.get::<i64>(at)?).map_err(Error::internal) };
            let item = Item {
                service: row.get(1)?,
                times: small(2)?,
                every: every(&row.get::<String>(3)?),
                minutes: small(4)?,
                price: Money::from_fen(row.get(5)?),
            };
            Ok((row.get::<Date>(0)?, item))
        },
    )?;
    for (from, item) in items {
        if let Some(plan) = all.iter_mut().find(|it| it.from == from) {
            plan.items.push(item);
        }
    }
    Ok(all)
}

fn read(row: &Row<'_>) -> Result<Plan> {
    Ok(Plan {
        from: row.get(0)?,
        provider: row.get(1)?,
        review: row.get(2)?,
        goals: row.get(3)?,
        items: Vec::new(),
        per_week: row.get(4)?,
        per_month: row.get(5)?,
        cost: Money::from_fen(row.get(6)?),
        who: row.get(7)?,
    })
}

/// What a plan needs besides its services.
#[derive(Debug, Clone)]
pub struct New {
    pub from: Date,
    pub review: Date,
    pub goals: String,
    pub items: Vec<Item>,
}

/// Weighs services against the benefit that runs on a day.
///
/// # Errors
/// `Refused` without a benefit on that day, and where no policy says what the benefit is.
pub fn weigh(tx: &Tx<'_>, ask: &Ask, key: &Key, day: Date, items: &[Item]) -> Result<(Step, Weighed)> {
    let running = step::on(tx, key, day)?.and_then(|it| it.grade.map(|grade| (it, grade)));
    let Some((step, grade)) = running else {
        return Err(Error::refused("no_benefit", Said::new("{day} 没有享受待遇").with("day", day)));
    };
    let weighed = weigh_for(tx, ask, key, day, (&step, grade), items)?;
    Ok((step, weighed))
}

fn weigh_for(
    tx: &Tx<'_>,
    ask: &Ask,
    key: &Key,
    day: Date,
    (step, grade): (&Step, Grade),
    items: &[Item],
) -> Result<Weighed> {
    let insured = insured::of_elder(tx, key)?;
    let kind = insured.iter().find(|it| it.from <= day && it.until.is_none_or(|end| day < end)).map(|it| it.kind);
    let kind = kind.ok_or_else(|| Error::refused("not_insured", Said::new("{day} 没有参保").with("day", day)))?;
    let level = match step.provider {
        None => 1,
        Some(id) => {
            let terms = agreement::of_organisation(tx, &Key { region: key.region.clone(), id })?;
            terms.on(day).map_or(1, |it| it.level)
        }
    };
    let plan = plan::Plan {
        mode: words::mode(&step.mode)?,
        grade,
        kind,
        level: u8::try_from(level).unwrap_or(1),
        items: items.to_vec(),
    };
    assessment::needed(plan::weigh(&plan, &ask.app.policy_in(&key.region, day)))
}

/// Writes a plan; one that begins on the same day takes its place.
///
/// # Errors
/// `Invalid` without services, for one that is not in the catalogue, and where the limits of hours are exceeded.
pub fn make(tx: &Tx<'_>, ask: &Ask, elder: &Elder, new: &New) -> Result<Weighed> {
    if new.items.is_empty() {
        return Err(Error::invalid("items", "请至少安排一项服务"));
    }
    if new.review <= new.from {
        return Err(Error::invalid("review", "复查日应晚于起日"));
    }
    let (step, weighed) = weigh(tx, ask, &elder.key, new.from, &new.items)?;
    if let Some(id) = weighed.unknown.first() {
        return Err(Error::invalid("items", Said::new("服务目录里没有“{value}”").with("value", id)));
    }
    if 0 < weighed.above {
        let said = Said::new("超出待遇的时长限额 {n} 分钟,请减少次数或时间").with("n", weighed.above);
        return Err(Error::invalid("items", said));
    }
    let (region, id, from) = (&elder.key.region, &elder.key.id, new.from.to_string());
    tx.run("delete from ltci_plan_item where region = $1 and elder = $2 and from_day = $3", &[region, id, &from])?;
    tx.run(
        "insert into ltci_plan (region, elder, from_day, provider, review_day, goals, per_week, per_month, cost, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (region, elder, from_day) do update set provider = excluded.provider, review_day = excluded.review_day,
           goals = excluded.goals, per_week = excluded.per_week, per_month = excluded.per_month, cost = excluded.cost,
           who = excluded.who, at = excluded.at",
        &[
            region,
            id,
            &from,
            &step.provider,
            &new.review.to_string(),
            &new.goals,
            &i64::from(weighed.per_week),
            &i64::from(weighed.per_month),
            &weighed.cost.fen(),
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    for it in &new.items {
        tx.run(
            "insert into ltci_plan_item (region, elder, from_day, service, times, every, minutes, price)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (region, elder, from_day, service) do update set times = excluded.times, every = excluded.every,
               minutes = excluded.minutes, price = excluded.price",
            &[
                region,
                id,
                &from,
                &it.service,
                &i64::from(it.times),
                &every_word(it.every),
                &i64::from(it.minutes),
                &it.price.fen(),
            ],
        )?;
    }
    let link = format!("/ltci/benefits/{}/plan", elder.key);
    let report = Report::new("ltci", "长护险照护计划 {day} 起,{n} 项服务")
        .with("day", new.from)
        .with("n", new.items.len())
        .link(&link);
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("ltci plan from {}", new.from))?;
    promise::tell(tx, &ask.app, &elder.key, ask.today())?;
    Ok(weighed)
}
