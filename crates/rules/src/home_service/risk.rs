//! What is asked before a visit, and how it may be made.

use serde::{Deserialize, Serialize};

use crate::policy::{InForce, NoPolicy};

/// What follows from a risk; what comes later is heavier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Verdict {
    #[serde(rename = "可以上门")]
    Go,
    #[serde(rename = "两人上门")]
    Two,
    #[serde(rename = "医生先上门")]
    DoctorFirst,
    #[serde(rename = "不上门")]
    Refuse,
}

impl Verdict {
    /// (word, Chinese title), for forms and lists.
    pub const WORDS: &'static [(&'static str, &'static str)] =
        &[("go", "可以上门"), ("two", "两人上门"), ("doctor_first", "医生先上门"), ("refuse", "不上门")];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Verdict::WORDS[self as usize].0
    }

    /// In Chinese.
    pub fn title(self) -> &'static str {
        Verdict::WORDS[self as usize].1
    }
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum About {
    #[serde(rename = "本人")]
    Person,
    #[serde(rename = "家中")]
    Home,
    #[serde(rename = "陪同")]
    Company,
}

impl About {
    /// Every one, in the order in which a form asks.
    pub const ALL: [About; 3] = [About::Person, About::Home, About::Company];

    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            About::Person => "老人的情况",
            About::Home => "家里的情况",
            About::Company => "谁在场",
        }
    }
}

/// One question before a visit; a yes is a risk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "关于")]
    pub about: About,
    /// What follows from a yes.
    #[serde(rename = "有则")]
    pub then: Verdict,
}

/// The answers to the questions, by their ids; the others were not answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    #[serde(rename = "有")]
    pub present: Vec<String>,
    #[serde(rename = "无")]
    pub absent: Vec<String>,
}

/// How a visit may be made, and which answers say so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Weighed {
    /// Nothing while questions are open that may change it.
    #[serde(rename = "结论", default)]
    pub verdict: Option<Verdict>,
    #[serde(rename = "原因", default)]
    pub reasons: Vec<String>,
    #[serde(rename = "待答", default)]
    pub open: Vec<String>,
}

/// The heaviest of what the answers say; a question that nobody answered leaves it open, unless nobody goes anyway.
///
/// 依据: 国卫办医函〔2019〕80号 防控和应对风险、服务前评估，见政策库“上门风险问题”
pub fn weigh(answers: &Answers, policy: &InForce<'_>) -> Result<Weighed, NoPolicy> {
    let risks = policy.read(|it| &it.home_services.risks)?;
    let present: Vec<&Risk> = risks.iter().filter(|it| answers.present.contains(&it.id)).collect();
    let worst = present.iter().map(|it| it.then).max().unwrap_or(Verdict::Go);
    let is_open = |it: &&Risk| !answers.present.contains(&it.id) && !answers.absent.contains(&it.id);
    let open: Vec<String> = match worst {
        Verdict::Refuse => Vec::new(),
        _ => risks.iter().filter(is_open).map(|it| it.id.clone()).collect(),
    };
    let reasons = match worst {
        Verdict::Go => Vec::new(),
        worst => present.iter().filter(|it| it.then == worst).map(|it| it.id.clone()).collect(),
    };
    Ok(Weighed { verdict: open.is_empty().then_some(worst), reasons, open })
}
