//! Messages: recorded in the fact's transaction, sent by e-mail and webhook, tried again, never made twice.

use std::sync::{Arc, Mutex};

use kit::{
    config::Config,
    notify::{self, Channel, Outgoing},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::support::{TestApp, on_both, on_both_with};

/// What a listener heard.
type Heard = Arc<Mutex<Vec<String>>>;

/// A mail server that takes every message but those to `refused@…`.
async fn mail_server() -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Heard::default();
    let log = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(speak_smtp(stream, Arc::clone(&log)));
        }
    });
    (format!("smtp://{address}"), heard)
}

async fn speak_smtp(stream: TcpStream, heard: Heard) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test\r\n").await.unwrap();
    let (mut line, mut message, mut in_data) = (String::new(), String::new(), false);
    while 0 < stream.read_line(&mut line).await.unwrap_or(0) {
        let answer = if in_data {
            if line == ".\r\n" {
                in_data = false;
                heard.lock().unwrap().push(std::mem::take(&mut message));
                Some("250 taken\r\n")
            } else {
                message.push_str(&line);
                None
            }
        } else if line.starts_with("RCPT") && line.contains("refused@") {
            Some("550 no such person\r\n")
        } else if line.starts_with("DATA") {
            in_data = true;
            Some("354 go on\r\n")
        } else if line.starts_with("QUIT") {
            Some("221 bye\r\n")
        } else {
            Some("250 ok\r\n")
        };
        if let Some(answer) = answer {
            stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
        }
        line.clear();
    }
}

/// A gateway that answers with these statuses in turn, over and over.
async fn gateway(statuses: &'static [u16]) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Heard::default();
    let log = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.unwrap();
                if let Some(it) = line.to_lowercase().strip_prefix("content-length:") {
                    length = it.trim().parse().unwrap();
                }
                if line == "\r\n" {
                    break;
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            let turn = {
                let mut log = log.lock().unwrap();
                log.push(format!("{}\n\n{}", head.trim_end(), String::from_utf8(body).unwrap()));
                log.len() - 1
            };
            let status = statuses[turn % statuses.len()];
            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (format!("http://{address}/sms"), heard)
}

async fn say(app: &TestApp, channel: Channel, address: &'static str, key: &'static str) -> bool {
    let (crypt, now) = (app.app.clone(), app.app.clock.now());
    let made = app.app.db.write(move |tx| {
        let message = Outgoing {
            channel,
            address,
            title: "体检通知",
            body: "请于周三到卫生院体检。",
            unique_key: key,
            account: None,
        };
        notify::outgoing(tx, &crypt.crypt, &message, now)
    });
    made.await.unwrap()
}

async fn state(app: &TestApp) -> (String, i64, Option<String>) {
    let row = app.app.db.read(|tx| {
        tx.one("select state, attempts, error from message order by id desc limit 1", &[], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
    });
    row.await.unwrap()
}

fn with_mail(url: &str) -> impl Fn(&mut Config) {
    move |config| {
        config.mail.url = url.to_string();
        config.mail.from = "yiyang@example.org".into();
    }
}

fn with_gateway(url: &str) -> impl Fn(&mut Config) {
    move |config| {
        config.sms.url = url.to_string();
        config.sms.secret = "gateway-secret".into();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_e_mail_is_sent_once_and_its_address_lies_sealed() {
    let (url, heard) = mail_server().await;
    on_both_with(app::MODULES, with_mail(&url), async |app| {
        heard.lock().unwrap().clear();
        assert!(say(app, Channel::Mail, "wang@example.org", "exam 7").await);
        assert!(!say(app, Channel::Mail, "wang@example.org", "exam 7").await, "the same fact is told once");
        assert_eq!(app.count("select count(*) from message where address is not null").await, 1);
        assert_eq!(notify::send_waiting(&app.app).await.unwrap(), 1);
        assert_eq!(notify::send_waiting(&app.app).await.unwrap(), 0);
        assert_eq!(state(app).await, ("sent".into(), 1, None));
        let heard = heard.lock().unwrap();
        assert_eq!(heard.len(), 1);
        assert!(heard[0].contains("To: wang@example.org") && heard[0].contains("Message-ID: <"), "{}", heard[0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_does_not_exist_is_not_tried_again() {
    let (url, _) = mail_server().await;
    on_both_with(app::MODULES, with_mail(&url), async |app| {
        say(app, Channel::Mail, "refused@example.org", "exam 7").await;
        notify::send_waiting(&app.app).await.unwrap();
        let (state, attempts, error) = state(app).await;
        assert_eq!((&*state, attempts), ("failed", 1));
        assert!(error.unwrap().contains("550"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_message_is_signed_and_tried_again_after_a_pause() {
    let (url, heard) = gateway(&[503, 200]).await;
    on_both_with(app::MODULES, with_gateway(&url), async |app| {
        say(app, Channel::Sms, "13900000000", "alarm 9").await;
        notify::send_waiting(&app.app).await.unwrap();
        assert_eq!(state(app).await, ("waiting".into(), 1, Some("HTTP 503".into())));
        assert_eq!(notify::send_waiting(&app.app).await.unwrap(), 0, "the pause is kept");
        app.run("update message set next_at = created").await;
        notify::send_waiting(&app.app).await.unwrap();
        assert_eq!(state(app).await.0, "sent");
        let heard = heard.lock().unwrap();
        let (head, body) = heard.last().unwrap().rsplit_once("\n\n").unwrap();
        let header = |name: &str| {
            let line = head.lines().find(|it| it.to_lowercase().starts_with(name)).unwrap();
            line.split_once(':').unwrap().1.trim().to_string()
        };
        let at: i64 = header("x-yiyang-timestamp").parse().unwrap();
        assert_eq!(header("x-yiyang-signature"), notify::signature("gateway-secret", at, body));
        assert!(body.contains("13900000000"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_send_a_message_once() {
    let (url, heard) = gateway(&[200]).await;
    on_both_with(app::MODULES, with_gateway(&url), async |app| {
        let before = heard.lock().unwrap().len();
        let other = app.again().await;
        for key in ["a", "b", "c", "d", "e", "f"] {
            say(app, Channel::Sms, "13900000000", key).await;
        }
        let (one, two) = tokio::join!(notify::send_waiting(&app.app), notify::send_waiting(&other));
        assert_eq!(one.unwrap() + two.unwrap(), 6);
        assert_eq!(heard.lock().unwrap().len() - before, 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_a_message_fails_in_words_and_can_be_sent_later() {
    on_both(async |app| {
        say(app, Channel::Sms, "13900000000", "alarm 9").await;
        notify::send_waiting(&app.app).await.unwrap();
        let (state, _, error) = state(app).await;
        assert_eq!(state, "failed");
        assert!(error.unwrap().contains("sms"));
        let (id, now) = (app.count("select id from message").await, app.app.clock.now());
        app.app.db.write(move |tx| notify::retry(tx, kit::Id(id), now)).await.unwrap();
        assert_eq!(app.count("select count(*) from message where state = 'waiting'").await, 1);
    })
    .await;
}
