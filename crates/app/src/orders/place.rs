//! Placing an order: for whom, which service, what risk, who agrees, when; page and API come through here.

use kit::{
    Ask, Error, Result, Role, Said, Tx,
    clock::stamp,
    error::FieldError,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{
    base::Date,
    home_service::{self, Answer, Answers, Condition, Known, Risk, Service, Verdict, Visit},
    policy::InForce,
};

use super::{
    consent, family, no_policy, price,
    record::{self, Agreed, Order},
    words,
};
use crate::{
    assessment,
    elders::{self, Elder, Key, Report},
    institutions::{self, Institution},
    tariff,
};

pub const FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    field("institution", "机构", Kind::Pick).required(),
    field("service", "服务", Kind::Text(40)).required(),
    field("conditions", "老人现在的情况", Kind::Many(words::STATED)),
    field("carer", "上门时有照护者在场", Kind::Check),
    field("consent", "已看过并同意以上各点", Kind::Check),
    field("signer", "由谁同意", Kind::Choice(words::SIGNERS)),
    field("signer_name", "同意人姓名", Kind::Text(50)),
    field("day", "希望哪一天", Kind::Date).required(),
    field("part", "什么时候", Kind::Choice(words::PARTS)).required(),
    field("time", "时间", Kind::Text(5)).help("选“指定时间”时填写,如 09:30。"),
    field("note", "还要告诉服务人员的", Kind::Text(300)),
    SIGNATURE,
];

/// A picture as the signature pad sends it.
pub const SIGNATURE: Field =
    field("signature", "签名", Kind::LongText(400_000)).help("PNG,写作 data:image/png;base64,…");

/// The name of the field of a risk.
pub fn risk_field(risk: &Risk) -> String {
    format!("risk_{}", risk.id)
}

/// Institutions that can be asked for an elder: those that serve the place, else all of the county.
pub fn institutions_for(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<Vec<(String, String)>> {
    let all = tariff::institutions_of(tx, ask, &elder.key.region)?;
    let serving = institutions::serving(tx, &elder.key.region, &elder.place, ask.today())?;
    let is_serving = |it: &&(String, String)| serving.iter().any(|one| one.key.id.to_string() == it.0);
    let near: Vec<(String, String)> = all.iter().filter(is_serving).cloned().collect();
    let mut all = if near.is_empty() { all } else { near };
    // First the own institution, then the health centre of the place: those that most often go to homes.
    let is_centre = |id: &str| {
        let it = serving.iter().find(|it| it.key.id.to_string() == id);
        it.is_some_and(|it| matches!(&*it.kind, "community_health_centre" | "township_health_centre"))
    };
    let own = elder.organisation.map(|it| it.to_string());
    all.sort_by_key(|(id, _)| (Some(id) != own.as_ref(), !is_centre(id)));
    Ok(all)
}

/// What the registry and the assessments know of an elder, and what whoever orders states.
pub fn known(tx: &Tx<'_>, elder: &Elder, stated: Option<&[String]>) -> Result<Known> {
    let groups = elders::groups_of(tx, &elder.key)?;
    let is_in = |kind: &str| groups.iter().any(|it| it.kind == kind && it.until.is_none());
    let mut known = Known::default();
    let mut say = |it: Condition, is: bool| if is { known.present.push(it) } else { known.absent.push(it) };
    match is_in("disabled") {
        true => say(Condition::Disabled, true),
        false if is_assessed(tx, &elder.key)? => say(Condition::Disabled, false),
        false => {}
    }
    say(Condition::Oldest, is_in("oldest"));
    say(Condition::Chronic, is_in("chronic"));
    let homebound = is_in("homebound");
    if homebound {
        say(Condition::Immobile, true);
    }
    if let Some(stated) = stated {
        for (word, _) in words::STATED {
            if let Some(it) = Condition::parse(word).filter(|it| *it != Condition::Immobile || !homebound) {
                say(it, stated.iter().any(|one| one == word));
            }
        }
    }
    Ok(known)
}

fn is_assessed(tx: &Tx<'_>, elder: &Key) -> Result<bool> {
    for programme in [assessment::Programme::Ltci, assessment::Programme::Ability] {
        if assessment::current(tx, elder, programme)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an elder is one of those for whom a home bed is thought, and has none.
fn is_without_bed(tx: &Tx<'_>, ask: &Ask, elder: &Elder, known: &Known) -> Result<bool> {
    let need = [Condition::Disabled, Condition::Oldest, Condition::Discharged];
    if !need.iter().any(|it| known.present.contains(it)) {
        return Ok(false);
    }
    // Whichever module keeps home beds says beside the elder that there is one.
    let beds = elders::beside_of(tx, ask, &elder.key.region, elder.key.id, |name| name == "homebed")?;
    Ok(!beds.iter().any(|it| matches!(it, kit::module::Beside::Fact { .. })))
}

/// The service of a form, of the catalogue of today.
pub fn service_of<'a>(id: &str, policy: &InForce<'a>) -> Result<&'a Service> {
    let found = home_service::service(id, policy).map_err(no_policy)?;
    found.ok_or_else(|| Error::invalid("service", "请选择服务"))
}

/// Places an order from a form.
///
/// # Errors
/// `Invalid` for what is missing, `Refused` where the service is not for the elder or nobody goes for the risk.
pub fn place_from(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Order> {
    let key: Key = input.get("elder").parse()?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    let policy = ask.app.policy_in(&key.region, ask.today());
    let options = Options::from([("institution", institutions_for(tx, ask, &elder)?)]);
    let checked = form::check(FIELDS, input, &options)?;
    let service = service_of(&checked.text("service"), &policy)?;
    let chosen = checked.id("institution").ok_or_else(|| Error::invalid("institution", "请选择机构"))?;
    let institution = tariff::institution_of(tx, ask, &key, chosen)?;
    let known = known(tx, &elder, Some(&checked.many("conditions")))?;
    let fit = home_service::for_whom(&known, service);
    match fit.answer {
        Answer::Yes => {}
        Answer::Open => {
            return Err(Error::refused("not_assessed", "这项服务给失能老人,请先申请失能评估"));
        }
        Answer::No => {
            let whom: Vec<&str> = service.conditions.iter().map(|it| ask.t(it.title())).collect();
            let why = Said::new("这项服务给以下情况的老人:{whom}").with("whom", whom.join(ask.t("、")));
            return Err(Error::refused("not_for_elder", why));
        }
    }
    let (answers, verdict) = risks(ask, input, &policy)?;
    let disabled = known.present.contains(&Condition::Disabled).into();
    let visit = Visit { disabled, verdict: Some(verdict) };
    let party = home_service::party(&visit, service, &policy).map_err(no_policy)?;
    let mut wrong = Vec::new();
    let mut miss = |field: &str, said: &'static str| {
        wrong.push(FieldError { field: field.to_string(), said: Said::new(said) });
    };
    let alone = answers.present.iter().any(|it| it == "alone");
    if party.carer.is_yes() && (!checked.on("carer") || alone) {
        miss("carer", "这项服务要求照护者在场,请安排好再预约");
    }
    let (signer, name) = (checked.text("signer"), checked.text("signer_name"));
    if service.consent.is_yes() {
        if !checked.on("consent") {
            miss("consent", "请看过各点后同意");
        }
        if signer.is_empty() {
            miss("signer", "请选择由谁同意");
        } else if signer != "self" && name.is_empty() {
            miss("signer_name", "请填写同意人姓名");
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let day = checked.date("day").ok_or_else(|| Error::invalid("day", "请填写日期"))?;
    let part = checked.text("part");
    let from_minute = minute(&part, &checked.text("time"))?;
    in_time(ask, service, day, &part, from_minute)?;
    let quote = price::quote(tx, ask, &elder, &institution, service, day)?;
    let (amount, person) = price::sums(&quote);
    let consent_points = points(&policy, service)?;
    let hours = *policy.read(|it| &it.home_services.answer_hours).map_err(no_policy)?;
    let answer_by = ask.now.checked_add(jiff::SignedDuration::from_hours(i64::from(hours))).map_err(Error::internal)?;
    let order = Order {
        key: Key { region: key.region.clone(), id: ask.new_id() },
        elder: elder.key.id,
        institution: institution.key.id,
        service: service.clone(),
        state: "placed".to_string(),
        channel: channel(ask.who.role).to_string(),
        account: ask.who.account,
        placed_by: ask.who.name.to_string(),
        placed: stamp(ask.now),
        answer_by: stamp(answer_by),
        day,
        part,
        from_minute,
        people: i64::from(party.people),
        carer: party.carer.is_yes(),
        verdict: verdict.word().to_string(),
        risks: answers.present,
        conditions: known.present.iter().map(|it| it.word().to_string()).collect(),
        accepted: None,
        refused: None,
        refused_why: String::new(),
        rated: None,
        agreed: if consent_points.is_empty() {
            Agreed::default()
        } else {
            consent::of(tx, ask, &key.region, &checked)?
        },
        on_time: None,
        former_bills: Vec::new(),
        consent_signer: if consent_points.is_empty() { String::new() } else { signer.clone() },
        consent_name: match (&*signer, consent_points.is_empty()) {
            (_, true) => String::new(),
            ("self", _) => elder.name.clone(),
            _ => name,
        },
        consent: consent_points,
        quote: price::kept(&quote),
        amount,
        person,
        without_bed: is_without_bed(tx, ask, &elder, &known)?,
        note: checked.text("note"),
        staff: None,
        staff_name: String::new(),
        second: None,
        second_name: String::new(),
        departed: None,
        done_day: None,
        done_source: String::new(),
        done_note: String::new(),
        bill: None,
        charge_note: String::new(),
        rating: None,
        rating_words: String::new(),
        complaint: false,
        complaint_answer: String::new(),
        ended_reason: String::new(),
    };
    write(tx, ask, &order, &elder, &institution)?;
    Ok(order)
}

fn write(tx: &Tx<'_>, ask: &Ask, order: &Order, elder: &Elder, institution: &Institution) -> Result<()> {
    record::insert(tx, order)?;
    let said =
        Said::new("预约{service},希望 {when}").with("service", &order.service.name).with("when", order.when(ask));
    record::step(tx, ask, order, elder, &said)?;
    let report = Report::new("orders", "预约上门服务:{service}({institution})")
        .with("service", &order.service.name)
        .with("institution", &institution.name)
        .link(order.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    if order.is_agreed() {
        return Ok(());
    }
    family::tell(tx, ask, order, elder, "请确认上门服务的知情同意", "to agree")
}

fn channel(role: Role) -> &'static str {
    match role {
        Role::Family => "family",
        Role::Operator => "hotline",
        Role::Clinician | Role::Lead | Role::Manager => "clinician",
        _ => "system",
    }
}

/// The answers to the questions and what follows from them.
fn risks(ask: &Ask, input: &Input, policy: &InForce<'_>) -> Result<(Answers, Verdict)> {
    let all = policy.read(|it| &it.home_services.risks).map_err(no_policy)?;
    let said = |word: &str| -> Vec<String> {
        all.iter().filter(|it| input.get(&risk_field(it)) == word).map(|it| it.id.clone()).collect()
    };
    let answers = Answers { present: said("yes"), absent: said("no") };
    let weighed = home_service::weigh(&answers, policy).map_err(no_policy)?;
    match weighed.verdict {
        None => {
            let open = all.iter().filter(|it| weighed.open.contains(&it.id));
            let missing = |it: &Risk| FieldError {
                field: risk_field(it),
                said: Said::new("请回答“{question}”").with("question", ask.either(&it.name, &it.name_en)),
            };
            Err(Error::Invalid(open.map(missing).collect()))
        }
        Some(Verdict::Refuse) => {
            let why: Vec<&str> = all
                .iter()
                .filter(|it| weighed.reasons.contains(&it.id))
                .map(|it| ask.either(&*it.name, &*it.name_en))
                .collect();
            let said =
                Said::new("有以下情况时不上门,请到医院就诊,紧急时拨打120:{why}").with("why", why.join(ask.t("、")));
            Err(Error::refused("risk_refused", said))
        }
        Some(verdict) => Ok((answers, verdict)),
    }
}

/// The points that are agreed to, as they are worded today.
pub fn points(policy: &InForce<'_>, service: &Service) -> Result<Vec<[String; 2]>> {
    if !service.consent.is_yes() {
        return Ok(Vec::new());
    }
    let points = policy.read(|it| &it.home_services.consent).map_err(no_policy)?;
    Ok(points.iter().map(|it| [it.name.clone(), it.name_en.clone()]).collect())
}

/// The minute of the day of a wish for a time.
pub fn minute(part: &str, time: &str) -> Result<Option<i64>> {
    if part != "time" {
        return Ok(None);
    }
    let read = time.split_once(':').and_then(|(hour, minute)| {
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
    });
    let said = Said::new("“{value}”不是时间,请写作 09:30").with("value", time);
    read.map(Some).ok_or_else(|| Error::invalid("time", said))
}

/// Whether there is time enough until a visit.
pub fn in_time(ask: &Ask, service: &Service, day: Date, part: &str, from_minute: Option<i64>) -> Result<()> {
    let hours = record::hours_until(ask.now, record::begins(day, part, from_minute));
    if hours < i64::from(service.lead_hours) {
        let said = Said::new("这项服务至少提前 {n} 小时预约").with("n", service.lead_hours);
        return Err(Error::invalid("day", said));
    }
    Ok(())
}
