//! Workforce: whether a family-doctor team is complete, and until when what somebody learned holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    base::Date,
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about staff and teams.
    "workforce", "人员与团队", "Workforce" {
        /// The roles every team has: the 3 of 3+2+X.
        core_roles: Vec<Role> = "团队基本成员",
        /// The specialists who stand behind every team: the 2 of 3+2+X.
        specialist_roles: Vec<Role> = "团队专科成员",
        /// So many days before its end a certificate is announced.
        warning_days: u16 = "证书到期提醒天数",
        /// Months for which a certificate holds where it names no end; those that are not here do not expire.
        valid_months: BTreeMap<Certificate, u16> = "证书有效月数",
        /// Hours of training everybody has in a year.
        yearly_hours: u16 = "年度培训学时",
    }
}

/// What somebody is in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Role {
    #[serde(rename = "全科医生")]
    GeneralPractitioner,
    #[serde(rename = "公共卫生医生")]
    PublicHealthDoctor,
    #[serde(rename = "护士")]
    Nurse,
    #[serde(rename = "二级医院专科医生")]
    SecondarySpecialist,
    #[serde(rename = "三级医院专科医生")]
    TertiarySpecialist,
    #[serde(rename = "乡村医生")]
    VillageDoctor,
    #[serde(rename = "中医医生")]
    TcmDoctor,
    #[serde(rename = "药师")]
    Pharmacist,
    #[serde(rename = "康复治疗师")]
    Therapist,
    #[serde(rename = "健康管理师")]
    HealthManager,
    #[serde(rename = "心理咨询师")]
    Counsellor,
    #[serde(rename = "护理员")]
    Carer,
    #[serde(rename = "社会工作者")]
    SocialWorker,
    #[serde(rename = "志愿者")]
    Volunteer,
}

/// What somebody can show on paper besides the licence of their profession.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Certificate {
    #[serde(rename = "医师执业证")]
    Physician,
    #[serde(rename = "护士执业证")]
    Nurse,
    #[serde(rename = "乡村医生执业证")]
    VillageDoctor,
    #[serde(rename = "药师资格证")]
    Pharmacist,
    #[serde(rename = "康复治疗师资格证")]
    Therapist,
    #[serde(rename = "全科医生培训合格证")]
    GeneralPractice,
    #[serde(rename = "老年医学培训合格证")]
    Geriatrics,
    #[serde(rename = "养老护理员证")]
    CareWorker,
    #[serde(rename = "失能等级评估员证")]
    Assessor,
    #[serde(rename = "急救培训证")]
    FirstAid,
    #[serde(rename = "中医适宜技术培训证")]
    TcmTechniques,
    #[serde(rename = "健康证")]
    Health,
    #[serde(rename = "基层高级职称定向评价证书")]
    DirectedTitle,
    #[serde(rename = "其他证书")]
    Other,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal, $title:literal;)+ }) => {
        impl $type {
            /// Every one, in the order in which a form offers them.
            pub const ALL: &'static [$type] = &[$($type::$variant),+];

            /// (word, Chinese title), for forms and lists.
            pub const WORDS: &'static [(&'static str, &'static str)] = &[$(($word, $title)),+];

            /// The word under which it is stored.
            pub fn word(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }

            /// Its name in Chinese.
            pub fn title(self) -> &'static str {
                match self { $($type::$variant => $title),+ }
            }

            /// The one of a stored word.
            pub fn parse(word: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|it| it.word() == word)
            }
        }
    };
}

words! { Role {
    GeneralPractitioner = "gp", "全科医生";
    PublicHealthDoctor = "public_health", "公共卫生医生";
    Nurse = "nurse", "护士";
    SecondarySpecialist = "specialist2", "二级医院专科医生";
    TertiarySpecialist = "specialist3", "三级医院专科医生";
    VillageDoctor = "village_doctor", "乡村医生";
    TcmDoctor = "tcm", "中医医生";
    Pharmacist = "pharmacist", "药师";
    Therapist = "therapist", "康复治疗师";
    HealthManager = "health_manager", "健康管理师";
    Counsellor = "counsellor", "心理咨询师";
    Carer = "carer", "护理员";
    SocialWorker = "social_worker", "社会工作者";
    Volunteer = "volunteer", "志愿者";
} }

words! { Certificate {
    Physician = "physician", "医师执业证";
    Nurse = "nurse", "护士执业证";
    VillageDoctor = "village_doctor", "乡村医生执业证";
    Pharmacist = "pharmacist", "药师资格证";
    Therapist = "therapist", "康复治疗师资格证";
    GeneralPractice = "general_practice", "全科医生培训合格证";
    Geriatrics = "geriatrics", "老年医学培训合格证";
    CareWorker = "care_worker", "养老护理员证";
    Assessor = "assessor", "失能等级评估员证";
    FirstAid = "first_aid", "急救培训证";
    TcmTechniques = "tcm_techniques", "中医适宜技术培训证";
    Health = "health", "健康证";
    DirectedTitle = "directed_title", "基层高级职称定向评价证书";
    Other = "other", "其他证书";
} }

/// Who is in a team on a day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Members {
    /// The role of each member.
    #[serde(rename = "成员")]
    pub roles: Vec<Role>,
}

/// What a team has and what it lacks of 3+2+X.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Completeness {
    /// Core roles nobody has.
    #[serde(rename = "缺基本成员", default)]
    pub core_missing: Vec<Role>,
    /// Specialists who are not there.
    #[serde(rename = "缺专科成员", default)]
    pub specialists_missing: Vec<Role>,
    /// Members beyond those roles: the X.
    #[serde(rename = "其他成员", default)]
    pub others: usize,
}

impl Completeness {
    /// Whether nothing of the 3 and the 2 is missing.
    pub fn is_complete(&self) -> bool {
        self.core_missing.is_empty() && self.specialists_missing.is_empty()
    }
}

/// What a team has of 3+2+X: each core role and each specialist at least once, everybody else is X.
///
/// 依据: 绵卫函〔2017〕263号 家庭医生签约服务部分 ("3+2+X" teams)
pub fn completeness(members: &Members, policy: &InForce<'_>) -> Result<Completeness, NoPolicy> {
    let core = policy.read(|it| &it.workforce.core_roles)?;
    let specialists = policy.read(|it| &it.workforce.specialist_roles)?;
    let missing = |wanted: &[Role]| wanted.iter().copied().filter(|it| !members.roles.contains(it)).collect::<Vec<_>>();
    let is_other = |it: &&Role| !core.contains(it) && !specialists.contains(it);
    Ok(Completeness {
        core_missing: missing(core),
        specialists_missing: missing(specialists),
        others: members.roles.iter().filter(is_other).count(),
    })
}

/// A certificate as it was handed in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    #[serde(rename = "证书")]
    pub kind: Certificate,
    /// The day it was issued.
    #[serde(rename = "发证日")]
    pub from: Date,
    /// The last day it names itself.
    #[serde(rename = "有效至", default)]
    pub until: Option<Date>,
}

/// Until when a certificate holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The last day; nothing where it does not expire.
    #[serde(rename = "有效至", default)]
    pub until: Option<Date>,
}

/// The last day of a certificate: the one it names, else so many months after it was issued as the region lays down; a kind
/// for which nothing is laid down does not expire.
///
/// 依据: 护士条例 第十条 (registration holds five years); the other periods are local and stand in the policy files
pub fn validity(held: &Held, policy: &InForce<'_>) -> Result<Validity, NoPolicy> {
    if held.until.is_some() {
        return Ok(Validity { until: held.until });
    }
    let months = policy.read(|it| &it.workforce.valid_months)?.get(&held.kind);
    Ok(Validity { until: months.map(|it| held.from.add_months(i32::from(*it)).add_days(-1)) })
}

/// From which day a certificate is announced as running out.
///
/// 依据: the number of days is set by each region in the policy files
pub fn warned_from(until: Date, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    let days = *policy.read(|it| &it.workforce.warning_days)?;
    Ok(until.add_days(-i32::from(days)))
}
