//! What beds tell the tally: on which days somebody has a home hospital bed or a home elderly-care bed; and the indicators.

use kit::{
    App, Result, Tx,
    tally::{self, Count, Facts, Indicator, Lot, Marks, PERSON, Span},
};

use super::bed::{self, Bed};
use crate::elders::{self, Key};

pub const HOSPITAL: &str = "homebed.hospital";
pub const CARE: &str = "homebed.care";

/// Home hospital beds and home elderly-care beds that are there; a suspended one is kept.
pub const HOSPITAL_BEDS: Count = Count::new(PERSON, &[HOSPITAL]);
pub const CARE_BEDS: Count = Count::new(PERSON, &[CARE]);

pub const INDICATORS: &[Indicator] = &[
    Indicator::number("home_hospital_beds", "家庭病床数", "张", HOSPITAL_BEDS)
        .formula("当日在床和暂停的家庭病床,撤床当日不计")
        .document("cq-reply-2025"),
    Indicator::number("home_care_beds", "家庭养老床位数", "张", CARE_BEDS)
        .formula("当日在床和暂停的家庭养老床位,结束当日不计")
        .document("cq-reply-2025"),
];

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let mut beds = bed::of_lot(tx, lot)?;
    lot.each(|it| Ok(spans(&beds.remove(&it.id).unwrap_or_default())))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    tally::set_all(tx, app, &elders::thing(key), &spans(&bed::of_elder(tx, key)?))
}

fn spans(all: &[Bed]) -> Marks {
    let of = |kind: &str| -> Vec<Span> {
        let opened = all.iter().filter(|it| it.kind == kind).filter_map(|it| Some((it.opened?, it.ended)));
        let mut spans: Vec<Span> = opened.map(|(from, until)| Span::new(from).until(until)).collect();
        spans.retain(|it| it.until.is_none_or(|until| it.from < until));
        spans.sort_by_key(|it| it.from);
        spans
    };
    vec![(HOSPITAL, of(bed::HOSPITAL)), (CARE, of(bed::CARE))]
}
