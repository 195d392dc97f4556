//! Settlement as long work, what a night finds, and what stands on the workbench.

use kit::{
    App, Ask, Error, Id, Result, Scope, Tx, Who,
    jobs::{self, Job, Running, Work},
    module::{Due, Urgency},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    judge::{self, Totals},
    keep, redo,
};
use crate::{
    elders::Key,
    ltci::{AUDIT, HANDLE},
};

pub const SETTLE: &str = "ltci.settle";
pub const REDO: &str = "ltci.redo";

pub const MONTH: Work = Work { kind: SETTLE, title: "长护险月结算", run: settle_job, every_minutes: None };
pub const LOOK: Work =
    Work { kind: REDO, title: "找出应重算的月份", run: redo_job, every_minutes: Some(24 * 60) };

/// What came of settling one county's month.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    pub region: String,
    pub name: String,
    pub month: String,
    /// The draft that was written; none of a dry run, or where nothing was claimed.
    pub settlement: Option<Key>,
    pub totals: Totals,
    pub digest: String,
    pub policy_digest: String,
}

/// Settles a month of a county: judged in one reading, and but for a dry run written as a draft.
///
/// # Errors
/// `Invalid` for what is no month.
pub async fn settle(ask: &Ask, region: &str, month: &str, dry_run: bool) -> Result<Outcome> {
    let (county, of) = (region.to_string(), month.to_string());
    let judged = ask.read(move |tx, ask| judge::judge(tx, &ask.app, &county, &of)).await?;
    let mut outcome = Outcome {
        region: region.to_string(),
        name: ask.app.places.tree().full_name(region),
        month: month.to_string(),
        settlement: None,
        totals: judged.totals(),
        digest: judged.digest.clone(),
        policy_digest: judged.policy_digest.clone(),
    };
    if !dry_run && !judged.persons.is_empty() {
        outcome.settlement = Some(ask.write(move |tx, ask| keep::put(tx, ask, &judged)).await?);
    }
    Ok(outcome)
}

/// Confirms a draft, if the month still comes out as it did.
///
/// # Errors
/// As [`keep::confirm`].
pub async fn confirm(ask: &Ask, key: &Key) -> Result<keep::Settlement> {
    let for_read = key.clone();
    let now = ask
        .read(move |tx, ask| {
            let it = keep::find_whole(tx, &ask.who.scope, &for_read)?;
            if it.is_draft() {
                judge::judge(tx, &ask.app, &it.key.region, &it.month).map(|it| it.digest)
            } else {
                Ok(it.digest)
            }
        })
        .await?;
    let key = key.clone();
    ask.write(move |tx, ask| keep::confirm(tx, ask, &key, &now)).await
}

/// Puts the settlement of a month into the queue; while it waits or runs there is one.
///
/// # Errors
/// `Invalid` for what is no month or has not begun, `NotFound` for counties that are not the reader's.
pub fn enqueue(tx: &Tx<'_>, ask: &Ask, place: &str, month: &str) -> Result<Id> {
    let (first, _) = judge::days(month)?;
    if ask.today() < first {
        return Err(Error::invalid("month", "这个月还没有开始"));
    }
    let tree = ask.app.places.tree();
    let counties = tree.counties(place);
    if counties.is_empty() || !ask.who.scope.covers(&tree, place) || ask.who.scope.organisation.is_some() {
        return Err(Error::invalid("place", "请选择您管理范围内的县区或市"));
    }
    let key = format!("{place} {month}");
    let new = jobs::New {
        region: place,
        kind: SETTLE,
        unique_key: Some(&key),
        title: "长护险月结算",
        body: &json!({"place": place, "month": month}),
        account: Some(ask.who.account),
    };
    jobs::enqueue(tx, &new, ask.now)
}

fn settle_job(app: App, job: Job) -> Running {
    Box::pin(async move {
        let text = |name: &str| job.body[name].as_str().unwrap_or_default().to_string();
        let (place, month) = (text("place"), text("month"));
        let tree = app.places.tree();
        let who = Who { account: job.account.unwrap_or(Id(0)), ..Who::system(Scope::of(&tree, &place)) };
        let ask = Ask::of(&app, who, app.clock.now());
        let counties = tree.counties(&place);
        let mut all = Vec::new();
        for (nth, county) in counties.iter().enumerate() {
            jobs::progress(&app, job.id, nth as i64, counties.len() as i64).await?;
            all.push(settle(&ask, county, &month, false).await?);
        }
        jobs::progress(&app, job.id, counties.len() as i64, counties.len() as i64).await?;
        Ok::<Value, Error>(serde_json::to_value(&all)?)
    })
}

fn redo_job(app: App, job: Job) -> Running {
    Box::pin(async move {
        let counties = match job.body["region"].as_str() {
            Some(one) => vec![one.to_string()],
            None => app.places.tree().counties(kit::place::NATION),
        };
        let mut found = 0;
        for (nth, county) in counties.iter().enumerate() {
            jobs::progress(&app, job.id, nth as i64, counties.len() as i64).await?;
            found += redo::look(&app, county).await?;
        }
        Ok::<Value, Error>(json!({"months": found}))
    })
}

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    let scope = &ask.who.scope;
    let mut add = |n: i64, urgency, title: &str, note: &str, link: &str, icon| {
        all.extend(Due::counted(ask, urgency, [title, note], link, icon, n));
    };
    if scope.organisation.is_some() || !scope.under.is_empty() {
        return Ok(all);
    }
    let today = ask.today().to_string();
    let counted = |sql: &str| -> Result<i64> {
        let mut n = 0;
        for county in &*scope.counties {
            n += tx.count(sql, &[county])?;
        }
        Ok(n)
    };
    if ask.may(HANDLE) {
        let mut late = 0;
        for county in &*scope.counties {
            late += tx.count(
                "select count(*) from ltci_objection where region = $1 and state = 'open' and due_day < $2",
                &[county, &today],
            )?;
        }
        let open = counted("select count(*) from ltci_objection where region = $1 and state = 'open'")?;
        add(
            late,
            Urgency::Late,
            "超过期限未答复的异议",
            "机构对结算明细的异议",
            "/ltci/objections?state=open",
            "chat-dots",
        );
        add(
            open - late,
            Urgency::Today,
            "待答复的异议",
            "机构对结算明细的异议",
            "/ltci/objections?state=open",
            "chat-dots",
        );
        let drafts = counted("select count(*) from ltci_settlement where region = $1 and state = 'draft'")?;
        add(drafts, Urgency::Soon, "待确认的结算", "核对后确认,再办理支付", "/ltci/settlements?state=draft", "receipt");
        let payments = counted("select count(*) from ltci_payment where region = $1 and state = 'due'")?;
        add(payments, Urgency::Soon, "待办理的支付", "按支付文件付款后登记", "/ltci/payments?state=due", "cash-coin");
        let redo = counted("select count(*) from ltci_redo where region = $1")?;
        add(redo, Urgency::Soon, "应重算的月份", "事实或政策有变化,补发或追回", "/ltci/redo", "arrow-repeat");
    }
    if ask.may(AUDIT) {
        let samples = counted("select count(*) from ltci_sample where region = $1 and state = 'open'")?;
        add(samples, Urgency::Today, "待抽查的明细", "抽查完成后才能确认结算", "/ltci/samples?state=open", "search");
    }
    if ask.may(HANDLE) || ask.may(AUDIT) {
        let complaints = counted("select count(*) from ltci_complaint where region = $1 and state = 'open'")?;
        add(
            complaints,
            Urgency::Today,
            "服务未发生的反映",
            "向老人和家属核实",
            "/ltci/complaints?state=open",
            "megaphone",
        );
    }
    Ok(all)
}
