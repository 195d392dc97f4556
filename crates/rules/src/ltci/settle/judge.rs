//! The rules in their order.

use super::{
    Bearer, Deduction, Granted, Line, Recipient, Rule, Settled, Verdict,
    spent::Spent,
    terms::{Day, Terms},
    within,
};
use crate::{
    base::{Money, Text},
    ltci::{BonusChoice, Kind},
    policy::NoPolicy,
};

/// Judges a month's lines of one recipient. The order in which the lines come does not matter; what lies outside `terms` is
/// left out of no sum: it is undecided.
///
/// 依据: 医保办发〔2024〕21号 费用结算: 按协议审核后支付; 医保办发〔2021〕37号 与本地待遇标准
pub fn settle(recipient: &Recipient, lines: &[Line], terms: &Terms<'_>) -> Settled {
    let mut ordered: Vec<&Line> = lines.iter().collect();
    ordered.sort_by_key(|it| (it.day, it.begin, &it.id));
    let mut spent = Spent::new(recipient, ordered.first().map(|it| it.day.first_of_month()));
    let mut accepted: Vec<&Line> = Vec::new();
    let mut bonus = Money::ZERO;
    let mut verdicts = Vec::with_capacity(ordered.len());
    for line in ordered {
        let mut verdict = Verdict::of(line);
        match judge(recipient, line, terms, &accepted, &mut spent, &mut verdict) {
            Ok(paid) => {
                if let Some(more) = paid {
                    accepted.push(line);
                    bonus = bonus.max(more);
                }
            }
            Err(undecided) => verdict.leave(undecided),
        }
        verdicts.push(verdict);
    }
    Settled { verdicts, bonus }
}

impl Verdict {
    fn of(line: &Line) -> Verdict {
        Verdict {
            line: line.id.clone(),
            day: line.day,
            claimed: line.claimed,
            fund: Money::ZERO,
            person: Money::ZERO,
            provider: Money::ZERO,
            pending: Money::ZERO,
            minutes: 0,
            bonus_minutes: 0,
            deductions: Vec::new(),
            undecided: None,
        }
    }

    fn leave(&mut self, undecided: Option<NoPolicy>) {
        (self.fund, self.person, self.provider, self.pending) = (Money::ZERO, Money::ZERO, Money::ZERO, self.claimed);
        self.undecided = undecided;
    }

    /// Takes an amount off for a rule; one of nothing is only said.
    fn cut(&mut self, rule: Rule, amount: Money, said: Text) {
        match rule.bearer() {
            Bearer::Person => self.person = self.person + amount,
            Bearer::Provider => self.provider = self.provider + amount,
        }
        self.deductions.push(Deduction { rule, amount, said });
    }

    /// Takes off what lies above `most`, and gives what is left.
    fn limit(&mut self, rule: Rule, amount: Money, most: Money, said: impl FnOnce() -> Text) -> Money {
        if most < amount {
            self.cut(rule, amount - most, said());
        }
        amount.min(most)
    }
}

/// Whether the line is accepted, and the bonus in money that goes with it; what cannot be decided.
fn judge(
    recipient: &Recipient,
    line: &Line,
    terms: &Terms<'_>,
    accepted: &[&Line],
    spent: &mut Spent,
    verdict: &mut Verdict,
) -> Result<Option<Money>, Option<NoPolicy>> {
    let day = match terms.on(line.day) {
        Some(Ok(day)) => day,
        Some(Err(none)) => return Err(Some(none.clone())),
        None => return Err(None),
    };
    let kind = recipient.insured.iter().find(|it| within(line.day, it.from, it.until)).map(|it| it.kind);
    let granted = recipient.granted.iter().find(|it| within(line.day, it.from, it.until));
    let mut refusals = refusals(recipient, line, day, accepted, kind, granted);
    refusals.retain(|it| !(it.0.can_be_waived() && line.waived.contains(&it.0)));
    // The family has no agreement and no level.
    let level = line.level.or(line.provider.is_empty().then_some(0));
    let (Some(kind), Some(granted), Some(level), true) = (kind, granted, level, refusals.is_empty()) else {
        let mut left = line.claimed;
        for (rule, said) in refusals {
            verdict.cut(rule, left, said);
            left = Money::ZERO;
        }
        return Ok(None);
    };
    let benefit = day.benefit(granted, kind, level)?;
    let month_cap = day.month_cap(benefit)?;
    let bonus = day.bonus(granted, recipient.months_at_home);

    let mut amount = line.claimed;
    let price = day.service(&line.service).and_then(|it| it.highest_price);
    if let Some(price) = price.filter(|_| !line.waived.contains(&Rule::AbovePrice)) {
        amount = verdict.limit(Rule::AbovePrice, amount, price, || {
            Text::new(format!("该项目最高价 {price}"), format!("at most {price} for this service"))
        });
    }
    let by_time = benefit.cap.counts_time();
    if by_time && line.minutes == 0 {
        amount = verdict.limit(Rule::EvidenceMissing, amount, Money::ZERO, || {
            Text::new("按时长支付的服务没有起止时间", "paid by time, and without a time of its own")
        });
    } else if by_time {
        let more = bonus.filter(|_| recipient.bonus == BonusChoice::Hours).map_or(0, |it| u32::from(it.hours) * 60);
        (verdict.minutes, verdict.bonus_minutes) = spent.take_minutes(line, &benefit.cap, more);
        let (paid, all) = (verdict.minutes, line.minutes);
        amount = verdict.limit(Rule::AboveHours, amount, part(amount, paid, all), || {
            Text::new(
                format!("时长限额内尚余 {paid} 分钟，本次 {all} 分钟"),
                format!("{paid} minutes are left within the limits of hours, {all} were claimed"),
            )
        });
    }
    if let Some(hour) = benefit.cap.per_hour {
        amount = verdict.limit(Rule::AboveMoney, amount, part(hour, verdict.minutes, 60), || {
            Text::new(format!("每小时限额 {hour}"), format!("at most {hour} an hour"))
        });
    }
    let paid = spent.take_money(line.day, amount, benefit.cap.per_day, month_cap);
    amount = verdict.limit(Rule::AboveMoney, amount, paid, || {
        let of = |cap: Option<Money>| cap.map_or_else(|| "—".to_owned(), |it| it.to_string());
        let (by_day, by_month) = (of(benefit.cap.per_day), of(month_cap));
        Text::new(
            format!("日限额 {by_day}、月限额 {by_month}，限额内尚余 {paid}"),
            format!("at most {by_day} a day and {by_month} a month, of which {paid} is left"),
        )
    });
    let own = spent.take_deductible(amount, day.deductible);
    amount = verdict.limit(Rule::Deductible, amount, amount - own, || {
        Text::new(format!("每月起付线 {}", day.deductible), format!("the first {} of a month", day.deductible))
    });
    verdict.fund = benefit.rate.of(amount);
    verdict.person = verdict.person + amount - verdict.fund;
    Ok(Some(bonus.filter(|_| recipient.bonus == BonusChoice::Money).map_or(Money::ZERO, |it| it.money)))
}

/// `part` of `whole` minutes' worth of an amount, in whole fen below.
fn part(amount: Money, part: u16, whole: u16) -> Money {
    let fen = i128::from(amount.fen()) * i128::from(part) / i128::from(whole.max(1));
    Money::from_fen(i64::try_from(fen).unwrap_or(amount.fen()))
}

/// Every rule that refuses the line as a whole.
fn refusals(
    recipient: &Recipient,
    line: &Line,
    day: &Day<'_>,
    accepted: &[&Line],
    kind: Option<Kind>,
    granted: Option<&Granted>,
) -> Vec<(Rule, Text)> {
    let mut found = Vec::new();
    let mut against = |rule: Rule, zh: String, en: String| found.push((rule, Text::new(zh, en)));
    let on = line.day;
    if kind.is_none() {
        against(Rule::NotInsured, format!("{on} 没有参保"), format!("not insured on {on}"));
    }
    match granted {
        None => against(Rule::NoBenefit, format!("{on} 没有享受待遇"), format!("no benefit on {on}")),
        Some(it) => {
            if it.mode != line.mode {
                let Text { zh, en } = it.mode.title();
                against(Rule::OtherMode, format!("核定方式为{zh}"), format!("granted is {en}"));
            }
            if it.provider != line.provider {
                let (zh, en) = (format!("选定机构为 {}", it.provider), format!("chosen was {}", it.provider));
                against(Rule::OtherProvider, zh, en);
            }
        }
    }
    if let Some(it) = recipient.suspended.iter().find(|it| within(on, it.from, it.until)) {
        let (zh, en) =
            (format!("自 {} 起暂停：{}", it.from, it.why), format!("suspended from {}: {}", it.from, it.why));
        against(Rule::Suspended, zh, en);
    }
    if let Some(gone) = recipient.gone.filter(|it| *it <= on) {
        against(Rule::Gone, format!("{gone} 起已去世或迁出"), format!("dead or moved away from {gone}"));
    }
    if line.level.is_none() && !line.provider.is_empty() {
        let (zh, en) =
            (format!("{} 当日没有在行协议", line.provider), format!("{} had no agreement that day", line.provider));
        against(Rule::NoAgreement, zh, en);
    }
    match day.service(&line.service) {
        None => {
            let (zh, en) =
                (format!("目录里没有“{}”", line.service), format!("“{}” is not in the catalogue", line.service));
            against(Rule::NotInCatalogue, zh, en);
        }
        Some(it) => {
            if !it.needs.is_empty() && !it.needs.iter().any(|need| line.qualifications.contains(need)) {
                let (zh, en) = row(it.needs.iter().map(|it| it.title()), "或", " or ");
                against(
                    Rule::NotQualified,
                    format!("“{}”应由{zh}做", it.name),
                    format!("“{}” needs a {en}", it.name_en),
                );
            }
            if let Some(least) = it.least_minutes.filter(|least| line.minutes < *least) {
                let (zh, en) = (
                    format!("至少 {least} 分钟，记录 {} 分钟", line.minutes),
                    format!("at least {least} minutes, {} recorded", line.minutes),
                );
                against(Rule::TooShort, zh, en);
            }
        }
    }
    if !line.missing.is_empty() {
        let (zh, en) = row(line.missing.iter().map(|it| it.title()), "、", ", ");
        against(Rule::EvidenceMissing, format!("缺{zh}"), format!("without {en}"));
    }
    let twice =
        |it: &&&Line| (it.day, it.begin, &it.service) == (on, line.begin, &line.service) && !line.second.is_yes();
    match accepted.iter().find(twice) {
        Some(it) => against(Rule::Twice, format!("与 {} 相同", it.id), format!("the same as {}", it.id)),
        None => {
            if let Some(it) = accepted.iter().find(|it| !line.second.is_yes() && overlap(it, line)) {
                against(Rule::Overlapping, format!("与 {} 的时间重叠", it.id), format!("at the time of {}", it.id));
            }
        }
    }
    found.sort_by_key(|it| it.0);
    found
}

/// Whether two lines of one day, each with a time of its own, overlap.
fn overlap(one: &Line, other: &Line) -> bool {
    let (Some(a), Some(b)) = (one.begin.map(u32::from), other.begin.map(u32::from)) else { return false };
    let timed = 0 < one.minutes && 0 < other.minutes;
    timed && one.day == other.day && a < b + u32::from(other.minutes) && b < a + u32::from(one.minutes)
}

/// Titles in a row, in both languages.
fn row(all: impl Iterator<Item = Text>, zh: &str, en: &str) -> (String, String) {
    let (of_zh, of_en): (Vec<String>, Vec<String>) = all.map(|it| (it.zh, it.en)).unzip();
    (of_zh.join(zh), of_en.join(en))
}
