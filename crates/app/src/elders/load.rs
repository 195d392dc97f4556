//! Many elders taken in at once, county by county, into a registry that has nobody yet: the same drafts through the same
//! checks, held until it is known what became of them, and written once.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use kit::{
    App, Ask, Id, Result,
    clock::stamp,
    db::Put,
    tally::{Family, Numbers, Span, Stay},
};
use rules::base::Date;

use super::{
    age,
    contacts::{self, New as NewContact},
    counts,
    due::{self, DueItem},
    duplicates::{self, Looks},
    elder::{Birth, Elder},
    ended,
    groups::{self, Entry, Membership},
    intake::{self, Draft, Drawn},
    life, marks, moving,
    timeline::{self, Report},
};

/// What is known of a county while its elders come.
#[derive(Default)]
pub struct County {
    /// (street, facet) → how many live there.
    counts: BTreeMap<(String, String), i64>,
    numbers: Numbers,
    living: Lookalikes,
}

/// An elder on the way into the registry.
pub struct Arrival<'a> {
    draft: &'a Draft,
    drawn: Drawn,
    since: Date,
    groups: Vec<Membership>,
    reports: Vec<(Timestamp, Report)>,
    due: Vec<DueItem>,
    gone: Option<Gone>,
    said: Vec<(&'static str, Vec<Span>)>,
    teams: Vec<Stay>,
}

struct Gone {
    day: Date,
    /// What the end closed, as it is kept.
    closed: String,
    changed: String,
}

impl County {
    /// Takes one in on the day of the `Ask`; pairs of people who look alike are written at once.
    ///
    /// # Errors
    /// As [`intake::create`]; that an ID number comes twice the database says.
    pub fn take<'a>(&mut self, to: &impl Put, ask: &Ask, draft: &'a Draft) -> Result<Arrival<'a>> {
        let drawn = intake::draw_up(ask, draft)?;
        drawn.put_index(to)?;
        let region = drawn.elder.key.region.clone();
        let mut arrival = Arrival {
            draft,
            drawn,
            since: ask.today(),
            groups: Vec::new(),
            reports: Vec::new(),
            due: Vec::new(),
            gone: None,
            said: Vec::new(),
            teams: Vec::new(),
        };
        for entry in intake::groups_of(ask, &region, draft) {
            arrival.enter(&entry);
        }
        arrival.settle_age(ask);
        for (other, why) in self.living.like(&arrival) {
            duplicates::note_pair(to, ask, &region, other, arrival.drawn.elder.key.id, &why.join(" "))?;
        }
        arrival.report(ask.now, intake::begun());
        Ok(arrival)
    }

    /// Writes somebody of whom everything is known.
    pub fn write(&mut self, to: &impl Put, app: &App, it: Arrival<'_>) -> Result<()> {
        let (drawn, elder) = (&it.drawn, &it.drawn.elder);
        let (closed, changed) =
            it.gone.as_ref().map_or((None, &*elder.created), |it| (Some(&*it.closed), &*it.changed));
        drawn.put(to, closed, changed)?;
        for one in &it.groups {
            let until = one.until.as_ref().and_then(|day| day.parse().ok());
            let Ok(from) = one.from.parse() else { continue };
            groups::put_row(to, &elder.key, &one.again(from), until)?;
        }
        for one in &it.due {
            due::put_item(to, elder, one)?;
        }
        for (now, report) in &it.reports {
            timeline::report(to, *now, &elder.key, report)?;
        }
        let mut said = marks::spans(app, &elder.key.region, elder.birth.day, &it.groups);
        said.extend(it.said);
        let home = (elder.place.clone(), it.since, it.gone.as_ref().map(|it| it.day));
        let house = elder.organisation.map(|it| (Family::Organisation.unit(it), home.1, home.2));
        let houses = (Family::Organisation, house.into_iter().collect());
        let units = [(Family::Place, vec![home]), (Family::Team, it.teams), houses];
        self.numbers.tell(to, app, &marks::thing(&elder.key), &said, &units)?;
        if it.gone.is_none() {
            let facets = ["all".to_string(), format!("sex:{}", elder.sex)];
            let groups = it.groups.iter().filter(|it| it.until.is_none()).map(|it| format!("group:{}", it.kind));
            for facet in facets.into_iter().chain(groups) {
                *self.counts.entry((elder.street.clone(), facet)).or_default() += 1;
            }
            *self.counts.entry((elder.key.region.clone(), counts::born(elder.birth.day))).or_default() += 1;
            self.living.add(it.draft, &it.drawn);
        }
        Ok(())
    }

    /// Writes the numbers of the county, when all are there.
    pub fn end(self, to: &impl Put, app: &App, region: &str) -> Result<()> {
        self.numbers.write(to, app, region)?;
        self.counts.iter().try_for_each(|((street, facet), n)| counts::add(to, region, street, facet, *n))
    }
}

impl Arrival<'_> {
    /// The record as it stands.
    pub fn elder(&self) -> &Elder {
        &self.drawn.elder
    }

    pub fn groups(&self) -> &[Membership] {
        &self.groups
    }

    /// What the record says happened.
    pub fn report(&mut self, now: Timestamp, report: Report) {
        self.reports.push((now, report));
    }

    /// What a module says holds of the elder, told once.
    pub fn say(&mut self, said: Vec<(&'static str, Vec<Span>)>) {
        self.said.extend(said);
    }

    /// Of which teams the elder is, and when.
    pub fn of_teams(&mut self, teams: Vec<Stay>) {
        self.teams = teams;
    }

    pub fn set_due(&mut self, item: DueItem) {
        self.clear_due(&item.kind.clone());
        self.due.push(item);
    }

    pub fn clear_due(&mut self, kind: &str) {
        self.due.retain(|it| it.kind != kind);
    }

    /// A relative or carer.
    pub fn add_contact(&self, to: &impl Put, ask: &Ask, new: &NewContact<'_>) -> Result<()> {
        contacts::put(to, ask, self.elder(), new).map(drop)
    }

    /// Who has the age on the day of the `Ask` enters the group of the oldest.
    pub fn settle_age(&mut self, ask: &Ask) {
        let Elder { key, birth, .. } = &self.drawn.elder;
        let Some((age, day)) = age::entry(ask, &key.region, *birth, self.since) else { return };
        if self.enter(&Entry { kind: age::GROUP, day, source: &age::source(age), word: "" }) {
            self.report(ask.now, age::entered(age));
        }
    }

    fn enter(&mut self, entry: &Entry<'_>) -> bool {
        if self.groups.iter().any(|it| it.kind == entry.kind) {
            return false;
        }
        self.groups.push(Membership {
            kind: entry.kind.to_string(),
            from: entry.day.to_string(),
            until: None,
            source: entry.source.to_string(),
            word: entry.word.to_string(),
        });
        true
    }

    /// Notes a death.
    ///
    /// # Errors
    /// As [`life::died`].
    pub fn died(&mut self, ask: &Ask, day: Date) -> Result<()> {
        life::check_death(ask, self.elder(), day)?;
        self.end(ask, "died", day)?;
        self.report(ask.now, life::gone_by_death(day));
        Ok(())
    }

    /// Notes that the elder left the counties of this system.
    ///
    /// # Errors
    /// As [`moving::moved`].
    pub fn moved(&mut self, ask: &Ask, day: Date) -> Result<()> {
        moving::check_day(ask, self.elder(), day)?;
        self.end(ask, "moved", day)?;
        self.report(ask.now, moving::gone_by_moving(day));
        Ok(())
    }

    fn end(&mut self, ask: &Ask, state: &str, day: Date) -> Result<()> {
        self.groups.sort_by(|a, b| (&a.kind, &a.from).cmp(&(&b.kind, &b.from)));
        let open = self.groups.iter().map(|it| (it.kind.clone(), it.from.clone())).collect();
        let last = day.to_string();
        for it in &mut self.groups {
            it.until = Some(last.clone().max(it.from.clone()));
        }
        self.due.sort_by(|a, b| (&a.day, &a.kind).cmp(&(&b.day, &b.kind)));
        let closed = ended::closed(open, std::mem::take(&mut self.due))?;
        self.drawn.elder.state = state.to_string();
        self.drawn.elder.state_day = Some(last);
        self.gone = Some(Gone { day, closed, changed: stamp(ask.now) });
        Ok(())
    }
}

/// The living of a county by what they are compared by.
#[derive(Default)]
struct Lookalikes {
    all: Vec<Look>,
    by_day: HashMap<Date, Vec<usize>>,
    by_name: HashMap<(String, i16), Vec<usize>>,
    by_phone: HashMap<Vec<u8>, Vec<usize>>,
}

struct Look {
    id: Id,
    name: String,
    birth: Birth,
    address: String,
    has_number: bool,
    phone_blind: Option<Vec<u8>>,
}

impl Lookalikes {
    fn add(&mut self, draft: &Draft, drawn: &Drawn) {
        let at = self.all.len();
        let phone_blind = drawn.phone_blind().map(<[u8]>::to_vec);
        self.by_day.entry(draft.birth.day).or_default().push(at);
        self.by_name.entry((draft.name.clone(), draft.birth.day.year())).or_default().push(at);
        if let Some(blind) = &phone_blind {
            self.by_phone.entry(blind.clone()).or_default().push(at);
        }
        self.all.push(Look {
            id: drawn.elder.key.id,
            name: draft.name.clone(),
            birth: draft.birth,
            address: draft.address.clone(),
            has_number: draft.document.number.is_some(),
            phone_blind,
        });
    }

    /// Who may be the same person, as [`duplicates::alike`] finds them, and why.
    fn like(&self, arrival: &Arrival<'_>) -> Vec<(Id, Vec<&'static str>)> {
        let looks = Looks::of(&arrival.drawn.elder.key.region, arrival.draft);
        let blind = arrival.drawn.phone_blind();
        let mut candidates = self.first(self.by_name.get(&(looks.name.to_string(), looks.birth.day.year())));
        if let Some(blind) = blind {
            candidates.extend(self.first(self.by_phone.get(blind)));
        }
        if looks.birth.exact {
            candidates.extend(self.first(self.by_day.get(&looks.birth.day)));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let signs = |at: usize| {
            let it = &self.all[at];
            let same_phone = blind.is_some() && it.phone_blind.as_deref() == blind;
            let other = Looks {
                region: looks.region,
                name: &it.name,
                birth: it.birth,
                phone: None,
                address: &it.address,
                has_number: it.has_number,
            };
            (it.id, duplicates::signs(&looks, &other, same_phone))
        };
        candidates.into_iter().map(signs).filter(|it| !it.1.is_empty()).collect()
    }

    /// The oldest of them, as many as one sign may bring into the comparison.
    fn first(&self, all: Option<&Vec<usize>>) -> Vec<usize> {
        let mut all = all.cloned().unwrap_or_default();
        all.sort_by_key(|at| (self.all[*at].birth.day, *at));
        all.truncate(duplicates::MOST);
        all
    }
}
