//! A policy value as people read it.

use serde_json::Value;

/// The value in words: `60 元`, `是`, `居家组合护理、机构上门护理`, `换药：20 元；静脉采血：4.50 元`.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "无".to_owned(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Number(it) => it.to_string(),
        Value::String(it) => it.clone(),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().map(shown).collect::<Vec<_>>().join(" / ")
        }
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("、"),
        Value::Object(map) => {
            map.iter().map(|(key, it)| format!("{key}：{}", shown(it))).collect::<Vec<_>>().join("；")
        }
    }
}
