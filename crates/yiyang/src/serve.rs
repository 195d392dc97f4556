//! `yiyang serve`: pages, API, jobs.

use std::{io::ErrorKind, path::PathBuf};

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
    let listener = tokio::net::TcpListener::bind(&address).await.map_err(|e| unheard(&address, &e))?;
    if !kit::asset::are_built() {
        tracing::warn!("网页资源未构建:请先执行 make web / web assets are not built: run make web");
    }
    println!("yiyang  http://{address}/");
    kit::server::serve(app, listener).await
}

/// Why the address cannot be listened on, and what to do.
fn unheard(address: &str, e: &std::io::Error) -> String {
    let advice = match e.kind() {
        ErrorKind::AddrInUse => {
            "这个端口已被占用:请停掉占用它的程序,或用 --listen 换一个 / \
             the port is taken: stop the program that has it, or name another with --listen"
        }
        ErrorKind::AddrNotAvailable => {
            "本机没有这个地址:本机可用 127.0.0.1,全部网卡用 0.0.0.0 / \
             this machine has no such address: use 127.0.0.1 for itself, 0.0.0.0 for all its networks"
        }
        ErrorKind::PermissionDenied => {
            "没有权限使用 1024 以下的端口:请换用 8080 并在前面放反向代理 / \
             ports below 1024 need privileges: use 8080 behind a reverse proxy"
        }
        _ => "应为 地址:端口,例如 127.0.0.1:8080 / write address:port, such as 127.0.0.1:8080",
    };
    format!("无法监听 {address} / cannot listen on {address}: {e}\n{advice}")
}
