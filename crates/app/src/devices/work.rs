//! What devices put on the workbench and beside an elder, and what they hear from others.

use kit::{
    App, Ask, Id, Result, Tx,
    events::Event,
    jobs::{self, Job, Running, Work},
    module::{Beside, Due, Urgency},
    place::Level,
};

use readings::Measure;
use rules::limits;
use serde_json::json;

use super::{READ, SET, VALUES, WRITE, device, list, series, thin, watch};
use crate::elders::{self, Key};

pub const JOBS: &[Work] = &[
    Work {
        kind: "devices.watch",
        title: "监测:到时间要看的人和失联的设备",
        run: |app, job| -> Running { Box::pin(watch_all(app, job)) },
        every_minutes: Some(1),
    },
    Work {
        kind: "devices.trends",
        title: "监测:数值的变化趋势",
        run: |app, job| -> Running { Box::pin(trends(app, job)) },
        every_minutes: Some(24 * 60),
    },
    thin::WORK,
];

/// Looks at everybody whose time has come, and at devices that should have been heard.
async fn watch_all(app: App, _: Job) -> Result<serde_json::Value> {
    let (mut looked, mut missed) = (0, 0);
    for county in counties(&app) {
        loop {
            let (for_tx, region) = (app.clone(), county.clone());
            let (people, devices) = app
                .db
                .write(move |tx| {
                    let ask = Ask::system(&for_tx, &region);
                    Ok((watch::look(tx, &ask, &region)?, watch::miss(tx, &ask, &region)?))
                })
                .await?;
            (looked, missed) = (looked + people, missed + devices);
            if people < watch::STEP && devices < watch::STEP {
                break;
            }
        }
    }
    Ok(json!({"looked at": looked, "silent": missed}))
}

/// All counties there are.
pub fn counties(app: &App) -> Vec<String> {
    app.places.tree().all().filter(|it| it.level == Level::County).map(|it| it.code.clone()).collect()
}

/// Days before today that a trend may look at.
const TREND_DAYS: i32 = 60;

/// Judges the days of everybody who was measured lately.
async fn trends(app: App, job: Job) -> Result<serde_json::Value> {
    let today = app.clock.today();
    let mut judged = 0;
    for county in counties(&app) {
        let mut after = Id(0);
        loop {
            let (for_tx, region) = (app.clone(), county.clone());
            let (last, n) = app
                .db
                .write(move |tx| {
                    let ask = Ask::system(&for_tx, &region);
                    let people = series::measured_after(tx, &region, after, TREND_STEP)?;
                    for id in &people {
                        let key = Key { region: region.clone(), id: *id };
                        let days = series::day_sums(tx, &key, today.add_days(-TREND_DAYS), today)?;
                        let days: Vec<(Measure, Vec<limits::Day>)> =
                            days.into_iter().map(|(measure, all)| (measure, means(&all))).collect();
                        watch::trends(tx, &ask, &region, *id, &days)?;
                    }
                    Ok((people.last().copied(), people.len() as i64))
                })
                .await?;
            judged += n;
            jobs::progress(&app, job.id, judged, judged).await?;
            match last {
                Some(id) => after = id,
                None => break,
            }
        }
    }
    Ok(json!({"people": judged}))
}

/// People judged in one transaction.
const TREND_STEP: i64 = 200;

fn means(days: &[series::DaySum]) -> Vec<limits::Day> {
    days.iter().map(|it| limits::Day { day: it.day, mean: it.mean() }).collect()
}

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if ask.may(WRITE) {
        for (word, texts) in [
            ("silent", ["设备失联", "打电话问问,或上门检查"]),
            ("weak", ["设备电量低", "提醒充电或换电池"]),
            ("never", ["设备发出后没有连上", "核对密钥和网络"]),
        ] {
            let n = list::DEVICES.count(tx, ask, &[("fault", word)])?;
            all.extend(Due::counted(ask, Urgency::Today, texts, format!("/devices?fault={word}"), "smartwatch", n));
        }
        let gone = list::DEVICES.count(tx, ask, &[("fault", "gone")])?;
        let texts = ["老人已故或迁出,设备待收回", "收回后登记入库"];
        all.extend(Due::counted(ask, Urgency::Soon, texts, "/devices?fault=gone".to_string(), "smartwatch", gone));
    }
    if ask.may(SET) {
        let n = list::MESSAGES.count(tx, ask, &[("state", "waiting")])?;
        let texts = ["未识别的设备消息", "登记设备或添加适配后重放"];
        all.extend(Due::counted(
            ask,
            Urgency::Soon,
            texts,
            "/devices/messages?state=waiting".to_string(),
            "question-octagon",
            n,
        ));
    }
    Ok(all)
}

/// The latest values at a glance, and the devices of the home.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if ask.may(VALUES) {
        let last = series::last_values(tx, ask, &key)?;
        if !last.is_empty() {
            let text =
                last.iter().take(3).map(|it| format!("{} {}", it.title, it.text)).collect::<Vec<_>>().join(" · ");
            all.push(Beside::Fact {
                title: ask.t("监测数值").to_string(),
                text,
                note: last.first().map_or(String::new(), |it| it.time.clone()),
                link: format!("/devices/people/{key}"),
            });
        }
    }
    if ask.may(READ) {
        let devices = device::of_elder(tx, &key)?;
        if let Some(first) = devices.first() {
            all.push(Beside::Fact {
                title: ask.t("家中设备").to_string(),
                text: ask.f("{n} 台", &[("n", &devices.len())]),
                note: String::new(),
                link: if devices.len() == 1 { first.link() } else { format!("/devices?elder={key}") },
            });
        }
    }
    Ok(all)
}

/// A device stands where its elder lives, and belongs to the record that is kept of them.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let key = |name: &str| news.body[name].as_str().and_then(|it| it.parse::<Key>().ok());
    match &*news.kind {
        elders::MERGED => {
            let (Some(kept), Some(lost)) = (key("kept"), key("lost")) else { return Ok(()) };
            tx.run(
                "update device set elder = $3 where region = $1 and elder = $2",
                &[&kept.region, &lost.id, &kept.id],
            )?;
            tx.run(
                "update device_hold set elder = $3 where region = $1 and elder = $2 and ended is null",
                &[&kept.region, &lost.id, &kept.id],
            )?;
            device::moves_on(tx, &kept.region)
        }
        elders::CHANGED | elders::RETURNED => {
            let Some(key) = key("elder") else { return Ok(()) };
            let elder = elders::find(tx, &Ask::system(app, &key.region).who.scope, &key)?;
            let moved = tx.run(
                "update device set street = $3, place = $4 where region = $1 and elder = $2 and place <> $4",
                &[&key.region, &key.id, &elder.street, &elder.place],
            )?;
            if 0 < moved { device::moves_on(tx, &key.region) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}
