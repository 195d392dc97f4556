//! The database as everything above relies on it: whole transactions, on both engines.

use std::time::Instant;

use kit::{
    Ask, Db, Error, Id, Result, Tx,
    db::{Kind, Migration, Put, Rows},
};

use crate::support::{Database, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_fails_or_panics_leaves_no_trace() {
    on_both(async |app| {
        let insert = |tx: &Tx<'_>, name: &str| tx.run("insert into setting (name, value) values ($1, '')", &[&name]);
        let failed = app.app.db.write(move |tx| {
            insert(tx, "failed")?;
            Err::<(), _>(Error::invalid("x", "不行"))
        });
        assert!(matches!(failed.await, Err(Error::Invalid(_))));
        let panicked = app.app.db.write(move |tx| {
            insert(tx, "panicked")?;
            if tx.count("select 1", &[])? == 1 {
                panic!("on purpose");
            }
            Ok(())
        });
        assert!(matches!(panicked.await, Err(Error::Internal(_))));
        app.app.db.write(move |tx| insert(tx, "good")).await.unwrap();
        assert_eq!(app.count("select count(*) from setting where name in ('failed', 'panicked')").await, 0);
        assert_eq!(app.count("select count(*) from setting where name = 'good'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_fails_takes_back_only_itself() {
    on_both(async |app| {
        let insert = |tx: &Tx<'_>, name: &str| tx.run("insert into setting (name, value) values ($1, '')", &[&name]);
        app.app
            .db
            .write(move |tx| {
                insert(tx, "before")?;
                let twice = tx.attempt(|tx| {
                    insert(tx, "inside")?;
                    insert(tx, "before")
                });
                assert!(twice.unwrap_err().is_duplicate());
                insert(tx, "after")
            })
            .await
            .unwrap();
        assert_eq!(app.count("select count(*) from setting where name in ('before', 'after')").await, 2);
        assert_eq!(app.count("select count(*) from setting where name = 'inside'").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_brought_up_to_date_at_the_end_is_each_thing_once() {
    fn bring(tx: &Tx<'_>, _: &Ask, region: &str, ids: &[Id]) -> Result<()> {
        let ids: Vec<String> = ids.iter().map(|it| it.0.to_string()).collect();
        let name = format!("brought {region}");
        tx.run("insert into setting (name, value) values ($1, $2)", &[&name, &ids.join(" ")]).map(drop)
    }
    on_both(async |app| {
        let ask = Ask::system(&app.app, "1");
        let write = app.app.db.write(move |tx| {
            for (region, id) in [("1", 7), ("1", 3), ("2", 7), ("1", 7)] {
                tx.at_end("setting", &ask, region, Id(id), bring);
            }
            let failed = tx.attempt(|tx| {
                tx.at_end("setting", &ask, "1", Id(5), bring);
                Err::<(), _>(Error::invalid("x", "不行"))
            });
            assert!(failed.is_err());
            assert_eq!(tx.count("select count(*) from setting where name like 'brought%'", &[])?, 0);
            Ok(())
        });
        write.await.unwrap();
        let brought = app.app.db.read(|tx| {
            tx.rows("select name, value from setting where name like 'brought%' order by name", &[], |row| {
                Ok((row.get::<String>(0)?, row.get::<String>(1)?))
            })
        });
        let said = |name: &str, ids: &str| (name.to_string(), ids.to_string());
        assert_eq!(brought.await.unwrap(), [said("brought 1", "3 7"), said("brought 2", "7")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_wait_together_share_a_commit_and_not_a_failure() {
    on_both(async |app| {
        let started = Instant::now();
        let writes = (0..400).map(|n| {
            let db = app.app.db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    tx.run("insert into setting (name, value) values ($1, '')", &[&format!("n{n}")])?;
                    if n % 10 == 0 { Err(Error::internal("every tenth")) } else { Ok(()) }
                })
                .await
            })
        });
        let results = futures_util::future::join_all(writes).await;
        let good = results.into_iter().filter(|it| it.as_ref().unwrap().is_ok()).count();
        assert_eq!(good, 360);
        assert_eq!(app.count("select count(*) from setting where name like 'n%'").await, 360);
        eprintln!("{:?}: 400 writes in {:?}", app.app.db.kind(), started.elapsed());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn much_is_counted_to_a_bound_and_one_more() {
    on_both(async |app| {
        for name in ["a", "b", "c", "d"] {
            app.run(&format!("insert into setting (name, value) values ('bound-{name}', '')")).await;
        }
        let counted = async |most: i64| {
            let from = "from setting where name like 'bound-%'";
            app.app.db.read(move |tx| tx.count_to(most, from, &[])).await.unwrap()
        };
        assert_eq!((counted(2).await, counted(4).await, counted(9).await), (3, 4, 4));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_one_state_while_others_write() {
    on_both(async |app| {
        let (db, runtime) = (app.app.db.clone(), tokio::runtime::Handle::current());
        let seen = app
            .app
            .db
            .read(move |tx| {
                let count = "select count(*) from setting where name = 'new'";
                let before = tx.count(count, &[])?;
                runtime.block_on(db.write(|tx| tx.run("insert into setting (name, value) values ('new', '')", &[])))?;
                Ok((before, tx.count(count, &[])?))
            })
            .await
            .unwrap();
        assert_eq!(seen, (0, 0));
        assert_eq!(app.count("select count(*) from setting where name = 'new'").await, 1);
    })
    .await;
}

static FIRST: &[Migration] = &[Migration { name: "0001_first", sql: "create table first (a text not null)" }];
static CHANGED: &[Migration] = &[Migration { name: "0001_first", sql: "create table first (b text not null)" }];
static BROKEN: &[Migration] = &[FIRST[0], Migration { name: "0002_broken", sql: "create table second (a text); oops" }];
static NONE: &[Migration] = &[];

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_runs_once_whole_and_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create().await;
    let mut urls = vec![format!("sqlite:{}", folder.path().join("m.db").display())];
    urls.extend(database.as_ref().map(Database::url));
    for url in urls {
        let db = Db::open(&url).await.unwrap();
        assert_eq!(db.migrate(FIRST).await.unwrap(), ["0001_first"]);
        assert_eq!(db.migrate(FIRST).await.unwrap(), [""; 0]);
        let refused = db.migrate(CHANGED).await.unwrap_err();
        assert!(refused.contains("0001_first") && refused.contains("changed"), "{refused}");
        assert!(db.migrate(NONE).await.unwrap_err().contains("newer"));
        assert!(db.migrate(BROKEN).await.unwrap_err().contains("0002_broken"));
        let there = match db.kind() {
            Kind::Sqlite => "select count(*) from sqlite_master where name = 'second'",
            Kind::Postgres => "select count(*) from pg_class where relname = 'second'",
        };
        assert_eq!(db.read(move |tx| tx.count(there, &[])).await.unwrap(), 0, "nothing of a broken migration stays");
        assert_eq!(db.pending(BROKEN).await.unwrap().missing, ["0002_broken"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_is_there_as_a_whole_or_not_at_all() {
    const INSERT: &str = "insert into setting (name, value) values ($1, $2)";
    on_both(async |app| {
        let load = async |names: &'static [&'static str], fails: bool| {
            app.app
                .db
                .load(&["setting"], move |load| {
                    let rows = Rows::default();
                    names.iter().try_for_each(|it| rows.put(INSERT, &[it, &"值"]))?;
                    load.write(rows)?;
                    if fails { Err(Error::internal("broken off")) } else { Ok(names.len()) }
                })
                .await
        };
        let loaded = async || {
            let sql = "select count(*) from setting where value = '值'";
            app.app.db.read(|tx| tx.count(sql, &[])).await.unwrap()
        };
        assert!(load(&["load.a", "load.b"], true).await.is_err());
        assert_eq!(loaded().await, 0);
        assert_eq!(load(&["load.a", "load.b"], false).await.unwrap(), 2);
        assert_eq!(loaded().await, 2);
        // The keys are there again, and others write as before.
        assert!(load(&["load.c", "load.a"], false).await.is_err());
        assert_eq!(loaded().await, 2);
        assert!(app.app.db.write(|tx| tx.run(INSERT, &[&"load.a", &"值"])).await.is_err());
        app.app.db.write(|tx| tx.run(INSERT, &[&"load.d", &"值"])).await.unwrap();
        assert_eq!(loaded().await, 3);
    })
    .await;
}
