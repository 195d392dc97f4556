//! Files in an S3-compatible store. Credentials come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …).

use std::sync::Arc;

use futures_util::StreamExt;
use jiff::Timestamp;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use tokio::runtime::Handle;

use super::store::{Item, hash_of, name_of};
use crate::{Error, Result};

#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    folder: Path,
    place: String,
    runtime: Handle,
}

impl Objects {
    pub fn open(place: &str) -> Result<Objects, String> {
        let explain = |e: &dyn std::fmt::Display| format!("{place}: {e}");
        let url = url::Url::parse(place).map_err(|e| explain(&e))?;
        let options = std::env::vars().map(|(name, value)| (name.to_lowercase(), value));
        let (store, folder) = object_store::parse_url_opts(&url, options).map_err(|e| explain(&e))?;
        let runtime = Handle::try_current().map_err(|e| explain(&e))?;
        Ok(Objects { store: store.into(), folder, place: place.to_string(), runtime })
    }

    pub fn place(&self) -> String {
        self.place.clone()
    }

    fn path(&self, hash: &[u8]) -> Path {
        self.folder.clone().join(name_of(hash))
    }

    pub fn write(&self, hash: &[u8], sealed: Vec<u8>) -> Result<()> {
        self.runtime.block_on(self.store.put(&self.path(hash), sealed.into())).map_err(Error::internal)?;
        Ok(())
    }

    pub fn has(&self, hash: &[u8]) -> Result<bool> {
        match self.runtime.block_on(self.store.head(&self.path(hash))) {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(e) => Err(Error::internal(e)),
        }
    }

    pub fn read(&self, hash: &[u8]) -> Result<Option<Vec<u8>>> {
        let path = self.path(hash);
        let read = async { self.store.get(&path).await?.bytes().await };
        match self.runtime.block_on(read) {
            Ok(it) => Ok(Some(it.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(Error::internal(e)),
        }
    }

    pub fn remove(&self, hash: &[u8]) -> Result<()> {
        self.runtime.block_on(self.store.delete(&self.path(hash))).map_err(Error::internal)
    }

    pub fn each(&self, mut with: impl FnMut(Item) -> Result<()>) -> Result<()> {
        let mut listed = self.store.list(Some(&self.folder));
        while let Some(found) = self.runtime.block_on(listed.next()) {
            let found = found.map_err(Error::internal)?;
            let Some(hash) = found.location.filename().and_then(hash_of) else { continue };
            let changed =
                Timestamp::from_millisecond(found.last_modified.timestamp_millis()).map_err(Error::internal)?;
            with(Item { hash, changed })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_store_keeps_what_a_folder_keeps() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let objects = runtime.block_on(async { Objects::open("memory:///files") }).unwrap();
        let hash = vec![7; 32];
        assert_eq!(objects.read(&hash).unwrap(), None);
        objects.write(&hash, b"sealed".to_vec()).unwrap();
        assert!(objects.has(&hash).unwrap());
        let mut listed = Vec::new();
        let note = |it: Item| {
            listed.push(it.hash);
            Ok(())
        };
        objects.each(note).unwrap();
        assert_eq!(listed, std::slice::from_ref(&hash));
        objects.remove(&hash).unwrap();
        assert!(!objects.has(&hash).unwrap());
    }
}
