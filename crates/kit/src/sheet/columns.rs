//! The columns an import knows, by the words that people write above them.

/// A column an import knows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The field it gives.
    pub key: &'static str,
    /// What people write above it, Chinese and English; spaces, width, case, brackets and asterisks do not matter.
    pub names: &'static [&'static str],
    /// Words one of which must stand before the name, in the same cell or in the cell above (监护人 before 姓名).
    pub under: &'static [&'static str],
    /// What gives the field only where no other column does: 户主姓名 in a ledger that has no other name.
    pub instead: &'static [&'static str],
    /// Without it a sheet cannot be imported.
    pub required: bool,
    /// Several columns may give it (two telephone numbers).
    pub many: bool,
    /// Its value alone makes no row: forms are printed with serial numbers on empty lines.
    pub incidental: bool,
    /// Only the whole header counts, never its ending: 户籍类型 is no 类型 of elders.
    pub exact: bool,
}

impl Column {
    pub const fn new(key: &'static str, names: &'static [&'static str]) -> Self {
        Column { key, names, under: &[], instead: &[], required: false, many: false, incidental: false, exact: false }
    }

    pub const fn under(self, under: &'static [&'static str]) -> Self {
        Column { under, ..self }
    }

    pub const fn or_instead(self, instead: &'static [&'static str]) -> Self {
        Column { instead, ..self }
    }

    pub const fn required(self) -> Self {
        Column { required: true, ..self }
    }

    pub const fn many(self) -> Self {
        Column { many: true, ..self }
    }

    pub const fn exact(self) -> Self {
        Column { exact: true, ..self }
    }

    pub const fn incidental(self) -> Self {
        Column { incidental: true, ..self }
    }
}

/// All columns of one kind of import.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub columns: &'static [Column],
    /// Words that make a header speak of somebody or something else: under 户主 a 姓名 is not the elder's.
    pub others: &'static [&'static str],
}

impl Columns {
    /// The column of a key.
    pub fn column(&self, key: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.key == key)
    }
}
