//! From a configuration to a running application.

use kit::{
    App, Db, Module, Parts, clock::Clock, config::Config, crypt, crypt::Crypt, files::Files, lang, metrics::Metrics,
    place::Places,
};

use crate::{MIGRATIONS, MODULES, policy_files, regions};

/// Opens database, keys, files and policies, and brings the schema up to date.
///
/// # Errors
/// In words for the operator: what is missing or wrong, and where.
pub async fn start(config: Config) -> Result<App, String> {
    start_with(config, MODULES).await
}

/// As [`start`], with other modules.
///
/// # Errors
/// As [`start`].
pub async fn start_with(config: Config, modules: &'static [&'static Module]) -> Result<App, String> {
    std::fs::create_dir_all(&config.data_dir).map_err(|e| format!("{}: {e}", config.data_dir.display()))?;
    let english: Vec<&'static str> = modules.iter().map(|it| it.english).chain([kit::ENGLISH]).collect();
    lang::load_english(&english)?;
    let db = Db::open(&config.database_url()).await?;
    db.migrate(MIGRATIONS).await?;
    let crypt = keys(&config)?;
    let files = Files::open(&config.files())?;
    let policy = policy_files::load(&config.policy, config.demo)?;
    let app = App::new(Parts {
        db,
        crypt,
        files,
        clock: Clock::default(),
        config,
        places: Places::default(),
        policy,
        modules,
        metrics: Metrics::default(),
    });
    regions::load_if_empty(&app).await?;
    Ok(app)
}

/// The key file; made anew only beside a data folder that has none, since lost keys mean lost data.
fn keys(config: &Config) -> Result<Crypt, String> {
    let file = config.key_file();
    let algorithm = if config.cipher == "sm4" { crypt::Algorithm::Sm4Gcm } else { crypt::Algorithm::Aes256Gcm };
    let opened = if file.exists() { Crypt::open(&file) } else { Crypt::create(&file, algorithm) };
    opened.map_err(|e| e.to_string())
}
