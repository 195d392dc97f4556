//! What dispatch puts on the workbench, and offers beside an elder.

use kit::{
    Ask, Id, Result, Tx,
    module::{Beside, Due, Urgency},
};

use super::PLAN;
use crate::{elders::Key, visits};

/// Visits of today and tomorrow to which nobody is sent yet.
pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(PLAN) {
        return Ok(Vec::new());
    }
    let today = ask.today();
    let lines =
        [(today, Urgency::Today, "今天还没有派人的上门"), (today.add_days(1), Urgency::Soon, "明天还没有派人的上门")];
    let mut all = Vec::new();
    for (day, urgency, title) in lines {
        let n = visits::undispatched(tx, ask, day)?;
        let link = format!("/dispatch/new?on={day}");
        all.extend(Due::counted(ask, urgency, [title, "派单并发布到手机"], &link, "signpost-split", n));
    }
    Ok(all)
}

pub fn beside(_: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    if !ask.may(PLAN) {
        return Ok(Vec::new());
    }
    let key = Key { region: region.to_string(), id: person };
    Ok(vec![Beside::Action {
        title: ask.t("约上门时间").to_string(),
        icon: "telephone",
        link: format!("/dispatch/slots?elder={key}"),
    }])
}
