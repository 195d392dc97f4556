//! Staff from a sheet: a row is what the forms of somebody new, and of their first certificate, would say.

use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
};
use rules::workforce::Certificate;

use super::{
    WRITE,
    certificate::{self, New},
    form,
    headers::{COLUMNS, SYNONYMS},
    organisation, post,
    staff::{self, Staff},
    words,
};

pub static STAFF: Import = Import {
    kind: "staff",
    title: "导入人员",
    path: "/workforce/import",
    list: ("/workforce", "从业人员"),
    perm: WRITE,
    columns: COLUMNS,
    fields: FIELDS,
    synonyms: SYNONYMS,
    help: &[
        "必需的列是“姓名”“岗位”和“执业机构”;机构按名称对应,须已在机构名录中。",
        "身份证号有误的行不导入;同一身份证号的人员只更新表中填写的内容。",
        "没有填写用工方式的按在编在职登记,没有填写到岗日期的按今天登记。",
        "证书编号随岗位登记为执业证或养老护理员证。",
    ],
    take,
};

const FIELDS: &[Field] = &[
    field("name", "姓名", Kind::Text(50)).required(),
    field("id_number", "身份证号", Kind::Text(30)),
    field("sex", "性别", Kind::Choice(words::SEXES)),
    field("birth", "出生日期", Kind::Date),
    field("phone", "电话", Kind::Text(30)),
    field("kind", "岗位", Kind::Choice(words::KINDS)).required(),
    field("title", "职称", Kind::Choice(words::TITLES)),
    field("organisation", "主要执业机构", Kind::Text(80)).required(),
    field("post", "用工方式", Kind::Choice(words::MAIN_POSTS)),
    field("from", "起日", Kind::Date),
    field("skills", "专长", Kind::Many(words::SKILLS)),
    field("certificate", "证书编号", Kind::Text(60)),
    field("issued", "发证日", Kind::Date),
    field("grade", "等级或范围", Kind::Text(40)),
    field("remark", "备注", Kind::Text(500)),
];

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    kit_form::check(FIELDS, input, &Options::new())?;
    let region = ask.app.places.tree().county_of(row.place).map(|it| it.code.clone()).unwrap_or_default();
    let organisation = organisation::named(tx, &region, input.get("organisation"), "organisation")?.id;
    let known = known(tx, ask, &region, input)?;
    let mut whole = match &known {
        Some(it) => form::filled(tx, ask, it)?,
        None => Input::default(),
    };
    for field in form::STAFF {
        let values = input.all(field.name);
        if !values.is_empty() {
            whole.set_many(field.name, values.to_vec());
        }
    }
    if whole.get("title").is_empty() {
        whole.set("title", "none");
    }
    let draft = form::draft(tx, &whole, row.source)?;
    let mut first = Input::default();
    first.set("organisation", organisation.to_string());
    first.set("post", if input.get("post").is_empty() { "employed" } else { input.get("post") });
    let today = ask.today().to_string();
    first.set("from", if input.get("from").is_empty() { &today } else { input.get("from") });
    let first = form::first(&first, &Options::new())?;
    let (it, mut taken) = match known {
        None => match staff::take(tx, ask, &draft, &first)? {
            staff::Taken::New(key) => (staff::by_key(tx, &key)?, Taken::New),
            staff::Taken::Known(key) => (staff::by_key(tx, &key)?, Taken::Unchanged),
        },
        Some(before) => {
            let differs = form::STAFF.iter().any(|it| {
                let filled = form::filled(tx, ask, &before).map(|all| all.all(it.name).to_vec());
                filled.is_ok_and(|was| was.join("") != whole.all(it.name).join(""))
            });
            if differs {
                staff::change(tx, ask, &before, &draft)?;
            }
            let moved = before.organisation != Some(organisation);
            if moved {
                let line = post::Line::Main;
                let kind = Some(&*first.kind);
                post::set(
                    tx,
                    ask,
                    &before,
                    &post::New { line, from: first.from, kind, organisation: Some(organisation), outside: "" },
                )?;
            }
            (staff::by_key(tx, &before.key)?, if differs || moved { Taken::Changed } else { Taken::Unchanged })
        }
    };
    if certify(tx, ask, &it, input)? && taken == Taken::Unchanged {
        taken = Taken::Changed;
    }
    Ok(taken)
}

/// Who a row is about: the one with its ID number; without one, the one of that name and birth date in the county.
fn known(tx: &Tx<'_>, ask: &Ask, region: &str, input: &Input) -> Result<Option<Staff>> {
    let key = match staff::parse_number(input.get("id_number"))? {
        Some(number) => staff::by_number(tx, ask, region, &number)?,
        None => staff::by_name(tx, region, input.get("name"), input.get("birth"))?,
    };
    match key {
        // Whoever belongs to another scope is not the reader's to change.
        Some(key) => staff::find(tx, &ask.who.scope, &key).map(Some),
        None => Ok(None),
    }
}

/// Adds the certificate that a row names; gives whether it was new.
fn certify(tx: &Tx<'_>, ask: &Ask, it: &Staff, input: &Input) -> Result<bool> {
    let number = input.get("certificate");
    if number.is_empty() || certificate::of(tx, &it.key)?.iter().any(|it| it.number == number) {
        return Ok(false);
    }
    let kind = match &*it.kind {
        "gp" | "physician" | "tcm" | "public_health" | "dentist" => Certificate::Physician,
        "nurse" => Certificate::Nurse,
        "village_doctor" => Certificate::VillageDoctor,
        "pharmacist" => Certificate::Pharmacist,
        "therapist" => Certificate::Therapist,
        "care_worker" => Certificate::CareWorker,
        "assessor" => Certificate::Assessor,
        _ => Certificate::Other,
    };
    let issued = input.get("issued").parse().map_err(|_| Error::invalid("issued", "填了证书编号,请填写发证日"))?;
    let grade = input.get("grade");
    certificate::add(tx, ask, it, &New { kind, number, issuer: "", grade, from: issued, until: None, document: None })?;
    Ok(true)
}
