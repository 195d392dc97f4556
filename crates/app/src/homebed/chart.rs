//! What is written about a patient at home: first note, rounds, checks of a superior doctor, nursing, procedures and
//! medication; and orders (医嘱).

use std::collections::BTreeMap;

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, db::Row, form::Input};
use rules::base::Date;

use super::{
    bed::{self, Bed},
    words,
};

/// Values by the words of `words::READINGS`, as they were typed.
pub type Readings = BTreeMap<String, String>;

/// One entry.
#[derive(Debug, Clone)]
pub struct Record {
    pub id: Id,
    /// A word of `words::RECORDS`.
    pub kind: String,
    pub day: Date,
    pub who: String,
    pub findings: String,
    pub readings: Readings,
    pub treatment: String,
    pub advice: String,
    pub code: String,
    pub quantity: i64,
    /// Which service of an elderly-care bed was given.
    pub service: Option<Id>,
    pub source: Option<String>,
    pub bill: Option<Id>,
    pub void_reason: String,
}

impl Record {
    pub fn new(ask: &Ask, kind: &str, day: Date, who: &str) -> Record {
        Record {
            id: ask.new_id(),
            kind: kind.to_string(),
            day,
            who: who.to_string(),
            findings: String::new(),
            readings: Readings::new(),
            treatment: String::new(),
            advice: String::new(),
            code: String::new(),
            quantity: 1,
            service: None,
            source: None,
            bill: None,
            void_reason: String::new(),
        }
    }

    pub fn counts(&self) -> bool {
        self.void_reason.is_empty()
    }

    /// The values in words: `体温 36.5 ℃`.
    pub fn readings_in_words(&self, ask: &Ask) -> String {
        let said = |(word, title, unit, _, _): &(&str, &'static str, &'static str, f64, f64)| {
            let value = self.readings.get(*word)?;
            Some(format!("{} {value} {}", ask.t(title), ask.t(unit)))
        };
        words::READINGS.iter().filter_map(said).collect::<Vec<_>>().join(ask.t("、"))
    }
}

const COLUMNS: &str =
    "id, kind, day, who, findings, readings, treatment, advice, code, quantity, source, bill, void_reason, service";

fn read(row: &Row<'_>) -> Result<Record> {
    let readings: String = row.get(5)?;
    Ok(Record {
        id: row.get(0)?,
        kind: row.get(1)?,
        day: row.get(2)?,
        who: row.get(3)?,
        findings: row.get(4)?,
        readings: serde_json::from_str(&readings)?,
        treatment: row.get(6)?,
        advice: row.get(7)?,
        code: row.get(8)?,
        quantity: row.get(9)?,
        source: row.get(10)?,
        bill: row.get(11)?,
        void_reason: row.get(12)?,
        service: row.get(13)?,
    })
}

/// All entries of a bed, in the order of their days.
pub fn of(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Record>> {
    tx.rows(
        &format!("select {COLUMNS} from homebed_record where region = $1 and bed = $2 order by day, id limit 2000"),
        &[&bed.key.region, &bed.key.id],
        read,
    )
}

/// The measured values of a form.
///
/// # Errors
/// `Invalid` for what is no number, or none that can be measured.
pub fn readings(input: &Input) -> Result<Readings> {
    let mut all = Readings::new();
    for (word, title, _, least, most) in words::READINGS {
        let typed = input.get(word).trim();
        if typed.is_empty() {
            continue;
        }
        let number = typed.parse::<f64>().ok().filter(|it| (*least..=*most).contains(it));
        if number.is_none() {
            let said = Said::new("“{label}”应是 {min} 到 {max} 的数,而不是“{value}”");
            let said = said.with("label", title).with("min", least).with("max", most).with("value", typed);
            return Err(Error::invalid(word, said));
        }
        all.insert((*word).to_string(), typed.to_string());
    }
    Ok(all)
}

/// Writes an entry; of one visit there is one, and it is as the visit last told it.
pub fn put(tx: &Tx<'_>, ask: &Ask, bed: &Bed, it: &Record) -> Result<()> {
    let known = match &it.source {
        Some(source) => by_source(tx, bed, source)?,
        None => None,
    };
    if let Some(known) = known {
        tx.run(
            "update homebed_record set day = $4, who = $5, findings = $6, readings = $7, treatment = $8, advice = $9,
                    void_reason = ''
              where region = $1 and bed = $2 and id = $3",
            &[
                &bed.key.region,
                &bed.key.id,
                &known,
                &it.day.to_string(),
                &it.who,
                &it.findings,
                &serde_json::to_string(&it.readings)?,
                &it.treatment,
                &it.advice,
            ],
        )?;
        return Ok(());
    }
    tx.run(
        "insert into homebed_record (region, bed, id, kind, day, who, findings, readings, treatment, advice, code, quantity,
                                     source, bill, void_reason, account, created, service)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, '', $14, $15, $16)",
        &[
            &bed.key.region,
            &bed.key.id,
            &it.id,
            &it.kind,
            &it.day.to_string(),
            &it.who,
            &it.findings,
            &serde_json::to_string(&it.readings)?,
            &it.treatment,
            &it.advice,
            &it.code,
            &it.quantity,
            &it.source,
            &ask.who.account,
            &stamp(ask.now),
            &it.service,
        ],
    )?;
    Ok(())
}

fn by_source(tx: &Tx<'_>, bed: &Bed, source: &str) -> Result<Option<Id>> {
    tx.row(
        "select id from homebed_record where region = $1 and bed = $2 and source = $3",
        &[&bed.key.region, &bed.key.id, &source],
        |row| row.get(0),
    )
}

/// Voids what a visit told; nothing where it told nothing.
pub fn void_source(tx: &Tx<'_>, bed: &Bed, source: &str, reason: &str) -> Result<()> {
    if let Some(id) = by_source(tx, bed, source)? {
        set_void(tx, bed, id, reason)?;
    }
    Ok(())
}

/// Takes an entry back with a reason; it stays to be read.
///
/// # Errors
/// `Refused` for the first note, for what was charged, and for what is void already.
pub fn void(tx: &Tx<'_>, bed: &Bed, id: Id, reason: &str) -> Result<()> {
    let it = of(tx, bed)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.kind == "first" {
        return Err(Error::refused("first_note", "首次病程记录不能作废"));
    }
    if it.bill.is_some() {
        return Err(Error::refused("billed", "这条记录已收费,请先更正账单"));
    }
    if !it.counts() {
        return Err(Error::refused("void_already", "这条记录已经作废"));
    }
    set_void(tx, bed, id, reason)
}

fn set_void(tx: &Tx<'_>, bed: &Bed, id: Id, reason: &str) -> Result<()> {
    tx.run(
        "update homebed_record set void_reason = $4 where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &reason],
    )?;
    Ok(())
}

/// Notes on which bill entries of a day stand.
pub fn billed(tx: &Tx<'_>, bed: &Bed, id: Id, bill: Id) -> Result<()> {
    tx.run(
        "update homebed_record set bill = $4 where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &bill],
    )?;
    Ok(())
}

/// One order.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: Id,
    pub term: String,
    pub content: String,
    pub usage: String,
    pub from: Date,
    pub who: String,
    /// The day on which it was stopped.
    pub until: Option<Date>,
    pub stopped_by: String,
}

pub fn orders(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Order>> {
    tx.rows(
        "select id, term, content, usage_text, from_day, who, until_day, stopped_by from homebed_order
          where region = $1 and bed = $2 order by from_day, id limit 1000",
        &[&bed.key.region, &bed.key.id],
        |row| {
            Ok(Order {
                id: row.get(0)?,
                term: row.get(1)?,
                content: row.get(2)?,
                usage: row.get(3)?,
                from: row.get(4)?,
                who: row.get(5)?,
                until: row.get(6)?,
                stopped_by: row.get(7)?,
            })
        },
    )
}

pub fn put_order(tx: &Tx<'_>, ask: &Ask, bed: &Bed, it: &Order) -> Result<()> {
    tx.run(
        "insert into homebed_order (region, bed, id, term, content, usage_text, from_day, who, until_day, stopped_by, account,
                                    created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            &bed.key.region,
            &bed.key.id,
            &it.id,
            &it.term,
            &it.content,
            &it.usage,
            &it.from.to_string(),
            &it.who,
            &bed::day(it.until),
            &it.stopped_by,
            &ask.who.account,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

/// Stops a long-term order on a day.
pub fn stop_order(tx: &Tx<'_>, ask: &Ask, bed: &Bed, id: Id, day: Date) -> Result<()> {
    let it = orders(tx, bed)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.until.is_some() {
        return Err(Error::refused("stopped_already", "这条医嘱已经停止"));
    }
    if day < it.from {
        return Err(Error::invalid("day", "停止日期不能早于医嘱起日"));
    }
    tx.run(
        "update homebed_order set until_day = $4, stopped_by = $5 where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &day.to_string(), &&*ask.who.name],
    )?;
    Ok(())
}

/// With the bed, long-term orders end.
pub fn stop_orders(tx: &Tx<'_>, ask: &Ask, bed: &Bed, day: Date) -> Result<()> {
    tx.run(
        "update homebed_order set until_day = $3, stopped_by = $4
          where region = $1 and bed = $2 and term = 'long' and until_day is null",
        &[&bed.key.region, &bed.key.id, &day.to_string(), &&*ask.who.name],
    )?;
    Ok(())
}

/// Long-term orders that ended with the bed go on.
pub fn restart_orders(tx: &Tx<'_>, ask: &Ask, bed: &Bed, day: Date) -> Result<()> {
    tx.run(
        "update homebed_order set until_day = null, stopped_by = ''
          where region = $1 and bed = $2 and term = 'long' and until_day = $3 and stopped_by = $4",
        &[&bed.key.region, &bed.key.id, &day.to_string(), &&*ask.who.name],
    )?;
    Ok(())
}
