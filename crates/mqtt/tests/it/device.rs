//! A device that says exactly what a test wants, in either version.

use std::num::NonZeroU16;
use std::time::Duration;

use bytes::BytesMut;
use rmqtt_codec::types::{Protocol, Publish, QoS};
use rmqtt_codec::{v3, v5};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::time::timeout;
use tokio_util::codec::{Decoder, Encoder};

pub struct Old<S = DuplexStream>(pub S, pub BytesMut, v3::Codec);
pub struct New<S = DuplexStream>(pub S, pub BytesMut, v5::Codec);

pub fn number(id: u16) -> NonZeroU16 {
    NonZeroU16::new(id).unwrap()
}

pub fn publish(topic: &str, payload: &str, qos: u8, id: u16) -> Publish {
    Publish {
        dup: false,
        retain: false,
        qos: QoS::try_from(qos).unwrap(),
        topic: topic.to_string().into(),
        packet_id: NonZeroU16::new(id),
        payload: payload.as_bytes().to_vec().into(),
        properties: None,
    }
}

pub fn again(mut publish: Publish) -> Publish {
    publish.dup = true;
    publish
}

pub fn old_connect(name: &str) -> v3::Connect {
    v3::Connect {
        protocol: Protocol(4),
        clean_session: true,
        keep_alive: 60,
        last_will: None,
        client_id: format!("id of {name}").into(),
        username: Some(name.to_string().into()),
        password: Some(format!("secret of {name}").into_bytes().into()),
        cert: None,
    }
}

pub fn new_connect(name: &str) -> v5::Connect {
    v5::Connect {
        clean_start: true,
        keep_alive: 60,
        client_id: format!("id of {name}").into(),
        username: Some(name.to_string().into()),
        password: Some(format!("secret of {name}").into_bytes().into()),
        ..Default::default()
    }
}

/// How long an answer may take; the clock of most tests does not run while everybody waits.
const SOON: Duration = Duration::from_secs(20);

impl<S: AsyncRead + AsyncWrite + Unpin> Old<S> {
    pub fn on(stream: S) -> Self {
        Self(stream, BytesMut::new(), v3::Codec::default())
    }

    pub async fn connected(stream: S, name: &str) -> Self {
        let mut it = Self::on(stream);
        it.say(old_connect(name)).await;
        let answer = it.hear().await;
        let return_code = v3::ConnectAckReason::ConnectionAccepted;
        assert_eq!(answer, Some(v3::Packet::ConnectAck(v3::ConnectAck { return_code, session_present: false })));
        it
    }

    pub async fn say(&mut self, packet: impl Into<v3::Packet>) {
        let mut out = BytesMut::new();
        self.2.encode(packet.into(), &mut out).unwrap();
        self.0.write_all(&out).await.unwrap();
    }

    pub async fn publish(&mut self, publish: Publish) {
        self.say(v3::Packet::from(publish)).await;
    }

    /// The next packet; nothing when the connection has been closed.
    pub async fn hear(&mut self) -> Option<v3::Packet> {
        loop {
            if let Some((packet, _)) = self.2.decode(&mut self.1).unwrap() {
                return Some(packet);
            }
            match timeout(SOON, self.0.read_buf(&mut self.1)).await.expect("an answer in time") {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Nothing is said.
    pub async fn silence(&mut self) {
        assert!(self.1.is_empty(), "{:?}", self.1);
        let heard = timeout(Duration::from_millis(50), self.0.read_buf(&mut self.1)).await;
        assert!(heard.is_err(), "{heard:?} {:?}", self.1);
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> New<S> {
    pub fn on(stream: S) -> Self {
        Self(stream, BytesMut::new(), v5::Codec::default())
    }

    pub async fn connected(stream: S, name: &str) -> Self {
        let mut it = Self::on(stream);
        let ack = it.greeted(new_connect(name)).await;
        assert_eq!(ack.reason_code, v5::ConnectAckReason::Success);
        it
    }

    pub async fn greeted(&mut self, connect: v5::Connect) -> v5::ConnectAck {
        self.say(connect).await;
        match self.hear().await {
            Some(v5::Packet::ConnectAck(ack)) => *ack,
            other => panic!("{other:?}"),
        }
    }

    pub async fn say(&mut self, packet: impl Into<v5::Packet>) {
        let mut out = BytesMut::new();
        self.2.encode(packet.into(), &mut out).unwrap();
        self.0.write_all(&out).await.unwrap();
    }

    pub async fn publish(&mut self, publish: Publish) {
        self.say(v5::Packet::from(publish)).await;
    }

    pub async fn hear(&mut self) -> Option<v5::Packet> {
        loop {
            if let Some((packet, _)) = self.2.decode(&mut self.1).unwrap() {
                return Some(packet);
            }
            match timeout(SOON, self.0.read_buf(&mut self.1)).await.expect("an answer in time") {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The reason with which the connection is closed.
    pub async fn farewell(&mut self) -> v5::DisconnectReasonCode {
        match self.hear().await {
            Some(v5::Packet::Disconnect(it)) => {
                assert_eq!(self.hear().await, None);
                it.reason_code
            }
            other => panic!("{other:?}"),
        }
    }

    pub async fn silence(&mut self) {
        assert!(self.1.is_empty(), "{:?}", self.1);
        let heard = timeout(Duration::from_millis(50), self.0.read_buf(&mut self.1)).await;
        assert!(heard.is_err(), "{heard:?} {:?}", self.1);
    }
}
