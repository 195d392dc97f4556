//! Batches of vaccine: number, maker and expiry; recalled with a reason, and then never given again.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::base::Date;

use super::schedule;

/// One batch of a county.
#[derive(Debug, Clone)]
pub struct Batch {
    pub region: String,
    pub id: Id,
    /// Where it is stored.
    pub place: String,
    pub vaccine: String,
    pub number: String,
    pub maker: String,
    pub expires: Date,
    pub received: i64,
    pub who: String,
    pub recalled: Option<Date>,
    pub recall_reason: String,
}

pub const FIELDS: &[Field] = &[
    field("vaccine", "疫苗", Kind::Pick).required(),
    field("batch", "批号", Kind::Text(30)).required(),
    field("maker", "生产企业", Kind::Text(60)).required(),
    field("expires", "有效期至", Kind::Date).required(),
    field("received", "入库剂数", Kind::Int { min: 1, max: 1_000_000 }).required(),
];

pub const RECALL_FIELDS: &[Field] = &[field("reason", "召回原因", Kind::Text(200)).required()];

const COLUMNS: &str = "region, id, vaccine, batch, maker, expires, received, who, recalled, recall_reason, place";

fn read(row: &kit::db::Row<'_>) -> Result<Batch> {
    Ok(Batch {
        region: row.get(0)?,
        id: row.get(1)?,
        vaccine: row.get(2)?,
        number: row.get(3)?,
        maker: row.get(4)?,
        expires: row.get(5)?,
        received: row.get(6)?,
        who: row.get(7)?,
        recalled: row.get(8)?,
        recall_reason: row.get(9)?,
        place: row.get(10)?,
    })
}

/// One batch that is stored where the reader works, below or above.
pub fn find(tx: &Tx<'_>, ask: &Ask, region: &str, id: Id) -> Result<Batch> {
    let it = tx.one(
        &format!("select {COLUMNS} from vaccination_batch where region = $1 and id = $2"),
        &[&region, &id],
        read,
    )?;
    if is_near(ask, &it.place) { Ok(it) } else { Err(Error::NotFound) }
}

fn is_near(ask: &Ask, place: &str) -> bool {
    let tree = ask.app.places.tree();
    ask.who.scope.covers(&tree, place) || tree.chain(&ask.who.scope.place).iter().any(|it| it.code == place)
}

/// The county and the place that batches of whoever asks are stored in.
///
/// # Errors
/// `Refused` for who works above the counties.
pub fn store(ask: &Ask) -> Result<(String, String)> {
    let place = ask.who.scope.place.clone();
    let county = ask.app.places.tree().county_of(&place).map(|it| it.code.clone());
    county.map(|it| (it, place)).ok_or_else(|| Error::refused("above_counties", "请由县区或乡镇的账号登记批次"))
}

/// The batches of a vaccine that can be given: not recalled; those that expire first come first, expired ones last.
pub fn usable(tx: &Tx<'_>, ask: &Ask, region: &str, vaccine: &str) -> Result<Vec<Batch>> {
    let mut all = tx.rows(
        &format!(
            "select {COLUMNS} from vaccination_batch where region = $1 and vaccine = $2 and recalled is null
              order by expires, id limit 100"
        ),
        &[&region, &vaccine],
        read,
    )?;
    all.retain(|it| is_near(ask, &it.place));
    all.sort_by_key(|it| (it.expires < ask.today(), it.expires));
    Ok(all)
}

/// Takes a batch in.
///
/// # Errors
/// `Refused` where it is in already; `Invalid` for one that has expired.
pub fn add(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(String, Id)> {
    let (region, place) = store(ask)?;
    let checked = form::check(FIELDS, input, &options(ask, &region))?;
    let vaccine = schedule::needed(ask, &region, &checked.text("vaccine"), ask.today())?;
    let expires = checked.date("expires").unwrap_or(ask.today());
    if expires < ask.today() {
        return Err(Error::invalid("expires", Said::new("这批疫苗已于 {value} 过期").with("value", expires)));
    }
    let (number, maker) = (checked.text("batch"), checked.text("maker"));
    let known = tx.count(
        "select count(*) from vaccination_batch
          where region = $1 and vaccine = $2 and batch = $3 and maker = $4 and place = $5",
        &[&region, &vaccine.id, &number, &maker, &place],
    )?;
    if 0 < known {
        return Err(Error::refused("batch_known", "这一批次已经登记"));
    }
    let id = ask.new_id();
    tx.run(
        "insert into vaccination_batch (region, id, vaccine, batch, maker, expires, received, account, who, created,
                                        recall_reason, place)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11)",
        &[
            &region,
            &id,
            &vaccine.id,
            &number,
            &maker,
            &expires.to_string(),
            &checked.int("received").unwrap_or(1),
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
            &place,
        ],
    )?;
    note(tx, ask, &region, id, "add")?;
    Ok((region, id))
}

/// What can be chosen in the form of a batch.
pub fn options(ask: &Ask, region: &str) -> Options {
    let all = schedule::offered(ask, region).iter();
    Options::from([("vaccine", all.map(|it| (it.id.clone(), schedule::name(ask, region, &it.id))).collect())])
}

/// Recalls a batch wherever it is stored in the county: from now on nobody gets it, and its list is who got it.
pub fn recall(tx: &Tx<'_>, ask: &Ask, region: &str, id: Id, input: &Input) -> Result<()> {
    let reason = form::check(RECALL_FIELDS, input, &Options::new())?.text("reason");
    let it = find(tx, ask, region, id)?;
    if it.recalled.is_some() {
        return Err(Error::refused("recalled_already", "这一批次已经召回"));
    }
    tx.run(
        "update vaccination_batch set recalled = $5, recall_reason = $6
          where region = $1 and vaccine = $2 and batch = $3 and maker = $4 and recalled is null",
        &[&region, &it.vaccine, &it.number, &it.maker, &ask.today().to_string(), &reason],
    )?;
    note(tx, ask, region, id, "recall")
}

/// Notes in the audit trail what was done with a batch, or that its list of persons was looked at.
pub fn note(tx: &Tx<'_>, ask: &Ask, region: &str, id: Id, detail: &str) -> Result<()> {
    let action = if detail == "look" { "look" } else { "change" };
    let entry =
        kit::audit::Entry { action, subject: "vaccination_batch", subject_id: Some(id), region, place: region, detail };
    ask.note(tx, &entry)
}
