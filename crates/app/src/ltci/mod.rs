//! Long-term-care insurance (长护险): who is insured and pays in, who asks for benefit and what is decided, who may give care,
//! what is claimed, settled and paid, and what the fund has (S30–S33). What is right is `rules::ltci`.

mod api;
mod benefit;
mod claim;
pub mod fund;
mod insured;
mod lead;
mod marks;
mod provider;
mod settle;
pub mod words;
mod work;

pub use benefit::decide::{Before, Wish, apply, grade_of, grant_before};
pub use claim::{import::CLAIMS, take::take as take_claim};
pub use insured::{
    bulk::{Listed, put as put_insured},
    contribution::{Payment, pay as pay_contribution},
};
pub use provider::{
    agreement::Agreement,
    course::{New as NewCarer, register as register_carer, sign as sign_agreement},
    handler::set as hand_to,
};
pub use settle::{
    export::files as export_files,
    keep::latest as latest_run,
    pay::done as payments_done,
    work::confirm as confirm_month,
    work::{Outcome, settle as settle_month},
};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "ltci",
    title: "长期护理保险",
    perms: &[
        READ, ENROL, FUND, PROVIDERS, APPLY, HANDLE, AUDIT, LEADS, ANSWER, PLAN, CLAIM, SETTLED, COMPLAIN, COMPLAINTS,
    ],
    routes,
    menu: &[
        Menu { area: Area::Funds, path: "/ltci", title: "长护险待遇", icon: "shield-check", perm: READ },
        Menu {
            area: Area::Funds, path: "/ltci/providers", title: "长护险定点机构", icon: "hospital", perm: PROVIDERS
        },
        Menu { area: Area::Funds, path: "/ltci/claims", title: "长护险结算", icon: "receipt", perm: SETTLED },
        Menu { area: Area::Funds, path: "/ltci/leads", title: "疑点线索", icon: "search", perm: LEADS },
        Menu { area: Area::Funds, path: "/ltci/insured", title: "长护险参保", icon: "people", perm: ENROL },
        Menu { area: Area::Funds, path: "/ltci/fund", title: "长护险基金", icon: "bar-chart", perm: FUND },
    ],
    under: &[
        ("/ltci/settlements", "/ltci/claims"),
        ("/ltci/verdicts", "/ltci/claims"),
        ("/ltci/samples", "/ltci/claims"),
        ("/ltci/objections", "/ltci/claims"),
        ("/ltci/payments", "/ltci/claims"),
        ("/ltci/redo", "/ltci/claims"),
        ("/ltci/complaints", "/ltci/claims"),
        ("/ltci/carers", "/ltci/providers"),
        ("/ltci/handlers", "/ltci/providers"),
        ("/ltci/services", "/ltci/providers"),
    ],
    often: &[Role::Clerk, Role::Auditor],
    due: Some(due),
    figures: Some(work::figures),
    beside: Some(work::beside),
    jobs: &[
        benefit::night::TODAY,
        benefit::night::RECOUNT,
        lead::search::LEADS,
        settle::work::MONTH,
        settle::work::LOOK,
    ],
    listen: Some(listen),
    indicators: marks::INDICATORS,
    facts: Some(marks::facts),
    named: Some(marks::named),
    lists: &[
        &insured::list::INSURED,
        &insured::arrears::ARREARS,
        &insured::unit::UNITS,
        &benefit::list::RECIPIENTS,
        &benefit::list::APPLICATIONS,
        &provider::list::PROVIDERS,
        &provider::list::CARERS,
        &lead::list::LEADS,
        &claim::list::CLAIMS,
        &settle::list::SETTLEMENTS,
        &settle::list::VERDICTS,
        &settle::list::PAYMENTS,
        &settle::list::SAMPLES,
        &settle::list::OBJECTIONS,
        &settle::list::COMPLAINTS,
        &settle::list::REDO,
    ],
    english: include_str!("en.toml"),
    ..EMPTY
};

/// To see benefits, each within one's scope; family their own.
pub const READ: Perm = Perm {
    name: "ltci.read",
    title: "查看长护险待遇",
    roles: &[
        Role::Clinician,
        Role::Lead,
        Role::Carer,
        Role::Manager,
        Role::Assessor,
        Role::Clerk,
        Role::Auditor,
        Role::Operator,
        Role::Official,
        Role::Family,
    ],
};
/// To see institutions with an agreement and who gives care for them.
pub const PROVIDERS: Perm = Perm {
    name: "ltci.providers",
    title: "查看长护险定点机构",
    roles: &[Role::Lead, Role::Manager, Role::Clerk, Role::Auditor, Role::Operator, Role::Official],
};
/// To see by name who is insured and what they owe.
pub const ENROL: Perm =
    Perm { name: "ltci.enrol", title: "查看长护险参保人", roles: &[Role::Clerk, Role::Auditor] };
/// To see what the fund has; numbers name nobody.
pub const FUND: Perm =
    Perm { name: "ltci.fund", title: "查看长护险基金", roles: &[Role::Clerk, Role::Auditor, Role::Official] };
/// To apply for benefit, to withdraw, to ask for another way of care or provider.
pub const APPLY: Perm = Perm {
    name: "ltci.apply",
    title: "申请长护险待遇",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Clerk, Role::Operator, Role::Family],
};
/// To decide, to keep enrolment and agreements, to settle and pay.
pub const HANDLE: Perm = Perm { name: "ltci.handle", title: "经办长护险", roles: &[Role::Clerk] };
/// To plan the care of recipients.
pub const PLAN: Perm = Perm {
    name: "ltci.plan",
    title: "制定长护险照护计划",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Clerk],
};
/// To review settlements by samples and to follow findings.
pub const AUDIT: Perm = Perm { name: "ltci.audit", title: "稽核长护险", roles: &[Role::Auditor] };
/// To claim what was given, and to object to what became of it: an institution its own.
pub const CLAIM: Perm =
    Perm { name: "ltci.claim", title: "申报长护险费用", roles: &[Role::Manager, Role::Clerk] };
/// To see claims, runs, statements and payments: an institution its own.
pub const SETTLED: Perm = Perm {
    name: "ltci.settled",
    title: "查看长护险结算",
    roles: &[Role::Manager, Role::Clerk, Role::Auditor, Role::Official],
};
/// To say that a service did not happen.
pub const COMPLAIN: Perm = Perm {
    name: "ltci.complain",
    title: "反映服务未发生",
    roles: &[Role::Family, Role::Operator, Role::Clinician, Role::Lead, Role::Clerk],
};
/// To see who said so, and to check it.
pub const COMPLAINTS: Perm =
    Perm { name: "ltci.complaints", title: "核查服务未发生的反映", roles: &[Role::Clerk, Role::Auditor] };

fn due(tx: &kit::Tx<'_>, ask: &kit::Ask) -> kit::Result<Vec<kit::module::Due>> {
    let mut all = work::due(tx, ask)?;
    all.extend(settle::work::due(tx, ask)?);
    Ok(all)
}

/// To see leads; an institution those that it was asked about.
pub const LEADS: Perm =
    Perm {
        name: "ltci.leads", title: "查看长护险疑点线索", roles: &[Role::Manager, Role::Clerk, Role::Auditor]
    };
/// To explain what one's institution was asked about.
pub const ANSWER: Perm = Perm { name: "ltci.answer", title: "说明疑点线索", roles: &[Role::Manager] };

fn listen(app: &kit::App, tx: &kit::Tx<'_>, news: &kit::events::Event) -> kit::Result<()> {
    benefit::course::listen(app, tx, news)?;
    claim::listen(app, tx, news)
}

fn routes() -> Routes {
    let routes = settle::routes(claim::routes(leads(providers(benefits(Routes::default())))));
    fund::routes(insured::routes(routes))
}

fn leads(routes: Routes) -> Routes {
    use lead::{api, pages};
    routes
        .page("/ltci/leads", LEADS, pages::all)
        .action("/ltci/leads/look", AUDIT, pages::look)
        .page("/ltci/leads/{key}", LEADS, pages::show)
        .action("/ltci/leads/{key}/ask", AUDIT, pages::ask_for)
        .action("/ltci/leads/{key}/answer", ANSWER, pages::answer)
        .action("/ltci/leads/{key}/confirm", AUDIT, pages::confirm)
        .action("/ltci/leads/{key}/dismiss", AUDIT, pages::dismiss)
        .action("/ltci/leads/{key}/recover", AUDIT, pages::recover)
        .api(Method::GET, "/ltci/leads", LEADS, api::LIST, api::list)
        .api(Method::POST, "/ltci/leads/look", AUDIT, api::LOOK, api::look)
        .api(Method::GET, "/ltci/leads/{key}", LEADS, api::SHOW, api::show)
        .api(Method::POST, "/ltci/leads/{key}/ask", AUDIT, api::ASK, api::ask_for)
        .api(Method::POST, "/ltci/leads/{key}/answer", ANSWER, api::ANSWER, api::answer)
        .api(Method::POST, "/ltci/leads/{key}/confirm", AUDIT, api::CONFIRM, api::confirm)
        .api(Method::POST, "/ltci/leads/{key}/dismiss", AUDIT, api::DISMISS, api::dismiss)
        .api(Method::POST, "/ltci/leads/{key}/recover", AUDIT, api::RECOVER, api::recover)
}

fn benefits(routes: Routes) -> Routes {
    use benefit::pages::{application, apply, benefit as own, list, plan};
    routes
        .page("/ltci", READ, list::recipients)
        .page("/ltci/applications", READ, list::applications)
        .page("/ltci/apply", APPLY, apply::page)
        .action("/ltci/apply", APPLY, apply::create)
        .page("/ltci/applications/{key}", READ, application::page)
        .action("/ltci/applications/{key}/decide", HANDLE, application::decide)
        .action("/ltci/applications/{key}/refuse", HANDLE, application::refuse)
        .action("/ltci/applications/{key}/withdraw", APPLY, application::withdraw)
        .page("/ltci/benefits/{key}", READ, own::page)
        .page("/ltci/benefits/{key}/plan", READ, plan::page)
        .action("/ltci/benefits/{key}/plan", PLAN, plan::make)
        .action("/ltci/benefits/{key}/change", HANDLE, own::change)
        .action("/ltci/benefits/{key}/pause", HANDLE, own::pause)
        .action("/ltci/benefits/{key}/resume", HANDLE, own::resume)
        .action("/ltci/benefits/{key}/end", HANDLE, own::end)
        .api(Method::GET, "/ltci", READ, api::RECIPIENTS, api::recipients)
        .api(Method::GET, "/ltci/applications", READ, api::APPLICATIONS, api::applications)
        .api(Method::POST, "/ltci/applications", APPLY, api::APPLY, api::apply)
        .api(Method::GET, "/ltci/applications/{key}", READ, api::APPLICATION, api::application)
        .api(Method::POST, "/ltci/applications/{key}/decide", HANDLE, api::DECIDE, api::decide)
        .api(Method::POST, "/ltci/applications/{key}/refuse", HANDLE, api::REFUSE, api::refuse)
        .api(Method::POST, "/ltci/applications/{key}/withdraw", APPLY, api::WITHDRAW, api::withdraw)
        .api(Method::GET, "/ltci/benefits/{key}", READ, api::BENEFIT, api::benefit)
        .api(Method::GET, "/ltci/benefits/{key}/plan", READ, api::PLANS, api::plans)
        .api(Method::POST, "/ltci/benefits/{key}/plan", PLAN, api::PLAN, api::plan)
        .api(Method::POST, "/ltci/benefits/{key}/change", HANDLE, api::CHANGE, api::change)
        .api(Method::POST, "/ltci/benefits/{key}/pause", HANDLE, api::PAUSE, api::pause)
        .api(Method::POST, "/ltci/benefits/{key}/resume", HANDLE, api::RESUME, api::resume)
        .api(Method::POST, "/ltci/benefits/{key}/end", HANDLE, api::END, api::end)
}

fn providers(routes: Routes) -> Routes {
    use provider::pages::{deeds, handlers, list, services, show};
    routes
        .page("/ltci/providers", PROVIDERS, list::providers)
        .page("/ltci/carers", PROVIDERS, list::carers)
        .import(&provider::import::CARERS)
        .page("/ltci/handlers", PROVIDERS, handlers::page)
        .action("/ltci/handlers", HANDLE, handlers::set)
        .page("/ltci/services", PROVIDERS, services::page)
        .page("/ltci/providers/{key}", PROVIDERS, show::page)
        .action("/ltci/providers/{key}/sign", HANDLE, deeds::sign)
        .action("/ltci/providers/{key}/end", HANDLE, deeds::end)
        .action("/ltci/providers/{key}/suspend", HANDLE, deeds::suspend)
        .action("/ltci/providers/{key}/lift", HANDLE, deeds::lift)
        .action("/ltci/providers/{key}/evaluate", HANDLE, deeds::evaluate)
        .action("/ltci/providers/{key}/carers", HANDLE, deeds::register)
        .action("/ltci/providers/{key}/carers/{id}/dismiss", HANDLE, deeds::dismiss)
        .api(Method::GET, "/ltci/providers", PROVIDERS, api::PROVIDERS, api::providers)
        .api(Method::GET, "/ltci/carers", PROVIDERS, api::CARERS, api::carers)
        .api(Method::POST, "/ltci/handlers", HANDLE, api::HANDLER, api::handler)
        .api(Method::GET, "/ltci/providers/{key}", PROVIDERS, api::PROVIDER, api::provider)
        .api(Method::POST, "/ltci/providers/{key}/sign", HANDLE, api::SIGN, api::sign)
        .api(Method::POST, "/ltci/providers/{key}/end", HANDLE, api::END_AGREEMENT, api::end_agreement)
        .api(Method::POST, "/ltci/providers/{key}/suspend", HANDLE, api::SUSPEND, api::suspend)
        .api(Method::POST, "/ltci/providers/{key}/lift", HANDLE, api::LIFT, api::lift)
        .api(Method::POST, "/ltci/providers/{key}/evaluate", HANDLE, api::EVALUATE, api::evaluate)
        .api(Method::POST, "/ltci/providers/{key}/carers", HANDLE, api::REGISTER, api::register)
        .api(Method::POST, "/ltci/providers/{key}/carers/{id}/dismiss", HANDLE, api::DISMISS, api::dismiss)
}
