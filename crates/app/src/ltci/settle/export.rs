//! A month as files, with all that somebody needs to compute it again: claims, recipients, policy values, verdicts.

use std::{collections::HashMap, io::Write};

use kit::{Error, Id, Result, Tx};
use serde_json::{Value, json};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    csv::Csv,
    judge::Known,
    keep::{self, Settlement},
    redo::deductions,
};

/// A file's name and what is in it.
pub type File = (&'static str, String);

/// The files of a run. Amounts are whole fen, days ISO dates; the same run gives the same bytes.
pub fn files(tx: &Tx<'_>, it: &Settlement) -> Result<Vec<File>> {
    let values: Vec<Value> = serde_json::from_str(&keep::policy(tx, &it.key)?)?;
    let about = json!({
        "region": it.key.region, "month": it.month, "run": it.run, "as_of": it.as_of.to_string(), "digest": it.digest,
        "policy_digest": it.policy_digest, "totals": it.totals, "policy": values,
    });
    let mut all = vec![("settlement.json", format!("{}\n", serde_json::to_string_pretty(&about)?))];
    all.extend(recipients(tx, it)?);
    all.extend(lines(tx, it)?);
    Ok(all)
}

/// One row for each recipient, and their stretches.
fn recipients(tx: &Tx<'_>, it: &Settlement) -> Result<[File; 4]> {
    let mut persons =
        Csv::for_programs(&["elder", "gone", "months_at_home", "bonus_choice", "minutes_before", "bonus_fen"]);
    let mut insured = Csv::for_programs(&["elder", "from", "until", "kind"]);
    let mut granted = Csv::for_programs(&["elder", "from", "until", "grade", "mode", "provider"]);
    let mut pauses = Csv::for_programs(&["elder", "from", "until", "reason"]);
    tx.each(
        "select elder, bonus, facts from ltci_settled
          where region = $1 and settlement = $2 and judged_as is null order by elder",
        &[&it.key.region, &it.key.id],
        |row| {
            let (elder, bonus) = (row.get::<i64>(0)?.to_string(), row.get::<i64>(1)?.to_string());
            let facts: Value = serde_json::from_str(&row.get::<String>(2)?)?;
            let of = |it: &Value, name: &str| match &it[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            persons.push(&[
                elder.clone(),
                of(&facts, "去世或迁出"),
                of(&facts, "连续居家月数"),
                of(&facts, "加成取"),
                of(&facts, "上月跨周已付分钟"),
                bonus,
            ]);
            let each = |name: &str| facts[name].as_array().cloned().unwrap_or_default();
            for one in each("参保") {
                insured.push(&[elder.clone(), of(&one, "起"), of(&one, "止"), of(&one, "参保类别")]);
            }
            for one in each("待遇") {
                let (grade, mode, provider) = (of(&one, "等级"), of(&one, "方式"), of(&one, "机构"));
                granted.push(&[elder.clone(), of(&one, "起"), of(&one, "止"), grade, mode, provider]);
            }
            for one in each("暂停") {
                pauses.push(&[elder.clone(), of(&one, "起"), of(&one, "止"), of(&one, "原因")]);
            }
            Ok(())
        },
    )?;
    Ok([
        ("recipients.csv", persons.end()),
        ("insured.csv", insured.end()),
        ("granted.csv", granted.end()),
        ("pauses.csv", pauses.end()),
    ])
}

/// What was claimed, and apart from it what came of each line. A line that names a record which was merged is of the person by
/// whose facts it was judged.
fn lines(tx: &Tx<'_>, it: &Settlement) -> Result<[File; 2]> {
    let judged_as: HashMap<Id, Id> = tx
        .rows(
            "select elder, judged_as from ltci_settled
              where region = $1 and settlement = $2 and judged_as is not null order by elder",
            &[&it.key.region, &it.key.id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .into_iter()
        .collect();
    let person = |id: Id| judged_as.get(&id).copied().unwrap_or(id);
    let mut claims = Csv::for_programs(&[
        "line",
        "number",
        "elder",
        "provider",
        "day",
        "mode",
        "service",
        "claimed_fen",
        "begin_minute",
        "minutes",
        "second",
        "level",
        "qualifications",
        "missing",
        "paid_by",
        "waived",
    ]);
    let mut verdicts =
        Csv::for_programs(&["line", "fund_fen", "person_fen", "provider_fen", "pending_fen", "minutes", "deductions"]);
    tx.each(
        "select c.id, c.number, v.elder, v.provider, v.day, c.mode, c.service, v.claimed, c.begin_minute, c.minutes, c.is_second,
                v.facts, v.fund, v.person, v.borne, v.pending, v.minutes, v.deductions
           from ltci_verdict v join ltci_claim c on c.region = v.region and c.id = v.claim
          where v.region = $1 and v.settlement = $2 order by v.elder, v.day, c.number, v.provider",
        &[&it.key.region, &it.key.id],
        |row| {
            let number = |at: usize| row.get::<i64>(at).map(|it| it.to_string());
            let text = |at: usize| row.get::<String>(at);
            let known: Known = serde_json::from_str(&text(11)?)?;
            let mode = crate::ltci::words::mode(&text(5)?)?;
            claims.push(&[
                number(0)?,
                text(1)?,
                person(row.get(2)?).to_string(),
                number(3)?,
                text(4)?,
                word(&mode)?,
                text(6)?,
                number(7)?,
                row.get::<Option<i64>>(8)?.map_or(String::new(), |it| it.to_string()),
                number(9)?,
                u8::from(row.get::<bool>(10)?).to_string(),
                known.level.map_or(String::new(), |it| it.to_string()),
                words(&known.qualifications)?,
                words(&known.missing)?,
                known.paid_by.clone(),
                words(&known.waived)?,
            ]);
            let cuts = deductions(&text(17)?);
            let cuts: Vec<String> = cuts.iter().map(|it| format!("{}:{}", it.rule, it.amount)).collect();
            verdicts.push(&[number(0)?, number(12)?, number(13)?, number(14)?, number(15)?, number(16)?, cuts.join(" ")]);
            Ok(())
        },
    )?;
    Ok([("claims.csv", claims.end()), ("verdicts.csv", verdicts.end())])
}

/// The word by which the policy files call a value.
fn word(it: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_value(it)?.as_str().unwrap_or_default().to_string())
}

fn words(all: &[impl serde::Serialize]) -> Result<String> {
    Ok(all.iter().map(word).collect::<Result<Vec<_>>>()?.join(" "))
}

/// The files in one, packed so that the same files give the same bytes.
pub fn packed(files: &[File]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, content) in files {
        zip.start_file(*name, options).map_err(Error::internal)?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}
