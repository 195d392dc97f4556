//! What a phone holds: the visits of its person in the coming days, their elders, the forms; and what changed since.

use std::collections::{BTreeSet, HashMap};

use kit::{Ask, Error, Id, Lang, Result, Tx, clock::stamp};
use rules::{base::Date, visit::Photo};
use serde_json::{Value, json};

use crate::{
    assessment::{self, Assessment, Programme},
    chronic,
    elders::{self, Contact, Elder, Key, Membership, People},
    visits::{
        event, forms,
        home::{self, Home},
        phone::Phone,
        record::{self, Purpose, Visit},
        words,
    },
    workforce,
};

/// A phone holds visits from so many days ago that are still open, to so many days ahead.
const BACK: i32 = 7;
const AHEAD: i32 = 14;
/// Versions may become visible in another order than they were given: so many milliseconds are told again.
const AGAIN_MS: i64 = 60_000;
/// Days for which a phone keeps what was received.
const KEEP_DAYS: i32 = 30;
const PIN_LEAST: u8 = 6;
const PIN_TRIES: u8 = 5;
const PHOTO_MOST: u32 = 400_000;

fn window(ask: &Ask) -> (Date, Date) {
    (ask.today().add_days(-BACK), ask.today().add_days(AHEAD))
}

/// Who runs this installation, so that a phone notices another one.
pub fn server(ask: &Ask) -> Value {
    json!({"id": kit::digest::of(ask.app.crypt.blind("visits.server", "installation"))[..16], "now": stamp(ask.now)})
}

/// Digits of a PIN at least, and wrong ones at most.
pub fn pin() -> Value {
    json!({"least": PIN_LEAST, "tries": PIN_TRIES})
}

/// The last event of a phone: after it one goes on that was restored from an older state.
pub fn last(tx: &Tx<'_>, phone: &Phone) -> Result<Value> {
    let (number, hash) = event::last_of(tx, &phone.key.region, phone.key.id)?;
    Ok(json!({"number": number, "hash": hash}))
}

/// Settings, forms and services: the same for every phone of a county, and known by their digest.
fn catalogue(ask: &Ask, region: &str) -> (Value, String) {
    let it = json!({
        "settings": {"pin_least": PIN_LEAST, "pin_tries": PIN_TRIES, "keep_days": KEEP_DAYS, "photo_most_bytes": PHOTO_MOST},
        "forms": forms::FORMS.iter().map(forms::form_json).collect::<Vec<_>>(),
        "services": forms::unplanned(ask, region, ask.today()).iter().map(service_json).collect::<Vec<_>>(),
        "photos": Photo::WORDS.iter().map(|it| json!({"id": it.0, "title": it.1, "title_en": it.2})).collect::<Vec<_>>(),
    });
    let digest = kit::digest::of(it.to_string())[..16].to_string();
    (it, digest)
}

/// Everything at once.
pub fn snapshot(tx: &Tx<'_>, ask: &Ask, phone: &Phone) -> Result<Value> {
    let (from, until) = window(ask);
    let region = &phone.key.region;
    let mut visits = record::of_staff(tx, region, phone.staff, from, until)?;
    visits.retain(|it| it.is_open() || ask.today() <= it.day);
    let staff = workforce::staff_by_key(tx, &Key { region: region.clone(), id: phone.staff })?;
    let teams = workforce::teams_of(tx, &staff.key, ask.today())?;
    let mut lead = None;
    if let Some((team, _)) = teams.first() {
        let members = workforce::members(tx, &team.key, ask.today())?;
        let found = members.into_iter().find(|it| it.leads && it.staff != staff.key);
        lead = found.map(|it| workforce::staff_by_key(tx, &it.staff)).transpose()?;
    }
    let lead_phone = match lead.as_ref().and_then(|it| it.phone.as_ref()) {
        Some(sealed) => ask.app.crypt.open_sealed(workforce::PHONE_COLUMN, sealed).map_err(Error::internal)?,
        None => String::new(),
    };
    let organisation = match staff.organisation {
        Some(id) => workforce::organisation_name(tx, id)?,
        None => String::new(),
    };
    let (catalogue, digest) = catalogue(ask, region);
    Ok(json!({
        "cursor": cursor(ask), "server": server(ask), "knows": phone.knows, "last": last(tx, phone)?, "catalogue": digest,
        "me": {"staff": staff.key, "name": staff.name, "organisation": organisation,
               "team": teams.first().map_or("", |it| &it.0.name), "lead": lead.map_or(String::new(), |it| it.name),
               "lead_phone": lead_phone, "emergency": "120"},
        "visits": documents(tx, ask, phone, &visits)?,
        "elders": elders_of(tx, ask, region, &visits)?,
        "settings": catalogue["settings"], "forms": catalogue["forms"], "services": catalogue["services"],
        "photos": catalogue["photos"],
    }))
}

/// What is new since a cursor.
///
/// # Errors
/// `Refused` for a cursor of another installation or time.
pub fn changes(tx: &Tx<'_>, ask: &Ask, phone: &Phone, after: &str) -> Result<Value> {
    let unknown = || Error::refused("cursor_unknown", "请重新取全部数据");
    let after: i64 = after.parse().map_err(|_| unknown())?;
    // A cursor from the future is that of a server that was restored since, or of another one.
    if ask.new_id().0 < after || after < 0 {
        return Err(unknown());
    }
    let (from, until) = window(ask);
    let region = &phone.key.region;
    let mut visits = record::of_staff(tx, region, phone.staff, from, until)?;
    visits.retain(|it| after < it.version.0);
    let gone: Vec<String> = tx.rows(
        "select visit from visit_gone where region = $1 and staff = $2 and version > $3 order by visit limit 1000",
        &[region, &phone.staff, &after],
        |row| Ok(Key { region: region.clone(), id: row.get(0)? }.to_string()),
    )?;
    Ok(json!({
        "cursor": cursor(ask), "server": server(ask), "knows": phone.knows, "last": last(tx, phone)?,
        "catalogue": catalogue(ask, region).1,
        "visits": documents(tx, ask, phone, &visits)?,
        "gone": gone.into_iter().filter(|id| visits.iter().all(|it| it.key.to_string() != *id)).collect::<Vec<_>>(),
        "elders": elders_of(tx, ask, region, &visits)?,
    }))
}

/// Ids are made of time: everything before this is told.
fn cursor(ask: &Ask) -> String {
    let earlier = ask.now.checked_sub(jiff::SignedDuration::from_millis(AGAIN_MS)).unwrap_or(ask.now);
    Id::first_at(earlier).to_string()
}

fn documents(tx: &Tx<'_>, ask: &Ask, phone: &Phone, visits: &[Visit]) -> Result<Vec<Value>> {
    let ids: Vec<Id> = visits.iter().map(|it| it.key.id).collect();
    let purposes = record::purposes_of(tx, &phone.key.region, &ids)?;
    let (mut order, mut names) = (HashMap::<Date, i64>::new(), HashMap::<Id, String>::new());
    let mut all = Vec::new();
    for it in visits {
        let nth = order.entry(it.day).or_default();
        *nth += 1;
        let second = match it.staff_ids().find(|id| *id != phone.staff) {
            Some(id) => match names.get(&id) {
                Some(known) => known.clone(),
                None => {
                    let name = workforce::staff_by_key(tx, &Key { region: it.key.region.clone(), id })?.name;
                    names.insert(id, name.clone());
                    name
                }
            },
            None => String::new(),
        };
        let purposes = purposes.get(&it.key.id).map_or(&[][..], |it| it);
        all.push(document(tx, ask, it, purposes, &second, *nth)?);
    }
    Ok(all)
}

fn document(tx: &Tx<'_>, ask: &Ask, it: &Visit, purposes: &[Purpose], second: &str, order: i64) -> Result<Value> {
    let mut tasks: Vec<Value> = Vec::new();
    let mut shown: Vec<Value> = Vec::new();
    for one in purposes {
        let service = forms::service(ask, &it.key.region, it.day, &one.service, &one.programme);
        let title = words::title(words::PROGRAMMES, &one.programme);
        shown.push(json!({"programme": one.programme, "title": title, "title_en": Lang::En.t(title), "service": one.service, "payer": one.payer}));
        if tasks.iter().all(|task| task["service"] != json!(one.service)) {
            tasks.push(task_json(&service));
        }
    }
    if !it.is_open() {
        // What else was done than what was planned.
        for one in record::tasks(tx, &it.key)? {
            if tasks.iter().all(|task| task["service"] != json!(one.service)) {
                tasks.push(task_json(&forms::service(ask, &it.key.region, it.day, &one.service, "visit")));
            }
        }
    }
    let unplanned = if it.source == "phone" { event::unplanned(tx, &it.key)? } else { None };
    let clock = |minute: Option<i64>| minute.map(crate::visits::clock).unwrap_or_default();
    Ok(json!({
        "id": it.key, "version": it.version.to_string(), "elder": it.elder_key(), "day": it.day.to_string(),
        "from": clock(it.from_minute), "until": clock(it.until_minute), "at": clock(it.at_minute), "minutes": it.minutes, "people": it.people,
        "second": second, "state": if it.state == "under_way" { "planned" } else { &*it.state }, "order": order, "note": it.note,
        "purposes": shown, "tasks": tasks, "signature": true, "unplanned": unplanned.unwrap_or_default(),
    }))
}

fn service_json(it: &forms::Service) -> Value {
    let photos: Vec<&str> = it.photos.iter().map(|it| it.word()).collect();
    json!({"id": it.id, "title": it.title, "title_en": it.title_en, "form": it.form, "photos": photos})
}

/// A service of a visit: as [`service_json`], under the name that tasks give it.
fn task_json(it: &forms::Service) -> Value {
    let mut task = service_json(it);
    task["service"] = task["id"].take();
    if let Some(fields) = task.as_object_mut() {
        fields.remove("id");
    }
    task
}

fn elders_of(tx: &Tx<'_>, ask: &Ask, region: &str, visits: &[Visit]) -> Result<Vec<Value>> {
    let ids: BTreeSet<Id> = visits.iter().map(|it| it.elder).collect();
    let people = People::of(tx, region, &Vec::from_iter(ids))?;
    let known = Known {
        contacts: elders::contacts_of_people(tx, &people)?,
        groups: elders::groups_of_people(tx, &people)?,
        assessed: assessment::current_of_people(tx, &people)?,
        records: chronic::cards(tx, &people, ask.today())?,
        homes: home::of_people(tx, &people)?,
    };
    people.elders(tx)?.iter().map(|it| card(ask, it, &known)).collect()
}

/// What is known of the elders of a phone, by their ids: read once for all.
struct Known {
    contacts: HashMap<Id, Vec<Contact>>,
    groups: HashMap<Id, Vec<Membership>>,
    assessed: HashMap<Id, Vec<Assessment>>,
    records: HashMap<Id, chronic::Card>,
    homes: HashMap<Id, Home>,
}

/// What a visitor has to know of an elder.
fn card(ask: &Ask, it: &Elder, known: &Known) -> Result<Value> {
    let open = |column: &'static str, sealed: &Option<Vec<u8>>| -> Result<String> {
        match sealed {
            Some(it) => ask.app.crypt.open_sealed(column, it).map_err(Error::internal),
            None => Ok(String::new()),
        }
    };
    let id = it.key.id;
    let mut contacts = Vec::new();
    for one in known.contacts.get(&id).into_iter().flatten() {
        let phone = open(elders::CONTACT_PHONE_COLUMN, &one.phone)?;
        let relation = elders::words::RELATIONS.iter().find(|word| word.0 == one.relation).map_or("", |word| word.1);
        contacts.push(json!({"name": one.name, "relation": relation, "phone": phone}));
    }
    let open_groups = known.groups.get(&id).into_iter().flatten().filter(|one| one.until.is_none());
    let mut risks: Vec<String> =
        open_groups.map(|one| words::title(elders::words::GROUPS, &one.kind).to_string()).collect();
    let assessed = known.assessed.get(&id).map_or(&[][..], |it| it);
    for programme in [Programme::Ltci, Programme::Ability] {
        let result = assessed.iter().find(|it| it.programme == programme).and_then(|it| it.result.as_ref());
        risks.extend(result.and_then(|it| it.level.as_ref()).map(|it| it.name.clone()));
    }
    let (none, nowhere) = (chronic::Card::default(), Home::default());
    let record = known.records.get(&id).unwrap_or(&none);
    let last: Vec<Value> = record
        .last
        .iter()
        .map(|(title, text, day)| json!({"title": title, "title_en": Lang::En.t(title), "text": text, "day": day.to_string()}))
        .collect();
    let home = known.homes.get(&id).unwrap_or(&nowhere);
    let degrees = |millionths: i64| millionths as f64 / 1e6;
    Ok(json!({
        "id": it.key, "name": it.name, "sex": it.sex, "age": it.age_on(ask.today()),
        "place": ask.app.places.tree().name(&it.place), "address": open(elders::ADDRESS_COLUMN, &it.address)?,
        "phone": open(elders::PHONE_COLUMN, &it.phone)?,
        "latitude": home.at.map(|at| degrees(at.latitude)), "longitude": home.at.map(|at| degrees(at.longitude)),
        "door": 0 < home.printing, "contacts": contacts, "risks": risks, "diseases": record.diseases, "last": last,
        "plan": [], "remark": it.remark,
    }))
}
