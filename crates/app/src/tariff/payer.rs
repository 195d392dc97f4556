//! One payer of record for each service: what the family-doctor package, public health, long-term-care or medical insurance
//! paid is not paid again. The database refuses whoever comes second; this says who came first, and which clause forbids it.

use std::collections::HashMap;

use kit::{App, Ask, Error, Id, Refusal, Result, Said, Tx, clock::stamp, db::Row};
use rules::{base::Date, tariff::Kind};

use super::{
    quote::{BED_DAY, VISIT_FEE},
    words::{self, PAYERS},
};
use crate::elders::{self, Key, Merged, Records};

/// Who paid for a service of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub id: Id,
    pub service: String,
    pub day: Date,
    /// Whose payment it was: `ltci:42`, `bill:17`.
    pub event: String,
    /// A word of `words::PAYERS`.
    pub payer: String,
    /// What the payment rests on, in words.
    pub basis: String,
    pub who: String,
    pub created: String,
    pub released: Option<String>,
    pub release_reason: String,
    /// What the county's own catalogue calls the service.
    named: Option<String>,
}

impl Record {
    /// The service by its name: of this module, of long-term-care insurance, of a price list; by its code where none has it.
    pub fn service_name(&self, ask: &Ask, region: &str) -> String {
        let policy = ask.app.policy_in(region, self.day);
        let of_care = policy.care_service(&self.service);
        let of_list = || policy.item(&self.service).map(|it| ask.either(&it.name, &it.name_en).to_string());
        match (&*self.service, of_care) {
            (VISIT_FEE, _) => ask.t(Kind::VisitFee.title()).to_string(),
            (BED_DAY, _) => ask.t(Kind::BedDay.title()).to_string(),
            (_, Some(it)) => ask.either(&it.name, &it.name_en).to_string(),
            _ => self.named.clone().or_else(of_list).unwrap_or_else(|| self.service.clone()),
        }
    }

    /// What was paid, in words, and the page that shows it; nothing where no page does.
    pub fn origin<'a>(&self, ask: &'a Ask, region: &str) -> Option<(&'a str, String)> {
        match self.event.split_once(':')? {
            ("bill", id) => Some((ask.t("账单"), format!("/tariff/bills/{region}-{id}"))),
            ("orders", id) => Some((ask.t("上门服务"), format!("/orders/{region}-{id}"))),
            ("ltci", id) => Some((ask.t("长护险申报"), format!("/ltci/claims/{region}-{id}"))),
            _ => None,
        }
    }
}

/// A payment to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The paying module's word and its own number, such as `ltci:42`: the same event is paid once.
    pub event: &'a str,
    /// The code of the service. One that policy calls the same as another (同一服务) counts as that.
    pub service: &'a str,
    /// A word of `words::PAYERS`.
    pub payer: &'a str,
    pub day: Date,
    /// Document and clause, or package, that the payer pays by.
    pub basis: &'a str,
}

const COLUMNS: &str = "id, service, day, event, payer, basis, who, created, released, release_reason,
    (select p.name from tariff_price p where p.region = tariff_event.region and p.code = tariff_event.service
      order by p.from_day desc limit 1)";

fn read(row: &Row<'_>) -> Result<Record> {
    Ok(Record {
        id: row.get(0)?,
        service: row.get(1)?,
        day: row.get(2)?,
        event: row.get(3)?,
        payer: row.get(4)?,
        basis: row.get(5)?,
        who: row.get(6)?,
        created: row.get(7)?,
        released: row.get(8)?,
        release_reason: row.get(9)?,
        named: row.get(10)?,
    })
}

/// The one code of a service, whichever catalogue it was named by.
pub fn service_of(ask: &Ask, region: &str, day: Date, code: &str) -> String {
    code_of(&ask.app, region, day, code)
}

fn code_of(app: &App, region: &str, day: Date, code: &str) -> String {
    let policy = app.policy_in(region, day);
    let same = policy.read(|it| &it.tariff.same_service).ok();
    same.and_then(|it| it.get(code)).map_or(code, |it| it).to_string()
}

/// Who has paid for a service of a day; nothing where nobody has. `service` may be the code of any catalogue.
pub fn payer_of(tx: &Tx<'_>, ask: &Ask, elder: &Key, service: &str, day: Date) -> Result<Option<Record>> {
    let service = service_of(ask, &elder.region, day, service);
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from tariff_event where region = $1 and service = $2 and day = $3 and released is null
            and elder in ({}) order by id limit 1",
        records.after(3)
    );
    tx.row(&sql, &records.bind(&[&elder.region, &service, &day.to_string()]), read)
}

/// All that was ever recorded for an elder, the newest first.
pub fn of(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Record>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from tariff_event where region = $1 and elder in ({}) order by day desc, id desc limit 200",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// Records who pays for a service. Said twice of one event, or by the same payer for more of the service on that day, it
/// changes nothing.
///
/// # Errors
/// `Refused` with both payers and the clause where another has paid already.
pub fn claim_payer(tx: &Tx<'_>, ask: &Ask, elder: &Key, claim: &Claim<'_>) -> Result<()> {
    if !PAYERS.iter().any(|it| it.0 == claim.payer) {
        return Err(Error::internal(format!("no payer is called {}", claim.payer)));
    }
    let service = service_of(ask, &elder.region, claim.day, claim.service);
    if let Some(known) = payer_of(tx, ask, elder, &service, claim.day)? {
        return same_or_refused(ask, elder, &known, claim);
    }
    let written = tx.run(
        "insert into tariff_event (region, id, elder, service, day, event, payer, basis, account, who, created,
                                   release_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '') on conflict do nothing",
        &[
            &elder.region,
            &ask.new_id(),
            &elder.id,
            &service,
            &claim.day.to_string(),
            &claim.event,
            &claim.payer,
            &claim.basis,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    if written == 1 {
        return Ok(());
    }
    // Somebody else was quicker, or the event was paid under another day.
    let known = tx.one(
        &format!(
            "select {COLUMNS} from tariff_event where region = $1 and service = $2 and released is null
                and (event = $3 or elder = $4 and day = $5) order by id limit 1"
        ),
        &[&elder.region, &service, &claim.event, &elder.id, &claim.day.to_string()],
        read,
    )?;
    same_or_refused(ask, elder, &known, claim)
}

/// Takes a payment back, so that another payer may pay: after a correction, or where a claim was refused. Gives whether there
/// was one.
pub fn release_payer(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Key,
    event: &str,
    service: &str,
    day: Date,
    reason: &str,
) -> Result<bool> {
    let service = service_of(ask, &elder.region, day, service);
    let gone = tx.run(
        "update tariff_event set released = $4, release_reason = $5
          where region = $1 and event = $2 and service = $3 and released is null",
        &[&elder.region, &event, &service, &stamp(ask.now), &reason],
    )?;
    Ok(0 < gone)
}

fn same_or_refused(ask: &Ask, elder: &Key, known: &Record, claim: &Claim<'_>) -> Result<()> {
    if known.payer == claim.payer && known.day == claim.day {
        return Ok(());
    }
    Err(paid_already(ask, elder, known, claim.payer))
}

/// A service of a day, and whose payment it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub elder: Id,
    /// Of any catalogue.
    pub code: String,
    pub day: Date,
    pub event: String,
}

/// What was paid for in a county between two days, for works over all of them.
#[derive(Debug, Default)]
pub struct Paid {
    region: String,
    /// (elder, service, day) → payer; who has several records is one person.
    payers: HashMap<(Id, String, Date), String>,
    merged: Merged,
}

impl Paid {
    /// Who else than `payer` pays for a service of a day, in Chinese.
    pub fn by_other(&self, app: &App, elder: Id, code: &str, day: Date, payer: &str) -> Option<&str> {
        if self.payers.is_empty() {
            return None;
        }
        let elder = self.merged.stays(elder);
        let found = self.payers.get(&(elder, code_of(app, &self.region, day, code), day))?;
        (found != payer).then(|| words::title(PAYERS, found))
    }
}

/// All payments of record in a county between two days, both included.
pub fn paid_in(tx: &Tx<'_>, region: &str, first: Date, last: Date) -> Result<Paid> {
    let rows = tx.rows(
        "select elder, service, day, payer from tariff_event
          where region = $1 and day >= $2 and day <= $3 and released is null order by day, id",
        &[&region, &first.to_string(), &last.to_string()],
        |row| Ok(((row.get::<Id>(0)?, row.get(1)?, row.get(2)?), row.get(3)?)),
    )?;
    let merged = elders::merged(tx, region)?;
    let payers =
        rows.into_iter().map(|((elder, code, day), payer)| ((merged.stays(elder), code, day), payer)).collect();
    Ok(Paid { region: region.to_string(), payers, merged })
}

/// As [`claim_payer`] for many services of a county; several of one service and day are one.
///
/// # Errors
/// `Refused` where another has paid for one of them.
pub fn claim_all(tx: &Tx<'_>, ask: &Ask, region: &str, payer: &str, basis: &str, services: &[Service]) -> Result<()> {
    let (Some(first), Some(last)) = (services.iter().map(|it| it.day).min(), services.iter().map(|it| it.day).max())
    else {
        return Ok(());
    };
    let mut paid = paid_in(tx, region, first, last)?;
    for it in services {
        let code = code_of(&ask.app, region, it.day, &it.code);
        let key = (paid.merged.stays(it.elder), code, it.day);
        match paid.payers.get(&key) {
            Some(known) if known == payer => continue,
            Some(_) => {
                let elder = Key { region: region.to_string(), id: key.0 };
                let known = payer_of(tx, ask, &elder, &it.code, it.day)?.ok_or(Error::NotFound)?;
                return Err(paid_already(ask, &elder, &known, payer));
            }
            None => {}
        }
        tx.run(
            "insert into tariff_event (region, id, elder, service, day, event, payer, basis, account, who, created,
                                       release_reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '')",
            &[
                &region,
                &ask.new_id(),
                &it.elder,
                &key.1,
                &it.day.to_string(),
                &it.event,
                &payer,
                &basis,
                &ask.who.account,
                &ask.who.name,
                &stamp(ask.now),
            ],
        )?;
        paid.payers.insert(key, payer.to_string());
    }
    Ok(())
}

/// As [`release_payer`], for a service of [`claim_all`].
pub fn release_service(tx: &Tx<'_>, ask: &Ask, region: &str, it: &Service, reason: &str) -> Result<bool> {
    let elder = Key { region: region.to_string(), id: it.elder };
    release_payer(tx, ask, &elder, &it.event, &it.code, it.day, reason)
}

/// The refusal: the service, both payers, and the clause that forbids the second.
pub fn paid_already(ask: &Ask, elder: &Key, known: &Record, second: &str) -> Error {
    let origin = known.origin(ask, &elder.region);
    let why = Said::new("{day} 的“{service}”已由{first}付费({event}),不能再由{second}付费")
        .with("day", known.day)
        .with("service", known.service_name(ask, &elder.region))
        .with("first", ask.t(words::title(PAYERS, &known.payer)))
        .with("event", origin.as_ref().map_or(&*known.event, |it| it.0))
        .with("second", ask.t(words::title(PAYERS, second)));
    let source = clause(ask, &elder.region, known.day);
    Error::Refused(Refusal { code: "paid_already", why, source, link: origin.map(|it| it.1) })
}

/// Document and clause that forbid a second payment; nothing where no policy says so here.
pub fn clause(ask: &Ask, region: &str, day: Date) -> Option<String> {
    let policy = ask.app.policy_in(region, day);
    policy.read(|it| &it.tariff.already_paid_by).ok()?;
    let because = policy.because().pop()?;
    let document = because.document.as_deref().and_then(|id| ask.app.policy.document(id));
    let title = document.map(|it| ask.either(&it.title, &it.title_en).to_string());
    let parts = [title, because.clause, Some(ask.t("不得重复收费的保障").to_string())];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
