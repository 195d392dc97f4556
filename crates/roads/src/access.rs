//! Who may go where, and in which direction: the tags of OpenStreetMap read once. Turn restrictions and times of day
//! are not read.

use crate::pbf::Tags;

/// What kind of road it is; what it means for the speed says [`crate::Pace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    Motorway,
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    Unclassified,
    Residential,
    Service,
    Track,
    Path,
    Steps,
    Ferry,
}

impl Class {
    pub const ALL: [Class; 12] = [
        Class::Motorway,
        Class::Trunk,
        Class::Primary,
        Class::Secondary,
        Class::Tertiary,
        Class::Unclassified,
        Class::Residential,
        Class::Service,
        Class::Track,
        Class::Path,
        Class::Steps,
        Class::Ferry,
    ];
}

/// One bit for each way of moving and direction.
pub const WALK: u8 = 0b00_0011;
pub const CYCLE: u8 = 0b00_1100;
pub const CAR: u8 = 0b11_0000;
/// Of each pair of bits, those for the direction in which the way is drawn.
const ALONG: u8 = 0b01_0101;
const AGAINST: u8 = 0b10_1010;

/// What a way is for routing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    pub class: Class,
    /// Who may go along and against it.
    pub open: u8,
    /// Speed limit, or of a ferry its speed, km/h; 0 where none is said.
    pub limit: u8,
}

/// Says what a way is for; none where nobody may use it. A ferry that says how long it takes has `metres` (of the
/// whole way) over that time as its speed.
pub fn way(tags: &Tags<'_>, metres: impl FnOnce() -> f64) -> Option<Use> {
    let (class, usual) = class(tags)?;
    let mut open = 0;
    for (bits, keys) in [
        (WALK, &["foot", "access"][..]),
        (CYCLE, &["bicycle", "vehicle", "access"]),
        (CAR, &["motorcar", "motor_vehicle", "vehicle", "access"]),
    ] {
        if keys.iter().find_map(|key| said(tags.get(key)?)).unwrap_or(usual & bits != 0) {
            open |= bits;
        }
    }
    if tags.get("motorroad") == Some("yes") {
        open &= CAR;
    }
    if class == Class::Steps {
        open &= WALK;
    }
    open &= directions(tags, class);
    let limit = match class {
        Class::Ferry => tags.get("duration").and_then(minutes).map_or(0, |it| round(metres() * 0.06 / it)),
        _ => tags.get("maxspeed").and_then(speed).unwrap_or(0),
    };
    (open != 0).then_some(Use { class, open, limit })
}

/// Who is stopped by a node: bits of [`WALK`], [`CYCLE`], [`CAR`].
pub fn closed(tags: &Tags<'_>) -> u8 {
    let barrier = tags.get("barrier");
    let usual = match barrier {
        None | Some("no" | "gate" | "lift_gate" | "entrance" | "cattle_grid" | "toll_booth" | "border_control") => 0,
        Some("sally_port" | "swing_gate" | "height_restrictor" | "kerb" | "sliding_gate" | "hampshire_gate") => 0,
        Some("wall" | "fence" | "hedge" | "city_wall" | "retaining_wall" | "ditch") => WALK | CYCLE | CAR,
        Some("stile" | "turnstile" | "full-height_turnstile" | "kissing_gate") => CYCLE | CAR,
        Some(_) => CAR,
    };
    let mut closed = 0;
    for (bits, keys) in [
        (WALK, &["foot", "access"][..]),
        (CYCLE, &["bicycle", "vehicle", "access"]),
        (CAR, &["motorcar", "motor_vehicle", "vehicle", "access"]),
    ] {
        if !keys.iter().find_map(|key| said(tags.get(key)?)).unwrap_or(usual & bits == 0) {
            closed |= bits;
        }
    }
    // A node that is no barrier closes nothing: `access=no` stands on entrances and stops as well.
    if barrier.is_some() { closed } else { 0 }
}

/// Class and who may usually use it where no tag of access says otherwise.
fn class(tags: &Tags<'_>) -> Option<(Class, u8)> {
    let Some(highway) = tags.get("highway") else {
        return (tags.get("route") == Some("ferry")).then_some((Class::Ferry, WALK | CYCLE | CAR));
    };
    let all = WALK | CYCLE | CAR;
    Some(match highway {
        "motorway" | "motorway_link" => (Class::Motorway, CAR),
        "trunk" | "trunk_link" => (Class::Trunk, all),
        "primary" | "primary_link" => (Class::Primary, all),
        "secondary" | "secondary_link" => (Class::Secondary, all),
        "tertiary" | "tertiary_link" => (Class::Tertiary, all),
        "unclassified" | "road" => (Class::Unclassified, all),
        "residential" | "living_street" => (Class::Residential, all),
        "service" => (Class::Service, all),
        "track" => (Class::Track, all),
        "cycleway" | "path" => (Class::Path, WALK | CYCLE),
        "footway" | "pedestrian" | "bridleway" | "corridor" | "platform" => (Class::Path, WALK),
        "steps" => (Class::Steps, WALK),
        _ => return None,
    })
}

/// Whether a value of an access tag lets people through; none where it says nothing for us.
fn said(value: &str) -> Option<bool> {
    match value {
        "no" | "private" | "use_sidepath" | "agricultural" | "forestry" | "military" | "emergency" | "dismount" => {
            Some(false)
        }
        "yes" | "designated" | "permissive" | "official" | "destination" | "customers" | "residents" | "delivery"
        | "permit" => Some(true),
        _ => None,
    }
}

/// The directions a way is open in: one-way streets bind vehicles, and people on foot only where that is said of them.
fn directions(tags: &Tags<'_>, class: Class) -> u8 {
    let way = |value: Option<&str>| match value {
        Some("yes" | "true" | "1") => Some(ALONG),
        Some("-1" | "reverse") => Some(AGAINST),
        Some("no" | "false" | "0") => Some(ALONG | AGAINST),
        _ => None,
    };
    let round = matches!(tags.get("junction"), Some("roundabout" | "circular")) || class == Class::Motorway;
    let cars = way(tags.get("oneway")).unwrap_or(if round { ALONG } else { ALONG | AGAINST });
    let against_cars = ["cycleway", "cycleway:left", "cycleway:right", "cycleway:both"]
        .iter()
        .any(|key| tags.get(key).is_some_and(|it| it.starts_with("opposite")));
    let cycles = way(tags.get("oneway:bicycle")).unwrap_or(if against_cars { ALONG | AGAINST } else { cars });
    let feet = way(tags.get("oneway:foot")).unwrap_or(ALONG | AGAINST);
    CAR & cars | CYCLE & cycles | WALK & feet
}

/// A speed limit in km/h.
fn speed(text: &str) -> Option<u8> {
    let (number, unit) = text.split_at(text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len()));
    let number: f64 = number.parse().ok()?;
    match unit.trim() {
        "" | "km/h" | "kmh" => Some(round(number)),
        "mph" => Some(round(number * 1.609_344)),
        _ => None,
    }
}

/// `duration` of a ferry in minutes: `35`, `00:35`, `1:05:00`.
fn minutes(text: &str) -> Option<f64> {
    let parts = text.split(':').map(|it| it.parse::<u32>().ok()).collect::<Option<Vec<_>>>()?;
    let minutes = match parts[..] {
        [minutes] => f64::from(minutes),
        [hours, minutes] => f64::from(hours) * 60.0 + f64::from(minutes),
        [hours, minutes, seconds] => f64::from(hours) * 60.0 + f64::from(minutes) + f64::from(seconds) / 60.0,
        _ => return None,
    };
    (minutes > 0.0).then_some(minutes)
}

fn round(kmh: f64) -> u8 {
    // The cast saturates: whoever drives faster than 255 km/h does so as 255.
    kmh.round().max(1.0) as u8
}
