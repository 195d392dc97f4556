//! The numbers the workforce is governed by.

use kit::tally::{Count, Indicator};

use super::marks::{STAFF, TEAM};

const fn staff(id: &'static str, title: &'static str, marks: &'static [&'static str]) -> Indicator {
    Indicator::number(id, title, "人", Count::new(STAFF, marks)).document("cq-reply-2025")
}

const TEAMS: Count = Count::new(TEAM, &["workforce.team"]);

pub const ALL: &[Indicator] = &[
    Indicator::number("teams", "家庭医生团队数", "个", TEAMS)
        .formula("当日在用的家庭医生团队")
        .document("cq-reply-2025"),
    Indicator::share(
        "teams_complete",
        "3+2+X 齐全的团队比例",
        Count::new(TEAM, &["workforce.team", "workforce.team_complete"]),
        TEAMS,
    )
    .formula("基本成员和专科成员齐全的团队 ÷ 家庭医生团队")
    .document("my-reply-2017")
    .short("workforce.team_short"),
    staff("staff", "在岗人员数", &["workforce.staff"]).formula("当日有主要执业机构的人员,不含县外机构人员"),
    staff("seconded", "县聘乡用(下派)人员数", &["workforce.seconded"]).formula("当日由上级医院下派到基层执业的人员"),
    staff("hired_this_year", "本年新聘人员数", &["workforce.staff", "workforce.hired_this_year"])
        .formula("本年首次在编或聘用上岗、当日仍在岗的人员"),
    staff("directed_titles", "基层定向评价高级职称人数", &["workforce.directed_title"])
        .formula("当日持有基层高级职称定向评价证书的在岗人员"),
    staff("rehired", "退休返聘人员数", &["workforce.rehired"]).formula("当日退休返聘的人员"),
    staff("multi_site", "多点执业人员数", &["workforce.multi_site"]).formula("当日有多点执业的人员"),
    staff("certified_carers", "持证养老护理员数", &["workforce.care_worker_certified"])
        .formula("当日持有有效养老护理员证的在岗人员")
        .document("my-reply-2017"),
    staff("care_workers", "养老护理员数", &["workforce.care_worker"])
        .formula("当日在岗的养老护理员")
        .document("ln-reply-2025"),
    staff("geriatric_staff_trained", "培训合格的老年医学人才数", &["workforce.geriatrics_trained"])
        .formula("老年医学培训考核合格、当日在岗的人员")
        .document("xa-plan-2024"),
];
