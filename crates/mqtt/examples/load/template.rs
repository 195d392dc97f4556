//! Texts with places to fill in.

use std::fmt::Write;

pub struct Template(Vec<Part>);

enum Part {
    Text(String),
    Connection,
    Message,
    Time,
    Between(u64, u64),
}

impl Template {
    /// A brace that opens none of the known places is text, as in JSON.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            plain.push_str(&rest[..open]);
            let inner = &rest[open + 1..];
            match inner.find('}').and_then(|close| Some((close, place(&inner[..close])?))) {
                Some((close, part)) => {
                    if let Part::Between(low, high) = part
                        && high < low
                    {
                        return Err(format!("{{{low}..{high}}} holds no number"));
                    }
                    parts.extend([Part::Text(std::mem::take(&mut plain)), part]);
                    rest = &inner[close + 1..];
                }
                None => {
                    plain.push('{');
                    rest = inner;
                }
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Ok(Self(parts))
    }

    pub fn fill(&self, out: &mut String, connection: u32, message: u64, ms: u64) {
        out.clear();
        for part in &self.0 {
            // Writing into a text does not fail.
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Connection => write!(out, "{connection}").unwrap_or_default(),
                Part::Message => write!(out, "{message}").unwrap_or_default(),
                Part::Time => write!(out, "{ms}").unwrap_or_default(),
                Part::Between(low, high) => {
                    let step = u64::from(connection).wrapping_mul(31).wrapping_add(message.wrapping_mul(7));
                    write!(out, "{}", low + step % (high - low + 1)).unwrap_or_default();
                }
            }
        }
    }
}

fn place(inner: &str) -> Option<Part> {
    Some(match inner {
        "c" => Part::Connection,
        "n" => Part::Message,
        "ms" => Part::Time,
        other => {
            let (low, high) = other.split_once("..")?;
            Part::Between(low.parse().ok()?, high.parse().ok()?)
        }
    })
}
