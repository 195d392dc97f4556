//! The least taker of messages: appends their payloads to a file, a line each, has the disk confirm every batch, and acknowledges it.
//! It shows how an ear is used, and is what `examples/load` measures the ear alone with. User `dN` is let in with password `pN`.
//!
//! sink ADDRESS FILE [MOST]

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::Arc;

use mqtt::{Ear, House, Limits, Login, Message, Refusal, inbox, taken};
use tokio::net::TcpListener;

struct Hall;

impl House for Hall {
    type Device = ();

    async fn admit(&self, login: &Login) -> Result<(), Refusal> {
        let number = login.user.as_deref().and_then(|it| it.strip_prefix('d'));
        let right =
            number.zip(login.password.as_deref()).is_some_and(|(number, it)| it == format!("p{number}").as_bytes());
        if right { Ok(()) } else { Err(Refusal::WrongLogin) }
    }

    fn may_publish(&self, (): &(), topic: &str) -> bool {
        topic.starts_with("up/")
    }

    fn may_subscribe(&self, (): &(), filter: &str) -> bool {
        filter.starts_with("down/")
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

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, path, most @ ..] = arguments.as_slice() else { return Err("sink ADDRESS FILE [MOST]".into()) };
    let most = most.first().map_or(Ok(8_192), |it| it.parse())?;
    let file = Arc::new(OpenOptions::new().create(true).append(true).open(path)?);
    let (slot, mut inbox) = inbox(16_384);
    let limits = Limits { connections_per_address: 50_000, packets_per_second: 100_000, ..Limits::default() };
    let ear = Ear::new(Hall, limits, slot);
    tokio::spawn(ear.clone().listen(TcpListener::bind(address).await?, None));
    while let Some(batch) = inbox.batch(most).await {
        let file = file.clone();
        let kept = tokio::task::spawn_blocking(move || keep(&file, &batch).map(|()| batch)).await?;
        match kept {
            Ok(batch) => taken(batch),
            // The batch is gone: nothing of it is acknowledged, its devices are cut off and send it again.
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
    Ok(())
}
