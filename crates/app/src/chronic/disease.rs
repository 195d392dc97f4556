//! The diseases somebody has: registered with day, code and who diagnosed it; ended with a reason, never deleted.

use std::{collections::HashMap, rc::Rc};

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
    tally::Lot,
};
use rules::{base::Date, chronic::Disease as Followed};

use super::{care, words};
use crate::elders::{self, Birth, Elder, GroupEntry, Key, Records, Report};

/// One disease of one person.
#[derive(Debug, Clone)]
pub struct Disease {
    pub id: Id,
    pub kind: String,
    pub icd: String,
    /// A day or a year.
    pub diagnosed: String,
    pub diagnosed_by: String,
    pub registered: Date,
    pub remark: String,
    pub who: String,
    pub ended: Option<Date>,
    pub end_reason: String,
}

/// A disease to be registered.
#[derive(Debug, Clone)]
pub struct Registration<'a> {
    pub kind: &'a str,
    pub icd: &'a str,
    pub diagnosed: &'a str,
    pub diagnosed_by: &'a str,
    pub registered: Date,
    pub remark: &'a str,
}

pub const FIELDS: &[Field] = &[
    field("kind", "病种", Kind::Choice(words::DISEASES))
        .required()
        .help("高血压和2型糖尿病登记后按规范随访,其他只登记。"),
    field("diagnosed", "确诊日期", Kind::YearOrDate).required().help("写作 2019-03-12,只知年份时写 2019。"),
    field("diagnosed_by", "确诊机构", Kind::Text(60)).required(),
    field("icd", "ICD-10 编码", Kind::Text(10)).help("不填时按病种取常用编码。"),
    field("registered", "纳入管理日期", Kind::Date).help("不填时为今天。"),
    field("remark", "备注", Kind::LongText(300)),
];

pub const END_FIELDS: &[Field] = &[
    field("end_reason", "终止原因", Kind::Choice(words::END_REASONS)).required(),
    field("ended", "终止日期", Kind::Date),
];

impl Disease {
    pub fn followed(&self) -> Option<Followed> {
        Followed::from_word(&self.kind)
    }

    /// Whether the disease was under management on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.registered <= day && self.ended.is_none_or(|it| day < it)
    }
}

/// All diseases of a person, those that have not ended first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Rc<[Disease]>> {
    tx.once(&key.region, key.id, || read(tx, key).map(Rc::from))
}

/// Whether somebody is followed up for a disease on a day.
pub fn is_followed_on(tx: &Tx<'_>, key: &Key, day: Date) -> Result<bool> {
    Ok(of(tx, key)?.iter().any(|it| it.holds_on(day) && it.followed().is_some()))
}

fn read(tx: &Tx<'_>, key: &Key) -> Result<Vec<Disease>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from chronic_disease where region = $1 and elder in ({})
          order by ended is not null, registered, id",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), one)
}

/// The words of the diseases that somebody has.
pub fn kinds(tx: &Tx<'_>, key: &Key) -> Result<Vec<String>> {
    Ok(of(tx, key)?.iter().filter(|it| it.ended.is_none()).map(|it| it.kind.clone()).collect())
}

/// As [`of`], of each of some people.
pub fn of_people(tx: &Tx<'_>, people: &elders::People) -> Result<HashMap<Id, Vec<Disease>>> {
    let sql = format!(
        "select {COLUMNS}, elder from chronic_disease where region = $1 and elder in ({})
          order by ended is not null, registered, id",
        people.listed()
    );
    people.rows(tx, &sql, one)
}

/// As [`of`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Disease>>> {
    let sql = format!("select {COLUMNS}, elder from chronic_disease where region = $1 and elder >= $2 and elder <= $3");
    elders::rows_of(tx, lot, &sql, one)
}

const COLUMNS: &str = "id, kind, icd, diagnosed, diagnosed_by, registered, remark, who, ended, end_reason";

fn one(row: &Row<'_>) -> Result<Disease> {
    Ok(Disease {
        id: row.get(0)?,
        kind: row.get(1)?,
        icd: row.get(2)?,
        diagnosed: row.get(3)?,
        diagnosed_by: row.get(4)?,
        registered: row.get(5)?,
        remark: row.get(6)?,
        who: row.get(7)?,
        ended: row.get(8)?,
        end_reason: row.get(9)?,
    })
}

/// Registers what a form says.
pub fn register_from(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Id> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let registration = Registration {
        kind: &checked.text("kind"),
        icd: &checked.text("icd"),
        diagnosed: &checked.text("diagnosed"),
        diagnosed_by: &checked.text("diagnosed_by"),
        registered: checked.date("registered").unwrap_or(ask.today()),
        remark: &checked.text("remark"),
    };
    register(tx, ask, elder, &registration)
}

/// Registers a disease; the person enters the group of the chronically ill.
///
/// # Errors
/// `Refused` where the same disease is registered already; `Invalid` for days in the future or before birth, and for a code
/// that is none.
pub fn register(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Registration<'_>) -> Result<Id> {
    let id = put(tx, ask, elder, it)?;
    care::renew(tx, ask, elder)?;
    Ok(id)
}

/// As [`register`], for whoever keeps what follows from it afterwards.
pub fn put(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Registration<'_>) -> Result<Id> {
    let code = it.icd.trim().to_ascii_uppercase();
    let code = if code.is_empty() { words::title(words::CODES, it.kind).to_string() } else { code };
    let usual = words::CODES.iter().any(|one| one.0 == it.kind);
    if !is_code(&code) && (usual || !it.icd.trim().is_empty()) {
        return Err(Error::invalid(
            "icd",
            Said::new("“{value}”不是 ICD-10 编码,应写作 I10 或 E11.9").with("value", &code),
        ));
    }
    let code = if is_code(&code) { code } else { String::new() };
    let diagnosed = Birth::parse(it.diagnosed).map(|one| if one.exact { one.day } else { first_of_year(one.day) });
    let diagnosed = diagnosed.ok_or_else(|| Error::invalid("diagnosed", "请填写确诊日期或年份"))?;
    if ask.today() < diagnosed || diagnosed < elder.birth.day.add_years(-1) {
        return Err(Error::invalid("diagnosed", "“确诊日期”应在出生之后、今天或以前"));
    }
    if ask.today() < it.registered || it.registered < diagnosed {
        return Err(Error::invalid("registered", "“纳入管理日期”应在确诊之后、今天或以前"));
    }
    if of(tx, &elder.key)?.iter().any(|one| one.kind == it.kind && one.ended.is_none()) {
        let said = Said::new("{disease}已经登记").with("disease", words::title(words::DISEASES, it.kind));
        return Err(Error::refused("registered_already", said));
    }
    let id = ask.new_id();
    tx.run(
        "insert into chronic_disease (region, id, elder, kind, icd, diagnosed, diagnosed_by, registered, remark, account,
                                      who, end_reason, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12)",
        &[
            &elder.key.region,
            &id,
            &elder.key.id,
            &it.kind,
            &code,
            &it.diagnosed,
            &it.diagnosed_by,
            &it.registered.to_string(),
            &it.remark,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    tx.forget::<Rc<[Disease]>>(elder.key.id);
    let title = words::title(words::DISEASES, it.kind);
    let entry = GroupEntry { kind: "chronic", day: it.registered, source: "慢病登记", word: title };
    elders::enter_group(tx, &ask.app, &elder.key, &elder.street, &entry)?;
    let report = Report::new("chronic", "登记慢性病:{disease}").with("disease", title).link(care::link(&elder.key));
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"chronic": it.kind}).to_string())?;
    Ok(id)
}

/// Ends what a form says.
pub fn end_from(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, input: &Input) -> Result<()> {
    let checked = form::check(END_FIELDS, input, &Options::new())?;
    end(tx, ask, elder, id, checked.date("ended").unwrap_or(ask.today()), &checked.text("end_reason"))
}

/// Ends the management of a disease from a day on.
pub fn end(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, day: Date, reason: &str) -> Result<()> {
    let all = of(tx, &elder.key)?;
    let it = all.iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.ended.is_some() {
        return Err(Error::refused("ended_already", "这项登记已经终止"));
    }
    if ask.today() < day || day < it.registered {
        return Err(Error::invalid("ended", "“终止日期”应在登记之后、今天或以前"));
    }
    tx.run(
        "update chronic_disease set ended = $3, end_reason = $4 where region = $1 and id = $2",
        &[&elder.key.region, &id, &day.to_string(), &reason],
    )?;
    tx.forget::<Rc<[Disease]>>(elder.key.id);
    if all.iter().all(|it| it.id == id || it.ended.is_some()) {
        elders::leave_group(tx, &ask.app, &elder.key, &elder.street, "chronic", day)?;
    }
    let report = Report::new("chronic", "终止{disease}管理:{reason}")
        .with("disease", words::title(words::DISEASES, &it.kind))
        .with("reason", words::title(words::END_REASONS, reason))
        .link(care::link(&elder.key));
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"chronic ended": it.kind}).to_string())?;
    care::renew(tx, ask, elder)
}

fn first_of_year(day: Date) -> Date {
    Date::new(day.year(), 1, 1).unwrap_or(day)
}

/// A letter, two digits, and after a point one or two more.
fn is_code(text: &str) -> bool {
    let (head, tail) = text.split_once('.').unwrap_or((text, "0"));
    let bytes = head.as_bytes();
    let is_head = bytes.len() == 3 && bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit);
    is_head && (1..=4).contains(&tail.len()) && tail.bytes().all(|it| it.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_icd_10_are_known_from_other_words() {
        for good in ["I10", "E11.9", "C80", "I63.901", "E11.900"] {
            assert!(is_code(good), "{good}");
        }
        for bad in ["", "I1", "110", "高血压", "I10.", "I10.12345", "i10"] {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
