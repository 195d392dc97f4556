//! One institution: an organisation with all that is known of it.

use kit::{
    Ask, Error, Id, Result, Said, Scope, Tx,
    changes::{Subject, Values},
    clock::stamp,
    db::Row,
    error::Wrong,
    place::ScopeColumns,
};
use rules::base::{Date, Uscc};

use super::{position::Position, today, words};
use crate::elders::Key;

pub const SCOPE: ScopeColumns =
    ScopeColumns { region: "o.region", street: None, place: "o.place", organisation: Some("o.id"), person: None };

#[derive(Debug, Clone)]
pub struct Institution {
    pub key: Key,
    pub name: String,
    /// A word of `words::KINDS`.
    pub kind: String,
    pub place: String,
    /// Nothing where only its name, kind and place were ever written down.
    pub known: Option<Known>,
}

/// What is known beyond name, kind and place.
#[derive(Debug, Clone)]
pub struct Known {
    pub code: Option<String>,
    pub legal_person: String,
    pub phone: String,
    pub address: String,
    pub position: Option<Position>,
    pub hours: String,
    pub opened: Date,
    /// The first day on which it is no more.
    pub closed: Option<Date>,
    pub closed_reason: String,
    pub remark: String,
}

/// What a form, an import or the generator says of an institution.
#[derive(Debug, Clone)]
pub struct Draft {
    pub name: String,
    pub kind: String,
    pub place: String,
    pub code: Option<Uscc>,
    pub legal_person: String,
    pub phone: String,
    pub address: String,
    pub position: Option<Position>,
    pub hours: String,
    pub opened: Date,
    pub remark: String,
    /// Where this comes from: `form`, `api`, `import FILE`.
    pub source: String,
}

const COLUMNS: &str =
    "o.region, o.id, o.name, o.kind, o.place, i.id, i.code, i.legal_person, i.phone, i.address, i.latitude,
    i.longitude, i.hours, i.opened, i.closed, i.closed_reason, i.remark";
const FROM: &str = "organisation o left join institution i on i.region = o.region and i.id = o.id";

fn read(row: &Row<'_>) -> Result<Institution> {
    let known = match row.get::<Option<Id>>(5)? {
        None => None,
        Some(_) => {
            let position: (Option<i64>, Option<i64>) = (row.get(10)?, row.get(11)?);
            Some(Known {
                code: row.get(6)?,
                legal_person: row.get(7)?,
                phone: row.get(8)?,
                address: row.get(9)?,
                position: position.0.zip(position.1).map(|it| Position { latitude: it.0, longitude: it.1 }),
                hours: row.get(12)?,
                opened: row.get(13)?,
                closed: row.get(14)?,
                closed_reason: row.get(15)?,
                remark: row.get(16)?,
            })
        }
    };
    Ok(Institution {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        name: row.get(2)?,
        kind: row.get(3)?,
        place: row.get(4)?,
        known,
    })
}

impl Institution {
    pub fn link(&self) -> String {
        format!("/institutions/{}", self.key)
    }

    /// Whether it is there on a day, as far as is known.
    pub fn is_open(&self, day: Date) -> bool {
        self.known.as_ref().is_none_or(|it| it.closed.is_none_or(|end| day < end))
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { word: "organisation", region: &self.key.region, id: self.key.id, place: &self.place }
    }

    fn values(&self) -> Values {
        let mut all = vec![("name", self.name.clone()), ("kind", self.kind.clone()), ("place", self.place.clone())];
        if let Some(it) = &self.known {
            all.extend([
                ("code", it.code.clone().unwrap_or_default()),
                ("legal_person", it.legal_person.clone()),
                ("phone", it.phone.clone()),
                ("address", it.address.clone()),
                ("position", it.position.map_or(String::new(), |it| it.to_string())),
                ("hours", it.hours.clone()),
                ("opened", it.opened.to_string()),
                ("remark", it.remark.clone()),
            ]);
        }
        all
    }

    /// Notes a deed of this institution in words.
    pub(super) fn told(&self, tx: &Tx<'_>, ask: &Ask, action: &'static str, said: &str) -> Result<()> {
        self.subject().note(tx, ask, action, said, &Values::new(), &Values::new())
    }
}

/// The places of a county in which medicine is practised: place, first day, first day no longer.
pub fn medical_places(tx: &Tx<'_>, region: &str) -> Result<Vec<(String, Option<Date>, Option<Date>)>> {
    let rows = tx.rows(
        "select o.place, o.kind, i.opened, i.closed from organisation o
           left join institution i on i.region = o.region and i.id = o.id
          where o.region = $1 order by o.place, o.id",
        &[&region],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let medical = rows.into_iter().filter(|it| words::MEDICAL.contains(&&*it.1));
    Ok(medical.map(|(place, _, opened, closed)| (place, opened, closed)).collect())
}

/// Where an institution lies.
#[derive(Debug, Clone)]
pub struct Lies {
    pub id: Id,
    pub name: String,
    pub position: Option<Position>,
}

/// Where the institutions of a county lie.
pub fn positions(tx: &Tx<'_>, region: &str) -> Result<Vec<Lies>> {
    tx.rows(
        "select o.id, o.name, i.latitude, i.longitude from organisation o
           left join institution i on i.region = o.region and i.id = o.id
          where o.region = $1 order by o.id limit 20000",
        &[&region],
        |row| {
            let at: (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            let position = at.0.zip(at.1).map(|(latitude, longitude)| Position { latitude, longitude });
            Ok(Lies { id: row.get(0)?, name: row.get(1)?, position })
        },
    )
}

/// The institution, if the scope holds it.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Institution> {
    let it = by_key(tx, key)?;
    let held = scope.holds(&key.region, &it.place, Some(key.id), None);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// Whichever institution it is, in any scope: for its name beside something else.
pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Institution> {
    tx.one(&format!("select {COLUMNS} from {FROM} where o.region = $1 and o.id = $2"), &[&key.region, &key.id], read)
}

/// The institution of a county that has a name, if there is one.
pub fn by_name(tx: &Tx<'_>, region: &str, name: &str) -> Result<Option<Institution>> {
    let sql = format!("select {COLUMNS} from {FROM} where o.region = $1 and o.name = $2 order by o.id limit 1");
    tx.row(&sql, &[&region, &name], read)
}

/// The institution that has a code now, in any county.
pub fn by_code(tx: &Tx<'_>, code: &str) -> Result<Option<Institution>> {
    let found = tx.row(
        "select region, id from institution where code = $1 and closed is null order by region limit 1",
        &[&code],
        |row| Ok(Key { region: row.get(0)?, id: row.get(1)? }),
    )?;
    found.map(|key| by_key(tx, &key)).transpose()
}

/// Where a draft belongs: the county of its place.
fn region_of(ask: &Ask, place: &str) -> Result<String> {
    let tree = ask.app.places.tree();
    let county = tree.county_of(place).filter(|_| ask.who.scope.covers(&tree, place)).map(|it| it.code.clone());
    county.ok_or_else(|| Error::invalid("place", "请选择您管理范围内的县(区)或其下的地区"))
}

/// Writes down a new institution.
///
/// # Errors
/// `Invalid` for a place outside the scope, a name the county has, and a code that another institution has.
pub fn create(tx: &Tx<'_>, ask: &Ask, draft: &Draft) -> Result<Institution> {
    let region = region_of(ask, &draft.place)?;
    if ask.who.scope.organisation.is_some() {
        return Err(Error::Forbidden);
    }
    let key = Key { region, id: ask.new_id() };
    check(tx, &key, draft)?;
    tx.run(
        "insert into organisation (region, id, place, name, kind) values ($1, $2, $3, $4, $5)",
        &[&key.region, &key.id, &draft.place, &draft.name, &draft.kind],
    )?;
    write(tx, ask, &key, draft)?;
    let it = by_key(tx, &key)?;
    it.subject().note(tx, ask, "create", "", &Values::new(), &it.values())?;
    today::keep(tx, ask, &it)?;
    Ok(it)
}

/// Changes what a form changes; what had only a name gets all the rest.
pub fn change(tx: &Tx<'_>, ask: &Ask, before: &Institution, draft: &Draft) -> Result<()> {
    let key = &before.key;
    if region_of(ask, &draft.place)? != key.region {
        return Err(Error::invalid("place", "机构不能移到另一个县(区),请在那里新增"));
    }
    check(tx, key, draft)?;
    tx.run(
        "update organisation set name = $3, kind = $4, place = $5 where region = $1 and id = $2",
        &[&key.region, &key.id, &draft.name, &draft.kind, &draft.place],
    )?;
    write(tx, ask, key, draft)?;
    let after = by_key(tx, key)?;
    before.subject().note(tx, ask, "change", "", &before.values(), &after.values())?;
    today::keep(tx, ask, &after)
}

fn check(tx: &Tx<'_>, key: &Key, draft: &Draft) -> Result<()> {
    let mut wrong = Wrong::default();
    let name = match by_name(tx, &key.region, &draft.name)?.is_some_and(|it| it.key != *key) {
        true => Err(Error::invalid("name", "本县(区)已有同名机构,请核对")),
        false => Ok(()),
    };
    let code = draft.code.as_ref().map(|it| by_code(tx, it.as_str())).transpose()?.flatten();
    let code = match code.filter(|it| it.key != *key) {
        Some(other) => {
            let said = Said::new("统一社会信用代码已由{name}使用,请核对").with("name", other.name);
            Err(Error::invalid("code", said))
        }
        None => Ok(()),
    };
    match (wrong.keep(name)?, wrong.keep(code)?) {
        (Some(()), Some(())) => Ok(()),
        _ => Err(wrong.told()),
    }
}

fn write(tx: &Tx<'_>, ask: &Ask, key: &Key, draft: &Draft) -> Result<()> {
    let now = stamp(ask.now);
    tx.run(
        "insert into institution (region, id, initials, code, legal_person, phone, address, latitude, longitude, hours, opened,
                closed_reason, remark, source, level, modes, marks, beds, licensed_medical, licensed_care, created, changed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13, 'none', '', '', 0, '', '', $14, $14)
         on conflict (region, id) do update set initials = excluded.initials, code = excluded.code,
                legal_person = excluded.legal_person, phone = excluded.phone, address = excluded.address,
                latitude = excluded.latitude, longitude = excluded.longitude, hours = excluded.hours,
                opened = excluded.opened, remark = excluded.remark, changed = excluded.changed",
        &[
            &key.region,
            &key.id,
            &kit::initials(&draft.name),
            &draft.code.as_ref().map(|it| it.as_str().to_string()),
            &draft.legal_person,
            &draft.phone,
            &draft.address,
            &draft.position.map(|it| it.latitude),
            &draft.position.map(|it| it.longitude),
            &draft.hours,
            &draft.opened.to_string(),
            &draft.remark,
            &draft.source,
            &now,
        ],
    )?;
    Ok(())
}

/// Closes an institution on a day, with the reason.
///
/// # Errors
/// `Invalid` for a day before it opened, `Refused` where it is closed already or only its name is known.
pub fn close(tx: &Tx<'_>, ask: &Ask, it: &Institution, day: Date, reason: &str) -> Result<()> {
    let known = it.known.as_ref().ok_or_else(|| Error::refused("not_known", "请先补充机构信息"))?;
    if known.closed.is_some() {
        return Err(Error::refused("institution_closed", "机构已停用"));
    }
    if day < known.opened {
        return Err(Error::invalid("day", "停用日不能早于开业日"));
    }
    set_closed(tx, ask, it, Some(day), reason)?;
    let said = ask.f("{day} 停用:{reason}", &[("day", &day), ("reason", &reason)]);
    it.told(tx, ask, "close", &said)
}

/// Takes back that an institution was closed.
///
/// # Errors
/// `Refused` where it is open, `Invalid` where another one has its code meanwhile.
pub fn reopen(tx: &Tx<'_>, ask: &Ask, it: &Institution, reason: &str) -> Result<()> {
    let closed = it.known.as_ref().is_some_and(|it| it.closed.is_some());
    if !closed {
        return Err(Error::refused("institution_open", "机构没有停用"));
    }
    if let Some(code) = it.known.as_ref().and_then(|it| it.code.as_deref())
        && let Some(other) = by_code(tx, code)?
    {
        let said = Said::new("统一社会信用代码已由{name}使用,请核对").with("name", other.name);
        return Err(Error::invalid("code", said));
    }
    set_closed(tx, ask, it, None, "")?;
    it.told(tx, ask, "reopen", reason)
}

fn set_closed(tx: &Tx<'_>, ask: &Ask, it: &Institution, day: Option<Date>, reason: &str) -> Result<()> {
    tx.run(
        "update institution set closed = $3, closed_reason = $4, changed = $5 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &day.map(|it| it.to_string()), &reason, &stamp(ask.now)],
    )?;
    today::keep(tx, ask, &by_key(tx, &it.key)?)
}

/// A stored value of the trail in words.
pub fn said(ask: &Ask, field: &str, value: &str) -> String {
    match field {
        "kind" => ask.t(words::title(words::KINDS, value)).to_string(),
        "place" => ask.app.places.tree().words(value),
        _ => value.to_string(),
    }
}
