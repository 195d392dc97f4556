//! Keys: a new one is made, and everything sealed moves under it.

use std::sync::Arc;

use kit::{
    Id, audit,
    crypt::{Algorithm, Crypt},
    files::{self, Files},
    rotate::{self, Resealed},
    who::{Role, account},
};

use crate::support::{COUNTY, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rotation_nothing_lies_under_the_old_key() {
    on_both(async |app| {
        let id = app.account("li.ming", Role::Clinician, COUNTY).await;
        let (state, now) = (app.app.clone(), app.app.clock.now());
        let kept = app.app.db.write(move |tx| {
            account::set_second_factor(tx, id, Some(&state.crypt.seal("account.second_factor", "JBSWY3DPEHPK3PXP")))?;
            let phone = state.crypt.seal("elder.phone", "13900000000");
            tx.run(
                "insert into elder_contact (region, elder, id, name, relation, phone, is_carer, lives_together)
                 values ('990101', 1, 1, '王兰', '女儿', $1, $2, $2)",
                &[&phone, &false],
            )?;
            let who = kit::Who::system(kit::Scope::of(&state.places.tree(), COUNTY));
            let ask = kit::Ask::of(&state, who, now);
            let entry = audit::Entry {
                action: "look",
                subject: "elder",
                subject_id: None,
                region: COUNTY,
                place: "",
                detail: "",
            };
            ask.note(tx, &entry)?;
            state.files.keep(tx, &ask, COUNTY, "photo", "a.jpg", b"\xff\xd8\xff a photo")
        });
        let kept = kept.await.unwrap();

        let rotated = Arc::new(app.app.crypt.rotate(Algorithm::Sm4Gcm).unwrap());
        let files = Files::open(&app.app.config.files()).unwrap();
        let first = rotate::reseal(&app.app.db, &files, &rotated).await.unwrap();
        assert_eq!(first, Resealed { values: 2, files: 1 });
        let second = rotate::reseal(&app.app.db, &files, &rotated).await.unwrap();
        assert_eq!(second, Resealed::default(), "a second run changes nothing");

        let fresh = Crypt::open(app.app.config.key_file()).unwrap();
        let (sealed, phone) = app
            .app
            .db
            .read(move |tx| {
                let phone = tx.one("select phone from elder_contact", &[], |row| row.get::<Vec<u8>>(0))?;
                Ok((account::second_factor(tx, id)?.0.unwrap(), phone))
            })
            .await
            .unwrap();
        assert!(!fresh.needs_rotation(&sealed) && !fresh.needs_rotation(&phone));
        assert_eq!(fresh.open_sealed("account.second_factor", &sealed).unwrap(), "JBSWY3DPEHPK3PXP");
        assert_eq!(fresh.open_sealed("elder.phone", &phone).unwrap(), "13900000000");
        let file = app.app.db.read(move |tx| files::find(tx, COUNTY, kept)).await.unwrap();
        assert_eq!(files.bytes(&fresh, &file).unwrap(), b"\xff\xd8\xff a photo");
        assert_eq!(app.app.db.read(audit::verify).await.unwrap().broken, Vec::<String>::new());
        assert_ne!(file.id, Id(0));
    })
    .await;
}
