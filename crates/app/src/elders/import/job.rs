//! An import as a job: it runs beside the pages, tells its progress, and leaves its result and the refused rows.

use kit::{
    App, Ask, Error, Id, Lang, Result, Scope, Who, files,
    jobs::{self, Job, Running, Work},
    sheet::{self, Book, Limits},
    who::{Role, account},
};
use serde_json::{Value, json};

use super::record::{self, Choice, Import, Kept, New};
use super::run::{Options, run};
use crate::elders::{WRITE, elder::Key, ledger};

pub const WORK: Work = Work { kind: "elders.import", title: "导入老人台账", run: work, every_minutes: None };

/// Megabytes a spreadsheet may have.
pub const MOST: usize = 100;

/// A file that was uploaded and is to be imported.
pub struct Wanted {
    pub file: Id,
    pub file_name: String,
    pub place: String,
    pub dry_run: bool,
    pub choice: Choice,
}

/// Notes the import and puts its job into the queue.
pub fn enqueue(tx: &kit::Tx<'_>, ask: &Ask, wanted: &Wanted) -> Result<(Key, Id)> {
    let new = New {
        file: Some(wanted.file),
        file_name: &wanted.file_name,
        place: &wanted.place,
        dry_run: wanted.dry_run,
        choice: &wanted.choice,
    };
    let key = record::create(tx, ask, &new)?;
    let job = jobs::New {
        region: &key.region,
        kind: WORK.kind,
        unique_key: None,
        title: WORK.title,
        body: &json!({"import": key}),
        account: Some(ask.who.account),
    };
    let job = jobs::enqueue(tx, &job, ask.now)?;
    record::set_job(tx, &key, job)?;
    Ok((key, job))
}

/// Keeps the file and puts its import into the queue.
pub async fn keep(ask: &Ask, name: &str, bytes: Vec<u8>, place: String, dry_run: bool) -> Result<(Key, Id)> {
    let tree = ask.app.places.tree();
    let county = tree.county_of(&place).filter(|_| ask.who.scope.covers(&tree, &place));
    let region = county.map(|it| it.code.clone());
    let region = region.ok_or_else(|| Error::invalid("place", "请选择您管理范围内的县区、街镇或村(社区)"))?;
    let stored = ask.app.files.lay(ask, "file", name, bytes).await?;
    if stored.media_type.starts_with("image/") || stored.media_type == "application/pdf" {
        return Err(Error::invalid("file", "请选择 Excel、OpenDocument 或 CSV 文件"));
    }
    ask.write(move |tx, ask| {
        let file = files::note(tx, ask, &region, &stored)?;
        let wanted = Wanted { file, file_name: stored.name, place, dry_run, choice: Choice::new() };
        enqueue(tx, ask, &wanted)
    })
    .await
}

/// The book in a file's bytes, read where waiting harms nobody.
pub async fn book(bytes: Vec<u8>, name: String) -> Result<Book> {
    let read = move || sheet::read(&bytes, &name, &Limits::default());
    Ok(tokio::task::spawn_blocking(read).await.map_err(Error::internal)??)
}

fn work(app: App, job: Job) -> Running {
    Box::pin(async move {
        let key: Key = job.body["import"].as_str().unwrap_or_default().parse()?;
        let for_query = key.clone();
        let import = app.db.read(move |tx| record::of_job(tx, &for_query)).await?;
        if import.state != "waiting" {
            return Ok(json!({"import": key}));
        }
        let ask = Ask::of(&app, who(&app, import.account).await?, app.clock.now());
        match bring_in(&ask, &import, job.id).await {
            Ok(result) => Ok(result),
            // The file, the place or the role is wrong: whoever uploaded it reads why on the page of the import.
            Err(e @ (Error::Invalid(_) | Error::Refused(_) | Error::Forbidden | Error::NotFound)) => {
                let kept = Kept { failure: Some(e.summary(Lang::Zh).2), ..Kept::default() };
                ask.write(move |tx, ask| record::finish(tx, ask, &import.key, &kept, None)).await?;
                Ok(json!({"import": key, "failed": true}))
            }
            Err(other) => Err(other),
        }
    })
}

async fn bring_in(ask: &Ask, import: &Import, job: Id) -> Result<Value> {
    let app = &ask.app;
    if !ask.who.may(WRITE) {
        return Err(Error::Forbidden);
    }
    let (region, file) = (import.key.region.clone(), import.file.ok_or(Error::NotFound)?);
    let kept = ask.read(move |tx, _| files::find(tx, &region, file)).await?;
    let (for_bytes, for_keys) = (app.clone(), kept.clone());
    let bytes = tokio::task::spawn_blocking(move || for_bytes.files.bytes(&for_bytes.crypt, &for_keys))
        .await
        .map_err(Error::internal)??;
    let book = book(bytes, import.file_name.clone()).await?;
    let mut reading = ledger::Options::on(ask.today().civil());
    reading.chosen = record::chosen(&import.choice);
    let options = Options {
        place: import.place.clone(),
        dry_run: import.dry_run,
        source: format!("ledger {}", import.file_name),
        reading,
        job: Some(job),
    };
    let outcome = run(ask, &book, &options, |_, _| {}).await?;
    drop(book);
    let mut refused = None;
    if !outcome.report.refused.is_empty() {
        let bytes = outcome.report.refused_workbook()?;
        refused = Some(app.files.lay(ask, "file", &format!("{}.errors.xlsx", import.file_name), bytes).await?);
    }
    let result =
        json!({"import": import.key, "accepted": outcome.report.accepted, "refused": outcome.report.refused.len()});
    let kept = Kept::of(&outcome)?;
    let key = import.key.clone();
    ask.write(move |tx, ask| {
        let file = refused.map(|it| files::note(tx, ask, &key.region, &it)).transpose()?;
        record::finish(tx, ask, &key, &kept, file)
    })
    .await?;
    Ok(result)
}

/// The person who uploaded, as they are when the job runs: who has lost the role since, imports nothing.
async fn who(app: &App, id: Id) -> Result<Who> {
    let account = app.db.read(move |tx| account::by_id(tx, id)).await?;
    let account = account.filter(|it| it.open).ok_or(Error::Forbidden)?;
    let mut scope = Scope::of(&app.places.tree(), &account.place);
    if matches!(account.role, Role::Manager | Role::Carer) {
        scope.organisation = Some(account.organisation.unwrap_or(Id(0)));
    }
    Ok(Who {
        account: account.id,
        login: account.login,
        name: account.name,
        role: account.role,
        organisation: account.organisation,
        scope,
        csrf: String::new(),
        only: None,
    })
}
