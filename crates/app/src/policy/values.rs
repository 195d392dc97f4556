//! The values in force, topic by topic: the data behind page, Excel file and API.

use rules::{
    base::Text,
    policy::{Because, Entry, Library, NoPolicy, Status},
};

use super::asked::Asked;

pub struct Topic {
    pub name: &'static str,
    pub title: Text,
    pub params: Vec<Param>,
}

pub struct Param {
    pub topic: &'static str,
    pub name: &'static str,
    /// What the policy officers say it is.
    pub about: String,
    pub found: Result<Because, NoPolicy>,
    /// Announced along the way up from the region, never calculated with: (region's name, value).
    pub planned: Vec<(String, Entry)>,
}

/// Every topic there is, or the one of that name.
pub fn topics(library: &Library, asked: &Asked, only: Option<&str>) -> Vec<Topic> {
    let prevailing = library.prevailing(asked.region, asked.day);
    let topics = library.topics().into_iter().filter(|it| only.is_none_or(|only| only == it.name));
    topics
        .map(|it| {
            let here = prevailing.iter().filter(|value| value.topic == it.name);
            let params =
                here.map(|value| param(library, asked, value.topic, value.param, value.found.clone())).collect();
            Topic { name: it.name, title: it.title, params }
        })
        .collect()
}

/// One parameter; nothing where there is no such topic or parameter.
pub fn one(library: &Library, asked: &Asked, topic: &str, name: &str) -> Option<Param> {
    let found = library.at(asked.region, asked.day).look_up(topic, name)?;
    let (topic, name) = match &found {
        Ok(it) => (it.topic, it.param),
        Err(it) => (it.topic, it.param),
    };
    Some(param(library, asked, topic, name, found))
}

fn param(
    library: &Library,
    asked: &Asked,
    topic: &'static str,
    name: &'static str,
    found: Result<Because, NoPolicy>,
) -> Param {
    let histories = library.histories(topic, name);
    let chain = library.regions().chain(asked.region);
    let of_chain = || chain.iter().filter_map(|region| histories.iter().find(|it| it.region == *region));
    let about = of_chain().chain(&histories).map(|it| it.about.clone()).find(|it| !it.is_empty()).unwrap_or_default();
    let planned = of_chain().flat_map(|it| {
        let steps = it.steps.iter().filter(|step| step.entry.status == Status::Planned);
        steps.map(|step| (it.region_name.clone(), step.entry.clone()))
    });
    Param { topic, name, about, found, planned: planned.collect() }
}
