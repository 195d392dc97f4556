//! The same person twice: who looks alike, and who was found to be different.

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    db::{Bind, Put},
};

use super::{
    elder::{self, Birth, Elder, Key},
    intake::{ADDRESS_COLUMN, Draft, PHONE_COLUMN},
};

/// Somebody who may be the same person, and why.
#[derive(Debug, Clone)]
pub struct Alike {
    pub elder: Elder,
    pub why: Vec<&'static str>,
}

/// What is compared of somebody.
#[derive(Debug, Clone)]
pub struct Looks<'a> {
    pub region: &'a str,
    pub name: &'a str,
    pub birth: Birth,
    pub phone: Option<&'a str>,
    pub address: &'a str,
    pub has_number: bool,
}

impl<'a> Looks<'a> {
    pub fn of(region: &'a str, draft: &'a Draft) -> Looks<'a> {
        let phone = draft.phone.as_ref().map(|it| it.as_str());
        let has_number = draft.document.number.is_some();
        Looks { region, name: &draft.name, birth: draft.birth, phone, address: &draft.address, has_number }
    }
}

/// Shorter addresses (3组, 12号) are shared by too many.
const LEAST_ADDRESS: usize = 5;
/// The most people that one sign may bring into the comparison.
pub(super) const MOST: usize = 20;

/// What is compared of a person in the register.
struct Candidate {
    id: Id,
    name: String,
    birth: Birth,
    phone_blind: Option<Vec<u8>>,
    address: Option<Vec<u8>>,
    has_number: bool,
}

/// Living people of the same county who look like somebody: two of name, birth date, telephone and address agree, the
/// birth date and a name that sounds the same being the weakest pair.
pub fn alike(tx: &Tx<'_>, ask: &Ask, looks: &Looks<'_>, not: Id) -> Result<Vec<Alike>> {
    let (region, birth) = (looks.region, looks.birth.day.to_string());
    let blind = looks.phone.map(|it| ask.app.crypt.blind(PHONE_COLUMN, it));
    let year = looks.birth.day.year();
    // Each query goes along an index that has its order too; for any other order SQLite would walk the county.
    let query = |condition: &str, values: &[&dyn Bind]| {
        let sql = format!(
            "select id, name, birth, birth_precision, phone_blind, address, id_number is not null
               from elder where region = $1 and {condition} and state = 'living' and id <> $3
              order by birth, id limit {MOST}"
        );
        tx.rows(&sql, values, |row| {
            Ok(Candidate {
                id: row.get(0)?,
                name: row.get(1)?,
                birth: Birth { day: row.get(2)?, exact: row.get::<String>(3)? == "day" },
                phone_blind: row.get(4)?,
                address: row.get(5)?,
                has_number: row.get(6)?,
            })
        })
    };
    // A name alone is shared by too many; the year is the least that has to agree.
    let (first, last) = (format!("{year}-01-01"), format!("{year}-12-31"));
    let by_name = "name = $2 and birth >= $4 and birth <= $5";
    let mut candidates = query(by_name, &[&region, &looks.name, &not, &first, &last])?;
    let mut more = Vec::new();
    if let Some(blind) = &blind {
        more.extend(query("phone_blind = $2", &[&region, blind, &not])?);
    }
    // Everybody of whom only the year is known has the same day.
    if looks.birth.exact {
        more.extend(query("birth = $2", &[&region, &birth, &not])?);
    }
    for one in more {
        if candidates.iter().all(|it| it.id != one.id) {
            candidates.push(one);
        }
    }
    let mut all = Vec::new();
    for it in candidates {
        let same_phone = it.phone_blind.is_some() && it.phone_blind == blind;
        let address = match &it.address {
            Some(sealed) => ask.app.crypt.open_sealed(ADDRESS_COLUMN, sealed).map_err(Error::internal)?,
            None => String::new(),
        };
        let its = Looks {
            region,
            name: &it.name,
            birth: it.birth,
            phone: None,
            address: &address,
            has_number: it.has_number,
        };
        let why = signs(looks, &its, same_phone);
        if !why.is_empty() {
            let sql = format!("select {} from elder where region = $1 and id = $2", elder::COLUMNS);
            all.push(Alike { elder: tx.one(&sql, &[&region, &it.id], elder::read)?, why });
        }
    }
    Ok(all)
}

/// The signs that two are one person; none where they are too few.
pub(super) fn signs(looks: &Looks<'_>, other: &Looks<'_>, same_phone: bool) -> Vec<&'static str> {
    let same_name = other.name == looks.name;
    let same_sound = !same_name
        && other.name.chars().next() == looks.name.chars().next()
        && other.name.chars().count() == looks.name.chars().count()
        && kit::initials(other.name) == kit::initials(looks.name);
    let same_day = other.birth.exact && looks.birth.exact && other.birth.day == looks.birth.day;
    let same_year = other.birth.day.year() == looks.birth.day.year();
    let year_alone = !other.birth.exact || !looks.birth.exact;
    let same_birth = same_day || year_alone && same_year;
    let same_address = LEAST_ADDRESS <= looks.address.chars().count() && other.address == looks.address;
    let strong = [same_name, same_birth, same_phone, same_address].into_iter().filter(|it| *it).count();
    let is_likely = match strong {
        // A couple shares telephone and address, and is two people.
        2 => !(same_phone && same_address) || same_sound,
        // Two numbers are two people, unless more than a sound agrees.
        0 | 1 => same_day && same_sound && !(looks.has_number && other.has_number),
        _ => true,
    };
    let signs = [
        (same_name, "姓名相同"),
        (same_sound, "姓名近似"),
        (same_day, "出生日期相同"),
        (!same_day && same_year, "出生年份相同"),
        (same_phone, "电话相同"),
        (same_address, "住址相同"),
    ];
    if is_likely { signs.into_iter().filter(|it| it.0).map(|it| it.1).collect() } else { Vec::new() }
}

/// Looks for people like one who was just written, and puts each pair on the list to be judged.
pub fn look(tx: &Tx<'_>, ask: &Ask, key: &Key, draft: &Draft) -> Result<()> {
    for it in alike(tx, ask, &Looks::of(&key.region, draft), key.id)? {
        note_pair(tx, ask, &key.region, it.elder.key.id, key.id, &it.why.join(" "))?;
    }
    Ok(())
}

/// Puts a pair on the list; what was judged stays judged.
pub(super) fn note_pair(to: &impl Put, ask: &Ask, region: &str, a: Id, b: Id, why: &str) -> Result<()> {
    to.put(
        "insert into elder_duplicate (region, id, kept, other, why, state, at) values ($1, $2, $3, $4, $5, 'open', $6)
         on conflict (region, kept, other) do nothing",
        &[&region, &ask.new_id(), &a.min(b), &a.max(b), &why, &stamp(ask.now)],
    )
}

/// A pair on the list.
#[derive(Debug, Clone)]
pub struct Pair {
    pub id: Id,
    pub kept: Elder,
    pub other: Elder,
    pub why: String,
    pub state: String,
    /// What an undoing needs to know, where the two were merged.
    pub(super) undo: Option<String>,
}

/// One pair, if both are in the reader's scope.
///
/// # Errors
/// `NotFound` where neither is, `Refused` where one is.
pub fn pair(tx: &Tx<'_>, ask: &Ask, region: &str, id: Id) -> Result<Pair> {
    let (kept, other, why, state, undo) = tx.one(
        "select kept, other, why, state, undo from elder_duplicate where region = $1 and id = $2",
        &[&region, &id],
        |row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    let one = |id| elder::find(tx, &ask.who.scope, &Key { region: region.to_string(), id });
    match (one(kept), one(other)) {
        (Ok(_), Err(Error::NotFound)) | (Err(Error::NotFound), Ok(_)) => {
            Err(Error::refused("partly_beyond", "其中一份档案在您的管理范围以外,请由管理两处的上级判断"))
        }
        (kept, other) => Ok(Pair { id, kept: kept?, other: other?, why, state, undo }),
    }
}

/// Says that the two are different people; they are not shown again.
pub fn different(tx: &Tx<'_>, ask: &Ask, pair: &Pair) -> Result<()> {
    if pair.state != "open" {
        return Err(Error::refused("already_judged", "这一对已经判断过了"));
    }
    settle(tx, ask, pair, "different", None)?;
    elder::note(tx, ask, "change", &pair.kept, &format!("not the same person as {}", pair.other.key))
}

/// Notes what was decided of a pair.
pub(super) fn settle(tx: &Tx<'_>, ask: &Ask, pair: &Pair, state: &str, undo: Option<String>) -> Result<()> {
    tx.run(
        "update elder_duplicate set state = $3, account = $4, at = $5, undo = $6 where region = $1 and id = $2",
        &[&pair.kept.key.region, &pair.id, &state, &ask.who.account, &stamp(ask.now), &undo],
    )?;
    Ok(())
}
