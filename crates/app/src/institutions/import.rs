//! Institutions from a sheet: a row is what the forms of an institution, its abilities and its first licences would say.

use kit::{
    Ask, Error, Result, Said, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
};
use rules::{base::Date, institution::LicenceKind};

use super::{
    ESTABLISH, fact, form,
    headers::{COLUMNS, SYNONYMS},
    institution::{self, Institution},
    licence::{self, New},
    words,
};

pub static INSTITUTIONS: Import = Import {
    kind: "institutions",
    title: "导入机构",
    path: "/institutions/import",
    list: ("/institutions", "医养机构"),
    perm: ESTABLISH,
    columns: COLUMNS,
    fields: FIELDS,
    synonyms: SYNONYMS,
    help: &[
        "必需的列只有“名称”和“类别”;没有填写开业日的,按今天登记。",
        "统一社会信用代码、位置(纬度,经度)、电话、开放时间按页面同样的规则检查。",
        "等级、举办性质、医养结合方式、科室与资质、服务项目、床位,以及执业许可证号和养老机构备案号可以一起导入。",
        "同一信用代码或同一名称的机构只更新表中填写的内容。",
    ],
    take,
};

const BED: Kind = Kind::Int { min: 0, max: 20_000 };

const FIELDS: &[Field] = &[
    field("name", "名称", Kind::Text(80)).required(),
    field("kind", "类别", Kind::Choice(words::KINDS)).required(),
    field("code", "统一社会信用代码", Kind::Text(30)),
    field("legal_person", "负责人", Kind::Text(50)),
    field("opened", "开业日", Kind::Date),
    field("place", "所在地", Kind::Text(80)),
    field("address", "详细地址", Kind::Text(120)),
    field("position", "地图位置", Kind::Text(40)),
    field("phone", "联系电话", Kind::Text(30)),
    field("hours", "开放时间", Kind::Text(200)),
    field("level", "等级", Kind::Choice(words::LEVELS)),
    field("owner", "举办性质", Kind::Choice(words::OWNERS)),
    field("modes", "医养结合方式", Kind::Many(words::MODES)),
    field("marks", "科室与资质", Kind::Many(words::MARKS)),
    field("services", "服务项目", Kind::Many(words::SERVICES)),
    field("beds_medical", "医疗床位", BED),
    field("beds_elderly", "养老床位", BED),
    field("beds_nursing", "其中护理型床位", BED),
    field("practice", "医疗机构执业许可证", Kind::Text(60)),
    field("practice_until", "有效至", Kind::Date),
    field("care_filing", "养老机构备案", Kind::Text(60)),
    field("issuer", "发证(备案)机关", Kind::Text(80)),
    field("remark", "备注", Kind::Text(500)),
];

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    kit_form::check(FIELDS, input, &Options::new())?;
    let tree = ask.app.places.tree();
    let place = match input.get("place") {
        "" => row.place.to_string(),
        text => match tree.named_in(row.place, text) {
            Some(it) => it.code.clone(),
            None => {
                return Err(Error::invalid(
                    "place",
                    Said::new("“{value}”不在导入的地区内,或不能确定是哪里").with("value", text),
                ));
            }
        },
    };
    let region = tree.county_of(&place).map(|it| it.code.clone()).unwrap_or_default();
    let known = known(tx, &region, input)?;
    let mut whole = known.as_ref().map(form::filled).unwrap_or_default();
    for field in form::INSTITUTION {
        if !input.get(field.name).is_empty() && field.name != "place" {
            whole.set(field.name, input.get(field.name));
        }
    }
    if known.is_none() || !input.get("place").is_empty() {
        whole.set("place", place);
    }
    if whole.get("opened").is_empty() {
        whole.set("opened", ask.today().to_string());
    }
    let draft = form::draft(&whole, &Options::new(), row.source)?;
    let (it, mut taken) = match known {
        None => (institution::create(tx, ask, &draft)?, Taken::New),
        Some(before) if differs(&before, &whole) => {
            institution::change(tx, ask, &before, &draft)?;
            (institution::by_key(tx, &before.key)?, Taken::Changed)
        }
        Some(before) => (before, Taken::Unchanged),
    };
    let from = if taken == Taken::New { draft.opened } else { ask.today() };
    let changed = abilities(tx, ask, &it, input, from, row.source)? + licences(tx, ask, &it, input, from)?;
    if 0 < changed && taken == Taken::Unchanged {
        taken = Taken::Changed;
    }
    Ok(taken)
}

/// The institution a row is about: the one with its code, else the one with its name.
fn known(tx: &Tx<'_>, region: &str, input: &Input) -> Result<Option<Institution>> {
    let code = input.get("code");
    if let Ok(code) = code.parse::<rules::base::Uscc>()
        && let Some(it) = institution::by_code(tx, code.as_str())?
    {
        return if it.key.region == region {
            Ok(Some(it))
        } else {
            let said = Said::new("统一社会信用代码已由{name}使用,请核对").with("name", it.name);
            Err(Error::invalid("code", said))
        };
    }
    institution::by_name(tx, region, input.get("name"))
}

fn differs(before: &Institution, whole: &Input) -> bool {
    let filled = form::filled(before);
    form::INSTITUTION.iter().any(|it| filled.get(it.name) != whole.get(it.name))
}

/// Sets the abilities that the row names; what it leaves out stays as it is.
fn abilities(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input, from: Date, source: &str) -> Result<usize> {
    let checked = kit_form::check(FIELDS, input, &Options::new())?;
    let yes = |word: &'static str| (word, Some("yes".to_string()));
    let mut wanted: Vec<(&'static str, Option<String>)> = Vec::new();
    for kind in ["level", "owner"] {
        wanted.extend(checked.optional(kind).map(|value| (kind, Some(value))));
    }
    for (name, list) in [("modes", words::MODES), ("marks", words::MARKS), ("services", words::SERVICES)] {
        let chosen = checked.many(name);
        wanted.extend(list.iter().filter(|it| chosen.iter().any(|one| one == it.0)).map(|it| yes(it.0)));
    }
    for (word, _) in words::BEDS {
        wanted.extend(checked.int(word).filter(|it| 0 < *it).map(|it| (*word, Some(it.to_string()))));
    }
    fact::set(tx, ask, it, from, &wanted, source)
}

fn licences(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input, from: Date) -> Result<usize> {
    let known = licence::of(tx, &it.key)?;
    let issuer = input.get("issuer");
    let until: Option<Date> = input.get("practice_until").parse().ok();
    let named = [("practice", LicenceKind::Practice, until), ("care_filing", LicenceKind::CareFiling, None)];
    let mut added = 0;
    for (field, kind, until) in named {
        let number = input.get(field);
        if number.is_empty() || known.iter().any(|it| it.kind == kind && it.number == number) {
            continue;
        }
        if until.is_some_and(|end| end < from) {
            return Err(Error::invalid("practice_until", "有效期止日不能早于起日"));
        }
        licence::add(tx, ask, it, &New { kind, number, issuer, from, until, remark: "", document: None })?;
        added += 1;
    }
    Ok(added)
}
