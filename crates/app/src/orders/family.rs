//! Whoever looks after an elder hears in their inbox what becomes of an order.

use kit::{
    Ask, Result, Tx,
    notify::{self, Message},
    who::account,
};

use super::record::Order;
use crate::elders::Elder;

/// Tells the family accounts of an elder; each fact once.
pub fn tell(tx: &Tx<'_>, ask: &Ask, it: &Order, elder: &Elder, title: &'static str, fact: &str) -> Result<()> {
    let body = format!("{} · {} · {}", elder.name, it.service.name, it.when(ask));
    for account in account::families_of(tx, &it.key.region, it.elder)? {
        // Who did it knows it.
        if account == ask.who.account {
            continue;
        }
        let message = Message {
            account,
            title,
            body: &body,
            link: Some(&it.link()),
            unique_key: &format!("order {} {fact}", it.key),
        };
        notify::inbox(tx, &message, ask.now)?;
    }
    Ok(())
}
