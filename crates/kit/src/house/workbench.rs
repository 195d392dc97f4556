//! The workbench (工作台), the global search and the inbox.

use maud::{Markup, html};

use crate::{
    Ask, Id, Result,
    form::{csrf, encoded},
    module::{self, Due, Figure, Found, Urgency},
    notify,
    page::{Badge, Head, Page, badge, empty, icon, stat, time},
    table::grouped,
};

/// Entries of the menu that the workbench repeats.
const MOST_WAYS: usize = 9;

/// What the modules put on the workbench.
#[derive(Default)]
struct Bench {
    due: Vec<Due>,
    figures: Vec<Figure>,
    sights: Vec<Markup>,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let mut bench = ask
        .read(|tx, ask| {
            let mut bench = Bench::default();
            for module in ask.app.modules {
                if let Some(due) = module.due {
                    bench.due.extend(due(tx, ask)?);
                }
                if let Some(of_module) = module.figures {
                    bench.figures.extend(of_module(tx, ask)?);
                }
                if let Some(sights) = module.sights {
                    bench.sights.extend(sights(tx, ask)?);
                }
            }
            Ok(bench)
        })
        .await?;
    bench.due.sort_by_key(|it| it.urgency);
    let parts: [(&str, &[Urgency]); 3] =
        [("需要处理", &[Urgency::Wrong, Urgency::Late]), ("今天", &[Urgency::Today]), ("近期", &[Urgency::Soon])];
    let hello = ask.f("{name},您好", &[("name", &ask.who.name)]);
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    let line = format!("{hello} · {place} · {}", ask.today());
    let to_do = html! {
        div.cols {
            div.stack {
                @if bench.due.is_empty() {
                    section.card { header.card-head { h2 { (ask.t("待办")) } }
                        div.empty { (icon("check-circle")) p.empty-title { (ask.t("现在没有待办")) }
                            p { (ask.t("有到期、逾期或出错的事,会在这里列出。")) } } }
                }
                @for (title, urgencies) in parts {
                    @let here: Vec<&Due> = bench.due.iter().filter(|it| urgencies.contains(&it.urgency)).collect();
                    @if !here.is_empty() {
                        section.card {
                            header.card-head { h2 { (ask.t(title)) } }
                            ul.tasks { @for it in here { (task(&ask, it)) } }
                        }
                    }
                }
            }
            (ways(&ask))
        }
    };
    let figures = html! {
        @if !bench.figures.is_empty() {
            div.stats { @for it in &bench.figures {
                (stat(Badge::Muted, &it.label, &grouped(it.value), ask.lang.unit(it.value, &it.unit), &it.note, Some(&it.link)))
            } }
        }
    };
    // What waits for somebody stands above what is merely known.
    let content = html! {
        @if bench.due.is_empty() { (figures) (to_do) } @else { (to_do) (figures) }
        @if !bench.sights.is_empty() {
            div.cols-2 { @for it in &bench.sights { section.card { div.card-body { (it) } } } }
        }
    };
    Ok(ask.page(Head::new(ask.t("工作台")).line(line), content))
}

/// The pages of the reader's menu once more, as large as a thumb, and those of the house.
fn ways(ask: &Ask) -> Markup {
    let menus = module::menus(ask);
    html! {
        section.card aria-labelledby="ways" {
            header.card-head { h2 #ways { (ask.t("常用")) } }
            nav.ways aria-labelledby="ways" {
                @for it in menus.iter().take(MOST_WAYS) { a href=(it.path) { (icon(it.icon)) (ask.t(it.title)) } }
                a href="/account" { (icon("gear")) (ask.t("账号与密码")) }
            }
        }
    }
}

fn task(ask: &Ask, due: &Due) -> Markup {
    let (class, kind, word) = match due.urgency {
        Urgency::Wrong => ("task task-wrong", Badge::Bad, "出错"),
        Urgency::Late => ("task task-late", Badge::Bad, "逾期"),
        Urgency::Today => ("task task-today", Badge::Warn, "今天"),
        Urgency::Soon => ("task", Badge::Info, "近期"),
    };
    let word = ask.t(word);
    let text = match due.count {
        ..=1 => word.to_string(),
        n if Due::MOST < n => ask.f("{word} 超过 {n} 件", &[("word", &word), ("n", &Due::MOST)]),
        n => ask.f("{word} {n} 件", &[("word", &word), ("n", &n)]),
    };
    html! {
        li class=(class) {
            (icon(due.icon))
            div { a.row-link href=(due.link) { (due.title) } small { (due.note) } }
            (badge(kind, &text))
        }
    }
}

async fn found(ask: &Ask) -> Result<Vec<Found>> {
    let Some(wanted) = ask.param("q").map(str::to_string) else { return Ok(Vec::new()) };
    let mut all = ask
        .read(move |tx, ask| {
            let mut all = Vec::new();
            for module in ask.app.modules {
                if let Some(search) = module.search {
                    all.extend(search(tx, ask, &wanted)?);
                }
            }
            Ok(all)
        })
        .await?;
    let wanted = ask.param("q").unwrap_or_default().to_lowercase();
    for menu in ask.app.modules.iter().flat_map(|it| it.menu).filter(|it| ask.may(it.perm)) {
        if ask.t(menu.title).to_lowercase().contains(&wanted) {
            all.push(Found {
                group: "功能",
                title: ask.t(menu.title).to_string(),
                note: ask.t(menu.area.title()).to_string(),
                link: menu.path.to_string(),
            });
        }
    }
    Ok(all)
}

pub async fn suggest(ask: Ask) -> Result<Page> {
    let wanted = ask.param("q").unwrap_or_default().to_string();
    if wanted.is_empty() {
        return Ok(ask.part(html! {}));
    }
    let all = found(&ask).await?;
    Ok(ask.part(html! {
        @if all.is_empty() { p.suggest-none { (ask.f("没有找到“{wanted}”", &[("wanted", &wanted)])) } }
        @for (i, it) in all.iter().take(8).enumerate() {
            @if i == 0 || all[i - 1].group != it.group { p.suggest-group { (ask.t(it.group)) } }
            a.suggest-item href=(it.link) { span { (it.title) } small { (it.note) } }
        }
        @if 8 < all.len() {
            a.suggest-all href=(format!("/search?q={}", encoded(&wanted))) { (ask.t("查看全部")) }
        }
    }))
}

pub async fn search(ask: Ask) -> Result<Page> {
    let wanted = ask.param("q").unwrap_or_default().to_string();
    let all = found(&ask).await?;
    let title = ask.t("搜索");
    let content = html! {
        @if wanted.is_empty() {
            (empty(ask.t("请输入要找的内容"), ask.t("姓名、拼音首字母、身份证号或功能名称。"), html! {}))
        } @else if all.is_empty() {
            (empty(&ask.f("没有找到“{wanted}”", &[("wanted", &wanted)]), ask.t("换一个写法试试,例如拼音首字母。"), html! {}))
        } @else {
            div.stack { @for here in all.chunk_by(|a, b| a.group == b.group) {
                section.card {
                    header.card-head { h2 { (ask.t(here[0].group)) } span.muted { (ask.f("{n} 条", &[("n", &here.len())])) } }
                    ul.tasks { @for it in here {
                        li.task { div { a.row-link href=(it.link) { (it.title) } small { (it.note) } } (icon("chevron-right")) }
                    } }
                }
            } }
        }
    };
    Ok(ask.page(Head::new(title).line(wanted), content))
}

pub async fn inbox(ask: Ask) -> Result<Page> {
    let messages = ask
        .read(|tx, ask| {
            tx.rows(
                "select id, title, body, link, created, read_at is null from message
                  where account = $1 and channel = 'inbox' order by id desc limit 100",
                &[&ask.who.account],
                |row| {
                    Ok((
                        row.get::<Id>(0)?,
                        row.get::<String>(1)?,
                        row.get::<String>(2)?,
                        row.get::<Option<String>>(3)?,
                        row.get::<String>(4)?,
                        row.get::<bool>(5)?,
                    ))
                },
            )
        })
        .await?;
    let read_all = html! {
        form method="post" action="/inbox/read" { (csrf(&ask)) button.btn { (icon("check-circle")) (ask.t("全部标为已读")) } }
    };
    let head = Head::new(ask.t("消息"));
    let head = if messages.iter().any(|it| it.5) { head.actions(read_all) } else { head };
    let content = html! {
        @if messages.is_empty() { (empty(ask.t("还没有消息"), ask.t("与您有关的通知会出现在这里。"), html! {})) }
        @else { section.card { ul.tasks {
            @for (_, title, body, link, created, unread) in &messages {
                li class=(if *unread { "task task-today" } else { "task" }) {
                    (icon("envelope"))
                    div {
                        @match link {
                            Some(link) => a.row-link href=(link) { (title) },
                            None => span { (title) },
                        }
                        small { (body) " · " (time(created)) }
                    }
                    @if *unread { (badge(Badge::Info, ask.t("未读"))) }
                }
            }
        } } }
    };
    Ok(ask.page(head, content))
}

pub async fn read_all(ask: Ask) -> Result<Page> {
    ask.write(|tx, ask| notify::mark_read(tx, ask.who.account, None, ask.now)).await?;
    Ok(ask.go("/inbox", ""))
}
