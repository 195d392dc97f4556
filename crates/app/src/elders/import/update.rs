//! Somebody known, and what a ledger says of them that is newer, or that the registry did not know.

use kit::{Ask, Error, Result, Tx};

use super::said::{Contact, Said};
use super::settle::{End, How};
use crate::elders::{
    Document, Draft, Elder, NewContact, age, contacts, elder, groups,
    intake::{ADDRESS_COLUMN, NUMBER_COLUMN, PHONE_COLUMN},
    life,
    timeline::{self, Report},
    words,
};

use super::place;

/// Writes what differs, unless the run is dry; gives whether anything does. With `fill` only what was empty is filled.
pub fn bring_up_to_date(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    said: &Said,
    end: &End,
    how: How<'_>,
    fill: bool,
) -> Result<bool> {
    let mut draft = draft_of(ask, elder)?;
    let differs = merge(ask, &mut draft, said, fill);
    let open: Vec<String> =
        groups::of(tx, &elder.key)?.into_iter().filter(|it| it.until.is_none()).map(|it| it.kind).collect();
    let mut entered: Vec<(&str, &str)> =
        said.groups.iter().filter(|it| !open.contains(&it.0)).map(|it| (&*it.0, &*it.1)).collect();
    if age::decides(ask, &elder.key.region, draft.birth) {
        entered.retain(|it| it.0 != age::GROUP);
    }
    let lives_alone_now = draft.living == "alone" && elder.living != "alone";
    if lives_alone_now && !open.iter().any(|it| it == "alone") && entered.iter().all(|it| it.0 != "alone") {
        entered.push(("alone", ""));
    }
    let contacts = new_contacts(tx, ask, elder, said)?;
    let changed = differs || !entered.is_empty() || !contacts.is_empty() || !end.is_none();
    if !changed || how.dry_run {
        return Ok(changed);
    }
    if differs {
        life::change(tx, ask, elder, &draft)?;
    }
    let now = if differs { elder::find(tx, &ask.who.scope, &elder.key)? } else { elder.clone() };
    for (kind, word) in entered {
        let entry = groups::Entry { kind, day: ask.today(), source: how.source, word };
        groups::enter(tx, &ask.app, &now.key, &now.street, &entry)?;
        let title = words::title(words::GROUPS, kind);
        timeline::report(tx, ask.now, &now.key, &Report::new("elders", "列入人群:{group}").with("group", title))?;
    }
    for contact in contacts {
        let new = NewContact {
            name: &contact.name,
            relation: contact.relation,
            phone: contact.phone.as_ref(),
            is_carer: contact.is_carer,
            lives_together: false,
        };
        contacts::add(tx, ask, &now, &new)?;
    }
    end.happen(tx, ask, &now)?;
    Ok(true)
}

/// The draft that leaves the record as it is.
fn draft_of(ask: &Ask, elder: &Elder) -> Result<Draft> {
    let open = |column: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map(Some).map_err(Error::internal),
        None => Ok(None),
    };
    let kind = words::word(words::ID_KINDS, &elder.id_kind);
    Ok(Draft {
        name: elder.name.clone(),
        sex: elder.sex.clone(),
        birth: elder.birth,
        document: Document { kind, number: open(NUMBER_COLUMN, &elder.id_number)? },
        phone: open(PHONE_COLUMN, &elder.phone)?.and_then(|it| it.parse().ok()),
        address: open(ADDRESS_COLUMN, &elder.address)?.unwrap_or_default(),
        place: elder.place.clone(),
        registered_place: elder.registered_place.clone(),
        organisation: elder.organisation,
        living: elder.living.clone(),
        insurance: elder.insurance.clone(),
        remark: elder.remark.clone(),
        groups: Vec::new(),
        source: elder.source.clone(),
    })
}

/// Puts what the row says into the draft; gives whether that changed it.
fn merge(ask: &Ask, draft: &mut Draft, said: &Said, fill: bool) -> bool {
    let before = draft.clone();
    let tree = ask.app.places.tree();
    if let Some(phone) = said.phones.first()
        && draft.phone.as_ref().is_none_or(|it| !fill && !said.phones.contains(it))
    {
        draft.phone = Some(phone.clone());
    }
    let lies_inside = tree.chain(&draft.place).iter().any(|it| it.code == said.place.code);
    // A street or county is no news of somebody whose village in it is known.
    if said.place.how == place::How::Found && !lies_inside && !fill {
        draft.place.clone_from(&said.place.code);
    }
    let newer = |old: &str, new: &str| !new.is_empty() && if fill { old.is_empty() } else { old != new };
    if newer(&draft.address, &said.address) {
        draft.address.clone_from(&said.address);
    }
    if let Some(registered) = &said.registered
        && newer(draft.registered_place.as_deref().unwrap_or_default(), registered)
    {
        draft.registered_place = Some(registered.clone());
    }
    let or_unknown = |old: &mut String, new: Option<&str>| {
        if let Some(new) = new
            && (*old == "unknown" || !fill)
        {
            *old = new.to_string();
        }
    };
    or_unknown(&mut draft.living, said.living);
    or_unknown(&mut draft.insurance, said.insurance);
    if draft.sex == "unknown" {
        or_unknown(&mut draft.sex, said.sex);
    }
    if let Some(birth) = said.birth
        && birth.exact
        && !draft.birth.exact
        && birth.day.year() == draft.birth.day.year()
    {
        draft.birth = birth;
    }
    if draft.remark.is_empty() {
        draft.remark.clone_from(&said.remark);
    }
    differs(&before, draft)
}

fn differs(a: &Draft, b: &Draft) -> bool {
    (&a.phone, &a.place, &a.address, &a.registered_place) != (&b.phone, &b.place, &b.address, &b.registered_place)
        || (&a.living, &a.insurance, &a.sex, &a.remark) != (&b.living, &b.insurance, &b.sex, &b.remark)
        || a.birth != b.birth
}

/// Relatives and carers that the record does not have yet.
fn new_contacts<'s>(tx: &Tx<'_>, ask: &Ask, elder: &Elder, said: &'s Said) -> Result<Vec<&'s Contact>> {
    if said.contacts.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = Vec::new();
    for it in contacts::of(tx, &elder.key)? {
        let phone = match &it.phone {
            Some(sealed) => Some(ask.app.crypt.open_sealed(contacts::PHONE_COLUMN, sealed).map_err(Error::internal)?),
            None => None,
        };
        known.push((it.name, phone));
    }
    let is_new = |it: &&Contact| {
        let phone = it.phone.as_ref().map(|it| it.as_str());
        known.iter().all(|(name, its)| *name != it.name || phone.is_some_and(|phone| its.as_deref() != Some(phone)))
    };
    Ok(said.contacts.iter().filter(is_new).collect())
}
