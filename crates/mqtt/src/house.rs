//! What the ear asks of whoever it works for, and what it allows a stranger.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;

use crate::end::End;

/// Who may connect and what about.
pub trait House: Send + Sync + 'static {
    /// Whoever is connected.
    type Device: Send + Sync + 'static;

    /// Who this is. It may take its time (within [`Limits::connect_within`]) and is asked for few at once ([`Limits::greeting`]).
    fn admit(&self, login: &Login) -> impl Future<Output = Result<Self::Device, Refusal>> + Send;

    /// Whether the device may say something about this topic: its own ones only. A topic is well formed when this is asked.
    fn may_publish(&self, device: &Self::Device, topic: &str) -> bool;

    /// Whether the device may ask for what is sent about this filter: its own topics only.
    fn may_subscribe(&self, device: &Self::Device, filter: &str) -> bool;

    /// A connection is over, and why.
    fn left(&self, _device: &Self::Device, _end: &End) {}
}

/// What somebody says who connects.
#[derive(Clone, Debug)]
pub struct Login {
    /// As the device calls itself; made up by us where it says nothing.
    pub client: ByteString,
    pub user: Option<ByteString>,
    pub password: Option<Bytes>,
    pub address: IpAddr,
    /// 3 (of 3.1), 4 (of 3.1.1) or 5, as on the wire.
    pub level: u8,
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Unknown, or the password is wrong.
    WrongLogin,
    /// Known, but may not: given back, locked, another's client id.
    NotAllowed,
    /// Nobody can say now; it may try again.
    Unavailable,
}

/// What devices may use of us.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once, in all.
    pub connections: usize,
    /// Connections at once from one address; a mobile network shows many homes under one.
    pub connections_per_address: usize,
    /// Connections at once that have not yet been let in.
    pub greeting: usize,
    /// Of them from one address, so that one that only connects keeps nobody else waiting.
    pub greeting_per_address: usize,
    /// How long somebody may take from the first byte of TLS until let in.
    pub connect_within: Duration,
    /// The greatest packet, without its head of up to five bytes.
    pub packet_bytes: u32,
    /// Packets a second of one connection; beyond it reading pauses.
    pub packets_per_second: u32,
    /// Messages of one connection not yet acknowledged.
    pub in_flight: u16,
    /// Filters one connection may ask for.
    pub filters: usize,
    /// Sessions remembered of devices that are away and asked for it.
    pub sessions: usize,
    /// How long a session is remembered at most.
    pub session_lasts: Duration,
    /// The longest silence: of those who ask for a longer keep-alive or for none.
    pub silence: Duration,
    /// How long an answer may take to go out.
    pub write_within: Duration,
    /// How long a stop waits for what was received to be kept and acknowledged.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 50_000,
            connections_per_address: 2_000,
            greeting: 500,
            greeting_per_address: 125,
            connect_within: Duration::from_secs(10),
            packet_bytes: 64 * 1024,
            packets_per_second: 50,
            in_flight: 100,
            filters: 20,
            sessions: 100_000,
            session_lasts: Duration::from_secs(24 * 3600),
            silence: Duration::from_secs(3600),
            write_within: Duration::from_secs(10),
            grace: Duration::from_secs(5),
        }
    }
}
