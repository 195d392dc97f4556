//! Configuration: one TOML file, every option explained in `crates/yiyang/config.default.toml`.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde::Deserialize;

use crate::who::{Role, session::Limits};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port the server listens on.
    pub listen: String,
    /// How people reach the server, `https://…`; empty: as they come.
    pub public_url: String,
    pub data_dir: PathBuf,
    /// `sqlite:FILE` or `postgres://…`; empty: SQLite in `data_dir`.
    pub database_url: String,
    /// Empty: `keys.toml` in `data_dir`.
    pub key_file: PathBuf,
    /// `aes` or `sm4`, for a key file that is made anew.
    pub cipher: String,
    /// Policy folders; later ones overlay earlier ones. Empty: the one in the program.
    pub policy: Vec<PathBuf>,
    /// A demonstration may use values marked 示例 and advance its day.
    pub demo: bool,
    pub session_idle_minutes: i64,
    pub session_hours: i64,
    /// Roles that must have a second factor.
    pub require_second_factor: Vec<String>,
    /// Where files are kept: a folder, or `s3://…` where built with `object-store`. Empty: `files` in `data_dir`.
    pub files: String,
    /// A map of roads: what `yiyang roads` made of an OpenStreetMap extract, or the extract itself. Empty: ways are told by the straight line.
    pub roads: PathBuf,
    pub mail: Mail,
    pub sms: Sms,
    pub mqtt: Mqtt,
    /// Brokers of others whose messages are taken as well.
    pub brokers: Vec<Broker>,
}

/// Where devices connect.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mqtt {
    /// Address and port; empty: no device connects here.
    pub listen: String,
    /// Certificate chain and key in PEM; empty: without TLS, as behind a proxy or in a closed network.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address; behind a proxy all devices come from its address, so as many as in all.
    pub connections_per_address: usize,
    /// Bytes of a message, at most.
    pub message_bytes: u32,
    /// Messages a second of one device; beyond it reading pauses.
    pub messages_per_second: u32,
}

impl Default for Mqtt {
    fn default() -> Mqtt {
        Mqtt {
            listen: "127.0.0.1:1884".into(),
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            connections: 50_000,
            connections_per_address: 2_000,
            message_bytes: 64 * 1024,
            messages_per_second: 50,
        }
    }
}

/// A broker of somebody else: Mosquitto, EMQX, NATS.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Broker {
    /// Whose devices speak there: the code of a county or city.
    pub place: String,
    /// `mqtt://user:password@host:1883`, `mqtts://…`.
    pub url: String,
    /// What is asked of it, as `iMEDE_watch/#`.
    pub topics: Vec<String>,
    /// Under which name; empty: `yiyang-` and the place.
    pub client: String,
    /// A certificate authority in PEM, where the public ones do not know the broker.
    pub authority: PathBuf,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// `smtp://user:password@host:587`; empty: no e-mail is sent.
    pub url: String,
    pub from: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sms {
    /// Address of the gateway's webhook, `http://…`; empty: no text message is sent.
    pub url: String,
    pub secret: String,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:8080".into(),
            public_url: String::new(),
            data_dir: "data".into(),
            database_url: String::new(),
            key_file: PathBuf::new(),
            cipher: "aes".into(),
            policy: Vec::new(),
            demo: false,
            session_idle_minutes: 60,
            session_hours: 12,
            require_second_factor: vec![Role::Administrator.word().into()],
            files: String::new(),
            roads: PathBuf::new(),
            mail: Mail::default(),
            sms: Sms::default(),
            mqtt: Mqtt::default(),
            brokers: Vec::new(),
        }
    }
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// In words: the file, line and column, and what is wrong.
    pub fn read(file: &Path) -> Result<Config, String> {
        let at = |e: &dyn std::fmt::Display| {
            format!("配置文件“{0}”有误 / the configuration file {0} is wrong:\n{e}", file.display())
        };
        let text = std::fs::read_to_string(file).map_err(|e| {
            format!("配置文件“{0}”读不到({e}) / the configuration file {0} cannot be read: {e}", file.display())
        })?;
        let config: Config = toml::from_str(&text).map_err(|e| at(&e))?;
        config.check().map_err(|e| at(&e))?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        if let Some(odd) = self.require_second_factor.iter().find(|it| Role::parse(it).is_none()) {
            return Err(format!("require_second_factor: 没有角色 / no role “{odd}”"));
        }
        if !matches!(&*self.cipher, "aes" | "sm4") {
            return Err(format!("cipher: 应为 / must be aes or sm4, not “{}”", self.cipher));
        }
        if self.session_idle_minutes < 1 || self.session_hours < 1 {
            return Err("session_idle_minutes, session_hours: 至少为 1 / at least 1".into());
        }
        Ok(())
    }

    pub fn limits(&self) -> Limits {
        Limits {
            idle: SignedDuration::from_mins(self.session_idle_minutes),
            absolute: SignedDuration::from_hours(self.session_hours),
        }
    }

    pub fn database_url(&self) -> String {
        match &*self.database_url {
            "" => format!("sqlite:{}", self.data_dir.join("yiyang.db").display()),
            url => url.to_string(),
        }
    }

    /// Makes the data folder, and sees that it can be written.
    ///
    /// # Errors
    /// In words: why it cannot, and what to do.
    pub fn make_data_dir(&self) -> Result<(), String> {
        let folder = &self.data_dir;
        let written = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        written.map(drop).map_err(|e| {
            format!(
                "数据目录“{0}”不能写入({e}):请检查所有者、权限和磁盘空间,或用 --data-dir 换一个 / \
                 the data folder {0} cannot be written ({e}): check its owner, its permissions and the disk, \
                 or name another with --data-dir",
                folder.display()
            )
        })
    }

    pub fn key_file(&self) -> PathBuf {
        if self.key_file.as_os_str().is_empty() { self.data_dir.join("keys.toml") } else { self.key_file.clone() }
    }

    /// The folder or address where files are kept.
    pub fn files(&self) -> String {
        match &*self.files {
            "" => self.data_dir.join("files").display().to_string(),
            place => place.to_string(),
        }
    }

    pub fn secure_cookies(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    pub fn needs_second_factor(&self, role: Role) -> bool {
        self.require_second_factor.iter().any(|it| it == role.word())
    }
}
