//! Cases of rules that read policy.

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    Outcome, alarm as alarm_cases, bed, care_plan as plan, check,
    chronic::{self, ScreeningFound, VisitFound, YearFound},
    contracting as signing, home, limits as limit_cases, ltci as insurance,
    vaccination::{self, AdmissionFound, PlanFound},
    visit as visit_cases,
};
use crate::{
    assessment_course::{self, Term},
    base::{Date, Money, Region, Text},
    care_plan, care_tier, contracting,
    elder_groups::{self, Group},
    healthcheck, home_bed, home_service, institution, ltci,
    policy::{Fault, InForce, Library, NoPolicy, read},
    reported, rounds, supervision, tariff, tcm, visit, workforce,
};

/// One list of cases a rule, by the rule's Chinese name.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CaseFile {
    #[serde(rename = "长护险资格")]
    entitlement: Vec<Case<ltci::Claim, ltci::Entitlement>>,
    #[serde(rename = "长护月结算")]
    settled: Vec<Case<insurance::Month, insurance::MonthFound>>,
    #[serde(rename = "长护筹资")]
    contribution: Vec<Case<ltci::Contributor, insurance::Dues>>,
    #[serde(rename = "长护线索")]
    leads: Vec<Case<insurance::Claimed, insurance::Found>>,
    #[serde(rename = "照护计划")]
    plans: Vec<Case<ltci::plan::Plan, ltci::plan::Weighed>>,
    #[serde(rename = "自评申请")]
    self_rated: Vec<Case<insurance::SelfRated, insurance::MayApply>>,
    #[serde(rename = "待遇起算")]
    benefit_start: Vec<Case<insurance::Concluded, DayFound>>,
    #[serde(rename = "上门收费")]
    home_visit: Vec<Case<tariff::Visit, tariff::Bill>>,
    #[serde(rename = "收费分摊")]
    split: Vec<Case<tariff::Line, tariff::Split>>,
    #[serde(rename = "项目定价")]
    price: Vec<Case<PriceAsked, PriceFound>>,
    #[serde(rename = "上门服务费测算")]
    visit_fee: Vec<Case<tariff::Costs, tariff::VisitFee>>,
    #[serde(rename = "床日付费")]
    bed_days: Vec<Case<tariff::Stay, tariff::BedDays>>,
    #[serde(rename = "预付结算")]
    prepaid: Vec<Case<tariff::Month, tariff::Settled>>,
    #[serde(rename = "双随机抽查")]
    yearly_draw: Vec<Case<supervision::Year, supervision::Draw>>,
    #[serde(rename = "评估期限")]
    deadline: Vec<Case<DeadlineAsked, DayFound>>,
    #[serde(rename = "分级照护")]
    tier: Vec<Case<care_tier::Situation, TierFound>>,
    #[serde(rename = "填报校验")]
    reported: Vec<Case<ReportedAsked, ReportedFound>>,
    #[serde(rename = "人群归类")]
    groups: Vec<Case<elder_groups::Person, GroupsFound>>,
    #[serde(rename = "两证齐全")]
    licensed: Vec<Case<institution::Licences, institution::Licensed>>,
    #[serde(rename = "证照状态")]
    standing: Vec<Case<institution::Licence, institution::Standing>>,
    #[serde(rename = "应有能力")]
    owes: Vec<Case<institution::Asked, institution::Owes>>,
    #[serde(rename = "团队完整")]
    completeness: Vec<Case<workforce::Members, workforce::Completeness>>,
    #[serde(rename = "证书有效期")]
    validity: Vec<Case<workforce::Held, workforce::Validity>>,
    #[serde(rename = "慢病随访")]
    chronic_visit: Vec<Case<crate::chronic::Visit, VisitFound>>,
    #[serde(rename = "慢病规范管理")]
    chronic_year: Vec<Case<crate::chronic::Care, YearFound>>,
    #[serde(rename = "慢病筛查")]
    screening: Vec<Case<crate::chronic::Measured, ScreeningFound>>,
    #[serde(rename = "接种安排")]
    vaccination_plan: Vec<Case<crate::vaccination::Doses, PlanFound>>,
    #[serde(rename = "接种准入")]
    vaccination_admission: Vec<Case<crate::vaccination::Candidate, AdmissionFound>>,
    #[serde(rename = "体检到期")]
    check_due: Vec<Case<healthcheck::Course, DayFound>>,
    #[serde(rename = "体检判断")]
    check_found: Vec<Case<check::Filled, check::ValuesFound>>,
    #[serde(rename = "体检完整")]
    check_missing: Vec<Case<check::Blank, healthcheck::Missing>>,
    #[serde(rename = "化验对应")]
    lab: Vec<Case<healthcheck::LabReading, check::LabFound>>,
    #[serde(rename = "体质结论")]
    constitution: Vec<Case<tcm::Answers, tcm::Conclusion>>,
    #[serde(rename = "重新采集")]
    ask_again: Vec<Case<AskedOn, DayFound>>,
    #[serde(rename = "客观定分")]
    anchored: Vec<Case<check::Measured, check::Scores>>,
    #[serde(rename = "中医技术")]
    techniques: Vec<Case<Techniques, tcm::Offer>>,
    #[serde(rename = "签约服务包")]
    packages: Vec<Case<contracting::Person, signing::PackagesFound>>,
    #[serde(rename = "签约期限")]
    term: Vec<Case<signing::TermAsked, signing::TermFound>>,
    #[serde(rename = "应签尽签")]
    must_sign: Vec<Case<GroupsFound, GroupsFound>>,
    #[serde(rename = "签约服务收费")]
    charge: Vec<Case<signing::ChargeAsked, signing::ChargeFound>>,
    #[serde(rename = "家庭病床建床")]
    home_bed: Vec<Case<home_bed::Findings, home_bed::Eligibility>>,
    #[serde(rename = "家庭病床上门评估")]
    home_bed_visit: Vec<Case<bed::AppliedOn, DayFound>>,
    #[serde(rename = "家庭病床日程")]
    home_bed_dues: Vec<Case<home_bed::Bed, home_bed::Dues>>,
    #[serde(rename = "养老床位回访")]
    home_bed_check: Vec<Case<bed::CheckAsked, DayFound>>,
    #[serde(rename = "家庭床位服务天数")]
    home_bed_days: Vec<Case<bed::DaysServedAsked, bed::DaysServed>>,
    #[serde(rename = "家庭床位并存")]
    home_bed_both: Vec<Case<bed::Nothing, bed::BothKinds>>,
    #[serde(rename = "家庭病床收费项目")]
    home_bed_items: Vec<Case<bed::Nothing, home_bed::Items>>,
    #[serde(rename = "巡访任务")]
    rounds: Vec<Case<RoundsAsked, RoundsFound>>,
    #[serde(rename = "上门核验")]
    visit: Vec<Case<visit::Visit, visit_cases::ProofFound>>,
    #[serde(rename = "上门人员")]
    home_staff: Vec<Case<home::StaffAsked, home_service::May>>,
    #[serde(rename = "上门对象")]
    home_clients: Vec<Case<home::ClientAsked, home_service::Fit>>,
    #[serde(rename = "上门风险")]
    home_risks: Vec<Case<home_service::Answers, home_service::Weighed>>,
    #[serde(rename = "上门人数")]
    home_party: Vec<Case<home::PartyAsked, home_service::Party>>,
    #[serde(rename = "首次评估有效")]
    home_assessed: Vec<Case<home::AssessedOn, DayFound>>,
    #[serde(rename = "上门取消")]
    home_call_off: Vec<Case<home_service::Calling, home::CallOffFound>>,
    #[serde(rename = "失能服务申请")]
    home_applicants: Vec<Case<home_service::Applicant, home::MayApply>>,
    #[serde(rename = "照护计划拟订")]
    care_plan: Vec<Case<care_plan::Facts, plan::DraftFound>>,
    #[serde(rename = "派单人员")]
    dispatch_staff: Vec<Case<home::DispatchAsked, home_service::May>>,
    #[serde(rename = "体征报警")]
    limits: Vec<Case<limit_cases::Asked, limit_cases::Found>>,
    #[serde(rename = "体征趋势")]
    trends: Vec<Case<limit_cases::DaysAsked, limit_cases::TrendsFound>>,
    #[serde(rename = "久无活动")]
    still: Vec<Case<limit_cases::HomeAsked, limit_cases::LookFound>>,
    #[serde(rename = "设备失联")]
    silent: Vec<Case<limit_cases::DeviceAsked, limit_cases::LookFound>>,
    #[serde(rename = "设备报警")]
    of_device: Vec<Case<limit_cases::AlarmAsked, limit_cases::LookFound>>,
    #[serde(rename = "上门合并")]
    joined: Vec<Case<plan::WeekAsked, care_plan::Joined>>,
    #[serde(rename = "报警步骤")]
    alarm_steps: Vec<Case<alarm_cases::CourseAsked, alarm_cases::DueFound>>,
    #[serde(rename = "值班空档")]
    duty_gaps: Vec<Case<crate::alarm::Rota, alarm_cases::GapsFound>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case<Given, Expected> {
    #[serde(rename = "名称")]
    name: String,
    #[serde(rename = "日期")]
    day: Date,
    /// The folder's own region where it is left out.
    #[serde(rename = "地区", default)]
    region: Option<Region>,
    #[serde(rename = "已知")]
    given: Given,
    #[serde(rename = "应得", default = "Option::default")]
    expected: Option<Expected>,
    /// In place of 应得, where no policy is in force and the rule must say so.
    #[serde(rename = "应无在行政策", default)]
    no_policy: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceAsked {
    #[serde(rename = "编码")]
    code: String,
    #[serde(rename = "机构等级", default)]
    level: Option<tariff::Level>,
    #[serde(rename = "机构性质", default)]
    owner: Option<tariff::Owner>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct PriceFound {
    #[serde(rename = "名称")]
    name: String,
    #[serde(rename = "价格")]
    price: Money,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeadlineAsked {
    #[serde(rename = "期限")]
    term: Term,
    #[serde(rename = "起算日")]
    start: Date,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct DayFound {
    #[serde(rename = "日期")]
    day: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundsAsked {
    #[serde(rename = "对象")]
    subject: rounds::Subject,
    #[serde(rename = "情况")]
    spells: Vec<rounds::Spell>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct RoundsFound {
    #[serde(rename = "任务")]
    tasks: Vec<rounds::Task>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct TierFound {
    #[serde(rename = "档次")]
    code: u8,
    #[serde(rename = "名称")]
    name: String,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct GroupsFound {
    #[serde(rename = "人群")]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportedAsked {
    #[serde(rename = "数字")]
    entries: Vec<reported::Entry>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct ReportedFound {
    #[serde(rename = "发现")]
    kinds: Vec<reported::Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedOn {
    #[serde(rename = "采集日期")]
    day: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Techniques {
    #[serde(rename = "项目")]
    ids: Vec<String>,
}

pub(super) fn run(library: &Library, path: &str, text: &str) -> Result<Vec<Outcome>, Fault> {
    let cases: CaseFile = read(path, text)?;
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let region = folder.split('-').next().and_then(|it| it.parse().ok()).ok_or_else(|| {
        let zh = format!("文件夹“{folder}”应以六位区划代码开头，如 500000-chongqing");
        Fault::of_file(
            path,
            Text::new(zh, format!("the folder “{folder}” should begin with a region code, as 500000-chongqing")),
        )
    })?;
    let bench = Bench { library, path, region };
    let outcomes = [
        bench.run("长护险资格", &cases.entitlement, ltci::entitlement),
        bench.run("长护月结算", &cases.settled, |month: &insurance::Month, policy| {
            insurance::month(month, policy, library)
        }),
        bench.run("长护筹资", &cases.contribution, insurance::dues),
        bench.run("长护线索", &cases.leads, insurance::found),
        bench.run("照护计划", &cases.plans, ltci::plan::weigh),
        bench.run("自评申请", &cases.self_rated, insurance::self_rated),
        bench.run("待遇起算", &cases.benefit_start, |it, policy| {
            insurance::start(it, policy).map(|day| DayFound { day })
        }),
        bench.run("上门收费", &cases.home_visit, tariff::home_visit),
        bench.run("收费分摊", &cases.split, tariff::split),
        bench.run("项目定价", &cases.price, |asked: &PriceAsked, policy| {
            let found = policy.price(&asked.code, asked.level, asked.owner)?.1;
            Ok(PriceFound { name: found.name.clone(), price: found.price.unwrap_or_default() })
        }),
        bench.run("上门服务费测算", &cases.visit_fee, |costs, _| Ok(tariff::visit_fee(costs))),
        bench.run("床日付费", &cases.bed_days, tariff::bed_days),
        bench.run("预付结算", &cases.prepaid, |month, _| Ok(tariff::settle(month))),
        bench.run("双随机抽查", &cases.yearly_draw, supervision::yearly_draw),
        bench.run("评估期限", &cases.deadline, |asked: &DeadlineAsked, policy| {
            assessment_course::deadline(asked.term, asked.start, policy).map(|it| DayFound { day: it.day })
        }),
        bench.run("分级照护", &cases.tier, |situation, policy| {
            care_tier::tier(situation, policy).map(|it| TierFound { code: it.code, name: it.name })
        }),
        bench.run("填报校验", &cases.reported, |asked: &ReportedAsked, policy| {
            let found = reported::findings(&asked.entries, policy)?;
            Ok(ReportedFound { kinds: found.into_iter().map(|it| it.kind).collect() })
        }),
        bench.run("慢病随访", &cases.chronic_visit, chronic::visit),
        bench.run("慢病规范管理", &cases.chronic_year, chronic::year),
        bench.run("慢病筛查", &cases.screening, chronic::screening),
        bench.run("接种安排", &cases.vaccination_plan, vaccination::plan),
        bench.run("接种准入", &cases.vaccination_admission, vaccination::admission),
        bench.run("人群归类", &cases.groups, |person, policy| {
            let found = elder_groups::groups(person, policy)?;
            Ok(GroupsFound { groups: found.into_iter().map(|it| it.group).collect() })
        }),
        bench.run("两证齐全", &cases.licensed, institution::licensed),
        bench.run("证照状态", &cases.standing, institution::standing),
        bench.run("应有能力", &cases.owes, institution::owes),
        bench.run("团队完整", &cases.completeness, workforce::completeness),
        bench.run("证书有效期", &cases.validity, workforce::validity),
        bench.run("体检到期", &cases.check_due, |course, policy| {
            healthcheck::next_due(course, policy).map(|day| DayFound { day })
        }),
        bench.run("体检判断", &cases.check_found, check::judged),
        bench.run("体检完整", &cases.check_missing, check::missing),
        bench.run("化验对应", &cases.lab, check::read),
        bench.run("体质结论", &cases.constitution, |answers, policy| {
            let id = assessment_course::default_instrument(assessment_course::Programme::TcmConstitution, policy)?;
            let instrument =
                library.instrument(id.as_str()).expect("instruments named by policy exist, as checked when read");
            Ok(tcm::conclude(answers, instrument))
        }),
        bench.run("重新采集", &cases.ask_again, |asked: &AskedOn, policy| {
            tcm::ask_again(asked.day, policy).map(|day| DayFound { day })
        }),
        bench.run("客观定分", &cases.anchored, check::anchored),
        bench.run("中医技术", &cases.techniques, |it: &Techniques, policy| tcm::offered(&it.ids, policy)),
        bench.run("签约服务包", &cases.packages, signing::packages),
        bench.run("签约期限", &cases.term, signing::term),
        bench.run("应签尽签", &cases.must_sign, |asked: &GroupsFound, policy| {
            contracting::must_sign(&asked.groups, policy).map(|groups| GroupsFound { groups })
        }),
        bench.run("签约服务收费", &cases.charge, signing::charge),
        bench.run("家庭病床建床", &cases.home_bed, home_bed::eligibility),
        bench.run("家庭病床上门评估", &cases.home_bed_visit, |asked: &bed::AppliedOn, policy| {
            home_bed::visit_by(asked.day, policy).map(|day| DayFound { day })
        }),
        bench.run("家庭病床日程", &cases.home_bed_dues, home_bed::dues),
        bench.run("养老床位回访", &cases.home_bed_check, |asked: &bed::CheckAsked, policy| {
            home_bed::check_by(asked.begun, asked.last, policy).map(|day| DayFound { day })
        }),
        bench.run("家庭床位服务天数", &cases.home_bed_days, bed::days_served),
        bench.run("家庭床位并存", &cases.home_bed_both, bed::both),
        bench
            .run("家庭病床收费项目", &cases.home_bed_items, |_: &bed::Nothing, policy| home_bed::items(policy)),
        bench.run("上门人员", &cases.home_staff, home::staff),
        bench.run("派单人员", &cases.dispatch_staff, home::dispatched),
        bench.run("上门对象", &cases.home_clients, home::client),
        bench.run("上门风险", &cases.home_risks, home_service::weigh),
        bench.run("上门人数", &cases.home_party, home::party),
        bench.run("首次评估有效", &cases.home_assessed, |asked: &home::AssessedOn, policy| {
            home_service::assessment_until(asked.day, policy).map(|day| DayFound { day })
        }),
        bench.run("上门取消", &cases.home_call_off, |asked, policy| {
            home_service::call_off(asked, policy).map(|answer| home::CallOffFound { answer })
        }),
        bench.run("失能服务申请", &cases.home_applicants, |asked, policy| {
            home_service::may_apply(asked, policy).map(|answer| home::MayApply { answer })
        }),
        bench.run("巡访任务", &cases.rounds, |asked: &RoundsAsked, policy| {
            let tasks = rounds::owed(asked.subject, &asked.spells, policy.day(), policy)?;
            Ok(RoundsFound { tasks })
        }),
        bench.run("上门核验", &cases.visit, visit_cases::checked),
        bench.run("照护计划拟订", &cases.care_plan, plan::draft),
        bench.run("体征报警", &cases.limits, limit_cases::judged),
        bench.run("体征趋势", &cases.trends, limit_cases::trends),
        bench.run("久无活动", &cases.still, limit_cases::still),
        bench.run("设备失联", &cases.silent, limit_cases::silent),
        bench.run("设备报警", &cases.of_device, limit_cases::of_device),
        bench.run("上门合并", &cases.joined, plan::joined),
        bench.run("报警步骤", &cases.alarm_steps, alarm_cases::due),
        bench.run("值班空档", &cases.duty_gaps, alarm_cases::gaps),
    ];
    outcomes.into_iter().collect::<Result<Vec<_>, _>>().map(|it| it.concat())
}

struct Bench<'a> {
    library: &'a Library,
    path: &'a str,
    region: Region,
}

impl Bench<'_> {
    fn run<G, E: Serialize + PartialEq>(
        &self,
        rule: &str,
        cases: &[Case<G, E>],
        decide: impl Fn(&G, &InForce<'_>) -> Result<E, NoPolicy>,
    ) -> Result<Vec<Outcome>, Fault> {
        cases.iter().map(|it| self.run_one(rule, it, &decide)).collect()
    }

    fn run_one<G, E: Serialize + PartialEq>(
        &self,
        rule: &str,
        case: &Case<G, E>,
        decide: &impl Fn(&G, &InForce<'_>) -> Result<E, NoPolicy>,
    ) -> Result<Outcome, Fault> {
        let name = case.name.clone();
        if case.expected.is_some() == case.no_policy.is_some() {
            let zh = format!("“{name}”应写明 应得 或 应无在行政策，二者取一");
            return Err(Fault::of_file(
                self.path,
                Text::new(zh, format!("“{name}” needs either 应得 or 应无在行政策")),
            ));
        }
        let policy = self.library.at(case.region.unwrap_or(self.region), case.day);
        let got = decide(&case.given, &policy);
        Ok(Outcome {
            file: self.path.to_owned(),
            rule: rule.to_owned(),
            name,
            passed: got.as_ref().ok() == case.expected.as_ref(),
            expected: case.expected.as_ref().map_or_else(|| json!("本地当日没有在行政策"), shown),
            got: got.as_ref().map_or_else(|it| json!(it.text().zh), shown),
            because: policy.because(),
            steps: Vec::new(),
        })
    }
}

fn shown(it: &impl Serialize) -> Value {
    serde_json::to_value(it).expect("answers of rules have text keys and finite numbers")
}
