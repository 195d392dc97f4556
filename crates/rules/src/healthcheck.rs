//! The yearly health check of people of 65 and more (老年人健康管理): what it is made of, when it is complete, what its
//! values mean, and when the next one is due.

mod due;
mod form;
mod item;
mod judge;
mod labs;
mod measure;

pub use due::{Course, next_due};
pub use form::{Form, Implausible, Missing, Values};
pub use item::{Choice, Computed, Finding, Guidance, Item, OfSex, Part, Reference, Section, Side};
pub use judge::{Found, Level};
pub use labs::{LabCode, LabReading, UnitFactor, Unread, read_lab};
pub use measure::Measure;

use crate::policy::topic;

topic! {
    /// What a region lays down about the yearly check.
    "healthcheck", "老年人健康管理", "Yearly health check of elders" {
        /// From this age on, in full years.
        from_age: u16 = "起始年龄",
        /// Checks a year.
        per_year: u8 = "每年次数",
        /// What can be missing, in the order of the form.
        parts: Vec<Part> = "体检分项",
        /// Every field.
        items: Vec<Item> = "体检项目",
        /// Fields a region adds.
        local_items: Vec<Item> = "本地加项",
        /// What is said and handed out at the end.
        guidance: Vec<Guidance> = "健康指导",
        /// How laboratories call what they measure.
        lab_codes: Vec<LabCode> = "化验对照",
    }
}
