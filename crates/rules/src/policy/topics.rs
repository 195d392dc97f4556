//! The list of topics. A new topic is one line here and one `topic!` in its rule's file.

use super::{Fault, ParamView, TopicInfo, read};
use crate::{
    alarm, assessment_course, care_plan, care_tier, chronic, contracting, device, dispatch, elder_groups, healthcheck,
    home_bed, home_service, institution, limits, ltci, reported, rounds, supervision, targets, tariff, tcm,
    vaccination, visit, workforce,
};

macro_rules! topics {
    ($($field:ident: $module:ident,)+) => {
        /// Everything one region has laid down. A region states only what differs from the region above it.
        #[derive(Debug, Clone, Default)]
        pub struct Laid {
            $(pub $field: $module::Policy,)+
        }

        impl Laid {
            /// Reads one file of the region; `false` where no topic has that name.
            pub(crate) fn take(&mut self, topic: &str, file: &str, text: &str) -> Result<bool, Fault> {
                match topic {
                    $($module::Policy::NAME => self.$field = read::<$module::Policy>(file, text)?.named(),)+
                    _ => return Ok(false),
                }
                Ok(true)
            }

            pub(crate) fn replace_by(&mut self, upper: Laid) {
                $(self.$field.replace_by(upper.$field);)+
            }

            pub(crate) fn drop_examples(&mut self) {
                $(self.$field.drop_examples();)+
            }

            pub(crate) fn views(&self) -> Vec<ParamView> {
                [$(self.$field.views()),+].concat()
            }

            /// One of [`Laid::views`], without making the others: values are large.
            pub(crate) fn view_of(&self, topic: &str, name: &str) -> Option<ParamView> {
                $(if let Some(it) = self.$field.view_of(topic, name) { return Some(it); })+
                None
            }

            /// The topics there are, in reading order.
            pub(crate) fn topics() -> Vec<TopicInfo> {
                vec![$($module::Policy::info()),+]
            }
        }
    };
}

topics! {
    assessment: assessment_course,
    tier: care_tier,
    elders: elder_groups,
    healthcheck: healthcheck,
    tcm: tcm,
    ltci: ltci,
    tariff: tariff,
    supervision: supervision,
    targets: targets,
    reported: reported,
    institutions: institution,
    workforce: workforce,
    chronic: chronic,
    vaccination: vaccination,
    contracting: contracting,
    home_bed: home_bed,
    home_services: home_service,
    rounds: rounds,
    visit: visit,
    care_plan: care_plan,
    dispatch: dispatch,
    devices: device,
    monitoring: alarm,
    limits: limits,
}
