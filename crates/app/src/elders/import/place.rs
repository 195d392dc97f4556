//! Which place a ledger means: the words for town and village, looked for in the county that the person who imports names.

use std::collections::HashMap;
use std::sync::Arc;

use kit::place::{Level, Tree};
use kit::sheet::{half_width, without_spaces};

use crate::elders::ledger;

/// What clerks leave out of a village's name or add to it, the longest first.
const VILLAGE_ENDINGS: &[&str] = &[
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
const TOWN_ENDINGS: &[&str] = &["街道办事处", "街道办", "街道", "民族乡", "地区", "镇", "乡"];
/// Shorter stems stand in too many names.
const LEAST_PART: usize = 2;

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
    known: HashMap<(Option<String>, Option<String>, Option<String>), Fit>,
}

struct County {
    towns: Vec<Named>,
    /// With the town that a village lies in.
    villages: Vec<(String, Named)>,
}

#[derive(Clone)]
struct Named {
    code: String,
    name: String,
    stem: String,
}

impl Named {
    fn new(code: &str, name: &str, endings: &[&str]) -> Named {
        let name = plain(name);
        Named { code: code.to_string(), stem: stem(&name, endings).to_string(), name }
    }
}

impl Finder {
    /// `base` lies in a county, or is one.
    pub fn new(tree: Arc<Tree>, base: &str) -> Finder {
        Finder { tree, base: base.to_string(), counties: HashMap::new(), known: HashMap::new() }
    }

    pub fn find(&mut self, place: &ledger::Place) -> Fit {
        let key = (place.county.clone(), place.town.clone(), place.village.clone());
        if let Some(fit) = self.known.get(&key) {
            return self.or_by_address(fit.clone(), place);
        }
        let fit = self.by_words(place);
        self.known.insert(key, fit.clone());
        self.or_by_address(fit, place)
    }

    fn by_words(&mut self, place: &ledger::Place) -> Fit {
        let base_county = self.tree.county_of(&self.base).map_or(self.base.clone(), |it| it.code.clone());
        let county = place.county.as_deref().and_then(|it| self.county_named(it, &base_county));
        let is_elsewhere = county.as_ref().is_some_and(|it| *it != base_county);
        let code = county.unwrap_or(base_county);
        let base = if is_elsewhere { code.clone() } else { self.base.clone() };
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
    fn or_by_address(&mut self, fit: Fit, place: &ledger::Place) -> Fit {
        let Some(address) = place.address.as_deref().filter(|_| fit.how == How::Unsaid) else { return fit };
        let address = plain(address);
        let Some(code) = self.tree.county_of(&self.base).map(|it| it.code.clone()) else { return fit };
        let Some(county) = self.counties.get(&code) else { return fit };
        let longest = |all: Vec<&Named>| {
            let most = all.iter().map(|it| it.name.chars().count()).max();
            let mut best = all.into_iter().filter(|it| Some(it.name.chars().count()) == most);
            let first = best.next();
            first.filter(|_| best.next().is_none()).cloned()
        };
        let towns = county.towns.iter().filter(|it| address.contains(&it.name)).collect();
        let Some(town) = longest(towns) else { return fit };
        let spoken = |it: &Named| LEAST_PART <= it.stem.chars().count() && address.contains(&it.stem);
        let villages = county.villages.iter().filter(|it| it.0 == town.code && spoken(&it.1)).map(|it| &it.1).collect();
        let code = longest(villages).map_or_else(|| nearer(&self.tree, &self.base, &town.code), |it| it.code);
        Fit { code, how: How::Found }
    }
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

fn plain(text: &str) -> String {
    without_spaces(&half_width(text))
}

fn stem<'a>(name: &'a str, endings: &[&str]) -> &'a str {
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
    only(&|it| it.name == words).or_else(|| only(&|it| it.stem == bare)).or_else(|| {
        let is_part = |it: &Named| {
            (long_enough(bare) && it.stem.contains(bare)) || (long_enough(&it.stem) && bare.contains(&it.stem))
        };
        only(&is_part)
    })
}

#[cfg(test)]
mod tests {
    use kit::place::Place;

    use super::*;

    fn tree() -> Arc<Tree> {
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
        Finder::new(tree(), base).find(&place)
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
        let fit = Finder::new(tree(), "990101").find(&place);
        assert_eq!(fit, Fit { code: "990101002002".into(), how: How::Found });
    }

    #[test]
    fn another_county_by_name_is_another_county() {
        let place = ledger::Place {
            county: Some("永宁区".to_string()),
            village: Some("南门社区".to_string()),
            ..ledger::Place::default()
        };
        assert_eq!(Finder::new(tree(), "990101").find(&place).code, "990102001001");
    }
}
