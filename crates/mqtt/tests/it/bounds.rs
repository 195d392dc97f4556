//! What a device may use of us, and what happens beyond it.

use std::time::Duration;

use mqtt::{End, Limits};
use rmqtt_codec::v5::DisconnectReasonCode;
use rmqtt_codec::{v3, v5};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep};

use crate::device::{New, Old, new_connect, number, old_connect, publish};
use crate::home::{place, usual};

fn limits() -> Limits {
    Limits { packets_per_second: 100_000, ..Limits::default() }
}

#[tokio::test(start_paused = true)]
async fn a_packet_too_large_is_told_and_not_read() {
    let mut place = place(Limits { packet_bytes: 200, ..limits() }, 10);
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", &"x".repeat(150), 1, 1)).await;
    assert_eq!(place.next().await.payload.len(), 150);
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", &"x".repeat(200), 1, 2)).await;
    assert_eq!(device.farewell().await, DisconnectReasonCode::PacketTooLarge);
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", &"x".repeat(200), 1, 2)).await;
    assert_eq!(device.hear().await, None);
    let mut device = New::on(place.line());
    let long = v5::Connect { client_id: "x".repeat(300).into(), ..new_connect("scale") };
    assert_eq!(device.greeted(long).await.reason_code, v5::ConnectAckReason::PacketTooLarge);
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_first_is_closed() {
    let place = place(Limits { connect_within: Duration::from_secs(10), ..limits() }, 10);
    let mut line = place.line();
    let began = Instant::now();
    assert_eq!(line.read(&mut [0; 10]).await.unwrap(), 0);
    assert_eq!(began.elapsed(), Duration::from_secs(10));
    // A login that takes too long is given up as well.
    let mut device = Old::on(place.line());
    device.say(old_connect("slow")).await;
    assert_eq!(device.hear().await, None);
}

#[tokio::test(start_paused = true)]
async fn who_waits_to_be_let_in_waits_in_turn() {
    let place = place(Limits { greeting: 1, connect_within: Duration::from_secs(10), ..limits() }, 10);
    let idle = place.line();
    sleep(Duration::from_secs(1)).await;
    let mut device = Old::on(place.line());
    device.say(old_connect("scale")).await;
    device.silence().await;
    drop(idle);
    assert!(matches!(device.hear().await, Some(v3::Packet::ConnectAck(_))));
}

#[tokio::test(start_paused = true)]
async fn an_address_that_only_connects_keeps_nobody_else_waiting() {
    let place = place(Limits { greeting: 4, greeting_per_address: 1, ..limits() }, 10);
    let _idle = [place.line(), place.line(), place.line(), place.line()];
    sleep(Duration::from_secs(1)).await;
    let (theirs, ours) = duplex(1_024);
    tokio::spawn(place.ear.clone().attend(ours, "10.0.0.2:1".parse().unwrap()));
    Old::connected(theirs, "scale").await;
}

#[tokio::test(start_paused = true)]
async fn too_many_connections_are_turned_away() {
    let place = place(Limits { connections_per_address: 2, ..limits() }, 10);
    let first = Old::connected(place.line(), "scale").await;
    let _second = Old::connected(place.line(), "cuff").await;
    assert_eq!(place.line().read(&mut [0; 10]).await.unwrap(), 0);
    assert_eq!(place.ear.counts().turned_away, 1);
    drop(first);
    assert_eq!(place.end().await, End::Lost);
    Old::connected(place.line(), "radar").await;
}

#[tokio::test(start_paused = true)]
async fn silence_beyond_the_keep_alive_ends_the_connection() {
    let mut place = usual();
    let mut device = New::on(place.line());
    device.greeted(v5::Connect { keep_alive: 10, ..new_connect("scale") }).await;
    sleep(Duration::from_secs(14)).await;
    device.say(v5::Packet::PingRequest).await;
    assert_eq!(device.hear().await, Some(v5::Packet::PingResponse));
    let heard = Instant::now();
    assert_eq!(device.farewell().await, DisconnectReasonCode::KeepAliveTimeout);
    assert_eq!(heard.elapsed(), Duration::from_secs(15));
    place.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn who_promises_nothing_is_not_waited_for_for_ever() {
    let place = place(Limits { silence: Duration::from_secs(100), ..limits() }, 10);
    let mut device = Old::on(place.line());
    device.say(v3::Connect { keep_alive: 0, ..old_connect("scale") }).await;
    device.hear().await.unwrap();
    sleep(Duration::from_secs(99)).await;
    assert_eq!(place.ear.counts().connected, 1);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(place.end().await, End::Silent);
}

#[tokio::test(start_paused = true)]
async fn too_fast_a_device_is_read_more_slowly_and_loses_nothing() {
    let mut place = place(Limits { packets_per_second: 10, ..limits() }, 100);
    let mut device = Old::connected(place.line(), "scale").await;
    let began = Instant::now();
    for id in 1..=35 {
        device.publish(publish("up/scale/1", &id.to_string(), 1, id)).await;
    }
    for id in 1..=35u16 {
        let message = place.next().await;
        assert_eq!(&*message.payload, id.to_string().as_bytes());
        message.receipt.taken();
        assert_eq!(device.hear().await, Some(v3::Packet::PublishAck { packet_id: number(id) }));
    }
    let took = began.elapsed();
    assert!((Duration::from_secs(3)..Duration::from_secs(4)).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn acknowledgements_go_out_while_reading_pauses() {
    let mut place = place(Limits { packets_per_second: 1, ..limits() }, 100);
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "a", 1, 1)).await;
    device.publish(publish("up/scale/1", "b", 1, 2)).await;
    let began = Instant::now();
    place.next().await.receipt.taken();
    assert_eq!(device.hear().await, Some(v3::Packet::PublishAck { packet_id: number(1) }));
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_full_inbox_stops_the_reading_and_loses_nothing() {
    let mut place = place(limits(), 3);
    let (theirs, ours) = duplex(256);
    drop(place.attend(ours));
    let device = Old::connected(theirs, "scale").await;
    let (mut read, mut write) = tokio::io::split(device.0);
    let sender = tokio::spawn(async move {
        for id in 1..=90u16 {
            let frame = [&[0x32, 15, 0, 10], &b"up/scale/1"[..], &id.to_be_bytes(), b"x"].concat();
            write.write_all(&frame).await.unwrap();
        }
        write
    });
    sleep(Duration::from_secs(1)).await;
    assert!(!sender.is_finished(), "all went in though nobody took any");
    assert!(place.ear.counts().received < 30);
    for id in 1..=90u16 {
        place.next().await.receipt.taken();
        let mut answer = [0; 4];
        read.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer[2..], id.to_be_bytes());
    }
    sender.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn version_3_is_not_read_beyond_what_may_be_in_flight() {
    let mut place = place(Limits { in_flight: 5, ..limits() }, 100);
    let mut device = Old::connected(place.line(), "scale").await;
    for id in 1..=12 {
        device.publish(publish("up/scale/1", "x", 1, id)).await;
    }
    sleep(Duration::from_millis(10)).await;
    assert_eq!(place.ear.counts().received, 5);
    for id in 1..=12 {
        place.next().await.receipt.taken();
        assert_eq!(device.hear().await, Some(v3::Packet::PublishAck { packet_id: number(id) }));
    }
}

#[tokio::test(start_paused = true)]
async fn version_5_is_held_to_what_was_agreed_on() {
    let mut place = place(Limits { in_flight: 2, ..limits() }, 100);
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/1", "x", 1, 1)).await;
    device.publish(publish("up/scale/1", "x", 2, 2)).await;
    place.next().await.receipt.taken();
    place.next().await.receipt.taken();
    assert!(matches!(device.hear().await, Some(v5::Packet::PublishAck(_))));
    assert!(matches!(device.hear().await, Some(v5::Packet::PublishReceived(_))));
    // The second is not complete: one more may be open, not two.
    device.publish(publish("up/scale/1", "x", 1, 3)).await;
    device.publish(publish("up/scale/1", "x", 1, 4)).await;
    assert_eq!(device.farewell().await, DisconnectReasonCode::ReceiveMaximumExceeded);
}

#[tokio::test(start_paused = true)]
async fn who_never_releases_is_not_remembered_for_ever() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    for id in 1..=1_024 {
        device.publish(publish("up/scale/1", "x", 2, id)).await;
        place.next().await.receipt.taken();
        assert_eq!(device.hear().await, Some(v3::Packet::PublishReceived { packet_id: number(id) }));
    }
    device.publish(publish("up/scale/1", "x", 2, 1_025)).await;
    assert_eq!(device.hear().await, None);
    assert_eq!(place.end().await, End::Quota);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_the_answers_is_closed() {
    let place = place(Limits { write_within: Duration::from_secs(10), ..limits() }, 10);
    let (theirs, ours) = duplex(64);
    drop(place.attend(ours));
    let mut device = Old::connected(theirs, "scale").await;
    let pings = [0xc0, 0].repeat(1_000);
    assert!(device.0.write_all(&pings).await.is_err());
    assert_eq!(place.end().await, End::Deaf);
}

#[tokio::test(start_paused = true)]
async fn filters_beyond_what_is_allowed_are_refused() {
    let place = place(Limits { filters: 1, ..limits() }, 10);
    let mut device = New::connected(place.line(), "scale").await;
    let options = v5::SubscriptionOptions::default();
    let topic_filters = ["down/scale/1", "down/scale/2", "down/scale/1"].map(|it| (it.into(), options)).into();
    device.say(v5::Subscribe { packet_id: number(2), id: None, user_properties: vec![], topic_filters }).await;
    use v5::SubscribeAckReason::{GrantedQos0, QuotaExceeded};
    match device.hear().await {
        Some(v5::Packet::SubscribeAck(ack)) => assert_eq!(ack.status, [GrantedQos0, QuotaExceeded, GrantedQos0]),
        other => panic!("{other:?}"),
    }
}
