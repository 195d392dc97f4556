//! A module: everything the product needs to know of one business domain. Adding one is adding its folder and one line.

use std::{future::Future, pin::Pin};

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodRouter, on},
};
use maud::Markup;

use crate::{
    App, Ask, Id, Result, Tx,
    api::ApiDoc,
    events::Event,
    jobs::Work,
    tally::{Count, Facts, Indicator, Lot},
    who::{Perm, Role},
};

/// Work without an end.
pub type Always = Pin<Box<dyn Future<Output = ()> + Send>>;

pub struct Module {
    /// The one word the module goes by everywhere: folder, tables, addresses, permissions, policy file, tests.
    pub name: &'static str,
    pub title: &'static str,
    pub perms: &'static [Perm],
    pub routes: fn() -> Routes,
    pub menu: &'static [Menu],
    /// Who opens its first page most often of all, so that a phone shows it at the bottom.
    pub often: &'static [Role],
    /// What is due, late or wrong for whoever asks: shown on the workbench.
    pub due: Option<fn(&Tx<'_>, &Ask) -> Result<Vec<Due>>>,
    /// Numbers that whoever asks should know without looking for them: at the head of the workbench.
    pub figures: Option<fn(&Tx<'_>, &Ask) -> Result<Vec<Figure>>>,
    /// Charts and maps of what whoever asks would rather look at than read: on the workbench, below what is due.
    pub sights: Option<fn(&Tx<'_>, &Ask) -> Result<Vec<Markup>>>,
    /// What the global search finds.
    pub search: Option<fn(&Tx<'_>, &Ask, &str) -> Result<Vec<Found>>>,
    /// People by name, by ID number, or by `region-id`, for an administrator who lets a family account see one.
    pub persons: Option<fn(&Tx<'_>, &Ask, &str) -> Result<Vec<Person>>>,
    /// Long or repeated work.
    pub jobs: &'static [Work],
    /// What goes on as long as the server runs, beside requests and jobs; it ends when the server does.
    pub always: Option<fn(App) -> Always>,
    /// Work that each server does again and again, such as looking every second for what is due.
    pub beats: &'static [Beat],
    /// Called for each event, in the order of events of a region; may be called twice for one.
    pub listen: Option<fn(&App, &Tx<'_>, &Event) -> Result<()>>,
    /// What the module has to offer on the page of a person whom another module keeps: (region, person).
    pub beside: Option<fn(&Tx<'_>, &Ask, &str, Id) -> Result<Vec<Beside>>>,
    /// Addresses that stand below an entry of the menu which they do not begin with: (address, path of the entry).
    pub under: &'static [(&'static str, &'static str)],
    /// Pages of the house that say less of a thing than the module: (address of the page, where it leads on to).
    pub onward: &'static [(&'static str, Menu)],
    /// The numbers governed by: what the module counts and of what it is a part.
    pub indicators: &'static [Indicator],
    /// What pages of the module count besides, kept in the same way.
    pub counts: &'static [Count],
    /// What the module's facts say of each thing of a lot: all stretches of each of its marks. [`crate::tally::set_all`] is
    /// told the same, and a recount compares.
    pub facts: Option<fn(&Tx<'_>, &App, &Lot<'_>) -> Result<Facts>>,
    /// Things of a kind that the module keeps, named for a list: (kind, county, ids).
    pub named: Option<fn(&Tx<'_>, &Ask, &str, &str, &[Id]) -> Result<Vec<Named>>>,
    /// Stored words in the words of people: subjects and details of the audit trail, parts of a kept decision.
    pub words: &'static [(&'static str, &'static str)],
    /// `"中文" = "English"` for every sentence of the module.
    pub english: &'static str,
    /// SQL texts built at run time, each with values for every parameter, for the test that prepares them all.
    pub lists: &'static [&'static crate::table::List],
}

/// Work that is done again and again, with a pause whenever there was nothing to do.
#[derive(Clone, Copy)]
pub struct Beat {
    pub pause_ms: u64,
    pub round: Round,
}

/// One round of such work; gives whether there was something to do.
pub type Round = fn(App) -> Pin<Box<dyn Future<Output = Result<bool>> + Send>>;

/// A module that does nothing yet; give it what it has: `Module { name: …, ..EMPTY }`.
pub const EMPTY: Module = Module {
    name: "",
    title: "",
    perms: &[],
    routes: Routes::default,
    menu: &[],
    often: &[],
    due: None,
    figures: None,
    sights: None,
    search: None,
    persons: None,
    jobs: &[],
    always: None,
    beats: &[],
    listen: None,
    beside: None,
    under: &[],
    onward: &[],
    indicators: &[],
    counts: &[],
    facts: None,
    named: None,
    words: &[],
    english: "",
    lists: &[],
};

/// An entry of the main menu.
#[derive(Debug, Clone, Copy)]
pub struct Menu {
    pub area: Area,
    pub path: &'static str,
    pub title: &'static str,
    pub icon: &'static str,
    pub perm: Perm,
}

/// The entries of the main menu for whoever asks, area by area.
pub fn menus(ask: &Ask) -> Vec<&'static Menu> {
    let mut all: Vec<&Menu> = ask.app.modules.iter().flat_map(|it| it.menu).filter(|it| ask.may(it.perm)).collect();
    all.sort_by_key(|it| it.area);
    all
}

/// The menu on a phone: what the role opens most often, then what stands first.
pub fn often(ask: &Ask, most: usize) -> Vec<&'static Menu> {
    let modules = ask.app.modules.iter().filter(|it| it.often.contains(&ask.who.role));
    let mut all: Vec<&Menu> = modules.filter_map(|it| it.menu.first()).filter(|it| ask.may(it.perm)).collect();
    for it in menus(ask) {
        if all.iter().all(|one| one.path != it.path) {
            all.push(it);
        }
    }
    all.truncate(most);
    all
}

/// The groups of the main menu, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    People,
    Care,
    Funds,
    Oversight,
    House,
}

impl Area {
    pub const ALL: [Area; 5] = [Area::People, Area::Care, Area::Funds, Area::Oversight, Area::House];

    pub fn title(self) -> &'static str {
        match self {
            Area::People => "人员",
            Area::Care => "服务",
            Area::Funds => "资金",
            Area::Oversight => "监管",
            Area::House => "系统",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Area::People => "people",
            Area::Care => "care",
            Area::Funds => "funds",
            Area::Oversight => "oversight",
            Area::House => "house",
        }
    }
}

/// One number at the head of the workbench; texts in the reader's language.
#[derive(Debug, Clone)]
pub struct Figure {
    pub label: String,
    pub value: i64,
    pub unit: String,
    /// What it is a part of, or since when; may be empty.
    pub note: String,
    /// The list of those it counts.
    pub link: String,
}

/// One line of the workbench.
#[derive(Debug, Clone)]
pub struct Due {
    pub urgency: Urgency,
    /// Already in the reader's language.
    pub title: String,
    pub note: String,
    pub link: String,
    pub icon: &'static str,
    /// How many things this line stands for.
    pub count: i64,
}

impl Due {
    /// What nobody keeps is counted to so many; more are more than that.
    pub const MOST: i64 = 10_000;

    /// The line for `count` things, with title and note in the reader's language; none where there are none.
    pub fn counted(
        ask: &Ask,
        urgency: Urgency,
        [title, note]: [&str; 2],
        link: impl Into<String>,
        icon: &'static str,
        count: i64,
    ) -> Option<Due> {
        let (title, note) = (ask.t(title).to_string(), ask.t(note).to_string());
        (0 < count).then(|| Due { urgency, title, note, link: link.into(), icon, count })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    Wrong,
    Late,
    Today,
    Soon,
}

/// One thing the global search found.
#[derive(Debug, Clone)]
pub struct Found {
    pub group: &'static str,
    pub title: String,
    pub note: String,
    pub link: String,
}

/// One thing a module has to offer beside a person: texts in the reader's language.
#[derive(Debug, Clone)]
pub enum Beside {
    /// Something to do, as a button.
    Action { title: String, icon: &'static str, link: String },
    /// Something known, at a glance.
    Fact { title: String, text: String, note: String, link: String },
}

/// A person as an administrator needs to know one again.
#[derive(Debug, Clone)]
pub struct Person {
    pub region: String,
    pub id: Id,
    pub name: String,
    /// Birth date and place, in the reader's language; nothing that is masked elsewhere.
    pub note: String,
}

/// A thing behind a number, as a list shows it: texts in the reader's language.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: Id,
    pub title: String,
    pub note: String,
    pub place: String,
    pub link: String,
}

/// Routes can only be added together with the permission they need.
#[derive(Default)]
pub struct Routes {
    pub(crate) router: Router<App>,
    pub(crate) list: Vec<Route>,
}

/// Lets through to a route only whoever may.
fn guarded(route: MethodRouter<App>, access: Access) -> MethodRouter<App> {
    route.layer(axum::middleware::from_fn(move |request, next| crate::ask::guard(access, request, next)))
}

/// What is known of a route besides its handler.
#[derive(Debug, Clone)]
pub struct Route {
    pub method: Method,
    pub path: String,
    pub access: Access,
    pub api: Option<ApiDoc>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Access {
    /// For everyone, signed in or not: sign-in, health, assets.
    Open,
    /// For everyone who is signed in: workbench, own account, inbox.
    SignedIn,
    Needs(Perm),
}

impl Routes {
    /// A page that is read.
    pub fn page<H: Handler<T, App>, T: 'static>(self, path: &str, perm: Perm, handler: H) -> Routes {
        self.add(Method::GET, path, Access::Needs(perm), None, handler)
    }

    /// A form that is sent.
    pub fn action<H: Handler<T, App>, T: 'static>(self, path: &str, perm: Perm, handler: H) -> Routes {
        self.add(Method::POST, path, Access::Needs(perm), None, handler)
    }

    /// An address of the JSON API, below `/api/v1`.
    pub fn api<H: Handler<T, App>, T: 'static>(
        self,
        method: Method,
        path: &str,
        perm: Perm,
        doc: ApiDoc,
        handler: H,
    ) -> Routes {
        self.add(method, &format!("/api/v1{path}"), Access::Needs(perm), Some(doc), handler)
    }

    /// An address of the JSON API for everyone; what is sent says whether it is let in.
    pub fn open_api<H: Handler<T, App>, T: 'static>(
        self,
        method: Method,
        path: &str,
        doc: ApiDoc,
        handler: H,
    ) -> Routes {
        self.add(method, &format!("/api/v1{path}"), Access::Open, Some(doc), handler)
    }

    /// For everyone who is signed in.
    pub fn signed_in<H: Handler<T, App>, T: 'static>(self, method: Method, path: &str, handler: H) -> Routes {
        self.add(method, path, Access::SignedIn, None, handler)
    }

    /// For everyone.
    pub fn open<H: Handler<T, App>, T: 'static>(self, method: Method, path: &str, handler: H) -> Routes {
        self.add(method, path, Access::Open, None, handler)
    }

    pub(crate) fn merge(mut self, other: Routes) -> Routes {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    fn add<H: Handler<T, App>, T: 'static>(
        mut self,
        method: Method,
        path: &str,
        access: Access,
        api: Option<ApiDoc>,
        handler: H,
    ) -> Routes {
        let filter = method.clone().try_into().expect("routes use the ordinary methods");
        self.router = self.router.route(path, guarded(on(filter, handler), access));
        self.list.push(Route { method, path: path.to_string(), access, api });
        self
    }
}
