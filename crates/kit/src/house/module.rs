//! The house as a module: its permissions, menu, pages, jobs, and what an administrator has to see to.

use axum::http::Method;

use super::{accounts, api, borders, organisations, places, queues, state, trail};
use crate::{
    Ask, Module, Result, Routes, Tx, files,
    jobs::Work,
    module::{Area, Due, EMPTY, Menu, Urgency},
    who::{Perm, Role},
};

/// The pages by which administrators keep the house, and auditors read its trail.
pub const MODULE: Module = Module {
    name: "house",
    title: "系统",
    perms: &[ACCOUNTS, ORGANISATIONS, PLACES, PLACES_WRITE, TRAIL, QUEUES, STATE],
    routes,
    menu: &[
        Menu { area: Area::House, path: "/accounts", title: "账号", icon: "person-badge", perm: ACCOUNTS },
        Menu {
            area: Area::House, path: "/organisations", title: "机构名录", icon: "building", perm: ORGANISATIONS
        },
        Menu { area: Area::House, path: "/places", title: "区划", icon: "diagram-3", perm: PLACES },
        Menu { area: Area::House, path: "/audit", title: "审计记录", icon: "clock-history", perm: TRAIL },
        Menu { area: Area::House, path: "/jobs", title: "后台任务", icon: "list-check", perm: QUEUES },
        Menu { area: Area::House, path: "/state", title: "系统状态", icon: "activity", perm: STATE },
    ],
    due: Some(due),
    jobs: JOBS,
    words: WORDS,
    lists: &[&accounts::LIST, &organisations::LIST, &trail::LIST, &queues::JOBS, &queues::EVENTS, &queues::MESSAGES],
    ..EMPTY
};

const WORDS: &[(&str, &str)] = &[
    ("system", "系统"),
    ("account", "账号"),
    ("account_person", "家属可查看的老人"),
    ("event", "事件"),
    ("job", "后台任务"),
    ("message", "消息"),
    ("organisation", "机构"),
    ("place", "区划"),
    ("setting", "系统设置"),
    ("backup", "备份"),
    ("accounts", "账号"),
    ("audit", "审计记录"),
    ("password", "更换密码"),
    ("password reset", "重置密码"),
    ("second factor bound", "绑定验证器"),
    ("second factor removed", "解除验证器"),
    ("sessions ended", "退出所有设备"),
    ("api token", "接口令牌"),
    ("retry", "重试"),
    ("passed over", "跳过"),
    ("restore acknowledged", "确认由备份恢复"),
    ("keys", "密钥文件"),
    ("assets", "网页资源"),
    ("disk", "磁盘"),
    ("database", "数据库"),
    ("jobs", "后台任务"),
    ("events", "事件"),
    ("messages", "消息"),
    ("clock", "时钟"),
    ("administrators", "系统管理员"),
    ("restored", "恢复"),
    ("files", "附件存储"),
    ("migrations", "数据库结构"),
    ("memory", "内存"),
];

pub const ACCOUNTS: Perm = Perm { name: "house.accounts", title: "管理账号", roles: &[Role::Administrator] };
pub const ORGANISATIONS: Perm =
    Perm { name: "house.organisations", title: "管理机构名录", roles: &[Role::Administrator] };
pub const PLACES: Perm =
    Perm { name: "house.places", title: "查看区划", roles: &[Role::Administrator, Role::Official, Role::Lead] };
pub const PLACES_WRITE: Perm =
    Perm { name: "house.places.write", title: "维护区划和网格", roles: &[Role::Administrator] };
pub const TRAIL: Perm =
    Perm { name: "house.audit", title: "查看审计记录", roles: &[Role::Administrator, Role::Auditor] };
pub const QUEUES: Perm = Perm { name: "house.jobs", title: "查看后台任务", roles: &[Role::Administrator] };
pub const STATE: Perm = Perm { name: "house.state", title: "查看系统状态", roles: &[Role::Administrator] };

const JOBS: &[Work] = &[files::SWEEP, trail::VERIFY];

fn routes() -> Routes {
    Routes::default()
        .page("/accounts", ACCOUNTS, accounts::list)
        .page("/accounts/new", ACCOUNTS, accounts::new)
        .action("/accounts/new", ACCOUNTS, accounts::create)
        .page("/accounts/{id}", ACCOUNTS, accounts::page)
        .page("/accounts/{id}/edit", ACCOUNTS, accounts::edit)
        .action("/accounts/{id}/edit", ACCOUNTS, accounts::change)
        .action("/accounts/{id}/password", ACCOUNTS, accounts::reset_password)
        .action("/accounts/{id}/sessions", ACCOUNTS, accounts::end_sessions)
        .action("/accounts/{id}/second-factor", ACCOUNTS, accounts::remove_second_factor)
        .page("/accounts/{id}/persons", ACCOUNTS, accounts::persons)
        .action("/accounts/{id}/persons", ACCOUNTS, accounts::grant)
        .action("/accounts/{id}/persons/{person}/remove", ACCOUNTS, accounts::withdraw)
        .page("/organisations", ORGANISATIONS, organisations::list)
        .page("/organisations/new", ORGANISATIONS, organisations::new)
        .action("/organisations/new", ORGANISATIONS, organisations::create)
        .page("/organisations/{id}", ORGANISATIONS, organisations::edit)
        .action("/organisations/{id}", ORGANISATIONS, organisations::change)
        .page("/places", PLACES, places::page)
        .action("/places/grid", PLACES_WRITE, places::add_grid)
        .action("/places/import", PLACES_WRITE, places::import)
        .page("/audit", TRAIL, trail::list)
        .page("/audit/{region}/{seq}", TRAIL, trail::page)
        .action("/audit/verify", TRAIL, trail::verify)
        .page("/audit/verify/{id}", TRAIL, trail::verified)
        .page("/jobs", QUEUES, queues::jobs)
        .page("/jobs/{id}", QUEUES, queues::job)
        .page("/jobs/{id}/progress", QUEUES, queues::job_progress)
        .action("/jobs/{id}/retry", QUEUES, queues::retry_job)
        .page("/events", QUEUES, queues::events)
        .action("/events/{id}/skip", QUEUES, queues::skip_event)
        .page("/events/{id}", QUEUES, queues::event)
        .page("/messages", QUEUES, queues::messages)
        .page("/messages/{id}", QUEUES, queues::message)
        .action("/messages/{id}/retry", QUEUES, queues::retry_message)
        .page("/state", STATE, state::page)
        .action("/state/restored", STATE, state::acknowledge)
        .signed_in(Method::GET, "/borders/{code}", borders::serve)
        .merge(api::routes())
}

/// What needs an administrator.
fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(STATE) {
        return Ok(Vec::new());
    }
    let line = |urgency, title: &str, note: String, link: &str, icon, count| Due {
        urgency,
        title: ask.t(title).to_string(),
        note,
        link: link.to_string(),
        icon,
        count,
    };
    let mut all = Vec::new();
    if let Some(restored) = state::restored_unseen(tx)? {
        let note = ask.f("恢复于 {at}", &[("at", &crate::clock::minute(&restored.at))]);
        all.push(line(Urgency::Wrong, "本系统由备份恢复,请核对", note, "/state", "database", 1));
    }
    let queues: [(&str, &str, &str); 3] = [
        ("select count(*) from job where state = 'failed'", "后台任务失败", "/jobs?state=failed"),
        (
            "select count(*) from event where delivered is null and 0 < failures",
            "事件送不出去",
            "/events?state=failing",
        ),
        ("select count(*) from message where state = 'failed'", "消息发送失败", "/messages?state=failed"),
    ];
    for (sql, title, link) in queues {
        let count = tx.count(sql, &[])?;
        if 0 < count {
            all.push(line(
                Urgency::Wrong,
                title,
                ask.f("共 {n} 件", &[("n", &count)]),
                link,
                "exclamation-triangle",
                count,
            ));
        }
    }
    Ok(all)
}
