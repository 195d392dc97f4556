//! What institutions put on the workbench, into the search, and into lists of things counted.

use kit::{
    Ask, Id, Result, Tx,
    db::Bind,
    module::{Due, Found, Named, Urgency},
    table,
};

use super::{WRITE, institution::SCOPE, list, marks::INSTITUTION, words};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if !ask.may(WRITE) {
        return Ok(all);
    }
    let count = |condition: &str, values_after: &[String]| -> Result<i64> {
        let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
        let scope = ask.who.scope.sql(&SCOPE, &mut values);
        let first = values.len() + 1;
        for it in values_after {
            values.push(Box::new(it.clone()));
        }
        let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
        let condition = condition.replace("$day", &format!("${first}"));
        tx.count(
            &format!(
                "select count(*) from organisation o left join institution i on i.region = o.region and i.id = o.id
                  where {scope} and {condition}"
            ),
            &values,
        )
    };
    let today = [ask.today().to_string()];
    let (expired, soon, bare) = (
        count("i.closed is null and i.licence_end < $day", &today)?,
        count("i.closed is null and i.licence_warned <= $day and i.licence_end >= $day", &today)?,
        count("i.id is null and o.kind not in ('assessment', 'insurer', 'hotline', 'authority')", &[])?,
    );
    let papers = "file-earmark-text";
    for (urgency, said, state, icon, n) in [
        (Urgency::Late, ["机构证照已过期", "换证或注销"], "expired", papers, expired),
        (Urgency::Soon, ["机构证照将到期", "按政策库“机构”规定的天数提醒"], "soon", papers, soon),
        (Urgency::Soon, ["机构信息待补充", "只有名称的机构不计入统计"], "unknown", "hospital", bare),
    ] {
        all.extend(Due::counted(ask, urgency, said, format!("/institutions?licences={state}"), icon, n));
    }
    Ok(all)
}

pub fn search(tx: &Tx<'_>, ask: &Ask, wanted: &str) -> Result<Vec<Found>> {
    if !ask.may(super::READ) {
        return Ok(Vec::new());
    }
    let tree = ask.app.places.tree();
    table::found(&list::INSTITUTIONS, tx, ask, wanted, 10, |row| {
        let kind = ask.t(words::title(words::KINDS, &row.get("kind").text())).to_string();
        Found {
            group: "医养机构",
            title: row.get("shown_name").text(),
            note: format!("{kind} · {}", tree.words(&row.get("place").text())),
            link: (list::INSTITUTIONS.link)(row).unwrap_or_default(),
        }
    })
}

/// The names of institutions in a list of things counted; names of institutions are public.
pub fn named(tx: &Tx<'_>, ask: &Ask, kind: &str, region: &str, ids: &[Id]) -> Result<Vec<Named>> {
    if kind != INSTITUTION || !ask.may(super::READ) || ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Box<dyn Bind + Send>> = vec![Box::new(region.to_string())];
    let ids = table::bound(&mut values, ids);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let tree = ask.app.places.tree();
    let sql = format!(
        "select id, name, kind, place, region from organisation where region = $1 and id in ({ids}) order by id"
    );
    tx.rows(&sql, &values, |row| {
        let (kind, place, region): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let id: Id = row.get(0)?;
        Ok(Named {
            id,
            title: row.get(1)?,
            note: ask.t(words::title(words::KINDS, &kind)).to_string(),
            place: tree.words(&place),
            link: format!("/institutions/{region}-{id}"),
        })
    })
}
