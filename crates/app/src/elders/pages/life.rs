//! Death and moving away, each with a day, and the way back from a mistake.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, crumbs},
};
use maud::html;

use crate::elders::{
    elder::{self, Key},
    life,
};

const DIED: &[Field] =
    &[field("day", "死亡日期", Kind::Date).required(), field("cause", "原因", Kind::Text(60)).help("可不填。")];
const NOT_DIED: &[Field] = &[field("reason", "撤销原因", Kind::Text(100)).required()];
const MOVED: &[Field] = &[
    field("day", "迁出日期", Kind::Date).required(),
    field("to", "迁入地", Kind::Text(15)).help("本系统内其他县区的村(社区)代码,12 位;迁到系统以外时留空。"),
];

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let for_query = key.clone();
    let elder = ask
        .write(move |tx, ask| {
            let elder = elder::find(tx, &ask.who.scope, &for_query)?;
            elder::note(tx, ask, "look", &elder, "life")?;
            Ok(elder)
        })
        .await?;
    let here = format!("/elders/{key}");
    let mut today = Input::default();
    today.set("day", ask.today().to_string());
    let none = Options::new();
    let content = html! {
        @if elder.is_living() {
            div.cols-2 {
                section.card { header.card-head { h2 { (ask.t("登记死亡")) } } div.card-body {
                    p { (ask.t("登记后,人群、待办和服务会随之停止。")) }
                    form.form method="post" action=(format!("{here}/died")) data-confirm=(ask.f("确认 {name} 已去世?", &[("name", &elder.name)])) {
                        (csrf(&ask)) (kit_form::fields(&ask, DIED, &today, &none, &[]))
                        button.btn.btn-danger { (ask.t("登记死亡")) }
                    }
                } }
                section.card { header.card-head { h2 { (ask.t("登记迁出")) } } div.card-body {
                    p { (ask.t("迁到本系统内其他县区时,会在迁入地建立新档案并互相链接。")) }
                    form.form method="post" action=(format!("{here}/moved")) data-confirm=(ask.f("确认 {name} 已迁出?", &[("name", &elder.name)])) {
                        (csrf(&ask)) (kit_form::fields(&ask, MOVED, &today, &none, &[]))
                        button.btn { (ask.t("登记迁出")) }
                    }
                } }
            }
        } @else if elder.state == "died" {
            section.card { header.card-head { h2 { (ask.t("撤销死亡登记")) } } div.card-body {
                form.form method="post" action=(format!("{here}/not-died")) data-confirm=(ask.t("要撤销死亡登记吗?")) {
                    (csrf(&ask)) (kit_form::fields(&ask, NOT_DIED, &Input::default(), &none, &[]))
                    button.btn.btn-danger { (ask.t("撤销死亡登记")) }
                }
            } }
        } @else { (alert(Badge::Info, ask.t("这份档案已迁出或合并,不能再办理"), html! {})) }
    };
    let way = crumbs(&ask, &[("/elders", ask.t("老人名册")), (&here, &elder.name), ("", ask.t("死亡、迁出"))]);
    Ok(ask.page(Head::new(ask.t("死亡、迁出")).line(&*elder.name).crumbs(way), content))
}

pub async fn died(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    let checked = kit_form::check(DIED, &input, &Options::new())?;
    let day = checked.date("day").ok_or_else(|| Error::invalid("day", "请填写“死亡日期”"))?;
    ask.write(move |tx, ask| {
        let elder = elder::find_living(tx, &ask.who.scope, &key)?;
        life::died(tx, ask, &elder, day, &checked.text("cause"))
    })
    .await?;
    Ok(ask.go(&here, ask.t("已登记")))
}

pub async fn not_died(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    let checked = kit_form::check(NOT_DIED, &input, &Options::new())?;
    ask.write(move |tx, ask| {
        let elder = elder::find(tx, &ask.who.scope, &key)?;
        life::not_died(tx, ask, &elder, &checked.text("reason"))
    })
    .await?;
    Ok(ask.go(&here, ask.t("已撤销")))
}

pub async fn moved(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    let checked = kit_form::check(MOVED, &input, &Options::new())?;
    let day = checked.date("day").ok_or_else(|| Error::invalid("day", "请填写“迁出日期”"))?;
    let to = checked.optional("to");
    ask.write(move |tx, ask| {
        let elder = elder::find_living(tx, &ask.who.scope, &key)?;
        life::moved(tx, ask, &elder, day, to.as_deref())
    })
    .await?;
    Ok(ask.go(&here, ask.t("已登记")))
}
