//! The register of documents (`sources.yaml`): nothing may rest on a document that is not in it.

use serde::{Deserialize, Serialize};

use crate::base::{Date, Region};

/// A document that policy rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The id by which policy files cite it.
    #[serde(rename(deserialize = "编号"))]
    pub id: String,
    /// The number the issuer gave it; none where it has none or we do not know it.
    #[serde(rename(deserialize = "文号"), default)]
    pub number: Option<String>,
    #[serde(rename(deserialize = "标题"))]
    pub title: String,
    #[serde(rename(deserialize = "英文"))]
    pub title_en: String,
    #[serde(rename(deserialize = "发文机关"))]
    pub issuer: String,
    /// The day of issue; none where only the month or year is known, which the note then says.
    #[serde(rename(deserialize = "日期"), default)]
    pub issued: Option<Date>,
    /// Where it applies.
    #[serde(rename(deserialize = "区划"), default = "nation")]
    pub region: Region,
    #[serde(rename(deserialize = "核实"))]
    pub confirmation: Confirmation,
    #[serde(rename(deserialize = "备注"), default)]
    pub note: Option<String>,
}

/// How well we know that the document exists as the register states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Confirmation {
    /// The text itself was read.
    #[serde(rename = "原文")]
    TextRead,
    /// Number or title was seen in another source.
    #[serde(rename = "旁证")]
    SeenElsewhere,
    #[serde(rename = "凭记忆")]
    FromMemory,
}

fn nation() -> Region {
    Region::NATION
}
