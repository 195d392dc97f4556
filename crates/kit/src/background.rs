//! What a server does besides answering: events, jobs, messages and the work of every minute, each in a task of its own,
//! so that a long import holds up neither news nor messages.

use std::time::Duration;

use tokio::{task::JoinSet, time::sleep};

use crate::{App, Tx, events, idempotency, jobs, module::Round, notify, who::session};

/// Jobs that run at the same time on one server.
const JOBS: usize = 2;
const IDLE: Duration = Duration::from_millis(300);
/// After a failure, so that a broken listener does not fill the log.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Starts the work; it ends when what this gives is dropped. What a job had not finished is taken up again by lease.
pub fn start(app: &App) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks
        .spawn(again_and_again(app.clone(), IDLE, |app| Box::pin(async move { Ok(0 < events::deliver(&app).await?) })));
    for _ in 0..JOBS {
        tasks.spawn(again_and_again(app.clone(), IDLE, |app| Box::pin(async move { jobs::run_next(&app).await })));
    }
    tasks.spawn(again_and_again(app.clone(), IDLE, |app| {
        Box::pin(async move { Ok(0 < notify::send_waiting(&app).await?) })
    }));
    for beat in app.modules.iter().flat_map(|it| it.beats) {
        tasks.spawn(again_and_again(app.clone(), Duration::from_millis(beat.pause_ms), beat.round));
    }
    tasks.spawn(every_minute(app.clone()));
    for always in app.modules.iter().filter_map(|it| it.always) {
        tasks.spawn(always(app.clone()));
    }
    tasks
}

async fn again_and_again(app: App, idle: Duration, round: Round) {
    loop {
        match round(app.clone()).await {
            Ok(true) => {}
            Ok(false) => sleep(idle).await,
            Err(e) => {
                tracing::error!("{e}");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
}

async fn every_minute(app: App) {
    loop {
        if let Err(e) = jobs::enqueue_repeated(&app).await {
            tracing::error!("{e}");
        }
        let (limits, now) = (app.config.limits(), app.clock.now());
        let swept = move |tx: &Tx<'_>| session::sweep(tx, limits, now).and_then(|_| idempotency::sweep(tx, now));
        if let Err(e) = app.db.write(swept).await {
            tracing::error!("{e}");
        }
        sleep(Duration::from_secs(60)).await;
    }
}
