//! Signing an elder on one page: team and package are chosen already, a signature or a photo of the paper is what is left to do.

use kit::{
    Ask, Error, Result,
    error::FieldError,
    files::{self, Upload},
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, crumbs, icon},
};
use maud::{Markup, html};
use rules::{base::Date, contracting::Package};

use crate::{
    contracting::{
        MANAGE, contract, refusal,
        sign::{self, Pictures},
        words,
    },
    elders::{self, Elder, Key},
    workforce::Team,
};

pub const REFUSAL: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    field("reason", "原因", Kind::Choice(words::REFUSALS)).required(),
    field("note", "说明", Kind::Text(200)),
    field("day", "日期", Kind::Date).help("不填为今天。"),
];

struct Shown<'a> {
    elder: Elder,
    teams: Vec<Team>,
    packages: Vec<&'a Package>,
    last: Option<contract::Contract>,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let key: Key = ask.param("elder").unwrap_or_default().parse()?;
    let mut input = Input::default();
    input.set("signer", if ask.who.role == kit::Role::Family { "family" } else { "self" });
    if ask.who.role == kit::Role::Family {
        input.set("signer_name", &*ask.who.name);
    }
    show(&ask, &key, &input, &[]).await
}

pub async fn create(ask: Ask, upload: Upload<20>) -> Result<Page> {
    let key: Key = upload.input.get("elder").parse()?;
    let input = upload.input.clone();
    let pictures = pictures(&ask, &upload).await;
    let made = match pictures {
        Ok(pictures) => ask.write(move |tx, ask| sign::sign_from(tx, ask, &upload.input, &pictures)).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(it) => Ok(ask.go(&it.link(), ask.t("已签约"))),
        Err(Error::Invalid(errors)) => show(&ask, &key, &input, &errors).await,
        Err(other) => Err(other),
    }
}

/// The drawn signature and the photo of the paper, as far as they came.
pub async fn pictures(ask: &Ask, upload: &Upload<20>) -> Result<Pictures> {
    let drawn = upload.input.get("signature");
    let signature = match files::from_data_url(drawn) {
        Some(bytes) => Some(ask.app.files.lay(ask, "signature", "signature.png", bytes).await?),
        None if drawn.is_empty() => None,
        None => return Err(Error::invalid("signature", "请签名")),
    };
    let paper = match upload.file("paper") {
        Ok(file) => Some(ask.app.files.lay(ask, "paper", &file.name, file.bytes()?).await?),
        Err(_) => None,
    };
    Ok(Pictures { signature, paper })
}

async fn show(ask: &Ask, key: &Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (key, input, errors) = (key.clone(), input.clone(), errors.to_vec());
    let (content, name, line, link) = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "contract")?;
            let from = match input.get("from").parse::<Date>() {
                Ok(day) => day,
                Err(_) => sign::earliest(tx, ask, &key)?,
            };
            let shown = Shown {
                teams: sign::teams(tx, ask, &elder, from)?,
                packages: sign::fitting(tx, ask, &elder, from)?,
                last: contract::of_elder(tx, &key)?.into_iter().next(),
                elder,
            };
            let (name, about) = (shown.elder.name.clone(), elders::about(ask, &shown.elder));
            let line = format!("{name} · {about}");
            let refusals = refusal::of(tx, &key)?;
            Ok((markup(ask, &shown, &input, &errors, from, &refusals), name, line, format!("/elders/{key}")))
        })
        .await?;
    let way = crumbs(ask, &[("/contracting", ask.t("家庭医生签约")), (&link, &name), ("", ask.t("签约"))]);
    Ok(ask.page(Head::new(ask.t("签约")).line(line).crumbs(way), content))
}

fn markup(
    ask: &Ask,
    shown: &Shown<'_>,
    input: &Input,
    errors: &[FieldError],
    from: Date,
    refusals: &[refusal::Refusal],
) -> Markup {
    let today = ask.today();
    let running = shown.last.as_ref().filter(|it| today < it.until);
    html! {
        @if let Some(it) = running {
            (alert(Badge::Info, &ask.f("现在的签约有效至 {day}", &[("day", &it.last_day())]),
                html! { p { a href=(it.link()) { (ask.t("查看、续签或变更团队")) } } }))
        }
        @if let Some(it) = refusals.first() {
            (alert(Badge::Warn, &ask.f("{day} 拒绝过签约", &[("day", &it.day)]),
                html! { p { (ask.t(words::title(words::REFUSALS, &it.reason))) " " (it.note) " " (it.who) } }))
        }
        @if shown.teams.is_empty() {
            (alert(Badge::Bad, ask.t("这个地区还没有家庭医生团队"), html! { p { (ask.t("请先组建团队,并指定它负责这个村(社区)。")) } }))
        } @else if shown.packages.is_empty() {
            (alert(Badge::Bad, ask.t("没有适合这位老人的服务包"), html! { p { (ask.t("服务包由政策库规定。")) } }))
        } @else {
            (form(ask, shown, input, errors, from))
        }
        @if ask.may(MANAGE) { (refuse_form(ask, &shown.elder)) }
    }
}

fn form(ask: &Ask, shown: &Shown<'_>, input: &Input, errors: &[FieldError], from: Date) -> Markup {
    let chosen_packages: Vec<&str> = input.all("packages").iter().flat_map(|it| it.split_whitespace()).collect();
    let chosen =
        |at: usize, it: &Package| if chosen_packages.is_empty() { at == 0 } else { chosen_packages.contains(&&*it.id) };
    let team = input.get("team");
    html! {
        form.form method="post" enctype="multipart/form-data" action=(format!("/contracting/new?csrf={}", ask.who.csrf)) {
            (csrf(ask))
            (kit_form::summary(ask, sign::FIELDS, errors))
            input type="hidden" name="elder" value=(shown.elder.key);
            div.cols-2 {
                section.card { header.card-head { h2 { (ask.t("签什么")) } } div.card-body.stack {
                    fieldset.field { legend { (ask.t("服务包")) } div.options {
                        @for (at, it) in shown.packages.iter().enumerate() {
                            label.option { input type="checkbox" name="packages" value=(it.id) checked[chosen(at, it)]; " " (sign::title(ask, it)) }
                        }
                    } }
                    @for it in &shown.packages { (package(ask, it)) }
                    div.field { label for="team" { (ask.t("家庭医生团队")) }
                        select #team name="team" required {
                            @for it in &shown.teams {
                                @let id = it.key.id.to_string();
                                option value=(id) selected[id == team] { (it.name) }
                            }
                        }
                    }
                    div.field { label for="from" { (ask.t("签约起日")) } input #from type="date" name="from" value=(from) required; }
                } }
                section.card { header.card-head { h2 { (ask.t("签字")) } } div.card-body.stack {
                    fieldset.field { legend { (ask.t("由谁签字")) } div.options {
                        @for (word, title) in words::SIGNERS {
                            label.option { input type="radio" name="signer" value=(word) checked[*word == input.get("signer")] required; " " (ask.t(title)) }
                        }
                    } }
                    div.field { label for="signer_name" { (ask.t("签字人姓名")) }
                        input #signer_name name="signer_name" value=(input.get("signer_name")) maxlength="50" autocomplete="off";
                        p.help { (ask.t("家属或监护人签字时填写。")) } }
                    div.sign {
                        p.sign-label #sign-label { (ask.f("{name}或代签人签名", &[("name", &shown.elder.name)])) }
                        canvas.js-sign.needs-js data-input="signature" role="img" aria-labelledby="sign-label" {}
                        input #signature type="hidden" name="signature";
                        div.actions.needs-js { button.btn.btn-sm.js-sign-clear type="button" { (ask.t("清除重签")) } }
                    }
                    @if ask.who.role != kit::Role::Family {
                        div.field.js-photo { label for="paper" { (ask.t("或拍下签好的纸质协议")) }
                            input #paper type="file" name="paper" accept="image/*" capture="environment"; }
                    }
                    div.form-foot { button.btn.btn-primary { (icon("pen")) (ask.t("签约")) }
                        a.btn.btn-ghost href=(format!("/elders/{}", shown.elder.key)) { (ask.t("取消")) } }
                } }
            }
        }
    }
}

/// What a package promises and who pays.
pub fn package(ask: &Ask, it: &Package) -> Markup {
    let times = |n: u16| ask.f("{n} 次", &[("n", &n)]);
    let fees = [("医保基金", it.fee.insurance), ("公卫经费", it.fee.public_health), ("个人", it.fee.person)];
    html! {
        details {
            summary { (ask.f("{package}:个人付 {money}", &[("package", &sign::title(ask, it)), ("money", &words::money(ask, it.fee.person))])) }
            ul {
                @for one in &it.items {
                    li { (ask.t(words::title(words::Service::WORDS, one.service.word()))) " " (times(one.times))
                        @if one.beyond.is_yes() { " · " (ask.t("超出可收费")) }
                        @if !one.besides.is_empty() { " · " (ask.f("另收{what}", &[("what", &one.besides.join("、"))])) }
                    }
                }
            }
            p.small.muted {
                @for (who, money) in fees { @if 0 < money.fen() { (ask.t(who)) " " (words::money(ask, money)) " " } }
            }
        }
    }
}

fn refuse_form(ask: &Ask, elder: &Elder) -> Markup {
    html! {
        section.card.gap-top { div.card-body { details { summary { (ask.t("老人不愿签约")) }
            form.form method="post" action="/contracting/refusals" {
                (csrf(ask))
                input type="hidden" name="elder" value=(elder.key);
                div.field { label for="reason" { (ask.t("原因")) }
                    select #reason name="reason" required {
                        @for (word, title) in words::REFUSALS { option value=(word) { (ask.t(title)) } }
                    } }
                div.field { label for="note" { (ask.t("说明")) } input #note name="note" maxlength="200" autocomplete="off"; }
                button.btn { (ask.t("记下拒签")) }
            }
        } } }
    }
}

pub async fn refuse(ask: Ask, input: Input) -> Result<Page> {
    let key = ask.write(move |tx, ask| refuse_from(tx, ask, &input)).await?;
    Ok(ask.go(&format!("/elders/{key}"), ask.t("已记下拒签")))
}

/// Notes a refusal; page and API come through here.
pub fn refuse_from(tx: &kit::Tx<'_>, ask: &Ask, input: &Input) -> Result<Key> {
    let checked = kit_form::check(REFUSAL, input, &Options::new())?;
    let key: Key = checked.text("elder").parse()?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    let day = checked.date("day").unwrap_or(ask.today());
    refusal::record(tx, ask, &elder, &checked.text("reason"), &checked.text("note"), day)?;
    Ok(key)
}
