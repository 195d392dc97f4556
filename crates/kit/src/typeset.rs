//! Chinese sentences stand in the code with the punctuation of the keyboard; readers see the full-width marks of Chinese print.

/// The sentence with `,;:!?` and brackets full-width where they belong to Chinese text; numbers, dates and Latin words
/// keep theirs.
pub fn typeset(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if let [one] = chars[..] {
        return full_width(one).unwrap_or(one).to_string();
    }
    if !chars.iter().any(|it| is_chinese(*it)) {
        return text.to_string();
    }
    let mut out = chars.clone();
    for (at, one) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|it| chars[it]);
        let after = chars.get(at + 1).copied();
        let touches = [before, after].into_iter().flatten().any(belongs);
        if matches!(one, ',' | ';' | ':' | '!' | '?') && touches && !between_digits(before, after) {
            out[at] = full_width(*one).unwrap_or(*one);
        }
        if *one == '('
            && let Some(end) = (at..chars.len()).find(|it| chars[*it] == ')')
            && (before.is_some_and(is_chinese) || chars[at..end].iter().any(|it| is_chinese(*it)))
        {
            (out[at], out[end]) = ('（', '）');
        }
    }
    out.into_iter().collect()
}

fn full_width(mark: char) -> Option<char> {
    Some(match mark {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        '?' => '？',
        _ => return None,
    })
}

/// What a mark of a Chinese sentence stands beside: a character, a quotation, a bracket, or a placeholder.
fn belongs(it: char) -> bool {
    is_chinese(it) || matches!(it, '{' | '}' | '“' | '”' | '(' | ')' | '》' | '《')
}

fn between_digits(before: Option<char>, after: Option<char>) -> bool {
    [before, after].iter().all(|it| it.is_some_and(|it| it.is_ascii_digit()))
}

fn is_chinese(it: char) -> bool {
    matches!(it, '\u{3400}'..='\u{9fff}' | '。' | '、' | '（' | '）' | '，' | '；' | '：')
}

#[cfg(test)]
mod tests {
    use super::typeset;

    #[test]
    fn marks_of_a_chinese_sentence_are_full_width() {
        assert_eq!(
            typeset("登录名或密码不对,请重试;忘记密码请联系系统管理员"),
            "登录名或密码不对，请重试；忘记密码请联系系统管理员"
        );
        assert_eq!(typeset("{name},您好"), "{name}，您好");
        assert_eq!(typeset("{sex},{age} 岁 · {place}"), "{sex}，{age} 岁 · {place}");
        assert_eq!(typeset("团队长(中心主任)"), "团队长（中心主任）");
        assert_eq!(typeset("写作 1944-03-12,只知年份时写 1944。"), "写作 1944-03-12，只知年份时写 1944。");
        assert_eq!(typeset(":"), "：");
    }

    #[test]
    fn numbers_and_latin_words_keep_their_marks() {
        assert_eq!(typeset("共 1,234 人,9:30 开始"), "共 1,234 人，9:30 开始");
        assert_eq!(
            typeset("Excel(.xlsx、.xls)或 CSV(UTF-8、GBK 均可)"),
            "Excel（.xlsx、.xls）或 CSV（UTF-8、GBK 均可）"
        );
        assert_eq!(typeset("登录 https://a.b(v2)"), "登录 https://a.b(v2)");
        assert_eq!(typeset("a, b"), "a, b");
    }
}
