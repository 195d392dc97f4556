//! Comma-separated files: the same rows are the same bytes.

use kit::sheet::Value;

/// A file of rows; a mark at its beginning lets spreadsheets read Chinese.
pub struct Csv(String);

impl Csv {
    /// A file for people, which opens in a spreadsheet.
    pub fn for_people(heads: &[&str]) -> Csv {
        let mut file = Csv("\u{feff}".to_string());
        file.push(heads);
        file
    }

    /// A file for programs.
    pub fn for_programs(heads: &[&str]) -> Csv {
        let mut file = Csv(String::new());
        file.push(heads);
        file
    }

    pub fn push<T: AsRef<str>>(&mut self, cells: &[T]) {
        for (nth, cell) in cells.iter().enumerate() {
            if 0 < nth {
                self.0.push(',');
            }
            let cell = cell.as_ref();
            if cell.contains([',', '"', '\n', '\r']) {
                self.0.push('"');
                self.0.push_str(&cell.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(cell);
            }
        }
        self.0.push_str("\r\n");
    }

    pub fn end(self) -> String {
        self.0
    }
}

/// A text that no spreadsheet takes for a formula.
pub fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_string() }
}

/// A cell of a workbook as a file for people has it.
pub fn spelled(cell: Value<'_>) -> String {
    match cell {
        Value::Empty => String::new(),
        Value::Text(text) => plain(text),
        Value::Int(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Fen(fen) => yuan(fen),
    }
}

/// `1234.50`: fen in yuan, as programs read it.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_marks_are_quoted_and_no_text_is_a_formula() {
        let mut file = Csv::for_programs(&["a", "b"]);
        file.push(&["x,y", "say \"z\""]);
        assert_eq!(file.end(), "a,b\r\n\"x,y\",\"say \"\"z\"\"\"\r\n");
        assert_eq!((plain("=1+1"), yuan(-105)), ("'=1+1".to_string(), "-1.05".to_string()));
    }
}
