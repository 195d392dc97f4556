//! The register as charts: how old people are, where they live, which groups they belong to.

use kit::{
    Ask, Id, Result, Tx,
    db::Bind,
    module::Beside,
    page::{Chart, Series, chart, icon},
    table::{Value, grouped},
};
use maud::{Markup, html};
use rules::base::Date;
use serde_json::json;

use super::{counts, elder, list, words};

/// Elders that the workbench of a family shows.
const MOST_MINE: usize = 10;

/// The ages at which a band of the age chart begins.
const BANDS: [u8; 7] = [60, 65, 70, 75, 80, 85, 90];

/// Where the elders live and how old they are, for those who read the register.
pub fn workbench(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Markup>> {
    if ask.who.scope.persons.is_some() {
        return Ok(vec![mine(tx, ask)?]);
    }
    if !ask.may(super::READ) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    all.extend(by_place(tx, ask)?);
    all.extend(by_age(tx, ask)?);
    Ok(all)
}

/// The elders whom a family looks after, each with what the modules have to offer.
fn mine(tx: &Tx<'_>, ask: &Ask) -> Result<Markup> {
    let page = list::ELDERS.page(tx, ask, MOST_MINE)?;
    let mut all = Vec::new();
    for cells in &page.rows {
        let row = kit::table::Row { list: &list::ELDERS, cells };
        let (Value::Text(region), Value::Int(id)) = (row.get("region"), row.get("id")) else { continue };
        let birth = elder::Birth::parse(&row.get("birth").text());
        let age = birth.map_or(0, |it| it.day.age_on(ask.today()));
        let sex = ask.t(words::title(words::SEXES, &row.get("sex").text())).to_string();
        let place = ask.app.places.tree().words(&row.get("place").text());
        let line = ask.f("{sex},{age} 岁 · {place}", &[("sex", &sex), ("age", &age), ("place", &place)]);
        all.push((row.get("shown_name").text(), line, beside(tx, ask, region, Id(*id))?));
    }
    Ok(html! {
        h2 { (ask.t("我的老人")) }
        @if all.is_empty() { p.muted { (ask.t("还没有可以查看的老人,请系统管理员核实亲属关系后开通。")) } }
        @for (name, line, offers) in &all {
            div.gap-top {
                p { span.strong { (name) } " " span.muted { (line) } }
                @for it in offers {
                    @if let Beside::Fact { title, text, note, link } = it {
                        p { (title) " " a.strong href=(link) { (text) } @if !note.is_empty() { " " small.muted { (note) } } }
                    }
                }
                div.actions { @for it in offers {
                    @if let Beside::Action { title, icon: sign, link } = it { a.btn href=(link) { (icon(sign)) (title) } }
                } }
            }
        }
    })
}

/// What all modules have to offer for a person.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    beside_of(tx, ask, region, person, |_| true)
}

/// What some modules, by their names, have to offer for a person.
pub fn beside_of(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    person: Id,
    is_asked: impl Fn(&str) -> bool,
) -> Result<Vec<Beside>> {
    let mut all = Vec::new();
    for beside in ask.app.modules.iter().filter(|it| is_asked(it.name)).filter_map(|it| it.beside) {
        all.extend(beside(tx, ask, region, person)?);
    }
    Ok(all)
}

/// Elders in each street of a county, or on the map in each county of a city; nothing where there is only one.
fn by_place(tx: &Tx<'_>, ask: &Ask) -> Result<Option<Markup>> {
    if counts::total(tx, &ask.who.scope, "all")?.is_none() {
        return Ok(None);
    }
    let of_counties = 1 < ask.who.scope.counties.len();
    let mut places: Vec<(String, i64)> = Vec::new();
    for (region, street, n) in counts::by_street(tx, &ask.who.scope, "all")? {
        let place = if of_counties || street.len() != 9 { region } else { street };
        match places.iter_mut().find(|it| it.0 == place) {
            Some(known) => known.1 += n,
            None => places.push((place, n)),
        }
    }
    places.sort_by_key(|it| std::cmp::Reverse(it.1));
    if places.len() < 2 {
        return Ok(None);
    }
    if of_counties {
        return Ok(Some(map(ask, &places)));
    }
    let tree = ask.app.places.tree();
    let x = places.iter().map(|it| tree.name(&it.0).to_string()).collect();
    let numbers: Vec<i64> = places.iter().map(|it| it.1).collect();
    Ok(Some(bars(ask, "bar across", ask.t("各地在册老人"), x, &numbers)))
}

/// Counties by their elders, and the same as a ranking.
fn map(ask: &Ask, places: &[(String, i64)]) -> Markup {
    let tree = ask.app.places.tree();
    let (title, unit) = (ask.t("各地在册老人"), ask.t("人"));
    let link = |code: &str| format!("/elders?place={code}");
    let text = |n: i64| format!("{} {unit}", grouped(n));
    let values: Vec<_> = places
        .iter()
        .map(|(code, n)| json!({"code": code, "name": tree.name(code), "value": n, "text": text(*n), "href": link(code)}))
        .collect();
    let most = places.first().map_or(1, |it| it.1.max(1));
    html! {
        h2 { (title) }
        div.map-pair {
            div.map.js-map role="region" aria-label=(title) data-title=(title) data-unit=(unit)
                data-borders=(format!("/borders/{}", ask.who.scope.place)) data-values=(json!(values)) {}
            ol.ranking { @for (code, n) in places { li {
                a href=(link(code)) { (tree.name(code)) }
                meter min="0" max=(most) value=(n) { (n) }
                span.num { (text(*n)) }
            } } }
        }
    }
}

/// How many elders are of which age; nothing where there is nobody.
pub fn by_age(tx: &Tx<'_>, ask: &Ask) -> Result<Option<Markup>> {
    // Those who have reached each age, from 0 on.
    let reached = if ask.who.scope.is_of_whole_counties() { kept(tx, ask)? } else { counted(tx, ask)? };
    if reached[0] == 0 {
        return Ok(None);
    }
    let numbers: Vec<i64> = (0..reached.len()).map(|at| reached[at] - reached.get(at + 1).unwrap_or(&0)).collect();
    let mut names = vec![ask.f("{age} 岁以下", &[("age", &BANDS[0])])];
    names.extend(BANDS.windows(2).map(|it| format!("{}–{}", it[0], it[1] - 1)));
    names.push(ask.f("{age} 岁及以上", &[("age", &BANDS[BANDS.len() - 1])]));
    Ok(Some(bars(ask, "bar", ask.t("年龄结构"), names, &numbers)))
}

fn latest_births(ask: &Ask) -> impl Iterator<Item = Date> {
    BANDS.iter().map(|age| ask.today().add_years(-i32::from(*age)))
}

/// How many have reached each age, from what is kept of whole counties.
fn kept(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<i64>> {
    let mut reached = vec![counts::total(tx, &ask.who.scope, "all")?.unwrap_or(0)];
    for born in latest_births(ask) {
        reached.push(counts::born_until(tx, &ask.who.scope.counties, born)?);
    }
    Ok(reached)
}

/// As [`kept`], of a street or an institution one by one.
fn counted(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<i64>> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let condition = ask.who.scope.sql(&list::SCOPE, &mut values);
    let mut sums = vec!["count(*)".to_string()];
    for born in latest_births(ask) {
        values.push(Box::new(born.to_string()));
        sums.push(format!(
            "cast(coalesce(sum(case when e.birth <= ${} then 1 else 0 end), 0) as bigint)",
            values.len()
        ));
    }
    let values: Vec<&dyn Bind> = values.iter().map(|it| &**it as &dyn Bind).collect();
    let sql = format!("select {} from elder e where e.state = 'living' and {condition}", sums.join(", "));
    tx.one(&sql, &values, |row| (0..=BANDS.len()).map(|at| row.get(at)).collect())
}

/// The totals of the ledgers side by side.
pub fn by_group(ask: &Ask, numbers: &[i64]) -> Markup {
    let names = words::GROUPS.iter().map(|it| ask.t(it.1).to_string()).collect();
    bars(ask, "bar across", ask.t("各类人群"), names, numbers)
}

fn bars(ask: &Ask, kind: &'static str, title: &str, x: Vec<String>, numbers: &[i64]) -> Markup {
    #[allow(clippy::cast_precision_loss, reason = "people of a city are few enough to be exact")]
    let data = numbers.iter().map(|it| Some(*it as f64)).collect();
    let series = vec![Series { name: ask.t("在册老人").to_string(), data }];
    chart(ask, &Chart { kind, title, unit: ask.t("人"), x, series })
}
