//! Alarms of a generated county: a centre with its roster, a year of cases that were answered, and some that are open now.

use jiff::SignedDuration;
use kit::{Id, Result, Tx};
use rules::alarm::Kind;

use super::{Setting, chance::Chance};
use crate::{
    elders::{self, Elder, Key},
    monitoring::{self, Past},
};

/// Cases of the year behind, and how often each kind comes.
const CASES: usize = 360;
const KINDS: &[(Kind, u32)] = &[
    (Kind::Sos, 30),
    (Kind::Fall, 18),
    (Kind::Smoke, 5),
    (Kind::Gas, 4),
    (Kind::Water, 3),
    (Kind::Vital, 22),
    (Kind::Still, 12),
    (Kind::Silent, 14),
];
const FOUND: &[(&str, &str, u32)] = &[
    ("true", "老人身体不适,已陪同就医", 4),
    ("true", "在家中摔倒,扶起后无大碍", 3),
    ("true", "复测仍高,已联系家庭医生", 3),
    ("mistake", "老人误按,已教会使用", 6),
    ("mistake", "做饭油烟触发,家中平安", 2),
    ("test", "安装后测试", 2),
    ("device", "电池没电,已更换", 3),
];

/// Writes centre, roster and cases.
pub fn write(tx: &Tx<'_>, setting: &Setting, seed: u64, county: &str) -> Result<()> {
    let clinician: Option<(String, Option<Id>)> = tx.row(
        "select s.name, s.organisation from staff s join account a on a.id = s.account
          where s.region = $1 and a.login = 'clinician'",
        &[&county],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((nurse, Some(organisation))) = clinician else { return Ok(()) };
    let staff: Vec<Id> = tx.rows(
        "select id from staff where region = $1 and organisation = $2 and state = 'active' order by id limit 6",
        &[&county, &organisation],
        |row| row.get(0),
    )?;
    let operator: Option<String> =
        tx.row("select name from account where login = 'operator'", &[], |row| row.get(0))?;
    let operator = operator.unwrap_or_else(|| "话务员".into());
    let key = Key { region: county.to_string(), id: organisation };
    let mut chance = Chance::new(seed ^ 0xa1a7);
    let today = setting.days.today;
    let ask = setting.on(today);
    monitoring::set_centre(tx, &ask, &key, county, &[8 * 60, 20 * 60], 2)?;
    let centre = monitoring::find_centre(tx, &ask.who.scope, &key)?;
    let mut slots = Vec::new();
    for weekday in 1..=7_u8 {
        for (nth, begins) in [8 * 60, 20 * 60].into_iter().enumerate() {
            for rank in 1..=2_u8 {
                let at = usize::from(weekday) + 2 * nth + usize::from(rank);
                // Sunday night has nobody in the second rank: the page shows such gaps before they happen.
                let nobody = weekday == 7 && nth == 1 && rank == 2;
                slots.push((weekday, begins, rank, staff.get(at % staff.len().max(1)).copied().filter(|_| !nobody)));
            }
        }
    }
    monitoring::set_week(tx, &ask, &centre, &slots)?;
    let people: Vec<Id> = tx.rows(
        "select id from elder where region = $1 and state = 'living' and living <> 'institution' order by id limit 4000",
        &[&county],
        |row| row.get(0),
    )?;
    if people.is_empty() {
        return Ok(());
    }
    let find = |tx: &Tx<'_>, id: Id| -> Result<Elder> {
        elders::find(tx, &ask.who.scope, &Key { region: county.to_string(), id })
    };
    let begin = kit::clock::begin_of(today);
    let homes: Vec<(Id, String, Id)> = tx.rows(
        "select id, kind, elder from device where region = $1 and elder is not null order by id",
        &[&county],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    for _ in 0..CASES {
        let days = 1 + chance.below(364) as i64;
        let seconds = chance.below(24 * 3_600) as i64;
        let kind = *chance.weighed(KINDS);
        // Most are of the homes whose devices are known here.
        let known: Vec<&(Id, String, Id)> = homes.iter().filter(|it| it.1 == raised_by(kind)).collect();
        let device = if known.is_empty() || chance.happens(0.4) { None } else { Some(*chance.pick(&known)) };
        let elder = find(tx, device.map_or_else(|| *chance.pick(&people), |it| it.2))?;
        let (verdict, found, _) = found(&mut chance);
        let is_quick = chance.happens(0.82);
        let goes = verdict != "test" && chance.happens(0.6);
        let took = if is_quick { 8 + chance.below(45) } else { 70 + chance.below(400) } as i64;
        let past = Past {
            elder: &elder,
            kind,
            urgent: kind.is_emergency() || chance.happens(0.3),
            raised: begin - SignedDuration::from_secs(days * 24 * 3_600 - seconds),
            raises: if chance.happens(0.15) { 2 + chance.below(3) as i64 } else { 1 },
            device: device.map(|it| it.0),
            device_label: label(kind),
            acknowledged: Some((took, &operator)),
            departed: goes.then(|| (40 + chance.below(240) as i64, &*nurse)),
            arrived: goes.then(|| (240 + chance.below(1_400) as i64, true)),
            closed: Some((300 + chance.below(3_000) as i64, verdict, found)),
        };
        monitoring::take_past(tx, &ask, &past)?;
    }
    open(tx, setting, county, &people, [&operator, &nurse])
}

fn found(chance: &mut Chance) -> (&'static str, &'static str, u32) {
    let weighed: Vec<((&str, &str, u32), u32)> = FOUND.iter().map(|it| (*it, it.2)).collect();
    *chance.weighed(&weighed)
}

/// The kind of device that raises alarms of a kind.
fn raised_by(kind: Kind) -> &'static str {
    match kind {
        Kind::Sos => "sos",
        Kind::Smoke => "smoke",
        Kind::Fall | Kind::Silent => "wearable",
        Kind::Vital => "cuff",
        Kind::Still => "motion",
        Kind::Gas | Kind::Water => "",
    }
}

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Sos => "床头呼叫按钮",
        Kind::Fall => "卫生间跌倒雷达",
        Kind::Smoke => "厨房烟雾报警器",
        Kind::Gas => "厨房燃气报警器",
        Kind::Water => "卫生间水浸传感器",
        Kind::Vital => "智能血压计",
        Kind::Still => "门口活动传感器",
        Kind::Silent => "家庭网关",
    }
}

/// One case in each state, as of now.
fn open(tx: &Tx<'_>, setting: &Setting, county: &str, people: &[Id], [operator, nurse]: [&str; 2]) -> Result<()> {
    let ask = setting.on(setting.days.today);
    let now = setting.app.clock.now();
    let ask = kit::Ask { now, ..ask };
    let cases: [(Kind, i64, usize); 5] =
        [(Kind::Fall, 40, 0), (Kind::Sos, 95, 0), (Kind::Gas, 200, 1), (Kind::Sos, 900, 2), (Kind::Vital, 1_800, 3)];
    for (nth, (kind, ago, parts)) in cases.into_iter().enumerate() {
        let Some(id) = people.get(nth * 3) else { continue };
        let elder: Elder = elders::find(tx, &ask.who.scope, &Key { region: county.to_string(), id: *id })?;
        let past = Past {
            elder: &elder,
            kind,
            urgent: true,
            raised: now - SignedDuration::from_secs(ago),
            raises: if nth == 1 { 3 } else { 1 },
            device: None,
            device_label: label(kind),
            acknowledged: (0 < parts).then_some((20, operator)),
            departed: (1 < parts).then_some((60, nurse)),
            arrived: (2 < parts).then_some((600, false)),
            closed: None,
        };
        monitoring::take_past(tx, &ask, &past)?;
    }
    Ok(())
}
