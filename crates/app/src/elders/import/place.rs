//! Which place a ledger means: the words for town and village, looked for in the county that the person who imports names.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kit::place::{Level, Tree};
use kit::sheet::{half_width, without_spaces};

use crate::elders::ledger;

/// What clerks leave out of a village's name or add to it, the longest first.
pub(super) const VILLAGE_ENDINGS: &[&str] = &[
    "社区居民委员会",
    "村村民委员会",
    "居民委员会",
    "村民委员会",
    "社区居委会",
    "村居委会",
    "村委会",
    "居委会",
    "行政村",
    "社区",
    "委会",
    "村",
    "屯",
];
pub(super) const TOWN_ENDINGS: &[&str] = &["街道办事处", "街道办", "街道", "民族乡", "地区", "镇", "乡"];
/// Shorter stems stand in too many names.
const LEAST_PART: usize = 2;
/// One village alone may be of any town.
const LEAST_COMMON: usize = 2;
/// Shorter names of towns stand in too many titles.
const WHOLE_NAME: usize = 3;

/// Where a row's person lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The place found; what was chosen for the import where the words name none.
    pub code: String,
    pub how: How,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    Found,
    /// The row has no words for a place.
    Unsaid,
    /// The words name no place of the county; `code` is as near as can be said.
    Unknown(String),
}

/// The places of a county, ready to be looked up by name.
pub struct Finder {
    tree: Arc<Tree>,
    /// What was chosen for rows that say nothing.
    base: String,
    counties: HashMap<String, County>,
    known: HashMap<Asked, Fit>,
}

/// What is asked of the finder: base, county, town and village.
type Asked = (String, Option<String>, Option<String>, Option<String>);

struct County {
    towns: Vec<Named>,
    /// With the town that a village lies in.
    villages: Vec<(String, Named)>,
}

/// A place with its name, and what is left of it without its ending.
#[derive(Clone)]
pub(super) struct Named {
    pub code: String,
    pub name: String,
    pub stem: String,
}

impl Named {
    pub fn new(code: &str, name: &str, endings: &[&str]) -> Named {
        let name = plain(name);
        Named { code: code.to_string(), stem: stem(&name, endings).to_string(), name }
    }
}

impl Named {
    /// Stands in a longer text with what says that it is this kind of place: 兴隆村 in 兴隆村一组.
    fn stands_in(&self, text: &str) -> bool {
        let with = |ending: &str| text.contains(&format!("{}{ending}", self.stem));
        match Kind::of(&self.name) {
            Kind::Community => with("社区") || with("居委会"),
            _ => with("村") || with("屯"),
        }
    }

    /// Written as it is, or without its ending.
    pub fn is_meant_by(&self, words: &str) -> bool {
        let same_kind = Kind::of(words) == Kind::Unsaid || Kind::of(words) == Kind::of(&self.name);
        self.name == words || same_kind && self.stem == stem(words, VILLAGE_ENDINGS)
    }
}

impl Finder {
    /// `base` lies in a county, or is one.
    pub fn new(tree: Arc<Tree>, base: &str) -> Finder {
        Finder { tree, base: base.to_string(), counties: HashMap::new(), known: HashMap::new() }
    }

    /// The town or village inside the chosen place that the titles of a sheet, its name or the file's name speak of.
    pub fn heard(&mut self, texts: &[String]) -> Option<String> {
        let code = self.tree.county_of(&self.base)?.code.clone();
        let tree = Arc::clone(&self.tree);
        let county = self.counties.entry(code.clone()).or_insert_with(|| County::of(&tree, &code));
        let texts: Vec<String> = texts.iter().map(|it| plain(it)).collect();
        let spoken = |name: &str| texts.iter().any(|it| it.contains(name));
        let inside = |it: &&Named| tree.chain(&it.code).iter().any(|place| place.code == self.base);
        let is_whole = |it: &&Named| WHOLE_NAME <= it.name.chars().count() && spoken(&it.name);
        let town = longest(county.towns.iter().filter(inside).filter(is_whole).collect());
        let of_town = |it: &&(String, Named)| town.as_ref().is_none_or(|town| town.code == it.0);
        // A village stands in a title by its bare name and 村 or 社区 behind it, or is a whole text.
        let villages = county.villages.iter().filter(of_town).map(|it| &it.1).filter(inside).filter(|it| {
            let in_text = LEAST_PART <= it.stem.chars().count() && texts.iter().any(|text| it.stands_in(text));
            in_text || texts.iter().any(|text| it.is_meant_by(text))
        });
        longest(villages.collect()).or(town).map(|it| it.code)
    }

    /// The one town inside the chosen place that has all of several villages: a ledger is of one township.
    pub fn common_town(&mut self, villages: &BTreeSet<String>) -> Option<String> {
        let words: Vec<String> = villages.iter().map(|it| plain(it)).filter(|it| !it.is_empty()).collect();
        if words.len() < LEAST_COMMON {
            return None;
        }
        let code = self.tree.county_of(&self.base)?.code.clone();
        let tree = Arc::clone(&self.tree);
        let county = self.counties.entry(code.clone()).or_insert_with(|| County::of(&tree, &code));
        let has_all = |town: &&Named| {
            let own: Vec<&Named> = county.villages.iter().filter(|it| it.0 == town.code).map(|it| &it.1).collect();
            words.iter().all(|it| own.iter().any(|village| village.is_meant_by(it)))
        };
        let inside = |it: &&Named| tree.chain(&it.code).iter().any(|place| place.code == self.base);
        let mut towns = county.towns.iter().filter(inside).filter(has_all);
        let first = towns.next()?;
        towns.next().is_none().then(|| first.code.clone())
    }

    /// Where a row's person lives; `heard` is what the sheet as a whole says.
    pub fn find(&mut self, place: &ledger::Place, heard: Option<&str>) -> Fit {
        let base = self.base_of(place, heard);
        let asked = (base.clone(), place.county.clone(), place.town.clone(), place.village.clone());
        if let Some(fit) = self.known.get(&asked) {
            return self.or_by_address(fit.clone(), place, &base);
        }
        let fit = self.by_words(place, &base);
        self.known.insert(asked, fit.clone());
        self.or_by_address(fit, place, &base)
    }

    /// What a row starts from. A village that the title names is of no row that names another.
    fn base_of(&self, place: &ledger::Place, heard: Option<&str>) -> String {
        let Some(heard) = heard else { return self.base.clone() };
        let street = self.tree.street_of(heard).map(|it| it.code.clone());
        let names_one = place.town.is_some() || place.village.is_some();
        let inside = |it: &String| self.tree.chain(it).iter().any(|above| above.code == self.base);
        street.filter(|_| names_one).filter(inside).unwrap_or_else(|| heard.to_string())
    }

    fn by_words(&mut self, place: &ledger::Place, base: &str) -> Fit {
        let base_county = self.tree.county_of(base).map_or(base.to_string(), |it| it.code.clone());
        let county = place.county.as_deref().and_then(|it| self.county_named(it, &base_county));
        let is_elsewhere = county.as_ref().is_some_and(|it| *it != base_county);
        let code = county.unwrap_or(base_county);
        let base = if is_elsewhere { code.clone() } else { base.to_string() };
        let tree = Arc::clone(&self.tree);
        let county = self.counties.entry(code.clone()).or_insert_with(|| County::of(&tree, &code));
        let words = |it: &Option<String>| it.as_deref().map(plain).filter(|it| !it.is_empty());
        let (mut town_words, mut village_words) = (words(&place.town), words(&place.village));
        if town_words.is_none()
            && let Some(both) = village_words.clone()
            && let Some(town) = county.towns.iter().find(|it| both.len() > it.name.len() && both.starts_with(&it.name))
        {
            // 河口镇河口村 in one cell.
            village_words = Some(both[town.name.len()..].to_string());
            town_words = Some(town.name.clone());
        }
        let all = [&town_words, &village_words].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        let unknown = |code: &str| Fit { code: code.to_string(), how: How::Unknown(all.clone()) };
        let town = match &town_words {
            Some(words) => match named(county.towns.iter(), words, TOWN_ENDINGS) {
                Some(town) => Some(town.code.clone()),
                // A village of a town that is not of this county is not of this county either.
                None => return unknown(&base),
            },
            None => None,
        };
        let Some(words) = &village_words else {
            return match town {
                Some(town) => Fit { code: nearer(&self.tree, &base, &town), how: How::Found },
                None if is_elsewhere => Fit { code: base, how: How::Found },
                None => Fit { code: base, how: How::Unsaid },
            };
        };
        let of_town = |wanted: &str| {
            let wanted = wanted.to_string();
            county.villages.iter().filter(move |it| it.0 == wanted).map(|it| &it.1)
        };
        let found = match &town {
            Some(town) => named(of_town(town), words, VILLAGE_ENDINGS),
            None => {
                let street = self.tree.street_of(&base).map(|it| it.code.clone());
                let near = street.and_then(|it| named(of_town(&it), words, VILLAGE_ENDINGS));
                near.or_else(|| named(county.villages.iter().map(|it| &it.1), words, VILLAGE_ENDINGS))
            }
        };
        match (found, town) {
            (Some(village), _) => Fit { code: village.code.clone(), how: How::Found },
            (None, Some(town)) => unknown(&town),
            (None, None) => unknown(&base),
        }
    }

    /// The one county of that name: of the same city first, then of all.
    fn county_named(&self, words: &str, base: &str) -> Option<String> {
        let words = plain(words);
        let endings = &["自治县", "县", "区", "市"];
        let fits = |code: &str| {
            let name = plain(self.tree.name(code));
            name == words || stem(&name, endings) == stem(&words, endings)
        };
        if fits(base) {
            return Some(base.to_string());
        }
        let city = self.tree.get(base).map(|it| it.parent.clone()).unwrap_or_default();
        [&*city, kit::place::NATION].into_iter().find_map(|area| {
            let counties = self.tree.counties(area);
            let mut all = counties.into_iter().filter(|it| fits(it));
            let first = all.next()?;
            all.next().is_none().then_some(first)
        })
    }

    /// Without words in the columns the address may name town and village.
    fn or_by_address(&mut self, fit: Fit, place: &ledger::Place, base: &str) -> Fit {
        let Some(address) = place.address.as_deref().filter(|_| fit.how == How::Unsaid) else { return fit };
        let address = plain(address);
        let Some(code) = self.tree.county_of(base).map(|it| it.code.clone()) else { return fit };
        let Some(county) = self.counties.get(&code) else { return fit };
        let named = longest(county.towns.iter().filter(|it| address.contains(&it.name)).collect());
        // What stands before the town is of no village of it, and the town's own name is no village's.
        let after = named.as_ref().and_then(|it| address.split_once(&it.name)).map_or(&*address, |it| it.1);
        let street = self.tree.street_of(base).map(|it| it.code.clone());
        let Some(town) = named.as_ref().map(|it| it.code.clone()).or(street) else { return fit };
        let spoken = |it: &Named| LEAST_PART <= it.stem.chars().count() && after.contains(&it.stem);
        let villages = || county.villages.iter().filter(|it| it.0 == town).map(|it| &it.1);
        let whole =
            longest(villages().filter(|it| LEAST_PART <= it.stem.chars().count() && it.stands_in(after)).collect());
        match (whole.or_else(|| longest(villages().filter(|it| spoken(it)).collect())), named) {
            (Some(village), _) => Fit { code: village.code, how: How::Found },
            (None, Some(_)) => Fit { code: nearer(&self.tree, base, &town), how: How::Found },
            (None, None) => fit,
        }
    }
}

/// What a village's name says it is: 高升村 and 高升社区 are two places.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Village,
    Community,
    Unsaid,
}

impl Kind {
    fn of(name: &str) -> Kind {
        let ends = |all: &[&str]| all.iter().any(|it| name.ends_with(it));
        match name {
            _ if name.contains("社区") || ends(&["居委会", "居民委员会"]) => Kind::Community,
            _ if ends(&["村", "屯", "村委会", "村民委员会"]) => Kind::Village,
            _ => Kind::Unsaid,
        }
    }
}

/// The one with the longest name, where no other is as long.
fn longest(all: Vec<&Named>) -> Option<Named> {
    let most = all.iter().map(|it| it.name.chars().count()).max();
    let mut best = all.into_iter().filter(|it| Some(it.name.chars().count()) == most);
    let first = best.next();
    first.filter(|_| best.next().is_none()).cloned()
}

/// The village or town of a county that is written in words, such as 河口镇河口村.
pub fn place_of(ask: &kit::Ask, county: &str, words: &str) -> Option<String> {
    let place = ledger::Place { village: Some(words.to_string()), ..ledger::Place::default() };
    let fit = Finder::new(ask.app.places.tree(), county).find(&place, None);
    (fit.how == How::Found).then_some(fit.code)
}

impl County {
    fn of(tree: &Tree, code: &str) -> County {
        let (mut towns, mut villages) = (Vec::new(), Vec::new());
        for town in tree.children(code).filter(|it| it.level == Level::Street) {
            towns.push(Named::new(&town.code, &town.name, TOWN_ENDINGS));
            for village in tree.children(&town.code).filter(|it| it.level == Level::Village) {
                villages.push((town.code.clone(), Named::new(&village.code, &village.name, VILLAGE_ENDINGS)));
            }
        }
        County { towns, villages }
    }
}

/// The chosen place where it lies in the town that was found.
fn nearer(tree: &Tree, base: &str, town: &str) -> String {
    let is_inside = tree.street_of(base).is_some_and(|it| it.code == town);
    if is_inside { base.to_string() } else { town.to_string() }
}

pub(super) fn plain(text: &str) -> String {
    without_spaces(&half_width(text))
}

pub(super) fn stem<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    let bare = endings.iter().find_map(|it| name.strip_suffix(it)).filter(|it| !it.is_empty());
    bare.unwrap_or(name)
}

/// The one place of a name: as it is written, without its ending, then as the only one that shares a part.
fn named<'a>(places: impl Iterator<Item = &'a Named> + Clone, words: &str, endings: &[&str]) -> Option<&'a Named> {
    let only = |fits: &dyn Fn(&Named) -> bool| {
        let mut all = places.clone().filter(|it| fits(it));
        let first = all.next()?;
        all.next().is_none().then_some(first)
    };
    let bare = stem(words, endings);
    let long_enough = |it: &str| LEAST_PART <= it.chars().count();
    let same_kind = |it: &Named| it.stem == bare && Kind::of(&it.name) == Kind::of(words);
    let by_name = only(&|it| it.name == words).or_else(|| only(&same_kind)).or_else(|| only(&|it| it.stem == bare));
    by_name.or_else(|| {
        let is_part = |it: &Named| {
            (long_enough(bare) && it.stem.contains(bare)) || (long_enough(&it.stem) && bare.contains(&it.stem))
        };
        only(&is_part)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use kit::place::Place;

    use super::*;

    pub fn tree() -> Arc<Tree> {
        let place = |code: &str, parent: &str, name: &str, level| Place {
            code: code.into(),
            parent: parent.into(),
            name: name.into(),
            level,
        };
        Arc::new(Tree::new(vec![
            place("000000", "000000", "全国", Level::Nation),
            place("990100", "000000", "安宁市", Level::City),
            place("990101", "990100", "乐善县", Level::County),
            place("990102", "990100", "永宁区", Level::County),
            place("990101001", "990101", "城关镇", Level::Street),
            place("990101002", "990101", "河口镇", Level::Street),
            place("990102001", "990102", "南门街道", Level::Street),
            place("990101001001", "990101001", "东街社区居民委员会", Level::Village),
            place("990101001002", "990101001", "大桥村村民委员会", Level::Village),
            place("990101002001", "990101002", "河口村村民委员会", Level::Village),
            place("990101002002", "990101002", "大桥村村民委员会", Level::Village),
            place("990102001001", "990102001", "南门社区", Level::Village),
        ]))
    }

    fn find(base: &str, town: &str, village: &str) -> Fit {
        let some = |it: &str| (!it.is_empty()).then(|| it.to_string());
        let place = ledger::Place { town: some(town), village: some(village), ..ledger::Place::default() };
        Finder::new(tree(), base).find(&place, None)
    }

    #[test]
    fn villages_are_found_by_name_with_and_without_their_ending_and_by_an_only_part() {
        for village in ["河口村村民委员会", "河口村", "河口", " 河口村 ", "河口村3组", "河口镇河口村"]
        {
            assert_eq!(find("990101", "", village), Fit { code: "990101002001".into(), how: How::Found }, "{village}");
        }
        assert_eq!(find("990101", "", "东街").code, "990101001001");
    }

    #[test]
    fn a_name_of_two_villages_is_told_by_its_town_or_by_the_place_chosen() {
        assert_eq!(find("990101", "河口", "大桥村").code, "990101002002");
        assert_eq!(find("990101001", "", "大桥村").code, "990101001002");
        assert_eq!(find("990101", "", "大桥村"), Fit { code: "990101".into(), how: How::Unknown("大桥村".into()) });
    }

    #[test]
    fn what_is_not_there_falls_back_to_what_is_sure() {
        assert_eq!(find("990101", "河口镇", "柳树屯").code, "990101002");
        assert_eq!(find("990101001", "", "柳树屯").code, "990101001");
        let fit = find("990101", "某某镇", "河口村");
        assert_eq!(fit, Fit { code: "990101".into(), how: How::Unknown("某某镇 河口村".into()) });
        assert_eq!(find("990101", "", ""), Fit { code: "990101".into(), how: How::Unsaid });
    }

    #[test]
    fn the_address_speaks_where_the_columns_do_not() {
        let place =
            ledger::Place { address: Some("乐善县河口镇大桥村3组".to_string()), ..ledger::Place::default() };
        let fit = Finder::new(tree(), "990101").find(&place, None);
        assert_eq!(fit, Fit { code: "990101002002".into(), how: How::Found });
    }

    #[test]
    fn another_county_by_name_is_another_county() {
        let place = ledger::Place {
            county: Some("永宁区".to_string()),
            village: Some("南门社区".to_string()),
            ..ledger::Place::default()
        };
        assert_eq!(Finder::new(tree(), "990101").find(&place, None).code, "990102001001");
    }

    #[test]
    fn a_title_tells_the_village_of_rows_that_name_none() {
        let heard = |base: &str, texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|it| (*it).to_string()).collect();
            Finder::new(tree(), base).heard(&texts)
        };
        assert_eq!(heard("990101", &["乐善县河口镇大桥村老人台账"]).as_deref(), Some("990101002002"));
        assert_eq!(heard("990101", &["河口镇老人", "大桥"]).as_deref(), Some("990101002002"));
        assert_eq!(heard("990101", &["大桥村"]), None, "two towns have one");
        assert_eq!(heard("990101001", &["大桥村"]).as_deref(), Some("990101001002"));
        assert_eq!(heard("990101002", &["城关镇老人台账"]), None, "what was chosen goes before the title");
        assert_eq!(heard("990101", &["老年人台账", "Sheet1"]), None);
        let nowhere = ledger::Place { address: Some("三组12号".into()), ..ledger::Place::default() };
        let mut finder = Finder::new(tree(), "990101");
        assert_eq!(finder.find(&nowhere, Some("990101002002")).code, "990101002002");
        let village = ledger::Place { village: Some("大桥村".into()), ..ledger::Place::default() };
        assert_eq!(finder.find(&village, Some("990101001")).code, "990101001002");
    }

    #[test]
    fn villages_of_one_ledger_lie_in_the_one_town_that_has_them_all() {
        let of = |base: &str, all: &[&str]| {
            Finder::new(tree(), base).common_town(&all.iter().map(|it| (*it).to_string()).collect())
        };
        assert_eq!(of("990101", &["河口村", "大桥村"]).as_deref(), Some("990101002"));
        assert_eq!(of("990101", &["东街", "大桥"]).as_deref(), Some("990101001"));
        assert_eq!(of("990101", &["大桥村"]), None, "one village alone");
        assert_eq!(of("990101", &["东街", "河口村"]), None, "of two towns");
        assert_eq!(of("990101001", &["河口村", "大桥村"]), None, "outside what was chosen");
    }

    #[test]
    fn a_village_and_a_community_of_one_name_are_told_apart() {
        let mut places: Vec<Place> = tree().all().cloned().collect();
        for (code, name) in [("990101002003", "高升社区居委会"), ("990101002004", "高升村委会")] {
            places.push(Place {
                code: code.into(),
                parent: "990101002".into(),
                name: name.into(),
                level: Level::Village,
            });
        }
        let tree = Arc::new(Tree::new(places));
        let find = |village: Option<&str>, address: Option<&str>| {
            let owned = |it: Option<&str>| it.map(str::to_owned);
            let place = ledger::Place { village: owned(village), address: owned(address), ..ledger::Place::default() };
            Finder::new(tree.clone(), "990101").find(&place, None).code
        };
        assert_eq!(find(Some("高升村"), None), "990101002004");
        assert_eq!(find(Some("高升社区"), None), "990101002003");
        assert_eq!(find(Some("河口镇高升村"), None), "990101002004");
        assert_eq!(find(None, Some("河口镇高升村三组")), "990101002004");
        assert_eq!(find(None, Some("河口镇高升社区3号楼")), "990101002003");
        let heard = Finder::new(tree.clone(), "990101").heard(&["高升村".to_string()]);
        assert_eq!(heard.as_deref(), Some("990101002004"));
    }
}
