//! The packets of both versions of the protocol as one.

use std::num::NonZeroU16;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use bytestring::ByteString;
use rmqtt_codec::error::DecodeError;
use rmqtt_codec::types::{Publish, QoS};
use rmqtt_codec::{v3, v5};
use tokio_util::codec::{Decoder, Encoder};

use crate::end::End;
use crate::house::Refusal;

/// What a device may name instead of writing its topic out again (MQTT 5).
pub(crate) const ALIASES: u16 = 16;

/// One side of a connection: the codec of its version.
pub(crate) enum Wire {
    V3(v3::Codec),
    V5(v5::Codec),
}

/// What a device sends.
pub(crate) enum Packet {
    Connect(Box<Connect>),
    Publish(Box<Publish>),
    /// PUBREL.
    Release(NonZeroU16),
    Subscribe {
        packet: NonZeroU16,
        filters: Vec<ByteString>,
        /// Each message is to carry a number of the device's choice, which we said we do not do.
        numbered: bool,
    },
    Unsubscribe {
        packet: NonZeroU16,
        filters: Vec<ByteString>,
    },
    Ping,
    Goodbye {
        with_will: bool,
        /// How long its session is to last now (MQTT 5).
        lasts: Option<Duration>,
    },
    /// A packet that only a server sends, or an answer to a question we never ask.
    Stray,
}

/// What a device says first, whatever its version.
pub(crate) struct Connect {
    pub level: u8,
    pub client: ByteString,
    pub user: Option<ByteString>,
    pub password: Option<Bytes>,
    /// Seconds; 0 for none.
    pub keep_alive: u16,
    pub will: Option<Will>,
    /// It wants to prove who it is in steps (MQTT 5), which we do not know.
    pub stepwise: bool,
    /// It wants nothing of an earlier session.
    pub clean: bool,
    /// How long its session is to outlive the connection.
    pub lasts: Duration,
    /// The greatest packet it takes.
    pub packet_bytes: Option<u32>,
}

/// What a device leaves to be said when its connection breaks.
#[derive(Clone)]
pub(crate) struct Will {
    pub topic: ByteString,
    pub payload: Bytes,
    /// How long it is waited for the device to come back first.
    pub delay: Duration,
}

/// What a device is told when it is let in.
pub(crate) struct Welcome {
    /// Its session has been remembered.
    pub resumed: bool,
    /// The client id we gave it.
    pub client: Option<ByteString>,
    pub in_flight: u16,
    pub packet_bytes: u32,
    /// Seconds, where we want another keep-alive than it said.
    pub keep_alive: Option<u16>,
    /// How long its session lasts, where it asked for another time.
    pub lasts: Option<Duration>,
}

/// Why a device is not let in: its refusal or a packet that is wrong.
pub(crate) enum Rejection {
    Refused(Refusal),
    ClientId,
    Stepwise,
    WrongTopic,
    Malformed,
    Protocol,
    TooLarge,
}

/// What becomes of one filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Granted {
    Yes,
    NotAllowed,
    Invalid,
    TooMany,
    Shared,
}

impl Wire {
    /// The next packet, where it is whole.
    pub fn read(&mut self, buffer: &mut BytesMut) -> Result<Option<Packet>, DecodeError> {
        Ok(match self {
            Self::V3(codec) => codec.decode(buffer)?.map(|(packet, _)| from_v3(packet)),
            Self::V5(codec) => codec.decode(buffer)?.map(|(packet, _)| from_v5(packet)),
        })
    }

    pub fn is_v5(&self) -> bool {
        matches!(self, Self::V5(_))
    }

    pub fn welcome(&mut self, out: &mut BytesMut, welcome: Welcome) {
        match self {
            Self::V3(codec) => {
                let return_code = v3::ConnectAckReason::ConnectionAccepted;
                let ack = v3::ConnectAck { return_code, session_present: welcome.resumed };
                put(codec, out, v3::Packet::ConnectAck(ack));
            }
            Self::V5(codec) => {
                let ack = v5::ConnectAck {
                    session_present: welcome.resumed,
                    session_expiry_interval_secs: welcome
                        .lasts
                        .map(|it| u32::try_from(it.as_secs()).unwrap_or(u32::MAX)),
                    receive_max: NonZeroU16::new(welcome.in_flight).unwrap_or(NonZeroU16::MIN),
                    max_packet_size: Some(welcome.packet_bytes.saturating_add(5)),
                    assigned_client_id: welcome.client,
                    topic_alias_max: ALIASES,
                    subscription_identifiers_available: false,
                    shared_subscription_available: false,
                    server_keepalive_sec: welcome.keep_alive,
                    ..Default::default()
                };
                put(codec, out, v5::Packet::from(ack));
            }
        }
    }

    pub fn reject(&mut self, out: &mut BytesMut, why: &Rejection) {
        use v3::ConnectAckReason as Old;
        use v5::ConnectAckReason as New;
        let (old, new) = match why {
            Rejection::Refused(Refusal::WrongLogin) => (Some(Old::BadUserNameOrPassword), New::BadUserNameOrPassword),
            Rejection::Refused(Refusal::NotAllowed) => (Some(Old::NotAuthorized), New::NotAuthorized),
            Rejection::Refused(Refusal::Unavailable) => (Some(Old::ServiceUnavailable), New::ServerUnavailable),
            Rejection::ClientId => (Some(Old::IdentifierRejected), New::ClientIdentifierNotValid),
            Rejection::Stepwise => (None, New::BadAuthenticationMethod),
            Rejection::WrongTopic => (None, New::TopicNameInvalid),
            Rejection::Malformed => (None, New::MalformedPacket),
            Rejection::Protocol => (None, New::ProtocolError),
            Rejection::TooLarge => (None, New::PacketTooLarge),
        };
        match self {
            Self::V3(codec) => {
                if let Some(return_code) = old {
                    put(codec, out, v3::Packet::ConnectAck(v3::ConnectAck { return_code, session_present: false }));
                }
            }
            Self::V5(codec) => {
                put(codec, out, v5::Packet::from(v5::ConnectAck { reason_code: new, ..Default::default() }));
            }
        }
    }

    /// PUBACK, or PUBREC of a message that is to come exactly once.
    pub fn acknowledge(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, exactly_once: bool, allowed: bool) {
        match self {
            Self::V3(codec) => put(
                codec,
                out,
                match exactly_once {
                    true => v3::Packet::PublishReceived { packet_id },
                    false => v3::Packet::PublishAck { packet_id },
                },
            ),
            Self::V5(codec) => {
                let reason_code = match allowed {
                    true => v5::PublishAckReason::Success,
                    false => v5::PublishAckReason::NotAuthorized,
                };
                let ack = v5::PublishAck { packet_id, reason_code, properties: Vec::new(), reason_string: None };
                put(
                    codec,
                    out,
                    match exactly_once {
                        true => v5::Packet::PublishReceived(ack),
                        false => v5::Packet::PublishAck(ack),
                    },
                );
            }
        }
    }

    /// PUBCOMP.
    pub fn complete(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, known: bool) {
        match self {
            Self::V3(codec) => put(codec, out, v3::Packet::PublishComplete { packet_id }),
            Self::V5(codec) => {
                let reason_code = match known {
                    true => v5::PublishAck2Reason::Success,
                    false => v5::PublishAck2Reason::PacketIdNotFound,
                };
                let ack = v5::PublishAck2 { packet_id, reason_code, properties: Vec::new(), reason_string: None };
                put(codec, out, v5::Packet::PublishComplete(ack));
            }
        }
    }

    /// SUBACK.
    pub fn granted(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, granted: &[Granted]) {
        match self {
            Self::V3(codec) => {
                let code = |it: &Granted| match it {
                    Granted::Yes => v3::SubscribeReturnCode::Success(QoS::AtMostOnce),
                    _ => v3::SubscribeReturnCode::Failure,
                };
                put(codec, out, v3::Packet::SubscribeAck { packet_id, status: granted.iter().map(code).collect() });
            }
            Self::V5(codec) => {
                let code = |it: &Granted| match it {
                    Granted::Yes => v5::SubscribeAckReason::GrantedQos0,
                    Granted::NotAllowed => v5::SubscribeAckReason::NotAuthorized,
                    Granted::Invalid => v5::SubscribeAckReason::TopicFilterInvalid,
                    Granted::TooMany => v5::SubscribeAckReason::QuotaExceeded,
                    Granted::Shared => v5::SubscribeAckReason::SharedSubscriptionNotSupported,
                };
                let status = granted.iter().map(code).collect();
                let ack = v5::SubscribeAck { packet_id, properties: Vec::new(), reason_string: None, status };
                put(codec, out, v5::Packet::from(ack));
            }
        }
    }

    /// UNSUBACK; whether each filter had been asked for.
    pub fn dropped(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, known: &[bool]) {
        match self {
            Self::V3(codec) => put(codec, out, v3::Packet::UnsubscribeAck { packet_id }),
            Self::V5(codec) => {
                let code = |known: &bool| match known {
                    true => v5::UnsubscribeAckReason::Success,
                    false => v5::UnsubscribeAckReason::NoSubscriptionExisted,
                };
                let status = known.iter().map(code).collect();
                let ack = v5::UnsubscribeAck { packet_id, properties: Vec::new(), reason_string: None, status };
                put(codec, out, v5::Packet::from(ack));
            }
        }
    }

    /// PINGRESP.
    pub fn pong(&mut self, out: &mut BytesMut) {
        match self {
            Self::V3(codec) => put(codec, out, v3::Packet::PingResponse),
            Self::V5(codec) => put(codec, out, v5::Packet::PingResponse),
        }
    }

    /// A message to the device, at most once.
    pub fn publish(&mut self, out: &mut BytesMut, topic: ByteString, payload: Bytes) {
        let qos = QoS::AtMostOnce;
        let publish = Publish { dup: false, retain: false, qos, topic, packet_id: None, payload, properties: None };
        match self {
            Self::V3(codec) => put(codec, out, v3::Packet::from(publish)),
            Self::V5(codec) => put(codec, out, v5::Packet::from(publish)),
        }
    }

    /// DISCONNECT with its reason, which only MQTT 5 knows.
    pub fn goodbye(&mut self, out: &mut BytesMut, end: &End) {
        if let (Self::V5(codec), Some(code)) = (self, end.code()) {
            put(codec, out, v5::Packet::from(v5::Disconnect::new(code)));
        }
    }
}

/// What we write is built here from what fits, so a codec that refuses it would be a mistake of ours; nothing of it is sent then.
fn put<C: Encoder<P>, P>(codec: &mut C, out: &mut BytesMut, packet: P)
where
    C::Error: std::fmt::Debug,
{
    let before = out.len();
    if let Err(error) = codec.encode(packet, out) {
        out.truncate(before);
        tracing::error!(?error, "mqtt: an answer could not be written");
    }
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(count.into())
}

fn from_v3(packet: v3::Packet) -> Packet {
    match packet {
        v3::Packet::Connect(it) => Packet::Connect(Box::new(Connect {
            level: it.protocol.level(),
            client: it.client_id,
            user: it.username,
            password: it.password,
            keep_alive: it.keep_alive,
            will: it.last_will.map(|it| Will { topic: it.topic, payload: it.message, delay: Duration::ZERO }),
            stepwise: false,
            clean: it.clean_session,
            lasts: if it.clean_session { Duration::ZERO } else { seconds(u32::MAX) },
            packet_bytes: None,
        })),
        v3::Packet::Publish(it) => Packet::Publish(it),
        v3::Packet::PublishRelease { packet_id } => Packet::Release(packet_id),
        v3::Packet::Subscribe { packet_id: packet, topic_filters } => {
            let filters = topic_filters.into_iter().map(|(filter, _)| filter).collect();
            Packet::Subscribe { packet, filters, numbered: false }
        }
        v3::Packet::Unsubscribe { packet_id: packet, topic_filters: filters } => {
            Packet::Unsubscribe { packet, filters }
        }
        v3::Packet::PingRequest => Packet::Ping,
        v3::Packet::Disconnect => Packet::Goodbye { with_will: false, lasts: None },
        _ => Packet::Stray,
    }
}

fn from_v5(packet: v5::Packet) -> Packet {
    match packet {
        v5::Packet::Connect(it) => Packet::Connect(Box::new(Connect {
            level: 5,
            client: it.client_id,
            user: it.username,
            password: it.password,
            keep_alive: it.keep_alive,
            will: it.last_will.map(|it| Will {
                topic: it.topic,
                payload: it.message,
                delay: seconds(it.will_delay_interval_sec.unwrap_or_default()),
            }),
            stepwise: it.auth_method.is_some(),
            clean: it.clean_start,
            lasts: seconds(it.session_expiry_interval_secs),
            packet_bytes: it.max_packet_size.map(Into::into),
        })),
        v5::Packet::Publish(it) => Packet::Publish(it),
        v5::Packet::PublishRelease(it) => Packet::Release(it.packet_id),
        v5::Packet::Subscribe(it) => {
            let filters = it.topic_filters.into_iter().map(|(filter, _)| filter).collect();
            Packet::Subscribe { packet: it.packet_id, filters, numbered: it.id.is_some() }
        }
        v5::Packet::Unsubscribe(it) => Packet::Unsubscribe { packet: it.packet_id, filters: it.topic_filters },
        v5::Packet::PingRequest => Packet::Ping,
        v5::Packet::Disconnect(it) => {
            let with_will = it.reason_code == v5::DisconnectReasonCode::DisconnectWithWillMessage;
            Packet::Goodbye { with_will, lasts: it.session_expiry_interval_secs.map(seconds) }
        }
        _ => Packet::Stray,
    }
}
