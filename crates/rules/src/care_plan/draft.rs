//! From what is known of an elder to the draft of a plan. Nothing is guessed: what is not known makes no problem.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Condition, Payer, Phase, Place, Planned, Profession, Service, review_by};
use crate::{
    base::{Date, Text},
    elder_groups::Group,
    policy::{InForce, NoPolicy},
    rounds::Period,
};

/// What is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Level of ability, 0 to 4.
    #[serde(rename = "能力等级")]
    pub level: Option<u8>,
    /// Grade of disability by long-term-care insurance, 0 to 5.
    #[serde(rename = "失能等级")]
    pub grade: Option<u8>,
    #[serde(rename = "档次")]
    pub tier: Option<u8>,
    /// Items of the assessment in which help is needed.
    #[serde(rename = "依赖项")]
    pub items: Vec<String>,
    #[serde(rename = "病种")]
    pub diseases: Vec<String>,
    #[serde(rename = "人群")]
    pub groups: Vec<Group>,
    /// Items of the last yearly check that were out of order.
    #[serde(rename = "所见")]
    pub findings: Vec<String>,
    #[serde(rename = "体质")]
    pub constitution: Option<String>,
    #[serde(rename = "意愿")]
    pub wishes: Vec<String>,
    /// As somebody said it; otherwise the rules say it.
    #[serde(rename = "阶段")]
    pub phase: Option<Phase>,
    /// What people call the ids above, for the reasons; what has no name here is called by its id.
    #[serde(skip)]
    pub names: BTreeMap<String, Text>,
}

/// A plan as the rules propose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub phase: Phase,
    pub phase_why: Text,
    pub problems: Vec<Problem>,
    pub lines: Vec<Line>,
    /// The day on which it is looked at again.
    pub review: Date,
}

/// Something that is the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub id: String,
    pub name: Text,
    pub why: Text,
    pub goals: Vec<Text>,
}

/// A service that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub service: String,
    pub name: Text,
    pub times: u16,
    pub every: Period,
    pub by: Vec<Profession>,
    pub payer: Payer,
    pub place: Place,
    pub minutes: u16,
    pub covered_by: Vec<String>,
    /// For which problems.
    pub why: Text,
    /// Their ids.
    pub problems: Vec<String>,
}

impl Condition {
    /// What of it holds, in words; nothing where a part does not hold or nothing is said.
    fn holds(&self, facts: &Facts, phase: Option<Phase>) -> Option<Text> {
        let mut said: Vec<Text> = Vec::new();
        let mut number = |wanted: Option<u8>, known: Option<u8>, zh: &str, en: &str| -> Option<()> {
            let Some(from) = wanted else { return Some(()) };
            let is = known.filter(|it| from <= *it)?;
            said.push(Text::new(format!("{zh}为 {is}（{from} 起）"), format!("{en} is {is} (from {from} on)")));
            Some(())
        };
        number(self.level, facts.level, "能力等级", "the level of ability")?;
        number(self.grade, facts.grade, "失能等级", "the grade of disability")?;
        number(self.tier, facts.tier, "照护档次", "the tier of care")?;
        let mut any = |wanted: &[String], known: &[String], zh: &str, en: &str| -> Option<()> {
            if wanted.is_empty() {
                return Some(());
            }
            let found: Vec<&str> = wanted.iter().filter(|it| known.contains(it)).map(|it| &**it).collect();
            if found.is_empty() {
                return None;
            }
            let name = |id: &&str| facts.names.get(*id).cloned().unwrap_or_else(|| Text::new(*id, *id));
            let (names, names_en): (Vec<String>, Vec<String>) = found.iter().map(name).map(|it| (it.zh, it.en)).unzip();
            said.push(Text::new(format!("{zh}：{}", names.join("、")), format!("{en}: {}", names_en.join(", "))));
            Some(())
        };
        let constitution: Vec<String> = facts.constitution.iter().cloned().collect();
        any(&self.items, &facts.items, "需要帮助的项目", "help needed with")?;
        any(&self.diseases, &facts.diseases, "患有", "has")?;
        any(&self.findings, &facts.findings, "体检异常", "out of order in the yearly check")?;
        any(&self.constitutions, &constitution, "中医体质", "constitution")?;
        any(&self.wishes, &facts.wishes, "本人意愿", "own wish")?;
        if !self.groups.is_empty() {
            let found: Vec<Group> = self.groups.iter().copied().filter(|it| facts.groups.contains(it)).collect();
            let (zh, en): (Vec<&str>, Vec<&str>) = found.iter().map(|it| named(*it)).unzip();
            if found.is_empty() {
                return None;
            }
            said.push(Text::new(format!("人群：{}", zh.join("、")), format!("group: {}", en.join(", "))));
        }
        if !self.phases.is_empty() {
            let is = phase.filter(|it| self.phases.contains(it))?;
            said.push(Text::new(format!("处于{}", is.title()), format!("in the phase {}", is.title_en())));
        }
        (!said.is_empty()).then(|| together(&said))
    }
}

fn named(it: Group) -> (&'static str, &'static str) {
    match it {
        Group::Disabled => ("失能", "disabled"),
        Group::Demented => ("失智", "dementia"),
        Group::Chronic => ("慢性病", "chronic disease"),
        Group::Oldest => ("高龄", "of great age"),
        Group::Handicapped => ("残疾", "disability certificate"),
        Group::Homebound => ("不便出户", "homebound"),
        Group::LeftBehind => ("留守", "left behind"),
        Group::Alone => ("独居", "lives alone"),
        Group::Poor => ("困难", "in hardship"),
        Group::SpecialFamily => ("计生特殊家庭", "special family"),
    }
}

fn together(all: &[Text]) -> Text {
    let (zh, en): (Vec<&str>, Vec<&str>) = all.iter().map(|it| (&*it.zh, &*it.en)).unzip();
    Text::new(zh.join("；"), en.join("; "))
}

/// Which phase somebody is in, and why.
fn phase(facts: &Facts, policy: &InForce<'_>) -> Result<(Phase, Text), NoPolicy> {
    if let Some(it) = facts.phase {
        return Ok((it, Text::new("由医生判断", "as the doctor judges")));
    }
    let rules = policy.read(|it| &it.care_plan.phases)?;
    let found = rules.iter().find_map(|rule| {
        let why = rule.conditions.iter().find_map(|it| it.holds(facts, None))?;
        Some((rule.phase, why))
    });
    Ok(found.unwrap_or_else(|| (Phase::Stable, Text::new("没有其他阶段的情形", "nothing speaks for another phase"))))
}

/// How often in a year, to compare.
fn yearly(times: u16, every: Period) -> u32 {
    let periods = match every {
        Period::Week => 52,
        Period::Month => 12,
        Period::Quarter => 4,
        Period::Year => 1,
    };
    u32::from(times) * periods
}

/// The draft of a plan from what is known on the policy's day. A service that several problems ask for is planned once, as often as
/// the one that asks for most.
///
/// 依据: 居家和社区医养结合服务指南（试行） 按评估制定服务计划; 问题、目标和服务见政策库“照护问题”“照护服务”
pub fn draft(facts: &Facts, policy: &InForce<'_>) -> Result<Draft, NoPolicy> {
    let (phase, phase_why) = phase(facts, policy)?;
    let definitions = policy.read(|it| &it.care_plan.problems)?;
    let services = policy.read(|it| &it.care_plan.services)?;
    let (mut problems, mut lines): (Vec<Problem>, Vec<Line>) = (Vec::new(), Vec::new());
    for it in definitions {
        let Some(why) = it.conditions.iter().find_map(|one| one.holds(facts, Some(phase))) else { continue };
        let name = Text::new(&*it.name, &*it.name_en);
        for planned in it.services.iter().filter(|one| one.phases.is_empty() || one.phases.contains(&phase)) {
            if let Some(service) = services.iter().find(|one| one.id == planned.service) {
                add(&mut lines, planned, service, (&it.id, &name));
            }
        }
        let goals = it.goals.iter().map(|one| Text::new(&*one.name, &*one.name_en)).collect();
        problems.push(Problem { id: it.id.clone(), name, why, goals });
    }
    let review = review_by(policy.day(), phase, policy)?;
    Ok(Draft { phase, phase_why, problems, lines, review })
}

fn add(lines: &mut Vec<Line>, planned: &Planned, service: &Service, problem: (&str, &Text)) {
    let (id, name) = problem;
    let Some(line) = lines.iter_mut().find(|it| it.service == service.id) else {
        lines.push(Line {
            service: service.id.clone(),
            name: Text::new(&*service.name, &*service.name_en),
            times: planned.times,
            every: planned.every,
            by: service.by.clone(),
            payer: service.payer,
            place: service.place,
            minutes: service.minutes,
            covered_by: service.covered_by.clone(),
            why: Text::new(format!("因为：{}", name.zh), format!("Because of: {}", name.en)),
            problems: vec![id.to_string()],
        });
        return;
    };
    if yearly(line.times, line.every) < yearly(planned.times, planned.every) {
        (line.times, line.every) = (planned.times, planned.every);
    }
    line.why = Text::new(format!("{}、{}", line.why.zh, name.zh), format!("{}, {}", line.why.en, name.en));
    line.problems.push(id.to_string());
}
