//! The ear: who is connected, how many may be, and the ports it listens on.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::end::End;
use crate::hello::hello;
use crate::house::{House, Limits};
use crate::inbox::{Back, Message, Receipt, Slot};
use crate::line::{Line, Sent};
use crate::session::{Name, Session, Sessions};
use crate::talk::talk;
use crate::tls::Tls;
use crate::wire::Will;

/// Listens to devices on any number of ports.
pub struct Ear<H: House> {
    pub(crate) house: H,
    pub(crate) limits: Limits,
    pub(crate) slot: Slot<H::Device>,
    pub(crate) tally: Tally,
    greeting: Semaphore,
    connected: Mutex<Connected<H::Device>>,
    sessions: Sessions,
    stop: watch::Sender<bool>,
}

struct Connected<D> {
    next: u64,
    all: usize,
    addresses: HashMap<IpAddr, Address>,
    lines: HashMap<Name, Entry<D>>,
}

/// Who connects from one address.
struct Address {
    connections: usize,
    greeting: Arc<Semaphore>,
}

struct Entry<D> {
    number: u64,
    connection: Connection<D>,
    /// Closed when the connection is over.
    over: watch::Sender<()>,
}

/// Somebody who is connected.
pub struct Connection<D> {
    pub device: Arc<D>,
    pub client: ByteString,
    pub address: IpAddr,
    line: Arc<Line>,
}

impl<D> Clone for Connection<D> {
    fn clone(&self) -> Self {
        Self {
            device: self.device.clone(),
            client: self.client.clone(),
            address: self.address,
            line: self.line.clone(),
        }
    }
}

impl<D> Connection<D> {
    /// Sends a message to the device, where it asked for the topic. It is sent at most once, and not kept.
    pub fn send(&self, topic: impl Into<ByteString>, payload: impl Into<Bytes>) -> Sent {
        self.line.send(topic.into(), payload.into())
    }

    /// Closes the connection, as when the secret of the device is another now.
    pub fn close(&self) {
        self.line.close(End::Closed);
    }
}

/// What has been counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections now.
    pub connected: u64,
    /// Connections let in.
    pub admitted: u64,
    /// Connections refused: login, client id, topic of the will.
    pub refused: u64,
    /// Connections closed at once because there were too many.
    pub turned_away: u64,
    /// Messages received.
    pub received: u64,
    /// Messages acknowledged.
    pub acknowledged: u64,
    /// Connections ended because of what the device sent.
    pub at_fault: u64,
}

#[derive(Default)]
pub(crate) struct Tally {
    admitted: AtomicU64,
    pub refused: AtomicU64,
    turned_away: AtomicU64,
    pub received: AtomicU64,
    pub acknowledged: AtomicU64,
    at_fault: AtomicU64,
}

impl<H: House> Ear<H> {
    pub fn new(house: H, limits: Limits, slot: Slot<H::Device>) -> Arc<Self> {
        let greeting = Semaphore::new(limits.greeting);
        let connected = Connected { next: 0, all: 0, addresses: HashMap::new(), lines: HashMap::new() };
        let (stop, _) = watch::channel(false);
        let (tally, sessions) = (Tally::default(), Sessions::new(limits.sessions));
        Arc::new(Self { house, limits, slot, tally, greeting, connected: Mutex::new(connected), sessions, stop })
    }

    fn connected(&self) -> MutexGuard<'_, Connected<H::Device>> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens on a port, with transport security where it is given, until [`Ear::stop`].
    pub async fn listen(self: Arc<Self>, listener: TcpListener, tls: Option<Tls>) {
        let mut stop = self.stop.subscribe();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.wait_for(|it| *it) => return,
            };
            match accepted {
                Ok((stream, address)) => {
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%address, %error, "mqtt: the connection is gone already");
                        continue;
                    }
                    match &tls {
                        None => drop(tokio::spawn(self.clone().attend(stream, address))),
                        Some(tls) => drop(tokio::spawn(self.clone().attend_secured(stream, address, tls.clone()))),
                    }
                }
                // Most often there are no more file handles; the connection waits in the kernel until some are free.
                Err(error) => {
                    tracing::error!(%error, "mqtt: no connection can be taken");
                    sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }

    async fn attend_secured<S>(self: Arc<Self>, stream: S, address: SocketAddr, tls: Tls)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let Some(seat) = Seat::take(&self, address.ip()) else { return };
        let deadline = Instant::now() + self.limits.connect_within;
        let shaken = match timeout_at(deadline, self.turn(&seat)).await {
            Ok(Some(_turn)) => timeout_at(deadline, tls.0.accept(stream)).await,
            _ => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.speak(stream, seat, deadline).await,
            Ok(Err(error)) => tracing::debug!(%address, %error, "mqtt: no TLS was agreed on"),
            Err(_) => tracing::debug!(%address, "mqtt: TLS was not agreed on in time"),
        }
    }

    /// Speaks with one device over any stream, until the connection is over.
    pub async fn attend<S>(self: Arc<Self>, stream: S, address: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        if let Some(seat) = Seat::take(&self, address.ip()) {
            let deadline = Instant::now() + self.limits.connect_within;
            self.speak(stream, seat, deadline).await;
        }
    }

    async fn speak<S>(self: &Arc<Self>, mut stream: S, seat: Seat<H>, deadline: Instant)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let hello = timeout_at(deadline, async {
            let _turn = self.turn(&seat).await?;
            hello(self, &mut stream, seat.address).await
        });
        let mut stop = self.stop.subscribe();
        let hello = tokio::select! {
            hello = hello => hello,
            _ = stop.wait_for(|it| *it) => return,
        };
        let Ok(Some(mut hello)) = hello else { return };
        let (device, line) = (hello.device.clone(), hello.line.clone());
        let (client, address) = (hello.client.clone(), seat.address);
        let connection = Connection { device: device.clone(), client, address, line: line.clone() };
        let place = self.enter(hello.user.take(), connection).await;
        self.tally.admitted.fetch_add(1, Relaxed);
        if hello.clean {
            self.sessions.forget(&place.name);
        }
        let earlier = self.sessions.resume(&place.name);
        hello.welcome.resumed = earlier.is_some();
        let Session { filters, unreleased } = earlier.unwrap_or_default();
        // What was its own when it asked may be another's now.
        line.ask_again(filters.into_iter().filter(|it| self.house.may_subscribe(&device, it)).collect());
        let (will, lasts) = (hello.will.take(), hello.lasts);
        let talked = talk(self, stream, hello, unreleased, stop).await;
        drop(seat);
        let end = talked.end;
        if end.is_fault() {
            self.tally.at_fault.fetch_add(1, Relaxed);
        }
        let will = will.filter(|_| end.wants_will());
        // A device that asked for no session can ask for none at its goodbye.
        let lasts = talked.lasts.filter(|_| !lasts.is_zero()).unwrap_or(lasts).min(self.limits.session_lasts);
        let session = Session { filters: line.asked(), unreleased: talked.unreleased };
        match will {
            Some(will) if !lasts.is_zero() && !will.delay.is_zero() => {
                let comes_back = self.leave(place, session, lasts);
                self.house.left(&device, &end);
                let waited = timeout(will.delay.min(lasts), async { comes_back?.await.ok() }).await;
                if !matches!(waited, Ok(Some(()))) {
                    self.say(device, will).await;
                }
            }
            will => {
                if let Some(will) = will {
                    self.say(device.clone(), will).await;
                }
                self.leave(place, session, lasts);
                self.house.left(&device, &end);
            }
        }
    }

    /// Says what a device left to be said.
    async fn say(&self, device: Arc<H::Device>, will: Will) {
        if let Some(room) = self.slot.room().await {
            let receipt = Receipt::new(Back::Nobody);
            room.send(Message {
                from: device,
                topic: will.topic,
                payload: will.payload,
                again: false,
                will: true,
                receipt,
            });
        }
    }

    /// Waits until there is time for one more that is not yet let in.
    async fn turn<'a>(&'a self, seat: &'a Seat<H>) -> Option<(SemaphorePermit<'a>, SemaphorePermit<'a>)> {
        Some((seat.greeting.acquire().await.ok()?, self.greeting.acquire().await.ok()?))
    }

    /// Notes who is connected. An earlier connection of the same device ends first, so that its will comes before what is new.
    async fn enter(self: &Arc<Self>, user: Option<ByteString>, connection: Connection<H::Device>) -> Place<H> {
        let name = (user, connection.client.clone());
        let patience = Instant::now() + Duration::from_secs(2);
        loop {
            let earlier = {
                let mut connected = self.connected();
                match connected.lines.get(&name) {
                    Some(earlier) if Instant::now() < patience => {
                        earlier.connection.line.close(End::TakenOver);
                        earlier.over.clone()
                    }
                    _ => {
                        let number = connected.next;
                        connected.next += 1;
                        let (over, alive) = watch::channel(());
                        connected.lines.insert(name.clone(), Entry { number, connection, over });
                        return Place { ear: self.clone(), name, number, _alive: alive };
                    }
                }
            };
            // It is over when it has left, or does not notice us: then it is pushed aside, and ends at its next write.
            drop(timeout(Duration::from_secs(2), earlier.closed()).await);
        }
    }

    /// The connection is over. Its session is remembered, unless the device is here again already; gives who hears when it comes back.
    fn leave(&self, place: Place<H>, session: Session, lasts: Duration) -> Option<oneshot::Receiver<()>> {
        let connected = self.connected();
        let there = connected.lines.get(&place.name).is_some_and(|it| it.number == place.number);
        // The session is there before the place is free: who waits for the place finds it.
        let comes_back = if there { self.sessions.keep(place.name.clone(), session, lasts) } else { None };
        drop(connected);
        drop(place);
        comes_back
    }

    /// Who is connected and fits; it looks at everybody, so it is not for every message.
    pub fn find(&self, fits: impl Fn(&H::Device) -> bool) -> Vec<Connection<H::Device>> {
        let connected = self.connected();
        connected.lines.values().filter(|it| fits(&it.connection.device)).map(|it| it.connection.clone()).collect()
    }

    pub fn counts(&self) -> Counts {
        let tally = &self.tally;
        Counts {
            connected: self.connected().lines.len() as u64,
            admitted: tally.admitted.load(Relaxed),
            refused: tally.refused.load(Relaxed),
            turned_away: tally.turned_away.load(Relaxed),
            received: tally.received.load(Relaxed),
            acknowledged: tally.acknowledged.load(Relaxed),
            at_fault: tally.at_fault.load(Relaxed),
        }
    }

    /// Takes no more connections and no more messages, acknowledges what is kept within [`Limits::grace`], and says goodbye.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let last = Instant::now() + self.limits.grace + Duration::from_secs(1);
        while 0 < self.connected().all && Instant::now() < last {
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Where a connection is noted; the next one of its device waits for the end of it.
struct Place<H: House> {
    ear: Arc<Ear<H>>,
    name: Name,
    number: u64,
    _alive: watch::Receiver<()>,
}

impl<H: House> Drop for Place<H> {
    fn drop(&mut self) {
        let mut connected = self.ear.connected();
        if connected.lines.get(&self.name).is_some_and(|it| it.number == self.number) {
            connected.lines.remove(&self.name);
        }
    }
}

/// A connection that counts.
struct Seat<H: House> {
    ear: Arc<Ear<H>>,
    address: IpAddr,
    greeting: Arc<Semaphore>,
}

impl<H: House> Seat<H> {
    fn take(ear: &Arc<Ear<H>>, address: IpAddr) -> Option<Self> {
        let mut connected = ear.connected();
        let here = connected.addresses.get(&address).map_or(0, |it| it.connections);
        if ear.limits.connections <= connected.all || ear.limits.connections_per_address <= here {
            drop(connected);
            ear.tally.turned_away.fetch_add(1, Relaxed);
            tracing::debug!(%address, "mqtt: too many connections");
            return None;
        }
        connected.all += 1;
        let most = ear.limits.greeting_per_address;
        let new = || Address { connections: 0, greeting: Arc::new(Semaphore::new(most)) };
        let here = connected.addresses.entry(address).or_insert_with(new);
        here.connections += 1;
        let greeting = here.greeting.clone();
        drop(connected);
        Some(Self { ear: ear.clone(), address, greeting })
    }
}

impl<H: House> Drop for Seat<H> {
    fn drop(&mut self) {
        let mut connected = self.ear.connected();
        connected.all -= 1;
        match connected.addresses.get_mut(&self.address) {
            Some(here) if 1 < here.connections => here.connections -= 1,
            _ => drop(connected.addresses.remove(&self.address)),
        }
    }
}
