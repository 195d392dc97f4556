//! Reading one YAML file strictly, with faults in words.

use serde::de::DeserializeOwned;
use serde_saphyr::Error;

use super::{Fault, slip};
use crate::base::Text;

/// The content of a file; unknown keys, keys given twice and values of another shape are faults with line and column.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Fault> {
    let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().filter(|it| *it != serde_saphyr::Location::UNKNOWN);
        let (line, column) = place.map_or((0, 0), |it| (it.line(), it.column()));
        let error = error.without_snippet();
        let slip = if is_about_form(error) { slip::near(text, line) } else { None };
        match slip {
            Some(it) => Fault { file: file.to_owned(), line: it.line, column: it.column, text: it.text },
            None => Fault { file: file.to_owned(), line, column, text: words(error) },
        }
    })
}

/// Whether the reader could not even tell keys from values, as a wrong colon, comma or tab makes it.
fn is_about_form(error: &Error) -> bool {
    let said = matches!(
        error,
        Error::SerdeUnknownField { .. }
            | Error::SerdeMissingField { .. }
            | Error::SerdeUnknownVariant { .. }
            | Error::SerdeInvalidValue { .. }
            | Error::DuplicateMappingKey { .. }
    );
    !said && !matches!(error, Error::Message { .. })
}

fn words(error: &Error) -> Text {
    match error {
        Error::SerdeUnknownField { field, .. } if field.contains('：') => slip::full_width_colon(),
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
            if let Some(wanted) = detail.strip_prefix("invalid ").filter(|it| it.starts_with(['u', 'i', 'f'])) {
                let whole = !wanted.starts_with('f');
                let (zh, en) = if whole {
                    ("整数，如 2", "a whole number such as 2")
                } else {
                    ("数字，如 0.5", "a number such as 0.5")
                };
                let (below, below_en) = if wanted == "u8" { ("（0 至 255）", " (0 to 255)") } else { ("", "") };
                return Text::new(
                    format!("这里应是半角的{zh}{below}"),
                    format!("expected {en}{below_en} in plain digits"),
                );
            }
            Text::new(format!("格式有误：{detail}"), format!("not well formed: {detail}"))
        }
    }
}

/// The reader's own words without the place, which the fault already carries.
fn detail(error: &Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).lines().next().unwrap_or_default().to_owned()
}
