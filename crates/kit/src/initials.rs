//! The pinyin initials of a Chinese name, by which people search: 王桂芳 → `wgf`.

use pinyin::ToPinyin;

/// Names whose characters are read otherwise than by themselves; place names first of all.
const READ_OTHERWISE: &[(&str, &str)] =
    &[("重庆", "cq"), ("长安", "ca"), ("长寿", "cs"), ("厦门", "xm"), ("单县", "sx")];

/// Small letters and digits: the first letter of each character's pinyin, other letters and digits as they are, the rest
/// (dots, spaces, brackets) left out. A character without pinyin is left out too.
pub fn initials(text: &str) -> String {
    let mut out = String::with_capacity(text.len() / 3 + 1);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((name, letters)) = READ_OTHERWISE.iter().find(|it| rest.starts_with(it.0)) {
            out.push_str(letters);
            rest = &rest[name.len()..];
            continue;
        }
        match c.to_pinyin() {
            Some(it) => out.push_str(it.first_letter()),
            None if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            None => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn a_name_is_found_by_its_first_letters() {
        assert_eq!(initials("王桂芳"), "wgf");
        assert_eq!(initials("阿依古丽·买买提"), "ayglmmt");
        assert_eq!(initials("重庆市"), "cqs");
        assert_eq!(initials("Li 明2"), "lim2");
        assert_eq!(initials(""), "");
    }
}
