//! Carers from a sheet: a row is somebody who gives care for an institution with an agreement.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
};
use rules::base::IdNumber;

use super::{
    carer,
    course::{self, New},
    headers::COLUMNS,
};
use crate::{
    elders::{self, Key},
    institutions,
    ltci::{HANDLE, words},
    workforce,
};

pub static CARERS: Import = Import {
    kind: "ltci-carers",
    title: "导入长护险护理人员",
    path: "/ltci/carers/import",
    list: ("/ltci/carers", "长护险护理人员"),
    perm: HANDLE,
    columns: COLUMNS,
    fields: FIELDS,
    synonyms: &[("qualification", "护士", "nurse"), ("qualification", "护理员", "care_worker")],
    help: &[
        "必需的列:机构、身份证号、资格、证书(备案)号。机构须有长护险协议。",
        "护士、照护师、护理员须已在人员登记中;家属照护者另写所照护老人的身份证号。",
        "同一机构同一证书号已登记的不再登记。",
    ],
    take,
};

const FIELDS: &[Field] = &[
    field("organisation", "机构", Kind::Text(80)).required(),
    field("name", "姓名", Kind::Text(50)),
    field("id_number", "身份证号", Kind::Text(30)).required(),
    field("qualification", "资格", Kind::Choice(words::QUALIFICATIONS)).required(),
    field("number", "证书(备案)号", Kind::Text(60)).required(),
    field("elder", "照护老人身份证号", Kind::Text(30)),
    field("from", "上岗日", Kind::Date),
];

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    let checked = kit_form::check(FIELDS, input, &Options::new())?;
    let region = ask.app.places.tree().county_of(row.place).map(|it| it.code.clone()).unwrap_or_default();
    let name = checked.text("organisation");
    let found: Option<Id> = tx.row(
        "select organisation from ltci_provider where region = $1 and name = $2 order by organisation limit 1",
        &[&region, &name],
        |row| row.get(0),
    )?;
    let Some(id) = found else {
        let said = Said::new("本县(区)没有名称为“{value}”的长护险定点机构").with("value", name);
        return Err(Error::invalid("organisation", said));
    };
    let key = Key { region, id };
    let institution = institutions::find(tx, &ask.who.scope, &key)?;
    let (number, qualification) = (checked.text("number"), checked.text("qualification"));
    let known = carer::of_organisation(tx, &key)?;
    if known.iter().any(|it| it.number == number && it.qualification == qualification && it.until.is_none()) {
        return Ok(Taken::Unchanged);
    }
    let own = id_number("id_number", input.get("id_number"))?;
    let is_relative = qualification == "relative";
    let staff = if is_relative { None } else { workforce::by_number(tx, ask, &key.region, &own)? };
    if !is_relative && staff.is_none() {
        return Err(Error::invalid("id_number", "人员登记中没有这个身份证号,请先登记人员"));
    }
    let elder = match input.get("elder") {
        "" => None,
        text => {
            let number = id_number("elder", text)?;
            let found = elders::with_number(tx, ask, &number.to_string())?;
            Some(found.ok_or_else(|| Error::invalid("elder", "名册中没有这位老人,或不在您的管理范围内"))?)
        }
    };
    let new = New {
        staff,
        elder: elder.filter(|_| is_relative),
        name: checked.text("name"),
        qualification,
        number,
        from: checked.date("from").unwrap_or(ask.today()),
    };
    course::register(tx, ask, &institution, &new)?;
    Ok(Taken::New)
}

fn id_number(field: &str, text: &str) -> Result<IdNumber> {
    text.to_uppercase().parse().map_err(|_| Error::invalid(field, "身份证号不对"))
}
