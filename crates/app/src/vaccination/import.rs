//! Doses from a sheet, such as the register of a vaccination centre: a row is a dose that an elder got, found by ID number.

use kit::{
    Ask, Error, Result, Said, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
};
use rules::{base::IdNumber, vaccination::Vaccine};

use super::{
    WRITE, dose,
    former::{self, Former},
    headers::COLUMNS,
    schedule,
};
use crate::elders::{self, Elder};

pub static DOSES: Import = Import {
    kind: "doses",
    title: "导入接种记录",
    path: "/vaccination/import",
    list: ("/vaccination/doses", "接种记录"),
    perm: WRITE,
    columns: COLUMNS,
    fields: FIELDS,
    synonyms: &[("free", "是", "yes"), ("free", "1", "yes"), ("free", "否", "no"), ("free", "0", "no")],
    help: &[
        "必需的列:身份证号、疫苗、接种日期、接种单位。老人须已在名册中。",
        "疫苗写名称或编号,能看出是哪一种即可;剂次可以不填,填了就与已有记录的先后核对。",
        "同一天同一种疫苗已有记录的不再登记;批号不同的退回核对。",
    ],
    take,
};

const FIELDS: &[Field] = &[
    field("id_number", "身份证号", Kind::Text(30)).required(),
    field("name", "姓名", Kind::Text(50)),
    field("vaccine", "疫苗", Kind::Text(60)).required(),
    field("number", "剂次", Kind::Int { min: 1, max: 30 }),
    field("day", "接种日期", Kind::Date).required(),
    field("batch_number", "批号", Kind::Text(30)),
    field("maker", "生产企业", Kind::Text(60)),
    field("place", "接种单位", Kind::Text(60)).required(),
    field("free", "免费", Kind::Choice(&[("yes", "免费"), ("no", "自费")])),
];

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, _: &Row<'_>) -> Result<Taken> {
    let checked = kit_form::check(FIELDS, input, &Options::new())?;
    let elder = elder(tx, ask, input)?;
    let vaccine = vaccine(schedule::offered(ask, &elder.key.region), &checked.text("vaccine"))?;
    let day = checked.date("day").unwrap_or(ask.today());
    let (number, batch) = (checked.int("number"), checked.text("batch_number"));
    let given = dose::of(tx, &elder.key)?.into_iter().filter(|it| it.vaccine == vaccine.id && it.voided.is_none());
    let given: Vec<_> = given.collect();
    if let Some(known) = given.iter().find(|it| it.day == day) {
        if !batch.is_empty() && !known.batch_number.is_empty() && known.batch_number != batch {
            let said = Said::new("{day} 已登记这种疫苗,批号是“{value}”,请核对")
                .with("day", day)
                .with("value", &known.batch_number);
            return Err(Error::invalid("batch_number", said));
        }
        return Ok(Taken::Unchanged);
    }
    let is_out_of_order = |n: i64| given.iter().any(|it| (it.day < day) != (it.number < n));
    if let Some(n) = number.filter(|it| is_out_of_order(*it)) {
        return Err(Error::invalid("number", Said::new("第 {n} 剂与已有接种记录的先后不符,请核对").with("n", n)));
    }
    let it = Former {
        vaccine: &vaccine.id,
        day,
        batch: &batch,
        maker: &checked.text("maker"),
        place: &checked.text("place"),
        free: checked.text("free") == "yes",
        source: "import",
    };
    former::keep(tx, ask, &elder, &it, number)?;
    Ok(Taken::New)
}

/// The living elder with the ID number of the row, whose name must not be another.
fn elder(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Elder> {
    let number = input.get("id_number").to_uppercase();
    if number.parse::<IdNumber>().is_err() {
        return Err(Error::invalid("id_number", "身份证号不对"));
    }
    let unknown = || Error::invalid("id_number", "名册中没有这位老人,或不在您的管理范围内");
    let key = elders::with_number(tx, ask, &number)?.ok_or_else(unknown)?;
    let elder = match elders::find(tx, &ask.who.scope, &key) {
        Err(Error::NotFound) => return Err(unknown()),
        found => found?,
    };
    if !elder.is_living() {
        return Err(unknown());
    }
    let name = input.get("name");
    if !name.is_empty() && elders::clean_name(name)? != elder.name {
        return Err(Error::invalid("name", Said::new("“{value}”与名册中这个身份证号的姓名不符").with("value", name)));
    }
    Ok(elder)
}

/// The vaccine meant by its id or name; a part of the name is enough where it fits one only.
fn vaccine<'a>(offered: &'a [Vaccine], text: &str) -> Result<&'a Vaccine> {
    let named =
        |it: &&Vaccine| it.id.eq_ignore_ascii_case(text) || it.name == text || it.name_en.eq_ignore_ascii_case(text);
    let mut fitting = offered.iter().filter(|it| it.name.contains(text));
    let only = match (fitting.next(), fitting.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    };
    let unknown = || Error::invalid("vaccine", Said::new("本地没有“{value}”这种疫苗").with("value", text));
    offered.iter().find(named).or(only).ok_or_else(unknown)
}
