//! Signing in: passwords, lock-out, second factor, sessions and their limits, forged forms.

use axum::http::Method;
use kit::who::{Role, account, second_factor, session};

use crate::support::{COUNTY, PASSWORD, on_both, on_both_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_out() {
    on_both(async |app| {
        let mut nurse = app.client(Role::Clinician).await;
        assert!(nurse.get("/").await.ok().text().contains("医护人员"));
        assert_eq!(nurse.post("/logout", &[]).await.leads(), "/login");
        assert_eq!(nurse.get("/").await.leads(), "/login?next=%2F");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_login_read_the_same() {
    on_both(async |app| {
        app.account("li.ming", Role::Clinician, COUNTY).await;
        let wrong = app.visitor().sign_in("li.ming", "wrong-password-1").await.unwrap_err();
        let unknown = app.visitor().sign_in("li.min", PASSWORD).await.unwrap_err();
        assert_eq!((wrong.status, unknown.status), (401, 401));
        assert_eq!(wrong.text().replace("li.ming", "?"), unknown.text().replace("li.min", "?"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_lock_the_account_longer_and_longer() {
    on_both(async |app| {
        app.account("li.ming", Role::Clinician, COUNTY).await;
        let mut seconds = Vec::new();
        for _ in 0..4 {
            assert_eq!(app.visitor().sign_in("li.ming", "wrong-password-1").await.unwrap_err().status, 401);
        }
        for _ in 0..3 {
            app.visitor().sign_in("li.ming", "wrong-password-1").await.unwrap_err();
            let refused = app.visitor().sign_in("li.ming", PASSWORD).await.unwrap_err();
            assert_eq!(refused.status, 429, "even the right password waits");
            let (state, id) = (app.app.clone(), app.account("li.ming", Role::Clinician, COUNTY).await);
            let locked = app.app.db.read(move |tx| account::password_hash(tx, id, state.clock.now())).await.unwrap().1;
            seconds.push(locked);
            app.run("update account set locked_until = created").await;
        }
        assert!(
            (25..=30).contains(&seconds[0]) && (55..=60).contains(&seconds[1]) && (115..=120).contains(&seconds[2]),
            "{seconds:?}"
        );
        app.visitor().sign_in("li.ming", PASSWORD).await.unwrap();
        assert_eq!(app.count("select failures from account where login = 'li.ming'").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sessions_token_changes_at_sign_in_and_lies_hashed() {
    on_both(async |app| {
        let mut nurse = app.client(Role::Clinician).await;
        let first = nurse.cookie("yiyang").to_string();
        nurse.sign_in("clinician-990101", PASSWORD).await.unwrap();
        let second = nurse.cookie("yiyang").to_string();
        assert_ne!(first, second);
        let mut thief = app.visitor();
        thief.set_cookie("yiyang", &first);
        assert!(thief.get("/").await.leads().starts_with("/login"), "the token from before is worth nothing");
        assert_eq!(app.count("select count(*) from session").await, 1);
        let stored: Vec<u8> =
            app.app.db.read(|tx| tx.one("select token from session", &[], |row| row.get(0))).await.unwrap();
        assert_eq!(stored, session::hashed(&second));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_rests_and_when_it_is_old() {
    on_both(async |app| {
        let mut nurse = app.client(Role::Clinician).await;
        for (column, minutes, lives) in [("seen", 59, true), ("seen", 61, false)] {
            let then = app.stamp_in(-60 * minutes);
            app.run(&format!("update session set {column} = '{then}'")).await;
            assert_eq!(nurse.get("/").await.status == 200, lives, "{column} {minutes} minutes ago");
        }
        let mut nurse = app.client(Role::Clinician).await;
        let (then, now) = (app.stamp_in(-60 * (12 * 60 + 1)), app.stamp_in(0));
        app.run(&format!("update session set created = '{then}', seen = '{now}'")).await;
        assert_eq!(nurse.get("/").await.status, 303, "twelve hours are over, however busy");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_factor_is_asked_for_and_each_code_counts_once() {
    on_both_with(
        app::MODULES,
        |config| config.require_second_factor = vec!["administrator".into()],
        async |app| {
            let mut admin = app.client(Role::Administrator).await;
            assert_eq!(admin.get("/accounts").await.leads(), "/account?must=second-factor");
            admin.get("/account").await.ok();
            let page = admin.post("/account/second-factor", &[]).await.ok().text();
            let start = page.find("name=\"secret\" value=\"").unwrap() + "name=\"secret\" value=\"".len();
            let secret = page[start..].split('"').next().unwrap().to_string();
            let code_in = |seconds: i64| {
                let at = u64::try_from(app.app.clock.now().as_second() + seconds).unwrap();
                second_factor::code_at(&secret, at).unwrap()
            };
            let confirm = [("secret", &*secret), ("code", "000000")];
            admin.post("/account/second-factor/confirm", &confirm).await.with_status(422);
            let code = code_in(0);
            admin.post("/account/second-factor/confirm", &[("secret", &*secret), ("code", &*code)]).await.leads();
            admin.get("/accounts").await.ok();

            let mut again = app.visitor();
            again.sign_in("administrator-990101", PASSWORD).await.unwrap();
            assert_eq!(again.get("/accounts").await.leads(), "/login/code");
            again.get("/login/code").await.ok();
            again.post("/login/code", &[("code", &*code), ("next", "/")]).await.with_status(401);
            // A step later there is a new code; the stored last step goes back instead of the clock going on.
            app.run("update account set second_factor_last = second_factor_last - 2").await;
            again.get("/login/code").await.ok();
            let code = code_in(0);
            again.post("/login/code", &[("code", &*code), ("next", "/accounts")]).await.leads();
            again.get("/accounts").await.ok();
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_is_refused() {
    on_both(async |app| {
        let mut nurse = app.client(Role::Clinician).await;
        let form = |token: &str| format!("csrf={token}").into_bytes();
        let kind = "application/x-www-form-urlencoded";
        let token = nurse.csrf.clone();
        nurse.post_raw("/inbox/read", kind, form("")).await.with_status(409);
        nurse.post_raw("/inbox/read", kind, form("forged")).await.with_status(409);
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let request = nurse.request(Method::POST, "/inbox/read").header("content-type", kind).header(name, value);
            let answer = nurse.send(request.body(form(&token).into()).unwrap()).await;
            assert_eq!(answer.status, 403, "{name}: {value}");
        }
        let request = nurse.request(Method::POST, "/inbox/read").header("x-csrf-token", &token);
        assert_eq!(nurse.send(request.body(axum::body::Body::empty()).unwrap()).await.status, 303);
        nurse.post("/inbox/read", &[]).await.leads();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_protect_it() {
    let secure = |config: &mut kit::config::Config| config.public_url = "https://yiyang.test".into();
    on_both_with(app::MODULES, secure, async |app| {
        let mut nurse = app.client(Role::Clinician).await;
        for path in ["/login", "/", "/no-such-page", "/healthz", "/api/v1/elders"] {
            let answer = nurse.get(path).await;
            assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
            assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert!(answer.header("strict-transport-security").contains("max-age"), "{path}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        let answer = app.visitor().post("/login", &[("user", "clinician-990101"), ("password", PASSWORD)]).await;
        let cookie = answer.header("set-cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure"),
            "{cookie}"
        );
    })
    .await;
}
