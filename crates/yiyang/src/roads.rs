//! `yiyang roads`: the roads of an OpenStreetMap extract as a file that a server loads at once.

use std::{
    fmt::Display,
    fs, io,
    path::{Path, PathBuf},
};

use roads::{Bad, Roads as Network};
use rules::base::{Lang, Text};
use serde_json::json;

use crate::answer::{Failure, Format, print, print_json};

#[derive(clap::Args)]
#[command(
    about = "把 OpenStreetMap 路网转成可快速载入的文件 | Turn an OpenStreetMap extract into a file of roads that loads at once"
)]
pub struct Roads {
    #[arg(help = "路网文件，.osm.pbf | Extract, .osm.pbf")]
    file: PathBuf,
    #[arg(help = "写到这个文件，已有的会被替换 | File to write; one that is there is replaced")]
    out: PathBuf,
    #[arg(long, value_enum, default_value = "json", help = "结果的格式 | Format of the result")]
    format: Format,
}

impl Roads {
    pub fn run(self, lang: Lang) -> Result<(), Failure> {
        let cannot = |zh: &str, en: &str, path: &Path, why: &dyn Display| {
            let name = path.display();
            Failure::new(&Text::new(format!("{zh} {name}：{why}"), format!("cannot {en} {name}: {why}")), lang)
        };
        let extract = fs::read(&self.file).map_err(|e| cannot("读不了", "read", &self.file, &e))?;
        let roads = Network::read(&extract).map_err(|bad| match lang {
            Lang::Zh => cannot("读不了", "read", &self.file, &in_chinese(&bad)),
            Lang::En => cannot("读不了", "read", &self.file, &bad),
        })?;
        let kept = roads.to_bytes();
        replace(&self.out, &kept).map_err(|e| cannot("写不了", "write", &self.out, &e))?;
        let ((crossings, pieces), bytes) = (roads.size(), kept.len());
        let source = roads.source().iter().map(|it| format!("{it:02x}")).collect::<String>();
        let text = Text::new(
            format!("{crossings} 个路口，{pieces} 段路，{bytes} 字节；路网文件的 SHA-256 为 {source}"),
            format!("{crossings} crossings, {pieces} pieces of road, {bytes} bytes; SHA-256 of the extract {source}"),
        );
        match self.format {
            Format::Json => {
                print_json(&json!({ "crossings": crossings, "pieces": pieces, "bytes": bytes, "source": source }));
            }
            Format::Text => print(text.in_lang(lang)),
        }
        Ok(())
    }
}

/// Whoever reads the file meanwhile finds the old one or the new one, never half of it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}

fn in_chinese(bad: &Bad) -> String {
    match bad {
        Bad::Short(at) => format!("文件在第 {at} 字节处中断，请重新下载"),
        Bad::Garbled { at, why } => format!("第 {at} 字节处不是 OpenStreetMap PBF（{why}），请重新下载"),
        Bad::Needs(what) => format!("文件要求读取程序支持 {what}，请换一份不含它的文件"),
        Bad::NoRoad => "文件里没有道路".to_owned(),
        Bad::Foreign => "不是本版本的路网文件，请用原始文件重新生成".to_owned(),
        Bad::Damaged => "路网文件已损坏，请用原始文件重新生成".to_owned(),
    }
}
