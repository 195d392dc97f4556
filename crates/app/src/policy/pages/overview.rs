//! All parameters at one look: by topic, each in one line; what is long stands whole on its own page.

use kit::{
    Ask,
    page::{Badge, badge},
};
use maud::{Markup, html};
use rules::policy::Status;

use super::{
    shape,
    values::{no_policy, planned},
};
use crate::policy::{
    asked::Asked,
    values::{Param, Topic},
    words,
};

pub fn show(ask: &Ask, asked: &Asked, topics: &[Topic]) -> Markup {
    let (left, right) = topics.split_at(half(topics));
    html! {
        p.small.muted { (ask.t("没有记号的取值在执行,并有来源证实。点参数看依据、沿革和全部内容,点主题看一个主题的依据。")) }
        div.cols.cols-2 {
            @for side in [left, right] { div.stack { @for topic in side { (card(ask, asked, topic)) } } }
        }
    }
}

/// Where the second of two columns of about the same height begins.
fn half(topics: &[Topic]) -> usize {
    let all: usize = topics.iter().map(|it| it.params.len() + 2).sum();
    let mut above = 0;
    let fits = |it: &&Topic| {
        above += it.params.len() + 2;
        above <= all.div_ceil(2)
    };
    topics.iter().take_while(fits).count().max(1)
}

fn card(ask: &Ask, asked: &Asked, topic: &Topic) -> Markup {
    html! {
        section.card aria-labelledby=(format!("topic-{}", topic.name)) {
            header.card-head {
                h2 id=(format!("topic-{}", topic.name)) {
                    a href=(format!("/policy?{}&topic={}", asked.query(), topic.name)) { (words::text(ask, &topic.title)) }
                }
                small.muted { (ask.f("{n} 项", &[("n", &topic.params.len())])) }
            }
            div.card-body { dl.kv.kv-even { @for it in &topic.params { (one(ask, asked, it)) } } }
        }
    }
}

fn one(ask: &Ask, asked: &Asked, param: &Param) -> Markup {
    html! {
        div {
            dt { a href=(asked.link(param.topic, param.name)) { (ask.t(param.name)) } }
            dd {
                @match &param.found {
                    Ok(it) => {
                        (shape::line(ask, param.name, &it.value))
                        @if it.status != Status::InForce { " " (words::status(ask, it.status)) }
                        @else if it.confirmed == 0 { " " (badge(Badge::Unconfirmed, ask.t("待核"))) }
                    }
                    Err(none) => (no_policy(ask, none)),
                }
                (planned(ask, param))
            }
        }
    }
}
