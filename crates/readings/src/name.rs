//! Names in messages: makers write `heartRate`, `heart_rate` and `HeartRate` for one thing.

/// Letters that count: case, `_`, `-` and blanks do not.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|it| !matches!(it, '_' | '-' | ' ')).map(|it| it.to_ascii_lowercase())
}

/// Whether two names are one.
pub(crate) fn same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// Whether a name stands within another.
pub(crate) fn within(text: &str, part: &str) -> bool {
    let (text, part): (String, String) = (letters(text).collect(), letters(part).collect());
    text.contains(&part)
}

/// A number that names which are one share (FNV-1a).
pub(crate) fn hash(text: &str) -> u64 {
    letters(text).fold(0xcbf2_9ce4_8422_2325, |sum, it| (sum ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3))
}

/// What a maker calls a device, in one writing: a MAC address or EUI is upper-case digits without signs between them, whatever the
/// message has; anything else is as it is. The registry of devices keeps names in this writing.
pub fn device_name(text: &str) -> String {
    let text = text.trim();
    let bare: String = text.chars().filter(|it| !matches!(it, ':' | '-')).collect();
    if matches!(bare.len(), 12 | 16) && bare.bytes().all(|it| it.is_ascii_hexdigit()) {
        return bare.to_ascii_uppercase();
    }
    text.to_owned()
}
