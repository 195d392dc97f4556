//! One deed for a living elder, whichever module does it.

use kit::{Ask, Result, Tx};

use super::elder::{self, Elder, Key};

/// Does something for a living elder of the reader's scope, in one transaction; `key` is as addresses write it.
///
/// # Errors
/// `NotFound` outside the scope, `Refused` for who is no longer on the register, and what `work` gives.
pub async fn deed<T: Send + 'static>(
    ask: &Ask,
    key: &str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Elder) -> Result<T> + Send + 'static,
) -> Result<T> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| {
        let elder = elder::find_living(tx, &ask.who.scope, &key)?;
        work(tx, ask, &elder)
    })
    .await
}
