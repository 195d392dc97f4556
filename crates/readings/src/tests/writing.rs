//! Adapters that somebody writes: used at once where they are sound, and told by line what is wrong where not.

use super::setting;
use crate::{Adapter, Adapters, Fault, Measure, Message, Setting, What, read};

const SOUND: &str = "\
adapter: my-bed
title: 我们的床垫
topics: [beds/+]
device: [bed]
zone: UTC
time:
  - { at: when, form: month-day }
values:
  - { is: respiration, at: [breaths], unit: 次/分 }
  - { is: bed, at: [state], words: [{ word: lying, means: 1 }, { word: up, means: 0 }] }
alarms:
  - { is: leave_bed, at: [state], equals: [gone] }
";

#[test]
fn an_adapter_of_the_operator_goes_before_ours() {
    let adapters = Adapters::ours().with(vec![Adapter::parse(SOUND).unwrap()]);
    let payload = br#"{"bed":"7","when":"03/02/2026 08:00:00","breaths":14,"state":"lying"}"#;
    let message = Message { topic: "beds/7", payload, arrived: super::ms("2026-03-02T08:00:10Z") };
    let got = read(&adapters, &message, &setting()).unwrap();
    assert_eq!(&*got.adapter, "my-bed");
    assert_eq!(got.said[0].what, What::Value(Measure::Respiration, 14));
    assert_eq!(got.said[1].what, What::Value(Measure::Bed, 1));
    assert_eq!(got.said[0].at, super::ms("2026-03-02T08:00:00Z"));
    // Unknown before, read after it was added.
    let foreign = Message { topic: "beds/7", payload: br#"{"bed":"7","breaths":14}"#, ..message };
    assert!(read(&Adapters::ours(), &foreign, &setting()).is_err());
    assert!(read(&adapters, &foreign, &setting()).is_ok());
}

#[test]
fn one_of_the_same_name_takes_the_place_of_ours() {
    let number = Adapters::ours().iter().count();
    let mine = SOUND.replace("my-bed", "generic");
    let adapters = Adapters::ours().with(vec![Adapter::parse(&mine).unwrap()]);
    assert_eq!(adapters.iter().count(), number);
    assert_eq!(adapters.iter().filter(|it| it.name() == "generic").count(), 1);
}

fn faults(text: &str) -> Vec<Fault> {
    Adapter::parse(text).unwrap_err()
}

#[test]
fn a_fault_says_where_and_what_to_do() {
    let changed = |from: &str, to: &str| {
        assert!(SOUND.contains(from));
        let found = faults(&SOUND.replace(from, to));
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].line, found[0].text.clone())
    };
    let (line, text) = changed("is: respiration", "is: breathing");
    assert_eq!(line, 9);
    assert!(text.contains("没有“breathing”这种测量；可以写的有：systolic"));
    let (line, text) = changed("unit: 次/分", "unit: Hz");
    assert_eq!(line, 9);
    assert!(text.contains("没有“Hz”这个单位；可以写的有：/min"));
    assert!(changed(", unit: 次/分", "").1.contains("要写明单位"));
    assert!(changed("zone: UTC", "zone: Mars").1.contains("没有“Mars”这个时区"));
    assert!(changed("is: leave_bed", "is: bored").1.contains("没有“bored”这种报警"));
    assert!(changed("at: [breaths]", "at: [a..b]").1.contains("“a..b”不是位置"));
    assert!(changed("my-bed", "我的床").1.contains("小写字母"));
    let (line, text) = changed("device: [bed]", "devise: [bed]");
    assert_eq!(line, 4);
    assert!(text.contains("没有“devise”这一项"));
    assert!(changed("month-day", "day-first").1.contains("“day-first”不是可以选的词"));
}

#[test]
fn every_fault_is_told_at_once() {
    let text =
        SOUND.replace("is: respiration", "is: breathing").replace("is: leave_bed", "is: bored").replace("UTC", "Mars");
    assert_eq!(faults(&text).len(), 3);
    assert_eq!(faults("adapter: x\ntitle: y\n").len(), 1);
    assert!(faults("")[0].text.contains("没有内容"));
}

#[test]
fn too_much_is_refused_whole() {
    let setting = Setting { most_bytes: 100, most_rows: 3, ..setting() };
    let of = |payload: &str| {
        let message = Message { topic: "x", payload: payload.as_bytes(), arrived: 0 };
        read(&Adapters::ours(), &message, &setting).map(|it| it.said.len()).map_err(|it| it.why.word())
    };
    assert_eq!(of(&format!(r#"{{"imei":"1","hr":72,"x":"{}"}}"#, "y".repeat(100))), Err("too_large"));
    assert_eq!(of(r#"[{"imei":"1","hr":72},{"hr":72},{"hr":72}]"#), Ok(3));
    assert_eq!(of(r#"[{"imei":"1","hr":72},{"hr":72},{"hr":72},{"hr":72}]"#), Err("too_many_rows"));
    assert_eq!(of("hello"), Err("not_readable"));
    assert_eq!(of("{}"), Err("no_adapter"));
}

/// What the handbook shows can be sent and written.
#[test]
fn the_examples_of_the_handbook_are_sound() {
    let text = include_str!("../../../../docs/devices.md");
    let blocks = |kind: &str| -> Vec<String> {
        text.split(&format!("```{kind}\n"))
            .skip(1)
            .filter_map(|it| it.split("\n```").next())
            .map(str::to_owned)
            .collect()
    };
    let yaml = blocks("yaml");
    assert_eq!(yaml.len(), 1);
    if let Err(faults) = Adapter::parse(&yaml[0]) {
        panic!("{faults:?}");
    }
    let json = blocks("json");
    let lines: Vec<&str> = json.iter().flat_map(|it| it.lines()).collect();
    assert!(lines.len() > 3);
    for line in lines {
        let message = Message { topic: "x", payload: line.as_bytes(), arrived: super::ms("2026-03-02T00:00:10Z") };
        let got = read(&Adapters::ours(), &message, &setting()).unwrap();
        assert_eq!(&*got.adapter, "plain");
        assert!(got.flags.is_empty() && got.said.iter().all(|it| it.marks == crate::Marks::NONE), "{line}");
    }
}
