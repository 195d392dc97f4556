//! The closed lists of rounds: (word, title).

use kit::{Ask, page::Badge};
use rules::{
    elder_groups::Group,
    rounds::{Programme, Subject},
};

pub const SUBJECTS: &[(&str, &str)] = &[("elder", "老人"), ("household", "户"), ("village", "村(社区)")];

/// What was found at a visit.
pub const FOUND: &[(&str, &str)] =
    &[("well", "情况良好"), ("unwell", "身体不适"), ("help", "需要帮助"), ("absent", "没有见到人")];
/// What is kept of a visit that says nothing of it.
pub const UNSAID: &str = "unsaid";

pub const FOUND_BADGES: &[(&str, &str, Badge)] = &[
    ("well", "情况良好", Badge::Ok),
    ("unwell", "身体不适", Badge::Warn),
    ("help", "需要帮助", Badge::Bad),
    ("absent", "没有见到人", Badge::Muted),
    (UNSAID, "没有说明", Badge::Muted),
];

/// How a task stands.
pub const STATES: &[(&str, &str, Badge)] = &[
    ("waiting", "待做", Badge::Info),
    ("overdue", "逾期", Badge::Bad),
    ("done", "按期完成", Badge::Ok),
    ("late", "逾期完成", Badge::Warn),
    ("missed", "逾期未做", Badge::Bad),
    ("lapsed", "不再需要", Badge::Muted),
];

/// Why nobody is to be visited any more.
pub const ENDED: &[(&str, &str)] = &[
    ("died", "已故"),
    ("moved", "已迁出"),
    ("merged", "档案已合并"),
    ("away", "不在家"),
    ("not_owed", "不属于这项安排"),
    ("done_elsewhere", "由合并的另一份档案完成"),
    ("gone", "已不在册"),
    (MISSED, "逾期未做"),
];
/// It was late already when nobody was there any more.
pub const MISSED: &str = "missed";

/// Where somebody is who is not at home.
pub const AWAY: &[(&str, &str)] =
    &[("hospital", "在医院"), ("relatives", "投亲"), ("travelling", "外出"), ("other", "其他")];

pub const FOLLOWS: &[(&str, &str, Badge)] = &[("open", "待跟进", Badge::Bad), ("closed", "已跟进", Badge::Ok)];

/// Stored words of the trail.
pub const STORED: &[(&str, &str)] =
    &[("round", "巡访任务"), ("rounds", "巡访任务"), ("rounds-follow", "巡访后要跟进"), ("visited", "登记巡访")];

/// The title of a word; empty where the list does not know it.
pub fn title(list: &[(&str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("", |it| it.1)
}

/// The title and badge of a word.
pub fn badge(list: &[(&str, &'static str, Badge)], word: &str) -> (&'static str, Badge) {
    list.iter().find(|it| it.0 == word).map_or(("", Badge::Muted), |it| (it.1, it.2))
}

pub fn subject(it: Subject) -> &'static str {
    match it {
        Subject::Elder => "elder",
        Subject::Household => "household",
        Subject::Village => "village",
    }
}

/// What a programme is counted under: visits to those in hardship, rounds to the disabled, or neither.
pub fn aim(it: &Programme) -> &'static str {
    const HARDSHIP: &[Group] =
        &[Group::LeftBehind, Group::Alone, Group::Poor, Group::Handicapped, Group::SpecialFamily];
    let has = |of: &[Group]| it.subject == Subject::Elder && it.groups.iter().any(|group| of.contains(group));
    if has(HARDSHIP) {
        "hardship"
    } else if has(&[Group::Disabled, Group::Demented]) {
        "disabled"
    } else {
        ""
    }
}

/// The programmes of the reader's part of the country: (id, name).
pub fn programmes(ask: &Ask) -> Vec<(String, String)> {
    let region = ask.who.scope.counties.first().map_or(&*ask.who.scope.place, |it| it);
    let policy = ask.app.policy_in(region, ask.today());
    let all = policy.read(|it| &it.rounds.programmes).map_or(&[][..], |it| it);
    all.iter().map(|it| (it.id.clone(), ask.either(&*it.name, &*it.name_en).to_string())).collect()
}

/// The name of a programme; its id where it is no longer laid down.
pub fn programme(ask: &Ask, id: &str) -> String {
    programmes(ask).into_iter().find(|it| it.0 == id).map_or_else(|| id.to_string(), |it| it.1)
}
