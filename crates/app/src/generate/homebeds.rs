//! Beds at home in a generated county: some in each state, through the same deeds as real ones.

use std::collections::BTreeMap;

use kit::{Ask, Error, Id, Result, Tx, Who, form::Input, who::Role};
use rules::base::Date;

use super::{Setting, network::Made};
use crate::{
    elders::Key,
    homebed::{self, Bed},
};

/// How a bed comes about: days ago, deed, fields.
type Course = &'static [(i32, &'static str, &'static [(&'static str, &'static str)])];

const FOUND: &[(&str, &str)] = &[("present", "stroke frail"), ("absent", "critical infectious home_unfit no_consent")];
const SIGNED: &[(&str, &str)] = &[("signer", "family"), ("name", "子女"), ("pages", "4")];
const OPENED: &[(&str, &str)] = &[
    ("diagnosis", "脑梗死恢复期、高血压病"),
    ("first_note", "左侧肢体活动不利三月余,住院治疗后病情平稳,回家继续康复。查体:血压 138/82 mmHg,左侧肢体肌力三级。"),
    ("treatment_plan", "控制血压,抗血小板,床旁康复训练,预防压力性损伤。"),
    ("nursing_plan", "两小时翻身一次,口腔护理,防误吸。"),
    ("medicines", "阿司匹林 100mg 每日一次;氨氯地平 5mg 每日一次"),
    ("rounds", "1"),
];
const STEADY: &[(&str, &str)] = &[
    ("temperature", "36.5"),
    ("pulse", "76"),
    ("systolic", "136"),
    ("diastolic", "80"),
    ("findings", "病情平稳,饮食睡眠可,皮肤完整。"),
    ("treatment", "测血压,指导康复训练。"),
    ("advice", "继续原方案。"),
];
const ORDER: &[(&str, &str)] = &[("term", "long"), ("content", "阿司匹林肠溶片 100mg"), ("usage", "每日一次口服")];
const CHECK: &[(&str, &str)] =
    &[("doctor", "何主任"), ("findings", "同意目前诊断和治疗。"), ("advice", "加强踝关节训练。")];
const NURSED: &[(&str, &str)] =
    &[("temperature", "36.4"), ("findings", "骶尾部皮肤完整,留置尿管通畅。"), ("treatment", "翻身拍背,会阴护理。")];

/// One of each: late to be seen, ready to be opened, in use, in use and late, suspended, closed.
const HOSPITAL: &[Course] = &[
    &[(5, "apply", &[])],
    &[(3, "apply", &[]), (2, "visit", &[]), (2, "findings", FOUND), (1, "consent", SIGNED)],
    &[
        (40, "apply", &[]),
        (39, "visit", &[]),
        (39, "findings", FOUND),
        (39, "consent", SIGNED),
        (38, "open", OPENED),
        (38, "order", ORDER),
        (38, "service", &[("name", "压力性损伤护理"), ("times", "1"), ("per", "week"), ("code", "120100010")]),
        (31, "round", STEADY),
        (30, "nursing", NURSED),
        (24, "round", STEADY),
        (20, "superior", CHECK),
        (17, "round", STEADY),
        (15, "delivery", &[("items", "阿司匹林肠溶片 100mg × 30 片\n氨氯地平片 5mg × 28 片")]),
        (10, "round", STEADY),
        (3, "round", STEADY),
        (
            3,
            "procedure",
            &[("kind", "procedure"), ("treatment", "骶尾部换药"), ("code", "120100010"), ("quantity", "1")],
        ),
    ],
    &[
        (30, "apply", &[]),
        (29, "visit", &[]),
        (29, "findings", FOUND),
        (29, "consent", SIGNED),
        (28, "open", OPENED),
        (12, "round", STEADY),
    ],
    &[
        (60, "apply", &[]),
        (59, "visit", &[]),
        (59, "findings", FOUND),
        (59, "consent", SIGNED),
        (58, "open", OPENED),
        (51, "round", STEADY),
        (6, "suspend", &[("reason", "hospital"), ("note", "肺部感染住院")]),
    ],
    &[
        (120, "apply", &[]),
        (119, "visit", &[]),
        (119, "findings", FOUND),
        (119, "consent", SIGNED),
        (118, "open", OPENED),
        (111, "round", STEADY),
        (104, "round", STEADY),
        (90, "superior", CHECK),
        (70, "round", STEADY),
        (
            65,
            "close",
            &[
                ("reason", "cured"),
                ("summary", "住床五十余日,肢体肌力由三级到四级,可扶杖行走。门诊随访,继续康复锻炼。"),
            ],
        ),
        (64, "bill", &[("insured", "on")]),
    ],
];

const CARE: &[Course] = &[
    &[
        (90, "contract", &[]),
        (88, "adaptation", &[("items", "卫生间扶手 350\n防滑地面 1200\n床边护栏 280")]),
        (85, "device", &[("device", "call"), ("number", "HJ-1001")]),
        (85, "device", &[("device", "fall"), ("number", "DD-2001")]),
        (85, "service", &[("name", "助浴"), ("times", "1"), ("per", "week")]),
        (80, "service-given", &[("who", "陈护理员")]),
        (73, "service-given", &[("who", "陈护理员")]),
        (55, "check", &[("satisfied", "yes"), ("findings", "助浴准时,老人满意。")]),
        (10, "service-given", &[("who", "陈护理员"), ("note", "老人感冒,改为擦浴。")]),
    ],
    &[
        (50, "contract", &[]),
        (48, "device", &[("device", "call"), ("number", "HJ-1002")]),
        (4, "suspend", &[("reason", "away")]),
    ],
    &[(150, "contract", &[]), (20, "close", &[("reason", "admitted"), ("summary", "入住养老院。")])],
];

/// Writes the beds of a county, for people who are disabled, one bed for each.
pub fn write(tx: &Tx<'_>, setting: &Setting, county: &str, made: &[Made]) -> Result<()> {
    let in_county =
        |kinds: &'static [&'static str]| made.iter().find(|it| it.region == county && kinds.contains(&it.kind));
    let people = tx.rows(
        "select e.id from elder_group g join elder e on e.region = g.region and e.id = g.elder
          where g.region = $1 and g.kind = 'disabled' and g.until_day is null and e.state = 'living'
            and e.living <> 'institution' and g.from_day < $2
          order by e.id limit 20",
        &[&county, &setting.days.today.add_days(-160).to_string()],
        |row| row.get::<Id>(0),
    )?;
    let mut people = people.into_iter();
    let centre = in_county(&["community_health_centre", "township_health_centre"]);
    let home = in_county(&["elderly_home"]);
    for (kind, at, courses) in [("hospital", centre, HOSPITAL), ("care", home, CARE)] {
        let Some(at) = at else { continue };
        for course in courses {
            let Some(person) = people.next() else { return Ok(()) };
            let elder = Key { region: county.to_string(), id: person };
            match tx.attempt(|tx| live(tx, setting, kind, at.id, &elder, course)) {
                // Without example values nobody says what a home hospital bed needs.
                Ok(()) | Err(Error::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(())
}

fn live(tx: &Tx<'_>, setting: &Setting, kind: &str, institution: Id, elder: &Key, course: Course) -> Result<()> {
    let mut bed: Option<Bed> = None;
    for (ago, word, fields) in course {
        let day = setting.days.today.add_days(-ago);
        let ask = setting.on(day);
        // A doctor does it: deeds ask who may.
        let who = Who { role: Role::Clinician, only: None, ..(*ask.who).clone() };
        let ask = Ask { who: who.into(), ..ask };
        let Some(known) = &bed else {
            bed = Some(homebed::apply(tx, &ask, &first(kind, institution, elder, day))?);
            continue;
        };
        let deed = homebed::deed(word).ok_or_else(|| Error::internal(format!("no deed {word}")))?;
        let mut input = filled(fields);
        if *word == "visit" {
            let doctors = homebed::doctors(tx, &ask, known)?;
            input.set("doctor", doctors.first().map_or(String::new(), |it| it.key.id.to_string()));
        }
        if *word == "service-given" {
            let services = homebed::services(tx, known)?;
            input.set("item", services.first().map_or(String::new(), |it| it.id.to_string()));
        }
        deed.act(tx, &ask, &known.key, &input, BTreeMap::new())?;
    }
    Ok(())
}

fn filled(fields: &[(&str, &str)]) -> Input {
    Input::from_pairs(fields.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())))
}

/// An application for a hospital bed, or the contract of a care bed.
fn first(kind: &str, institution: Id, elder: &Key, day: Date) -> Input {
    let mut input = filled(&[("applicant", "clinician"), ("reason", "脑卒中后行动不便,需要上门治疗和康复。")]);
    input.set("kind", kind);
    input.set("elder", elder.to_string());
    input.set("institution", institution.to_string());
    input.set("contract_number", format!("JY{}-{}", day.year(), elder.id));
    input.set("contract_until", day.add_days(365).to_string());
    input
}
