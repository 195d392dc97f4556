//! A visit taken in: checked, judged by the rules, kept with its reasons; referral, duty and numbers follow.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{
    base::{Date, Text},
    chronic::{self, Disease, Judged, Step},
    contracting::Service,
    policy::InForce,
};
use serde_json::json;

use super::{
    care, disease,
    measure::Values,
    medicine, referral,
    visit::{self, Verdict},
    words,
};
use crate::{
    assessment::needed,
    contracting,
    elders::{self, Elder, Key, Report, Tone},
    policy::{About, decide},
};

/// Everything a visit asks for besides the numbers.
pub const FIELDS: &[Field] = &[
    field("day", "随访日期", Kind::Date).help("不填时为今天。"),
    field("mode", "随访方式", Kind::Choice(words::MODES)).required(),
    field("systolic", "收缩压", Kind::Text(6)).help("mmHg"),
    field("diastolic", "舒张压", Kind::Text(6)).help("mmHg"),
    field("fasting", "空腹血糖", Kind::Text(6)).help("mmol/L"),
    field("glucose", "餐后或随机血糖", Kind::Text(6)).help("mmol/L"),
    field("heart_rate", "心率", Kind::Text(6)).help("次/分"),
    field("temperature", "体温", Kind::Text(6)).help("℃"),
    field("height", "身高", Kind::Text(6)).help("厘米"),
    field("weight", "体重", Kind::Text(6)).help("公斤"),
    field("waist", "腰围", Kind::Text(6)).help("厘米"),
    field("cigarettes", "日吸烟", Kind::Text(6)).help("支"),
    field("alcohol", "日饮酒", Kind::Text(6)).help("两"),
    field("exercise", "每周运动", Kind::Text(6)).help("次"),
    field("salt", "摄盐", Kind::Choice(words::SALT)),
    field("adherence", "服药依从性", Kind::Choice(words::ADHERENCE)),
    field("foot", "足背动脉搏动", Kind::Choice(words::FOOT)),
    field("signs", "危急症状", Kind::Text(60)).help("可以多项。"),
    field("adverse", "药物不良反应", Kind::Check),
    field("adverse_text", "不良反应说明", Kind::Text(200)),
    field("complication", "新的并发症或原有并发症加重", Kind::Check),
    field("complication_text", "并发症说明", Kind::Text(200)),
    field("hospital", "转往机构及科室", Kind::Text(60)),
    field("referral_result", "上次转诊的结果", Kind::Choice(words::REFERRAL_RESULTS)),
    field("remark", "备注", Kind::LongText(300)),
];

/// A visit as a form says it.
pub struct Draft {
    pub day: Date,
    pub mode: String,
    pub values: Values,
    pub signs: Vec<String>,
    pub adverse: bool,
    pub complication: bool,
    rest: form::Checked,
}

/// A visit that was taken in, and what it says.
pub struct Taken {
    pub id: Id,
    pub day: Date,
    pub judged: Vec<Judged>,
}

impl Draft {
    pub fn is_face_to_face(&self) -> bool {
        matches!(&*self.mode, "clinic" | "home")
    }
}

/// Checks a form.
///
/// # Errors
/// `Invalid` with every field that is wrong.
pub fn draft(ask: &Ask, input: &Input) -> Result<Draft> {
    let mut errors = Vec::new();
    let mut gather = |e: Error| match e {
        Error::Invalid(more) => {
            errors.extend(more);
            Ok(())
        }
        other => Err(other),
    };
    let (mut rest, mut values) = (None, Values::default());
    match form::check(FIELDS, input, &Options::new()) {
        Ok(it) => rest = Some(it),
        Err(e) => gather(e)?,
    }
    match Values::from_input(input) {
        Ok(it) => values = it,
        Err(e) => gather(e)?,
    }
    let Some(rest) = rest.filter(|_| errors.is_empty()) else { return Err(Error::Invalid(errors)) };
    let day = rest.date("day").unwrap_or(ask.today());
    if ask.today() < day {
        return Err(Error::invalid("day", "“随访日期”不能晚于今天"));
    }
    Ok(Draft {
        day,
        mode: rest.text("mode"),
        values,
        signs: rest.many("signs"),
        adverse: rest.on("adverse"),
        complication: rest.on("complication"),
        rest,
    })
}

/// What the rules say of a draft, for each disease that was under management on its day.
///
/// # Errors
/// `Refused` where no such disease was, or no policy was in force.
pub fn judge<'a>(tx: &Tx<'_>, ask: &'a Ask, elder: &Elder, it: &Draft) -> Result<(Vec<Judged>, InForce<'a>)> {
    let followed = followed_on(tx, &elder.key, it.day)?;
    if followed.is_empty() {
        return Err(Error::refused("no_disease", "当天没有在管的高血压或2型糖尿病,请先登记"));
    }
    let policy = ask.app.policy_in(&elder.key.region, it.day);
    let mut all = Vec::new();
    for disease in followed {
        let facts = chronic::Visit {
            disease,
            born: elder.birth.day,
            systolic: it.values.small("systolic"),
            diastolic: it.values.small("diastolic"),
            fasting: it.values.tenths("fasting"),
            glucose: it.values.tenths("glucose"),
            heart_rate: it.values.small("heart_rate"),
            temperature: it.values.tenths("temperature"),
            signs: it.signs.clone(),
            adverse: it.adverse.into(),
            complication: it.complication.into(),
            bad_in_a_row: bad_in_a_row(tx, &elder.key, disease, it.day)?,
        };
        all.push(needed(chronic::judge(&facts, &policy))?);
    }
    Ok((all, policy))
}

fn followed_on(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Vec<Disease>> {
    let diseases = disease::of(tx, key)?;
    let mut all: Vec<Disease> = diseases.iter().filter(|it| it.holds_on(day)).filter_map(|it| it.followed()).collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// Visits right before a day that count as bad; those at which nothing was measured neither count nor end the row.
fn bad_in_a_row(tx: &Tx<'_>, key: &Key, disease: Disease, day: Date) -> Result<u8> {
    let mut n = 0_u8;
    for said in visit::said_of(tx, key, disease)?.iter().filter(|it| it.day < day) {
        match chronic::Class::from_word(&said.class) {
            Some(class) if class.counts_as_bad() => n = n.saturating_add(1),
            Some(chronic::Class::NotMeasured) => {}
            _ => break,
        }
    }
    Ok(n)
}

/// Takes a visit in.
pub fn take(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Taken> {
    let taken = put(tx, ask, elder, input)?;
    care::renew(tx, ask, elder)?;
    let (source, day) = (visit::source(&elder.key, taken.id), taken.day);
    let served = contracting::Done { service: Service::FollowUp, day, source: &source, who: &ask.who.name, note: "" };
    contracting::done(tx, &ask.app, &elder.key, &served)?;
    Ok(taken)
}

/// As [`take`], for whoever keeps what follows from it afterwards.
pub fn put(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Taken> {
    let it = draft(ask, input)?;
    let (judged, policy) = judge(tx, ask, elder, &it)?;
    let (next, step) = chronic::merged(&judged).ok_or_else(|| Error::internal("a visit for no disease"))?;
    let id = ask.new_id();
    write(tx, ask, elder, id, &it, &judged, next, step)?;
    for one in &judged {
        tx.run(
            "insert into chronic_verdict (region, visit, disease, elder, day, class, step, controlled, face_to_face)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                &elder.key.region,
                &id,
                &one.disease.word(),
                &elder.key.id,
                &it.day.to_string(),
                &one.class.word(),
                &one.step.word(),
                &one.controlled,
                &it.is_face_to_face(),
            ],
        )?;
    }
    keep(tx, ask, elder, id, &judged, &policy)?;
    if let Some(result) = it.rest.optional("referral_result") {
        referral::close_all(tx, ask, elder, it.day, &result)?;
    }
    if step.is_referral() {
        let why: Vec<&Text> = judged.iter().filter(|it| it.step.is_referral()).flat_map(|it| &it.reasons).collect();
        let zh: Vec<&str> = why.iter().map(|it| &*it.zh).collect();
        let en: Vec<&str> = why.iter().map(|it| &*it.en).collect();
        let why = Said::from(Text::new(zh.join("；"), en.join("; ")));
        let new = referral::New {
            visit: id,
            day: it.day,
            urgent: step == Step::ReferAtOnce,
            reason: &why.stored(),
            hospital: &it.rest.text("hospital"),
            follow_until: next,
        };
        referral::add(tx, ask, elder, &new)?;
    }
    tell(tx, ask, elder, id, &it, &judged, step)?;
    Ok(Taken { id, day: it.day, judged })
}

#[allow(clippy::too_many_arguments, reason = "one row, written once")]
fn write(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    id: Id,
    it: &Draft,
    judged: &[Judged],
    next: Date,
    step: Step,
) -> Result<()> {
    let verdicts: Vec<Verdict> = judged.iter().map(verdict).collect();
    let v = &it.values.0;
    tx.run(
        "insert into chronic_visit (region, id, elder, day, mode, salt, adherence, foot, signs, adverse, adverse_text,
                                    complication, complication_text, medicines, step, next_day, judged, remark, account,
                                    who, created, void_reason, systolic, diastolic, fasting, glucose, heart_rate,
                                    temperature, height, weight, waist, cigarettes, alcohol, exercise)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, '',
                 $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)",
        &[
            &elder.key.region,
            &id,
            &elder.key.id,
            &it.day.to_string(),
            &it.mode,
            &it.rest.text("salt"),
            &it.rest.text("adherence"),
            &it.rest.text("foot"),
            &serde_json::to_string(&it.signs)?,
            &it.adverse,
            &it.rest.text("adverse_text"),
            &it.complication,
            &it.rest.text("complication_text"),
            &medicine::in_words(&medicine::of(tx, &elder.key)?, it.day),
            &step.word(),
            &next.to_string(),
            &serde_json::to_string(&verdicts)?,
            &it.rest.text("remark"),
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
            &v[0],
            &v[1],
            &v[2],
            &v[3],
            &v[4],
            &v[5],
            &v[6],
            &v[7],
            &v[8],
            &v[9],
            &v[10],
            &v[11],
        ],
    )?;
    Ok(())
}

/// What the rules said, as it is kept.
pub fn verdict(it: &Judged) -> Verdict {
    Verdict {
        disease: it.disease.word().to_string(),
        class: it.class.word().to_string(),
        step: it.step.word().to_string(),
        controlled: it.controlled,
        next: it.next,
        reasons: it.reasons.iter().map(|it| (it.zh.clone(), it.en.clone())).collect(),
    }
}

/// Keeps the decision with the policy values it rests on.
fn keep(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, judged: &[Judged], policy: &InForce<'_>) -> Result<()> {
    let about = About {
        region: &elder.key.region,
        place: &elder.place,
        organisation: elder.organisation,
        person: Some(elder.key.id),
        subject: "chronic",
        subject_id: id,
        link: &care::visit_link(&elder.key, id),
        topic: "chronic",
    };
    let answers: Vec<_> = judged
        .iter()
        .map(|it| json!({"disease": it.disease, "class": it.class, "step": it.step, "next": it.next}))
        .collect();
    decide(tx, ask, &about, &policy.decided(answers))?;
    Ok(())
}

fn tell(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, it: &Draft, judged: &[Judged], step: Step) -> Result<()> {
    let mut numbers = Vec::new();
    if it.values.get("systolic").is_some() {
        numbers.push(format!("{}/{} mmHg", it.values.text("systolic"), it.values.text("diastolic")));
    }
    if it.values.get("fasting").is_some() {
        numbers.push(format!("{} mmol/L", it.values.text("fasting")));
    }
    let worst = judged.iter().map(|it| it.class).max().map_or("", |it| it.word());
    let class = words::CLASSES.iter().find(|it| it.0 == worst).map_or("", |it| it.1);
    let tone = match step {
        Step::Continue => Tone::Ok,
        Step::Adjust => Tone::Warn,
        Step::Refer | Step::ReferAtOnce => Tone::Bad,
    };
    let report = Report::new("chronic", "慢病随访 {numbers}:{class},{step}")
        .with("numbers", numbers.join(" · "))
        .with("class", class)
        .with("step", words::step(step))
        .link(care::visit_link(&elder.key, id))
        .tone(tone);
    let report = if it.day == ask.today() { report } else { report.at(kit::clock::begin_of(it.day)) };
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &json!({"chronic visit": id}).to_string())
}
