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
    // The visiting app holds nothing before a code has made its phone known; the code is the permission.
    "GET /visit/",
    "GET /visit/{name}",
    "GET /api/v1/sync/terms",
    "POST /api/v1/sync/phones",
    // A locked phone cannot show its token: the signature of its key for calls for help is the permission.
    "POST /api/v1/sync/help",
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
    ("/visit", "visits"),
    ("/sync", "visits"),
    ("/readings", "devices"),
];

/// Tables that every shard may ask, so that `region` does not lead their key: they are not about the people of one county, or
/// say where these are found. (table, why)
pub const REFERENCES: &[(&str, &str)] = &[
    ("migration", "what the schema as a whole has been through"),
    ("place", "the tree of places, the same everywhere"),
    ("organisation", "few and seldom changed; accounts of all regions name one by its number alone"),
    ("account", "somebody signs in before it is known where they work, and may work above the counties"),
    ("account_person", "a family's account may care for persons of two counties"),
    ("session", "found by its token before anything else is known"),
    ("api_token", "found by its token before anything else is known"),
    ("idempotency", "of an account, which may work above the counties"),
    ("event", "the outbox: one queue, delivered in the order of its numbers"),
    ("job", "one queue; a work may be of all counties"),
    ("message", "one queue, to accounts"),
    ("setting", "of the installation"),
    ("indicator_report", "frozen numbers of a place of any level, also above the counties; few"),
    ("indicator_line", "of a report"),
    ("device_adapter", "how makers write their messages, the same everywhere"),
    ("device_source", "ways by which messages come to the installation"),
    ("person_index", "says in which region a person is kept, so that nobody is kept twice"),
];

/// Statements that ask or change the rows of all regions: (where, words of theirs, why).
pub const WHOLE_DATABASE: &[(&str, &str, &str)] = &[
    ("crates/kit/src/audit/head.rs", "from audit_head order by region", "the heads of all chains are sealed together"),
    ("crates/kit/src/audit/mod.rs", "from audit_head order by region", "the audit trail is proved as a whole"),
    ("crates/kit/src/audit/mod.rs", "select distinct region from audit", "a chain without its head is a fault"),
    ("crates/kit/src/house/trail.rs", "from audit_head order by region", "the heads go to the log after the proof"),
    ("crates/kit/src/backup/rows.rs", "select distinct hash from file", "a backup holds the files of all regions"),
    ("crates/kit/src/files/sweep.rs", "from file", "one content is kept once, whichever regions name it"),
    (
        "crates/kit/src/tally/recount.rs",
        "select distinct region from tally_unit",
        "the nightly recount, county by county",
    ),
    ("crates/app/src/elders/age.rs", "select distinct region from elder", "the nightly round, county by county"),
    (
        "crates/app/src/elders/import/guess.rs",
        "from elder_count",
        "the command that imports finds the county by who is in it",
    ),
    (
        "crates/app/src/institutions/institution.rs",
        "where code = $1",
        "a credit code is given once in the country, so all regions are asked",
    ),
    ("crates/app/src/institutions/night.rs", "from institution_fact", "by night: what begins or ends on these days"),
    ("crates/app/src/workforce/night.rs", "from staff_post", "by night: what begins or ends on these days"),
    ("crates/app/src/workforce/night.rs", "from team_member", "by night: what begins or ends on these days"),
    ("crates/app/src/ltci/benefit/night.rs", "from ltci_benefit", "by night: what begins or ends on these days"),
    ("crates/app/src/ltci/benefit/night.rs", "from ltci_agreement", "by night: what begins or ends on these days"),
    (
        "crates/app/src/monitoring/steps.rs",
        "next_at <= $1",
        "the clock of open cases, as one queue, each then held by itself",
    ),
    (
        "crates/app/src/monitoring/steps.rs",
        "sending = 'waiting'",
        "messages of which nothing is known yet, as one queue",
    ),
    (
        "crates/app/src/devices/memory.rs",
        "where serial = $1",
        "a broker of a city says the maker's number alone, so its counties are found by it",
    ),
    ("crates/app/src/generate/mod.rs", "exists (select 1 from elder)", "only an empty database is filled"),
    ("crates/yiyang/src/generate.rs", "select count(*) from elder", "only an empty database is filled"),
];

/// Statements whose tables are known only when they run: (where, words of theirs, why).
pub const COMPOSED: &[(&str, &str, &str)] = &[
    ("crates/kit/src/backup/rows.rs", "{}", "table by table, the whole database"),
    ("crates/kit/src/db/load.rs", "from {table}", "a table of a database beside, handed over as a whole"),
    ("crates/kit/src/db/sqlite.rs", "insert into {table}", "the rows of a load, as the text says that put them"),
    ("crates/kit/src/rotate.rs", "{", "a new key seals every sealed column of the whole database anew"),
    ("crates/kit/src/table/query.rs", "from {", "lists, whose texts are judged as they are asked"),
    ("crates/kit/src/table/query.rs", "from ({", "lists, whose texts are judged as they are asked"),
    ("crates/kit/src/tally/read.rs", "from {from}", "`holding` begins them with the county"),
    ("crates/kit/src/tally/read.rs", "from tally_span x", "within a statement that `holding` begins"),
    ("crates/kit/src/tally/members.rs", "from {from}", "`holding` begins them with the county"),
    ("crates/app/src/elders/counts.rs", "({RECOUNT})", "the recount, whose text is judged by itself"),
    ("crates/app/src/generate/mod.rs", "from {it}", "only an empty database is filled"),
];

/// What could stand in the gaps of a statement that is completed when it runs. `scoped` is a condition that names the regions
/// of the first table.
pub const GAPS: &[(&str, &str)] = &[
    ("{COLUMNS}", "*"),
    ("{FROM}", "organisation o left join institution i on i.region = o.region and i.id = o.id"),
    ("{scope}", "scoped"),
    ("{condition}", "scoped"),
    ("{inside}", "scoped"),
    ("{region}", "$9"),
    ("in {KINDS}", "in ($9)"),
    ("{mine}", ""),
    ("{from}", "from contract c join elder e on e.region = c.region and e.id = c.elder where scoped"),
    ("values {}", "values ($9)"),
    ("({})", "($9)"),
    ("${}", "$9"),
    ("select {}", "select 1"),
];

/// House tables that modules may name in SQL: places and organisations are everyone's ground.
pub const SHARED_TABLES: &[&str] = &["place", "organisation"];

/// Other modules' tables that a module reads nevertheless: (where, table). This list only gets shorter.
pub const REACHES: &[(&str, &str)] = &[
    // Lists of visits and phones show whose they are, and who makes them.
    ("crates/app/src/visits/list.rs", "elder"),
    ("crates/app/src/visits/list.rs", "staff"),
    // Lists of devices show whose home they are in.
    ("crates/app/src/devices/list.rs", "elder"),
    // Dispatch names whom it plans visits to.
    ("crates/app/src/visits/of_day.rs", "elder"),
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
    // Beds at home are listed by the name and place of who lies in them, and by what is due.
    ("crates/app/src/homebed/list.rs", "elder"),
    ("crates/app/src/homebed/list.rs", "elder_due"),
    ("crates/app/src/tcm/list.rs", "elder"),
    ("crates/app/src/tcm/list.rs", "elder_due"),
    ("crates/app/src/tcm/work.rs", "elder"),
    // So do lists and counts of orders of services at home.
    ("crates/app/src/orders/list.rs", "elder"),
    ("crates/app/src/orders/work.rs", "elder"),
    ("crates/app/src/careplan/list.rs", "elder"),
    ("crates/app/src/vaccination/list.rs", "elder"),
    ("crates/app/src/vaccination/work.rs", "elder"),
    // Who comes of age is found by the date of birth.
    ("crates/app/src/vaccination/invitation.rs", "elder"),
    // Lists of tasks show and filter by the elder's name and the team's.
    ("crates/app/src/rounds/list.rs", "elder"),
    ("crates/app/src/rounds/list.rs", "team"),
    // Lists of contracts show and filter by the elder's name, place and groups, and by the team's name.
    ("crates/app/src/contracting/list.rs", "elder"),
    ("crates/app/src/contracting/list.rs", "elder_group"),
    ("crates/app/src/contracting/list.rs", "team"),
    ("crates/app/src/contracting/work.rs", "elder"),
    ("crates/app/src/contracting/renew.rs", "elder"),
    // Lists of benefits and of applications show and filter by the elder's name and place.
    ("crates/app/src/ltci/benefit/list.rs", "elder"),
    ("crates/app/src/ltci/work.rs", "elder"),
    // So do lists of claims, verdicts, payments, reviews, objections and complaints.
    ("crates/app/src/ltci/claim/list.rs", "elder"),
    ("crates/app/src/ltci/settle/list.rs", "elder"),
    // Lists and counts of bills show and filter by the elder's name and place.
    ("crates/app/src/tariff/list.rs", "elder"),
    ("crates/app/src/tariff/work.rs", "elder"),
    // Alarms are listed by the name of whom they are about.
    ("crates/app/src/monitoring/list.rs", "elder"),
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
    "crates/app/src/ltci/claim/headers.rs",
    "crates/app/src/ltci/fund/headers.rs",
    "crates/app/src/ltci/insured/headers.rs",
    "crates/app/src/ltci/provider/headers.rs",
    "crates/app/src/tariff/headers.rs",
    "crates/app/src/vaccination/headers.rs",
    "crates/app/src/workforce/headers.rs",
    "crates/kit/src/sheet/",
];

/// Chinese sentences without English, by the module they stand in. These numbers only fall; a module that is not here has none.
pub const WITHOUT_ENGLISH: &[(&str, usize)] = &[("house", 26), ("elders", 49)];

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
    ("sqlite_stat1", Kind::Sqlite),
    ("pragma", Kind::Sqlite),
    ("strftime", Kind::Sqlite),
];
