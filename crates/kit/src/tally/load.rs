//! Many things told to the tally at once, of which nothing is kept yet.

use std::{borrow::Cow, collections::HashMap};

use rules::base::Date;

use super::{
    Family, Span, Stay, Thing,
    keep::{Moves, Spans, Unit, add, buckets, disjoint, holding, put_spans, put_unit, stays},
};
use crate::{App, Result, db::Put};

/// The numbers of one county, while its things are told or counted anew: by the number of the count, unit and day.
#[derive(Debug, Default)]
pub struct Numbers(HashMap<(usize, Cow<'static, str>, Date), i64>);

impl Numbers {
    /// Writes what holds of a new thing, and to which units it belongs; its numbers wait for [`Numbers::write`].
    pub fn tell(
        &mut self,
        to: &impl Put,
        app: &App,
        thing: &Thing<'_>,
        said: &[(&'static str, Vec<Span>)],
        units: &[(Family, Vec<Stay>)],
    ) -> Result<()> {
        let mut spans = Spans::new();
        for (mark, all) in said.iter().filter(|it| app.counts_mark(it.0) && !it.1.is_empty()) {
            spans.insert((*mark).to_string(), disjoint(all));
        }
        for (mark, all) in &spans {
            put_spans(to, thing, mark, all)?;
        }
        let mut belongs: Vec<_> = units.iter().flat_map(|(family, units)| stays(*family, units)).collect();
        belongs.sort_by_key(|it| (it.family, it.stay.from));
        belongs.iter().try_for_each(|it| put_unit(to, thing, it))?;
        self.add(app, thing, &spans, &belongs);
        Ok(())
    }

    /// Adds what a thing counts for.
    pub(super) fn add(&mut self, app: &App, thing: &Thing<'_>, spans: &Spans, units: &[Unit]) {
        for (nth, it) in app.counted().iter().enumerate().filter(|it| it.1.count.kind == thing.kind) {
            let held = holding(it, spans);
            if held.is_empty() {
                continue;
            }
            let mut moves = Moves::default();
            moves.add(&held, units, 1);
            for (unit, day, by) in moves.each() {
                *self.0.entry((nth, unit.clone(), day)).or_default() += by;
            }
        }
    }

    /// By the number of the count, unit and bucket; the numbers are forgotten.
    pub(super) fn by_bucket(self) -> HashMap<(usize, Cow<'static, str>, String), i64> {
        let mut sums = HashMap::new();
        for ((nth, unit, day), by) in self.0 {
            for bucket in buckets(day) {
                *sums.entry((nth, unit.clone(), bucket)).or_default() += by;
            }
        }
        sums
    }

    /// Writes the numbers of the county.
    pub fn write(self, to: &impl Put, app: &App, region: &str) -> Result<()> {
        let counted = app.counted();
        let mut sums: Vec<_> = self.by_bucket().into_iter().filter(|it| it.1 != 0).collect();
        sums.sort_by(|((a, x, from), _), ((b, y, to), _)| (&counted[*a].key, x, from).cmp(&(&counted[*b].key, y, to)));
        sums.iter().try_for_each(|((nth, unit, bucket), by)| add(to, region, &counted[*nth].key, unit, bucket, *by))
    }
}
