//! One order: where it stands, for whom and what, what it costs, and what can be done with it now.

use axum::extract::Path;
use kit::{
    Ask, Id, Result, Role, Said,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, time},
};
use maud::{Markup, html};
use rules::{
    base::Date,
    home_service::{CallOff, Condition, Risk, Verdict},
};

use super::{
    catalogue, deeds,
    new::{money, signature_pad},
};
use crate::{
    elders::{self, Elder, Key},
    institutions,
    orders::{
        DO, HANDLE, PLACE, RATE,
        assessed::{self, Seen},
        course,
        record::{self, Order, Step},
        words,
    },
};

struct Shown {
    it: Order,
    elder: Elder,
    institution: String,
    steps: Vec<Step>,
    /// Until when a first assessment holds.
    seen_until: Option<Date>,
    seen: Option<Seen>,
    /// The risks that there are, in the reader's language.
    risks: Vec<String>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let ask = super::for_family(ask);
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("order {key}"))?;
            let policy = ask.app.policy_in(&key.region, ask.today());
            let all: &[Risk] = policy.read(|it| &it.home_services.risks).map_or(&[], |it| it);
            let named = |id: &String| {
                let known = all.iter().find(|it| it.id == *id);
                known.map_or(id.clone(), |it| ask.either(&it.name, &it.name_en).to_string())
            };
            Ok(Shown {
                institution: institutions::by_key(tx, &it.institution_key())?.name,
                steps: record::steps(tx, &key)?,
                seen_until: assessed::until(tx, ask, &elder.key)?,
                seen: assessed::last(tx, &elder.key)?,
                risks: it.risks.iter().map(named).collect(),
                it,
                elder,
            })
        })
        .await?;
    let it = &shown.it;
    let content = html! {
        (notices(&ask, &shown))
        div.cols {
            div.stack { (basic(&ask, &shown)) (now(&ask, &shown)?) (costs(&ask, it)) (history(&ask, &shown.steps)) }
            div.stack { (safety(&ask, &shown)) (tasks(&ask, it)) }
        }
    };
    let elder_link = format!("/elders/{}", shown.elder.key);
    let way = crumbs(&ask, &[("/orders", ask.t("上门服务")), (&elder_link, &shown.elder.name), ("", it.name(&ask))]);
    let paper = format!("{}/paper", it.link());
    let actions = html! { a.btn.btn-ghost href=(paper) { (icon("printer")) (ask.t("打印服务单")) } };
    let line = format!("{} · {} · {}", shown.elder.name, it.when(&ask), shown.institution);
    Ok(ask.page(Head::new(it.name(&ask)).line(line).crumbs(way).actions(actions), content))
}

fn notices(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    html! {
        @if it.is_late(ask) {
            (alert(Badge::Bad, ask.t("超时未答复"), html! { p { (ask.f("应在 {time} 前答复", &[("time", &kit::clock::minute(&it.answer_by))])) } }))
        }
        @if !it.ended_reason.is_empty() {
            (alert(Badge::Warn, ask.t(words::title(words::STATES, &it.state)), html! { p { (ask.t(&it.ended_reason)) } }))
        }
        @if it.complaint && it.complaint_answer.is_empty() {
            (alert(Badge::Bad, ask.t("有投诉待答复"), html! { p { (it.rating_words) } }))
        }
        @if it.without_bed && it.is_open() && ask.may(HANDLE) {
            (alert(Badge::Info, ask.t("有需要而未建家庭病床的老人"), html! { p { (ask.t("按差异化服务优先安排,并看是否符合建床条件。")) } }))
        }
    }
}

fn basic(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let staff: Vec<&str> = [&*it.staff_name, &*it.second_name].into_iter().filter(|it| !it.is_empty()).collect();
    let mut pairs = vec![
        (ask.t("状态"), badge(words::badge(&it.state), ask.t(words::title(words::STATES, &it.state)))),
        (ask.t("时间"), html! { (it.when(ask)) " · " (it.service.minutes) " " (ask.t("分钟")) }),
        (ask.t("机构"), html! { (shown.institution) }),
        (
            ask.t("服务人员"),
            html! { @if staff.is_empty() { span.muted { (ask.f("还没有派人,需要 {n} 人", &[("n", &it.people)])) } } @else { (staff.join(ask.t("、"))) } },
        ),
        (
            ask.t("由谁预约"),
            html! { (it.placed_by) " · " (ask.t(words::title(words::CHANNELS, &it.channel))) " · " (time(&it.placed)) },
        ),
    ];
    if !it.note.is_empty() {
        pairs.push((ask.t("还要告诉服务人员的"), html! { (it.note) }));
    }
    if let Some(day) = it.done_day {
        let how = if it.done_source == "hand" { "手工登记" } else { "上门记录" };
        pairs.push((ask.t("完成"), html! { (day) " · " (ask.t(how)) " " (it.done_note) }));
    }
    if let Some(n) = it.rating {
        let title = words::title(words::RATINGS, &n.to_string());
        pairs.push((ask.t("评价"), html! { (ask.f("{n} 分", &[("n", &n)])) " " (ask.t(title)) " " (it.rating_words) }));
    }
    if !it.complaint_answer.is_empty() {
        pairs.push((ask.t("投诉的答复"), html! { (it.complaint_answer) }));
    }
    html! { section.card { header.card-head { h2 { (ask.t("订单")) } } div.card-body { (kv(&pairs)) } } }
}

fn costs(ask: &Ask, it: &Order) -> Markup {
    let text = |line: &serde_json::Value, name: &str| line[name].as_str().unwrap_or_default().to_string();
    let fen = |line: &serde_json::Value, name: &str| line[name].as_i64().unwrap_or_default();
    let lines = it.quote["lines"].as_array().cloned().unwrap_or_default();
    let notes: Vec<String> = serde_json::from_str(&it.charge_note).unwrap_or_default();
    let to = |id: &Id| format!("/tariff/bills/{}-{id}", it.key.region);
    let bill = it.bill.as_ref().map(to);
    html! {
        section.card { header.card-head { h2 { (ask.t("费用")) } @if let Some(to) = &bill { a href=(to) { (ask.t("账单")) } } }
            @if lines.is_empty() { div.card-body { p.muted { (ask.t("没有收费项目,或没有价格。")) } } }
            @else { div.tablewrap { table.plain.stacks {
                thead { tr { th scope="col" { (ask.t("项目")) } th.num scope="col" { (ask.t("金额")) } th scope="col" { (ask.t("由谁付")) } th.num scope="col" { (ask.t("个人付")) } } }
                tbody { @for line in &lines { tr {
                    td { (ask.t(&text(line, "name"))) @if line["example"] == true { " " (badge(Badge::Example, ask.t("示例"))) } }
                    td.num data-label=(ask.t("金额")) { (money(ask, fen(line, "amount_fen"))) }
                    td data-label=(ask.t("由谁付")) { (Said::shown(&text(line, "why"), ask.lang)) }
                    td.num data-label=(ask.t("个人付")) { (money(ask, fen(line, "person_fen"))) }
                } } }
            } } }
            div.card-body {
                p.small.muted { (ask.t("预约时的价格;完成后按当天的价格开账单。")) }
                @for id in &it.former_bills { p { (ask.t("上门记录被撤销,原账单已全部冲正")) (ask.t(":")) a href=(to(id)) { (ask.t("看账单")) } } }
                @if !notes.is_empty() { p { (ask.t("没有收的和原因")) (ask.t(":")) }
                    ul { @for note in &notes { li { (Said::shown(note, ask.lang)) } } } }
            }
        }
    }
}

fn history(ask: &Ask, steps: &[Step]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("经过")) } } div.card-body { ol.reasons {
            @for it in steps { li { p { (Said::shown(&it.said, ask.lang)) } p.source { (it.who) " · " (time(&it.at)) } } }
        } } }
    }
}

fn safety(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let verdict = words::title(Verdict::WORDS, &it.verdict);
    let conditions: Vec<&str> =
        it.conditions.iter().filter_map(|word| Condition::parse(word)).map(|one| ask.t(one.title())).collect();
    let kind = if it.verdict == "go" { Badge::Ok } else { Badge::Warn };
    let mut pairs = vec![
        (ask.t("老人的情况"), html! { (conditions.join(ask.t("、"))) }),
        (ask.t("怎样上门"), html! { (badge(kind, ask.t(verdict))) " " (ask.f("{n} 人", &[("n", &it.people)])) }),
    ];
    if !shown.risks.is_empty() {
        pairs.push((ask.t("风险"), html! { (shown.risks.join(ask.t("、"))) }));
    }
    if it.carer {
        pairs.push((ask.t("照护者"), html! { (ask.t("上门时须在场")) }));
    }
    if it.needs_assessment() {
        pairs.push((
            ask.t("首次面对面评估"),
            html! { @match shown.seen_until { Some(day) => { (ask.f("有效至 {day}", &[("day", &day)])) @if let Some(it) = &shown.seen { br; small.muted { (it.who) " · " (it.note) } } }, None => (badge(Badge::Warn, ask.t("还没有"))) } },
        ));
    }
    if !it.consent.is_empty() {
        let signer = ask.t(words::title(words::SIGNERS, &it.consent_signer));
        pairs.push((
            ask.t("知情同意"),
            html! { (signer) " " (it.consent_name) " · "
            @match &it.agreed.at {
                Some(at) => { (ask.t(if it.agreed.file.is_some() { "已签名" } else { "账号已确认" })) " " (time(at)) },
                None => (badge(Badge::Warn, ask.t("还没有确认"))),
            } " " a href=(format!("{}/paper", it.link())) { (ask.t("看同意书")) } },
        ));
    }
    html! { section.card { header.card-head { h2 { (ask.t("安全和同意")) } } div.card-body { (kv(&pairs)) } } }
}

fn tasks(ask: &Ask, it: &Order) -> Markup {
    html! {
        @if !it.service.tasks.is_empty() {
            section.card { header.card-head { h2 { (ask.t("上门要做的")) } } div.card-body {
                ol { @for one in &it.service.tasks { li { (ask.either(&one.name, &one.name_en)) } } }
                p { (catalogue::demands(ask, &it.service)) }
            } }
        }
    }
}

/// What is to be agreed to, by the account of elder or family or with a signature.
fn consent(ask: &Ask, it: &Order) -> Markup {
    let mut said = Input::default();
    said.set("signer", &*it.consent_signer);
    said.set("signer_name", &*it.consent_name);
    html! {
        form.form method="post" action=(format!("{}/consent", it.link())) { (csrf(ask))
            h3 { (ask.t("知情同意")) }
            ol { @for [zh, en] in &it.consent { li { (ask.either(zh, en)) } } }
            @for field in &deeds::CONSENT[..2] { (kit_form::one(ask, field, &said, &Options::new(), &[])) }
            @if ask.who.role == Role::Family { p.help { (ask.t("提交后以您的账号确认同意,记下时间。")) } } @else { (signature_pad(ask)) }
            button.btn.btn-primary { (icon("pen")) (ask.t("确认同意")) } }
    }
}

/// What can be done now.
fn now(ask: &Ask, shown: &Shown) -> Result<Markup> {
    let it = &shown.it;
    let (here, state) = (it.link(), &*it.state);
    let is_before = matches!(state, "placed" | "accepted" | "assigned");
    let seen = !it.needs_assessment() || shown.seen_until.is_some_and(|until| it.day <= until);
    let mut wish = Input::default();
    wish.set("day", it.day.to_string());
    wish.set("part", &*it.part);
    let mut today = Input::default();
    today.set("day", ask.today().to_string());
    let none = Options::new();
    let handle = ask.may(HANDLE) && matches!(state, "placed" | "accepted" | "assigned");
    let acts = ask.may(DO) && (matches!(state, "assigned" | "under_way") || is_before && !seen);
    let owner = ask.may(PLACE) && it.is_open();
    let rates = ask.may(RATE) && state == "done";
    let agrees = owner && !it.is_agreed();
    let answers = ask.may(HANDLE) && it.complaint && it.complaint_answer.is_empty();
    if !(handle || acts || owner || rates || answers) {
        return Ok(html! {});
    }
    let call = if owner { Some(course::calling(ask, it)?) } else { None };
    Ok(html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            @if answers {
                form.form method="post" action=(format!("{here}/answer")) { (csrf(ask))
                    (kit_form::fields(ask, deeds::ANSWER, &Input::default(), &none, &[]))
                    button.btn.btn-primary { (ask.t("答复投诉")) } }
            }
            @if agrees { (consent(ask, it)) }
            @if rates {
                form.form method="post" action=(format!("{here}/rate")) { (csrf(ask))
                    (kit_form::fields(ask, deeds::RATING, &Input::default(), &none, &[]))
                    button.btn.btn-primary { (icon("star")) (ask.t("评价")) } }
            }
            @if ask.may(DO) && is_before && !seen {
                form.form method="post" action=(format!("{here}/assessed")) { (csrf(ask))
                    (kit_form::fields(ask, deeds::ASSESSED, &Input::default(), &none, &[]))
                    button.btn { (ask.t("登记首次面对面评估")) } }
            }
            @if handle {
                @if state == "placed" {
                    form method="post" action=(format!("{here}/accept")) { (csrf(ask)) button.btn { (icon("check-circle")) (ask.t("接单")) } }
                }
                a.btn.btn-primary href=(format!("{here}/staff")) { (icon("person-badge")) (ask.t(if state == "assigned" { "改派人员" } else { "派人" })) }
                @if state != "assigned" {
                    details { summary { (ask.t("不接单")) }
                        form.form method="post" action=(format!("{here}/refuse")) data-confirm=(ask.t("不接这张订单?")) { (csrf(ask))
                            (kit_form::fields(ask, deeds::REFUSAL, &Input::default(), &none, &[]))
                            button.btn.btn-danger { (ask.t("不接单")) } } }
                }
            }
            @if ask.may(DO) && state == "assigned" {
                form method="post" action=(format!("{here}/depart")) { (csrf(ask)) button.btn { (icon("geo-alt")) (ask.t("已出发")) } }
            }
            @if ask.may(DO) && matches!(state, "assigned" | "under_way") {
                details { summary { (ask.t("手工登记完成")) }
                    p.help { (ask.t("用手机上门的,做完后自动登记;没有手机的在这里登记。")) }
                    form.form method="post" action=(format!("{here}/done")) data-confirm=(ask.t("登记完成后开账单,差错用更正。现在登记?")) { (csrf(ask))
                        (kit_form::fields(ask, deeds::DONE, &today, &none, &[]))
                        button.btn { (ask.t("登记完成")) } } }
            }
            @if owner && is_before {
                details { summary { (ask.t("改时间")) }
                    form.form method="post" action=(format!("{here}/change")) { (csrf(ask))
                        (kit_form::fields(ask, deeds::CHANGE, &wish, &none, &[]))
                        button.btn { (ask.t("改时间")) } } }
            }
            @if let Some(call) = call {
                details { summary { (ask.t("取消预约")) }
                    p.help { (ask.t(match call {
                        CallOff::Free => "现在取消不用说明原因,不收费。",
                        CallOff::WithReason => "离预约时间已近,请说明原因。",
                        CallOff::FeeMayFall => "服务人员已出发,取消可能产生上门服务费,由机构说明。",
                    })) }
                    form.form method="post" action=(format!("{here}/cancel")) data-confirm=(ask.t("取消这次预约?")) { (csrf(ask))
                        (kit_form::one(ask, &deeds::CANCEL[0], &Input::default(), &none, &[]))
                        button.btn.btn-danger { (ask.t("取消预约")) } } }
            }
            @if ask.who.role == Role::Family && is_before { p.small.muted { (ask.t("有急症请拨打120,不要等上门服务。")) } }
        } }
    })
}
