//! Which region and which day a reader looks at: any day can be looked at as if it were today.

use kit::{Ask, Error, Result, Said, form::encoded, place::Tree};
use rules::{
    base::{Date, Region},
    policy::Library,
};

/// Region and day of the address; the reader's own county and today where it says nothing.
pub struct Asked {
    pub region: Region,
    pub region_name: String,
    pub day: Date,
}

impl Asked {
    pub fn of(ask: &Ask) -> Result<Asked> {
        let tree = ask.app.places.tree();
        let region = match ask.param("region") {
            Some(text) => text.parse().map_err(|_| {
                Error::invalid("region", Said::new("“{value}”不是区划代码,应为 6 位数字").with("value", text))
            })?,
            None => own(&tree, &ask.who.scope.place),
        };
        let day = match ask.param("on") {
            Some(text) => text.parse().map_err(|_| {
                Error::invalid("on", Said::new("“{value}”不是日期,应如 2026-11-21").with("value", text))
            })?,
            None => ask.today(),
        };
        Ok(Asked { region, region_name: name(ask, region), day })
    }

    /// `region=…&on=…`, for links that stay with both.
    pub fn query(&self) -> String {
        format!("region={}&on={}", self.region, self.day)
    }

    /// The page of one parameter.
    pub fn link(&self, topic: &str, param: &str) -> String {
        format!("/policy/{topic}/{}?{}", encoded(param), self.query())
    }
}

/// The county a reader works in, or the city or province where that is the whole scope.
fn own(tree: &Tree, place: &str) -> Region {
    let near = tree.chain(place).into_iter().find(|it| it.code.len() == 6);
    near.and_then(|it| it.code.parse().ok()).unwrap_or(Region::NATION)
}

/// The name of a region: as policy names it, else as the region tree does.
pub fn name(ask: &Ask, region: Region) -> String {
    let library = &ask.app.policy;
    match library.regions().get(region) {
        Some(it) if ask.lang == kit::Lang::En => it.name_en.clone().unwrap_or_else(|| it.name.clone()),
        Some(it) => it.name.clone(),
        None => ask.app.places.tree().name(&region.to_string()).to_string(),
    }
}

/// The regions a reader can choose: those that policy speaks of, the way up from the reader's place, and what lies in it.
pub fn choices(ask: &Ask, library: &Library, chosen: Region) -> Vec<(Region, String)> {
    let tree = ask.app.places.tree();
    let place = &ask.who.scope.place;
    let way = tree.chain(place).into_iter().map(|it| it.code.clone());
    let inside = tree.children(place).map(|it| it.code.clone());
    let around = way.chain(inside).filter(|it| it.len() == 6).filter_map(|it| it.parse().ok());
    let mut all: Vec<Region> = library.regions().iter().map(|it| it.0).chain(around).chain([chosen]).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|it| (it, name(ask, it))).collect()
}
