//! For which institutions somebody may plan.

use kit::{Ask, Error, Id, Result, Tx};

use super::gather::Asked;
use crate::{
    elders::Key,
    institutions::{self, Institution},
    workforce,
};

/// Institutions of the reader's scope whose staff visit homes: (id, name), as forms offer them.
pub fn options(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<(String, String)>> {
    let mut all = workforce::organisations_of(tx, ask)?;
    // Whoever has a whole county plans it together where its institutions help each other.
    if ask.who.scope.organisation.is_none() {
        let tree = ask.app.places.tree();
        for county in ask.who.scope.counties.iter() {
            if ask.who.scope.holds(county, county, None, None) {
                let name = ask.f("{county}全部机构", &[("county", &tree.name(county))]);
                all.insert(0, (format!("all-{county}"), name));
            }
        }
    }
    Ok(all)
}

/// What is planned for, as a form says it: an institution, or `all-` and a county.
pub struct Chosen {
    pub region: String,
    pub organisation: Option<Id>,
    pub place: String,
    pub name: String,
}

/// # Errors
/// `Invalid` for what is not in the reader's scope.
pub fn chosen(tx: &Tx<'_>, ask: &Ask, said: &str) -> Result<Chosen> {
    let wrong = || Error::invalid("organisation", "请选择您管理范围内的机构");
    if let Some(county) = said.strip_prefix("all-") {
        let tree = ask.app.places.tree();
        return match ask.who.scope.organisation.is_none() && ask.who.scope.holds(county, county, None, None) {
            true => Ok(Chosen {
                region: county.to_string(),
                organisation: None,
                place: county.to_string(),
                name: ask.f("{county}全部机构", &[("county", &tree.name(county))]),
            }),
            false => Err(wrong()),
        };
    }
    let id: Id = said.parse().map_err(|_| wrong())?;
    let it = institution(tx, ask, id)?.ok_or_else(wrong)?;
    Ok(Chosen { region: it.key.region.clone(), organisation: Some(id), place: it.place.clone(), name: it.name })
}

/// An institution of the reader's scope by its number alone.
pub fn institution(tx: &Tx<'_>, ask: &Ask, id: Id) -> Result<Option<Institution>> {
    for county in ask.who.scope.counties.iter() {
        match institutions::find(tx, &ask.who.scope, &Key { region: county.clone(), id }) {
            Ok(it) => return Ok(Some(it)),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

impl Chosen {
    pub fn asked(&self, first: rules::base::Date, days: i64, flexible_days: i64) -> Asked {
        Asked { region: self.region.clone(), organisation: self.organisation, first, days, flexible_days }
    }
}
