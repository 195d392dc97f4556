//! Each institution as it is to be: kind, name, place, what it can do, which licences it holds.

use std::collections::HashMap;

use kit::{App, house};

use super::{Street, figures::Wanted};
use crate::{generate::chance::Chance, institutions::Position};

/// An institution that is to be made.
#[derive(Debug, Clone)]
pub struct Spec {
    pub kind: &'static str,
    pub name: String,
    pub county: String,
    pub street: String,
    pub place: String,
    pub level: Option<&'static str>,
    pub owner: &'static str,
    /// Words of modes, marks and services.
    pub holds: Vec<&'static str>,
    pub beds: Vec<(&'static str, usize)>,
    /// Villages it serves.
    pub serves: Vec<String>,
    /// Whether both its licences must be in order.
    pub in_order: bool,
    pub position: Option<Position>,
}

/// Every institution of the streets; (county, name) of those that are there already are taken.
pub fn all(wanted: &Wanted, streets: &[Street], app: &App, taken: Vec<(String, String)>) -> Vec<Spec> {
    let mut maker = Maker {
        streets,
        app,
        names: taken.into_iter().map(|it| (it, 1)).collect(),
        all: Vec::new(),
        chance: Chance::new(streets.len() as u64),
        lacking: 0,
    };
    if !streets.is_empty() {
        maker.hospitals(wanted);
        maker.centres(wanted);
        maker.homes(wanted);
        maker.village(wanted);
    }
    maker.all
}

struct Maker<'a> {
    streets: &'a [Street],
    app: &'a App,
    /// How often a name stands in a county already.
    names: HashMap<(String, String), usize>,
    all: Vec<Spec>,
    chance: Chance,
    /// How many still have to be without a green channel.
    lacking: usize,
}

/// A county's name without its level: 游仙区 → 游仙.
fn short(name: &str) -> &str {
    name.trim_end_matches(['区', '县', '市'])
}

/// The streets with a health centre, and whether it is a township's: as the name of each says, or so many community and
/// township health centres, those of towns first.
fn centres_of(streets: &[Street], printed: Option<(usize, usize)>) -> Vec<(usize, bool)> {
    let is_town = |it: &usize| streets[*it].name.ends_with(['镇', '乡']);
    let Some((community, townships)) = printed else {
        return (0..streets.len()).map(|it| (it, is_town(&it))).collect();
    };
    let (towns, urban): (Vec<usize>, Vec<usize>) = (0..streets.len()).partition(is_town);
    let in_towns = spread(&towns, townships);
    let rest = townships - in_towns.len();
    let in_streets = spread(&urban, community + rest);
    let of_townships = spread(&in_streets, rest);
    let mut all: Vec<(usize, bool)> = in_towns.iter().map(|it| (*it, true)).collect();
    all.extend(in_streets.iter().map(|it| (*it, of_townships.contains(it))));
    all.sort_unstable();
    all
}

/// The street with a health centre for each street: the last in its county up to it, else the first.
fn served_by(streets: &[Street], centres: &[(usize, bool)]) -> Vec<Option<usize>> {
    let nearest = |at: usize| {
        let mut own = centres.iter().map(|it| it.0).filter(|it| streets[*it].county == streets[at].county);
        let first = own.next();
        own.take_while(|it| *it <= at).last().or(first)
    };
    (0..streets.len()).map(nearest).collect()
}

/// So many of them, evenly; all where there are not as many.
fn spread(all: &[usize], n: usize) -> Vec<usize> {
    let n = n.min(all.len());
    let upto = |nth: usize| nth * n / all.len().max(1);
    all.iter().enumerate().filter(|(nth, _)| upto(*nth) < upto(nth + 1)).map(|it| *it.1).collect()
}

impl Maker<'_> {
    /// The street of the nth of `total` things, spread evenly.
    fn at(&self, nth: usize, total: usize) -> &Street {
        &self.streets[(nth * self.streets.len() / total.max(1)).min(self.streets.len() - 1)]
    }

    fn add(&mut self, street: &Street, place: &str, kind: &'static str, name: String) -> &mut Spec {
        let seen = self.names.entry((street.county.clone(), name.clone())).or_insert(0);
        *seen += 1;
        let name = if *seen == 1 { name } else { format!("{name}(第{seen})") };
        let position = self.position(&street.county);
        self.all.push(Spec {
            kind,
            name,
            county: street.county.clone(),
            street: street.code.clone(),
            place: place.to_string(),
            level: None,
            owner: "public",
            holds: Vec::new(),
            beds: Vec::new(),
            serves: Vec::new(),
            in_order: true,
            position,
        });
        let last = self.all.len() - 1;
        &mut self.all[last]
    }

    /// Somewhere within the county's border, where one is known.
    fn position(&mut self, county: &str) -> Option<Position> {
        let ((west, south), (east, north)) = house::bounds_of(county)?;
        let mut between = |from: f64, to: f64| from + (to - from) * (self.chance.below(10_000) as f64 / 10_000.0);
        let (longitude, latitude) = (0..60)
            .map(|_| (between(west, east), between(south, north)))
            .find(|(longitude, latitude)| house::lies_in(county, *longitude, *latitude))?;
        format!("{latitude:.6},{longitude:.6}").parse().ok()
    }

    fn hospitals(&mut self, wanted: &Wanted) {
        let tree = self.app.places.tree();
        let all = [
            ("level3", wanted.hospitals_3, 600),
            ("level2", wanted.hospitals_2, 260),
            ("level1", wanted.hospitals_1, 60),
        ];
        let mut geriatrics = wanted.geriatrics;
        let mut without_channel = wanted.without_green_channel;
        for (level, total, beds) in all {
            for nth in 0..total {
                let street = self.at(nth, total).clone();
                let county = short(tree.name(&street.county)).to_string();
                let name = match level {
                    "level3" => format!("{county}市立医院"),
                    "level2" => format!("{county}人民医院"),
                    _ => format!("{county}友谊医院"),
                };
                let with_department = level != "level1" && 0 < geriatrics;
                let with_channel = level != "level1" || without_channel == 0;
                geriatrics -= usize::from(with_department);
                without_channel -= usize::from(!with_channel);
                let it = self.add(&street, &street.code, "hospital", name);
                it.level = Some(level);
                it.owner = if level == "level1" { "private" } else { "public" };
                it.beds = vec![("beds_medical", beds), ("beds_rehabilitation", beds / 10)];
                it.holds = vec!["insurance", "service_outpatient", "service_inpatient", "service_rehabilitation"];
                if with_channel {
                    it.holds.push("green_channel");
                }
                if with_department {
                    it.holds.extend(["geriatrics", "age_friendly", "internet_nursing"]);
                }
            }
        }
        // Who still lacks a channel is found among the health centres.
        self.lacking = without_channel;
    }

    fn centres(&mut self, wanted: &Wanted) {
        let (mut towns, mut grade_a) = (0, 0);
        let (mut subcentres, mut community) = (wanted.subcentres, wanted.community_hospitals);
        let streets = self.streets;
        let centres = centres_of(streets, wanted.centres);
        let served_by = served_by(streets, &centres);
        for (at, is_town) in centres {
            let street = &streets[at];
            let kind = if is_town { "township_health_centre" } else { "community_health_centre" };
            let name = format!("{}{}", street.name, if is_town { "卫生院" } else { "社区卫生服务中心" });
            let with_channel = self.lacking == 0;
            self.lacking -= usize::from(!with_channel);
            towns += usize::from(is_town);
            let is_a = is_town && grade_a * 100 < towns * wanted.grade_a_percent;
            grade_a += usize::from(is_a);
            let it = self.add(street, &street.code, kind, name);
            it.level = is_town.then_some(if is_a { "grade_a" } else { "grade_b" });
            it.beds = vec![("beds_medical", if is_town { 40 } else { 15 }), ("beds_home_hospital", 8)];
            it.holds = vec![
                "insurance",
                "tcm_hall",
                "age_friendly",
                "service_outpatient",
                "service_contract",
                "service_home_bed",
                "service_visit",
                "service_round",
                "service_tcm",
            ];
            if with_channel {
                it.holds.push("green_channel");
            }
            let served = streets.iter().zip(&served_by).filter(|it| *it.1 == Some(at));
            it.serves = served.flat_map(|it| &it.0.villages).map(|it| it.0.clone()).collect();
        }
        for nth in 0..subcentres.max(community) {
            let street = self.at(nth, subcentres.max(community)).clone();
            if 0 < subcentres {
                subcentres -= 1;
                let it = self.add(&street, &street.code, "county_subcentre", format!("{}医疗次中心", street.name));
                it.level = Some("level2");
                it.beds = vec![("beds_medical", 120)];
                it.holds = vec!["insurance", "green_channel", "service_outpatient", "service_inpatient"];
            }
            if 0 < community {
                community -= 1;
                let it = self.add(&street, &street.code, "community_hospital", format!("{}社区医院", street.name));
                it.level = Some("level1");
                it.beds = vec![("beds_medical", 50)];
                it.holds = vec!["insurance", "green_channel", "tcm_hall", "service_outpatient", "service_inpatient"];
            }
        }
    }

    fn homes(&mut self, wanted: &Wanted) {
        let ways = [
            ("mode_contracted", 0, wanted.contracted),
            ("mode_clinic_inside", wanted.contracted, wanted.clinic_inside),
            ("mode_care_inside", wanted.contracted + wanted.clinic_inside, wanted.care_inside),
        ];
        for nth in 0..wanted.homes {
            let street = self.at(nth, wanted.homes).clone();
            let name = format!("{}{}养老院", street.name, ["康乐", "怡和", "金秋", "松鹤", "福寿"][nth % 5]);
            // Where more are printed than there are homes, some homes have two ways.
            let holds: Vec<&'static str> = ways
                .iter()
                .filter(|(_, from, n)| {
                    let from = (*from).min(wanted.homes.saturating_sub(*n));
                    (from..from + n).contains(&nth)
                })
                .map(|it| it.0)
                .chain((wanted.homes <= nth + wanted.infirmary).then_some("infirmary"))
                .chain((nth < wanted.ltci).then_some("ltci"))
                .collect();
            let beds = (nth + 1) * wanted.home_beds / wanted.homes - nth * wanted.home_beds / wanted.homes;
            let it = self.add(&street, &street.code, "elderly_home", name);
            it.owner = ["public", "public_private", "private_nonprofit"][nth % 3];
            it.beds = vec![("beds_elderly", beds), ("beds_nursing", beds * 55 / 100)];
            it.holds = [vec!["service_stay", "service_meals", "service_bath", "service_respite"], holds].concat();
            it.in_order = nth % 9 != 4;
        }
        let total = wanted.care_centres;
        for nth in 0..total {
            let street = self.at(nth, total).clone();
            let beds = (nth + 1) * wanted.care_centre_beds / total - nth * wanted.care_centre_beds / total;
            let it = self.add(&street, &street.code, "care_centre", format!("{}医养结合中心", street.name));
            it.beds = vec![("beds_elderly", beds), ("beds_nursing", beds / 2)];
            it.holds = vec![
                "mode_embedded",
                "insurance",
                "service_day_care",
                "service_stay",
                "service_rehabilitation",
                "service_respite",
            ];
            it.serves = street.villages.iter().map(|it| it.0.clone()).collect();
        }
        for nth in 0..wanted.regional_centres {
            let street = self.at(nth, wanted.regional_centres).clone();
            let it = self.add(&street, &street.code, "regional_centre", format!("{}区域养老服务中心", street.name));
            it.holds = vec!["service_day_care", "service_meals", "service_assessment"];
        }
    }

    fn village(&mut self, wanted: &Wanted) {
        let villages: Vec<(Street, (String, String))> = self
            .streets
            .iter()
            .flat_map(|street| street.villages.iter().map(move |it| (street.clone(), it.clone())))
            .collect();
        let kinds: [(&'static str, usize); 3] = [
            ("village_clinic", wanted.village_clinics),
            ("day_care", wanted.day_care),
            ("mutual_house", wanted.mutual_houses),
        ];
        for (kind, total) in kinds {
            for nth in 0..total {
                let (street, (code, village)) =
                    villages[(nth * villages.len() / total).min(villages.len() - 1)].clone();
                let is_urban = village.contains("社区");
                let (kind, ending) = match kind {
                    "village_clinic" if is_urban => ("health_station", "卫生服务站"),
                    "village_clinic" => ("village_clinic", "卫生室"),
                    "day_care" => ("day_care", "日间照料中心"),
                    _ => ("mutual_house", "互助养老院"),
                };
                let it = self.add(&street, &code, kind, format!("{}{village}{ending}", street.name));
                it.owner = "public";
                it.serves = vec![code];
                it.holds = match kind {
                    "day_care" => vec!["service_day_care", "service_meals"],
                    "mutual_house" => vec!["service_meals"],
                    _ => vec!["service_outpatient", "service_contract"],
                };
                it.in_order = nth % 23 != 7;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_health_centres_as_are_printed_serve_every_street() {
        let street = |nth: usize| Street {
            county: format!("2202{:02}", nth / 15),
            code: format!("2202{:02}{nth:03}", nth / 15),
            name: format!("第{nth}{}", if nth.is_multiple_of(2) { "镇" } else { "街道" }),
            villages: Vec::new(),
        };
        let streets: Vec<Street> = (0..150).map(street).collect();
        for (printed, townships, all) in [(None, 75, 150), (Some((42, 97)), 97, 139), (Some((75, 10)), 10, 85)] {
            let centres = centres_of(&streets, printed);
            assert_eq!(centres.iter().filter(|it| it.1).count(), townships, "{printed:?}");
            assert_eq!(centres.len(), all, "{printed:?}");
            assert!(served_by(&streets, &centres).iter().all(Option::is_some), "{printed:?}");
        }
    }
}
