//! Signing in: passwords, lock-out, second factor, sessions and their limits, forged forms.

use kit::who::Role;

use crate::support::{COUNTY, PASSWORD, on_both};

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
