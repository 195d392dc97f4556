//! The form of a visit, made for a phone: numbers with the last value beside each, everything else as usual unless tapped,
//! and what it means at once.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Said, Tx,
    error::FieldError,
    form::{self as kit_form, Input, csrf},
    page::{Badge, Head, Page, alert, icon},
};
use maud::{Markup, html};
use rules::chronic::{Disease as Followed, signs};

use crate::{
    chronic::{
        care,
        disease::{self, Disease},
        measure::{MEASURES, Measure},
        medicine::{self, Medicine},
        referral::{self, Referral},
        take, visit, words,
    },
    elders::{self, Elder, Key},
};

/// Beside what is measured at every visit; the rest is folded.
const USUAL: &[&str] = &["systolic", "diastolic", "fasting"];

struct Known {
    elder: Elder,
    followed: Vec<Followed>,
    last: Vec<visit::Visit>,
    medicines: Vec<Medicine>,
    referrals: Vec<Referral>,
}

fn known(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Known> {
    let elder = elders::find_living(tx, &ask.who.scope, key)?;
    elders::note(tx, ask, "look", &elder, "chronic visit")?;
    let mut followed: Vec<Followed> =
        disease::of(tx, key)?.iter().filter(|it| it.ended.is_none()).filter_map(Disease::followed).collect();
    followed.sort();
    Ok(Known {
        followed,
        last: visit::of(tx, key, 12)?.into_iter().filter(|it| it.voided.is_none()).collect(),
        medicines: medicine::of(tx, key)?.into_iter().filter(|it| it.until.is_none()).collect(),
        referrals: referral::open(tx, key)?,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    input.set("day", ask.today().to_string());
    input.set("mode", "clinic");
    show(&ask, &key.parse()?, input, &[]).await
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (sent, for_write) = (input.clone(), key.clone());
    let taken = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &for_write)?;
            take::take(tx, ask, &elder, &input)
        })
        .await;
    match taken {
        Ok(it) => {
            let next = it.judged.iter().map(|it| it.next).min().map(|it| it.to_string()).unwrap_or_default();
            Ok(ask.go(&care::visit_link(&key, it.id), &ask.f("已保存,下次随访不晚于 {day}", &[("day", &next)])))
        }
        Err(Error::Invalid(errors)) => show(&ask, &key, sent, &errors).await,
        Err(other) => Err(other),
    }
}

/// What the form would say as it stands; asked by the page while numbers are typed.
pub async fn preview(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let judged = ask
        .read(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            let draft = take::draft(ask, &input)?;
            Ok(take::judge(tx, ask, &elder, &draft)?.0)
        })
        .await;
    Ok(ask.part(match judged {
        Ok(judged) => {
            let verdicts: Vec<visit::Verdict> = judged.iter().map(take::verdict).collect();
            html! { (super::outcome(&ask, &verdicts, false)) }
        }
        Err(Error::Invalid(errors)) => html! {
            @for it in &errors { p.error { (it.said.in_lang(ask.lang)) } }
        },
        Err(other) => return Err(other),
    }))
}

async fn show(ask: &Ask, key: &Key, mut input: Input, errors: &[FieldError]) -> Result<Page> {
    let for_read = key.clone();
    let known = ask.write(move |tx, ask| known(tx, ask, &for_read)).await?;
    let here = care::link(key);
    if known.followed.is_empty() {
        let to = format!("{here}/register");
        return Ok(ask.go(&to, ask.t("请先登记高血压或2型糖尿病,再做随访")));
    }
    let last = known.last.first();
    // Habits are as they were unless somebody says otherwise.
    if errors.is_empty() {
        for name in ["height", "cigarettes", "alcohol", "exercise"] {
            let value = known.last.iter().map(|it| it.values.text(name)).find(|it| !it.is_empty());
            input.set(name, value.unwrap_or_default());
        }
        let usual = |it: &str, usual: &str| if it.is_empty() { usual.to_string() } else { it.to_string() };
        input.set("salt", last.map_or(String::new(), |it| it.salt.clone()));
        input.set("adherence", usual(last.map_or("", |it| &it.adherence), "regular"));
    }
    let diabetic = known.followed.contains(&Followed::Diabetes);
    let policy = ask.app.policy_in(&key.region, ask.today());
    let mut danger: Vec<&String> = Vec::new();
    for disease in &known.followed {
        danger.extend(
            signs(*disease, &policy).unwrap_or_default().iter().filter(|it| !danger.contains(it)).collect::<Vec<_>>(),
        );
    }
    let usual = |it: &&&Measure| USUAL.contains(&it.name) && (it.name != "fasting" || diabetic);
    let seldom = |it: &&&Measure| !USUAL.contains(&it.name) && (it.name != "glucose" || diabetic);
    let number = |it: &Measure| number(ask, it, &input, &known.last, errors);
    let content = html! {
        @if let Some((it, earlier)) = known.referrals.split_first() {
            (alert(Badge::Warn, &ask.f("{day} 转诊,应在 {until} 前随访", &[("day", &it.day), ("until", &it.follow_until)]), html! {
                p { (Said::shown(&it.reason, ask.lang)) }
                @if !earlier.is_empty() { p { (ask.f("另有 {n} 次更早的转诊没有写结果", &[("n", &earlier.len())])) } }
            }))
        }
        form.form method="post" action=(format!("{here}/visit")) data-draft=(format!("chronic-visit-{key}")) data-guard
             hx-post=(format!("{here}/visit/preview")) hx-trigger="change, input delay:400ms" hx-target="#outcome" hx-swap="innerHTML" hx-sync="this:replace" {
            (csrf(ask))
            (kit_form::summary(ask, take::FIELDS, errors))
            div.cols {
                div.stack {
                    section.card { div.card-body.form.grid {
                        @for it in MEASURES.iter().filter(|it| usual(&it)) { (number(it)) }
                    } }
                    section.card { header.card-head { h2 { (ask.t("用药")) } } div.card-body.stack {
                        @if known.medicines.is_empty() { p.muted { (ask.t("没有登记用药")) } }
                        @else { ul { @for it in &known.medicines { li { (it.name) " " (it.dose) " " (ask.t(words::title(medicine::TIMES, &it.times))) } } }
                            p.help { (ask.t("照旧保存;有变化请在患者页面停用或增加。")) } }
                        (choices(ask, "adherence", "服药依从性", words::ADHERENCE, input.get("adherence")))
                        (yes_no(ask, "adverse", "药物不良反应", "不良反应说明", &input))
                        (yes_no(ask, "complication", "新的并发症或原有并发症加重", "并发症说明", &input))
                    } }
                    @if !danger.is_empty() {
                        details.card open[!input.all("signs").is_empty()] {
                            summary.card-head { (ask.t("危急症状(有则点选)")) }
                            div.card-body { div.choices {
                                @for sign in &danger { label.choice {
                                    input type="checkbox" name="signs" value=(sign) checked[input.all("signs").contains(sign)];
                                    span.choice-text { (ask.t(sign)) }
                                } }
                            } }
                        }
                    }
                    details.card open[!errors.is_empty()] {
                        summary.card-head { (ask.t("其他测量和生活方式")) }
                        div.card-body.form.grid {
                            @for it in MEASURES.iter().filter(|it| seldom(&it)) { (number(it)) }
                            (choices(ask, "salt", "摄盐", words::SALT, input.get("salt")))
                            @if diabetic { (choices(ask, "foot", "足背动脉搏动", words::FOOT, input.get("foot"))) }
                        }
                    }
                    details.card open[!input.get("remark").is_empty()] {
                        summary.card-head { (ask.t("日期、方式和备注")) }
                        div.card-body.form.grid {
                            (choices(ask, "mode", "随访方式", words::MODES, input.get("mode")))
                            div.field { label for="day" { (ask.t("随访日期")) } input #day type="date" name="day" value=(input.get("day")) max=(ask.today()); }
                            div.field.wide { label for="hospital" { (ask.t("需要转诊时:转往机构及科室")) } input #hospital name="hospital" value=(input.get("hospital")) maxlength="60"; }
                            div.field.wide { label for="remark" { (ask.t("备注")) } textarea #remark name="remark" rows="2" maxlength="300" { (input.get("remark")) } }
                        }
                    }
                    @if !known.referrals.is_empty() {
                        section.card { div.card-body {
                            (choices(ask, "referral_result", "上次转诊的结果", words::REFERRAL_RESULTS, input.get("referral_result")))
                        } }
                    }
                }
                div.stack {
                    section.card { header.card-head { h2 { (ask.t("结果")) } } div.card-body.stack #outcome aria-live="polite" {
                        p.muted { (ask.t("填写后在这里显示分类和下次随访日期")) }
                    } }
                    @if let Some(last) = last {
                        section.card { header.card-head { h2 { (ask.f("上次随访 {day}", &[("day", &last.day)])) } }
                            div.card-body.stack { (super::outcome(ask, &last.judged, false)) } }
                    }
                }
            }
            div.form-foot {
                button.btn.btn-primary.btn-lg { (icon("save")) (ask.t("保存随访")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        }
    };
    let kinds: Vec<&str> = known.followed.iter().map(|it| it.word()).collect();
    let title = ask.t("慢病随访");
    let sub = format!(
        "{} · {} · {}",
        known.elder.name,
        words::diseases(ask, &kinds.join(" ")),
        elders::about(ask, &known.elder)
    );
    let head = Head::new(title).line(sub).crumbs(super::way(ask, &known.elder, ask.t("随访")));
    Ok(ask.page_with(super::status(!errors.is_empty())?, head, content))
}

/// A number with its unit, its limits, and the last one beside it.
fn number(ask: &Ask, it: &Measure, input: &Input, last: &[visit::Visit], errors: &[FieldError]) -> Markup {
    let error = errors.iter().find(|one| one.field == it.name);
    let before = last.iter().find(|one| one.values.get(it.name).is_some());
    let class = if error.is_some() { "field field-bad" } else { "field" };
    let help = format!("{}-help", it.name);
    html! {
        div class=(class) {
            label for=(it.name) { (ask.t(it.label)) }
            div.with-unit {
                input.num id=(it.name) name=(it.name) value=(input.get(it.name)) inputmode=(if it.has_decimal { "decimal" } else { "numeric" })
                      autocomplete="off" maxlength="6" aria-describedby=(help) aria-invalid=[error.map(|_| "true")];
                span.unit { (ask.t(it.unit)) }
            }
            @if let Some(error) = error { p.error id=(help) { (error.said.in_lang(ask.lang)) } }
            @else if let Some(before) = before {
                p.help id=(help) { (ask.f("上次 {value}({day})", &[("value", &before.values.text(it.name)), ("day", &before.day)])) }
            } @else { p.help id=(help) { (ask.f("{least} 到 {most}", &[("least", &it.limit(it.least)), ("most", &it.limit(it.most))])) } }
        }
    }
}

/// Big answers side by side.
pub fn choices(ask: &Ask, name: &str, title: &str, words: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        fieldset.field id=(name) {
            legend { (ask.t(title)) }
            div.choices.choices-row {
                @for (word, title) in words { label.choice {
                    input type="radio" name=(name) value=(word) checked[*word == chosen];
                    span.choice-text { (ask.t(title)) }
                } }
            }
        }
    }
}

/// No unless tapped; a yes can be explained.
fn yes_no(ask: &Ask, name: &str, title: &str, about: &str, input: &Input) -> Markup {
    let text = format!("{name}_text");
    let is_yes = matches!(input.get(name), "on" | "true" | "1");
    html! {
        div.field id=(name) {
            label.choice { input type="checkbox" name=(name) value="on" checked[is_yes]; " " span.choice-text { (ask.t(title)) } }
            input name=(text) value=(input.get(&text)) maxlength="200" placeholder=(ask.t(about)) aria-label=(ask.t(about));
        }
    }
}
