//! The forms of the workforce: their fields, and the drafts that filled-in forms, page or API, stand for.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    form::{self, Checked, Field, Input, Kind, Options, field},
    who::account,
};
use rules::{
    base::{BadPhone, Date, Phone},
    workforce::Certificate,
};

use super::{
    organisation, post, presence,
    staff::{self, Draft, First, NUMBER_COLUMN, PHONE_COLUMN, Staff},
    training::Training,
    words,
};

/// Of somebody's own.
pub const STAFF: &[Field] = &[
    field("name", "姓名", Kind::Text(50)).required(),
    field("id_number", "身份证号", Kind::Text(30)).help("18 位;填写后自动带出性别和出生日期。"),
    field("sex", "性别", Kind::Choice(words::SEXES)),
    field("birth", "出生日期", Kind::Date),
    field("phone", "电话", Kind::Text(30)),
    field("kind", "岗位", Kind::Choice(words::KINDS)).required(),
    field("title", "职称", Kind::Choice(words::TITLES)).required(),
    field("skills", "专长", Kind::Many(words::SKILLS)),
    field("login", "登录账号", Kind::Text(40)).help("此人在本系统的登录名;没有则留空。"),
    field("remark", "备注", Kind::LongText(500)),
];

/// Of the main post somebody begins with.
pub const FIRST: &[Field] = &[
    field("organisation", "主要执业机构", Kind::Pick).required(),
    field("post", "用工方式", Kind::Choice(words::MAIN_POSTS)).required(),
    field("outside", "县外单位", Kind::Text(80)).help("由县外医院派来的专科医生填写所在医院。"),
    field("from", "起日", Kind::Date).required(),
];

/// The main post from another day on.
pub const MAIN: &[Field] = &[
    field("organisation", "机构", Kind::Pick).required(),
    field("post", "用工方式", Kind::Choice(words::MAIN_POSTS)).required(),
    field("outside", "县外单位", Kind::Text(80)),
    field("from", "起日", Kind::Date).required(),
];

/// Practice at one more institution.
pub const BESIDE: &[Field] = &[
    field("organisation", "机构", Kind::Pick).required(),
    field("post", "方式", Kind::Choice(words::OTHER_POSTS)).required(),
    field("from", "起日", Kind::Date).required(),
    field("until", "止日", Kind::Date).help("最后一天;未定则留空。"),
];

/// What the API takes for any post: the words of both lists.
pub const POST: &[Field] = &[
    field("organisation", "机构", Kind::Pick).required(),
    field("post", "方式", Kind::Text(20))
        .required()
        .help("employed, contract, county_hired, rehired, outside; multi_site, seconded, help; end"),
    field("outside", "县外单位", Kind::Text(80)),
    field("from", "起日", Kind::Date).required(),
    field("until", "止日", Kind::Date),
];

pub const CERTIFICATE: &[Field] = &[
    field("kind", "证书", Kind::Choice(Certificate::WORDS)).required(),
    field("number", "证书编号", Kind::Text(60)).required(),
    field("issuer", "发证机关", Kind::Text(80)).required(),
    field("grade", "等级或范围", Kind::Text(40)).help("如 三级/高级工、内科专业。"),
    field("from", "发证日", Kind::Date).required(),
    field("until", "有效至", Kind::Date).help("证上写明的最后一天;没有写明的按政策库“人员与团队”的月数计算。"),
];

pub const TRAINING: &[Field] = &[
    field("topic", "培训类别", Kind::Choice(words::TOPICS)).required(),
    field("title", "培训名称", Kind::Text(80)).required(),
    field("organiser", "举办单位", Kind::Text(80)),
    field("from", "起日", Kind::Date).required(),
    field("until", "止日", Kind::Date).required(),
    field("hours", "学时", Kind::Int { min: 1, max: 2000 }).required(),
    field("passed", "考核合格", Kind::Check),
];

pub const ABSENCE: &[Field] = &[
    field("kind", "事由", Kind::Choice(words::ABSENCES)).required(),
    field("from", "起日", Kind::Date).required(),
    field("until", "止日", Kind::Date).help("最后一天;未定则留空。"),
    field("note", "说明", Kind::Text(100)),
];

pub const BACK: &[Field] = &[field("day", "返岗日", Kind::Date).required()];

pub const HOURS: &[Field] = &[
    field("from", "起日", Kind::Date).required(),
    field("hours", "工作时间", Kind::Text(200)).required().help("如 周一至周五 08:00-12:00,14:00-17:30。"),
];

pub const TEAM: &[Field] = &[
    field("organisation", "所属机构", Kind::Pick).required(),
    field("name", "团队名称", Kind::Text(60)).required(),
    field("phone", "联系电话", Kind::Text(30)).help("公布给居民的电话。"),
    field("opened", "组建日", Kind::Date).required(),
];

pub const MEMBER: &[Field] = &[
    field("staff", "人员", Kind::Pick).required(),
    field("role", "角色", Kind::Choice(rules::workforce::Role::WORDS)).required(),
    field("leads", "团队长", Kind::Check),
    field("from", "起日", Kind::Date).required(),
];

pub const CLOSE: &[Field] = &[
    field("day", "撤销日", Kind::Date).required().help("这天起团队不再存在。"),
    field("reason", "原因", Kind::Text(100)).required(),
];

/// The fields as a page shows them: title of a part, names of its fields.
pub const PARTS: &[(&str, &[&str])] = &[
    ("身份", &["name", "id_number", "sex", "birth", "phone"]),
    ("岗位", &["kind", "title", "skills"]),
    ("账号与备注", &["login", "remark"]),
];

/// The kind of certificate a form names.
pub fn certificate_kind(checked: &Checked) -> Result<Certificate> {
    let word = checked.text("kind");
    Certificate::parse(&word)
        .ok_or_else(|| Error::invalid("kind", Said::new("没有“{value}”这种证书").with("value", word)))
}

/// The training a form stands for.
pub fn training(input: &Input) -> Result<Training> {
    let checked = form::check(TRAINING, input, &Options::new())?;
    Ok(Training {
        id: Id(0),
        topic: checked.text("topic"),
        title: checked.text("title"),
        organiser: checked.text("organiser"),
        from: day(&checked, "from")?,
        until: day(&checked, "until")?,
        hours: checked.int("hours").unwrap_or(0),
        passed: checked.on("passed"),
    })
}

/// Notes the absence a form stands for.
pub fn leave(tx: &Tx<'_>, ask: &Ask, staff: &Staff, input: &Input) -> Result<()> {
    let checked = form::check(ABSENCE, input, &Options::new())?;
    let (kind, note) = (checked.text("kind"), checked.text("note"));
    presence::leave(tx, ask, staff, &kind, day(&checked, "from")?, checked.date("until"), &note)
}

/// The phone a field holds.
fn phone(checked: &Checked) -> Result<Option<Phone>> {
    let parse = |it: String| it.parse().map_err(|e: BadPhone| Error::invalid("phone", e.text()));
    checked.optional("phone").map(parse).transpose()
}

/// A phone that is published with a team, in the form in which phones are kept.
pub fn public_phone(checked: &Checked) -> Result<String> {
    Ok(phone(checked)?.map_or(String::new(), |it| it.as_str().to_string()))
}

/// The draft a form stands for; what an ID number says of birth and sex holds.
pub fn draft(tx: &Tx<'_>, input: &Input, source: &str) -> Result<Draft> {
    let checked = form::check(STAFF, input, &Options::new())?;
    let id_number = staff::parse_number(&checked.text("id_number"))?;
    let birth = checked.date("birth");
    if let (Some(number), Some(birth)) = (&id_number, birth)
        && number.birth_date() != birth
    {
        let said = Said::new("出生日期与身份证号中的 {value} 不符,请核对").with("value", number.birth_date());
        return Err(Error::invalid("birth", said));
    }
    let account = match checked.optional("login") {
        Some(login) => match account::by_login(tx, &login)? {
            Some(it) => Some(it.id),
            None => return Err(Error::invalid("login", Said::new("没有登录名“{value}”").with("value", login))),
        },
        None => None,
    };
    Ok(Draft {
        name: crate::elders::clean_name(&checked.text("name"))?,
        id_number,
        sex: checked.optional("sex").unwrap_or_else(|| "unknown".into()),
        birth,
        phone: phone(&checked)?,
        kind: checked.text("kind"),
        title: checked.text("title"),
        skills: checked.many("skills"),
        account,
        remark: checked.text("remark"),
        source: source.to_string(),
    })
}

/// The main post a form of somebody new stands for.
pub fn first(input: &Input, options: &Options) -> Result<First> {
    let checked = form::check(FIRST, input, options)?;
    Ok(First {
        organisation: id(&checked, "organisation", "请选择机构")?,
        kind: checked.text("post"),
        outside: checked.text("outside"),
        from: day(&checked, "from")?,
    })
}

pub fn id(checked: &Checked, name: &str, missing: &'static str) -> Result<Id> {
    checked.id(name).ok_or_else(|| Error::invalid(name, missing))
}

pub fn day(checked: &Checked, name: &str) -> Result<Date> {
    checked.date(name).ok_or_else(|| Error::invalid(name, "请填写日期"))
}

/// Sets the post a form stands for, and its end where it names one. `end` ends the line.
pub fn set_post(tx: &Tx<'_>, ask: &Ask, staff: &Staff, input: &Input) -> Result<()> {
    let checked = form::check(POST, input, &Options::new())?;
    let id = id(&checked, "organisation", "请选择机构")?;
    let (kind, from) = (checked.text("post"), day(&checked, "from")?);
    let outside = checked.text("outside");
    let is_main = words::MAIN_POSTS.iter().any(|it| it.0 == kind);
    let is_beside = words::OTHER_POSTS.iter().any(|it| it.0 == kind);
    if !is_main && !is_beside && kind != "end" {
        return Err(Error::invalid("post", Said::new("没有“{value}”这种方式").with("value", kind)));
    }
    if kind != "end" {
        let place = organisation::by_id(tx, id)?.filter(|it| it.region == staff.key.region);
        if place.is_none() {
            return Err(Error::invalid("organisation", "请选择本县(区)的机构;县外机构请填写县外单位"));
        }
    }
    if is_main {
        // Only who manages an institution may say that somebody mainly works there.
        organisation::within(tx, ask, id, "organisation")?;
    }
    let line = if is_main { post::Line::Main } else { post::Line::At(id) };
    let until = checked.date("until");
    if until.is_some_and(|it| it < from) {
        return Err(Error::invalid("until", "止日不能早于起日"));
    }
    let kind = (kind != "end").then_some(&*kind);
    post::set(tx, ask, staff, &post::New { line, from, kind, organisation: Some(id), outside: &outside })?;
    match until.filter(|_| kind.is_some()) {
        Some(until) => {
            let end = post::New { line, from: until.add_days(1), kind: None, organisation: None, outside: "" };
            post::set(tx, ask, staff, &end)
        }
        None => Ok(()),
    }
}

/// What the form of somebody known starts with. Sealed values are opened: who may write may see.
pub fn filled(tx: &Tx<'_>, ask: &Ask, staff: &Staff) -> Result<Input> {
    let open = |column: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map_err(Error::internal),
        None => Ok(String::new()),
    };
    let login = match staff.account {
        Some(id) => account::by_id(tx, id)?.map_or(String::new(), |it| it.login),
        None => String::new(),
    };
    let mut input = Input::default();
    input.set("name", &staff.name);
    input.set("id_number", open(NUMBER_COLUMN, &staff.id_number)?);
    input.set("sex", &staff.sex);
    input.set("birth", staff.birth.map_or(String::new(), |it| it.to_string()));
    input.set("phone", open(PHONE_COLUMN, &staff.phone)?);
    input.set("kind", &staff.kind);
    input.set("title", &staff.title);
    input.set_many("skills", staff.skills.clone());
    input.set("login", login);
    input.set("remark", &staff.remark);
    Ok(input)
}

/// The label of a field by its name, for the trail of changes.
pub fn label(fields: &[Field], field: &str) -> &'static str {
    match field {
        "account" => "登录账号",
        _ => fields.iter().find(|it| it.name == field).map_or("其他", |it| it.label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_in_exactly_one_part_of_the_page() {
        for field in STAFF {
            let n = PARTS.iter().filter(|it| it.1.contains(&field.name)).count();
            assert_eq!(n, 1, "{}", field.name);
        }
    }
}
