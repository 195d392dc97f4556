//! What programmes that come after this one promise an elder: they tell, this module asks nobody.

use kit::{Result, Tx, db::Row};
use rules::{
    base::Date,
    care_plan::{Payer, Profession},
    rounds::Period,
};

use super::words;
use crate::elders::{Key, Records};

/// One service that is promised.
#[derive(Debug, Clone, PartialEq)]
pub struct Promised {
    /// The programme's own code.
    pub service: String,
    pub title: String,
    pub title_en: String,
    pub times: i64,
    pub every: Period,
    pub by: Vec<Profession>,
    pub payer: Payer,
    pub minutes: i64,
    pub from: Date,
    /// The last day of the next one, where it is counted from the one before: nothing is owed of a slot that ends sooner.
    pub next_by: Option<Date>,
    /// Where it is planned.
    pub link: String,
    /// Who told; [`promise`] writes its own.
    pub source: String,
}

/// What a programme promises an elder from now on, in place of all it promised before; nothing where it has ended.
pub fn promise(tx: &Tx<'_>, elder: &Key, source: &str, services: &[Promised]) -> Result<()> {
    tx.run(
        "delete from care_plan_outside where region = $1 and elder = $2 and source = $3",
        &[&elder.region, &elder.id, &source],
    )?;
    for it in services {
        tx.run(
            "insert into care_plan_outside (region, elder, source, service, title, title_en, times, every, professions, payer,
                                            minutes, from_day, next_by, link)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             on conflict (region, elder, source, service) do nothing",
            &[
                &elder.region,
                &elder.id,
                &source,
                &it.service,
                &it.title,
                &it.title_en,
                &it.times,
                &words::every_word(it.every),
                &words::professions_word(&it.by),
                &it.payer.word(),
                &it.minutes,
                &it.from.to_string(),
                &it.next_by.map(|it| it.to_string()),
                &it.link,
            ],
        )?;
    }
    Ok(())
}

/// What is promised to an elder and to the records merged into theirs.
pub fn of(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Promised>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select source, service, title, title_en, times, every, professions, payer, minutes, from_day, next_by, link from care_plan_outside
          where region = $1 and elder in ({}) order by source, service limit 200",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

fn read(row: &Row<'_>) -> Result<Promised> {
    Ok(Promised {
        source: row.get(0)?,
        service: row.get(1)?,
        title: row.get(2)?,
        title_en: row.get(3)?,
        times: row.get(4)?,
        every: words::every(&row.get::<String>(5)?),
        by: words::professions(&row.get::<String>(6)?),
        payer: Payer::parse(&row.get::<String>(7)?).unwrap_or(Payer::Own),
        minutes: row.get(8)?,
        from: row.get(9)?,
        next_by: row.get(10)?,
        link: row.get(11)?,
    })
}
