//! Whatever is sent, the connection ends in order: no panic, no answer to what was not kept, no answer longer than the question.

use std::time::Duration;

use bytes::BytesMut;
use proptest::prelude::*;
use proptest::sample::Index;
use rmqtt_codec::types::{Publish, QoS};
use rmqtt_codec::v5::PublishProperties;
use rmqtt_codec::{v3, v5};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::time::timeout;
use tokio_util::codec::Encoder;

use crate::device::{new_connect, number, old_connect};
use crate::home::{place, usual};
use mqtt::Limits;

/// Says these bytes in pieces, hangs up, and reads what was answered.
fn say(pieces: Vec<Vec<u8>>) -> (Vec<u8>, u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async move {
        let mut place =
            place(Limits { packet_bytes: 4_096, in_flight: 10, packets_per_second: 500, ..Limits::default() }, 4);
        let (theirs, ours) = duplex(1 << 20);
        let attended = place.attend(ours);
        let ear = place.ear.clone();
        let taker = tokio::spawn(async move {
            while let Some(batch) = place.inbox.batch(3).await {
                mqtt::taken(batch);
            }
        });
        let (mut read, mut write) = tokio::io::split(theirs);
        for piece in pieces {
            if write.write_all(&piece).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(write.shutdown().await);
        let mut answer = Vec::new();
        timeout(Duration::from_secs(7_200), read.read_to_end(&mut answer)).await.expect("an end").expect("a duplex");
        attended.await.expect("no panic");
        let counts = ear.counts();
        assert_eq!(counts.connected, 0);
        assert!(counts.acknowledged <= counts.received);
        taker.abort();
        (answer, counts.received)
    })
}

fn old(packet: impl Into<v3::Packet>) -> Vec<u8> {
    let mut out = BytesMut::new();
    v3::Codec::default().encode(packet.into(), &mut out).unwrap();
    out.to_vec()
}

fn new(packet: impl Into<v5::Packet>) -> Vec<u8> {
    let mut out = BytesMut::new();
    v5::Codec::default().encode(packet.into(), &mut out).unwrap();
    out.to_vec()
}

fn a_publish(version_5: bool) -> impl Strategy<Value = Publish> {
    let topics = prop::sample::select(vec!["up/scale/1", "up/scale/体温", "up/cuff/1", "", "#", "up/scale/a/b/c"]);
    let alias = prop::option::of(0u16..20);
    (topics, 0u8..3, 1u16..9, any::<bool>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..200), alias).prop_map(
        move |(topic, qos, id, dup, retain, payload, alias)| {
            let alias = alias.and_then(std::num::NonZeroU16::new);
            let properties = PublishProperties {
                topic_alias: alias,
                user_properties: vec![("site".into(), "7".into())],
                content_type: Some("json".into()),
                ..Default::default()
            };
            Publish {
                dup,
                retain,
                qos: QoS::try_from(qos).unwrap(),
                topic: topic.into(),
                packet_id: (0 < qos).then(|| number(id)),
                payload: payload.into(),
                properties: version_5.then_some(properties),
            }
        },
    )
}

fn old_packet() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => a_publish(false).prop_map(|it| if it.topic.is_empty() { old(v3::Packet::PingRequest) } else { old(v3::Packet::from(it)) }),
        2 => (1u16..9).prop_map(|id| old(v3::Packet::PublishRelease { packet_id: number(id) })),
        1 => (1u16..9).prop_map(|id| old(v3::Packet::PublishAck { packet_id: number(id) })),
        1 => Just(old(v3::Packet::PingRequest)),
        1 => Just(old(v3::Packet::Disconnect)),
        1 => Just(old(old_connect("scale"))),
        1 => prop::sample::select(vec!["down/scale/1", "#", "down/scale/#/+", "$share/a/b"]).prop_map(|it| {
            old(v3::Packet::Subscribe { packet_id: number(3), topic_filters: vec![(it.into(), QoS::ExactlyOnce); 3] })
        }),
        1 => Just(old(v3::Packet::Unsubscribe { packet_id: number(3), topic_filters: vec!["a".into(), "down/scale/1".into()] })),
    ]
}

fn new_packet() -> impl Strategy<Value = Vec<u8>> {
    let ack = |id, code| v5::PublishAck2 {
        packet_id: number(id),
        reason_code: code,
        properties: vec![],
        reason_string: None,
    };
    prop_oneof![
        8 => a_publish(true).prop_map(|it| new(v5::Packet::from(it))),
        2 => (1u16..9).prop_map(move |id| new(v5::Packet::PublishRelease(ack(id, v5::PublishAck2Reason::Success)))),
        1 => Just(new(v5::Packet::PingRequest)),
        1 => Just(new(v5::Disconnect::new(v5::DisconnectReasonCode::DisconnectWithWillMessage))),
        1 => Just(new(v5::Auth::default())),
        1 => Just(new(new_connect("scale"))),
        1 => prop::sample::select(vec!["down/scale/1", "#", "down/scale/#/+", "$share/a/b"]).prop_map(|it| {
            let filters = vec![(it.into(), v5::SubscriptionOptions::default()); 3];
            new(v5::Subscribe { packet_id: number(3), id: None, user_properties: vec![], topic_filters: filters })
        }),
        1 => Just(new(v5::Unsubscribe { packet_id: number(3), user_properties: vec![], topic_filters: vec!["a".into()] })),
    ]
}

/// Some bytes are others, some are missing, some are too many.
fn damaged(mut frames: Vec<u8>, damages: &[(Index, u8, u8)]) -> Vec<u8> {
    for (place, kind, byte) in damages {
        if frames.is_empty() {
            break;
        }
        let place = place.index(frames.len());
        match kind % 4 {
            0 => frames[place] = *byte,
            1 => frames[place] ^= 1 << (byte % 8),
            2 => drop(frames.remove(place)),
            _ => frames.insert(place, *byte),
        }
    }
    frames
}

fn pieces(bytes: &[u8], cuts: &[Index]) -> Vec<Vec<u8>> {
    let mut at: Vec<usize> = cuts.iter().map(|it| it.index(bytes.len() + 1)).chain([0, bytes.len()]).collect();
    at.sort_unstable();
    at.windows(2).map(|it| bytes[it[0]..it[1]].to_vec()).collect()
}

fn damages() -> impl Strategy<Value = Vec<(Index, u8, u8)>> {
    prop::collection::vec((any::<Index>(), any::<u8>(), any::<u8>()), 0..6)
}

fn cuts() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 0..8)
}

/// How many times each is tried; more with `PROPTEST_CASES`.
fn often() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(1_500), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(often())]

    #[test]
    fn random_bytes_are_answered_with_nothing_but_an_end(bytes in prop::collection::vec(any::<u8>(), 0..600), cuts in cuts()) {
        let (answer, received) = say(pieces(&bytes, &cuts));
        prop_assert!(answer.len() <= 4 && received == 0);
    }

    #[test]
    fn random_bytes_after_a_greeting_end_the_connection(
        version_5 in any::<bool>(),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        cuts in cuts(),
    ) {
        let hello = if version_5 { new(new_connect("scale")) } else { old(old_connect("scale")) };
        let (answer, _) = say(pieces(&[hello, bytes].concat(), &cuts));
        prop_assert_eq!(answer[0], 0x20);
    }

    #[test]
    fn damaged_frames_of_version_3_end_in_order(
        frames in prop::collection::vec(old_packet(), 0..20),
        damages in damages(),
        greeted in any::<bool>(),
        cuts in cuts(),
    ) {
        let (hello, rest) = (old(old_connect("scale")), frames.concat());
        let bytes = match greeted {
            true => [hello, damaged(rest, &damages)].concat(),
            false => damaged([hello, rest].concat(), &damages),
        };
        let (answer, _) = say(pieces(&bytes, &cuts));
        prop_assert!(answer.len() <= 100 + bytes.len());
    }

    #[test]
    fn damaged_frames_of_version_5_end_in_order(
        frames in prop::collection::vec(new_packet(), 0..20),
        damages in damages(),
        greeted in any::<bool>(),
        cuts in cuts(),
    ) {
        let (hello, rest) = (new(new_connect("scale")), frames.concat());
        let bytes = match greeted {
            true => [hello, damaged(rest, &damages)].concat(),
            false => damaged([hello, rest].concat(), &damages),
        };
        let (answer, _) = say(pieces(&bytes, &cuts));
        prop_assert!(answer.len() <= 100 + 3 * bytes.len());
    }
}

/// What chance rarely finds: lengths that promise what never comes, and the greatest ones.
#[tokio::test(start_paused = true)]
async fn a_length_that_promises_much_takes_no_memory() {
    let place = usual();
    let mut line = place.line();
    line.write_all(b"\x10\xff\xff\xff\x7f\0\x04MQTT\x05\x02\0\x3c").await.unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer[..4], [0x20, 3, 0, 0x95]);
}
