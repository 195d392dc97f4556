//! One visit of a plan: where it stands, why it is left out, where else it could go; without a mouse as well.

use axum::extract::Path;
use dispatch::Slot;
use kit::{
    Ask, Error, Id, Result,
    form::{Input, csrf},
    page::{Badge, Head, Page, badge, crumbs, icon, kv, plain_table},
};
use maud::{Markup, html};

use super::{moves, slots as slots_page};
use crate::{
    dispatch::{PLAN, board, kept, sight::Sight, slots},
    elders::{self, Key},
    visits,
};

pub async fn page(ask: Ask, Path((key, visit)): Path<(String, String)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let id: Id = visit.parse().map_err(|_| Error::NotFound)?;
    let (sight, nth, elder, offers) = ask
        .write(move |tx, ask| {
            let sight = Sight::find(tx, ask, &key)?.explained();
            let nth = sight.built.visit(id).ok_or(Error::NotFound)?;
            let visit = &sight.built.planned(&sight.facts, nth).visit;
            let scope = kit::Scope::of(&ask.app.places.tree(), &visit.key.region);
            let elder = elders::find(tx, &scope, &visit.elder_key())?;
            elders::note(tx, ask, "look", &elder, "dispatch")?;
            let offers = slots::places(&sight, nth)?;
            Ok((sight, nth, elder, offers))
        })
        .await?;
    let planned = sight.built.planned(&sight.facts, nth);
    let link = sight.link(nth);
    let may = ask.may(PLAN)
        && sight.kept.state != "dropped"
        && !sight.kept.progress.is_at_work()
        && planned.visit.state == "planned";
    let is_fixed = board::is_fixed(&sight.kept, id);
    let content = html! {
        div.cols {
            section.card { header.card-head { h2 { (ask.t("现在的位置")) } } div.card-body {
                (place(&ask, &sight, nth))
                @if may && is_fixed {
                    form.inline method="post" action=(format!("{link}/fix")) { (csrf(&ask)) input type="hidden" name="fixed" value="";
                        button.btn { (ask.t("取消固定,求解时可以移动")) } }
                } @else if may && !sight.plan.left.iter().any(|it| it.visit == nth) {
                    form.inline method="post" action=(format!("{link}/fix")) { (csrf(&ask)) input type="hidden" name="fixed" value="true";
                        button.btn { (ask.t("固定给现在的人")) } }
                }
            } }
            section.card { header.card-head { h2 { (ask.t("上门")) } } div.card-body {
                (kv(&[
                    (ask.t("服务"), html! { (sight.services(&ask, nth)) }),
                    (ask.t("约定"), html! { (visits::window(&ask, &planned.visit)) }),
                    (ask.t("预计分钟"), html! { (planned.visit.minutes) }),
                    (ask.t("需要人数"), html! { (planned.visit.people) }),
                    (ask.t("住处定位"), html! { @if planned.home.is_some() { (ask.t("有")) } @else { (badge(Badge::Warn, ask.t("没有"))) } }),
                    (ask.t("来过的人"), known(&ask, &sight, nth)),
                ]))
                a href=(planned.visit.link()) { (ask.t("打开这次上门")) }
            } }
        }
        @if may { (choices(&ask, &sight, nth, &offers)) }
    };
    let title = format!("{} · {}", planned.name, sight.services(&ask, nth));
    let back = sight.kept.link();
    let way = crumbs(&ask, &[("/dispatch", ask.t("上门派单")), (&back, &sight.kept.name), ("", &planned.name)]);
    Ok(ask.page(Head::new(&title).line(elders::about(&ask, &elder)).crumbs(way), content))
}

fn place(ask: &Ask, sight: &Sight, visit: usize) -> Markup {
    let told = sight.told(ask);
    if let Some(left) = sight.plan.left.iter().find(|it| it.visit == visit) {
        return html! {
            p { (badge(Badge::Bad, ask.t("未排上"))) }
            ul { @for why in &left.why { @let (why, help) = told.why(why); li { p { (why) } p.small.muted { (icon("lightbulb")) (help) } } } }
        };
    }
    html! {
        @for route in &sight.plan.routes { @for stop in route.stops.iter().filter(|it| it.visit == visit) {
            p { span.strong { (told.tour(route.shift)) } " " (told.time(stop.start)) "–" (told.time(stop.end))
                @if 0 < stop.late { " " (badge(Badge::Warn, &ask.f("晚 {n} 分", &[("n", &told.minutes(stop.late))]))) } }
        } }
    }
}

fn known(ask: &Ask, sight: &Sight, visit: usize) -> Markup {
    let planned = sight.built.planned(&sight.facts, visit);
    let name = |id: Id| {
        let one = sight.facts.team.iter().flatten().find(|it| it.staff.key.id == id);
        one.map(|it| it.staff.name.clone())
    };
    let all: Vec<String> = planned
        .known
        .iter()
        .filter_map(|it| Some(ask.f("{name} {n} 次", &[("name", &name(it.0)?), ("n", &it.1)])))
        .collect();
    html! { @if all.is_empty() { "—" } @else { (all.join(ask.t("、"))) } }
}

/// Where it could go: the best places first, each with what it costs.
fn choices(ask: &Ask, sight: &Sight, visit: usize, offers: &[Slot]) -> Markup {
    let told = sight.told(ask);
    let id = sight.built.planned(&sight.facts, visit).visit.key.id;
    let heads = ["服务人员", "开始", "多花", ""].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = offers
        .iter()
        .map(|it| {
            vec![
                html! { (slots_page::names(&told, it)) },
                html! { (told.time(it.start)) },
                html! { (ask.f("折合路上 {n} 分钟", &[("n", &format!("{:+}", it.cost / 60))])) },
                html! {
                    form.inline method="post" action=(sight.link(visit)) { (csrf(ask))
                        @for seat in slots::seats(sight, visit, it) {
                            input type="hidden" name="visit" value=(id);
                            input type="hidden" name="part" value=(seat.part);
                            input type="hidden" name="staff" value=(seat.tour.unwrap_or_default());
                            input type="hidden" name="before" value=(seat.before.map_or(String::new(), |it| it.to_string()));
                        }
                        button.btn.btn-sm { (ask.t("放到这里")) } }
                },
            ]
        })
        .collect();
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.t("还可以放在哪里")) } }
            @if rows.is_empty() { p.card-body { (ask.t("现在的排法里没有别的位置放得下;可以求解,让其他上门一起挪动。")) } }
            @else { (plain_table(&heads, &rows)) }
            div.card-foot { form.inline method="post" action=(sight.link(visit)) { (csrf(ask))
                input type="hidden" name="visit" value=(id);
                button.btn.btn-sm { (ask.t("从方案里拿出来")) } } }
        }
    }
}

pub async fn put(ask: Ask, Path((key, visit)): Path<(String, String)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let back = format!("/dispatch/{key}/visits/{visit}");
    let all = moves::several(&input)?;
    ask.write(move |tx, ask| {
        let it = kept::find_to_change(tx, &ask.who.scope, &key)?;
        moves::moved(tx, ask, it, &all)
    })
    .await?;
    Ok(ask.go(&back, ask.t("已移动")))
}

pub async fn fix(ask: Ask, Path((key, visit)): Path<(String, String)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let id: Id = visit.parse().map_err(|_| Error::NotFound)?;
    let back = format!("/dispatch/{key}/visits/{id}");
    let fixed = !input.get("fixed").is_empty();
    ask.write(move |tx, ask| {
        let it = kept::find_to_change(tx, &ask.who.scope, &key)?;
        let sight = Sight::of(tx, ask, it)?;
        let nth = sight.built.visit(id).ok_or(Error::NotFound)?;
        let mut draft = sight.kept.draft.clone();
        draft.fix(id, fixed);
        let name = &sight.built.planned(&sight.facts, nth).name;
        let said = format!("{} {name}", if fixed { "fix" } else { "free" });
        let new = kept::Change { draft: &draft, figures: &sight.figures, said: &said, who: &ask.who.name };
        kept::change(tx, ask.now, &sight.kept, &new)
    })
    .await?;
    Ok(ask.go(&back, ask.t(if fixed { "已固定" } else { "已取消固定" })))
}
