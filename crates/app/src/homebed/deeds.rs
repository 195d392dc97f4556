//! Every deed that can be done with a bed, in the order in which the page offers them.

use kit::{
    Ask, Result,
    form::{Field, Kind, Options, field},
};

use super::{
    apply,
    bed::{self, Bed},
    care, charge,
    deed::Deed,
    doctor::Doctors,
    hospital, words,
};

fn nothing(_: &Ask, _: &Bed, _: &Doctors) -> Result<Options> {
    Ok(Options::new())
}

fn doctors(_: &Ask, _: &Bed, doctors: &Doctors) -> Result<Options> {
    Ok(Options::from([("doctor", doctors.clone())]))
}

fn endings(ask: &Ask, it: &Bed, _: &Doctors) -> Result<Options> {
    let policy = bed::policy(ask, &it.key.region, ask.today());
    let listed = policy.read(|it| &it.home_bed.endings).ok().filter(|_| it.is_hospital());
    let all = match listed {
        Some(all) => all.iter().map(|it| (it.id.clone(), ask.either(&*it.name, &*it.name_en).to_string())).collect(),
        None => kit::table::titled(ask, words::CARE_ENDS),
    };
    Ok(Options::from([("reason", all)]))
}

const DAY: Field = field("day", "日期", Kind::Date).help("不填为今天。");
const ITEM: Field = field("item", "编号", Kind::Text(20)).required();
const REASON: Field = field("reason", "原因", Kind::Text(200)).required();
const NOTE: Field = field("note", "说明", Kind::Text(500));
const TEMPERATURE: Field = field("temperature", "体温(℃)", Kind::Text(6));
const PULSE: Field = field("pulse", "脉搏(次/分)", Kind::Text(6));
const BREATHS: Field = field("breaths", "呼吸(次/分)", Kind::Text(6));
const SYSTOLIC: Field = field("systolic", "收缩压(mmHg)", Kind::Text(6));
const DIASTOLIC: Field = field("diastolic", "舒张压(mmHg)", Kind::Text(6));
const OXYGEN: Field = field("oxygen", "血氧饱和度(%)", Kind::Text(6));
const GLUCOSE: Field = field("glucose", "血糖(mmol/L)", Kind::Text(6));
const PAIN: Field = field("pain", "疼痛评分(0–10)", Kind::Text(6));
const FINDINGS: Field = field("findings", "病情", Kind::LongText(2000)).required();
const TREATMENT: Field = field("treatment", "处理", Kind::LongText(1000));
const ADVICE: Field = field("advice", "医嘱和指导", Kind::LongText(1000));
const DOCTOR: Field = field("doctor", "责任医师", Kind::Pick);
const DIAGNOSIS: Field = field("diagnosis", "诊断", Kind::Text(300)).required();
const TREATMENT_PLAN: Field = field("treatment_plan", "治疗计划", Kind::LongText(2000)).required();
const NURSING_PLAN: Field = field("nursing_plan", "护理计划", Kind::LongText(2000));
const MEDICINES: Field = field("medicines", "用药", Kind::LongText(1000));
const ROUNDS: Field = field("rounds", "每周巡诊次数", Kind::Int { min: 1, max: 14 }).required();

const BEFORE: &[&str] = &["applied", "eligible"];
const OPEN: &[&str] = &["open"];
const LYING: &[&str] = &["open", "suspended"];
const EVER: &[&str] = &["open", "suspended", "closed"];
const HOSPITAL: &[&str] = &["hospital"];
const CARE: &[&str] = &["care"];
const BOTH: &[&str] = &["hospital", "care"];

const DEED: Deed = Deed {
    word: "",
    title: "",
    said: "已保存",
    fields: &[],
    options: nothing,
    files: &[],
    kinds: HOSPITAL,
    states: OPEN,
    confirm: "",
    summary: "",
    run: |_, _, _, _, _| Ok(()),
};

/// Every deed, in the order in which the page offers them.
pub static DEEDS: &[Deed] = &[
    Deed {
        word: "visit",
        title: "上门评估",
        fields: &[DAY, DOCTOR.help("不选为本人。"), NOTE],
        options: doctors,
        states: BEFORE,
        summary: "The responsible doctor saw the elder",
        run: apply::visit,
        ..DEED
    },
    Deed {
        word: "findings",
        title: "核对收治条件",
        said: "已核对",
        fields: &[],
        states: BEFORE,
        summary: "What was found of conditions and obstacles: {present: [ids], absent: [ids]}; decides with reasons",
        run: apply::find_out,
        ..DEED
    },
    Deed {
        word: "consent",
        title: "签署协议",
        said: "协议已登记",
        fields: &[
            DAY,
            field("signer", "由谁签署", Kind::Choice(words::SIGNERS)).required(),
            field("name", "签署人姓名和关系", Kind::Text(60)).help("家属或监护人签署时填写。"),
            field("pages", "协议页数", Kind::Int { min: 1, max: 200 }),
        ],
        files: &[("agreement", "签好的协议")],
        states: BEFORE,
        summary: "The agreement was signed, with its number of pages",
        run: apply::consent,
        ..DEED
    },
    Deed {
        word: "open",
        title: "建床",
        said: "已建床",
        fields: &[
            DAY,
            DOCTOR,
            DIAGNOSIS,
            field("first_note", "首次病程记录", Kind::LongText(4000))
                .required()
                .help("主诉、现病史、既往史、查体、诊断依据、诊疗计划。"),
            TREATMENT_PLAN,
            NURSING_PLAN,
            MEDICINES,
            ROUNDS,
        ],
        options: doctors,
        states: &["eligible"],
        summary: "Open the bed with diagnosis, first note and plan",
        run: hospital::open,
        ..DEED
    },
    Deed {
        word: "plan-visit",
        title: "计划上门巡诊",
        said: "已计划上门",
        fields: &[field("day", "日期", Kind::Date).required()],
        summary: "Plan a visit on a day whose record is a round",
        run: hospital::plan_visit,
        ..DEED
    },
    Deed {
        word: "round",
        title: "巡诊记录",
        fields: &[
            DAY,
            TEMPERATURE,
            PULSE,
            BREATHS,
            SYSTOLIC,
            DIASTOLIC,
            OXYGEN,
            GLUCOSE,
            PAIN,
            FINDINGS,
            TREATMENT,
            ADVICE,
        ],
        summary: "A round: day, values, findings, treatment, orders",
        run: hospital::round,
        ..DEED
    },
    Deed {
        word: "nursing",
        title: "护理记录",
        fields: &[DAY, TEMPERATURE, PULSE, BREATHS, SYSTOLIC, DIASTOLIC, OXYGEN, PAIN, FINDINGS, TREATMENT],
        summary: "A nursing record",
        run: hospital::nursing,
        ..DEED
    },
    Deed {
        word: "procedure",
        title: "上门处置、给药",
        fields: &[
            DAY,
            field("kind", "种类", Kind::Choice(words::PROCEDURES)).required(),
            field("treatment", "做了什么", Kind::LongText(500)).required().help("给药写明药名、剂量、途径。"),
            field("code", "收费项目编码", Kind::Text(40)).help("按它收费;没有的不填。"),
            field("quantity", "数量", Kind::Int { min: 1, max: 99 }),
            field("findings", "病情和反应", Kind::LongText(1000)),
        ],
        summary: "A procedure or medication at home, with the price item it is charged by",
        run: hospital::procedure,
        ..DEED
    },
    Deed {
        word: "order",
        title: "开医嘱",
        said: "医嘱已开",
        fields: &[
            field("term", "长期或临时", Kind::Choice(words::TERMS)).required(),
            field("content", "医嘱内容", Kind::LongText(500)).required(),
            field("usage", "用法", Kind::Text(200)),
            DAY,
        ],
        summary: "An order: long or temporary",
        run: hospital::order,
        ..DEED
    },
    Deed {
        word: "order-stop",
        title: "停止医嘱",
        said: "医嘱已停止",
        fields: &[ITEM, DAY],
        states: LYING,
        summary: "Stop a long-term order",
        run: hospital::stop_order,
        ..DEED
    },
    Deed {
        word: "superior",
        title: "上级查床",
        fields: &[DAY, field("doctor", "上级医师", Kind::Text(50)).required(), FINDINGS, ADVICE],
        summary: "A check by a superior doctor",
        run: hospital::superior,
        ..DEED
    },
    Deed {
        word: "delivery",
        title: "送药入户",
        fields: &[DAY, field("items", "药品", Kind::LongText(1000)).required().help("一行一种,写明规格和数量。")],
        states: LYING,
        summary: "Medicines to be brought home",
        run: hospital::delivery,
        ..DEED
    },
    Deed {
        word: "delivery-handed",
        title: "登记送达",
        fields: &[ITEM, DAY, field("to", "签收人和关系", Kind::Text(60)).required()],
        states: EVER,
        summary: "Medicines were handed over: when and to whom",
        run: hospital::handed,
        ..DEED
    },
    Deed {
        word: "service",
        title: "服务项目",
        fields: &[
            field("name", "服务", Kind::Text(100)).required(),
            field("times", "次数", Kind::Int { min: 1, max: 99 }).required(),
            field("per", "周期", Kind::Choice(words::PERS)).required(),
            field("code", "收费项目编码", Kind::Text(40)).help("按它收费;没有的不填。"),
            DAY,
        ],
        kinds: BOTH,
        states: LYING,
        summary: "A service of the plan with its frequency and the price item it is charged by",
        run: care::service,
        ..DEED
    },
    Deed {
        word: "service-end",
        title: "停止服务",
        fields: &[ITEM, DAY],
        kinds: BOTH,
        states: LYING,
        summary: "A service is given no more",
        run: care::end_service,
        ..DEED
    },
    Deed {
        word: "service-given",
        title: "登记服务",
        said: "服务已登记",
        fields: &[ITEM, DAY, field("who", "服务人员", Kind::Text(50)).help("不填为本人。"), NOTE],
        kinds: CARE,
        summary: "A service of the plan was given: when and by whom",
        run: care::given,
        ..DEED
    },
    Deed {
        word: "check",
        title: "服务回访",
        fields: &[
            DAY,
            field("satisfied", "老人是否满意", Kind::Choice(words::SATISFIED)).required(),
            field("findings", "回访情况", Kind::LongText(1000)).required(),
        ],
        kinds: CARE,
        summary: "A check of how the bed serves: whether the elder is content, and what was found",
        run: care::check,
        ..DEED
    },
    Deed {
        word: "device",
        title: "安装设备",
        fields: &[
            field("device", "设备", Kind::Choice(words::DEVICES)).required(),
            field("number", "设备编号", Kind::Text(60)).required(),
            DAY,
        ],
        kinds: CARE,
        summary: "A device was installed",
        run: care::install,
        ..DEED
    },
    Deed {
        word: "device-removed",
        title: "拆除设备",
        fields: &[ITEM, DAY],
        kinds: CARE,
        states: EVER,
        summary: "A device was removed",
        run: care::remove,
        ..DEED
    },
    Deed {
        word: "adaptation",
        title: "适老化改造",
        fields: &[
            field("day", "完工日期", Kind::Date).help("不填为今天。"),
            field("items", "改造项目", Kind::LongText(2000))
                .required()
                .help("一行一项,后面写费用(元),如“扶手 350.00”。"),
            NOTE,
        ],
        files: &[("before", "改造前照片"), ("after", "改造后照片")],
        kinds: CARE,
        states: LYING,
        summary: "The adaptation of the home, once: one item a line with its cost in yuan; pictures as the files `before` and `after` of multipart/form-data",
        run: care::adapt,
        ..DEED
    },
    Deed {
        word: "adaptation-after",
        title: "补改造后照片",
        said: "照片已保存",
        fields: &[ITEM],
        files: &[("after", "改造后照片")],
        kinds: CARE,
        states: LYING,
        summary: "A picture from after an adaptation, as the file `after` of multipart/form-data",
        run: care::after,
        ..DEED
    },
    Deed {
        word: "adaptation-void",
        title: "作废改造记录",
        said: "已作废",
        fields: &[ITEM, REASON],
        kinds: CARE,
        states: EVER,
        confirm: "作废这条改造记录?作废后这处住所可以再登记一次。",
        summary: "Void an adaptation, so that the home may be adapted",
        run: care::void_adaptation,
        ..DEED
    },
    Deed {
        word: "plan",
        title: "修改计划",
        fields: &[DOCTOR, DIAGNOSIS, TREATMENT_PLAN, NURSING_PLAN, MEDICINES, ROUNDS],
        options: doctors,
        states: LYING,
        summary: "Change the plan",
        run: hospital::plan,
        ..DEED
    },
    Deed {
        word: "suspend",
        title: "暂停",
        said: "已暂停",
        fields: &[
            DAY,
            field("reason", "原因", Kind::Choice(words::PAUSES)).required(),
            field("expected", "预计恢复日期", Kind::Date),
            NOTE,
        ],
        kinds: BOTH,
        summary: "Suspend the bed",
        run: care::suspend,
        ..DEED
    },
    Deed {
        word: "resume",
        title: "恢复",
        said: "已恢复",
        fields: &[DAY],
        kinds: BOTH,
        states: &["suspended"],
        summary: "The bed goes on",
        run: care::resume,
        ..DEED
    },
    Deed {
        word: "review",
        title: "疗程评估",
        fields: &[
            DAY,
            field("findings", "评估意见", Kind::LongText(2000)).required(),
            field("decision", "结论", Kind::Choice(words::REVIEWS)).required(),
        ],
        summary: "Review at the end of a course: extend or end",
        run: hospital::review,
        ..DEED
    },
    Deed {
        word: "contract",
        title: "续签合同",
        said: "合同已续签",
        fields: &[
            field("contract_number", "合同编号", Kind::Text(60)),
            field("contract_until", "合同止日", Kind::Date).required(),
        ],
        kinds: CARE,
        states: LYING,
        summary: "Renew the contract",
        run: care::renew,
        ..DEED
    },
    Deed {
        word: "bill",
        title: "收费",
        said: "已收费",
        fields: &[field("visit", "收取上门服务费", Kind::Check), field("insured", "医保结算", Kind::Check)],
        states: EVER,
        confirm: "按上面的清单开账单?",
        summary: "Charge what is not charged yet: opening, rounds, procedures; a bill for each day",
        run: charge::charge,
        ..DEED
    },
    Deed {
        word: "close",
        title: "撤床",
        said: "已撤床",
        fields: &[
            DAY,
            field("reason", "撤床原因", Kind::Pick).required(),
            field("summary", "撤床小结", Kind::LongText(4000))
                .required()
                .help("住床经过、治疗结果、撤床时情况和以后的建议。"),
        ],
        options: endings,
        kinds: BOTH,
        states: LYING,
        confirm: "撤销这张床位?",
        summary: "Close the bed with a reason and a summary",
        run: hospital::close,
        ..DEED
    },
    Deed {
        word: "withdraw",
        title: "撤回申请",
        said: "申请已撤回",
        fields: &[REASON],
        states: BEFORE,
        confirm: "撤回这份申请?",
        summary: "Withdraw the application",
        run: hospital::withdraw,
        ..DEED
    },
    Deed {
        word: "record-void",
        title: "作废记录",
        said: "已作废",
        fields: &[ITEM, REASON],
        kinds: BOTH,
        states: EVER,
        confirm: "作废这条记录?",
        summary: "Void a record with a reason; it stays to be read",
        run: hospital::void_record,
        ..DEED
    },
];
