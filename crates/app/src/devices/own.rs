//! Limits that a doctor sets for one person, before those of policy.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    db::{Among, Row},
    form::{self as kit_form, Field, Input, Kind, Options, field},
};
use readings::Measure;
use rules::{
    base::Tenths,
    limits::{Item, Own},
};

use super::{device, series};
use crate::elders::{self, Elder, Key, Records};

/// Measures that can have limits of a person's own: (word, title).
pub const MEASURES: &[(&str, &str)] = &[
    ("systolic", "收缩压"),
    ("diastolic", "舒张压"),
    ("heart_rate", "心率"),
    ("spo2", "血氧饱和度"),
    ("respiration", "呼吸"),
    ("temperature", "体温"),
    ("glucose", "血糖"),
    ("weight", "体重"),
];

pub const FIELDS: &[Field] = &[
    field("measure", "项目", Kind::Choice(MEASURES)).required(),
    field("urgent_low", "紧急下限", Kind::Text(8)),
    field("low", "下限", Kind::Text(8)),
    field("high", "上限", Kind::Text(8)),
    field("urgent_high", "紧急上限", Kind::Text(8)),
    field("reason", "原因", Kind::Text(100)).required().help("四个限值都不填,恢复政策的限值。"),
];

const COLUMNS: &str = "measure, urgent_low, low, high, urgent_high, who, day";

fn read(row: &Row<'_>) -> Result<Own> {
    let limit = |at: usize| -> Result<Option<Tenths>> {
        row.get::<Option<String>>(at)?.map(|it| it.parse().map_err(Error::internal)).transpose()
    };
    Ok(Own {
        item: Item(series::measure(&row.get::<String>(0)?)?),
        urgent_low: limit(1)?,
        low: limit(2)?,
        high: limit(3)?,
        urgent_high: limit(4)?,
        by: row.get(5)?,
        day: row.get(6)?,
    })
}

/// The limits of a person.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Own>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from reading_limit where region = $1 and elder in ({}) order by measure, day",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), read)
}

/// The limits of some people, by person.
pub fn of_people(tx: &Tx<'_>, region: &str, people: &Among) -> Result<Vec<(Id, Own)>> {
    let sql = format!(
        "select {COLUMNS}, elder from reading_limit where region = $1 and elder in ({}) order by elder, measure",
        people.after(1)
    );
    tx.rows(&sql, &people.bind(&[&region]), |row| Ok((row.get(7)?, read(row)?)))
}

/// Sets the limits of one measure, or takes them back where all are empty.
///
/// # Errors
/// `Invalid` for what is no number, or limits that do not lie in their order.
pub fn set(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(FIELDS, input, &Options::new())?;
    let word = checked.text("measure");
    let measure = Measure::parse(&word).ok_or_else(|| Error::invalid("measure", "请选择项目"))?;
    let mut limits = [None; 4];
    for (at, name) in ["urgent_low", "low", "high", "urgent_high"].into_iter().enumerate() {
        let text = checked.text(name);
        if !text.is_empty() {
            let limit: Tenths = text.parse().map_err(|_| Error::invalid(name, "限值请写数字,最多一位小数"))?;
            let (least, most) = measure.plausible();
            if !(least..=most).contains(&Item(measure).kept(limit)) {
                let said = Said::new("“{value}”不是可能的数值").with("value", text);
                return Err(Error::invalid(name, said));
            }
            limits[at] = Some(limit);
        }
    }
    let there: Vec<Tenths> = limits.iter().flatten().copied().collect();
    if there.windows(2).any(|it| it[1] <= it[0]) {
        return Err(Error::invalid("low", "限值应依次变大:紧急下限、下限、上限、紧急上限"));
    }
    let region = &elder.key.region;
    if there.is_empty() {
        tx.run(
            "delete from reading_limit where region = $1 and elder = $2 and measure = $3",
            &[region, &elder.key.id, &word],
        )?;
    } else {
        let text = |at: usize| limits[at].map(|it| it.to_string());
        tx.run(
            "insert into reading_limit (region, elder, measure, urgent_low, low, high, urgent_high, day, account, who, reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (region, elder, measure) do update set urgent_low = excluded.urgent_low, low = excluded.low,
                    high = excluded.high, urgent_high = excluded.urgent_high, day = excluded.day, account = excluded.account,
                    who = excluded.who, reason = excluded.reason",
            &[
                region,
                &elder.key.id,
                &word,
                &text(0),
                &text(1),
                &text(2),
                &text(3),
                &ask.today().to_string(),
                &ask.who.account,
                &ask.who.name,
                &checked.text("reason"),
            ],
        )?;
    }
    let detail = serde_json::json!({"limits": word, "set": there.iter().map(ToString::to_string).collect::<Vec<_>>(),
                                    "reason": checked.text("reason")});
    elders::note(tx, ask, "change", elder, &detail.to_string())?;
    // Whoever watches remembers limits with the registry.
    device::moves_on(tx, region)
}
