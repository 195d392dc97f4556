//! A city's price catalogue from a sheet: a row is one price from a day on. Rows that were taken in before change nothing.

use kit::{
    Ask, Error, Result, Said, Tx,
    clock::stamp,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
    place::Level as PlaceLevel,
};
use rules::tariff;

use super::{CATALOGUE, headers::COLUMNS, words};

pub static PRICES: Import = Import {
    kind: "prices",
    title: "导入价格目录",
    path: "/tariff/import",
    list: ("/tariff/catalogue", "本地价格目录"),
    perm: CATALOGUE,
    columns: COLUMNS,
    fields: FIELDS,
    synonyms: &[
        ("class", "甲类", "a"),
        ("class", "乙类", "b"),
        ("class", "丙类", "c"),
        ("class", "自费", "c"),
        ("level", "一级医院", "level1"),
        ("level", "二级医院", "level2"),
        ("level", "三级医院", "level3"),
        ("owner", "公立医疗机构", "public"),
        ("owner", "民营", "private"),
    ],
    help: &[
        "必需的列:编码、名称、单位、医保类别、价格、执行日期、文件。",
        "价格写元,如 12.50;留空表示从这天起取消这个价格。没有写类别的按医疗服务登记。",
        "“适用范围”写“全市”的,本市各县区一并登记;不写的只登记到所选的县区。",
        "已经开始执行的价格不改;调价请写新的执行日期。",
    ],
    take,
};

const FIELDS: &[Field] = &[
    field("code", "编码", Kind::Text(40)).required(),
    field("name", "名称", Kind::Text(120)).required(),
    field("unit", "单位", Kind::Text(20)).required(),
    field("kind", "类别", Kind::Choice(tariff::Kind::WORDS)),
    field("class", "医保类别", Kind::Choice(tariff::Class::WORDS)).required(),
    field("level", "机构等级", Kind::Choice(words::ALL_LEVELS)),
    field("owner", "机构性质", Kind::Choice(words::ALL_OWNERS)),
    field("price", "价格", Kind::Text(20)),
    field("from", "执行日期", Kind::Date).required(),
    field("document", "文件", Kind::Text(120)).required(),
    field("range", "适用范围", Kind::Choice(&[("county", "本县区"), ("city", "全市")])),
];

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    let checked = kit_form::check(FIELDS, input, &Options::new())?;
    let tree = ask.app.places.tree();
    let county = tree.county_of(row.place).map(|it| it.code.clone()).ok_or(Error::NotFound)?;
    let regions = match &*checked.text("range") {
        "city" => {
            let chain = tree.chain(&county);
            let city = chain.iter().find(|it| it.level == PlaceLevel::City).map(|it| it.code.clone());
            let city = city.filter(|it| ask.who.scope.covers(&tree, it));
            let said = "“适用范围”写全市的,请由管理全市的账号导入";
            tree.counties(&city.ok_or_else(|| Error::invalid("range", said))?)
        }
        _ => vec![county],
    };
    let price = match input.get("price") {
        "" => None,
        text => Some(words::typed("price", text)?.fen()),
    };
    let mut all = Vec::new();
    for region in regions {
        all.push(put(tx, ask, &region, &checked, price, row.source)?);
    }
    Ok(match () {
        () if all.contains(&Taken::New) => Taken::New,
        () if all.contains(&Taken::Changed) => Taken::Changed,
        () => Taken::Unchanged,
    })
}

fn put(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    checked: &kit_form::Checked,
    price: Option<i64>,
    source: &str,
) -> Result<Taken> {
    let or_empty = |name: &str| Some(checked.text(name)).filter(|it| it != "all").unwrap_or_default();
    let (code, level, owner) = (checked.text("code"), or_empty("level"), or_empty("owner"));
    let from = checked.date("from").unwrap_or(ask.today());
    let kind = checked.optional("kind").unwrap_or_else(|| tariff::Kind::Service.word().to_string());
    let new = [checked.text("name"), checked.text("unit"), kind, checked.text("class"), checked.text("document")];
    let known = tx.row(
        "select name, unit, kind, class, document, price from tariff_price
          where region = $1 and code = $2 and level = $3 and owner = $4 and from_day = $5",
        &[&region, &code, &level, &owner, &from.to_string()],
        |row| {
            let old: [String; 5] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            Ok((old, row.get::<Option<i64>>(5)?))
        },
    )?;
    let taken = match known {
        Some((old, old_price)) if old == new && old_price == price => return Ok(Taken::Unchanged),
        Some(_) if from <= ask.today() => {
            let said = Said::new("“{code}”从 {day} 起的价格已经执行,不能改;调价请写新的执行日期");
            return Err(Error::invalid("from", said.with("code", &code).with("day", from)));
        }
        Some(_) => Taken::Changed,
        None => Taken::New,
    };
    let [name, unit, kind, class, document] = &new;
    tx.run(
        "insert into tariff_price (region, id, code, level, owner, from_day, name, unit, kind, class, price, document,
                                   source, account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (region, code, level, owner, from_day) do update set name = excluded.name, unit = excluded.unit,
             kind = excluded.kind, class = excluded.class, price = excluded.price, document = excluded.document,
             source = excluded.source, account = excluded.account, who = excluded.who, created = excluded.created",
        &[
            &region,
            &ask.new_id(),
            &code,
            &level,
            &owner,
            &from.to_string(),
            name,
            unit,
            kind,
            class,
            &price,
            document,
            &source,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    Ok(taken)
}
