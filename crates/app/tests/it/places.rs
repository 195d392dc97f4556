//! The region tree: what ships with the product, and what is brought in.

use kit::{config::Config, place};

use crate::support::{Database, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_knows_the_five_cities() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create().await;
    let mut urls = vec![String::new()];
    urls.extend(database.as_ref().map(Database::url));
    for (n, url) in urls.into_iter().enumerate() {
        let config = Config { data_dir: folder.path().join(n.to_string()), database_url: url, ..Config::default() };
        let started = std::time::Instant::now();
        let app = app::start::start(config).await.unwrap();
        let seconds = started.elapsed().as_secs_f64();
        let tree = app.places.tree();
        assert_eq!(tree.len(), 20_542);
        assert_eq!(tree.full_name("500101"), "重庆市 万州区");
        assert_eq!(tree.county_of("220271001").unwrap().name, "吉林经济开发区");
        assert_eq!(tree.counties("610000").len(), 13);
        eprintln!("{:?}: {seconds:.2} s", app.db.kind());
        assert!(seconds < 10.0, "{seconds} s even without optimisation");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_changes_nothing_and_wrong_lines_are_said() {
    on_both(async |app| {
        const FILE: &str = "\u{feff}代码,名称,上级代码\n99,示范省,\n990103,新县,\n990103001,新镇,\n990102098,飞地街道,990103\n\
                            99010,短,\n990103002,,\n990109001,无主街道,\n990103001,又一个,\n";
        let first = app.app.db.write(|tx| place::import(tx, FILE)).await.unwrap();
        assert_eq!((first.new, first.renamed, first.unchanged), (3, 0, 1));
        let lines: Vec<u64> = first.refused.iter().map(|it| it.line).collect();
        assert_eq!(lines, [6, 7, 9, 8], "{:?}", first.refused);
        let second = app.app.db.write(|tx| place::import(tx, FILE)).await.unwrap();
        assert_eq!((second.new, second.renamed, second.unchanged), (0, 0, 4));
        app.app.reload_places().await.unwrap();
        let tree = app.app.places.tree();
        assert_eq!(tree.county_of("990102098").unwrap().code, "990103");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn grids_are_numbered_below_their_village() {
    on_both(async |app| {
        let add = |name: &'static str| app.app.db.write(move |tx| place::add_grid(tx, "990101001001", name));
        assert_eq!(add("第一网格").await.unwrap(), "990101001001001");
        assert!(add("第一网格").await.is_err(), "two of one name could not be told apart");
        assert_eq!(add("第二网格").await.unwrap(), "990101001001002");
    })
    .await;
}
