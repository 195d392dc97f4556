//! The pages of indicators.

pub mod one;
pub mod overview;
pub mod persons;
pub mod recount;
pub mod reports;

use kit::{Ask, page::icon};
use maud::{Markup, html};

use super::figure::Asked;

/// Place and day, to look at others.
fn picker(ask: &Ask, asked: &Asked, path: &str) -> Markup {
    let tree = ask.app.places.tree();
    let way = tree.chain(&asked.place);
    // From the reader's own place down to the one looked at, and what lies directly below it.
    let mut choices: Vec<(String, String)> = way
        .iter()
        .rev()
        .filter(|it| ask.who.scope.covers(&tree, &it.code))
        .map(|it| (it.code.clone(), it.name.clone()))
        .collect();
    choices.extend(tree.children(&asked.place).map(|it| (it.code.clone(), format!("\u{3000}{}", it.name))));
    html! {
        form.filters method="get" action=(path) {
            div.field { label for="f-place" { (ask.t("地区")) }
                select #f-place name="place" {
                    @for (code, name) in &choices { option value=(code) selected[*code == asked.place] { (name) } }
                } }
            div.field { label for="f-on" { (ask.t("截至日")) } input #f-on name="on" type="date" value=(asked.day); }
            div.actions {
                button.btn { (icon("funnel")) (ask.t("查看")) }
                a.btn.btn-ghost href=(path) { (ask.t("本地今天")) }
            }
        }
    }
}

/// The document that asks for an indicator, with the way to it.
fn document(ask: &Ask, id: &str) -> Markup {
    let Some(document) = ask.app.policy.document(id) else { return html! {} };
    let title = ask.either(&document.title, &document.title_en);
    html! { a href=(format!("/policy/documents/{id}")) { (title) } }
}
