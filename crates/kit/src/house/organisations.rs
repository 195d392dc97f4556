//! Organisations: where accounts work and elders live; what they are licensed for is another module's.

use axum::extract::Path;
use maud::html;

use super::{options_of_places, region_of};
use crate::{
    Ask, Error, Id, Result, Tx, audit,
    error::FieldError,
    form::{self, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs, icon},
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Row, Show, Value, column},
};

/// (word, title).
pub const KINDS: &[(&str, &str)] = &[
    ("community_health_centre", "社区卫生服务中心"),
    ("township_health_centre", "乡镇卫生院"),
    ("community_hospital", "社区医院"),
    ("county_subcentre", "县域医疗次中心"),
    ("hospital", "综合医院、专科医院"),
    ("tcm_hospital", "中医医院"),
    ("nursing_home", "护理院(中心)"),
    ("rehabilitation", "康复医院(中心)"),
    ("hospice", "安宁疗护中心"),
    ("health_station", "社区卫生服务站"),
    ("village_clinic", "村卫生室"),
    ("clinic", "诊所、门诊部"),
    ("elderly_home", "养老机构"),
    ("care_centre", "社区(乡镇)医养结合中心"),
    ("regional_centre", "区域养老服务中心"),
    ("day_care", "日间照料中心"),
    ("station", "社区养老服务站"),
    ("mutual_house", "农村互助养老院(幸福院)"),
    ("home_care", "上门服务机构"),
    ("assessment", "评估机构"),
    ("insurer", "经办机构"),
    ("hotline", "12349 服务平台"),
    ("authority", "主管部门"),
    ("other", "其他"),
];

const SCOPE: ScopeColumns =
    ScopeColumns { region: "o.region", street: None, place: "o.place", organisation: Some("o.id"), person: None };

pub static LIST: List = List {
    name: "organisations",
    title: "机构名录",
    path: "/organisations",
    from: "organisation o",
    always: "1 = 1",
    key: "o.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: &[
        Filter { key: "q", title: "名称", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" },
        Filter { key: "kind", title: "类别", kind: FilterKind::Choice(KINDS), sql: "o.kind = $?" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "name",
    unit: "家",
    link,
    total: None,
    empty: ("没有符合条件的机构", "换一个条件,或新增机构。"),
};

const COLUMNS: &[Column] = &[
    column("name", "名称", "o.name", Show::Text).sorts(),
    column("kind", "类别", "o.kind", Show::As(kind)).sorts(),
    column("place", "所在地", "o.place", Show::Place).sorts(),
    column("id", "编号", "o.id", Show::Text).exported(),
];

fn kind(ask: &Ask, cell: &Value) -> String {
    let word = cell.text();
    KINDS.iter().find(|it| it.0 == word).map_or(word.clone(), |it| ask.t(it.1).to_string())
}

fn link(row: &Row<'_>) -> Option<String> {
    Some(format!("/organisations/{}", row.get("id").text()))
}

pub const FORM: &[Field] = &[
    field("name", "名称", Kind::Text(80)).required().help("与登记证书一致。"),
    field("kind", "类别", Kind::Choice(KINDS)).required(),
    field("place", "所在地", Kind::Pick).required(),
];

pub async fn list(ask: Ask) -> Result<Page> {
    let onward = ask.app.modules.iter().flat_map(|it| it.onward).filter(|it| it.0 == LIST.path && ask.may(it.1.perm));
    let actions = html! {
        @for (_, it) in onward { a.btn href=(it.path) { (icon(it.icon)) (ask.t(it.title)) } }
        a.btn.btn-primary href="/organisations/new" { (icon("plus-lg")) (ask.t("新增机构")) }
    };
    LIST.answer(&ask, Head::new(ask.t("机构名录")).actions(actions)).await
}

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("place", ask.param("place").unwrap_or(&ask.who.scope.place));
    Ok(show(&ask, None, &input, &[]))
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    match save(&ask, None, &input).await {
        Ok(_) => Ok(ask.go("/organisations", ask.t("已新增机构"))),
        Err(Error::Invalid(errors)) => Ok(show(&ask, None, &input, &errors)),
        Err(other) => Err(other),
    }
}

pub async fn edit(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let (_, place, name, kind) = ask.read(move |tx, ask| find(tx, ask, id)).await?;
    let mut input = Input::default();
    input.set("name", name);
    input.set("kind", kind);
    input.set("place", place);
    Ok(show(&ask, Some(id), &input, &[]))
}

pub async fn change(ask: Ask, Path(id): Path<Id>, input: Input) -> Result<Page> {
    match save(&ask, Some(id), &input).await {
        Ok(_) => Ok(ask.go("/organisations", ask.t("已保存"))),
        Err(Error::Invalid(errors)) => Ok(show(&ask, Some(id), &input, &errors)),
        Err(other) => Err(other),
    }
}

/// Region, place, name and kind of an organisation in the reader's scope.
fn find(tx: &Tx<'_>, ask: &Ask, id: Id) -> Result<(String, String, String, String)> {
    let found: (String, String, String, String) =
        tx.one("select region, place, name, kind from organisation where id = $1", &[&id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    if ask.who.scope.holds(&found.0, &found.1, Some(id), None) { Ok(found) } else { Err(Error::NotFound) }
}

/// Adds an organisation, or changes one; gives its id.
pub async fn save(ask: &Ask, id: Option<Id>, input: &Input) -> Result<Id> {
    let checked = form::check(FORM, input, &options(ask, input))?;
    let (name, kind, place) = (checked.text("name"), checked.text("kind"), checked.text("place"));
    let tree = ask.app.places.tree();
    let county = tree.county_of(&place).map(|it| it.code.clone());
    let Some(county) = county.filter(|_| ask.who.scope.covers(&tree, &place)) else {
        return Err(Error::invalid("place", "请选择您管理范围内的县(区)或其下的地区"));
    };
    ask.write(move |tx, ask| {
        let twin = tx.count(
            "select count(*) from organisation where region = $1 and name = $2 and id <> $3",
            &[&county, &name, &id.unwrap_or(Id(0))],
        )?;
        if 0 < twin {
            return Err(Error::invalid("name", "本县(区)已有同名机构,请核对"));
        }
        let (id, action) = match id {
            Some(id) => {
                let (region, ..) = find(tx, ask, id)?;
                if region != county {
                    // Rows of a person never change their region, and an organisation's people stand in its own.
                    return Err(Error::invalid("place", "机构不能移到另一个县(区),请在那里新增"));
                }
                tx.run(
                    "update organisation set name = $3, kind = $4, place = $5 where region = $1 and id = $2",
                    &[&county, &id, &name, &kind, &place],
                )?;
                (id, "change")
            }
            None => {
                let id = ask.new_id();
                tx.run(
                    "insert into organisation (region, id, place, name, kind) values ($1, $2, $3, $4, $5)",
                    &[&county, &id, &place, &name, &kind],
                )?;
                (id, "create")
            }
        };
        let entry = audit::Entry {
            action,
            subject: "organisation",
            subject_id: Some(id),
            region: &region_of(ask, &place),
            place: &place,
            detail: &name,
        };
        ask.note(tx, &entry)?;
        Ok(id)
    })
    .await
}

fn options(ask: &Ask, input: &Input) -> Options {
    Options::from([("place", options_of_places(ask, input.get("place")))])
}

fn show(ask: &Ask, id: Option<Id>, input: &Input, errors: &[FieldError]) -> Page {
    let title = ask.t(if id.is_some() { "修改机构" } else { "新增机构" });
    let action = id.map_or("/organisations/new".to_string(), |it| format!("/organisations/{it}"));
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action=(action) data-guard {
                (csrf(ask))
                (form::fields(ask, FORM, input, &options(ask, input), errors))
                div.form-foot { button.btn.btn-primary { (ask.t("保存")) } a.btn.btn-ghost href="/organisations" { (ask.t("取消")) } }
            }
        } }
    };
    let way = crumbs(ask, &[("/organisations", ask.t("机构名录")), ("", title)]);
    super::form_page(ask, Head::new(title).crumbs(way), content, errors)
}
