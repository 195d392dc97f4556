//! `yiyang serve`: pages, API, jobs.

use std::path::PathBuf;

use kit::config::Config;

#[derive(clap::Args)]
pub struct Args {
    /// 配置文件 | configuration file
    #[arg(long)]
    config: Option<PathBuf>,
    /// 监听地址 | address to listen on, such as 0.0.0.0:8080
    #[arg(long)]
    listen: Option<String>,
    /// 数据目录 | folder of database, keys and files
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// 数据库地址 | sqlite:FILE or postgres://…
    #[arg(long)]
    database_url: Option<String>,
}

impl Args {
    /// The configuration file, overruled by what the command line says.
    pub fn config(&self) -> Result<Config, String> {
        let mut config = self.config.as_deref().map_or(Ok(Config::default()), Config::read)?;
        if let Some(listen) = &self.listen {
            config.listen.clone_from(listen);
        }
        if let Some(data_dir) = &self.data_dir {
            config.data_dir.clone_from(data_dir);
        }
        if let Some(url) = &self.database_url {
            config.database_url.clone_from(url);
        }
        Ok(config)
    }
}

pub async fn run(args: &Args) -> Result<(), String> {
    let config = args.config()?;
    listen(app::start::start(config).await?).await
}

/// Serves a started application until it is told to stop.
pub async fn listen(app: kit::App) -> Result<(), String> {
    let address = app.config.listen.clone();
    let listener = tokio::net::TcpListener::bind(&address)
        .await
        .map_err(|e| format!("无法监听 {address}(已被占用?换用 --listen) / cannot listen on {address}: {e}"))?;
    if !kit::asset::are_built() {
        tracing::warn!("网页资源未构建:请先执行 make web / web assets are not built: run make web");
    }
    println!("yiyang  http://{address}/");
    kit::server::serve(app, listener).await
}
