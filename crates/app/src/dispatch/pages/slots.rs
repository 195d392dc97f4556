//! The best times for somebody who is on the phone.

use axum::http::StatusCode;
use dispatch::Slot;
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, badge, crumbs, empty, icon},
};
use maud::{Markup, html};
use rules::{contracting, dispatch::Clock};

use crate::{
    dispatch::{
        area,
        gather::DAY,
        said::Told,
        slots::{self, Offered, Wish},
    },
    elders::{self, Elder, Key},
    visits::{self, Assigned, For, Wanted},
};

const DAYS: &[(&str, &str)] = &[("1", "1 天"), ("2", "2 天"), ("3", "3 天"), ("4", "4 天"), ("5", "5 天")];

pub const FIELDS: &[Field] = &[
    field("organisation", "机构", Kind::Pick).required(),
    field("service", "服务", Kind::Choice(contracting::Service::WORDS)).required(),
    field("day", "从哪天起", Kind::Date).required(),
    field("days", "看几天", Kind::Choice(DAYS)).required(),
    field("minutes", "预计分钟", Kind::Int { min: 5, max: 480 }).required(),
    field("people", "需要人数", Kind::Int { min: 1, max: 2 }).required(),
    field("from", "最早到达", Kind::Text(5)).help("如 09:00,不填时间不限。"),
    field("until", "最晚到达", Kind::Text(5)).help("如 11:00。"),
];

/// The programme of what is booked here.
const PROGRAMME: &str = "contract";

pub async fn page(ask: Ask) -> Result<Page> {
    let Some(elder) = ask.param("elder") else {
        let title = ask.t("约上门时间");
        let content = empty(
            ask.t("先找到老人"),
            ask.t("按姓名、拼音首字母或身份证号查找,在老人的页面上点“约上门时间”。"),
            html! { a.btn.btn-primary href="/elders" { (icon("search")) (ask.t("查找老人")) } },
        );
        let way = crumbs(&ask, &[("/dispatch", ask.t("上门派单")), ("", title)]);
        return Ok(ask.page(Head::new(title).crumbs(way), content));
    };
    let key: Key = elder.parse()?;
    let is_asked = ask.param("service").is_some();
    let mut input = Input::default();
    for (name, usual) in [
        ("organisation", String::new()),
        ("service", String::new()),
        ("day", ask.today().add_days(1).to_string()),
        ("days", "3".to_string()),
        ("minutes", "30".to_string()),
        ("people", "1".to_string()),
        ("from", String::new()),
        ("until", String::new()),
    ] {
        input.set(name, ask.param(name).map_or(usual, str::to_string));
    }
    show(ask, key, input, is_asked).await
}

async fn show(ask: Ask, key: Key, mut input: Input, is_asked: bool) -> Result<Page> {
    let asked = input.clone();
    let (elder, institutions, found) = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "times for a visit")?;
            let institutions: Vec<(String, String)> =
                area::options(tx, ask)?.into_iter().filter(|it| !it.0.starts_with("all-")).collect();
            let found = match is_asked {
                true => match wish(tx, ask, &asked).and_then(|it| slots::for_elder(tx, ask, &elder, &it)) {
                    Ok(it) => Some(Ok(it)),
                    Err(Error::Invalid(errors)) => Some(Err(errors)),
                    Err(other) => return Err(other),
                },
                false => None,
            };
            Ok((elder, institutions, found))
        })
        .await?;
    if let ([(only, _)], true) = (&*institutions, input.get("organisation").is_empty()) {
        input.set("organisation", only.clone());
    }
    let (offered, errors): (Option<Offered>, Vec<FieldError>) = match found {
        Some(Ok(it)) => (Some(it), Vec::new()),
        Some(Err(errors)) => (None, errors),
        None => (None, Vec::new()),
    };
    let options = Options::from([("organisation", institutions)]);
    let title = ask.t("约上门时间");
    let content = html! {
        form.form.grid method="get" action="/dispatch/slots" {
            input type="hidden" name="elder" value=(elder.key);
            (kit_form::fields(&ask, FIELDS, &input, &options, &errors))
            div.form-foot { button.btn.btn-primary { (ask.t("看哪些时间好")) } }
        }
        @if let Some(it) = &offered { (times(&ask, it, &elder, &input)) }
    };
    let link = format!("/elders/{}", elder.key);
    let way = crumbs(&ask, &[("/dispatch", ask.t("上门派单")), (&link, &elder.name), ("", title)]);
    let head = Head::new(title).line(format!("{} · {}", elder.name, elders::about(&ask, &elder))).crumbs(way);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, head, content))
}

/// What a form wishes.
///
/// # Errors
/// `Invalid` for what a field says.
pub fn wish(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Wish> {
    let checked = kit_form::check(FIELDS, input, &Options::from([("organisation", area::options(tx, ask)?)]))?;
    let organisation = checked.id("organisation").ok_or_else(|| Error::invalid("organisation", "请选择机构"))?;
    let first = checked.date("day").unwrap_or(ask.today());
    if first < ask.today() {
        return Err(Error::invalid("day", "“从哪天起”不能早于今天"));
    }
    let clock = |name: &str| match checked.text(name) {
        text if text.is_empty() => Ok(None),
        text => text.parse::<Clock>().map(|it| Some(i64::from(it.0))).map_err(|e| Error::invalid(name, e.text())),
    };
    Ok(Wish {
        organisation,
        first,
        days: checked.text("days").parse().unwrap_or(1),
        service: checked.text("service"),
        programme: PROGRAMME.to_string(),
        minutes: checked.int("minutes").unwrap_or(30),
        people: checked.int("people").unwrap_or(1),
        from_minute: clock("from")?,
        until_minute: clock("until")?,
    })
}

fn times(ask: &Ask, it: &Offered, elder: &Elder, input: &Input) -> Markup {
    let told = Told { ask, facts: &it.facts, built: &it.built };
    if it.slots.is_empty() {
        let mut plan = it.plan.clone();
        dispatch::explain(&it.built.problem, &mut plan);
        let left = plan.left.iter().find(|one| one.visit == it.visit);
        return html! {
            (empty(ask.t("这几天排不进去"), ask.t("换几天,放宽时间,或请人调整排班。"), html! {}))
            @if let Some(left) = left { ul { @for why in &left.why { @let (why, help) = told.why(why); li { (why) " " span.muted { (help) } } } } }
        };
    }
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.f("最好的 {n} 个时间", &[("n", &it.slots.len())])) } }
            ul.tasks {
                @for (nth, slot) in it.slots.iter().enumerate() {
                    @let tour = &it.built.tours[slot.parts[0].shift];
                    @let day = it.facts.asked.first.add_days(tour.day as i32);
                    @let minute = slot.start.rem_euclid(DAY) / 60;
                    li.task { (icon("telephone"))
                        div { span.strong { (day) " " (visits::clock(minute)) } " " (names(&told, slot))
                            @if known(it, slot.parts[0].shift) { " " (badge(Badge::Ok, ask.t("来过"))) }
                            small { (ask.f("比不去多折合路上 {n} 分钟", &[("n", &(slot.cost / 60))])) } }
                        form.inline method="post" action="/dispatch/slots" { (csrf(ask))
                            input type="hidden" name="elder" value=(elder.key);
                            @for field in FIELDS { input type="hidden" name=(field.name) value=(input.get(field.name)); }
                            input type="hidden" name="tour" value=(tour.name);
                            input type="hidden" name="at" value=(slot.start);
                            button.btn.btn-primary[nth == 0] { (ask.t("就约这个时间")) } }
                    }
                }
            }
        }
    }
}

/// Who would come.
pub fn names(told: &Told<'_>, slot: &Slot) -> String {
    let mut names: Vec<String> = slot.parts.iter().map(|seat| told.tour(seat.shift)).collect();
    names.dedup();
    names.join(told.ask.t("、"))
}

fn known(it: &Offered, shift: usize) -> bool {
    let before = &it.built.planned(&it.facts, it.visit).known;
    it.built.tours[shift].staff.iter().any(|id| before.iter().any(|one| one.0 == *id))
}

/// Books a time that was offered: it has to be one still.
pub async fn book(ask: Ask, input: Input) -> Result<Page> {
    let (made, day) = ask.write(move |tx, ask| book_it(tx, ask, &input)).await?;
    let said = ask.f("已约好 {day},写进了服务人员的安排", &[("day", &day)]);
    Ok(ask.go(&format!("/visits/{made}"), &said))
}

fn book_it(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(Key, rules::base::Date)> {
    let key: Key = input.get("elder").parse()?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    let wish = wish(tx, ask, input)?;
    let offered = slots::for_elder(tx, ask, &elder, &wish)?;
    let at: i64 = input.get("at").parse().map_err(|_| Error::NotFound)?;
    let slot = offered
        .slots
        .iter()
        .find(|it| it.start == at && offered.built.tours[it.parts[0].shift].name == input.get("tour"))
        .ok_or_else(|| Error::refused("slot_taken", "这个时间刚被占了,请重新看哪些时间好"))?;
    let tour = &offered.built.tours[slot.parts[0].shift];
    let day = wish.first.add_days(tour.day as i32);
    let minute = slot.start.rem_euclid(DAY) / 60;
    let second: Option<Id> = match &*tour.staff {
        [_, second] => Some(*second),
        _ => slot.parts.get(1).map(|seat| offered.built.tours[seat.shift].staff[0]),
    };
    let thing = format!("slot:{}", ask.new_id());
    let wanted = Wanted {
        elder: &elder,
        day,
        from_minute: wish.from_minute,
        until_minute: wish.until_minute,
        minutes: wish.minutes,
        organisation: Some(wish.organisation),
        staff: tour.staff.first().copied(),
        second,
        people: wish.people,
        note: "",
        purpose: For { programme: PROGRAMME, thing: &thing, service: &wish.service, payer: "" },
    };
    let visit = visits::want(tx, ask, &wanted)?;
    let to = Assigned { day, staff: tour.staff.first().copied(), second, at_minute: Some(minute) };
    visits::assign(tx, ask, &visit, &to)?;
    Ok((visit, day))
}
