//! The first packet: who connects, and whether it is let in.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use bytes::BytesMut;
use bytestring::ByteString;
use rmqtt_codec::error::DecodeError;
use rmqtt_codec::version::{ProtocolVersion, VersionCodec};
use rmqtt_codec::{v3, v5};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_util::codec::Decoder;

use crate::ear::Ear;
use crate::end::End;
use crate::house::{House, Login, Refusal};
use crate::line::Line;
use crate::topic::valid_topic;
use crate::wire::{Connect, Packet, Rejection, Welcome, Will, Wire};

/// CONNACK of MQTT 3 that says: not this version of the protocol.
const OTHER_VERSION: [u8; 4] = [0x20, 2, 0, 1];
/// How CONNECT begins after its length.
const NAME: &[u8] = b"\0\x04MQTT";

/// Somebody who has been let in.
pub(crate) struct Hello<D> {
    pub device: Arc<D>,
    pub user: Option<ByteString>,
    pub client: ByteString,
    pub line: Arc<Line>,
    pub wire: Wire,
    /// What came after the first packet.
    pub buffer: BytesMut,
    /// How long it may be silent.
    pub silence: Duration,
    pub will: Option<Will>,
    /// The greatest packet it takes.
    pub packet_bytes: usize,
    /// It wants nothing of an earlier session.
    pub clean: bool,
    /// How long its session outlives the connection.
    pub lasts: Duration,
    /// What it is told next.
    pub welcome: Welcome,
}

/// Reads the first packet. Nothing where the connection is to be closed; a refusal has been said then.
pub(crate) async fn hello<H: House, S>(ear: &Ear<H>, stream: &mut S, address: IpAddr) -> Option<Hello<H::Device>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut buffer = BytesMut::new();
    let mut out = BytesMut::new();
    let mut wire = version(ear, stream, &mut buffer).await?;
    let connect = match first(&mut wire, stream, &mut buffer).await? {
        Ok(connect) => connect,
        Err(why) => {
            wire.reject(&mut out, &why);
            say(stream, &out).await;
            ear.tally.refused.fetch_add(1, Relaxed);
            return None;
        }
    };
    match admit(ear, &connect, address).await {
        Ok((device, client)) => {
            let limits = &ear.limits;
            let ours = u16::try_from(limits.silence.as_secs() * 2 / 3).unwrap_or(u16::MAX);
            let asked = connect.keep_alive;
            let lasts = connect.lasts.min(limits.session_lasts);
            let welcome = Welcome {
                resumed: false,
                client: connect.client.is_empty().then(|| client.clone()),
                in_flight: limits.in_flight,
                packet_bytes: limits.packet_bytes,
                keep_alive: (asked == 0 || ours < asked).then_some(ours),
                lasts: (lasts != connect.lasts).then_some(lasts),
            };
            Some(Hello {
                device: Arc::new(device),
                user: connect.user,
                client,
                line: Arc::default(),
                wire,
                buffer,
                silence: silence(asked, limits.silence),
                will: connect.will,
                packet_bytes: connect.packet_bytes.and_then(|it| usize::try_from(it).ok()).unwrap_or(usize::MAX),
                clean: connect.clean,
                lasts,
                welcome,
            })
        }
        Err(why) => {
            wire.reject(&mut out, &why);
            say(stream, &out).await;
            ear.tally.refused.fetch_add(1, Relaxed);
            None
        }
    }
}

/// One and a half times what the device promised, by the standard; never longer than we allow.
fn silence(keep_alive: u16, longest: Duration) -> Duration {
    match keep_alive {
        0 => longest,
        seconds => (Duration::from_secs(u64::from(seconds)) * 3 / 2).min(longest),
    }
}

/// Which version it speaks.
async fn version<H: House, S>(ear: &Ear<H>, stream: &mut S, buffer: &mut BytesMut) -> Option<Wire>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let bytes = ear.limits.packet_bytes;
    loop {
        match VersionCodec.decode(buffer) {
            Ok(Some(ProtocolVersion::MQTT3)) => return Some(Wire::V3(v3::Codec::new(bytes))),
            Ok(Some(ProtocolVersion::MQTT5)) => return Some(Wire::V5(v5::Codec::new(bytes, 0))),
            Ok(None) => more(stream, buffer).await?,
            Err(error) => {
                let other_version = matches!(error, DecodeError::InvalidProtocol)
                    && buffer.windows(NAME.len()).take(4).any(|it| it == NAME);
                if other_version {
                    say(stream, &OTHER_VERSION).await;
                }
                ear.tally.refused.fetch_add(1, Relaxed);
                return None;
            }
        }
    }
}

/// The first packet, or what is wrong with it.
async fn first<S>(wire: &mut Wire, stream: &mut S, buffer: &mut BytesMut) -> Option<Result<Box<Connect>, Rejection>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    loop {
        match wire.read(buffer) {
            Ok(Some(Packet::Connect(connect))) => return Some(Ok(connect)),
            Ok(Some(_)) => return None,
            Ok(None) => more(stream, buffer).await?,
            Err(DecodeError::InvalidClientId) => return Some(Err(Rejection::ClientId)),
            Err(error) => {
                return Some(Err(match End::from(error) {
                    End::TooLarge => Rejection::TooLarge,
                    End::Protocol(_) => Rejection::Protocol,
                    _ => Rejection::Malformed,
                }));
            }
        }
    }
}

async fn admit<H: House>(
    ear: &Ear<H>,
    connect: &Connect,
    address: IpAddr,
) -> Result<(H::Device, ByteString), Rejection> {
    if connect.stepwise {
        return Err(Rejection::Stepwise);
    }
    if connect.client.contains('\0') {
        return Err(Rejection::ClientId);
    }
    let client = match connect.client.is_empty() {
        true => made_up(),
        false => connect.client.clone(),
    };
    let (user, password) = (connect.user.clone(), connect.password.clone());
    let login = Login { client: client.clone(), user, password, address, level: connect.level };
    let device = ear.house.admit(&login).await.map_err(Rejection::Refused)?;
    match &connect.will {
        Some(will) if !valid_topic(&will.topic) => Err(Rejection::WrongTopic),
        Some(will) if !ear.house.may_publish(&device, &will.topic) => Err(Rejection::Refused(Refusal::NotAllowed)),
        _ => Ok((device, client)),
    }
}

/// A client id for a device that has none. It only has to differ from those of the others connected now.
fn made_up() -> ByteString {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("yiyang-{}", NEXT.fetch_add(1, Relaxed)).into()
}

/// Reads on; nothing when the other side is gone.
async fn more<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut BytesMut) -> Option<()> {
    buffer.reserve(512);
    matches!(stream.read_buf(buffer).await, Ok(1..)).then_some(())
}

/// Says it; whether it is heard shows at the next read.
async fn say<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) {
    if let Err(error) = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    }
    .await
    {
        tracing::debug!(%error, "mqtt: the device left before it was answered");
    }
}
