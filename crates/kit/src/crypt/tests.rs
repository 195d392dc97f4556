//! Sealed values open where they belong and nowhere else.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;

use super::cipher::DataKey;
use super::*;

const COLUMN: &str = "elder.id_number";

fn new(algorithm: Algorithm) -> (tempfile::TempDir, PathBuf, Crypt) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    let crypt = Crypt::create(&path, algorithm).unwrap();
    (folder, path, crypt)
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn sm4_gcm_gives_the_example_of_rfc_8998() {
    let key = DataKey::new(1, Algorithm::Sm4Gcm, &hex("0123456789ABCDEFFEDCBA9876543210"));
    let nonce: [u8; 12] = hex("00001234567800000000ABCD").try_into().unwrap();
    let plain = hex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
    );
    let sealed = key.seal_with(nonce, &plain, &hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"));
    assert_eq!(
        sealed,
        hex(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC"
        )
    );
}

#[test]
fn aes_256_gcm_gives_the_last_example_of_its_specification_without_data() {
    let key = DataKey::new(1, Algorithm::Aes256Gcm, &[0; 32]);
    assert_eq!(key.seal_with([0; 12], b"", b""), hex("530f8afbc74536b9a963b4f1c4cb738b"));
}

#[test]
fn the_same_value_never_looks_the_same_twice() {
    let (_folder, _, crypt) = new(Algorithm::Aes256Gcm);
    assert_ne!(crypt.seal(COLUMN, "990001194504176186"), crypt.seal(COLUMN, "990001194504176186"));
}

#[test]
fn a_value_moved_to_another_column_does_not_open() {
    let (_folder, _, crypt) = new(Algorithm::Aes256Gcm);
    let sealed = crypt.seal("elder.phone", "13742180967");
    assert!(matches!(crypt.open_sealed(COLUMN, &sealed), Err(CryptError::Tampered { .. })));
}

#[test]
fn a_value_moved_to_another_row_does_not_open() {
    let (_folder, _, crypt) = new(Algorithm::Sm4Gcm);
    let sealed = crypt.seal(Place::in_row(COLUMN, "7"), "x");
    assert_eq!(crypt.open_sealed(Place::in_row(COLUMN, "7"), &sealed).unwrap(), "x");
    assert!(crypt.open_sealed(Place::in_row(COLUMN, "8"), &sealed).is_err());
    assert!(crypt.open_sealed(COLUMN, &sealed).is_err());
}

#[test]
fn a_value_of_another_installation_does_not_open() {
    let (_folder, _, ours) = new(Algorithm::Aes256Gcm);
    let (_other, _, theirs) = new(Algorithm::Aes256Gcm);
    assert!(ours.open_sealed(COLUMN, &theirs.seal(COLUMN, "x")).is_err());
    assert!(!ours.opens_backup(&theirs.fingerprint()));
}

#[test]
fn rotation_keeps_old_values_readable_and_marks_them() {
    let (_folder, path, first) = new(Algorithm::Aes256Gcm);
    let old = first.seal(COLUMN, "a");
    let noted = first.fingerprint();
    let index = first.blind(COLUMN, "a");

    let second = first.rotate(Algorithm::Sm4Gcm).unwrap();
    let reopened = Crypt::open(&path).unwrap();
    for crypt in [&second, &reopened] {
        assert_eq!(crypt.open_sealed(COLUMN, &old).unwrap(), "a");
        assert!(crypt.needs_rotation(&old));
        assert!(!crypt.needs_rotation(&crypt.seal(COLUMN, "a")));
        assert_eq!(crypt.blind(COLUMN, "a"), index);
        assert!(crypt.opens_backup(&noted));
        assert_ne!(crypt.active_key_id(), first.active_key_id());
    }
    assert!(matches!(first.open_sealed(COLUMN, &second.seal(COLUMN, "a")), Err(CryptError::KeyMissing { id: 3 })));
    assert!(!first.opens_backup(&second.fingerprint()));
}

#[test]
fn a_second_rotation_from_an_old_handle_loses_no_key() {
    let (_folder, path, first) = new(Algorithm::Aes256Gcm);
    let sealed = first.rotate(Algorithm::Aes256Gcm).unwrap().seal(COLUMN, "a");
    first.rotate(Algorithm::Aes256Gcm).unwrap();
    assert_eq!(Crypt::open(&path).unwrap().open_sealed(COLUMN, &sealed).unwrap(), "a");
}

#[test]
fn an_interrupted_rotation_does_not_stop_the_next() {
    let (folder, _, crypt) = new(Algorithm::Aes256Gcm);
    fs::write(folder.path().join("keys.toml.new"), "half a fi").unwrap();
    assert!(crypt.rotate(Algorithm::Aes256Gcm).is_ok());
}

#[test]
fn an_empty_fingerprint_belongs_to_nobody() {
    let (_folder, _, crypt) = new(Algorithm::Aes256Gcm);
    assert!(!crypt.opens_backup(""));
}

#[test]
fn the_blind_index_depends_on_value_column_and_key() {
    let (_folder, path, crypt) = new(Algorithm::Sm4Gcm);
    let (_other, _, another) = new(Algorithm::Sm4Gcm);
    let index = crypt.blind(COLUMN, "a");
    assert_eq!(index.len(), BLIND_BYTES);
    assert_eq!(Crypt::open(&path).unwrap().blind(COLUMN, "a"), index);
    assert_ne!(crypt.blind(COLUMN, "b"), index);
    assert_ne!(crypt.blind("elder.phone", "a"), index);
    assert_ne!(crypt.blind("elder.id_numbe", "ra"), index);
    assert_ne!(another.blind(COLUMN, "a"), index);
}

#[test]
fn create_never_overwrites_a_key_file() {
    let (_folder, path, crypt) = new(Algorithm::Aes256Gcm);
    assert!(matches!(Crypt::create(&path, Algorithm::Aes256Gcm), Err(CryptError::Exists { .. })));
    assert_eq!(Crypt::open(&path).unwrap().fingerprint(), crypt.fingerprint());
}

#[test]
fn a_missing_key_file_is_named() {
    let error = Crypt::open("/nowhere/keys.toml").unwrap_err();
    assert!(matches!(error, CryptError::Missing { .. }));
    assert!(error.to_string().contains("/nowhere/keys.toml"));
}

#[cfg(unix)]
#[test]
fn a_key_file_is_made_for_its_owner_alone_and_refused_when_others_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path, crypt) = new(Algorithm::Aes256Gcm);
    crypt.rotate(Algorithm::Aes256Gcm).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o640, 0o604, 0o666] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(matches!(Crypt::open(&path), Err(CryptError::OpenToOthers { mode: found, .. }) if found == mode));
    }
}

#[test]
fn a_malformed_key_file_is_refused_without_printing_a_key() {
    let (_folder, path, _) = new(Algorithm::Aes256Gcm);
    let good = fs::read_to_string(&path).unwrap();
    let secret = good.split("secret = \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let damages = [
        good.replace("active = 1", "active = 9"),
        good.replace("active = 1", "active = 2"),
        good.replace("blind = 2", "blind = 1"),
        good.replace("id = 2", "id = 1"),
        good.replace("aes-256-gcm", "des"),
        good.replace(&secret, &secret[4..]),
        good.replace(&secret, "!"),
        good.replace("use = ", "purpose = "),
        good.replace(&format!("\"{secret}\""), &format!("\"{secret}")),
        String::new(),
    ];
    for damaged in damages {
        assert_ne!(damaged, good);
        fs::write(&path, &damaged).unwrap();
        let error = Crypt::open(&path).unwrap_err();
        assert!(matches!(error, CryptError::Malformed { .. }), "{error}");
        assert!(!error.to_string().contains(&secret[4..]), "{error}");
    }
}

#[test]
fn no_key_reaches_a_log() {
    let (_folder, path, crypt) = new(Algorithm::Aes256Gcm);
    let text = fs::read_to_string(path).unwrap();
    let logged = format!("{crypt:?}");
    for secret in text.split("secret = \"").skip(1) {
        assert!(!logged.contains(secret.split('"').next().unwrap()));
    }
}

#[test]
fn masks_hide_what_they_should() {
    assert_eq!(mask_id_number("510703194501011234"), "510703********1234");
    assert_eq!(mask_id_number("E12345678"), "E*******8");
    assert_eq!(mask_id_number("12"), "**");
    assert_eq!(mask_phone("13742181967"), "137****1967");
    assert_eq!(mask_phone("0432-6892152"), "0432-***2152");
    assert_eq!(mask_phone("120"), "***");
    assert_eq!(mask_name("张三丰"), "张**");
    assert_eq!(mask_name("买买提·艾力"), "买**·**");
    assert_eq!(mask_name(""), "");
    assert_eq!(mask_address("吉林省船营区河口镇河口村3组12号"), "吉林省船营区河口镇河口村****");
    assert_eq!(mask_address("重庆市渝中区大坪街道幸福小区5栋(原大坪村)"), "重庆市渝中区大坪街道****");
    assert_eq!(mask_address("成都市武侯区人民南路四段1号"), "成都市武侯区****");
    assert_eq!(mask_address("幸福小区5栋"), "****");
    assert_eq!(mask_address("河口村"), "河口村");
}

proptest! {
    #[test]
    fn what_is_sealed_opens_and_a_changed_byte_never_does(
        plain in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), flip in 1..=255u8, national in any::<bool>(),
    ) {
        let algorithm = if national { Algorithm::Sm4Gcm } else { Algorithm::Aes256Gcm };
        let (_folder, _, crypt) = new(algorithm);
        let mut sealed = crypt.seal_bytes(COLUMN, &plain);
        prop_assert_eq!(crypt.open_bytes(COLUMN, &sealed).unwrap(), plain);
        let at = at.index(sealed.len());
        sealed[at] ^= flip;
        prop_assert!(crypt.open_bytes(COLUMN, &sealed).is_err());
    }

    #[test]
    fn arbitrary_bytes_are_refused_in_words(bytes in any::<Vec<u8>>()) {
        let (_folder, _, crypt) = new(Algorithm::Aes256Gcm);
        prop_assert!(crypt.open_sealed(COLUMN, &bytes).is_err());
    }

    #[test]
    fn masks_keep_the_length_of_names_and_numbers(text in any::<String>()) {
        prop_assert_eq!(mask_name(&text).chars().count(), text.chars().count());
        prop_assert_eq!(mask_id_number(&text).chars().count(), text.chars().count());
        mask_phone(&text);
        mask_address(&text);
    }
}
