//! Years of care taken over at once: diseases, medicines, visits and checks in the order of their days, as for real ones.

use kit::{Ask, Id, Result, Tx, form::Input};
use rules::base::Date;

use super::{care, check, disease, medicine, take};
use crate::elders::Elder;

/// What happened to a person before this system.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// Word, year of diagnosis, day on which management began.
    pub diseases: Vec<(&'static str, String, Date)>,
    pub hospital: String,
    /// Forms of medicines and visits, each with its day.
    pub medicines: Vec<(Date, Input)>,
    pub visits: Vec<(Date, Input)>,
    pub checks: Vec<Date>,
}

/// Takes over years of care; `on` asks as of a day, `now` as of today. What follows is kept once, at the end. Gives the
/// visits, with their days.
pub fn take(tx: &Tx<'_>, now: &Ask, on: &dyn Fn(Date) -> Ask, elder: &Elder, past: &Past) -> Result<Vec<(Id, Date)>> {
    for (kind, diagnosed, registered) in &past.diseases {
        let registration = disease::Registration {
            kind,
            icd: "",
            diagnosed,
            diagnosed_by: &past.hospital,
            registered: *registered,
            remark: "",
        };
        disease::put(tx, &on(*registered), elder, &registration)?;
    }
    for (day, form) in &past.medicines {
        medicine::add(tx, &on(*day), elder, form)?;
    }
    let mut visits = Vec::with_capacity(past.visits.len());
    for (day, form) in &past.visits {
        visits.push((take::put(tx, &on(*day), elder, form)?.id, *day));
    }
    for day in &past.checks {
        check::put(tx, &on(*day), elder, *day, "")?;
    }
    care::renew(tx, now, elder)?;
    Ok(visits)
}
