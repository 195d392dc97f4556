//! Transport security, with an authority made here.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::home::{place, usual};
use mqtt::{Limits, tls};

/// An authority, and a certificate for 127.0.0.1 signed by it.
pub struct Papers {
    folder: TempDir,
}

impl Papers {
    pub fn made() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut authority = CertificateParams::new([]).unwrap();
        authority.distinguished_name.push(DnType::CommonName, "authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names = ["127.0.0.1".to_string(), "localhost".to_string()];
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        std::fs::write(folder.path().join("chain.pem"), certificate.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

#[tokio::test]
async fn mosquitto_pub_comes_over_tls() {
    let papers = Papers::made();
    let mut place = usual();
    let port = place.port(Some(tls(&papers.path("chain.pem"), &papers.path("key.pem")).unwrap())).await;
    let authority = papers.path("ca.pem");
    let mut command = Command::new("mosquitto_pub");
    command
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-u", "scale", "-P", "secret of scale", "-q", "1"])
        .args(["-t", "up/scale/1", "-m", "x", "-V", "mqttv5", "--cafile"])
        .arg(&authority)
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let Ok(running) = command.spawn() else {
        eprintln!("skipped: there is no mosquitto_pub");
        return;
    };
    place.next().await.receipt.taken();
    let output = timeout(Duration::from_secs(20), running.wait_with_output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test]
async fn who_starts_no_tls_is_closed() {
    let papers = Papers::made();
    let limits = Limits { connect_within: Duration::from_millis(200), ..Limits::default() };
    let place = place(limits, 10);
    let port = place.port(Some(tls(&papers.path("chain.pem"), &papers.path("key.pem")).unwrap())).await;
    let mut silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let closed = timeout(Duration::from_secs(20), silent.read(&mut [0; 10])).await.expect("an end");
    assert!(matches!(closed, Ok(0) | Err(_)));
}

#[test]
fn what_is_wrong_with_a_certificate_names_its_file() {
    let papers = Papers::made();
    std::fs::write(papers.path("empty.pem"), "").unwrap();
    let other = KeyPair::generate().unwrap().serialize_pem();
    std::fs::write(papers.path("other.pem"), other).unwrap();
    for (chain, key, named) in [
        ("no.pem", "key.pem", "no.pem"),
        ("empty.pem", "key.pem", "empty.pem"),
        ("chain.pem", "empty.pem", "empty.pem"),
        ("chain.pem", "other.pem", "other.pem"),
    ] {
        let error = tls(&papers.path(chain), &papers.path(key)).err().expect("an error");
        assert!(error.contains(named), "{chain} {key}: {error}");
    }
}
