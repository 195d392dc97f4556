//! One assessment as it is kept.

use std::collections::HashMap;

use kit::{App, Ask, Error, Id, Result, Scope, Tx, db::Row};
use rules::{
    assessment::Instrument,
    assessment_course::State,
    base::Date,
    policy::{InForce, Library},
};
use serde::Deserialize;

use super::result::Outcome;
use crate::elders::{self, Elder, Key, Records};

/// What an assessment is for, and with it which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Programme {
    /// 长护险失能等级评估: application, two assessors, review, public notice.
    Ltci,
    /// 老年人能力评估: the same without public notice.
    Ability,
    /// 自理能力、中医体质: one assessor, done at once.
    PublicHealth,
    /// Any other scale: one assessor, done at once.
    Scale,
}

impl Programme {
    pub const ALL: [Programme; 4] = [Programme::Ltci, Programme::Ability, Programme::PublicHealth, Programme::Scale];

    pub fn word(self) -> &'static str {
        match self {
            Programme::Ltci => "ltci",
            Programme::Ability => "ability",
            Programme::PublicHealth => "public_health",
            Programme::Scale => "scale",
        }
    }

    pub fn parse(word: &str) -> Option<Programme> {
        Programme::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Applied for, done by two assessors and reviewed, rather than done at once by one.
    pub fn is_formal(self) -> bool {
        matches!(self, Programme::Ltci | Programme::Ability)
    }

    /// Whether the result is put up for the public.
    ///
    /// 依据: 医保发〔2023〕29号 公示; GB/T 42195-2022 asks for none
    pub fn has_notice(self) -> bool {
        self == Programme::Ltci
    }
}

#[derive(Debug, Clone)]
pub struct Assessment {
    pub key: Key,
    pub elder: Id,
    pub provider: Option<Id>,
    pub programme: Programme,
    pub instrument: String,
    pub edition: String,
    pub digest: String,
    pub reason: String,
    pub state: State,
    pub applicant: String,
    pub applicant_name: String,
    pub disabled_since: Option<String>,
    pub site: String,
    pub informant: String,
    pub remark: String,
    /// Answers to the self-rating form and what came of them, as JSON.
    pub self_rating: Option<String>,
    pub applied: String,
    pub accepted: Option<String>,
    pub due_day: Option<String>,
    pub planned_day: Option<String>,
    pub planned_time: String,
    pub assessors: [Assessor; 2],
    pub started: Option<String>,
    pub ended: Option<String>,
    pub facts: String,
    /// The answers as they were when the assessment was finished.
    pub answers: Option<String>,
    pub result: Option<Outcome>,
    pub level: String,
    pub level_name: String,
    pub total: String,
    pub reviewer: Option<Id>,
    pub reviewer_name: String,
    pub concluded: Option<Date>,
    /// The policy values that its days rest on, as JSON.
    pub because: String,
    pub notice_from: Option<Date>,
    pub notice_until: Option<Date>,
    pub objection_until: Option<Date>,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    pub supersedes: Option<Id>,
    pub superseded_by: Option<Id>,
    pub tier: Option<String>,
}

/// One of the two who assess.
#[derive(Debug, Clone, Default)]
pub struct Assessor {
    pub account: Option<Id>,
    pub name: String,
    pub signed: Option<String>,
    /// The file of the signature.
    pub signature: Option<Id>,
}

pub const COLUMNS: &str = "region, id, elder, provider, programme, instrument, edition, digest, reason, state, applicant, \
    applicant_name, disabled_since, site, informant, remark, self_rating, applied, accepted, due_day, planned_day, \
    planned_time, assessor_1, assessor_1_name, signed_1, signature_1, assessor_2, assessor_2_name, signed_2, signature_2, \
    started, ended, facts, answers, result, level, level_name, total, reviewer, reviewer_name, concluded, because, \
    notice_from, notice_until, objection_until, valid_from, valid_until, supersedes, superseded_by, tier";

pub fn read(row: &Row<'_>) -> Result<Assessment> {
    let (programme, state): (String, String) = (row.get(4)?, row.get(9)?);
    let result: Option<String> = row.get(34)?;
    let assessor = |at: usize| -> Result<Assessor> {
        Ok(Assessor {
            account: row.get(at)?,
            name: row.get(at + 1)?,
            signed: row.get(at + 2)?,
            signature: row.get(at + 3)?,
        })
    };
    Ok(Assessment {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        provider: row.get(3)?,
        programme: Programme::parse(&programme)
            .ok_or_else(|| Error::internal(format!("assessment.programme = {programme}")))?,
        instrument: row.get(5)?,
        edition: row.get(6)?,
        digest: row.get(7)?,
        reason: row.get(8)?,
        state: state_of(&state)?,
        applicant: row.get(10)?,
        applicant_name: row.get(11)?,
        disabled_since: row.get(12)?,
        site: row.get(13)?,
        informant: row.get(14)?,
        remark: row.get(15)?,
        self_rating: row.get(16)?,
        applied: row.get(17)?,
        accepted: row.get(18)?,
        due_day: row.get(19)?,
        planned_day: row.get(20)?,
        planned_time: row.get(21)?,
        assessors: [assessor(22)?, assessor(26)?],
        started: row.get(30)?,
        ended: row.get(31)?,
        facts: row.get(32)?,
        answers: row.get(33)?,
        result: result.map(|it| serde_json::from_str(&it)).transpose()?,
        level: row.get(35)?,
        level_name: row.get(36)?,
        total: row.get(37)?,
        reviewer: row.get(38)?,
        reviewer_name: row.get(39)?,
        concluded: row.get(40)?,
        because: row.get(41)?,
        notice_from: row.get(42)?,
        notice_until: row.get(43)?,
        objection_until: row.get(44)?,
        valid_from: row.get(45)?,
        valid_until: row.get(46)?,
        supersedes: row.get(47)?,
        superseded_by: row.get(48)?,
        tier: row.get(49)?,
    })
}

pub fn state_of(word: &str) -> Result<State> {
    State::deserialize(serde_json::Value::String(word.to_string())).map_err(Error::from)
}

/// The word a state is kept under.
pub fn word_of(state: State) -> &'static str {
    let at = State::ALL.iter().position(|it| *it == state).unwrap_or(0);
    super::words::STATES[at].0
}

impl Assessment {
    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn link(&self) -> String {
        format!("/assessment/{}", self.key)
    }

    /// The instrument as it was when this assessment began; nothing where the policy folder now holds other content.
    pub fn instrument_used<'a>(&self, policy: &'a Library) -> Option<&'a Instrument> {
        let found = policy.instrument_edition(&self.instrument, &self.edition);
        found.filter(|it| it.digest() == self.digest)
    }

    /// The place (0 or 1) of an account among the assessors.
    pub fn place_of(&self, account: Id) -> Option<usize> {
        self.assessors.iter().position(|it| it.account == Some(account))
    }

    /// Answers can still be given.
    pub fn is_open_to_answers(&self) -> bool {
        self.state == State::Assessing && self.assessors.iter().all(|it| it.signed.is_none())
    }

    /// The conclusion holds: it took effect, and nothing took its place.
    pub fn is_in_force(&self) -> bool {
        let holds = matches!(self.state, State::Effective | State::ChangeReported | State::Objected | State::Reviewing);
        holds && self.valid_from.is_some()
    }

    /// On the way to a conclusion.
    pub fn is_under_way(&self) -> bool {
        !self.state.is_final() && self.state != State::Expired && self.valid_from.is_none()
    }

    /// The policy that holds where this assessment belongs, on a day.
    pub fn policy<'a>(&self, app: &'a App, day: Date) -> InForce<'a> {
        app.policy_in(&self.key.region, day)
    }

    pub fn place_in_words<'a>(&'a self, ask: &'a Ask) -> &'a str {
        ask.t(super::words::title(super::words::SITES, &self.site))
    }
}

/// The assessment and its elder, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Assessment, Elder)> {
    let assessment = tx.one(
        &format!("select {COLUMNS} from assessment where region = $1 and id = $2"),
        &[&key.region, &key.id],
        read,
    )?;
    let elder = elders::find(tx, scope, &assessment.elder_key())?;
    Ok((assessment, elder))
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Assessment, Elder)> {
    tx.hold("assessment", &key.region, key.id)?;
    find(tx, scope, key)
}

/// All assessments of an elder and of the records merged into theirs, newest first.
pub fn of_elder(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Assessment>> {
    let mut all = Vec::new();
    for record in elders::records(tx, elder)? {
        all.extend(tx.rows(
            &format!("select {COLUMNS} from assessment where region = $1 and elder = $2 order by id desc limit 200"),
            &[&elder.region, &record],
            read,
        )?);
    }
    all.sort_by(|a, b| (&b.applied, b.key.id).cmp(&(&a.applied, a.key.id)));
    Ok(all)
}

/// As [`of_elder`], of each of some people.
pub fn of_people(tx: &Tx<'_>, people: &elders::People) -> Result<HashMap<Id, Vec<Assessment>>> {
    let sql = format!(
        "select {COLUMNS}, elder from assessment where region = $1 and elder in ({}) order by applied desc, id desc",
        people.listed()
    );
    people.rows(tx, &sql, read)
}

/// The conclusions of an elder in the programme of `it` that nothing has replaced yet, but for `it`.
pub fn standing_beside(tx: &Tx<'_>, it: &Assessment, elder: &Key) -> Result<Vec<Assessment>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from assessment
          where region = $1 and elder in ({}) and programme = $2 and id <> $3 and superseded_by is null
            and concluded is not null
          order by id desc",
        records.after(3)
    );
    tx.rows(&sql, &records.bind(&[&elder.region, &it.programme.word(), &it.key.id]), read)
}

/// Notes that somebody looked at this assessment, or did something with it.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, it: &Assessment, elder: &Elder, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action,
        subject: "assessment",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &elder.place,
        detail,
    };
    ask.note(tx, &entry)
}
