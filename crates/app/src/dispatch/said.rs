//! Why a visit is left out and what a plan breaks, in sentences.

use dispatch::{Fault, Skills, Why};
use kit::Ask;

use super::{
    gather::{DAY, Facts},
    problem::Built,
};
use crate::visits;

/// What is looked at, for sentences about it.
pub struct Told<'a> {
    pub ask: &'a Ask,
    pub facts: &'a Facts,
    pub built: &'a Built,
}

impl Told<'_> {
    /// The name of whom a visit is for.
    pub fn elder(&self, visit: usize) -> &str {
        &self.built.planned(self.facts, visit).name
    }

    /// Who makes a tour: `王敏`, `王敏、李强`.
    pub fn tour(&self, shift: usize) -> String {
        let tour = &self.built.tours[shift];
        let names = tour.titles.join(self.ask.t("、"));
        if tour.is_thought_of { self.ask.f("{name}(设想增加)", &[("name", &names)]) } else { names }
    }

    fn worker(&self, worker: usize) -> String {
        let id = self.built.workers.get(worker);
        let tour = self.built.tours.iter().find(|it| it.staff.len() == 1 && Some(&it.staff[0]) == id);
        tour.map_or_else(String::new, |it| it.titles.concat())
    }

    /// A time of day; with the day where several are planned.
    pub fn time(&self, at: i64) -> String {
        let minute = (at + 30).div_euclid(60);
        let clock = visits::clock(minute.rem_euclid(24 * 60));
        match self.facts.asked.days {
            1 => clock,
            _ => format!("{} {clock}", self.facts.asked.first.add_days(at.div_euclid(DAY) as i32)),
        }
    }

    /// Minutes, at least one.
    pub fn minutes(&self, seconds: i64) -> i64 {
        ((seconds + 59) / 60).max(1)
    }

    pub fn services(&self, skills: Skills) -> String {
        let names: Vec<String> = skills
            .numbers()
            .iter()
            .filter_map(|it| self.built.skills.get(usize::from(*it)))
            .map(|it| {
                let service = visits::service(
                    self.ask,
                    &self.facts.asked.region,
                    self.facts.asked.first,
                    &it.service,
                    &it.programme,
                );
                self.ask.either(&service.title, &service.title_en).to_string()
            })
            .collect();
        names.join(self.ask.t("、"))
    }

    /// Why a visit is left out: the reason, and what would make it possible.
    pub fn why(&self, it: &Why) -> (String, String) {
        let ask = self.ask;
        match it {
            Why::NoSkill { lacking, elsewhere, .. } => {
                let lacking = self.services(*lacking);
                let reason = ask.f("当天没有人能做:{services}", &[("services", &lacking)]);
                let names: Vec<String> = elsewhere.iter().map(|it| self.worker(*it)).collect();
                let help = match names.is_empty() {
                    true => ask.t("需要一位有这项资质的人员").to_string(),
                    false => ask.f("{names}能做,但那天不在岗", &[("names", &names.join(ask.t("、")))]),
                };
                (reason, help)
            }
            Why::OnlyForbidden { .. } => {
                (ask.t("能做的人都不能去这一户").to_string(), ask.t("由其他机构支援,或改由本机构做").to_string())
            }
            Why::Pinned { shift, .. } => {
                let whom = shift.map_or(String::new(), |it| self.tour(it));
                (ask.f("固定给了{name},但排不进去", &[("name", &whom)]), ask.t("取消固定,由系统选人和时间").to_string())
            }
            Why::NeedsTwo { free, .. } => (
                ask.f("要两个人同时到,只有 {n} 人有空", &[("n", free)]),
                ask.t("再有一人在同一时间有空,或换一个时间").to_string(),
            ),
            Why::WindowCloses { shift, start, close } => (
                ask.f(
                    "{name}最早 {start} 到,约定最晚 {close}",
                    &[("name", &self.tour(*shift)), ("start", &self.time(*start)), ("close", &self.time(*close))],
                ),
                ask.f("约定的时间再宽 {n} 分钟就可以", &[("n", &self.minutes(start - close))]),
            ),
            Why::Displaces { shift, visit, by } => (
                ask.f(
                    "排给{name},{elder}就赶不上约定的时间",
                    &[("name", &self.tour(*shift)), ("elder", &self.elder(*visit))],
                ),
                ask.f("{elder}的时间再宽 {n} 分钟就可以", &[("elder", &self.elder(*visit)), ("n", &self.minutes(*by))]),
            ),
            Why::NoTime { shift, by } => (
                ask.f("工作时间不够:{name}要晚回 {n} 分钟", &[("name", &self.tour(*shift)), ("n", &self.minutes(*by))]),
                ask.f("多 {n} 分钟工作时间,或少一户", &[("n", &self.minutes(*by))]),
            ),
            Why::TooMuchWork { shift, by } => (
                ask.f("超出{name}一天的工作量 {n} 分钟", &[("name", &self.tour(*shift)), ("n", &self.minutes(*by))]),
                ask.t("放宽一天的工作量,或分给别人").to_string(),
            ),
            Why::Days { other, minimum, .. } => (
                ask.f("与{elder}的另一次上门至少隔 {n} 天", &[("elder", &self.elder(*other)), ("n", minimum)]),
                ask.t("把另一次移开,或放宽天数").to_string(),
            ),
            Why::Dearer { shift, cost, leaving } if cost < leaving => (
                ask.f("还没有排;{name}有空", &[("name", &self.tour(*shift))]),
                ask.t("求解,或拖到时间轴上").to_string(),
            ),
            Why::Dearer { shift, .. } => (
                ask.f("排给{name}可以,但迟到、加班的代价比不去还大", &[("name", &self.tour(*shift))]),
                ask.t("拖到时间轴上即可排上,或调整派单权重").to_string(),
            ),
        }
    }

    /// What is broken.
    pub fn fault(&self, it: &Fault) -> String {
        let ask = self.ask;
        match it {
            Fault::Half { visit } => ask.f("{elder}还差一个人", &[("elder", &self.elder(*visit))]),
            Fault::Lost { visit } | Fault::Twice { visit, .. } => {
                ask.f("{elder}重复或遗漏", &[("elder", &self.elder(*visit))])
            }
            Fault::Skills { visit, shift, lacking, .. } => ask.f(
                "{name}不能做{elder}的{services}",
                &[("name", &self.tour(*shift)), ("elder", &self.elder(*visit)), ("services", &self.services(*lacking))],
            ),
            Fault::Forbidden { visit, shift, .. } => {
                ask.f("{name}不是{elder}那家机构的人", &[("name", &self.tour(*shift)), ("elder", &self.elder(*visit))])
            }
            Fault::Crew { visit, shift } => ask.f(
                "{name}两个人合起来也做不了{elder}",
                &[("name", &self.tour(*shift)), ("elder", &self.elder(*visit))],
            ),
            Fault::SamePerson { visit, .. } => ask.f("{elder}要两个不同的人", &[("elder", &self.elder(*visit))]),
            Fault::TooSoon { visit, shift, possible, .. } => ask.f(
                "{name}最早 {time} 才能到{elder}",
                &[("name", &self.tour(*shift)), ("time", &self.time(*possible)), ("elder", &self.elder(*visit))],
            ),
            Fault::Window { visit, start, open, close } if start < open => ask.f(
                "{elder} {start} 太早,约定 {open} 以后",
                &[
                    ("elder", &self.elder(*visit)),
                    ("start", &self.time(*start)),
                    ("open", &self.time(*open)),
                    ("close", &self.time(*close)),
                ],
            ),
            Fault::Window { visit, start, close, .. } => ask.f(
                "{elder} {start} 才到,最晚 {close}",
                &[("elder", &self.elder(*visit)), ("start", &self.time(*start)), ("close", &self.time(*close))],
            ),
            Fault::Together { visit, .. } => ask.f("{elder}的两个人不能同时到", &[("elder", &self.elder(*visit))]),
            Fault::ShiftEnd { shift, end, allowed } => ask.f(
                "{name} {end} 才能回来,最晚 {allowed}",
                &[("name", &self.tour(*shift)), ("end", &self.time(*end)), ("allowed", &self.time(*allowed))],
            ),
            Fault::Work { shift, work, maximum } => ask.f(
                "{name}的工作量 {work} 分钟,超过 {most} 分钟",
                &[("name", &self.tour(*shift)), ("work", &(work / 60)), ("most", &(maximum / 60))],
            ),
            Fault::Break { shift, .. } => ask.f("{name}没有休息时间", &[("name", &self.tour(*shift))]),
            Fault::Pin { visit, .. } => ask.f("{elder}不在固定的位置", &[("elder", &self.elder(*visit))]),
            Fault::Begun { visit, .. } => ask.f("{elder}已经开始,不能移动", &[("elder", &self.elder(*visit))]),
            Fault::Days { after, minimum, .. } => {
                ask.f("{elder}的两次上门至少隔 {n} 天", &[("elder", &self.elder(*after)), ("n", minimum)])
            }
            // These say that we reckoned wrongly, not that somebody planned badly.
            Fault::Unknown { what } | Fault::Told { what, .. } => ask.f("核算不符:{what}", &[("what", what)]),
            Fault::Cost { stated, found } => ask.f("核算不符:{what}", &[("what", &format!("{stated} ≠ {found}"))]),
        }
    }
}
