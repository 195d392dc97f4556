//! The project's own rules as tests: what the compiler does not check and a reader should not have to.

mod allowed;
mod database;
mod regions;
mod schema;
mod source;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use allowed::{CLOCKS, DATA, LONG_FILES, OPEN, OTHER_ADDRESSES, SIGNED_IN, WITHOUT_ENGLISH};
use app::MODULES;
use axum::http::Method;
use kit::module::{Access, Route};
use source::{Source, sources};

fn all_sources() -> Vec<Source> {
    ["rules", "kit", "app", "yiyang"].iter().flat_map(|it| sources(&format!("crates/{it}/src"))).collect()
}

fn app_modules() -> BTreeSet<String> {
    let folders = sources("crates/app/src").into_iter().filter_map(|it| {
        let folder = it.path.strip_prefix("crates/app/src/")?.strip_suffix("/mod.rs")?.to_string();
        it.has("const MODULE : Module").then_some(folder)
    });
    folders.collect()
}

/// Says all that is wrong at once.
#[track_caller]
fn none(what: &str, wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{what}:\n  {}\n", wrong.join("\n  "));
}

#[test]
fn every_module_is_in_the_list_under_its_folders_name() {
    let listed: BTreeSet<String> = MODULES.iter().map(|it| it.name.to_string()).collect();
    // The house's own pages are a module that lies in `kit`.
    let with_house: BTreeSet<String> = app_modules().into_iter().chain(["house".to_string()]).collect();
    assert_eq!(listed, with_house);
    assert_eq!(listed.len(), MODULES.len(), "one word is used twice");
}

#[test]
fn permissions_begin_with_their_modules_word() {
    let names = MODULES.iter().flat_map(|module| module.perms.iter().map(move |perm| (module.name, perm.name)));
    none(
        "permissions that are not called MODULE.WORD",
        names
            .filter(|(module, perm)| !perm.starts_with(&format!("{module}.")))
            .map(|it| format!("{} in {}", it.1, it.0)),
    );
}

fn said(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

#[test]
fn every_route_has_a_permission_or_is_open_on_purpose() {
    let routes = routes();
    let with = |access: Access| -> BTreeSet<String> {
        routes.iter().filter(|it| it.access == access && it.method != Method::HEAD).map(said).collect()
    };
    let literal = |all: &[&str]| -> BTreeSet<String> { all.iter().map(ToString::to_string).collect() };
    assert_eq!(with(Access::Open), literal(OPEN));
    assert_eq!(with(Access::SignedIn), literal(SIGNED_IN));
}

#[test]
fn routes_lie_below_their_modules_word_and_need_its_permissions() {
    let mut wrong = Vec::new();
    for module in MODULES {
        for route in routes_of(module) {
            let path = route.path.strip_prefix("/api/v1").unwrap_or(&route.path);
            let is_own = path == format!("/{}", module.name) || path.starts_with(&format!("/{}/", module.name));
            let is_other = OTHER_ADDRESSES.iter().any(|it| path.starts_with(it.0) && it.1 == module.name);
            if !is_own && !is_other {
                wrong.push(format!("{}: address of {}", said(&route), module.name));
            }
            match route.access {
                Access::Needs(perm) if module.perms.contains(&perm) => {}
                Access::Needs(perm) => wrong.push(format!("{}: {} is not of {}", said(&route), perm.name, module.name)),
                Access::SignedIn if SIGNED_IN.contains(&&*said(&route)) => {}
                Access::Open if OPEN.contains(&&*said(&route)) => {}
                _ => wrong.push(format!("{}: needs no permission", said(&route))),
            }
        }
    }
    none("routes", wrong);
}

fn routes() -> Vec<Route> {
    routes_with(MODULES)
}

fn routes_of(module: &'static kit::Module) -> Vec<Route> {
    let house = routes_with(&[]).len();
    routes_with(&[module]).split_off(house)
}

fn routes_with(modules: &[&kit::Module]) -> Vec<Route> {
    kit::server::routes(modules).1
}

#[test]
fn rules_know_no_clock_no_database_and_no_chance() {
    let mut wrong = Vec::new();
    for it in sources("crates/rules/src") {
        for words in ["now (", "SystemTime", "Instant", "rusqlite", "tokio", "axum", "rand :"] {
            if it.has(words) {
                wrong.push(format!("{}: {words}", it.path));
            }
        }
    }
    none("crates/rules", wrong);
}

#[test]
fn the_clock_is_asked_in_one_place() {
    let asks =
        |it: &Source| ["Timestamp", "Zoned", "SystemTime"].iter().any(|clock| it.has(&format!("{clock} : : now")));
    let found = all_sources().into_iter().filter(|it| asks(it) && !CLOCKS.contains(&&*it.path));
    none("files that ask what time it is", found.map(|it| it.path));
}

#[test]
fn every_rule_that_reads_policy_says_which_document_it_follows() {
    let is_rule = |it: &Source| {
        let inside = it.path.trim_start_matches("crates/rules/src/");
        let machinery = ["policy", "cases", "base"];
        it.has("InForce <") && it.has("pub fn") && !machinery.iter().any(|word| inside.starts_with(word))
    };
    let rules: Vec<Source> = sources("crates/rules/src").into_iter().filter(is_rule).collect();
    assert!(6 <= rules.len(), "this test no longer finds the rules");
    none("rules without 依据:", rules.into_iter().filter(|it| !it.text.contains("依据:")).map(|it| it.path));
}

#[test]
fn no_module_opens_its_store_or_its_pages_to_others() {
    let mut wrong = Vec::new();
    for module in app_modules() {
        let front = sources(&format!("crates/app/src/{module}"))
            .into_iter()
            .find(|it| it.path.ends_with(&format!("{module}/mod.rs")))
            .unwrap();
        for inner in ["store", "pages", "api", "list", "work"] {
            if front.has(&format!("pub mod {inner}")) {
                wrong.push(format!("{}: pub mod {inner}", front.path));
            }
        }
    }
    none("rooms that should be closed", wrong);
}

/// The module a source belongs to; `house` for what belongs to none.
fn module_of(path: &str) -> &str {
    path.strip_prefix("crates/app/src/").and_then(|it| it.split_once('/')).map_or("house", |it| it.0)
}

#[test]
fn chinese_sentences_have_their_english() {
    let mut english: HashMap<String, String> = HashMap::new();
    for file in MODULES.iter().map(|it| it.english).chain([kit::ENGLISH]) {
        english.extend(toml::from_str::<HashMap<String, String>>(file).unwrap());
    }
    let is_chinese = |it: &str| it.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
    // Sentences that say it in both languages at once are for those who run the program.
    let is_sentence = |it: &&str| is_chinese(it) && !it.contains(" / ");
    let mut without: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for it in ["crates/kit/src", "crates/app/src"].iter().flat_map(|it| sources(it)) {
        if !DATA.iter().any(|data| it.path.starts_with(data)) {
            let missing = it.texts().filter(is_sentence).filter(|text| !english.contains_key(*text));
            let missing = missing.map(|text| format!("{}: {text}", it.path));
            without.entry(module_of(&it.path).to_string()).or_default().extend(missing);
        }
    }
    let mut wrong = Vec::new();
    for (module, missing) in without {
        let allowed = WITHOUT_ENGLISH.iter().find(|it| it.0 == module).map_or(0, |it| it.1);
        if allowed < missing.len() {
            wrong.push(format!("{module}: {} sentences without English, {allowed} allowed:", missing.len()));
            wrong.extend(missing);
        } else if missing.len() < allowed {
            wrong.push(format!(
                "{module}: {} is fewer than {allowed}: lower the number in WITHOUT_ENGLISH",
                missing.len()
            ));
        }
    }
    none("English", wrong);
}

/// What is said in two places has one English, or the one that is read last would hold in both.
#[test]
fn each_chinese_text_has_one_english() {
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    for file in MODULES.iter().map(|it| it.english).chain([kit::ENGLISH]) {
        let all: BTreeMap<String, String> = toml::from_str(file).unwrap();
        twice.extend(all.into_keys().filter(|it| !seen.insert(it.clone())));
    }
    none("English that stands twice", twice);
}

#[test]
fn placeholders_are_the_same_in_both_languages() {
    let names = |text: &str| -> BTreeSet<String> {
        let parts = text.split('{').skip(1).filter_map(|it| it.split_once('}'));
        parts.map(|it| it.0.to_string()).collect()
    };
    let mut wrong = Vec::new();
    for file in MODULES.iter().map(|it| it.english).chain([kit::ENGLISH]) {
        let all: HashMap<String, String> = toml::from_str(file).unwrap();
        wrong.extend(
            all.iter().filter(|it| !names(it.1).is_subset(&names(it.0))).map(|it| format!("{} = {}", it.0, it.1)),
        );
    }
    none("English that fills what the Chinese does not have", wrong);
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let mut wrong = Vec::new();
    for (path, text) in source::files("crates", ".rs") {
        let lines = text.lines().count();
        let most = LONG_FILES.iter().find(|it| it.0 == path).map_or(500, |it| it.1);
        if most < lines {
            wrong.push(format!("{path}: {lines} lines, {most} allowed"));
        }
    }
    none("files with more than one idea", wrong);
}

#[test]
fn nothing_is_unwrapped_outside_tests_and_nothing_is_left_for_later() {
    let mut wrong = Vec::new();
    for it in all_sources() {
        if it.has(". unwrap (") {
            wrong.push(format!("{}: unwrap()", it.path));
        }
        for macro_name in ["todo", "unimplemented", "dbg"] {
            if it.has(&format!("{macro_name} !")) {
                wrong.push(format!("{}: {macro_name}!", it.path));
            }
        }
    }
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X"].concat()];
    let texts = [("crates", ".rs"), ("crates", ".toml"), ("migrations", ""), ("policy", ""), ("web/src", ".ts")];
    for (path, text) in texts.iter().flat_map(|(folder, ending)| source::files(folder, ending)) {
        let is_marked =
            text.split(|it: char| !it.is_ascii_alphanumeric()).any(|it| marks.iter().any(|mark| mark == it));
        if is_marked {
            wrong.push(format!("{path}: something is left for later"));
        }
    }
    none("unfinished", wrong);
}
