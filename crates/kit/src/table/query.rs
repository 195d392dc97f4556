//! The SQL of a list: its filters, its order, its pages by key.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value as Json, json};

use super::{FilterKind, List};
use crate::{
    Ask, Error, Result, Tx,
    db::{Bind, Cell, FromCell, Kind, counting},
    place::{Scope, ScopeColumns},
};

/// A cell of a list, owned.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// What a cell holds, kept.
    pub(crate) fn of(cell: Cell<'_>) -> Value {
        match cell {
            Cell::Null => Value::Null,
            Cell::Bool(it) => Value::Bool(it),
            Cell::Int(it) => Value::Int(it),
            Cell::Real(it) => Value::Real(it),
            Cell::Text(it) => Value::Text(it.to_string()),
            Cell::Bytes(it) => Value::Bytes(it.to_vec()),
        }
    }
}

impl FromCell for Value {
    fn from_cell(cell: Cell<'_>) -> Option<Value> {
        Some(Value::of(cell))
    }
}

impl Bind for Value {
    fn cell(&self) -> Cell<'_> {
        match self {
            Value::Null => Cell::Null,
            Value::Bool(it) => Cell::Bool(*it),
            Value::Int(it) => Cell::Int(*it),
            Value::Real(it) => Cell::Real(*it),
            Value::Text(it) => Cell::Text(it),
            Value::Bytes(it) => Cell::Bytes(it),
        }
    }
}

impl Value {
    pub fn json(&self) -> Json {
        match self {
            Value::Null | Value::Bytes(_) => Json::Null,
            Value::Bool(it) => json!(it),
            // Ids are larger than a JavaScript number; small numbers stay numbers.
            Value::Int(it) if (1 << 53) < it.abs() => json!(it.to_string()),
            Value::Int(it) => json!(it),
            Value::Real(it) => json!(it),
            Value::Text(it) => json!(it),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Value::Null | Value::Bytes(_) => String::new(),
            Value::Bool(it) => it.to_string(),
            Value::Int(it) => it.to_string(),
            Value::Real(it) => it.to_string(),
            Value::Text(it) => it.clone(),
        }
    }
}

/// One page of a list.
pub struct Page {
    pub rows: Vec<Vec<Value>>,
    pub total: i64,
    /// Whether there are more than the total says.
    pub has_more: bool,
    pub sort: &'static str,
    pub descending: bool,
    /// Keys of the pages beside this one.
    pub next: Option<String>,
    pub previous: Option<String>,
}

/// The filters in force, for a total that is kept elsewhere.
pub struct Picked {
    pub scope: Scope,
    /// (key, value) of every filter but the place, which is in the scope.
    pub filters: Vec<(&'static str, String)>,
}

/// A place in the order: the value sorted by and the key of a row.
struct Mark(Json, i64);

struct Condition {
    columns: Option<&'static ScopeColumns>,
    /// What stands for each county.
    counties: Vec<String>,
    /// What holds besides.
    within: String,
    values: Vec<Box<dyn Bind + Send>>,
    picked: Picked,
}

/// So many counties are asked each by itself; a statement has its limits.
const MOST_COUNTIES: usize = 200;

impl Condition {
    fn of(&self, counties: &[String]) -> String {
        self.columns.map_or_else(|| self.within.clone(), |it| it.of(counties, &self.within))
    }

    fn whole(&self) -> String {
        self.of(&self.counties)
    }

    /// Who asks for a number that nobody keeps waits for so many rows at most. In one county a filter finds most of what it
    /// looks at; in a city it may look at millions to find few.
    fn most_counted(&self) -> i64 {
        if 1 < self.counties.len() { 1_000 } else { 10_000 }
    }

    /// County by county, where there are several.
    fn apart(&self) -> Vec<String> {
        if (2..=MOST_COUNTIES).contains(&self.counties.len()) {
            self.counties.chunks(1).map(|it| self.of(it)).collect()
        } else {
            vec![self.whole()]
        }
    }
}

impl List {
    /// The page the address asks for.
    pub fn page(&'static self, tx: &Tx<'_>, ask: &Ask, most: usize) -> Result<Page> {
        let (sort, descending) = self.order(ask);
        let Some(condition) = self.condition(ask)? else {
            return Ok(Page {
                rows: Vec::new(),
                total: 0,
                has_more: false,
                sort,
                descending,
                next: None,
                previous: None,
            });
        };
        let (after, before) = (mark(ask.param("after"))?, mark(ask.param("before"))?);
        let backwards = before.is_some();
        let turned_back = after.is_some();
        let counting = self.condition(ask)?;
        let mut rows = self.select(tx, condition, sort, descending != backwards, before.or(after), most + 1)?;
        let more = most < rows.len();
        rows.truncate(most);
        if backwards {
            rows.reverse();
        }
        let is_all = !more && !backwards && !turned_back;
        let (total, has_more) = match counting.filter(|_| !is_all) {
            Some(condition) => self.total_of(tx, ask, &condition)?,
            None => (rows.len() as i64, false),
        };
        let key_of = |cells: &Vec<Value>| self.mark_of(cells, sort);
        let next = if backwards || more { rows.last().map(key_of) } else { None };
        let previous = if turned_back || (backwards && more) { rows.first().map(key_of) } else { None };
        for row in &mut rows {
            row.truncate(self.columns.len());
        }
        Ok(Page { rows, total, has_more, sort, descending, next, previous })
    }

    /// How many rows it has with some filters set, whatever else the address asks for.
    pub fn count(&'static self, tx: &Tx<'_>, ask: &Ask, filters: &[(&str, &str)]) -> Result<i64> {
        let query: BTreeMap<String, String> =
            filters.iter().map(|(key, value)| ((*key).to_string(), (*value).to_string())).collect();
        Ok(self.page(tx, &Ask { query: query.into(), ..ask.clone() }, 1)?.total)
    }

    /// How many there are as kept, else counted, and whether there are more.
    fn total_of(&self, tx: &Tx<'_>, ask: &Ask, condition: &Condition) -> Result<(i64, bool)> {
        let kept = self.total.map(|total| total(tx, ask, &condition.picked)).transpose()?.flatten();
        if let Some(total) = kept {
            return Ok((total, false));
        }
        let most = condition.most_counted();
        let n = tx.count(&self.count_text(condition), &refs(&condition.values))?;
        Ok((n.min(most), most < n))
    }

    /// Every row of the filtered list, in its order, page by page so that memory stays small. Gives the count.
    pub fn each(&'static self, tx: &Tx<'_>, ask: &Ask, mut with: impl FnMut(&[Value]) -> Result<()>) -> Result<u64> {
        const STEP: usize = 1000;
        let (sort, descending) = self.order(ask);
        let (mut after, mut count) = (None, 0);
        while let Some(condition) = self.condition(ask)? {
            let rows = self.select(tx, condition, sort, descending, after.take(), STEP)?;
            for row in &rows {
                with(&row[..self.columns.len()])?;
            }
            count += rows.len() as u64;
            match rows.last() {
                Some(last) if rows.len() == STEP => after = mark(Some(&self.mark_of(last, sort)))?,
                _ => break,
            }
        }
        Ok(count)
    }

    /// Every SQL text the list can ask, for the test that prepares them on both engines.
    pub fn texts(&'static self, ask: &Ask) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        for column in self.columns.iter().filter(|it| it.sorts) {
            for descending in [false, true] {
                if let Some(condition) = self.condition(ask)? {
                    let mark = Mark(json!(""), 0);
                    texts.push(self.select_text(ask.app.db.kind(), condition, column.key, descending, Some(mark), 1).0);
                }
            }
        }
        if let Some(condition) = self.condition(ask)? {
            texts.push(self.count_text(&condition));
        }
        Ok(texts)
    }

    fn count_text(&self, condition: &Condition) -> String {
        counting(condition.most_counted(), &format!("from {} where {}", self.from, condition.whole()))
    }

    fn order(&self, ask: &Ask) -> (&'static str, bool) {
        let asked = ask.param("sort").unwrap_or(self.sort);
        let known = |key: &str| self.columns.iter().find(|it| it.sorts && it.key == key).map(|it| it.key);
        let (key, descending) = asked.strip_prefix('-').map_or((asked, false), |it| (it, true));
        match known(key) {
            Some(key) => (key, descending),
            None => (self.sort.trim_start_matches('-'), self.sort.starts_with('-')),
        }
    }

    /// Scope and filters; `None` where nothing can match.
    fn condition(&'static self, ask: &Ask) -> Result<Option<Condition>> {
        let mut scope = ask.who.scope.clone();
        let place = self.filters.iter().find(|it| matches!(it.kind, FilterKind::Place));
        if let Some(code) = place.and_then(|it| ask.param(it.key)) {
            match scope.narrowed(&ask.app.places.tree(), code) {
                Some(narrow) => scope = narrow,
                None => return Ok(None),
            }
        }
        let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
        let (mut counties, mut all) = (Vec::new(), Vec::new());
        if let Some(columns) = &self.scope {
            counties = scope.counties_sql(columns, &mut values);
            all.extend(Some(scope.within_sql(columns, &mut values)).filter(|it| !it.is_empty()));
        }
        all.push(format!("({})", self.always));
        let mut filters = Vec::new();
        for filter in self.filters {
            let Some(text) = ask.param(filter.key) else { continue };
            let mut sql = filter.sql;
            let value: Option<Box<dyn Bind + Send>> = match filter.kind {
                FilterKind::Place => continue,
                FilterKind::Contains => Some(Box::new(format!("%{}%", escaped(text)))),
                FilterKind::Begins => Some(Box::new(format!("{}%", escaped(text)))),
                FilterKind::Equals => Some(Box::new(text.to_string())),
                FilterKind::Choice(words) => {
                    words.iter().any(|it| it.0 == text).then(|| Box::new(text.to_string()) as _)
                }
                FilterKind::Day => text.parse::<rules::base::Date>().ok().map(|it| Box::new(it.to_string()) as _),
                FilterKind::DayFrom => instant(text, 0),
                FilterKind::DayUntil => instant(text, 1),
                FilterKind::Int => text.parse::<i64>().ok().map(|it| Box::new(it) as _),
                FilterKind::Chosen(choose)
                | FilterKind::Fixed(choose)
                | FilterKind::Number(choose)
                | FilterKind::OneOf(_, choose) => choose(ask, text).map(|(chosen, value)| {
                    sql = chosen;
                    value
                }),
            };
            let Some(value) = value else { return Ok(None) };
            values.push(value);
            all.push(format!("({})", sql.replace("$?", &format!("${}", values.len()))));
            filters.push((filter.key, text.to_string()));
        }
        Ok(Some(Condition {
            columns: self.scope.as_ref(),
            counties,
            within: all.join(" and "),
            values,
            picked: Picked { scope, filters },
        }))
    }

    fn select(
        &self,
        tx: &Tx<'_>,
        condition: Condition,
        sort: &str,
        descending: bool,
        mark: Option<Mark>,
        most: usize,
    ) -> Result<Vec<Vec<Value>>> {
        let (sql, values) = self.select_text(tx.kind(), condition, sort, descending, mark, most);
        tx.rows(&sql, &refs(&values), |row| (0..row.len()).map(|at| row.get(at)).collect())
    }

    fn select_text(
        &self,
        engine: Kind,
        mut condition: Condition,
        sort: &str,
        descending: bool,
        mark: Option<Mark>,
        most: usize,
    ) -> (String, Vec<Box<dyn Bind + Send>>) {
        let order = self.columns.iter().find(|it| it.key == sort).map_or(self.key, |it| it.sql);
        let (direction, beyond) = if descending { (" desc", "<") } else { ("", ">") };
        if let Some(Mark(value, key)) = mark {
            match value {
                Json::Number(it) => condition.values.push(Box::new(it.as_i64().unwrap_or(0))),
                Json::String(it) => condition.values.push(Box::new(it)),
                other => condition.values.push(Box::new(other.to_string())),
            }
            condition.values.push(Box::new(key));
            let n = condition.values.len();
            condition.within.push_str(&format!(" and ({order}, {}) {beyond} (${}, ${n})", self.key, n - 1));
        }
        let columns: Vec<&str> = self.columns.iter().map(|it| it.sql).chain([self.key]).collect();
        let ordered = |condition: &String| {
            format!(
                "select {} from {} where {condition} order by {order}{direction}, {}{direction}",
                columns.join(", "),
                self.from,
                self.key,
            )
        };
        let first = format!(" limit {most}");
        let apart = condition.apart();
        let sql = match &*apart {
            [one] => ordered(one) + &first,
            // The rows of each county by its own index, and of these the first. SQLite reads no further than it shows;
            // PostgreSQL plans a part as if all of it were read, unless the part says how much.
            many => {
                let at = self.columns.iter().position(|it| it.key == sort).map_or(columns.len(), |at| at + 1);
                let of_part = if engine == Kind::Postgres { &*first } else { "" };
                let part = |it: &String| format!("select * from ({}{of_part}) it", ordered(it));
                let (all, key) = (many.iter().map(part).collect::<Vec<_>>().join(" union all "), columns.len());
                format!("{all} order by {at}{direction}, {key}{direction}{first}")
            }
        };
        (sql, condition.values)
    }

    fn mark_of(&self, cells: &[Value], sort: &str) -> String {
        let at = self.columns.iter().position(|it| it.key == sort).unwrap_or(0);
        let value = match cells.get(at) {
            Some(Value::Int(it)) => json!(it),
            Some(other) => json!(other.text()),
            None => Json::Null,
        };
        let key = match cells.last() {
            Some(Value::Int(it)) => *it,
            _ => 0,
        };
        BASE64_URL_SAFE_NO_PAD.encode(json!([value, key]).to_string())
    }
}

/// The stored instant at which the day begins that lies `later` days after the one typed.
fn instant(text: &str, later: i32) -> Option<Box<dyn Bind + Send>> {
    let day: rules::base::Date = text.parse().ok()?;
    Some(Box::new(crate::clock::stamp(crate::clock::begin_of(day.add_days(later)))))
}

fn mark(text: Option<&str>) -> Result<Option<Mark>> {
    let Some(text) = text else { return Ok(None) };
    let bad = || Error::invalid("after", "页码无效,请从第一页重新开始");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
    let (value, key): (Json, i64) = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    if !(value.is_i64() || value.as_str().is_some_and(|it| !it.contains('\0'))) {
        return Err(bad());
    }
    Ok(Some(Mark(value, key)))
}

fn refs(values: &[Box<dyn Bind + Send>]) -> Vec<&dyn Bind> {
    values.iter().map(|it| it as &dyn Bind).collect()
}

/// Text for `like … escape '\'`: what is typed means itself.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
