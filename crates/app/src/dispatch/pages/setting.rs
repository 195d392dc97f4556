//! How an institution dispatches: how its staff travel, who goes together, what counts how much; and each of the staff.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs, empty, icon, plain_table},
};
use maud::{Markup, html};
use rules::dispatch::Travel;

use crate::{
    dispatch::{
        area,
        tuning::{self, Crew, GOALS, Own, Setting, Tuning},
    },
    elders::Key,
    institutions::{self, Institution},
    workforce::{self, Staff},
};

const TRAVEL: Field = field("travel", "出行方式", Kind::Choice(Travel::WORDS)).help("不填用机构的;机构不填按电动车。");
const FIELDS: &[Field] = &[
    field("travel", "人员一般怎样出行", Kind::Choice(Travel::WORDS)).help("不填按电动车。"),
    field("left", "未排上", Kind::Int { min: 0, max: 60_000 }),
    field("late", "迟到", Kind::Int { min: 0, max: 1_000 }),
    field("way", "路程", Kind::Int { min: 0, max: 1_000 }),
    field("overtime", "加班", Kind::Int { min: 0, max: 1_000 }),
    field("continuity", "换人", Kind::Int { min: 0, max: 1_000 }),
    field("fairness", "不均", Kind::Int { min: 0, max: 1_000 }),
    field("change", "改动", Kind::Int { min: 0, max: 1_000 }),
];
const CREW: &[Field] = &[
    field("name", "小组名称", Kind::Text(30)).required(),
    field("first", "第一人", Kind::Pick).required(),
    field("second", "第二人", Kind::Pick).required(),
];
const STAFF: &[Field] = &[
    field("visits", "参加上门", Kind::Check),
    TRAVEL,
    field("overtime", "可加班分钟", Kind::Int { min: 0, max: 240 }).help("不填按政策库。"),
    field("longest", "一天最多分钟", Kind::Int { min: 30, max: 720 }).help("路上和服务合计,不填不限。"),
];

/// Institutions whose dispatch can be set.
pub async fn institutions(ask: Ask) -> Result<Page> {
    let all = ask
        .read(|tx, ask| {
            let mut all = Vec::new();
            for (id, name) in workforce::organisations_of(tx, ask)? {
                let id: Id = id.parse().map_err(|_| Error::NotFound)?;
                if let Some(it) = area::institution(tx, ask, id)? {
                    all.push((it.key, name));
                }
            }
            Ok(all)
        })
        .await?;
    if let [(only, _)] = &*all {
        return Ok(ask.go(&format!("/dispatch/setting/{only}"), ""));
    }
    let title = ask.t("派单设置");
    let content = html! {
        @if all.is_empty() { (empty(ask.t("没有机构"), ask.t("您管理的范围内没有可以派单的机构。"), html! {})) }
        ul.tasks { @for (key, name) in &all { li.task { (icon("building")) div { a.row-link href=(format!("/dispatch/setting/{key}")) { (name) } } } } }
    };
    Ok(ask.page(Head::new(title).crumbs(way(&ask, &[("", title)])), content))
}

fn way(ask: &Ask, rest: &[(&str, &str)]) -> Markup {
    let mut all = vec![("/dispatch", ask.t("上门派单"))];
    all.extend(rest);
    crumbs(ask, &all)
}

struct Shown {
    institution: Institution,
    setting: Setting,
    tuning: Tuning,
    crews: Vec<Crew>,
    staff: Vec<(Staff, Own)>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let institution = institutions::find(tx, &ask.who.scope, key)?;
    let owns = tuning::owns(tx, &key.region)?;
    let staff = workforce::staff_at(tx, &key.region, key.id)?;
    Ok(Shown {
        setting: tuning::setting(tx, &key.region, key.id)?,
        tuning: tuning::of(ask, &key.region, ask.today())?,
        crews: tuning::crews(tx, &key.region, Some(key.id))?,
        staff: staff.into_iter().map(|it| (it.clone(), owns.get(&it.key.id).cloned().unwrap_or_default())).collect(),
        institution,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    show(ask, key, None, Vec::new()).await
}

async fn show(ask: Ask, key: Key, sent: Option<Input>, errors: Vec<FieldError>) -> Result<Page> {
    let shown = ask.read(move |tx, ask| load(tx, ask, &key)).await?;
    let input = sent.unwrap_or_else(|| {
        let mut input = Input::default();
        input.set("travel", shown.setting.travel.map_or("", Travel::word));
        for (goal, minutes) in GOALS.iter().zip(shown.setting.weights) {
            input.set(goal.1, minutes.map_or(String::new(), |it| it.to_string()));
        }
        input
    });
    let link = format!("/dispatch/setting/{}", shown.institution.key);
    let heads = ["目标", "单位", "政策库折合分钟", "本机构折合分钟"].map(|it| ask.t(it));
    let weights: Vec<Vec<Markup>> = GOALS
        .iter()
        .zip(shown.tuning.weights)
        .zip(shown.setting.weights)
        .map(|((goal, policy), own)| {
            vec![
                html! { (ask.t(goal.2)) },
                html! { (ask.t(goal.3)) },
                html! { (policy) },
                html! { (own.unwrap_or(policy)) },
            ]
        })
        .collect();
    let content = html! {
        div.cols {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("出行和权重")) } } div.card-body {
                    p.muted { (ask.t("两个排法比较时,每项折合成路上几分钟,总数小的好。不填用政策库的数。")) }
                    (plain_table(&heads, &weights))
                    form.form.grid method="post" action=(link) { (csrf(&ask))
                        (kit_form::fields(&ask, FIELDS, &input, &Options::new(), &errors))
                        div.form-foot { button.btn.btn-primary { (ask.t("保存")) } } }
                } }
                section.card { header.card-head { h2 { (ask.t("人员")) } } (staff_table(&ask, &shown)) }
            }
            section.card { header.card-head { h2 { (ask.t("同行小组")) } } div.card-body {
                p.muted { (ask.t("两个人一辆车、一条路线;要两个人的上门由他们一起做。")) }
                @for crew in &shown.crews { (one_crew(&ask, &link, &shown, crew)) }
                form.form method="post" action=(format!("{link}/crews")) { (csrf(&ask))
                    (kit_form::fields(&ask, CREW, &Input::default(), &people(&shown), &[]))
                    div.form-foot { button.btn { (ask.t("新增小组")) } } }
            } }
        }
    };
    let title = ask.t("派单设置");
    let head = Head::new(title).line(shown.institution.name.clone());
    let way = way(&ask, &[("/dispatch/setting", title), ("", &shown.institution.name)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, head.crumbs(way), content))
}

fn people(shown: &Shown) -> Options {
    let all: Vec<(String, String)> =
        shown.staff.iter().map(|(it, _)| (it.key.id.to_string(), it.name.clone())).collect();
    Options::from([("first", all.clone()), ("second", all)])
}

fn one_crew(ask: &Ask, link: &str, shown: &Shown, crew: &Crew) -> Markup {
    let name = |id: Id| shown.staff.iter().find(|it| it.0.key.id == id).map_or("", |it| &it.0.name);
    html! {
        div.contact {
            p { span.strong { (crew.name) } " " (name(crew.first)) (ask.t("、")) (name(crew.second)) }
            form.inline method="post" action=(format!("{link}/crews/{}/drop", crew.id)) data-confirm=(ask.t("解散这个小组吗?")) { (csrf(ask))
                button.btn.btn-sm { (ask.t("解散")) } }
        }
    }
}

fn staff_table(ask: &Ask, shown: &Shown) -> Markup {
    let heads = ["姓名", "岗位", "参加上门", "出行方式", "可加班分钟", "一天最多分钟"].map(|it| ask.t(it));
    let number = |it: Option<i64>| it.map_or("—".to_string(), |it| it.to_string());
    let rows: Vec<Vec<Markup>> = shown
        .staff
        .iter()
        .map(|(it, own)| {
            let travel = own.travel.or(shown.setting.travel).unwrap_or(tuning::USUAL);
            let kind = workforce::KINDS.iter().find(|one| one.0 == it.kind).map_or("", |one| one.1);
            vec![
                html! { a href=(format!("/dispatch/staff/{}", it.key)) { (it.name) } },
                html! { (ask.t(kind)) },
                html! { @if own.visits { (ask.t("是")) } @else { (ask.t("否")) } },
                html! { (ask.t(Travel::WORDS[travel as usize].1)) },
                html! { (number(own.overtime_minutes)) },
                html! { (number(own.longest_minutes)) },
            ]
        })
        .collect();
    if rows.is_empty() {
        empty(ask.t("还没有人员"), ask.t("在从业人员里登记。"), html! {})
    } else {
        plain_table(&heads, &rows)
    }
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (institution, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let it = institutions::find(tx, &ask.who.scope, &institution)?;
            let checked = kit_form::check(FIELDS, &sent, &Options::new())?;
            let weights = GOALS.map(|goal| checked.int(goal.1).and_then(|it| u16::try_from(it).ok()));
            let setting = Setting { travel: Travel::parse(&checked.text("travel")), weights };
            tuning::set(tx, ask, &it.key, &it.place, &setting)
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/dispatch/setting/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => show(ask, key, Some(input), errors).await,
        Err(other) => Err(other),
    }
}

pub async fn add_crew(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/dispatch/setting/{key}");
    ask.write(move |tx, ask| {
        let shown = load(tx, ask, &key)?;
        let checked = kit_form::check(CREW, &input, &people(&shown))?;
        let both = checked.id("first").zip(checked.id("second"));
        let (first, second) =
            both.filter(|it| it.0 != it.1).ok_or_else(|| Error::invalid("second", "第二人不能与第一人相同"))?;
        let crew = Crew { id: ask.new_id(), organisation: key.id, name: checked.text("name"), first, second };
        tuning::add_crew(tx, ask, &key.region, &crew)
    })
    .await?;
    Ok(ask.go(&link, ask.t("已新增小组")))
}

pub async fn drop_crew(ask: Ask, Path((key, id)): Path<(String, String)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let link = format!("/dispatch/setting/{key}");
    ask.write(move |tx, ask| {
        institutions::find(tx, &ask.who.scope, &key)?;
        tuning::drop_crew(tx, &key.region, key.id, id)
    })
    .await?;
    Ok(ask.go(&link, ask.t("已解散")))
}

pub async fn staff(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    staff_form(ask, key, None, Vec::new()).await
}

async fn staff_form(ask: Ask, key: Key, sent: Option<Input>, errors: Vec<FieldError>) -> Result<Page> {
    let (it, own) = ask
        .read(move |tx, ask| {
            let it = workforce::find(tx, &ask.who.scope, &key)?;
            let own = tuning::owns(tx, &key.region)?.get(&key.id).cloned().unwrap_or_default();
            Ok((it, own))
        })
        .await?;
    let input = sent.unwrap_or_else(|| {
        let mut input = Input::default();
        input.set("visits", if own.visits { "true" } else { "" });
        input.set("travel", own.travel.map_or("", Travel::word));
        input.set("overtime", own.overtime_minutes.map_or(String::new(), |it| it.to_string()));
        input.set("longest", own.longest_minutes.map_or(String::new(), |it| it.to_string()));
        input
    });
    let title = ask.t("派单设置");
    let content = html! {
        form.form.grid method="post" action=(format!("/dispatch/staff/{}", it.key)) { (csrf(&ask))
            (kit_form::fields(&ask, STAFF, &input, &Options::new(), &errors))
            div.form-foot { button.btn.btn-primary { (ask.t("保存")) } }
        }
        p { a href=(it.link()) { (ask.t("工作时间、请假和证书在人员页面上改")) } }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let way = way(&ask, &[("/dispatch/setting", title), ("", &it.name)]);
    Ok(ask.page_with(status, Head::new(title).line(it.name.clone()).crumbs(way), content))
}

pub async fn save_staff(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (wanted, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let it = workforce::find(tx, &ask.who.scope, &wanted)?;
            let checked = kit_form::check(STAFF, &sent, &Options::new())?;
            let own = Own {
                travel: Travel::parse(&checked.text("travel")),
                visits: checked.on("visits"),
                overtime_minutes: checked.int("overtime"),
                longest_minutes: checked.int("longest"),
            };
            tuning::set_own(tx, ask, &it, &own)?;
            Ok(it.organisation)
        })
        .await;
    match done {
        Ok(organisation) => {
            let back = organisation
                .map_or("/dispatch/setting".to_string(), |id| format!("/dispatch/setting/{}-{id}", key.region));
            Ok(ask.go(&back, ask.t("已保存")))
        }
        Err(Error::Invalid(errors)) => staff_form(ask, key, Some(input), errors).await,
        Err(other) => Err(other),
    }
}
