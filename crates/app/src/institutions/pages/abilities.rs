//! What an institution can do, from a day on: level, ownership, mode of integration, departments, services, beds.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page, crumbs},
};
use maud::html;
use rules::base::Date;

use super::form_page;
use crate::{
    elders::Key,
    institutions::{
        fact, form,
        institution::{self, Institution},
    },
};

/// Sets what the form says; gives the day from which it holds.
pub fn set_all(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<Date> {
    if it.known.is_none() {
        return Err(Error::refused("not_known", "请先补充机构信息"));
    }
    let checked = kit_form::check(form::ABILITIES, input, &Options::new())?;
    let from = form::day(&checked, "from")?;
    fact::set(tx, ask, it, from, &form::wanted(&checked), &checked.text("note"))?;
    Ok(from)
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, input) = ask
        .read(move |tx, ask| {
            let it = institution::find(tx, &ask.who.scope, &key)?;
            let facts = fact::of(tx, &key)?;
            Ok((it, form::filled_abilities(&facts, ask.today())))
        })
        .await?;
    Ok(show(&ask, &it, &input, &[]))
}

pub async fn set(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, typed) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let it = institution::find(tx, &ask.who.scope, &for_query)?;
            set_all(tx, ask, &it, &input)
        })
        .await;
    match done {
        Ok(_) => Ok(ask.go(&format!("/institutions/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => {
            let it = ask.read(move |tx, ask| institution::find(tx, &ask.who.scope, &key)).await?;
            Ok(show(&ask, &it, &typed, &errors))
        }
        Err(other) => Err(other),
    }
}

/// The fields as the page shows them.
const PARTS: &[(&str, &[&str])] = &[
    ("从哪天起", &["from", "note"]),
    ("等级与性质", &["level", "owner"]),
    ("医养结合", &["modes", "marks", "services"]),
    (
        "床位",
        &[
            "beds_medical",
            "beds_elderly",
            "beds_nursing",
            "beds_rehabilitation",
            "beds_hospice",
            "beds_home_hospital",
            "beds_home_care",
        ],
    ),
];

fn show(ask: &Ask, it: &Institution, input: &Input, errors: &[FieldError]) -> Page {
    let here = it.link();
    let none = Options::new();
    let content = html! {
        form.form method="post" action=(format!("{here}/abilities")) data-guard {
            (csrf(ask))
            (kit_form::summary(ask, form::ABILITIES, errors))
            @for (part, fields) in PARTS {
                fieldset.grid { legend { (ask.t(part)) }
                    @for field in form::ABILITIES.iter().filter(|it| fields.contains(&it.name)) {
                        (kit_form::one(ask, field, input, &none, errors))
                    }
                }
            }
            div.form-foot {
                button.btn.btn-primary { (ask.t("保存")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        }
    };
    let title = ask.t("服务能力");
    let way = crumbs(ask, &[("/institutions", ask.t("医养机构")), (&here, &it.name), ("", title)]);
    form_page(ask, Head::new(title).line(&*it.name).crumbs(way), content, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_in_exactly_one_part_of_the_page() {
        for field in form::ABILITIES {
            let n = PARTS.iter().filter(|it| it.1.contains(&field.name)).count();
            assert_eq!(n, 1, "{}", field.name);
        }
    }
}
