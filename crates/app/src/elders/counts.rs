//! How many living elders there are, kept in the transaction of every change and compared each night.

use kit::{
    Ask, Result, Scope, Tx,
    db::{Bind, Put},
    place::ScopeColumns,
};
use rules::base::Date;

/// Adds `by` to one number.
pub fn add(to: &impl Put, region: &str, street: &str, facet: &str, by: i64) -> Result<()> {
    to.put(
        "insert into elder_count (region, street, facet, n) values ($1, $2, $3, $4)
         on conflict (region, street, facet) do update set n = elder_count.n + excluded.n",
        &[&region, &street, &facet, &by],
    )
}

/// A living elder more, or with -1 less.
pub fn living(tx: &Tx<'_>, region: &str, street: &str, sex: &str, birth: Date, by: i64) -> Result<()> {
    add(tx, region, street, "all", by)?;
    add(tx, region, street, &format!("sex:{sex}"), by)?;
    add(tx, region, region, &born(birth), by)
}

/// Those born in a month, kept for a county.
pub fn born(birth: Date) -> String {
    format!("born:{}", &birth.to_string()[..7])
}

/// How many of whole counties were born on a day or before it: by month, and of its month one by one.
pub fn born_until(tx: &Tx<'_>, counties: &[String], day: Date) -> Result<i64> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let regions: Vec<String> = counties
        .iter()
        .map(|it| {
            values.push(Box::new(it.clone()));
            format!("${}", values.len())
        })
        .collect();
    let regions = if regions.is_empty() { "null".to_string() } else { regions.join(", ") };
    let n = values.len();
    let first = format!("{}-01", &day.to_string()[..7]);
    values.push(Box::new(born(day)));
    values.push(Box::new(first));
    values.push(Box::new(day.to_string()));
    let sql = format!(
        "select cast(
                coalesce((select sum(c.n) from elder_count c
                           where c.region in ({regions}) and c.street = c.region
                             and c.facet >= 'born:' and c.facet < ${}), 0)
              + (select count(*) from elder e
                  where e.region in ({regions}) and e.state = 'living' and e.birth >= ${} and e.birth <= ${}) as bigint)",
        n + 1,
        n + 2,
        n + 3
    );
    let values: Vec<&dyn Bind> = values.iter().map(|it| &**it as &dyn Bind).collect();
    tx.count(&sql, &values)
}

/// The number of a facet in a scope; `None` where the scope is finer than what is kept.
pub fn total(tx: &Tx<'_>, scope: &Scope, facet: &str) -> Result<Option<i64>> {
    if scope.organisation.is_some() || scope.persons.is_some() || 9 < scope.under.len() {
        return Ok(None);
    }
    let columns =
        ScopeColumns { region: "region", street: Some("street"), place: "street", organisation: None, person: None };
    let mut values = Vec::new();
    let condition = scope.sql(&columns, &mut values);
    values.push(Box::new(facet.to_string()));
    let sql = format!(
        "select cast(coalesce(sum(n), 0) as bigint) from elder_count where {condition} and facet = ${}",
        values.len()
    );
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(&sql, &values).map(Some)
}

/// (street, number) of a facet over all streets of a scope.
pub fn by_street(tx: &Tx<'_>, scope: &Scope, facet: &str) -> Result<Vec<(String, String, i64)>> {
    let columns =
        ScopeColumns { region: "region", street: Some("street"), place: "street", organisation: None, person: None };
    let mut values = Vec::new();
    let condition = scope.sql(&columns, &mut values);
    values.push(Box::new(facet.to_string()));
    let sql = format!(
        "select region, street, n from elder_count where {condition} and facet = ${} and n <> 0 order by region, street",
        values.len()
    );
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.rows(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

const RECOUNT: &str = "
    select street, 'all' as facet, count(*) as n from elder where region = $1 and state = 'living' group by street
    union all
    select street, 'sex:' || sex, count(*) from elder where region = $1 and state = 'living' group by street, sex
    union all
    select region, 'born:' || substr(birth, 1, 7), count(*) from elder
     where region = $1 and state = 'living' group by region, substr(birth, 1, 7)
    union all
    select e.street, 'group:' || g.kind, count(*)
      from elder_group g join elder e on e.region = g.region and e.id = g.elder
     where g.region = $1 and g.until_day is null and e.state = 'living'
     group by e.street, g.kind";

/// Counts a county anew and gives in words each number that differs from the one kept; the kept one is put right.
pub fn recount(tx: &Tx<'_>, region: &str) -> Result<Vec<String>> {
    let wrong = tx.rows(
        &format!(
            "select coalesce(a.street, b.street), coalesce(a.facet, b.facet), coalesce(a.n, 0), coalesce(b.n, 0)
               from ({RECOUNT}) a
               full outer join (select street, facet, n from elder_count where region = $1) b
                 on b.street = a.street and b.facet = a.facet
              where coalesce(a.n, 0) <> coalesce(b.n, 0)
              order by 1, 2"
        ),
        &[&region],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?, row.get::<i64>(3)?)),
    )?;
    let mut words = Vec::new();
    for (street, facet, counted, kept) in wrong {
        add(tx, region, &street, &facet, counted - kept)?;
        words.push(format!("{street} {facet}: 记为 / kept {kept}, 实为 / counted {counted}"));
    }
    Ok(words)
}

/// The total of a filtered list of elders where one number that is kept says it.
pub fn of_list(tx: &Tx<'_>, _: &Ask, picked: &kit::table::Picked) -> Result<Option<i64>> {
    let facet = match &*picked.filters {
        [] => "all".to_string(),
        [("sex", sex)] => format!("sex:{sex}"),
        [("group", group)] => format!("group:{group}"),
        _ => return Ok(None),
    };
    total(tx, &picked.scope, &facet)
}
