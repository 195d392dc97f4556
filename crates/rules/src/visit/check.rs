//! The checks of a visit, one function each.

use serde::{Deserialize, Serialize};

use super::{Before, Carer, Chain, Door, Fix, Lacking, Signature, Source, Visit, metres};
use crate::{
    base::Text,
    policy::{InForce, NoPolicy},
};

/// What is checked; the first six are the elements of a service record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Check {
    #[serde(rename = "服务项目")]
    Service,
    #[serde(rename = "服务对象")]
    Person,
    #[serde(rename = "服务人员")]
    Carer,
    #[serde(rename = "地点")]
    Place,
    #[serde(rename = "开始时间")]
    Begin,
    #[serde(rename = "结束时间")]
    End,
    #[serde(rename = "服务时长")]
    Duration,
    #[serde(rename = "时间冲突")]
    Overlap,
    #[serde(rename = "路途")]
    Travel,
    #[serde(rename = "签名")]
    Signature,
    #[serde(rename = "照片")]
    Photo,
    #[serde(rename = "证据链")]
    Chain,
}

impl Check {
    /// (word under which it is stored, Chinese title), in the order of pages.
    pub const WORDS: &'static [(&'static str, &'static str)] = &[
        ("service", "服务项目"),
        ("person", "服务对象"),
        ("carer", "服务人员"),
        ("place", "地点"),
        ("begin", "开始时间"),
        ("end", "结束时间"),
        ("duration", "服务时长"),
        ("overlap", "时间冲突"),
        ("travel", "路途"),
        ("signature", "签名"),
        ("photo", "照片"),
        ("chain", "证据链"),
    ];

    const ALL: [Check; 12] = [
        Check::Service,
        Check::Person,
        Check::Carer,
        Check::Place,
        Check::Begin,
        Check::End,
        Check::Duration,
        Check::Overlap,
        Check::Travel,
        Check::Signature,
        Check::Photo,
        Check::Chain,
    ];

    pub fn word(self) -> &'static str {
        Check::ALL.iter().zip(Check::WORDS).find(|it| *it.0 == self).map_or("", |it| it.1.0)
    }

    pub fn parse(word: &str) -> Option<Check> {
        Check::ALL.iter().zip(Check::WORDS).find(|it| it.1.0 == word).map(|it| *it.0)
    }

    /// One of the six without which a service is not recorded.
    pub fn is_element(self) -> bool {
        self <= Check::End
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Finding {
    #[serde(rename = "通过")]
    Passed,
    #[serde(rename = "不明")]
    Unknown,
    #[serde(rename = "不符")]
    Failed,
}

impl Finding {
    pub fn word(self) -> &'static str {
        match self {
            Finding::Passed => "passed",
            Finding::Unknown => "unknown",
            Finding::Failed => "failed",
        }
    }

    pub fn parse(word: &str) -> Option<Finding> {
        [Finding::Passed, Finding::Unknown, Finding::Failed].into_iter().find(|it| it.word() == word)
    }
}

/// What the checks come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Verdict {
    #[serde(rename = "已核验")]
    Verified,
    /// An element is unknown: somebody has to say more.
    #[serde(rename = "证据不全")]
    Incomplete,
    /// Something speaks against it: somebody has to look.
    #[serde(rename = "存疑")]
    Doubtful,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Verified => "verified",
            Verdict::Incomplete => "incomplete",
            Verdict::Doubtful => "doubtful",
        }
    }

    /// Doubtful where a check failed, incomplete where one of the six elements is unknown.
    pub fn of(findings: impl IntoIterator<Item = (Check, Finding)>) -> Verdict {
        let mut verdict = Verdict::Verified;
        for (check, finding) in findings {
            match finding {
                Finding::Failed => return Verdict::Doubtful,
                Finding::Unknown if check.is_element() => verdict = Verdict::Incomplete,
                _ => {}
            }
        }
        verdict
    }
}

/// Every finding with its reason, and the verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub verdict: Verdict,
    pub checks: Vec<(Check, Finding, Text)>,
}

impl Outcome {
    /// What two people confirmed about an element stands in place of what the check found; everything else stays.
    pub fn corrected(mut self, confirmed: &[(Check, Text)]) -> Outcome {
        for (check, finding, text) in &mut self.checks {
            if let Some((_, said)) = confirmed.iter().find(|it| it.0 == *check && check.is_element()) {
                (*finding, *text) = (Finding::Passed, said.clone());
            }
        }
        self.verdict = Verdict::of(self.checks.iter().map(|it| (it.0, it.1)));
        self
    }
}

/// What stands beside an element that two people confirmed: the reason, who said it and who confirmed it.
pub fn confirmed_by([reason, first, second]: [&str; 3]) -> Text {
    Text::new(
        format!("更正:{reason}({first}、{second}确认)"),
        format!("put right: {reason} (confirmed by {first} and {second})"),
    )
}

type Found = (Finding, Text);

fn passed(zh: impl Into<String>, en: impl Into<String>) -> Found {
    (Finding::Passed, Text::new(zh, en))
}

fn unknown(zh: impl Into<String>, en: impl Into<String>) -> Found {
    (Finding::Unknown, Text::new(zh, en))
}

fn failed(zh: impl Into<String>, en: impl Into<String>) -> Found {
    (Finding::Failed, Text::new(zh, en))
}

/// 依据: 医保办发〔2024〕21号 服务记录要素; limits see 政策库“上门服务核验”
pub(super) fn all(it: &Visit, policy: &InForce<'_>) -> Result<Outcome, NoPolicy> {
    let place = place(it, *policy.read(|it| &it.visit.radius)?, *policy.read(|it| &it.visit.accuracy)?);
    let clock = i64::from(*policy.read(|it| &it.visit.clock_minutes)?) * 60;
    let least = i64::from(*policy.read(|it| &it.visit.least_percent)?);
    let speed = *policy.read(|it| &it.visit.speed)?;
    let checks: Vec<(Check, Finding, Text)> = [
        (Check::Service, service(it)),
        (Check::Person, person(it, &place)),
        (Check::Carer, carer(it)),
        (Check::Begin, instant(it, it.began, clock)),
        (Check::End, end(it, clock)),
        (Check::Duration, duration(it, least)),
        (Check::Overlap, overlap(it)),
        (Check::Travel, travel(it, speed)),
        (Check::Signature, signature(it)),
        (Check::Photo, photo(it)),
        (Check::Chain, chain(it)),
        (Check::Place, place),
    ]
    .into_iter()
    .map(|(check, (finding, text))| (check, finding, text))
    .collect();
    let mut checks = checks;
    checks.sort_by_key(|it| it.0);
    Ok(Outcome { verdict: Verdict::of(checks.iter().map(|it| (it.0, it.1))), checks })
}

/// At least one service was given, and what was planned was given or it is said why not.
fn service(it: &Visit) -> Found {
    if let Some(name) = it.untold.first() {
        return unknown(format!("“{name}”做没做没有记"), format!("nothing is said of {name}"));
    }
    if let Some(one) = it.tasks.iter().find(|it| !it.done && it.reason.is_empty()) {
        return unknown(
            format!("“{}”没有做,没有写原因", one.name),
            format!("{} was left out without a reason", one.name),
        );
    }
    let done: Vec<&str> = it.tasks.iter().filter(|it| it.done).map(|it| &*it.name).collect();
    match done.is_empty() {
        true => failed("没有做任何项目", "no service was given"),
        false => passed(format!("做了:{}", done.join("、")), format!("done: {}", done.join(", "))),
    }
}

/// The elder is known by the code at their door or by their or their family's signature; being in their home is not yet seeing them.
fn person(it: &Visit, place: &Found) -> Found {
    match (it.door, it.signature) {
        (Door::Other, _) => failed("扫到的门码是另一家的", "the code read at the door is another home's"),
        (Door::Matches, _) => passed("门码相符", "the code at the door is this home's"),
        (_, Signature::Given) => passed("本人或家属已签名", "signed by the elder or the family"),
        _ if !it.witness.is_empty() => passed(
            format!("{}同时测得同样的数值", it.witness),
            format!("{} measured the same values at the time", it.witness),
        ),
        (Door::Former, _) => unknown("门码是换码以前的", "the code at the door is a former one"),
        _ if place.0 == Finding::Passed => unknown(
            "在住处,没有门码或签名证明见到本人",
            "at the home, but neither code nor signature shows who was met",
        ),
        _ => unknown("没有门码,也没有签名", "neither code nor signature"),
    }
}

/// As many as are wanted, each at work on that day.
fn carer(it: &Visit) -> Found {
    if let Some(Carer { name, .. }) = it.staff.iter().find(|it| !it.works) {
        return failed(format!("{name}当天不在岗"), format!("{name} held no post on that day"));
    }
    let names: Vec<&str> = it.staff.iter().map(|it| &*it.name).collect();
    match (names.len(), usize::from(it.people.max(1))) {
        (0, _) => unknown("服务人员没有登记", "the carer is not registered"),
        (there, wanted) if there < wanted => {
            failed(format!("应到{wanted}人,只有{there}人"), format!("{wanted} are wanted, only {there} came"))
        }
        _ => passed(names.join("、"), names.join(", ")),
    }
}

/// As the position or the code at the door says. Where these say nothing, a device of the home that measured the same values at
/// the time shows that somebody was there; against them it shows nothing.
fn place(it: &Visit, radius: u32, accuracy: u32) -> Found {
    let found = by_position(it, radius, accuracy);
    if found.0 == Finding::Unknown && !it.witness.is_empty() {
        return passed(
            format!("{}同时测得同样的数值,证明在住处", it.witness),
            format!("{} measured the same values at the time, which shows the home", it.witness),
        );
    }
    found
}

/// Within the radius of the home at arrival or at leaving, or proved by the code at the door. A position that is missing or too
/// inexact says nothing.
fn by_position(it: &Visit, radius: u32, accuracy: u32) -> Found {
    let fixes: Vec<&Fix> = it.begin_fix.iter().chain(&it.end_fix).collect();
    if fixes.iter().any(|it| it.mock == Some(true)) {
        return failed("手机报告定位是模拟的", "the phone says that the position was made up");
    }
    if it.door == Door::Matches {
        return passed("门码证明在住处", "the code at the door shows the home");
    }
    if it.door == Door::Other {
        return failed("门码是另一家的", "the code is another home's");
    }
    let Some(home) = it.home else {
        return unknown("住处的位置还没有登记", "where the home lies is not registered");
    };
    if fixes.is_empty() {
        return unknown("没有取到定位", "no position could be taken");
    }
    let exact: Vec<&&Fix> = fixes.iter().filter(|it| it.accuracy <= accuracy).collect();
    let Some((away, error)) = exact.iter().map(|it| (metres(it.at, home), it.accuracy)).min() else {
        let best = fixes.iter().map(|it| it.accuracy).min().unwrap_or(0);
        return unknown(
            format!("定位误差{best}米,超过{accuracy}米,不能判断"),
            format!("the position is exact to {best} m only, worse than {accuracy} m"),
        );
    };
    if away <= radius.saturating_add(error) {
        passed(format!("距住处{away}米"), format!("{away} m from the home"))
    } else {
        failed(
            format!("距住处{away}米,误差{error}米,超出{radius}米"),
            format!("{away} m from the home, exact to {error} m, beyond {radius} m"),
        )
    }
}

fn instant(it: &Visit, at: Option<i64>, clock: i64) -> Found {
    match (at, it.source, it.clock_ahead) {
        (None, ..) => unknown("没有记录", "not recorded"),
        (Some(_), Source::Written, _) => {
            unknown("补录的时间,没有当时的证据", "written down later, without evidence of the time")
        }
        (Some(_), Source::Other, _) => passed("按来源系统的记录", "as the other system recorded it"),
        (Some(_), Source::Phone, None) => unknown("手机时钟没有核对过", "the phone's clock could not be compared"),
        (Some(_), Source::Phone, Some(ahead)) if clock < ahead.abs() => {
            let minutes = ahead.abs() / 60;
            let (zh, en) = if 0 < ahead { ("快", "ahead") } else { ("慢", "behind") };
            unknown(
                format!("手机时钟{zh}{minutes}分钟,时间按服务器折算"),
                format!("the phone's clock is {minutes} minutes {en}; the time is converted"),
            )
        }
        (Some(_), Source::Phone, Some(_)) => {
            passed("手机时钟与服务器相符", "the phone's clock agrees with the server's")
        }
    }
}

fn end(it: &Visit, clock: i64) -> Found {
    match (it.began, it.ended) {
        (Some(began), Some(ended)) if ended < began => failed("结束早于开始", "it ended before it began"),
        _ => instant(it, it.ended, clock),
    }
}

fn duration(it: &Visit, least: i64) -> Found {
    let (Some(began), Some(ended)) = (it.began, it.ended) else {
        return unknown("起止时间不全", "begin or end is missing");
    };
    let minutes = (ended - began).max(0) / 60;
    let planned = i64::from(it.planned_minutes);
    if minutes * 100 < planned * least {
        return failed(
            format!("服务{minutes}分钟,不到计划{planned}分钟的{least}%"),
            format!("{minutes} minutes, less than {least} % of the {planned} planned"),
        );
    }
    passed(format!("服务{minutes}分钟"), format!("{minutes} minutes"))
}

fn overlap(it: &Visit) -> Found {
    match it.overlaps {
        true => failed("同一人员同时在另一处服务", "the same carer was serving elsewhere at that time"),
        false => passed("没有冲突", "no conflict"),
    }
}

fn travel(it: &Visit, speed: u16) -> Found {
    let here = it.begin_fix.map(|it| it.at).or(it.home);
    let (Some(Before { ended, at }), Some(here), Some(began)) = (it.before, here, it.began) else {
        return unknown(
            "当天没有上一次服务可比,或没有位置",
            "no visit before it on that day to compare with, or no position",
        );
    };
    let (away, seconds) = (i64::from(metres(at, here)), (began - ended).max(0));
    // Positions are exact to some hundred metres at best.
    if 500 < away && i64::from(speed) * 1000 * seconds < away * 3600 {
        return failed(
            format!("距上一处{away}米,只隔{}分钟", seconds / 60),
            format!("{away} m from the visit before, {} minutes after it", seconds / 60),
        );
    }
    passed(
        format!("距上一处{away}米,隔{}分钟", seconds / 60),
        format!("{away} m from the visit before, {} minutes after it", seconds / 60),
    )
}

fn signature(it: &Visit) -> Found {
    match (it.signature, it.needs_signature) {
        (Signature::Given, _) => passed("已签名", "signed"),
        (Signature::Impossible, _) => unknown("不能签名,已写原因", "nobody could sign; the reason is written down"),
        (Signature::Missing, true) => unknown("没有签名", "not signed"),
        (Signature::Missing, false) => passed("不需要签名", "no signature is asked for"),
    }
}

/// Every photo that a service asks for is there; one that could not be taken says why.
fn photo(it: &Visit) -> Found {
    let Some(one) = it.lacking.iter().find(|it| it.reason.is_empty()).or(it.lacking.first()) else {
        return passed("不缺照片", "no photo is missing");
    };
    let (Lacking { name, reason, .. }, (zh, en)) = (one, one.photo.titles());
    match reason.is_empty() {
        true => failed(format!("“{name}”缺“{zh}”照片"), format!("{name} lacks a photo of {en}")),
        false => unknown(
            format!("“{name}”没有拍“{zh}”,已写原因:{reason}"),
            format!("{name} has no photo of {en}; the reason given: {reason}"),
        ),
    }
}

fn chain(it: &Visit) -> Found {
    match (it.source, it.chain) {
        (Source::Phone, Chain::Whole) => passed("签名和前后衔接都对", "signatures and links are right"),
        (Source::Phone, Chain::Waiting) => unknown("前面的记录还没有传到", "earlier events have not come yet"),
        (Source::Phone, Chain::Lost) => unknown(
            format!("手机第{}条记录已声明丢失,可能有这次上门的", it.lost),
            format!("events {} of the phone were declared lost; some may be of this visit", it.lost),
        ),
        (Source::Phone, Chain::Broken) => failed("签名或前后衔接不对", "a signature or a link is wrong"),
        (Source::Other, _) => unknown("其他系统的记录,没有证据链", "told by another system, without a chain"),
        (Source::Written, _) => unknown("补录,没有证据链", "written down later, without a chain"),
    }
}
