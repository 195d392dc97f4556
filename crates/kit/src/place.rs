//! Places: the region tree from the nation down to villages and grids, and the part of it a person may see.
//!
//! Codes are those of the National Bureau of Statistics: 6 digits for province, city and county, 9 for a street or
//! township, 12 for a village or community, 15 for a grid of it. The parent is written out, since development zones hold
//! streets whose codes start with another county's digits.

mod import;

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

pub use import::{Imported, Refused, add_grid, import};

use crate::{Error, Result, Tx, db::Bind};

pub const NATION: &str = "000000";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Nation,
    Province,
    City,
    County,
    Street,
    Village,
    Grid,
}

#[derive(Debug, Clone)]
pub struct Place {
    pub code: String,
    pub parent: String,
    pub name: String,
    pub level: Level,
}

/// All places this server knows, in memory: a city has some thousand.
#[derive(Debug, Default)]
pub struct Tree {
    places: HashMap<String, Place>,
    children: HashMap<String, Vec<String>>,
}

/// The tree in use; replaced whole after an import.
#[derive(Debug, Default)]
pub struct Places(RwLock<Arc<Tree>>);

impl Places {
    pub fn tree(&self) -> Arc<Tree> {
        Arc::clone(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    pub fn replace(&self, tree: Tree) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(tree);
    }
}

impl Level {
    pub const ALL: [Level; 7] =
        [Level::Nation, Level::Province, Level::City, Level::County, Level::Street, Level::Village, Level::Grid];

    pub fn word(self) -> &'static str {
        match self {
            Level::Nation => "nation",
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
            Level::Street => "street",
            Level::Village => "village",
            Level::Grid => "grid",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Level::Nation => "全国",
            Level::Province => "省(直辖市)",
            Level::City => "市",
            Level::County => "县(区)",
            Level::Street => "乡镇(街道)",
            Level::Village => "村(社区)",
            Level::Grid => "网格",
        }
    }

    pub fn parse(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|it| it.word() == word)
    }

    /// The level a code of the Bureau of Statistics stands for.
    pub fn of_code(code: &str) -> Option<Level> {
        let digits = code.bytes().all(|b| b.is_ascii_digit());
        match code.len() {
            _ if !digits => None,
            6 if code == NATION => Some(Level::Nation),
            6 if code.ends_with("0000") => Some(Level::Province),
            6 if code.ends_with("00") => Some(Level::City),
            6 => Some(Level::County),
            9 => Some(Level::Street),
            12 => Some(Level::Village),
            15 => Some(Level::Grid),
            _ => None,
        }
    }
}

impl Tree {
    pub fn new(places: Vec<Place>) -> Tree {
        let mut tree = Tree::default();
        for place in places {
            // The nation is its own parent, and nobody's child.
            if place.parent != place.code {
                tree.children.entry(place.parent.clone()).or_default().push(place.code.clone());
            }
            tree.places.insert(place.code.clone(), place);
        }
        for codes in tree.children.values_mut() {
            codes.sort();
        }
        tree
    }

    pub fn load(tx: &Tx<'_>) -> Result<Tree> {
        let places = tx.rows("select code, parent, name, level from place order by code", &[], |row| {
            let word: String = row.get(3)?;
            let level = Level::parse(&word).ok_or_else(|| Error::internal(format!("place.level = {word}")))?;
            Ok(Place { code: row.get(0)?, parent: row.get(1)?, name: row.get(2)?, level })
        })?;
        Ok(Tree::new(places))
    }

    pub fn get(&self, code: &str) -> Option<&Place> {
        self.places.get(code)
    }

    /// Every place, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub fn children(&self, code: &str) -> impl Iterator<Item = &Place> {
        self.children.get(code).into_iter().flatten().filter_map(|it| self.places.get(it))
    }

    /// The place itself and what it lies in, from near to far, the nation left out.
    pub fn chain<'a>(&'a self, code: &str) -> Vec<&'a Place> {
        let mut chain = Vec::new();
        let mut next = self.places.get(code);
        while let Some(place) = next
            && chain.len() < Level::ALL.len() + 2
        {
            if place.level != Level::Nation {
                chain.push(place);
            }
            next = (place.parent != place.code).then(|| self.places.get(&place.parent)).flatten();
        }
        chain
    }

    /// The county (or district, or zone) a place lies in: the `region` that leads every table about people.
    pub fn county_of(&self, code: &str) -> Option<&Place> {
        self.chain(code).into_iter().find(|it| it.level == Level::County)
    }

    /// The street or township a place lies in.
    pub fn street_of(&self, code: &str) -> Option<&Place> {
        self.chain(code).into_iter().find(|it| it.level == Level::Street)
    }

    /// The code of the street or town of a place; the county's own for what lies in none.
    pub fn street_code(&self, place: &str, county: &str) -> String {
        self.street_of(place).map_or_else(|| county.to_string(), |it| it.code.clone())
    }

    /// All counties in a place, the place itself included where it is one.
    pub fn counties(&self, code: &str) -> Vec<String> {
        match self.places.get(code).map(|it| it.level) {
            None => Vec::new(),
            Some(Level::County) => vec![code.to_string()],
            Some(level) if Level::County < level => {
                self.county_of(code).map(|it| it.code.clone()).into_iter().collect()
            }
            Some(_) => self.children(code).flat_map(|it| self.counties(&it.code)).collect(),
        }
    }

    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.places.get(code).map_or(code, |it| &it.name)
    }

    /// `红旗街道 旌旗社区`: a place in words below its county.
    pub fn words(&self, code: &str) -> String {
        let mut names: Vec<&str> =
            self.chain(code).into_iter().take_while(|it| Level::County < it.level).map(|it| &*it.name).collect();
        names.reverse();
        if names.is_empty() { self.name(code).to_string() } else { names.join(" ") }
    }

    /// The place in `under` that a text names: its code, or the deepest place whose name, and that of its street, stand in
    /// the text; nothing where none does or several could be meant.
    pub fn named_in(&self, under: &str, text: &str) -> Option<&Place> {
        let text: String = text.chars().filter(|it| !it.is_whitespace()).collect();
        let lies_in = |code: &str| self.chain(code).iter().any(|it| it.code == under);
        if let Some(place) = self.places.get(&*text) {
            return lies_in(&place.code).then_some(place);
        }
        let mut open = vec![under.to_string()];
        let mut found: Vec<(usize, &Place)> = Vec::new();
        while let Some(code) = open.pop() {
            for child in self.children(&code) {
                open.push(child.code.clone());
                if text.contains(&*child.name) {
                    let named = self.chain(&child.code).iter().filter(|it| text.contains(&*it.name)).count();
                    found.push((named, child));
                }
            }
        }
        let most = found.iter().map(|it| (it.0, it.1.level)).max()?;
        let mut best = found.iter().filter(|it| (it.0, it.1.level) == most);
        let one = best.next()?.1;
        best.next().is_none().then_some(one)
    }

    /// `重庆市 万州区 高梁镇`: a place in words from its province down.
    pub fn full_name(&self, code: &str) -> String {
        let mut names: Vec<&str> = self.chain(code).into_iter().map(|it| &*it.name).collect();
        names.reverse();
        names.join(" ")
    }
}

/// What a person may see of the people in the database: an argument of every store function.
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    /// The root of the subtree.
    pub place: String,
    /// Its counties: the regions that the rows may be in.
    pub counties: Arc<[String]>,
    /// Below the county only rows whose place starts with this code; empty for the whole of the counties.
    pub under: String,
    /// Only people of this organisation, for those who work in an institution.
    pub organisation: Option<crate::Id>,
    /// Only these people, for elders and their families.
    pub persons: Option<Arc<[crate::Id]>>,
}

impl Scope {
    pub fn of(tree: &Tree, place: &str) -> Scope {
        let below_county = tree.get(place).is_some_and(|it| Level::County < it.level);
        Scope {
            place: place.to_string(),
            counties: tree.counties(place).into(),
            under: if below_county { place.to_string() } else { String::new() },
            organisation: None,
            persons: None,
        }
    }

    /// The part of this scope that lies in `place`; `None` where that lies outside.
    pub fn narrowed(&self, tree: &Tree, place: &str) -> Option<Scope> {
        let mut narrow = Scope::of(tree, place);
        narrow.organisation = self.organisation;
        narrow.persons.clone_from(&self.persons);
        self.covers(tree, place).then_some(narrow)
    }

    /// Whether everybody in its counties is within it.
    pub fn is_of_whole_counties(&self) -> bool {
        self.under.is_empty() && self.organisation.is_none() && self.persons.is_none()
    }

    /// Whether a place lies in this scope.
    pub fn covers(&self, tree: &Tree, place: &str) -> bool {
        place == self.place || tree.chain(place).iter().any(|it| it.code == self.place) || self.place == NATION
    }

    /// Whether a row of `region`, `place` and (where it is about a person) `person` may be seen.
    pub fn holds(&self, region: &str, place: &str, organisation: Option<crate::Id>, person: Option<crate::Id>) -> bool {
        self.counties.iter().any(|it| it == region)
            && place.starts_with(&self.under)
            && self.organisation.is_none_or(|it| organisation == Some(it))
            && self.persons.as_ref().is_none_or(|all| person.is_some_and(|it| all.contains(&it)))
    }

    /// The condition that limits a query to this scope. Columns are those of the table asked; values are pushed.
    pub fn sql(&self, columns: &ScopeColumns, values: &mut Vec<Box<dyn Bind + Send>>) -> String {
        let counties = self.counties_sql(columns, values);
        columns.of(&counties, &self.within_sql(columns, values))
    }

    /// Binds the counties of this scope; gives what stands for each, none for a table without regions.
    pub(crate) fn counties_sql(&self, columns: &ScopeColumns, values: &mut Vec<Box<dyn Bind + Send>>) -> Vec<String> {
        let counties = if columns.region.is_empty() { &[] } else { &*self.counties };
        counties.iter().map(|it| bound(values, it.clone())).collect()
    }

    /// What limits a query to this scope besides its counties.
    pub(crate) fn within_sql(&self, columns: &ScopeColumns, values: &mut Vec<Box<dyn Bind + Send>>) -> String {
        let mut all = Vec::new();
        if columns.region.is_empty() {
            return match &*self.place {
                NATION => "1 = 1".to_string(),
                place => format!(
                    "{} in (with recursive below(code) as (select r.code from place r where r.code = {}
                         union all select p.code from place p join below b on p.parent = b.code where p.code <> p.parent)
                       select code from below)",
                    columns.place,
                    bound(values, place.to_string()),
                ),
            };
        }
        let street = self.under.get(..9);
        if let (Some(column), Some(street)) = (columns.street, street) {
            all.push(format!("{column} = {}", bound(values, street.to_string())));
        }
        let street_says_all = columns.street.is_some() && street == Some(&*self.under);
        if !self.under.is_empty() && !street_says_all {
            let from = bound(values, self.under.clone());
            // ':' follows '9': the range holds every code that starts with `under`.
            let to = bound(values, format!("{}:", self.under));
            all.push(format!("{0} >= {from} and {0} < {to}", columns.place));
        }
        if let Some(organisation) = self.organisation {
            all.push(match columns.organisation {
                Some(column) => format!("{column} = {}", bound(values, organisation)),
                None => "1 = 0".to_string(),
            });
        }
        if let Some(persons) = &self.persons {
            all.push(match columns.person {
                Some(column) if !persons.is_empty() => {
                    let list: Vec<String> = persons.iter().map(|it| bound(values, *it)).collect();
                    format!("{column} in ({})", list.join(", "))
                }
                // PostgreSQL refuses a value that the condition does not use.
                _ => "1 = 0".to_string(),
            });
        }
        all.join(" and ")
    }
}

/// Binds a value; gives what stands for it.
fn bound(values: &mut Vec<Box<dyn Bind + Send>>, value: impl Bind + Send + 'static) -> String {
    values.push(Box::new(value));
    format!("${}", values.len())
}

impl ScopeColumns {
    /// The condition for some counties, by what stands for them, and what else must hold.
    pub(crate) fn of(&self, counties: &[String], within: &str) -> String {
        let region = match counties {
            _ if self.region.is_empty() => return within.to_string(),
            [one] => format!("{} = {one}", self.region),
            // A scope without any county sees nothing.
            [] => format!("{} in (null)", self.region),
            many => format!("{} in ({})", self.region, many.join(", ")),
        };
        if within.is_empty() { region } else { format!("{region} and {within}") }
    }
}

/// The columns of a table by which a scope limits it. Where `region` is empty, `place` may be of any level, as that of an
/// account is, and must lie in the subtree; organisation and persons do not matter then.
#[derive(Debug, Clone, Copy)]
pub struct ScopeColumns {
    pub region: &'static str,
    /// The street, where the table keeps it apart: equality finds more by index than a range of places does.
    pub street: Option<&'static str>,
    pub place: &'static str,
    pub organisation: Option<&'static str>,
    pub person: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str, parent: &str, level: Level) -> Place {
        Place { code: code.into(), parent: parent.into(), name: format!("地{code}"), level }
    }

    fn tree() -> Tree {
        Tree::new(vec![
            place(NATION, NATION, Level::Nation),
            place("220000", NATION, Level::Province),
            place("220200", "220000", Level::City),
            place("220202", "220200", Level::County),
            place("220271", "220200", Level::County),
            place("220202001", "220202", Level::Street),
            place("220202001001", "220202001", Level::Village),
            // A street of the development zone that keeps the code of its old district.
            place("220202099", "220271", Level::Street),
        ])
    }

    #[test]
    fn a_zone_holds_its_streets_by_explicit_parent() {
        let tree = tree();
        assert_eq!(tree.county_of("220202099").unwrap().code, "220271");
        assert_eq!(tree.county_of("220202001001").unwrap().code, "220202");
        assert_eq!(tree.counties("220200"), ["220202", "220271"]);
    }

    #[test]
    fn a_street_scope_sees_its_villages_and_nothing_beside() {
        let tree = tree();
        let scope = Scope::of(&tree, "220202001");
        assert!(scope.holds("220202", "220202001001", None, None));
        assert!(!scope.holds("220202", "220202002001", None, None));
        assert!(!scope.holds("220271", "220202001001", None, None));
        let mut values = Vec::new();
        let columns = ScopeColumns { region: "region", street: None, place: "place", organisation: None, person: None };
        assert_eq!(scope.sql(&columns, &mut values), "region = $1 and place >= $2 and place < $3");
    }

    #[test]
    fn a_table_of_no_persons_is_asked_with_the_values_it_uses_alone() {
        let mut scope = Scope::of(&tree(), "220202");
        scope.persons = Some([crate::Id(1), crate::Id(2)].into());
        let mut columns =
            ScopeColumns { region: "region", street: None, place: "place", organisation: None, person: None };
        let mut values = Vec::new();
        assert_eq!(scope.sql(&columns, &mut values), "region = $1 and 1 = 0");
        assert_eq!(values.len(), 1);
        columns.person = Some("id");
        let mut values = Vec::new();
        assert_eq!(scope.sql(&columns, &mut values), "region = $1 and id in ($2, $3)");
        assert_eq!(values.len(), 3);
    }

    #[test]
    fn a_scope_cannot_be_widened_by_asking_for_another_place() {
        let tree = tree();
        let scope = Scope::of(&tree, "220202");
        assert!(scope.narrowed(&tree, "220202001").is_some());
        assert!(scope.narrowed(&tree, "220271").is_none());
        assert!(scope.narrowed(&tree, "220200").is_none());
    }

    #[test]
    fn a_place_is_found_by_its_code_or_by_the_names_in_a_text() {
        let tree = tree();
        let found = |under: &str, text: &str| tree.named_in(under, text).map(|it| it.code.clone());
        assert_eq!(found("220202", "220202001001").as_deref(), Some("220202001001"));
        assert_eq!(found("220271", "220202001001"), None, "it lies elsewhere");
        assert_eq!(found("220202", "地220202001 12号").as_deref(), Some("220202001"));
        assert_eq!(found("220202", "无此地"), None);
    }

    #[test]
    fn a_family_without_persons_sees_nobody() {
        let tree = tree();
        let mut scope = Scope::of(&tree, "220202");
        scope.persons = Some(Arc::new([]));
        let mut values = Vec::new();
        let columns =
            ScopeColumns { region: "region", street: None, place: "place", organisation: None, person: Some("person") };
        assert!(scope.sql(&columns, &mut values).ends_with("1 = 0"));
        assert!(!scope.holds("220202", "220202001", None, None));
    }
}
