//! The elder's page: who, groups and risks at a glance, what is due, then one timeline of everything.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    crypt::{mask_address, mask_id_number, mask_phone},
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    module::Beside,
    page::{Badge, Head, Page, alert, badge, crumbs, empty, icon, kv},
};
use maud::{Markup, html};
use rules::base::Phone;

use crate::elders::{
    REVEAL, WRITE, contacts,
    due::{self, DueItem},
    elder::{self, Elder, Key},
    groups::{self, Membership},
    intake::{ADDRESS_COLUMN, NUMBER_COLUMN, PHONE_COLUMN},
    ledgers::source_words,
    sights,
    timeline::{self, Entry},
    words,
};

const CONTACT: &[Field] = &[
    field("name", "姓名", Kind::Text(50)).required(),
    field("relation", "与老人关系", Kind::Choice(words::RELATIONS)).required(),
    field("phone", "电话", Kind::Text(30)),
    field("is_carer", "主要照护者", Kind::Check),
    field("lives_together", "同住", Kind::Check),
];

const MOST: usize = 40;

struct Shown {
    elder: Elder,
    groups: Vec<Membership>,
    contacts: Vec<contacts::Contact>,
    due: Vec<DueItem>,
    timeline: Vec<Entry>,
    kinds: Vec<(String, i64)>,
    /// What other modules have to offer for this person.
    beside: Vec<Beside>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let elder = elder::find(tx, &ask.who.scope, &key)?;
            elder::note(tx, ask, "look", &elder, "")?;
            Ok(Shown {
                groups: groups::of(tx, &key)?,
                contacts: contacts::of(tx, &key)?,
                due: due::of(tx, &key)?,
                timeline: timeline::read(tx, &key, ask.param("kind"), None, ask.lang, MOST)?,
                kinds: timeline::kinds(tx, &key)?,
                beside: sights::beside(tx, ask, &key.region, key.id)?,
                elder,
            })
        })
        .await?;
    let elder = &shown.elder;
    let here = format!("/elders/{}", elder.key);
    let actions = html! {
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
        @if elder.is_living() {
            @for it in &shown.beside {
                @if let Beside::Action { title, icon: sign, link } = it { a.btn href=(link) { (icon(sign)) (title) } }
            }
        }
        @if ask.may(WRITE) {
            a.btn href=(format!("{here}/life")) { (icon("flag")) (ask.t("死亡、迁出")) }
            @if elder.is_living() { a.btn.btn-primary href=(format!("{here}/edit")) { (icon("pencil")) (ask.t("修改档案")) } }
        }
    };
    let sub = ask.f(
        "{sex},{age} 岁 · {place}",
        &[
            ("sex", &ask.t(words::title(words::SEXES, &elder.sex))),
            ("age", &elder.age_on(ask.today())),
            ("place", &ask.app.places.tree().full_name(&elder.place)),
        ],
    );
    let content = html! {
        (state(&ask, elder))
        div.cols.side-first {
            div.stack { (history(&ask, &here, &shown)) }
            div.stack {
                (at_a_glance(&ask, &here, &shown))
                (what_is_due(&ask, &shown.due))
                (basic(&ask, &here, elder)?)
                (people(&ask, &here, &shown.contacts)?)
            }
        }
    };
    let way = crumbs(&ask, &[("/elders", ask.t("老人名册")), ("", &elder.name)]);
    Ok(ask.page(Head::new(&elder.name).line(sub).crumbs(way).actions(actions), content))
}

fn state(ask: &Ask, elder: &Elder) -> Markup {
    let day = elder.state_day.as_deref().unwrap_or_default();
    match &*elder.state {
        "died" => alert(Badge::Info, &ask.f("老人已于 {day} 去世", &[("day", &day)]), html! {}),
        "moved" => alert(
            Badge::Info,
            &ask.f("老人已于 {day} 迁出", &[("day", &day)]),
            html! {
                @if let Some(to) = &elder.moved_to { p { a href=(format!("/elders/{to}")) { (ask.t("迁入地的档案")) } } }
            },
        ),
        "merged" => alert(
            Badge::Info,
            ask.t("这份档案已合并到另一份"),
            html! {
                @if let Some(id) = elder.merged_into {
                    p { a href=(format!("/elders/{}-{id}", elder.key.region)) { (ask.t("打开合并后的档案")) } }
                }
            },
        ),
        _ => html! {},
    }
}

fn at_a_glance(ask: &Ask, here: &str, shown: &Shown) -> Markup {
    let open: Vec<&Membership> = shown.groups.iter().filter(|it| it.until.is_none()).collect();
    let past: Vec<&Membership> = shown.groups.iter().filter(|it| it.until.is_some()).collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("人群与风险")) } }
            div.card-body {
                @for it in &shown.beside {
                    @if let Beside::Fact { title, text, note, link } = it {
                        p { (title) " " a.strong href=(link) { (text) } @if !note.is_empty() { " " small.muted { (note) } } }
                    }
                }
                @if open.is_empty() { p.muted { (ask.t("没有列入任何人群")) } }
                @for it in &open {
                    p {
                        (badge(Badge::Warn, ask.t(words::title(words::GROUPS, &it.kind))))
                        @if !it.word.is_empty() && it.word != words::title(words::GROUPS, &it.kind) { " " (it.word) }
                        " " small.muted { (ask.f("{from} 起,依据:{source}", &[("from", &it.from), ("source", &source_words(ask, &it.source))])) }
                    }
                }
                @if !past.is_empty() {
                    details { summary { (ask.t("已退出的人群")) }
                        @for it in &past {
                            p.small { (ask.t(words::title(words::GROUPS, &it.kind))) " "
                                (it.from) "—" (it.until.as_deref().unwrap_or_default()) }
                        }
                    }
                }
                @if ask.may(WRITE) && shown.elder.is_living() {
                    details { summary { (ask.t("调整人群")) }
                        form.form method="post" action=(format!("{here}/groups")) {
                            (csrf(ask))
                            div.options { @for (word, title) in words::GROUPS {
                                label.option {
                                    input type="checkbox" name="groups" value=(word) checked[open.iter().any(|it| it.kind == *word)];
                                    " " (ask.t(title))
                                }
                            } }
                            div.field { label for="source" { (ask.t("依据")) span.req { (ask.t("必填")) } }
                                input #source name="source" required maxlength="60" placeholder=(ask.t("入户核实、残疾人证、低保证…")); }
                            button.btn { (ask.t("保存")) }
                        }
                    }
                }
            }
        }
    }
}

fn what_is_due(ask: &Ask, due: &[DueItem]) -> Markup {
    let today = ask.today().to_string();
    html! {
        section.card { header.card-head { h2 { (ask.t("到期与待办")) } }
            @if due.is_empty() { div.card-body { p.muted { (ask.t("现在没有到期的事")) } } }
            @else { ul.tasks { @for it in due {
                @let late = it.day < today;
                li class=(if late { "task task-late" } else { "task" }) {
                    (icon("calendar-check"))
                    div { a.row-link href=(it.link) { (ask.t(&it.said)) } small { (it.day) } }
                    @if late { (badge(Badge::Bad, ask.t("逾期"))) }
                }
            } } }
        }
    }
}

fn basic(ask: &Ask, here: &str, elder: &Elder) -> Result<Markup> {
    let masked = |column: &'static str, sealed: &Option<Vec<u8>>, mask: fn(&str) -> String| -> Result<Markup> {
        let Some(sealed) = sealed else { return Ok(html! { span.muted { "—" } }) };
        let plain = ask.app.crypt.open_sealed(column, sealed).map_err(Error::internal)?;
        let field = column.rsplit_once('.').map_or(column, |it| it.1);
        Ok(html! {
            span.masked { (mask(&plain)) }
            @if ask.may(REVEAL) {
                form.inline method="post" action=(format!("{here}/reveal?field={field}"))
                     hx-post=(format!("{here}/reveal?field={field}")) hx-target="closest dd" hx-swap="innerHTML" {
                    (csrf(ask))
                    button.btn.btn-sm.btn-ghost { (icon("eye")) (ask.t("显示")) }
                }
            }
        })
    };
    let tree = ask.app.places.tree();
    let text = |it: &str| html! { (it) };
    let pairs = [
        (
            ask.t(words::title(words::ID_KINDS, &elder.id_kind)),
            masked(NUMBER_COLUMN, &elder.id_number, mask_id_number)?,
        ),
        (ask.t("出生日期"), html! { (elder.birth) }),
        (ask.t("电话"), masked(PHONE_COLUMN, &elder.phone, mask_phone)?),
        (ask.t("居住地"), text(&tree.words(&elder.place))),
        (ask.t("详细地址"), masked(ADDRESS_COLUMN, &elder.address, mask_address)?),
        (ask.t("户籍地"), text(elder.registered_place.as_deref().unwrap_or("—"))),
        (ask.t("居住情况"), text(ask.t(words::title(words::LIVING, &elder.living)))),
        (ask.t("医疗保险"), text(ask.t(words::title(words::INSURANCE, &elder.insurance)))),
        (ask.t("来源"), text(&source_words(ask, &elder.source))),
        (ask.t("备注"), text(if elder.remark.is_empty() { "—" } else { &elder.remark })),
    ];
    Ok(html! {
        section.card { header.card-head { h2 { (ask.t("基本信息")) } } div.card-body { (kv(&pairs)) } }
    })
}

fn people(ask: &Ask, here: &str, all: &[contacts::Contact]) -> Result<Markup> {
    let mut rows = Vec::new();
    for it in all {
        rows.push((it, it.masked_phone(ask)?));
    }
    Ok(html! {
        section.card { header.card-head { h2 { (ask.t("家属与照护者")) } }
            div.card-body {
                @if rows.is_empty() { p.muted { (ask.t("还没有登记家属或照护者")) } }
                @for (it, phone) in &rows {
                    div.contact { p {
                        span.strong { (it.name) } " " (ask.t(words::title(words::RELATIONS, &it.relation))) " " span.masked { (phone) }
                        @if it.is_carer { " " (badge(Badge::Info, ask.t("主要照护者"))) }
                        @if it.lives_together { " " (badge(Badge::Muted, ask.t("同住"))) } }
                        @if ask.may(WRITE) {
                            form.inline method="post" action=(format!("{here}/contacts/{}/remove", it.id)) data-confirm=(ask.t("要删除这位联系人吗?")) {
                                (csrf(ask)) button.btn.btn-sm.btn-ghost.btn-icon aria-label=(ask.f("删除{name}", &[("name", &it.name)])) { (icon("trash")) }
                            }
                        }
                    }
                }
                @if ask.may(WRITE) {
                    details { summary { (ask.t("添加联系人")) }
                        form.form method="post" action=(format!("{here}/contacts")) {
                            (csrf(ask))
                            (kit_form::fields(ask, CONTACT, &Input::default(), &Options::new(), &[]))
                            button.btn { (ask.t("添加")) }
                        }
                    }
                }
            }
        }
    })
}

fn history(ask: &Ask, here: &str, shown: &Shown) -> Markup {
    let all: i64 = shown.kinds.iter().map(|it| it.1).sum();
    let now = ask.param("kind");
    html! {
        section.card { header.card-head { h2 { (ask.t("健康档案")) } }
            div.card-body {
                @if 1 < shown.kinds.len() { nav.chips aria-label=(ask.t("按类别")) {
                    a.chip href=(here) aria-current=[now.is_none().then_some("true")] { (ask.t("全部")) span.count { (all) } }
                    @for (kind, n) in &shown.kinds {
                        a.chip href=(format!("{here}?kind={kind}")) aria-current=[(now == Some(kind)).then_some("true")] {
                            (title_of(ask, kind)) span.count { (n) }
                        }
                    }
                } }
                @if shown.timeline.is_empty() {
                    (empty(ask.t("还没有记录"), ask.t("评估、随访、签约、服务等记录会自动汇总到这里。"), html! {}))
                } @else { (entries(ask, here, &shown.timeline)) }
            }
        }
    }
}

fn title_of<'a>(ask: &'a Ask, kind: &'a str) -> &'a str {
    ask.app.modules.iter().find(|it| it.name == kind).map_or(kind, |it| ask.t(it.title))
}

/// `2026 年 5 月`.
fn month_in_words(ask: &Ask, month: &str) -> String {
    let Some((year, padded)) = month.split_once('-') else { return month.to_string() };
    ask.f("{year} 年 {month} 月", &[("year", &year), ("month", &padded.trim_start_matches('0')), ("padded", &padded)])
}

/// The icon of the module that reports, as the menu has it.
fn sign_of(ask: &Ask, kind: &str) -> &'static str {
    let module = ask.app.modules.iter().find(|it| it.name == kind);
    module.and_then(|it| it.menu.first()).map_or("clock-history", |it| it.icon)
}

fn entries(ask: &Ask, here: &str, all: &[Entry]) -> Markup {
    let minute = |it: &Entry| kit::clock::minute(&it.at);
    let months: Vec<String> = all.iter().map(|it| minute(it).chars().take(7).collect()).collect();
    let mut starts: Vec<usize> = (0..all.len()).filter(|i| *i == 0 || months[*i] != months[i - 1]).collect();
    starts.push(all.len());
    html! {
        div.timeline #timeline {
            @for pair in starts.windows(2) {
                section.timeline-month { h3 { (month_in_words(ask, &months[pair[0]])) }
                    ol { @for it in &all[pair[0]..pair[1]] {
                        li class=(match &*it.tone { "warn" => "timeline-item timeline-warn", "bad" => "timeline-item timeline-bad", _ => "timeline-item" }) {
                            span.timeline-dot { (icon(sign_of(ask, &it.kind))) }
                            div.timeline-body {
                                p.timeline-head { time datetime=(it.at) { (minute(it)) } span.timeline-kind { (title_of(ask, &it.kind)) } }
                                p.timeline-title { @match &it.link { Some(link) => a href=(link) { (it.said) }, None => (it.said) } }
                            }
                        }
                    } }
                }
            }
            @if let Some(last) = all.last().filter(|_| all.len() == MOST) {
                @let kind = ask.param("kind").map(|it| format!("&kind={}", kit_form::encoded(it))).unwrap_or_default();
                @let more = format!("{here}/timeline?before={}~{}{kind}", kit_form::encoded(&last.at), last.id);
                a.btn.timeline-more href=(more) hx-get=(more) hx-target="this" hx-swap="outerHTML" hx-select=".timeline > *" {
                    (ask.t("更早的记录"))
                }
            }
        }
    }
}

pub async fn timeline(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let before = ask
        .param("before")
        .and_then(|it| it.split_once('~'))
        .and_then(|(at, id)| Some((at.to_string(), id.parse::<Id>().ok()?)));
    let for_query = key.clone();
    let (elder, all) = ask
        .write(move |tx, ask| {
            let elder = elder::find(tx, &ask.who.scope, &for_query)?;
            elder::note(tx, ask, "look", &elder, "timeline")?;
            let mark = before.as_ref().map(|it| (&*it.0, it.1));
            Ok((elder, timeline::read(tx, &for_query, ask.param("kind"), mark, ask.lang, MOST)?))
        })
        .await?;
    let here = format!("/elders/{key}");
    let way = crumbs(&ask, &[("/elders", ask.t("老人名册")), (&here, &elder.name), ("", ask.t("更早的记录"))]);
    Ok(ask.page(Head::new(ask.t("更早的记录")).line(&*elder.name).crumbs(way), entries(&ask, &here, &all)))
}

/// Shows one sealed value in full; the look is noted.
pub async fn reveal(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let field = ask.param("field").unwrap_or_default().to_string();
    let here = format!("/elders/{key}");
    let plain = ask
        .write(move |tx, ask| {
            let elder = elder::find(tx, &ask.who.scope, &key)?;
            let (column, sealed) = match &*field {
                "id_number" => (NUMBER_COLUMN, &elder.id_number),
                "phone" => (PHONE_COLUMN, &elder.phone),
                "address" => (ADDRESS_COLUMN, &elder.address),
                _ => return Err(Error::NotFound),
            };
            let plain = match sealed {
                Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map_err(Error::internal)?,
                None => String::new(),
            };
            elder::note(tx, ask, "look", &elder, &format!("reveal {field}"))?;
            Ok(plain)
        })
        .await?;
    Ok(if ask.partial {
        ask.part(html! { (plain) })
    } else {
        ask.page(
            Head::new(ask.t("完整内容")),
            html! { p.strong { (plain) } p { a.btn href=(here) { (ask.t("返回")) } } },
        )
    })
}

pub async fn set_groups(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    let (kinds, source) = (input.all("groups").to_vec(), input.get("source").to_string());
    if source.is_empty() {
        return Err(Error::invalid("source", "请填写依据"));
    }
    ask.write(move |tx, ask| {
        let elder = elder::find_living(tx, &ask.who.scope, &key)?;
        groups::set(tx, ask, &elder, &kinds, &source)?;
        elder::note(tx, ask, "change", &elder, &format!("groups: {}", kinds.join(" ")))
    })
    .await?;
    Ok(ask.go(&here, ask.t("已保存")))
}

pub async fn add_contact(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    let checked = kit_form::check(CONTACT, &input, &Options::new())?;
    let phone = match checked.optional("phone") {
        Some(text) => {
            Some(text.parse::<Phone>().map_err(|e: rules::base::BadPhone| Error::invalid("phone", e.text()))?)
        }
        None => None,
    };
    ask.write(move |tx, ask| {
        let elder = elder::find(tx, &ask.who.scope, &key)?;
        let new = contacts::New {
            name: &checked.text("name"),
            relation: &checked.text("relation"),
            phone: phone.as_ref(),
            is_carer: checked.on("is_carer"),
            lives_together: checked.on("lives_together"),
        };
        contacts::add(tx, ask, &elder, &new)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已添加")))
}

pub async fn remove_contact(ask: Ask, Path((key, id)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/elders/{key}");
    ask.write(move |tx, ask| {
        let elder = elder::find(tx, &ask.who.scope, &key)?;
        contacts::remove(tx, ask, &elder, id)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已删除")))
}
