//! Who may be sent: the staff of the institution, each with what speaks against them.

use kit::{Ask, Id, Result, Tx};
use rules::{
    base::Date,
    home_service::{self, Answer, May, Profession, Title},
    workforce::Certificate,
};

use super::{no_policy, record::Order};
use crate::workforce::{self, Paper, Staff};

/// One of the staff, and whether they may go.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: Id,
    pub name: String,
    /// A word of the workforce's kinds.
    pub kind: String,
    pub may: May,
}

/// Everybody of the institution who is at work, those who may go first.
pub fn candidates(tx: &Tx<'_>, ask: &Ask, it: &Order) -> Result<Vec<Candidate>> {
    let staff = workforce::staff_at(tx, &it.key.region, it.institution)?;
    let mut all = staff.iter().map(|one| weigh(tx, ask, it, one)).collect::<Result<Vec<Candidate>>>()?;
    all.sort_by_key(|it| match it.may.answer {
        Answer::Yes => 0,
        Answer::Open => 1,
        Answer::No => 2,
    });
    Ok(all)
}

/// Whether one of the staff may go on the day of an order.
pub fn weigh(tx: &Tx<'_>, ask: &Ask, it: &Order, one: &Staff) -> Result<Candidate> {
    let papers = workforce::certificates_of(tx, &one.key)?;
    let away = workforce::away(tx, &one.key, it.day)?.is_some();
    let is_there = one.is_active() && one.organisation == Some(it.institution) && !away;
    let facts = home_service::Staff {
        profession: profession(&one.kind),
        title: title(one, &papers),
        years: years(tx, one, &papers, it.day)?,
        // Nobody is licensed before they are of age.
        years_at_most: one.birth.map(|birth| birth.age_on(it.day).saturating_sub(18)),
        certificates: papers.iter().filter(|paper| holds(paper, it.day)).map(|paper| paper.kind).collect(),
        present: is_there.into(),
    };
    let policy = ask.app.policy_in(&it.key.region, it.day);
    let may = home_service::may(&facts, &it.service, &policy).map_err(no_policy)?;
    Ok(Candidate { id: one.key.id, name: one.name.clone(), kind: one.kind.clone(), may })
}

fn holds(paper: &Paper, day: Date) -> bool {
    paper.from <= day && paper.until.is_none_or(|until| day <= until)
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
fn title(one: &Staff, papers: &[Paper]) -> Option<Title> {
    match &*one.title {
        "none" => Some(Title::None),
        "middle" => Some(Title::Middle),
        "deputy_senior" => Some(Title::DeputySenior),
        "senior" => Some(Title::Senior),
        _ if papers.iter().any(|it| it.grade.contains('师')) => Some(Title::Junior),
        _ if papers.iter().any(|it| it.grade.contains('士')) => Some(Title::Assistant),
        _ => None,
    }
}

/// Full years since the first licence or post that is on record; there may have been others before.
fn years(tx: &Tx<'_>, one: &Staff, papers: &[Paper], day: Date) -> Result<u16> {
    let licence = match &*one.kind {
        "nurse" => Certificate::Nurse,
        "pharmacist" => Certificate::Pharmacist,
        "therapist" => Certificate::Therapist,
        _ => Certificate::Physician,
    };
    let licensed = papers.iter().filter(|it| it.kind == licence).map(|it| it.from);
    let posts = workforce::posts_of(tx, &one.key)?;
    let first = licensed.chain(posts.iter().map(|it| it.from)).filter(|it| *it <= day).min();
    Ok(first.map_or(0, |it| it.age_on(day)))
}
