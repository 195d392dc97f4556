//! What the rules allow by name. A new line here is a decision, and its reason stands beside it.

use kit::db::Kind;

/// Addresses for everyone, signed in or not. A new one is a decision: write it down here.
pub const OPEN: &[&str] = &[
    "GET /assets/{name}",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /api/openapi.json",
    "GET /login",
    "POST /login",
    "GET /login/code",
    "POST /login/code",
    "POST /logout",
];

/// Addresses for everyone who is signed in: what concerns only the one who asks.
pub const SIGNED_IN: &[&str] = &[
    "GET /",
    "GET /search",
    "GET /search/suggest",
    "GET /inbox",
    "POST /inbox/read",
    "GET /account",
    "POST /account/password",
    "POST /account/second-factor",
    "POST /account/second-factor/confirm",
    "POST /account/second-factor/remove",
    "GET /account/tokens",
    "POST /account/tokens",
    "POST /account/tokens/{id}/revoke",
    // Borders of counties for maps: published by the government.
    "GET /borders/{code}",
];

/// Addresses that do not begin with their module's word: (beginning, module).
pub const OTHER_ADDRESSES: &[(&str, &str)] = &[
    ("/instruments", "policy"),
    ("/assessments", "assessment"),
    ("/accounts", "house"),
    ("/organisations", "house"),
    ("/places", "house"),
    ("/borders", "house"),
    ("/audit", "house"),
    ("/jobs", "house"),
    ("/events", "house"),
    ("/messages", "house"),
    ("/state", "house"),
];

/// Tables that are not about people, or are found across regions by design, so that `region` does not lead their key.
pub const NOT_BY_REGION: &[&str] = &[
    "migration",
    "place",
    "account",
    "account_person",
    "session",
    "api_token",
    "idempotency",
    "event",
    "job",
    "message",
    "setting",
    // The one table that says in which region a person is kept.
    "person_index",
];

/// House tables that modules may name in SQL: places and organisations are everyone's ground.
pub const SHARED_TABLES: &[&str] = &["place", "organisation"];

/// Other modules' tables that a module reads nevertheless: (where, table). This list only gets shorter.
pub const REACHES: &[(&str, &str)] = &[
    // Lists of assessments show and filter by the elder's name and place.
    ("crates/app/src/assessment/list.rs", "elder"),
    ("crates/app/src/assessment/work.rs", "elder"),
    // Lists and counts of patients show and filter by the elder's name and place.
    ("crates/app/src/chronic/list.rs", "elder"),
    ("crates/app/src/chronic/work.rs", "elder"),
    // So do lists of checks and of those who are due, which are elders with a day beside them.
    ("crates/app/src/healthcheck/list.rs", "elder"),
    ("crates/app/src/healthcheck/list.rs", "elder_due"),
    ("crates/app/src/healthcheck/work.rs", "elder"),
    ("crates/app/src/tcm/list.rs", "elder"),
    ("crates/app/src/tcm/list.rs", "elder_due"),
    ("crates/app/src/tcm/work.rs", "elder"),
    ("crates/app/src/vaccination/list.rs", "elder"),
    ("crates/app/src/vaccination/work.rs", "elder"),
    // Who comes of age is found by the date of birth.
    ("crates/app/src/vaccination/invitation.rs", "elder"),
    // Lists of contracts show and filter by the elder's name, place and groups, and by the team's name.
    ("crates/app/src/contracting/list.rs", "elder"),
    ("crates/app/src/contracting/list.rs", "elder_group"),
    ("crates/app/src/contracting/list.rs", "team"),
    ("crates/app/src/contracting/work.rs", "elder"),
    ("crates/app/src/contracting/renew.rs", "elder"),
    // The command that imports finds the county by who works in it.
    ("crates/app/src/elders/import/guess.rs", "account"),
];

/// Code that fills or counts every table: the generator and its command.
pub const FILLS_ALL_TABLES: &[&str] = &["crates/app/src/generate/", "crates/yiyang/src/generate.rs"];

/// Texts that are data and not sentences of a page: names of people, headers and words of foreign ledgers and laboratories.
pub const DATA: &[&str] = &[
    "crates/app/src/generate/",
    "crates/app/src/elders/ledger/",
    "crates/app/src/healthcheck/labs/file.rs",
    "crates/app/src/institutions/headers.rs",
    "crates/app/src/workforce/headers.rs",
    "crates/kit/src/sheet/",
];

/// Chinese sentences without English, by the module they stand in. These numbers only fall; a module that is not here has none.
pub const WITHOUT_ENGLISH: &[(&str, usize)] = &[("house", 27), ("elders", 50)];

/// Files that ask what time it is: the clock, and the store of files for the file system's own time.
pub const CLOCKS: &[&str] = &["crates/kit/src/clock.rs", "crates/kit/src/files/store.rs"];

/// Files of more than 500 lines, with the lines they have. These numbers only fall.
pub const LONG_FILES: &[(&str, usize)] = &[("crates/kit/src/form.rs", 532)];

/// Marks of SQL that only one engine understands.
pub const ENGINE_MARKS: &[(&str, Kind)] = &[
    ("for update", Kind::Postgres),
    ("to_regclass", Kind::Postgres),
    ("pg_", Kind::Postgres),
    ("clock_timestamp", Kind::Postgres),
    ("information_schema", Kind::Postgres),
    ("skip locked", Kind::Postgres),
    ("sqlite_master", Kind::Sqlite),
    ("pragma", Kind::Sqlite),
    ("strftime", Kind::Sqlite),
];
