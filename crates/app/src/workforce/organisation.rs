//! The institutions staff and teams belong to, as far as they matter here.

use kit::{Ask, Error, Id, Result, Said, Tx, db::Row};

/// An institution of the county.
#[derive(Debug, Clone)]
pub struct Organisation {
    pub id: Id,
    pub region: String,
    pub place: String,
    pub name: String,
}

/// The institution, if it lies in the reader's scope.
///
/// # Errors
/// `Invalid` for `field` where it does not.
pub fn within(tx: &Tx<'_>, ask: &Ask, id: Id, field: &str) -> Result<Organisation> {
    let scope = &ask.who.scope;
    let found = by_id(tx, id)?.filter(|it| scope.holds(&it.region, &it.place, Some(it.id), None));
    found.ok_or_else(|| Error::invalid(field, "请选择您管理范围内的机构"))
}

/// The institution of a county by its name, as a sheet says it.
///
/// # Errors
/// `Invalid` for `field` where none is called so.
pub fn named(tx: &Tx<'_>, region: &str, name: &str, field: &str) -> Result<Organisation> {
    let found = tx.row(
        "select id, region, place, name from organisation where region = $1 and name = $2 order by id limit 1",
        &[&region, &name],
        read,
    )?;
    found.ok_or_else(|| {
        Error::invalid(field, Said::new("本县(区)没有名称为“{value}”的机构,请先新增机构").with("value", name))
    })
}

fn read(row: &Row<'_>) -> Result<Organisation> {
    Ok(Organisation { id: row.get(0)?, region: row.get(1)?, place: row.get(2)?, name: row.get(3)? })
}

pub fn by_id(tx: &Tx<'_>, id: Id) -> Result<Option<Organisation>> {
    tx.row("select id, region, place, name from organisation where id = $1", &[&id], read)
}

/// The name of an institution; its number where it is gone.
pub fn name(tx: &Tx<'_>, id: Id) -> Result<String> {
    Ok(by_id(tx, id)?.map_or_else(|| id.to_string(), |it| it.name))
}

/// The institutions of the reader's scope for a form: (id, name).
pub fn options(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<(String, String)>> {
    let columns = kit::place::ScopeColumns {
        region: "o.region",
        street: None,
        place: "o.place",
        organisation: Some("o.id"),
        person: None,
    };
    let mut values = Vec::new();
    let condition = ask.who.scope.sql(&columns, &mut values);
    let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
    let sql = format!(
        "select o.id, o.name from organisation o
          where {condition} and o.kind not in ('authority', 'insurer', 'hotline') order by o.name, o.id limit 2000"
    );
    tx.rows(&sql, &values, |row| Ok((row.get::<Id>(0)?.to_string(), row.get(1)?)))
}

/// All institutions of a county: whoever works here may also practise at one the reader does not manage.
pub fn of_county(tx: &Tx<'_>, region: &str) -> Result<Vec<(String, String)>> {
    tx.rows(
        "select id, name from organisation where region = $1 and kind not in ('authority', 'insurer', 'hotline')
          order by name, id limit 2000",
        &[&region],
        |row| Ok((row.get::<Id>(0)?.to_string(), row.get(1)?)),
    )
}
