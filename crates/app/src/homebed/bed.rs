//! One bed at home: a home hospital bed or a home elderly-care bed, from the application to the end.

use std::collections::HashMap;

use kit::{Ask, Error, Id, Result, Scope, Tx, db::Row, place::ScopeColumns, tally::Lot};
use rules::{
    base::Date,
    home_bed::{self, Findings},
    policy::{InForce, NoPolicy},
};

use crate::elders::{self, Elder, Key, Records};

pub const HOSPITAL: &str = "hospital";
pub const CARE: &str = "care";

#[derive(Debug, Clone)]
pub struct Bed {
    pub key: Key,
    pub kind: String,
    /// What people call it; empty before it is opened.
    pub number: String,
    pub elder: Id,
    pub first_elder: Id,
    /// A word of `words::STATES`.
    pub state: String,
    pub slot: Option<String>,
    pub institution: Id,
    pub doctor: String,
    /// The staff record of the responsible doctor.
    pub doctor_staff: Option<Id>,
    pub applicant: String,
    pub applicant_name: String,
    pub applied: Date,
    pub reason: String,
    pub findings: Findings,
    pub verdict: String,
    pub decided: Option<Date>,
    pub visit_by: Option<Date>,
    pub visited: Option<Date>,
    pub visit_note: String,
    pub consent: Consent,
    pub contract_number: String,
    pub contract_until: Option<Date>,
    pub opened: Option<Date>,
    pub plan: Plan,
    pub extended: Option<Date>,
    pub resumed: Option<Date>,
    pub suspended: Option<Date>,
    pub last_round: Option<Date>,
    pub last_superior: Option<Date>,
    pub round_by: Option<Date>,
    pub superior_by: Option<Date>,
    pub course_until: Option<Date>,
    pub service_by: Option<Date>,
    pub check_by: Option<Date>,
    pub ended: Option<Date>,
    pub ended_reason: String,
    pub summary: String,
    pub ended_from: String,
    pub who: String,
}

/// The signed agreement.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    pub day: Option<Date>,
    pub signer: String,
    pub name: String,
    pub pages: Option<i64>,
    pub file: Option<Id>,
}

/// What is to be done at a hospital bed; services stand apart.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub diagnosis: String,
    pub treatment: String,
    pub nursing: String,
    pub medicines: String,
    pub rounds: i64,
}

const COLUMNS: &str = "region, id, kind, elder, first_elder, state, slot, institution, doctor, applicant, applicant_name, \
    applied, reason, findings, verdict, decided, visit_by, visited, visit_note, consent_day, consent_signer, consent_name, \
    consent_pages, consent_file, contract_number, contract_until, opened, diagnosis, treatment, nursing, medicines, \
    rounds_a_week, extended, resumed, suspended, last_round, last_superior, round_by, superior_by, course_until, ended, \
    ended_reason, summary, ended_from, who, number, doctor_staff, service_by, check_by";

fn read(row: &Row<'_>) -> Result<Bed> {
    let findings: String = row.get(13)?;
    Ok(Bed {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        kind: row.get(2)?,
        elder: row.get(3)?,
        first_elder: row.get(4)?,
        state: row.get(5)?,
        slot: row.get(6)?,
        institution: row.get(7)?,
        doctor: row.get(8)?,
        applicant: row.get(9)?,
        applicant_name: row.get(10)?,
        applied: row.get(11)?,
        reason: row.get(12)?,
        findings: serde_json::from_str(&findings)?,
        verdict: row.get(14)?,
        decided: row.get(15)?,
        visit_by: row.get(16)?,
        visited: row.get(17)?,
        visit_note: row.get(18)?,
        consent: Consent {
            day: row.get(19)?,
            signer: row.get(20)?,
            name: row.get(21)?,
            pages: row.get(22)?,
            file: row.get(23)?,
        },
        contract_number: row.get(24)?,
        contract_until: row.get(25)?,
        opened: row.get(26)?,
        plan: Plan {
            diagnosis: row.get(27)?,
            treatment: row.get(28)?,
            nursing: row.get(29)?,
            medicines: row.get(30)?,
            rounds: row.get(31)?,
        },
        extended: row.get(32)?,
        resumed: row.get(33)?,
        suspended: row.get(34)?,
        last_round: row.get(35)?,
        last_superior: row.get(36)?,
        round_by: row.get(37)?,
        superior_by: row.get(38)?,
        course_until: row.get(39)?,
        ended: row.get(40)?,
        ended_reason: row.get(41)?,
        summary: row.get(42)?,
        ended_from: row.get(43)?,
        who: row.get(44)?,
        number: row.get(45)?,
        doctor_staff: row.get(46)?,
        service_by: row.get(47)?,
        check_by: row.get(48)?,
    })
}

/// How a scope limits beds `b` of elders `e`: an institution sees its own, a family that of its elder.
pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "b.region",
    street: Some("e.street"),
    place: "e.place",
    organisation: Some("b.institution"),
    person: Some("e.id"),
};

impl Bed {
    /// A bed that was applied for today and of which nothing else is known.
    pub fn new(ask: &Ask, elder: &Elder, kind: &str, institution: Id) -> Bed {
        Bed {
            key: Key { region: elder.key.region.clone(), id: ask.new_id() },
            kind: kind.to_string(),
            number: String::new(),
            elder: elder.key.id,
            first_elder: elder.key.id,
            state: "applied".to_string(),
            slot: None,
            institution,
            doctor: String::new(),
            doctor_staff: None,
            applicant: String::new(),
            applicant_name: String::new(),
            applied: ask.today(),
            reason: String::new(),
            findings: Findings::default(),
            verdict: String::new(),
            decided: None,
            visit_by: None,
            visited: None,
            visit_note: String::new(),
            consent: Consent::default(),
            contract_number: String::new(),
            contract_until: None,
            opened: None,
            plan: Plan::default(),
            extended: None,
            resumed: None,
            suspended: None,
            last_round: None,
            last_superior: None,
            round_by: None,
            superior_by: None,
            course_until: None,
            service_by: None,
            check_by: None,
            ended: None,
            ended_reason: String::new(),
            summary: String::new(),
            ended_from: String::new(),
            who: ask.who.name.to_string(),
        }
    }

    pub fn link(&self) -> String {
        format!("/homebed/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn institution_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.institution }
    }

    /// What others call this bed.
    pub fn word(&self) -> String {
        format!("homebed:{}", self.key.id)
    }

    pub fn is_hospital(&self) -> bool {
        self.kind == HOSPITAL
    }

    /// Somebody lies in it, or it is kept while they are away.
    pub fn is_lying(&self) -> bool {
        matches!(&*self.state, "open" | "suspended")
    }

    pub fn is_over(&self) -> bool {
        matches!(&*self.state, "closed" | "refused" | "withdrawn")
    }

    /// The first of the days by which something has to be done.
    pub fn due_day(&self) -> Option<Date> {
        let visit = self.visit_by.filter(|_| self.visited.is_none() && !self.is_over());
        let due = [self.round_by, self.superior_by, self.course_until, self.contract_until];
        let days = [&due[..], &[self.service_by, self.check_by]].concat();
        let open = days.into_iter().flatten().filter(|_| self.state == "open").min();
        visit.into_iter().chain(open).min()
    }
}

/// The policy of a county on a day.
pub fn policy<'a>(ask: &'a Ask, region: &str, day: Date) -> InForce<'a> {
    ask.app.policy_in(region, day)
}

/// A value that a deed cannot do without.
pub fn needed<T>(found: Result<T, NoPolicy>) -> Result<T> {
    found.map_err(|it| Error::refused("no_policy", it.text()))
}

/// What of an elder a bed of a kind takes: where both kinds exclude each other, the same.
pub fn slot_of(ask: &Ask, region: &str, kind: &str, day: Date) -> String {
    // Where no policy says that both may be, they may not.
    let both = home_bed::both_kinds(&policy(ask, region, day)).is_ok_and(|it| it.is_yes());
    if both { kind.to_string() } else { "bed".to_string() }
}

/// The bed and its elder, if the scope holds them or the bed's institution asks; otherwise `NotFound`.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Bed, Elder)> {
    let bed = by_key(tx, key)?;
    if scope.organisation.is_some_and(|own| own != bed.institution) {
        return Err(Error::NotFound);
    }
    let elder = elders::find_served(tx, scope, &bed.elder_key(), Some(bed.institution))?;
    Ok((bed, elder))
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Bed, Elder)> {
    tx.hold("homebed", &key.region, key.id)?;
    find(tx, scope, key)
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Bed> {
    tx.one(&format!("select {COLUMNS} from homebed where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// All beds of an elder and of those merged into theirs, newest first.
pub fn of_elder(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Bed>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from homebed where region = $1 and elder in ({}) order by applied desc, id desc limit 60",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// As [`of_elder`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Bed>>> {
    let sql = format!("select {COLUMNS}, elder from homebed where region = $1 and elder >= $2 and elder <= $3");
    elders::rows_of(tx, lot, &sql, read)
}

/// Beds that were this record's before it was merged.
pub fn first_of(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Bed>> {
    let sql = format!("select {COLUMNS} from homebed where region = $1 and first_elder = $2 order by id limit 60");
    tx.rows(&sql, &[&elder.region, &elder.id], read)
}

/// Writes a new bed; what follows is written by [`store`].
///
/// # Errors
/// `Refused` where a bed of the kind is wanted or kept for the elder already.
pub fn insert(tx: &Tx<'_>, ask: &Ask, it: &Bed) -> Result<()> {
    let made = tx.attempt(|tx| {
        tx.run(
            "insert into homebed (region, id, kind, number, elder, first_elder, state, live, slot, institution, doctor, applicant,
                                  applicant_name, applied, reason, findings, verdict, decided, visit_by, visited, visit_note,
                                  consent_day, consent_signer, consent_name, consent_pages, consent_file, contract_number,
                                  contract_until, opened, diagnosis, treatment, nursing, medicines, rounds_a_week, extended,
                                  resumed, suspended, last_round, last_superior, round_by, superior_by, course_until, due_day,
                                  ended, ended_reason, summary, ended_from, account, who, created)
             values ($1, $2, $3, '', $4, $4, $5, $3, null, $6, $7, $8, $9, $10, $11, '{}', '', null, $12, null, '', null, '', '', null,
                     null, $13, $14, null, '', '', '', '', 0, null, null, null, null, null, null, null, null, $15, null, '', '',
                     '', $16, $17, $18)",
            &[
                &it.key.region,
                &it.key.id,
                &it.kind,
                &it.elder,
                &it.state,
                &it.institution,
                &it.doctor,
                &it.applicant,
                &it.applicant_name,
                &it.applied.to_string(),
                &it.reason,
                &day(it.visit_by),
                &it.contract_number,
                &day(it.contract_until),
                &day(it.due_day()),
                &ask.who.account,
                &it.who,
                &kit::clock::stamp(ask.now),
            ],
        )
    });
    match made {
        Err(e) if e.is_duplicate() => Err(Error::refused("has_bed", "这位老人已有在办的同类床位,请先办结")),
        other => other.map(drop),
    }
}

/// Writes a bed as it stands now.
///
/// # Errors
/// `Refused` where the elder lies in another bed that excludes this one.
pub fn store(tx: &Tx<'_>, it: &Bed) -> Result<()> {
    let live = (!it.is_over()).then(|| it.kind.clone());
    let stored = tx.attempt(|tx| {
        tx.run(
            "update homebed set elder = $3, state = $4, live = $5, slot = $6, institution = $7, doctor = $8, findings = $9,
                    verdict = $10, decided = $11, visited = $12, visit_note = $13, consent_day = $14, consent_signer = $15,
                    consent_name = $16, consent_pages = $17, consent_file = $18, contract_number = $19, contract_until = $20,
                    opened = $21, diagnosis = $22, treatment = $23, nursing = $24, medicines = $25, rounds_a_week = $26,
                    extended = $27, resumed = $28, suspended = $29, last_round = $30, last_superior = $31, round_by = $32,
                    superior_by = $33, course_until = $34, due_day = $35, ended = $36, ended_reason = $37, summary = $38,
                    ended_from = $39, number = $40, doctor_staff = $41, service_by = $42, check_by = $43
              where region = $1 and id = $2",
            &[
                &it.key.region,
                &it.key.id,
                &it.elder,
                &it.state,
                &live,
                &it.slot,
                &it.institution,
                &it.doctor,
                &serde_json::to_string(&it.findings)?,
                &it.verdict,
                &day(it.decided),
                &day(it.visited),
                &it.visit_note,
                &day(it.consent.day),
                &it.consent.signer,
                &it.consent.name,
                &it.consent.pages,
                &it.consent.file,
                &it.contract_number,
                &day(it.contract_until),
                &day(it.opened),
                &it.plan.diagnosis,
                &it.plan.treatment,
                &it.plan.nursing,
                &it.plan.medicines,
                &it.plan.rounds,
                &day(it.extended),
                &day(it.resumed),
                &day(it.suspended),
                &day(it.last_round),
                &day(it.last_superior),
                &day(it.round_by),
                &day(it.superior_by),
                &day(it.course_until),
                &day(it.due_day()),
                &day(it.ended),
                &it.ended_reason,
                &it.summary,
                &it.ended_from,
                &it.number,
                &it.doctor_staff,
                &day(it.service_by),
                &day(it.check_by),
            ],
        )
    });
    match stored {
        Err(e) if e.is_duplicate() => Err(lies_elsewhere()),
        other => other.map(drop),
    }
}

/// The next number of an institution's beds of a kind: `2026-0012`.
pub fn next_number(tx: &Tx<'_>, it: &Bed, day: Date) -> Result<String> {
    let year = day.year().to_string();
    let last: i64 = tx.one(
        "insert into homebed_number (region, institution, kind, year, last) values ($1, $2, $3, $4, 1)
         on conflict (region, institution, kind, year) do update set last = homebed_number.last + 1
         returning last",
        &[&it.key.region, &it.institution, &it.kind, &year],
        |row| row.get(0),
    )?;
    Ok(format!("{year}-{last:04}"))
}

/// What is said where an elder lies in another bed on that day.
pub fn lies_elsewhere() -> Error {
    Error::refused("lies_elsewhere", "这位老人当天已在另一张家庭病床或家庭养老床位,请先撤床")
}

/// A day as it is kept.
pub fn day(it: Option<Date>) -> Option<String> {
    it.map(|it| it.to_string())
}

/// Notes that somebody looked at this bed, or did something with it.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, it: &Bed, elder: &Elder, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action,
        subject: "homebed",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &elder.place,
        detail,
    };
    ask.note(tx, &entry)
}
