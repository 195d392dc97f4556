//! Applying for benefit: who asks, which way of care, by whom.

use kit::{
    Ask, Error, Id, Result, Role, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, crumbs},
};
use maud::html;

use crate::{
    assessment::{self, Assessment, Programme},
    elders::{self, Elder, Key},
    ltci::{
        benefit::{
            application::Application,
            decide::{self, Wish},
        },
        insured,
        provider::list::able,
        words,
    },
};

/// The first is known from where one comes; the API names it.
pub const FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    field("mode", "服务方式", Kind::Pick).required().help("当地支付的服务方式。"),
    field("provider", "服务机构", Kind::Pick).help("有有效协议的定点机构;居家自主护理不选。"),
    field("applicant", "由谁申请", Kind::Choice(words::APPLICANTS)).required(),
    field("applicant_name", "申请人(代办人)姓名", Kind::Text(50)),
    field("bonus", "连续护理加成", Kind::Choice(words::BONUSES)).help("当地有加成时,选增加时长还是领取金额。"),
    field("disabled_since", "失能开始日期", Kind::Date).help("还没有评估结论时填写,受理评估时核对持续时间。"),
    field("site", "评估地点", Kind::Choice(assessment::words::SITES)),
    field("note", "情况说明", Kind::Text(300)),
];

pub async fn page(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("elder", ask.param("elder").unwrap_or_default());
    input.set("applicant", if ask.who.role == Role::Family { "family" } else { "self" });
    input.set("site", "home");
    if ask.who.role == Role::Family {
        input.set("applicant_name", &*ask.who.name);
    }
    show(&ask, &input, &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let for_error = input.clone();
    match ask.write(move |tx, ask| apply_from(tx, ask, &input)).await {
        Ok((_, Some(begun))) => Ok(ask.go(&begun.link(), ask.t("待遇申请已登记;请完成失能评估申请并提交"))),
        Ok((it, None)) => Ok(ask.go(&it.link(), ask.t("待遇申请已登记"))),
        Err(Error::Invalid(errors)) => show(&ask, &for_error, &errors).await,
        Err(other) => Err(other),
    }
}

/// Checks what was sent and applies; page and API come through here.
pub fn apply_from(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(Application, Option<Assessment>)> {
    let key: Key = input.get("elder").parse().map_err(|_| Error::invalid("elder", "请从老人的页面申请"))?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    let checked = kit_form::check(FIELDS, input, &options(tx, ask, &key)?)?;
    let wish = Wish {
        applicant: checked.text("applicant"),
        applicant_name: checked.text("applicant_name"),
        mode: checked.text("mode"),
        provider: checked.id("provider"),
        bonus: checked.optional("bonus").unwrap_or_else(|| "hours".into()),
        note: checked.text("note"),
        disabled_since: checked.date("disabled_since"),
        site: checked.optional("site").unwrap_or_else(|| "home".into()),
    };
    if wish.applicant != "self" && wish.applicant_name.is_empty() {
        return Err(Error::invalid("applicant_name", "请填写申请人姓名"));
    }
    if wish.disabled_since.is_some_and(|it| ask.today() < it) {
        return Err(Error::invalid("disabled_since", "“失能开始日期”不能晚于今天"));
    }
    decide::apply(tx, ask, &elder, &wish)
}

/// The ways of care that are paid here today, and the institutions that may give care.
pub fn options(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Options> {
    let policy = ask.app.policy_in(&key.region, ask.today());
    let modes = assessment::needed(policy.read(|it| &it.ltci.modes))?;
    let modes = modes.iter().map(|it| {
        let word = words::mode_word(*it);
        (word.to_string(), ask.t(words::title(words::MODES, word)).to_string())
    });
    let providers: Vec<(Id, String)> = able(tx, &key.region, ask.today())?;
    let providers = providers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    Ok(Options::from([("mode", modes.collect()), ("provider", providers)]))
}

struct Known {
    elder: Elder,
    options: Options,
    is_insured: bool,
    has_conclusion: bool,
}

async fn show(ask: &Ask, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let key: Key = input.get("elder").parse()?;
    let known = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "ltci application")?;
            let today = ask.today();
            insured::record::link(tx, ask, &elder)?;
            let insured = insured::of_elder(tx, &key)?;
            Ok(Known {
                options: options(tx, ask, &key)?,
                is_insured: insured.iter().any(|it| it.from <= today && it.until.is_none_or(|end| today < end)),
                has_conclusion: assessment::current(tx, &key, Programme::Ltci)?.is_some(),
                elder,
            })
        })
        .await?;
    let key = &known.elder.key;
    let content = html! {
        @if !known.is_insured {
            (alert(Badge::Warn, ask.t("没有查到参保记录"), html! { p { (ask.t("未参保的,不能享受待遇;请先核对参保登记。")) } }))
        }
        @if !known.has_conclusion {
            (alert(Badge::Info, ask.t("还没有有效的失能评估结论"), html! { p { (ask.t("登记后同时申请失能评估,结论生效后再决定待遇。")) } }))
        }
        section.card { div.card-body {
            form.form.grid method="post" action="/ltci/apply" data-draft=(format!("ltci-apply-{key}")) data-guard {
                (csrf(ask))
                input type="hidden" name="elder" value=(key);
                (kit_form::fields(ask, &FIELDS[1..], input, &known.options, errors))
                div.form-foot {
                    button.btn.btn-primary { (ask.t("申请待遇")) }
                    a.btn.btn-ghost href=(format!("/elders/{key}")) { (ask.t("取消")) }
                }
            }
        } }
    };
    let here = format!("/elders/{key}");
    let way = crumbs(ask, &[("/ltci", ask.t("长护险待遇")), (&here, &known.elder.name), ("", ask.t("申请待遇"))]);
    let line = format!("{} · {}", known.elder.name, elders::about(ask, &known.elder));
    let status =
        if errors.is_empty() { axum::http::StatusCode::OK } else { axum::http::StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(ask.t("申请长护险待遇")).line(line).crumbs(way), content))
}
