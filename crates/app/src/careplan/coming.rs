//! What all programmes owe an elder in the coming weeks, and the visits that do it: public health, the contract, the plan's own
//! services, and what later programmes promised.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Ask, Error, Result, Tx};
use rules::{
    base::Date,
    care_plan::{Due, Duty, Joined, Payer, Place, Profession, joined, open_slots, slots},
    contracting::Service,
    rounds::Period,
};

use super::{
    given::{self, Given, Planned},
    line, outside,
    record::Plan,
    words,
};
use crate::{
    assessment::needed,
    contracting,
    elders::{self, DueItem, Elder},
    visits,
};

/// How many weeks are looked ahead.
pub const WEEKS: usize = 4;

/// Something that is owed, as people read it.
#[derive(Debug, Clone)]
pub struct Owed {
    pub due: Due,
    /// In the reader's language.
    pub title: String,
    pub payer: Payer,
    pub link: String,
    /// Its day was over before today.
    pub late: bool,
}

/// One week and how what is owed in it is done.
#[derive(Debug, Clone)]
pub struct Week {
    pub monday: Date,
    pub joined: Joined,
    /// What visits are planned for in it already.
    pub planned: Vec<(Planned, String)>,
}

/// The coming weeks, and by id everything they speak of.
#[derive(Debug, Clone, Default)]
pub struct Coming {
    pub weeks: Vec<Week>,
    pub owed: BTreeMap<String, Owed>,
    /// What of the plan is not listed, since another programme does it: (title, the duty that does).
    pub covered: Vec<(String, String)>,
}

/// The coming weeks of an open plan.
///
/// # Errors
/// `Refused` where no policy is in force.
pub fn weeks(tx: &Tx<'_>, ask: &Ask, plan: &Plan, elder: &Elder) -> Result<Coming> {
    if !plan.is_open() || !elder.is_living() {
        return Ok(Coming::default());
    }
    let policy = ask.app.policy_in(&plan.key.region, ask.today());
    let duties = needed(policy.read(|it| &it.care_plan.duties))?;
    let longest = *needed(policy.read(|it| &it.care_plan.longest))?;
    let mut pool = Pool::new(tx, ask, plan)?;
    pool.public_health(&elders::dues_of(tx, &elder.key)?, duties);
    pool.contract(tx, elder, duties)?;
    let outside = outside::of(tx, &elder.key)?;
    for it in &outside {
        pool.repeated(&Repeated {
            stem: format!("{}:{}", it.source, it.service),
            title: if it.title_en.is_empty() { it.title.clone() } else { ask.either(&it.title, &it.title_en).clone() },
            times: it.times,
            every: it.every,
            by: it.by.clone(),
            payer: it.payer,
            place: Place::Home,
            minutes: it.minutes,
            from: it.from,
            next_by: it.next_by,
            link: it.link.clone(),
        });
    }
    pool.standing.extend(outside.iter().map(|it| it.source.clone()));
    for it in line::of(tx, &plan.key, plan.version)?.iter().filter(|it| it.is_service()) {
        let title = it.title_in(ask).to_string();
        if let Some(by) = it.covered_by.iter().find(|it| pool.standing.contains(*it)) {
            pool.covered.push((title, by.clone()));
            continue;
        }
        pool.repeated(&Repeated {
            stem: format!("line:{}", it.number),
            title,
            times: it.times,
            every: it.every,
            by: it.by.clone(),
            payer: it.payer,
            place: it.place,
            minutes: it.minutes,
            from: plan.from.unwrap_or(ask.today()),
            next_by: None,
            link: String::new(),
        });
    }
    Ok(pool.into_weeks(given::planned(tx, &plan.key)?, longest))
}

/// A service that is owed so many times a period.
struct Repeated {
    stem: String,
    title: String,
    times: i64,
    every: Period,
    by: Vec<Profession>,
    payer: Payer,
    place: Place,
    minutes: i64,
    from: Date,
    /// The last day of the next one, where it is counted from the one before: nothing is owed of a slot that ends sooner.
    next_by: Option<Date>,
    link: String,
}

struct Pool<'a> {
    ask: &'a Ask,
    today: Date,
    /// The last day looked at.
    last: Date,
    given: Vec<Given>,
    owed: Vec<Owed>,
    /// What stands of other programmes.
    standing: BTreeSet<String>,
    covered: Vec<(String, String)>,
}

impl<'a> Pool<'a> {
    fn new(tx: &Tx<'_>, ask: &'a Ask, plan: &Plan) -> Result<Pool<'a>> {
        let today = ask.today();
        Ok(Pool {
            ask,
            today,
            last: today.monday().add_days(7 * WEEKS as i32 - 1),
            given: given::since(tx, &plan.key, today.add_months(-12))?,
            owed: Vec::new(),
            standing: BTreeSet::new(),
            covered: Vec::new(),
        })
    }

    /// What is owed by a day: late where that is over, and then this week.
    fn add(&mut self, mut it: Owed) {
        it.late = it.due.by < self.today;
        if it.late {
            it.due.by = self.today.monday().add_days(6);
        }
        it.due.from = it.due.from.max(self.today);
        if it.due.from <= self.last {
            self.owed.push(it);
        }
    }

    fn public_health(&mut self, all: &[DueItem], duties: &[Duty]) {
        for item in all {
            let duty = duties.iter().find(|it| it.id == item.kind);
            let (Some(duty), Ok(by)) = (duty, item.day.parse::<Date>()) else { continue };
            self.standing.insert(duty.id.clone());
            self.standing.extend(duty.covers.iter().cloned());
            let title = self.ask.t(&item.said).to_string();
            self.add(of_duty(duty, by, title, &item.link, &item.day));
        }
    }

    fn contract(&mut self, tx: &Tx<'_>, elder: &Elder, duties: &[Duty]) -> Result<()> {
        let Some(contract) = contracting::in_force(tx, &elder.key, self.today)? else { return Ok(()) };
        for item in contracting::items(tx, &contract.key)?.iter().filter(|it| it.done < it.times) {
            let id = format!("contract:{}", item.service);
            // The same was found among what public health owes.
            if self.standing.contains(&id) {
                continue;
            }
            let Some(duty) = duties.iter().find(|it| it.id == id) else { continue };
            let days = i64::from(contract.from.days_until(contract.until));
            let nth = i32::try_from((item.done + 1) * days / item.times.max(1)).map_err(Error::internal)?;
            let title = self.ask.t(words::title(Service::WORDS, &item.service)).to_string();
            let link = contract.link();
            self.add(of_duty(duty, contract.from.add_days(nth - 1), title, &link, &(item.done + 1).to_string()));
            self.standing.insert(id);
        }
        Ok(())
    }

    /// The slots of a repeated service that are open in the periods looked at. What was missed is made up for once; of what is done
    /// every week not at all.
    fn repeated(&mut self, it: &Repeated) {
        let (mut day, mut next_by) = (self.today, it.next_by);
        while day <= self.last {
            let (first, beyond) = it.every.around(day);
            let of_period = self.given.iter().filter(|one| one.due == it.stem && first <= one.day && one.day < beyond);
            let done: Vec<Date> = of_period.map(|one| one.day).collect();
            let all = slots(u16::try_from(it.times).unwrap_or(1), it.every, day);
            let mut open = open_slots(&all, &done);
            open.retain(|one| it.from.max(it.next_by.unwrap_or(it.from)) <= one.1.by);
            let missed = open.iter().filter(|one| one.1.by < self.today).count();
            let forgotten = if it.every == Period::Week { missed } else { missed.saturating_sub(1) };
            for (nth, slot) in open.into_iter().skip(forgotten) {
                let by = next_by.take().map_or(slot.by, |next| slot.by.min(next));
                let due = Due {
                    id: format!("{}@{first}.{}", it.stem, nth + 1),
                    from: slot.from.max(it.from).min(by),
                    by,
                    can: it.by.clone(),
                    place: it.place,
                    minutes: u16::try_from(it.minutes).unwrap_or(0),
                    item: it.stem.clone(),
                };
                let (title, link) = (it.title.clone(), it.link.clone());
                self.add(Owed { due, title, payer: it.payer, link, late: false });
            }
            day = beyond;
        }
    }

    fn into_weeks(self, planned: Vec<Planned>, longest: u16) -> Coming {
        let owed: BTreeMap<String, Owed> = self.owed.iter().map(|it| (it.due.id.clone(), it.clone())).collect();
        let mut left: Vec<Due> = self.owed.into_iter().map(|it| it.due).collect();
        left.retain(|it| planned.iter().all(|one| one.due != it.id));
        let mut weeks = Vec::new();
        for nth in 0..WEEKS {
            let monday = self.today.monday().add_days(7 * nth as i32);
            let joined = joined(&left, monday, longest);
            left.retain(|it| joined.left.contains(&it.id));
            let of_week = planned.iter().filter(|it| it.day.monday() == monday);
            let title = |it: &Planned| owed.get(&it.due).map_or(it.due.clone(), |it| it.title.clone());
            weeks.push(Week { monday, joined, planned: of_week.map(|it| (it.clone(), title(it))).collect() });
        }
        Coming { weeks, owed, covered: self.covered }
    }
}

fn of_duty(duty: &Duty, by: Date, title: String, link: &str, which: &str) -> Owed {
    let due = Due {
        id: format!("{}@{which}", duty.id),
        from: by.add_days(-i32::from(duty.lead_days)),
        by,
        can: duty.by.clone(),
        place: duty.place,
        minutes: duty.minutes,
        item: duty.id.clone(),
    };
    Owed { due, title, payer: duty.payer, link: link.to_string(), late: false }
}

/// Wants a due of a visit to the home on its day; gives the visit's key.
fn field_visit(tx: &Tx<'_>, ask: &Ask, plan: &Plan, elder: &Elder, owed: &Owed, day: Date) -> Result<String> {
    let stem = given::stem(&owed.due.id);
    let (programme, service, payer) = match stem.split_once(':') {
        Some(("contract", service)) => ("contract", service, "contract"),
        // What the insurance pays it records by its own settlement.
        Some(("ltci", service)) => ("ltci", service, ""),
        // A bed writes its own bill.
        Some(("homebed", service)) => ("home_bed", service, ""),
        None if stem == "chronic" => ("public_health", Service::FollowUp.word(), "public_health"),
        None => ("public_health", &*owed.title, "public_health"),
        Some(_) => ("care_plan", &*owed.title, ""),
    };
    let thing = format!("careplan:{}/{}", plan.key.id, owed.due.id);
    let wanted = visits::Wanted {
        elder,
        day,
        from_minute: None,
        until_minute: None,
        minutes: i64::from(owed.due.minutes),
        organisation: None,
        staff: None,
        second: None,
        people: 1,
        note: "",
        purpose: visits::For { programme, thing: &thing, service, payer },
    };
    Ok(visits::want(tx, ask, &wanted)?.to_string())
}

/// Plans the visit that does these dues on its day.
///
/// # Errors
/// `Invalid` where the weeks no longer propose it.
pub fn plan_visit(
    tx: &Tx<'_>,
    ask: &Ask,
    plan: &Plan,
    elder: &Elder,
    dues: &[String],
    day: Option<Date>,
) -> Result<Date> {
    let coming = weeks(tx, ask, plan, elder)?;
    let proposed = coming.weeks.iter().flat_map(|it| &it.joined.visits).find(|it| it.dues == dues);
    let visit = proposed.ok_or_else(|| Error::invalid("dues", "到期的事项有变化,请刷新后再安排"))?;
    let day = day.unwrap_or(visit.day);
    let fits = |it: &Owed| it.due.from <= day && day <= it.due.by;
    if !visit.dues.iter().filter_map(|it| coming.owed.get(it)).all(fits) {
        return Err(Error::invalid("day", "这一天不在全部事项的期限内"));
    }
    for due in &visit.dues {
        let owed = coming.owed.get(due).ok_or_else(|| Error::internal(format!("{due} is not owed")))?;
        let at = if visit.place == Place::Home { field_visit(tx, ask, plan, elder, owed, day)? } else { String::new() };
        given::plan_visit(tx, ask, plan, due, day, &at)?;
    }
    elders::note(tx, ask, "change", elder, &format!("care plan {} visit {day}", plan.key))?;
    Ok(day)
}
