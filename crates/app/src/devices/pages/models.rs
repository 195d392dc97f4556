//! Models: how many there are, how many are silent or weak, and how often they cry for nothing.

use kit::{
    Ask, Id, Result, Tx,
    db::Bind,
    page::{Head, Page, crumbs, empty, plain_table},
};
use maud::{Markup, html};
use std::collections::BTreeMap;

use crate::{
    devices::{device, list, words},
    monitoring,
};

/// Days of alarms that are looked at.
const ALARM_DAYS: i32 = 90;

struct Row {
    model: (String, Id),
    kind: String,
    title: String,
    devices: i64,
    out: i64,
    silent: i64,
    weak: i64,
    alarms: i64,
    false_alarms: i64,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let rows = ask.read(rows).await?;
    let cells: Vec<Vec<Markup>> = rows
        .iter()
        .map(|it| {
            let share = |part: i64, whole: i64| {
                if whole == 0 { "—".to_string() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
            };
            vec![
                html! { a href=(format!("/devices?model={}", kit::form::encoded(&it.title))) { (it.title) } },
                html! { (ask.t(words::title(words::KINDS, &it.kind))) },
                html! { (it.devices) },
                html! { (it.out) },
                html! { (it.silent) },
                html! { (it.weak) },
                html! { (it.alarms) },
                html! { (share(it.false_alarms, it.alarms)) },
            ]
        })
        .collect();
    let heads = ["型号", "种类", "台数", "使用中", "失联", "电量低", "近 90 天报警", "误报率"].map(|it| ask.t(it));
    let content = html! {
        @if cells.is_empty() { (empty(ask.t("还没有设备"), ask.t("登记一台,或从表格批量导入。"), html! {})) }
        @else {
            (plain_table(&heads, &cells))
            p.help { (ask.t("误报率:近 90 天已结案的报警里,认定为误报的占几成;同一次报警的重复呼叫算一次。")) }
        }
    };
    let title = ask.t("设备型号");
    let way = crumbs(&ask, &[("/devices", ask.t("设备台账")), ("", title)]);
    Ok(ask.page(Head::new(title).crumbs(way), content))
}

fn rows(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Row>> {
    let Some((silent, weak)) = list::limits(ask) else { return Ok(Vec::new()) };
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let condition = ask.who.scope.sql(&list::SCOPE, &mut values);
    values.push(Box::new(silent));
    values.push(Box::new(weak));
    let n = values.len();
    let bound: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = format!(
        "select m.kind, m.maker || ' ' || m.name, count(*),
                sum(case when d.state = 'out' then 1 else 0 end),
                sum(case when d.state = 'out' and d.seen < ${} then 1 else 0 end),
                sum(case when d.state = 'out' and d.battery < ${n} then 1 else 0 end), m.region, m.id
           from device d join device_model m on m.region = d.region and m.id = d.model
          where {condition} and d.state <> 'retired' group by m.region, m.id, m.kind, m.maker, m.name order by count(*) desc limit 200",
        n - 1
    );
    let mut rows: Vec<Row> = tx.rows(&sql, &bound, |row| {
        Ok(Row {
            model: (row.get(6)?, row.get(7)?),
            kind: row.get(0)?,
            title: row.get(1)?,
            devices: row.get(2)?,
            out: row.get(3)?,
            silent: row.get(4)?,
            weak: row.get(5)?,
            alarms: 0,
            false_alarms: 0,
        })
    })?;
    let closed = monitoring::closed_by_device(tx, ask, ask.today().add_days(-ALARM_DAYS))?;
    let mut of_region: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for (region, device) in closed.keys() {
        of_region.entry(region).or_default().push(*device);
    }
    for (region, devices) in of_region {
        for (device, model) in device::models(tx, region, &devices)? {
            let found = rows.iter_mut().find(|it| it.model.0 == region && it.model.1 == model);
            if let (Some(row), Some((n, untrue))) = (found, closed.get(&(region.to_string(), device))) {
                row.alarms += n;
                row.false_alarms += untrue;
            }
        }
    }
    Ok(rows)
}
