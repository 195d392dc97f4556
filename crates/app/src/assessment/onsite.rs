//! At the elder's side: answers, evidence, and the signatures of those who assess.

use kit::{
    Ask, Error, Result, Said, Tx,
    clock::stamp,
    files::{self, Stored},
};
use rules::{
    assessment::Instrument,
    assessment_course::{Event, State},
};
use serde_json::json;

use super::{
    answers, course, effect, evidence, people,
    record::{self, Assessment, Programme},
    result::{Outcome, score_of},
    sources, words,
};
use crate::elders::Elder;

/// The instrument an unfinished assessment was begun with.
///
/// # Errors
/// `Refused` where the policy folder now holds other content under the same edition: it has to be begun anew.
pub fn instrument<'a>(ask: &'a Ask, it: &Assessment) -> Result<&'a Instrument> {
    it.instrument_used(&ask.app.policy)
        .ok_or_else(|| Error::refused("instrument_changed", "评估开始后量表内容有改动,请按新内容重新开始"))
}

/// Begins anew with the instrument as it is now; answers so far are taken away.
pub fn restart(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<()> {
    check_assessor(ask, it)?;
    if !it.is_open_to_answers() || it.instrument_used(&ask.app.policy).is_some() {
        return Err(Error::refused("nothing_changed", "量表没有改动,不需要重新开始"));
    }
    let new = ask.app.policy.instrument(&it.instrument).ok_or(Error::NotFound)?;
    answers::clear(tx, it)?;
    (it.edition, it.digest) = (new.edition.clone(), new.digest().to_string());
    tx.run(
        "update assessment set edition = $3, digest = $4, facts = '{}', started = null where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &it.edition, &it.digest],
    )?;
    course::remark(tx, ask, it, "按新量表重新开始", &it.edition)?;
    record::note(tx, ask, "change", it, elder, "restart")
}

/// Refuses who is not one of the assessors.
pub fn check_assessor(ask: &Ask, it: &Assessment) -> Result<usize> {
    it.place_of(ask.who.account).ok_or_else(|| Error::refused("not_assessor", "只有指派的评估员可以作答和签名"))
}

/// Refuses answers that come too late or from somebody else.
pub fn check_open(ask: &Ask, it: &Assessment) -> Result<()> {
    check_assessor(ask, it)?;
    if it.is_open_to_answers() {
        Ok(())
    } else {
        Err(Error::refused("answers_closed", "答案已签名或评估已结束,不能再改"))
    }
}

/// What the answers so far would give.
///
/// # Errors
/// `Invalid` for every item that is not answered.
pub fn preview(tx: &Tx<'_>, ask: &Ask, it: &Assessment) -> Result<Outcome> {
    let instrument = instrument(ask, it)?;
    score_of(instrument, &answers::read(tx, it)?, &answers::facts(it)?)
}

/// Finishes a simple scale: scored, and in effect at once.
pub fn finish(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<()> {
    check_open(ask, it)?;
    if it.programme.is_formal() {
        return Err(Error::refused("needs_signatures", "这项评估须由两名评估员签名后完成"));
    }
    freeze(tx, ask, it)?;
    it.concluded = Some(ask.today());
    tx.run(
        "update assessment set concluded = $3, signed_1 = $4 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &ask.today().to_string(), &stamp(ask.now)],
    )?;
    course::advance(tx, ask, it, &[Event::FinishAssessing, Event::Sign, Event::EndNotice], "")?;
    effect::take_effect(tx, ask, it, elder, ask.today())?;
    record::note(tx, ask, "change", it, elder, &json!({"level": it.level}).to_string())
}

/// One assessor signs the answers as they stand; with the second signature the assessment is finished.
///
/// # Errors
/// `Invalid` for items not answered and for a missing signature, `Refused` for who may not sign.
pub fn sign(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, picture: &Stored) -> Result<()> {
    let place = check_assessor(ask, it)?;
    if it.state != State::Assessing {
        return Err(Error::refused("answers_closed", "答案已签名或评估已结束,不能再改"));
    }
    if !it.programme.is_formal() {
        return Err(Error::refused("no_signatures", "这份量表完成作答即可,不需要签名"));
    }
    if it.assessors[place].signed.is_some() {
        return Err(Error::refused("signed_already", "您已经签过名"));
    }
    let outcome = preview(tx, ask, it)?;
    if it.programme == Programme::Ltci && evidence::count(tx, it, "photo")? == 0 {
        let said = Said::new("签名前请先上传现场照片");
        return Err(sources::refused(ask, "photo_missing", said, "nhsa-2023-29", "现场评估留存影像"));
    }
    let me = kit::who::account::by_id(tx, ask.who.account)?.ok_or(Error::NotFound)?;
    people::check_apart(ask, &me, elder, it)?;
    let file = files::note(tx, ask, &it.key.region, picture)?;
    let (now, other) = (stamp(ask.now), 1 - place);
    let sql = match place {
        0 => "update assessment set signed_1 = $3, signature_1 = $4 where region = $1 and id = $2",
        _ => "update assessment set signed_2 = $3, signature_2 = $4 where region = $1 and id = $2",
    };
    tx.run(sql, &[&it.key.region, &it.key.id, &now, &file])?;
    (it.assessors[place].signed, it.assessors[place].signature) = (Some(now), Some(file));
    course::remark(tx, ask, it, if place == 0 { "第一评估员签名" } else { "第二评估员签名" }, &outcome.headline())?;
    if it.assessors[other].signed.is_some() {
        freeze(tx, ask, it)?;
        course::advance(tx, ask, it, &[Event::FinishAssessing], "")?;
    }
    record::note(tx, ask, "change", it, elder, "sign")
}

/// Opens the answers again while a signature is missing; who signed before signs anew.
pub fn reopen(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, why: &str) -> Result<()> {
    check_assessor(ask, it)?;
    if it.state != State::Assessing || it.assessors.iter().all(|it| it.signed.is_none()) {
        return Err(Error::refused("not_signed", "还没有人签名,或评估已完成"));
    }
    tx.run(
        "update assessment set signed_1 = null, signature_1 = null, signed_2 = null, signature_2 = null
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id],
    )?;
    for assessor in &mut it.assessors {
        (assessor.signed, assessor.signature) = (None, None);
    }
    course::remark(tx, ask, it, "撤回签名,修改答案", why)?;
    record::note(tx, ask, "change", it, elder, "reopen")
}

/// Keeps answers and result as they are: from now on they are read from the assessment itself.
pub fn freeze(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment) -> Result<()> {
    let instrument = instrument(ask, it)?;
    let given = answers::read(tx, it)?;
    let outcome = score_of(instrument, &given, &answers::facts(it)?)?;
    it.answers = Some(serde_json::to_string(&answers::in_words(instrument, &given))?);
    (it.level, it.level_name, it.total) = (outcome.level_code(), outcome.headline(), outcome.total(instrument));
    it.ended = Some(stamp(ask.now));
    let kept = serde_json::to_string(&outcome)?;
    it.result = Some(outcome);
    tx.run(
        "update assessment set answers = $3, result = $4, level = $5, level_name = $6, total = $7, ended = $8,
                started = coalesce(started, $8)
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &it.answers, &kept, &it.level, &it.level_name, &it.total, &it.ended],
    )?;
    Ok(())
}

/// Who was asked about the elder and where; what is left out or unknown stays as it was.
pub fn set_informant(tx: &Tx<'_>, it: &Assessment, informant: &str, site: &str) -> Result<()> {
    let site = if words::SITES.iter().any(|it| it.0 == site) { site } else { &it.site };
    let informant: String = informant.chars().take(50).collect();
    let informant = if informant.is_empty() { &it.informant } else { &informant };
    tx.run(
        "update assessment set informant = $3, site = $4 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, informant, &site],
    )?;
    Ok(())
}
