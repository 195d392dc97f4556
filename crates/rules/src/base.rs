//! Small words that every rule shares: days, money, rates, regions, identities, phone numbers.

mod date;
mod id_number;
mod listed;
mod money;
mod phone;
mod rate;
mod region;
mod tenths;
mod text;
mod uscc;
mod yes_no;

pub use date::Date;
pub use id_number::{BadIdNumber, IdNumber, Sex, check_character, normalise_id_number};
pub use listed::Listed;
pub use money::Money;
pub use phone::{BadPhone, Phone};
pub use rate::Rate;
pub use region::{Region, RegionLevel};
pub use tenths::Tenths;
pub use text::{Lang, Text, half_width};
pub use uscc::{BadUscc, Uscc};
pub use yes_no::YesNo;

/// Serde for a type that is written as one piece of text.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}
pub(crate) use serde_as_text;
