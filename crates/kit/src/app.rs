//! What one running server holds, shared by all its requests.

use std::{
    any::{Any, TypeId},
    collections::{BTreeSet, HashMap},
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use rules::{
    base::{Date, Region},
    policy::InForce,
};

use crate::{
    Db,
    clock::Clock,
    config::Config,
    crypt::Crypt,
    files::Files,
    metrics::Metrics,
    module::{Module, Route},
    page::Guarded,
    place::{Places, Tree},
    server,
    tally::{self, Counted},
};

/// Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Whole>);

struct Whole {
    parts: Parts,
    counted: Vec<Counted>,
    marks: BTreeSet<&'static str>,
    routes: Vec<Route>,
    guarded: Guarded,
    held: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

pub struct Parts {
    pub db: Db,
    pub crypt: Crypt,
    pub files: Files,
    pub clock: Clock,
    pub config: Config,
    pub places: Places,
    /// What governments decide, as it was when the server started.
    pub policy: Arc<rules::policy::Library>,
    pub modules: &'static [&'static Module],
    pub metrics: Metrics,
}

impl App {
    pub fn new(parts: Parts) -> App {
        let (counted, marks) = (tally::counted(parts.modules), tally::counted_marks(parts.modules));
        let (_, routes) = server::routes(parts.modules);
        let guarded = Guarded::of(&routes);
        App(Arc::new(Whole { parts, counted, marks, routes, guarded, held: Mutex::default() }))
    }

    /// What the indicators of all modules count.
    pub(crate) fn counted(&self) -> &[Counted] {
        &self.0.counted
    }

    /// Whether some indicator looks at a mark.
    pub(crate) fn counts_mark(&self, mark: &str) -> bool {
        self.0.marks.contains(mark)
    }

    /// What is known of each route.
    pub(crate) fn routes(&self) -> &[Route] {
        &self.0.routes
    }

    /// The pages that need a permission.
    pub(crate) fn guarded(&self) -> &Guarded {
        &self.0.guarded
    }

    /// What is laid down for a county on a day; a code that is no region's stands under the nation's rules.
    pub fn policy_in(&self, county: &str, day: Date) -> InForce<'_> {
        self.policy.at(county.parse().unwrap_or(Region::NATION), day)
    }

    /// What a module holds in memory while this server runs, such as who listens; made by default when it is first asked for.
    pub fn held<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        let it = held.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        it.downcast().expect("what is held stands under its own type")
    }

    /// Reads the places anew, at start and after an import.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn reload_places(&self) -> crate::Result<()> {
        let tree = self.db.read(Tree::load).await?;
        self.places.replace(tree);
        Ok(())
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
