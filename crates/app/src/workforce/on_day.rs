//! Everybody who works on a day, with what rules want to know of them before they are sent to a home.

use std::collections::HashMap;

use kit::{Error, Id, Result, Tx, db::Bind};
use rules::{
    base::Date,
    home_service::{self, Profession, Title},
    week::{BadWeek, Week},
    workforce::Certificate,
};

use super::{
    certificate::Paper,
    staff::{self, Staff},
};

/// One of the staff on a day.
#[derive(Debug, Clone)]
pub struct OnDay {
    pub staff: Staff,
    /// By what they hold and how long they have been at it.
    pub facts: home_service::Staff,
    /// Minutes of the day between which they work; nothing where no hours of a week were written.
    pub hours: Option<Vec<(u16, u16)>>,
    /// Why they are away: a word of the absences.
    pub away: Option<String>,
}

/// The staff of a county, or of one institution, at work or away on a day, by kind and name.
pub fn on_day(tx: &Tx<'_>, region: &str, organisation: Option<Id>, day: Date) -> Result<Vec<OnDay>> {
    let text = day.to_string();
    let all = staff::active(tx, region, organisation)?;
    let ours = if organisation.is_some() { " and s.organisation = $3" } else { "" };
    let them = format!("s.state = 'active'{ours}");
    let mut values: Vec<&dyn Bind> = vec![&region, &text];
    if let Some(id) = &organisation {
        values.push(id);
    }
    let mut papers: HashMap<Id, Vec<(Certificate, Date, String)>> = HashMap::new();
    let rows = tx.rows(
        &format!(
            "select c.staff, c.kind, c.from_day, c.grade from staff s
               join staff_certificate c on c.region = s.region and c.staff = s.id
              where s.region = $1 and {them} and c.from_day <= $2 and (c.until_day is null or c.until_day >= $2)
              order by c.staff, c.id"
        ),
        &values,
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<Date>(2)?, row.get::<String>(3)?)),
    )?;
    for (id, kind, from, grade) in rows {
        let kind =
            Certificate::parse(&kind).ok_or_else(|| Error::internal(format!("staff_certificate.kind = {kind}")))?;
        papers.entry(id).or_default().push((kind, from, grade));
    }
    let since: HashMap<Id, Date> = tx
        .rows(
            &format!(
                "select p.staff, min(p.from_day) from staff s join staff_post p on p.region = s.region and p.staff = s.id
                  where s.region = $1 and {them} and p.from_day <= $2 group by p.staff order by p.staff"
            ),
            &values,
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .into_iter()
        .collect();
    let mut away = newest(tx, &them, "staff_absence", "kind", &values)?;
    let mut hours = newest(tx, &them, "staff_hours", "hours", &values)?;
    let weekday = day.monday().days_until(day).unsigned_abs() as usize;
    all.into_iter()
        .map(|staff| {
            let id = staff.key.id;
            let away = away.remove(&id).flatten();
            let week: Option<Week> = match hours.remove(&id).flatten() {
                Some(text) => Some(text.parse().map_err(|e: BadWeek| Error::internal(e.text()))?),
                None => None,
            };
            let papers = papers.remove(&id).unwrap_or_default();
            let facts = facts(&staff, &papers, since.get(&id).copied(), away.is_none(), day);
            Ok(OnDay { facts, hours: week.map(|it| it.on(weekday).to_vec()), away, staff })
        })
        .collect()
}

/// The newest step of each of them that began by the day.
fn newest(
    tx: &Tx<'_>,
    them: &str,
    table: &str,
    column: &str,
    values: &[&dyn Bind],
) -> Result<HashMap<Id, Option<String>>> {
    let sql = format!(
        "select x.staff, x.{column} from staff s join {table} x on x.region = s.region and x.staff = s.id
          where s.region = $1 and {them} and x.from_day <= $2 order by x.staff, x.from_day"
    );
    // The last of each stays.
    Ok(tx.rows(&sql, values, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

/// What the rules of services at home want to know of somebody with these papers, who works since a day.
pub fn at_home(one: &Staff, papers: &[Paper], since: Option<Date>, is_there: bool, day: Date) -> home_service::Staff {
    let holds = |it: &&Paper| it.from <= day && it.until.is_none_or(|until| day <= until);
    let held: Vec<(Certificate, Date, String)> =
        papers.iter().filter(holds).map(|it| (it.kind, it.from, it.grade.clone())).collect();
    facts(one, &held, since, is_there, day)
}

fn facts(
    one: &Staff,
    papers: &[(Certificate, Date, String)],
    since: Option<Date>,
    is_there: bool,
    day: Date,
) -> home_service::Staff {
    home_service::Staff {
        profession: profession(&one.kind),
        title: title(one, papers),
        years: years(one, papers, since, day),
        // Nobody is licensed before they are of age.
        years_at_most: one.birth.map(|birth| birth.age_on(day).saturating_sub(18)),
        certificates: papers.iter().map(|it| it.0).collect(),
        present: is_there.into(),
    }
}

fn profession(kind: &str) -> Profession {
    match kind {
        "gp" | "physician" => Profession::Physician,
        "tcm" => Profession::TcmDoctor,
        "village_doctor" => Profession::VillageDoctor,
        "nurse" => Profession::Nurse,
        "pharmacist" => Profession::Pharmacist,
        "therapist" => Profession::Therapist,
        "health_manager" => Profession::HealthManager,
        "care_worker" => Profession::CareWorker,
        _ => Profession::Other,
    }
}

/// A junior title is 士 or 师; the grade written on the licence may tell.
fn title(one: &Staff, papers: &[(Certificate, Date, String)]) -> Option<Title> {
    match &*one.title {
        "none" => Some(Title::None),
        "middle" => Some(Title::Middle),
        "deputy_senior" => Some(Title::DeputySenior),
        "senior" => Some(Title::Senior),
        _ if papers.iter().any(|it| it.2.contains('师')) => Some(Title::Junior),
        _ if papers.iter().any(|it| it.2.contains('士')) => Some(Title::Assistant),
        _ => None,
    }
}

/// Full years since the first licence or post that is on record; there may have been others before.
fn years(one: &Staff, papers: &[(Certificate, Date, String)], since: Option<Date>, day: Date) -> u16 {
    let licence = match &*one.kind {
        "nurse" => Certificate::Nurse,
        "pharmacist" => Certificate::Pharmacist,
        "therapist" => Certificate::Therapist,
        _ => Certificate::Physician,
    };
    let licensed = papers.iter().filter(|it| it.0 == licence).map(|it| it.1);
    licensed.chain(since).filter(|it| *it <= day).min().map_or(0, |it| it.age_on(day))
}
