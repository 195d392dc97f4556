//! Who listens to open alarms: many at once, each told within a second, from one reading.

use std::time::Duration;

use app::monitoring;
use axum::{
    body::BodyDataStream,
    http::{Request, header},
};
use futures_util::{StreamExt, future::join_all};
use kit::who::Role;
use rules::alarm::Kind;
use serde_json::json;
use tower::ServiceExt;

use crate::{
    assessment::{elder, in_demo},
    client::Api,
    monitoring::raised,
    support::{COUNTY, TestApp},
};

/// The stream of a page that listens.
async fn listening(app: &TestApp, api: &Api) -> BodyDataStream {
    let request = Request::builder()
        .uri(format!("/monitoring/live/{COUNTY}"))
        .header(header::HOST, "yiyang.test")
        .header(header::AUTHORIZATION, format!("Bearer {}", api.token))
        .body(axum::body::Body::empty())
        .unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response.into_body().into_data_stream()
}

async fn heard(stream: &mut BodyDataStream) -> String {
    let next = tokio::time::timeout(Duration::from_secs(1), stream.next()).await;
    String::from_utf8(next.expect("within a second").expect("it goes on").unwrap().to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_operators_see_the_same_within_a_second() {
    in_demo(async |app| {
        let api = app.api(Role::Operator).await;
        let mut all = join_all((0..20).map(|_| listening(app, &api))).await;
        for stream in &mut all {
            assert!(heard(stream).await.contains("现在没有未结案的报警"));
        }
        let elder = elder(app).await;
        let case = raised(app, &elder, Kind::Sos).await;
        monitoring::look(&app.app).await.unwrap();
        let told = join_all(all.iter_mut().map(heard)).await;
        assert!(told.iter().all(|it| it.contains(&format!("data-key=\"{case}\"")) && it.contains("王桂芳")));
        api.post(&format!("/api/v1/monitoring/{case}/acknowledge"), json!({})).await.ok();
        let told = join_all(all.iter_mut().map(heard)).await;
        assert!(told.iter().all(|it| it.contains("已接警") && *it == told[0]), "the same truth for all");
        // Another server changed it: the watcher of this one finds it.
        app.run("update alarm_case set raises = 9, version = version + 1").await;
        assert!(monitoring::look(&app.app).await.unwrap());
        assert!(!monitoring::look(&app.app).await.unwrap(), "nothing changed since");
        assert!(join_all(all.iter_mut().map(heard)).await.iter().all(|it| it.contains("9 次报警")));
        drop(all);
        app.run("update alarm_case set raises = 10, version = version + 1").await;
        assert!(!monitoring::look(&app.app).await.unwrap(), "nobody listens, nothing is read");
    })
    .await;
}
