//! A township's ledger with everything that goes wrong in one: it gives exactly what stands beside it.

use serde_json::Value;

use super::*;

#[test]
fn the_township_ledger_gives_exactly_what_stands_beside_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/sheets");
    let Ok(expected) = std::fs::read_to_string(folder.join("township_ledger.expect.json")) else {
        println!("skipped: {} is not here", folder.display());
        return;
    };
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let book = kit::sheet::read_path(folder.join("township_ledger.xlsx")).unwrap();
    let Result { report, notices, .. } = result_of(&book);
    let shown = serde_json::to_value(&report).unwrap();
    assert_eq!(shown["accepted"], expected["accepted"]);
    assert_eq!(shown["same_person_again"], expected["same_person_again"]);
    for list in ["refused", "warnings"] {
        let bare = |it: &Value| serde_json::json!({"row": it["row"], "reason": it["reason"]});
        let found: Vec<_> = shown[list].as_array().unwrap().iter().map(bare).collect();
        assert_eq!(Value::Array(found), expected[list], "{list}");
    }
    assert_eq!(notices, []);
    assert!(report.refused.iter().all(|refusal| ["身份证号", "姓名"].contains(&refusal.column.as_str())));

    // Handed back as they are, the same rows are refused again for the same reasons.
    let again = result_of_bytes(&report.refused_workbook().unwrap(), "errors.xlsx");
    let reasons = |report: &Report| report.refused.iter().map(|refusal| refusal.reason).collect::<Vec<_>>();
    assert_eq!(reasons(&again.report), reasons(&report));
    assert_eq!(again.report.accepted, 0);
}
