//! A laboratory's table: its columns by the names hospitals give them, and its lines person by person.

use kit::sheet::{Book, Row, Sheet};
use rules::{base::half_width, healthcheck::LabReading};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Number,
    IdNumber,
    Name,
    Day,
    Code,
    Item,
    Value,
    Unit,
}

/// Headers that are understood, without spaces and in lower case.
const HEADERS: &[(Column, &[&str])] = &[
    (Column::Number, &["体检号", "体检编号", "条码号", "条形码", "标本号", "number", "barcode"]),
    (Column::IdNumber, &["身份证号", "身份证", "身份证号码", "证件号码", "证件号", "id_number", "idnumber"]),
    (Column::Name, &["姓名", "病人姓名", "患者姓名", "name"]),
    (Column::Day, &["检验日期", "采样日期", "报告日期", "检查日期", "日期", "date"]),
    (Column::Code, &["项目代码", "项目编码", "代码", "英文缩写", "缩写", "code", "item_code"]),
    (Column::Item, &["项目名称", "检验项目", "项目", "item", "item_name"]),
    (Column::Value, &["结果", "检验结果", "结果值", "测定值", "value", "result"]),
    (Column::Unit, &["单位", "unit"]),
];

/// The names in the template.
pub const TEMPLATE: &[&str] = &["体检号", "身份证号", "姓名", "检验日期", "项目代码", "项目名称", "结果", "单位"];

/// One line with the place it stood at.
#[derive(Debug, Clone)]
pub struct Line {
    pub sheet: String,
    pub row: u32,
    pub cells: Vec<String>,
    pub number: String,
    pub id_number: String,
    pub name: String,
    pub day: String,
    pub reading: LabReading,
}

/// A file as it was understood.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The headers of each sheet that was read.
    pub headers: Vec<(String, Vec<String>)>,
    pub lines: Vec<Line>,
}

/// Reads every sheet that has a header with results and items.
pub fn read(book: &Book) -> Table {
    let mut table = Table::default();
    for sheet in &book.sheets {
        let Some((at, columns)) = header(sheet) else { continue };
        let headers: Vec<String> = sheet.rows[at].cells.iter().map(kit::sheet::Cell::display).collect();
        table.headers.push((sheet.name.clone(), headers));
        table.lines.extend(sheet.rows[at + 1..].iter().filter_map(|row| line(&sheet.name, row, &columns)));
    }
    table
}

fn header(sheet: &Sheet) -> Option<(usize, Vec<(Column, usize)>)> {
    sheet.rows.iter().take(20).enumerate().find_map(|(at, row)| {
        let columns: Vec<(Column, usize)> = row
            .cells
            .iter()
            .enumerate()
            .filter_map(|(column, cell)| {
                let name = half_width(&cell.display()).to_lowercase();
                HEADERS.iter().find(|it| it.1.contains(&&*name)).map(|it| (it.0, column))
            })
            .collect();
        let has = |wanted| columns.iter().any(|it| it.0 == wanted);
        let names_person = has(Column::Number) || has(Column::IdNumber);
        let names_item = has(Column::Code) || has(Column::Item);
        (has(Column::Value) && names_person && names_item).then_some((at, columns))
    })
}

fn line(sheet: &str, row: &Row, columns: &[(Column, usize)]) -> Option<Line> {
    let text = |wanted| {
        let column = columns.iter().find(|it| it.0 == wanted).map(|it| it.1);
        column.map(|it| row.cell(it).display()).unwrap_or_default()
    };
    let line = Line {
        sheet: sheet.to_string(),
        row: row.number,
        cells: row.cells.iter().map(kit::sheet::Cell::display).collect(),
        number: half_width(&text(Column::Number)),
        id_number: half_width(&text(Column::IdNumber)).to_uppercase(),
        name: text(Column::Name),
        day: text(Column::Day),
        reading: LabReading {
            code: text(Column::Code),
            name: text(Column::Item),
            value: text(Column::Value),
            unit: text(Column::Unit),
        },
    };
    let is_empty = line.number.is_empty()
        && line.id_number.is_empty()
        && line.reading.code.is_empty()
        && line.reading.name.is_empty();
    (!is_empty).then_some(line)
}

impl Line {
    /// Whose line it is, as far as the file says: lines of one person and day are kept together.
    pub fn whose(&self) -> (String, String) {
        let person = if self.number.is_empty() { &self.id_number } else { &self.number };
        (person.clone(), self.day.clone())
    }

    /// The day in `2026-03-01`, `2026/3/1`, `20260301` and with a time behind it.
    pub fn day(&self) -> Option<rules::base::Date> {
        let day = self.day.split([' ', 'T']).next().unwrap_or_default();
        if let Ok(day) = day.parse() {
            return Some(day);
        }
        let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月', '日']).filter(|it| !it.is_empty()).collect();
        match parts[..] {
            [year, month, day] => rules::base::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?),
            [packed] if packed.len() == 8 && packed.is_ascii() => {
                rules::base::Date::new(packed[..4].parse().ok()?, packed[4..6].parse().ok()?, packed[6..].parse().ok()?)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        read(&kit::sheet::read(text.as_bytes(), "化验.csv", &kit::sheet::Limits::default()).unwrap())
    }

    #[test]
    fn columns_are_found_by_the_names_hospitals_give_them() {
        let table = table(
            "某县人民医院检验科\n条码号,姓名,采样日期,英文缩写,检验项目,结果值,单位\n99010126000001,王桂芳,2026/3/2 08:10,GLU,葡萄糖,5.6,mmol/L\n",
        );
        assert_eq!(table.lines.len(), 1);
        let line = &table.lines[0];
        assert_eq!((&*line.number, &*line.reading.code, &*line.reading.value), ("99010126000001", "GLU", "5.6"));
        assert_eq!(line.day().map(|it| it.to_string()), Some("2026-03-02".into()));
        assert_eq!(line.row, 3);
    }

    #[test]
    fn a_table_that_names_no_person_or_no_result_is_not_read() {
        assert_eq!(table("姓名,项目,结果\n王桂芳,葡萄糖,5.6\n").lines.len(), 0);
        assert_eq!(table("体检号,项目\n1,葡萄糖\n").lines.len(), 0);
        assert_eq!(table("").lines.len(), 0);
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        let day = |text: &str| Line { day: text.into(), ..table("体检号,项目,结果\n1,a,2\n").lines[0].clone() }.day();
        for text in ["2026-03-02", "2026/03/02", "2026.3.2", "20260302", "2026年3月2日", "2026-03-02T08:00:00"] {
            assert_eq!(day(text).map(|it| it.to_string()), Some("2026-03-02".into()), "{text}");
        }
        assert_eq!((day(""), day("昨天"), day("2026-13-02")), (None, None, None));
    }
}
