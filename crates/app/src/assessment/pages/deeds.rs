//! What the buttons of an assessment's page do.

use axum::extract::Path;
use kit::{Ask, Error, Id, Result, Tx, form::Input, page::Page};

use crate::{
    assessment::{
        apply,
        office::{self, Plan},
        record::{self, Assessment},
    },
    elders::{Elder, Key},
};

/// Does one deed with one assessment in one transaction, and goes back to its page.
async fn done(
    ask: &Ask,
    key: String,
    said: &str,
    deed: impl FnOnce(&Tx<'_>, &Ask, &mut Assessment, &Elder) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/assessment/{key}");
    ask.write(move |tx, ask| {
        let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
        deed(tx, ask, &mut it, &elder)
    })
    .await?;
    Ok(ask.go(&here, ask.t(said)))
}

/// A text field, cut to what is kept.
pub fn text(input: &Input, name: &str) -> String {
    input.get(name).chars().filter(|it| *it != '\0').take(500).collect()
}

/// When the assessors come, as the form says.
pub fn plan(input: &Input) -> Result<Plan> {
    let day = input.get("planned_day");
    let id = |name: &str| input.get(name).parse::<Id>().ok();
    Ok(Plan {
        assessors: [id("assessor_1"), id("assessor_2")],
        day: day.parse().map_err(|_| Error::invalid("planned_day", "请填写上门日期,写作 2026-01-31"))?,
        time: text(input, "planned_time"),
    })
}

pub async fn submit(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    done(&ask, key, "申请已提交,等待材料审核", apply::submit).await
}

pub async fn accept(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    done(&ask, key, "已受理,请指派评估员", office::accept).await
}

pub async fn return_materials(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let missing = text(&input, "missing");
    done(&ask, key, "已退回补正", move |tx, ask, it, elder| office::return_materials(tx, ask, it, elder, &missing))
        .await
}

pub async fn reject(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (reason, words) = (text(&input, "rejection"), text(&input, "words"));
    done(&ask, key, "已登记不予受理", move |tx, ask, it, elder| {
        office::reject(tx, ask, it, elder, &reason, &words)
    })
    .await
}

pub async fn assign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let plan = plan(&input)?;
    done(&ask, key, "已派单,评估员会收到消息", move |tx, ask, it, elder| {
        office::assign(tx, ask, it, elder, &plan)
    })
    .await
}

pub async fn approve(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let words = text(&input, "words");
    done(&ask, key, "已复核", move |tx, ask, it, elder| office::approve(tx, ask, it, elder, &words)).await
}

pub async fn send_back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let why = text(&input, "why");
    done(&ask, key, "已退回评估员", move |tx, ask, it, elder| office::send_back(tx, ask, it, elder, &why)).await
}

pub async fn object(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (who, why) = (text(&input, "who"), text(&input, "why"));
    done(&ask, key, "异议已登记", move |tx, ask, it, elder| office::object(tx, ask, it, elder, &who, &why)).await
}

pub async fn dismiss(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let why = text(&input, "why");
    done(&ask, key, "已维持原结论", move |tx, ask, it, elder| office::dismiss(tx, ask, it, elder, &why)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let why = text(&input, "why");
    done(&ask, key, "已终止", move |tx, ask, it, elder| office::end(tx, ask, it, elder, &why)).await
}

/// Other assessors look anew: leads to their assessment.
pub async fn begin_review(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (key, plan): (Key, Plan) = (key.parse()?, plan(&input)?);
    let new = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            office::begin_review(tx, ask, &mut it, &elder, &plan)
        })
        .await?;
    Ok(ask.go(&new.link(), ask.t("已安排复评")))
}
