//! `yiyang policy explain`: why a decision is what it is, and whether its values would be others by the present policy folder.

use std::path::{Path, PathBuf};

use app::{
    MIGRATIONS,
    policy::{Change, Changed, Kept, Key, Now, Reason, changed, changes, decision},
};
use kit::{Db, Scope, config::Config, place};
use rules::{
    base::{Lang, Text},
    policy::{Library, shown},
};
use serde_json::json;

use crate::answer::{Failure, Format, print, print_json};

/// Those that differ are listed up to here; their number is exact.
const MOST: usize = 10_000;

#[derive(clap::Args)]
pub struct Explain {
    #[arg(
        value_name = "DECISION-ID",
        required_unless_present = "changed",
        help = "决定的编号，如 500103-123 | Id of the decision, such as 500103-123"
    )]
    decision: Option<String>,
    #[arg(
        long,
        conflicts_with = "decision",
        help = "列出取值已变、应当重办的决定 | List the decisions whose values have changed and that are to be taken anew"
    )]
    changed: bool,
    #[arg(long, value_name = "D", default_value = "data", help = "数据目录 | Data folder")]
    data_dir: PathBuf,
    #[arg(
        long,
        value_name = "U",
        default_value = "",
        help = "数据库地址：sqlite:文件 或 postgres://… | Database: sqlite:FILE or postgres://…"
    )]
    database_url: String,
}

/// The present folder, as a demonstration and as an installation in earnest read it.
struct Present {
    with_examples: Library,
    in_earnest: Library,
}

impl Present {
    /// A decision that rests on an invented value was taken in a demonstration, and is compared with one.
    fn beside(&self, kept: &Kept) -> &Library {
        if kept.because.iter().any(Reason::is_example) { &self.with_examples } else { &self.in_earnest }
    }
}

pub fn run(it: &Explain, with_examples: Library, format: Format, lang: Lang) -> Result<(), Failure> {
    let present = Present { in_earnest: with_examples.clone().without_examples(), with_examples };
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Failure::lines([e.to_string()]))?;
    runtime.block_on(async {
        let db = open(&it.data_dir, &it.database_url).await.map_err(|e| Failure::lines([e]))?;
        match &it.decision {
            Some(id) => one(&db, id, &present, format, lang).await,
            None => all(&db, present, format, lang).await,
        }
    })
}

/// Opens a database that is there; this command only reads.
async fn open(data_dir: &Path, database_url: &str) -> Result<Db, String> {
    let config =
        Config { data_dir: data_dir.to_path_buf(), database_url: database_url.to_string(), ..Config::default() };
    let url = config.database_url();
    if let Some(file) = url.strip_prefix("sqlite:")
        && !Path::new(file).exists()
    {
        return Err(format!(
            "没有数据库 {file}；用 --data-dir 指明 / there is no database {file}; name it by --data-dir"
        ));
    }
    let db = Db::open(&url).await?;
    let pending = db.pending(MIGRATIONS).await?;
    if let Some(missing) = pending.missing.first() {
        return Err(format!(
            "数据库缺少迁移 {missing}；先启动一次服务 / the database lacks the migration {missing}; start the server once"
        ));
    }
    Ok(db)
}

/// Whoever may run commands beside the database may see all of it.
fn whole(tx: &kit::Tx<'_>) -> kit::Result<Scope> {
    Ok(Scope::of(&place::Tree::load(tx)?, place::NATION))
}

async fn one(db: &Db, id: &str, present: &Present, format: Format, lang: Lang) -> Result<(), Failure> {
    let not_there =
        || Failure::new(&Text::new(format!("没有决定“{id}”"), format!("there is no decision “{id}”")), lang);
    let key: Key = id.parse().map_err(|_| not_there())?;
    let found = db.read(move |tx| decision(tx, &whole(tx)?, &key.region, key.id)).await;
    let kept = found.map_err(|e| match e {
        kit::Error::NotFound => not_there(),
        other => Failure::lines([other.to_string()]),
    })?;
    let library = present.beside(&kept);
    let changes = changes(library, &kept);
    match format {
        Format::Json => print_json(&json!({
            "decision": kept, "same_folder": kept.policy_digest == library.digest(), "changed": changes,
        })),
        Format::Text => print(&in_words(&kept, &changes, library, lang)),
    }
    Ok(())
}

async fn all(db: &Db, present: Present, format: Format, lang: Lang) -> Result<(), Failure> {
    let found: Changed = db
        .read(move |tx| changed(tx, &whole(tx)?, |kept| present.beside(kept), present.with_examples.digest(), MOST))
        .await
        .map_err(|e| Failure::lines([e.to_string()]))?;
    if format == Format::Json {
        let decisions: Vec<_> =
            found.decisions.iter().map(|(kept, changes)| json!({"decision": kept, "changed": changes})).collect();
        print_json(&json!({"compared": found.compared, "total": found.total, "decisions": decisions}));
        return Ok(());
    }
    for (kept, changes) in &found.decisions {
        print(&format!("{} {} {}", kept.key, kept.subject, kept.day));
        changes.iter().for_each(|it| print(&format!("  {}", change(it, lang))));
    }
    let (compared, total) = (found.compared, found.total);
    print(
        Text::new(
            format!("比对了 {compared} 项按其他政策库作出的决定，{total} 项的取值已变"),
            format!("{compared} decisions taken by other policy folders compared; the values of {total} have changed"),
        )
        .in_lang(lang),
    );
    Ok(())
}

fn in_words(kept: &Kept, changes: &[Change], library: &Library, lang: Lang) -> String {
    let label = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut lines = vec![
        format!("{} {} {} {}", kept.key, kept.subject, kept.policy_region, kept.day),
        format!("{}: {}", label("结论", "answer"), shown(&kept.answer)),
        format!("{}:", label("理由", "reasons")),
    ];
    lines.extend(kept.because.iter().map(|it| format!("  {}", reason(it, library, lang))));
    lines.push(if kept.policy_digest == library.digest() {
        label("按现行政策库作出", "taken by the present policy folder").to_owned()
    } else if changes.is_empty() {
        label("政策库其后有改动，但所依据的取值没有变", "the folder has changed since, but not these values").to_owned()
    } else {
        format!("{}:", label("同一地区、同一天的取值现在不同，应当重办", "values that are others now; decide anew"))
    });
    lines.extend(changes.iter().map(|it| format!("  {}", change(it, lang))));
    lines.join("\n")
}

fn reason(it: &Reason, library: &Library, lang: Lang) -> String {
    let document = it.document.as_deref().and_then(|id| library.document(id));
    let document = document.map_or_else(
        || it.document.clone().unwrap_or_else(|| "-".to_owned()),
        |it| {
            let title = if lang == Lang::Zh { &it.title } else { &it.title_en };
            format!("{} {title}", it.number.as_deref().unwrap_or_default()).trim().to_owned()
        },
    );
    let Reason { topic, param, region_name, from, confirmed, .. } = it;
    let (value, clause) = (shown(&it.value), it.clause.as_deref().unwrap_or_default());
    let example = match (it.is_example(), lang) {
        (false, _) => "",
        (true, Lang::Zh) => "【示例】",
        (true, Lang::En) => " [example]",
    };
    match lang {
        Lang::Zh => format!(
            "{topic}/{param}＝{value}{example}（{region_name}，{from} 起，依据 {document} {clause}，可信 {confirmed}）"
        ),
        Lang::En => format!(
            "{topic}/{param} = {value}{example} ({region_name}, since {from}, document {document} {clause}, confirmed by {confirmed})"
        ),
    }
}

fn change(it: &Change, lang: Lang) -> String {
    let now = match &it.now {
        Now::Value(now) => now.text().in_lang(lang).to_owned(),
        Now::NoPolicy(text) => text.in_lang(lang).to_owned(),
        Now::Unknown => Text::new("政策库里已没有这个参数", "no longer a parameter").in_lang(lang).to_owned(),
    };
    format!("{}/{}: {} → {now}", it.topic, it.param, shown(&it.was))
}
