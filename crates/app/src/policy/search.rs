//! What the global search finds of policy: parameters, scales, documents.

use kit::{Ask, Result, Tx, form::encoded, module::Found};

use super::{READ, words};

/// At most so many of each kind.
const MOST: usize = 5;

pub fn search(_: &Tx<'_>, ask: &Ask, text: &str) -> Result<Vec<Found>> {
    if !ask.may(READ) || text.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let (library, text) = (&ask.app.policy, text.to_lowercase());
    let has = |parts: &[&str]| parts.iter().any(|it| it.to_lowercase().contains(&text));
    let found = |title: String, note: String, link: String| Found { group: "政策", title, note, link };
    let topics = library.topics();
    let params = topics.iter().flat_map(|topic| topic.params.iter().map(move |it| (topic, *it)));
    let params = params.filter(|it| has(&[it.1, ask.t(it.1)])).take(MOST).map(|(topic, name)| {
        let link = format!("/policy/{}/{}", topic.name, encoded(name));
        found(ask.t(name).to_string(), words::text(ask, &topic.title).to_string(), link)
    });
    let instruments = library.instruments().iter().filter(|it| has(&[&it.id, &it.name, &it.name_en])).take(MOST);
    let instruments = instruments.map(|it| {
        let title = ask.either(&it.name, &it.name_en);
        found(title.to_string(), ask.t("评估量表").to_string(), format!("/policy/instruments/{}", it.id))
    });
    let documents = library.documents();
    let documents = documents.filter(|it| has(&[it.number.as_deref().unwrap_or_default(), &it.title, &it.title_en]));
    let documents = documents.take(MOST).map(|it| {
        let note = it.number.clone().unwrap_or_default();
        found(words::title(ask, it).to_string(), note, format!("/policy/documents/{}", it.id))
    });
    Ok(params.chain(instruments).chain(documents).collect())
}
