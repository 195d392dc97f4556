//! Sessions: a random token in a cookie, stored hashed, with an idle and an absolute limit.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::{Role, Who};
use crate::{
    Error, Id, Lang, Result, Tx,
    clock::stamp,
    place::{Scope, Tree},
};

pub const COOKIE: &str = "yiyang";

/// How long a session lives.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub idle: SignedDuration,
    pub absolute: SignedDuration,
}

/// How far a session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The password was right, the second factor is still to come.
    Code,
    Full,
}

/// A live session and what must happen before anything else.
#[derive(Debug, Clone)]
pub struct Session {
    pub who: Who,
    pub stage: Stage,
    pub must_change_password: bool,
    pub has_second_factor: bool,
    pub lang: Option<Lang>,
    /// Unread messages in the inbox.
    pub unread: i64,
    /// Not noted as seen for a minute: the caller should `touch` it.
    pub stale: bool,
}

/// A fresh random token for a cookie or an API client: 256 bits.
pub fn new_token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

pub fn hashed(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Opens a session and gives its token; an earlier token of the same browser ends.
pub fn begin(tx: &Tx<'_>, account: Id, stage: Stage, old: Option<&str>, now: Timestamp) -> Result<String> {
    if let Some(old) = old {
        end(tx, old)?;
    }
    let token = new_token();
    let stage = match stage {
        Stage::Code => "code",
        Stage::Full => "full",
    };
    tx.run(
        "insert into session (token, account, stage, csrf, created, seen) values ($1, $2, $3, $4, $5, $5)",
        &[&hashed(&token), &account, &stage, &new_token(), &stamp(now)],
    )?;
    Ok(token)
}

/// The session of a token, unless it is unknown, too old, or its account closed.
pub fn find(tx: &Tx<'_>, token: &str, tree: &Tree, limits: Limits, now: Timestamp) -> Result<Option<Session>> {
    let found = tx.row(
        "select a.id, a.login, a.name, a.role, a.place, a.organisation, s.stage, s.csrf, s.created, s.seen,
                a.must_change, a.second_factor is not null, a.lang,
                (select count(*) from message m
                  where m.account = a.id and m.channel = 'inbox' and m.read_at is null)
           from session s join account a on a.id = s.account
          where s.token = $1 and a.state = 'open'",
        &[&hashed(token)],
        |row| {
            let who = read_who(row, tree)?;
            let (created, seen): (String, String) = (row.get(8)?, row.get(9)?);
            let age =
                |stored: &str| stored.parse::<Timestamp>().map(|it| now.duration_since(it)).map_err(Error::internal);
            let (age, idle) = (age(&created)?, age(&seen)?);
            let lang: Option<String> = row.get(12)?;
            let stage: String = row.get(6)?;
            let session = Session {
                who: Who { csrf: row.get(7)?, ..who },
                stage: if stage == "full" { Stage::Full } else { Stage::Code },
                must_change_password: row.get(10)?,
                has_second_factor: row.get(11)?,
                lang: lang.as_deref().and_then(Lang::parse),
                unread: row.get(13)?,
                stale: SignedDuration::from_secs(60) < idle,
            };
            Ok((age <= limits.absolute && idle <= limits.idle).then_some(session))
        },
    )?;
    match found.flatten() {
        Some(mut session) => {
            add_persons(tx, &mut session.who)?;
            Ok(Some(session))
        }
        None => Ok(None),
    }
}

/// Reads the first six columns `id, login, name, role, place, organisation` of an account.
pub(super) fn read_who(row: &crate::db::Row<'_>, tree: &Tree) -> Result<Who> {
    let role: String = row.get(3)?;
    let place: String = row.get(4)?;
    let role = Role::parse(&role).ok_or_else(|| Error::internal(format!("account.role = {role}")))?;
    let organisation: Option<Id> = row.get(5)?;
    let mut scope = Scope::of(tree, &place);
    if matches!(role, Role::Manager | Role::Carer) {
        // Without an organisation they see nobody: no organisation has the id 0.
        scope.organisation = Some(organisation.unwrap_or(Id(0)));
    }
    Ok(Who {
        account: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        role,
        organisation,
        scope,
        csrf: String::new(),
        only: None,
    })
}

/// An elder or a relative sees the people granted to the account and no others.
pub(super) fn add_persons(tx: &Tx<'_>, who: &mut Who) -> Result<()> {
    if who.role == Role::Family {
        let persons =
            tx.rows("select person from account_person where account = $1 order by person", &[&who.account], |row| {
                row.get(0)
            })?;
        who.scope.persons = Some(persons.into());
    }
    Ok(())
}

pub fn touch(tx: &Tx<'_>, token: &str, now: Timestamp) -> Result<()> {
    tx.run("update session set seen = $2 where token = $1", &[&hashed(token), &stamp(now)])?;
    Ok(())
}

pub fn end(tx: &Tx<'_>, token: &str) -> Result<()> {
    tx.run("delete from session where token = $1", &[&hashed(token)])?;
    Ok(())
}

pub fn end_all(tx: &Tx<'_>, account: Id) -> Result<()> {
    tx.run("delete from session where account = $1", &[&account])?;
    Ok(())
}

/// Remembers the language a person chose.
pub fn set_lang(tx: &Tx<'_>, account: Id, lang: Lang) -> Result<()> {
    tx.run("update account set lang = $2 where id = $1", &[&account, &lang.code()])?;
    Ok(())
}

/// Deletes sessions that ended by themselves.
pub fn sweep(tx: &Tx<'_>, limits: Limits, now: Timestamp) -> Result<u64> {
    tx.run(
        "delete from session where created < $1 or seen < $2",
        &[&stamp(now - limits.absolute), &stamp(now - limits.idle)],
    )
}
