//! A page offers nobody what they may not open: a link to an address beyond its reader's permissions keeps its words and
//! loses its address, and a button of that kind is not shown (`_base.scss`).

use axum::http::Method;

use crate::{
    Ask,
    module::{Access, Route},
    who::Perm,
};

/// The pages that need a permission, by address.
pub(crate) struct Guarded(matchit::Router<Perm>);

impl Guarded {
    pub(crate) fn of(routes: &[Route]) -> Guarded {
        let mut known = matchit::Router::new();
        for route in routes.iter().filter(|it| it.method == Method::GET) {
            if let Access::Needs(perm) = route.access {
                known.insert(route.path.as_str(), perm).expect("the routes of the server differ");
            }
        }
        Guarded(known)
    }
}

impl Ask {
    fn may_open(&self, address: &str) -> bool {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        self.app.guarded().0.at(path).map_or(true, |it| self.may(*it.value))
    }

    /// Takes the address from every link that the reader may not follow.
    pub(super) fn without_closed_links(&self, page: &str) -> String {
        let mut kept = String::with_capacity(page.len());
        let mut rest = page;
        while let Some(at) = rest.find("<a ") {
            let end = rest[at..].find('>').map_or(rest.len(), |it| at + it);
            let (tag, after) = (&rest[at..end], &rest[end..]);
            kept.push_str(&rest[..at]);
            match href(tag).filter(|(_, address)| !self.may_open(address)) {
                Some((attribute, _)) => kept.push_str(&tag.replacen(attribute, "", 1)),
                None => kept.push_str(tag),
            }
            rest = after;
        }
        kept.push_str(rest);
        kept
    }
}

/// The address within the house that a tag links to, with its whole attribute.
fn href(tag: &str) -> Option<(&str, &str)> {
    const NAME: &str = " href=\"";
    let at = tag.find(NAME)?;
    let from = at + NAME.len();
    let until = from + tag[from..].find('"')?;
    let address = &tag[from..until];
    address.starts_with('/').then(|| (&tag[at..=until], address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_house_are_looked_at() {
        assert_eq!(
            href("<a class=\"btn\" href=\"/elders/1-2?a=b\" title=\"x\""),
            Some((" href=\"/elders/1-2?a=b\"", "/elders/1-2?a=b"))
        );
        assert_eq!(href("<a href=\"tel:110\""), None);
        assert_eq!(href("<a data-href=\"/elders\""), None);
        assert_eq!(href("<a name=\"top\""), None);
    }
}
