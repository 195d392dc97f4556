//! Names as that generation bears them; made of common characters, of nobody in particular.

use super::chance::Chance;

const SURNAMES: &[(&str, u32)] = &[
    ("王", 72),
    ("李", 72),
    ("张", 68),
    ("刘", 54),
    ("陈", 45),
    ("杨", 31),
    ("赵", 23),
    ("黄", 22),
    ("周", 20),
    ("吴", 20),
    ("徐", 16),
    ("孙", 15),
    ("胡", 13),
    ("朱", 12),
    ("高", 11),
    ("林", 11),
    ("何", 11),
    ("郭", 11),
    ("马", 10),
    ("罗", 9),
    ("梁", 8),
    ("宋", 8),
    ("郑", 8),
    ("谢", 7),
    ("韩", 7),
    ("唐", 7),
    ("冯", 6),
    ("于", 6),
    ("董", 6),
    ("萧", 5),
    ("程", 5),
    ("曹", 5),
    ("袁", 5),
    ("邓", 5),
    ("许", 5),
    ("傅", 4),
    ("沈", 4),
    ("曾", 4),
    ("彭", 4),
    ("吕", 4),
    ("苏", 4),
    ("卢", 4),
    ("蒋", 4),
    ("蔡", 4),
    ("贾", 3),
    ("丁", 3),
    ("魏", 3),
    ("薛", 3),
    ("叶", 3),
    ("阎", 3),
    ("欧阳", 1),
    ("司马", 1),
    ("㛃", 1),
];
const WOMEN: &[&str] = &[
    "秀", "英", "桂", "兰", "凤", "珍", "玉", "淑", "华", "芳", "梅", "琴", "素", "云", "莲", "霞", "荣", "芝", "香",
    "月", "红", "清", "惠", "珠", "彩", "春", "菊", "燕", "艳", "娥",
];
const MEN: &[&str] = &[
    "国", "建", "德", "明", "文", "永", "志", "福", "海", "长", "生", "金", "成", "林", "忠", "庆", "贵", "祥", "玉",
    "学", "兴", "振", "万", "有", "才", "富", "宝", "山", "民", "华",
];
const MINORITY_WOMEN: &[&str] = &["阿依古丽", "帕提古丽", "卓玛", "央金", "其其格", "乌兰", "古丽娜尔", "白玛"];
const MINORITY_MEN: &[&str] = &["买买提", "艾力", "扎西", "多吉", "巴特尔", "苏和", "吐尔逊", "依明"];

pub fn name(chance: &mut Chance, is_woman: bool) -> String {
    if chance.happens(0.004) {
        let own = if is_woman { MINORITY_WOMEN } else { MINORITY_MEN };
        return format!("{}·{}", chance.pick(own), chance.pick(MINORITY_MEN));
    }
    let given = if is_woman { WOMEN } else { MEN };
    let mut name = (*chance.weighed(SURNAMES)).to_string();
    name.push_str(chance.pick::<&str>(given));
    if chance.happens(0.86) {
        name.push_str(chance.pick::<&str>(given));
    }
    name
}

/// The first word of a firm's name, the same for the same number.
pub fn firm(nth: usize) -> String {
    let at = |nth: usize| FIRMS[nth % FIRMS.len()];
    format!("{}{}", at(nth), at(nth / FIRMS.len() + 3))
}

const FIRMS: [&str; 12] = ["鑫", "盛", "达", "远", "恒", "泰", "宏", "瑞", "丰", "安", "润", "成"];
