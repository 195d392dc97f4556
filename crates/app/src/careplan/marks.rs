//! What plans tell the tally: in which stretches of days somebody has a plan in force.

use kit::{
    App, Result, Tx,
    tally::{self, Count, Facts, Indicator, Lot, Marks, PERSON, Span},
};

use super::record::{self, Plan};
use crate::elders::{self, Key};

pub const IN_FORCE: &str = "careplan.in_force";

/// Who has a plan in force.
pub const PLANNED: Count = Count::new(PERSON, &[IN_FORCE]);
const DISABLED: Count = Count::new(PERSON, &["elders.disabled"]);

pub const COUNTS: &[Count] = &[PLANNED];

pub const INDICATORS: &[Indicator] = &[Indicator::share(
    "care_plan_disabled",
    "失能老年人照护计划覆盖率",
    Count::new(PERSON, &["elders.disabled", IN_FORCE]),
    DISABLED,
)
.formula("当日有照护计划在执行的失能老年人 ÷ 失能老年人")
.document("nhc-home-guide-2023-18")
.nothing("没有在执行的照护计划")];

/// What the plans say of persons.
pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let plans = record::of_lot(tx, lot)?;
    lot.each(|it| Ok(spans(plans.get(&it.id).map_or(&[], |it| it))))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    tally::set_all(tx, app, &elders::thing(key), &spans(&record::of_elder(tx, key)?))
}

fn spans(plans: &[Plan]) -> Marks {
    let in_force = plans.iter().filter_map(|it| Some(Span::new(it.from?).until(it.until)));
    vec![(IN_FORCE, in_force.filter(|it| it.until != Some(it.from)).collect())]
}
