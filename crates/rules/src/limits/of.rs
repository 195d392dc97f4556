//! The limits that hold for one person on one day: the doctor's own before those of policy.

use readings::Measure;
use serde::{Deserialize, Serialize};

use super::{Change, Combination, Ground, Item, Limit, MeanChange, Morning, OwnSaid, Quiet, Side, Silence};
use crate::{
    base::{Date, Tenths},
    policy::{InForce, Laid, NoPolicy, Param},
};

/// Limits that a doctor set for a person; what is left out is as policy has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    #[serde(rename = "项目")]
    pub item: Item,
    #[serde(rename = "紧急低", default)]
    pub urgent_low: Option<Tenths>,
    #[serde(rename = "低", default)]
    pub low: Option<Tenths>,
    #[serde(rename = "高", default)]
    pub high: Option<Tenths>,
    #[serde(rename = "紧急高", default)]
    pub urgent_high: Option<Tenths>,
    #[serde(rename = "医生")]
    pub by: String,
    #[serde(rename = "日期")]
    pub day: Date,
}

/// Everything that raises an alarm about one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    pub measures: Vec<Bounds>,
    pub changes: Vec<(Change, Ground)>,
    pub means: Vec<(MeanChange, Ground)>,
    pub combinations: Vec<(Combination, Ground)>,
    pub morning: Option<(Morning, Ground)>,
    pub silence: Vec<(Silence, Ground)>,
    pub quiet: Option<Quiet>,
    /// Where no policy is in force here and today: such limits raise nothing, and that is to be shown.
    pub missing: Vec<NoPolicy>,
}

/// The limits of one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    pub item: Item,
    pub urgent_low: Option<Bound>,
    pub low: Option<Bound>,
    pub high: Option<Bound>,
    pub urgent_high: Option<Bound>,
    /// How far back inside a value has to come, in kept units, 1 at least.
    pub back: i64,
    pub times: u8,
    pub urgent_times: u8,
    pub minutes: u16,
}

/// One limit, in kept units, and on what it rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub at: i64,
    pub own: Option<OwnSaid>,
    pub policy: Vec<Ground>,
}

/// The limits of a person with the doctor's own, by the policy of a day.
pub fn limits(own: &[Own], policy: &InForce<'_>) -> Limits {
    Limits::of_policy(policy).with(own)
}

impl Limits {
    /// Those of policy alone; the same for everybody of a region on a day, and worth keeping.
    ///
    /// 依据: 国家基本公共卫生服务规范（第三版） 高血压患者健康管理、2型糖尿病患者健康管理 随访评估（紧急转诊值）; the others see 政策库“体征限值”
    pub fn of_policy(policy: &InForce<'_>) -> Limits {
        let mut asked = Asked { policy, missing: Vec::new() };
        let listed: Vec<(Limit, Ground)> = asked.list(|it| &it.limits.limits);
        let referral = [
            (Measure::Systolic, Side::High, asked.whole(|it| &it.chronic.emergency_systolic)),
            (Measure::Diastolic, Side::High, asked.whole(|it| &it.chronic.emergency_diastolic)),
            (Measure::Glucose, Side::High, asked.tenths(|it| &it.chronic.emergency_glucose_high)),
            (Measure::Glucose, Side::Low, asked.tenths(|it| &it.chronic.emergency_glucose_low)),
        ];
        let mut measures = Vec::new();
        for measure in Measure::ALL {
            let item = Item(measure);
            let mut bounds = Bounds::of(item, listed.iter().find(|it| it.0.item == item));
            for (_, side, found) in referral.iter().filter(|it| it.0 == measure) {
                let place = match side {
                    Side::Low => &mut bounds.urgent_low,
                    Side::High => &mut bounds.urgent_high,
                };
                if let (None, Some((limit, ground))) = (&place, found) {
                    *place = Some(Bound { at: item.limit(*side, *limit), own: None, policy: vec![ground.clone()] });
                }
            }
            if bounds.has_any() {
                measures.push(bounds);
            }
        }
        Limits {
            measures,
            changes: asked.list(|it| &it.limits.changes),
            means: asked.list(|it| &it.limits.means),
            combinations: asked.list(|it| &it.limits.combinations),
            morning: asked.one(|it| &it.limits.morning),
            silence: asked.list(|it| &it.limits.silence),
            quiet: asked.one(|it| &it.limits.quiet).map(|it| it.0),
            missing: asked.missing,
        }
    }

    /// With the limits a doctor set for a person before those of policy; of two for one measure, the later.
    #[must_use]
    pub fn with(mut self, own: &[Own]) -> Limits {
        let latest = |it: &&Own| own.iter().filter(|other| other.item == it.item).all(|other| other.day <= it.day);
        for it in own.iter().filter(latest) {
            match self.measures.iter_mut().find(|bounds| bounds.item == it.item) {
                Some(bounds) => bounds.take(it),
                None => {
                    let mut bounds = Bounds::of(it.item, None);
                    bounds.take(it);
                    self.measures.push(bounds);
                }
            }
        }
        self
    }

    pub fn of(&self, measure: Measure) -> Option<&Bounds> {
        self.measures.iter().find(|it| it.item.0 == measure)
    }
}

impl Bounds {
    fn of(item: Item, listed: Option<&(Limit, Ground)>) -> Bounds {
        let bound = |side: Side, it: Option<Tenths>, ground: &Ground| {
            it.map(|it| Bound { at: item.limit(side, it), own: None, policy: vec![ground.clone()] })
        };
        let nothing = Bounds {
            item,
            urgent_low: None,
            low: None,
            high: None,
            urgent_high: None,
            back: 1,
            times: 1,
            urgent_times: 1,
            minutes: 0,
        };
        listed.map_or(nothing, |(limit, ground)| Bounds {
            item,
            urgent_low: bound(Side::Low, limit.urgent_low, ground),
            low: bound(Side::Low, limit.low, ground),
            high: bound(Side::High, limit.high, ground),
            urgent_high: bound(Side::High, limit.urgent_high, ground),
            back: item.kept(limit.back).max(1),
            times: limit.times.max(1),
            urgent_times: limit.urgent_times.max(1),
            minutes: limit.minutes,
        })
    }

    fn has_any(&self) -> bool {
        [&self.urgent_low, &self.low, &self.high, &self.urgent_high].iter().any(|it| it.is_some())
    }

    /// The doctor's limits in place of those of policy. An urgent limit of policy that lies nearer than an ordinary one of the doctor's
    /// moves with it: who may have 190 is not an emergency at 180.
    fn take(&mut self, own: &Own) {
        let said = OwnSaid { by: own.by.clone(), day: own.day };
        let item = self.item;
        let set = |place: &mut Option<Bound>, side: Side, limit: Option<Tenths>| {
            if let Some(limit) = limit {
                let policy = place.take().map(|it| it.policy).unwrap_or_default();
                *place = Some(Bound { at: item.limit(side, limit), own: Some(said.clone()), policy });
            }
        };
        set(&mut self.urgent_low, Side::Low, own.urgent_low);
        set(&mut self.low, Side::Low, own.low);
        set(&mut self.high, Side::High, own.high);
        set(&mut self.urgent_high, Side::High, own.urgent_high);
        if let (Some(urgent), Some(high), None) = (&mut self.urgent_high, &self.high, own.urgent_high)
            && own.high.is_some()
            && urgent.at < high.at
        {
            (urgent.at, urgent.own) = (high.at, Some(said.clone()));
        }
        if let (Some(urgent), Some(low), None) = (&mut self.urgent_low, &self.low, own.urgent_low)
            && own.low.is_some()
            && low.at < urgent.at
        {
            (urgent.at, urgent.own) = (low.at, Some(said));
        }
    }
}

/// Values of policy with what they rest on; what is not in force is noted and left out.
struct Asked<'a, 'b> {
    policy: &'b InForce<'a>,
    missing: Vec<NoPolicy>,
}

impl<'a> Asked<'a, '_> {
    fn one<T: Serialize + Sync + Clone + 'a>(
        &mut self,
        pick: impl Fn(&'a Laid) -> &'a Param<T>,
    ) -> Option<(T, Ground)> {
        match self.policy.read_with_reason(pick) {
            Ok((it, because)) => Some((it.clone(), Ground::of(&because))),
            Err(missing) => {
                self.missing.push(missing);
                None
            }
        }
    }

    fn list<T: Serialize + Sync + Clone + 'a>(
        &mut self,
        pick: impl Fn(&'a Laid) -> &'a Param<Vec<T>>,
    ) -> Vec<(T, Ground)> {
        let found = self.one(pick);
        found.map_or_else(Vec::new, |(list, ground)| list.into_iter().map(|it| (it, ground.clone())).collect())
    }

    fn tenths(&mut self, pick: impl Fn(&'a Laid) -> &'a Param<Tenths>) -> Option<(Tenths, Ground)> {
        self.one(pick)
    }

    fn whole(&mut self, pick: impl Fn(&'a Laid) -> &'a Param<u16>) -> Option<(Tenths, Ground)> {
        self.one(pick).map(|(it, ground)| (Tenths::new(i32::from(it) * 10), ground))
    }
}
