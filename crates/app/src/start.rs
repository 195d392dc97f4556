//! From a configuration to a running application.

use kit::{
    App, Db, Module, Parts, clock::Clock, config::Config, files::Files, keys, lang, metrics::Metrics, place::Places,
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
    config.make_data_dir()?;
    let english: Vec<&'static str> = modules.iter().map(|it| it.english).chain([kit::ENGLISH]).collect();
    let policy = policy_files::load(&config.policy, config.demo)?;
    lang::load_english(&english, || policy_files::english(&policy))?;
    let db = Db::open(&config.database_url()).await?;
    db.migrate(MIGRATIONS).await?;
    let crypt = keys::open(&db, &config).await?;
    let files = Files::open(&config.files())?;
    if let Err(e) = files.reach().await {
        // People go on working without photos; the doctor and the log say it.
        tracing::error!("{e}");
    }
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
