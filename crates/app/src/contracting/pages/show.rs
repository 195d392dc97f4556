//! One contract: with whom, until when, what is promised and done, and what can be done with it.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, files,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, time},
};
use maud::{Markup, html};
use rules::{
    base::{Date, Money},
    contracting::{self, Charge},
    policy::Document,
};

use super::deeds;
use crate::{
    contracting::{
        MANAGE,
        contract::{self, Contract, Standing},
        promise::{self, Given, Item},
        sign, words,
    },
    elders::{self, Elder, Key},
    workforce::{self, Team},
};

struct Shown {
    it: Contract,
    elder: Elder,
    team: Team,
    items: Vec<Item>,
    given: Vec<Given>,
    others: Vec<Contract>,
    teams: Vec<Team>,
    because: String,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let (it, elder) = contract::find(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("contract {key}"))?;
            let others = contract::of_elder(tx, &elder.key)?.into_iter().filter(|one| one.key != it.key).collect();
            Ok(Shown {
                team: workforce::team_by_key(tx, &it.team_key())?,
                items: promise::items(tx, &key)?,
                given: promise::given(tx, &key)?,
                teams: sign::teams(tx, ask, &elder, ask.today().max(it.from))?,
                because: contract::because(tx, &it)?,
                others,
                it,
                elder,
            })
        })
        .await?;
    let it = &shown.it;
    let content = html! {
        @if it.standing(ask.today()) == Standing::Running && it.idle <= ask.today() {
            (alert(Badge::Warn, ask.t("签而不约"), html! { p { (ask.f("{day} 以后没有任何服务", &[("day", &it.served.unwrap_or(it.from))])) } }))
        }
        div.cols {
            div.stack { (promises(&ask, &shown)) (services(&ask, &shown)) }
            div.stack { (basic(&ask, &shown)) (deeds_card(&ask, &shown)) (others(&ask, &shown.others)) (why(&ask, &shown.because)) }
        }
    };
    let elder_link = format!("/elders/{}", shown.elder.key);
    let way = crumbs(
        &ask,
        &[("/contracting", ask.t("家庭医生签约")), (&elder_link, &shown.elder.name), ("", ask.t("签约协议"))],
    );
    let actions = html! { button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let line = format!("{} · {}", it.package_titles(&ask), shown.team.name);
    Ok(ask.page(Head::new(&shown.elder.name).line(line).crumbs(way).actions(actions), content))
}

/// How a contract stands today, as a badge.
fn standing(ask: &Ask, it: &Contract) -> Markup {
    let (kind, title) = match it.standing(ask.today()) {
        Standing::Planned => (Badge::Info, "未开始"),
        Standing::Running if it.idle <= ask.today() => (Badge::Warn, "签而不约"),
        Standing::Running => (Badge::Ok, "有效"),
        Standing::Ended if it.ended_reason.is_empty() => (Badge::Muted, "已到期"),
        Standing::Ended => (Badge::Muted, words::title(words::ENDS, &it.ended_reason)),
    };
    badge(kind, ask.t(title))
}

fn basic(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let file = |id: Id, title: &str| html! { a href=(format!("{}/files/{id}", it.link())) { (ask.t(title)) } " " };
    let pairs = [
        (ask.t("状态"), standing(ask, it)),
        (ask.t("有效期"), html! { (it.from) " – " (it.last_day()) }),
        (
            ask.t("团队"),
            html! { a href=[shown.team.is_in(&ask.who.scope).then(|| shown.team.link())] { (shown.team.name) } " " (shown.team.phone) },
        ),
        (ask.t("服务包"), html! { (it.package_titles(ask)) }),
        (ask.t("个人付费"), html! { (words::money(ask, Money::from_fen(it.fee))) }),
        (
            ask.t("签约方式"),
            html! { (ask.t(words::title(words::WAYS, &it.way))) " "
            @if let Some(id) = it.signature { (file(id, "看签名")) }
            @if let Some(id) = it.paper { (file(id, "看纸质协议")) } },
        ),
        (ask.t("由谁签字"), html! { (ask.t(words::title(words::SIGNERS, &it.signer))) " " (it.signer_name) }),
        (ask.t("办理人"), html! { (it.doctor_name) " " (time(&it.signed)) }),
        (ask.t("终止说明"), html! { @if it.ended_note.is_empty() { span.muted { "—" } } @else { (it.ended_note) } }),
    ];
    html! { section.card { header.card-head { h2 { (ask.t("签约协议")) } } div.card-body { (kv(&pairs)) } } }
}

fn promises(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let policy = ask.app.policy_in(&it.key.region, it.from);
    let packages = policy.read(|it| &it.contracting.packages).ok();
    let charge = |one: &Item| {
        let chosen = packages?.iter().filter(|package| it.packages.contains(&package.id));
        let promised = chosen.flat_map(|it| &it.items).find(|it| it.service.word() == one.service)?;
        Some(match contracting::charge(promised, u16::try_from(one.done).ok()?) {
            Charge::Promised { left, besides } if besides.is_empty() => ask.f("还有 {n} 次", &[("n", &left)]),
            Charge::Promised { left, besides } => {
                ask.f("还有 {n} 次,另收{what}", &[("n", &left), ("what", &besides.join("、"))])
            }
            Charge::Beyond => ask.t("再做可以收费").to_string(),
            Charge::Free => ask.t("已做完,再做不收费").to_string(),
        })
    };
    html! {
        section.card { header.card-head { h2 { (ask.t("约定与完成")) } span.muted { (it.done) "/" (it.promised) } }
            div.tablewrap { table.plain.stacks {
                thead { tr { th scope="col" { (ask.t("服务")) } th scope="col" { (ask.t("完成")) } th scope="col" { (ask.t("最近服务")) } th scope="col" { (ask.t("备注")) } } }
                tbody { @for one in &shown.items {
                    @let title = ask.t(words::title(words::Service::WORDS, &one.service));
                    tr {
                        td { (title) }
                        td data-label=(ask.t("完成")) { div.progress { progress max=(one.times) value=(one.done.min(one.times)) aria-label=(title) { (one.done) "/" (one.times) } span { (one.done) "/" (one.times) } } }
                        td data-label=(ask.t("最近服务")) { @match one.last { Some(day) => (day), None => span.muted { "—" } } }
                        td data-label=(ask.t("备注")) { (charge(one).unwrap_or_default()) }
                    }
                } }
            } }
        }
    }
}

fn services(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("已做的服务")) } }
            @if shown.given.is_empty() { div.card-body { p.muted { (ask.t("还没有服务记录;体检、随访、访视等做完后自动记到这里。")) } } }
            @else { div.tablewrap { table.plain.stacks {
                thead { tr { th scope="col" { (ask.t("日期")) } th scope="col" { (ask.t("服务")) } th scope="col" { (ask.t("服务人员")) } th scope="col" { (ask.t("备注")) } } }
                tbody { @for it in &shown.given { tr {
                    td { (it.day) }
                    td data-label=(ask.t("服务")) { (ask.t(words::title(words::Service::WORDS, &it.service))) }
                    td data-label=(ask.t("服务人员")) { (it.who) }
                    td data-label=(ask.t("备注")) { (ask.t(&it.note)) }
                } } }
            } } }
        }
    }
}

fn deeds_card(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let today = ask.today();
    let open = it.standing(today) != Standing::Ended && shown.elder.is_living();
    let follows = shown.others.iter().any(|one| it.until <= one.from);
    let renewable = !follows && it.ended_reason.is_empty() && shown.elder.is_living() && today <= it.until.add_days(90);
    if !ask.may(MANAGE) || !(open || renewable) {
        return html! {};
    }
    let opens = contracting::renewable_from(it.until, &ask.app.policy_in(&it.key.region, today)).ok();
    let here = it.link();
    let teams: Vec<(String, String)> = shown
        .teams
        .iter()
        .filter(|one| one.key.id != it.team)
        .map(|it| (it.key.id.to_string(), it.name.clone()))
        .collect();
    let mut input = Input::default();
    input.set("day", today.to_string());
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            @if it.runs_on(today) && shown.elder.is_living() {
                details { summary { (ask.t("登记服务")) }
                    form.form method="post" action=(format!("{here}/services")) {
                        (csrf(ask)) (kit_form::fields(ask, deeds::SERVICE, &input, &Options::new(), &[]))
                        button.btn { (ask.t("登记服务")) }
                    }
                }
            }
            @if renewable {
                @match opens {
                    Some(day) if today < day => p.small.muted { (ask.f("{day} 起可以续签", &[("day", &day)])) },
                    _ => form.form method="post" action=(format!("{here}/renew")) { (csrf(ask)) button.btn { (icon("arrow-repeat")) (ask.t("续签")) } },
                }
            }
            @if open && !teams.is_empty() {
                details { summary { (ask.t("变更团队")) }
                    form.form method="post" action=(format!("{here}/team")) {
                        (csrf(ask)) (kit_form::fields(ask, deeds::TEAM, &Input::default(), &Options::from([("team", teams)]), &[]))
                        button.btn { (ask.t("变更团队")) }
                    }
                }
            }
            @if open {
                details { summary { (ask.t("终止签约")) }
                    form.form method="post" action=(format!("{here}/end")) data-confirm=(ask.t("终止这份签约?")) {
                        (csrf(ask)) (kit_form::fields(ask, deeds::END, &input, &Options::new(), &[]))
                        button.btn.btn-danger { (ask.t("终止签约")) }
                    }
                }
            }
        } }
    }
}

fn others(ask: &Ask, all: &[Contract]) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("其他各期签约")) } } div.card-body { ul {
            @for it in all { li { a href=(it.link()) { (it.from) " – " (it.last_day()) } " " (standing(ask, it)) } }
        } } }
    }
}

fn why(ask: &Ask, because: &str) -> Markup {
    #[derive(serde::Deserialize)]
    struct Reason {
        param: String,
        region_name: String,
        from: Date,
        document: Option<String>,
        clause: Option<String>,
        status: String,
        confirmed: u8,
    }
    let reasons: Vec<Reason> = serde_json::from_str(because).unwrap_or_default();
    let title = |id: &str| {
        let document = ask.app.policy.document(id);
        let own = |it: &Document| ask.either(&it.title, &it.title_en).to_string();
        document.map_or(id.to_string(), own)
    };
    html! {
        details.why { summary { (ask.t("依据的政策")) }
            ol.reasons {
                @for it in &reasons { li {
                    p { a href=(format!("/policy/contracting/{}", kit::form::encoded(&it.param))) { (ask.t(&it.param)) }
                        @if it.status == "示例" { " " (badge(Badge::Example, ask.t("示例"))) }
                        @if it.confirmed == 0 { " " (badge(Badge::Unconfirmed, ask.t("待核"))) } }
                    p.source { @if let Some(id) = &it.document { cite { (title(id)) } " " } (it.clause.as_deref().unwrap_or_default())
                        " · " (ask.t(&it.region_name)) " · " (ask.f("{day} 起", &[("day", &it.from)])) }
                } }
            }
        }
    }
}

/// A signature or the photo of the paper; each look is noted.
pub async fn file(ask: Ask, Path((key, file)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    ask.write(move |tx, ask| {
        let (it, elder) = contract::find(tx, &ask.who.scope, &key)?;
        if it.signature != Some(file) && it.paper != Some(file) {
            return Err(Error::NotFound);
        }
        elders::note(tx, ask, "look", &elder, &format!("contract {key} file"))
    })
    .await?;
    files::answer(&ask, &region, file).await
}
