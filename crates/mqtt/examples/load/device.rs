//! One device: it connects, sends, counts what is acknowledged, and connects again when it is cut off.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rmqtt_codec::types::{Protocol, Publish, QoS};
use rmqtt_codec::{v3, v5};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{sleep, sleep_until, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_util::codec::{Decoder, Encoder};

use crate::figures::Seen;
use crate::template::Template;

pub struct Device {
    pub to: SocketAddr,
    pub number: u32,
    pub version: u8,
    /// It speaks over TLS.
    pub tls: Option<TlsConnector>,
    pub client: String,
    pub user: String,
    pub password: String,
    pub topic: Arc<Template>,
    pub payload: Arc<Template>,
    pub at: u64,
    pub window: u16,
    /// Between two messages; none where only acknowledgements hold it back.
    pub pause: Option<Duration>,
    pub wait: Duration,
    /// How many may connect at once.
    pub doors: Arc<Semaphore>,
    pub stage: watch::Receiver<Stage>,
    /// Dropped when it is connected; closed when all are.
    pub arrived: mpsc::Sender<()>,
    pub patience: Duration,
    pub ledger: Option<std::sync::mpsc::Sender<Vec<Kept>>>,
}

/// What all devices do.
#[derive(Clone, Copy)]
pub enum Stage {
    Connecting,
    SendingSince(Instant),
    Over,
}

/// A message that has been acknowledged.
pub struct Kept {
    pub connection: u32,
    pub message: u64,
}

/// A message that waits for it.
struct Open {
    packet: NonZeroU16,
    message: u64,
    ms: u64,
    sent: Instant,
}

enum Codec {
    Old(v3::Codec),
    New(v5::Codec),
}

enum Heard {
    Welcome,
    Kept(NonZeroU16),
    Refused(String),
}

impl Codec {
    fn connect(&mut self, out: &mut BytesMut, device: &Device) -> io::Result<()> {
        let (client, user) = (device.client.as_str().into(), Some(device.user.as_str().into()));
        let (password, keep_alive) = (Some(device.password.clone().into_bytes().into()), 120);
        let wrong = |error: rmqtt_codec::error::EncodeError| io::Error::other(error.to_string());
        match self {
            Self::Old(codec) => {
                let (protocol, clean_session) = (Protocol(4), true);
                let connect = v3::Connect {
                    protocol,
                    clean_session,
                    keep_alive,
                    client_id: client,
                    username: user,
                    password,
                    last_will: None,
                    cert: None,
                };
                codec.encode(connect.into(), out).map_err(wrong)
            }
            Self::New(codec) => {
                let connect = v5::Connect {
                    clean_start: true,
                    keep_alive,
                    client_id: client,
                    username: user,
                    password,
                    ..Default::default()
                };
                codec.encode(connect.into(), out).map_err(wrong)
            }
        }
    }

    fn publish(&mut self, out: &mut BytesMut, publish: Publish) -> io::Result<()> {
        let wrong = |error: rmqtt_codec::error::EncodeError| io::Error::other(error.to_string());
        match self {
            Self::Old(codec) => codec.encode(publish.into(), out).map_err(wrong),
            Self::New(codec) => codec.encode(publish.into(), out).map_err(wrong),
        }
    }

    fn heard(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Heard>> {
        let wrong = |error: rmqtt_codec::error::DecodeError| io::Error::other(error.to_string());
        Ok(match self {
            Self::Old(codec) => codec.decode(buffer).map_err(wrong)?.map(|(packet, _)| match packet {
                v3::Packet::ConnectAck(it) if it.return_code == v3::ConnectAckReason::ConnectionAccepted => {
                    Heard::Welcome
                }
                v3::Packet::PublishAck { packet_id } => Heard::Kept(packet_id),
                other => Heard::Refused(format!("{other:?}")),
            }),
            Self::New(codec) => codec.decode(buffer).map_err(wrong)?.map(|(packet, _)| match packet {
                v5::Packet::ConnectAck(it) if it.reason_code == v5::ConnectAckReason::Success => Heard::Welcome,
                v5::Packet::PublishAck(it) if it.reason_code == v5::PublishAckReason::Success => {
                    Heard::Kept(it.packet_id)
                }
                other => Heard::Refused(format!("{other:?}")),
            }),
        })
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

struct Line {
    stream: Box<dyn Stream>,
    codec: Codec,
    buffer: BytesMut,
}

async fn connect(device: &Device) -> io::Result<Line> {
    let plain = TcpStream::connect(device.to).await?;
    plain.set_nodelay(true)?;
    let mut stream: Box<dyn Stream> = match &device.tls {
        None => Box::new(plain),
        Some(tls) => Box::new(tls.connect(ServerName::IpAddress(device.to.ip().into()), plain).await?),
    };
    let mut codec = match device.version {
        5 => Codec::New(v5::Codec::default()),
        _ => Codec::Old(v3::Codec::default()),
    };
    let (mut out, mut buffer) = (BytesMut::new(), BytesMut::with_capacity(1_024));
    codec.connect(&mut out, device)?;
    stream.write_all(&out).await?;
    stream.flush().await?;
    loop {
        match codec.heard(&mut buffer)? {
            Some(Heard::Welcome) => return Ok(Line { stream, codec, buffer }),
            Some(Heard::Refused(why)) => return Err(io::Error::other(why)),
            Some(Heard::Kept(_)) => return Err(io::Error::other("an acknowledgement before the welcome")),
            None if stream.read_buf(&mut buffer).await? == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            None => {}
        }
    }
}

impl Device {
    fn is_over(&self) -> bool {
        matches!(*self.stage.borrow(), Stage::Over)
    }
}

/// Connects, again and again until it works.
async fn connected(device: &Device, seen: &mut Seen, until: Option<Instant>) -> Option<Line> {
    let mut pause = Duration::from_millis(50);
    loop {
        let _door = device.doors.acquire().await.ok()?;
        match timeout(Duration::from_secs(10), connect(device)).await {
            Ok(Ok(line)) => return Some(line),
            Ok(Err(error)) => drop(seen.trouble.get_or_insert(error.to_string())),
            Err(_) => drop(seen.trouble.get_or_insert("no welcome within 10 s".into())),
        }
        if until.is_some_and(|it| it < Instant::now()) {
            return None;
        }
        drop(_door);
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

pub async fn run(mut device: Device) -> Seen {
    let mut seen = Seen::default();
    let (mut open, mut next) = (VecDeque::new(), 0);
    let mut line = connected(&device, &mut seen, None).await;
    // The clone that stays would keep the start waiting.
    device.arrived = mpsc::channel(1).0;
    let Ok(Stage::SendingSince(began)) =
        device.stage.wait_for(|it| !matches!(it, Stage::Connecting)).await.map(|it| *it)
    else {
        return seen;
    };
    let mut give_up = None;
    let mut due = began + device.wait;
    while let Some(here) = line {
        match speak(&mut device, here, &mut seen, &mut open, &mut next, &mut due, began, &mut give_up).await {
            Ok(()) => break,
            Err(error) => {
                seen.trouble.get_or_insert(error.to_string());
                seen.reconnected += 1;
                if device.is_over() {
                    give_up.get_or_insert(Instant::now() + device.patience);
                }
                line = connected(&device, &mut seen, give_up).await;
            }
        }
    }
    seen.unacknowledged = open.len() as u64;
    seen
}

/// Sends until it is over and everything is acknowledged, or until the connection breaks.
#[allow(clippy::too_many_arguments, reason = "what stays from connection to connection, each once")]
async fn speak(
    device: &mut Device,
    mut line: Line,
    seen: &mut Seen,
    open: &mut VecDeque<Open>,
    next: &mut u64,
    due: &mut Instant,
    began: Instant,
    give_up: &mut Option<Instant>,
) -> io::Result<()> {
    let (mut out, mut topic, mut payload) = (BytesMut::new(), String::new(), String::new());
    for it in open.iter() {
        write(device, &mut line.codec, &mut out, it, true, (&mut topic, &mut payload))?;
    }
    loop {
        let over = device.is_over();
        if over {
            let last = *give_up.get_or_insert(Instant::now() + device.patience);
            if open.is_empty() || last <= Instant::now() {
                return Ok(());
            }
        }
        let mut now = Instant::now();
        while !over && open.len() < usize::from(device.window) && *due <= now {
            let packet = u16::try_from(*next % 65_535).map_or(NonZeroU16::MIN, |it| NonZeroU16::MIN.saturating_add(it));
            let ms = device.at + u64::try_from((now - began).as_millis()).unwrap_or_default();
            let it = Open { packet, message: *next, ms, sent: now };
            write(device, &mut line.codec, &mut out, &it, false, (&mut topic, &mut payload))?;
            open.push_back(it);
            *next += 1;
            seen.sent += 1;
            match device.pause {
                Some(pause) => *due += pause,
                None => now = Instant::now(),
            }
        }
        if !out.is_empty() {
            line.stream.write_all_buf(&mut out).await?;
            line.stream.flush().await?;
        }
        let waits = device.pause.is_some() && open.len() < usize::from(device.window) && !over;
        let wake = if waits { *due } else { Instant::now() + Duration::from_millis(200) };
        tokio::select! {
            count = line.stream.read_buf(&mut line.buffer) => {
                if count? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            () = sleep_until(wake.into()) => {}
            _ = device.stage.wait_for(|it| matches!(it, Stage::Over)), if !over => {}
        }
        hear(device, &mut line, seen, open)?;
    }
}

/// Counts what has been acknowledged.
fn hear(device: &Device, line: &mut Line, seen: &mut Seen, open: &mut VecDeque<Open>) -> io::Result<()> {
    let now = Instant::now();
    let mut kept = Vec::new();
    while let Some(heard) = line.codec.heard(&mut line.buffer)? {
        match heard {
            Heard::Kept(packet) => {
                let place = open.iter().position(|it| it.packet == packet);
                let it = place
                    .and_then(|it| open.remove(it))
                    .ok_or_else(|| io::Error::other("an acknowledgement of nothing"))?;
                seen.took(now - it.sent, now);
                kept.push(Kept { connection: device.number, message: it.message });
            }
            Heard::Refused(why) => return Err(io::Error::other(why)),
            Heard::Welcome => return Err(io::Error::other("a second welcome")),
        }
    }
    if let Some(ledger) = device.ledger.as_ref().filter(|_| !kept.is_empty()) {
        ledger.send(kept).map_err(|_| io::Error::other("the ledger broke"))?;
    }
    Ok(())
}

fn write(
    device: &Device,
    codec: &mut Codec,
    out: &mut BytesMut,
    it: &Open,
    again: bool,
    (topic, payload): (&mut String, &mut String),
) -> io::Result<()> {
    device.topic.fill(topic, device.number, it.message, it.ms);
    device.payload.fill(payload, device.number, it.message, it.ms);
    let publish = Publish {
        dup: again,
        retain: false,
        qos: QoS::AtLeastOnce,
        topic: topic.as_str().into(),
        packet_id: Some(it.packet),
        payload: payload.clone().into_bytes().into(),
        properties: None,
    };
    codec.publish(out, publish)
}
