//! The entries of a bill: charges, receipts, refunds, corrections. They are added and never changed; the balance is their sum.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{
    base::{Date, Money},
    tariff::{Kind as ItemKind, Split},
};

use super::{
    bill::{self, Bill},
    book, payer,
    quote::Quoted,
    words,
};
use crate::elders::{self, Elder, Key};

#[derive(Debug, Clone)]
pub struct Entry {
    pub id: Id,
    /// A word of `words::ENTRIES`.
    pub kind: String,
    pub day: String,
    pub code: String,
    pub name: String,
    pub unit: String,
    pub item_kind: String,
    pub class: String,
    pub quantity: i64,
    pub price: i64,
    pub split: Split,
    pub payer: String,
    /// As [`Said::stored`].
    pub why: String,
    pub basis: String,
    pub number: String,
    pub way: String,
    pub corrects: Option<Id>,
    pub reason: String,
    pub who: String,
}

pub const RECEIPT_FIELDS: &[Field] = &[
    field("amount", "金额(元)", Kind::Text(12)).required(),
    field("way", "收款方式", Kind::Choice(words::WAYS)).required(),
];
pub const REFUND_FIELDS: &[Field] = &[
    field("amount", "金额(元)", Kind::Text(12)).required(),
    field("way", "退款方式", Kind::Choice(words::WAYS)).required(),
    field("reason", "原因", Kind::Text(200)).required(),
];
pub const CORRECTION_FIELDS: &[Field] =
    &[field("entry", "要更正的收费", Kind::Text(20)).required(), field("reason", "原因", Kind::Text(200)).required()];

const COLUMNS: &str =
    "id, kind, day, code, name, unit, item_kind, class, quantity, price, amount, insurance, ltci, package,
    public_health, person, payer, why, basis, number, way, corrects, reason, who";

fn read(row: &Row<'_>) -> Result<Entry> {
    let money = |at: usize| row.get::<i64>(at).map(Money::from_fen);
    Ok(Entry {
        id: row.get(0)?,
        kind: row.get(1)?,
        day: row.get(2)?,
        code: row.get(3)?,
        name: row.get(4)?,
        unit: row.get(5)?,
        item_kind: row.get(6)?,
        class: row.get(7)?,
        quantity: row.get(8)?,
        price: row.get(9)?,
        split: Split {
            amount: money(10)?,
            insurance: money(11)?,
            ltci: money(12)?,
            package: money(13)?,
            public_health: money(14)?,
            person: money(15)?,
        },
        payer: row.get(16)?,
        why: row.get(17)?,
        basis: row.get(18)?,
        number: row.get(19)?,
        way: row.get(20)?,
        corrects: row.get(21)?,
        reason: row.get(22)?,
        who: row.get(23)?,
    })
}

impl Entry {
    /// One of a kind that says nothing yet.
    fn new(kind: &str, day: Date) -> Entry {
        let empty = String::new;
        Entry {
            id: Id(0),
            kind: kind.to_string(),
            day: day.to_string(),
            code: empty(),
            name: empty(),
            unit: empty(),
            item_kind: empty(),
            class: empty(),
            quantity: 0,
            price: 0,
            split: Split::default(),
            payer: empty(),
            why: empty(),
            basis: empty(),
            number: empty(),
            way: empty(),
            corrects: None,
            reason: empty(),
            who: empty(),
        }
    }
}

/// All entries of a bill, in the order in which they were made.
pub fn of(tx: &Tx<'_>, bill: &Bill) -> Result<Vec<Entry>> {
    tx.rows(
        &format!("select {COLUMNS} from tariff_entry where region = $1 and bill = $2 order by id limit 1000"),
        &[&bill.key.region, &bill.key.id],
        read,
    )
}

/// Adds an entry; the sums of the bill move with it.
fn add(tx: &Tx<'_>, ask: &Ask, bill: &Bill, it: &Entry) -> Result<Id> {
    let (id, split) = (ask.new_id(), &it.split);
    tx.run(
        "insert into tariff_entry (region, bill, id, institution, kind, day, code, name, unit, item_kind, class, quantity,
             price, amount, insurance, ltci, package, public_health, person, payer, why, basis, number, way, corrects,
             reason, account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                 $24, $25, $26, $27, $28, $29)",
        &[
            &bill.key.region,
            &bill.key.id,
            &id,
            &bill.institution,
            &it.kind,
            &it.day,
            &it.code,
            &it.name,
            &it.unit,
            &it.item_kind,
            &it.class,
            &it.quantity,
            &it.price,
            &split.amount.fen(),
            &split.insurance.fen(),
            &split.ltci.fen(),
            &split.package.fen(),
            &split.public_health.fen(),
            &split.person.fen(),
            &it.payer,
            &it.why,
            &it.basis,
            &it.number,
            &it.way,
            &it.corrects,
            &it.reason,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    tx.run(
        "update tariff_bill set
            amount = (select coalesce(sum(e.amount), 0) from tariff_entry e where e.region = tariff_bill.region
                        and e.bill = tariff_bill.id and e.kind in ('charge', 'correction')),
            person = (select coalesce(sum(e.person), 0) from tariff_entry e where e.region = tariff_bill.region
                        and e.bill = tariff_bill.id and e.kind in ('charge', 'correction')),
            balance = (select coalesce(sum(e.person), 0) from tariff_entry e where e.region = tariff_bill.region
                        and e.bill = tariff_bill.id)
          where region = $1 and id = $2",
        &[&bill.key.region, &bill.key.id],
    )?;
    Ok(id)
}

/// Charges a line of a quote.
pub fn charge(tx: &Tx<'_>, ask: &Ask, bill: &Bill, line: &Quoted, payer: &str) -> Result<Id> {
    let entry = Entry {
        code: line.code.clone(),
        name: line.name.clone(),
        unit: line.unit.clone(),
        item_kind: line.kind.word().to_string(),
        class: line.class.word().to_string(),
        quantity: i64::from(line.quantity),
        price: line.price.fen(),
        split: line.split,
        payer: payer.to_string(),
        why: line.why.clone(),
        basis: line.basis.clone(),
        ..Entry::new("charge", bill.day)
    };
    add(tx, ask, bill, &entry)
}

/// Takes money for a bill; gives the number of the receipt.
///
/// # Errors
/// `Invalid` for more than is owed.
pub fn receive(tx: &Tx<'_>, ask: &Ask, bill: &Bill, elder: &Elder, input: &Input) -> Result<String> {
    let checked = form::check(RECEIPT_FIELDS, input, &Options::new())?;
    let amount = some("amount", &checked.text("amount"))?;
    if bill.balance < amount.fen() {
        let owed = Money::from_fen(bill.balance.max(0));
        return Err(Error::invalid("amount", Said::new("还应付 {money},不能多收").with("money", owed)));
    }
    let way = checked.text("way");
    pay(tx, ask, bill, elder, &Paid { kind: "receipt", amount: -amount, way: &way, reason: "" })
}

/// Gives money back.
///
/// # Errors
/// `Invalid` for more than is to be given back: what is owed has to be corrected first.
pub fn refund(tx: &Tx<'_>, ask: &Ask, bill: &Bill, elder: &Elder, input: &Input) -> Result<String> {
    let checked = form::check(REFUND_FIELDS, input, &Options::new())?;
    let amount = some("amount", &checked.text("amount"))?;
    if -bill.balance < amount.fen() {
        let over = Money::from_fen((-bill.balance).max(0));
        let said = Said::new("可退 {money};收费有误的,请先更正").with("money", over);
        return Err(Error::invalid("amount", said));
    }
    let (way, reason) = (checked.text("way"), checked.text("reason"));
    pay(tx, ask, bill, elder, &Paid { kind: "refund", amount, way: &way, reason: &reason })
}

fn some(field: &'static str, text: &str) -> Result<Money> {
    let amount = words::typed(field, text)?;
    if amount == Money::ZERO { Err(Error::invalid(field, "金额应大于零")) } else { Ok(amount) }
}

/// Money that changes hands: negative where it comes in.
struct Paid<'a> {
    kind: &'static str,
    amount: Money,
    way: &'a str,
    reason: &'a str,
}

fn pay(tx: &Tx<'_>, ask: &Ask, bill: &Bill, elder: &Elder, paid: &Paid<'_>) -> Result<String> {
    let Paid { kind, amount, way, reason } = *paid;
    let number = bill::number(tx, &bill.institution_key(), "receipt", ask.today())?;
    let entry = Entry {
        split: Split { amount, person: amount, ..Split::default() },
        number: number.clone(),
        way: way.to_string(),
        reason: reason.to_string(),
        ..Entry::new(kind, ask.today())
    };
    add(tx, ask, bill, &entry)?;
    elders::note(tx, ask, "change", elder, &format!("{kind} {number} bill {}", bill.number))?;
    Ok(number)
}

/// Takes a charge back: an entry with every part turned round, on today's day. The service may then be paid by another.
///
/// # Errors
/// `Invalid` where the entry is no charge of this bill, `Refused` where it is corrected already.
pub fn correct(tx: &Tx<'_>, ask: &Ask, bill: &Bill, elder: &Elder, input: &Input) -> Result<Id> {
    let checked = form::check(CORRECTION_FIELDS, input, &Options::new())?;
    let all = of(tx, bill)?;
    let wrong = all.iter().find(|it| it.kind == "charge" && Some(it.id) == checked.id("entry"));
    let wrong = wrong.ok_or_else(|| Error::invalid("entry", "这张账单没有这一笔收费"))?;
    if all.iter().any(|it| it.corrects == Some(wrong.id)) {
        return Err(Error::refused("corrected_already", "这一笔收费已经更正过"));
    }
    turn_round(tx, ask, bill, elder, wrong, &checked.text("reason"))
}

/// Takes every charge of a bill back that is not corrected yet, such as of a service that was not given after all; gives its number.
pub fn take_back(tx: &Tx<'_>, ask: &Ask, key: &Key, elder: &Elder, reason: &str) -> Result<String> {
    let bill = bill::by_key(tx, key)?;
    let all = of(tx, &bill)?;
    let stands = |it: &&Entry| it.kind == "charge" && all.iter().all(|other| other.corrects != Some(it.id));
    for wrong in all.iter().filter(stands) {
        turn_round(tx, ask, &bill, elder, wrong, reason)?;
    }
    Ok(bill.number)
}

fn turn_round(tx: &Tx<'_>, ask: &Ask, bill: &Bill, elder: &Elder, wrong: &Entry, reason: &str) -> Result<Id> {
    let entry = Entry {
        kind: "correction".to_string(),
        day: ask.today().to_string(),
        quantity: -wrong.quantity,
        split: wrong.split.taken_back(),
        corrects: Some(wrong.id),
        reason: reason.to_string(),
        ..wrong.clone()
    };
    let id = add(tx, ask, bill, &entry)?;
    let day: Date = wrong.day.parse().map_err(Error::internal)?;
    if payer::release_payer(tx, ask, &elder.key, &bill.paid_event(), &wrong.code, day, reason)? {
        stands_elsewhere(tx, ask, bill, elder, wrong, day)?;
    }
    let kind = ItemKind::parse(&wrong.item_kind).unwrap_or(ItemKind::Service);
    let amount = -wrong.split.amount.fen();
    let line = book::Line { entry: id, kind, name: &wrong.name, amount, day: ask.today(), reason };
    book::of_bill(tx, ask, bill, &line)?;
    elders::note(tx, ask, "change", elder, &format!("correction bill {}: {reason}", bill.number))?;
    Ok(id)
}

/// Where another bill still charges for the service of that day, its payer is on record instead.
fn stands_elsewhere(tx: &Tx<'_>, ask: &Ask, bill: &Bill, elder: &Elder, wrong: &Entry, day: Date) -> Result<()> {
    let other = tx.row(
        "select b.id, e.payer, e.basis from tariff_bill b join tariff_entry e on e.region = b.region and e.bill = b.id
          where b.region = $1 and b.elder = $2 and b.day = $3 and b.id <> $4 and e.kind = 'charge' and e.code = $5
            and not exists (select 1 from tariff_entry c where c.region = e.region and c.bill = e.bill and c.corrects = e.id)
          order by b.id limit 1",
        &[&bill.key.region, &bill.elder, &day.to_string(), &bill.key.id, &wrong.code],
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)),
    )?;
    let Some((id, payer, basis)) = other else { return Ok(()) };
    let event = bill::by_key(tx, &Key { region: bill.key.region.clone(), id })?.paid_event();
    let claim = payer::Claim { event: &event, service: &wrong.code, payer: &payer, day, basis: &basis };
    payer::claim_payer(tx, ask, &elder.key, &claim)
}
