//! Messages of real makers, with the trap in each.

use std::path::Path;

use serde_json::Value;

use super::{said, values};
use crate::{Alarm, Flag, Marks, Meal, Measure, Position, Source, Status, What, Why};

/// Each message of the bench says what is expected; this reads the file as it is.
#[test]
fn messages_of_the_bench_say_what_is_expected() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/devices/payloads.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: ../shared/bench/devices/payloads.json is not there");
        return;
    };
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(!all.is_empty());
    for it in &all {
        let topic = it["topic"].as_str().unwrap();
        let read = said(topic, &it["payload"].to_string(), "2025-06-16T04:31:00Z").unwrap();
        for (key, wanted) in it["expect"].as_object().unwrap() {
            let value =
                |measure: Measure| values(&read).iter().find(|it| it.0 == measure).map(|it| measure.written(it.1));
            let alarm = |wanted| read.said.iter().any(|it| it.what == What::Alarm(wanted));
            let status = |wanted: &dyn Fn(&Status) -> bool| {
                read.said.iter().any(|it| matches!(&it.what, What::Status(it) if wanted(it)))
            };
            let number = wanted.as_f64().map(|it| it.to_string());
            match key.as_str() {
                "battery" => assert!(status(&|it| it.battery.map(u64::from) == wanted.as_u64())),
                "online" => assert!(status(&|it| it.online == wanted.as_bool())),
                "steps" => assert_eq!(value(Measure::Steps), number),
                "sbp" => assert_eq!(value(Measure::Systolic), number),
                "dbp" => assert_eq!(value(Measure::Diastolic), number),
                "hr" => assert_eq!(value(Measure::HeartRate), number),
                "spo2" => assert_eq!(value(Measure::Spo2), number),
                "glucose_mmol_l" => assert_eq!(value(Measure::Glucose), number),
                "weight_kg" => assert_eq!(value(Measure::Weight), number),
                "chol_mmol_l" => assert_eq!(value(Measure::Cholesterol), number),
                "alarm" if wanted == "SOS" => assert!(alarm(Alarm::Sos)),
                "alarm" => assert!(alarm(Alarm::Fall)),
                "activity" => assert_eq!(value(Measure::Motion).as_deref(), Some("1")),
                "rows" => {
                    let mut times: Vec<i64> = values(&read).iter().map(|it| it.2).collect();
                    times.dedup();
                    assert_eq!(Some(times.len() as u64), wanted.as_u64());
                }
                // Said by the tests below, trap by trap.
                "time" | "flag" | "glucose_mg_dl" => (),
                other => panic!("no check for {other}"),
            }
        }
    }
}

const HEARTBEAT: &str = r#"{"IMEI":"865067123456789","signalGSM":80,"battery":67,"satellites":4,"workingMode":2,
    "timeStamps":"05/06/2025 12:30:45","step":999}"#;

#[test]
fn a_day_before_a_month_is_read_in_the_zone_of_the_device() {
    let read = said("iMEDE_watch/hb", HEARTBEAT, "2025-06-05T04:31:00Z").unwrap();
    assert_eq!(read.said[0].at, super::ms("2025-06-05T04:30:45Z"));
    assert_eq!(read.said[0].marks, Marks::ZONE_ASSUMED);
    assert_eq!(read.said[0].source, Source::Device);
}

#[test]
fn a_backlog_is_late_and_its_missing_rows_are_told() {
    let text = r#"{"IMEI":"865067123456789","timeStamps":"16/06/2025 12:30:45","num_datas":12,"data":[
        {"timestamp":1738331256,"heartRate":84,"bloodPressure":{"bp_sys":119,"bp_dia":73},"spO2":98,"bodyTemperature":36.9}]}"#;
    let read = said("iMEDE_watch/AP55", text, "2025-06-16T04:31:00Z").unwrap();
    assert_eq!(read.flags, [Flag::Rows { told: 12, delivered: 1 }]);
    assert!(read.said.iter().all(|it| it.at == 1_738_331_256_000 && it.marks == Marks::LATE && !it.marks.live()));
    assert_eq!(read.said.len(), 5);
}

#[test]
fn a_backlog_of_a_clock_that_is_ahead_keeps_its_distances() {
    let text = r#"{"IMEI":"1","timeStamps":"16/06/2028 12:30:00","data":[{"timestamp":1844742600,"heartRate":84},
        {"timestamp":1844739000,"heartRate":80}]}"#;
    // 1844742600 is 2028-06-16 12:30:00 in Shanghai, the other an hour before.
    let read = said("iMEDE_watch/AP55", text, "2025-06-16T04:31:00Z").unwrap();
    let arrived = super::ms("2025-06-16T04:31:00Z");
    assert_eq!(read.said[0].at, arrived);
    assert_eq!(read.said[1].at, arrived - 3_600_000);
    assert!(read.said[0].marks.has(Marks::CLOCK_AHEAD) && !read.said[0].marks.has(Marks::LATE));
    assert!(read.said[1].marks.has(Marks::CLOCK_AHEAD) && read.said[1].marks.has(Marks::LATE));
}

#[test]
fn a_call_without_a_time_is_of_its_arrival_and_found_again_when_sent_again() {
    let text =
        r#"{"status":"SOS","location":{"GPS":{"latitude":22.5678,"longitude":112.3456}},"IMEI":"865067123456789"}"#;
    let first = said("iMEDE_watch/sos", text, "2025-06-16T04:31:00Z").unwrap();
    let again = said("iMEDE_watch/sos", text, "2025-06-16T04:31:20Z").unwrap();
    let later = said("iMEDE_watch/sos", text, "2025-06-16T05:31:00Z").unwrap();
    assert_eq!(first.said[0].what, What::Alarm(Alarm::Sos));
    assert_eq!(first.said[0].marks, Marks::NO_TIME);
    assert!(first.said[0].urgent_now());
    assert_eq!(first.said[1].what, What::Position(Position { latitude: 22_567_800, longitude: 112_345_600 }));
    let keys = |read: &crate::Read| crate::twin_key(&read.said[0], 60_000);
    assert!(keys(&again).contains(&keys(&first)[0]));
    assert!(!keys(&later).contains(&keys(&first)[0]));
}

#[test]
fn other_messages_of_the_watch() {
    let vital = r#"{"IMEI":"865067123456789","heartRate":72,"bloodPressure":{"bp_sys":122,"bp_dia":74},"bodyTemperature":36.6,
        "spO2":97,"signalGSM":80,"battery":67,"location":{"GPS":{"latitude":22.5678,"longitude":112.3456},"WiFi":"[{...}]"},
        "timeStamps":"16/06/2025 12:30:45"}"#;
    let read = said("iMEDE_watch/VitalSign", vital, "2025-06-16T04:31:00Z").unwrap();
    let found: Vec<(Measure, i64)> = values(&read).iter().map(|it| (it.0, it.1)).collect();
    use Measure::*;
    assert_eq!(found, [(Systolic, 122), (Diastolic, 74), (HeartRate, 72), (Spo2, 970), (Temperature, 3660)]);
    // By the topic alone, or by the fields alone.
    assert!(said("bridge/7/iMEDE_watch/VitalSign", vital, "2025-06-16T04:31:00Z").is_ok());
    assert_eq!(&*said("d/1/up", vital, "2025-06-16T04:31:00Z").unwrap().adapter, "imede-watch");

    let fall = said("iMEDE_watch/fallDown", r#"{"status":"FALL DOWN","IMEI":"1"}"#, "2025-06-16T04:31:00Z").unwrap();
    assert_eq!(fall.said[0].what, What::Alarm(Alarm::Fall));
    assert_eq!(fall.said.len(), 1);
    let offline =
        said("iMEDE_watch/onlineTrigger", r#"{"IMEI":"1","status":"offline"}"#, "2025-06-16T04:31:00Z").unwrap();
    assert!(matches!(&offline.said[0].what, What::Status(it) if it.online == Some(false)));
    let rate = said("iMEDE_watch/VitalSign", r#"{"IMEI":"1","heartRate":"72"}"#, "2025-06-16T04:31:00Z").unwrap();
    assert_eq!(values(&rate), [(HeartRate, 72, super::ms("2025-06-16T04:31:00Z"))]);
    let sleep =
        r#"{"IMEI":"1","sleep":{"timeStamps":"16/06/2025 01:00:00","time":"2200@0700","data":"000111","num":6}}"#;
    let sleep = said("iMEDE_watch/sleepdata", sleep, "2025-06-16T04:31:00Z").unwrap();
    assert_eq!(sleep.said[0].what, What::Status(Status::default()));
}

fn gateway(attribute: &str, row: &str) -> String {
    format!(
        r#"{{"from":"BLE","to":"CLOUD","time":1836942771,"deviceCode":"08:F9:E0:D1:F7:B4","mac":"08:F9:E0:D1:F7:B4",
        "type":"reportAttribute","device":"X","data":{{"attribute":"{attribute}","mac":"08:F9:E0:D1:F7:B4",
        "value":{{"device_list":[{row}]}}}}}}"#
    )
}

#[test]
fn a_clock_years_ahead_is_not_believed() {
    let row = r#"{"scan_time":1836942771,"ble_addr":"d616f9641622","bp_high":137,"bp_low":95,"PR":74}"#;
    let read = said("dusun_pub", &gateway("BP_BIOLIGTH", row), "2025-06-16T04:31:00Z").unwrap();
    assert_eq!(read.said.len(), 3);
    for it in &read.said {
        assert_eq!((it.at, it.source), (super::ms("2025-06-16T04:31:00Z"), Source::Arrival));
        assert_eq!(it.marks, Marks::CLOCK_AHEAD);
        assert_eq!(it.device.as_deref(), Some("D616F9641622"));
        assert_eq!(it.gateway.as_deref(), Some("08F9E0D1F7B4"));
    }
}

#[test]
fn whatever_hangs_on_the_gateway() {
    use Measure::*;
    let cases: [(&str, &str, &[(Measure, i64)]); 8] = [
        ("Contour_Elite", r#""blood_glucose":"108","marker":"After Meal""#, &[(Glucose, 599)]),
        ("AccuChek_Instant", r#""blood_glucose":"111","marker":"After Meal""#, &[(Glucose, 616)]),
        ("Oximeter JUMPER", r#""pulse":72,"spo2":96,"pi":43"#, &[(HeartRate, 72), (Spo2, 960), (Perfusion, 43)]),
        ("IR_TEMO_JUMPER", r#""temp":36.43000031,"mode":"Head""#, &[(Temperature, 3643)]),
        ("IR_TEMO_JUMPER", r#""temp":"97.7""#, &[(Temperature, 3650)]),
        ("BodyScale_JUMPER", r#""weight":79.30000305,"resistance":605.9000244"#, &[(Weight, 7930)]),
        ("MGSS_REF_UA", r#""uric_acid":"517.5""#, &[(UricAcid, 518)]),
        ("MGSS_REF_CHOL", r#""cholesterol":"4.3""#, &[(Cholesterol, 430)]),
    ];
    for (attribute, row, wanted) in cases {
        let row = format!(r#"{{"scan_time":1836942771,"ble_addr":"60e85b7aab77","scan_rssi":-66,{row}}}"#);
        for topic in ["dusun_pub", "dusun_sub", "elsewhere"] {
            let read = said(topic, &gateway(attribute, &row), "2025-06-16T04:31:00Z").unwrap();
            let found: Vec<(Measure, i64)> = values(&read).iter().map(|it| (it.0, it.1)).collect();
            assert_eq!(found, wanted, "{attribute}");
        }
    }
    let row = r#"{"ble_addr":"60e85b7aab77","blood_glucose":"108","marker":"After Meal"}"#;
    assert_eq!(said("dusun_pub", &gateway("x", row), "2025-06-16T04:31:00Z").unwrap().said[0].meal, Some(Meal::After));
    let online = r#"{"from":"ESP32_GW","to":"CLOUD","time":1743963911,"mac":"DC:DA:0C:5A:80:64","IMEI":"868334037510868",
        "type":"HB_Msg","data":{"msg":"Online"}}"#;
    let read = said("ESP32_BLE_GW_TX", online, "2025-04-06T18:25:20Z").unwrap();
    assert!(matches!(&read.said[0].what, What::Status(it) if it.online == Some(true)));
    // What a gateway says of itself is said by it.
    assert_eq!(read.said[0].device.as_deref(), Some("DCDA0C5A8064"));
    let unknown =
        said("dusun_pub", &gateway("NEW", r#"{"ble_addr":"60e85b7aab77","humours":4}"#), "2025-06-16T04:31:00Z");
    assert_eq!(unknown.unwrap_err().why, Why::Nothing);
}

#[test]
fn a_kiosk_tells_who_stood_before_it_and_no_time_by_the_day_of_birth() {
    use Measure::*;
    let cases: [(&str, &[(Measure, i64)]); 5] = [
        (r#""pulse":70,"spo2":97,"pi":70"#, &[(HeartRate, 70), (Spo2, 970), (Perfusion, 70)]),
        (r#""bp_high":120,"bp_low":78,"pr":71"#, &[(Systolic, 120), (Diastolic, 78), (HeartRate, 71)]),
        (r#""blood_glucose":97,"marker":"After Meal""#, &[(Glucose, 538)]),
        (r#""weight":76.3,"Resistance":598.5"#, &[(Weight, 7630)]),
        (r#""mode":"Head","Temp":36.88"#, &[(Temperature, 3688)]),
    ];
    for (value, wanted) in cases {
        let text = format!(
            r#"{{"from":"PI","to":"CLOUD","time":1714819151,"mac":"e4:5f:01:ed:82:59","type":"reportAttribute",
            "citiz":"0000000000000","brith":"25220713","data":{{"attribute":"X","ble_mac":"40:2E:71:4A:38:84","value":{{{value}}}}}}}"#
        );
        let read = said("CM4_BLE_GW_TX", &text, "2024-05-04T10:39:20Z").unwrap();
        let found: Vec<(Measure, i64)> = values(&read).iter().map(|it| (it.0, it.1)).collect();
        assert_eq!(found, wanted);
        assert!(read.said.iter().all(|it| it.at == 1_714_819_151_000 && it.marks == Marks::NONE));
        assert_eq!(read.said[0].person.as_deref(), Some("0000000000000"));
    }
}

const CALL: &str = r#"{"id":13206,"deviceId":"822126358522298","company":"IC","flag":"AL","from":1,"data":
    {"time":"2020-09-07 05:46:40","latitude":0,"longitude":0,"gsm":26,"battery":30,"steps":440,"status":"00000000"}}"#;

#[test]
fn nought_nought_is_no_place_and_a_time_without_zone_is_what_is_now() {
    let utc = said("GET /api/device/alert", CALL, "2020-09-07T05:46:45Z").unwrap();
    assert_eq!(utc.flags, [Flag::NoFix]);
    assert_eq!(utc.said[0].what, What::Alarm(Alarm::Sos));
    assert_eq!((utc.said[0].at, utc.said[0].marks), (super::ms("2020-09-07T05:46:40Z"), Marks::ZONE_ASSUMED));
    assert!(!utc.said.iter().any(|it| matches!(it.what, What::Position(_))));
    let local = said("GET /api/device/alert", CALL, "2020-09-06T21:46:45Z").unwrap();
    assert_eq!((local.said[0].at, local.said[0].marks), (super::ms("2020-09-06T21:46:40Z"), Marks::ZONE_ASSUMED));
}

#[test]
fn lists_of_the_platform_of_the_same_watch() {
    let health = r#"{"message":"Success","code":0,"results":[{"heart":75,"createdAt":"2020-09-09 13:18:12"},
        {"blood":[143,81],"createdAt":"2020-09-09 13:18:12"}],"currentPage":1,"length":2}"#;
    let read = said("GET /api/device/health/860315001121004", health, "2020-09-09T13:19:00Z").unwrap();
    let found: Vec<(Measure, i64)> = values(&read).iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(found, [(Measure::HeartRate, 75), (Measure::Systolic, 143), (Measure::Diastolic, 81)]);
    assert_eq!(read.said[0].device.as_deref(), Some("860315001121004"));
    let calls = r#"{"message":"Success","code":0,"results":[{"id":18968,"deviceId":"8603","company":"IC","flag":"AL","from":0,
        "data":{"time":"2020-09-09 12:16:31","latitude":0,"longitude":0,"battery":100,"steps":834}}],"total":66}"#;
    let read = said("GET /api/device/alert", calls, "2020-09-09T12:16:32Z").unwrap();
    assert_eq!((&read.said[0].what, read.said[0].urgent_now()), (&What::Alarm(Alarm::Sos), true));
    let pushed = r#"{"id":14197,"device":{"deviceId":"8603","company":"IC"},"flag":"blood","data":[120,75],
        "createdAt":"2020-09-09 13:18:12"}"#;
    let read = said("notify", pushed, "2020-09-09T13:19:00Z").unwrap();
    let found: Vec<(Measure, i64)> = values(&read).iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(found, [(Measure::Systolic, 120), (Measure::Diastolic, 75)]);
    assert_eq!(read.said[0].device.as_deref(), Some("8603"));
    let places = r#"{"results":[{"deviceId":"8603","company":"IC","locations":[
        {"time":"2020-09-09 09:06:41","latitude":41.734551,"longitude":125.956236,"gsm":34,"battery":30,"steps":409},
        {"time":"2020-09-09 09:04:43","latitude":0,"longitude":0,"gsm":21,"battery":35,"steps":409}]}]}"#;
    let read = said("api/device/location", places, "2020-09-09T09:07:00Z").unwrap();
    let position = What::Position(Position { latitude: 41_734_551, longitude: 125_956_236 });
    assert_eq!(read.said.iter().filter(|it| it.what == position).count(), 1);
    assert_eq!(read.flags, [Flag::NoFix]);
    assert!(read.said.iter().all(|it| it.device.as_deref() == Some("8603")));
}

#[test]
fn a_tenant_in_topic_and_message_is_one_or_all_is_disputed() {
    let text = r#"{"user_id":1,"tenant_id":1,"timestamp":1608618462,"lng":122.23333,"lat":43.23333,"alarm_type":"SOS","additional":""}"#;
    let same = said("info/1/alarm", text, "2020-12-22T06:27:45Z").unwrap();
    assert!(same.flags.is_empty() && same.said.iter().all(|it| it.marks == Marks::NONE));
    let other = said("info/2/alarm", text, "2020-12-22T06:27:45Z").unwrap();
    assert_eq!(other.flags, [Flag::Disagree { one: "2".to_owned(), other: "1".to_owned() }]);
    assert!(other.said.iter().all(|it| it.marks == Marks::DISPUTED));
    assert!(other.said[0].urgent_now());
    // A topic as the maker's handbook prints it names no tenant.
    assert!(said("info/{tenantId}/alarm", text, "2020-12-22T06:27:45Z").unwrap().flags.is_empty());
    let heart = r#"{"user_id":1,"tenant_id":1,"timestamp":1608618462,"battery":80,"battery_charging":false}"#;
    let heart = said("info/1/heart", heart, "2020-12-22T06:27:45Z").unwrap();
    assert!(matches!(&heart.said[0].what, What::Status(it) if it.battery == Some(80)));
    let down = said("info/1/down", r#"{"user_id":1,"tenant_id":1}"#, "2020-12-22T06:27:45Z").unwrap();
    assert!(matches!(&down.said[0].what, What::Status(it) if it.online == Some(false)));
}

#[test]
fn a_pill_box_and_what_is_worn_with_it() {
    let fall = r#"{"id":"a1b2c3d4","code":400,"message":"监测到患者摔倒","timestamp":1721804282}"#;
    let read = said("drug/a1b2c3d4/slip", fall, "2024-07-24T06:58:05Z").unwrap();
    assert_eq!((&read.said[0].what, read.said.len()), (&What::Alarm(Alarm::Fall), 1));
    assert_eq!(read.said[0].device.as_deref(), Some("a1b2c3d4"));
    let rate = r#"{"id":"a1b2c3d4","code":200,"message":"增加心率数据","heartrate":65,"timestamp":1721804283}"#;
    let read = said("drug/a1b2c3d4/heartrate", rate, "2024-07-24T06:58:05Z").unwrap();
    assert_eq!(values(&read), [(Measure::HeartRate, 65, 1_721_804_283_000)]);
    assert_eq!(read.said.len(), 1);
}

#[test]
fn sensors_of_a_home_whose_data_is_text() {
    let one = |model: &str, data: &str| {
        let data = data.replace('"', "\\\"");
        let text = format!(r#"{{"cmd":"report","model":"{model}","sid":"112316","short_id":4343,"data":"{data}"}}"#);
        said("(UDP/CoAP report)", &text, "2025-06-16T04:31:00Z").unwrap().said[0].what.clone()
    };
    use Measure::*;
    assert_eq!(one("motion", r#"{"status":"motion"}"#), What::Value(Motion, 1));
    assert_eq!(one("motion", r#"{"no_motion":"120"}"#), What::Value(Motion, 0));
    assert_eq!(one("magnet", r#"{"status":"open"}"#), What::Value(Door, 1));
    assert_eq!(one("magnet", r#"{"status":"close"}"#), What::Value(Door, 0));
    assert_eq!(one("switch", r#"{"status":"click"}"#), What::Alarm(Alarm::Sos));
    assert_eq!(one("smoke", r#"{"alarm":"1"}"#), What::Alarm(Alarm::Smoke));
    assert_eq!(one("natgas", r#"{"alarm":"1"}"#), What::Alarm(Alarm::Gas));
    assert_eq!(one("sensor_ht", r#"{"temperature":"2345"}"#), What::Value(RoomTemperature, 2345));
    assert_eq!(one("smoke", r#"{"alarm":"0"}"#), What::Status(Status::default()));
    let voltage = Status { voltage: Some(3000), ..Status::default() };
    assert_eq!(one("motion", r#"{"voltage":"3000"}"#), What::Status(voltage));
    let second = r#"{"cmd":"report","model":"sensor_magnet.aq2","sid":"158d0001","params":[{"window_status":"open"}]}"#;
    assert_eq!(said("x", second, "2025-06-16T04:31:00Z").unwrap().said[0].what, What::Value(Door, 1));
}
