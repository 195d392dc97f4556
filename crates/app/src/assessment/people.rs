//! Who may assess whom: two different people, none of them from those who look after the elder (评照分离).

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    who::{
        Role,
        account::{self, Account},
    },
};

use super::{
    record::{Assessment, Programme},
    sources,
};
use crate::elders::Elder;

/// The document that keeps assessment and care apart.
const APART: (&str, &str) = ("nhsa-2023-29", "评估机构、评估人员与护理服务机构分离、回避");
const APART_ABILITY: (&str, &str) = ("gbt-42195-2022", "4 组织实施");

/// The assessors whose part of the country holds the elder, by name.
pub fn candidates(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<Vec<Account>> {
    let tree = ask.app.places.tree();
    let chain: Vec<String> = tree.chain(&elder.place).iter().map(|it| it.code.clone()).collect();
    let near = |it: &Account| it.place == kit::place::NATION || chain.contains(&it.place);
    Ok(account::open_with(tx, &[Role::Assessor])?.into_iter().filter(near).collect())
}

/// The assessors near an elder: who can be sent, and who has to stand aside.
pub struct Choice {
    /// (account, name).
    pub options: Vec<(String, String)>,
    /// (name, why not).
    pub barred: Vec<(String, &'static str)>,
}

/// Whom the office can choose, and in words why not the others.
pub fn choice(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Assessment) -> Result<Choice> {
    let before = earlier(tx, it)?;
    let mut choice = Choice { options: Vec::new(), barred: Vec::new() };
    for one in candidates(tx, ask, elder)? {
        if is_of_provider(&one, elder, it) {
            choice.barred.push((one.name, "属于照护这位老人的机构,评估与照护分离"));
        } else if before.contains(&one.id) {
            choice.barred.push((one.name, "做过被提出异议的评估"));
        } else {
            choice.options.push((one.id.to_string(), format!("{} ({})", one.name, one.login)));
        }
    }
    Ok(choice)
}

/// Checks two assessors before they are sent, and gives them.
///
/// # Errors
/// `Invalid` for somebody who is no assessor here; `Refused` with the document for one person twice, for somebody of the
/// elder's provider, and for somebody whose conclusion is objected to.
pub fn pair(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Assessment, chosen: [Option<Id>; 2]) -> Result<[Account; 2]> {
    let all = candidates(tx, ask, elder)?;
    let find = |field: &str, id: Option<Id>| {
        let id = id.ok_or_else(|| Error::invalid(field, "请选择评估员"))?;
        all.iter()
            .find(|it| it.id == id)
            .cloned()
            .ok_or_else(|| Error::invalid(field, Said::new("账号“{value}”不是本地的评估员").with("value", id)))
    };
    let pair = [find("assessor_1", chosen[0])?, find("assessor_2", chosen[1])?];
    if pair[0].id == pair[1].id {
        let policy = it.policy(&ask.app, ask.today());
        let needed = policy.read(|it| &it.assessment.assessors).copied().unwrap_or(2);
        let because = policy.because();
        let said = Said::new("现场评估须有 {n} 名不同的评估员").with("n", needed);
        return Err(sources::refused_by(ask, "same_assessor", said, because.last()));
    }
    for one in &pair {
        check_apart(ask, one, elder, it)?;
    }
    let barred = earlier(tx, it)?;
    if let Some(one) = pair.iter().find(|it| barred.contains(&it.id)) {
        let said = Said::new("{name}做过被提出异议的评估,复评须由其他评估员进行").with("name", &one.name);
        return Err(sources::refused(ask, "assessor_before", said, "nhsa-2023-29", "异议与复评"));
    }
    Ok(pair)
}

/// Refuses somebody of the organisation that looks after the elder.
pub fn check_apart(ask: &Ask, one: &Account, elder: &Elder, it: &Assessment) -> Result<()> {
    if !is_of_provider(one, elder, it) {
        return Ok(());
    }
    let (document, clause) = if it.programme == Programme::Ltci { APART } else { APART_ABILITY };
    let said = Said::new("{name}属于照护这位老人的机构,不能评估(评估与照护分离)").with("name", &one.name);
    Err(sources::refused(ask, "assessor_of_provider", said, document, clause))
}

fn is_of_provider(one: &Account, elder: &Elder, it: &Assessment) -> bool {
    one.organisation.is_some() && (one.organisation == elder.organisation || one.organisation == it.provider)
}

/// Those who made the assessments that led to this one by objection.
fn earlier(tx: &Tx<'_>, it: &Assessment) -> Result<Vec<Id>> {
    let mut all = Vec::new();
    if !matches!(&*it.reason, "objection") {
        return Ok(all);
    }
    let mut before = it.supersedes;
    // A chain of objections is short; the bound only keeps this total.
    for _ in 0..16 {
        let Some(id) = before else { break };
        let row = tx.row(
            "select assessor_1, assessor_2, supersedes, reason from assessment where region = $1 and id = $2",
            &[&it.key.region, &id],
            |row| {
                Ok((
                    row.get::<Option<Id>>(0)?,
                    row.get::<Option<Id>>(1)?,
                    row.get::<Option<Id>>(2)?,
                    row.get::<String>(3)?,
                ))
            },
        )?;
        let Some((first, second, further, reason)) = row else { break };
        all.extend(first.into_iter().chain(second));
        before = further.filter(|_| reason == "objection");
    }
    Ok(all)
}
