//! A line as it comes in: from a form, a sheet or a program, all by the same fields.

use jiff::{Timestamp, civil};
use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::{begin_of, day_of, stamp},
    form::{self, Checked, Field, Input, Kind, Options, field},
    import::Taken,
};
use rules::base::{Date, IdNumber, Money};

use super::line::{self, Said as LineSaid};
use crate::{
    elders::{self, Key},
    ltci::{settle::words::POSITIONS, words},
};

pub const FIELDS: &[Field] = &[
    field("number", "申报编号", Kind::Text(40)).required().help("机构自己的编号;同一编号再报一次不会重复。"),
    field("provider", "机构", Kind::Text(60)).help("机构名称或编号;机构账号不必填,家属照护的不填。"),
    field("id_number", "身份证号", Kind::Text(30)),
    field("elder", "老人", Kind::Text(40)).help("档案号,如 990101-12;与身份证号填一项。"),
    field("day", "日期", Kind::Date).required(),
    field("mode", "服务方式", Kind::Choice(words::MODES)).required(),
    field("service", "服务项目", Kind::Text(60)).help("目录里的编号或名称。"),
    field("amount", "金额", Kind::Text(20)).required().help("元,如 65 或 65.50。"),
    field("begin", "开始时间", Kind::Text(30)).help("如 09:00。"),
    field("end", "结束时间", Kind::Text(30)).help("如 10:00;早于开始时间的算作次日。"),
    field("minutes", "分钟", Kind::Int { min: 0, max: 1440 }).help("不填按起止时间计算。"),
    field("second", "第二人", Kind::Check),
    field("carer", "人员编号", Kind::Text(40)).help("护理人员的证书或备案编号。"),
    field("latitude", "纬度", Kind::Text(20)),
    field("longitude", "经度", Kind::Text(20)),
    field("position_source", "定位方式", Kind::Choice(POSITIONS)),
    field("photo", "照片摘要", Kind::Text(64)),
];

/// Takes in the line that an input describes.
///
/// # Errors
/// `Invalid` for what is no such line, `Refused` where it is settled already.
pub fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, source: &str) -> Result<(Key, Taken)> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let mode = checked.text("mode");
    let provider = provider(tx, ask, &checked.text("provider"), &mode)?;
    let elder = elder(tx, ask, &checked, provider)?;
    let day = checked.date("day").unwrap_or(ask.today());
    if ask.today() < day || day < earliest() {
        return Err(Error::invalid("day", Said::new("“日期”应在 {a} 到今天之间").with("a", earliest())));
    }
    let (began, ended) = times(&checked, day)?;
    let lasted = began.zip(ended).map(|(a, b)| b.duration_since(a).as_mins());
    let minutes = checked.int("minutes").or(lasted).unwrap_or(0);
    if lasted.is_some_and(|it| it < minutes) {
        return Err(Error::invalid("minutes", "“分钟”不能多于开始到结束的时间"));
    }
    let said = LineSaid {
        elder: elder.id,
        day,
        service: service(ask, &elder.region, day, &checked.text("service")),
        mode,
        claimed: amount(&checked.text("amount"))?,
        begin_minute: began.map(|it| it.duration_since(begin_of(day)).as_mins()),
        minutes,
        second: checked.on("second"),
        carer: checked.text("carer"),
        began: began.map(stamp),
        ended: ended.map(stamp),
        latitude: degrees("latitude", &checked, 90)?,
        longitude: degrees("longitude", &checked, 180)?,
        position_source: checked.text("position_source"),
        photo: checked.text("photo"),
    };
    line::put(tx, ask, &elder.region, provider, &checked.text("number"), &said, source)
}

/// Before the first pilots nobody claimed anything.
fn earliest() -> Date {
    Date::new(2016, 6, 1).expect("a day of the calendar")
}

/// Whose line it is: an institution's account has no choice.
fn provider(tx: &Tx<'_>, ask: &Ask, text: &str, mode: &str) -> Result<Id> {
    if let Some(own) = ask.who.scope.organisation {
        return Ok(own);
    }
    if text.is_empty() {
        let wanting = || Error::invalid("provider", "请填写机构;只有居家自主护理可以没有机构");
        return if mode == "self_arranged" { Ok(Id(0)) } else { Err(wanting()) };
    }
    let id = text.parse::<Id>().unwrap_or(Id(-1));
    let found =
        tx.rows("select id, region from organisation where id = $1 or name = $2 order by id", &[&id, &text], |row| {
            Ok((row.get::<Id>(0)?, row.get::<String>(1)?))
        })?;
    let mut own = found.into_iter().filter(|it| ask.who.scope.counties.contains(&it.1)).map(|it| it.0);
    match (own.next(), own.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Error::invalid("provider", Said::new("没有机构“{value}”").with("value", text))),
        _ => Err(Error::invalid("provider", Said::new("有几家机构叫“{value}”,请写编号").with("value", text))),
    }
}

/// For whom: an institution knows only those who chose it at some time; to ask for others tells nothing.
fn elder(tx: &Tx<'_>, ask: &Ask, checked: &Checked, provider: Id) -> Result<Key> {
    let number = checked.text("id_number").to_uppercase();
    let name = if number.is_empty() { "elder" } else { "id_number" };
    let unknown = || Error::invalid(name, "名册中没有这位老人,或不是您这里的享受人");
    let key: Key = if number.is_empty() {
        checked.text("elder").parse().map_err(|_| unknown())?
    } else if number.parse::<IdNumber>().is_err() {
        return Err(Error::invalid("id_number", "身份证号不对"));
    } else {
        elders::with_number(tx, ask, &number)?.ok_or_else(unknown)?
    };
    let scope = &ask.who.scope;
    if scope.organisation.is_none() {
        return elders::find(tx, scope, &key)
            .map(|it| it.key)
            .map_err(|e| if matches!(e, Error::NotFound) { unknown() } else { e });
    }
    // A line stays with the record it names, whatever that was merged with.
    let records = elders::Records::of(tx, &elders::stays(tx, &key)?)?;
    let chose = tx.count(
        &format!(
            "select count(*) from ltci_benefit where region = $1 and provider = $2 and elder in ({})",
            records.after(2)
        ),
        &records.bind(&[&key.region, &provider]),
    )?;
    if 0 < chose && scope.counties.contains(&key.region) { Ok(key) } else { Err(unknown()) }
}

/// The id of a service written by its id or name; what is not in the catalogue stays as it is and is judged so.
fn service(ask: &Ask, region: &str, day: Date, text: &str) -> String {
    let policy = ask.app.policy_in(region, day);
    let known = policy.read(|it| &it.ltci.services).map_or(&[][..], |it| it);
    let named = known.iter().find(|it| it.id.eq_ignore_ascii_case(text) || it.name == text);
    named.map_or_else(|| text.to_string(), |it| it.id.clone())
}

/// Whole fen of `65`, `65.5`, `65.50 元`.
pub fn amount(text: &str) -> Result<i64> {
    let plain = text.trim().trim_end_matches('元').trim().replace(',', "");
    let wrong = || Error::invalid("amount", Said::new("“金额”应写作 65 或 65.50,而不是“{value}”").with("value", text));
    let fen = format!("{plain} 元").parse::<Money>().map_err(|_| wrong())?.fen();
    if (1..=100_000_000).contains(&fen) { Ok(fen) } else { Err(wrong()) }
}

fn times(checked: &Checked, day: Date) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
    let began = moment("begin", &checked.text("begin"), day)?;
    let mut ended = moment("end", &checked.text("end"), day)?;
    if began.is_some_and(|it| day_of(it) != day) {
        return Err(Error::invalid("begin", "“开始时间”应在“日期”那一天"));
    }
    if let (Some(a), Some(b)) = (began, ended) {
        let is_clock_only = checked.text("end").len() <= 8;
        if b < a && is_clock_only {
            ended = moment("end", &checked.text("end"), day.add_days(1))?;
        }
        let lasts = ended.map_or(0, |it| it.duration_since(a).as_mins());
        if !(0..=1440).contains(&lasts) {
            return Err(Error::invalid("end", "“结束时间”应在开始之后一天以内"));
        }
    }
    Ok((began, ended))
}

/// `09:00`, `2025-03-10 09:00` in Shanghai, or an instant with its zone.
fn moment(name: &str, text: &str, day: Date) -> Result<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    // `9:00`, as people write it.
    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_string() };
    let at = |day: Date, time: civil::Time| {
        let since = time.duration_since(civil::Time::midnight());
        begin_of(day).checked_add(since).ok()
    };
    let found = if let Ok(instant) = text.parse::<Timestamp>() {
        Some(instant)
    } else if let Ok(time) = padded.parse::<civil::Time>() {
        at(day, time)
    } else {
        text.parse::<civil::DateTime>().ok().and_then(|it| at(it.date().into(), it.time()))
    };
    let wrong = || Error::invalid(name, Said::new("“{value}”不是时间,请写作 09:00").with("value", text));
    found.map(Some).ok_or_else(wrong)
}

/// Millionths of a degree.
fn degrees(name: &'static str, checked: &Checked, most: i64) -> Result<Option<i64>> {
    let text = checked.text(name);
    if text.is_empty() {
        return Ok(None);
    }
    let (sign, digits) = text.strip_prefix('-').map_or((1, &*text), |it| (-1, it));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    let plain = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let value = if plain(whole) && plain(&part) { format!("{whole}{part}").parse::<i64>().ok() } else { None };
    let wrong = || Error::invalid(name, Said::new("“{value}”不是经纬度,请写作 31.123456").with("value", &text));
    value.filter(|it| *it <= most * 1_000_000).map(|it| Some(it * sign)).ok_or_else(wrong)
}
