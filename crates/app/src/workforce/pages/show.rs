//! The page of one member of staff: who, where they practise, in which teams, and what changed.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    changes::{self, Deed},
    crypt::{mask_id_number, mask_phone},
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, apart, badge, crumbs, icon, kv},
    who::account,
};
use maud::{Markup, html};
use rules::week::Week;

use super::{days, papers};
use crate::{
    elders::Key,
    workforce::{
        REVEAL, WRITE,
        certificate::{self, Paper},
        form, member, organisation,
        post::{self, Post},
        presence::{self, Absence},
        staff::{self, NUMBER_COLUMN, PHONE_COLUMN, Staff},
        team::Team,
        training::{self, Training},
        words,
    },
};

struct Shown {
    staff: Staff,
    login: Option<String>,
    posts: Vec<Post>,
    teams: Vec<(Team, String)>,
    deeds: Vec<Deed>,
    papers: Vec<Paper>,
    trained: Vec<Training>,
    absences: Vec<Absence>,
    hours: Week,
    own: Vec<(String, String)>,
    county: Vec<(String, String)>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let it = staff::find(tx, &ask.who.scope, &key)?;
            staff::note(tx, ask, "look", &it, "")?;
            let login = match it.account {
                Some(id) => account::by_id(tx, id)?.map(|it| it.login),
                None => None,
            };
            Ok(Shown {
                login,
                posts: post::posts_of(tx, &key)?,
                teams: member::teams_of(tx, &key, ask.today())?,
                deeds: staff::deeds(tx, &it)?,
                papers: certificate::of(tx, &key)?,
                trained: training::of(tx, &key)?,
                absences: presence::absences(tx, &key)?,
                hours: presence::hours(tx, &key, ask.today())?,
                own: organisation::options(tx, ask)?,
                county: organisation::of_county(tx, &key.region)?,
                staff: it,
            })
        })
        .await?;
    let it = &shown.staff;
    let here = it.link();
    let kind = ask.t(words::title(words::KINDS, &it.kind)).to_string();
    let title = ask.t(words::title(words::TITLES, &it.title)).to_string();
    let sub = format!("{kind} · {title} · {}", ask.app.places.tree().full_name(&it.place));
    let actions = html! {
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
        @if ask.may(WRITE) { a.btn.btn-primary href=(format!("{here}/edit")) { (icon("pencil")) (ask.t("修改人员")) } }
    };
    let content = html! {
        @if !it.is_active() { (alert(Badge::Info, ask.t("此人已离职"), html! {})) }
        div.cols {
            div.stack {
                (places(&ask, &here, &shown))
                (papers::certificates(&ask, it, &shown.papers))
                (papers::trainings(&ask, it, &shown.trained))
                (history(&ask, &shown.deeds))
            }
            div.stack {
                (basic(&ask, &here, &shown)?)
                (super::presence::card(&ask, it, &shown.hours, &shown.absences))
                (teams(&ask, &shown.teams))
            }
        }
    };
    let way = crumbs(&ask, &[("/workforce", ask.t("从业人员")), ("", &it.name)]);
    Ok(ask.page(Head::new(&it.name).line(sub).crumbs(way).actions(actions), content))
}

fn basic(ask: &Ask, here: &str, shown: &Shown) -> Result<Markup> {
    let it = &shown.staff;
    let masked = |column: &'static str, sealed: &Option<Vec<u8>>, mask: fn(&str) -> String| -> Result<Markup> {
        let Some(sealed) = sealed else { return Ok(html! { span.muted { "—" } }) };
        let plain = ask.app.crypt.open_sealed(column, sealed).map_err(Error::internal)?;
        let field = column.rsplit_once('.').map_or(column, |it| it.1);
        let reveal = format!("{here}/reveal?field={field}");
        Ok(html! {
            span.masked { (mask(&plain)) }
            @if ask.may(REVEAL) {
                form.inline method="post" action=(reveal) hx-post=(reveal) hx-target="closest dd" hx-swap="innerHTML" {
                    (csrf(ask))
                    button.btn.btn-sm.btn-ghost { (icon("eye")) (ask.t("显示")) }
                }
            }
        })
    };
    let skills: Vec<&str> = it.skills.iter().map(|one| ask.t(words::title(words::SKILLS, one))).collect();
    let skills = if skills.is_empty() { "—".to_string() } else { skills.join(ask.t("、")) };
    let text = |it: &str| html! { @if it.is_empty() { span.muted { "—" } } @else { (it) } };
    let pairs = [
        (ask.t("性别"), text(ask.t(words::title(words::SEXES, &it.sex)))),
        (ask.t("出生日期"), text(&it.birth.map_or(String::new(), |it| it.to_string()))),
        (ask.t("身份证号"), masked(NUMBER_COLUMN, &it.id_number, mask_id_number)?),
        (ask.t("电话"), masked(PHONE_COLUMN, &it.phone, mask_phone)?),
        (ask.t("专长"), text(&skills)),
        (ask.t("登录账号"), text(shown.login.as_deref().unwrap_or_default())),
        (ask.t("备注"), text(&it.remark)),
    ];
    Ok(html! { section.card { header.card-head { h2 { (ask.t("基本信息")) } } div.card-body { (kv(&pairs)) } } })
}

fn places(ask: &Ask, here: &str, shown: &Shown) -> Markup {
    let today = ask.today();
    let mut all: Vec<&Post> = shown.posts.iter().collect();
    all.sort_by_key(|it| (!it.holds(today), !it.main, std::cmp::Reverse(it.from)));
    let mut now = Input::default();
    now.set("from", today.to_string());
    let county = Options::from([("organisation", shown.county.clone())]);
    let own = Options::from([("organisation", shown.own.clone())]);
    html! {
        section.card { header.card-head { h2 { (ask.t("执业地点")) } }
            div.tablewrap { table.list {
                caption.sr { (ask.t("执业地点")) }
                thead { tr {
                    th scope="col" { (ask.t("机构")) } th scope="col" { (ask.t("方式")) }
                    th scope="col" { (ask.t("起止")) } th scope="col" { (ask.t("状态")) }
                } }
                tbody { @for it in &all { tr {
                    td data-label=(ask.t("机构")) { (it.name) @if !it.outside.is_empty() { " " small.muted { (it.outside) } } }
                    td data-label=(ask.t("方式")) { (ask.t(words::post_title(&it.kind))) }
                    td data-label=(ask.t("起止")) { (days(ask, it.from, it.until)) }
                    td data-label=(ask.t("状态")) {
                        @if !it.holds(today) && it.from <= today { (badge(Badge::Muted, ask.t("已结束"))) }
                        @else if !it.holds(today) { (badge(Badge::Info, ask.t("未开始"))) }
                        @else if it.main { (badge(Badge::Ok, ask.t("主要执业机构"))) }
                        @else { (badge(Badge::Info, ask.t("其他执业地点"))) }
                    }
                } } }
            } }
            @if ask.may(WRITE) {
                div.card-body.no-print {
                    details { summary { (ask.t("添加执业地点")) }
                        form.form.grid method="post" action=(format!("{here}/posts")) {
                            (csrf(ask)) (apart("beside", kit_form::fields(ask, form::BESIDE, &now, &county, &[])))
                            div.form-foot { button.btn { (ask.t("添加")) } }
                        }
                    }
                    details { summary { (ask.t("变更主要执业机构")) }
                        form.form.grid method="post" action=(format!("{here}/posts")) {
                            (csrf(ask)) (apart("main", kit_form::fields(ask, form::MAIN, &now, &own, &[])))
                            div.form-foot { button.btn { (ask.t("变更")) } }
                        }
                    }
                    @for it in all.iter().filter(|it| !it.main && it.holds(today)) {
                        @if let Some(id) = it.organisation {
                            details { summary { (ask.f("结束在{name}的执业", &[("name", &it.name)])) }
                                form.form.grid method="post" action=(format!("{here}/posts")) {
                                    (csrf(ask))
                                    input type="hidden" name="organisation" value=(id); input type="hidden" name="post" value="end";
                                    (apart(&format!("end-{id}"), kit_form::one(ask, &END, &now, &Options::new(), &[])))
                                    div.form-foot { button.btn { (ask.t("结束")) } }
                                }
                            }
                        }
                    }
                    @if shown.staff.is_active() {
                        details { summary { (ask.t("办理离职")) }
                            form.form.grid method="post" action=(format!("{here}/leave"))
                                 data-confirm=(ask.f("确认 {name} 离职?所有执业地点和团队随之结束。", &[("name", &shown.staff.name)])) {
                                (csrf(ask)) (apart("leave", kit_form::fields(ask, super::posts::LEAVE, &now, &Options::new(), &[])))
                                div.form-foot { button.btn.btn-danger { (ask.t("办理离职")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

const END: kit_form::Field =
    kit_form::field("from", "结束日", kit_form::Kind::Date).required().help("这天起不再在此执业。");

fn teams(ask: &Ask, all: &[(Team, String)]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("家庭医生团队")) } } div.card-body {
            @if all.is_empty() { p.muted { (ask.t("不在任何团队")) } }
            @for (team, role) in all {
                p { a href=(team.link()) { (team.name) } " " (badge(Badge::Info, ask.t(words::role_title(role)))) }
            }
        } }
    }
}

fn history(ask: &Ask, deeds: &[Deed]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("变更记录")) } }
            (changes::table(ask, deeds, |field| ask.t(form::label(form::STAFF, field)).to_string(), |field, value| staff::said(ask, field, value)))
        }
    }
}

/// Shows a sealed value in full; the look is noted.
pub async fn reveal(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let field = ask.param("field").unwrap_or_default().to_string();
    let plain = ask
        .write(move |tx, ask| {
            let it = staff::find(tx, &ask.who.scope, &key)?;
            let (column, sealed) = match &*field {
                "id_number" => (NUMBER_COLUMN, &it.id_number),
                "phone" => (PHONE_COLUMN, &it.phone),
                _ => return Err(Error::NotFound),
            };
            let sealed = sealed.as_ref().ok_or(Error::NotFound)?;
            staff::note(tx, ask, "reveal", &it, &field)?;
            ask.app.crypt.open_sealed(column, sealed).map_err(Error::internal)
        })
        .await?;
    if ask.partial {
        return Ok(ask.part(html! { (plain) }));
    }
    let content = html! { p.strong { (plain) } p { a.btn.js-back href="/workforce" { (ask.t("返回")) } } };
    Ok(ask.page(Head::new(ask.t("完整号码")), content))
}
