//! What lies beside the database: keys, assets, disk, files.

use std::path::Path;

use super::{Finding, bad, ok, opens, size, warn};
use crate::{Said, asset, config::Config, files::Files};

/// Free space below which a county's day may not fit any more.
const LOW: u64 = 5 << 30;
const TOO_LOW: u64 = 500 << 20;

pub fn keys(config: &Config) -> Finding {
    let file = config.key_file();
    match opens(config) {
        Ok(crypt) => {
            let said = Said::new("密钥文件 {file} 完好,仅所有者可读,{n} 号密钥在用;请确认离线存有副本");
            ok("keys", said.with("file", file.display()).with("n", crypt.active_key_id()))
        }
        Err(why) => bad("keys", Said::new("密钥文件不可用:{why}").with("why", why)),
    }
}

pub fn assets() -> Finding {
    if asset::are_built() {
        ok("assets", "网页资源已构建")
    } else {
        bad("assets", "网页资源未构建,页面没有样式:请执行 make web 后重新构建程序")
    }
}

pub fn disk(folder: &Path) -> Option<Finding> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    let free = stat.f_bavail * stat.f_frsize;
    let said = |zh| Said::new(zh).with("folder", folder.display()).with("free", size(free));
    Some(match free {
        0..TOO_LOW => bad("disk", said("{folder} 所在磁盘只剩 {free},随时会写不进去:请立即清理或扩容")),
        TOO_LOW..LOW => warn("disk", said("{folder} 所在磁盘只剩 {free},请清理或扩容")),
        _ => ok("disk", said("{folder} 所在磁盘还有 {free}")),
    })
}

pub async fn files(opened: Result<&Files, String>) -> Finding {
    let reached = match opened {
        Ok(files) => files.reach().await.map(|()| files.place()),
        Err(why) => Err(why),
    };
    match reached {
        Ok(place) => ok("files", Said::new("文件存放在 {place},可以读写").with("place", place)),
        Err(why) => bad("files", Said::new("文件库打不开:{why}").with("why", why)),
    }
}
