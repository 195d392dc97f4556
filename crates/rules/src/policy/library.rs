//! All policy there is, read once: regions, documents, parameters, instruments, working days, worked cases.

use std::{
    collections::BTreeMap,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    Document, Entry, Fault, Faults, InForce, Laid, Regions, Status, TopicInfo,
    files::{self, Kind},
    read,
};
use crate::{
    assessment::{Instrument, InstrumentId},
    base::{Date, Region, Text},
    tariff::{self, Price},
    working_days::{WorkingDays, YearOff},
};

/// The files of a folder: paths relative to it with `/`, and their text.
type Files = Vec<(String, String)>;

/// Everything that governments decide, as data.
#[derive(Debug, Clone)]
pub struct Library {
    regions: Regions,
    documents: BTreeMap<String, Document>,
    laid: BTreeMap<Region, Laid>,
    /// What a region that says nothing has laid down: the names of all parameters.
    unset: Laid,
    /// Price lists, by region.
    prices: BTreeMap<Region, Vec<Price>>,
    instruments: Vec<Instrument>,
    working_days: WorkingDays,
    cases: Files,
    digest: String,
}

impl Library {
    /// Reads policy folders; each later one is laid over those before it: its parameters replace theirs, region by region.
    /// All faults of all files are given at once.
    pub fn load(dirs: &[impl AsRef<Path>]) -> Result<Library, Faults> {
        let unreadable = |(path, error): (PathBuf, io::Error)| {
            let text = match error.kind() {
                ErrorKind::InvalidData => Text::new(
                    "不是 UTF-8 编码的文本；请在编辑器里另存为 UTF-8",
                    "is not text in UTF-8; save it as UTF-8 in your editor",
                ),
                _ => Text::new(format!("读不了：{error}"), format!("cannot be read: {error}")),
            };
            Faults(vec![Fault::of_file(&path.display().to_string(), text)])
        };
        let layer = |dir: &Path| files::gather(dir).map_err(unreadable);
        Library::from_layers(dirs.iter().map(|it| layer(it.as_ref())).collect::<Result<_, _>>()?)
    }

    /// The library of one folder whose files are at hand as path and text.
    pub fn from_files(files: Files) -> Result<Library, Faults> {
        Library::from_layers(vec![files])
    }

    /// The library of several folders, each laid over those before it.
    pub fn from_layers(layers: Vec<Files>) -> Result<Library, Faults> {
        let mut library = Library {
            regions: Regions::default(),
            documents: BTreeMap::new(),
            laid: BTreeMap::new(),
            unset: Laid::default(),
            prices: BTreeMap::new(),
            instruments: Vec::new(),
            working_days: WorkingDays::default(),
            cases: Vec::new(),
            digest: files::digest(&layers),
        };
        let mut faults: Vec<Fault> = layers.iter().flat_map(|layer| files::twice(layer)).collect();
        let files = || layers.iter().flatten().map(|(path, text)| (files::kind(path), path.as_str(), text.as_str()));
        for (kind, path, text) in files() {
            faults.extend(library.take_register(&kind, path, text).err());
        }
        for (kind, path, text) in files() {
            if let Err(wrong) = library.take(kind, path, text) {
                faults.extend(wrong);
            }
        }
        library.check_whole(&mut faults);
        if faults.is_empty() { Ok(library) } else { Err(Faults(faults)) }
    }

    /// Registers first, so that all else can be checked against them.
    fn take_register(&mut self, kind: &Kind, path: &str, text: &str) -> Result<(), Fault> {
        match kind {
            Kind::Sources => {
                let documents: Vec<Document> = read(path, text)?;
                let mut seen = std::collections::BTreeSet::new();
                if let Some(twice) = documents.iter().find(|it| !seen.insert(it.id.clone())) {
                    let id = &twice.id;
                    return Err(Fault::of_file(
                        path,
                        Text::new(format!("编号“{id}”写了两次"), format!("the id “{id}” is written twice")),
                    ));
                }
                self.documents.extend(documents.into_iter().map(|it| (it.id.clone(), it)));
            }
            Kind::Regions => self.regions.replace_by(read(path, text)?),
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, kind: Kind, path: &str, text: &str) -> Result<(), Vec<Fault>> {
        match kind {
            Kind::Sources | Kind::Regions | Kind::Table | Kind::Prose => Ok(()),
            Kind::Unknown => Err(vec![Fault::of_file(path, no_reader())]),
            Kind::Cases => {
                self.cases.push((path.to_owned(), text.to_owned()));
                Ok(())
            }
            Kind::Instrument => self.take_instrument(path, text),
            Kind::Holidays => {
                let years: Vec<YearOff> = read(path, text).map_err(|it| vec![it])?;
                for it in &years {
                    self.known(path, &it.basis).map_err(|it| vec![it])?;
                }
                self.working_days.take(years).map_err(|it| vec![Fault::of_file(path, it)])
            }
            Kind::Topic(region, topic) => self.take_topic(region, &topic, path, text),
            Kind::Prices(region) => self.take_prices(region, path, text),
        }
    }

    fn take_instrument(&mut self, path: &str, text: &str) -> Result<(), Vec<Fault>> {
        let instrument = Instrument::read(path, text)?;
        self.known(path, &instrument.basis).map_err(|it| vec![it])?;
        let same = self.instruments.iter().find(|it| it.id == instrument.id && it.edition == instrument.edition);
        match same {
            Some(same) if same.digest() == instrument.digest() => Ok(()),
            Some(same) => {
                let (id, edition) = (&same.id, &same.edition);
                let zh = format!("量表 {id} 版本 {edition} 已有另一份内容；内容变了须另立版本");
                Err(vec![Fault::of_file(
                    path,
                    Text::new(
                        zh,
                        format!("instrument {id} edition {edition} exists with other content; give it a new edition"),
                    ),
                )])
            }
            None => {
                self.instruments.push(instrument);
                Ok(())
            }
        }
    }

    fn take_topic(&mut self, region: Region, topic: &str, path: &str, text: &str) -> Result<(), Vec<Fault>> {
        let mut own = Laid::default();
        if !own.take(topic, path, text).map_err(|it| vec![it])? {
            return Err(vec![Fault::of_file(path, no_reader())]);
        }
        let mut faults: Vec<Fault> = self.unknown_region(region, path).into_iter().collect();
        let topics = Laid::topics();
        for view in own.views() {
            let info = topics.iter().find(|it| it.name == view.topic).expect("views come from topics");
            let mut doubts = view.doubts(info);
            let unregistered = |id: &String| !self.documents.contains_key(id);
            for entry in view.entries.iter().filter(|it| it.document.as_ref().is_some_and(unregistered)) {
                doubts.push((entry.at, not_registered(entry.document.as_deref().unwrap_or_default())));
            }
            faults.extend(doubts.into_iter().map(|(at, text)| Fault {
                file: path.to_owned(),
                line: at.line,
                column: at.column,
                text,
            }));
        }
        self.laid.entry(region).or_default().replace_by(own);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// A price list; a code that an earlier folder has, too, is replaced as a whole.
    fn take_prices(&mut self, region: Region, path: &str, text: &str) -> Result<(), Vec<Fault>> {
        let new = tariff::read_prices(path, text)?;
        let mut faults: Vec<Fault> = new
            .iter()
            .filter_map(|it| {
                let id = it.document.as_deref().filter(|id| !self.documents.contains_key(*id))?;
                Some(Fault { file: path.to_owned(), line: it.line, column: 1, text: not_registered(id) })
            })
            .collect();
        faults.extend(self.unknown_region(region, path));
        let prices = self.prices.entry(region).or_default();
        prices.retain(|old| new.iter().all(|it| it.code != old.code));
        prices.extend(new);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn unknown_region(&self, region: Region, path: &str) -> Option<Fault> {
        let zh = format!("regions.yaml 里没有区划 {region}");
        let fault = || Fault::of_file(path, Text::new(zh, format!("regions.yaml has no region {region}")));
        self.regions.get(region).is_none().then(fault)
    }

    /// What only shows when all files are in.
    fn check_whole(&self, faults: &mut Vec<Fault>) {
        if let Some(region) = self.regions.circle() {
            let text = Text::new(
                format!("区划 {region} 的上级绕成一圈"),
                format!("the parents of region {region} lead back to itself"),
            );
            faults.push(Fault::of_file("regions.yaml", text));
        }
        for (region, laid) in &self.laid {
            for (name, id, at) in laid.assessment.instruments_named() {
                if self.instrument(id.as_str()).is_none() {
                    let id = id.as_str();
                    let text = Text::new(
                        format!("“{name}”写的量表“{id}”不存在"),
                        format!("“{name}” names an instrument “{id}” that does not exist"),
                    );
                    faults.push(Fault {
                        file: format!("{region}-*/assessment.yaml"),
                        line: at.line,
                        column: at.column,
                        text,
                    });
                }
            }
            for entry in laid.ltci.national.view().entries {
                self.check_mapping(*region, &entry, faults);
            }
        }
    }

    /// A mapping to the national catalogue names services that the region's catalogue has on that day.
    fn check_mapping(&self, region: Region, entry: &Entry, faults: &mut Vec<Fault>) {
        let policy = self.at(region, entry.from);
        let known = policy.read(|it| &it.ltci.services).map_or(&[][..], |it| it);
        let all = entry.value.iter().filter_map(|it| it.as_array()).flatten();
        let named = all.filter_map(|it| it["本地编号"].as_array()).flatten().filter_map(|it| it.as_str());
        for id in named.filter(|id| known.iter().all(|it| it.id != *id)) {
            let text = Text::new(
                format!("“国家目录对照”写的本地项目“{id}”不在当日的服务项目里"),
                format!("“国家目录对照” names a local service “{id}” that the catalogue of that day does not have"),
            );
            let (line, column) = (entry.at.line, entry.at.column);
            faults.push(Fault { file: format!("{region}-*/ltci.yaml"), line, column, text });
        }
    }

    fn known(&self, path: &str, basis: &super::Basis) -> Result<(), Fault> {
        if self.documents.contains_key(basis.document()) {
            return Ok(());
        }
        let at = basis.document.referenced;
        Err(Fault {
            file: path.to_owned(),
            line: at.line(),
            column: at.column(),
            text: not_registered(basis.document()),
        })
    }

    /// The policy of a region on a day.
    pub fn at(&self, region: Region, day: Date) -> InForce<'_> {
        InForce::new(self, region, day)
    }

    /// Names and explicit parents of regions.
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// A document of the register.
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.get(id)
    }

    /// The whole register, by id.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// The topics and their parameters, in reading order.
    pub fn topics(&self) -> Vec<TopicInfo> {
        Laid::topics()
    }

    /// The newest edition of an instrument; the id in any case, with or without `_` and `-`.
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        let id = InstrumentId::new(id);
        self.instruments.iter().filter(|it| id.means(&it.id)).max_by(|one, other| one.edition.cmp(&other.edition))
    }

    /// One edition of an instrument, to show answers given with it.
    pub fn instrument_edition(&self, id: &str, edition: &str) -> Option<&Instrument> {
        let id = InstrumentId::new(id);
        self.instruments.iter().find(|it| id.means(&it.id) && it.edition == edition)
    }

    /// All instruments in all editions, by file name.
    pub fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// Which days are worked.
    pub fn working_days(&self) -> &WorkingDays {
        &self.working_days
    }

    /// SHA-256 over the files, in hexadecimal: two decisions with one digest were made by the same policy.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Says where a library that is to be used in earnest holds values invented for demonstration.
    pub fn refuse_examples(&self) -> Result<(), Faults> {
        let views = self.all_laid().flat_map(|(region, laid)| laid.views().into_iter().map(move |it| (region, it)));
        let examples = views.flat_map(|(region, view)| {
            let examples = view.entries.clone().into_iter().filter(|it| it.status == Status::Example);
            examples.map(move |it| {
                let (topic, name, from) = (view.topic, view.name, it.from);
                let zh = format!("“{name}”从 {from} 起的取值是示例，不能用于正式运行");
                let text = Text::new(zh, format!("“{name}” from {from} is an example and not for production"));
                Fault { file: format!("{region}-*/{topic}.yaml"), line: it.at.line, column: it.at.column, text }
            })
        });
        let prices = self.prices.iter().flat_map(|(region, all)| all.iter().map(move |it| (region, it)));
        let prices = prices.filter(|it| it.1.status == Status::Example).map(|(region, it)| {
            let zh = format!("“{}”从 {} 起的价格是示例，不能用于正式运行", it.name, it.from);
            let text = Text::new(
                zh,
                format!("the price of “{}” from {} is an example and not for production", it.name, it.from),
            );
            Fault { file: format!("{region}-*/tariff-items.csv"), line: it.line, column: 1, text }
        });
        let examples: Vec<Fault> = examples.chain(prices).collect();
        if examples.is_empty() { Ok(()) } else { Err(Faults(examples)) }
    }

    /// The same library as if the values invented for demonstration were not there: a rule that needs one finds no policy.
    pub fn without_examples(mut self) -> Library {
        self.laid.values_mut().for_each(Laid::drop_examples);
        self.prices.values_mut().for_each(|all| all.retain(|it| it.status != Status::Example));
        self
    }

    pub(super) fn unset(&self) -> &Laid {
        &self.unset
    }

    pub(super) fn laid(&self, region: Region) -> Option<&Laid> {
        self.laid.get(&region)
    }

    /// Everything that has a price somewhere, at whatever time.
    pub fn priced(&self) -> impl Iterator<Item = &Price> {
        self.prices.values().flatten()
    }

    pub(super) fn prices(&self, region: Region) -> &[Price] {
        self.prices.get(&region).map_or(&[], |it| it)
    }

    pub(super) fn all_laid(&self) -> impl Iterator<Item = (Region, &Laid)> {
        self.laid.iter().map(|(region, laid)| (*region, laid))
    }

    /// The files of worked cases, as path and text.
    pub(crate) fn case_files(&self) -> &[(String, String)] {
        &self.cases
    }
}

fn no_reader() -> Text {
    Text::new("没有规则读这个文件；请核对文件名", "no rule reads this file; check its name")
}

fn not_registered(id: &str) -> Text {
    Text::new(format!("sources.yaml 里没有编号“{id}”的文件"), format!("sources.yaml has no document “{id}”"))
}
