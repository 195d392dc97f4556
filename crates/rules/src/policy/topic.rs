//! A topic (one file name in every region's folder) as a typed struct of parameters.

use serde::Serialize;

use super::Entry;
use crate::base::Text;

/// A topic by name, for pages and commands.
#[derive(Debug, Clone, Serialize)]
pub struct TopicInfo {
    /// The word used everywhere: file, module, table, address.
    pub name: &'static str,
    pub title: Text,
    /// The names of its parameters, in the order of the struct.
    pub params: Vec<&'static str>,
}

/// A parameter of one region without its type, newest value first.
#[derive(Debug, Clone, Serialize)]
pub struct ParamView {
    pub topic: &'static str,
    pub name: &'static str,
    pub about: String,
    pub entries: Vec<Entry>,
}

/// Writes a topic's struct once: `Policy` with one [`super::Param`] a field, its Chinese names, and the ways the library goes over
/// all of them. A key of the file that stands here in no line is a fault.
macro_rules! topic {
    ($(#[$doc:meta])* $topic:literal, $title:literal, $title_en:literal { $($(#[$about:meta])* $field:ident: $type:ty = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Policy {
            $($(#[$about])* #[serde(rename = $name)] pub $field: crate::policy::Param<$type>,)+
        }

        impl Default for Policy {
            fn default() -> Policy {
                Policy { $($field: crate::policy::Param::unset($topic, $name),)+ }
            }
        }

        impl Policy {
            pub(crate) const NAME: &'static str = $topic;

            pub(crate) fn info() -> crate::policy::TopicInfo {
                crate::policy::TopicInfo { name: $topic, title: crate::base::Text::new($title, $title_en), params: vec![$($name),+] }
            }

            /// The parameters as read from a file know their names only afterwards.
            pub(crate) fn named(mut self) -> Policy {
                $((self.$field.topic, self.$field.name) = ($topic, $name);)+
                self
            }

            pub(crate) fn replace_by(&mut self, upper: Policy) {
                $(self.$field.replace_by(upper.$field);)+
            }

            pub(crate) fn drop_examples(&mut self) {
                $(self.$field.drop_examples();)+
            }

            pub(crate) fn views(&self) -> Vec<crate::policy::ParamView> {
                vec![$(self.$field.view()),+]
            }

            pub(crate) fn view_of(&self, topic: &str, name: &str) -> Option<crate::policy::ParamView> {
                $(if self.$field.is(topic, name) { return Some(self.$field.view()); })+
                None
            }
        }
    };
}
pub(crate) use topic;
