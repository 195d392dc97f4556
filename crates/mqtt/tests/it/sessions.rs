//! What is remembered of a device that is away.

use std::time::Duration;

use mqtt::{Limits, Sent};
use rmqtt_codec::types::QoS;
use rmqtt_codec::v5::{ConnectAck, DisconnectReasonCode};
use rmqtt_codec::{v3, v5};
use tokio::time::sleep;

use crate::device::{New, Old, again, new_connect, number, old_connect, publish};
use crate::home::{Place, place, usual};

fn lasting() -> v3::Connect {
    v3::Connect { clean_session: false, ..old_connect("scale") }
}

async fn greeted(place: &Place, connect: v3::Connect) -> (Old, bool) {
    let mut device = Old::on(place.line());
    device.say(connect).await;
    match device.hear().await {
        Some(v3::Packet::ConnectAck(ack)) => (device, ack.session_present),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_lasting_session_remembers_topics_and_what_is_not_released() {
    let mut place = usual();
    let (mut device, present) = greeted(&place, lasting()).await;
    assert!(!present);
    device
        .say(v3::Packet::Subscribe {
            packet_id: number(1),
            topic_filters: vec![("down/scale/+".into(), QoS::AtMostOnce)],
        })
        .await;
    device.hear().await.unwrap();
    device.publish(publish("up/scale/1", "x", 2, 5)).await;
    place.next().await.receipt.taken();
    device.hear().await.unwrap();
    drop(device);
    place.end().await;
    let (mut device, present) = greeted(&place, lasting()).await;
    assert!(present);
    // PUBREC got lost: the message comes again, and is not taken twice.
    device.publish(again(publish("up/scale/1", "x", 2, 5))).await;
    assert_eq!(device.hear().await, Some(v3::Packet::PublishReceived { packet_id: number(5) }));
    place.quiet().await;
    assert_eq!(place.ear.find(|_| true)[0].send("down/scale/1", "y"), Sent::Out);
    assert!(matches!(device.hear().await, Some(v3::Packet::Publish(_))));
}

#[tokio::test(start_paused = true)]
async fn a_remembered_topic_that_is_its_own_no_more_is_forgotten() {
    let place = usual();
    let (mut device, _) = greeted(&place, lasting()).await;
    let topic_filters = vec![("down/scale/+".into(), QoS::AtMostOnce)];
    device.say(v3::Packet::Subscribe { packet_id: number(1), topic_filters }).await;
    device.hear().await.unwrap();
    drop(device);
    place.end().await;
    place.shut.store(true, std::sync::atomic::Ordering::Relaxed);
    let (_device, present) = greeted(&place, lasting()).await;
    assert!(present);
    assert_eq!(place.ear.find(|_| true)[0].send("down/scale/1", "y"), Sent::NotAsked);
}

#[tokio::test(start_paused = true)]
async fn a_device_with_a_delayed_will_takes_its_connection_over_at_once() {
    let mut place = usual();
    let _first = delayed(&place).await;
    let began = tokio::time::Instant::now();
    let second = delayed(&place).await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    sleep(Duration::from_secs(31)).await;
    place.quiet().await;
    assert_eq!(place.ear.counts().connected, 1);
    drop(second);
}

#[tokio::test(start_paused = true)]
async fn a_clean_start_forgets_the_session() {
    let place = usual();
    drop(greeted(&place, lasting()).await);
    place.end().await;
    let (device, present) = greeted(&place, old_connect("scale")).await;
    assert!(!present);
    drop(device);
    sleep(Duration::from_secs(1)).await;
    assert!(!greeted(&place, lasting()).await.1);
}

#[tokio::test(start_paused = true)]
async fn another_user_does_not_find_the_session() {
    let place = usual();
    drop(greeted(&place, lasting()).await);
    place.end().await;
    let stranger = v3::Connect { client_id: "id of scale".into(), clean_session: false, ..old_connect("cuff") };
    assert!(!greeted(&place, stranger).await.1);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_the_device_takes_over_goes_on() {
    let place = usual();
    let (_first, _) = greeted(&place, lasting()).await;
    assert!(greeted(&place, lasting()).await.1);
}

async fn hello(place: &Place, clean_start: bool, lasts: u32) -> (New, ConnectAck) {
    let mut device = New::on(place.line());
    let connect = v5::Connect { clean_start, session_expiry_interval_secs: lasts, ..new_connect("scale") };
    let ack = device.greeted(connect).await;
    (device, ack)
}

#[tokio::test(start_paused = true)]
async fn a_session_lasts_as_long_as_it_was_asked_for_and_no_longer_than_we_allow() {
    let limits = Limits { session_lasts: Duration::from_secs(100), ..Limits::default() };
    let place = place(limits, 10);
    let (device, ack) = hello(&place, true, 60).await;
    assert_eq!(ack.session_expiry_interval_secs, None);
    drop(device);
    sleep(Duration::from_secs(59)).await;
    let (device, ack) = hello(&place, false, 600).await;
    assert!(ack.session_present);
    assert_eq!(ack.session_expiry_interval_secs, Some(100));
    drop(device);
    sleep(Duration::from_secs(101)).await;
    let (mut device, ack) = hello(&place, false, 60).await;
    assert!(!ack.session_present);
    // At its goodbye it says that it needs none.
    let goodbye = v5::Disconnect::new(DisconnectReasonCode::NormalDisconnection);
    device.say(v5::Disconnect { session_expiry_interval_secs: Some(0), ..goodbye }).await;
    assert_eq!(device.hear().await, None);
    sleep(Duration::from_secs(1)).await;
    assert!(!hello(&place, false, 60).await.1.session_present);
}

#[tokio::test(start_paused = true)]
async fn more_sessions_than_are_allowed_are_not_remembered() {
    let place = place(Limits { sessions: 1, ..Limits::default() }, 10);
    drop(greeted(&place, lasting()).await);
    drop(greeted(&place, v3::Connect { clean_session: false, ..old_connect("cuff") }).await);
    sleep(Duration::from_secs(1)).await;
    assert!(!greeted(&place, v3::Connect { clean_session: false, ..old_connect("cuff") }).await.1);
    assert!(greeted(&place, lasting()).await.1);
}

async fn delayed(place: &Place) -> New {
    let mut device = New::on(place.line());
    let will = v5::LastWill {
        qos: QoS::AtMostOnce,
        retain: false,
        topic: "up/scale/gone".into(),
        message: "offline".into(),
        will_delay_interval_sec: Some(30),
        correlation_data: None,
        message_expiry_interval: None,
        content_type: None,
        user_properties: vec![],
        is_utf8_payload: None,
        response_topic: None,
    };
    let connect = v5::Connect {
        clean_start: false,
        session_expiry_interval_secs: 60,
        last_will: Some(will),
        ..new_connect("scale")
    };
    device.greeted(connect).await;
    device
}

#[tokio::test(start_paused = true)]
async fn a_will_waits_for_the_device_to_come_back() {
    let mut place = usual();
    drop(delayed(&place).await);
    sleep(Duration::from_secs(29)).await;
    let device = delayed(&place).await;
    sleep(Duration::from_secs(5)).await;
    place.quiet().await;
    drop(device);
    sleep(Duration::from_secs(29)).await;
    place.quiet().await;
    sleep(Duration::from_secs(1)).await;
    assert!(place.next().await.will);
    // Who starts anew ends the session, and with it the wait.
    drop(delayed(&place).await);
    place.end().await;
    sleep(Duration::from_secs(1)).await;
    let _clean = hello(&place, true, 0).await;
    assert!(place.next().await.will);
}
