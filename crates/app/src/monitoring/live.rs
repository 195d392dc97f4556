//! News of open cases: one watcher a server reads what changed, once, and everybody who listens here gets it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use kit::{App, Result};
use tokio::sync::{Mutex as AsyncMutex, watch};

use super::board::{self, County};

/// What is open in the counties that somebody listens to.
pub type Counties = BTreeMap<String, Arc<County>>;

/// Who listens, and what they were told last.
#[derive(Default)]
pub struct Hub {
    listeners: Mutex<BTreeMap<String, usize>>,
    board: watch::Sender<Arc<Counties>>,
    /// One reads at a time, so that nobody is told something older than what was told before.
    reading: AsyncMutex<()>,
}

/// Somebody who listens to some counties, until dropped.
pub struct Listener {
    hub: Arc<Hub>,
    counties: Arc<[String]>,
    board: watch::Receiver<Arc<Counties>>,
}

impl Hub {
    fn of(app: &App) -> Arc<Hub> {
        app.held::<Hub>()
    }

    fn count(&self, counties: &[String], by: isize) {
        let mut all = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        for it in counties {
            let n = all.entry(it.clone()).or_default();
            *n = n.saturating_add_signed(by);
        }
        all.retain(|_, n| 0 < *n);
    }

    /// How many listen to a county.
    fn watched(&self) -> Vec<String> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

/// Begins to listen to some counties; what is open in them is known when this returns.
pub async fn listen(app: &App, counties: Arc<[String]>) -> Result<Listener> {
    let hub = Hub::of(app);
    let board = hub.board.subscribe();
    hub.count(&counties, 1);
    let listener = Listener { hub, counties, board };
    look(app).await?;
    Ok(listener)
}

impl Listener {
    /// What is open now.
    pub fn counties(&mut self) -> Vec<Arc<County>> {
        let all = self.board.borrow_and_update();
        self.counties.iter().filter_map(|it| all.get(it).cloned()).collect()
    }

    /// Waits until something changed anywhere; gives whether more can come.
    pub async fn changed(&mut self) -> bool {
        self.board.changed().await.is_ok()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.count(&self.counties, -1);
    }
}

/// Reads what changed in the counties that somebody listens to, and tells it. Gives whether anything did.
///
/// # Errors
/// Those of the database.
pub async fn look(app: &App) -> Result<bool> {
    let hub = Hub::of(app);
    let _alone = hub.reading.lock().await;
    let watched = hub.watched();
    let before = hub.board.borrow().clone();
    if watched.is_empty() {
        if !before.is_empty() {
            hub.board.send_replace(Arc::default());
        }
        return Ok(false);
    }
    let known = before.clone();
    let (now, changed) = app
        .db
        .read(move |tx| {
            let (mut now, mut changed) = (Counties::new(), known.len() != watched.len());
            for region in watched {
                let county = match known.get(&region) {
                    Some(it) if it.marks == board::marks(tx, &region)? => it.clone(),
                    _ => {
                        changed = true;
                        Arc::new(board::county(tx, &region)?)
                    }
                };
                now.insert(region, county);
            }
            Ok((now, changed))
        })
        .await?;
    if changed {
        hub.board.send_replace(Arc::new(now));
    }
    Ok(changed)
}
