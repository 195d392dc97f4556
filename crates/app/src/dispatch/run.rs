//! The solver at work on a plan: begun as a job, watched and stopped from any page, its result one more change of the draft.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use dispatch::{Limits, Plan};
use kit::{
    App, Ask, Error, Id, Result, Tx,
    jobs::{self, Job, New, Running, Work},
};
use serde_json::{Value, json};

use super::{
    draft::Draft,
    figures, gather, invalid,
    kept::{self, Kept, Progress},
    problem::{self, Built},
};
use crate::elders::Key;

pub const WORK: &[Work] = &[Work { kind: "dispatch.solve", title: "派单求解", run, every_minutes: None }];

/// Seconds for which somebody may let it work.
pub const SECONDS: [i64; 4] = [5, 20, 60, 180];
/// How often the page hears of it.
const TELL: Duration = Duration::from_millis(400);

/// Lets the solver work on a plan.
///
/// # Errors
/// `Refused` where there is nobody to send or nothing to visit.
pub fn begin(tx: &Tx<'_>, ask: &Ask, it: &Kept, seconds: i64) -> Result<Id> {
    let facts = gather::facts(tx, ask, &it.asked)?;
    let built = problem::build(ask, &facts, &it.what_if, &it.draft)?;
    if built.tours.is_empty() || built.problem.visits.is_empty() {
        return Err(Error::refused("nothing_to_solve", "没有人可以派,或没有要上门的,不用求解"));
    }
    let body = json!({"plan": it.key, "seconds": seconds, "seed": it.steps + 1, "who": ask.who.name});
    let key = it.key.to_string();
    let new = New {
        region: &it.key.region,
        kind: WORK[0].kind,
        unique_key: Some(&key),
        title: &it.name,
        body: &body,
        account: Some(ask.who.account),
    };
    let job = jobs::enqueue(tx, &new, ask.now)?;
    kept::ask_to_stop(tx, &it.key, false)?;
    let progress = Progress { state: "waiting".into(), of_seconds: seconds, ..Progress::default() };
    kept::tell(tx, &it.key, Some(job), &progress)?;
    it.note(tx, ask, "change", "solve")?;
    Ok(job)
}

fn run(app: App, job: Job) -> Running {
    Box::pin(async move {
        let text = |name: &str| job.body[name].as_str().unwrap_or_default().to_string();
        let key: Key = text("plan").parse()?;
        let done = work(&app, &key, &job, text("who")).await;
        if let Err(e) = &done {
            // Whoever waits for it is told; the job itself says the rest.
            let (told, why) = (key.clone(), e.to_string());
            let progress = Progress { state: "failed".into(), why, ..Progress::default() };
            app.db.write(move |tx| kept::tell(tx, &told, None, &progress)).await?;
        }
        done
    })
}

/// What the solver tells while it works.
#[derive(Default)]
struct Shared {
    rounds: u64,
    first: Option<i64>,
    best: Option<i64>,
}

async fn work(app: &App, key: &Key, job: &Job, who: String) -> Result<Value> {
    let seconds = job.body["seconds"].as_i64().unwrap_or(SECONDS[0]).clamp(1, 600);
    let seed = job.body["seed"].as_u64().unwrap_or(1);
    let system = Ask::system(app, &key.region);
    let (read_key, reading) = (key.clone(), system.clone());
    let (it, facts, built) = app
        .db
        .read(move |tx| {
            let it = kept::by_key(tx, &read_key)?;
            let facts = gather::facts(tx, &reading, &it.asked)?;
            let built = problem::build(&reading, &facts, &it.what_if, &it.draft)?;
            Ok((it, facts, built))
        })
        .await?;
    let stop = Arc::new(AtomicBool::new(it.stop));
    let shared = Arc::new(Mutex::new(Shared::default()));
    let began = Instant::now();
    let mut solving = {
        let (it, stop, shared) = (it.clone(), stop.clone(), shared.clone());
        tokio::task::spawn_blocking(move || {
            let limits = Limits { seed, iterations: u64::MAX, ..Limits::default() };
            let plan = solve(&it, &built, limits, &mut |rounds, best| {
                let mut told = shared.lock().unwrap_or_else(PoisonError::into_inner);
                *told = Shared { rounds, first: told.first.or(Some(best)), best: Some(best) };
                match stop.load(Ordering::Relaxed) {
                    true => 1.0,
                    false => began.elapsed().as_secs_f64() / seconds as f64,
                }
            });
            plan.map(|plan| (plan, built))
        })
    };
    let (plan, built) = loop {
        match tokio::time::timeout(TELL, &mut solving).await {
            Ok(ended) => break ended.map_err(Error::internal)??,
            Err(_) => {
                let progress = told(&shared, "running", began, seconds);
                let key = key.clone();
                let is_stopped = app
                    .db
                    .write(move |tx| {
                        kept::tell(tx, &key, None, &progress)?;
                        Ok(kept::by_key(tx, &key)?.stop)
                    })
                    .await?;
                stop.store(is_stopped, Ordering::Relaxed);
            }
        }
    };
    let state = if stop.load(Ordering::Relaxed) { "stopped" } else { "done" };
    let mut progress = told(&shared, state, began, seconds);
    progress.left = plan.left.len() as i64;
    let result = serde_json::to_value(&progress)?;
    let key = key.clone();
    app.db
        .write(move |tx| {
            kept::hold(tx, &key)?;
            let it = kept::by_key(tx, &key)?;
            let draft = Draft::of(&plan, &facts, &built, &it.draft);
            let figures = figures::of(&plan, &facts, &built);
            let said = format!("solve {}", progress.seconds.max(1));
            kept::change(
                tx,
                system.now,
                &it,
                &kept::Change { draft: &draft, figures: &figures, said: &said, who: &who },
            )?;
            kept::tell(tx, &key, None, &progress)
        })
        .await?;
    Ok(result)
}

fn told(shared: &Mutex<Shared>, state: &str, began: Instant, seconds: i64) -> Progress {
    let told = shared.lock().unwrap_or_else(PoisonError::into_inner);
    Progress {
        state: state.to_string(),
        seconds: began.elapsed().as_secs() as i64,
        of_seconds: seconds,
        rounds: told.rounds,
        first: told.first.map(|it| it / 60),
        best: told.best.map(|it| it / 60),
        ..Progress::default()
    }
}

/// Searches from the draft on; `share` hears of rounds and the best cost so far, and says how much of the time is used.
pub fn solve(it: &Kept, built: &Built, limits: Limits, share: &mut dyn FnMut(u64, i64) -> f64) -> Result<Plan> {
    let (from, _) = it.draft.whole(built).arrange(built);
    let from = Some(&from).filter(|it| !it.routes.is_empty());
    dispatch::solve(&built.problem, from, &limits, &mut |told| share(told.iteration, told.best)).map_err(invalid)
}
