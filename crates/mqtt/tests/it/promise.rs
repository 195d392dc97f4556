//! What an acknowledgement promises.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use mqtt::End;
use rmqtt_codec::{v3, v5};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};

use crate::device::{New, Old, again, number, publish};
use crate::home::usual;

#[tokio::test(start_paused = true)]
async fn an_acknowledgement_waits_until_the_message_is_taken() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "71.5", 1, 7)).await;
    let message = place.next().await;
    assert_eq!((&*message.topic, &*message.payload, message.again), ("up/scale/1", &b"71.5"[..], false));
    assert_eq!(message.from.0, "scale");
    device.silence().await;
    message.receipt.taken();
    assert_eq!(device.hear().await, Some(v3::Packet::PublishAck { packet_id: number(7) }));
    assert_eq!(place.ear.counts().acknowledged, 1);
}

#[tokio::test(start_paused = true)]
async fn an_acknowledgement_waits_in_version_5_too() {
    let mut place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "71.5", 1, 7)).await;
    let message = place.next().await;
    device.silence().await;
    message.receipt.taken();
    match device.hear().await {
        Some(v5::Packet::PublishAck(ack)) => {
            assert_eq!((ack.packet_id, ack.reason_code), (number(7), v5::PublishAckReason::Success));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_is_not_acknowledged_and_ends_the_connection() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "71.5", 1, 7)).await;
    drop(place.next().await);
    assert_eq!(device.hear().await, None);
    assert_eq!(place.end().await, End::NotKept);
    assert_eq!(place.ear.counts().acknowledged, 0);
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(again(publish("up/scale/1", "71.5", 1, 7))).await;
    let message = place.next().await;
    assert!(message.again);
    drop(message);
    assert_eq!(device.farewell().await, v5::DisconnectReasonCode::ServerBusy);
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_keeps_later_ones_of_its_batch_from_being_acknowledged_first() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "a", 1, 1)).await;
    device.publish(publish("up/scale/1", "b", 1, 2)).await;
    let (first, second) = (place.next().await, place.next().await);
    drop(first);
    second.receipt.taken();
    assert_eq!(device.hear().await, None);
}

#[tokio::test(start_paused = true)]
async fn acknowledgements_go_out_in_the_order_of_the_messages() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    for id in [4, 2, 9] {
        device.publish(publish("up/scale/1", "x", 1, id)).await;
    }
    let (a, b, c) = (place.next().await, place.next().await, place.next().await);
    c.receipt.taken();
    b.receipt.taken();
    device.silence().await;
    a.receipt.taken();
    for id in [4, 2, 9] {
        assert_eq!(device.hear().await, Some(v3::Packet::PublishAck { packet_id: number(id) }));
    }
}

#[tokio::test(start_paused = true)]
async fn exactly_once_is_received_released_and_complete() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "x", 2, 5)).await;
    // It is sent again before it is kept, and after: it comes in once.
    device.publish(again(publish("up/scale/1", "x", 2, 5))).await;
    let message = place.next().await;
    device.silence().await;
    message.receipt.taken();
    assert_eq!(device.hear().await, Some(v3::Packet::PublishReceived { packet_id: number(5) }));
    device.publish(again(publish("up/scale/1", "x", 2, 5))).await;
    assert_eq!(device.hear().await, Some(v3::Packet::PublishReceived { packet_id: number(5) }));
    place.quiet().await;
    device.say(v3::Packet::PublishRelease { packet_id: number(5) }).await;
    assert_eq!(device.hear().await, Some(v3::Packet::PublishComplete { packet_id: number(5) }));
    // Released, the number is free for another message.
    device.publish(publish("up/scale/1", "y", 2, 5)).await;
    assert_eq!(&*place.next().await.payload, b"y");
}

#[tokio::test(start_paused = true)]
async fn a_release_of_what_nobody_knows_is_said_to_be_unknown() {
    let place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    let packet_id = number(9);
    let reason_code = v5::PublishAck2Reason::Success;
    let release = v5::PublishAck2 { packet_id, reason_code, properties: vec![], reason_string: None };
    device.say(v5::Packet::PublishRelease(release)).await;
    match device.hear().await {
        Some(v5::Packet::PublishComplete(it)) => assert_eq!(it.reason_code, v5::PublishAck2Reason::PacketIdNotFound),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_again_before_it_is_kept_comes_in_once() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "x", 1, 5)).await;
    device.publish(again(publish("up/scale/1", "x", 1, 5))).await;
    let message = place.next().await;
    place.quiet().await;
    message.receipt.taken();
    assert_eq!(device.hear().await, Some(v3::Packet::PublishAck { packet_id: number(5) }));
    device.silence().await;
}

#[tokio::test(start_paused = true)]
async fn another_message_under_a_number_in_use_ends_the_connection() {
    let mut place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "x", 1, 5)).await;
    device.publish(publish("up/scale/1", "y", 1, 5)).await;
    assert_eq!(device.farewell().await, v5::DisconnectReasonCode::ProtocolError);
    assert_eq!(&*place.next().await.payload, b"x");
    place.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn what_wants_no_answer_gets_none() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "x", 0, 0)).await;
    place.next().await.receipt.taken();
    device.publish(publish("up/scale/1", "y", 0, 0)).await;
    drop(place.next().await);
    device.silence().await;
    device.say(v3::Packet::PingRequest).await;
    assert_eq!(device.hear().await, Some(v3::Packet::PingResponse));
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_what_is_being_kept() {
    let mut place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "x", 1, 5)).await;
    let message = place.next().await;
    let ear = place.ear.clone();
    let stopping = tokio::spawn(async move { ear.stop().await });
    tokio::task::yield_now().await;
    device.silence().await;
    message.receipt.taken();
    assert!(matches!(device.hear().await, Some(v5::Packet::PublishAck(_))));
    assert_eq!(device.farewell().await, v5::DisconnectReasonCode::ServerShuttingDown);
    stopping.await.unwrap();
    assert_eq!(place.ear.counts().connected, 0);
}

/// Counts the writes that go to the device.
struct Counted(DuplexStream, Arc<AtomicUsize>);

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_acknowledgements_of_a_batch_go_out_in_one_write() {
    let mut place = usual();
    let (theirs, ours) = duplex(64 * 1024);
    let writes = Arc::new(AtomicUsize::new(0));
    drop(place.attend(Counted(ours, writes.clone())));
    let mut device = Old::connected(theirs, "scale").await;
    for id in 1..=50 {
        device.publish(publish("up/scale/1", "x", 1, id)).await;
    }
    let mut batch = Vec::new();
    for _ in 1..=50 {
        batch.push(place.next().await);
    }
    let before = writes.load(Ordering::Relaxed);
    mqtt::taken(batch);
    for id in 1..=50 {
        assert_eq!(device.hear().await, Some(v3::Packet::PublishAck { packet_id: number(id) }));
    }
    assert_eq!(writes.load(Ordering::Relaxed) - before, 1);
}
