//! What nobody said: no movement in the morning though the home's devices live, and devices that are silent for longer than their kind
//! allows.

use serde::{Deserialize, Serialize};

use super::{DeviceKind, Limits, Over, Raise, Reason};
use crate::{alarm::Kind, base::Text};

/// What is known of a home. Instants are milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Home {
    /// When somebody last moved; nothing where no device of the home tells of movement.
    pub moved: Option<i64>,
    /// When a device of the home that tells of movement last said anything.
    pub alive: Option<i64>,
    /// When it was last told that nobody moves; nothing since somebody moved again.
    pub told: Option<i64>,
}

/// What comes of a look at a home.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Still {
    pub home: Home,
    pub raise: Option<Raise>,
    pub over: Option<Over>,
    /// When to look again.
    pub again: Option<i64>,
}

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Looks at a home. `offset_minutes` is the zone of the place, 480 in China.
pub fn still(limits: &Limits, home: &Home, now: i64, offset_minutes: i32) -> Still {
    let Some((morning, ground)) = &limits.morning else { return Still { home: *home, ..Still::default() } };
    let offset = i64::from(offset_minutes) * 60_000;
    let midnight = now - (now + offset).rem_euclid(DAY_MS);
    let at = |minutes: u16| midnight + i64::from(minutes) * 60_000;
    let (from, until) = (at(morning.from.0), at(morning.until.0));
    let mut found = Still { home: *home, ..Still::default() };
    found.again = Some(if now < until { until } else { until + DAY_MS });
    if let (Some(told), Some(moved)) = (home.told, home.moved)
        && moved > told
    {
        found.home.told = None;
        let text = Text::new("又有活动", "somebody moves again");
        found.over = Some(Over { kind: Kind::Still, at: moved, text });
    }
    let told_today = home.told.is_some_and(|it| it >= midnight);
    let lives = home.alive.is_some_and(|it| now - it <= i64::from(morning.alive_hours) * HOUR_MS);
    let still = home.moved.is_some_and(|it| it < from);
    if now >= until && still && lives && !told_today {
        found.home.told = Some(now);
        let text = Text::new(
            format!("{} 到 {} 没有活动，设备在线", morning.from, morning.until),
            format!("no movement from {} to {}, though the devices live", morning.from, morning.until),
        );
        let reason = Reason::of_policy(text, vec![ground.clone()]);
        found.raise = Some(Raise { kind: Kind::Still, urgent: morning.urgent, at: now, reason });
    }
    found
}

/// What comes of a look at a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Silent {
    /// Whether its silence is told.
    pub told: bool,
    pub raise: Option<Raise>,
    pub over: Option<Over>,
    /// When to look again; nothing where its kind is never missed.
    pub again: Option<i64>,
}

/// Looks at a device that was last heard at an instant, or was handed out then. Its silence is told once, and over when it is heard.
pub fn silent(limits: &Limits, kind: DeviceKind, heard: i64, told: bool, now: i64) -> Silent {
    let Some((it, ground)) = limits.silence.iter().find(|it| it.0.kind == kind) else {
        return Silent { told, ..Silent::default() };
    };
    let due = heard.saturating_add(i64::from(it.hours) * HOUR_MS);
    if now < due {
        let text = Text::new(format!("{}又有消息", kind.title()), "the device is heard again");
        let over = told.then_some(Over { kind: Kind::Silent, at: heard, text });
        return Silent { told: false, raise: None, over, again: Some(due) };
    }
    let text = Text::new(
        format!("{}超过 {} 小时没有消息", kind.title(), it.hours),
        format!("the device is silent for more than {} hours", it.hours),
    );
    let reason = Reason::of_policy(text, vec![ground.clone()]);
    let raise = (!told).then_some(Raise { kind: Kind::Silent, urgent: false, at: due, reason });
    Silent { told: true, raise, over: None, again: None }
}
