//! The staff of a county and its teams.

use std::collections::{BTreeMap, HashMap};

use kit::{Ask, Id, Result, Tx};
use rules::{
    base::{Date, IdNumber},
    workforce::Certificate,
};

use super::{Made, Street, figures::Wanted};
use crate::{
    elders::Key,
    generate::{chance::Chance, names},
    workforce::{self, Draft, First, Line, NewCertificate, NewMember, NewPost, NewTeam, Staff, Taken, Team},
};

/// The year whose hiring 渝卫答复函〔2025〕77号 tells.
const RECRUITED_IN: i16 = 2024;

/// Makes staff, each with an ID number that nobody can have.
pub struct Crew {
    chance: Chance,
    today: Date,
    born: HashMap<Date, u32>,
}

/// A county's part of what the city has.
#[derive(Debug, Clone)]
pub struct Share {
    /// Teams of each of its streets.
    teams: Vec<usize>,
    seconded: usize,
    carers: usize,
    certified: usize,
    directed: usize,
    recruited: usize,
}

impl Share {
    /// The seconded and others go by county.
    pub fn of(wanted: &Wanted, all: &[Street], own: &[Street], counties: usize) -> Share {
        let teams = teams(wanted.teams, all);
        let is_own = |street: &Street| own.iter().any(|it| it.code == street.code);
        let teams = all.iter().zip(teams).filter(|it| is_own(it.0)).map(|it| it.1).collect();
        let nth = all.iter().position(|it| own.first().is_some_and(|first| first.code == it.code)).unwrap_or(0);
        let county = all[..nth].iter().map(|it| &it.county).collect::<std::collections::BTreeSet<_>>().len();
        let counties = counties.max(1);
        let part = |all: usize| (county + 1) * all / counties - county * all / counties;
        Share {
            teams,
            seconded: part(wanted.seconded),
            carers: part(wanted.carers),
            certified: part(wanted.certified_carers),
            directed: part(wanted.directed_titles),
            recruited: part(wanted.recruited),
        }
    }
}

/// The teams of each street by its villages, so that the city's number comes out exactly. Every county has one, from where
/// most are; only a city with fewer teams than counties has more than the number.
fn teams(total: usize, streets: &[Street]) -> Vec<usize> {
    let villages: usize = streets.iter().map(|it| it.villages.len()).sum();
    let upto = |n: usize| n * total / villages.max(1);
    let mut before = 0;
    let mut teams: Vec<usize> = Vec::with_capacity(streets.len());
    for street in streets {
        let after = before + street.villages.len();
        teams.push(upto(after) - upto(before));
        before = after;
    }
    let mut of_county: BTreeMap<&str, usize> = BTreeMap::new();
    for (street, n) in streets.iter().zip(&teams) {
        *of_county.entry(&street.county).or_default() += n;
    }
    let lacking: Vec<&str> = of_county.iter().filter(|it| *it.1 == 0).map(|it| *it.0).collect();
    for county in lacking {
        let has_more = |at: &usize| 0 < teams[*at] && 1 < of_county[&*streets[*at].county];
        if let Some(at) = (0..streets.len()).filter(has_more).max_by_key(|at| (of_county[&*streets[*at].county], *at)) {
            teams[at] -= 1;
            of_county.entry(&streets[at].county).and_modify(|it| *it -= 1);
        }
        if let Some(at) = streets.iter().position(|it| it.county == county) {
            teams[at] += 1;
            of_county.insert(county, 1);
        }
    }
    teams
}

impl Crew {
    pub fn new(seed: u64, today: Date) -> Crew {
        Crew { chance: Chance::new(seed ^ 0x6372_6577), today, born: HashMap::new() }
    }

    fn number(&mut self, birth: Date, is_woman: bool) -> Option<IdNumber> {
        let nth = self.born.entry(birth).and_modify(|it| *it += 1).or_insert(0);
        // From the last area backwards, so that no elder has the same number.
        let (area, pair) = (9_999 - *nth / 500, *nth % 500);
        let sequence = pair * 2 + u32::from(!is_woman);
        let digits = format!("99{area:04}{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month(), birth.day());
        let check = char::from(rules::base::check_character(digits.as_bytes()));
        format!("{digits}{check}").parse().ok()
    }

    fn draft(&mut self, kind: &str, title: &str) -> Draft {
        let is_woman = self.chance.happens(if kind == "nurse" || kind == "care_worker" { 0.92 } else { 0.45 });
        let age = 26 + self.chance.below(32) as i32;
        let birth = self.today.add_years(-age).add_days(-(self.chance.below(365) as i32));
        let skills: &[&str] = match kind {
            "gp" => &["chronic", "geriatrics"],
            "nurse" => &["home_care", "wound"],
            "care_worker" => &["dementia"],
            "tcm" => &["tcm"],
            "therapist" => &["rehabilitation"],
            _ => &[],
        };
        Draft {
            name: names::name(&mut self.chance, is_woman),
            id_number: self.number(birth, is_woman),
            sex: if is_woman { "female" } else { "male" }.to_string(),
            birth: Some(birth),
            phone: format!("199{:08}", self.chance.below(100_000_000)).parse().ok(),
            kind: kind.to_string(),
            title: title.to_string(),
            skills: skills.iter().map(|it| (*it).to_string()).collect(),
            account: None,
            remark: String::new(),
            source: "示例数据".to_string(),
        }
    }

    fn hire(&mut self, tx: &Tx<'_>, ask: &Ask, at: Id, draft: &Draft, post: &str, outside: &str) -> Result<Staff> {
        // Everybody is there by the first day of any team.
        let from = Date::new(2014, 1, 1).unwrap_or(self.today).add_days(self.chance.below(360) as i32);
        self.hire_on(tx, ask, at, draft, (post, outside), from)
    }

    fn hire_on(
        &mut self,
        tx: &Tx<'_>,
        ask: &Ask,
        at: Id,
        draft: &Draft,
        (post, outside): (&str, &str),
        from: Date,
    ) -> Result<Staff> {
        let first = First { organisation: at, kind: post.to_string(), outside: outside.to_string(), from };
        let (Taken::New(key) | Taken::Known(key)) = workforce::take(tx, ask, draft, &first)?;
        let staff = workforce::find(tx, &ask.who.scope, &key)?;
        match &*draft.kind {
            "gp" | "physician" => self.license(tx, ask, &staff)?,
            _ => {}
        }
        Ok(staff)
    }

    /// A physician's licence, held since they were of an age for it; it does not expire.
    fn license(&self, tx: &Tx<'_>, ask: &Ask, staff: &Staff) -> Result<()> {
        let birth = staff.birth.unwrap_or(self.today.add_years(-40));
        let nth = self.born.get(&birth).copied().unwrap_or_default();
        let number = format!("110{}{nth:04}", birth.to_string().replace('-', ""));
        let from = birth.add_years(25);
        let kind = Certificate::Physician;
        let new = NewCertificate {
            kind,
            number: &number,
            issuer: "卫生健康局",
            grade: "",
            from,
            until: None,
            document: None,
        };
        workforce::add_certificate(tx, ask, staff, &new)
    }

    /// Staffs the institutions of a county and sets up its teams.
    pub fn county(
        &mut self,
        tx: &Tx<'_>,
        ask: &Ask,
        made: &[Made],
        streets: &[Street],
        share: &Share,
        first: bool,
    ) -> Result<()> {
        let is_centre = |it: &&Made| matches!(it.kind, "township_health_centre" | "community_health_centre");
        let centres: Vec<&Made> = made.iter().filter(is_centre).collect();
        let hospital = made.iter().find(|it| it.kind == "hospital").or(centres.first().copied());
        let Some(hospital) = hospital else { return Ok(()) };
        let (mut near, mut far) = (Vec::new(), Vec::new());
        for _ in 0..(1 + share.teams.iter().sum::<usize>() / 10) {
            let draft = self.draft("physician", "deputy_senior");
            near.push(self.hire(tx, ask, hospital.id, &draft, "employed", "")?);
            let draft = self.draft("physician", "senior");
            far.push(self.hire(tx, ask, hospital.id, &draft, "outside", "市中心医院")?);
        }
        for nth in 0..share.seconded {
            let (draft, centre) = (self.draft("physician", "middle"), centres[nth % centres.len().max(1)]);
            let staff = self.hire(tx, ask, hospital.id, &draft, "employed", "")?;
            if centre.id != hospital.id {
                let from = Date::new(2023, 3, 1).unwrap_or(self.today);
                let line = Line::At(centre.id);
                let post = NewPost { line, from, kind: Some("seconded"), organisation: Some(centre.id), outside: "" };
                workforce::set_post(tx, ask, &staff, &post)?;
            }
        }
        // Where some give care for the insurance, the care workers that a document counts are theirs.
        let gives = |it: &&Made| it.ltci || matches!(it.kind, "elderly_home" | "care_centre");
        let mut homes: Vec<&Made> = made.iter().filter(gives).collect();
        if homes.iter().any(|it| it.ltci) {
            homes.retain(|it| it.ltci);
        }
        for nth in 0..share.carers {
            let (draft, home) = (self.draft("care_worker", "none"), homes.get(nth % homes.len().max(1)));
            let staff = self.hire(tx, ask, home.map_or(hospital.id, |it| it.id), &draft, "contract", "")?;
            if nth < share.certified {
                self.certify(tx, ask, &staff, Certificate::CareWorker, "民政局")?;
            }
        }
        let recruited = if centres.is_empty() { 0 } else { share.recruited };
        for nth in 0..recruited {
            let draft = self.draft("nurse", "junior");
            let from = Date::new(RECRUITED_IN, 3, 1).unwrap_or(self.today).add_days(self.chance.below(200) as i32);
            self.hire_on(tx, ask, centres[nth % centres.len()].id, &draft, ("employed", ""), from)?;
        }
        let mut nth = 0;
        let mut leader = None;
        // Villages of a street without a team of its own go to the next one.
        let mut carried: Vec<String> = Vec::new();
        let mut last: Option<(Key, Vec<String>)> = None;
        for (street, teams) in streets.iter().zip(&share.teams) {
            // A street without a health centre is looked after by the one before it.
            let centre = centres.iter().rfind(|it| it.street <= street.code).or(centres.first());
            let Some(centre) = centre else { continue };
            if *teams == 0 {
                carried.extend(street.villages.iter().map(|it| it.0.clone()));
            }
            for one in 0..*teams {
                let range = one * street.villages.len() / teams..(one + 1) * street.villages.len() / teams;
                let own = street.villages[range].iter().map(|it| it.0.clone());
                let villages: Vec<String> = carried.drain(..).chain(own).collect();
                let specialists = (&near[nth % near.len()], &far[nth % far.len()]);
                let name = format!("{}第{}团队", street.name, one + 1);
                let team = self.team(tx, ask, centre, name, &villages, specialists, (nth, nth < share.directed))?;
                leader.get_or_insert_with(|| team.clone());
                last = Some((team, villages));
                nth += 1;
            }
        }
        if let Some((team, villages)) = last.filter(|_| !carried.is_empty()) {
            let team = workforce::find_team(tx, &ask.who.scope, &team)?;
            workforce::set_places(tx, ask, &team, &[villages, carried].concat(), team.opened)?;
        }
        match leader.filter(|_| first) {
            Some(team) => self.accounts(tx, ask, &team),
            None => Ok(()),
        }
    }

    fn certify(&mut self, tx: &Tx<'_>, ask: &Ask, staff: &Staff, kind: Certificate, issuer: &str) -> Result<()> {
        let number = format!("{:012}", self.chance.below(1_000_000_000_000));
        let from = Date::new(2016, 3, 1).unwrap_or(self.today).add_days(self.chance.below(200) as i32);
        // Those that expire were renewed within the last five years, some of them long ago.
        let from = if kind == Certificate::Nurse {
            self.today.add_days(-(self.chance.below(5 * 365 + 20) as i32))
        } else {
            from
        };
        // What kind of nurse somebody is stands on the licence alone.
        let grade = match kind {
            Certificate::Nurse if number.ends_with(['0', '1', '2', '3']) => "护士",
            Certificate::Nurse => "护师",
            _ => "",
        };
        let new = NewCertificate { kind, number: &number, issuer, grade, from, until: None, document: None };
        workforce::add_certificate(tx, ask, staff, &new)
    }

    #[allow(clippy::too_many_arguments, reason = "everything a team is made of")]
    fn team(
        &mut self,
        tx: &Tx<'_>,
        ask: &Ask,
        centre: &Made,
        name: String,
        villages: &[String],
        (near, far): (&Staff, &Staff),
        (nth, directed): (usize, bool),
    ) -> Result<Key> {
        let opened = Date::new(2015, 6, 1).unwrap_or(self.today);
        let phone = format!("199{:08}", self.chance.below(100_000_000));
        let new = NewTeam { organisation: centre.id, name, phone, opened };
        let team = workforce::create_team(tx, ask, &new)?;
        let mut roles = vec![("gp", "gp", "middle"), ("nurse", "nurse", "junior")];
        // Some teams lack somebody, as in life.
        if nth % 17 != 5 {
            roles.insert(1, ("public_health", "public_health", "junior"));
        }
        if nth.is_multiple_of(2) {
            roles.push(("village_doctor", "village_doctor", "none"));
        }
        for (kind, role, title) in roles {
            let draft = self.draft(kind, title);
            let staff = self.hire(tx, ask, centre.id, &draft, "employed", "")?;
            match kind {
                "nurse" => self.certify(tx, ask, &staff, Certificate::Nurse, "卫生健康局")?,
                "gp" => {
                    self.certify(tx, ask, &staff, Certificate::GeneralPractice, "卫生健康局")?;
                    if directed {
                        self.certify(tx, ask, &staff, Certificate::DirectedTitle, "市卫生健康委员会")?;
                    }
                }
                _ => {}
            }
            join(tx, ask, &team, &staff, role, role == "gp", opened)?;
        }
        join(tx, ask, &team, near, "specialist2", false, opened)?;
        if nth % 11 != 7 {
            join(tx, ask, &team, far, "specialist3", false, opened)?;
        }
        workforce::set_places(tx, ask, &team, villages, opened)?;
        Ok(team.key)
    }

    /// The accounts of the demonstration are people of the first team.
    fn accounts(&mut self, tx: &Tx<'_>, ask: &Ask, team: &Key) -> Result<()> {
        let opened = Date::new(2018, 1, 1).unwrap_or(self.today);
        let team = workforce::find_team(tx, &ask.who.scope, team)?;
        for (login, role) in [("lead", "gp"), ("clinician", "gp")] {
            let Some(account) = kit::who::account::by_login(tx, login)? else { continue };
            let mut draft = self.draft("gp", "middle");
            draft.name = account.name.clone();
            draft.account = Some(account.id);
            let staff = self.hire(tx, ask, team.organisation, &draft, "employed", "")?;
            join(tx, ask, &team, &staff, role, login == "lead", opened)?;
        }
        Ok(())
    }
}

fn join(tx: &Tx<'_>, ask: &Ask, team: &Team, staff: &Staff, role: &str, leads: bool, from: Date) -> Result<()> {
    workforce::set_member(tx, ask, team, staff, &NewMember { role: Some(role), leads, from })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many counties of ten streets, one with fewer villages than the next.
    fn streets(counties: usize) -> Vec<Street> {
        let mut all = Vec::new();
        for county in 0..counties {
            for nth in 0..10 {
                let code = format!("{:06}{nth:03}", 500_100 + county);
                let villages = (0..1 + nth + county).map(|it| (format!("{code}{it:03}"), String::new())).collect();
                all.push(Street { county: code[..6].to_string(), name: code.clone(), code, villages });
            }
        }
        all
    }

    #[test]
    fn a_citys_teams_come_out_to_the_unit_and_every_county_has_one() {
        let streets = streets(38);
        for (total, made) in [(9_250, 9_250), (93, 93), (38, 38), (9, 38), (0, 38)] {
            let teams = teams(total, &streets);
            assert_eq!(teams.iter().sum::<usize>(), made, "{total}");
            for county in streets.chunks(10).zip(teams.chunks(10)) {
                assert!(0 < county.1.iter().sum::<usize>(), "{total}: {}", county.0[0].county);
            }
        }
    }
}
