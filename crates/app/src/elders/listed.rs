//! What lists about elders share, whichever module keeps them: who they are, where they live, how they are found. Their `from`
//! calls the elder `e`.

use kit::{
    Ask,
    crypt::mask_phone,
    table::{Column, Condition, Filter, FilterKind, Show, Value, column},
};
use rules::base::Date;

pub const NAME: Column = column("name", "姓名", "e.name", Show::Text);
pub const AGE: Column = column("age", "年龄", "e.birth", Show::Counted(age, "岁"));
pub const PLACE: Column = column("place", "居住地", "e.place", Show::Place);
pub const REGION: Column = column("region", "", "e.region", Show::Hidden);
pub const ID: Column = column("id", "", "e.id", Show::Hidden);

/// By a part of the name, or by the first letters of its pinyin.
pub const Q: Filter = Filter { key: "q", title: "姓名、拼音", kind: FilterKind::Chosen(by_name), sql: "" };
pub const PLACES: Filter = Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" };

fn by_name(ask: &Ask, text: &str) -> Condition {
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Some(("e.initials >= $? and e.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    named(ask, text)
}

/// Whose name begins so, by the index of its pinyin: one value carries the letters, filled up to eight, and the name.
/// No name goes on with the last character there is.
const BEGINS: &str = "e.initials >= rtrim(substr($?, 1, 8)) and e.initials < rtrim(substr($?, 1, 8)) || '~'
    and e.name >= substr($?, 9) and e.name < substr($?, 9) || '\u{10ffff}'";

/// By a part of the name; where millions live, by its beginning.
pub fn named(ask: &Ask, text: &str) -> Condition {
    let place = ask.param("place").unwrap_or(&ask.who.scope.place);
    if 1 < ask.app.places.tree().counties(place).len() {
        let letters: String = kit::initials(text).chars().take(8).collect();
        return Some((BEGINS, Box::new(format!("{letters:<8}{text}"))));
    }
    let part = kit::table::escaped(text);
    Some(("e.name like $? escape '\\'", Box::new(format!("%{part}%"))))
}

/// The age today of who was born on the day of a cell.
pub fn age(ask: &Ask, cell: &Value) -> String {
    cell.text().parse::<Date>().map(|it| it.age_on(ask.today()).to_string()).unwrap_or_default()
}

/// How far the day of a cell lies ahead, or how long ago it was.
pub fn days_left(ask: &Ask, cell: &Value) -> String {
    let Ok(day) = cell.text().parse::<Date>() else { return String::new() };
    match ask.today().days_until(day) {
        left if left < 0 => ask.f("逾期 {n} 天", &[("n", &-left)]),
        0 => ask.t("今天").to_string(),
        left => ask.f("还有 {n} 天", &[("n", &left)]),
    }
}

pub fn masked_phone(_: &Ask, plain: &str) -> String {
    mask_phone(plain)
}
