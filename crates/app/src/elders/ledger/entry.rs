//! One elder as a ledger's row tells it.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use rules::base::{Phone, Sex};
use rules::elder_groups::Group;

/// Where something stands: the sheet's name and the row as the spreadsheet numbers it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Source {
    pub sheet: Arc<str>,
    pub row: u32,
}

/// One elder. `Debug` shows the source alone, because everything else is personal and logs must not have it.
#[derive(Clone, PartialEq)]
pub struct Entry {
    pub source: Source,
    pub name: String,
    pub document: Document,
    pub birth: Option<Birth>,
    pub sex: Option<Sex>,
    pub place: Place,
    pub phones: Vec<Phone>,
    pub groups: Vec<Mention>,
    pub living: Option<Living>,
    pub relatives: Vec<Relative>,
    pub insurance: Option<Insurance>,
    pub death: Option<Death>,
    pub moved: Option<Moved>,
    pub remark: Option<String>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("source", &self.source).finish_non_exhaustive()
    }
}

impl Entry {
    /// Takes from a second row about the same person what this one does not have: groups, telephones and relatives are
    /// added, an empty field is filled, a filled one stays.
    pub fn absorb(&mut self, again: Entry) {
        for mention in again.groups {
            if !self.groups.iter().any(|known| known.group == mention.group) {
                self.groups.push(mention);
            }
        }
        for phone in again.phones {
            if !self.phones.contains(&phone) {
                self.phones.push(phone);
            }
        }
        for relative in again.relatives {
            if !self.relatives.contains(&relative) {
                self.relatives.push(relative);
            }
        }
        self.place.fill_from(again.place);
        self.birth = self.birth.or(again.birth);
        self.sex = self.sex.or(again.sex);
        self.living = self.living.take().or(again.living);
        self.insurance = self.insurance.take().or(again.insurance);
        self.death = self.death.or(again.death);
        self.moved = self.moved.or(again.moved);
        self.remark = self.remark.take().or(again.remark);
    }
}

/// The document that says who somebody is. Numbers are in half width, upper case, without spaces.
#[derive(Clone, Eq, PartialEq)]
pub enum Document {
    /// None yet.
    None,
    /// 居民身份证, 18 characters, checked.
    ResidentId(String),
    /// 港澳台居民居住证, 18 characters, checked.
    HkMoTwResidence(String),
    /// 外国人永久居留身份证: 18 characters, checked, or the older 15 characters.
    ForeignResidence(String),
    /// 护照.
    Passport(String),
    /// 来往内地(大陆)通行证.
    TravelPermit(String),
    /// Any other document, with the words of the ledger for its kind.
    Other { kind: String, number: String },
}

impl Document {
    /// The number; nothing where there is no document.
    pub fn number(&self) -> Option<&str> {
        match self {
            Document::None => None,
            Document::ResidentId(number)
            | Document::HkMoTwResidence(number)
            | Document::ForeignResidence(number)
            | Document::Passport(number)
            | Document::TravelPermit(number)
            | Document::Other { number, .. } => Some(number),
        }
    }

    /// A stable word for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Document::None => "none",
            Document::ResidentId(_) => "resident_id",
            Document::HkMoTwResidence(_) => "hk_mo_tw_residence",
            Document::ForeignResidence(_) => "foreign_residence",
            Document::Passport(_) => "passport",
            Document::TravelPermit(_) => "travel_permit",
            Document::Other { .. } => "other",
        }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// When somebody was born, as exactly as it is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Birth {
    Day(Date),
    Year(i16),
}

/// Where somebody lives, in the words of the ledger; which place that is, the caller finds out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Place {
    pub county: Option<String>,
    pub town: Option<String>,
    pub village: Option<String>,
    /// 村民小组, 网格.
    pub grid: Option<String>,
    pub address: Option<String>,
    /// 户籍地址.
    pub registered: Option<String>,
}

impl Place {
    fn fill_from(&mut self, other: Place) {
        let pairs = [
            (&mut self.county, other.county),
            (&mut self.town, other.town),
            (&mut self.village, other.village),
            (&mut self.grid, other.grid),
            (&mut self.address, other.address),
            (&mut self.registered, other.registered),
        ];
        for (mine, theirs) in pairs {
            if mine.is_none() {
                *mine = theirs;
            }
        }
    }
}

/// A group and the words in which the ledger says it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mention {
    pub group: Group,
    pub words: String,
}

/// With whom somebody lives.
///
/// 依据: GB/T 42195-2022 附录A 居住情况; 空巢 is added because ledgers say it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Living {
    Alone,
    EmptyNest,
    WithSpouse,
    WithChildren,
    WithOtherRelatives,
    WithOthers,
    Institution,
    /// Words that fit none of these.
    Other(String),
}

/// What a relative is to the elder in the ledger's columns.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RelativeKind {
    /// 监护人, 家属, 联系人.
    Contact,
    /// 照护人.
    Carer,
}

/// A relative or carer.
#[derive(Clone, Eq, PartialEq)]
pub struct Relative {
    pub kind: RelativeKind,
    pub name: Option<String>,
    /// 儿子, 配偶, in the words of the ledger.
    pub relation: Option<String>,
    pub phones: Vec<Phone>,
}

impl fmt::Debug for Relative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relative").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The kind of medical insurance.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Insurance {
    /// 职工基本医疗保险.
    Employee,
    /// 城乡居民基本医疗保险, the former 新农合 included.
    Resident,
    /// 公费医疗.
    PublicFunded,
    Commercial,
    /// 自费, 未参保.
    None,
    /// Words that fit none of these.
    Other(String),
}

/// Somebody has died; the day may not be known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Death {
    pub on: Option<Date>,
}

/// Somebody has moved; the day may not be known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Moved {
    In(Option<Date>),
    Out(Option<Date>),
}
