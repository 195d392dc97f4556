//! Care plans of a generated county: some of its disabled elders have one in force, a few wait for signatures, some were changed since.

use kit::{Error, Id, Result, Tx};
use rules::care_plan::{Payer, Phase, Place, Profession};
use rules::rounds::Period;

use super::{Setting, chance::Chance};
use crate::{
    careplan::{self, NewLine, Signing, Wish},
    elders::{self, Key},
};

/// Plans of a county.
const PLANS: usize = 36;
/// A white picture of one dot stands for the signature.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0x0f, 0, 1, 1,
    1, 0, 0x1b, 0xb6, 0xee, 0x56, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// Writes the plans of a county.
pub fn write(tx: &Tx<'_>, setting: &Setting, seed: u64, county: &str) -> Result<()> {
    let people: Vec<Id> = tx.rows(
        "select g.elder from elder_group g join elder e on e.region = g.region and e.id = g.elder
          where g.region = $1 and g.kind = 'disabled' and g.until_day is null and e.state = 'living' order by e.id limit 400",
        &[&county],
        |row| row.get(0),
    )?;
    let mut chance = Chance::new(seed ^ 0x706c_616e);
    for (nth, id) in people.into_iter().step_by(2).take(PLANS).enumerate() {
        let key = Key { region: county.to_string(), id };
        let drawn = Drawn::draw(&mut chance, nth);
        match tx.attempt(|tx| one(tx, setting, &key, &drawn)) {
            // Nobody is planned for where no policy says how.
            Err(Error::Refused(it)) if it.code == "no_policy" => return Ok(()),
            other => other?,
        }
    }
    Ok(())
}

/// What is drawn of one plan before anything is written.
struct Drawn {
    ago: i32,
    wish: Wish,
    is_signed: bool,
    is_changed: bool,
    to: Option<Phase>,
}

impl Drawn {
    fn draw(chance: &mut Chance, nth: usize) -> Drawn {
        let wishes: &[&str] = match chance.below(8) {
            0 => &["hospice", "at_home"],
            1 | 2 => &["discharged", "at_home"],
            3 => &["under_treatment"],
            4 => &["tcm", "at_home"],
            _ => &["at_home"],
        };
        Drawn {
            ago: 5 + chance.below(200) as i32,
            wish: Wish { wishes: wishes.iter().map(ToString::to_string).collect(), phase: None },
            is_signed: nth % 9 != 4,
            is_changed: chance.happens(0.4),
            to: (wishes.contains(&"discharged") && chance.happens(0.5)).then_some(Phase::Stable),
        }
    }
}

fn one(tx: &Tx<'_>, setting: &Setting, key: &Key, drawn: &Drawn) -> Result<()> {
    let elder = elders::find(tx, &setting.scope, key)?;
    let registered = kit::clock::day_of_stamp(&elder.created).unwrap_or(setting.days.today);
    let day = setting.days.today.add_days(-drawn.ago).max(registered);
    let ask = setting.on(day);
    let mut plan = careplan::create(tx, &ask, &elder, &drawn.wish)?;
    if !drawn.is_signed {
        return Ok(());
    }
    let picture = Some(setting.app.files.keep(tx, &ask, &key.region, "signature", "signature.png", PICTURE)?);
    careplan::sign(tx, &ask, &mut plan, &elder, &Signing { role: "doctor", name: "", picture: None })?;
    careplan::sign(tx, &ask, &mut plan, &elder, &Signing { role: "self", name: "", picture })?;
    careplan::start(tx, &ask, &mut plan, &elder)?;
    let later = setting.on(day.add_days(drawn.ago / 3).min(setting.days.today));
    if drawn.is_changed {
        let line = NewLine {
            kind: "service".to_string(),
            times: 1,
            every: Period::Month,
            by: vec![Profession::SocialWorker, Profession::Carer],
            payer: Payer::Own,
            place: Place::Home,
            minutes: 40,
            ..NewLine::said("service", "陪同外出", "Accompanied outing")
        };
        careplan::add(tx, &later, &mut plan, &elder, &line, "老人希望每月出门一次")?;
    }
    if let Some(phase) = drawn.to {
        careplan::phase_to(tx, &later, &mut plan, &elder, phase, "功能恢复,转入稳定期")?;
    }
    Ok(())
}
