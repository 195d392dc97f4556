//! E-mail by SMTP.

use std::time::Duration;

use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType};

use super::send::{Failure, Waiting};
use crate::config::Mail;

const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) async fn send(config: &Mail, waiting: &Waiting) -> Result<(), Failure> {
    let never = |what: &str| Failure::Never(what.to_string());
    let to = waiting.address.parse().map_err(|_| never("收件地址无效 / the address is not valid"))?;
    let from = config.from.parse().map_err(|_| never("mail.from 无效 / mail.from is not an address"))?;
    // The same id for every attempt: a mail server that got the message before knows it again.
    let id = format!("<{}@yiyang>", waiting.id);
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(&waiting.title)
        .message_id(Some(id))
        .header(ContentType::TEXT_PLAIN)
        .body(waiting.body.clone())
        .map_err(|_| never("邮件无法生成 / the message cannot be built"))?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.url)
        .map_err(|_| never("mail.url 无效 / mail.url is not an SMTP address"))?
        .timeout(Some(TIMEOUT))
        .build();
    transport.send(message).await.map(drop).map_err(|e| {
        let why = e.status().map_or_else(|| e.to_string(), |it| format!("SMTP {it}"));
        if e.is_permanent() { Failure::Never(why) } else { Failure::Later(why) }
    })
}
