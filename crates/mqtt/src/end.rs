//! Why a connection ended, in words and in the protocol's codes.

use std::fmt;

use rmqtt_codec::error::DecodeError;
use rmqtt_codec::v5::{DisconnectReasonCode as Code, ToReasonCode};

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The device said goodbye.
    Left,
    /// The device said goodbye and wants its will to be known (MQTT 5).
    LeftWithWill,
    /// The connection broke.
    Lost,
    /// Nothing was heard for one and a half times of what the device promised.
    Silent,
    /// Our answers were not read in time.
    Deaf,
    /// The same device connected anew.
    TakenOver,
    /// We closed it, for instance because its secret is another now.
    Closed,
    /// We stop.
    Stopped,
    /// What it sent could not be kept; it will send it again.
    NotKept,
    /// It sent what is no MQTT.
    Malformed(&'static str),
    /// It broke a rule of MQTT.
    Protocol(&'static str),
    /// A packet was too large.
    TooLarge,
    /// It spoke about a topic that is not its own.
    NotAllowed,
    /// A topic or a filter that is none.
    WrongTopic,
    /// An alias of a topic beyond those agreed on.
    WrongAlias,
    /// It sent more at once than was agreed on.
    TooMany,
    /// It waits for more than we allow.
    Quota,
}

impl End {
    /// Whether the will of the device becomes known: it went without goodbye, and not because we stop.
    pub(crate) fn wants_will(&self) -> bool {
        !matches!(self, Self::Left | Self::Stopped | Self::NotKept)
    }

    /// Whether it is what the device sent.
    pub(crate) fn is_fault(&self) -> bool {
        matches!(
            self,
            Self::Malformed(_)
                | Self::Protocol(_)
                | Self::TooLarge
                | Self::NotAllowed
                | Self::WrongTopic
                | Self::WrongAlias
                | Self::TooMany
                | Self::Quota
        )
    }

    /// What is said to the device before the connection is closed; nothing where it cannot hear it.
    pub(crate) fn code(&self) -> Option<Code> {
        Some(match self {
            Self::Left | Self::LeftWithWill | Self::Lost | Self::Deaf => return None,
            Self::Silent => Code::KeepAliveTimeout,
            Self::TakenOver => Code::SessionTakenOver,
            Self::Closed => Code::AdministrativeAction,
            Self::Stopped => Code::ServerShuttingDown,
            Self::NotKept => Code::ServerBusy,
            Self::Malformed(_) => Code::MalformedPacket,
            Self::Protocol(_) => Code::ProtocolError,
            Self::TooLarge => Code::PacketTooLarge,
            Self::NotAllowed => Code::NotAuthorized,
            Self::WrongTopic => Code::TopicNameInvalid,
            Self::WrongAlias => Code::TopicAliasInvalid,
            Self::TooMany => Code::ReceiveMaximumExceeded,
            Self::Quota => Code::QuotaExceeded,
        })
    }
}

impl From<DecodeError> for End {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::MaxSizeExceeded { .. } => Self::TooLarge,
            DecodeError::InvalidTopicName | DecodeError::InvalidTopicFilter => Self::WrongTopic,
            DecodeError::UnsupportedPacketType => Self::Malformed("no packet has this type and these flags"),
            DecodeError::Utf8Error => Self::Malformed("a text is not UTF-8"),
            other if other.to_reason_code() == Code::ProtocolError => Self::Protocol("a flag that must not be set is"),
            _ => Self::Malformed("a packet does not have the fields of its type"),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Left => "it said goodbye",
            Self::LeftWithWill => "it said goodbye with its will",
            Self::Lost => "the connection broke",
            Self::Silent => "nothing was heard within the keep-alive",
            Self::Deaf => "it did not read our answers",
            Self::TakenOver => "it connected anew",
            Self::Closed => "we closed the connection",
            Self::Stopped => "we stop",
            Self::NotKept => "what it sent could not be kept",
            Self::Malformed(what) | Self::Protocol(what) => what,
            Self::TooLarge => "a packet was too large",
            Self::NotAllowed => "the topic is not its own",
            Self::WrongTopic => "the topic is none",
            Self::WrongAlias => "an alias beyond those agreed on",
            Self::TooMany => "more messages at once than agreed on",
            Self::Quota => "more than one connection may ask for",
        })
    }
}
