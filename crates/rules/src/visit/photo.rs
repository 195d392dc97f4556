//! Photos of a visit: what they show, and which of those that a service asks for are lacking.

use serde::{Deserialize, Serialize};

/// What a photo shows. A service of the catalogue says which of them it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Photo {
    #[serde(rename = "现场")]
    Scene,
    #[serde(rename = "服务前")]
    Before,
    #[serde(rename = "服务后")]
    After,
    #[serde(rename = "伤口")]
    Wound,
    #[serde(rename = "仪表读数")]
    Meter,
    #[serde(rename = "处方")]
    Prescription,
    #[serde(rename = "单据")]
    Document,
}

impl Photo {
    /// (word under which it is stored and sent, Chinese title, English title).
    pub const WORDS: &'static [(&'static str, &'static str, &'static str)] = &[
        ("scene", "现场", "the scene"),
        ("before", "服务前", "before the service"),
        ("after", "服务后", "after the service"),
        ("wound", "伤口", "the wound"),
        ("meter", "仪表读数", "the meter's reading"),
        ("prescription", "处方", "the prescription"),
        ("document", "单据", "a document"),
    ];

    const ALL: [Photo; 7] =
        [Photo::Scene, Photo::Before, Photo::After, Photo::Wound, Photo::Meter, Photo::Prescription, Photo::Document];

    fn words(self) -> &'static (&'static str, &'static str, &'static str) {
        let at = Photo::ALL.iter().position(|it| *it == self);
        &Photo::WORDS[at.expect("every photo is in the list")]
    }

    pub fn word(self) -> &'static str {
        self.words().0
    }

    /// Chinese and English.
    pub fn titles(self) -> (&'static str, &'static str) {
        (self.words().1, self.words().2)
    }
}

/// A photo that a service asks for and that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lacking {
    /// The service that asks for it.
    #[serde(rename = "项目")]
    pub name: String,
    #[serde(rename = "照片")]
    pub photo: Photo,
    /// Why it was not taken; empty where nothing was said.
    #[serde(rename = "原因", default)]
    pub reason: String,
}
