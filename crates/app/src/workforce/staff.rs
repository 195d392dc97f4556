//! One member of staff: who, what kind, which title, and where they stand today.

use kit::{
    Ask, Error, Id, Result, Said, Scope, Tx,
    changes::{Subject, Values},
    clock::stamp,
    db::{Bind, Row},
    place::ScopeColumns,
};
use rules::{
    base::{BadIdNumber, Date, IdNumber, Phone, Sex},
    workforce::Certificate,
};

use super::{marks, organisation, post, words};
use crate::elders::Key;

pub const NUMBER_COLUMN: &str = "staff.id_number";
pub const PHONE_COLUMN: &str = "staff.phone";

/// The record of one member of staff. Sealed columns stay sealed until somebody may see them.
#[derive(Debug, Clone)]
pub struct Staff {
    pub key: Key,
    pub name: String,
    pub sex: String,
    pub birth: Option<Date>,
    pub id_number: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    /// A word of `words::KINDS`.
    pub kind: String,
    pub title: String,
    pub skills: Vec<String>,
    pub account: Option<Id>,
    /// The institution of the main post as of today.
    pub organisation: Option<Id>,
    pub street: String,
    pub place: String,
    pub state: String,
    pub remark: String,
}

/// What is known of somebody before they are taken in, or after a form was sent.
#[derive(Debug, Clone)]
pub struct Draft {
    pub name: String,
    pub id_number: Option<IdNumber>,
    /// Where there is no ID number.
    pub sex: String,
    pub birth: Option<Date>,
    pub phone: Option<Phone>,
    pub kind: String,
    pub title: String,
    pub skills: Vec<String>,
    pub account: Option<Id>,
    pub remark: String,
    /// Where this comes from: `form`, `api`, `import FILE`.
    pub source: String,
}

/// The main post somebody begins with.
#[derive(Debug, Clone)]
pub struct First {
    pub organisation: Id,
    pub kind: String,
    pub outside: String,
    pub from: Date,
}

/// What became of a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    New(Key),
    /// The county knew this ID number already.
    Known(Key),
}

const COLUMNS: &str = "region, id, name, sex, birth, id_number, phone, kind, title, skills, account, organisation, \
                       street, place, state, remark";

fn read(row: &Row<'_>) -> Result<Staff> {
    let skills: String = row.get(9)?;
    Ok(Staff {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        name: row.get(2)?,
        sex: row.get(3)?,
        birth: row.get(4)?,
        id_number: row.get(5)?,
        phone: row.get(6)?,
        kind: row.get(7)?,
        title: row.get(8)?,
        skills: skills.split_whitespace().map(str::to_string).collect(),
        account: row.get(10)?,
        organisation: row.get(11)?,
        street: row.get(12)?,
        place: row.get(13)?,
        state: row.get(14)?,
        remark: row.get(15)?,
    })
}

impl Staff {
    pub fn link(&self) -> String {
        format!("/workforce/{}", self.key)
    }

    pub fn is_active(&self) -> bool {
        self.state == "active"
    }

    fn subject(&self) -> Subject<'_> {
        Subject { word: "staff", region: &self.key.region, id: self.key.id, place: &self.place }
    }

    /// The fields as the trail of changes tells them; of sealed ones only whether they are there.
    fn values(&self) -> Values {
        let there = |it: &Option<Vec<u8>>| it.as_ref().map_or(String::new(), |_| "set".to_string());
        vec![
            ("name", self.name.clone()),
            ("id_number", there(&self.id_number)),
            ("sex", self.sex.clone()),
            ("birth", self.birth.map_or(String::new(), |it| it.to_string())),
            ("phone", there(&self.phone)),
            ("kind", self.kind.clone()),
            ("title", self.title.clone()),
            ("skills", self.skills.join(" ")),
            ("account", self.account.map_or(String::new(), |it| it.to_string())),
            ("remark", self.remark.clone()),
        ]
    }
}

/// The member of staff, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Staff> {
    let it = by_key(tx, key)?;
    let held = scope.holds(&key.region, &it.place, it.organisation, None);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// Everybody at work whose main post is at an institution, by kind and name.
pub fn at(tx: &Tx<'_>, region: &str, organisation: Id) -> Result<Vec<Staff>> {
    let sql = format!(
        "select {COLUMNS} from staff where region = $1 and organisation = $2 and state = 'active'
          order by kind, initials, id limit 1000"
    );
    tx.rows(&sql, &[&region, &organisation], read)
}

/// Everybody at work in a county, or at one of its institutions, by kind and name.
pub fn active(tx: &Tx<'_>, region: &str, organisation: Option<Id>) -> Result<Vec<Staff>> {
    if let Some(id) = organisation {
        return at(tx, region, id);
    }
    let sql = format!(
        "select {COLUMNS} from staff where region = $1 and state = 'active' order by kind, initials, id limit 20000"
    );
    tx.rows(&sql, &[&region], read)
}

/// Those of [`at`] who hold one of some certificates on a day.
pub fn licensed_at(tx: &Tx<'_>, organisation: &Key, licences: &[Certificate], day: Date) -> Result<Vec<Staff>> {
    let words: Vec<String> = licences.iter().map(|it| format!("'{}'", it.word())).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select {COLUMNS} from staff where region = $1 and organisation = $2 and state = 'active'
            and exists (select 1 from staff_certificate c
                         where c.region = staff.region and c.staff = staff.id and c.kind in ({})
                           and c.from_day <= $3 and (c.until_day is null or $3 <= c.until_day))
          order by initials, id limit 1000",
        words.join(", ")
    );
    tx.rows(&sql, &[&organisation.region, &organisation.id, &day.to_string()], read)
}

/// Whoever it is, in any scope: for names beside a team or a visit.
pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Staff> {
    tx.one(&format!("select {COLUMNS} from staff where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// Whoever signs in with this account, in any county of the scope.
pub fn by_account(tx: &Tx<'_>, scope: &Scope, account: Id) -> Result<Option<Staff>> {
    for county in scope.counties.iter() {
        let sql = format!("select {COLUMNS} from staff where region = $1 and account = $2");
        if let Some(it) = tx.row(&sql, &[county, &account], read)? {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

/// Active staff of the reader's scope who can sign in, by name; the first two thousand.
pub fn with_account(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Staff>> {
    let columns = ScopeColumns {
        region: "staff.region",
        street: Some("staff.street"),
        place: "staff.place",
        organisation: Some("staff.organisation"),
        person: None,
    };
    let mut values = Vec::new();
    let scope = ask.who.scope.sql(&columns, &mut values);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = format!(
        "select {COLUMNS} from staff where {scope} and state = 'active' and account is not null order by initials, id limit 2000"
    );
    tx.rows(&sql, &values, read)
}

/// Active staff whose institution stands in a street, by name.
pub fn of_street(tx: &Tx<'_>, region: &str, street: &str) -> Result<Vec<Staff>> {
    let sql = format!(
        "select {COLUMNS} from staff where region = $1 and street = $2 and state = 'active' order by initials, id limit 500"
    );
    tx.rows(&sql, &[&region, &street], read)
}

/// Takes somebody in with the main post they begin with.
///
/// # Errors
/// `Invalid` where the institution is not in the reader's scope, or the account is somebody else's.
pub fn take(tx: &Tx<'_>, ask: &Ask, draft: &Draft, first: &First) -> Result<Taken> {
    let organisation = organisation::within(tx, ask, first.organisation, "organisation")?;
    let key = Key { region: organisation.region.clone(), id: ask.new_id() };
    let blind = draft.id_number.as_ref().map(|it| ask.app.crypt.blind(NUMBER_COLUMN, &it.to_string()));
    if let Some(blind) = &blind
        && let Some(known) = by_blind(tx, &key.region, blind)?
    {
        return Ok(Taken::Known(known));
    }
    check_account(tx, &key, draft.account)?;
    let now = stamp(ask.now);
    let street = ask.app.places.tree().street_code(&organisation.place, &key.region);
    let (sex, birth) = identity(draft);
    tx.run(
        "insert into staff (region, id, name, initials, sex, birth, id_number, id_blind, phone, kind, title, skills, account,
                            street, place, state, remark, source, created, changed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'active', $16, $17, $18, $18)",
        &[
            &key.region,
            &key.id,
            &draft.name,
            &kit::initials(&draft.name),
            &sex,
            &birth.map(|it| it.to_string()),
            &draft.id_number.as_ref().map(|it| ask.app.crypt.seal(NUMBER_COLUMN, &it.to_string())),
            &blind,
            &draft.phone.as_ref().map(|it| ask.app.crypt.seal(PHONE_COLUMN, it.as_str())),
            &draft.kind,
            &draft.title,
            &draft.skills.join(" "),
            &draft.account,
            &street,
            &organisation.place,
            &draft.remark,
            &draft.source,
            &now,
        ],
    )?;
    let staff = by_key(tx, &key)?;
    staff.subject().note(tx, ask, "create", "", &Values::new(), &staff.values())?;
    let main = post::New {
        line: post::Line::Main,
        from: first.from,
        kind: Some(&first.kind),
        organisation: Some(organisation.id),
        outside: &first.outside,
    };
    post::set(tx, ask, &staff, &main)?;
    Ok(Taken::New(key))
}

/// Changes what a form changes; posts have their own deeds.
///
/// # Errors
/// `Refused` where somebody else of the county has the ID number.
pub fn change(tx: &Tx<'_>, ask: &Ask, before: &Staff, draft: &Draft) -> Result<()> {
    let key = &before.key;
    let crypt = &ask.app.crypt;
    let blind = draft.id_number.as_ref().map(|it| crypt.blind(NUMBER_COLUMN, &it.to_string()));
    if let Some(blind) = &blind
        && by_blind(tx, &key.region, blind)?.is_some_and(|it| it != *key)
    {
        return Err(Error::invalid("id_number", "本县(区)另一名人员已用这个证件号码"));
    }
    check_account(tx, key, draft.account)?;
    let (sex, birth) = identity(draft);
    tx.run(
        "update staff set name = $3, initials = $4, sex = $5, birth = $6, id_number = $7, id_blind = $8, phone = $9,
                kind = $10, title = $11, skills = $12, account = $13, remark = $14, changed = $15
          where region = $1 and id = $2",
        &[
            &key.region,
            &key.id,
            &draft.name,
            &kit::initials(&draft.name),
            &sex,
            &birth.map(|it| it.to_string()),
            &draft.id_number.as_ref().map(|it| crypt.seal(NUMBER_COLUMN, &it.to_string())),
            &blind,
            &draft.phone.as_ref().map(|it| crypt.seal(PHONE_COLUMN, it.as_str())),
            &draft.kind,
            &draft.title,
            &draft.skills.join(" "),
            &draft.account,
            &draft.remark,
            &stamp(ask.now),
        ],
    )?;
    let after = by_key(tx, key)?;
    marks::keep_staff(tx, &ask.app, key)?;
    let said = if number_differs(ask, before, draft)? { "证件号码已更正" } else { "" };
    before.subject().note(tx, ask, "change", said, &before.values(), &after.values())
}

/// Sex and birth as the ID number says them, else as typed.
fn identity(draft: &Draft) -> (&str, Option<Date>) {
    match &draft.id_number {
        Some(it) => (if it.sex() == Sex::Male { "male" } else { "female" }, Some(it.birth_date())),
        None => (&draft.sex, draft.birth),
    }
}

fn number_differs(ask: &Ask, before: &Staff, draft: &Draft) -> Result<bool> {
    let (Some(old), Some(new)) = (&before.id_number, &draft.id_number) else { return Ok(false) };
    let old = ask.app.crypt.open_sealed(NUMBER_COLUMN, old).map_err(Error::internal)?;
    Ok(old != new.to_string())
}

/// Who has an ID number in a county.
pub fn by_number(tx: &Tx<'_>, ask: &Ask, region: &str, number: &IdNumber) -> Result<Option<Key>> {
    by_blind(tx, region, &ask.app.crypt.blind(NUMBER_COLUMN, &number.to_string()))
}

/// Who has no ID number, and this name and birth date; the name alone names nobody.
pub fn by_name(tx: &Tx<'_>, region: &str, name: &str, birth: &str) -> Result<Option<Key>> {
    tx.row(
        "select region, id from staff
          where region = $1 and name = $2 and birth = $3 and id_blind is null order by id limit 1",
        &[&region, &name, &birth],
        |row| Ok(Key { region: row.get(0)?, id: row.get(1)? }),
    )
}

fn by_blind(tx: &Tx<'_>, region: &str, blind: &Vec<u8>) -> Result<Option<Key>> {
    tx.row("select region, id from staff where region = $1 and id_blind = $2", &[&region, blind], |row| {
        Ok(Key { region: row.get(0)?, id: row.get(1)? })
    })
}

fn check_account(tx: &Tx<'_>, key: &Key, account: Option<Id>) -> Result<()> {
    let Some(account) = account else { return Ok(()) };
    let taken = tx.row(
        "select name from staff where region = $1 and account = $2 and id <> $3",
        &[&key.region, &account, &key.id],
        |row| row.get::<String>(0),
    )?;
    match taken {
        Some(name) => Err(Error::invalid("account", Said::new("这个账号已属于{name}").with("name", name))),
        None => Ok(()),
    }
}

/// An ID number as typed; nothing where nothing was.
pub fn parse_number(text: &str) -> Result<Option<IdNumber>> {
    let number = rules::base::normalise_id_number(text);
    if number.is_empty() {
        return Ok(None);
    }
    number.parse().map(Some).map_err(|e: BadIdNumber| Error::invalid("id_number", e.text()))
}

/// Notes that somebody looked at this member of staff, or did something with them.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, staff: &Staff, said: &str) -> Result<()> {
    let subject = staff.subject();
    let entry = kit::audit::Entry {
        action,
        subject: subject.word,
        subject_id: Some(subject.id),
        region: subject.region,
        place: subject.place,
        detail: said,
    };
    ask.note(tx, &entry)
}

/// Notes a deed of this member of staff in words.
pub fn told(tx: &Tx<'_>, ask: &Ask, action: &'static str, staff: &Staff, said: &str) -> Result<()> {
    staff.subject().note(tx, ask, action, said, &Values::new(), &Values::new())
}

/// The trail of changes.
pub fn deeds(tx: &Tx<'_>, staff: &Staff) -> Result<Vec<kit::changes::Deed>> {
    staff.subject().deeds(tx, 100)
}

/// A stored value of the trail in words.
pub fn said(ask: &Ask, field: &str, value: &str) -> String {
    let word = |list, value: &str| ask.t(words::title(list, value)).to_string();
    match field {
        "sex" => word(words::SEXES, value),
        "kind" => word(words::KINDS, value),
        "title" => word(words::TITLES, value),
        "skills" => value.split_whitespace().map(|it| word(words::SKILLS, it)).collect::<Vec<_>>().join(ask.t("、")),
        "id_number" | "phone" => ask.t("已填写").to_string(),
        _ => value.to_string(),
    }
}
