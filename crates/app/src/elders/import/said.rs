//! What a ledger's row says, in the words of the registry.

use kit::Ask;
use rules::base::{Date, Phone, Sex};

use crate::elders::{
    Birth, Document, Draft,
    ledger::{self, Entry, Insurance, Living, RelativeKind},
    words,
};

use super::place::{Fit, How};

const MOST_ADDRESS: usize = 120;
const MOST_REGISTERED: usize = 60;
const MOST_REMARK: usize = 500;

/// A relative, carer or second telephone.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    pub name: String,
    pub relation: &'static str,
    pub phone: Option<Phone>,
    pub is_carer: bool,
}

/// What a row says; what it does not say is empty.
pub struct Said {
    pub name: String,
    pub document: Document,
    pub birth: Option<Birth>,
    pub sex: Option<&'static str>,
    pub phones: Vec<Phone>,
    pub address: String,
    pub place: Fit,
    pub registered: Option<String>,
    pub living: Option<&'static str>,
    pub insurance: Option<&'static str>,
    pub remark: String,
    pub groups: Vec<(String, String)>,
    pub contacts: Vec<Contact>,
    /// Somebody has died, on a day that may not be known.
    pub death: Option<Option<Date>>,
    /// Somebody has left, on a day that may not be known.
    pub left: Option<Option<Date>>,
}

impl Said {
    pub fn of(entry: Entry, place: Fit) -> Said {
        let mut remarks: Vec<String> = entry.remark.iter().cloned().collect();
        let living = entry.living.as_ref().and_then(|it| living(it, &mut remarks));
        let insurance = entry.insurance.as_ref().map(|it| insurance(it, &mut remarks));
        let mut contacts: Vec<Contact> = entry.relatives.iter().flat_map(contacts_of).collect();
        let spare = entry.phones.iter().skip(1);
        contacts.extend(spare.map(|it| Contact {
            name: "备用电话".into(),
            relation: "other",
            phone: Some(it.clone()),
            is_carer: false,
        }));
        let left = match entry.moved {
            Some(ledger::Moved::Out(day)) => Some(day.map(Date::from)),
            _ => None,
        };
        Said {
            name: entry.name,
            document: document(&entry.document),
            birth: entry.birth.and_then(|it| match it {
                ledger::Birth::Day(day) => Some(Birth::exact(day.into())),
                ledger::Birth::Year(year) => Birth::year(year),
            }),
            sex: entry.sex.map(|it| if it == Sex::Male { "male" } else { "female" }),
            phones: entry.phones,
            address: shortened(&address(&entry.place, &place), MOST_ADDRESS),
            place,
            registered: entry.place.registered.map(|it| shortened(&it, MOST_REGISTERED)),
            living,
            insurance,
            remark: shortened(&remarks.join("；"), MOST_REMARK),
            groups: entry
                .groups
                .into_iter()
                .map(|it| (it.group.word().to_string(), shortened(&it.words, 40)))
                .collect(),
            contacts,
            death: entry.death.map(|it| it.on.map(Date::from)),
            left,
        }
    }

    /// The draft of somebody the register does not know yet.
    pub fn draft(&self, ask: &Ask, birth: Birth, source: &str) -> Draft {
        Draft {
            name: self.name.clone(),
            sex: self.sex.unwrap_or("unknown").to_string(),
            birth,
            document: self.document.clone(),
            phone: self.phones.first().cloned(),
            address: self.address.clone(),
            place: self.place.code.clone(),
            registered_place: self.registered.clone(),
            organisation: ask.who.scope.organisation,
            living: self.living.unwrap_or("unknown").to_string(),
            insurance: self.insurance.unwrap_or("unknown").to_string(),
            remark: self.remark.clone(),
            groups: self.groups.clone(),
            source: source.to_string(),
        }
    }
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn document(document: &ledger::Document) -> Document {
    let kind = match document {
        ledger::Document::None => "none",
        ledger::Document::ResidentId(_) => "resident",
        ledger::Document::HkMoTwResidence(_) => "hmt_permit",
        ledger::Document::ForeignResidence(_) => "foreign_permit",
        ledger::Document::Passport(_) => "passport",
        ledger::Document::TravelPermit(_) => "travel_permit",
        ledger::Document::Other { .. } => "other",
    };
    Document { kind: words::word(words::ID_KINDS, kind), number: document.number().map(str::to_owned) }
}

/// The address as written; names of places that nobody knows stay in it, so that nothing said is lost.
fn address(words: &ledger::Place, fit: &Fit) -> String {
    let mut address = words.address.clone().unwrap_or_default();
    if let Some(grid) = words.grid.as_deref().filter(|it| !address.contains(*it)) {
        address = format!("{grid}{address}");
    }
    match &fit.how {
        How::Unknown(unknown) => {
            let missing: String = unknown.split(' ').filter(|it| !address.contains(*it)).collect();
            format!("{missing}{address}")
        }
        _ => address,
    }
}

/// What the registry has no word for goes into the remark.
fn living(living: &Living, remarks: &mut Vec<String>) -> Option<&'static str> {
    match living {
        Living::Alone => Some("alone"),
        Living::WithSpouse => Some("spouse"),
        Living::WithChildren => Some("children"),
        Living::WithOtherRelatives => Some("relatives"),
        Living::WithOthers => Some("others"),
        Living::Institution => Some("institution"),
        Living::EmptyNest => {
            remarks.push("空巢".into());
            None
        }
        Living::Other(words) => {
            remarks.push(words.clone());
            None
        }
    }
}

fn insurance(insurance: &Insurance, remarks: &mut Vec<String>) -> &'static str {
    match insurance {
        Insurance::Employee => "employee",
        Insurance::Resident => "resident",
        Insurance::PublicFunded | Insurance::Commercial => "other",
        Insurance::None => "none",
        Insurance::Other(words) => {
            remarks.push(words.clone());
            "other"
        }
    }
}

fn contacts_of(relative: &ledger::Relative) -> Vec<Contact> {
    let name = relative.name.clone().or_else(|| relative.relation.clone()).unwrap_or_else(|| "联系人".into());
    let one = |phone: Option<Phone>| Contact {
        name: shortened(&name, 50),
        relation: relation(relative.relation.as_deref().unwrap_or_default()),
        phone,
        is_carer: relative.kind == RelativeKind::Carer,
    };
    if relative.phones.is_empty() {
        return vec![one(None)];
    }
    relative.phones.iter().map(|it| one(Some(it.clone()))).collect()
}

fn relation(said: &str) -> &'static str {
    let says = |any: &[&str]| any.iter().any(|it| said.contains(it));
    if says(&["孙"]) {
        "grandchild"
    } else if says(&["侄", "外甥", "媳", "婿"]) {
        "relative"
    } else if says(&["配偶", "丈夫", "妻", "老伴", "爱人", "夫妻"]) {
        "spouse"
    } else if says(&["子女", "儿", "女", "长子", "次子", "三子", "父子", "母子"]) || said == "子" {
        "child"
    } else if says(&["兄", "弟", "姐", "妹", "哥"]) {
        "sibling"
    } else if says(&["邻"]) {
        "neighbour"
    } else if says(&["保姆", "护工", "雇"]) {
        "hired"
    } else if says(&["亲"]) {
        "relative"
    } else {
        "other"
    }
}
