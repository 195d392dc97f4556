//! The closed words of care plans: phases, professions, payers, places; each as policy writes it and as it is kept.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident: $word:literal = $title:literal, $english:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
        pub enum $name {
            $(#[serde(rename = $title)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// (word as kept, title).
            pub const WORDS: &'static [(&'static str, &'static str)] = &[$(($word, $title)),+];

            /// The word it is kept under.
            pub fn word(self) -> &'static str {
                $name::WORDS[self as usize].0
            }

            pub fn title(self) -> &'static str {
                $name::WORDS[self as usize].1
            }

            pub fn title_en(self) -> &'static str {
                [$($english),+][self as usize]
            }

            /// The one of a kept word.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|it| it.word() == word)
            }
        }
    };
}

words! {
    /// Where somebody stands between illness, recovery and the end of life.
    Phase {
        Treatment: "treatment" = "治疗期", "treatment";
        Recovery: "recovery" = "康复期", "recovery";
        Stable: "stable" = "稳定期", "stable";
        Hospice: "hospice" = "安宁疗护期", "end of life";
    }
}

words! {
    /// Who does it.
    Profession {
        Doctor: "doctor" = "医生", "doctor";
        Nurse: "nurse" = "护士", "nurse";
        TcmDoctor: "tcm_doctor" = "中医师", "doctor of Chinese medicine";
        PublicHealth: "public_health" = "公卫人员", "public-health worker";
        Therapist: "therapist" = "康复治疗师", "therapist";
        Pharmacist: "pharmacist" = "药师", "pharmacist";
        Carer: "carer" = "护理员", "carer";
        SocialWorker: "social_worker" = "社会工作者", "social worker";
        Assessor: "assessor" = "评估员", "assessor";
    }
}

words! {
    /// Out of what it is paid.
    Payer {
        PublicHealth: "public_health" = "基本公共卫生", "public health";
        Contract: "contract" = "家庭医生签约", "family-doctor contract";
        Ltci: "ltci" = "长护险", "long-term-care insurance";
        HomeBed: "home_bed" = "家庭病床", "home hospital bed";
        Own: "own" = "自费", "own payment";
    }
}

words! {
    /// Where it is done.
    Place {
        Home: "home" = "上门", "at home";
        Centre: "centre" = "到机构", "at the centre";
    }
}
