//! Somebody calls on the phone: an operator writes the alarm down.

use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
};
use maud::html;
use rules::alarm;
use serde_json::json;

use crate::{
    elders::{self, Key},
    monitoring::{
        live,
        raise::{self, Raise, Reason, Subject},
    },
};

pub const FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).help("档案号,如 990101-12;不知道是谁就填下一项。"),
    field("about", "来电人或对象", Kind::Text(100)).help("不知道是哪位老人时填写,如“北街 3 号楼邻居来电”。"),
    field("place", "地区", Kind::Pick).help("不知道是哪位老人时填写。"),
    field("kind", "报警类别", Kind::Choice(&alarm::Kind::WORDS)).required(),
    field("urgent", "紧急", Kind::Check),
    field("said", "来电说了什么", Kind::LongText(300)).required(),
];

fn options(ask: &Ask) -> Options {
    Options::from([("place", places(ask))])
}

/// The places of the reader's scope within counties, in words.
pub fn places(ask: &Ask) -> Vec<(String, String)> {
    let tree = ask.app.places.tree();
    let mut all: Vec<(String, String)> = Vec::new();
    let mut open = vec![ask.who.scope.place.clone()];
    while let Some(code) = open.pop() {
        for it in tree.children(&code) {
            open.push(it.code.clone());
        }
        if tree.county_of(&code).is_some() {
            all.push((code.clone(), tree.words(&code)));
        }
    }
    all.sort();
    all
}

pub async fn page(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("elder", ask.param("elder").unwrap_or_default());
    input.set("kind", "sos");
    input.set("urgent", "on");
    form(&ask, &input).await
}

async fn form(ask: &Ask, input: &Input) -> Result<Page> {
    let named = match input.get("elder").parse::<Key>() {
        Ok(key) => {
            ask.read(move |tx, ask| match elders::find(tx, &ask.who.scope, &key) {
                Ok(it) => Ok(Some(it.name)),
                Err(Error::NotFound) => Ok(None),
                Err(other) => Err(other),
            })
            .await?
        }
        Err(_) => None,
    };
    let content = html! {
        section.card { div.card-body {
            @if let Some(name) = named { p { (ask.t("老人")) " " span.strong { (name) } } }
            @else { p { a href="/elders" { (ask.t("先在老人名册里找到老人,从他的页面登记,可以少填。")) } } }
            form.form method="post" action="/monitoring/new" { (csrf(ask))
                (kit_form::fields(ask, FIELDS, input, &options(ask), &[]))
                div.form-foot { button.btn.btn-primary { (ask.t("登记报警")) } }
            }
        } }
    };
    let title = ask.t("登记电话报警");
    let way = crumbs(ask, &[("/monitoring", ask.t("报警处置")), ("", title)]);
    Ok(ask.page(Head::new(title).crumbs(way), content))
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let key = by_hand(&ask, input).await?;
    Ok(ask.go(&format!("/monitoring/{key}"), ask.t("报警已登记")))
}

/// Raises a case by hand; page and API come through it.
pub async fn by_hand(ask: &Ask, input: Input) -> Result<Key> {
    let key = ask.write(move |tx, ask| raise_it(tx, ask, &input)).await?;
    if let Err(e) = live::look(&ask.app).await {
        tracing::error!("{e}");
    }
    Ok(key)
}

fn raise_it(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Key> {
    let said = kit_form::check(FIELDS, input, &options(ask))?;
    let kind = alarm::Kind::parse(&said.text("kind")).ok_or_else(|| Error::invalid("kind", "没有这类报警"))?;
    let reason = Reason {
        said: kit::Said::new("{who} 登记电话报警:{what}").with("who", &ask.who.name).with("what", said.text("said")),
        because: json!({"by": ask.who.account}),
    };
    let (place, about) = (said.text("place"), said.text("about"));
    let elder = match said.optional("elder") {
        Some(text) => {
            let unknown = || Error::invalid("elder", "名册中没有这位老人,或不在您的管理范围内");
            let key: Key = text.parse().map_err(|_| unknown())?;
            let found = elders::find_living(tx, &ask.who.scope, &key);
            Some(found.map_err(|e| if matches!(e, Error::NotFound) { unknown() } else { e })?)
        }
        None if about.is_empty() => return Err(Error::invalid("about", "请填写老人,或来电人、对象")),
        None if place.is_empty() => return Err(Error::invalid("place", "请选择地区")),
        None => None,
    };
    let tree = ask.app.places.tree();
    let region = match &elder {
        Some(it) => it.key.region.clone(),
        None => tree.county_of(&place).map(|it| it.code.clone()).ok_or(Error::NotFound)?,
    };
    let it = Raise {
        region: &region,
        place: &place,
        subject: elder.as_ref().map_or(Subject::Caller(&about), |it| Subject::Elder(it.key.id)),
        kind,
        urgent: said.on("urgent"),
        at: ask.now,
        device: None,
        reason,
        position: None,
    };
    raise::raise(tx, &ask.app, ask.now, &it)
}
