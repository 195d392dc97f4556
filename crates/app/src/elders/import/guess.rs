//! Which county a ledger is of, where nobody has said it: by the names in its titles, file name and columns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::place::{Level, Tree};
use kit::sheet::Book;
use kit::{Ask, Result};

use super::place::{Named, TOWN_ENDINGS, VILLAGE_ENDINGS, plain, stem};
use crate::elders::ledger;

/// Rows that are looked at.
const LOOKED_AT: usize = 5000;
/// Shorter names of towns stand in too many titles.
const LEAST_WHOLE: usize = 3;

/// Why a county was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The file names the county, or a town of it.
    Named,
    /// More villages of the file are its own than of any other county.
    NamesFit,
    /// It is the only one that has elders or accounts.
    OnlyOneInUse,
    /// The register is empty and the names fit several counties or none: the first of those that fit best.
    Unsure,
}

/// What came of the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    County(String, Because),
    /// Several counties are in use and the file fits more than one, or none of them: it has to be said.
    Ask(Vec<String>),
    /// No county is known at all.
    Nowhere,
}

/// The county to import into.
pub async fn county(ask: &Ask, book: &Book, options: &ledger::Options, file: &str) -> Result<Guess> {
    let tree = ask.app.places.tree();
    let in_use: Vec<String> = ask
        .read(|tx, _| {
            tx.rows(
                "select distinct region from elder_count where n > 0
                 union select distinct place from account order by 1",
                &[],
                |row| row.get(0),
            )
        })
        .await?;
    let in_use: BTreeSet<String> =
        in_use.iter().filter_map(|it| tree.county_of(it)).map(|it| it.code.clone()).collect();
    Ok(decide(&score(&tree, &Words::of(book, options, file)), &in_use))
}

/// The names of places that a file has.
#[derive(Default)]
struct Words {
    /// Titles, names of sheets, the file's own name, and the columns of counties.
    texts: BTreeSet<String>,
    addresses: BTreeSet<String>,
    /// (town, village) of the rows, each once.
    rows: BTreeSet<(String, String)>,
}

impl Words {
    fn of(book: &Book, options: &ledger::Options, file: &str) -> Words {
        let mut words = Words::default();
        words.texts.insert(plain(file.rsplit_once('.').map_or(file, |it| it.0)));
        let reading = ledger::read(book, options);
        for (sheet, titles) in reading.titles() {
            words.texts.insert(plain(sheet));
            words.texts.extend(titles.iter().map(|it| plain(it)));
        }
        for line in reading.take(LOOKED_AT) {
            let ledger::Outcome::Accepted(entry) = line.outcome else { continue };
            let place = entry.place;
            let said = |it: &Option<String>| it.as_deref().map(plain).unwrap_or_default();
            words.texts.extend(place.county.iter().map(|it| plain(it)));
            words.addresses.extend(place.address.iter().chain(&place.registered).map(|it| plain(it)));
            words.rows.insert((said(&place.town), said(&place.village)));
        }
        words
    }
}

/// How well a county fits.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Named by a title, the file name or a column.
    named: bool,
    /// Towns named by titles or columns.
    towns: usize,
    /// Villages of the rows, in a town that is named where one is.
    villages: usize,
    /// Addresses that name it.
    addresses: usize,
}

fn score(tree: &Tree, words: &Words) -> Vec<(String, Score)> {
    // Each village by its name and by what is left of it without its ending.
    let mut villages: HashMap<&str, &str> = HashMap::new();
    for (_, village) in words.rows.iter().filter(|it| !it.1.is_empty()) {
        villages.entry(village).or_insert(village);
        villages.entry(stem(village, VILLAGE_ENDINGS)).or_insert(village);
    }
    let mut all = Vec::new();
    for county in tree.all().filter(|it| it.level == Level::County) {
        let name = plain(&county.name);
        let mut score = Score {
            named: words.texts.iter().any(|it| it.contains(&name)),
            addresses: words.addresses.iter().filter(|it| it.contains(&name)).count(),
            ..Score::default()
        };
        let (mut in_named, mut anywhere): (BTreeSet<&str>, BTreeSet<&str>) = Default::default();
        for town in tree.children(&county.code).filter(|it| it.level == Level::Street) {
            let is_named = is_named(&Named::new(&town.code, &town.name, TOWN_ENDINGS), words);
            score.towns += usize::from(is_named);
            for village in tree.children(&town.code).filter(|it| it.level == Level::Village) {
                let village = Named::new(&village.code, &village.name, VILLAGE_ENDINGS);
                let meant = villages.get(&*village.name).or_else(|| villages.get(&*village.stem)).copied();
                anywhere.extend(meant);
                in_named.extend(meant.filter(|_| is_named));
            }
        }
        score.villages = if in_named.is_empty() { anywhere.len() } else { in_named.len() };
        all.push((county.code.clone(), score));
    }
    all
}

/// A town that a column names, or that stands whole in a title.
fn is_named(town: &Named, words: &Words) -> bool {
    let is_whole = LEAST_WHOLE <= town.name.chars().count();
    let in_title = is_whole && words.texts.iter().any(|it| it.contains(&town.name));
    in_title || words.rows.iter().any(|it| it.0 == town.name || stem(&it.0, TOWN_ENDINGS) == town.stem)
}

fn decide(scores: &[(String, Score)], in_use: &BTreeSet<String>) -> Guess {
    let all: BTreeMap<&str, Score> = scores.iter().map(|it| (&*it.0, it.1)).collect();
    let strong = |it: &Score| it.named || 0 < it.towns;
    if let Some(county) = only_best(&all, strong) {
        return Guess::County(county, Because::Named);
    }
    let used: BTreeMap<&str, Score> = all.iter().filter(|it| in_use.contains(*it.0)).map(|it| (*it.0, *it.1)).collect();
    if used.len() == 1 {
        return Guess::County(used.keys().map(|it| (*it).to_string()).collect(), Because::OnlyOneInUse);
    }
    let says_anything = |it: &Score| strong(it) || 0 < it.villages || 0 < it.addresses;
    let among = if used.is_empty() { &all } else { &used };
    if let Some(county) = only_best(among, says_anything) {
        return Guess::County(county, Because::NamesFit);
    }
    let best = all.values().max().copied().unwrap_or_default();
    let mut fitting = all.iter().filter(|it| *it.1 == best).map(|it| (*it.0).to_string());
    if used.is_empty() {
        return fitting.next().map_or(Guess::Nowhere, |it| Guess::County(it, Because::Unsure));
    }
    Guess::Ask(used.keys().map(|it| (*it).to_string()).collect())
}

/// The county that fits better than every other, if it fits at all.
fn only_best(all: &BTreeMap<&str, Score>, fits: impl Fn(&Score) -> bool) -> Option<String> {
    let best = all.values().filter(|it| fits(it)).max()?;
    let mut with_it = all.iter().filter(|it| it.1 == best);
    let first = with_it.next()?;
    with_it.next().is_none().then(|| (*first.0).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elders::import::place::tests::tree;

    fn guess(texts: &[&str], rows: &[(&str, &str)], in_use: &[&str]) -> Guess {
        let words = Words {
            texts: texts.iter().map(|it| (*it).to_string()).collect(),
            rows: rows.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect(),
            addresses: BTreeSet::new(),
        };
        decide(&score(&tree(), &words), &in_use.iter().map(|it| (*it).to_string()).collect())
    }

    fn found(county: &str, because: Because) -> Guess {
        Guess::County(county.to_string(), because)
    }

    #[test]
    fn a_title_names_the_county_or_a_town_of_it() {
        assert_eq!(guess(&["永宁区老人台账"], &[("", "大桥村")], &["990101"]), found("990102", Because::Named));
        assert_eq!(guess(&["河口镇65岁以上老人"], &[], &[]), found("990101", Because::Named));
        assert_eq!(guess(&[], &[("南门街道", "")], &["990101"]), found("990102", Because::Named));
    }

    #[test]
    fn villages_tell_where_nothing_names_a_town() {
        assert_eq!(guess(&["某某镇"], &[("", "河口村"), ("", "大桥村")], &[]), found("990101", Because::NamesFit));
        assert_eq!(guess(&[], &[("", "南门社区")], &["990101", "990102"]), found("990102", Because::NamesFit));
    }

    #[test]
    fn the_only_county_in_use_is_taken_where_the_file_names_none() {
        assert_eq!(guess(&["某某镇"], &[("", "南门")], &["990101"]), found("990101", Because::OnlyOneInUse));
    }

    #[test]
    fn what_fits_several_counties_in_use_is_asked_and_never_guessed() {
        let both = Guess::Ask(vec!["990101".to_string(), "990102".to_string()]);
        assert_eq!(guess(&["某某镇"], &[("", "柳树屯")], &["990101", "990102"]), both);
        assert_eq!(guess(&["某某镇"], &[("", "柳树屯")], &[]), found("990101", Because::Unsure));
    }
}
