//! One order as it is kept, and what happened to it.

use jiff::Timestamp;
use kit::{Ask, Error, Id, Result, Said, Scope, Tx, clock, clock::stamp, db::Row};
use rules::{
    base::Date,
    home_service::{Service, Verdict},
};

use super::{marks, words};
use crate::elders::{self, Elder, Key, Records};

#[derive(Debug, Clone)]
pub struct Order {
    pub key: Key,
    pub elder: Id,
    pub institution: Id,
    /// The service as the catalogue had it when it was ordered.
    pub service: Service,
    /// A word of `words::STATES`.
    pub state: String,
    pub channel: String,
    pub account: Id,
    pub placed_by: String,
    pub placed: String,
    pub answer_by: String,
    pub accepted: Option<Date>,
    pub refused: Option<Date>,
    /// A word of `words::REFUSALS`; empty where it was not refused.
    pub refused_why: String,
    pub rated: Option<Date>,
    pub day: Date,
    pub part: String,
    pub from_minute: Option<i64>,
    pub people: i64,
    pub carer: bool,
    /// A word of `Verdict`.
    pub verdict: String,
    /// Ids of the risks that were answered with yes.
    pub risks: Vec<String>,
    /// Words of the conditions that hold.
    pub conditions: Vec<String>,
    /// The points that were agreed to, as they were worded.
    pub consent: Vec<[String; 2]>,
    pub consent_signer: String,
    pub consent_name: String,
    pub agreed: Agreed,
    pub quote: serde_json::Value,
    pub amount: i64,
    pub person: i64,
    pub without_bed: bool,
    pub note: String,
    pub staff: Option<Id>,
    pub staff_name: String,
    pub second: Option<Id>,
    pub second_name: String,
    pub departed: Option<String>,
    pub done_day: Option<Date>,
    /// `hand`, or `visit:KEY`; empty while it is not done.
    pub done_source: String,
    pub done_note: String,
    /// Whether it was done on the day and at the time of day agreed on.
    pub on_time: Option<bool>,
    pub bill: Option<Id>,
    /// Those that were taken back with a visit.
    pub former_bills: Vec<Id>,
    pub charge_note: String,
    pub rating: Option<i64>,
    pub rating_words: String,
    pub complaint: bool,
    pub complaint_answer: String,
    pub ended_reason: String,
}

/// How an order was agreed to.
#[derive(Debug, Clone, Default)]
pub struct Agreed {
    /// `account`, `drawn`, or empty while neither was.
    pub by: String,
    pub at: Option<String>,
    /// Whose account it was, and the name there.
    pub account: Option<Id>,
    pub who: String,
    pub file: Option<Id>,
}

const COLUMNS: &str = "region, id, elder, institution, terms, state, channel, account, placed_by, placed, answer_by, day, part, \
    from_minute, people, carer, verdict, answers, conditions, consent, consent_signer, consent_name, quote, amount, person, \
    without_bed, note, staff, staff_name, second, second_name, departed, done_day, done_source, done_note, bill, charge_note, \
    rating, rating_words, complaint, complaint_answer, ended_reason, consent_by, consent_at, consent_account, consent_who, \
    consent_file, accepted, refused, refused_why, rated, on_time, former_bills";

fn read(row: &Row<'_>) -> Result<Order> {
    let json = |at: usize| row.get::<String>(at);
    Ok(Order {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        institution: row.get(3)?,
        service: serde_json::from_str(&json(4)?)?,
        state: row.get(5)?,
        channel: row.get(6)?,
        account: row.get(7)?,
        placed_by: row.get(8)?,
        placed: row.get(9)?,
        answer_by: row.get(10)?,
        day: row.get(11)?,
        part: row.get(12)?,
        from_minute: row.get(13)?,
        people: row.get(14)?,
        carer: row.get(15)?,
        verdict: row.get(16)?,
        risks: serde_json::from_str(&json(17)?)?,
        conditions: serde_json::from_str(&json(18)?)?,
        consent: serde_json::from_str(&json(19)?)?,
        consent_signer: row.get(20)?,
        consent_name: row.get(21)?,
        agreed: Agreed {
            by: row.get(42)?,
            at: row.get(43)?,
            account: row.get(44)?,
            who: row.get(45)?,
            file: row.get(46)?,
        },
        accepted: row.get(47)?,
        refused: row.get(48)?,
        refused_why: row.get(49)?,
        rated: row.get(50)?,
        on_time: row.get(51)?,
        former_bills: serde_json::from_str(&json(52)?)?,
        quote: serde_json::from_str(&json(22)?)?,
        amount: row.get(23)?,
        person: row.get(24)?,
        without_bed: row.get(25)?,
        note: row.get(26)?,
        staff: row.get(27)?,
        staff_name: row.get(28)?,
        second: row.get(29)?,
        second_name: row.get(30)?,
        departed: row.get(31)?,
        done_day: row.get(32)?,
        done_source: row.get(33)?,
        done_note: row.get(34)?,
        bill: row.get(35)?,
        charge_note: row.get(36)?,
        rating: row.get(37)?,
        rating_words: row.get(38)?,
        complaint: row.get(39)?,
        complaint_answer: row.get(40)?,
        ended_reason: row.get(41)?,
    })
}

impl Order {
    pub fn link(&self) -> String {
        format!("/orders/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn institution_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.institution }
    }

    /// What other modules know it by.
    pub fn thing(&self) -> String {
        format!("orders:{}", self.key.id)
    }

    /// Whether what has to be agreed to was: by the account of the elder or the family, or by a signature.
    pub fn is_agreed(&self) -> bool {
        self.consent.is_empty() || !self.agreed.by.is_empty()
    }

    pub fn is_open(&self) -> bool {
        words::OPEN.contains(&&*self.state)
    }

    pub fn name<'a>(&'a self, ask: &Ask) -> &'a str {
        ask.either(&self.service.name, &self.service.name_en)
    }

    /// When somebody is to be there: the time wished for, else the beginning of the part of the day.
    pub fn begins(&self) -> Timestamp {
        begins(self.day, &self.part, self.from_minute)
    }

    /// Day and time in the reader's language.
    pub fn when(&self, ask: &Ask) -> String {
        match self.from_minute {
            Some(minute) => format!("{} {:02}:{:02}", self.day, minute / 60, minute % 60),
            None => format!("{} {}", self.day, ask.t(words::title(words::PARTS, &self.part))),
        }
    }

    /// Whether nobody answered in time.
    pub fn is_late(&self, ask: &Ask) -> bool {
        self.state == "placed" && self.answer_by < stamp(ask.now)
    }

    /// Whether somebody has to see the elder before anybody is sent.
    pub fn needs_assessment(&self) -> bool {
        self.service.assessed.is_yes() || self.verdict == Verdict::DoctorFirst.word()
    }
}

/// When a visit begins that is wished for so.
pub fn begins(day: Date, part: &str, from_minute: Option<i64>) -> Timestamp {
    let minute = from_minute.unwrap_or(if part == "afternoon" { 14 * 60 } else { 8 * 60 });
    clock::begin_of(day).checked_add(jiff::SignedDuration::from_mins(minute)).unwrap_or(Timestamp::MAX)
}

/// Whole hours from now until an instant; negative once it has passed.
pub fn hours_until(now: Timestamp, then: Timestamp) -> i64 {
    then.duration_since(now).as_secs().div_euclid(3600)
}

/// The first day from tomorrow on whose morning or afternoon is no nearer than so many hours.
pub fn first_day(now: Timestamp, part: &str, hours: u16) -> Date {
    let least = now.checked_add(jiff::SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX);
    let day = clock::day_of(least).max(clock::day_of(now).add_days(1));
    if begins(day, part, None) < least { day.add_days(1) } else { day }
}

/// The order and its elder, if the reader may see it: whoever works in the institution, others by where the elder lives, a
/// family those of the own elder.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Order, Elder)> {
    let it = by_key(tx, key)?;
    let county = Scope::of(&ask.app.places.tree(), &key.region);
    let elder = elders::find(tx, &county, &it.elder_key())?;
    let held = ask.who.scope.holds(&key.region, &elder.place, Some(it.institution), Some(it.elder));
    if held { Ok((it, elder)) } else { Err(Error::NotFound) }
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Order, Elder)> {
    tx.hold("home_order", &key.region, key.id)?;
    find(tx, ask, key)
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Order> {
    tx.one(&format!("select {COLUMNS} from home_order where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// The orders of an elder, the newest first.
pub fn of_elder(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Order>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from home_order where region = $1 and elder in ({}) order by day desc, id desc limit 100",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// Writes a new order.
pub fn insert(tx: &Tx<'_>, it: &Order) -> Result<()> {
    let key = &it.key;
    tx.run(
        "insert into home_order (region, id, elder, placed_for, institution, service, terms, name, name_en, class, state, channel,
                account, placed_by, placed, answer_by, day, part, from_minute, people, carer, verdict, answers, conditions,
                consent, consent_signer, consent_name, quote, amount, person, without_bed, note, consent_by, consent_at,
                consent_account, consent_who, consent_file, staff_name, second_name, done_source, done_note, charge_note,
                rating_words, complaint, complaint_answer, ended_reason, refused_why, former_bills)
         values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                 $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, '', '', '', '', '', '', false, '', '', '', '[]')",
        &[
            &key.region,
            &key.id,
            &it.elder,
            &it.institution,
            &it.service.id,
            &serde_json::to_string(&it.service)?,
            &it.service.name,
            &it.service.name_en,
            &it.service.class.word(),
            &it.state,
            &it.channel,
            &it.account,
            &it.placed_by,
            &it.placed,
            &it.answer_by,
            &it.day.to_string(),
            &it.part,
            &it.from_minute,
            &it.people,
            &it.carer,
            &it.verdict,
            &serde_json::to_string(&it.risks)?,
            &serde_json::to_string(&it.conditions)?,
            &serde_json::to_string(&it.consent)?,
            &it.consent_signer,
            &it.consent_name,
            &it.quote.to_string(),
            &it.amount,
            &it.person,
            &it.without_bed,
            &it.note,
            &it.agreed.by,
            &it.agreed.at,
            &it.agreed.account,
            &it.agreed.who,
            &it.agreed.file,
        ],
    )?;
    Ok(())
}

/// Writes what became of an order.
pub fn store(tx: &Tx<'_>, it: &Order) -> Result<()> {
    tx.run(
        "update home_order set state = $3, day = $4, part = $5, from_minute = $6, staff = $7, staff_name = $8, second = $9,
                second_name = $10, departed = $11, done_day = $12, done_source = $13, done_note = $14, bill = $15,
                charge_note = $16, rating = $17, rating_words = $18, complaint = $19, complaint_answer = $20,
                ended_reason = $21, answer_by = $22, consent_by = $23, consent_at = $24, consent_account = $25,
                consent_who = $26, consent_file = $27, consent_signer = $28, consent_name = $29, accepted = $30,
                refused = $31, refused_why = $32, rated = $33, on_time = $34, former_bills = $35
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &it.state,
            &it.day.to_string(),
            &it.part,
            &it.from_minute,
            &it.staff,
            &it.staff_name,
            &it.second,
            &it.second_name,
            &it.departed,
            &it.done_day.map(|it| it.to_string()),
            &it.done_source,
            &it.done_note,
            &it.bill,
            &it.charge_note,
            &it.rating,
            &it.rating_words,
            &it.complaint,
            &it.complaint_answer,
            &it.ended_reason,
            &it.answer_by,
            &it.agreed.by,
            &it.agreed.at,
            &it.agreed.account,
            &it.agreed.who,
            &it.agreed.file,
            &it.consent_signer,
            &it.consent_name,
            &it.accepted.map(|it| it.to_string()),
            &it.refused.map(|it| it.to_string()),
            &it.refused_why,
            &it.rated.map(|it| it.to_string()),
            &it.on_time,
            &serde_json::to_string(&it.former_bills)?,
        ],
    )?;
    Ok(())
}

/// Something that happened to an order.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: String,
    pub who: String,
    /// As [`Said::stored`].
    pub said: String,
}

pub fn steps(tx: &Tx<'_>, key: &Key) -> Result<Vec<Step>> {
    tx.rows(
        "select at, who, said from home_order_step where region = $1 and home_order = $2 order by id limit 200",
        &[&key.region, &key.id],
        |row| Ok(Step { at: row.get(0)?, who: row.get(1)?, said: row.get(2)? }),
    )
}

/// Writes down what happened to an order, counts it, and notes it in the trail.
pub fn step(tx: &Tx<'_>, ask: &Ask, it: &Order, elder: &Elder, said: &Said) -> Result<()> {
    tx.run(
        "insert into home_order_step (region, home_order, id, at, who, said) values ($1, $2, $3, $4, $5, $6)",
        &[&it.key.region, &it.key.id, &ask.new_id(), &stamp(ask.now), &ask.who.name, &said.stored()],
    )?;
    marks::keep(tx, &ask.app, &elder.key)?;
    elders::note(tx, ask, "change", elder, &format!("order {} {}", it.key, it.state))
}

/// Orders go with the record that is kept, or back to the one they were placed for.
pub fn merged(tx: &Tx<'_>, region: &str, kept: Id, lost: Id) -> Result<()> {
    tx.run("update home_order set elder = $2 where region = $1 and elder = $3", &[&region, &kept, &lost]).map(drop)
}

pub fn unmerged(tx: &Tx<'_>, region: &str, kept: Id, lost: Id) -> Result<()> {
    tx.run(
        "update home_order set elder = $3 where region = $1 and elder = $2 and placed_for = $3",
        &[&region, &kept, &lost],
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_of_a_wish_is_never_too_soon_at_any_hour() {
        let midnight = clock::begin_of("2026-11-27".parse().expect("a day"));
        for (minute, hours, part) in (0..24 * 60).flat_map(|minute| {
            [0, 2, 12, 24, 48].into_iter().flat_map(move |it| [(minute, it, "morning"), (minute, it, "afternoon")])
        }) {
            let now = midnight + jiff::SignedDuration::from_mins(minute);
            let day = first_day(now, part, hours);
            let before = day.add_days(-1);
            assert!(hours_until(now, begins(day, part, None)) >= i64::from(hours), "{now} {part} {hours}");
            let nearer = hours_until(now, begins(before, part, None));
            assert!(
                before == clock::day_of(now) || nearer < i64::from(hours),
                "{now} {part} {hours}: {before} would do"
            );
        }
    }
}
