//! For pages: what held when, region by region, and what holds on any day looked at.

use serde::Serialize;

use super::{Because, Entry, Laid, Library, NoPolicy, Param};
use crate::base::{Date, Region};

/// One parameter in one region over time.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    pub topic: &'static str,
    pub param: &'static str,
    pub about: String,
    pub region: Region,
    pub region_name: String,
    /// Newest first.
    pub steps: Vec<Step>,
}

/// One value of a history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    #[serde(flatten)]
    pub entry: Entry,
    /// The last day on which it held; none while nothing follows, and for values only announced.
    pub until: Option<Date>,
}

/// One parameter as it stands on a day.
#[derive(Debug, Clone, Serialize)]
pub struct Prevailing {
    pub topic: &'static str,
    pub param: &'static str,
    pub found: Result<Because, NoPolicy>,
}

impl Library {
    /// The history of one parameter in every region that has laid it down, by region code.
    pub fn histories(&self, topic: &str, param: &str) -> Vec<History> {
        let views = self.all_laid().filter_map(|(region, laid)| Some((region, laid.view_of(topic, param)?)));
        views
            .filter(|(_, it)| !it.entries.is_empty())
            .map(|(region, view)| History {
                topic: view.topic,
                param: view.name,
                about: view.about,
                region,
                region_name: self.regions().name(region),
                steps: steps(view.entries),
            })
            .collect()
    }

    /// The days on which some region lays down something new for a parameter; between them it stays as it is everywhere.
    pub fn days_of<T>(&self, pick: impl Fn(&Laid) -> &Param<T>) -> Vec<Date> {
        self.all_laid().flat_map(|(_, laid)| pick(laid).days()).collect()
    }

    /// Every parameter as it stands in `region` on `day`: any day can be looked at as if it were today.
    pub fn prevailing(&self, region: Region, day: Date) -> Vec<Prevailing> {
        let policy = self.at(region, day);
        let views = self.unset().views().into_iter();
        views
            .filter_map(|it| {
                Some(Prevailing { topic: it.topic, param: it.name, found: policy.look_up(it.topic, it.name)? })
            })
            .collect()
    }
}

/// Entries newest first with their last days.
fn steps(entries: Vec<Entry>) -> Vec<Step> {
    let mut next: Option<Date> = None;
    entries
        .into_iter()
        .map(|entry| {
            if entry.status == super::Status::Planned {
                return Step { entry, until: None };
            }
            let until = next.map(|it| it.add_days(-1));
            next = Some(entry.from);
            Step { entry, until }
        })
        .collect()
}
