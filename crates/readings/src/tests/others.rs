//! Makers nobody named: what the names say by themselves is read, what they do not is not guessed.

use super::{said, values};
use crate::{Alarm, Flag, Marks, Measure, What, Why};

const NOW: &str = "2026-03-02T00:00:30Z";

fn measured(text: &str) -> Vec<(Measure, i64)> {
    match said("d/1/up", text, NOW) {
        Ok(read) => values(&read).iter().map(|it| (it.0, it.1)).collect(),
        Err(unknown) => panic!("{text}: {unknown:?}"),
    }
}

#[test]
fn the_usual_names_of_chinese_makers() {
    use Measure::*;
    let cases: [(&str, &[(Measure, i64)]); 16] = [
        (
            r#"{"deviceId":"1","sbp":128,"dbp":82,"hr":71,"ts":1772409600000}"#,
            &[(Systolic, 128), (Diastolic, 82), (HeartRate, 71)],
        ),
        (r#"{"imei":"861","heartRate":"72","bloodOxygen":"97"}"#, &[(HeartRate, 72), (Spo2, 970)]),
        (
            r#"{"sn":"A1","心率":72,"收缩压":130,"舒张压":84,"血氧":96,"体温":36.5,"血糖":5.6}"#,
            &[(Systolic, 130), (Diastolic, 84), (HeartRate, 72), (Spo2, 960), (Temperature, 3650), (Glucose, 560)],
        ),
        (r#"{"mac":"AA:BB:CC:DD:EE:FF","bp":"128/82"}"#, &[(Systolic, 128), (Diastolic, 82)]),
        (
            r#"{"mac":"1","bloodPressure":{"systolic":"128mmHg","diastolic":"82 mmHg"}}"#,
            &[(Systolic, 128), (Diastolic, 82)],
        ),
        (
            r#"{"did":"1","data":{"highPressure":141,"lowPressure":92,"pulse":70}}"#,
            &[(Systolic, 141), (Diastolic, 92), (HeartRate, 70)],
        ),
        (r#"{"deviceNo":"1","temp":"36.8℃"}"#, &[(Temperature, 3680)]),
        (r#"{"deviceNo":"1","temperature":98.6}"#, &[(Temperature, 3700)]),
        (r#"{"imei":"1","glucose":108,"unit":"mg/dL"}"#, &[(Glucose, 599)]),
        (r#"{"imei":"1","bs":12.3}"#, &[(Glucose, 1230)]),
        (r#"{"imei":"1","bloodGlucose":"108"}"#, &[(Glucose, 599)]),
        (r#"{"imei":"1","type":"heartRate","value":72}"#, &[(HeartRate, 72)]),
        (r#"{"imei":"1","type":"weight","value":150,"unit":"斤"}"#, &[(Weight, 7500)]),
        (
            r#"{"devId":"1","status":[{"code":"heart_rate","value":72},{"code":"spo2","value":98}]}"#,
            &[(HeartRate, 72), (Spo2, 980)],
        ),
        (r#"{"id":"123","params":{"HeartRate":{"value":72,"time":1772409600000}}}"#, &[(HeartRate, 72)]),
        (
            r#"{"device_id":"1","services":[{"service_id":"v","properties":{"heartRate":72},"event_time":"20260302T000000Z"}]}"#,
            &[(HeartRate, 72)],
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(measured(text), wanted, "{text}");
    }
}

#[test]
fn times_in_all_their_writings_are_one() {
    let wanted = super::ms("2026-03-02T00:00:00Z");
    for time in [
        "1772409600",
        "1772409600000",
        "\"1772409600\"",
        "\"1772409600000\"",
        "1772409600.0",
        "\"2026-03-02 08:00:00\"",
        "\"2026-03-02T00:00:00Z\"",
        "\"2026-03-02T08:00:00+08:00\"",
        "\"2026-03-02T08:00:00.000+0800\"",
        "\"20260302080000\"",
        "\"2026/03/02 08:00:00\"",
        "\"2026-3-2 8:00\"",
        "\"2026年3月2日 08时00分00秒\"",
        "\"2569-03-02 08:00:00\"",
        "\"20260302T000000Z\"",
    ] {
        let read = said("d/1/up", &format!(r#"{{"imei":"1","hr":72,"timestamp":{time}}}"#), NOW).unwrap();
        assert_eq!(read.said[0].at, wanted, "{time}");
    }
    let read = said("d/1/up", r#"{"imei":"1","hr":72,"date":"2026-03-02","time":"08:00:00"}"#, NOW).unwrap();
    assert_eq!((read.said[0].at, read.said[0].marks), (wanted, Marks::ZONE_ASSUMED));
    // The third of February or the second of March: nobody said.
    let read = said("d/1/up", r#"{"imei":"1","hr":72,"timestamp":"02/03/2026 08:00:00"}"#, NOW).unwrap();
    assert_eq!(read.said[0].marks, Marks::NO_TIME);
    let read =
        said("d/1/up", r#"{"imei":"1","hr":72,"timestamp":"28/02/2026 08:00:00"}"#, "2026-02-28T00:00:30Z").unwrap();
    assert_eq!(read.said[0].marks, Marks::ZONE_ASSUMED);
}

#[test]
fn the_limits_of_belief() {
    let marks =
        |time: &str| said("d/1/up", &format!(r#"{{"imei":"1","hr":72,"ts":"{time}"}}"#), NOW).unwrap().said[0].marks;
    assert_eq!(marks("2026-03-02T00:05:30Z"), Marks::NONE);
    assert_eq!(marks("2026-03-02T00:05:31Z"), Marks::CLOCK_AHEAD);
    assert_eq!(marks("2026-03-01T23:50:30Z"), Marks::NONE);
    assert_eq!(marks("2026-03-01T23:50:29Z"), Marks::LATE);
    assert_eq!(marks("2015-01-01T00:00:00Z"), Marks::LATE);
    assert_eq!(marks("2014-12-31T23:59:59Z"), Marks::CLOCK_BEHIND);
}

#[test]
fn implausible_values_are_kept_and_marked() {
    let read = said("d/1/up", r#"{"imei":"1","hr":0,"spo2":255}"#, NOW).unwrap();
    let found: Vec<_> = read.said.iter().map(|it| (it.what.clone(), it.marks.has(Marks::IMPLAUSIBLE))).collect();
    assert_eq!(found, [(What::Value(Measure::HeartRate, 0), true), (What::Value(Measure::Spo2, 2550), true)]);
}

#[test]
fn what_could_be_two_things_is_not_guessed() {
    for (text, measure) in [
        (r#"{"imei":"1","hr":72,"bs":25}"#, Measure::Glucose),
        (r#"{"imei":"1","hr":72,"temp":22.5}"#, Measure::Temperature),
        (r#"{"imei":"1","hr":72,"weight":150,"unit":"stone"}"#, Measure::Weight),
        (r#"{"imei":"1","hr":72,"spo2":"high"}"#, Measure::Spo2),
    ] {
        let read = said("d/1/up", text, NOW).unwrap();
        assert_eq!(values(&read).len(), 1);
        assert!(matches!(&read.flags[..], [Flag::Unclear { measure: found, .. }] if *found == measure), "{text}");
    }
    let nothing = said("d/1/up", r#"{"imei":"1","value":120}"#, NOW).unwrap_err();
    assert_eq!(nothing.why, Why::NoAdapter);
    let unclear = said("d/1/up", r#"{"imei":"1","bs":25}"#, NOW).unwrap_err();
    assert_eq!(unclear.flags.len(), 1);
    // The temperature of a sensor that knows the humidity is a room's.
    assert_eq!(measured(r#"{"imei":"1","temperature":36.5,"humidity":40}"#), [(Measure::Humidity, 400)]);
}

#[test]
fn alarms_by_their_usual_names() {
    for (text, wanted) in [
        (r#"{"imei":"1","alarmType":"SOS"}"#, Alarm::Sos),
        (r#"{"imei":"1","alarm":"一键呼叫"}"#, Alarm::Sos),
        (r#"{"imei":"1","sos":1}"#, Alarm::Sos),
        (r#"{"deviceId":"1","eventType":"fallDetected"}"#, Alarm::Fall),
        (r#"{"deviceId":"1","alarmName":"跌倒报警"}"#, Alarm::Fall),
        (r#"{"deviceId":"1","alarmType":"smoke"}"#, Alarm::Smoke),
        (r#"{"deviceId":"1","alarmName":"燃气泄漏"}"#, Alarm::Gas),
        (r#"{"deviceId":"1","alarmType":"leave_bed"}"#, Alarm::LeaveBed),
    ] {
        let read = said("d/1/up", text, NOW).unwrap();
        assert_eq!(read.said.iter().map(|it| it.what.clone()).collect::<Vec<_>>(), [What::Alarm(wanted)], "{text}");
    }
    assert!(said("d/1/up", r#"{"imei":"1","sos":0}"#, NOW).is_err());
    let twice = said("d/1/up", r#"{"imei":"1","type":"SOS","value":1,"alarm":"SOS"}"#, NOW).unwrap();
    assert_eq!(twice.said.len(), 1);
}

#[test]
fn the_name_of_a_row_goes_before_what_stands_around_it() {
    let text = r#"{"gatewayId":"G","data":[{"id":7,"mac":"aa:bb:cc:dd:ee:01","hr":70},{"id":8,"mac":"aa:bb:cc:dd:ee:02","hr":71}]}"#;
    let read = said("d/1/up", text, NOW).unwrap();
    let names: Vec<_> = read.said.iter().map(|it| it.device.as_deref().unwrap().to_owned()).collect();
    assert_eq!(names, ["AABBCCDDEE01", "AABBCCDDEE02"]);
    assert_eq!(read.said[0].gateway.as_deref(), Some("G"));
    let text = r#"{"deviceId":"D","data":[{"id":7,"hr":70}]}"#;
    assert_eq!(said("d/1/up", text, NOW).unwrap().said[0].device.as_deref(), Some("D"));
}

#[test]
fn our_own_format() {
    use Measure::*;
    let text = r#"[{"device":"A","time":"2026-03-02T08:00:00+08:00","values":{"systolic":120,"diastolic":80,"glucose":5.6}},
        {"device":"B","readings":[{"time":1772409600,"measure":"temperature","value":98.6,"unit":"℉"},
                                  {"time":1772409605,"measure":"spo2","value":97}]},
        {"device":"C","time":1772409600,"alarm":"fall","status":{"battery":67,"firmware":"1.2"},
         "position":{"latitude":29.5,"longitude":106.5}}]"#;
    let read = said("yiyang/readings", text, NOW).unwrap();
    assert_eq!(&*read.adapter, "plain");
    let found: Vec<(Measure, i64)> = values(&read).iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(found, [(Systolic, 120), (Diastolic, 80), (Glucose, 560), (Temperature, 3700), (Spo2, 970)]);
    assert!(read.said.iter().all(|it| it.marks == Marks::NONE));
    assert!(read.said.iter().any(|it| it.what == What::Alarm(Alarm::Fall) && it.device.as_deref() == Some("C")));
    let wrapped = said("x", &format!(r#"{{"messages":{text}}}"#), NOW).unwrap();
    assert_eq!(wrapped.said.len(), read.said.len());
    let bare = r#"{"time":1772409600,"measure":"heart_rate","value":71}"#;
    assert_eq!(said("yiyang/X1/readings", bare, NOW).unwrap().said[0].device.as_deref(), Some("X1"));
}
