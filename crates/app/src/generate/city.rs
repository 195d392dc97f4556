//! A whole city loaded: one thread makes people and everything that happened to them, another writes.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use kit::{
    Ask, Error, Result, Tx, audit,
    db::{Load, Rows},
};

use super::{
    Beside, Coming, Setting, checks,
    people::Person,
    signed::{self, Teams},
};
use crate::{chronic, contracting, elders, healthcheck, tcm, workforce};

/// What a load fills.
const TABLES: &[&str] = &[
    "elder",
    "person_index",
    "elder_group",
    "elder_contact",
    "elder_timeline",
    "elder_due",
    "elder_duplicate",
    "elder_count",
    "tally",
    "tally_span",
    "tally_unit",
    "healthcheck_finding",
    "healthcheck",
    "healthcheck_number",
    "healthcheck_section",
    "chronic_check",
    "contract_reasons",
    "contract",
    "contract_team",
    "contract_item",
    "contract_service",
];

/// So many bytes of rows go from one thread to the other at once, and so many packets wait at most.
const PACKET: usize = 4 << 20;
const WAITING: usize = 8;
/// People one thread hands to the next at once.
const HANDED: usize = super::coming::WINDOW;

/// Loads everybody, and the network made beside; gives how many rows were written.
///
/// # Errors
/// As taking people in one by one; nothing of the load stays then.
pub async fn load(setting: &Setting, beside: &Beside, coming: Coming, progress: &impl Fn(usize, usize)) -> Result<i64> {
    let (homes, day) = (coming.homes.clone(), setting.days.managed);
    let app = &setting.app;
    let tree = app.places.tree();
    let teams = beside.app.db.read(move |tx| {
        let team = |home: String| {
            let county = tree.county_of(&home).map_or("", |it| &it.code);
            Ok((home.clone(), workforce::team_of_place(tx, county, &home, day)?))
        };
        homes.into_iter().map(team).collect::<Result<Teams>>()
    });
    let teams = teams.await?;
    let (sender, packets) = sync_channel(WAITING);
    let for_noting = setting.on(setting.days.today);
    let loading = tokio::spawn({
        let app = app.clone();
        async move { app.db.load(TABLES, move |load| write(load, &packets, &for_noting)).await }
    });
    let for_network = sender.clone();
    let network = beside.rows(move |rows| send(&for_network, rows)).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (total, drawn) = (coming.total, sync_channel(WAITING));
    let drawing = tokio::task::spawn_blocking({
        let setting = setting.clone();
        move || draw(&setting, coming, &drawn.0)
    });
    let making = tokio::task::spawn_blocking({
        let setting = setting.clone();
        move || {
            let mut maker = Maker { setting: &setting, teams, rows: Rows::default(), sender, counties: Vec::new() };
            let made = network.and_then(|()| maker.all(&drawn.1, |done| _ = tell.send(done)));
            // Where nobody takes packets any more, the load has failed and says why itself.
            let _ = maker.sender.send(made.map(|()| Packet::End(maker.counties)));
        }
    });
    while let Some(done) = told.recv().await {
        progress(done, total);
    }
    making.await.map_err(Error::internal)?;
    drawing.await.map_err(Error::internal)?;
    let written = loading.await.map_err(Error::internal)??;
    progress(total, total);
    Ok(written)
}

/// A person, and the checks they are to have had.
type Drawn = (Person, Vec<checks::Drawn>);

/// Draws people until nobody takes them any more.
fn draw(setting: &Setting, mut coming: Coming, to: &SyncSender<Vec<Drawn>>) {
    let Setting { app, days, history, .. } = setting;
    let tree = app.places.tree();
    let mut nth = 0;
    while nth < coming.total {
        let next = coming.total.min(nth + HANDED);
        let with_checks = |person: Person| {
            let region = tree.county_of(&person.draft.place).map_or("", |it| &it.code);
            let checks = checks::draw_all(app, region, &person, *days, history.years).0;
            (person, checks)
        };
        let people = coming.next(nth..next).into_iter().map(with_checks).collect();
        if to.send(people).is_err() {
            return;
        }
        nth = next;
    }
}

fn send(to: &SyncSender<Result<Packet>>, rows: Rows) -> Result<()> {
    to.send(Ok(Packet::Rows(rows))).map_err(|_| Error::internal("the load has ended"))
}

enum Packet {
    Rows(Rows),
    /// All are made: so many elders in each county.
    End(Vec<(String, usize)>),
}

fn write(load: &Load<'_>, packets: &Receiver<Result<Packet>>, ask: &Ask) -> Result<i64> {
    let mut written = 0;
    loop {
        match packets.recv().map_err(Error::internal)?? {
            Packet::Rows(rows) => {
                written += rows.count();
                load.write(rows)?;
            }
            Packet::End(counties) => {
                let tx = load.tx()?;
                counties.iter().try_for_each(|(county, elders)| note(tx, ask, county, *elders))?;
                return Ok(written);
            }
        }
    }
}

/// The trail says of each county that it was loaded, not of each elder.
fn note(tx: &Tx<'_>, ask: &Ask, county: &str, elders: usize) -> Result<()> {
    let detail = serde_json::json!({ "elders": elders }).to_string();
    let entry = audit::Entry {
        action: "import",
        subject: "elder",
        subject_id: None,
        region: county,
        place: county,
        detail: &detail,
    };
    ask.note(tx, &entry)
}

struct Maker<'a> {
    setting: &'a Setting,
    teams: Teams,
    rows: Rows,
    sender: SyncSender<Result<Packet>>,
    counties: Vec<(String, usize)>,
}

/// What is gathered of a county while its people come.
#[derive(Default)]
struct County {
    elders: elders::LoadingCounty,
    checks: healthcheck::Given,
    reasons: contracting::Reasons,
    people: usize,
}

impl Maker<'_> {
    /// Makes everybody, county by county in the order of their codes.
    fn all(&mut self, people: &Receiver<Vec<Drawn>>, tell: impl Fn(usize)) -> Result<()> {
        let tree = self.setting.app.places.tree();
        let (mut here, mut county, mut done) = (String::new(), County::default(), 0);
        for (nth, batch) in people.iter().enumerate() {
            for (person, checks) in &batch {
                let region = tree.county_of(&person.draft.place).map_or("", |it| &it.code);
                if region != here {
                    self.end(&here, std::mem::take(&mut county))?;
                    here = region.to_string();
                }
                self.live(&mut county, person, checks)?;
            }
            done += HANDED;
            if PACKET < self.rows.bytes() {
                send(&self.sender, std::mem::take(&mut self.rows))?;
            }
            if nth % 50 == 49 {
                tell(done);
            }
        }
        self.end(&here, county)?;
        send(&self.sender, std::mem::take(&mut self.rows))
    }

    fn end(&mut self, region: &str, county: County) -> Result<()> {
        if county.people == 0 {
            return Ok(());
        }
        county.elders.end(&self.rows, &self.setting.app, region)?;
        county.checks.end(&self.rows, region)?;
        county.reasons.end(&self.rows, region)?;
        self.counties.push((region.to_string(), county.people));
        Ok(())
    }

    /// As [`super::live`] does it for one who is taken in.
    fn live(&mut self, county: &mut County, person: &Person, checks: &[checks::Drawn]) -> Result<()> {
        let Setting { app, days, .. } = self.setting;
        let (setting, rows) = (self.setting, &self.rows);
        let ask = setting.on(person.since);
        let mut arrival = county.elders.take(rows, &ask, &person.draft)?;
        if let Some(child) = person.contact() {
            arrival.add_contact(rows, &ask, &child)?;
        }
        let last = person.died.or(person.moved).unwrap_or(days.today);
        let birthday = elders::oldest_from(&setting.on(last), arrival.elder());
        if let Some(birthday) = birthday.filter(|it| person.since < *it && *it <= last) {
            arrival.settle_age(&setting.on(birthday));
        }
        let region = arrival.elder().key.region.clone();
        let told = checks::told(&setting.on(days.today));
        let mut served = Vec::new();
        for drawn in checks {
            let check =
                healthcheck::load(rows, &setting.on(drawn.day), &mut arrival, &drawn.past(), &mut county.checks)?;
            if let Some(it) = drawn.served(&check.key) {
                chronic::put_check(rows, &told, arrival.elder(), it.day, "")?;
                served.push(it);
            }
        }
        if checks::is_called(person, arrival.elder(), *days) {
            let last = served.last().map(|it| it.day);
            let due = [healthcheck::next_due(app, arrival.elder(), last)?, tcm::next_due(app, arrival.elder(), None)?];
            due.into_iter().flatten().for_each(|it| arrival.set_due(it));
        }
        if let Some(drawn) = signed::draw(app, &region, person, *days) {
            let end = person.died.map(|day| (day, "died")).or(person.moved.map(|day| (day, "moved")));
            let end = end.map(|(day, why)| (setting.on(day), why));
            let team = self.teams.get(&person.draft.place).and_then(Option::as_ref);
            drawn.with(team, &person.draft.place, &served, |past| {
                let end = end.as_ref().map(|(ask, why)| (ask, *why));
                contracting::load_past(rows, &setting.on(drawn.day), &mut arrival, past, end, &mut county.reasons)
            })?;
        }
        if let Some(day) = person.died {
            arrival.died(&setting.on(day), day)?;
        }
        if let Some(day) = person.moved {
            arrival.moved(&setting.on(day), day)?;
        }
        county.people += 1;
        county.elders.write(rows, app, arrival)
    }
}
