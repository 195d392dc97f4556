//! The page of one team: who is in it and what is missing, for which places it is responsible, and what changed.

use axum::extract::Path;
use kit::{
    Ask, Result,
    changes::{self, Deed},
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, apart, badge, crumbs, icon, kv},
};
use maud::{Markup, html};
use rules::{base::Date, workforce::Completeness};

use super::days;
use crate::{
    elders::Key,
    workforce::{
        TEAMS, area, form,
        member::{self, Member, Stay},
        organisation,
        team::{self, Team},
        team_staff, words,
    },
};

struct Shown {
    team: Team,
    day: Date,
    organisation: String,
    members: Vec<Member>,
    completeness: Option<Completeness>,
    past: Vec<Stay>,
    places: Vec<String>,
    place_stays: Vec<(String, Date, Option<Date>)>,
    deeds: Vec<Deed>,
    staff: Vec<(String, String)>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .read(move |tx, ask| {
            let team = team::find(tx, &ask.who.scope, &key)?;
            let day = ask.day_asked()?;
            Ok(Shown {
                organisation: organisation::name(tx, team.organisation)?,
                members: member::members(tx, &key, day)?,
                completeness: team::completeness(tx, ask, &key, day)?,
                past: member::stays(tx, &key)?
                    .into_iter()
                    .filter(|it| it.until.is_some_and(|end| end <= day))
                    .collect(),
                places: area::places_of(tx, &key, day)?,
                place_stays: area::stays(tx, &key)?,
                deeds: team.subject().deeds(tx, 100)?,
                staff: team_staff::options(tx, &team)?,
                team,
                day,
            })
        })
        .await?;
    let it = &shown.team;
    let here = it.link();
    let may = ask.may(TEAMS) && it.closed.is_none();
    let actions = html! {
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
        @if may {
            a.btn href=(format!("{here}/places")) { (icon("geo-alt")) (ask.t("负责地区")) }
            a.btn.btn-primary href=(format!("{here}/edit")) { (icon("pencil")) (ask.t("修改团队")) }
        }
    };
    let content = html! {
        (state(&ask, &shown))
        div.cols {
            div.stack {
                (members(&ask, &here, &shown, may))
                (history(&ask, &shown.deeds))
            }
            div.stack {
                (basic(&ask, &shown))
                (places(&ask, &here, &shown, may))
                @if may { (close(&ask, &here)) } @else if ask.may(TEAMS) { (reopen(&ask, &here)) }
            }
        }
    };
    let way = crumbs(&ask, &[("/workforce/teams", ask.t("家庭医生团队")), ("", &it.name)]);
    let sub = format!("{} · {}", shown.organisation, ask.app.places.tree().full_name(&it.place));
    Ok(ask.page(Head::new(&it.name).line(sub).crumbs(way).actions(actions), content))
}

fn state(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.team;
    html! {
        @if let Some(day) = it.closed {
            (alert(Badge::Info, &ask.f("团队已于 {day} 撤销", &[("day", &day)]), html! { p { (it.closed_reason) } }))
        }
        @if shown.day != ask.today() {
            (alert(Badge::Info, &ask.f("这是 {day} 的情况", &[("day", &shown.day)]),
                html! { p { a href=(it.link()) { (ask.t("看今天")) } } }))
        }
    }
}

fn basic(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.team;
    let pairs = [
        (ask.t("所属机构"), html! { (shown.organisation) }),
        (ask.t("联系电话"), html! { @if it.phone.is_empty() { span.muted { "—" } } @else { (it.phone) } }),
        (ask.t("组建日"), html! { (it.opened) }),
    ];
    html! {
        section.card { header.card-head { h2 { (ask.t("基本信息")) } } div.card-body {
            (kv(&pairs))
            form.filters.gap-top.no-print method="get" action=(it.link()) {
                div.field { label for="on" { (ask.t("看某一天")) } input #on type="date" name="on" value=(shown.day); }
                button.btn { (ask.t("查看")) }
            }
        } }
    }
}

/// 3+2+X in words: what is there, what is missing.
fn complete(ask: &Ask, shown: &Shown) -> Markup {
    let Some(it) = &shown.completeness else {
        return html! { p { (badge(Badge::Muted, ask.t("本地当日没有在行政策"))) } };
    };
    let titles =
        |all: &[rules::workforce::Role]| all.iter().map(|it| ask.t(it.title())).collect::<Vec<_>>().join(ask.t("、"));
    html! {
        p {
            @if it.is_complete() { (badge(Badge::Ok, ask.t("3+2+X 齐全"))) }
            @if !it.core_missing.is_empty() {
                (badge(Badge::Bad, &ask.f("缺基本成员:{roles}", &[("roles", &titles(&it.core_missing))]))) " "
            }
            @if !it.specialists_missing.is_empty() {
                (badge(Badge::Warn, &ask.f("缺专科成员:{roles}", &[("roles", &titles(&it.specialists_missing))])))
            }
            @if 0 < it.others { " " small.muted { (ask.f("另有 {n} 名其他成员", &[("n", &it.others)])) } }
        }
        p.help { (ask.t("3 指全科医生、公共卫生医生、护士,2 指二级、三级医院专科医生,X 指其他成员;依据见政策库“人员与团队”。")) }
    }
}

fn members(ask: &Ask, here: &str, shown: &Shown, may: bool) -> Markup {
    let mut now = Input::default();
    now.set("from", ask.today().max(shown.team.opened).to_string());
    let options = Options::from([("staff", shown.staff.clone())]);
    html! {
        section.card { header.card-head { h2 { (ask.t("成员")) } }
            div.card-body { (complete(ask, shown)) }
            @if !shown.members.is_empty() {
                div.tablewrap { table.list {
                    caption.sr { (ask.t("成员")) }
                    thead { tr {
                        th scope="col" { (ask.t("姓名")) } th scope="col" { (ask.t("角色")) } th scope="col" { (ask.t("岗位")) }
                        th scope="col" { (ask.t("起日")) } @if may { th scope="col" { span.sr { (ask.t("操作")) } } }
                    } }
                    tbody { @for it in &shown.members { tr {
                        td data-label=(ask.t("姓名")) {
                            a href=(format!("/workforce/{}", it.staff)) { (it.name) }
                            @if it.leads { " " (badge(Badge::Info, ask.t("团队长"))) }
                        }
                        td data-label=(ask.t("角色")) { (ask.t(words::role_title(&it.role))) }
                        td data-label=(ask.t("岗位")) { (ask.t(words::title(words::KINDS, &it.kind))) }
                        td.nowrap data-label=(ask.t("起日")) { (it.from) }
                        @if may { td.row-actions {
                            form.inline method="post" action=(format!("{here}/members"))
                                 data-confirm=(ask.f("从今天起 {name} 不再是成员?", &[("name", &it.name)])) {
                                (csrf(ask))
                                input type="hidden" name="staff" value=(it.staff.id); input type="hidden" name="role" value="";
                                input type="hidden" name="from" value=(ask.today());
                                button.btn.btn-sm.btn-ghost { (icon("x-lg")) (ask.t("移出")) }
                            }
                        } }
                    } } }
                } }
            }
            div.card-body.no-print {
                @if may {
                    details open[shown.members.is_empty()] { summary { (ask.t("添加成员或改变角色")) }
                        form.form.grid method="post" action=(format!("{here}/members")) {
                            (csrf(ask)) (apart("member", kit_form::fields(ask, form::MEMBER, &now, &options, &[])))
                            div.form-foot { button.btn { (ask.t("保存")) } }
                        }
                    }
                }
                @if !shown.past.is_empty() {
                    details { summary { (ask.t("以前的成员")) }
                        @for it in &shown.past {
                            p.small { (it.name) " " (ask.t(words::role_title(&it.role)))
                                @if it.leads { " " (ask.t("团队长")) } " " (days(ask, it.from, it.until)) }
                        }
                    }
                }
            }
        }
    }
}

fn places(ask: &Ask, here: &str, shown: &Shown, may: bool) -> Markup {
    let tree = ask.app.places.tree();
    let past: Vec<_> = shown.place_stays.iter().filter(|it| it.2.is_some_and(|end| end <= shown.day)).collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("负责地区")) } }
            div.card-body {
                @if shown.places.is_empty() {
                    p.muted { (ask.t("还没有负责的村(社区)")) }
                    @if may { p { a.btn href=(format!("{here}/places")) { (ask.t("指定负责地区")) } } }
                } @else {
                    p { (ask.f("共 {n} 个村(社区)和网格", &[("n", &shown.places.len())])) }
                    ul { @for code in &shown.places { li { (tree.words(code)) } } }
                }
                @if !past.is_empty() {
                    details { summary { (ask.t("以前负责的地区")) }
                        @for (code, from, until) in past { p.small { (tree.words(code)) " " (days(ask, *from, *until)) } }
                    }
                }
            }
        }
    }
}

fn close(ask: &Ask, here: &str) -> Markup {
    let mut now = Input::default();
    now.set("day", ask.today().to_string());
    html! {
        details.card.no-print { summary.card-head { (ask.t("撤销团队")) } div.card-body {
            p { (ask.t("成员和负责地区随之空出,历史保留。")) }
            form.form method="post" action=(format!("{here}/close")) data-confirm=(ask.t("要撤销这个团队吗?")) {
                (csrf(ask)) (apart("close", kit_form::fields(ask, form::CLOSE, &now, &Options::new(), &[])))
                button.btn.btn-danger { (ask.t("撤销团队")) }
            }
        } }
    }
}

fn reopen(ask: &Ask, here: &str) -> Markup {
    html! {
        details.card.no-print { summary.card-head { (ask.t("恢复团队")) } div.card-body {
            p { (ask.t("误撤销时恢复;成员和负责地区需要重新指定。")) }
            form.form method="post" action=(format!("{here}/reopen")) {
                (csrf(ask))
                div.field { label for="reason" { (ask.t("原因")) " " span.req { (ask.t("必填")) } }
                    input #reason name="reason" required maxlength="100" autocomplete="off"; }
                button.btn { (ask.t("恢复团队")) }
            }
        } }
    }
}

fn history(ask: &Ask, deeds: &[Deed]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("变更记录")) } }
            (changes::table(ask, deeds, |field| ask.t(form::label(form::TEAM, field)).to_string(), |_, value| value.to_string()))
        }
    }
}
