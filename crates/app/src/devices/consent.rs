//! What of an elder's values their family may see: as the elder said, or whoever acts for them.

use kit::{
    Ask, Error, Result, Tx,
    clock::stamp,
    form::{Field, Kind, field},
    who::Role,
};

use crate::elders::{self, Elder, Key, Records};

/// What families may see: (word, title).
pub const SHARES: &[(&str, &str)] =
    &[("none", "家人不能查看"), ("week", "家人看每周小结"), ("values", "家人看全部数值")];

pub const FIELDS: &[Field] = &[
    field("shares", "家人可以看到", Kind::Choice(SHARES)).required(),
    field("said_by", "谁同意的", Kind::Text(40)).required().help("本人,或代为同意的监护人姓名。"),
];

#[derive(Debug, Clone)]
pub struct Consent {
    pub shares: String,
    pub said_by: String,
    pub who: String,
    pub since: String,
}

/// What was said last; nothing where nobody was asked.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Option<Consent>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select shares, said_by, who, since from reading_consent where region = $1 and elder in ({}) order by since desc limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&key.region]), |row| {
        Ok(Consent { shares: row.get(0)?, said_by: row.get(1)?, who: row.get(2)?, since: row.get(3)? })
    })
}

pub fn set(tx: &Tx<'_>, ask: &Ask, elder: &Elder, shares: &str, said_by: &str) -> Result<()> {
    tx.run(
        "insert into reading_consent (region, elder, shares, said_by, who, since) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, elder) do update set shares = excluded.shares, said_by = excluded.said_by, who = excluded.who,
                since = excluded.since",
        &[&elder.key.region, &elder.key.id, &shares, &said_by, &ask.who.name, &stamp(ask.now)],
    )?;
    let detail = serde_json::json!({"values shared": shares, "said by": said_by}).to_string();
    elders::note(tx, ask, "change", elder, &detail)
}

/// Whether whoever asks may see every value, or the week in words only.
///
/// # Errors
/// `Refused` for family to whom the elder said nothing of the kind.
pub fn sees_values(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<bool> {
    if ask.who.role != Role::Family {
        return Ok(true);
    }
    match of(tx, key)?.map(|it| it.shares).as_deref() {
        Some("values") => Ok(true),
        Some("week") => Ok(false),
        _ => Err(Error::refused("not_shared", "老人还没有同意家人查看监测数值,请联系社区卫生服务中心登记")),
    }
}
