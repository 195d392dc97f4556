//! The groups of S01 in the words of ledgers: several in one cell, or a column of 是 and 否 for each.

use kit::sheet::{Cell, fold, half_width};

use rules::elder_groups::{self, Group};

use super::{Living, Mention};

/// The key of the column that asks for one group alone is the group's word after this.
pub(super) fn of_key(key: &str) -> Option<Group> {
    Group::from_word(key.strip_prefix("group.")?)
}

/// Stems one of which says the group wherever it stands in a phrase that is no word of its own.
fn stems(group: Group) -> &'static [&'static str] {
    match group {
        Group::Disabled => &["失能", "disabled"],
        Group::Demented => &["失智", "痴呆", "认知障碍", "阿尔茨海默", "dement"],
        Group::Chronic => &[
            "慢性病",
            "慢病",
            "慢性疾病",
            "高血压",
            "糖尿病",
            "冠心病",
            "心脏病",
            "脑卒中",
            "脑梗",
            "中风",
            "慢阻肺",
            "慢性阻塞性肺",
            "肿瘤",
            "癌",
            "慢性肾",
            "类风湿",
            "chronic",
        ],
        Group::Oldest => &["高龄", "80岁以上", "80周岁以上", "90岁以上", "百岁", "oldest"],
        Group::Handicapped => &["残疾", "handicap"],
        Group::Homebound => &["居家不出", "卧床", "行动不便", "足不出户", "不能外出", "homebound"],
        Group::LeftBehind => &["留守", "leftbehind"],
        Group::Alone => &["独居", "独自居住", "livingalone", "livesalone"],
        Group::Poor => &["低保", "特困", "五保", "贫困", "困难", "低收入", "建档立卡", "脱贫", "poor"],
        Group::SpecialFamily => {
            &["计生特", "计划生育特", "失独", "独生子女伤残", "独生子女死亡", "特别扶助", "特扶", "familyplanning"]
        }
    }
}

/// What a cell says about groups.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ReadGroups {
    pub mentions: Vec<Mention>,
    pub living: Option<Living>,
    pub has_unknown: bool,
}

/// Words in a group's own column that say the person is not of the group.
const WELL: &[&str] = &[
    "",
    "正常",
    "基本正常",
    "健康",
    "自理",
    "能自理",
    "完全自理",
    "能力完好",
    "完好",
    "良好",
    "0级",
    "零级",
    "未知",
    "不详",
    "none",
    "normal",
];
/// Words that say nothing about groups: nothing special, or how severe what stands beside it is.
const NOTHING: &[&str] = &[
    "",
    "无",
    "否",
    "没有",
    "正常",
    "健康",
    "普通",
    "一般",
    "其他",
    "其它",
    "自理",
    "能自理",
    "完全自理",
    "能力完好",
    "完好",
    "良好",
    "普通老人",
    "一般老人",
    "未知",
    "不详",
    "基本正常",
    "一级",
    "二级",
    "三级",
    "四级",
    "1级",
    "2级",
    "3级",
    "4级",
    "轻度",
    "中度",
    "重度",
    "none",
    "normal",
];
const YES: [&str; 14] = ["是", "√", "✓", "✔", "☑", "1", "有", "y", "yes", "true", "对", "●", "v", "√是"];
const NO: [&str; 16] = ["否", "×", "✗", "✘", "✕", "0", "无", "n", "no", "false", "-", "--", "/", "没有", "不是", "x"];
/// Circles are a yes where a column has crosses or blanks for no, and a no beside ticks in a column that is full.
const CIRCLES: [&str; 5] = ["○", "〇", "◯", "⭕", "o"];

/// A cell with one or several groups in words.
pub(super) fn read_groups(cell: &Cell) -> ReadGroups {
    let mut read = ReadGroups::default();
    let text = half_width(&cell.display());
    for words in text.split(|c: char| c.is_whitespace() || "、,，;；/|+。&".contains(c)) {
        let words = words.trim();
        let found = groups_in(words);
        if let Some(living) = living_in(words)
            && found.is_empty()
        {
            read.living = Some(living);
            continue;
        }
        read.has_unknown |= found.is_empty() && !says_nothing(words);
        for group in found {
            mention(&mut read.mentions, group, words);
        }
    }
    read
}

/// What a circle means in a column: looked up once a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Circle {
    #[default]
    Yes,
    No,
}

impl Circle {
    /// Of all the cells of a column.
    pub fn of<'c>(cells: impl Iterator<Item = &'c Cell>) -> Circle {
        let (mut has_tick, mut has_no) = (false, false);
        for cell in cells {
            let text = half_width(&cell.display()).trim().to_lowercase();
            let is_circle = CIRCLES.contains(&text.as_str());
            match answer(cell, Circle::Yes) {
                Answer::Yes => has_tick |= !is_circle,
                Answer::No => has_no = true,
                Answer::Words(_) => {}
            }
        }
        if has_tick && !has_no { Circle::No } else { Circle::Yes }
    }
}

/// A column of its own: 是, 否, a tick, or words that say more (残疾 二级).
pub(super) fn read_group_column(cell: &Cell, group: Group, header: &str, circle: Circle) -> Option<Mention> {
    match answer(cell, circle) {
        Answer::No => None,
        Answer::Yes => Some(Mention { group, words: header.to_owned() }),
        Answer::Words(words) if group == Group::Disabled && cannot_care_for_self(&fold(&words)) => {
            Some(Mention { group, words })
        }
        Answer::Words(words) if denies(&fold(&words)) || WELL.contains(&fold(&words).as_str()) => None,
        Answer::Words(words) => Some(Mention { group, words }),
    }
}

/// A column below 人员类别 whose own word no table knows: a yes takes the word itself.
pub(super) fn read_detail_column(cell: &Cell, detail: &str, circle: Circle) -> ReadGroups {
    match answer(cell, circle) {
        Answer::No => ReadGroups::default(),
        Answer::Yes => read_groups(&Cell::text(detail)),
        Answer::Words(_) => read_groups(cell),
    }
}

/// True for a yes, false for a no, nothing for any other words.
pub(super) fn yes_or_no(cell: &Cell) -> Option<bool> {
    match answer(cell, Circle::Yes) {
        Answer::Yes => Some(true),
        Answer::No if !cell.is_empty() => Some(false),
        _ => None,
    }
}

enum Answer {
    Yes,
    No,
    Words(String),
}

fn answer(cell: &Cell, circle: Circle) -> Answer {
    let text = match cell {
        Cell::Empty | Cell::Error(_) => return Answer::No,
        Cell::Bool(yes) => return if *yes { Answer::Yes } else { Answer::No },
        other => half_width(&other.display()).trim().to_lowercase(),
    };
    if CIRCLES.contains(&text.as_str()) {
        return if circle == Circle::Yes { Answer::Yes } else { Answer::No };
    }
    if YES.contains(&text.as_str()) {
        Answer::Yes
    } else if text.is_empty() || NO.contains(&text.as_str()) {
        Answer::No
    } else {
        Answer::Words(cell.display())
    }
}

fn mention(mentions: &mut Vec<Mention>, group: Group, words: &str) {
    if !mentions.iter().any(|known| known.group == group) {
        mentions.push(Mention { group, words: words.to_owned() });
    }
}

/// All groups that a phrase names, none when it denies them: whole words first, then what a phrase is made of.
fn groups_in(phrase: &str) -> Vec<Group> {
    let (known, unknown) = elder_groups::groups_in(phrase);
    if !known.is_empty() && unknown.is_empty() {
        return known.into_iter().map(|it| it.group).collect();
    }
    let folded = fold(phrase);
    if denies(&folded) {
        return Vec::new();
    }
    if folded == "居家" || folded == "居家老人" {
        return vec![Group::Homebound];
    }
    let named = |group: &Group| stems(*group).iter().any(|stem| folded.contains(stem));
    Group::ALL.into_iter().filter(named).collect()
}

/// 不能自理, 半自理: words that deny, and mean the group.
fn cannot_care_for_self(folded: &str) -> bool {
    let half = ["半自理", "半失能", "部分自理", "部分失能"].iter().any(|it| folded.contains(it));
    half || folded.contains("自理") && ["不", "无法", "丧失", "没有"].iter().any(|it| folded.contains(it))
}

fn denies(folded: &str) -> bool {
    folded.starts_with(['非', '未', '无', '不', '没'])
}

fn says_nothing(words: &str) -> bool {
    let folded = fold(words);
    NOTHING.contains(&folded.as_str()) || denies(&folded)
}

/// The living situation that a phrase names.
pub(super) fn living_in(words: &str) -> Option<Living> {
    let folded = fold(words);
    let says = |any: &[&str]| any.iter().any(|word| folded.contains(word));
    if folded.is_empty() || denies(&folded) {
        None
    } else if says(&["独居", "独自", "alone"]) {
        Some(Living::Alone)
    } else if says(&["空巢", "emptynest"]) {
        Some(Living::EmptyNest)
    } else if says(&["养老机构", "养老院", "敬老院", "福利院", "护理院", "机构", "institution"]) {
        Some(Living::Institution)
    } else if says(&["配偶", "老伴", "夫妻", "spouse"]) && !says(&["子女", "儿", "女"]) {
        Some(Living::WithSpouse)
    } else if says(&["子女", "儿子", "女儿", "儿孙", "children"]) {
        Some(Living::WithChildren)
    } else if says(&["父母", "兄弟", "姐妹", "亲属", "亲戚", "孙", "relatives"]) {
        Some(Living::WithOtherRelatives)
    } else if says(&["保姆", "非亲属", "朋友"]) {
        Some(Living::WithOthers)
    } else {
        None
    }
}
