//! Reading one YAML file strictly, with faults in words.

use serde::de::DeserializeOwned;
use serde_saphyr::Error;

use super::Fault;
use crate::base::Text;

/// The content of a file; unknown keys, keys given twice and values of another shape are faults with line and column.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Fault> {
    let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().filter(|it| *it != serde_saphyr::Location::UNKNOWN);
        let (line, column) = place.map_or((0, 0), |it| (it.line(), it.column()));
        Fault { file: file.to_owned(), line, column, text: words(error.without_snippet()) }
    })
}

fn words(error: &Error) -> Text {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => Text::new(
            format!("没有“{field}”这一项；可以写的有：{}", expected.join("、")),
            format!("there is no key “{field}”; the keys are {}", expected.join(", ")),
        ),
        Error::SerdeMissingField { field, .. } => Text::new(format!("缺少“{field}”"), format!("“{field}” is missing")),
        Error::SerdeUnknownVariant { variant, expected, .. } => Text::new(
            format!("“{variant}”不是可以选的词；可以选的有：{}", expected.join("、")),
            format!("“{variant}” is not one of {}", expected.join(", ")),
        ),
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("?");
            Text::new(format!("“{key}”写了两次"), format!("“{key}” is written twice"))
        }
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => Text::new(
            format!("这里应是 {expected}，而不是 {unexpected}"),
            format!("expected {expected} here, not {unexpected}"),
        ),
        // What our own readers of days, amounts and codes say is in both languages already.
        Error::Message { msg, .. } => Text::new(msg.clone(), msg.clone()),
        Error::Eof { .. } => Text::new("文件没有内容，或到末尾仍不完整", "the file is empty or ends too early"),
        other => {
            let detail = detail(other);
            Text::new(format!("格式有误：{detail}"), format!("not well formed: {detail}"))
        }
    }
}

/// The reader's own words without the place, which the fault already carries.
fn detail(error: &Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).lines().next().unwrap_or_default().to_owned()
}
