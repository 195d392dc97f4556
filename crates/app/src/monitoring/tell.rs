//! Who is told of a case, and how: in-house and by text message. What could not be sent is an entry of the case, too.

use jiff::Timestamp;
use kit::{
    Ask, Error, Id, Result, Role, Said, Tx,
    clock::minute,
    notify::{self, Channel, Message, Outgoing},
    who::account,
};
use rules::alarm::To;

use super::{
    case::Case,
    duty,
    entry::{self, New},
};
use crate::{
    elders::{self, Elder},
    workforce::{self, Staff},
};

/// Somebody who can be told.
#[derive(Debug, Clone)]
pub struct Target {
    pub name: String,
    pub account: Option<Id>,
    /// A number in full.
    pub phone: Option<String>,
    /// Somebody outside the product reads no link, and learns no more than they must.
    pub is_family: bool,
}

impl Target {
    /// Somebody of the staff.
    pub fn of_staff(ask: &Ask, it: &Staff) -> Result<Target> {
        let phone = match &it.phone {
            Some(sealed) => Some(ask.app.crypt.open_sealed(workforce::PHONE_COLUMN, sealed).map_err(Error::internal)?),
            None => None,
        };
        Ok(Target { name: it.name.clone(), account: it.account, phone, is_family: false })
    }
}

/// Those whom a step means at this moment; `nth` is which of the roster, from 0.
pub fn targets(tx: &Tx<'_>, ask: &Ask, case: &Case, elder: Option<&Elder>, to: To, nth: usize) -> Result<Vec<Target>> {
    match to {
        To::OnDuty | To::Next => {
            let Some(centre) = case.organisation else { return Ok(Vec::new()) };
            let all = duty::on_duty(tx, &case.key.region, centre, ask.now)?;
            all.get(nth).map(|it| Target::of_staff(ask, &it.1)).into_iter().collect()
        }
        To::Lead => leads(tx, ask, case)?.iter().map(|it| Target::of_staff(ask, it)).collect(),
        To::Family => family(tx, ask, elder),
        To::Supervisor => supervisors(tx, ask, case),
        To::Ambulance => operators(tx, ask, case),
    }
}

/// Those who lead the team of the place.
fn leads(tx: &Tx<'_>, ask: &Ask, case: &Case) -> Result<Vec<Staff>> {
    let Some(team) = workforce::team_of_place(tx, &case.key.region, &case.place, ask.today())? else {
        return Ok(Vec::new());
    };
    let members = workforce::members(tx, &team.key, ask.today())?;
    members.iter().filter(|it| it.leads).map(|it| workforce::staff_by_key(tx, &it.staff)).collect()
}

/// The contacts of the elder who have a phone, the carer first.
fn family(tx: &Tx<'_>, ask: &Ask, elder: Option<&Elder>) -> Result<Vec<Target>> {
    let Some(elder) = elder else { return Ok(Vec::new()) };
    let mut contacts = elders::contacts_of(tx, &elder.key)?;
    contacts.sort_by_key(|it| !it.is_carer);
    let mut all = Vec::new();
    for it in contacts {
        if let Some(sealed) = &it.phone {
            let phone = ask.app.crypt.open_sealed(elders::CONTACT_PHONE_COLUMN, sealed).map_err(Error::internal)?;
            all.push(Target { name: it.name, account: None, phone: Some(phone), is_family: true });
        }
    }
    Ok(all)
}

/// Managers of the centre, and officials of the place.
fn supervisors(tx: &Tx<'_>, ask: &Ask, case: &Case) -> Result<Vec<Target>> {
    let all = account::open_with(tx, &[Role::Manager, Role::Official])?;
    let is_theirs = |it: &account::Account| match it.role {
        Role::Manager => it.organisation.is_some() && it.organisation == case.organisation,
        // Those of the county, not of the province.
        _ => it.place == case.key.region,
    };
    Ok(all.into_iter().filter(is_theirs).map(|it| of_account(ask, it)).collect())
}

/// Operators of the place.
pub fn operators(tx: &Tx<'_>, ask: &Ask, case: &Case) -> Result<Vec<Target>> {
    let tree = ask.app.places.tree();
    let chain: Vec<String> = tree.chain(&case.place).iter().map(|it| it.code.clone()).collect();
    let all = account::open_with(tx, &[Role::Operator])?;
    let theirs = all.into_iter().filter(|it| chain.contains(&it.place));
    Ok(theirs.map(|it| of_account(ask, it)).collect())
}

fn of_account(_: &Ask, it: account::Account) -> Target {
    Target { name: it.name, account: Some(it.id), phone: None, is_family: false }
}

/// Tells somebody of a case, once under a key; writes what was sent, and that nothing could be.
pub fn tell(tx: &Tx<'_>, ask: &Ask, case: &Case, to: &Target, what: &Told<'_>) -> Result<()> {
    let unique = format!("alarm {} {} {}", case.key, what.key, to.name);
    let link = case.link();
    if let Some(account) = to.account {
        let message = Message { account, title: what.title, body: &what.body, link: Some(&link), unique_key: &unique };
        notify::inbox(tx, &message, ask.now)?;
    }
    let mut sent = String::new();
    if let Some(phone) = &to.phone {
        let message = Outgoing {
            channel: Channel::Sms,
            address: phone,
            title: what.title,
            body: &what.body,
            unique_key: &unique,
            account: to.account,
        };
        notify::outgoing(tx, &ask.app.crypt, &message, ask.now)?;
        sent = unique;
    }
    let said = match (to.account.is_some(), to.phone.is_some()) {
        (true, true) => Said::new("{to}:已通知 {name}(站内消息和短信)"),
        (true, false) => Said::new("{to}:已通知 {name}(站内消息)"),
        (false, true) => Said::new("{to}:已通知 {name}(短信)"),
        (false, false) => Said::new("{to}:{name} 没有账号也没有电话,通知不到"),
    };
    let kind = if to.account.is_none() && to.phone.is_none() { "unsent" } else { what.entry };
    let said = said.with("to", what.to).with("name", &to.name);
    entry::write(tx, ask.now, &case.key, &New { message: &sent, ..New::of(kind, "", said) })
}

/// What somebody is told.
pub struct Told<'a> {
    /// Which step of the case it is: nobody is told twice of one.
    pub key: String,
    /// Whom the step means.
    pub to: &'static str,
    /// A word of `words::ENTRIES`.
    pub entry: &'static str,
    pub title: &'a str,
    pub body: String,
}

/// What the message says: the kind, whom, where and when.
pub fn body(ask: &Ask, case: &Case, elder: Option<&Elder>, is_family: bool) -> String {
    let name = elder.map_or(&*case.about, |it| &it.name);
    let at = minute(&case.at);
    if is_family {
        return [name, case.kind.title(), &at, "呼叫中心正在处理"].join(" ");
    }
    let place = ask.app.places.tree().words(&case.place);
    format!("{name} {} {place} {at}", case.kind.title())
}

/// Looks what became of messages that left, the oldest first; one that could not be sent is an entry of its case. Gives how many
/// were settled.
pub fn settle(tx: &Tx<'_>, now: Timestamp, waiting: &[Waiting]) -> Result<usize> {
    let mut settled = 0;
    for it in waiting {
        let Some((state, why)) = notify::outcome(tx, Channel::Sms, &it.message)? else { continue };
        if state == "waiting" {
            continue;
        }
        let changed = tx.run(
            "update alarm_entry set sending = $4 where region = $1 and alarm = $2 and id = $3 and sending = 'waiting'",
            &[&it.case.region, &it.case.id, &it.id, &state],
        )?;
        if changed == 1 && state == "failed" {
            let said = Said::new("短信没有发出:{why}").with("why", why);
            entry::write(tx, now, &it.case, &New::of("unsent", "", said))?;
        }
        settled += usize::from(changed == 1);
    }
    Ok(settled)
}

/// An entry whose message has left, and of which nothing is known yet.
pub struct Waiting {
    pub case: elders::Key,
    pub id: Id,
    pub message: String,
}
