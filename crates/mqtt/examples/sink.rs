//! The least taker of messages: appends their payloads to a file, a line each, has the disk confirm every batch, and acknowledges it.
//! It shows how an ear is used, and is what `examples/load` measures the ear alone with. User `dN` is let in with password `pN`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use mqtt::{Broker, Ear, Health, House, Limits, Login, Message, Refusal, inbox, relay, taken, tls};
use tokio::net::TcpListener;

#[derive(Parser)]
struct Asked {
    listen: SocketAddr,
    file: PathBuf,
    /// Messages of one batch at most.
    #[arg(long, default_value_t = 8_192)]
    most: usize,
    /// Speaks TLS with this certificate and its chain (PEM).
    #[arg(long, requires = "key")]
    chain: Option<PathBuf>,
    #[arg(long)]
    key: Option<PathBuf>,
    /// Reads this broker too: mqtt://user:password@host:port.
    #[arg(long)]
    broker: Option<String>,
    /// Everybody may say and ask for everything but `nosubscribe`, and hears what others say, for `benches/paho_interop.py`.
    #[arg(long)]
    open: bool,
}

struct Hall {
    open: bool,
}

impl House for Hall {
    type Device = ();

    async fn admit(&self, login: &Login) -> Result<(), Refusal> {
        let number = login.user.as_deref().and_then(|it| it.strip_prefix('d'));
        let right =
            number.zip(login.password.as_deref()).is_some_and(|(number, it)| it == format!("p{number}").as_bytes());
        if right || self.open { Ok(()) } else { Err(Refusal::WrongLogin) }
    }

    fn may_publish(&self, (): &(), topic: &str) -> bool {
        self.open || topic.starts_with("up/")
    }

    fn may_subscribe(&self, (): &(), filter: &str) -> bool {
        self.open && !filter.ends_with("nosubscribe") || filter.starts_with("down/")
    }
}

fn keep(mut file: &File, batch: &[Message<()>]) -> io::Result<()> {
    let mut lines = Vec::with_capacity(batch.iter().map(|it| it.payload.len() + 1).sum());
    for message in batch {
        lines.extend_from_slice(&message.payload);
        lines.push(b'\n');
    }
    file.write_all(&lines)?;
    file.sync_data()
}

/// Says to all who asked for it what one of them said.
fn pass_on(ear: &Ear<Hall>, batch: &[Message<()>]) {
    for message in batch {
        for connection in ear.find(|()| true) {
            // Who did not ask for it, or does not read, does not get it.
            let _ = connection.send(message.topic.clone(), message.payload.clone());
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked = Asked::parse();
    let file = Arc::new(OpenOptions::new().create(true).append(true).open(&asked.file)?);
    let (slot, mut inbox) = inbox(16_384);
    let limits = Limits { connections_per_address: 50_000, packets_per_second: 100_000, ..Limits::default() };
    if let Some(url) = asked.broker {
        let (topics, client) = (vec!["up/#".into()], "sink".into());
        let broker = Broker { url, topics, client, authority: None, packet_bytes: 1 << 20 };
        let slot = slot.clone();
        tokio::spawn(async move {
            if let Err(wrong) = relay(&broker, Arc::new(()), slot, &Health::default()).await {
                eprintln!("{wrong}");
            }
        });
    }
    let ear = Ear::new(Hall { open: asked.open }, limits, slot);
    let papers = asked.chain.zip(asked.key).map(|(chain, key)| tls(&chain, &key)).transpose()?;
    tokio::spawn(ear.clone().listen(TcpListener::bind(asked.listen).await?, papers));
    while let Some(batch) = inbox.batch(asked.most).await {
        let file = file.clone();
        let kept = tokio::task::spawn_blocking(move || keep(&file, &batch).map(|()| batch)).await?;
        match kept {
            Ok(batch) => {
                if asked.open {
                    pass_on(&ear, &batch);
                }
                taken(batch);
            }
            // The batch is gone: nothing of it is acknowledged, its devices are cut off and send it again.
            Err(error) => eprintln!("{}: {error}", asked.file.display()),
        }
    }
    Ok(())
}
