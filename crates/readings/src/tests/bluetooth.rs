//! Bytes of Bluetooth devices: the vectors of the bench, and each characteristic by its definition.

use std::path::Path;

use serde_json::Value;

use super::{said, setting, values};
use crate::{Adapters, Float, Measure, Message, Source, float, read, sfloat};

fn bench() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/devices/sfloat_gatt.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: ../shared/bench/devices/sfloat_gatt.json is not there");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn short_floats_of_the_bench() {
    let Some(bench) = bench() else { return };
    for it in bench["sfloat"].as_array().unwrap() {
        let raw = u16::from_str_radix(it["raw"].as_str().unwrap(), 16).unwrap().swap_bytes();
        let got = sfloat(raw);
        match (&it["value"], got) {
            (Value::Number(wanted), Float::Value { digits, exponent }) => {
                assert_eq!(wanted.as_f64().unwrap(), f64::from(digits) * 10_f64.powi(i32::from(exponent)));
            }
            (Value::String(wanted), got) => {
                let word = match got {
                    Float::NotANumber => "NaN",
                    Float::NotAtThisResolution => "NRes",
                    Float::Infinity => "+INF",
                    Float::MinusInfinity => "-INF",
                    Float::Value { .. } | Float::Reserved => "?",
                };
                assert_eq!(word, wanted);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn characteristics_of_the_bench_in_json_and_as_bytes() {
    let Some(bench) = bench() else { return };
    for it in bench["gatt"].as_array().unwrap() {
        let (uuid, hex) = (&it["char"].as_str().unwrap()[..4], it["hex"].as_str().unwrap());
        let json = format!(r#"{{"mac":"40:2E:71:4A:38:84","char":"{uuid}","hex":"{hex}","time":1714819151}}"#);
        let of_json = said("x", &json, "2024-05-04T10:39:20Z").unwrap();
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let topic = format!("gatt/402E714A3884/{uuid}");
        let of_bytes = |payload: &[u8]| {
            let message = Message { topic: &topic, payload, arrived: super::ms("2024-05-04T10:39:20Z") };
            read(&Adapters::ours(), &message, &setting()).unwrap()
        };
        for read in [of_json, of_bytes(&bytes), of_bytes(hex.as_bytes())] {
            assert_eq!(read.said[0].device.as_deref(), Some("402E714A3884"));
            let value = |wanted| values(&read).iter().find(|it| it.0 == wanted).map(|it| wanted.written(it.1));
            for (key, wanted) in it["expect"].as_object().unwrap() {
                let measure = match key.as_str() {
                    "sbp" => Measure::Systolic,
                    "dbp" => Measure::Diastolic,
                    "map" => Measure::MeanPressure,
                    "pulse" | "hr" => Measure::HeartRate,
                    "spo2" => Measure::Spo2,
                    "unit" => continue,
                    other => panic!("no check for {other}"),
                };
                assert_eq!(value(measure), Some(wanted.to_string()));
            }
        }
    }
}

fn one(uuid: &str, hex: &str) -> Vec<(Measure, i64)> {
    let json = format!(r#"{{"mac":"1","characteristic":"{uuid}","value":"{hex}"}}"#);
    values(&said("x", &json, "2024-05-04T10:39:20Z").unwrap()).iter().map(|it| (it.0, it.1)).collect()
}

#[test]
fn each_characteristic_by_its_definition() {
    // 36.4 ℃ as 0xFF00016C; 97.7 ℉ as 0xFF0003D1.
    assert_eq!(one("2A1C", "006c0100ff"), [(Measure::Temperature, 3640)]);
    assert_eq!(one("0x2a1c", "01d10300ff"), [(Measure::Temperature, 3650)]);
    // 108 mg/dL are 0.00108 kg/L: digits 108, exponent -5; 6.1 mmol/L are 0.0061 mol/L: digits 61, exponent -4.
    assert_eq!(one("2A18", "020100e8070504120000 6cb0 11".replace(' ', "").as_str()), [(Measure::Glucose, 599)]);
    assert_eq!(one("00002a18-0000-1000-8000-00805f9b34fb", "060100e80705041200003dc011"), [(Measure::Glucose, 610)]);
    // 79.3 kg in steps of 5 g; 150.00 lb.
    assert_eq!(one("2A9D", "00f43d"), [(Measure::Weight, 7930)]);
    assert_eq!(one("2A9D", "01983a"), [(Measure::Weight, 6804)]);
    // 16.0/10.7 kPa.
    let pressure = one("2A35", "01a0f06bf0ff07");
    assert_eq!(pressure, [(Measure::Systolic, 120), (Measure::Diastolic, 80)]);
    assert_eq!(one("2A37", "012c01"), [(Measure::HeartRate, 300)]);
}

#[test]
fn the_clock_in_the_bytes_is_the_time() {
    // 2024-05-04 18:00:00 and an offset of 30 minutes.
    let json = r#"{"mac":"1","uuid":"2A18","data":"030100e8070504120000 1e00 6cb011"}"#;
    let read = said("x", json, "2024-05-04T10:39:20Z").unwrap();
    assert_eq!(read.said[0].at, super::ms("2024-05-04T10:30:00Z"));
    assert_eq!(read.said[0].source, Source::Device);
}

#[test]
fn long_floats() {
    assert_eq!(float(0xff00_016c), Float::Value { digits: 364, exponent: -1 });
    assert_eq!(float(0x00ff_ffff), Float::Value { digits: -1, exponent: 0 });
    assert_eq!(float(0x007f_ffff), Float::NotANumber);
    assert_eq!(float(0x0080_0000), Float::NotAtThisResolution);
}
