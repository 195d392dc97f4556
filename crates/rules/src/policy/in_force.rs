//! The policy of one region on one day, and the memory of what was read from it.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeSet,
    fmt,
};

use serde::Serialize;

use super::{Entry, Laid, Library, Param, Regions, Status, shown};
use crate::{
    base::{Date, Region, Text},
    ltci::Service,
    tariff::{At, Level, Owner, Price, pick},
    working_days::WorkingDays,
};

/// The word of the price lists where a reason names a parameter.
const PRICES: &str = "收费项目";

/// The policy of one region on one day. It remembers every value that was read, so that a decision can show its reasons.
pub struct InForce<'a> {
    library: &'a Library,
    region: Region,
    day: Date,
    /// What the region and those above it lay down, the nearest first; gathered at the first question.
    laid: OnceCell<Vec<(Region, &'a Laid)>>,
    because: RefCell<Vec<Remembered<'a>>>,
}

/// A value that was read. Its reason is worded only when somebody asks: a form of sixty fields is read far more often than
/// it is explained.
struct Remembered<'a> {
    topic: &'static str,
    param: &'static str,
    word: Box<dyn Fn() -> Because + Send + 'a>,
}

/// One reason of a decision: a value, where it comes from, and since when it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Because {
    pub topic: &'static str,
    pub param: &'static str,
    pub value: serde_json::Value,
    /// The region whose own value it is, which may lie above the region asked about.
    pub region: Region,
    pub region_name: String,
    pub from: Date,
    /// The id of the document in the register, and the clause.
    pub document: Option<String>,
    pub clause: Option<String>,
    pub status: Status,
    /// 可信: how many independent sources confirm the value; 0 is from memory.
    pub confirmed: u8,
    pub checked: Option<Date>,
    pub note: Option<String>,
}

/// No value is in force here on that day (本地当日没有在行政策). Never to be read as 0 or as a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoPolicy {
    pub topic: &'static str,
    pub param: &'static str,
    pub region: Region,
    pub region_name: String,
    pub day: Date,
    /// The day since which the measure is repealed, where it once held.
    pub repealed: Option<Date>,
}

/// An answer with everything needed to explain and to recompute it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision<T> {
    pub answer: T,
    pub region: Region,
    pub day: Date,
    pub because: Vec<Because>,
    /// Digest of the policy folder it was decided by.
    pub policy_digest: String,
}

impl<'a> InForce<'a> {
    pub(crate) fn new(library: &'a Library, region: Region, day: Date) -> InForce<'a> {
        InForce { library, region, day, laid: OnceCell::new(), because: RefCell::default() }
    }

    /// The region asked about.
    pub fn region(&self) -> Region {
        self.region
    }

    /// The day asked about.
    pub fn day(&self) -> Date {
        self.day
    }

    /// The value of a parameter: the region's own, else its city's, its province's, the nation's. A repeal ends the search:
    /// who repeals a measure does not want the one above it.
    pub fn read<T: Serialize + Sync>(&self, pick: impl Fn(&'a Laid) -> &'a Param<T>) -> Result<&'a T, NoPolicy> {
        let param = pick(self.library.unset());
        let found = self.nearest(|laid| pick(laid).on(self.day));
        let Some((region, value)) = found else { return Err(self.no_policy(param.topic, param.name, None)) };
        let (topic, name) = (param.topic, param.name);
        let Some(it) = value.value() else { return Err(self.no_policy(topic, name, Some(value.since()))) };
        let mut remembered = self.because.borrow_mut();
        // One region and one day: a parameter has one value.
        if !remembered.iter().any(|it| (it.topic, it.param) == (topic, name)) {
            let regions = self.library.regions();
            let word = Box::new(move || Because::new(topic, name, region, value.entry(), regions));
            remembered.push(Remembered { topic, param: name, word });
        }
        Ok(it)
    }

    /// The value with its reason, for what is kept with a reason of its own.
    pub fn read_with_reason<T: Serialize + Sync>(
        &self,
        pick: impl Fn(&'a Laid) -> &'a Param<T>,
    ) -> Result<(&'a T, Because), NoPolicy> {
        let it = self.read(&pick)?;
        let param = pick(self.library.unset());
        let remembered = self.because.borrow();
        let found = remembered.iter().find(|it| (it.topic, it.param) == (param.topic, param.name));
        Ok((it, (found.expect("what was read is remembered").word)()))
    }

    /// The same by names, for pages and commands. Nothing where there is no such topic or parameter.
    pub fn look_up(&self, topic: &str, name: &str) -> Option<Result<Because, NoPolicy>> {
        let view = self.library.unset().view_of(topic, name)?;
        let found = self.nearest(|laid| {
            let view = laid.view_of(topic, name)?;
            view.entries.into_iter().find(|it| it.status != Status::Planned && it.from <= self.day)
        });
        Some(match found {
            None => Err(self.no_policy(view.topic, view.name, None)),
            Some((_, entry)) if entry.value.is_none() => Err(self.no_policy(view.topic, view.name, Some(entry.from))),
            Some((region, entry)) => Ok(Because::new(view.topic, view.name, region, entry, self.library.regions())),
        })
    }

    /// The price of an item here and on this day, and whose list says so: the region's own, else that of the region above.
    /// A price abolished on that day ends the search.
    pub fn price(
        &self,
        code: &str,
        level: Option<Level>,
        owner: Option<Owner>,
    ) -> Result<(Region, &'a Price), NoPolicy> {
        let at = At { level, owner, day: self.day };
        let chain = self.library.regions().chain(self.region);
        let found = chain.into_iter().find_map(|it| Some((it, pick(self.library.prices(it), code, at)?)));
        let (region, price) = found.ok_or_else(|| self.no_policy("tariff", PRICES, None))?;
        if price.price.is_none() {
            return Err(self.no_policy("tariff", PRICES, Some(price.from)));
        }
        Ok((region, price))
    }

    /// A service of long-term care by its id; nothing where no list here names it.
    pub fn care_service(&self, id: &str) -> Option<&'a Service> {
        self.read(|it| &it.ltci.services).ok()?.iter().find(|it| it.id == id)
    }

    /// An item of the price lists that hold here by its code, for whatever level, owner and day.
    pub fn item(&self, code: &str) -> Option<&'a Price> {
        let chain = self.library.regions().chain(self.region);
        chain.into_iter().find_map(|it| self.library.prices(it).iter().rev().find(|it| it.code == code))
    }

    /// Every item that has a price here and on this day, by code.
    pub fn price_list(&self, level: Option<Level>, owner: Option<Owner>) -> Vec<(Region, &'a Price)> {
        let chain = self.library.regions().chain(self.region);
        let codes: BTreeSet<&str> =
            chain.iter().flat_map(|it| self.library.prices(*it)).map(|it| it.code.as_str()).collect();
        codes.into_iter().filter_map(|code| self.price(code, level, owner).ok()).collect()
    }

    /// The Chinese name of a region, as reasons carry it.
    pub fn region_name(&self, region: Region) -> String {
        self.library.regions().name(region)
    }

    /// That a value in force says nothing about what was asked, such as a list that does not name it.
    pub fn nothing_for(&self, topic: &'static str, param: &'static str) -> NoPolicy {
        self.no_policy(topic, param, None)
    }

    /// Which days are worked.
    pub fn working_days(&self) -> &'a WorkingDays {
        self.library.working_days()
    }

    /// The values read so far, in the order of reading.
    pub fn because(&self) -> Vec<Because> {
        self.because.borrow().iter().map(|it| (it.word)()).collect()
    }

    /// An answer together with the values it was decided by.
    pub fn decided<T>(&self, answer: T) -> Decision<T> {
        let (region, day, policy_digest) = (self.region, self.day, self.library.digest().to_owned());
        Decision { answer, region, day, because: self.because(), policy_digest }
    }

    fn nearest<V>(&self, found: impl Fn(&'a Laid) -> Option<V>) -> Option<(Region, V)> {
        let laid = self.laid.get_or_init(|| {
            let chain = self.library.regions().chain(self.region);
            chain.into_iter().filter_map(|it| Some((it, self.library.laid(it)?))).collect()
        });
        laid.iter().find_map(|(region, it)| Some((*region, found(it)?)))
    }

    fn no_policy(&self, topic: &'static str, param: &'static str, repealed: Option<Date>) -> NoPolicy {
        let region_name = self.library.regions().name(self.region);
        NoPolicy { topic, param, region: self.region, region_name, day: self.day, repealed }
    }
}

impl fmt::Debug for InForce<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InForce").field("region", &self.region).field("day", &self.day).finish_non_exhaustive()
    }
}

impl Because {
    fn new(topic: &'static str, param: &'static str, region: Region, entry: Entry, regions: &Regions) -> Because {
        let Entry { from, value, document, clause, status, checked, confirmed, note, at: _ } = entry;
        let value = value.unwrap_or_default();
        let region_name = regions.name(region);
        Because { topic, param, value, region, region_name, from, document, clause, status, confirmed, checked, note }
    }

    /// The reason as one sentence.
    pub fn text(&self) -> Text {
        let Because { param, region_name, from, confirmed, .. } = self;
        let value = shown(&self.value);
        let document = self.document.as_deref().unwrap_or("-");
        let (badge, badge_en) = if self.status == Status::Example { ("【示例】", " [example]") } else { ("", "") };
        Text::new(
            format!("{param}＝{value}{badge}（{region_name}，{from} 起，依据 {document}，可信 {confirmed}）"),
            format!(
                "{param} = {value}{badge_en} ({region_name}, since {from}, document {document}, confirmed by {confirmed})"
            ),
        )
    }
}

impl NoPolicy {
    /// What is missing, as one sentence.
    pub fn text(&self) -> Text {
        let NoPolicy { topic, param, region_name, day, .. } = self;
        let (zh, en) = match self.repealed {
            None => (String::new(), String::new()),
            Some(it) => (format!("，{it} 起已废止"), format!("; repealed since {it}")),
        };
        Text::new(
            format!("本地当日没有在行政策：{region_name} {day} {topic}/{param}{zh}"),
            format!("no policy in force here on that day: {region_name} {day} {topic}/{param}{en}"),
        )
    }
}

impl fmt::Display for NoPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().zh)
    }
}

impl std::error::Error for NoPolicy {}
