//! Death, moving away and coming back, each with a day, and the way back from a mistake.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, crumbs},
    place::NATION,
};
use maud::{Markup, html};
use rules::base::Date;

use crate::elders::{
    elder::{self, Elder, Key},
    form, import, life, moving,
};

pub const DIED: &[Field] =
    &[field("day", "死亡日期", Kind::Date).required(), field("cause", "原因", Kind::Text(60)).help("可不填。")];
pub const TAKEN_BACK: &[Field] = &[field("reason", "撤销原因", Kind::Text(100)).required()];
pub const MOVED: &[Field] = &[
    field("day", "迁出日期", Kind::Date).required(),
    field("to", "迁入县(区)", Kind::Pick).help("迁到本系统以外时留空。"),
    field("village", "迁入村(社区)", Kind::Text(40)).help("写名称,如“河口镇河口村”;不清楚时留空,由迁入地核实。"),
];
pub const RETURNED: &[Field] =
    &[field("day", "迁回日期", Kind::Date).required(), field("place", "现居住地", Kind::Pick).required()];

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let elder = ask
        .write(move |tx, ask| {
            let elder = elder::find(tx, &ask.who.scope, &key)?;
            elder::note(tx, ask, "look", &elder, "life")?;
            Ok(elder)
        })
        .await?;
    let here = format!("/elders/{}", elder.key);
    let title = ask.t("死亡、迁出与迁回");
    let way = crumbs(&ask, &[("/elders", ask.t("老人名册")), (&here, &elder.name), ("", title)]);
    Ok(ask.page(Head::new(title).line(&*elder.name).crumbs(way), content(&ask, &elder)))
}

fn content(ask: &Ask, elder: &Elder) -> Markup {
    let here = format!("/elders/{}", elder.key);
    let mut today = Input::default();
    today.set("day", ask.today().to_string());
    today.set("place", &elder.place);
    let options = options(ask, elder);
    let name: &[(&str, &dyn std::fmt::Display)] = &[("name", &elder.name)];
    let card = |title: &'static str, note: &'static str, deed: &str, fields: &[Field], sure: String, class: &str| {
        html! {
            section.card { header.card-head { h2 { (ask.t(title)) } } div.card-body {
                p { (ask.t(note)) }
                form.form method="post" action=(format!("{here}/{deed}")) data-confirm=(sure) {
                    (csrf(ask)) (kit_form::fields(ask, fields, &today, &options, &[]))
                    button class=(class) { (ask.t(title)) }
                }
            } }
        }
    };
    let died = card(
        "登记死亡",
        "登记后,人群、待办和服务会随之停止。",
        "died",
        DIED,
        ask.f("确认 {name} 已去世?", name),
        "btn btn-danger",
    );
    let moved = card(
        "登记迁出",
        "迁到本系统内其他县区时,迁入地有此人的档案并互相链接,由迁入地核实住址。",
        "moved",
        MOVED,
        ask.f("确认 {name} 已迁出?", name),
        "btn",
    );
    let not_died = card(
        "撤销死亡登记",
        "误登时使用:人群和待办恢复到登记前。",
        "not-died",
        TAKEN_BACK,
        ask.t("要撤销死亡登记吗?").to_string(),
        "btn btn-danger",
    );
    let not_moved = card(
        "撤销迁出登记",
        "误登时使用:人群和待办恢复到登记前,迁入地的档案随之结束。",
        "not-moved",
        TAKEN_BACK,
        ask.t("要撤销迁出登记吗?").to_string(),
        "btn btn-danger",
    );
    let returned = card(
        "登记迁回",
        "从迁回之日起重新在册,离开时所在的人群从当日起重新列入。",
        "returned",
        RETURNED,
        ask.f("确认 {name} 已迁回?", name),
        "btn btn-primary",
    );
    html! {
        @match (&*elder.state, &elder.moved_to) {
            ("living", _) => { div.cols-2 { (died) (moved) } }
            ("died", _) => { (not_died) }
            ("moved", None) => { div.cols-2 { (returned) (not_moved) } }
            ("moved", Some(new)) => {
                (alert(Badge::Info, ask.t("老人已迁入本系统的另一县区"), html! { a href=(format!("/elders/{new}")) { (ask.t("打开迁入地的档案")) } }))
                (not_moved)
            }
            _ => { (alert(Badge::Info, ask.t("这份档案已合并,请到合并后的档案办理"), html! {})) }
        }
    }
}

/// Other counties to move to, and the places of this one to come back to.
fn options(ask: &Ask, elder: &Elder) -> Options {
    let tree = ask.app.places.tree();
    let counties = tree.counties(NATION).into_iter().filter(|it| *it != elder.key.region);
    let counties = counties.map(|it| (it.clone(), tree.full_name(&it))).collect();
    let mut options = form::options(ask, &elder.key.region, Vec::new());
    options.insert("to", counties);
    options
}

/// The code of where somebody moves to: a village that is named, or the county.
pub fn destination(ask: &Ask, county: Option<String>, village: &str) -> Result<Option<String>> {
    match county {
        None if village.is_empty() => Ok(None),
        None => Err(Error::invalid("to", "写了迁入村(社区),请同时选择迁入县(区)")),
        Some(county) if village.is_empty() => Ok(Some(county)),
        Some(county) => import::place_of(ask, &county, village)
            .map(Some)
            .ok_or_else(|| Error::invalid("village", "迁入县(区)没有这个村(社区),请核对名称或留空")),
    }
}

pub async fn died(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    note_death(&ask, key, &input).await?;
    Ok(ask.go(&here, ask.t("已登记")))
}

pub async fn note_death(ask: &Ask, key: Key, input: &Input) -> Result<()> {
    let checked = kit_form::check(DIED, input, &Options::new())?;
    let day = day_of(&checked, "请填写“死亡日期”")?;
    ask.write(move |tx, ask| {
        let elder = elder::find_living(tx, &ask.who.scope, &key)?;
        life::died(tx, ask, &elder, day, &checked.text("cause"))
    })
    .await
}

fn day_of(checked: &kit_form::Checked, missing: &'static str) -> Result<Date> {
    checked.date("day").ok_or_else(|| Error::invalid("day", missing))
}

pub async fn not_died(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    take_back(&ask, key, &input, life::not_died).await?;
    Ok(ask.go(&here, ask.t("已撤销")))
}

pub async fn not_moved(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    take_back(&ask, key, &input, moving::not_moved).await?;
    Ok(ask.go(&here, ask.t("已撤销")))
}

type TakingBack = fn(&kit::Tx<'_>, &Ask, &Elder, &str) -> Result<()>;

pub async fn take_back(ask: &Ask, key: Key, input: &Input, how: TakingBack) -> Result<()> {
    let checked = kit_form::check(TAKEN_BACK, input, &Options::new())?;
    ask.write(move |tx, ask| {
        let elder = elder::find(tx, &ask.who.scope, &key)?;
        how(tx, ask, &elder, &checked.text("reason"))
    })
    .await
}

pub async fn moved(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    note_moving(&ask, key, &input).await?;
    Ok(ask.go(&here, ask.t("已登记")))
}

pub async fn note_moving(ask: &Ask, key: Key, input: &Input) -> Result<Option<Key>> {
    let checked = kit_form::check(MOVED, input, &Options::new())?;
    let day = day_of(&checked, "请填写“迁出日期”")?;
    let to = destination(ask, checked.optional("to"), &checked.text("village"))?;
    ask.write(move |tx, ask| {
        let elder = elder::find_living(tx, &ask.who.scope, &key)?;
        moving::moved(tx, ask, &elder, day, to.as_deref())
    })
    .await
}

pub async fn returned(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    note_return(&ask, key, &input).await?;
    Ok(ask.go(&here, ask.t("已登记")))
}

pub async fn note_return(ask: &Ask, key: Key, input: &Input) -> Result<()> {
    let checked = kit_form::check(RETURNED, input, &Options::new())?;
    let day = day_of(&checked, "请填写“迁回日期”")?;
    ask.write(move |tx, ask| {
        let elder = elder::find(tx, &ask.who.scope, &key)?;
        moving::returned(tx, ask, &elder, day, &checked.text("place"))
    })
    .await
}
