//! Whom an alarm is about, as whoever answers needs it: how they live, what they have and take, whom to call, how to get in.

use kit::{
    Ask, Error, Result, Tx,
    crypt::{mask_address, mask_phone},
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, badge, kv},
};
use maud::{Markup, html};

use super::deeds::ACCESS;
use crate::{
    chronic, devices,
    elders::{self, Elder, words as elder_words},
    monitoring::{
        RESPOND,
        access::{self, Access},
        case::Case,
    },
    visits,
};

/// What is known of the person.
pub struct Card {
    pub elder: Elder,
    groups: Vec<&'static str>,
    medicines: Vec<String>,
    diseases: Vec<&'static str>,
    contacts: Vec<(elders::Contact, String)>,
    phone: String,
    address: String,
    access: Option<Access>,
    last_visit: Option<visits::Visit>,
    values: Vec<devices::LastValue>,
}

/// Reads the card. While a case is open whoever may answer it sees numbers and address in full: they have to be able to call and
/// to go there. The look is in the trail.
pub fn load(tx: &Tx<'_>, ask: &Ask, case: &Case, elder: Elder) -> Result<Card> {
    let in_full = case.is_open() && ask.may(RESPOND);
    let shown = |plain: String, mask: fn(&str) -> String| if in_full { plain } else { mask(&plain) };
    let open = |column: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map_err(Error::internal),
        None => Ok(String::new()),
    };
    let groups = elders::groups_of(tx, &elder.key)?;
    let groups = groups.iter().filter(|it| it.until.is_none());
    let medicines = chronic::medicines(tx, &elder.key)?;
    let takes = medicines.iter().filter(|it| it.until.is_none_or(|until| ask.today() < until));
    let mut contacts = Vec::new();
    for it in elders::contacts_of(tx, &elder.key)? {
        let phone = open(elders::CONTACT_PHONE_COLUMN, &it.phone)?;
        contacts.push((it, if phone.is_empty() { phone } else { shown(phone, mask_phone) }));
    }
    contacts.sort_by_key(|it| !it.0.is_carer);
    let (phone, address) = (open(elders::PHONE_COLUMN, &elder.phone)?, open(elders::ADDRESS_COLUMN, &elder.address)?);
    elders::note(tx, ask, "look", &elder, if in_full { "alarm, in full" } else { "alarm" })?;
    Ok(Card {
        groups: groups.map(|it| elder_words::title(elder_words::GROUPS, &it.kind)).collect(),
        medicines: takes.map(|it| format!("{} {}", it.name, it.dose)).collect(),
        diseases: chronic::kinds(tx, &elder.key)?
            .iter()
            .filter_map(|kind| chronic::DISEASES.iter().find(|it| it.0 == *kind).map(|it| it.1))
            .collect(),
        phone: if phone.is_empty() { phone } else { shown(phone, mask_phone) },
        address: if address.is_empty() { address } else { shown(address, mask_address) },
        access: access::of(tx, ask, &elder.key)?.filter(|_| in_full),
        last_visit: visits::of_elder(tx, &elder.key, 20)?.into_iter().find(|it| it.state == "done"),
        values: devices::last_values(tx, ask, &elder.key)?,
        contacts,
        elder,
    })
}

fn number(text: &str) -> Markup {
    let is_whole = text.bytes().all(|it| it.is_ascii_digit() || it == b'+' || it == b'-');
    html! {
        @if text.is_empty() { "—" }
        @else if is_whole { a href=(format!("tel:{text}")) { (text) } }
        @else { span.masked { (text) } }
    }
}

pub fn markup(ask: &Ask, case: &Case, it: &Card) -> Markup {
    let elder = &it.elder;
    // Who answers for the place need not see the record of an elder whom another institution keeps.
    let scope = &ask.who.scope;
    let is_theirs = scope.holds(&elder.key.region, &elder.place, elder.organisation, Some(elder.key.id));
    let seen =
        |visit: &visits::Visit| scope.holds(&visit.key.region, &visit.place, visit.organisation, Some(visit.elder));
    let living = elder_words::title(elder_words::LIVING, &elder.living);
    let listed = |all: &[&'static str]| all.iter().map(|one| ask.t(one)).collect::<Vec<_>>().join(ask.t("、"));
    html! {
        section.card { header.card-head { h2 { @if is_theirs { a href=(format!("/elders/{}", elder.key)) { (elder.name) } } @else { (elder.name) } } } div.card-body {
            (kv(&[
                (ask.t("年龄"), html! { (elders::about(ask, elder)) }),
                (ask.t("本人电话"), number(&it.phone)),
                (ask.t("住址"), html! { @if it.address.is_empty() { "—" } @else { (it.address) } }),
                (ask.t("居住情况"), html! { @if elder.living == "alone" { (badge(Badge::Warn, ask.t(living))) } @else { (ask.t(living)) } }),
                (ask.t("人群与风险"), html! { @if it.groups.is_empty() { "—" } @for one in &it.groups { (badge(Badge::Warn, ask.t(one))) " " } }),
                (ask.t("慢性病"), html! { @if it.diseases.is_empty() { "—" } @else { (listed(&it.diseases)) } }),
                (ask.t("用药"), html! { @if it.medicines.is_empty() { "—" } @for one in &it.medicines { div { (one) } } }),
                (ask.t("最近测量"), html! { @if it.values.is_empty() { "—" } @for one in &it.values { div { (one.title) " " span.strong { (one.text) } " " small.muted { (one.time) } } } }),
                (ask.t("最近上门"), html! { @match &it.last_visit { Some(visit) if seen(visit) => a href=(visit.link()) { (visit.day) }, Some(visit) => (visit.day), None => "—" } }),
                (ask.t("入户须知"), html! { @match &it.access {
                    Some(one) => { (one.note) " " small.muted { (one.who) " " (kit::page::time(&one.changed)) } }
                    None => (ask.t("没有登记"))
                } }),
            ]))
            @if case.is_open() && ask.may(RESPOND) && elder.is_living() {
                details { summary { (ask.t("修改入户须知")) }
                    form.form method="post" action=(format!("{}/access", case.link())) { (csrf(ask))
                        (kit_form::fields(ask, ACCESS, &written(it), &Options::new(), &[]))
                        div.form-foot { button.btn { (ask.t("保存")) } }
                    }
                }
            }
        } }
        section.card { header.card-head { h2 { (ask.t("家属与照护者")) } } div.card-body {
            @if it.contacts.is_empty() { p.muted { (ask.t("还没有登记家属或照护者")) } }
            @for (one, phone) in &it.contacts {
                div.contact { p { span.strong { (one.name) } " " (ask.t(elder_words::title(elder_words::RELATIONS, &one.relation))) " " (number(phone))
                    @if one.is_carer { " " (badge(Badge::Info, ask.t("主要照护者"))) }
                    @if one.lives_together { " " (badge(Badge::Muted, ask.t("同住"))) } } }
            }
        } }
    }
}

fn written(it: &Card) -> Input {
    let mut input = Input::default();
    input.set("note", it.access.as_ref().map_or("", |one| &one.note));
    input
}
