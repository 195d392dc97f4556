//! Messages of a broker of somebody else: acknowledged there when they are kept here.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytestring::ByteString;
use rumqttc::mqttbytes::Error;
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, Packet, Publish, QoS, StateError, SubscribeFilter,
    Transport,
};
use tokio::sync::{Notify, mpsc};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Url;

use crate::health::Health;
use crate::inbox::{Back, Message, Receipt, Slot};

/// The pauses between two attempts grow from the first to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(60));
/// A connection that held this long was good: the next pause is the first one again.
const GOOD: Duration = Duration::from_secs(30);
/// Messages that may wait for room in the inbox before the broker is not read any more.
const WAITING: usize = 1_024;

/// A broker, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Broker {
    /// `mqtt://user:password@host:1883` or `mqtts://…:8883`.
    pub url: String,
    /// The filters of what devices say there.
    pub topics: Vec<String>,
    /// Our name there; the broker keeps for it what came while we were away. No two processes may bear one.
    pub client: String,
    /// The authority that signed the broker's certificate, as PEM; without it, those the public web trusts.
    pub authority: Option<PathBuf>,
    /// The greatest packet taken.
    pub packet_bytes: usize,
}

/// One connection to the broker: its receipts are worth nothing on the next one.
#[derive(Debug)]
pub(crate) struct Turn {
    kept: Mutex<VecDeque<u16>>,
    bell: Notify,
    broken: Notify,
}

impl Turn {
    pub fn acknowledge(&self, packet: u16) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push_back(packet);
        self.bell.notify_one();
    }

    /// A message was dropped: the connection ends, the broker sends it again on the next.
    pub fn break_off(&self) {
        self.broken.notify_one();
    }

    fn next(&self) -> Option<u16> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// Takes what a broker has for us, for as long as somebody reads the inbox. It connects again by itself, after pauses that grow, and says
/// in `health` what is wrong since when. `Err` tells what is wrong with the configuration.
pub async fn relay<D: Send + Sync + 'static>(
    broker: &Broker,
    from: Arc<D>,
    slot: Slot<D>,
    health: &Health,
) -> Result<(), String> {
    let options = options(broker)?;
    let mut pause = PAUSES.0;
    loop {
        let began = tokio::time::Instant::now();
        match turn(&options, &broker.topics, &from, &slot, health).await {
            Outcome::NobodyListens => return Ok(()),
            Outcome::Broken(why) => {
                tracing::warn!(broker = %options.broker_address().0, %why, "mqtt: the way to the broker is broken");
                health.trouble(why);
            }
        }
        if GOOD <= began.elapsed() {
            pause = PAUSES.0;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

enum Outcome {
    NobodyListens,
    Broken(String),
}

/// One connection, from its beginning to its end.
async fn turn<D: Send + Sync + 'static>(
    options: &MqttOptions,
    topics: &[String],
    from: &Arc<D>,
    slot: &Slot<D>,
    health: &Health,
) -> Outcome {
    let (client, mut events) = AsyncClient::new(options.clone(), WAITING);
    let turn = Arc::new(Turn { kept: Mutex::default(), bell: Notify::new(), broken: Notify::new() });
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::select! {
        why = listen(&mut events, &client, topics, &sender, health) => Outcome::Broken(why),
        () = acknowledge(&client, &turn) => Outcome::Broken("the connection is closed".into()),
        () = turn.broken.notified() => Outcome::Broken("what came could not be kept".into()),
        () = pass_on(receiver, from, slot, &turn) => Outcome::NobodyListens,
    }
}

/// Reads the broker until something goes wrong: what.
async fn listen(
    events: &mut EventLoop,
    client: &AsyncClient,
    topics: &[String],
    sender: &mpsc::Sender<Publish>,
    health: &Health,
) -> String {
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                let filters = topics.iter().map(|it| SubscribeFilter::new(it.clone(), QoS::AtLeastOnce));
                if let Err(error) = client.try_subscribe_many(filters) {
                    return error.to_string();
                }
            }
            Ok(Event::Incoming(Packet::SubAck(ack))) => {
                let refused = ack.return_codes.iter().zip(topics);
                if let Some((_, topic)) =
                    refused.into_iter().find(|(it, _)| **it == rumqttc::SubscribeReasonCode::Failure)
                {
                    return format!("the broker does not let us read {topic}");
                }
                health.well();
            }
            Ok(Event::Incoming(Packet::Publish(publish))) => {
                if sender.send(publish).await.is_err() {
                    return "nobody listens".into();
                }
            }
            Ok(_) => {}
            Err(error) => return words(&error, events.mqtt_options.max_packet_size()),
        }
    }
}

/// What went wrong. A message too large comes again on every connection, and keeps the others from coming.
fn words(error: &ConnectionError, most: usize) -> String {
    match error {
        ConnectionError::MqttState(StateError::Deserialization(Error::PayloadSizeLimitExceeded(bytes))) => {
            format!("a message of {bytes} bytes waits at the broker, more than the {most} allowed; allow more")
        }
        other => other.to_string(),
    }
}

/// Tells the broker what is kept.
async fn acknowledge(client: &AsyncClient, turn: &Turn) {
    loop {
        while let Some(packet) = turn.next() {
            let mut publish = Publish::new("", QoS::AtLeastOnce, Vec::new());
            publish.pkid = packet;
            if client.ack(&publish).await.is_err() {
                return;
            }
        }
        turn.bell.notified().await;
    }
}

/// Puts what came into the inbox, as it has room.
async fn pass_on<D>(mut receiver: mpsc::Receiver<Publish>, from: &Arc<D>, slot: &Slot<D>, turn: &Arc<Turn>) {
    while let Some(publish) = receiver.recv().await {
        let Some(room) = slot.room().await else { return };
        let back = match publish.qos {
            QoS::AtMostOnce => Back::Nobody,
            _ => Back::Broker { turn: turn.clone(), packet: publish.pkid },
        };
        room.send(Message {
            from: from.clone(),
            topic: ByteString::from(publish.topic),
            payload: publish.payload,
            again: publish.dup,
            will: false,
            receipt: Receipt::new(back),
        });
    }
}

fn options(broker: &Broker) -> Result<MqttOptions, String> {
    let wrong =
        |why: &dyn std::fmt::Display| format!("the broker's address: {why}; write mqtt://user:password@host:1883");
    let url = Url::parse(&broker.url).map_err(|error| wrong(&error))?;
    let secure = match url.scheme() {
        "mqtt" => false,
        "mqtts" => true,
        other => return Err(wrong(&format!("{other} is not known"))),
    };
    let host = url.host_str().filter(|it| !it.is_empty()).ok_or_else(|| wrong(&"the host is missing"))?;
    let port = url.port().unwrap_or(if secure { 8883 } else { 1883 });
    if broker.client.is_empty() {
        return Err("the client id at the broker is empty".into());
    }
    if let Some(topic) = broker.topics.iter().find(|it| !crate::topic::valid_filter(it)) {
        return Err(format!("{topic:?} is no filter of topics"));
    }
    if broker.topics.is_empty() {
        return Err("no topics are named to read at the broker".into());
    }
    let mut options = MqttOptions::new(&broker.client, host.trim_matches(['[', ']']), port);
    options
        .set_clean_session(false)
        .set_manual_acks(true)
        .set_keep_alive(Duration::from_secs(30))
        .set_max_packet_size(broker.packet_bytes, broker.packet_bytes);
    if !url.username().is_empty() {
        let password = url.password().unwrap_or_default();
        options.set_credentials(
            plain(url.username()).ok_or_else(|| wrong(&"the user is not UTF-8"))?,
            plain(password).ok_or_else(|| wrong(&"the password is not UTF-8"))?,
        );
    }
    if secure {
        options.set_transport(Transport::tls_with_config(roots(broker)?.into()));
    }
    Ok(options)
}

/// What stands percent-encoded in a URL.
fn plain(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, tail @ ..] = rest {
        let coded = match (first, tail) {
            (b'%', [high, low, ..]) => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|it| u8::from_str_radix(it, 16).ok())
            }
            _ => None,
        };
        bytes.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

fn roots(broker: &Broker) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    match &broker.authority {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let wrong = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(&error))? {
                let certificate = certificate.map_err(|error| wrong(&error))?;
                roots.add(certificate).map_err(|error| wrong(&error))?;
            }
            if roots.is_empty() {
                return Err(wrong(&"there is no certificate in it"));
            }
        }
    }
    Ok(ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
