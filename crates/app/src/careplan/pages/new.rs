//! What the rules would plan for an elder, before it is kept.

use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, crumbs, icon},
};
use maud::{Markup, html};

use crate::{
    careplan::{
        course::{self, New, Wish},
        line::{self, Line},
        pages::pieces,
        record::{self, Plan},
        words::{self, Phase},
    },
    elders::{self, Elder, Key},
};

pub const FIELDS: &[Field] = &[
    field("wishes", "情况与意愿", Kind::Many(words::WISHES)).help("勾选后按“重新拟订”,草案随之改变。"),
    field("phase", "阶段", Kind::Choice(Phase::WORDS)).help("不选时按情况与意愿判定。"),
];
pub const API_FIELDS: &[Field] = &[field("elder", "老人", Kind::Text(40)).required(), FIELDS[0], FIELDS[1]];

/// What a form says.
pub fn wish_of(input: &Input) -> Result<Wish> {
    // Programs may send the words in one text.
    let mut sent = input.clone();
    let words: Vec<String> =
        input.all("wishes").iter().flat_map(|it| it.split_whitespace()).map(str::to_string).collect();
    sent.set_many("wishes", words);
    let checked = kit_form::check(FIELDS, &sent, &Options::new())?;
    Ok(Wish { wishes: checked.many("wishes"), phase: Phase::parse(&checked.text("phase")) })
}

enum Shown {
    Has(Box<Plan>),
    Draft(Box<(Elder, New)>),
}

pub async fn page(ask: Ask) -> Result<Page> {
    let key: Key = ask.param("elder").unwrap_or_default().parse()?;
    let pairs = ask.query.iter().flat_map(|(name, value)| {
        let parts: Vec<&str> = if name == "wishes" { value.split(['+', ' ']).collect() } else { vec![value] };
        parts.into_iter().map(|it| (name.clone(), it.to_string())).collect::<Vec<_>>()
    });
    let input = Input::from_pairs(pairs);
    let wish = wish_of(&input)?;
    let shown = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            if let Some(plan) = record::open(tx, &key)? {
                return Ok(Shown::Has(Box::new(plan)));
            }
            elders::note(tx, ask, "look", &elder, "care plan draft")?;
            let new = course::drafted(tx, ask, &elder, &wish)?;
            Ok(Shown::Draft(Box::new((elder, new))))
        })
        .await?;
    match shown {
        Shown::Has(plan) => Ok(ask.go(&plan.link(), ask.t("这位老人已有照护计划"))),
        Shown::Draft(it) => Ok(draft(&ask, &it.0, &it.1, &input)),
    }
}

fn draft(ask: &Ask, elder: &Elder, new: &New, input: &Input) -> Page {
    let lines: Vec<Line> =
        line::of_draft(&new.draft).into_iter().enumerate().map(|(at, it)| line::unkept(at as i64 + 1, it)).collect();
    let why = ask.either(&*new.draft.phase_why.zh, &*new.draft.phase_why.en);
    let content = html! {
        @if lines.is_empty() {
            (alert(Badge::Info, ask.t("还没有可以据以拟订的情况"), html! { p { (ask.t("先做能力评估、体检或登记慢病,或保存后自己添加。")) } }))
        }
        div.cols {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("问题与目标")) } } div.card-body.stack { (pieces::problems(ask, &lines, None)) } }
                section.card { header.card-head { h2 { (ask.t("服务")) } } (pieces::services(ask, &lines, None, true)) }
            }
            div.stack {
                section.card { header.card-head { h2 { (ask.t("情况与意愿")) } } div.card-body.stack {
                    p { (pieces::phase(ask, new.draft.phase)) " " span.small.muted { (why) } }
                    p.small { (ask.f("复评日 {day}", &[("day", &new.draft.review)])) }
                    (form(ask, elder, input))
                } }
                (known(ask, new))
            }
        }
    };
    let link = format!("/elders/{}", elder.key);
    let title = ask.t("拟订照护计划");
    let way = crumbs(ask, &[("/careplan", ask.t("照护计划")), (&link, &elder.name), ("", title)]);
    ask.page(Head::new(title).line(format!("{} · {}", elder.name, elders::about(ask, elder))).crumbs(way), content)
}

/// One form for both: to see another draft, and to keep it.
fn form(ask: &Ask, elder: &Elder, input: &Input) -> Markup {
    html! {
        form.form method="post" action="/careplan/new" {
            (csrf(ask))
            input type="hidden" name="elder" value=(elder.key);
            (kit_form::fields(ask, FIELDS, input, &Options::new(), &[]))
            div.form-foot {
                button.btn.btn-primary { (icon("check-circle")) (ask.t("保存草案")) }
                button.btn name="do" value="again" { (icon("arrow-repeat")) (ask.t("重新拟订")) }
            }
        }
    }
}

/// What the draft rests on.
fn known(ask: &Ask, new: &New) -> Markup {
    let facts = &new.plan.facts;
    let number = |it: Option<u8>| it.map_or("—".to_string(), |it| it.to_string());
    let count = |n: usize| ask.f("{n} 项", &[("n", &n)]);
    let pairs = [
        (ask.t("能力等级"), html! { (number(facts.level)) }),
        (ask.t("失能等级"), html! { (number(facts.grade)) }),
        (ask.t("照护档次"), html! { (number(facts.tier)) }),
        (ask.t("需要帮助的项目"), html! { (count(facts.items.len())) }),
        (ask.t("慢性病"), html! { (count(facts.diseases.len())) }),
        (ask.t("体检异常"), html! { (count(facts.findings.len())) }),
        (ask.t("中医体质"), html! { (facts.constitution.as_deref().map_or("—", |it| ask.t(it))) }),
    ];
    html! { section.card { header.card-head { h2 { (ask.t("据以拟订的情况")) } } div.card-body { (kit::page::kv(&pairs)) } } }
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    if input.get("do") == "again" {
        let wishes = input.all("wishes").join("+");
        let to = format!("/careplan/new?elder={}&wishes={wishes}&phase={}", input.get("elder"), input.get("phase"));
        return Ok(ask.go(&to, ""));
    }
    let plan = ask.write(move |tx, ask| create_from(tx, ask, &input)).await?;
    Ok(ask.go(&plan.link(), ask.t("草案已保存,请核对后签署")))
}

/// Drafts and keeps a plan; page and API come through here.
pub fn create_from(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Plan> {
    let key: Key = input.get("elder").parse().map_err(|_| Error::invalid("elder", "请从老人的页面拟订照护计划"))?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    course::create(tx, ask, &elder, &wish_of(input)?)
}
