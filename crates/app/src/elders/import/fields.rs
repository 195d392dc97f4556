//! The fields of a ledger as people see them, and the empty table to fill in.

use kit::sheet::{SheetError, write_template};

use crate::elders::ledger::LEDGER;

/// The columns of the template.
const TEMPLATE: &[&str] = &[
    "姓名",
    "性别",
    "证件类型",
    "身份证号",
    "出生日期",
    "乡镇街道",
    "村(社区)",
    "家庭住址",
    "户籍地址",
    "联系电话",
    "人员类别",
    "居住情况",
    "医保类型",
    "监护人姓名",
    "监护人电话",
    "与老人关系",
    "死亡日期",
    "迁出日期",
    "备注",
];

/// (key, title) of the fields that a column can be chosen for.
pub fn all() -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for column in LEDGER.columns.iter().filter(|it| !it.names.is_empty() && it.key != "serial") {
        if fields.iter().all(|it| it.0 != column.key) {
            fields.push((column.key, title(column.key)));
        }
    }
    fields
}

/// What people call a field.
pub fn title(key: &str) -> String {
    match key {
        "relative.name" => "监护人姓名".into(),
        "relative.phone" => "监护人电话".into(),
        "relative.relation" => "与老人关系".into(),
        "carer.name" => "照护人姓名".into(),
        "carer.phone" => "照护人电话".into(),
        "carer.relation" => "照护人与老人关系".into(),
        "town" => "乡镇街道".into(),
        "village" => "村(社区)".into(),
        "grid" => "村民小组或网格".into(),
        "left_out" => "不导入".into(),
        other => LEDGER.column(other).and_then(|it| it.names.first()).map_or(other, |it| it).to_string(),
    }
}

/// An empty ledger whose columns are text.
pub fn template() -> Result<Vec<u8>, SheetError> {
    write_template("老年人台账", TEMPLATE)
}

#[cfg(test)]
mod tests {
    use kit::sheet::{Limits, find_header, read};

    use super::*;

    #[test]
    fn every_column_of_the_template_is_understood() {
        let book = read(&template().unwrap(), "a.xlsx", &Limits::default()).unwrap();
        let header = find_header(&book.sheets[0], &LEDGER, &Default::default()).unwrap();
        assert_eq!(header.unknown, []);
        assert_eq!(header.mapped.len(), TEMPLATE.len());
    }

    #[test]
    fn every_field_has_a_title_of_its_own() {
        let all = all();
        let mut titles: Vec<&String> = all.iter().map(|it| &it.1).collect();
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), all.len());
    }
}
