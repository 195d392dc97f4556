//! The form of an elder: its fields, and the draft that a filled-in form, page or API, stands for.

use kit::{
    Ask, Error, Id, Result, Said,
    form::{self, Field, Input, Kind, Options, field},
    place::Level,
};
use rules::base::Phone;

use super::{
    elder::{Birth, Elder},
    intake::{ADDRESS_COLUMN, Document, Draft, NUMBER_COLUMN, PHONE_COLUMN},
    name::clean_name,
    words,
};

pub const FIELDS: &[Field] = &[
    field("name", "姓名", Kind::Text(50)).required().help("与证件一致;少数民族姓名用“·”分隔。"),
    field("id_kind", "证件类型", Kind::Choice(words::ID_KINDS)).required(),
    field("id_number", "证件号码", Kind::Text(30)).help("身份证 18 位;填写后自动带出性别和出生日期。"),
    field("sex", "性别", Kind::Choice(words::SEXES)),
    field("birth", "出生日期", Kind::YearOrDate).help("写作 1944-03-12,只知年份时写 1944。"),
    field("phone", "电话", Kind::Text(30)),
    field("place", "居住地", Kind::Pick).required(),
    field("address", "详细地址", Kind::Text(120)),
    field("registered_place", "户籍地", Kind::Text(60)),
    field("living", "居住情况", Kind::Choice(words::LIVING)),
    field("insurance", "医疗保险", Kind::Choice(words::INSURANCE)),
    field("organisation", "所在机构", Kind::Pick),
    field("groups", "人群", Kind::Many(words::GROUPS)),
    field("remark", "备注", Kind::LongText(500)),
];

/// The fields as a page shows them: title of a part, names of its fields.
pub const PARTS: &[(&str, &[&str])] = &[
    ("身份", &["name", "id_kind", "id_number", "sex", "birth", "phone"]),
    ("居住与保障", &["place", "address", "registered_place", "living", "insurance", "organisation"]),
    ("人群与备注", &["groups", "remark"]),
];

/// The draft a form stands for. What an ID number says of birth and sex holds; a form that contradicts it is refused.
pub fn draft(input: &Input, options: &Options, source: &str) -> Result<Draft> {
    let checked = form::check(FIELDS, input, options)?;
    let document = Document::parse(&checked.text("id_kind"), &checked.text("id_number"))?;
    let typed_birth = checked.optional("birth").and_then(|it| Birth::parse(&it));
    let typed_sex = checked.optional("sex");
    let (birth, sex) = match document.says() {
        Some((day, sex)) => {
            let sex = if sex == rules::base::Sex::Male { "male" } else { "female" };
            let birth_fits = typed_birth.is_none_or(|it| it.day == day || (!it.exact && it.day.year() == day.year()));
            if !birth_fits {
                let said = Said::new("出生日期与证件号码中的 {value} 不符,请核对").with("value", day);
                return Err(Error::invalid("birth", said));
            }
            if typed_sex.as_deref().is_some_and(|it| it != sex && it != "unknown") {
                return Err(Error::invalid("sex", "性别与证件号码不符,请核对"));
            }
            (Birth::exact(day), sex.to_string())
        }
        None => {
            let birth = typed_birth.ok_or_else(|| Error::invalid("birth", "没有身份证号时,请填写出生日期或年份"))?;
            (birth, typed_sex.unwrap_or_else(|| "unknown".into()))
        }
    };
    let phone = match checked.optional("phone") {
        Some(text) => {
            Some(text.parse::<Phone>().map_err(|e: rules::base::BadPhone| Error::invalid("phone", e.text()))?)
        }
        None => None,
    };
    Ok(Draft {
        name: clean_name(&checked.text("name"))?,
        sex,
        birth,
        document,
        phone,
        address: checked.text("address"),
        place: checked.text("place"),
        registered_place: checked.optional("registered_place"),
        organisation: checked.id("organisation"),
        living: checked.optional("living").unwrap_or_else(|| "unknown".into()),
        insurance: checked.optional("insurance").unwrap_or_else(|| "unknown".into()),
        remark: checked.text("remark"),
        groups: checked.many("groups").into_iter().map(|it| (it, String::new())).collect(),
        source: source.to_string(),
    })
}

/// What the form of an existing elder starts with. Sealed values are opened: who may write may see.
pub fn filled(ask: &Ask, elder: &Elder, groups: &[String]) -> Result<Input> {
    let open = |column: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map_err(Error::internal),
        None => Ok(String::new()),
    };
    let mut input = Input::default();
    input.set("name", &elder.name);
    input.set("id_kind", &elder.id_kind);
    input.set("id_number", open(NUMBER_COLUMN, &elder.id_number)?);
    input.set("sex", &elder.sex);
    input.set("birth", elder.birth.to_string());
    input.set("phone", open(PHONE_COLUMN, &elder.phone)?);
    input.set("place", &elder.place);
    input.set("address", open(ADDRESS_COLUMN, &elder.address)?);
    input.set("registered_place", elder.registered_place.clone().unwrap_or_default());
    input.set("living", &elder.living);
    input.set("insurance", &elder.insurance);
    input.set("organisation", elder.organisation.map(|it| it.to_string()).unwrap_or_default());
    input.set("remark", &elder.remark);
    input.set_many("groups", groups.to_vec());
    Ok(input)
}

/// The places of a county an elder can live in, in words, and its organisations.
pub fn options(ask: &Ask, county: &str, organisations: Vec<(Id, String)>) -> Options {
    let tree = ask.app.places.tree();
    let mut places = Vec::new();
    let mut open = vec![county.to_string()];
    while let Some(code) = open.pop() {
        let mut children: Vec<String> = tree.children(&code).map(|it| it.code.clone()).collect();
        let is_home = tree.get(&code).is_some_and(|it| Level::Street <= it.level);
        if is_home && ask.who.scope.covers(&tree, &code) {
            places.push((code.clone(), tree.words(&code)));
        }
        children.reverse();
        open.extend(children);
    }
    let organisations = organisations.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    Options::from([("place", places), ("organisation", organisations)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_in_exactly_one_part_of_the_page() {
        for field in FIELDS {
            let n = PARTS.iter().filter(|it| it.1.contains(&field.name)).count();
            assert_eq!(n, 1, "{}", field.name);
        }
    }
}
