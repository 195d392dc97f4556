//! Every route, asked by every role and by nobody: who lacks the permission gets nothing but the refusal.

use std::collections::BTreeMap;

use axum::http::Method;
use kit::{
    module::{Access, Route},
    who::Role,
};

use crate::{
    client::{Answer, Api, Client},
    support::{TestApp, on_both},
};

/// An address of the route, with something in the place of each parameter.
fn address(route: &Route) -> String {
    let part = |it: &str| match it.trim_matches(['{', '}']) {
        "region" => "990101".to_string(),
        "key" => "990101-1".to_string(),
        "code" => "990101".to_string(),
        _ if it.starts_with('{') => "1".to_string(),
        plain => plain.to_string(),
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn routes(app: &TestApp) -> Vec<Route> {
    let (_, list) = kit::server::routes(app.app.modules);
    assert!(50 < list.len());
    list
}

async fn ask(client: &mut Client, api: &Api, route: &Route) -> Answer {
    let address = address(route);
    if address.starts_with("/api/v1/") {
        let body = (route.method != Method::GET).then(|| serde_json::json!({}));
        return api.send(route.method.clone(), &address, body, &[]).await;
    }
    if route.method == Method::GET { client.get(&address).await } else { client.post(&address, &[]).await }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_signing_in() {
    on_both(async |app| {
        let (mut nobody, api) = (app.visitor(), Api::new(app.router.clone(), String::new()));
        for route in routes(app).iter().filter(|it| it.access != Access::Open) {
            let answer = ask(&mut nobody, &api, route).await;
            let refused = match answer.status {
                303 => answer.location().starts_with("/login"),
                status => status == 401,
            };
            assert!(refused, "{} {}: {}", route.method, route.path, answer.status);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_reaches_what_it_may_and_nothing_else() {
    on_both(async |app| {
        let mut reached: BTreeMap<String, usize> = BTreeMap::new();
        for role in Role::ALL {
            let (mut client, api) = (app.client(role).await, app.api(role).await);
            for route in routes(app) {
                let Access::Needs(perm) = route.access else { continue };
                let may = perm.roles.contains(&role);
                let answer = ask(&mut client, &api, &route).await;
                let what = format!("{} {} as {}: {}", route.method, route.path, role.word(), answer.status);
                assert!(answer.status < 500, "{what} {}", answer.words());
                if may {
                    assert!(!matches!(answer.status, 401 | 403 | 405), "{what}");
                    *reached.entry(format!("{} {}", route.method, route.path)).or_default() += 1;
                } else {
                    assert_eq!(answer.status, 403, "{what}");
                    assert!(answer.text().contains("没有这项权限"), "{what}");
                    assert!(!answer.text().contains("990101-1"), "{what}");
                }
            }
        }
        let unreached: Vec<String> = routes(app)
            .iter()
            .filter(|it| matches!(it.access, Access::Needs(_)))
            .map(|it| format!("{} {}", it.method, it.path))
            .filter(|it| !reached.contains_key(it))
            .collect();
        assert_eq!(unreached, Vec::<String>::new(), "routes that no role reaches");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_shows_what_the_role_may_open() {
    on_both(async |app| {
        for role in Role::ALL {
            let mut client = app.client(role).await;
            let page = client.get("/").await.ok().text();
            for menu in app.app.modules.iter().flat_map(|it| it.menu) {
                let shown = page.contains(&format!("href=\"{}\"", menu.path));
                assert_eq!(shown, menu.perm.roles.contains(&role), "{} for {}", menu.path, role.word());
                if shown {
                    client.get(menu.path).await.ok();
                }
            }
        }
    })
    .await;
}
