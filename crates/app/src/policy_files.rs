//! Where the policy library comes from: the folders of the configuration, or the folder built into the program.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use rules::{
    base::{Date, Lang},
    policy::Library,
};
use rust_embed::RustEmbed;
use serde_json::Value;

#[derive(RustEmbed)]
#[folder = "../../policy"]
struct BuiltIn;

/// The files of the folder built into the program, as path and text.
pub fn built_in() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = BuiltIn::iter()
        .filter_map(|path| {
            let file = BuiltIn::get(&path)?;
            Some((path.to_string(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect();
    files.sort();
    files
}

/// Reads the policy folders, later ones over earlier ones; without any, the folder built into the program.
///
/// Values invented for demonstration (示例) hold only in a demonstration. In earnest the built-in ones are left out, so that
/// a rule which needs one finds no policy; folders of one's own must not have any.
///
/// # Errors
/// Every fault with file, line and column.
pub fn load(folders: &[PathBuf], demo: bool) -> Result<Arc<Library>, String> {
    if !folders.is_empty() {
        return read(folders, demo).map(Arc::new);
    }
    // What is built in is the same for every installation that a process serves.
    static BUILT_IN: [OnceLock<Arc<Library>>; 2] = [const { OnceLock::new() }; 2];
    let kept = &BUILT_IN[usize::from(demo)];
    if let Some(it) = kept.get() {
        return Ok(it.clone());
    }
    let library = Arc::new(read(folders, demo)?);
    Ok(kept.get_or_init(|| library).clone())
}

fn read(folders: &[PathBuf], demo: bool) -> Result<Library, String> {
    let own = !folders.is_empty();
    let library = if own { Library::load(folders) } else { Library::from_files(built_in()) };
    let in_words = |faults: rules::policy::Faults| {
        let lines: Vec<String> = faults.0.iter().flat_map(|it| [it.in_lang(Lang::Zh), it.in_lang(Lang::En)]).collect();
        format!("政策库有错误 / the policy folder has faults:\n{}", lines.join("\n"))
    };
    let library = library.map_err(in_words)?;
    if demo {
        return Ok(library);
    }
    if own {
        library.refuse_examples().map_err(in_words)?;
    }
    Ok(library.without_examples())
}

/// Every name and question that policy says in both languages, Chinese first.
pub fn english(library: &Library) -> Vec<(String, String)> {
    let nation = kit::place::NATION.parse().expect("the nation is a region");
    let any_day = Date::new(2020, 1, 1).expect("a day of the calendar");
    let mut all = Vec::new();
    for param in library.prevailing(nation, any_day) {
        for history in library.histories(param.topic, param.param) {
            history.steps.iter().filter_map(|it| it.entry.value.as_ref()).for_each(|it| names(it, &mut all));
        }
    }
    let items = library.priced().filter(|it| !it.name_en.is_empty());
    all.extend(items.map(|it| (it.name.clone(), it.name_en.clone())));
    all
}

fn names(it: &Value, all: &mut Vec<(String, String)>) {
    match it {
        Value::Array(items) => items.iter().for_each(|it| names(it, all)),
        Value::Object(map) => {
            let chinese = map.get("名称").or(map.get("问题")).and_then(Value::as_str);
            let english = map.get("英文").and_then(Value::as_str);
            all.extend(chinese.zip(english).map(|(zh, en)| (zh.to_string(), en.to_string())));
            map.values().for_each(|it| names(it, all));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_policy_names_it_names_in_english_too() {
        let all = english(&load(&[], true).unwrap());
        for (zh, en) in [
            ("流感疫苗", "Influenza vaccine"),
            ("心电图", "ECG"),
            ("静脉采血", "Taking blood from a vein"),
            ("今天发热或急性病发作", "Fever or an acute illness today"),
        ] {
            assert!(all.iter().any(|it| it.0 == zh && it.1 == en), "{zh}");
        }
    }

    #[test]
    fn examples_hold_in_a_demonstration_and_nowhere_else() {
        assert!(load(&[], true).unwrap().refuse_examples().is_err());
        assert_eq!(load(&[], false).unwrap().refuse_examples(), Ok(()));
    }

    #[test]
    fn a_folder_of_ones_own_with_examples_is_refused_with_their_places() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
        let refused = load(&[folder], false).unwrap_err();
        assert!(refused.contains("tier.yaml:") && refused.contains("示例"), "{refused}");
    }
}
