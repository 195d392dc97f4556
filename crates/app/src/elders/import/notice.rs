//! What is to be said about a sheet as a whole, kept so that it can be read in either language.

use std::collections::BTreeMap;
use std::fmt::Display;

use kit::Lang;
use kit::sheet::HeaderError;
use serde::{Deserialize, Serialize};

use crate::elders::ledger;

/// A sentence of the catalogue with what fills its placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    said: String,
    values: BTreeMap<String, String>,
}

impl Notice {
    pub(super) fn new(said: &'static str, sheet: &str) -> Notice {
        Notice { said: said.to_string(), values: BTreeMap::new() }.with("sheet", sheet)
    }

    pub(super) fn with(mut self, name: &str, value: impl Display) -> Notice {
        self.values.insert(name.to_string(), value.to_string());
        self
    }

    /// The sentence in a language.
    pub fn text(&self, lang: Lang) -> String {
        let values: Vec<(&str, &dyn Display)> = self.values.iter().map(|it| (&**it.0, it.1 as &dyn Display)).collect();
        lang.f(&self.said, &values)
    }

    pub(super) fn of(notice: &ledger::Notice) -> Notice {
        use ledger::Notice as Of;
        match notice {
            Of::Hidden { sheet } => Notice::new("工作表“{sheet}”在文件中是隐藏的,没有读取。", sheet),
            Of::Skipped { sheet, why: HeaderError::NotFound } => {
                Notice::new("工作表“{sheet}”没有找到表头(至少要有“姓名”一列),没有读取。", sheet)
            }
            Of::Skipped { sheet, why: HeaderError::Missing { row, .. } } => {
                Notice::new("工作表“{sheet}”第 {row} 行的表头没有“姓名”一列,没有读取。", sheet).with("row", row)
            }
            Of::Skipped { sheet, why: HeaderError::BadOverride { what } } => {
                Notice::new("工作表“{sheet}”没有所选的表头或列“{what}”,没有读取。", sheet).with("what", what)
            }
            Of::WithoutId { sheet } => Notice::new("工作表“{sheet}”没有身份证号一列,全部按“暂无证件”处理。", sheet),
            Of::UnknownHeaders { sheet, headers } => {
                Notice::new("工作表“{sheet}”中不认识的列没有导入:{headers}。", sheet)
                    .with("headers", headers.join("、"))
            }
            Of::Ambiguous { sheet, ambiguous } => {
                Notice::new("工作表“{sheet}”有两列相同的内容,采用了“{taken}”,没有采用“{passed}”。", sheet)
                    .with("taken", &ambiguous.taken)
                    .with("passed", &ambiguous.passed)
            }
        }
    }
}
