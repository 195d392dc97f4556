//! API tokens: for programs, with the permissions of their account or fewer, and a day on which they end.

use jiff::Timestamp;

use super::{
    Who,
    session::{add_persons, hashed, new_token, read_who},
};
use crate::{Id, Result, Tx, clock::stamp, place::Tree};

/// Makes a token and gives its text, which is shown once and never stored.
/// `permissions` empty means all that the account's role has.
pub fn create(
    tx: &Tx<'_>,
    account: Id,
    name: &str,
    permissions: &[String],
    expires: Timestamp,
    now: Timestamp,
) -> Result<String> {
    let token = format!("yy_{}", new_token());
    tx.run(
        "insert into api_token (token, id, account, name, permissions, created, expires)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[&hashed(&token), &Id::new(now), &account, &name, &permissions.join(" "), &stamp(now), &stamp(expires)],
    )?;
    Ok(token)
}

/// Who a token speaks for, unless it is unknown, expired or revoked.
pub fn find(tx: &Tx<'_>, token: &str, tree: &Tree, now: Timestamp) -> Result<Option<Who>> {
    let found = tx.row(
        "select a.id, a.login, a.name, a.role, a.place, a.organisation, t.permissions
           from api_token t join account a on a.id = t.account
          where t.token = $1 and t.revoked is null and t.expires > $2 and a.state = 'open'",
        &[&hashed(token), &stamp(now)],
        |row| {
            let permissions: String = row.get(6)?;
            let only: Vec<String> = permissions.split_whitespace().map(str::to_string).collect();
            Ok(Who { only: (!only.is_empty()).then_some(only), ..read_who(row, tree)? })
        },
    )?;
    match found {
        Some(mut who) => {
            add_persons(tx, &mut who)?;
            Ok(Some(who))
        }
        None => Ok(None),
    }
}

/// What a token is called, whether or not it still opens anything.
pub fn name_of(tx: &Tx<'_>, token: &str) -> Result<Option<String>> {
    tx.row("select name from api_token where token = $1", &[&hashed(token)], |row| row.get(0))
}

/// Ends a token at once.
pub fn revoke(tx: &Tx<'_>, account: Id, id: Id, now: Timestamp) -> Result<()> {
    tx.run(
        "update api_token set revoked = $3 where account = $1 and id = $2 and revoked is null",
        &[&account, &id, &stamp(now)],
    )?;
    Ok(())
}
