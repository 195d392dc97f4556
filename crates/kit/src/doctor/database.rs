//! What the database tells: schema, trail, queues, accounts, clock, backup.

use jiff::{SignedDuration, Timestamp};

use super::{Finding, bad, ok, warn};
use crate::{
    Db, Result, Said, Tx, audit, backup,
    clock::{minute, stamp},
    config::Config,
    db::{Kind, Migration},
    house::setting,
    keys,
    who::Role,
};

/// Entries of each region's trail that are recomputed here; `audit verify` recomputes all.
const ENTRIES: i64 = 2000;
/// Seconds the clocks of server and database may differ.
const DRIFT: i64 = 5;
/// How old the last backup may be.
const BACKUP: SignedDuration = SignedDuration::from_hours(48);
/// How long news may wait.
const NEWS: SignedDuration = SignedDuration::from_mins(10);

/// All findings; the first that fails is said and the others go on.
pub async fn look(db: &Db, config: &Config, migrations: Option<&'static [Migration]>, now: Timestamp) -> Vec<Finding> {
    let mut all = vec![match db.kind() {
        Kind::Sqlite => ok("database", "SQLite 数据库可以读取"),
        Kind::Postgres => ok("database", "PostgreSQL 数据库可以连接"),
    }];
    if let Some(migrations) = migrations {
        let (finding, is_current) = schema(db, migrations).await;
        all.push(finding);
        if !is_current {
            return all;
        }
    }
    let administrators_need_it = config.needs_second_factor(Role::Administrator);
    type Look = Box<dyn FnOnce(&Tx<'_>) -> Result<Finding> + Send>;
    let looks: [(&'static str, Look); 8] = [
        ("audit", Box::new(trail)),
        ("jobs", Box::new(failed_jobs)),
        ("events", Box::new(move |tx| waiting_events(tx, now))),
        ("messages", Box::new(failed_messages)),
        ("clock", Box::new(move |tx| clock(tx, now))),
        ("administrators", Box::new(move |tx| second_factors(tx, administrators_need_it))),
        ("backup", Box::new(move |tx| last_backup(tx, now))),
        ("restored", Box::new(restored)),
    ];
    for (name, look) in looks {
        all.push(match db.read(look).await {
            Ok(finding) => finding,
            Err(e) => bad(name, Said::new("无法查看:{why}").with("why", e)),
        });
    }
    all.extend(db.read(missing_files).await.ok().flatten());
    let config = config.clone();
    let foreign = db.read(move |tx| keys::wrong(tx, &config)).await.ok().flatten();
    all.extend(foreign.map(|why| bad("keys", Said::new("密钥文件不可用:{why}").with("why", why))));
    all
}

async fn schema(db: &Db, migrations: &'static [Migration]) -> (Finding, bool) {
    let pending = match db.pending(migrations).await {
        Ok(it) => it,
        Err(why) => return (bad("migrations", Said::new("无法查看:{why}").with("why", why)), false),
    };
    let names = |all: &[&str]| all.join(", ");
    if let Some(name) = pending.unknown.first() {
        let said = Said::new("数据库比程序新(有迁移 {name}):请升级程序").with("name", name);
        return (bad("migrations", said), false);
    }
    if !pending.changed.is_empty() {
        let said = Said::new("迁移 {names} 执行后又被改动:请使用发布版程序").with("names", names(&pending.changed));
        return (bad("migrations", said), false);
    }
    if !pending.missing.is_empty() {
        let said = Said::new("还有 {n} 个迁移未执行({names}):启动服务或执行 yiyang migrate");
        return (
            warn("migrations", said.with("n", pending.missing.len()).with("names", names(&pending.missing))),
            false,
        );
    }
    (ok("migrations", Said::new("数据库结构为最新({n} 个迁移)").with("n", migrations.len())), true)
}

fn trail(tx: &Tx<'_>) -> Result<Finding> {
    let verdict = audit::verify_last(tx, Some(ENTRIES))?;
    Ok(match verdict.broken.first() {
        None => ok("audit", Said::new("审计链完好(核对了最近 {n} 条)").with("n", verdict.entries)),
        Some(first) => bad("audit", Said::new("审计链断裂:{first};请执行 yiyang audit verify").with("first", first)),
    })
}

fn failed_jobs(tx: &Tx<'_>) -> Result<Finding> {
    let failed = tx.count("select count(*) from job where state = 'failed'", &[])?;
    Ok(if failed == 0 {
        ok("jobs", "没有失败的任务")
    } else {
        warn("jobs", Said::new("有 {n} 个任务失败:请在“后台任务”中查看原因并重试").with("n", failed))
    })
}

fn waiting_events(tx: &Tx<'_>, now: Timestamp) -> Result<Finding> {
    let old = stamp(now - NEWS);
    let (late, failing): (i64, Option<String>) =
        tx.one("select count(*), max(error) from event where delivered is null and at < $1", &[&old], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(match (late, failing) {
        (0, _) => ok("events", "没有积压的事件"),
        (n, None) => warn("events", Said::new("有 {n} 个事件等了 10 分钟以上:服务在运行吗?").with("n", n)),
        (n, Some(why)) => bad("events", Said::new("有 {n} 个事件送不出去:{why}").with("n", n).with("why", why)),
    })
}

fn failed_messages(tx: &Tx<'_>) -> Result<Finding> {
    let failed = tx.count("select count(*) from message where state = 'failed'", &[])?;
    Ok(if failed == 0 {
        ok("messages", "没有发送失败的消息")
    } else {
        warn("messages", Said::new("有 {n} 条消息发送失败:请检查 mail 与 sms 配置").with("n", failed))
    })
}

fn clock(tx: &Tx<'_>, now: Timestamp) -> Result<Finding> {
    let seconds = match tx.kind() {
        Kind::Sqlite => "select cast(strftime('%s', 'now') as integer)",
        Kind::Postgres => "select extract(epoch from clock_timestamp())::bigint",
    };
    let apart = (tx.count(seconds, &[])? - now.as_second()).abs();
    Ok(if apart <= DRIFT {
        ok("clock", Said::new("时钟与数据库一致,现在是 {now}").with("now", minute(&stamp(now))))
    } else {
        bad("clock", Said::new("时钟与数据库相差 {n} 秒:请校准两台机器的时间").with("n", apart))
    })
}

fn second_factors(tx: &Tx<'_>, needed: bool) -> Result<Finding> {
    let administrators = "select count(*) from account where role = 'administrator' and state = 'open'";
    let all = tx.count(administrators, &[])?;
    let without = tx.count(&format!("{administrators} and second_factor is null"), &[])?;
    Ok(match (all, without) {
        (0, _) => bad("administrators", "还没有系统管理员:请执行 yiyang user add --role administrator"),
        (_, 0) => ok("administrators", Said::new("{n} 个系统管理员都绑定了验证器").with("n", all)),
        (_, n) if needed => {
            warn("administrators", Said::new("有 {n} 个系统管理员还没有绑定验证器,下次登录时会要求").with("n", n))
        }
        (_, n) => warn("administrators", Said::new("有 {n} 个系统管理员没有绑定验证器,配置也未要求").with("n", n)),
    })
}

fn last_backup(tx: &Tx<'_>, now: Timestamp) -> Result<Finding> {
    let last = setting(tx, backup::LAST)?;
    let at: Option<Timestamp> = last.as_deref().and_then(|it| it.parse().ok());
    Ok(match at {
        None => warn("backup", "还没有备份过:请每天执行 yiyang backup FILE"),
        Some(at) if now.duration_since(at) <= BACKUP => {
            ok("backup", Said::new("上次备份在 {at}").with("at", minute(&stamp(at))))
        }
        Some(at) => {
            warn("backup", Said::new("上次备份在 {at},已超过两天:请检查备份计划").with("at", minute(&stamp(at))))
        }
    })
}

fn restored(tx: &Tx<'_>) -> Result<Finding> {
    Ok(match backup::restored(tx)? {
        None => ok("restored", "本系统不是从备份恢复的"),
        Some(it) => warn(
            "restored",
            Said::new("本系统于 {at} 由 {backup} 的备份恢复,此后到恢复前的记录不在其中")
                .with("at", minute(&it.at))
                .with("backup", minute(&it.backup)),
        ),
    })
}

fn missing_files(tx: &Tx<'_>) -> Result<Option<Finding>> {
    let missing: i64 = setting(tx, "files_missing")?.and_then(|it| it.parse().ok()).unwrap_or(0);
    Ok((0 < missing).then(|| bad("files", Said::new("有 {n} 个文件的内容丢失:请从备份中找回").with("n", missing))))
}
