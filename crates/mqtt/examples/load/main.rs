//! Devices by the thousand: how many messages a second a server acknowledges, how long each takes, and what the server needs for it.
//! Only acknowledgements are counted. A connection that breaks is made again, and what was not acknowledged is sent again (DUP).
//!
//! In templates `{c}` is the number of the connection, `{n}` that of its message, `{ms}` the time by `--at`, `{60..99}` a number that
//! changes from message to message.

mod device;
mod figures;
mod template;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::device::{Device, Kept, Stage, run};
use crate::figures::{Figures, Process};
use crate::template::Template;

#[derive(Parser)]
struct Asked {
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:1883")]
    to: SocketAddr,
    /// How many connections.
    #[arg(long, default_value_t = 1_000)]
    connections: u32,
    /// The number of the first connection.
    #[arg(long, default_value_t = 1)]
    first: u32,
    /// A CSV of client,user,password a connection, without a heading, instead of the three templates.
    #[arg(long)]
    logins: Option<std::path::PathBuf>,
    #[arg(long, default_value = "c{c}")]
    client: String,
    #[arg(long, default_value = "d{c}")]
    user: String,
    #[arg(long, default_value = "p{c}")]
    password: String,
    #[arg(long, default_value = "up/d{c}/reading")]
    topic: String,
    #[arg(long, default_value = r#"{"id":"{c}-{n}","hr":{60..99},"spo2":{94..99},"at":{ms}}"#)]
    payload: String,
    /// Speaks over TLS with a server whose certificate this authority signed (PEM).
    #[arg(long)]
    tls: Option<std::path::PathBuf>,
    /// Messages a second of all connections together; without it as fast as the acknowledgements allow.
    #[arg(long)]
    rate: Option<f64>,
    /// Messages of one connection that wait for their acknowledgement.
    #[arg(long, default_value_t = 10)]
    window: u16,
    /// Seconds.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// 4 for MQTT 3.1.1, 5 for MQTT 5.
    #[arg(long, default_value_t = 4)]
    version: u8,
    /// Milliseconds since 1970 at the start, for `{ms}`: $(date +%s%3N).
    #[arg(long, default_value_t = 0)]
    at: u64,
    /// The process of the server, whose processor time and memory are told.
    #[arg(long)]
    pid: Option<u32>,
    /// Writes down each acknowledged message, a line of connection-number each.
    #[arg(long)]
    ledger: Option<std::path::PathBuf>,
}

/// How long is waited at the end for what is not acknowledged.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked = Asked::parse();
    let logins = match &asked.logins {
        None => Vec::new(),
        Some(path) => std::fs::read_to_string(path)?.lines().map(str::to_string).collect(),
    };
    let (topic, payload) = (Arc::new(Template::read(&asked.topic)?), Arc::new(Template::read(&asked.payload)?));
    let tls = asked.tls.as_deref().map(trusting).transpose()?;
    let pause = asked.rate.map(|it| Duration::from_secs_f64(f64::from(asked.connections) / it));
    let (director, stage) = watch::channel(Stage::Connecting);
    let (arrived, mut all_there) = mpsc::channel::<()>(1);
    let (ledger, writer) = ledger(asked.ledger.as_deref())?;
    let doors = Arc::new(Semaphore::new(100));
    let mut running = tokio::task::JoinSet::new();
    for place in 0..asked.connections {
        let number = asked.first + place;
        let [client, user, password] = match logins.get(place as usize) {
            Some(line) => three(line).ok_or_else(|| format!("{line:?} is no client,user,password"))?,
            None if logins.is_empty() => {
                [&asked.client, &asked.user, &asked.password].map(|it| it.replace("{c}", &number.to_string()))
            }
            None => return Err("there are more connections than logins".into()),
        };
        running.spawn(run(Device {
            to: asked.to,
            number,
            version: asked.version,
            tls: tls.clone(),
            client,
            user,
            password,
            topic: topic.clone(),
            payload: payload.clone(),
            at: asked.at,
            window: asked.window,
            pause,
            // Devices that send at a pace do not send at once.
            wait: pause.unwrap_or_default().mul_f64(f64::from(place) / f64::from(asked.connections)),
            doors: doors.clone(),
            stage: stage.clone(),
            arrived: arrived.clone(),
            patience: PATIENCE,
            ledger: ledger.clone(),
        }));
    }
    drop((arrived, ledger));
    let connecting = Instant::now();
    all_there.recv().await;
    println!("{} connections in {:.1} s", asked.connections, connecting.elapsed().as_secs_f64());
    let (server, own) = (asked.pid.map(Process::now).transpose()?, Process::now(std::process::id())?);
    director.send(Stage::SendingSince(Instant::now()))?;
    tokio::time::sleep(Duration::from_secs(asked.seconds)).await;
    director.send(Stage::Over)?;
    let mut figures = Figures::default();
    while let Some(device) = running.join_next().await {
        figures.add(&device?);
    }
    if let Some(writer) = writer {
        writer.join().map_err(|_| "the ledger broke")??;
    }
    println!("{}", figures.told());
    let own = Process::now(std::process::id())?.since(&own);
    println!("load tool: {own}");
    if let (Some(pid), Some(before)) = (asked.pid, server) {
        println!("server:    {}", Process::now(pid)?.since(&before));
    }
    Ok(())
}

fn trusting(authority: &std::path::Path) -> Result<TlsConnector, Box<dyn std::error::Error>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(authority)? {
        roots.add(certificate?)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn three(line: &str) -> Option<[String; 3]> {
    let parts: Vec<String> = line.split(',').map(|it| it.trim().to_string()).collect();
    parts.try_into().ok()
}

type Writer = std::thread::JoinHandle<std::io::Result<()>>;

/// Where acknowledged messages are written down, by a thread of its own.
fn ledger(
    path: Option<&std::path::Path>,
) -> std::io::Result<(Option<std::sync::mpsc::Sender<Vec<Kept>>>, Option<Writer>)> {
    let Some(path) = path else { return Ok((None, None)) };
    let mut file = BufWriter::new(File::create(path)?);
    let (sender, receiver) = std::sync::mpsc::channel::<Vec<Kept>>();
    let writer = std::thread::spawn(move || {
        for kept in receiver {
            for Kept { connection, message } in kept {
                writeln!(file, "{connection}-{message}")?;
            }
        }
        file.flush()
    });
    Ok((Some(sender), Some(writer)))
}
