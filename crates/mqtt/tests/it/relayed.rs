//! Messages of a broker of somebody else: Mosquitto, started by the test or at 127.0.0.1:1883.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use mqtt::{Broker, Health, Inbox, Message, inbox, relay};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::secured::Papers;

fn broker(url: &str, client: &str) -> Broker {
    Broker {
        url: url.into(),
        topics: vec![format!("{client}/up/#")],
        client: client.into(),
        authority: None,
        packet_bytes: 64 * 1024,
    }
}

struct Relayed {
    inbox: Inbox<&'static str>,
    health: Arc<Health>,
}

fn start(broker: Broker) -> Relayed {
    let (slot, inbox) = inbox(100);
    let health = Arc::new(Health::default());
    let told = health.clone();
    tokio::spawn(async move { relay(&broker, Arc::new("the broker"), slot, &told).await.unwrap() });
    Relayed { inbox, health }
}

impl Relayed {
    async fn next(&mut self) -> Message<&'static str> {
        timeout(Duration::from_secs(20), self.inbox.batch(1)).await.expect("a message in time").unwrap().pop().unwrap()
    }

    async fn quiet(&mut self) {
        let batch = timeout(Duration::from_millis(300), self.inbox.batch(1)).await;
        assert!(batch.is_err(), "{batch:?}");
    }

    async fn is(&self, well: bool) {
        for _ in 0..2_000 {
            if self.health.now().trouble.is_none() == well {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("{:?}", self.health.now());
    }
}

/// A Mosquitto of our own that keeps what it has on disk, to be stopped and started.
struct Mosquitto {
    folder: TempDir,
    port: u16,
    running: Option<Child>,
}

impl Mosquitto {
    async fn started() -> Option<Self> {
        Self::started_with("").await
    }

    async fn started_with(more: &str) -> Option<Self> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().display();
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {home}/\nuser root\n{more}"
        );
        std::fs::write(folder.path().join("mosquitto.conf"), text).unwrap();
        let mut it = Self { folder, port, running: None };
        it.start().await.then_some(it)
    }

    /// Whether it could be.
    async fn start(&mut self) -> bool {
        let program =
            if std::path::Path::new("/usr/sbin/mosquitto").exists() { "/usr/sbin/mosquitto" } else { "mosquitto" };
        let configuration = self.folder.path().join("mosquitto.conf");
        let running =
            Command::new(program).arg("-c").arg(configuration).stderr(Stdio::null()).kill_on_drop(true).spawn();
        let Ok(running) = running else {
            eprintln!("skipped: there is no mosquitto");
            return false;
        };
        self.running = Some(running);
        for _ in 0..1_000 {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return true;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("mosquitto does not listen");
    }

    /// Stops it in order, so that it writes down what it has.
    async fn stop(&mut self) {
        let mut running = self.running.take().unwrap();
        let id = running.id().unwrap().to_string();
        Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        running.wait().await.unwrap();
    }

    fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }
}

async fn say(port: u16, topic: &str, message: &str) {
    let port = port.to_string();
    let arguments = ["-h", "127.0.0.1", "-p", &port, "-q", "1", "-t", topic, "-m", message];
    assert!(Command::new("mosquitto_pub").args(arguments).status().await.unwrap().success());
}

#[tokio::test]
async fn what_was_not_acknowledged_comes_again_after_the_broker_was_gone() {
    let Some(mut mosquitto) = Mosquitto::started().await else { return };
    let mut relayed = start(broker(&mosquitto.url(), "gone"));
    relayed.is(true).await;
    say(mosquitto.port, "gone/up/1", "kept").await;
    say(mosquitto.port, "gone/up/2", "not yet").await;
    let (first, second) = (relayed.next().await, relayed.next().await);
    assert_eq!((&*first.topic, &*first.payload, *first.from), ("gone/up/1", &b"kept"[..], "the broker"));
    first.receipt.taken();
    sleep(Duration::from_millis(300)).await;
    mosquitto.stop().await;
    relayed.is(false).await;
    assert!(relayed.health.now().trouble.is_some_and(|it| !it.is_empty()));
    // Taken too late: the receipt is of a connection that is gone, and acknowledges nothing on the next.
    second.receipt.taken();
    assert!(mosquitto.start().await);
    relayed.is(true).await;
    let second = relayed.next().await;
    assert_eq!((&*second.payload, second.again), (&b"not yet"[..], true));
    second.receipt.taken();
    say(mosquitto.port, "gone/up/3", "new").await;
    let third = relayed.next().await;
    assert_eq!(&*third.payload, b"new");
    third.receipt.taken();
    relayed.quiet().await;
}

#[tokio::test]
async fn what_could_not_be_kept_comes_again() {
    let Some(mosquitto) = Mosquitto::started().await else { return };
    let mut relayed = start(broker(&mosquitto.url(), "dropped"));
    relayed.is(true).await;
    say(mosquitto.port, "dropped/up/1", "x").await;
    drop(relayed.next().await);
    let again = relayed.next().await;
    assert_eq!((&*again.payload, again.again), (&b"x"[..], true));
    again.receipt.taken();
    relayed.quiet().await;
}

#[tokio::test]
async fn the_broker_keeps_what_came_while_we_were_away() {
    let Some(mosquitto) = Mosquitto::started().await else { return };
    let (slot, inbox) = inbox::<()>(10);
    let away = broker(&mosquitto.url(), "away");
    let health = Arc::new(Health::default());
    let (there, told) = (away.clone(), health.clone());
    let first = tokio::spawn(async move { relay(&there, Arc::new(()), slot, &told).await });
    while health.now().trouble.is_some() {
        sleep(Duration::from_millis(10)).await;
    }
    first.abort();
    drop(inbox);
    for number in 0..50 {
        say(mosquitto.port, "away/up/1", &number.to_string()).await;
    }
    let mut relayed = start(away);
    for number in 0..50 {
        let message = relayed.next().await;
        assert_eq!(&*message.payload, number.to_string().as_bytes());
        message.receipt.taken();
    }
    relayed.quiet().await;
}

#[tokio::test]
async fn a_message_too_large_is_said_to_be_in_the_way() {
    let Some(mosquitto) = Mosquitto::started().await else { return };
    let small = Broker { packet_bytes: 100, ..broker(&mosquitto.url(), "large") };
    let relayed = start(small);
    relayed.is(true).await;
    say(mosquitto.port, "large/up/1", &"x".repeat(200)).await;
    relayed.is(false).await;
    let trouble = relayed.health.now().trouble.unwrap();
    assert!(trouble.contains("more than the 100 allowed"), "{trouble}");
}

#[tokio::test]
async fn a_broker_is_read_over_tls_and_only_one_of_the_authority() {
    let papers = Papers::made();
    let more = format!(
        "cafile {0}/ca.pem\ncertfile {0}/chain.pem\nkeyfile {0}/key.pem\n",
        papers.path("").display().to_string().trim_end_matches('/')
    );
    let Some(mosquitto) = Mosquitto::started_with(&more).await else { return };
    let url = format!("mqtts://127.0.0.1:{}", mosquitto.port);
    let authority = Some(papers.path("ca.pem"));
    let mut relayed = start(Broker { authority, ..broker(&url, "tls") });
    relayed.is(true).await;
    let port = mosquitto.port.to_string();
    let mut command = Command::new("mosquitto_pub");
    command.args(["-h", "127.0.0.1", "-p", &port, "-q", "1", "-t", "tls/up/1", "-m", "x", "--cafile"]);
    assert!(command.arg(papers.path("ca.pem")).status().await.unwrap().success());
    relayed.next().await.receipt.taken();
    let stranger = start(broker(&url, "stranger"));
    sleep(Duration::from_millis(500)).await;
    let trouble = stranger.health.now().trouble.unwrap();
    assert!(trouble.contains("certificate"), "{trouble}");
}

#[tokio::test]
async fn the_broker_of_this_machine_is_read() {
    if TcpStream::connect("127.0.0.1:1883").await.is_err() {
        eprintln!("skipped: there is no broker at 127.0.0.1:1883");
        return;
    }
    let client = format!("yiyang-test-{}", std::process::id());
    let mut relayed = start(broker("mqtt://127.0.0.1:1883", &client));
    relayed.is(true).await;
    say(1883, &format!("{client}/up/1"), "x").await;
    let message = relayed.next().await;
    assert_eq!(&*message.payload, b"x");
    message.receipt.taken();
    sleep(Duration::from_millis(200)).await;
}

#[tokio::test]
async fn a_broker_that_is_not_there_is_said_to_be_missing() {
    let relayed = start(broker("mqtt://127.0.0.1:1", "nobody"));
    sleep(Duration::from_millis(300)).await;
    let condition = relayed.health.now();
    assert!(condition.trouble.as_deref().is_some_and(|it| it.contains("refused")), "{condition:?}");
    assert!(Duration::from_millis(200) < condition.since);
}

#[tokio::test]
async fn what_is_wrong_with_an_address_is_said() {
    let wrong = |broker: Broker| async move {
        let (slot, _inbox) = inbox::<()>(1);
        relay(&broker, Arc::new(()), slot, &Health::default()).await.expect_err("an error")
    };
    assert!(wrong(broker("http://a", "c")).await.contains("http"));
    assert!(wrong(broker("mqtt:", "c")).await.contains("host"));
    assert!(wrong(broker("mqtt://a", "")).await.contains("client id"));
    let filter = Broker { topics: vec!["a/#/b".into()], ..broker("mqtt://a", "c") };
    assert!(wrong(filter).await.contains("a/#/b"));
    let nameless = Broker { topics: vec![], ..broker("mqtt://a", "c") };
    assert!(wrong(nameless).await.contains("topics"));
    let authority = Broker { authority: Some("/no/ca.pem".into()), ..broker("mqtts://a", "c") };
    assert!(wrong(authority).await.contains("/no/ca.pem"));
}
