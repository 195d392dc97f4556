//! What a row below the header is: a person's, or one of the rows that forms carry besides.

use unicode_normalization::UnicodeNormalization;

use super::{Cell, Header, Row, without_spaces};

/// The class of a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RowClass {
    Data,
    /// Nothing in it, or only what is printed on empty lines.
    Empty,
    /// 合计, 小计.
    Total,
    /// Signatures, notes, a title further down.
    Footer,
    RepeatedHeader,
}

const TOTALS: &[&str] = &["合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计", "total", "subtotal"];
/// Whoever signs; no person's name and no village begins so.
const SIGNATURES: &[&str] = &[
    "审核人",
    "审核",
    "填表人",
    "填报人",
    "制表",
    "单位负责人",
    "负责人",
    "经办人",
    "统计人",
    "统计员",
    "分管领导",
    "主管领导",
    "审批人",
    "复核人",
    "填报单位",
    "填报日期",
    "填报时间",
    "填表单位",
    "填表日期",
    "填表时间",
    "填表说明",
    "报送单位",
    "上报单位",
    "上报日期",
    "公章",
    "(公章",
    "本表",
    "preparedby",
    "checkedby",
];
/// Words that may begin other text as well and count only before a colon or a number.
const NOTES: &[&str] = &[
    "注",
    "说明",
    "备注",
    "附",
    "附注",
    "附件",
    "联系人",
    "联系电话",
    "电话",
    "日期",
    "时间",
    "单位",
    "note",
    "signature",
];
/// A single cell longer than this is a sentence.
const LONGEST_NAME_CHARS: usize = 20;

/// Tells what a row is.
pub fn classify(row: &Row, header: &Header) -> RowClass {
    let own = || {
        let cells = row.cells.iter().enumerate();
        cells.filter(|(column, cell)| !cell.is_empty() && !row.is_carried(*column))
    };
    let Some((_, first)) = own().next() else { return RowClass::Empty };
    if header.stands_again_in(row) {
        return RowClass::RepeatedHeader;
    }
    let first_text = plain(first);
    let second_text = own().nth(1).and_then(|(_, cell)| plain(cell));
    if [&first_text, &second_text].into_iter().flatten().any(|text| is_total(text)) {
        return RowClass::Total;
    }
    if first_text.is_some_and(|text| is_footer(&text)) {
        return RowClass::Footer;
    }
    let speaks = |column: usize| header.is_mapped(column) && !header.is_incidental(column);
    if !own().any(|(column, _)| speaks(column)) {
        let has_text = own().any(|(_, cell)| matches!(cell, Cell::Text(_)));
        return if has_text { RowClass::Footer } else { RowClass::Empty };
    }
    let is_alone = own().all(|(_, cell)| cell == first);
    let count = own().count();
    if is_alone && (count > 2 || count == 1 && (is_sentence(first) || is_day(first))) {
        return RowClass::Footer;
    }
    RowClass::Data
}

fn plain(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(without_spaces(&text.nfkc().collect::<String>()).to_lowercase()),
        _ => None,
    }
}

fn is_total(text: &str) -> bool {
    TOTALS.iter().any(|word| text.starts_with(word))
}

fn is_footer(text: &str) -> bool {
    // 男: 3 女: 0 and the like; a person's row begins with a number, a place or a name.
    if text.ends_with(':') {
        return true;
    }
    let is_signed = ["盖章", "签章", "签字", "签名"].iter().any(|word| text.contains(word));
    if is_signed || SIGNATURES.iter().any(|word| text.starts_with(word)) {
        return true;
    }
    NOTES.iter().filter_map(|word| text.strip_prefix(word)).any(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with([':', '.', '、'])
    })
}

/// The day beside a signature.
fn is_day(cell: &Cell) -> bool {
    match cell {
        Cell::Date(_) | Cell::DateTime(_) => true,
        Cell::Text(text) => text.contains('年') && text.contains('月'),
        _ => false,
    }
}

fn is_sentence(cell: &Cell) -> bool {
    let text = cell.display();
    text.chars().count() > LONGEST_NAME_CHARS || text.contains(['，', '。', '：', ':', ',', '；'])
}
