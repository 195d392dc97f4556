//! What providers, the insurer and elders are told of a run, and the file by which it is paid.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx, db::Among};
use rules::base::Date;

use super::{
    csv::{Csv, plain, yuan},
    judge::Deducted,
    keep::Settlement,
    pay, redo, words,
};
use crate::{elders, elders::Key};

/// One line as a statement shows it.
#[derive(Debug, Clone)]
pub struct Line {
    pub claim: Id,
    pub number: String,
    pub elder: Id,
    pub day: Date,
    pub service: String,
    pub minutes: i64,
    pub claimed: i64,
    pub fund: i64,
    pub person: i64,
    pub borne: i64,
    pub pending: i64,
    /// What a review took off what the fund pays.
    pub reviewed: i64,
    pub deductions: Vec<Deducted>,
}

/// Whose lines: of an elder those of all their records.
pub enum Of {
    Provider(Id),
    Elder(Id),
}

/// The lines of a run of one provider or one elder, elder by elder and day by day.
pub fn lines(tx: &Tx<'_>, it: &Settlement, of: &Of) -> Result<Vec<Line>> {
    let (column, ids) = match of {
        Of::Provider(id) => ("v.provider", vec![*id]),
        Of::Elder(id) => ("v.elder", elders::records(tx, &Key { region: it.key.region.clone(), id: *id })?),
    };
    let ids = Among::of(&ids);
    let sql = format!(
        "select v.claim, c.number, v.elder, v.day, c.service, c.minutes, v.claimed, v.fund, v.person, v.borne, v.pending,
                coalesce(s.deducted, 0), v.deductions
           from ltci_verdict v join ltci_claim c on c.region = v.region and c.id = v.claim
           left join ltci_sample s on s.region = v.region and s.claim = v.claim
          where v.region = $1 and v.settlement = $2 and {column} in ({}) order by v.elder, v.day, c.number",
        ids.after(2)
    );
    tx.rows(&sql, &ids.bind(&[&it.key.region, &it.key.id]), |row| {
        let fund: i64 = row.get(7)?;
        Ok(Line {
            claim: row.get(0)?,
            number: row.get(1)?,
            elder: row.get(2)?,
            day: row.get(3)?,
            service: row.get(4)?,
            minutes: row.get(5)?,
            claimed: row.get(6)?,
            fund,
            person: row.get(8)?,
            borne: row.get(9)?,
            pending: row.get(10)?,
            reviewed: row.get::<i64>(11)?.min(fund),
            deductions: redo::deductions(&row.get::<String>(12)?),
        })
    })
}

/// The sums of one provider in a run.
#[derive(Debug, Clone)]
pub struct Sum {
    pub provider: Id,
    pub persons: i64,
    pub lines: i64,
    pub claimed: i64,
    pub fund: i64,
    pub person: i64,
    pub borne: i64,
    pub pending: i64,
    pub reviewed: i64,
}

/// The sums of each provider; care by families stands under 0.
pub fn sums(tx: &Tx<'_>, it: &Settlement) -> Result<Vec<Sum>> {
    tx.rows(
        "select v.provider, count(distinct v.elder), count(*), cast(sum(v.claimed) as bigint), cast(sum(v.fund) as bigint),
                cast(sum(v.person) as bigint), cast(sum(v.borne) as bigint), cast(sum(v.pending) as bigint),
                cast(sum(case when coalesce(s.deducted, 0) < v.fund then coalesce(s.deducted, 0) else v.fund end) as bigint)
           from ltci_verdict v left join ltci_sample s on s.region = v.region and s.claim = v.claim
          where v.region = $1 and v.settlement = $2 group by v.provider order by v.provider",
        &[&it.key.region, &it.key.id],
        |row| {
            Ok(Sum {
                provider: row.get(0)?,
                persons: row.get(1)?,
                lines: row.get(2)?,
                claimed: row.get(3)?,
                fund: row.get(4)?,
                person: row.get(5)?,
                borne: row.get(6)?,
                pending: row.get(7)?,
                reviewed: row.get(8)?,
            })
        },
    )
}

/// The names of the institutions of a county, by number.
pub fn providers(tx: &Tx<'_>, region: &str) -> Result<HashMap<Id, String>> {
    let rows = tx.rows("select id, name from organisation where region = $1 order by id", &[&region], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.into_iter().collect())
}

/// The title of a service as the catalogue had it on a day.
pub fn service(ask: &Ask, region: &str, day: Date, id: &str) -> String {
    let policy = ask.app.policy_in(region, day);
    policy.care_service(id).map_or(id.to_string(), |it| ask.either(&it.name, &it.name_en).to_string())
}

/// What a deduction says, with institutions by name where the rules know only their numbers.
pub fn said(ask: &Ask, it: &Deducted, names: &HashMap<Id, String>) -> String {
    let mut said = ask.either(&it.zh, &it.en).to_string();
    if matches!(it.rule, 6 | 7) {
        let number: String = said.chars().filter(char::is_ascii_digit).collect();
        if let Some(name) = number.parse::<Id>().ok().and_then(|id| names.get(&id)) {
            said = said.replace(&number, name);
        }
    }
    said
}

/// The file by which a run is paid: institutions first, then persons, each by number.
pub fn payment_file(tx: &Tx<'_>, it: &Settlement) -> Result<String> {
    let all = pay::of_settlement(tx, &it.key)?;
    let persons: Vec<Id> = all.iter().filter_map(|it| it.payee.elder).collect();
    let (providers, names) = (providers(tx, &it.key.region)?, elders::names(tx, &it.key.region, &persons)?);
    let mut file = Csv::for_people(&["序号", "月份", "结算次数", "收款类别", "收款编号", "收款人", "种类", "金额(元)"]);
    for (nth, one) in all.iter().enumerate() {
        let (kind, number, name) = match one.payee.elder {
            Some(elder) => ("个人", elder, names.get(&elder)),
            None => ("机构", one.payee.provider, providers.get(&one.payee.provider)),
        };
        file.push(&[
            (nth + 1).to_string(),
            one.month.clone(),
            it.run.to_string(),
            kind.to_string(),
            number.to_string(),
            plain(name.map_or("", |it| it)),
            words::PAYMENT_KINDS.iter().find(|it| it.0 == one.kind).map_or("", |it| it.1).to_string(),
            yuan(one.amount),
        ]);
    }
    Ok(file.end())
}

/// The lines of a provider's statement as a file.
pub fn provider_file(tx: &Tx<'_>, ask: &Ask, it: &Settlement, provider: Id) -> Result<String> {
    let lines = lines(tx, it, &Of::Provider(provider))?;
    let names = names_of(tx, &it.key, &lines)?;
    let providers = providers(tx, &it.key.region)?;
    let mut file = Csv::for_people(&[
        "申报编号",
        "老人编号",
        "姓名",
        "日期",
        "服务项目",
        "分钟",
        "申报(元)",
        "基金(元)",
        "个人(元)",
        "机构(元)",
        "待定(元)",
        "抽查扣减(元)",
        "规则",
        "原因",
    ]);
    for one in &lines {
        let rules: Vec<String> = one.deductions.iter().map(|it| it.rule.to_string()).collect();
        let why: Vec<String> = one.deductions.iter().map(|it| said(ask, it, &providers)).collect();
        file.push(&[
            plain(&one.number),
            one.elder.to_string(),
            plain(names.get(&one.elder).map_or("", |it| it)),
            one.day.to_string(),
            plain(&one.service),
            one.minutes.to_string(),
            yuan(one.claimed),
            yuan(one.fund),
            yuan(one.person),
            yuan(one.borne),
            yuan(one.pending),
            yuan(one.reviewed),
            rules.join(" "),
            plain(&why.join(";")),
        ]);
    }
    Ok(file.end())
}

/// The names of the elders of some lines.
pub fn names_of(tx: &Tx<'_>, key: &Key, lines: &[Line]) -> Result<HashMap<Id, String>> {
    let mut ids: Vec<Id> = lines.iter().map(|it| it.elder).collect();
    ids.dedup();
    elders::names(tx, &key.region, &ids)
}

/// What a fact is called; those of a line are kept by English words.
pub fn fact<'a>(ask: &'a Ask, name: &'a str) -> &'a str {
    let words = [
        ("level", "机构级别"),
        ("qualifications", "人员资格"),
        ("missing", "缺少证据"),
        ("paid_by", "已由其他保障支付"),
        ("waived", "异议成立"),
    ];
    words.iter().find(|it| it.0 == name).map_or(name, |it| ask.t(it.1))
}
