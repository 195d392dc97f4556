//! One request: who asks, in which language, on which day. Every handler starts with it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request},
    http::request::Parts,
    middleware::Next,
    response::Response,
};
use jiff::Timestamp;
use rules::base::Date;

use crate::{
    App, Error, Id, Lang, Result, Scope, Tx, Who, audit,
    idempotency::Reservation,
    module::Access,
    who::{Perm, session::Session},
};

/// Who asks, and under which circumstances. Cheap to clone.
#[derive(Clone)]
pub struct Ask {
    pub app: App,
    pub who: Arc<Who>,
    pub lang: Lang,
    pub now: Timestamp,
    /// Large print.
    pub large: bool,
    pub path: Arc<str>,
    /// The query of the address, for links that keep it.
    pub query: Arc<BTreeMap<String, String>>,
    /// Unread messages in the inbox.
    pub unread: i64,
    /// What the last deed has to say, shown once.
    pub flash: Option<Arc<str>>,
    /// The request comes from htmx and takes a part of the page.
    pub partial: bool,
    /// The `Idempotency-Key` this request holds.
    pub once: Option<Reservation>,
}

/// What the middleware found out about a request before any route was chosen.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub lang: Lang,
    pub large: bool,
    pub now: Timestamp,
    pub who: Option<Arc<Who>>,
    pub session: Option<Session>,
    pub token: Option<String>,
    pub flash: Option<Arc<str>>,
}

impl Ask {
    /// A request that no browser sent: a job, an import, the generator.
    pub fn of(app: &App, who: Who, now: Timestamp) -> Ask {
        Ask {
            app: app.clone(),
            who: Arc::new(who),
            lang: Lang::Zh,
            now,
            large: false,
            unread: 0,
            flash: None,
            path: "".into(),
            query: Arc::default(),
            partial: false,
            once: None,
        }
    }

    /// The system as it works in one county: what follows from news of other modules.
    pub fn system(app: &App, region: &str) -> Ask {
        let scope = Scope::of(&app.places.tree(), region);
        Ask::of(app, Who::system(scope), app.clock.now())
    }

    /// Today's business day.
    pub fn today(&self) -> Date {
        crate::clock::day_of(self.now)
    }

    /// The sentence in the reader's language.
    pub fn t<'a>(&self, zh: &'a str) -> &'a str {
        self.lang.t(zh)
    }

    /// A stored word in the words of people, as the modules give them; the word itself where none knows it.
    pub fn word<'a>(&'a self, stored: &'a str) -> &'a str {
        let all = self.app.modules.iter().flat_map(|it| it.words);
        all.into_iter().find(|it| it.0 == stored).map_or(stored, |it| self.t(it.1))
    }

    /// The sentence with its placeholders, in the reader's language.
    pub fn f(&self, zh: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
        self.lang.f(zh, values)
    }

    pub fn may(&self, perm: Perm) -> bool {
        self.who.may(perm)
    }

    /// The one of two texts that is in the reader's language.
    pub fn either<'a, T: ?Sized>(&self, zh: &'a T, en: &'a T) -> &'a T {
        if self.lang == Lang::En { en } else { zh }
    }

    /// A query parameter of the address; empty counts as absent.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(|it| it.trim()).filter(|it| !it.is_empty())
    }

    /// The day the address asks about with `on`; today without it.
    ///
    /// # Errors
    /// `Invalid` for what is no day.
    pub fn day_asked(&self) -> Result<Date> {
        match self.param("on") {
            Some(text) => text.parse().map_err(|_| Error::invalid("on", "日期请写作 2026-01-31")),
            None => Ok(self.today()),
        }
    }

    /// The place the address asks about with `place`, and its county.
    ///
    /// # Errors
    /// `Invalid` where none is named, `NotFound` outside the reader's scope and above the counties.
    pub fn place_asked(&self) -> Result<(String, String)> {
        let place = self.param("place").ok_or_else(|| Error::invalid("place", "请填写地区代码"))?;
        let tree = self.app.places.tree();
        let county = tree.county_of(place).filter(|_| self.who.scope.covers(&tree, place)).ok_or(Error::NotFound)?;
        Ok((place.to_string(), county.code.clone()))
    }

    /// Reads with this request at hand.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tx<'_>, &Ask) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let ask = self.clone();
        self.app.db.read(move |tx| work(tx, &ask)).await
    }

    /// Writes with this request at hand.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tx<'_>, &Ask) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let ask = self.clone();
        self.app
            .db
            .write(move |tx| {
                let result = work(tx, &ask)?;
                ask.once.as_ref().map_or(Ok(()), |it| it.mark(tx))?;
                Ok(result)
            })
            .await
    }

    /// Notes in the audit trail what this person did, in the transaction of the deed.
    pub fn note(&self, tx: &Tx<'_>, entry: &audit::Entry<'_>) -> Result<()> {
        audit::write(tx, Some(&self.who), entry, self.now)
    }

    pub fn new_id(&self) -> Id {
        Id::new(self.now)
    }
}

impl FromRequestParts<App> for Ask {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Ask> {
        let visitor = parts.extensions.get::<Visitor>().ok_or_else(|| Error::internal("no visitor"))?;
        let who = visitor.who.clone().ok_or(Error::SignedOut)?;
        let htmx = |name: &str| parts.headers.get(name).is_some_and(|it| it == "true");
        Ok(Ask {
            app: app.clone(),
            who,
            lang: visitor.lang,
            now: visitor.now,
            large: visitor.large,
            unread: visitor.session.as_ref().map_or(0, |it| it.unread),
            flash: visitor.flash.clone(),
            path: parts.uri.path().into(),
            query: Arc::new(crate::form::pairs(parts.uri.query().unwrap_or_default()).into_iter().collect()),
            partial: htmx("hx-request") && !htmx("hx-boosted") && !htmx("hx-history-restore-request"),
            once: parts.extensions.get::<Reservation>().cloned(),
        })
    }
}

/// Lets a request through to its handler only with what the route asks for.
pub(crate) async fn guard(access: Access, request: Request, next: Next) -> Result<Response> {
    let visitor = request.extensions().get::<Visitor>().ok_or_else(|| Error::internal("no visitor"))?;
    match access {
        Access::Open => {}
        Access::SignedIn => {
            visitor.who.as_ref().ok_or(Error::SignedOut)?;
        }
        Access::Needs(perm) => {
            if !visitor.who.as_ref().ok_or(Error::SignedOut)?.may(perm) {
                return Err(Error::Forbidden);
            }
        }
    }
    Ok(next.run(request).await)
}
