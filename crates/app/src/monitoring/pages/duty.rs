//! Centres and their duty rosters: the week, the days that differ, and what is missing in the days ahead.

use axum::{extract::Path, response::Response};
use kit::{
    Ask, Error, Id, Result, Said, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, badge, crumbs, download, empty, icon},
    sheet::{self, ExportColumn, Exporter, Value},
};
use maud::{Markup, html};
use rules::{
    alarm::{Gap, Lack, Rota, Shift},
    base::Date,
};

use crate::{
    elders::Key,
    monitoring::{
        DUTY,
        duty::{self, Centre, OfDay},
        words,
    },
    visits::clock,
    workforce::{self, Staff},
};

pub const CENTRE: &[Field] = &[
    field("organisation", "机构", Kind::Pick).required(),
    field("place", "负责地区", Kind::Pick).required().help("这个地区和它下面没有自己处置中心的地方。"),
    field("begins", "班次开始", Kind::Text(60)).required().help("用空格隔开,如 08:00 20:00;每班到下一班开始为止。"),
    field("ranks", "顺位数", Kind::Int { min: 1, max: 5 }).required().help("同一班里依次找几个人。"),
];
const COPY: &[Field] = &[
    field("from", "从哪一周", Kind::Date).required().help("那一周的任何一天。"),
    field("to", "到哪一周", Kind::Date).required(),
];

pub async fn index(ask: Ask) -> Result<Page> {
    let (centres, organisations) = ask
        .read(|tx, ask| {
            let mut all = Vec::new();
            for it in duty::centres(tx, &ask.who.scope)? {
                let gaps = duty::gaps(tx, ask, &it)?.len();
                let now = duty::on_duty(tx, &it.key.region, it.key.id, ask.now)?;
                all.push((it, gaps, now));
            }
            Ok((all, workforce::organisations_of(tx, ask)?))
        })
        .await?;
    let tree = ask.app.places.tree();
    let mut input = Input::default();
    input.set("begins", "08:00 20:00");
    input.set("ranks", "2");
    let options = Options::from([("organisation", organisations), ("place", super::new::places(&ask))]);
    let content = html! {
        @if centres.is_empty() { (empty(ask.t("还没有处置中心"), ask.t("先定由哪家机构处置哪个地区的报警,再排值班。"), html! {})) }
        @else { section.card { div.tablewrap { table.list {
            thead { tr { @for head in ["机构", "负责地区", "现在值班", "近期空档"] { th scope="col" { (ask.t(head)) } } } }
            tbody { @for (it, gaps, now) in &centres { tr {
                td data-label=(ask.t("机构")) { a.row-link href=(it.link()) { (it.name) } }
                td data-label=(ask.t("负责地区")) { (tree.words(&it.place)) }
                td data-label=(ask.t("现在值班")) { @if now.is_empty() { (badge(Badge::Bad, ask.t("没有人"))) } @for (rank, staff) in now { (rank) " " (staff.name) " " } }
                td data-label=(ask.t("近期空档")) { @if *gaps == 0 { (badge(Badge::Ok, ask.t("没有"))) } @else { (badge(Badge::Warn, &ask.f("{n} 处", &[("n", gaps)]))) } }
            } } }
        } } } }
        @if ask.may(DUTY) {
            details.card.gap-top open[centres.is_empty()] { summary.card-head { (ask.t("增加处置中心")) } div.card-body {
                form.form method="post" action="/monitoring/duty" { (csrf(&ask))
                    (kit_form::fields(&ask, CENTRE, &input, &options, &[]))
                    div.form-foot { button.btn.btn-primary { (ask.t("保存")) } }
                }
            } }
        }
    };
    let title = ask.t("值班表");
    let way = crumbs(&ask, &[("/monitoring", ask.t("报警处置")), ("", title)]);
    Ok(ask.page(Head::new(title).crumbs(way), content))
}

pub async fn set_centre(ask: Ask, input: Input) -> Result<Page> {
    let key = ask
        .write(move |tx, ask| {
            let options = Options::from([
                ("place", super::new::places(ask)),
                ("organisation", workforce::organisations_of(tx, ask)?),
            ]);
            let said = kit_form::check(CENTRE, &input, &options)?;
            let place = said.text("place");
            let tree = ask.app.places.tree();
            let region = tree.county_of(&place).map(|it| it.code.clone()).ok_or(Error::NotFound)?;
            let id = said.id("organisation").ok_or_else(|| Error::invalid("organisation", "请选择机构"))?;
            let key = Key { region, id };
            let ranks = said.int("ranks").and_then(|it| u8::try_from(it).ok()).unwrap_or(1);
            duty::set_centre(tx, ask, &key, &place, &minutes(&said.text("begins"))?, ranks)?;
            Ok(key)
        })
        .await?;
    Ok(ask.go(&format!("/monitoring/duty/{key}"), ask.t("处置中心已保存")))
}

/// `08:00 20:00` as minutes, in order and each once.
fn minutes(text: &str) -> Result<Vec<u16>> {
    let wrong = |it: &str| Error::invalid("begins", Said::new("“{value}”不是时间,请写作 08:00").with("value", it));
    let mut all = Vec::new();
    for it in text.split_whitespace() {
        let (hour, minute) = it.split_once([':', ':']).ok_or_else(|| wrong(it))?;
        let hour: u16 = hour.parse().map_err(|_| wrong(it))?;
        let minute: u16 = minute.parse().map_err(|_| wrong(it))?;
        if 23 < hour || 59 < minute {
            return Err(wrong(it));
        }
        all.push(hour * 60 + minute);
    }
    all.sort_unstable();
    all.dedup();
    if all.is_empty() || 6 < all.len() { Err(wrong(text)) } else { Ok(all) }
}

struct Shown {
    centre: Centre,
    rota: Rota,
    gaps: Vec<Gap>,
    staff: Vec<Staff>,
    monday: Date,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let centre = duty::find(tx, &ask.who.scope, key)?;
    let monday = match ask.param("week") {
        Some(text) => text.parse::<Date>().map_err(|_| Error::invalid("week", "日期请写作 2026-01-31"))?.monday(),
        None => ask.today().monday(),
    };
    let rota = duty::rota(tx, &centre, monday, monday.add_days(7))?;
    let gaps = duty::gaps(tx, ask, &centre)?;
    let mut staff = workforce::staff_at(tx, &key.region, key.id)?;
    // Who stands in the roster from elsewhere can go on standing there.
    let named = rota
        .week
        .iter()
        .map(|it| it.who)
        .chain(rota.dated.iter().filter_map(|it| it.who))
        .chain(gaps.iter().filter_map(|it| it.who));
    for who in named.collect::<std::collections::BTreeSet<_>>() {
        if staff.iter().all(|it| it.key.id != Id(who)) {
            staff.push(workforce::staff_by_key(tx, &Key { region: key.region.clone(), id: Id(who) })?);
        }
    }
    Ok(Shown { centre, rota, gaps, staff, monday })
}

impl Shown {
    fn name(&self, who: i64) -> &str {
        self.staff.iter().find(|it| it.key.id == Id(who)).map_or("—", |it| &it.name)
    }
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    let key: Key = key.parse()?;
    let is_sheet = ask.param("format") == Some("xlsx");
    let shown = ask.read(move |tx, ask| load(tx, ask, &key)).await?;
    if is_sheet {
        return sheet_of(&ask, &shown).await;
    }
    let may = ask.may(DUTY);
    let centre = &shown.centre;
    let tree = ask.app.places.tree();
    let content = html! {
        (gaps(&ask, &shown))
        (week(&ask, &shown, may))
        (days(&ask, &shown, may))
        @if may {
            details.card.gap-top { summary.card-head { (ask.t("复制一周")) } div.card-body {
                form.form method="post" action=(format!("{}/copy", centre.link())) { (csrf(&ask))
                    (kit_form::fields(&ask, COPY, &copied(&shown), &Options::new(), &[]))
                    div.form-foot { button.btn { (ask.t("复制")) } }
                }
            } }
            details.card.gap-top { summary.card-head { (ask.t("班次和负责地区")) } div.card-body {
                form.form method="post" action="/monitoring/duty" { (csrf(&ask))
                    (kit_form::fields(&ask, CENTRE, &written(centre), &own(&ask, centre), &[]))
                    p.help { (ask.t("去掉一个班次或顺位,原来排在上面的人一并去掉。")) }
                    div.form-foot { button.btn { (ask.t("保存")) } }
                }
            } }
        }
    };
    let way =
        crumbs(&ask, &[("/monitoring", ask.t("报警处置")), ("/monitoring/duty", ask.t("值班表")), ("", &centre.name)]);
    let actions = html! {
        a.btn.btn-ghost href=(format!("{}?format=xlsx&week={}", centre.link(), shown.monday)) { (icon("download")) (ask.t("导出")) }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    let line = format!("{} · {}", tree.words(&centre.place), centre.begins_said());
    Ok(ask.page(Head::new(&centre.name).line(line).crumbs(way).actions(actions), content))
}

fn written(centre: &Centre) -> Input {
    let mut input = Input::default();
    input.set("organisation", centre.key.id.to_string());
    input.set("place", &*centre.place);
    input.set("begins", centre.begins_said());
    input.set("ranks", centre.ranks.to_string());
    input
}

/// A centre stays the institution that it is, and keeps the place it answers for unless another is chosen.
fn own(ask: &Ask, centre: &Centre) -> Options {
    let own = vec![(centre.key.id.to_string(), centre.name.clone())];
    let mut places = super::new::places(ask);
    if places.iter().all(|it| it.0 != centre.place) {
        places.insert(0, (centre.place.clone(), ask.app.places.tree().words(&centre.place)));
    }
    Options::from([("organisation", own), ("place", places)])
}

fn copied(shown: &Shown) -> Input {
    let mut input = Input::default();
    input.set("from", shown.monday.to_string());
    input.set("to", shown.monday.add_days(7).to_string());
    input
}

fn span(shift: Shift) -> String {
    format!("{}–{}", clock(i64::from(shift.begins)), clock(i64::from(shift.ends % (24 * 60))))
}

fn lack(ask: &Ask, shown: &Shown, it: &Gap) -> String {
    match (it.lack, it.who) {
        (Lack::Away, Some(who)) => ask.f("{name} 不在岗", &[("name", &shown.name(who))]),
        (Lack::Twice, Some(who)) => ask.f("{name} 已在前面的顺位", &[("name", &shown.name(who))]),
        _ => ask.t("没有人").to_string(),
    }
}

/// Gaps shown in a list; more are counted.
const MOST: usize = 40;

fn gaps(ask: &Ask, shown: &Shown) -> Markup {
    if shown.gaps.is_empty() {
        return alert(Badge::Ok, ask.t("近期的值班没有空档"), html! {});
    }
    alert(
        Badge::Warn,
        &ask.f("近期的值班有 {n} 处空档", &[("n", &shown.gaps.len())]),
        html! { ul { @for it in shown.gaps.iter().take(MOST) {
            li { (it.shift.day) " " (weekday(ask, it.shift.day)) " " (span(it.shift)) " " (ask.f("第 {n} 顺位", &[("n", &it.rank)])) " · " (lack(ask, shown, it)) }
        } } },
    )
}

fn weekday(ask: &Ask, day: Date) -> &str {
    let nth = usize::try_from(day.monday().days_until(day)).unwrap_or(0);
    words::WEEKDAYS.get(nth).map_or("", |it| ask.t(it))
}

/// What a select of a slot offers besides the staff, and what is chosen.
fn slot(ask: &Ask, shown: &Shown, name: &str, label: &str, first: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        select name=(name) aria-label=(label) {
            @for (value, title) in first { option value=(value) selected[*value == chosen] { (ask.t(title)) } }
            @for it in &shown.staff { @let id = it.key.id.to_string(); option value=(id) selected[id == chosen] { (it.name) } }
        }
    }
}

fn week(ask: &Ask, shown: &Shown, may: bool) -> Markup {
    let days: Vec<Date> = (0..7).map(|nth| shown.monday.add_days(nth)).collect();
    let of_week = |weekday: usize, begins: u16, rank: u8| {
        let is_it =
            |it: &&rules::alarm::Slot| usize::from(it.weekday) == weekday + 1 && it.begins == begins && it.rank == rank;
        shown.rota.week.iter().find(is_it).map(|it| it.who)
    };
    let rows = html! {
        div.tablewrap { table.plain.roster {
            thead { tr { th scope="col" { (ask.t("班次")) } th scope="col" { (ask.t("顺位")) } @for day in &days { th scope="col" { (weekday(ask, *day)) } } } }
            tbody { @for shift in shown.rota.shifts(shown.monday) { @for rank in 1..=shown.rota.ranks { tr {
                th scope="row" { (span(shift)) } td.num { (rank) }
                @for (nth, day) in days.iter().enumerate() {
                    @let who = of_week(nth, shift.begins, rank);
                    td data-label=(weekday(ask, *day)) {
                        @if may {
                            @let label = format!("{} {} {rank}", weekday(ask, *day), span(shift));
                            (slot(ask, shown, &format!("w-{}-{}-{rank}", nth + 1, shift.begins), &label, &[("", "没有人")], &who.map(|it| it.to_string()).unwrap_or_default()))
                        } @else { (who.map_or("—", |it| shown.name(it))) }
                    }
                }
            } } } }
        } }
    };
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.t("每周")) } } div.card-body {
            @if may { form.form.form-wide method="post" action=(format!("{}/week", shown.centre.link())) { (csrf(ask)) (rows)
                div.form-foot { button.btn.btn-primary { (ask.t("保存每周值班")) } } } }
            @else { (rows) }
        } }
    }
}

fn days(ask: &Ask, shown: &Shown, may: bool) -> Markup {
    let days: Vec<Date> = (0..7).map(|nth| shown.monday.add_days(nth)).collect();
    let link = |day: Date| format!("{}?week={day}", shown.centre.link());
    let rows = html! {
        div.tablewrap { table.plain.roster {
            thead { tr { th scope="col" { (ask.t("班次")) } th scope="col" { (ask.t("顺位")) } @for day in &days { th scope="col" { (weekday(ask, *day)) " " (day.to_string().get(5..).unwrap_or_default()) } } } }
            tbody { @for shift in shown.rota.shifts(shown.monday) { @for rank in 1..=shown.rota.ranks { tr {
                th scope="row" { (span(shift)) } td.num { (rank) }
                @for day in &days {
                    @let of_day = Shift { day: *day, ..shift };
                    @let who = shown.rota.written(of_day, rank);
                    @let is_dated = shown.rota.is_dated(of_day, rank);
                    td.roster-apart[is_dated] data-label=(format!("{} {day}", weekday(ask, *day))) {
                        @if may && ask.today() <= *day {
                            @let label = format!("{day} {} {rank}", span(shift));
                            @let chosen = match (is_dated, who) { (false, _) => String::new(), (true, None) => "0".into(), (true, Some(it)) => it.to_string() };
                            (slot(ask, shown, &format!("d-{day}-{}-{rank}", shift.begins), &label, &[("", "照每周"), ("0", "没有人")], &chosen))
                            small.muted { (who.map_or("—", |it| shown.name(it))) }
                        } @else { (who.map_or("—", |it| shown.name(it))) }
                    }
                }
            } } } }
        } }
    };
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.f("{day} 那一周", &[("day", &shown.monday)])) }
            div.actions { a.btn.btn-sm href=(link(shown.monday.add_days(-7))) { (icon("chevron-left")) (ask.t("上一周")) } a.btn.btn-sm href=(link(shown.monday.add_days(7))) { (ask.t("下一周")) (icon("chevron-right")) } } }
            div.card-body {
            @if may { form.form.form-wide method="post" action=(format!("{}/days?week={}", shown.centre.link(), shown.monday)) { (csrf(ask)) (rows)
                div.form-foot { button.btn { (ask.t("保存这一周")) } } } }
            @else { (rows) }
        } }
    }
}

/// Whoever is put into the roster works in the county.
fn chosen(tx: &Tx<'_>, centre: &Centre, id: Id) -> Result<Id> {
    match workforce::staff_by_key(tx, &Key { region: centre.key.region.clone(), id }) {
        Ok(it) if it.is_active() => Ok(id),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid("staff", "请选择在岗人员")),
        Err(other) => Err(other),
    }
}

pub async fn set_week(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/monitoring/duty/{key}");
    ask.write(move |tx, ask| {
        let centre = duty::find(tx, &ask.who.scope, &key)?;
        let mut slots = Vec::new();
        for weekday in 1..=7_u8 {
            for begins in &centre.begins {
                for rank in 1..=centre.ranks {
                    let name = format!("w-{weekday}-{begins}-{rank}");
                    if input.names().all(|it| it != name) {
                        continue;
                    }
                    let staff = match input.get(&name) {
                        "" => None,
                        text => {
                            let id = text.parse().map_err(|_| Error::invalid("staff", "请选择在岗人员"))?;
                            Some(chosen(tx, &centre, id)?)
                        }
                    };
                    slots.push((weekday, *begins, rank, staff));
                }
            }
        }
        duty::set_week(tx, ask, &centre, &slots)
    })
    .await?;
    Ok(ask.go(&link, ask.t("每周值班已保存")))
}

pub async fn set_days(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let week = ask.param("week").unwrap_or_default().to_string();
    let link = format!("/monitoring/duty/{key}?week={}", kit_form::encoded(&week));
    ask.write(move |tx, ask| {
        let centre = duty::find(tx, &ask.who.scope, &key)?;
        let monday = week.parse::<Date>().map_err(|_| Error::invalid("week", "日期请写作 2026-01-31"))?.monday();
        let mut slots = Vec::new();
        for nth in 0..7 {
            let day = monday.add_days(nth);
            for begins in &centre.begins {
                for rank in 1..=centre.ranks {
                    let name = format!("d-{day}-{begins}-{rank}");
                    if day < ask.today() || input.names().all(|it| it != name) {
                        continue;
                    }
                    let of_day = match input.get(&name) {
                        "" => OfDay::Week,
                        "0" => OfDay::Nobody,
                        text => {
                            let id = text.parse().map_err(|_| Error::invalid("staff", "请选择在岗人员"))?;
                            OfDay::Staff(chosen(tx, &centre, id)?)
                        }
                    };
                    slots.push((day, *begins, rank, of_day));
                }
            }
        }
        duty::set_days(tx, ask, &centre, &slots)
    })
    .await?;
    Ok(ask.go(&link, ask.t("这一周的值班已保存")))
}

pub async fn copy(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/monitoring/duty/{key}");
    let to = ask
        .write(move |tx, ask| {
            let centre = duty::find(tx, &ask.who.scope, &key)?;
            let said = kit_form::check(COPY, &input, &Options::new())?;
            let day = |name: &str| said.date(name).ok_or_else(|| Error::invalid(name, "日期请写作 2026-01-31"));
            let (from, to) = (day("from")?, day("to")?);
            if to.monday() < ask.today().monday() {
                return Err(Error::invalid("to", Said::new("不能改已经过去的一周({day})").with("day", to)));
            }
            duty::copy_week(tx, ask, &centre, from, to)?;
            Ok(to.monday())
        })
        .await?;
    Ok(ask.go(&format!("{link}?week={to}"), ask.t("已复制")))
}

/// Four weeks from the one shown, a line a rank of a shift.
async fn sheet_of(ask: &Ask, shown: &Shown) -> Result<Response> {
    let (key, monday) = (shown.centre.key.clone(), shown.monday);
    let (rota, staff) = ask
        .read(move |tx, ask| {
            let centre = duty::find(tx, &ask.who.scope, &key)?;
            let rota = duty::rota(tx, &centre, monday, monday.add_days(28))?;
            let staff: std::collections::HashMap<i64, String> = rota
                .week
                .iter()
                .map(|it| it.who)
                .chain(rota.dated.iter().filter_map(|it| it.who))
                .map(|who| {
                    Ok((who, workforce::staff_by_key(tx, &Key { region: key.region.clone(), id: Id(who) })?.name))
                })
                .collect::<Result<_>>()?;
            Ok((rota, staff))
        })
        .await?;
    let text = |title: &str| ExportColumn::new(ask.t(title), sheet::Kind::Text);
    let columns = vec![
        ExportColumn::new(ask.t("日期"), sheet::Kind::Date),
        text("星期"),
        text("班次"),
        ExportColumn::new(ask.t("顺位"), sheet::Kind::Int),
        text("值班人员"),
    ];
    let mut out = Exporter::new(&format!("{} {}", shown.centre.name, ask.t("值班表")), columns)?;
    for nth in 0..28 {
        let day = monday.add_days(nth);
        for shift in rota.shifts(day) {
            for rank in 1..=rota.ranks {
                let who = rota.written(shift, rank).and_then(|it| staff.get(&it)).map_or("", |it| it);
                out.push(&[
                    Value::Date(day.civil()),
                    Value::Text(weekday(ask, day)),
                    Value::Text(&span(shift)),
                    Value::Int(i64::from(rank)),
                    Value::Text(who),
                ])?;
            }
        }
    }
    Ok(download(&format!("duty-{monday}.xlsx"), out.finish()?))
}
