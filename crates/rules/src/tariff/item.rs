//! Price items (收费项目), and the price list of a region as it stands in `tariff-items.csv`.

use std::{collections::BTreeSet, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Money, Text},
    policy::{Fault, Status},
};

/// A closed list of words: stored word, Chinese title as files write it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal, $title:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $title)] $variant,)+
        }

        impl $name {
            /// (word under which it is stored, Chinese title), in the order of forms.
            pub const WORDS: &'static [(&'static str, &'static str)] = &[$(($word, $title)),+];

            const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word under which it is stored.
            pub fn word(self) -> &'static str {
                $name::WORDS[self as usize].0
            }

            /// Its Chinese title.
            pub fn title(self) -> &'static str {
                $name::WORDS[self as usize].1
            }

            /// The one of a stored word.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|it| it.word() == word)
            }
        }

        impl FromStr for $name {
            type Err = Text;

            fn from_str(text: &str) -> Result<$name, Text> {
                let titles: Vec<&str> = $name::WORDS.iter().map(|it| it.1).collect();
                $name::ALL.iter().copied().find(|it| it.title() == text).ok_or_else(|| {
                    Text::new(
                        format!("“{text}”不是可以选的词；可以选的有：{}", titles.join("、")),
                        format!("“{text}” is not one of {}", titles.join(", ")),
                    )
                })
            }
        }
    };
}

words! {
    /// The class of an item in the catalogue of medical insurance (甲乙丙).
    Class {
        /// Paid by insurance as a whole, but for its own share.
        A = "a", "甲";
        B = "b", "乙";
        /// Not paid by insurance.
        C = "c", "丙";
    }
}

words! {
    /// What a line of a bill is for.
    Kind {
        Service = "service", "医疗服务";
        Drug = "drug", "药品";
        Consumable = "consumable", "耗材";
        VisitFee = "visit_fee", "上门服务费";
        BedDay = "bed_day", "床日";
        /// Elderly care, whose income public institutions keep in a book of its own.
        Care = "care", "养老服务";
    }
}

words! {
    /// The level of a medical institution.
    Level {
        One = "level1", "一级";
        Two = "level2", "二级";
        Three = "level3", "三级";
    }
}

words! {
    /// Whose an institution is, as far as prices go.
    Owner {
        Public = "public", "公立";
        Private = "private", "非公立";
    }
}

/// One price of one item: it holds from its day until the next one of the same item, level and owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Price {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub unit: String,
    pub kind: Kind,
    pub class: Class,
    /// Only at institutions of this level; any where it is left out.
    pub level: Option<Level>,
    /// Only at institutions of this kind of owner; any where it is left out.
    pub owner: Option<Owner>,
    /// Nothing where the price was abolished on that day.
    pub price: Option<Money>,
    pub from: Date,
    pub document: Option<String>,
    pub clause: String,
    pub status: Status,
    /// How many independent sources confirm it; 0 is from memory.
    pub confirmed: u8,
    pub checked: Option<Date>,
    pub note: String,
    /// The line of the file, from 1; 0 for what stands in no file.
    #[serde(skip)]
    pub line: u64,
}

const COLUMNS: [&str; 16] = [
    "编码",
    "名称",
    "英文",
    "单位",
    "类别",
    "医保类别",
    "机构等级",
    "机构性质",
    "价格",
    "起",
    "文件",
    "条款",
    "状态",
    "可信",
    "核对",
    "备注",
];
const REQUIRED: [&str; 6] = ["编码", "名称", "单位", "类别", "医保类别", "起"];

/// The prices of a file, or everything that is wrong in it with its line.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<Price>, Vec<Fault>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().enumerate().filter(|it| !it.1.trim().is_empty());
    let at = |line: usize, text: Text| Fault { file: file.to_owned(), line: line as u64 + 1, column: 1, text };
    let (first, head) = match lines.next() {
        Some((line, head)) => (line, fields(head)),
        None => return Err(vec![Fault::of_file(file, Text::new("文件没有内容", "the file is empty"))]),
    };
    if let Some(odd) = head.iter().find(|it| !COLUMNS.contains(&&***it)) {
        let zh = format!("没有“{odd}”这一列；可以写的有：{}", COLUMNS.join("、"));
        return Err(vec![at(first, Text::new(zh, format!("there is no column “{odd}”")))]);
    }
    if let Some(missing) = REQUIRED.iter().find(|it| !head.iter().any(|one| one == *it)) {
        return Err(vec![at(first, Text::new(format!("缺少“{missing}”列"), format!("column “{missing}” is missing")))]);
    }
    let (mut prices, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (line, written) in lines {
        let cells = fields(written);
        let cell = |name: &str| {
            let column = head.iter().position(|it| it == name);
            column.and_then(|it| cells.get(it)).map_or("", |it| it.trim())
        };
        match row(&cell, line as u64 + 1) {
            Ok(it) if !seen.insert((it.code.clone(), it.level, it.owner, it.from)) => {
                let zh = format!("“{}”从 {} 起的价格写了两次", it.code, it.from);
                faults.push(at(line, Text::new(zh, format!("“{}” has two prices from {}", it.code, it.from))));
            }
            Ok(it) => prices.push(it),
            Err(text) => faults.push(at(line, text)),
        }
    }
    if faults.is_empty() { Ok(prices) } else { Err(faults) }
}

fn row<'a>(cell: &impl Fn(&str) -> &'a str, line: u64) -> Result<Price, Text> {
    for name in REQUIRED {
        if cell(name).is_empty() {
            return Err(Text::new(format!("“{name}”没有填写"), format!("“{name}” is empty")));
        }
    }
    let status = match cell("状态") {
        "" | "执行" => Status::InForce,
        "拟行" => Status::Planned,
        "示例" => Status::Example,
        odd => {
            let zh = format!("“{odd}”不是可以选的词；可以选的有：执行、拟行、示例");
            return Err(Text::new(zh, format!("“{odd}” is not one of 执行, 拟行, 示例")));
        }
    };
    let document = Some(cell("文件")).filter(|it| !it.is_empty()).map(str::to_owned);
    if document.is_none() && status != Status::Example {
        let zh = format!("“{}”没有依据；写明文件，或把状态写作 示例", cell("编码"));
        return Err(Text::new(zh, "it rests on no document; name it (文件) or mark it 示例"));
    }
    let price = match cell("价格") {
        "" => None,
        text => Some(text.parse::<Money>().map_err(|it| Text::new(it.clone(), it))?),
    };
    if price.is_some_and(|it| it < Money::ZERO) {
        return Err(Text::new("价格不能小于零", "a price is not negative"));
    }
    let number = |text: &str| match text {
        "" => Ok(0),
        text => text.parse().map_err(|_| {
            Text::new(format!("可信“{text}”应是 0 至 255 的整数"), format!("“{text}” is no number from 0 to 255"))
        }),
    };
    Ok(Price {
        code: cell("编码").to_owned(),
        name: cell("名称").to_owned(),
        name_en: cell("英文").to_owned(),
        unit: cell("单位").to_owned(),
        kind: cell("类别").parse()?,
        class: cell("医保类别").parse()?,
        level: optional(cell("机构等级"))?,
        owner: optional(cell("机构性质"))?,
        price,
        from: day(cell("起"))?,
        document,
        clause: cell("条款").to_owned(),
        status,
        confirmed: number(cell("可信"))?,
        checked: if cell("核对").is_empty() { None } else { Some(day(cell("核对"))?) },
        note: cell("备注").to_owned(),
        line,
    })
}

fn optional<T: FromStr<Err = Text>>(text: &str) -> Result<Option<T>, Text> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

fn day(text: &str) -> Result<Date, Text> {
    text.parse().map_err(|it: String| Text::new(it.clone(), it))
}

/// The fields of one line; a field in double quotes may hold commas, and a quote written twice.
fn fields(line: &str) -> Vec<String> {
    let (mut all, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = line.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => all.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    all.push(field);
    all
}
