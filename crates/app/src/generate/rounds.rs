//! Rounds of the last months: most were made in time, some late with a reason, some not at all.

use kit::{Result, Tx};

use super::{Setting, chance::Chance, checks::DOCTORS};
use crate::rounds::{self, Past};

/// Months before the present one whose rounds are written.
const MONTHS: i32 = 2;
/// Of those whose day is over: made in time; of the others: made late.
const IN_TIME: f64 = 0.9;
const LATE: f64 = 0.6;
/// Households visited by now of those to be visited this year: few, since a year is long and rows are many.
const HOUSEHOLDS: f64 = 0.1;

const REASONS: &[&str] = &["雨天路断", "村医外出培训", "老人走亲戚,回来后补访"];
const NOTES: &[&str] = &["", "", "", "精神好,饮食正常", "柴火和米油够用", "子女上周打过电话", "已提醒按时服药"];
const RESULTS: &[&str] = &["已联系子女,陪同到卫生院复查", "村委会已送去棉被和药", "复访时已好转"];

/// Writes the tasks of these months and what became of them.
pub fn write(tx: &Tx<'_>, setting: &Setting, seed: u64, county: &str) -> Result<()> {
    let today = setting.days.today;
    rounds::begin(tx, &setting.app, county, today.first_of_month().add_months(-MONTHS))?;
    let mut chance = Chance::new(seed ^ 0x0170);
    let on = |day| setting.on(day);
    rounds::take_past(tx, &on, county, |subject, from, by| {
        // Everything is drawn, whatever comes of it, so that the draws of the next task are the same.
        let (made, late, gone) = (chance.happens(IN_TIME), chance.happens(LATE), chance.happens(HOUSEHOLDS));
        let (drawn, more, pick) = (chance.below(10_000) as i32, chance.below(9) as i32, chance.below(1_000));
        let found = *chance.weighed(&[("well", 93), ("unwell", 4), ("help", 1), ("absent", 2)]);
        let day = match made {
            true => from.add_days(drawn % (from.days_until(by) + 1).max(1)),
            false if late => by.add_days(1 + more),
            false => return None,
        };
        if today < day || subject == "household" && !gone {
            return None;
        }
        let is_closed = matches!(found, "unwell" | "help") && 10 < day.days_until(today);
        Some(Past {
            day,
            found,
            note: NOTES[pick % NOTES.len()],
            reason: if by < day { REASONS[pick % REASONS.len()] } else { "" },
            who: DOCTORS[pick % DOCTORS.len()],
            result: if is_closed { RESULTS[pick % RESULTS.len()] } else { "" },
        })
    })
    .map(drop)
}
