//! The pages of monitoring.

pub mod board;
pub mod card;
pub mod deeds;
pub mod duty;
pub mod figures;
pub mod new;
pub mod show;

use kit::Ask;

/// Seconds as people say them: `45 秒`, `3 分 20 秒`, `2 小时 5 分`.
pub fn lasting(ask: &Ask, seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        ..60 => ask.f("{n} 秒", &[("n", &seconds)]),
        60..3_600 => ask.f("{m} 分 {s} 秒", &[("m", &(seconds / 60)), ("s", &(seconds % 60))]),
        _ => ask.f("{h} 小时 {m} 分", &[("h", &(seconds / 3_600)), ("m", &(seconds % 3_600 / 60))]),
    }
}

/// How far something lies.
pub fn distance(ask: &Ask, metres: u32) -> String {
    match metres {
        ..1_000 => ask.f("{n} 米", &[("n", &metres)]),
        _ => ask.f("{n} 公里", &[("n", &format!("{:.1}", f64::from(metres) / 1_000.0))]),
    }
}
