//! The beginning: an application for a home hospital bed, what the doctor finds, the visit, the agreement; or the contract of
//! a home elderly-care bed.

use kit::{
    Ask, Error, Result, Role, Tx,
    form::{self, Checked, Field, Input, Kind, Options, field},
};
use rules::{
    base::Date,
    home_bed::{self, Eligibility, Findings, Verdict},
};
use serde_json::json;

use super::{
    APPLY, WRITE,
    bed::{self, Bed, CARE, HOSPITAL, needed},
    course,
    deed::{Sent, past_day},
    doctor, words,
};
use crate::{
    elders::{self, Elder, Key, Report, Tone},
    institutions,
    policy::{About, decide},
};

pub const FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    field("kind", "床位种类", Kind::Choice(words::KINDS)).required(),
    field("institution", "机构", Kind::Pick).required(),
    field("applicant", "申请人", Kind::Choice(words::APPLICANTS)).help("家庭病床填写。"),
    field("applicant_name", "申请人姓名", Kind::Text(50)),
    field("reason", "病情和申请理由", Kind::LongText(1000)).help("家庭病床必填。"),
    field("contract_number", "合同编号", Kind::Text(60)).help("家庭养老床位填写。"),
    field("from", "服务起日", Kind::Date).help("家庭养老床位填写;不填为今天。"),
    field("contract_until", "合同止日", Kind::Date).help("家庭养老床位必填。"),
];

/// The fields that a kind of bed asks for on its page.
pub fn fields_of(kind: &str) -> Vec<Field> {
    let care = ["institution", "contract_number", "from", "contract_until"];
    let hospital = ["institution", "applicant", "applicant_name", "reason"];
    let wanted = if kind == CARE { care } else { hospital };
    FIELDS.iter().filter(|it| wanted.contains(&it.name)).map(|it| Field { help: "", ..*it }).collect()
}

/// Institutions that may keep a bed of a kind: medical ones a hospital bed, those of elderly care a care bed.
pub fn options(tx: &Tx<'_>, ask: &Ask, region: &str, kind: &str) -> Result<Options> {
    let kinds = if kind == CARE { institutions::CARE_KINDS } else { institutions::MEDICAL_KINDS };
    let all = tx.rows(
        "select id, name, kind from organisation where region = $1 order by name, id limit 2000",
        &[&region],
        |row| Ok((row.get::<kit::Id>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)),
    )?;
    let own = ask.who.scope.organisation;
    let fits = |it: &(kit::Id, String, String)| kinds.contains(&&*it.2) && own.is_none_or(|own| own == it.0);
    let all = all.into_iter().filter(fits).map(|it| (it.0.to_string(), it.1)).collect();
    Ok(Options::from([("institution", all)]))
}

/// Takes an application or a contract in; page and API come through here.
///
/// # Errors
/// `Refused` where a bed of the kind is wanted or kept for the elder already, or, for a care bed, where the elder lies in a bed.
pub fn apply_from(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Bed> {
    let key: Key = input.get("elder").parse().map_err(|_| Error::invalid("elder", "请从老人的页面申请"))?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    let checked = form::check(FIELDS, input, &options(tx, ask, &key.region, input.get("kind"))?)?;
    let institution = checked.id("institution").ok_or_else(|| Error::invalid("institution", "请选择机构"))?;
    let mut it = Bed::new(ask, &elder, &checked.text("kind"), institution);
    match &*it.kind {
        HOSPITAL => apply(tx, ask, &mut it, &elder, &checked)?,
        _ => contract(tx, ask, &mut it, &elder, &checked)?,
    }
    Ok(it)
}

/// Who may apply for a home hospital bed: those who treat, and a family for its own elder.
pub fn may_apply(ask: &Ask) -> bool {
    ask.may(WRITE) || (ask.may(APPLY) && ask.who.role == Role::Family)
}

fn apply(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, checked: &Checked) -> Result<()> {
    if !may_apply(ask) {
        return Err(Error::Forbidden);
    }
    it.reason = checked.text("reason");
    if it.reason.trim().is_empty() {
        return Err(Error::invalid("reason", "请填写病情和申请理由"));
    }
    let is_family = ask.who.role == Role::Family;
    it.applicant = if is_family { "family".to_string() } else { checked.text("applicant") };
    if it.applicant.is_empty() {
        it.applicant = "clinician".to_string();
    }
    it.applicant_name = checked.text("applicant_name");
    if it.applicant_name.is_empty() && matches!(&*it.applicant, "family" | "clinician") {
        it.applicant_name = ask.who.name.to_string();
    }
    it.visit_by = Some(needed(home_bed::visit_by(it.applied, &bed::policy(ask, &it.key.region, it.applied)))?);
    bed::insert(tx, ask, it)?;
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "申请家庭病床,{day} 前上门评估").with("day", it.visit_by.unwrap_or(it.applied));
    elders::report(tx, ask.now, &elder.key, &report.link(it.link()))?;
    bed::note(tx, ask, "create", it, elder, &json!({"applicant": it.applicant}).to_string())
}

fn contract(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, checked: &Checked) -> Result<()> {
    if ask.who.role == Role::Family {
        return Err(Error::refused("by_institution", "家庭养老床位由机构签约办理"));
    }
    let from = past_day(ask, "from", "服务起日", checked.date("from"))?;
    let until = checked.date("contract_until");
    let until = until.ok_or_else(|| Error::invalid("contract_until", "请填写合同止日"))?;
    if until < from || until < ask.today() {
        return Err(Error::invalid("contract_until", "合同止日应在服务起日之后、今天或以后"));
    }
    (it.contract_number, it.contract_until) = (checked.text("contract_number"), Some(until));
    bed::insert(tx, ask, it)?;
    bed::note(tx, ask, "create", it, elder, &json!({"contract until": until}).to_string())?;
    course::begin(tx, ask, it, elder, from)
}

/// What was found of conditions and obstacles: ids in `present` and `absent`, or one field `f-ID` each with `yes` or `no`.
fn findings(input: &Input, known: &[String]) -> Result<Findings> {
    let listed = |name: &str| -> Vec<String> {
        input.all(name).iter().flat_map(|it| it.split_whitespace()).map(str::to_string).collect()
    };
    let mut found = Findings { present: listed("present"), absent: listed("absent") };
    for id in known {
        match input.get(&format!("f-{id}")) {
            "yes" => found.present.push(id.clone()),
            "no" => found.absent.push(id.clone()),
            _ => {}
        }
    }
    let odd = found.present.iter().chain(&found.absent).find(|id| !known.contains(id));
    if let Some(odd) = odd {
        let said = kit::Said::new("收治条件里没有“{value}”").with("value", odd);
        return Err(Error::invalid("present", said));
    }
    if found.present.iter().any(|id| found.absent.contains(id)) {
        return Err(Error::invalid("present", "同一条不能既有又无"));
    }
    if found.present.is_empty() && found.absent.is_empty() {
        return Err(Error::invalid("present", "请至少核对一条"));
    }
    Ok(found)
}

/// Conditions and obstacles of a county: (id, name, whether it is an obstacle).
pub fn listed(ask: &Ask, region: &str, day: Date) -> Result<Vec<(String, String, bool)>> {
    let policy = bed::policy(ask, region, day);
    let conditions = needed(policy.read(|it| &it.home_bed.conditions))?;
    let obstacles = needed(policy.read(|it| &it.home_bed.obstacles))?;
    let named = |it: &rules::base::Listed| ask.either(&*it.name, &*it.name_en).to_string();
    let conditions = conditions.iter().map(|it| (it.id.clone(), named(it), false));
    Ok(conditions.chain(obstacles.iter().map(|it| (it.id.clone(), named(it), true))).collect())
}

/// What is concluded from the findings kept, by the policy of the day on which that was decided.
pub fn concluded(ask: &Ask, it: &Bed) -> Option<Eligibility> {
    let day = it.decided.unwrap_or_else(|| ask.today());
    home_bed::eligibility(&it.findings, &bed::policy(ask, &it.key.region, day)).ok()
}

/// Notes what was found and decides; the decision is kept with the policy values it rests on.
pub fn find_out(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let today = ask.today();
    let known: Vec<String> = listed(ask, &it.key.region, today)?.into_iter().map(|it| it.0).collect();
    it.findings = findings(&sent.input, &known)?;
    let policy = bed::policy(ask, &it.key.region, today);
    let found = needed(home_bed::eligibility(&it.findings, &policy))?;
    let (state, verdict, said, tone) = match found.verdict {
        Verdict::Eligible => ("eligible", "eligible", "家庭病床评估:可以建床", Tone::Ok),
        Verdict::Refused => ("refused", "refused", "家庭病床评估:不予建床", Tone::Warn),
        Verdict::Undecided => ("applied", "", "家庭病床评估:待定", Tone::Plain),
    };
    (it.state, it.verdict, it.decided) = (state.to_string(), verdict.to_string(), Some(today));
    let about = About {
        region: &it.key.region,
        place: &elder.place,
        organisation: Some(it.institution),
        person: Some(elder.key.id),
        subject: "homebed",
        subject_id: it.key.id,
        link: &it.link(),
        topic: "home_bed",
    };
    decide(tx, ask, &about, &policy.decided(&found))?;
    course::follow(tx, ask, it, elder)?;
    elders::report(tx, ask.now, &elder.key, &Report::new("homebed", said).link(it.link()).tone(tone))
}

/// The responsible doctor saw the elder.
pub fn visit(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "上门评估日期", sent.checked.date("day"))?;
    if day < it.applied {
        return Err(Error::invalid("day", "上门评估不能早于申请日期"));
    }
    (it.visited, it.visit_note) = (Some(day), sent.checked.text("note"));
    doctor::set(tx, ask, it, sent.checked.id("doctor"))?;
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "家庭病床上门评估:{doctor}").with("doctor", &it.doctor).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)
}

/// The agreement was signed: with so many pages, or with a picture of it.
pub fn consent(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "签署日期", sent.checked.date("day"))?;
    let (signer, name) = (sent.checked.text("signer"), sent.checked.text("name"));
    if signer != "self" && name.is_empty() {
        return Err(Error::invalid("name", "家属或监护人签署时,请填写姓名和关系"));
    }
    let file = sent.keep(tx, ask, &it.key.region, "agreement")?;
    let pages = sent.checked.int("pages");
    if pages.is_none() && file.is_none() {
        return Err(Error::invalid("pages", "请填写协议页数,或上传签好的协议"));
    }
    it.consent = bed::Consent { day: Some(day), signer, name, pages, file };
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "签署家庭病床服务协议,{day}").with("day", day).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)
}
