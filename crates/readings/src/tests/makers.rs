//! Messages of real makers, with the trap in each.

use std::path::Path;

use serde_json::Value;

use crate::{Adapters, Message, Read, Setting, Unknown, read};

pub(super) fn setting() -> Setting {
    Setting::of(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap())
}

pub(super) fn ms(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

pub(super) fn said(topic: &str, payload: &str, arrived: i64) -> Result<Read, Unknown> {
    let message = Message { topic, payload: payload.as_bytes(), arrived };
    read(&Adapters::ours(), &message, &setting())
}

#[test]
fn look() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/devices/payloads.json");
    let text = std::fs::read_to_string(path).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    for it in all {
        let got = said(it["topic"].as_str().unwrap(), &it["payload"].to_string(), ms("2025-06-16T04:31:00Z"));
        println!("{} {:#?}\n{}\n", it["topic"], got, it["expect"]);
    }
}
