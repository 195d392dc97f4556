//! The slips of a Chinese keyboard that the reader of YAML only calls badly formed: found again in the line and said with their repair.

use crate::base::Text;

/// A slip, where it stands (line and column from 1), and what to do.
pub(super) struct Slip {
    pub line: u64,
    pub column: u64,
    pub text: Text,
}

/// The slip that explains a fault reported at `line`: on that line, or else on a neighbour that the reader stumbled over.
pub(super) fn near(text: &str, line: u64) -> Option<Slip> {
    [line, line + 1, line.saturating_sub(1)].into_iter().find_map(|line| {
        let written = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let (column, text) = in_line(written)?;
        Some(Slip { line, column, text })
    })
}

pub(super) fn full_width_colon() -> Text {
    let zh = "冒号是全角的“：”；请改用半角冒号，后面空一格，如 值: 2";
    Text::new(zh, "the colon is full-width (：); write a plain one and a space, as in 值: 2")
}

fn in_line(line: &str) -> Option<(u64, Text)> {
    let code = without_comment(line);
    let found = |wanted: &[char]| code.chars().position(|it| wanted.contains(&it)).map(|it| it as u64 + 1);
    if let Some(column) = found(&['\t']) {
        let zh = "这里有制表符；请改用空格缩进，每层两个空格";
        return Some((column, Text::new(zh, "there is a tab here; indent with spaces, two a level")));
    }
    if !code.contains(": ")
        && !code.trim_end().ends_with(':')
        && let Some(column) = found(&['：'])
    {
        return Some((column, full_width_colon()));
    }
    if code.contains(['{', '['])
        && let Some(column) = found(&['，'])
    {
        let zh = "逗号是全角的“，”；大括号、方括号里各项之间请用半角逗号，后面空一格";
        return Some((
            column,
            Text::new(zh, "the comma is full-width (，); between items write a plain one and a space"),
        ));
    }
    let key = code.trim_start().trim_start_matches("- ");
    let (name, value) = key.split_once(':')?;
    let glued = !name.is_empty() && !name.contains(['"', '{', '[', ' ']) && value.starts_with(|it: char| it != ' ');
    glued.then(|| {
        let column = code.chars().take_while(|it| *it != ':').count() as u64 + 1;
        let zh = format!("冒号后要空一格，如 {name}: {value}");
        (column, Text::new(zh, format!("a colon is followed by a space, as in {name}: {value}")))
    })
}

fn without_comment(line: &str) -> &str {
    line.split_once(" #").map_or(line, |(code, _)| code)
}
