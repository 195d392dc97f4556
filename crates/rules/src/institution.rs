//! Institutions: what counts as both licences (两证齐全), which licences run out, who should open a green channel.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, YesNo},
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about institutions.
    "institutions", "机构", "Institutions" {
        /// Any one of these shows that an institution may practise medicine.
        medical_licences: Vec<LicenceKind> = "医疗资质证照",
        /// Any one of these shows that an institution may take in elders.
        care_licences: Vec<LicenceKind> = "养老资质证照",
        /// So many days before its end a licence is announced.
        warning_days: BTreeMap<LicenceKind, u16> = "证照到期提醒天数",
        /// The kinds of institutions that should open a green channel for elders.
        green_channel_kinds: Vec<String> = "应开通绿色通道的机构",
        /// From this level on a public general hospital should have a geriatrics department.
        geriatrics_levels: Vec<String> = "应设老年医学科的等级",
    }
}

/// A licence, a filing or a certificate of an institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum LicenceKind {
    #[serde(rename = "医疗机构执业许可证")]
    Practice,
    #[serde(rename = "诊所备案凭证")]
    ClinicFiling,
    #[serde(rename = "养老机构内设医疗机构备案")]
    InternalFiling,
    #[serde(rename = "养老机构备案")]
    CareFiling,
    #[serde(rename = "养老机构设立许可证")]
    CarePermit,
    #[serde(rename = "登记证书")]
    Registration,
    #[serde(rename = "消防验收或备案")]
    Fire,
    #[serde(rename = "食品经营许可证")]
    Food,
    #[serde(rename = "放射诊疗许可证")]
    Radiation,
    #[serde(rename = "其他证照")]
    Other,
}

impl LicenceKind {
    /// (word, Chinese title) of every kind, in the order in which a form offers them.
    pub const WORDS: &'static [(&'static str, &'static str)] = &[
        ("practice", "医疗机构执业许可证"),
        ("clinic_filing", "诊所备案凭证"),
        ("internal_filing", "养老机构内设医疗机构备案"),
        ("care_filing", "养老机构备案"),
        ("care_permit", "养老机构设立许可证"),
        ("registration", "登记证书"),
        ("fire", "消防验收或备案"),
        ("food", "食品经营许可证"),
        ("radiation", "放射诊疗许可证"),
        ("other", "其他证照"),
    ];

    const ALL: [LicenceKind; 10] = [
        LicenceKind::Practice,
        LicenceKind::ClinicFiling,
        LicenceKind::InternalFiling,
        LicenceKind::CareFiling,
        LicenceKind::CarePermit,
        LicenceKind::Registration,
        LicenceKind::Fire,
        LicenceKind::Food,
        LicenceKind::Radiation,
        LicenceKind::Other,
    ];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        LicenceKind::WORDS[self as usize].0
    }

    /// Its name in Chinese.
    pub fn title(self) -> &'static str {
        LicenceKind::WORDS[self as usize].1
    }

    /// The one of a stored word.
    pub fn parse(word: &str) -> Option<LicenceKind> {
        LicenceKind::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A licence with the days on which it is valid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    #[serde(rename = "证照")]
    pub kind: LicenceKind,
    /// The first day.
    #[serde(rename = "起")]
    pub from: Date,
    /// The last day; nothing where it names no end.
    #[serde(rename = "有效至", default)]
    pub until: Option<Date>,
    /// The first day on which it was withdrawn or given back.
    #[serde(rename = "注销日", default)]
    pub ended: Option<Date>,
}

impl Licence {
    /// Whether it is valid on a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|it| day <= it) && self.ended.is_none_or(|it| day < it)
    }

    /// The first day on which it is no longer valid.
    pub fn ends(&self) -> Option<Date> {
        let after = self.until.map(|it| it.add_days(1));
        match (after, self.ended) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

/// The licences an institution ever had.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licences {
    #[serde(rename = "证照")]
    pub all: Vec<Licence>,
}

/// Which of the two sides an institution is licensed for on the day asked about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Licensed {
    /// The licence by which it may practise medicine.
    #[serde(rename = "医疗", default)]
    pub medical: Option<LicenceKind>,
    /// The licence by which it may take in elders.
    #[serde(rename = "养老", default)]
    pub care: Option<LicenceKind>,
}

impl Licensed {
    /// 两证齐全: both at once.
    pub fn both(&self) -> bool {
        self.medical.is_some() && self.care.is_some()
    }
}

/// Whether an institution has a medical and an elderly-care licence (or filing) that are valid on the day of the policy.
///
/// 依据: 国卫老龄发〔2022〕25号 医养结合机构“两证齐全”:具有医疗卫生机构资质并进行养老机构备案
pub fn licensed(licences: &Licences, policy: &InForce<'_>) -> Result<Licensed, NoPolicy> {
    let medical = policy.read(|it| &it.institutions.medical_licences)?;
    let care = policy.read(|it| &it.institutions.care_licences)?;
    let valid = |wanted: &[LicenceKind]| {
        licences.all.iter().find(|it| wanted.contains(&it.kind) && it.holds(policy.day())).map(|it| it.kind)
    };
    Ok(Licensed { medical: valid(medical), care: valid(care) })
}

/// How a licence stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum Standing {
    #[serde(rename = "未生效")]
    ToCome,
    #[serde(rename = "有效")]
    Valid,
    /// So many days are left, the last one not counted.
    #[serde(rename = "将到期")]
    RunsOut {
        #[serde(rename = "剩余天数")]
        days: i32,
    },
    #[serde(rename = "已过期")]
    Expired,
    #[serde(rename = "已注销")]
    Ended,
}

/// How a licence stands on the day of the policy: announced so many days before its end as the region lays down for its
/// kind; a kind for which nothing is laid down is only told when it has expired.
///
/// 依据: 医疗机构管理条例 第二十一条 (a licence has to be checked in time); the numbers stand in the policy files
pub fn standing(licence: &Licence, policy: &InForce<'_>) -> Result<Standing, NoPolicy> {
    let day = policy.day();
    let warned = policy.read(|it| &it.institutions.warning_days)?;
    if licence.ended.is_some_and(|it| it <= day) {
        return Ok(Standing::Ended);
    }
    if day < licence.from {
        return Ok(Standing::ToCome);
    }
    let Some(until) = licence.until else { return Ok(Standing::Valid) };
    let left = day.days_until(until);
    Ok(match warned.get(&licence.kind) {
        _ if left < 0 => Standing::Expired,
        Some(days) if left <= i32::from(*days) => Standing::RunsOut { days: left },
        _ => Standing::Valid,
    })
}

/// What decides whether an institution should have something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The word of its kind.
    #[serde(rename = "类别")]
    pub kind: String,
    #[serde(rename = "等级", default)]
    pub level: String,
    #[serde(rename = "公立")]
    pub is_public: YesNo,
}

/// What an institution should have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Owes {
    #[serde(rename = "绿色通道")]
    pub green_channel: YesNo,
    #[serde(rename = "老年医学科")]
    pub geriatrics: YesNo,
}

/// Whether an institution belongs to those that should open a green channel, and to those that should have a geriatrics
/// department: public general hospitals of the levels laid down.
///
/// 依据: 绵卫函〔2017〕263号 (clinics, out-patient departments, village rooms and community stations are not counted);
/// 西安市进一步推进医养结合发展实施方案（2024年10月20日） 工作目标 (level-2 and higher public general hospitals)
pub fn owes(asked: &Asked, policy: &InForce<'_>) -> Result<Owes, NoPolicy> {
    let green = policy.read(|it| &it.institutions.green_channel_kinds)?;
    let levels = policy.read(|it| &it.institutions.geriatrics_levels)?;
    Ok(Owes {
        green_channel: green.contains(&asked.kind).into(),
        geriatrics: (asked.kind == "hospital" && asked.is_public.is_yes() && levels.contains(&asked.level)).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_licence_reads_back_from_its_word() {
        for (at, kind) in LicenceKind::ALL.into_iter().enumerate() {
            assert_eq!(LicenceKind::WORDS[at], (kind.word(), kind.title()));
            assert_eq!(LicenceKind::parse(kind.word()), Some(kind));
        }
    }

    #[test]
    fn a_licence_holds_on_its_last_day_and_not_on_the_day_it_was_given_back() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let mut it = Licence {
            kind: LicenceKind::Practice,
            from: day("2024-01-01"),
            until: Some(day("2024-12-31")),
            ended: None,
        };
        assert!(it.holds(day("2024-12-31")) && !it.holds(day("2025-01-01")) && !it.holds(day("2023-12-31")));
        assert_eq!(it.ends(), Some(day("2025-01-01")));
        it.ended = Some(day("2024-06-01"));
        assert!(it.holds(day("2024-05-31")) && !it.holds(day("2024-06-01")));
        assert_eq!(it.ends(), Some(day("2024-06-01")));
    }
}
