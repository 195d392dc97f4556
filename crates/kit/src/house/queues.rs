//! The queues: jobs, events and outgoing messages; what failed, why, and how to set it going again.

mod events;
mod jobs;
mod messages;

pub use events::{EVENTS, event, events, skip_event};
pub use jobs::{JOBS, again, job, job_progress, jobs, retry_job};
pub use messages::{MESSAGES, message, messages, retry_message};

use maud::{Markup, html};

use crate::Ask;

/// The three queues as tabs.
fn tabs(ask: &Ask, here: &str) -> Markup {
    html! {
        nav.tabs aria-label=(ask.t("队列")) {
            @for (path, title) in [("/jobs", "后台任务"), ("/events", "事件"), ("/messages", "外发消息")] {
                a href=(path) aria-current=[(path == here).then_some("page")] { (ask.t(title)) }
            }
        }
    }
}
