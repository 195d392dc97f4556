//! A recipient's month, judged line by line (费用审核): what the fund pays, what the person, what the provider may ask of
//! nobody, and by which rule.

mod judge;
mod spent;
mod terms;

use serde::{Deserialize, Serialize};

use super::{BonusChoice, Grade, Kind, Mode, Qualification};
use crate::{
    base::{Date, Money, Text, YesNo},
    policy::NoPolicy,
};
pub use judge::settle;
pub use terms::Terms;

/// What is known of a recipient in the month.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    #[serde(rename = "参保")]
    pub insured: Vec<Insured>,
    #[serde(rename = "待遇")]
    pub granted: Vec<Granted>,
    /// Stretches without benefit, such as stays in hospital.
    #[serde(rename = "暂停", default)]
    pub suspended: Vec<Suspended>,
    /// The first day on which the person is dead or has moved away.
    #[serde(rename = "去世或迁出", default)]
    pub gone: Option<Date>,
    /// Which month of care at home without a gap this is, from 1; 0 where there is none.
    #[serde(rename = "连续居家月数", default)]
    pub months_at_home: u16,
    #[serde(rename = "加成取", default)]
    pub bonus: BonusChoice,
    /// Minutes paid already in the week that began in the month before.
    #[serde(rename = "上月跨周已付分钟", default)]
    pub minutes_before: u32,
}

/// A stretch of insurance; `until` is the first day after it.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Insured {
    #[serde(rename = "起")]
    pub from: Date,
    #[serde(rename = "止", default)]
    pub until: Option<Date>,
    #[serde(rename = "参保类别")]
    pub kind: Kind,
}

/// A stretch of benefit as decided; `until` is the first day after it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    #[serde(rename = "起")]
    pub from: Date,
    #[serde(rename = "止", default)]
    pub until: Option<Date>,
    #[serde(rename = "等级")]
    pub grade: Grade,
    #[serde(rename = "方式")]
    pub mode: Mode,
    /// Who was chosen to give the care.
    #[serde(rename = "机构")]
    pub provider: String,
}

/// A stretch without benefit; `until` is the first day after it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Suspended {
    #[serde(rename = "起")]
    pub from: Date,
    #[serde(rename = "止", default)]
    pub until: Option<Date>,
    #[serde(rename = "原因")]
    pub why: String,
}

/// Whether a day lies in `from` to the day before `until`.
fn within(day: Date, from: Date, until: Option<Date>) -> bool {
    from <= day && until.is_none_or(|it| day < it)
}

/// One thing that a provider claims: a service at one time, or a day in its bed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "日期")]
    pub day: Date,
    #[serde(rename = "方式")]
    pub mode: Mode,
    /// Of the catalogue.
    #[serde(rename = "项目")]
    pub service: String,
    #[serde(rename = "金额")]
    pub claimed: Money,
    /// Minutes from midnight; none for a day in bed or a service without a time of its own.
    #[serde(rename = "开始分钟", default)]
    pub begin: Option<u16>,
    #[serde(rename = "分钟", default)]
    pub minutes: u16,
    /// A second carer at the same time.
    #[serde(rename = "第二人", default = "no")]
    pub second: YesNo,
    /// Nobody where the family arranges the care.
    #[serde(rename = "机构", default)]
    pub provider: String,
    /// Its level that day, 1 to 3; none without an agreement in force.
    #[serde(rename = "机构级别", default)]
    pub level: Option<u8>,
    /// What the carer was that day.
    #[serde(rename = "人员资格", default)]
    pub qualifications: Vec<Qualification>,
    #[serde(rename = "缺少证据", default)]
    pub missing: Vec<Evidence>,
    /// Rules that do not count for this line since an objection against them was upheld.
    #[serde(rename = "异议成立", default)]
    pub waived: Vec<Rule>,
}

fn no() -> YesNo {
    YesNo::No
}

/// The six things that prove a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Evidence {
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
}

impl Evidence {
    pub fn title(self) -> Text {
        match self {
            Evidence::Service => Text::new("服务项目", "service"),
            Evidence::Person => Text::new("服务对象", "recipient"),
            Evidence::Carer => Text::new("服务人员", "carer"),
            Evidence::Place => Text::new("地点", "place"),
            Evidence::Begin => Text::new("开始时间", "begin"),
            Evidence::End => Text::new("结束时间", "end"),
        }
    }
}

/// The rules in the order in which they are asked; the number is the one people cite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Rule {
    #[serde(rename = "未参保")]
    NotInsured = 1,
    #[serde(rename = "无待遇")]
    NoBenefit,
    #[serde(rename = "待遇暂停")]
    Suspended,
    #[serde(rename = "已去世或迁出")]
    Gone,
    #[serde(rename = "服务方式不符")]
    OtherMode,
    #[serde(rename = "非选定机构")]
    OtherProvider,
    #[serde(rename = "机构无协议")]
    NoAgreement,
    #[serde(rename = "不在目录")]
    NotInCatalogue,
    #[serde(rename = "人员无资格")]
    NotQualified,
    #[serde(rename = "证据不全")]
    EvidenceMissing,
    #[serde(rename = "时长不足")]
    TooShort,
    #[serde(rename = "重复申报")]
    Twice,
    #[serde(rename = "时间重叠")]
    Overlapping,
    #[serde(rename = "超最高价")]
    AbovePrice,
    #[serde(rename = "超时长限额")]
    AboveHours,
    #[serde(rename = "超金额限额")]
    AboveMoney,
    #[serde(rename = "起付线")]
    Deductible,
}

impl Rule {
    /// Every rule, in order.
    pub const ALL: [Rule; 17] = [
        Rule::NotInsured,
        Rule::NoBenefit,
        Rule::Suspended,
        Rule::Gone,
        Rule::OtherMode,
        Rule::OtherProvider,
        Rule::NoAgreement,
        Rule::NotInCatalogue,
        Rule::NotQualified,
        Rule::EvidenceMissing,
        Rule::TooShort,
        Rule::Twice,
        Rule::Overlapping,
        Rule::AbovePrice,
        Rule::AboveHours,
        Rule::AboveMoney,
        Rule::Deductible,
    ];

    /// The number people cite.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The rule of a number.
    pub fn numbered(number: u8) -> Option<Rule> {
        Rule::ALL.into_iter().find(|it| it.number() == number)
    }

    /// Whether an objection can set the rule aside: what the provider did or proved can be seen otherwise; who is insured, who
    /// has benefit and how much of it is left are facts that are mended where they are kept.
    pub fn can_be_waived(self) -> bool {
        matches!(
            self,
            Rule::OtherProvider
                | Rule::NotQualified
                | Rule::EvidenceMissing
                | Rule::TooShort
                | Rule::Twice
                | Rule::Overlapping
                | Rule::AbovePrice
        )
    }

    /// Who bears what the rule cuts: a person who has no benefit or has used it up pays; what a provider may not claim it
    /// may ask of nobody.
    pub fn bearer(self) -> Bearer {
        match self {
            Rule::NotInsured | Rule::NoBenefit | Rule::AboveHours | Rule::AboveMoney | Rule::Deductible => {
                Bearer::Person
            }
            _ => Bearer::Provider,
        }
    }
}

/// Who bears an amount that the fund does not pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Bearer {
    #[serde(rename = "个人")]
    Person,
    #[serde(rename = "机构")]
    Provider,
}

/// What one rule takes from a line, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deduction {
    pub rule: Rule,
    /// Zero where another rule refused the line before.
    pub amount: Money,
    pub said: Text,
}

/// What became of a line. `claimed` is always what fund, person, provider and pending add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub line: String,
    pub day: Date,
    pub claimed: Money,
    pub fund: Money,
    pub person: Money,
    pub provider: Money,
    /// What cannot be decided, with the reason in `undecided`.
    pub pending: Money,
    /// Minutes within the limits of hours, those of a bonus included.
    pub minutes: u16,
    /// Those of a bonus, which no week counts.
    pub bonus_minutes: u16,
    pub deductions: Vec<Deduction>,
    pub undecided: Option<NoPolicy>,
}

/// A month of one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// By day, time and number, whatever order the lines came in.
    pub verdicts: Vec<Verdict>,
    /// Money in place of more hours, beside the lines.
    pub bonus: Money,
}

impl Settled {
    /// What the fund pays in all.
    pub fn fund(&self) -> Money {
        self.verdicts.iter().map(|it| it.fund).sum::<Money>() + self.bonus
    }
}
