//! The same schema shards by region: what constrains begins with `region`, what joins equates it, and what reads or changes
//! rows about people names it, but for the works listed by name in `allowed`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use app::MODULES;
use kit::{Ask, Who, db::Kind, place::Scope};
use sqlparser::{
    ast::{
        AssignmentTarget, BinaryOperator, Expr, FromTable, JoinConstraint, JoinOperator, ObjectName, Query, Select,
        SelectItem, SetExpr, Statement, TableFactor, TableObject, TableWithJoins, Visit, Visitor,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
};

use super::{
    all_sources,
    allowed::{COMPOSED, ENGINE_MARKS, GAPS, REFERENCES, WHOLE_DATABASE},
    database::asks_of,
    none, schema,
};
use crate::support::{CITY, TestApp, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn what_constrains_people_is_led_by_their_region() {
    // Primary keys, unique indexes and foreign keys: table, constraint, its first column, that of the table it refers to.
    const POSTGRES: &str = "
        select t.relname::text, i.relname::text, coalesce(a.attname::text, ''), ''
          from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
          left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
         where x.indisunique and t.relnamespace = 'public'::regnamespace
        union all
        select t.relname::text, c.conname::text, a.attname::text, b.attname::text
          from pg_constraint c join pg_class t on t.oid = c.conrelid
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
          join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
         where c.contype = 'f' and t.relnamespace = 'public'::regnamespace";
    const SQLITE: &str = "
        select t.name, i.name, coalesce(c.name, ''), ''
          from sqlite_master t join pragma_index_list(t.name) i join pragma_index_info(i.name) c
         where t.type = 'table' and i.\"unique\" = 1 and c.seqno = 0
        union all
        select t.name, 'foreign key', f.\"from\", f.\"to\"
          from sqlite_master t join pragma_foreign_key_list(t.name) f
         where t.type = 'table' and f.seq = 0";
    let tables = region_tables().await;
    on_both(async |app| {
        let sql = if app.app.db.kind() == Kind::Postgres { POSTGRES } else { SQLITE };
        let all = app.app.db.read(move |tx| {
            tx.rows(sql, &[], |row| -> kit::Result<[String; 4]> {
                Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
            })
        });
        let all: Vec<[String; 4]> = all.await.unwrap().into_iter().filter(|it| tables.contains(&it[0])).collect();
        assert!(all.iter().any(|it| it[3] == "region") && 40 < all.len(), "this test no longer finds the constraints");
        let wrong = all.iter().filter(|it| it[2] != "region" || !matches!(&*it[3], "" | "region"));
        none("constraints across regions", wrong.map(|it| format!("{}: {}", it[0], it[1])));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_joins_across_regions_or_leaves_the_region_out() {
    let tables = region_tables().await;
    let mut texts = written();
    texts.extend(texts_of_lists().await);
    assert!(300 < texts.len(), "only {} texts were found", texts.len());
    let (mut wrong, mut whole) = (BTreeMap::new(), BTreeSet::new());
    for (path, text) in &texts {
        let found = match judge(text, &tables) {
            Err(e) => vec![format!("is not understood: {e}")],
            Ok(found) => found,
        };
        for what in found {
            match WHOLE_DATABASE.iter().find(|it| it.0 == path && text.contains(it.1)) {
                Some(known) => _ = whole.insert((known.0, known.1)),
                // A list asks much the same many times: one text of them is enough to mend it.
                None => _ = wrong.entry(format!("{path}: {what}")).or_insert(text),
            }
        }
    }
    none("SQL across regions", wrong.into_iter().map(|(what, text)| format!("{what}: {text}")));
    let needless = WHOLE_DATABASE.iter().filter(|it| !whole.contains(&(it.0, it.1)));
    none("WHOLE_DATABASE names them without need", needless.map(|it| format!("{} “{}”", it.0, it.1)));
}

#[test]
fn the_reader_of_statements_finds_what_crosses_regions() {
    let tables = BTreeSet::from(["elder".to_string(), "visit".to_string()]);
    let found = |text: &str| judge(text, &tables).unwrap().len();
    for (text, wrong) in [
        ("select name from elder where region = $1 and id = $2", 0),
        ("select name from elder where id = $1", 1),
        ("select name from elder where region = $1 or id = $2", 1),
        ("select e.name from elder e join visit v on v.region = e.region and v.elder = e.id where e.region = $1", 0),
        ("select e.name from elder e join visit v on v.elder = e.id where e.region = $1 and v.region = $1", 0),
        ("select e.name from elder e join visit v on v.elder = e.id where e.region = $1", 1),
        ("select e.name from elder e join visit v on v.elder = e.id and v.region = $2 where e.region = $1", 1),
        (
            "select e.name from elder e left join visit v on v.elder = e.id and v.region = e.region where e.region = $1",
            0,
        ),
        ("select name from elder e where region = $1 and exists (select 1 from visit v where v.region = e.region)", 0),
        ("select name from elder e where region = $1 and exists (select 1 from visit v where v.elder = e.id)", 1),
        ("select p.name from place p join elder e on e.place = p.code where e.region in ($1, $2)", 0),
        ("with new as (select elder from visit where region = $1) select elder from new", 0),
        ("update visit set day = $3 where region = $1 and id = $2", 0),
        ("update visit set day = $2 where id = $1", 1),
        ("update visit set region = $3 where region = $1 and id = $2", 1),
        ("delete from visit where id = $1", 1),
        ("insert into visit (region, id) values ($1, $2) on conflict (region, id) do nothing", 0),
        ("insert into visit (id) values ($1)", 1),
    ] {
        assert_eq!(found(text), wrong, "{text}");
    }
}

async fn region_tables() -> BTreeSet<String> {
    let columns = schema::columns().await.into_iter();
    let led = columns.filter(|it| it.name == "region" && !REFERENCES.iter().any(|known| known.0 == it.table));
    led.map(|it| it.table).collect()
}

/// The statements that stand in the sources, with what stands for their gaps.
fn written() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for it in all_sources() {
        let begins = |text: &&str| {
            let start = text.trim_start();
            ["select ", "insert into ", "update ", "delete from ", "from "].iter().any(|it| start.starts_with(it))
                || start.starts_with("with ") && start.contains("select ")
        };
        for text in it.texts().filter(begins) {
            let is_composed = COMPOSED.iter().any(|known| known.0 == it.path && text.contains(known.1));
            let is_of_one_engine = ENGINE_MARKS.iter().any(|mark| text.contains(mark.0) && mark.0 != "for update");
            if !is_composed && !is_of_one_engine {
                texts.push((it.path.clone(), filled(text)));
            }
        }
    }
    texts
}

/// A text whose gaps are filled by what could stand there: those of [`GAPS`], else a value behind `$` and a column elsewhere.
fn filled(text: &str) -> String {
    let mut text = text.trim_start().to_string();
    if text.starts_with("from ") {
        text.insert_str(0, "select 1 ");
    }
    while let Some((before, (_, after))) =
        text.split_once("${").map(|it| (it.0, it.1.split_once('}').unwrap_or_default()))
    {
        text = format!("{before}$9{after}");
    }
    for (gap, filling) in GAPS {
        text = text.replace(gap, filling);
    }
    let mut parts = text.split('{');
    let mut whole = parts.next().unwrap_or_default().to_string();
    for part in parts {
        whole.push_str("gap");
        whole.push_str(part.split_once('}').map_or("", |it| it.1));
    }
    whole
}

async fn texts_of_lists() -> Vec<(String, String)> {
    let app = TestApp::sqlite().await;
    let scope = Scope::of(&app.app.places.tree(), CITY);
    let ask = Ask::of(&app.app, Who::system(scope), app.app.clock.now());
    let mut texts = BTreeMap::new();
    for list in MODULES.iter().flat_map(|it| it.lists) {
        for ask in asks_of(list, &ask) {
            texts.extend(list.texts(&ask).unwrap().into_iter().map(|text| (text, format!("list {}", list.name))));
        }
    }
    texts.into_iter().map(|(text, name)| (name, text)).collect()
}

/// What is wrong with a text, in words.
fn judge(text: &str, tables: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let statements = Parser::parse_sql(&PostgreSqlDialect {}, text).map_err(|e| e.to_string())?;
    let mut reader = Reader { tables, frames: Vec::new(), derived: BTreeSet::new(), wrong: Vec::new() };
    let ControlFlow::Continue(()) = statements.visit(&mut reader);
    Ok(reader.wrong)
}

/// The tables and equations of one `select`, `update` or `delete`.
#[derive(Default)]
struct Frame {
    /// Region tables by the name they go by here.
    names: Vec<String>,
    /// What must equal what: `e.region`, `$1`.
    equal: Vec<(String, String)>,
    /// Regions that are named by a value or by the reader's scope.
    named: Vec<String>,
    /// Nothing of the frames around can be seen from here.
    is_closed: bool,
}

struct Reader<'a> {
    tables: &'a BTreeSet<String>,
    frames: Vec<Frame>,
    /// Queries that stand as a table and see nothing around them.
    derived: BTreeSet<*const Query>,
    wrong: Vec<String>,
}

impl Visitor for Reader<'_> {
    type Break = std::convert::Infallible;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Self::Break> {
        let with = query.with.iter().flat_map(|it| &it.cte_tables).map(|it| &raw const *it.query);
        self.derived.extend(with);
        let is_closed = self.derived.contains(&(&raw const *query));
        self.frames.push(Frame { is_closed, ..Frame::default() });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<Self::Break> {
        self.frames.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<Self::Break> {
        let mut frame = Frame::default();
        self.read_tables(&select.from, &mut frame);
        self.read_conditions(select.selection.as_ref(), &mut frame);
        self.settle(frame);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _: &Select) -> ControlFlow<Self::Break> {
        self.frames.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<Self::Break> {
        let mut frame = Frame::default();
        match statement {
            Statement::Update(it) => {
                self.read_tables(std::slice::from_ref(&it.table), &mut frame);
                self.read_conditions(it.selection.as_ref(), &mut frame);
                let columns = it.assignments.iter().flat_map(|it| match &it.target {
                    AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
                    AssignmentTarget::Tuple(names) => names,
                });
                if !frame.names.is_empty() && columns.into_iter().any(|it| last(it) == "region") {
                    self.wrong.push("a row changes its region".into());
                }
            }
            Statement::Delete(it) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &it.from;
                self.read_tables(from, &mut frame);
                self.read_conditions(it.selection.as_ref(), &mut frame);
            }
            Statement::Insert(it) => {
                let TableObject::TableName(table) = &it.table else { return ControlFlow::Continue(()) };
                let is_led = it.columns.first().is_some_and(|it| last(it) == "region");
                if self.tables.contains(&last(table)) && !is_led {
                    self.wrong.push("a row is written without its region standing first".into());
                }
            }
            _ => {}
        }
        self.settle(frame);
        ControlFlow::Continue(())
    }

    fn post_visit_statement(&mut self, _: &Statement) -> ControlFlow<Self::Break> {
        self.frames.pop();
        ControlFlow::Continue(())
    }
}

impl Reader<'_> {
    fn read_tables(&mut self, from: &[TableWithJoins], frame: &mut Frame) {
        for it in from {
            self.read_table(&it.relation, frame);
            it.joins.iter().for_each(|join| self.read_table(&join.relation, frame));
        }
        for join in from.iter().flat_map(|it| &it.joins) {
            let (JoinOperator::Join(how)
            | JoinOperator::Inner(how)
            | JoinOperator::Left(how)
            | JoinOperator::LeftOuter(how)) = &join.join_operator
            else {
                continue;
            };
            if let JoinConstraint::On(on) = how {
                self.read_conditions(Some(on), frame);
            }
        }
    }

    fn read_table(&mut self, table: &TableFactor, frame: &mut Frame) {
        match table {
            TableFactor::Table { name, alias, .. } if self.tables.contains(&last(name)) => {
                frame.names.push(alias.as_ref().map_or_else(|| last(name), |it| it.name.value.clone()));
            }
            TableFactor::Derived { subquery, alias, .. } => {
                self.derived.insert(&raw const **subquery);
                // What carries its rows' region outside is joined by it; its own naming is judged inside.
                let gives_region = match &*subquery.body {
                    SetExpr::Select(it) => it.projection.iter().any(|it| match it {
                        SelectItem::UnnamedExpr(it) => it.to_string().ends_with("region"),
                        SelectItem::ExprWithAlias { alias, .. } => alias.value == "region",
                        _ => false,
                    }),
                    _ => false,
                };
                if let (true, Some(alias)) = (gives_region, alias) {
                    frame.names.push(alias.name.value.clone());
                    frame.named.push(format!("{}.region", alias.name.value));
                }
            }
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.read_tables(std::slice::from_ref(&**table_with_joins), frame);
            }
            _ => {}
        }
    }

    /// Reads what holds of every row: the parts joined by `and`.
    fn read_conditions(&self, condition: Option<&Expr>, frame: &mut Frame) {
        match condition {
            Some(Expr::BinaryOp { left, op: BinaryOperator::And, right }) => {
                self.read_conditions(Some(left), frame);
                self.read_conditions(Some(right), frame);
            }
            Some(Expr::Nested(inner)) => self.read_conditions(Some(inner), frame),
            Some(Expr::BinaryOp { left, op: BinaryOperator::Eq, right }) => {
                let (left, right) = (self.node(left, frame), self.node(right, frame));
                for it in [&left, &right].into_iter().filter(|it| it.starts_with('$') || it.starts_with('\'')) {
                    frame.named.push(it.clone());
                }
                frame.equal.push((left, right));
            }
            Some(Expr::In { expr, negated: false, .. }) => {
                frame.named.push(self.node(expr, frame));
            }
            // The reader's scope, which fills a gap and always names regions.
            Some(Expr::Identifier(it)) if it.value == "scoped" => {
                frame.named.extend(frame.names.first().map(|it| format!("{it}.region")));
            }
            _ => {}
        }
    }

    /// How one side of an equation is called: a bare `region` is that of the one region table.
    fn node(&self, side: &Expr, frame: &Frame) -> String {
        match (side, frame.names.first()) {
            (Expr::Identifier(it), Some(table)) if it.value == "region" => format!("{table}.region"),
            (Expr::Nested(inner), _) => self.node(inner, frame),
            _ => side.to_string(),
        }
    }

    /// All region tables to be seen must be of one region, and it must be named.
    fn settle(&mut self, frame: Frame) {
        self.frames.push(frame);
        let first = self.frames.iter().rposition(|it| it.is_closed).unwrap_or(0);
        let seen = &self.frames[first..];
        let Some(own) = seen.last().and_then(|it| it.names.first()) else { return };
        let mut one: BTreeSet<String> = BTreeSet::from([format!("{own}.region")]);
        loop {
            let before = one.len();
            for (left, right) in seen.iter().flat_map(|it| &it.equal) {
                if one.contains(left) || one.contains(right) {
                    one.extend([left.clone(), right.clone()]);
                }
            }
            if one.len() == before {
                break;
            }
        }
        let apart: Vec<String> = seen
            .iter()
            .flat_map(|it| &it.names)
            .filter(|it| !one.contains(&format!("{it}.region")))
            .map(ToString::to_string)
            .collect();
        let is_named = seen.iter().flat_map(|it| &it.named).any(|it| one.contains(it));
        if !apart.is_empty() {
            self.wrong.push(format!("{own} and {} may be of two regions", apart.join(", ")));
        } else if !is_named {
            self.wrong.push(format!("{own} is asked without its region"));
        }
    }
}

fn last(name: &ObjectName) -> String {
    name.0.last().map(ToString::to_string).unwrap_or_default()
}
