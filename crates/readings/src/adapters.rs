//! The adapters in use: those of the program, and before them those of the operator.

use std::collections::HashSet;

use crate::adapter::{Adapter, Fault};

/// The adapters of the program, the more particular first; `generic` reads what nobody else knows.
const OURS: [(&str, &str); 9] = [
    ("plain", include_str!("../adapters/plain.yaml")),
    ("imede-watch", include_str!("../adapters/imede-watch.yaml")),
    ("ble-gateway", include_str!("../adapters/ble-gateway.yaml")),
    ("vital-kiosk", include_str!("../adapters/vital-kiosk.yaml")),
    ("ic-watch", include_str!("../adapters/ic-watch.yaml")),
    ("lumi-gateway", include_str!("../adapters/lumi-gateway.yaml")),
    ("helmet", include_str!("../adapters/helmet.yaml")),
    ("bluetooth", include_str!("../adapters/bluetooth.yaml")),
    ("generic", include_str!("../adapters/generic.yaml")),
];

/// Adapters in the order in which they are asked.
#[derive(Debug, Clone)]
pub struct Adapters(pub(crate) Vec<Adapter>);

impl Adapters {
    /// Those of the program.
    pub fn ours() -> Adapters {
        let all = OURS.map(|(name, text)| {
            Adapter::parse(text)
                .unwrap_or_else(|faults| panic!("the adapter {name} of the program is sound: {faults:?}"))
        });
        Adapters(all.into())
    }

    /// Those of the program behind some of the operator's; one of the same name takes the place of ours.
    #[must_use]
    pub fn with(self, theirs: Vec<Adapter>) -> Adapters {
        let names: HashSet<String> = theirs.iter().map(|it| it.name().to_owned()).collect();
        let rest = self.0.into_iter().filter(|it| !names.contains(it.name()));
        Adapters(theirs.into_iter().chain(rest).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Adapter> {
        self.0.iter()
    }

    /// The texts of the program's adapters by name, as examples for whoever writes one.
    pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
        OURS.into_iter()
    }

    /// Whether a text can be used as an adapter; its faults where not.
    pub fn check(text: &str) -> Result<(), Vec<Fault>> {
        Adapter::parse(text).map(|_| ())
    }
}
