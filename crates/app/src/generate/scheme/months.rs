//! The last months of a county's scheme: what two institutions claimed, what became of it, and who has just applied.

use kit::{Error, Id, Result, Tx, form::Input};
use rules::base::Date;

use crate::{
    assessment,
    elders::{self, Key},
    generate::{Setting, chance::Chance},
    ltci::{self, Wish},
};

/// So many months are settled here, before the current one: all but the last are paid.
pub const SETTLED: i32 = 2;
/// Institutions that claim, and recipients of each.
const PROVIDERS: usize = 3;
const RECIPIENTS: usize = 25;
/// Of so many who could one has just applied, and no more than so many in all.
const ONE_APPLIES_OF: usize = 20;
const APPLICANTS: usize = 14;

pub async fn write(setting: &Setting, seed: u64, region: &str) -> Result<()> {
    let this_month = setting.days.today.first_of_month();
    for back in (0..=SETTLED).rev() {
        let month = this_month.add_months(-back);
        let (for_month, region_too) = (setting.clone(), region.to_string());
        let mut chance = Chance::new(seed ^ 0x6d6f_6e74 ^ back as u64);
        let claim = move |tx: &Tx<'_>| claims(tx, &for_month, &region_too, month, &mut chance);
        setting.app.db.write(claim).await?;
        if 0 < back {
            settle(setting, region, month, back).await?;
        }
    }
    let (for_applicants, region) = (setting.clone(), region.to_string());
    setting.app.db.write(move |tx| applicants(tx, &for_applicants, &region)).await
}

async fn settle(setting: &Setting, region: &str, month: Date, back: i32) -> Result<()> {
    let ask = setting.on(setting.days.today.min(month.add_months(1).add_days(7)));
    let done = ltci::settle_month(&ask, region, &month.to_string()[..7], false).await?;
    let Some(settlement) = done.settlement else { return Ok(()) };
    ltci::confirm_month(&ask, &settlement).await?;
    if back == 1 {
        return Ok(());
    }
    let day = ask.today();
    let paid = ask.write(move |tx, ask| ltci::payments_done(tx, ask, &settlement, None, day, "示例-拨付")).await;
    match paid {
        // Where the rules cannot decide without example values, nothing is due.
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

/// A recipient, the way of care and the institution.
struct Served {
    elder: Key,
    mode: String,
    provider: Id,
    carers: Vec<String>,
}

fn served(tx: &Tx<'_>, region: &str) -> Result<Vec<Served>> {
    let providers: Vec<Id> = tx.rows(
        "select organisation from ltci_provider where region = $1 and state = 'running' order by organisation limit 3",
        &[&region],
        |row| row.get(0),
    )?;
    let mut all = Vec::new();
    for provider in providers.into_iter().take(PROVIDERS) {
        let carers: Vec<String> = tx.rows(
            "select number from ltci_carer where region = $1 and organisation = $2 and until_day is null order by id",
            &[&region, &provider],
            |row| row.get(0),
        )?;
        let of_provider = tx.rows(
            "select elder, mode from ltci_recipient where region = $1 and provider = $2 order by since, elder limit 25",
            &[&region, &provider],
            |row| {
                let elder = Key { region: region.to_string(), id: row.get(0)? };
                Ok(Served { elder, mode: row.get(1)?, provider, carers: carers.clone() })
            },
        )?;
        all.extend(of_provider.into_iter().take(RECIPIENTS));
    }
    Ok(all)
}

/// Every day in a bed, or a visit every other day; some of what nobody should claim is among it.
fn claims(tx: &Tx<'_>, setting: &Setting, region: &str, month: Date, chance: &mut Chance) -> Result<()> {
    let end = month.add_months(1).min(setting.days.today);
    let ask = setting.on(end.add_days(1).min(setting.days.today));
    for (nth, it) in served(tx, region)?.iter().enumerate() {
        let is_visited = it.mode == "visiting";
        if is_visited && it.carers.is_empty() {
            continue;
        }
        let mut day = month.add_days(if is_visited { (nth % 2) as i32 } else { 0 });
        while day < end {
            let input = if is_visited { visit(it, nth, day, chance) } else { bed(it, day) };
            match tx.attempt(|tx| ltci::take_claim(tx, &ask, &input, "示例数据")) {
                // Who is no longer there is not claimed for.
                Ok(_) | Err(Error::Invalid(_) | Error::Refused(_)) => {}
                Err(other) => return Err(other),
            }
            day = day.add_days(if is_visited { 2 } else { 1 });
        }
    }
    Ok(())
}

fn filled(it: &Served, letter: &str, day: Date, more: &[(&str, String)]) -> Input {
    let common = [
        ("number", format!("{letter}{}-{day}", it.elder.id)),
        ("provider", it.provider.to_string()),
        ("elder", it.elder.to_string()),
        ("day", day.to_string()),
        ("mode", it.mode.clone()),
    ];
    let all = common.iter().chain(more);
    Input::from_pairs(all.map(|(name, value)| ((*name).to_string(), value.clone())))
}

fn bed(it: &Served, day: Date) -> Input {
    filled(it, "B", day, &[("service", "BED".into()), ("amount", "110".into())])
}

/// What is done in an hour at home.
const SERVICES: [&str; 5] = ["S05", "S07", "S12", "S19", "S21"];

fn visit(it: &Served, nth: usize, day: Date, chance: &mut Chance) -> Input {
    // The carers of an institution take turns; now and then one is said to be with two elders at once.
    let hour = 8 + if chance.happens(0.03) { 0 } else { 2 * (nth / it.carers.len()) % 10 };
    let carer = &it.carers[nth % it.carers.len()];
    let minutes = *chance.weighed(&[(60, 80), (45, 12), (90, 6), (15, 2)]);
    let end = hour * 60 + minutes;
    let mut more = vec![
        ("service", (*chance.pick(&SERVICES)).to_string()),
        ("amount", format!("{}.{:02}", minutes * 65 / 60, minutes * 6500 / 60 % 100)),
        ("begin", format!("{hour:02}:00")),
        ("end", format!("{:02}:{:02}", end / 60, end % 60)),
        ("carer", carer.clone()),
    ];
    if !chance.happens(0.02) {
        more.push(("latitude", format!("41.{:06}", 100_000 + chance.below(90_000))));
        more.push(("longitude", format!("122.{:06}", chance.below(90_000))));
        more.push(("position_source", "gps".into()));
    }
    // One photo is shown again and again.
    let photo = if chance.happens(0.01) { 0 } else { chance.next() };
    more.push(("photo", format!("{photo:016x}")));
    filled(it, "V", day, &more)
}

/// Elders with a conclusion and no benefit yet: some are decided on, of others the clerk has to decide.
fn applicants(tx: &Tx<'_>, setting: &Setting, region: &str) -> Result<()> {
    let ask = setting.on(setting.days.today);
    let provider: Option<Id> = tx.row(
        "select organisation from ltci_provider where region = $1 and state = 'running' order by organisation limit 1",
        &[&region],
        |row| row.get(0),
    )?;
    let people: Vec<Id> = tx.rows(
        "select e.id from elder e join elder_group g on g.region = e.region and g.elder = e.id
          where e.region = $1 and g.kind = 'disabled' and g.until_day is null and e.state = 'living'
            and not exists (select 1 from ltci_benefit b where b.region = e.region and b.elder = e.id)
          order by e.id limit 400",
        &[&region],
        |row| row.get(0),
    )?;
    let most = (people.len() / ONE_APPLIES_OF).clamp(2, APPLICANTS);
    let mut nth = 0_usize;
    for id in people {
        let key = Key { region: region.to_string(), id };
        if most <= nth {
            break;
        }
        // Half of them have been assessed already.
        let mut assessed = assessment::of_elder(tx, &key)?.into_iter();
        if nth.is_multiple_of(2) != assessed.any(|it| it.programme == assessment::Programme::Ltci) {
            continue;
        }
        let elder = elders::find(tx, &ask.who.scope, &key)?;
        let wish = Wish {
            applicant: "family".into(),
            applicant_name: String::new(),
            mode: "visiting".into(),
            provider,
            bonus: "hours".into(),
            note: String::new(),
            disabled_since: Some(ask.today().add_months(-9)),
            site: "home".into(),
        };
        match tx.attempt(|tx| ltci::apply(tx, &ask, &elder, &wish)) {
            Ok(_) => nth += 1,
            Err(Error::Invalid(_) | Error::Refused(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
