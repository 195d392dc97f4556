//! Readings grow old: after some months least, mean and most of each hour are enough, after some years nothing is kept.

use kit::{
    App, Id, Result, Tx,
    db::Put,
    jobs::{self, Job, Running, Work},
};
use readings::{
    Reading,
    hourly::{self, Hour},
};
use rules::base::Date;
use serde_json::json;

use super::{
    line::{self, Sums},
    series,
};

pub const WORK: Work = Work {
    kind: "devices.thin",
    title: "监测数据:逐时汇总和到期清理",
    run: |app, job| -> Running { Box::pin(run(app, job)) },
    every_minutes: Some(24 * 60),
};

/// Rows of days that one transaction thins.
const STEP: i64 = 500;
/// Months ahead for which PostgreSQL has a partition ready.
const AHEAD: i32 = 2;

async fn run(app: App, job: Job) -> Result<serde_json::Value> {
    let today = app.clock.today();
    app.db.write(move |tx| partitions(tx, today)).await?;
    let (mut thinned, mut dropped) = (0, 0);
    for county in super::work::counties(&app) {
        let laid = app.policy_in(&county, today);
        let months = laid.read(|it| &it.devices.each_months).copied();
        let years = laid.read(|it| &it.devices.hours_years).copied();
        if let Ok(months) = months {
            let before = today.add_months(-i32::from(months)).to_string();
            loop {
                let (county, before) = (county.clone(), before.clone());
                let n = app.db.write(move |tx| thin(tx, &county, &before)).await?;
                thinned += n;
                jobs::progress(&app, job.id, thinned, thinned + n).await?;
                if n < STEP {
                    break;
                }
            }
        }
        if let Ok(years) = years {
            let before = today.add_months(-12 * i32::from(years)).to_string();
            dropped += app.db.write(move |tx| drop_old(tx, &county, &before)).await?;
        }
    }
    Ok(json!({"thinned": thinned, "dropped": dropped}))
}

/// Turns the days of a county before one into hours; gives how many rows it took on.
pub fn thin(tx: &Tx<'_>, region: &str, before: &str) -> Result<i64> {
    let rows: Vec<(Id, String, Vec<u8>)> = tx.rows(
        &format!(
            "select series, day, data from reading_day where region = $1 and day < $2 and grain = '{}' order by day, series limit {STEP}",
            series::EACH
        ),
        &[&region, &before],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    for (id, day, data) in &rows {
        put(tx, region, *id, day, hourly::hours(series::readings(data)?))?;
    }
    Ok(rows.len() as i64)
}

/// Adds readings to a day that was thinned already. Months after its day, one sent twice can no longer be told from two.
pub fn add(to: &impl Put, region: &str, series: Id, day: &str, data: &[u8], new: Vec<Reading>) -> Result<()> {
    let mut all = std::collections::BTreeMap::new();
    for it in series::hours(data)?.into_iter().chain(hourly::hours(new)) {
        all.entry(it.hour).and_modify(|hour: &mut Hour| *hour = hour.joined(it)).or_insert(it);
    }
    put(to, region, series, day, all.into_values().collect())
}

/// Writes a day hour by hour.
pub fn put(to: &impl Put, region: &str, series: Id, day: &str, hours: Vec<Hour>) -> Result<()> {
    let counting: Vec<&Hour> = hours.iter().filter(|it| 0 < it.number).collect();
    let sums = Sums {
        count: counting.iter().map(|it| i64::from(it.number)).sum(),
        least: counting.iter().map(|it| it.least).min().unwrap_or(0),
        most: counting.iter().map(|it| it.most).max().unwrap_or(0),
        total: counting.iter().map(|it| it.sum).sum(),
    };
    line::put_row(to, region, series, day, series::HOURS, &sums, &hourly::packed(&hours))
}

fn drop_old(tx: &Tx<'_>, region: &str, before: &str) -> Result<i64> {
    tx.run("delete from reading_day where region = $1 and day < $2", &[&region, &before]).map(|it| it as i64)
}

/// On PostgreSQL a month is a partition, made before its first day comes.
fn partitions(tx: &Tx<'_>, today: Date) -> Result<()> {
    if tx.kind() != kit::db::Kind::Postgres {
        return Ok(());
    }
    // Readings of months to come are not there yet; those of the month in which a database begins stay in the rest.
    for ahead in 1..=AHEAD {
        let first = today.first_of_month().add_months(ahead);
        let (from, until) = (first.to_string(), first.add_months(1).to_string());
        let name = from[..7].replace('-', "_");
        tx.batch(&format!(
            "create table if not exists reading_day_{name} partition of reading_day for values from ('{from}') to ('{until}')"
        ))?;
    }
    Ok(())
}
