//! Enrolment lists and payment files from sheets: a row is a person, or what was paid for a person and period.

use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
};
use rules::base::Money;

use super::{
    contribution::{self, Payment},
    headers, record,
};
use crate::ltci::HANDLE;

pub static ENROLMENT: Import = Import {
    kind: "ltci-insured",
    title: "导入参保名单",
    path: "/ltci/insured/import",
    list: ("/ltci/insured", "长护险参保"),
    perm: HANDLE,
    columns: headers::ENROLMENT,
    fields: record::FIELDS,
    synonyms: &[("kind", "职工", "employee"), ("kind", "退休", "retiree"), ("kind", "居民", "resident")],
    help: &[
        "必需的列:身份证号、姓名、参保类别、参保日期。",
        "缴费基数是每个缴费期的:职工、退休和灵活就业人员按月,居民和未成年人按年。",
        "已参保的人按身份证号对应:类别或基数不同的,自所写的日期起变更。",
    ],
    take: enrol,
};

pub static PAYMENTS: Import = Import {
    kind: "ltci-payments",
    title: "导入缴费文件",
    path: "/ltci/insured/payments",
    list: ("/ltci/insured", "长护险参保"),
    perm: HANDLE,
    columns: headers::PAYMENTS,
    fields: PAYMENT,
    synonyms: &[],
    help: &[
        "必需的列:身份证号、缴费期、到账日期;金额按来源分列,单位元。",
        "每人每期每个来源没有凭证号的记录只有一笔;补缴、退费另写凭证号,退费写负数。",
        "到账的金额同时记入基金的账。",
    ],
    take: pay,
};

const PAYMENT: &[Field] = &[
    field("id_number", "身份证号", Kind::Text(30)).required(),
    field("period", "缴费期", Kind::Text(10)).required(),
    field("employer", "用人单位", Kind::Text(20)),
    field("person", "个人", Kind::Text(20)),
    field("treasury", "财政", Kind::Text(20)),
    field("medical", "医保统筹基金", Kind::Text(20)),
    field("day", "到账日期", Kind::Date).required(),
    field("voucher", "凭证号", Kind::Text(40)),
];

const AMOUNTS: [&str; 4] = ["employer", "person", "treasury", "medical"];

fn enrol(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    let region = record::county(ask, row.place)?;
    let (_, is_new) = record::enrol(tx, ask, &region, input, row.source)?;
    Ok(if is_new { Taken::New } else { Taken::Unchanged })
}

fn pay(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    let checked = kit_form::check(PAYMENT, input, &Options::new())?;
    let region = record::county(ask, row.place)?;
    let number = record::number(&checked.text("id_number"))?;
    let unknown = || Error::invalid("id_number", "这个身份证号没有参保,请先导入参保名单");
    let key = record::with_number(tx, ask, &region, &number)?.ok_or_else(unknown)?;
    let period = contribution::period(&checked.text("period"))?;
    let voucher = checked.text("voucher");
    let (mut given, mut new) = (0, 0);
    for purse in AMOUNTS {
        let text = checked.text(purse);
        if text.is_empty() {
            continue;
        }
        let amount = record::amount(purse, &text)?;
        if amount < Money::ZERO && voucher.is_empty() {
            return Err(Error::invalid(purse, "退费请写凭证号"));
        }
        let day = checked.date("day").unwrap_or(ask.today());
        let it = Payment { period, purse, amount, day, voucher: &voucher, source: row.source };
        given += 1;
        new += usize::from(amount != Money::ZERO && contribution::pay(tx, ask, &key, &it)?);
    }
    if given == 0 {
        return Err(Error::invalid("person", "没有金额,请至少写一个来源"));
    }
    Ok(if new == 0 { Taken::Unchanged } else { Taken::New })
}
