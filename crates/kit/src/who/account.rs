//! Accounts: who may sign in, as what, for which part of the country; lock-out with growing delay.

use jiff::{SignedDuration, Timestamp};

use super::{Role, password};
use crate::{Error, Id, Result, Tx, clock::stamp};

/// Failures that are forgiven before the delay begins.
const FREE_FAILURES: i64 = 4;
const LONGEST_DELAY_SECONDS: i64 = 3600;

/// An account as the administrator sees it.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: Id,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub place: String,
    pub organisation: Option<Id>,
    pub must_change: bool,
    pub has_second_factor: bool,
    pub locked_until: Option<String>,
    pub open: bool,
}

pub struct NewAccount<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub place: &'a str,
    pub organisation: Option<Id>,
    /// An argon2id hash, made beforehand on a thread that may be slow.
    pub password_hash: &'a str,
    /// Whether the first sign-in must choose another password.
    pub must_change: bool,
}

const COLUMNS: &str = "id, login, name, role, place, organisation, must_change, second_factor is not null, \
                       locked_until, state = 'open'";

fn read(row: &crate::db::Row<'_>) -> Result<Account> {
    let role: String = row.get(3)?;
    Ok(Account {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        role: Role::parse(&role).ok_or_else(|| Error::internal(format!("account.role = {role}")))?,
        place: row.get(4)?,
        organisation: row.get(5)?,
        must_change: row.get(6)?,
        has_second_factor: row.get(7)?,
        locked_until: row.get(8)?,
        open: row.get(9)?,
    })
}

pub fn create(tx: &Tx<'_>, new: &NewAccount<'_>, now: Timestamp) -> Result<Id> {
    check_login(new.login)?;
    let taken = tx.count("select count(*) from account where login = $1", &[&new.login])?;
    if 0 < taken {
        return Err(Error::invalid("login", crate::Said::new("登录名“{login}”已有人使用").with("login", new.login)));
    }
    let id = Id::new(now);
    tx.run(
        "insert into account (id, login, name, role, place, organisation, password, must_change, failures, state, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 'open', $9)",
        &[
            &id,
            &new.login,
            &new.name,
            &new.role.word(),
            &new.place,
            &new.organisation,
            &new.password_hash,
            &new.must_change,
            &stamp(now),
        ],
    )?;
    Ok(id)
}

fn check_login(login: &str) -> Result<()> {
    let fits = (2..=40).contains(&login.len())
        && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    if fits {
        Ok(())
    } else {
        Err(Error::invalid(
            "login",
            crate::Said::new("登录名“{login}”应为 2–40 个小写字母、数字或 . _ -").with("login", login),
        ))
    }
}

pub fn by_login(tx: &Tx<'_>, login: &str) -> Result<Option<Account>> {
    tx.row(&format!("select {COLUMNS} from account where login = $1"), &[&login], read)
}

pub fn by_id(tx: &Tx<'_>, id: Id) -> Result<Option<Account>> {
    tx.row(&format!("select {COLUMNS} from account where id = $1"), &[&id], read)
}

/// The open accounts of some roles, by name.
pub fn open_with(tx: &Tx<'_>, roles: &[Role]) -> Result<Vec<Account>> {
    let mut all = Vec::new();
    for role in roles {
        let sql = format!("select {COLUMNS} from account where role = $1 and state = 'open' order by name, id");
        all.extend(tx.rows(&sql, &[&role.word()], read)?);
    }
    Ok(all)
}

/// The stored password hash and the seconds this account is still locked.
pub fn password_hash(tx: &Tx<'_>, id: Id, now: Timestamp) -> Result<(String, u64)> {
    tx.one("select password, locked_until from account where id = $1", &[&id], |row| {
        let until: Option<String> = row.get(1)?;
        let until: Option<Timestamp> = until.and_then(|it| it.parse().ok());
        let left = until.map_or(0, |it| it.duration_since(now).as_secs().max(0));
        Ok((row.get(0)?, u64::try_from(left).unwrap_or(0)))
    })
}

/// Counts a wrong password or code; from the fifth on each one locks the account twice as long.
pub fn failed(tx: &Tx<'_>, id: Id, now: Timestamp) -> Result<()> {
    let failures = tx.count("select failures from account where id = $1", &[&id])? + 1;
    let over = failures - FREE_FAILURES;
    let until = (0 < over).then(|| {
        let seconds = 30_i64.checked_shl(over.min(20) as u32 - 1).unwrap_or(i64::MAX).min(LONGEST_DELAY_SECONDS);
        stamp(now + SignedDuration::from_secs(seconds))
    });
    tx.run("update account set failures = $2, locked_until = $3 where id = $1", &[&id, &failures, &until])?;
    Ok(())
}

pub fn succeeded(tx: &Tx<'_>, id: Id) -> Result<()> {
    tx.run("update account set failures = 0, locked_until = null where id = $1", &[&id])?;
    Ok(())
}

/// Sets a new password and ends all sessions of the account.
pub fn set_password(tx: &Tx<'_>, id: Id, password_hash: &str, must_change: bool) -> Result<()> {
    tx.run(
        "update account set password = $2, must_change = $3, failures = 0, locked_until = null where id = $1",
        &[&id, &password_hash, &must_change],
    )?;
    super::session::end_all(tx, id)
}

pub fn set_role(tx: &Tx<'_>, id: Id, role: Role) -> Result<()> {
    tx.run("update account set role = $2 where id = $1", &[&id, &role.word()])?;
    super::session::end_all(tx, id)
}

/// Changes what an administrator may change; an account that is closed loses its sessions and tokens.
pub fn change(
    tx: &Tx<'_>,
    id: Id,
    name: &str,
    role: Role,
    place: &str,
    organisation: Option<Id>,
    open: bool,
) -> Result<()> {
    tx.run(
        "update account set name = $2, role = $3, place = $4, organisation = $5, state = $6 where id = $1",
        &[&id, &name, &role.word(), &place, &organisation, &(if open { "open" } else { "closed" })],
    )?;
    super::session::end_all(tx, id)
}

/// The sealed second-factor secret and the last time step used with it.
pub fn second_factor(tx: &Tx<'_>, id: Id) -> Result<(Option<Vec<u8>>, Option<i64>)> {
    tx.one("select second_factor, second_factor_last from account where id = $1", &[&id], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

pub fn set_second_factor(tx: &Tx<'_>, id: Id, sealed: Option<&[u8]>) -> Result<()> {
    tx.run(
        "update account set second_factor = $2, second_factor_last = null where id = $1",
        &[&id, &sealed.map(<[u8]>::to_vec)],
    )?;
    Ok(())
}

pub fn used_step(tx: &Tx<'_>, id: Id, step: i64) -> Result<()> {
    tx.run("update account set second_factor_last = $2 where id = $1", &[&id, &step])?;
    Ok(())
}

/// Lets a family account see one person.
pub fn grant_person(tx: &Tx<'_>, account: Id, region: &str, person: Id, relation: &str) -> Result<()> {
    tx.run(
        "insert into account_person (account, person, region, relation) values ($1, $2, $3, $4)
         on conflict (account, person) do update set relation = excluded.relation, region = excluded.region",
        &[&account, &person, &region, &relation],
    )?;
    Ok(())
}

/// The family accounts that see a person.
pub fn families_of(tx: &Tx<'_>, region: &str, person: Id) -> Result<Vec<Id>> {
    tx.rows(
        "select p.account from account_person p join account a on a.id = p.account
          where p.region = $1 and p.person = $2 and a.role = 'family' order by p.account limit 50",
        &[&region, &person],
        |row| row.get(0),
    )
}

/// A hash that no password matches, checked for unknown logins so that they take as long as known ones.
pub fn decoy_hash() -> &'static str {
    static DECOY: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    DECOY.get_or_init(|| password::hash("decoy").unwrap_or_default())
}
