//! Where messages come in: devices that connect here, and brokers of others. Both are acknowledged when they are kept.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use jiff::Timestamp;
use kit::{App, Result, Tx, clock::stamp, config::Broker, module::Always};
use mqtt::{Ear, Health, House, Inbox, Limits, Login, Message, Refusal, Slot};
use tokio::{net::TcpListener, task::JoinSet, time::sleep};

use super::{
    device,
    keep::{self, Arrived},
    secret,
};
use crate::elders::Key;

/// Topics of our own begin so, and go on with the number of the device.
const OURS: &str = "yiyang/";
/// The greatest message taken from a broker, which has limits of its own.
const BROKER_BYTES: usize = 4 * 1024 * 1024;
/// Messages that are kept together, at most.
const BATCH: usize = 4_096;
/// Messages that wait for the batch before; then nothing more is read from the network.
const WAITING: usize = 16_384;
/// What stands beside a way that turned devices away since it was last looked at.
const TOO_MANY: &str = "连接太多,有设备被拒绝,见配置 connections 和 connections_per_address / too many connections, devices were turned away; see connections and connections_per_address";
/// After what went wrong with the port or the database.
const PAUSE: Duration = Duration::from_secs(2);
/// How often it is written down how the ways are.
const EVERY: Duration = Duration::from_secs(15);

/// Who speaks.
#[derive(Debug, Clone)]
pub enum Caller {
    /// A device with its own credentials.
    Device { key: Key, serial: String },
    /// Somebody who speaks for the devices of some counties: a broker, a program.
    For(Arc<[String]>),
}

/// What was taken since the start, to show that it goes on.
#[derive(Default)]
struct Taken(AtomicU64);

/// The ear of this process, to hang up on a device.
#[derive(Default)]
struct Listening(Mutex<Option<Arc<Ear<Gate>>>>);

/// Ends the connections of a device of this process: its secret is another now, or it is in no home any more. Elsewhere it is
/// refused when it comes again.
pub fn hang_up(app: &App, key: &Key) {
    let ear = app.held::<Listening>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for it in ear.iter().flat_map(|ear| ear.find(|one| matches!(one, Caller::Device { key: its, .. } if its == key))) {
        it.close();
    }
}

pub fn always(app: App) -> Always {
    Box::pin(async move {
        let (slot, inbox) = mqtt::inbox(WAITING);
        let mut tasks = JoinSet::new();
        tasks.spawn(take(app.clone(), inbox));
        if !app.config.mqtt.listen.is_empty() {
            tasks.spawn(listen(app.clone(), slot.clone()));
        }
        for broker in app.config.brokers.clone() {
            tasks.spawn(relay(app.clone(), broker, slot.clone()));
        }
        drop(slot);
        while tasks.join_next().await.is_some() {}
    })
}

/// Keeps what comes, batch by batch.
async fn take(app: App, mut inbox: Inbox<Caller>) {
    let taken = app.held::<Taken>();
    while let Some(batch) = inbox.batch(BATCH).await {
        let at = app.clock.now().as_millisecond();
        let arrived: Arc<[Arrived]> = batch.iter().map(|it| arrived(it, at)).collect();
        let mut told = false;
        // While nothing can be kept nothing is acknowledged, and the devices wait: what they sent is not lost by hanging up.
        while let Err(e) = keep::keep(&app, &arrived).await {
            if !told {
                tracing::error!("messages of devices cannot be kept now, they wait: {e}");
            }
            told = true;
            sleep(PAUSE).await;
        }
        if told {
            tracing::info!("messages of devices are kept again");
        }
        taken.0.fetch_add(batch.len() as u64, Relaxed);
        mqtt::taken(batch);
    }
}

fn arrived(it: &Message<Caller>, at: i64) -> Arrived {
    Arrived { from: it.from.clone(), topic: it.topic.clone(), payload: it.payload.clone(), at }
}

/// Listens for devices; a port that another process has is tried again until it is free.
async fn listen(app: App, slot: Slot<Caller>) {
    let config = app.config.mqtt.clone();
    let limits = Limits {
        connections: config.connections,
        connections_per_address: config.connections_per_address,
        packet_bytes: config.message_bytes,
        packets_per_second: config.messages_per_second,
        ..Limits::default()
    };
    let tls = match (config.certificate.as_os_str().is_empty(), config.key.as_os_str().is_empty()) {
        (true, true) => None,
        _ => match mqtt::tls(&config.certificate, &config.key) {
            Ok(it) => Some(it),
            Err(e) => {
                tracing::error!("设备接入的证书不能用 / the certificate for devices cannot be used: {e}");
                note(&app, &config.listen, &e, 0).await;
                return;
            }
        },
    };
    let ear = Ear::new(Gate { app: app.clone() }, limits, slot);
    *app.held::<Listening>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ear.clone());
    let mut told = false;
    let listener = loop {
        match TcpListener::bind(&config.listen).await {
            Ok(it) => break it,
            Err(e) => {
                if !told {
                    tracing::error!(
                        "设备接入端口 {0} 不能用 / the port for devices {0} cannot be used: {e}",
                        config.listen
                    );
                }
                told = true;
                note(&app, &config.listen, &e.to_string(), 0).await;
                sleep(PAUSE).await;
            }
        }
    };
    tracing::info!("devices connect at {}", config.listen);
    let mut tasks = JoinSet::new();
    let heard = ear.clone();
    tasks.spawn(async move { heard.listen(listener, tls).await });
    let mut before = 0;
    loop {
        let counts = ear.counts();
        let trouble = if before < counts.turned_away { TOO_MANY } else { "" };
        before = counts.turned_away;
        note(&app, &config.listen, trouble, counts.connected as i64).await;
        tokio::select! {
            _ = tasks.join_next() => return,
            () = sleep(EVERY) => {}
        }
    }
}

/// Takes the messages of a broker of somebody else.
async fn relay(app: App, broker: Broker, slot: Slot<Caller>) {
    let counties: Arc<[String]> = app.places.tree().counties(&broker.place).into();
    let name = broker.url.split('@').next_back().unwrap_or_default().to_string();
    let there = mqtt::Broker {
        url: broker.url.clone(),
        topics: broker.topics.clone(),
        client: if broker.client.is_empty() { format!("yiyang-{}", broker.place) } else { broker.client.clone() },
        authority: (!broker.authority.as_os_str().is_empty()).then(|| broker.authority.clone()),
        // A message that does not fit would hold up all behind it.
        packet_bytes: BROKER_BYTES.max(app.config.mqtt.message_bytes as usize),
    };
    let health = Arc::new(Health::default());
    let watched = health.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        if let Err(e) = mqtt::relay(&there, Arc::new(Caller::For(counties)), slot, &watched).await {
            tracing::error!("消息代理的设置有误 / the settings of a broker are wrong: {e}");
        }
    });
    loop {
        let trouble = health.now().trouble.unwrap_or_default();
        note(&app, &name, &trouble, 0).await;
        tokio::select! {
            _ = tasks.join_next() => return,
            () = sleep(EVERY) => {}
        }
    }
}

/// Writes down how a way is; since when changes only with the trouble.
async fn note(app: &App, name: &str, trouble: &str, connections: i64) {
    let (name, trouble, now) = (name.to_string(), trouble.to_string(), stamp(app.clock.now()));
    let taken = app.held::<Taken>().0.load(Relaxed) as i64;
    let written = app
        .db
        .write(move |tx| {
            tx.run(
                "insert into device_source (name, trouble, since, connections, taken, checked) values ($1, $2, $3, $4, $5, $3)
                 on conflict (name) do update set
                     since = case when device_source.trouble = excluded.trouble then device_source.since else excluded.since end,
                     trouble = excluded.trouble, connections = excluded.connections, taken = excluded.taken, checked = excluded.checked",
                &[&name, &trouble, &now, &connections, &taken],
            )
        })
        .await;
    if let Err(e) = written {
        tracing::error!("{e}");
    }
}

/// A way by which messages come.
#[derive(Debug, Clone)]
pub struct Way {
    pub name: String,
    pub trouble: String,
    pub since: String,
    pub connections: i64,
    pub taken: i64,
    pub checked: String,
}

/// All ways, as they were last.
pub fn ways(tx: &Tx<'_>) -> Result<Vec<Way>> {
    tx.rows(
        "select name, trouble, since, connections, taken, checked from device_source order by name limit 50",
        &[],
        |row| {
            Ok(Way {
                name: row.get(0)?,
                trouble: row.get(1)?,
                since: row.get(2)?,
                connections: row.get(3)?,
                taken: row.get(4)?,
                checked: row.get(5)?,
            })
        },
    )
}

/// Lets devices in by their key and secret, and hears them about their own topics.
struct Gate {
    app: App,
}

impl House for Gate {
    type Device = Caller;

    async fn admit(&self, login: &Login) -> Result<Caller, Refusal> {
        let key: Key = login.user.as_deref().unwrap_or_default().parse().map_err(|_| Refusal::WrongLogin)?;
        let password = login.password.clone().unwrap_or_default();
        let said = String::from_utf8(password.to_vec()).map_err(|_| Refusal::WrongLogin)?;
        let now = self.app.clock.now();
        match self.app.db.read(move |tx| admit(tx, key, &said, now)).await {
            Ok(Ok(caller)) => Ok(caller),
            Ok(Err(refusal)) => Err(refusal),
            Err(e) => {
                tracing::error!("{e}");
                Err(Refusal::Unavailable)
            }
        }
    }

    fn may_publish(&self, caller: &Caller, topic: &str) -> bool {
        match topic.strip_prefix(OURS) {
            Some(rest) => is_own(caller, rest),
            // Topics of makers are the same for all their devices; whose message it is says its content, see `keep`.
            None => !topic.starts_with('$'),
        }
    }

    fn may_subscribe(&self, caller: &Caller, filter: &str) -> bool {
        filter.strip_prefix(OURS).is_some_and(|rest| is_own(caller, rest))
    }
}

fn is_own(caller: &Caller, below: &str) -> bool {
    match caller {
        // A message about no device in particular says in itself which it is of.
        Caller::Device { serial, .. } => {
            below == "readings" || below.split('/').next().is_some_and(|it| device::serial(it) == *serial)
        }
        Caller::For(_) => true,
    }
}

/// Whether a device may come in.
fn admit(tx: &Tx<'_>, key: Key, said: &str, now: Timestamp) -> Result<Result<Caller, Refusal>> {
    let found = tx.row(
        "select state, secret, secret_before, secret_before_until, serial from device where region = $1 and id = $2",
        &[&key.region, &key.id],
        |row| {
            let kept: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            Ok((kept, row.get::<Option<String>>(3)?, row.get::<String>(4)?))
        },
    )?;
    let Some(([state, secret, before], until, serial)) = found else { return Ok(Err(Refusal::WrongLogin)) };
    Ok(if !secret::holds(said, &secret, &before, until.as_deref(), now) {
        Err(Refusal::WrongLogin)
    } else if matches!(&*state, "lost" | "retired") {
        Err(Refusal::NotAllowed)
    } else {
        Ok(Caller::Device { key, serial })
    })
}
