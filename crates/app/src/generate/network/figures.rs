//! How many institutions, beds and teams a place has: what its document prints, else what is usual.

use super::{Plan, Street};

/// As many of each as are to be made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    /// Residential elderly-care institutions, and how many of them have medical care in which way.
    pub homes: usize,
    pub contracted: usize,
    pub clinic_inside: usize,
    pub care_inside: usize,
    pub infirmary: usize,
    pub home_beds: usize,
    /// Community and township care centres with both licences, and their beds.
    pub care_centres: usize,
    pub care_centre_beds: usize,
    /// Hospitals of level 3 and 2, those of level 1, and how many of the former have a geriatrics department.
    pub hospitals_3: usize,
    pub hospitals_2: usize,
    pub hospitals_1: usize,
    pub geriatrics: usize,
    /// Medical institutions that should have a green channel and do not.
    pub without_green_channel: usize,
    /// Community and township health centres, where a document prints them; else each street has one, however few live there.
    pub centres: Option<(usize, usize)>,
    pub subcentres: usize,
    pub community_hospitals: usize,
    /// Township health centres of grade A, of a hundred.
    pub grade_a_percent: usize,
    pub village_clinics: usize,
    pub day_care: usize,
    pub mutual_houses: usize,
    pub regional_centres: usize,
    pub ltci: usize,
    pub teams: usize,
    /// Care workers in the homes, and how many of them have a certificate.
    pub carers: usize,
    pub certified_carers: usize,
    pub seconded: usize,
    /// Senior titles by directed review, and staff hired in the year of the document.
    pub directed_titles: usize,
    pub recruited: usize,
}

impl Wanted {
    pub fn of(plan: &Plan, streets: &[Street]) -> Wanted {
        let usual = Wanted::usual(streets);
        if plan.county.is_some() {
            return usual;
        }
        let printed = Wanted::printed(plan.profile.word, streets.len(), &usual);
        printed.scaled(plan.scale)
    }

    /// A county without figures of its own: one home for three streets, a team for some six villages.
    fn usual(streets: &[Street]) -> Wanted {
        let (s, villages) = (streets.len(), streets.iter().map(|it| it.villages.len()).sum::<usize>());
        let homes = s.div_ceil(2);
        Wanted {
            homes,
            contracted: homes * 6 / 10,
            clinic_inside: homes / 8,
            care_inside: homes / 10,
            infirmary: homes / 5,
            home_beds: homes * 96,
            care_centres: s.div_ceil(5),
            care_centre_beds: s.div_ceil(5) * 60,
            hospitals_3: 0,
            hospitals_2: s.div_ceil(12),
            hospitals_1: s.div_ceil(15),
            geriatrics: s.div_ceil(12).div_ceil(2),
            without_green_channel: 1,
            centres: None,
            subcentres: s.div_ceil(20),
            community_hospitals: s.div_ceil(15),
            grade_a_percent: 28,
            village_clinics: villages,
            day_care: villages.div_ceil(8),
            mutual_houses: villages.div_ceil(10),
            regional_centres: s.div_ceil(8),
            ltci: homes.div_ceil(3),
            teams: streets.iter().map(|it| it.villages.len().div_ceil(6)).sum(),
            carers: homes * 4,
            certified_carers: homes * 3,
            seconded: s.div_ceil(3),
            directed_titles: s / 8,
            recruited: s.div_ceil(4),
        }
    }

    /// What the five documents print; the rest as usual.
    fn printed(word: &str, streets: usize, usual: &Wanted) -> Wanted {
        let usual = usual.clone();
        match word {
            // 绵卫函〔2017〕263号: 456 certified care workers; 266 homes, 218 cooperating, 10 with an institution inside, 40 infirmaries; 17 and 49
            // hospitals of level 3 and 2, 23 with geriatrics; 356 of 370 with a green channel; 4,364 medical institutions.
            "mianyang" => Wanted {
                homes: 266,
                contracted: 218,
                clinic_inside: 10,
                care_inside: 0,
                infirmary: 40,
                home_beds: 38_000,
                care_centres: 0,
                care_centre_beds: 0,
                hospitals_3: 17,
                hospitals_2: 49,
                hospitals_1: 370_usize.saturating_sub(17 + 49 + streets),
                geriatrics: 23,
                without_green_channel: 14,
                subcentres: 0,
                community_hospitals: 0,
                village_clinics: 4364 - 370,
                day_care: 782,
                mutual_houses: 503,
                regional_centres: 35,
                teams: 1865,
                carers: 900,
                certified_carers: 456,
                ..usual
            },
            // 吉市卫议〔2020〕10号: 289 homes, 243 contracted, 22 with one inside, 6 of medical institutions; green
            // channels everywhere; 950 teams at 42 community and 97 township health centres.
            "jilin" => Wanted {
                homes: 289,
                contracted: 243,
                clinic_inside: 22,
                care_inside: 6,
                infirmary: 0,
                without_green_channel: 0,
                centres: Some((42, 97)),
                teams: 950,
                ..usual
            },
            // 渝卫答复函〔2025〕77号: 20 centres with 2,515 beds, 28 % grade A, 32 sub-centres, 45 community hospitals,
            // 9,250 teams, 1,166 seconded, 1,500 senior titles by directed review, 1,000 hired in a year.
            "chongqing" => Wanted {
                care_centres: 20,
                care_centre_beds: 2_515,
                subcentres: 32,
                community_hospitals: 45,
                grade_a_percent: 28,
                teams: 9_250,
                seconded: 1_166,
                directed_titles: 1_500,
                recruited: 1_000,
                ..usual
            },
            // Liaoning's reply of 2025-05-22 on Panjin: 48 designated providers with 2,900 nursing staff.
            "panjin" => Wanted { ltci: 48, homes: usual.homes.max(48), carers: 2_900, ..usual },
            _ => usual,
        }
    }

    fn scaled(self, scale: f64) -> Wanted {
        let of = |n: usize| (n as f64 * scale).round() as usize;
        Wanted {
            homes: of(self.homes),
            contracted: of(self.contracted),
            clinic_inside: of(self.clinic_inside),
            care_inside: of(self.care_inside),
            infirmary: of(self.infirmary),
            home_beds: of(self.home_beds),
            care_centres: of(self.care_centres),
            care_centre_beds: of(self.care_centre_beds),
            hospitals_3: of(self.hospitals_3),
            hospitals_2: of(self.hospitals_2),
            hospitals_1: of(self.hospitals_1),
            geriatrics: of(self.geriatrics),
            without_green_channel: of(self.without_green_channel),
            centres: self.centres,
            subcentres: of(self.subcentres),
            community_hospitals: of(self.community_hospitals),
            grade_a_percent: self.grade_a_percent,
            village_clinics: of(self.village_clinics),
            day_care: of(self.day_care),
            mutual_houses: of(self.mutual_houses),
            regional_centres: of(self.regional_centres),
            ltci: of(self.ltci),
            teams: of(self.teams),
            carers: of(self.carers),
            certified_carers: of(self.certified_carers),
            seconded: of(self.seconded),
            directed_titles: of(self.directed_titles),
            recruited: of(self.recruited),
        }
    }
}
