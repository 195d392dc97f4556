//! Renewal in bulk: how many can be renewed, of which team, and one press for all of them.

use kit::{
    Ask, Error, Id, Result,
    form::{Input, csrf},
    page::{Badge, Head, Page, empty, icon, stat},
};
use maud::html;

use super::list::tabs;
use crate::{contracting::renew, workforce};

pub async fn page(ask: Ask) -> Result<Page> {
    let (teams, all) = ask
        .read(|tx, ask| {
            let due = renew::due_by_team(tx, ask)?;
            let teams = workforce::teams(tx, &ask.who.scope, ask.today())?.into_iter();
            let with_due: Vec<_> = teams.filter_map(|it| due.get(&it.key).map(|n| (it, *n))).collect();
            Ok((with_due, due.values().sum::<i64>()))
        })
        .await?;
    let number = all.to_string();
    let content = html! {
        (tabs(&ask))
        div.stats { (stat(Badge::Info, ask.t("可以续签"), &number, ask.t("份"), ask.t("到期前续签,不断档"), Some("/contracting?state=renewable"))) }
        @if all == 0 {
            (empty(ask.t("现在没有可以续签的签约"), ask.t("到期前会列在这里,并提醒团队。"), html! {}))
        } @else {
            form.form method="post" action="/contracting/renewals" data-confirm=(ask.t("按原团队和服务包续签?")) {
                (csrf(&ask))
                div.field { label for="team" { (ask.t("团队")) }
                    select #team name="team" {
                        option value="" { (ask.f("全部团队({n} 份)", &[("n", &all)])) }
                        @for (it, n) in &teams { option value=(it.key.id) { (it.name) " (" (n) ")" } }
                    }
                    p.help { (ask.t("老人已故、迁出、拒签,或没有团队、没有适合服务包的,不续签,列入“未能续签”并写明原因。")) }
                }
                div.form-foot { button.btn.btn-primary { (icon("arrow-repeat")) (ask.t("批量续签")) }
                    a.btn href="/contracting/dropped" { (ask.t("看未能续签")) } }
            }
        }
    };
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(Head::new(ask.t("续签")).line(place), content))
}

pub async fn renew(ask: Ask, input: Input) -> Result<Page> {
    let team = team_of(&input)?;
    let done = ask
        .write(move |tx, ask| {
            let keys = renew::due(tx, ask, team)?;
            renew::renew_all(tx, ask, &keys)
        })
        .await?;
    let said =
        ask.f("已续签 {renewed} 份,未能续签 {dropped} 份", &[("renewed", &done.renewed), ("dropped", &done.dropped)]);
    Ok(ask.go(if 0 < done.dropped { "/contracting/dropped" } else { "/contracting/renewals" }, &said))
}

/// The team of a form; all where none is named.
pub fn team_of(input: &Input) -> Result<Option<Id>> {
    match input.get("team") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::invalid("team", "请选择团队")),
    }
}
