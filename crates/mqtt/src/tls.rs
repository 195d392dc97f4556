//! Transport security of the devices' port.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Our certificate and key, ready to speak TLS 1.2 and 1.3.
#[derive(Clone)]
pub struct Tls(pub(crate) TlsAcceptor);

/// Reads our certificate with its chain and its key, both as PEM. The error says which file is wrong and how.
pub fn tls(chain: &Path, key: &Path) -> Result<Tls, String> {
    let wrong = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let certificates: Vec<_> =
        CertificateDer::pem_file_iter(chain).and_then(Iterator::collect).map_err(|error| wrong(chain, &error))?;
    if certificates.is_empty() {
        return Err(wrong(chain, &"there is no certificate in it"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|it| it.with_no_client_auth().with_single_cert(certificates, secret))
        .map_err(|error| wrong(key, &error))?;
    Ok(Tls(TlsAcceptor::from(Arc::new(config))))
}
