//! Files: sent in a form, kept sealed, given back with their type, swept when nothing points at them.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Id, Module, Result, Routes,
    files::{self, Upload},
    module::EMPTY,
    who::{Perm, Role},
};
use serde_json::json;

use crate::support::{COUNTY, on_both_with};

const KEEP: Perm = Perm { name: "filing.write", title: "存档", roles: &[Role::Clinician] };
static FILING: Module = Module { name: "filing", perms: &[KEEP], routes, ..EMPTY };
static MODULES: &[&Module] = &[&FILING];

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a photo of nobody";

fn routes() -> Routes {
    Routes::default().action("/filing", KEEP, keep).page("/filing/{id}", KEEP, show)
}

async fn keep(ask: Ask, upload: Upload<12>) -> Result<Response> {
    let received = upload.file("photo")?;
    let (name, size) = (received.name.clone(), received.size);
    let said = upload.input.get("remark").to_string();
    if name.ends_with(".bin") {
        let whole = received.bytes()?;
        return Ok(
            Json(json!({"size": size, "sum": whole.iter().map(|it| u64::from(*it)).sum::<u64>()})).into_response()
        );
    }
    let stored = ask.app.files.lay(&ask, "photo", &name, received.bytes()?).await?;
    let id = ask.write(move |tx, ask| files::note(tx, ask, COUNTY, &stored)).await?;
    Ok(Json(json!({"id": id, "remark": said})).into_response())
}

async fn show(ask: Ask, Path(id): Path<Id>) -> Result<Response> {
    files::answer(&ask, COUNTY, id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_kept_sealed_and_given_back_as_it_was() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let mut nurse = app.client(Role::Clinician).await;
            let kept =
                nurse.post_file("/filing", &[("remark", "左臂")], ("photo", "C:\\照片 1.jpg", JPEG)).await.ok().json();
            assert_eq!(kept["remark"], "左臂");
            let shown = nurse.get(&format!("/filing/{}", kept["id"].as_str().unwrap())).await.ok();
            assert_eq!(shown.body, JPEG);
            assert_eq!(
                (shown.header("content-type"), shown.header("x-content-type-options")),
                ("image/jpeg", "nosniff")
            );
            assert_eq!(shown.header("content-disposition"), "inline; filename*=UTF-8''%E7%85%A7%E7%89%87%201.jpg");
            let folder = app.folder.path().join("data/files");
            let on_disk = walk(&folder);
            assert_eq!(on_disk.len(), 1);
            let sealed = std::fs::read(&on_disk[0]).unwrap();
            assert!(!sealed.windows(5).any(|it| it == b"photo"));
            std::fs::write(&on_disk[0], [sealed, vec![0]].concat()).unwrap();
            assert_eq!(
                nurse.get(&format!("/filing/{}", kept["id"].as_str().unwrap())).await.status,
                500,
                "a changed file is not shown"
            );
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_kind_or_size_or_without_the_forms_token_is_refused() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let mut nurse = app.client(Role::Clinician).await;
            assert_eq!(nurse.post_file("/filing", &[], ("photo", "a.jpg", b"<script>")).await.status, 422);
            assert_eq!(nurse.post_file("/filing", &[], ("photo", "a.jpg", b"")).await.status, 422);
            assert_eq!(nurse.post_file("/filing", &[], ("photo", "a.jpg", &vec![0xff; 13 << 20])).await.status, 422);
            nurse.csrf = "forged".into();
            assert_eq!(nurse.post_file("/filing", &[], ("photo", "a.jpg", JPEG)).await.status, 403);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_goes_by_the_disk_and_arrives_whole() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let mut nurse = app.client(Role::Clinician).await;
            let answer = nurse.post_file("/filing", &[], ("photo", "a.bin", &vec![3; 9 << 20])).await.ok().json();
            assert_eq!((answer["size"].as_u64(), answer["sum"].as_u64()), (Some(9 << 20), Some(27 << 20)));
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_removes_what_nothing_points_at_and_names_what_is_missing() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let mut nurse = app.client(Role::Clinician).await;
            for (n, name) in [(1, "a.jpg"), (2, "b.jpg"), (3, "c.jpg")] {
                let bytes = [JPEG, &[n]].concat();
                nurse.post_file("/filing", &[], ("photo", name, &bytes)).await.ok();
            }
            let folder = app.folder.path().join("data/files");
            assert_eq!(walk(&folder).len(), 3);
            app.run("delete from file where name = 'a.jpg'").await;
            let swept = files::sweep(&app.app).await.unwrap();
            assert_eq!(
                (swept.files, swept.removed, swept.missing),
                (2, 0, 0),
                "what is young may belong to an open transaction"
            );
            for file in walk(&folder) {
                let old = std::fs::File::options().append(true).open(&file).unwrap();
                old.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000)).unwrap();
            }
            assert_eq!(files::sweep(&app.app).await.unwrap().removed, 1);
            assert_eq!(walk(&folder).len(), 2);
            std::fs::remove_file(&walk(&folder)[0]).unwrap();
            let swept = files::sweep(&app.app).await.unwrap();
            assert_eq!((swept.missing, swept.named.len()), (1, 1));
            assert_eq!(app.count("select cast(value as bigint) from setting where name = 'files_missing'").await, 1);
        },
    )
    .await;
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
        if entry.is_dir() { files.extend(walk(&entry)) } else { files.push(entry) }
    }
    files
}
