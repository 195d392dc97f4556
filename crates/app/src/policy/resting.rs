//! What rests on a document: values of any time and region, and instruments.

use rules::{
    assessment::Instrument,
    base::Region,
    policy::{Library, Step},
};

/// One value that cites a document.
pub struct Resting {
    pub document: String,
    pub topic: &'static str,
    pub param: &'static str,
    pub region: Region,
    pub step: Step,
}

/// Every value that cites any document, topic by topic, newest first.
pub fn values(library: &Library) -> Vec<Resting> {
    let mut all = Vec::new();
    for topic in library.topics() {
        for param in topic.params {
            for history in library.histories(topic.name, param) {
                for step in history.steps {
                    let Some(document) = step.entry.document.clone() else { continue };
                    let region = history.region;
                    all.push(Resting { document, topic: topic.name, param, region, step });
                }
            }
        }
    }
    all
}

/// The instruments that follow a document.
pub fn instruments<'a>(library: &'a Library, document: &str) -> Vec<&'a Instrument> {
    library.instruments().iter().filter(|it| it.basis.document() == document).collect()
}
