//! Whatever comes in: never a panic, and never more out than rows in.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::setting;
use crate::{Adapters, Marks, Message, Read, Unknown, read};

static ADAPTERS: LazyLock<Adapters> = LazyLock::new(Adapters::ours);

const EXAMPLES: [(&str, &str); 9] = [
    (
        "iMEDE_watch/AP55",
        r#"{"IMEI":"8","timeStamps":"16/06/2025 12:30:45","num_datas":12,"data":[{"timestamp":1738331256,"heartRate":84,"bloodPressure":{"bp_sys":119,"bp_dia":73},"spO2":98,"bodyTemperature":36.9}]}"#,
    ),
    ("iMEDE_watch/sos", r#"{"status":"SOS","location":{"GPS":{"latitude":22.5678,"longitude":112.3456}},"IMEI":"8"}"#),
    (
        "dusun_pub",
        r#"{"from":"BLE","time":1836942771,"mac":"08:F9:E0:D1:F7:B4","data":{"attribute":"BP","value":{"device_list":[{"scan_time":1836942771,"ble_addr":"d616f9641622","bp_high":137,"bp_low":95,"PR":74,"blood_glucose":"108"}]}}}"#,
    ),
    (
        "CM4_BLE_GW_TX",
        r#"{"from":"PI","time":1714819151,"mac":"e4:5f:01:ed:82:59","citiz":"0","brith":"25220713","data":{"ble_mac":"40:2E:71:4A:38:84","value":{"pulse":70,"spo2":97,"pi":70}}}"#,
    ),
    (
        "api/device/alert",
        r#"{"deviceId":"82","company":"IC","flag":"AL","data":{"time":"2020-09-07 05:46:40","latitude":0,"longitude":0,"battery":30,"steps":440}}"#,
    ),
    (
        "info/1/alarm",
        r#"{"user_id":1,"tenant_id":1,"timestamp":1608618462,"lng":122.23333,"lat":43.23333,"alarm_type":"SOS"}"#,
    ),
    ("x", r#"{"cmd":"report","model":"motion","sid":"112316","data":"{\"status\":\"motion\"}"}"#),
    (
        "yiyang/1/readings",
        r#"[{"device":"A","time":"2026-03-02T08:00:00+08:00","values":{"systolic":120}},{"device":"B","readings":[{"time":1772409600,"measure":"temperature","value":98.6,"unit":"℉"}]}]"#,
    ),
    ("x", r#"{"mac":"1","char":"2A35","hex":"0478004e005c004700","ts":"2026年3月2日 08时00分"}"#),
];

fn given(topic: &str, payload: &[u8]) -> Result<Read, Unknown> {
    read(&ADAPTERS, &Message { topic, payload, arrived: 1_772_409_600_000 }, &setting())
}

/// What holds of every message that is read: little comes of little, and times are near those of the world.
fn sound(payload: &[u8], got: Result<Read, Unknown>) {
    let Ok(got) = got else { return };
    assert!(!got.said.is_empty());
    assert!(got.said.len() <= payload.len(), "{} of {}", got.said.len(), payload.len());
    for it in &got.said {
        assert!(it.at <= 1_772_409_600_000 + 300_000 && it.at >= 1_420_070_400_000, "{}", it.at);
        assert!(it.device.as_ref().is_none_or(|it| it.len() <= payload.len() * 3));
        assert!(it.marks.0 < 128 && (it.marks.live() || it.marks != Marks::NONE));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "imei",
        "deviceId",
        "data",
        "value",
        "type",
        "hr",
        "heartRate",
        "sbp",
        "bp",
        "temp",
        "time",
        "ts",
        "IMEI",
        "timeStamps",
        "status",
        "location",
        "GPS",
        "latitude",
        "longitude",
        "rows",
        "device_list",
        "ble_addr",
        "mac",
        "from",
        "cmd",
        "sid",
        "model",
        "params",
        "device",
        "readings",
        "messages",
        "measure",
        "unit",
        "char",
        "hex",
        "results",
        "flag",
        "心率",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|it| Value::Number(it.into())),
        any::<f64>().prop_map(|it| Number::from_f64(it).map_or(Value::Null, Value::Number)),
        "[0-9./: TZ+年-]{0,24}".prop_map(Value::String),
        ".{0,12}".prop_map(Value::String),
        prop::sample::select(vec![
            "BLE",
            "report",
            "motion",
            "SOS",
            "2A35",
            "AL",
            "{\"hr\":72}",
            "[1,2]",
            "120/80",
            "hr"
        ])
        .prop_map(|it| Value::String(it.to_owned())),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((name.clone(), inner), 0..8).prop_map(|it| Value::Object(
                it.into_iter().map(|(name, it)| (name.to_owned(), it)).collect::<Map<_, _>>()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes(payload in prop::collection::vec(any::<u8>(), 0..200), topic in "[a-z/0-9A-F]{0,20}") {
        sound(&payload, given(&topic, &payload));
        sound(&payload, given("gatt/1/2A35", &payload));
    }

    #[test]
    fn any_bytes_of_any_characteristic(payload in prop::collection::vec(any::<u8>(), 0..24), at in 0..8_usize) {
        let uuid = ["2A35", "2A37", "2A5E", "2A5F", "2A1C", "2A18", "2A9D", "2A19"][at];
        if let Ok(got) = given(&format!("gatt/1/{uuid}"), &payload) {
            assert!(got.said.len() <= 4);
        }
    }

    #[test]
    fn adapters_with_bytes_changed(at in 0..9_usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..6)) {
        let text = Adapters::texts().nth(at).unwrap().1;
        let mut letters: Vec<char> = text.chars().collect();
        for (at, letter) in changes {
            let at = at.index(letters.len());
            letters[at] = letter;
        }
        let text: String = letters.into_iter().collect();
        if let Err(faults) = Adapters::check(&text) {
            assert!(!faults.is_empty() && faults.iter().all(|it| !it.text.is_empty() && !it.text_en.is_empty()));
        }
    }

    #[test]
    fn any_structure(json in any_json(), example in 0..EXAMPLES.len()) {
        let payload = json.to_string();
        sound(payload.as_bytes(), given(EXAMPLES[example].0, payload.as_bytes()));
    }

    #[test]
    fn examples_with_bytes_changed(example in 0..EXAMPLES.len(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let (topic, payload) = EXAMPLES[example];
        let mut payload = payload.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(payload.len());
            payload[at] = byte;
        }
        sound(&payload, given(topic, &payload));
    }

    #[test]
    fn examples_with_values_exchanged(example in 0..EXAMPLES.len(), leaf in any_json(), at in any::<prop::sample::Index>()) {
        let (topic, payload) = EXAMPLES[example];
        let mut json: Value = serde_json::from_str(payload).unwrap();
        let number = places(&mut json, None);
        places(&mut json, Some((at.index(number), leaf)));
        let payload = json.to_string();
        sound(payload.as_bytes(), given(topic, payload.as_bytes()));
    }
}

/// How many places a structure has; one of them gets another value.
fn places(json: &mut Value, mut exchange: Option<(usize, Value)>) -> usize {
    fn walk(json: &mut Value, count: &mut usize, exchange: &mut Option<(usize, Value)>) {
        let here = *count;
        *count += 1;
        if exchange.as_ref().is_some_and(|it| it.0 == here) {
            *json = exchange.take().expect("there is one").1;
            return;
        }
        match json {
            Value::Array(list) => list.iter_mut().for_each(|it| walk(it, count, exchange)),
            Value::Object(map) => map.values_mut().for_each(|it| walk(it, count, exchange)),
            _ => (),
        }
    }
    let mut count = 0;
    walk(json, &mut count, &mut exchange);
    count
}

/// Structures that are deep, wide or nested in text end in an answer.
#[test]
fn deep_and_wide_messages_end() {
    let deep = "[".repeat(30_000) + &"]".repeat(30_000);
    assert!(given("x", deep.as_bytes()).is_err());
    let wide = format!("[{}]", vec!["{\"hr\":1}"; 5000].join(","));
    assert!(given("x", wide.as_bytes()).is_err());
    let mut nested = "{}".to_owned();
    for _ in 0..8 {
        nested = format!("{{\"data\":{}}}", Value::String(nested));
    }
    assert!(given("x", nested.as_bytes()).is_err());
}

/// How long one message takes; printed for whoever runs it in release, asserted of nobody.
#[test]
fn a_message_is_read_fast() {
    let rounds = if cfg!(debug_assertions) { 50 } else { 20_000 };
    let setting = setting();
    for (topic, payload) in
        EXAMPLES.iter().chain(&[("d/1/up", r#"{"deviceId":"1","sbp":128,"dbp":82,"hr":71,"ts":1772409600000}"#)])
    {
        let began = std::time::Instant::now();
        for _ in 0..rounds {
            let message = Message { topic, payload: payload.as_bytes(), arrived: 1_772_409_600_000 };
            assert!(read(&ADAPTERS, &message, &setting).is_ok());
        }
        println!("{topic}: {:.2} μs", began.elapsed().as_secs_f64() * 1e6 / f64::from(rounds));
    }
}
