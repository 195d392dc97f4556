//! The bar by which a list is narrowed.

use maud::{Markup, html};

use super::{Filter, FilterKind, List};
use crate::{Ask, form::encoded, page::icon};

impl Filter {
    pub(super) fn is_fixed(&self) -> bool {
        matches!(self.kind, FilterKind::Fixed(_))
    }
}

impl List {
    pub(super) fn filter_bar(&self, ask: &Ask) -> Markup {
        if self.filters.is_empty() {
            return html! {};
        }
        let target = format!("#list-{}", self.name);
        // Three filters stand open; a fourth alone is not worth folding away.
        let (often, seldom) = self.filters.split_at(if self.filters.len() <= 4 { self.filters.len() } else { 3 });
        let in_use = seldom.iter().any(|it| ask.param(it.key).is_some());
        html! {
            form.filters method="get" action=(self.path) hx-get=(self.path)
                hx-trigger="change, submit, input delay:400ms from:find .js-type"
                hx-target=(target) hx-select=(target) hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace" {
                @if let Some(sort) = ask.param("sort") { input type="hidden" name="sort" value=(sort); }
                @for filter in often { (filter_field(ask, filter)) }
                @if !seldom.is_empty() {
                    details.more open[in_use] { summary { (ask.t("更多条件")) }
                        div.more-fields { @for filter in seldom { (filter_field(ask, filter)) } } }
                }
                div.actions {
                    button.btn { (icon("funnel")) (ask.t("筛选")) }
                    a.btn.btn-ghost href=(self.cleared(ask)) { (ask.t("清除")) }
                }
            }
        }
    }

    /// The list's address without what its reader filters by.
    pub(super) fn cleared(&self, ask: &Ask) -> String {
        let fixed = self.filters.iter().filter(|it| it.is_fixed());
        let kept: Vec<String> =
            fixed.filter_map(|it| ask.param(it.key).map(|value| format!("{}={}", it.key, encoded(value)))).collect();
        if kept.is_empty() { self.path.to_string() } else { format!("{}?{}", self.path, kept.join("&")) }
    }
}

fn filter_field(ask: &Ask, filter: &Filter) -> Markup {
    let id = format!("f-{}", filter.key);
    let value = ask.param(filter.key).unwrap_or_default();
    if filter.is_fixed() {
        return html! { input type="hidden" name=(filter.key) value=(value); };
    }
    let class = match filter.kind {
        FilterKind::Chosen(_) | FilterKind::Contains | FilterKind::Begins => "field field-words",
        FilterKind::Number(_) | FilterKind::Int => "field field-number",
        _ => "field",
    };
    html! {
        div class=(class) {
            label for=(id) { (ask.t(filter.title)) }
            @match filter.kind {
                FilterKind::Choice(all) => select id=(id) name=(filter.key) {
                    option value="" { (ask.t("全部")) }
                    @for (word, title) in all { option value=(word) selected[*word == value] { (ask.t(title)) } }
                },
                FilterKind::OneOf(options, _) => select id=(id) name=(filter.key) {
                    option value="" { (ask.t("全部")) }
                    @for (word, title) in options(ask) { option value=(word) selected[word == value] { (title) } }
                },
                FilterKind::Place => select id=(id) name=(filter.key) {
                    option value="" { (ask.t("全部")) }
                    @for (code, name) in places(ask, value) { option value=(code) selected[code == value] { (name) } }
                },
                FilterKind::Day | FilterKind::DayFrom | FilterKind::DayUntil => input id=(id) name=(filter.key) type="date" value=(value);,
                FilterKind::Number(_) => input.js-type id=(id) name=(filter.key) inputmode="numeric" maxlength="3" value=(value);,
                FilterKind::Int => input id=(id) name=(filter.key) type="text" inputmode="numeric" value=(value);,
                _ => input.js-type id=(id) name=(filter.key) type="search" value=(value);,
            }
        }
    }
}

/// The places a reader can narrow to: what lies directly in the scope, and around the place chosen.
fn places(ask: &Ask, chosen: &str) -> Vec<(String, String)> {
    let tree = ask.app.places.tree();
    let root = &*ask.who.scope.place;
    let mut all: Vec<(String, String)> = Vec::new();
    let mut open = vec![(root.to_string(), 0_usize)];
    let chain: Vec<String> = tree.chain(chosen).iter().map(|it| it.code.clone()).collect();
    while let Some((code, depth)) = open.pop() {
        if 0 < depth {
            all.push((code.clone(), format!("{}{}", "\u{3000}".repeat(depth - 1), tree.name(&code))));
        }
        let is_open = depth == 0 || chain.contains(&code);
        if is_open {
            let mut children: Vec<_> = tree.children(&code).map(|it| (it.code.clone(), depth + 1)).collect();
            children.reverse();
            open.extend(children);
        }
    }
    all
}
