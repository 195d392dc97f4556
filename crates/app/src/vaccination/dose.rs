//! Doses: given here with consent, questions and batch, or taken over from elsewhere; taken back with a reason.

use std::{cmp::Reverse, collections::HashMap};

use kit::{
    Ask, Error, Id, Refusal, Result, Said, Tx,
    clock::stamp,
    db::Row,
    files::{self, Stored},
    form::{self, Field, Input, Kind, Options, field},
    tally::Lot,
};
use rules::{
    base::Date,
    vaccination::{Candidate, admission},
};
use serde_json::json;

use super::{batch, invitation, refusal, schedule, words};
use crate::elders::{self, Elder, Key, Records, Report, Tone};

/// One dose.
#[derive(Debug, Clone)]
pub struct Dose {
    pub id: Id,
    pub vaccine: String,
    pub number: i64,
    pub day: Date,
    pub batch_number: String,
    pub maker: String,
    pub expires: String,
    pub site: String,
    pub free: bool,
    pub place: String,
    pub vaccinator: String,
    pub consent: Option<Id>,
    pub source: String,
    pub remark: String,
    pub voided: Option<String>,
    pub void_reason: String,
}

/// A dose to be written down.
pub struct New<'a> {
    pub vaccine: &'a str,
    pub day: Date,
    /// Which dose it is; one more than those before its day where nobody says.
    pub number: Option<i64>,
    pub batch: Option<Id>,
    pub batch_number: &'a str,
    pub maker: &'a str,
    pub expires: &'a str,
    pub site: &'a str,
    pub free: bool,
    pub place: &'a str,
    pub vaccinator: &'a str,
    pub consent: Option<Id>,
    pub answers: &'a str,
    /// `here`, `elsewhere`, `import`.
    pub source: &'a str,
    pub remark: &'a str,
}

pub const FIELDS: &[Field] = &[
    field("vaccine", "疫苗", Kind::Text(30)).required(),
    field("batch", "批次", Kind::Text(30)).required().help("登记批次的编号。"),
    field("day", "接种日期", Kind::Date).help("不填时为今天。"),
    field("site", "接种部位", Kind::Choice(words::SITES)).required(),
    field("yes", "询问为“是”的问题", Kind::Text(30)).help("问题的编号,可以多项。"),
    field("asked", "已逐项询问健康状况和禁忌", Kind::Check).required(),
    field("consent", "知情同意", Kind::Choice(words::CONSENTS)).required(),
    field("vaccinator", "接种人", Kind::Text(50)).help("不填时为登记人。"),
    field("remark", "备注", Kind::LongText(300)),
];

pub const VOID_FIELDS: &[Field] = &[field("reason", "作废的原因", Kind::Text(200)).required()];

const COLUMNS: &str = "id, vaccine, number, day, batch_number, maker, expires, site, free, place, vaccinator, consent, \
    source, remark, voided, void_reason";

fn read(row: &Row<'_>) -> Result<Dose> {
    Ok(Dose {
        id: row.get(0)?,
        vaccine: row.get(1)?,
        number: row.get(2)?,
        day: row.get(3)?,
        batch_number: row.get(4)?,
        maker: row.get(5)?,
        expires: row.get(6)?,
        site: row.get(7)?,
        free: row.get(8)?,
        place: row.get(9)?,
        vaccinator: row.get(10)?,
        consent: row.get(11)?,
        source: row.get(12)?,
        remark: row.get(13)?,
        voided: row.get(14)?,
        void_reason: row.get(15)?,
    })
}

/// All doses of a person, newest first, those taken back too.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Dose>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from vaccination_dose where region = $1 and elder in ({}) order by day desc, id desc",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), read)
}

/// The last dose of a person that was not taken back.
pub fn last(tx: &Tx<'_>, key: &Key) -> Result<Option<Dose>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from vaccination_dose where region = $1 and elder in ({}) and voided is null
          order by day desc, id desc limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&key.region]), read)
}

/// As [`of`], of each person of a lot.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Dose>>> {
    let sql =
        format!("select {COLUMNS}, elder from vaccination_dose where region = $1 and elder >= $2 and elder <= $3");
    let mut all = elders::rows_of(tx, lot, &sql, read)?;
    all.values_mut().for_each(|it| it.sort_by_key(|it| Reverse((it.day, it.id))));
    Ok(all)
}

/// One dose of a person.
pub fn find(tx: &Tx<'_>, key: &Key, id: Id) -> Result<Dose> {
    of(tx, key)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)
}

/// The page of a person's vaccinations.
pub fn link(key: &Key) -> String {
    format!("/vaccination/{key}")
}

/// Gives a dose. `signature` is the picture of a consent signed on the spot.
///
/// # Errors
/// `Invalid` for what is missing in the form, `Refused` with every reason that stands against the dose.
pub fn give(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input, signature: Option<&Stored>) -> Result<Id> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let key = &elder.key;
    let day = checked.date("day").unwrap_or(ask.today());
    if ask.today() < day {
        return Err(Error::invalid("day", "“接种日期”不能晚于今天"));
    }
    if !checked.on("asked") {
        return Err(Error::invalid("asked", "请先逐项询问健康状况和禁忌"));
    }
    let vaccine = schedule::needed(ask, &key.region, &checked.text("vaccine"), day)?;
    let batch_id = checked.id("batch").ok_or_else(|| Error::invalid("batch", "请选择批次"))?;
    let batch = batch::find(tx, ask, &key.region, batch_id)?;
    if batch.vaccine != vaccine.id {
        return Err(Error::invalid("batch", "这一批次不是所选的疫苗"));
    }
    let yes = checked.many("yes");
    if let Some(odd) = yes.iter().find(|it| vaccine.questions.iter().all(|one| one.id != **it)) {
        return Err(Error::invalid("yes", Said::new("没有“{value}”这个问题").with("value", odd)));
    }
    let candidate = Candidate {
        vaccine: vaccine.id.clone(),
        born: elder.birth.day,
        days: schedule::days(tx, key, &vaccine.id)?,
        yes: yes.clone(),
        expires: batch.expires,
        recalled: batch.recalled.is_some().into(),
    };
    let policy = schedule::policy(ask, &key.region, day);
    let found = admission(vaccine, &candidate, &policy);
    if !found.objections.is_empty() {
        // There the contraindication can be noted, so that nobody invites them again.
        let link = Some(link(key));
        return Err(Error::Refused(Refusal { code: "dose_refused", why: found.text().into(), source: None, link }));
    }
    let consent = match (checked.text("consent").as_str(), signature) {
        ("signed", Some(picture)) => Some(files::note(tx, ask, &key.region, picture)?),
        ("signed", None) => return Err(Error::invalid("signature", "请签名")),
        _ => None,
    };
    let free = rules::vaccination::free_from(&vaccine.id, &policy).is_some_and(|it| it <= elder.birth.day.age_on(day));
    let answers = json!({"yes": yes, "consent": checked.text("consent")}).to_string();
    let place = workplace(tx, ask)?;
    let vaccinator = checked.optional("vaccinator").unwrap_or_else(|| ask.who.name.clone());
    let new = New {
        vaccine: &vaccine.id,
        day,
        number: None,
        batch: Some(batch.id),
        batch_number: &batch.number,
        maker: &batch.maker,
        expires: &batch.expires.to_string(),
        site: &checked.text("site"),
        free,
        place: &place,
        vaccinator: &vaccinator,
        consent,
        answers: &answers,
        source: "here",
        remark: &checked.text("remark"),
    };
    let id = write(tx, ask, elder, &new)?;
    refusal::withdraw_all(tx, ask, elder, &vaccine.id)?;
    invitation::renew(tx, ask, elder)?;
    Ok(id)
}

/// Where who asks works, by name.
fn workplace(tx: &Tx<'_>, ask: &Ask) -> Result<String> {
    let name: Option<String> = match ask.who.scope.organisation {
        Some(id) => tx.row("select name from organisation where id = $1", &[&id], |row| row.get(0))?,
        None => None,
    };
    Ok(name.unwrap_or_else(|| ask.app.places.tree().name(&ask.who.scope.place).to_string()))
}

/// Writes a dose down and tells the timeline and the trail.
pub fn write(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &New<'_>) -> Result<Id> {
    let key = &elder.key;
    let before = schedule::days(tx, key, it.vaccine)?;
    if before.contains(&it.day) {
        return Err(Error::refused("dose_known", Said::new("{day} 已有这种疫苗的接种记录").with("day", it.day)));
    }
    let number = it.number.unwrap_or(before.iter().filter(|day| **day < it.day).count() as i64 + 1);
    let id = ask.new_id();
    tx.run(
        "insert into vaccination_dose (region, id, elder, vaccine, number, day, batch, batch_number, maker, expires, site,
                                       free, place, vaccinator, account, consent, answers, source, remark, created,
                                       void_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, '')",
        &[
            &key.region,
            &id,
            &key.id,
            &it.vaccine,
            &number,
            &it.day.to_string(),
            &it.batch,
            &it.batch_number,
            &it.maker,
            &it.expires,
            &it.site,
            &it.free,
            &it.place,
            &it.vaccinator,
            &ask.who.account,
            &it.consent,
            &it.answers,
            &it.source,
            &it.remark,
            &stamp(ask.now),
        ],
    )?;
    let said = if it.source == "here" {
        "接种{vaccine}第 {n} 剂,批号 {batch}"
    } else {
        "登记{vaccine}第 {n} 剂({day})"
    };
    let report = Report::new("vaccination", said)
        .with("vaccine", schedule::name(ask, &key.region, it.vaccine))
        .with("n", number)
        .with("batch", it.batch_number)
        .with("day", it.day)
        .link(link(key))
        .tone(Tone::Ok);
    let report = if it.day == ask.today() { report } else { report.at(kit::clock::begin_of(it.day)) };
    elders::report(tx, ask.now, key, &report)?;
    elders::note(tx, ask, "change", elder, &json!({"dose": id, "vaccine": it.vaccine}).to_string())?;
    Ok(id)
}

/// Takes a dose back that was written down by mistake.
pub fn void(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, input: &Input) -> Result<()> {
    let reason = form::check(VOID_FIELDS, input, &Options::new())?.text("reason");
    let it = find(tx, &elder.key, id)?;
    if it.voided.is_some() {
        return Err(Error::refused("voided_already", "这条接种记录已经作废"));
    }
    tx.run(
        "update vaccination_dose set voided = $3, void_reason = $4 where region = $1 and id = $2",
        &[&elder.key.region, &id, &stamp(ask.now), &reason],
    )?;
    let report = Report::new("vaccination", "{day} 的接种记录作废:{reason}")
        .with("day", it.day)
        .with("reason", &reason)
        .link(link(&elder.key))
        .tone(Tone::Warn);
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &json!({"dose taken back": id}).to_string())?;
    invitation::renew(tx, ask, elder)
}
