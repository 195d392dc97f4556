//! The course of an assessment, its time limits, and the groups of elders.

use rules::{
    assessment_course::{Event, Programme, State, Term, deadline, default_instrument, next},
    base::Date,
    elder_groups::{Group, groups_in},
};

use crate::policy::shipped;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn an_assessment_runs_from_draft_to_effect() {
    use Event::*;
    let steps = [Submit, TakeUp, AcceptMaterials, Dispatch, FinishAssessing, Sign, EndNotice];
    let end = steps.into_iter().try_fold(State::Draft, next).unwrap();
    assert_eq!(end, State::Effective);
}

#[test]
fn materials_go_back_and_forth() {
    use Event::*;
    assert_eq!(
        [Submit, TakeUp, ReturnMaterials, Submit, TakeUp].into_iter().try_fold(State::Draft, next),
        Ok(State::CheckingMaterials)
    );
    assert_eq!(next(State::CheckingMaterials, Reject), Ok(State::Rejected));
}

#[test]
fn an_objection_leads_through_review_to_a_second_signature() {
    use Event::*;
    let steps = [Object, BeginReview, FinishReview, Sign, EndNotice];
    assert_eq!(steps.into_iter().try_fold(State::OnNotice, next), Ok(State::Effective));
    assert_eq!(next(State::Effective, Object), Ok(State::Objected));
}

#[test]
fn an_assessment_without_second_signature_is_never_effective() {
    let refused = next(State::AwaitingSecondSignature, Event::EndNotice).unwrap_err();
    assert_eq!(refused.text().zh, "评估现在是“待复核”，不能公示期满；可以：复核签字、复核退回、终止");
}

#[test]
fn every_state_can_be_reached_and_every_running_one_can_end() {
    let mut reached = vec![State::Draft];
    let mut at = 0;
    while let Some(state) = reached.get(at).copied() {
        let following = state.events().into_iter().map(|event| next(state, event).unwrap());
        let new: Vec<State> = following.filter(|it| !reached.contains(it)).collect();
        reached.extend(new);
        assert!(state.is_final() || next(state, Event::End) == Ok(State::Ended), "{state:?}");
        at += 1;
    }
    for state in State::ALL {
        assert!(reached.contains(&state), "{state:?}");
    }
}

#[test]
fn a_state_is_stored_as_its_word() {
    assert_eq!(serde_json::to_string(&State::AwaitingSecondSignature).unwrap(), "\"awaiting_second_signature\"");
}

#[test]
fn a_year_without_holiday_notice_is_counted_by_weekdays_and_says_so() {
    let days = shipped().working_days();
    let known = days.after(day("2026-09-29"), 3);
    assert_eq!((known.day, known.note), (day("2026-10-09"), None));
    let unknown = days.after(day("2031-09-29"), 3);
    assert_eq!(unknown.day, day("2031-10-02"));
    assert!(unknown.note.unwrap().zh.contains("2031 年放假安排尚未录入"));
    assert_eq!(days.after(day("2026-10-01"), 0).day, day("2026-10-01"));
}

#[test]
fn a_local_validity_never_exceeds_the_national_limit() {
    let policy = shipped().at("500103".parse().unwrap(), day("2026-03-10"));
    assert_eq!(deadline(Term::ValidUntil, day("2026-03-10"), &policy).unwrap().day, day("2028-03-09"));
    let read: Vec<&str> = policy.because().iter().map(|it| it.param).collect();
    assert_eq!(read, ["有效期月数", "有效期上限月数"]);
}

#[test]
fn each_programme_has_its_instrument() {
    let policy = shipped().at("500103".parse().unwrap(), day("2026-03-10"));
    for (programme, id) in [
        (Programme::LtciDisability, "ltc-2021"),
        (Programme::ElderAbility, "gbt-42195-2022"),
        (Programme::SelfCare, "phs-selfcare"),
        (Programme::TcmConstitution, "tcm-33"),
    ] {
        assert_eq!(default_instrument(programme, &policy).unwrap().as_str(), id);
    }
}

#[test]
fn the_words_of_a_ledger_mean_groups() {
    let groups = |cell: &str| groups_in(cell).0.into_iter().map(|it| (it.group, it.word)).collect::<Vec<_>>();
    let one = |group, word: &str| (group, word.to_owned());
    assert_eq!(groups("低保、留守"), [one(Group::Poor, "低保"), one(Group::LeftBehind, "留守")]);
    assert_eq!(groups("失能 独居"), [one(Group::Disabled, "失能"), one(Group::Alone, "独居")]);
    assert_eq!(groups("半失能老人（卧床）"), [one(Group::Disabled, "半失能老人（卧床）")]);
    assert_eq!(
        groups("失独/五保;特困"),
        [one(Group::SpecialFamily, "失独"), one(Group::Poor, "五保"), one(Group::Poor, "特困")]
    );
    assert_eq!(groups("高龄,高龄"), [one(Group::Oldest, "高龄")]);
    assert_eq!(groups_in("无"), (vec![], vec![]));
    assert_eq!(groups_in(""), (vec![], vec![]));
}

#[test]
fn words_nobody_knows_are_handed_back() {
    assert_eq!(groups_in("空巢、低保").1, ["空巢"]);
    assert_eq!(groups_in("非低保").1, ["非低保"], "a word must fit as a whole");
}

#[test]
fn a_group_keeps_its_word() {
    for group in Group::ALL {
        assert_eq!(Group::from_word(group.word()), Some(group));
        assert_eq!(serde_json::to_value(group).unwrap(), group.word());
    }
}
