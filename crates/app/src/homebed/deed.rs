//! A deed at a bed: said once, it is a form of the page, an action, and an address of the API.

use std::collections::BTreeMap;

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    files::{self, Stored, Upload},
    form::{self, Checked, Field, Input, Kind, Options},
};
use rules::base::Date;
use serde_json::json;

use super::{
    CARE, WRITE,
    bed::{self, Bed},
    doctor::{self, Doctors},
    words,
};
use crate::elders::{Elder, Key};

/// One deed.
pub struct Deed {
    /// Its last part of an address.
    pub word: &'static str,
    pub title: &'static str,
    /// What is said when it is done.
    pub said: &'static str,
    pub fields: &'static [Field],
    /// What can be chosen of the `Pick` fields, of which doctors are read before.
    pub options: fn(&Ask, &Bed, &Doctors) -> Result<Options>,
    /// Files that may come along: (field, title).
    pub files: &'static [(&'static str, &'static str)],
    /// The kinds of beds it belongs to.
    pub kinds: &'static [&'static str],
    /// The states in which it can be done.
    pub states: &'static [&'static str],
    /// What is asked before it is done, where it cannot be taken back.
    pub confirm: &'static str,
    /// For the API.
    pub summary: &'static str,
    pub run: fn(&Tx<'_>, &Ask, &mut Bed, &Elder, &Sent) -> Result<()>,
}

/// What came with a deed.
pub struct Sent {
    pub input: Input,
    pub checked: Checked,
    pub files: BTreeMap<String, Stored>,
}

impl Sent {
    /// Keeps a file that came along.
    pub fn keep(&self, tx: &Tx<'_>, ask: &Ask, region: &str, name: &str) -> Result<Option<Id>> {
        self.files.get(name).map(|it| files::note(tx, ask, region, it)).transpose()
    }

    /// Which entry of the bed the deed is about.
    pub fn item(&self) -> Result<Id> {
        self.checked.id("item").ok_or(Error::NotFound)
    }
}

/// Today, or the day that was filled in and is not to come.
pub fn past_day(ask: &Ask, field: &str, label: &'static str, day: Option<Date>) -> Result<Date> {
    let day = day.unwrap_or_else(|| ask.today());
    if ask.today() < day {
        return Err(Error::invalid(field, Said::new("“{label}”不能晚于今天").with("label", label)));
    }
    Ok(day)
}

impl Deed {
    /// Whether it can be done with this bed now by whoever asks.
    pub fn fits(&self, ask: &Ask, it: &Bed) -> bool {
        self.kinds.contains(&&*it.kind) && self.states.contains(&&*it.state) && may(ask, it)
    }

    /// Whether it is about one entry of the bed, and stands beside that.
    pub fn is_of_item(&self) -> bool {
        self.fields.iter().any(|it| it.name == "item")
    }

    /// Whether it says who the responsible doctor is.
    pub fn names_doctor(&self) -> bool {
        self.fields.iter().any(|it| it.name == "doctor" && matches!(it.kind, Kind::Pick))
    }

    /// Lays down the files that may come along.
    pub async fn lay(&self, ask: &Ask, upload: &Upload<20>) -> Result<BTreeMap<String, Stored>> {
        let mut files = BTreeMap::new();
        for sent in upload.files.iter().filter(|it| self.files.iter().any(|one| one.0 == it.field)) {
            files.insert(sent.field.clone(), ask.app.files.lay(ask, &sent.field, &sent.name, sent.bytes()?).await?);
        }
        Ok(files)
    }

    /// Checks what was sent and does it.
    pub fn act(
        &self,
        tx: &Tx<'_>,
        ask: &Ask,
        key: &Key,
        input: &Input,
        files: BTreeMap<String, Stored>,
    ) -> Result<Bed> {
        let (mut it, elder) = bed::find_held(tx, &ask.who.scope, key)?;
        if !may(ask, &it) {
            return Err(Error::Forbidden);
        }
        if !self.kinds.contains(&&*it.kind) || !self.states.contains(&&*it.state) {
            let why = Said::new("床位现在的状态是“{state}”,不能办理“{deed}”")
                .with("state", words::title(words::STATES, &it.state))
                .with("deed", self.title);
            return Err(Error::refused("not_now", why));
        }
        let doctors = if self.names_doctor() { doctor::options(tx, ask, &it)? } else { Doctors::new() };
        let checked = form::check(self.fields, input, &(self.options)(ask, &it, &doctors)?)?;
        (self.run)(tx, ask, &mut it, &elder, &Sent { input: input.clone(), checked, files })?;
        bed::note(tx, ask, "change", &it, &elder, &json!({"deed": self.word}).to_string())?;
        Ok(it)
    }
}

/// Hospital beds are for those who treat, care beds also for who manages the institution.
fn may(ask: &Ask, it: &Bed) -> bool {
    if it.is_hospital() { ask.may(WRITE) } else { ask.may(CARE) }
}

pub fn find(word: &str) -> Option<&'static Deed> {
    super::deeds::DEEDS.iter().find(|it| it.word == word)
}
