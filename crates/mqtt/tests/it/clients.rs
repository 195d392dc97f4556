//! Real clients: those of Mosquitto, of Paho for Python, and rumqttc.

use std::process::{Output, Stdio};
use std::time::Duration;

use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use tokio::process::Command;
use tokio::time::timeout;

use crate::home::{Place, usual};

/// Whether a program is there; a test that lacks it says so.
async fn there(program: &str, arguments: &[&str]) -> bool {
    let found = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
    let there = found.is_ok_and(|it| it.success());
    if !there {
        eprintln!("skipped: there is no {program} {}", arguments.join(" "));
    }
    there
}

async fn mosquitto_there() -> bool {
    Command::new("mosquitto_pub").arg("--version").stdout(Stdio::null()).status().await.is_ok() || {
        eprintln!("skipped: there is no mosquitto_pub");
        false
    }
}

fn mosquitto(port: u16, user: &str, password: &str, more: &[&str]) -> Command {
    let mut command = Command::new("mosquitto_pub");
    command.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-u", user, "-P", password, "-i", "m1"]).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn finished(mut command: Command) -> Output {
    timeout(Duration::from_secs(20), command.output()).await.expect("an end").unwrap()
}

#[tokio::test]
async fn mosquitto_pub_is_acknowledged_in_both_versions_and_all_qualities() {
    if !mosquitto_there().await {
        return;
    }
    let mut place = usual();
    let port = place.port(None).await;
    for version in ["mqttv31", "mqttv311", "mqttv5"] {
        for quality in ["0", "1", "2"] {
            let more = ["-V", version, "-q", quality, "-t", "up/scale/1", "-m", "体重 71.5"];
            let sent = tokio::spawn(finished(mosquitto(port, "scale", "secret of scale", &more)));
            let message = place.next().await;
            assert_eq!(&*message.payload, "体重 71.5".as_bytes());
            if quality != "0" {
                tokio::time::sleep(Duration::from_millis(100)).await;
                assert!(!sent.is_finished(), "it was acknowledged before it was kept");
            }
            message.receipt.taken();
            let output = sent.await.unwrap();
            assert!(output.status.success(), "{version} {quality}: {output:?}");
        }
    }
}

#[tokio::test]
async fn mosquitto_pub_is_told_what_is_refused() {
    if !mosquitto_there().await {
        return;
    }
    let mut place = usual();
    let port = place.port(None).await;
    for version in ["mqttv311", "mqttv5"] {
        let more = ["-V", version, "-q", "1", "-t", "up/scale/1", "-m", "x"];
        let wrong = finished(mosquitto(port, "scale", "wrong", &more)).await;
        assert!(!wrong.status.success() && !wrong.stderr.is_empty(), "{version}: {wrong:?}");
    }
    let foreign = ["-V", "mqttv5", "-q", "1", "-t", "up/cuff/1", "-m", "x"];
    let output = finished(mosquitto(port, "scale", "secret of scale", &foreign)).await;
    let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
    assert!(said.contains("not authorized"), "{output:?}");
    place.quiet().await;
}

#[tokio::test]
async fn the_will_of_mosquitto_pub_is_known_when_it_is_killed() {
    if !mosquitto_there().await {
        return;
    }
    let mut place = usual();
    let port = place.port(None).await;
    let more = ["-t", "up/scale/1", "-l", "--will-topic", "up/scale/gone", "--will-payload", "off", "-q", "1"];
    let mut running = mosquitto(port, "scale", "secret of scale", &more).stdin(Stdio::piped()).spawn().unwrap();
    while place.ear.counts().connected == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    running.kill().await.unwrap();
    let will = place.next().await;
    assert_eq!((&*will.topic, &*will.payload, will.will), ("up/scale/gone", &b"off"[..], true));
}

/// A few lines for each version: three messages of each quality, in order, all acknowledged.
const PAHO: &str = r#"
import sys, paho.mqtt.client as paho
port, version = int(sys.argv[1]), int(sys.argv[2])
named = dict(client_id="p1", protocol=version)
if hasattr(paho, "CallbackAPIVersion"): named["callback_api_version"] = paho.CallbackAPIVersion.VERSION2
client = paho.Client(**named)
client.username_pw_set("scale", "secret of scale")
client.connect("127.0.0.1", port, keepalive=10)
client.loop_start()
sent = [client.publish("up/scale/1", f"{qos} {number}", qos=qos) for qos in (0, 1, 2) for number in range(3)]
for it in sent: it.wait_for_publish(15)
assert all(it.is_published() for it in sent)
client.disconnect()
client.loop_stop()
print("all", len(sent))
"#;

async fn paho(place: &mut Place, version: &str) {
    // `PAHO_PYTHON` names a Python that has paho-mqtt where the system's has not.
    let python = std::env::var("PAHO_PYTHON").unwrap_or_else(|_| "python3".into());
    if !there(&python, &["-c", "import paho.mqtt.client"]).await {
        return;
    }
    let port = place.port(None).await;
    let mut command = Command::new(python);
    command.args(["-c", PAHO, &port.to_string(), version]).stderr(Stdio::piped()).kill_on_drop(true);
    let running = tokio::spawn(finished(command));
    let mut came = Vec::new();
    for _ in 0..9 {
        let message = place.next().await;
        came.push(String::from_utf8(message.payload.to_vec()).unwrap());
        message.receipt.taken();
    }
    let output = running.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(came, ["0 0", "0 1", "0 2", "1 0", "1 1", "1 2", "2 0", "2 1", "2 2"]);
    place.quiet().await;
}

#[tokio::test]
async fn paho_is_acknowledged_in_version_3() {
    paho(&mut usual(), "4").await;
}

#[tokio::test]
async fn paho_is_acknowledged_in_version_5() {
    paho(&mut usual(), "5").await;
}

#[tokio::test]
async fn rumqttc_sends_again_what_was_not_kept() {
    let mut place = usual();
    let port = place.port(None).await;
    let mut options = MqttOptions::new("r1", "127.0.0.1", port);
    options.set_credentials("scale", "secret of scale").set_clean_session(false);
    let (client, mut events) = AsyncClient::new(options, 10);
    client.publish("up/scale/1", QoS::AtLeastOnce, false, "71.5").await.unwrap();
    let device = tokio::spawn(async move {
        loop {
            match events.poll().await {
                Ok(Event::Incoming(Packet::PubAck(ack))) => return ack.pkid,
                Ok(_) => {}
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    });
    drop(place.next().await);
    let message = place.next().await;
    assert!(!device.is_finished());
    assert_eq!(&*message.payload, b"71.5");
    message.receipt.taken();
    assert_eq!(timeout(Duration::from_secs(20), device).await.unwrap().unwrap(), 1);
    drop(client);
}
