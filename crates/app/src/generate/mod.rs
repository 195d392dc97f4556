//! A synthetic county or city: calibrated with published figures, the same for the same seed, taken in through the
//! same checks as real people. People stream through; only the names of places are held in memory.

mod alarms;
mod beside;
mod chance;
mod charges;
mod checks;
mod chronic;
mod city;
mod coming;
mod devices;
mod dispatch;
mod frail;
mod homebeds;
mod house;
mod names;
mod network;
mod orders;
mod people;
mod plans;
pub mod profiles;
mod quota;
mod rounds;
mod scheme;
mod signed;
mod visits;

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use kit::{
    App, Ask, Error, Id, Result, Scope, Tx, Who,
    place::{Level, NATION},
    who::{Role, account, password},
};
use rules::base::Date;

use beside::Beside;
use coming::{Coming, Part};
use frail::Assessors;
pub use house::{Login, PASSWORD};
use people::{Days, People, Person};
use profiles::Profile;
use quota::Dealing;

use crate::elders::{self, Taken};

/// What to generate.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub profile: &'static Profile,
    /// 1.0 is the whole city.
    pub scale: f64,
    pub seed: u64,
    /// Only this county, with so many elders.
    pub county: Option<(&'static str, usize)>,
    /// Takes a city's people in one by one, as a county's, instead of loading them.
    pub one_by_one: bool,
}

/// How much of people's past is made.
#[derive(Debug, Clone, Copy)]
struct History {
    /// Years of checks up to that of the published figures.
    years: i16,
    /// Whether assessments, constitutions, visits and vaccinations are written, too.
    with_visits: bool,
}

impl History {
    /// A county shows what years of work leave behind.
    const WHOLE: History = History { years: 3, with_visits: true };
    /// A city is as large as the published figures, and has what they count.
    const OF_FIGURES: History = History { years: 1, with_visits: false };
}

/// What came of it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Summary {
    pub elders: usize,
    pub rows: i64,
    pub seconds: f64,
    pub logins: Vec<Login>,
}

const BATCH: usize = 1_000;

/// Generates into an empty registry. `progress` hears (done, total).
///
/// # Errors
/// `Refused` where elders are in the registry already.
pub async fn run(app: &App, plan: Plan, progress: impl Fn(usize, usize)) -> Result<Summary> {
    let started = Instant::now();
    if app.db.read(is_used).await? {
        return Err(Error::refused("not_empty", "名册中已有老人,示例数据只能生成到空库"));
    }
    let now = app.clock.now();
    let counties = match plan.county {
        Some((county, _)) => vec![county.to_string()],
        None => app.places.tree().counties(plan.profile.region),
    };
    let total = plan.county.map_or((plan.profile.elders as f64 * plan.scale).round() as usize, |it| it.1);
    let homes = homes(app, &counties);
    if homes.is_empty() || counties.is_empty() {
        return Err(Error::refused("no_places", "没有这个地区的村(社区),请先导入区划"));
    }
    let today = kit::clock::day_of(now);
    let profile = plan.profile;
    // A county of its own stands as of today; the figures are those of a whole city.
    let days = match plan.county {
        Some(_) => Days { figures: today, managed: today, today },
        None => Days { figures: profile.day(today), managed: profile.managed_day(today), today },
    };
    let people = People::new(plan.seed, days, profile.from_age);
    let dealing = Dealing::new(profile, total);
    let scope = Scope::of(&app.places.tree(), NATION);
    let is_loaded = plan.county.is_none() && !plan.one_by_one;
    let beside = Beside::of(app, is_loaded).await?;
    let made = network::institutions(&beside.app, &plan, &counties, &scope).await?;
    let (logins, assessors) = staff(&beside.app, &counties, scope.clone(), now, &made).await?;
    network::people(&beside.app, &plan, &counties, &scope, &made).await?;
    let history = if plan.county.is_some() { History::WHOLE } else { History::OF_FIGURES };
    let setting = Setting { app: app.clone(), scope, days, assessors, history };
    let for_charges = setting.clone();
    let part = profile.part.filter(|_| plan.county.is_none()).map(|it| Part::of(&it, &homes, plan.scale, total));
    let coming = Coming { people, dealing, homes, total, part, poor_signed: profile.poor_signed };
    let loaded = match is_loaded {
        true => Some(city::load(&setting, &beside, coming, &progress).await?),
        false => one_by_one(&setting, coming, &progress).await.map(|()| None)?,
    };
    beside.end();
    while 0 < kit::events::deliver(app).await? {}
    let (first, for_homes) = (counties[0].clone(), app.clone());
    let (with_charges, seed, for_county) = (plan.county.is_some(), plan.seed, made.clone());
    app.db
        .write(move |tx| {
            admit_residents(tx, &for_homes, &first)?;
            if with_charges {
                charges::write(tx, &for_charges, seed, &first, &for_county)?;
                rounds::write(tx, &for_charges, seed, &first)?;
                homebeds::write(tx, &for_charges, &first, &for_county)?;
                plans::write(tx, &for_charges, seed, &first)?;
                visits::write(tx, &for_charges, &first)?;
                dispatch::write(tx, &for_charges, &first)?;
                devices::write(tx, &for_charges, seed, &first)?;
                alarms::write(tx, &for_charges, seed, &first)?;
            }
            Ok(())
        })
        .await?;
    scheme::write(&setting, &plan, &counties, &made, total).await?;
    let first = counties[0].clone();
    app.db
        .write(move |tx| {
            grant_family(tx, &first)?;
            if with_charges { orders::write(tx, &setting, &first, &made) } else { Ok(()) }
        })
        .await?;
    let rows = match loaded {
        Some(rows) => rows,
        None => {
            app.db.analyze().await?;
            app.db.read(count_rows).await?
        }
    };
    Ok(Summary { elders: total, rows, seconds: started.elapsed().as_secs_f64(), logins })
}

/// Takes people in as real ones are, one by one; all of them or nobody.
async fn one_by_one(setting: &Setting, mut coming: Coming, progress: &impl Fn(usize, usize)) -> Result<()> {
    let (total, for_load) = (coming.total, setting.clone());
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let taking = tokio::spawn({
        let db = setting.app.db.clone();
        async move {
            db.load(&[], move |load| {
                let mut done = 0;
                while done < total {
                    let next = total.min(done + BATCH);
                    let mut teams = signed::Teams::new();
                    let tx = load.tx()?;
                    coming.next(done..next).iter().try_for_each(|it| live(tx, &for_load, it, &mut teams))?;
                    load.settle()?;
                    // Whoever asked may have gone; the load goes on all the same.
                    let _ = tell.send(next);
                    done = next;
                }
                Ok(())
            })
            .await
        }
    });
    while let Some(done) = told.recv().await {
        progress(done, total);
    }
    taking.await.map_err(Error::internal)?
}

/// Elders are in the registry, or institutions of an attempt that was broken off.
fn is_used(tx: &Tx<'_>) -> Result<bool> {
    let sql = "select case when exists (select 1 from elder) or exists (select 1 from institution) then 1 else 0 end";
    Ok(0 < tx.count(sql, &[])?)
}

/// Villages and communities of the counties, where people can live.
fn homes(app: &App, counties: &[String]) -> Vec<String> {
    let tree = app.places.tree();
    let mut homes = Vec::new();
    for county in counties {
        for street in tree.children(county) {
            homes.extend(tree.children(&street.code).filter(|it| it.level == Level::Village).map(|it| it.code.clone()));
        }
    }
    homes
}

/// In what all people are taken in.
#[derive(Clone)]
struct Setting {
    app: App,
    scope: Scope,
    days: Days,
    assessors: Assessors,
    history: History,
}

impl Setting {
    /// Whoever writes down what was on a day.
    fn on(&self, day: Date) -> Ask {
        Ask::of(&self.app, doctor(&self.scope, day), morning(day))
    }
}

/// Takes one person in on the day their record begins, and lets happen what happened since.
fn live(tx: &Tx<'_>, setting: &Setting, person: &Person, teams: &mut signed::Teams) -> Result<()> {
    let Setting { scope, days, assessors, history, .. } = setting;
    let on = |day: Date| setting.on(day);
    let ask = on(person.since);
    let Taken::New(key) = elders::take(tx, &ask, &person.draft)? else {
        return Err(Error::internal("a generated ID number came twice"));
    };
    let elder = elders::find(tx, scope, &key)?;
    if let Some(child) = person.contact() {
        elders::add_contact(tx, &ask, &elder, &child)?;
    }
    let last = person.died.or(person.moved).unwrap_or(days.today);
    if let Some(birthday) = elders::oldest_from(&on(last), &elder).filter(|it| person.since < *it && *it <= last) {
        elders::settle_age(tx, &on(birthday), &elder)?;
    }
    for it in person.assessed.iter().filter(|_| history.with_visits) {
        frail::write(tx, &on(it.day), &elder, it, assessors)?;
    }
    let mut served = checks::write(tx, &on, &elder, person, *days, *history)?;
    if history.with_visits {
        served.extend(chronic::write(tx, &on, &elder, person, days.today)?);
    }
    signed::write(tx, &on, &elder, person, *days, &served, teams)?;
    if let Some(day) = person.died {
        elders::died(tx, &on(day), &elder, day, "")?;
    }
    if let Some(day) = person.moved {
        elders::moved(tx, &on(day), &elder, day, None)?;
    }
    Ok(())
}

/// Nine o'clock in Shanghai.
fn morning(day: Date) -> Timestamp {
    let nine = day.civil().to_datetime(Time::constant(9, 0, 0, 0));
    nine.to_zoned(TimeZone::fixed(jiff::tz::offset(8))).map_or(Timestamp::UNIX_EPOCH, |it| it.timestamp())
}

/// A body of assessors in every county, accounts in the first.
async fn staff(
    app: &App,
    counties: &[String],
    scope: Scope,
    now: Timestamp,
    made: &[network::Made],
) -> Result<(Vec<Login>, Assessors)> {
    let hash = tokio::task::spawn_blocking(|| password::hash(PASSWORD)).await.map_err(Error::internal)??;
    let (app_too, counties): (App, Arc<[String]>) = (app.clone(), counties.into());
    let first: Vec<network::Made> = made.iter().filter(|it| it.region == counties[0]).cloned().collect();
    app.db
        .write(move |tx| {
            let ask = Ask::of(&app_too, Who::system(scope), now);
            let assessment = house::organisation(tx, &ask, &counties[0])?;
            for county in &counties[1..] {
                house::organisation(tx, &ask, county)?;
            }
            house::accounts(tx, &ask, &counties[0], assessment, &first, &hash)
        })
        .await
}

/// Those who live in an institution live in the first home of the county.
fn admit_residents(tx: &Tx<'_>, app: &App, county: &str) -> Result<()> {
    let first = "select min(id) from organisation where region = $1 and kind = 'elderly_home'";
    let home: Option<Id> = tx.one(first, &[&county], |row| row.get(0))?;
    let residents: Vec<(Id, String)> = tx.rows(
        "select id, created from elder where region = $1 and living = 'institution' and state = 'living' order by id",
        &[&county],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (id, created) in residents.into_iter().filter(|_| home.is_some()) {
        tx.run("update elder set organisation = $3 where region = $1 and id = $2", &[&county, &id, &home])?;
        let since = kit::clock::day_of_stamp(&created).unwrap_or(app.clock.today());
        elders::housed(tx, app, &elders::Key { region: county.to_string(), id }, home, since)?;
    }
    Ok(())
}

/// The family account sees two elders: the first whom long-term-care insurance cares for at home, else the first who has a
/// disability; and the first who has still to pay a bill.
fn grant_family(tx: &Tx<'_>, county: &str) -> Result<()> {
    let id = |row: &kit::db::Row<'_>| row.get::<Id>(0);
    let cared_for = tx.row(
        "select c.elder from ltci_claim c join elder e on e.region = c.region and e.id = c.elder
          where c.region = $1 and c.mode = 'visiting' and e.state = 'living' order by c.elder limit 1",
        &[&county],
        id,
    )?;
    let disabled = tx.row(
        "select e.id from elder_group g join elder e on e.region = g.region and e.id = g.elder
          where g.region = $1 and g.kind = 'disabled' and g.until_day is null and e.state = 'living'
          order by e.id limit 1",
        &[&county],
        id,
    )?;
    let owing = tx.row(
        "select b.elder from tariff_bill b join elder e on e.region = b.region and e.id = b.elder
          where b.region = $1 and b.balance > 0 and e.state = 'living' order by b.id limit 1",
        &[&county],
        id,
    )?;
    let family = tx.row("select id from account where role = $1 order by id limit 1", &[&Role::Family.word()], id)?;
    let Some(family) = family else { return Ok(()) };
    let elders: BTreeSet<Id> = cared_for.or(disabled).into_iter().chain(owing).collect();
    elders.into_iter().try_for_each(|elder| account::grant_person(tx, family, county, elder, "child"))
}

fn count_rows(tx: &Tx<'_>) -> Result<i64> {
    let tables = [
        "elder",
        "elder_group",
        "elder_contact",
        "elder_timeline",
        "assessment",
        "assessment_answer",
        "assessment_event",
        "healthcheck",
        "healthcheck_section",
        "tcm_record",
        "chronic_visit",
        "chronic_medicine",
        "vaccination_dose",
        "contract",
        "contract_team",
        "contract_item",
        "contract_service",
        "contract_refusal",
        "contract_dropped",
        "tariff_fee",
        "tariff_event",
        "tariff_bill",
        "tariff_entry",
        "tariff_advance",
        "tariff_book",
        "round_task",
        "round_visit",
        "round_away",
        "round_home",
        "visit",
        "visit_event",
        "homebed",
        "homebed_record",
        "home_order",
        "home_order_step",
        "audit",
        "event",
        "organisation",
        "institution",
        "institution_licence",
        "institution_fact",
        "institution_area",
        "staff",
        "staff_post",
        "staff_certificate",
        "team",
        "team_member",
        "team_place",
        "account",
        "ltci_insured",
        "ltci_kind",
        "ltci_contribution",
        "ltci_fund_entry",
        "ltci_agreement",
        "ltci_carer",
        "ltci_benefit",
        "ltci_application",
        "ltci_claim",
        "ltci_verdict",
        "ltci_payment",
    ];
    tables.iter().map(|it| tx.count(&format!("select count(*) from {it}"), &[])).sum()
}

/// What is written down of the past has the name of one of the doctors; no account of theirs did it.
fn doctor(scope: &Scope, day: Date) -> Who {
    let name = checks::DOCTORS[usize::from(day.day().unsigned_abs()) % checks::DOCTORS.len()];
    Who { name: name.into(), ..Who::system(scope.clone()) }
}
