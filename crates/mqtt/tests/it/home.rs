//! A house for the tests: a device is let in with the password `secret of NAME`, and owns `up/NAME/…` and `down/NAME/…`.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mqtt::{Ear, End, House, Inbox, Limits, Login, Message, Refusal, inbox};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::timeout;

#[derive(Debug, PartialEq, Eq)]
pub struct Named(pub String);

#[derive(Default)]
pub struct Home {
    pub left: Arc<Mutex<Vec<(String, End)>>>,
    /// Nobody may ask for anything any more.
    pub shut: Arc<AtomicBool>,
}

impl House for Home {
    type Device = Named;

    async fn admit(&self, login: &Login) -> Result<Named, Refusal> {
        let user = login.user.as_deref().unwrap_or_default();
        match user {
            "returned" => return Err(Refusal::NotAllowed),
            "unlucky" => return Err(Refusal::Unavailable),
            "slow" => tokio::time::sleep(Duration::from_secs(3600)).await,
            _ => {}
        }
        let right = format!("secret of {user}");
        let known = login.password.as_deref() == Some(right.as_bytes());
        known.then(|| Named(user.to_string())).ok_or(Refusal::WrongLogin)
    }

    fn may_publish(&self, device: &Named, topic: &str) -> bool {
        topic.strip_prefix("up/").and_then(|it| it.split('/').next()) == Some(&device.0)
    }

    fn may_subscribe(&self, device: &Named, filter: &str) -> bool {
        !self.shut.load(Relaxed) && filter.strip_prefix("down/").and_then(|it| it.split('/').next()) == Some(&device.0)
    }

    fn left(&self, device: &Named, end: &End) {
        self.left.lock().unwrap().push((device.0.clone(), end.clone()));
    }
}

pub struct Place {
    pub ear: Arc<Ear<Home>>,
    pub inbox: Inbox<Named>,
    pub left: Arc<Mutex<Vec<(String, End)>>>,
    pub shut: Arc<AtomicBool>,
}

pub fn place(limits: Limits, room: usize) -> Place {
    let home = Home::default();
    let (left, shut) = (home.left.clone(), home.shut.clone());
    let (slot, inbox) = inbox(room);
    Place { ear: Ear::new(home, limits, slot), inbox, left, shut }
}

pub fn usual() -> Place {
    place(Limits { packets_per_second: 100_000, ..Limits::default() }, 1_000)
}

pub const FROM: &str = "10.0.0.1:1";

impl Place {
    /// The device's end of a connection to the ear.
    pub fn line(&self) -> DuplexStream {
        let (theirs, ours) = duplex(64 * 1024);
        drop(self.attend(ours));
        theirs
    }

    pub fn attend<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(&self, ours: S) -> JoinHandle<()> {
        let from: SocketAddr = FROM.parse().unwrap();
        tokio::spawn(self.ear.clone().attend(ours, from))
    }

    /// A real port, and its number.
    pub async fn port(&self, tls: Option<mqtt::Tls>) -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(self.ear.clone().listen(listener, tls));
        port
    }

    /// The next message; within a time in which it must have come.
    pub async fn next(&mut self) -> Message<Named> {
        let batch = timeout(Duration::from_secs(20), self.inbox.batch(1)).await.expect("a message in time");
        batch.expect("an inbox").pop().expect("one")
    }

    /// Nothing comes.
    pub async fn quiet(&mut self) {
        let batch = timeout(Duration::from_millis(50), self.inbox.batch(1)).await;
        assert!(batch.is_err(), "{batch:?}");
    }

    /// How the connection of the device that left last ended.
    pub async fn end(&self) -> End {
        for _ in 0..1_000 {
            if let Some((_, end)) = self.left.lock().unwrap().last() {
                return end.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nobody left");
    }
}
