//! Who is let in, and what the protocol wants.

use mqtt::{End, Sent};
use rmqtt_codec::types::QoS;
use rmqtt_codec::v5::{
    ConnectAckReason, DisconnectReasonCode, PublishAckReason, PublishProperties, SubscribeAckReason,
};
use rmqtt_codec::{v3, v5};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::device::{New, Old, new_connect, number, old_connect, publish};
use crate::home::usual;

async fn refused(connect: v3::Connect) -> v3::ConnectAckReason {
    let place = usual();
    let mut device = Old::on(place.line());
    device.say(connect).await;
    match device.hear().await {
        Some(v3::Packet::ConnectAck(ack)) => {
            assert_eq!(device.hear().await, None);
            ack.return_code
        }
        other => panic!("{other:?}"),
    }
}

async fn refused_new(connect: v5::Connect) -> ConnectAckReason {
    let place = usual();
    let mut device = New::on(place.line());
    let code = device.greeted(connect).await.reason_code;
    assert_eq!(device.hear().await, None);
    assert_eq!(place.ear.counts().refused, 1);
    code
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_refused() {
    let wrong = v3::Connect { password: Some("no".into()), ..old_connect("scale") };
    assert_eq!(refused(wrong).await, v3::ConnectAckReason::BadUserNameOrPassword);
    let wrong = v5::Connect { password: None, ..new_connect("scale") };
    assert_eq!(refused_new(wrong).await, ConnectAckReason::BadUserNameOrPassword);
}

#[tokio::test(start_paused = true)]
async fn a_returned_device_and_a_house_that_cannot_say_are_told_apart() {
    assert_eq!(refused(old_connect("returned")).await, v3::ConnectAckReason::NotAuthorized);
    assert_eq!(refused(old_connect("unlucky")).await, v3::ConnectAckReason::ServiceUnavailable);
    assert_eq!(refused_new(new_connect("returned")).await, ConnectAckReason::NotAuthorized);
    assert_eq!(refused_new(new_connect("unlucky")).await, ConnectAckReason::ServerUnavailable);
}

#[tokio::test(start_paused = true)]
async fn a_lasting_session_needs_a_client_id() {
    let nameless = v3::Connect { client_id: "".into(), clean_session: false, ..old_connect("scale") };
    assert_eq!(refused(nameless).await, v3::ConnectAckReason::IdentifierRejected);
}

#[tokio::test(start_paused = true)]
async fn proving_oneself_in_steps_is_not_known() {
    let stepwise = v5::Connect { auth_method: Some("SCRAM".into()), ..new_connect("scale") };
    assert_eq!(refused_new(stepwise).await, ConnectAckReason::BadAuthenticationMethod);
}

#[tokio::test(start_paused = true)]
async fn a_will_about_a_topic_of_others_is_refused() {
    let will = v3::LastWill { qos: QoS::AtLeastOnce, retain: false, topic: "up/cuff/1".into(), message: "x".into() };
    let connect = v3::Connect { last_will: Some(will), ..old_connect("scale") };
    assert_eq!(refused(connect).await, v3::ConnectAckReason::NotAuthorized);
}

#[tokio::test(start_paused = true)]
async fn another_version_is_told_that_it_is_not_spoken() {
    let place = usual();
    let mut line = place.line();
    line.write_all(b"\x10\x0c\0\x04MQTT\x06\x02\0\x3c\0\0").await.unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, [0x20, 2, 0, 1]);
    let mut line = place.line();
    line.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, []);
}

#[tokio::test(start_paused = true)]
async fn version_3_1_is_spoken_too() {
    let place = usual();
    let mut line = place.line();
    line.write_all(b"\x10\x27\0\x06MQIsdp\x03\xc2\0\x3c\0\x01c\0\x05scale\0\x0fsecret of scale").await.unwrap();
    let mut answer = [0; 4];
    line.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [0x20, 2, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn version_5_is_told_what_it_may_do() {
    let place = usual();
    let mut device = New::on(place.line());
    let connect = v5::Connect { client_id: "".into(), keep_alive: 0, ..new_connect("scale") };
    let ack = device.greeted(connect).await;
    assert_eq!(ack.reason_code, ConnectAckReason::Success);
    assert!(!ack.session_present);
    assert_eq!(ack.server_keepalive_sec, Some(2400));
    assert_eq!(ack.receive_max.get(), 100);
    assert!(ack.assigned_client_id.is_some_and(|it| !it.is_empty()));
    assert!(!ack.shared_subscription_available && !ack.subscription_identifiers_available);
}

#[tokio::test(start_paused = true)]
async fn a_topic_of_others_ends_version_3_and_is_refused_in_version_5() {
    let mut place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    device.publish(publish("up/cuff/1", "x", 1, 3)).await;
    assert_eq!(device.hear().await, None);
    assert_eq!(place.end().await, End::NotAllowed);
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/cuff/1", "x", 1, 3)).await;
    match device.hear().await {
        Some(v5::Packet::PublishAck(it)) => assert_eq!(it.reason_code, PublishAckReason::NotAuthorized),
        other => panic!("{other:?}"),
    }
    device.publish(publish("up/scale/1", "y", 1, 4)).await;
    let message = place.next().await;
    assert_eq!(&*message.payload, b"y");
    message.receipt.taken();
    assert!(matches!(device.hear().await, Some(v5::Packet::PublishAck(_))));
    device.publish(publish("up/cuff/1", "x", 0, 0)).await;
    assert_eq!(device.farewell().await, DisconnectReasonCode::NotAuthorized);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(place.ear.counts().at_fault, 2);
}

#[tokio::test(start_paused = true)]
async fn a_topic_with_a_wildcard_is_none() {
    let place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(publish("up/scale/#", "x", 1, 3)).await;
    assert_eq!(device.farewell().await, DisconnectReasonCode::TopicNameInvalid);
}

#[tokio::test(start_paused = true)]
async fn an_alias_stands_for_its_topic() {
    let mut place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    let alias = |topic: &str, id, alias| {
        let properties = PublishProperties { topic_alias: Some(number(alias)), ..Default::default() };
        rmqtt_codec::types::Publish { properties: Some(properties), ..publish(topic, "x", 1, id) }
    };
    device.publish(alias("up/scale/1", 1, 16)).await;
    device.publish(alias("", 2, 16)).await;
    for _ in 0..2 {
        let message = place.next().await;
        assert_eq!(message.topic, "up/scale/1");
        message.receipt.taken();
        assert!(matches!(device.hear().await, Some(v5::Packet::PublishAck(_))));
    }
    device.publish(alias("", 3, 15)).await;
    assert_eq!(device.farewell().await, DisconnectReasonCode::ProtocolError);
    let mut device = New::connected(place.line(), "scale").await;
    device.publish(alias("up/scale/1", 1, 17)).await;
    assert_eq!(device.farewell().await, DisconnectReasonCode::TopicAliasInvalid);
}

fn with_will(name: &str) -> v3::Connect {
    let topic = format!("up/{name}/gone").into();
    let will = v3::LastWill { qos: QoS::AtLeastOnce, retain: true, topic, message: "offline".into() };
    v3::Connect { last_will: Some(will), ..old_connect(name) }
}

#[tokio::test(start_paused = true)]
async fn a_will_is_known_when_the_connection_breaks() {
    let mut place = usual();
    let mut device = Old::on(place.line());
    device.say(with_will("scale")).await;
    device.hear().await.unwrap();
    drop(device);
    let will = place.next().await;
    assert_eq!((&*will.topic, &*will.payload, will.will), ("up/scale/gone", &b"offline"[..], true));
    will.receipt.taken();
    assert_eq!(place.end().await, End::Lost);
}

#[tokio::test(start_paused = true)]
async fn a_will_is_not_known_after_a_goodbye() {
    let mut place = usual();
    let mut device = Old::on(place.line());
    device.say(with_will("scale")).await;
    device.hear().await.unwrap();
    device.say(v3::Packet::Disconnect).await;
    assert_eq!(device.hear().await, None);
    place.quiet().await;
    assert_eq!(place.end().await, End::Left);
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_with_will_makes_it_known() {
    let mut place = usual();
    let mut device = New::on(place.line());
    let will = v5::LastWill {
        qos: QoS::AtMostOnce,
        retain: false,
        topic: "up/scale/gone".into(),
        message: "asleep".into(),
        will_delay_interval_sec: None,
        correlation_data: None,
        message_expiry_interval: None,
        content_type: None,
        user_properties: vec![],
        is_utf8_payload: None,
        response_topic: None,
    };
    device.greeted(v5::Connect { last_will: Some(will), ..new_connect("scale") }).await;
    device.say(v5::Disconnect::new(DisconnectReasonCode::DisconnectWithWillMessage)).await;
    assert_eq!(&*place.next().await.payload, b"asleep");
}

#[tokio::test(start_paused = true)]
async fn the_same_device_takes_its_connection_over() {
    let mut place = usual();
    let mut first = Old::on(place.line());
    first.say(with_will("scale")).await;
    first.hear().await.unwrap();
    let mut second = Old::connected(place.line(), "scale").await;
    assert_eq!(first.hear().await, None);
    second.publish(publish("up/scale/1", "back", 1, 1)).await;
    assert!(place.next().await.will);
    assert_eq!(&*place.next().await.payload, b"back");
    assert_eq!(place.end().await, End::TakenOver);
    assert_eq!(place.ear.counts().connected, 1);
    // Who comes third finds the second.
    let mut third = New::connected(place.line(), "scale").await;
    assert_eq!(second.hear().await, None);
    let mut fourth = New::connected(place.line(), "scale").await;
    assert_eq!(third.farewell().await, DisconnectReasonCode::SessionTakenOver);
    fourth.silence().await;
}

#[tokio::test(start_paused = true)]
async fn a_stranger_with_the_same_client_id_takes_nothing_over() {
    let place = usual();
    let mut first = Old::connected(place.line(), "scale").await;
    let mut other = Old::on(place.line());
    other.say(v3::Connect { client_id: "id of scale".into(), ..old_connect("cuff") }).await;
    other.hear().await.unwrap();
    first.silence().await;
    assert_eq!(place.ear.counts().connected, 2);
}

#[tokio::test(start_paused = true)]
async fn a_second_connect_ends_the_connection() {
    let place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    device.say(new_connect("scale")).await;
    assert_eq!(device.farewell().await, DisconnectReasonCode::ProtocolError);
}

#[tokio::test(start_paused = true)]
async fn only_own_topics_are_granted() {
    let place = usual();
    let mut device = New::connected(place.line(), "scale").await;
    let filters = ["down/scale/#", "down/cuff/#", "down/scale/#/x", "$share/g/down/scale/1", "#"];
    let options = v5::SubscriptionOptions::default();
    let topic_filters = filters.iter().map(|it| (it.to_string().into(), options)).collect();
    device.say(v5::Subscribe { packet_id: number(2), id: None, user_properties: vec![], topic_filters }).await;
    match device.hear().await {
        Some(v5::Packet::SubscribeAck(ack)) => assert_eq!(
            ack.status,
            [
                SubscribeAckReason::GrantedQos0,
                SubscribeAckReason::NotAuthorized,
                SubscribeAckReason::TopicFilterInvalid,
                SubscribeAckReason::SharedSubscriptionNotSupported,
                SubscribeAckReason::NotAuthorized,
            ]
        ),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_is_sent_what_it_asked_for() {
    let place = usual();
    let mut device = Old::connected(place.line(), "scale").await;
    let line = || place.ear.find(|it| it.0 == "scale").pop().unwrap();
    assert_eq!(line().send("down/scale/beep", "1"), Sent::NotAsked);
    let topic_filters = vec![("down/scale/+".into(), QoS::AtLeastOnce), ("down/cuff/+".into(), QoS::AtLeastOnce)];
    device.say(v3::Packet::Subscribe { packet_id: number(2), topic_filters }).await;
    let status = vec![v3::SubscribeReturnCode::Success(QoS::AtMostOnce), v3::SubscribeReturnCode::Failure];
    assert_eq!(device.hear().await, Some(v3::Packet::SubscribeAck { packet_id: number(2), status }));
    assert_eq!(line().send("down/scale/beep", "1"), Sent::Out);
    assert_eq!(device.hear().await, Some(v3::Packet::from(publish("down/scale/beep", "1", 0, 0))));
    let topic_filters = vec!["down/scale/+".into()];
    device.say(v3::Packet::Unsubscribe { packet_id: number(3), topic_filters }).await;
    assert_eq!(device.hear().await, Some(v3::Packet::UnsubscribeAck { packet_id: number(3) }));
    assert_eq!(line().send("down/scale/beep", "1"), Sent::NotAsked);
    line().close();
    assert_eq!(device.hear().await, None);
    assert_eq!(place.end().await, End::Closed);
}
