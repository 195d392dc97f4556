//! What services would cost before they are ordered (询价): each line with its price, who pays it and why. Bills are written
//! from the same answer, so that nobody is charged what was not said.

use kit::{
    Ask, Error, Result, Said, Tx,
    form::{Input, pairs},
};
use rules::{
    base::{Date, Money, YesNo},
    contracting::{self as contract_rules, Charge},
    tariff::{self, BedDays, Class, Kind, Line, Payer, Split, Stay},
};

use super::{
    fee,
    payer::{self, Record},
    price::{self, Priced},
    words,
};
use crate::{
    contracting,
    elders::Elder,
    institutions::{self, Institution},
};

/// The code of the visit fee, the same everywhere.
pub const VISIT_FEE: &str = "visit_fee";
/// The code of payment by bed-day.
pub const BED_DAY: &str = "bed_day";
/// Lines one order has.
pub const MOST_LINES: usize = 40;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Code and how many.
    pub items: Vec<(String, u16)>,
    /// Whether it is given at home, so that the visit fee comes on top.
    pub visit: bool,
    /// Whether it is settled with medical insurance.
    pub insured: bool,
    pub stay: Option<Stay>,
}

/// One line of the answer.
#[derive(Debug, Clone)]
pub struct Quoted {
    pub code: String,
    pub name: String,
    pub unit: String,
    pub kind: Kind,
    pub class: Class,
    pub quantity: u16,
    pub price: Money,
    pub split: Split,
    /// Who pays the whole line in the person's place.
    pub payer: Option<Payer>,
    /// Why that one pays, as [`Said::stored`].
    pub why: String,
    /// What the price rests on.
    pub basis: String,
    pub is_example: bool,
    /// Who has paid for it already, where somebody has: it cannot be charged.
    pub blocked: Option<Record>,
}

/// The answer.
#[derive(Debug, Clone, Default)]
pub struct Quote {
    pub lines: Vec<Quoted>,
    /// Codes without a price here on that day.
    pub unpriced: Vec<String>,
    /// Why there is no visit fee or no bed-day rate, where one was asked for.
    pub refused: Vec<Said>,
    pub total: Split,
    /// The visit fee with the day of its publication.
    pub fee: Option<fee::Fee>,
}

impl Order {
    /// Reads the fields `code` and `quantity`, as often as they stand, and the switches of a form or an address.
    ///
    /// # Errors
    /// `Invalid` for a quantity that is no number from 1 to 999, and for an order without anything.
    pub fn from(input: &Input) -> Result<Order> {
        let (codes, quantities) = (input.all("code"), input.all("quantity"));
        let mut items: Vec<(String, u16)> = Vec::new();
        for (nth, text) in codes.iter().enumerate() {
            // A datalist offers “code name”.
            let code = text.split_whitespace().next().unwrap_or_default();
            if code.is_empty() {
                continue;
            }
            let typed = quantities.get(nth).map_or("", |it| it.trim());
            let quantity = if typed.is_empty() { Ok(1) } else { typed.parse::<u16>() };
            let quantity = quantity.ok().filter(|it| (1..=999).contains(it)).ok_or_else(|| {
                Error::invalid("quantity", Said::new("“数量”应是 1 到 999 的整数,而不是“{value}”").with("value", typed))
            })?;
            match items.iter_mut().find(|it| it.0 == code) {
                Some(known) => known.1 = known.1.saturating_add(quantity).min(999),
                None => items.push((code.to_string(), quantity)),
            }
        }
        if MOST_LINES < items.len() {
            return Err(Error::invalid("code", Said::new("一次最多 {max} 个项目").with("max", MOST_LINES)));
        }
        let on = |name: &str| matches!(input.get(name), "on" | "true" | "1" | "yes");
        let order = Order { items, visit: on("visit"), insured: on("insured"), stay: stay(input)? };
        if order.items.is_empty() && !order.visit && order.stay.is_none() {
            return Err(Error::invalid("code", "请至少选择一个项目"));
        }
        Ok(order)
    }
}

/// The query of an address as a form, names that stand several times included.
pub fn asked(uri: &axum::http::Uri) -> Input {
    Input::from_pairs(pairs(uri.query().unwrap_or_default()))
}

fn stay(input: &Input) -> Result<Option<Stay>> {
    if input.get("phase").is_empty() {
        return Ok(None);
    }
    let day =
        |name: &'static str| input.get(name).parse::<Date>().map_err(|_| Error::invalid(name, "日期请写作 2026-01-31"));
    let on = |name: &str| YesNo::from(matches!(input.get(name), "on" | "true" | "1" | "yes"));
    Ok(Some(Stay {
        admitted: day("admitted")?,
        from: day("stay_from")?,
        until: day("stay_until")?,
        phase: input.get("phase").to_string(),
        level: None,
        pathway: on("pathway"),
        stable: on("stable"),
    }))
}

/// What an order costs an elder at an institution on a day.
pub fn quote(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    institution: &Institution,
    day: Date,
    order: &Order,
) -> Result<Quote> {
    let mut quote = Quote::default();
    let at = price::at(tx, institution, day)?;
    let region = &elder.key.region;
    if order.insured && !is_designated(tx, institution, day)? {
        quote.refused.push(Said::new("这家机构当日不是医保定点,不能经医保结算"));
    }
    for (code, quantity) in &order.items {
        match price::find(tx, ask, region, at, code)? {
            Some(priced) => quote.lines.push(of_item(tx, ask, elder, day, order, &priced, *quantity)?),
            None => quote.unpriced.push(code.clone()),
        }
    }
    if order.visit {
        match fee::on(tx, &institution.key, day)? {
            Some(found) => {
                quote.lines.push(of_fee(tx, ask, elder, day, &found)?);
                quote.fee = Some(found);
            }
            None => quote.refused.push(Said::new("这家机构当日没有公布上门服务费")),
        }
    }
    if let Some(stay) = &order.stay {
        let stay = Stay { level: at.level, ..stay.clone() };
        let policy = ask.app.policy_in(region, day);
        match tariff::bed_days(&stay, &policy) {
            Err(missing) => quote.refused.push(missing.text().into()),
            Ok(BedDays { objections, .. }) if !objections.is_empty() => {
                let why: Vec<&str> = objections.iter().map(|it| ask.t(it.title())).collect();
                quote.refused.push(Said::new("不能按床日付费:{why}").with("why", why.join(ask.t("、"))));
            }
            Ok(found) => quote.lines.push(of_stay(tx, ask, elder, day, order, &found)?),
        }
    }
    quote.total = quote.lines.iter().map(|it| it.split).sum();
    Ok(quote)
}

/// Whether an institution is designated by medical insurance (医保定点) on a day.
fn is_designated(tx: &Tx<'_>, institution: &Institution, day: Date) -> Result<bool> {
    let facts = institutions::facts(tx, &institution.key)?;
    Ok(!institutions::fact_on(&facts, "insurance", day).is_empty())
}

fn of_item(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    day: Date,
    order: &Order,
    priced: &Priced,
    quantity: u16,
) -> Result<Quoted> {
    let it = &priced.item;
    let (payer, why, blocked) = who_pays(tx, ask, elder, day, &it.code)?;
    let (price, class) = (priced.amount, it.class);
    let line = Line { price, quantity, class, paid_by: payer, insured: order.insured.into() };
    let policy = ask.app.policy_in(&elder.key.region, day);
    Ok(Quoted {
        code: it.code.clone(),
        name: it.name.clone(),
        unit: it.unit.clone(),
        kind: it.kind,
        class,
        quantity,
        price,
        split: tariff::split(&line, &policy).map_err(|it| Error::refused("no_policy", it.text()))?,
        payer,
        why: why.stored(),
        basis: priced.basis(),
        is_example: priced.is_example(),
        blocked,
    })
}

fn of_fee(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, found: &fee::Fee) -> Result<Quoted> {
    let (payer, why, blocked) = who_pays(tx, ask, elder, day, VISIT_FEE)?;
    let price = found.fee.unwrap_or_default();
    let line = Line { price, quantity: 1, class: Class::C, paid_by: payer, insured: YesNo::No };
    let policy = ask.app.policy_in(&elder.key.region, day);
    Ok(Quoted {
        code: VISIT_FEE.to_string(),
        name: Kind::VisitFee.title().to_string(),
        unit: "次".to_string(),
        kind: Kind::VisitFee,
        class: Class::C,
        quantity: 1,
        price,
        split: tariff::split(&line, &policy).map_err(|it| Error::refused("no_policy", it.text()))?,
        payer,
        why: why.stored(),
        basis: Said::new("自 {from} 起的上门服务费,{published} 公布")
            .with("from", found.from)
            .with("published", kit::clock::minute(&found.published))
            .stored(),
        is_example: false,
        blocked,
    })
}

fn of_stay(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, order: &Order, found: &BedDays) -> Result<Quoted> {
    let (payer, why, blocked) = who_pays(tx, ask, elder, day, BED_DAY)?;
    let policy = ask.app.policy_in(&elder.key.region, day);
    let insured = order.insured.into();
    let line = Line { price: found.rate, quantity: found.days, class: Class::A, paid_by: payer, insured };
    let rates = policy.read(|it| &it.tariff.bed_day_rates);
    let because = rates.ok().and_then(|_| policy.because().pop());
    let split = tariff::split(&line, &policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    Ok(Quoted {
        code: BED_DAY.to_string(),
        name: Kind::BedDay.title().to_string(),
        unit: "床日".to_string(),
        kind: Kind::BedDay,
        class: Class::A,
        quantity: found.days,
        price: found.rate,
        split,
        payer,
        why: why.stored(),
        is_example: because.as_ref().is_some_and(|it| it.status == rules::policy::Status::Example),
        basis: because.map_or(String::new(), |it| format!("{} {}", it.region_name, it.from)),
        blocked,
    })
}

/// Who pays for a service of a day, and why: whoever has paid already, else public health, else the contract that runs and
/// promises it, else the person.
fn who_pays(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    day: Date,
    code: &str,
) -> Result<(Option<Payer>, Said, Option<Record>)> {
    if let Some(known) = payer::payer_of(tx, ask, &elder.key, code, day)? {
        // The person may be charged for more of what the person pays anyway.
        if !matches!(&*known.payer, words::SELF | "insurance") {
            let why = Said::new("{day} 已由{payer}付费,不再收费")
                .with("day", known.day)
                .with("payer", words::title(words::PAYERS, &known.payer));
            return Ok((Payer::parse(&known.payer), why, Some(known)));
        }
    }
    let service = payer::service_of(ask, &elder.key.region, day, code);
    let policy = ask.app.policy_in(&elder.key.region, day);
    let already = policy.read(|it| &it.tariff.already_paid_by).map_or(&[][..], |it| it);
    let is_public = policy.read(|it| &it.tariff.public_health).is_ok_and(|it| it.contains(&service));
    if is_public && already.contains(&Payer::PublicHealth) {
        return Ok((Some(Payer::PublicHealth), Said::new("属于基本公共卫生服务,不收费"), None));
    }
    let promised = policy.read(|it| &it.tariff.promised).ok().and_then(|it| it.get(&service)).copied();
    if let Some(promised) = promised
        && already.contains(&Payer::FamilyDoctorContract)
        && let Some(why) = promise(tx, ask, elder, day, promised)?
    {
        return Ok((Some(Payer::FamilyDoctorContract), why, None));
    }
    Ok((None, Said::new("没有其他付费方"), None))
}

/// Why the contract that runs pays for a service; nothing where it promises none of it or no more.
fn promise(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, service: contract_rules::Service) -> Result<Option<Said>> {
    let Some(contract) = contracting::in_force(tx, &elder.key, day)? else { return Ok(None) };
    let items = contracting::items(tx, &contract.key)?;
    let Some(item) = items.into_iter().find(|it| it.service == service.word()) else { return Ok(None) };
    // What was noted as done on that very day is the service now asked for.
    let done = if item.last == Some(day) { item.done - 1 } else { item.done };
    let policy = ask.app.policy_in(&elder.key.region, contract.from);
    let packages = policy.read(|it| &it.contracting.packages).map_or(&[][..], |it| it);
    let chosen = packages.iter().filter(|it| contract.packages.contains(&it.id));
    let Some(said) = chosen.flat_map(|it| &it.items).find(|it| it.service == service) else { return Ok(None) };
    Ok(match contract_rules::charge(said, u16::try_from(done.max(0)).unwrap_or(u16::MAX)) {
        Charge::Promised { left, .. } => Some(Said::new("签约服务包约定的服务,还有 {n} 次,不收费").with("n", left)),
        Charge::Free => Some(Said::new("签约服务包约定的服务,次数已用完,再做也不收费")),
        Charge::Beyond => None,
    })
}
