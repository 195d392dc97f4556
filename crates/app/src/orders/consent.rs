//! How an order is agreed to: by the account of the elder or the family, or by a signature that was drawn. A name that somebody typed
//! says who is to agree; nobody is sent on it.

use kit::{Ask, Error, Result, Role, Said, Tx, clock::stamp, files, form::Checked};

use super::record::{self, Agreed, Order};
use crate::elders::{Elder, Key};

/// What a form brings of an agreement: the account of the elder or family speaks for itself, everybody else has it signed.
///
/// # Errors
/// `Invalid` for what is no picture of a signature.
pub fn of(tx: &Tx<'_>, ask: &Ask, region: &str, checked: &Checked) -> Result<Agreed> {
    let now = || Some(stamp(ask.now));
    if ask.who.role == Role::Family {
        let who = ask.who.name.to_string();
        return Ok(Agreed { by: "account".into(), at: now(), account: Some(ask.who.account), who, file: None });
    }
    let drawn = checked.text("signature");
    if drawn.is_empty() {
        return Ok(Agreed::default());
    }
    let bytes = files::from_data_url(&drawn).ok_or_else(|| Error::invalid("signature", "请在签名框内重新签名"))?;
    let file = ask.app.files.keep(tx, ask, region, "signature", "signature.png", &bytes)?;
    let who = ask.who.name.to_string();
    Ok(Agreed { by: "drawn".into(), at: now(), account: Some(ask.who.account), who, file: Some(file) })
}

/// Agrees to an order that was placed without.
///
/// # Errors
/// `Refused` where it is agreed to already, or there is nothing to agree to; `Invalid` without a signature.
pub fn agree(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, checked: &Checked) -> Result<()> {
    if it.is_agreed() || !it.is_open() {
        return Err(Error::refused("agreed_already", "这张订单不用再确认同意"));
    }
    let (signer, name) = (checked.text("signer"), checked.text("signer_name"));
    if signer != "self" && name.is_empty() {
        return Err(Error::invalid("signer_name", "请填写同意人姓名"));
    }
    it.agreed = of(tx, ask, &it.key.region, checked)?;
    if it.agreed.by.is_empty() {
        return Err(Error::invalid("signature", "请同意人在签名框内签名"));
    }
    it.consent_name = if signer == "self" { elder.name.clone() } else { name };
    it.consent_signer = signer;
    record::store(tx, it)?;
    let said =
        if it.agreed.by == "drawn" { "知情同意已签名:{name}" } else { "知情同意已由账号确认:{name}" };
    record::step(tx, ask, it, elder, &Said::new(said).with("name", &it.consent_name))
}

/// The picture of the signature of an order that the reader may see.
pub fn picture(tx: &Tx<'_>, ask: &Ask, key: &Key, file: kit::Id) -> Result<()> {
    let (it, elder) = record::find(tx, ask, key)?;
    if it.agreed.file != Some(file) {
        return Err(Error::NotFound);
    }
    crate::elders::note(tx, ask, "look", &elder, &format!("order {key} signature"))
}
