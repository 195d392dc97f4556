//! What a person without the right sees of ID numbers, phones, names and addresses.

/// Region and the last four stay, the birth date goes: `510703********1234`. Other documents keep one at each end.
pub fn mask_id_number(number: &str) -> String {
    let length = number.chars().count();
    match length {
        15.. => keep_ends(number, 6, if length == 15 { 3 } else { 4 }),
        _ => keep_ends(number, 1, 1),
    }
}

/// `137****1967`; of a landline the area code and the last four: `0432-***2152`.
pub fn mask_phone(phone: &str) -> String {
    let phone = phone.trim();
    if let Some((area, number)) = phone.split_once('-') {
        return format!("{area}-{}", keep_ends(number, 0, 4));
    }
    keep_ends(phone, 3, 4)
}

/// The first character stays: 张三丰 → 张**. Dots and spaces between the parts of a name stay.
pub fn mask_name(name: &str) -> String {
    let hide = |(index, c): (usize, char)| if index == 0 || matches!(c, '·' | ' ') { c } else { '*' };
    name.chars().enumerate().map(hide).collect()
}

/// Up to street, town or village; house and door go: 河口村3组12号 → 河口村****.
pub fn mask_address(address: &str) -> String {
    let address = address.trim();
    // What follows the first house number may name places again and is hidden as a whole.
    let door = address.find(|c: char| c.is_numeric() || matches!(c, '(' | '（')).unwrap_or(address.len());
    let place = &address[..door];
    let kept = end_of_last(place, &["社区", "街道", "村", "屯", "镇", "乡", "苏木"])
        .or_else(|| end_of_last(place.strip_suffix("小区").unwrap_or(place), &["区", "县", "旗", "市"]))
        .unwrap_or(0);
    if kept == address.len() { address.to_owned() } else { format!("{}****", &address[..kept]) }
}

fn end_of_last(text: &str, marks: &[&str]) -> Option<usize> {
    marks.iter().filter_map(|mark| text.rfind(mark).map(|start| start + mark.len())).max()
}

/// Stars for all but the ends. What is too short to hide anything in loses its ends too.
fn keep_ends(text: &str, first: usize, last: usize) -> String {
    let length = text.chars().count();
    if length <= first + last {
        return "*".repeat(length);
    }
    let hidden = first..length - last;
    text.chars().enumerate().map(|(index, c)| if hidden.contains(&index) { '*' } else { c }).collect()
}
