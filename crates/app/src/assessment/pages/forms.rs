//! What can be done with an assessment now, by who looks at it.

use kit::{Ask, form::csrf, page::icon};
use maud::{Markup, html};
use rules::assessment_course::State;

use crate::assessment::{APPLY, ASSESS, HANDLE, REVIEW, apply, people::Choice, record::Assessment, words};

/// The deeds of this moment as a card; nothing where there are none.
pub fn card(ask: &Ask, it: &Assessment, assessors: &Choice) -> Markup {
    let parts =
        [applicant(ask, it), office(ask, it, assessors), assessor(ask, it), reviewer(ask, it), objection(ask, it)];
    let parts: Vec<Markup> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return html! {};
    }
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } }
            div.card-body.stack { @for part in &parts { (part) } } }
    }
}

fn post(ask: &Ask, it: &Assessment, deed: &str, inside: &Markup) -> Markup {
    html! { form.form method="post" action=(format!("{}/{deed}", it.link())) { (csrf(ask)) (inside) } }
}

/// A deed that needs a sentence, folded until it is wanted.
fn with_words(ask: &Ask, it: &Assessment, deed: &str, title: &str, name: &str, label: &str) -> Markup {
    let id = format!("{deed}-{name}");
    let inside = html! {
        div.field { label for=(id) { (ask.t(label)) " " span.req { (ask.t("必填")) } }
            textarea id=(id) name=(name) rows="2" maxlength="500" required {} }
        button.btn { (ask.t(title)) }
    };
    html! { details { summary { (ask.t(title)) } (post(ask, it, deed, &inside)) } }
}

fn applicant(ask: &Ask, it: &Assessment) -> Option<Markup> {
    let open = matches!(it.state, State::Draft | State::Returned);
    if !open || !ask.may(APPLY) {
        return None;
    }
    let needed = apply::needs_self_rating(ask, it);
    let rated = it.self_rating.is_some();
    let is_ltci = it.programme == crate::assessment::Programme::Ltci;
    Some(html! {
        p { (ask.t("请核对申请,上传身份证、病历等材料后提交。")) }
        @if is_ltci {
            p { a.btn href=(format!("{}/self-rating", it.link())) { (icon("list-check")) (ask.t("填写自评表")) }
                " " span.muted { @if rated { (ask.t("已自评")) } @else if needed { (ask.t("本地要求先自评")) } @else { (ask.t("本地不作要求,可不填")) } } }
        }
        (post(ask, it, "submit", &html! { button.btn.btn-primary { (icon("send")) (ask.t("提交申请")) } }))
    })
}

fn office(ask: &Ask, it: &Assessment, assessors: &Choice) -> Option<Markup> {
    if !ask.may(HANDLE) || !it.programme.is_formal() {
        return None;
    }
    let end = with_words(ask, it, "end", "终止评估", "why", "终止的原因");
    Some(match it.state {
        State::Submitted | State::CheckingMaterials => html! {
            (post(ask, it, "accept", &html! { button.btn.btn-primary { (icon("check-lg")) (ask.t("材料齐全,受理")) } }))
            (with_words(ask, it, "return", "退回补正", "missing", "要补正的材料"))
            (rejection(ask, it))
        },
        State::AwaitingDispatch => html! { (dispatch(ask, it, assessors, "assign", "派单")) (end) },
        State::Assessing if it.is_open_to_answers() => html! {
            details { summary { (ask.t("改派评估员")) } (dispatch(ask, it, assessors, "assign", "改派")) }
            @if it.reason != "objection" { (end) }
        },
        State::Objected => html! {
            p.strong { (ask.t("安排其他评估员复评")) }
            (dispatch(ask, it, assessors, "begin-review", "安排复评"))
            (with_words(ask, it, "dismiss", "维持原结论", "why", "维持原结论的理由"))
        },
        State::Draft | State::Returned => end,
        _ => return None,
    })
}

fn rejection(ask: &Ask, it: &Assessment) -> Markup {
    let inside = html! {
        fieldset.field { legend { (ask.t("不予受理的原因")) } div.options {
            @for (word, title) in words::REJECTIONS {
                label.option { input type="radio" name="rejection" value=(word) required; " " (ask.t(title)) }
            }
        } }
        div.field { label for="reject-words" { (ask.t("说明")) } input #reject-words name="words" maxlength="500" autocomplete="off"; }
        button.btn.btn-danger { (ask.t("不予受理")) }
    };
    html! { details { summary { (ask.t("不予受理")) } (post(ask, it, "reject", &inside)) } }
}

fn dispatch(ask: &Ask, it: &Assessment, assessors: &Choice, deed: &str, title: &str) -> Markup {
    let choice = |name: &str, label: &str| {
        let at = usize::from(name == "assessor_2");
        let chosen = it.assessors[at].account.map(|it| it.to_string());
        let chosen = chosen.filter(|_| deed == "assign");
        html! {
            div.field { label for=(name) { (ask.t(label)) " " span.req { (ask.t("必填")) } }
                select id=(name) name=(name) required {
                    option value="" { (ask.t("请选择")) }
                    @for (id, name) in &assessors.options { option value=(id) selected[chosen.as_ref() == Some(id)] { (name) } }
                }
            }
        }
    };
    let inside = html! {
        @if assessors.options.len() < 2 { p.error { (ask.t("本地可派的评估员不足两名,请系统管理员增加评估员账号。")) } }
        @if !assessors.barred.is_empty() {
            div.small.muted { (ask.t("须回避,不能选:"))
                ul { @for (name, why) in &assessors.barred { li { (name) " — " (ask.t(why)) } } } }
        }
        div.form.grid {
            (choice("assessor_1", "第一评估员(主评)"))
            (choice("assessor_2", "第二评估员"))
            div.field { label for="planned_day" { (ask.t("上门日期")) " " span.req { (ask.t("必填")) } }
                input #planned_day type="date" name="planned_day" required min=(ask.today())
                      value=(it.planned_day.as_deref().unwrap_or_default()); }
            div.field { label for="planned_time" { (ask.t("时间")) }
                input #planned_time type="time" name="planned_time" value=(it.planned_time); }
        }
        button.btn.btn-primary { (icon("send")) (ask.t(title)) }
    };
    post(ask, it, deed, &inside)
}

fn assessor(ask: &Ask, it: &Assessment) -> Option<Markup> {
    if it.state != State::Assessing || !ask.may(ASSESS) || it.place_of(ask.who.account).is_none() {
        return None;
    }
    Some(if it.is_open_to_answers() {
        html! { a.btn.btn-primary href=(format!("{}/answers", it.link())) { (icon("clipboard-check")) (ask.t("开始(继续)作答")) } }
    } else {
        html! { a.btn.btn-primary href=(format!("{}/sign", it.link())) { (icon("pen")) (ask.t("核对并签名")) } }
    })
}

fn reviewer(ask: &Ask, it: &Assessment) -> Option<Markup> {
    if it.state != State::AwaitingSecondSignature || !ask.may(REVIEW) {
        return None;
    }
    let inside = html! {
        div.field { label for="approve-words" { (ask.t("复核意见")) } input #approve-words name="words" maxlength="500" autocomplete="off"; }
        button.btn.btn-primary data-confirm=(ask.t("复核后结论进入公示或生效,不能撤回。确定通过吗?")) data-confirm-ok=(ask.t("确定通过")) { (icon("check-lg"))
            @if it.programme.has_notice() { (ask.t("复核通过,开始公示")) } @else { (ask.t("复核通过,结论生效")) } }
    };
    Some(html! {
        (post(ask, it, "approve", &inside))
        (with_words(ask, it, "send-back", "退回评估员", "why", "退回的原因"))
    })
}

fn objection(ask: &Ask, it: &Assessment) -> Option<Markup> {
    let in_time = it.objection_until.is_some_and(|until| ask.today() <= until);
    let open = matches!(it.state, State::OnNotice | State::Effective) && it.programme.is_formal() && in_time;
    if !open || !ask.may(APPLY) {
        return None;
    }
    let until = it.objection_until.map(|it| it.to_string()).unwrap_or_default();
    let inside = html! {
        div.field { label for="object-who" { (ask.t("异议人")) } input #object-who name="who" maxlength="50" autocomplete="off"; }
        div.field { label for="object-why" { (ask.t("异议的理由")) " " span.req { (ask.t("必填")) } }
            textarea #object-why name="why" rows="2" maxlength="500" required {} }
        button.btn { (icon("flag")) (ask.t("提出异议")) }
    };
    Some(html! {
        details { summary { (ask.f("提出异议(截至 {day})", &[("day", &until)])) } (post(ask, it, "object", &inside)) }
    })
}
