//! Tests of the crate, one file a subject.

use crate::{Adapters, Measure, Message, Read, Setting, Unknown, What, read};

mod bluetooth;
mod fuzz;
mod kept;
mod makers;
mod numbers;
mod others;
mod writing;

fn setting() -> Setting {
    Setting::of(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap())
}

fn ms(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// What a message says by the adapters of the program, where the device stands in Shanghai.
fn said(topic: &str, payload: &str, arrived: &str) -> Result<Read, Unknown> {
    let message = Message { topic, payload: payload.as_bytes(), arrived: ms(arrived) };
    read(&Adapters::ours(), &message, &setting())
}

fn values(read: &Read) -> Vec<(Measure, i64, i64)> {
    read.said
        .iter()
        .filter_map(|it| match it.what {
            What::Value(measure, value) => Some((measure, value, it.at)),
            _ => None,
        })
        .collect()
}
