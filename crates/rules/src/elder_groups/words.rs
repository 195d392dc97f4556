//! The words clerks write into ledgers, and the group each means.

use super::Group;

/// A word of a ledger with the group it means; the word is kept, since 半失能 says more than 失能.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GroupWord {
    pub group: Group,
    pub word: String,
}

/// Longer words stand in no order: a word must fit as a whole, so that 非低保 is never taken for 低保.
const WORDS: &[(Group, &[&str])] = &[
    (
        Group::Disabled,
        &[
            "失能",
            "半失能",
            "部分失能",
            "完全失能",
            "全失能",
            "轻度失能",
            "中度失能",
            "重度失能",
            "失能半失能",
            "生活不能自理",
            "不能自理",
            "半自理",
        ],
    ),
    (Group::Demented, &["失智", "痴呆", "认知障碍", "阿尔茨海默病", "老年痴呆", "认知症"]),
    (
        Group::Chronic,
        &["慢性病", "慢病", "患慢性病", "高血压", "糖尿病", "冠心病", "脑卒中", "慢阻肺", "慢性阻塞性肺疾病"],
    ),
    (Group::Oldest, &["高龄", "80岁以上", "80周岁以上", "90岁以上", "90周岁以上", "百岁", "百岁以上"]),
    (
        Group::Handicapped,
        &[
            "残疾",
            "残疾人",
            "持证残疾人",
            "重度残疾",
            "重残",
            "肢体残疾",
            "视力残疾",
            "听力残疾",
            "言语残疾",
            "智力残疾",
            "精神残疾",
            "多重残疾",
        ],
    ),
    (Group::Homebound, &["居家卧床", "卧床", "长期卧床", "不便出户", "行动不便", "瘫痪"]),
    (Group::LeftBehind, &["留守", "农村留守", "空巢留守"]),
    (Group::Alone, &["独居", "独自居住", "单独居住", "孤寡", "孤寡独居"]),
    (
        Group::Poor,
        &[
            "低保",
            "低保户",
            "低保边缘",
            "低边",
            "特困",
            "特困供养",
            "特困人员",
            "分散供养",
            "集中供养",
            "五保",
            "五保户",
            "困难",
            "经济困难",
            "贫困",
            "建档立卡",
            "脱贫",
            "脱贫户",
        ],
    ),
    (
        Group::SpecialFamily,
        &[
            "计生特殊家庭",
            "计划生育特殊家庭",
            "计生特扶",
            "特扶",
            "失独",
            "失独家庭",
            "计生伤残",
            "独生子女伤残",
            "独生子女死亡",
            "计生特别扶助",
        ],
    ),
];

/// Words that say somebody belongs to no group.
const NONE: &[&str] =
    &["无", "否", "没有", "不是", "正常", "一般", "健康", "自理", "能自理", "可自理", "-", "—", "/", "0"];

/// The groups named in one cell of a ledger, each once by word, and the words nobody knows, to be asked about. 空巢 alone is
/// among those: it says that the children live elsewhere, not that somebody lives alone.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 一 (names the groups; the words are those clerks use)
pub fn groups_in(cell: &str) -> (Vec<GroupWord>, Vec<String>) {
    let (mut known, mut unknown): (Vec<GroupWord>, Vec<String>) = (Vec::new(), Vec::new());
    let separators = |it: char| it.is_whitespace() || "、，,；;/／|｜+＋。\u{3000}".contains(it);
    for word in cell.split(separators).map(str::trim).filter(|it| !it.is_empty()) {
        let bare = bare(word);
        match WORDS.iter().find(|(_, words)| words.contains(&bare.as_str())) {
            Some((group, _)) if !known.iter().any(|it| it.group == *group && it.word == word) => {
                known.push(GroupWord { group: *group, word: word.to_owned() });
            }
            Some(_) => {}
            None if NONE.contains(&bare.as_str()) => {}
            None if unknown.iter().any(|it| it == word) => {}
            None => unknown.push(word.to_owned()),
        }
    }
    (known, unknown)
}

/// The word without what stands around it: 失能老人（重度） is 失能.
fn bare(word: &str) -> String {
    let plain: String = crate::base::half_width(word);
    let plain = plain.split(['(', '[', '【', ':', '：']).next().unwrap_or_default();
    let endings = ["老年人", "老人", "人群", "对象", "患者", "家庭老人"];
    let ending = endings.iter().find_map(|it| plain.strip_suffix(it)).filter(|it| !it.is_empty());
    ending.unwrap_or(plain).to_owned()
}
