//! What tariff puts on the workbench and beside an elder.

use kit::{
    Ask, Id, Result, Tx,
    db::Bind,
    module::{Beside, Due, Urgency},
};

use super::{ASK, BILLS, CHARGE, FUND, advance, bill, list, words};
use crate::elders::{self, Key};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if ask.may(CHARGE) {
        let open = count(tx, ask, "b.balance > 0")?;
        let words = ["待收款的账单", "个人部分还没有付清"];
        all.extend(Due::counted(ask, Urgency::Soon, words, "/tariff/bills?state=open", "receipt", open));
        let over = count(tx, ask, "b.balance < 0")?;
        let words = ["待退款的账单", "更正后多收的应退还"];
        all.extend(Due::counted(ask, Urgency::Today, words, "/tariff/bills?state=over", "receipt", over));
    }
    if ask.may(FUND) {
        let words = ["预付待清算", "月份已过,预付还没有与应付清算"];
        let link = "/tariff/institutions?with=unsettled";
        all.extend(Due::counted(ask, Urgency::Late, words, link, "wallet2", unsettled(tx, ask)?));
    }
    Ok(all)
}

fn count(tx: &Tx<'_>, ask: &Ask, condition: &str) -> Result<i64> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = ask.who.scope.sql(&list::BILL_SCOPE, &mut values);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(
        &format!(
            "select count(*) from tariff_bill b join elder e on e.region = b.region and e.id = b.elder
              where {scope} and {condition}"
        ),
        &values,
    )
}

/// Institutions of the reader's scope with a month that is over and not settled.
fn unsettled(tx: &Tx<'_>, ask: &Ask) -> Result<i64> {
    let query = [("with".to_string(), "unsettled".to_string())];
    let asked = Ask { query: std::sync::Arc::new(query.into()), ..ask.clone() };
    Ok(list::INSTITUTIONS.page(tx, &asked, 1)?.total)
}

/// Beside an elder: what is owed, and the ways to ask for a price and to charge.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if ask.may(ASK) && elders::find(tx, &ask.who.scope, &key)?.is_living() {
        let link = format!("/tariff/ask?elder={key}");
        all.push(Beside::Action { title: ask.t("询价").to_string(), icon: "cash-coin", link });
    }
    if !ask.may(BILLS) {
        return Ok(all);
    }
    let bills = bill::of_elder(tx, &key)?;
    let shown = |it: &&bill::Bill| ask.who.scope.organisation.is_none_or(|own| own == it.institution);
    let bills: Vec<&bill::Bill> = bills.iter().filter(shown).collect();
    if let Some(last) = bills.first() {
        let owed: i64 = bills.iter().map(|it| it.balance).sum();
        let text = match owed {
            0 => ask.t("已结清").to_string(),
            owed if 0 < owed => ask.f("还应付 {money}", &[("money", &words::fen(ask, owed))]),
            over => ask.f("应退 {money}", &[("money", &words::fen(ask, -over))]),
        };
        let note = ask.f("最近一张 {day}", &[("day", &last.day)]);
        let link = if bills.len() == 1 { last.link() } else { format!("/tariff/elders/{key}") };
        all.push(Beside::Fact { title: ask.t("费用").to_string(), text, note, link });
    }
    Ok(all)
}

/// The month before this one, for forms.
pub fn last_month(ask: &Ask) -> String {
    advance::word(ask.today().first_of_month().add_months(-1))
}
