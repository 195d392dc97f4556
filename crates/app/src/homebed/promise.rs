//! What beds promise an elder, told to the care plan that joins what all programmes owe: rounds and checks of a superior doctor of a
//! hospital bed, checks of an elderly-care bed.

use kit::{Result, Tx};
use rules::{
    base::Date,
    care_plan::{Payer, Profession},
    rounds::Period,
};

use super::bed::{self, Bed};
use crate::{
    careplan::{self, Promised},
    elders::Key,
};

/// Who is told.
const SOURCE: &str = "homebed";

/// By what visits and care plans know what is done at a bed: (service, kind of the entry it becomes).
pub const SERVICES: [(&str, &str); 3] = [(ROUND, "round"), (SUPERIOR, "superior"), (CHECK, "check")];
pub const ROUND: &str = "home_bed_round";
pub const SUPERIOR: &str = "home_bed_superior";
pub const CHECK: &str = "home_care_check";

/// Tells what the beds of an elder promise now.
pub fn tell(tx: &Tx<'_>, elder: &Key) -> Result<()> {
    let mut all = Vec::new();
    for it in bed::of_elder(tx, elder)?.iter().filter(|it| it.state == "open") {
        let wanted = [
            (ROUND, ("家庭病床巡诊", "round at a home hospital bed"), it.plan.rounds, Period::Week, it.round_by),
            (SUPERIOR, ("家庭病床上级查床", "check by a superior doctor"), 1, Period::Month, it.superior_by),
            (CHECK, ("家庭养老床位回访", "check of a home elderly-care bed"), 1, Period::Month, it.check_by),
        ];
        let due = wanted.into_iter().filter_map(|(service, title, times, every, by)| {
            Some(promised(it, service, title, (times.max(1), every), by?))
        });
        all.extend(due);
    }
    careplan::promise(tx, elder, SOURCE, &all)
}

/// Nobody is promised anything under a record that was given up.
pub fn forget(tx: &Tx<'_>, elder: &Key) -> Result<()> {
    careplan::promise(tx, elder, SOURCE, &[])
}

fn promised(it: &Bed, service: &str, title: (&str, &str), often: (i64, Period), by: Date) -> Promised {
    let (times, every) = often;
    let is_check = service == CHECK;
    Promised {
        service: service.to_string(),
        title: title.0.to_string(),
        title_en: title.1.to_string(),
        times,
        every,
        by: if is_check { vec![Profession::Carer, Profession::SocialWorker] } else { vec![Profession::Doctor] },
        payer: if is_check { Payer::Own } else { Payer::HomeBed },
        minutes: 30,
        from: it.opened.unwrap_or(it.applied),
        next_by: Some(by),
        link: it.link(),
        source: SOURCE.to_string(),
    }
}
