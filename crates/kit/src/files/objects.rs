//! Files in an S3-compatible store. Credentials come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …).

use std::{future::Future, sync::Arc, time::Duration};

use futures_util::StreamExt;
use jiff::Timestamp;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder, path::Path,
};
use tokio::runtime::Handle;

use super::store::{Item, hash_of, name_of};
use crate::{Error, Result, trouble::Trouble};

/// How long one request may take; a photo over a county's line fits.
const REQUEST: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);
/// How often and how long a request is tried again before whoever waits for it is told.
const RETRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    folder: Path,
    place: String,
    runtime: Handle,
}

impl Objects {
    /// Opens `s3://bucket/folder`.
    pub fn open(place: &str) -> Result<Objects, String> {
        let explain = |e: &dyn std::fmt::Display| {
            format!(
                "{place}: {e}\n应如 s3://桶/文件夹,凭证与地址用环境变量 AWS_… 给出 / \
                 write s3://bucket/folder; credentials and endpoint come from the environment, AWS_…"
            )
        };
        let url = url::Url::parse(place).map_err(|e| explain(&e))?;
        if url.scheme() != "s3" {
            return Err(explain(&"s3://?"));
        }
        let folder = Path::from_url_path(url.path()).map_err(|e| explain(&e))?;
        let store = AmazonS3Builder::from_env()
            .with_url(place)
            .with_client_options(client_options())
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: RETRIES,
                retry_timeout: PATIENCE,
            })
            .build()
            .map_err(|e| explain(&e))?;
        let runtime = Handle::try_current().map_err(|e| explain(&e))?;
        Ok(Objects { store: Arc::new(store), folder, place: place.to_string(), runtime })
    }

    pub fn place(&self) -> String {
        self.place.clone()
    }

    fn path(&self, hash: &[u8]) -> Path {
        self.folder.clone().join(name_of(hash))
    }

    /// Waits for an answer; `None` where the store has no such object.
    fn ask<T>(&self, request: impl Future<Output = object_store::Result<T>>) -> Result<Option<T>> {
        match self.runtime.block_on(request) {
            Ok(it) => Ok(Some(it)),
            Err(object_store::Error::NotFound { source, .. }) if no_bucket(&*source) => {
                Err(Error::trouble(Trouble::Files, source))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(Error::trouble(Trouble::Files, e)),
        }
    }

    pub fn write(&self, hash: &[u8], sealed: Vec<u8>) -> Result<()> {
        let written = self.ask(self.store.put(&self.path(hash), sealed.into()))?;
        written.map(drop).ok_or_else(|| Error::trouble(Trouble::Files, format!("{}: no such bucket", self.place)))
    }

    pub fn has(&self, hash: &[u8]) -> Result<bool> {
        Ok(self.ask(self.store.head(&self.path(hash)))?.is_some())
    }

    pub fn read(&self, hash: &[u8]) -> Result<Option<Vec<u8>>> {
        let path = self.path(hash);
        let read = self.ask(async { self.store.get(&path).await?.bytes().await })?;
        Ok(read.map(|it| it.to_vec()))
    }

    pub fn remove(&self, hash: &[u8]) -> Result<()> {
        self.ask(self.store.delete(&self.path(hash))).map(drop)
    }

    pub fn each(&self, mut with: impl FnMut(Item) -> Result<()>) -> Result<()> {
        let mut listed = self.store.list(Some(&self.folder));
        while let Some(found) = self.runtime.block_on(listed.next()) {
            let found = found.map_err(|e| Error::trouble(Trouble::Files, e))?;
            let Some(hash) = found.location.filename().and_then(hash_of) else { continue };
            let changed =
                Timestamp::from_millisecond(found.last_modified.timestamp_millis()).map_err(Error::internal)?;
            with(Item { hash, changed })?;
        }
        Ok(())
    }
}

/// Plain HTTP as well: a store in the county's own machine room often has no certificate, and every file is sealed.
fn client_options() -> ClientOptions {
    ClientOptions::new().with_allow_http(true).with_timeout(REQUEST).with_connect_timeout(CONNECT)
}

/// A missing bucket is a wrong address, not a missing file.
fn no_bucket(source: &(dyn std::error::Error + 'static)) -> bool {
    source.to_string().contains("NoSuchBucket")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks a real server, such as MinIO or moto: `YIYANG_TEST_S3=s3://bucket/folder` and what `AWS_…` it needs.
    #[test]
    fn a_bucket_keeps_what_a_folder_keeps() {
        let Ok(place) = std::env::var("YIYANG_TEST_S3") else {
            eprintln!("skipped: YIYANG_TEST_S3 names no bucket");
            return;
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let open = |place: &str| runtime.block_on(async { Objects::open(place) }).unwrap();
        let objects = open(&format!("{place}/test-{:x}", rand::random::<u64>()));
        let hash = vec![7; 32];
        assert_eq!(objects.read(&hash).unwrap(), None);
        assert!(!objects.has(&hash).unwrap());
        let sealed: Vec<u8> = (0..6 << 20).map(|at| (at % 251) as u8).collect();
        objects.write(&hash, sealed.clone()).unwrap();
        objects.write(&hash, sealed.clone()).unwrap();
        assert!(objects.has(&hash).unwrap());
        assert_eq!(objects.read(&hash).unwrap(), Some(sealed));
        let mut listed = Vec::new();
        let note = |it: Item| {
            listed.push((it.hash, it.changed));
            Ok(())
        };
        objects.each(note).unwrap();
        assert_eq!((listed.len(), &listed[0].0), (1, &hash));
        assert!(Timestamp::from_second(1_600_000_000).unwrap() < listed[0].1);
        objects.remove(&hash).unwrap();
        assert!(!objects.has(&hash).unwrap());

        let nowhere = open("s3://yiyang-no-such-bucket/files").write(&hash, vec![1]).unwrap_err();
        assert_eq!((nowhere.summary(crate::Lang::En).0, nowhere.summary(crate::Lang::En).1), (503, "files_away"));
    }

    #[test]
    fn an_address_that_is_no_bucket_is_refused_in_words() {
        let said = Objects::open("gs://bucket/files").unwrap_err();
        assert!(said.contains("s3://bucket/folder") && said.contains("s3://桶/文件夹"), "{said}");
    }
}
