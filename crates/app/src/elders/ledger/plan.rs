//! Which column of one sheet gives which field, looked up once a sheet and not once a row.

use kit::sheet::{Header, Row, RowClass, classify};

use rules::elder_groups::Group;

use super::group::{self, Circle};

/// A column that says something about groups.
pub(super) enum GroupColumn {
    /// Groups in words.
    Words(usize),
    /// Yes or no for one group; with the word that stands above it.
    One { column: usize, group: Group, word: String, circle: Circle },
    /// Yes or no for a word that stands below 人员类别 and in no table.
    Detail { column: usize, word: String, circle: Circle },
}

impl GroupColumn {
    pub fn column(&self) -> usize {
        match *self {
            GroupColumn::Words(column) | GroupColumn::One { column, .. } | GroupColumn::Detail { column, .. } => column,
        }
    }
}

/// Name, telephones and relation of a relative or carer.
#[derive(Default)]
pub(super) struct PersonColumns {
    pub name: Option<usize>,
    pub phones: Vec<usize>,
    pub relation: Option<usize>,
}

/// The columns of a sheet.
pub(super) struct Plan {
    pub name: usize,
    pub id: Option<usize>,
    pub id_kind: Option<usize>,
    pub sex: Option<usize>,
    pub birth: Option<usize>,
    pub county: Option<usize>,
    pub town: Option<usize>,
    pub village: Option<usize>,
    pub grid: Option<usize>,
    pub address: Option<usize>,
    pub registered: Option<usize>,
    pub phones: Vec<usize>,
    pub groups: Vec<GroupColumn>,
    pub living: Option<usize>,
    pub empty_nest: Option<usize>,
    pub relative: PersonColumns,
    pub carer: PersonColumns,
    pub insurance: Option<usize>,
    pub death: Option<usize>,
    pub dead: Option<usize>,
    pub alive: Option<usize>,
    pub status: Option<usize>,
    pub moved_out: Option<usize>,
    pub moved_in: Option<usize>,
    pub remark: Option<usize>,
}

impl Plan {
    /// Nothing where the header has no name column, which `find_header` has refused already.
    pub fn of(header: &Header, rows: &[Row]) -> Option<Self> {
        let one = |key: &str| header.one(key).map(|mapped| mapped.column);
        let all = |key: &str| header.all(key).map(|mapped| mapped.column).collect::<Vec<_>>();
        let person = |who: &str| PersonColumns {
            name: one(&format!("{who}.name")),
            phones: all(&format!("{who}.phone")),
            relation: one(&format!("{who}.relation")),
        };
        Some(Plan {
            name: one("name")?,
            id: one("id"),
            id_kind: one("id_kind"),
            sex: one("sex"),
            birth: one("birth"),
            county: one("county"),
            town: one("town"),
            village: one("village"),
            grid: one("grid"),
            address: one("address"),
            registered: one("registered"),
            phones: all("phone"),
            groups: group_columns(header, rows),
            living: one("living"),
            empty_nest: one("empty_nest"),
            relative: person("relative"),
            carer: person("carer"),
            insurance: one("insurance"),
            death: one("death"),
            dead: one("dead"),
            alive: one("alive"),
            status: one("status"),
            moved_out: one("moved_out"),
            moved_in: one("moved_in"),
            remark: one("remark"),
        })
    }
}

fn group_columns(header: &Header, rows: &[Row]) -> Vec<GroupColumn> {
    let data: Vec<&Row> = rows.iter().filter(|row| classify(row, header) == RowClass::Data).collect();
    let circle = |column: usize| Circle::of(data.iter().map(|row| row.cell(column)));
    let columns = header.mapped.iter().filter_map(|mapped| {
        let column = mapped.column;
        let word = mapped.header.rsplit('/').next().unwrap_or_default().to_owned();
        match (mapped.key, &mapped.detail) {
            ("groups", Some(detail)) => {
                Some(GroupColumn::Detail { column, word: detail.clone(), circle: circle(column) })
            }
            ("groups", None) => Some(GroupColumn::Words(column)),
            (key, _) => {
                group::of_key(key).map(|group| GroupColumn::One { column, group, word, circle: circle(column) })
            }
        }
    });
    columns.collect()
}
