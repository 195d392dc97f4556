//! What the values mean: said to the doctor with numbers, and to the elder in plain words; and the guidance that follows.

use serde::{Deserialize, Serialize};

use super::{Form, Item, Measure, OfSex, Section, Values, item::Advised};
use crate::base::Text;

/// The field that holds the guidance given.
pub(super) const GUIDANCE: &str = "guidance";

/// Something out of order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The item's id.
    pub item: String,
    /// The number, or the word that was chosen.
    pub value: String,
    pub level: Level,
    /// With number, unit and reference.
    pub doctor: Said,
    /// In plain words.
    pub elder: Said,
    /// Ids of guidance that follows.
    pub guidance: Vec<String>,
}

/// A sentence in both languages that can be kept and read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub zh: String,
    pub en: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Abnormal,
    /// Needs help today.
    Urgent,
}

impl From<Text> for Said {
    fn from(it: Text) -> Said {
        Said { zh: it.zh, en: it.en }
    }
}

impl Form<'_> {
    /// Everything out of order, what is urgent first, then in the order of the form.
    ///
    /// 依据: 国家基本公共卫生服务规范（第三版） 老年人健康管理服务规范: 告知评价结果并进行相应健康指导
    pub fn judge(&self, values: &Values, sex: Option<OfSex>) -> Vec<Found> {
        let values = self.with_computed(values);
        let mut found: Vec<Found> = self
            .items()
            .filter_map(|item| Some((item, values.get(&item.id)?)))
            .flat_map(|(item, value)| if item.is_number() { number(item, value, sex) } else { words(item, value) })
            .collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.level));
        found
    }

    /// What self-care that is not whole means; `dependent` where the scale finds dependence.
    pub fn self_care_found(&self, level_zh: &str, level_en: &str, dependent: bool) -> Option<Found> {
        let part = self.parts.iter().find(|it| it.section == Section::SelfCare)?;
        dependent.then(|| Found {
            item: "self_care".into(),
            value: level_zh.to_owned(),
            level: Level::Abnormal,
            doctor: Text::new(
                format!("{}：{level_zh}，建议做失能或能力评估，评估照护需要", part.name),
                format!("{}: {level_en}; assess ability and needs of care", part.name_en),
            )
            .into(),
            elder: Text::new(
                "日常起居有些事要人帮忙，请家里人多照应，卫生院会再来评估。",
                "You need help with some daily things. Your family should help, and the health centre will look again.",
            )
            .into(),
            guidance: vec!["assess_ability".into()],
        })
    }

    /// The ids of guidance that fits: what is for everyone and what follows from the findings, in the policy's order.
    pub fn suggested(&self, found: &[Found]) -> Vec<&str> {
        let follows = |id: &str| found.iter().any(|it| it.guidance.iter().any(|one| one == id));
        self.guidance.iter().filter(|it| it.always.is_yes() || follows(&it.id)).map(|it| &*it.id).collect()
    }
}

fn number(item: &Item, value: &str, sex: Option<OfSex>) -> Vec<Found> {
    let Ok(number) = value.parse::<Measure>() else { return Vec::new() };
    let reference = item.reference(sex);
    let side = reference.and_then(|it| it.side(number));
    let fits = item.findings.iter().find(|it| {
        let bounded = it.at_least.is_some() || it.at_most.is_some();
        let within = it.at_least.is_none_or(|least| least <= number) && it.at_most.is_none_or(|most| number <= most);
        (bounded && within) || (it.side.is_some() && it.side == side)
    });
    let Some(finding) = fits else { return Vec::new() };
    let range = reference.map(|it| it.shown()).unwrap_or_default();
    let (unit, advised) = (&item.unit, &finding.advised);
    let (zh, en) = if range.is_empty() {
        (format!("{} {number} {unit}", item.name), format!("{} {number} {unit}", item.name_en))
    } else {
        (
            format!("{} {number} {unit}（参考 {range}）", item.name),
            format!("{} {number} {unit} (reference {range})", item.name_en),
        )
    };
    vec![found(item, value, advised, zh, en)]
}

fn words(item: &Item, value: &str) -> Vec<Found> {
    let chosen = value.split_whitespace().filter_map(|it| item.choice(it));
    chosen
        .filter_map(|choice| {
            let advised = choice.finding.as_ref()?;
            let (zh, en) = (format!("{}：{}", item.name, choice.name), format!("{}: {}", item.name_en, choice.name_en));
            Some(found(item, &choice.word, advised, zh, en))
        })
        .collect()
}

fn found(item: &Item, value: &str, advised: &Advised, zh: String, en: String) -> Found {
    Found {
        item: item.id.clone(),
        value: value.to_owned(),
        level: if advised.urgent.is_yes() { Level::Urgent } else { Level::Abnormal },
        doctor: Text::new(format!("{zh}。{}", advised.doctor), format!("{en}. {}", advised.doctor_en)).into(),
        elder: Text::new(&*advised.elder, &*advised.elder_en).into(),
        guidance: advised.guidance.clone(),
    }
}
