//! What is asked of the book: a place and a year, and what the sums say of them.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Tx};
use rules::{
    base::Money,
    ltci::{
        Grade,
        forecast::{Assumptions, Books, Cell, Year, forecast},
    },
};

use super::book::{self, Total};
use crate::ltci::words;

/// A place of the reader's scope, and a year or one month of it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub place: String,
    pub counties: Vec<String>,
    pub year: i16,
    pub month: Option<i8>,
}

impl Asked {
    pub fn of(ask: &Ask) -> Result<Asked> {
        let tree = ask.app.places.tree();
        let place = ask.param("place").unwrap_or(&ask.who.scope.place).to_string();
        if tree.get(&place).is_none() || !ask.who.scope.covers(&tree, &place) {
            return Err(Error::NotFound);
        }
        let number = |name: &str, from: i16, to: i16| match ask.param(name).map(str::parse::<i16>) {
            None => Ok(None),
            Some(Ok(it)) if (from..=to).contains(&it) => Ok(Some(it)),
            Some(_) => Err(Error::invalid(name, "年份请写作 2026,月份写作 1 至 12")),
        };
        let year = number("year", 2000, 2100)?.unwrap_or(ask.today().year());
        let month = number("month", 1, 12)?.and_then(|it| i8::try_from(it).ok());
        let counties = match tree.county_of(&place) {
            Some(county) => vec![county.code.clone()],
            None => tree.counties(&place),
        };
        Ok(Asked { place, counties, year, month })
    }

    fn first(&self) -> String {
        format!("{:04}-{:02}", self.year, self.month.unwrap_or(1))
    }

    fn last(&self) -> String {
        format!("{:04}-{:02}", self.year, self.month.unwrap_or(12))
    }
}

/// What the book says of a year or month, in fen.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub income: i64,
    pub spending: i64,
    /// Since the book began, up to the end of what was asked.
    pub income_ever: i64,
    pub spending_ever: i64,
    pub recipient_months: i64,
    pub recipient_months_ever: i64,
    pub by_purse: BTreeMap<String, i64>,
    /// By way of care and grade: amount, recipient-months.
    pub by_mode: BTreeMap<(String, i64), (i64, i64)>,
    /// By month: income, spending, balance at its end.
    pub course: Vec<(String, i64, i64, i64)>,
    pub insured: i64,
}

impl Said {
    pub fn balance(&self) -> i64 {
        self.income_ever - self.spending_ever
    }

    /// Fen a recipient and month since the book began; none where nobody was paid for.
    pub fn mean_ever(&self) -> Option<i64> {
        mean(self.spending_ever, self.recipient_months_ever)
    }

    pub fn mean(&self) -> Option<i64> {
        mean(self.spending, self.recipient_months)
    }

    /// Fen an insured person since the beginning of what was asked.
    pub fn per_insured(&self) -> Option<i64> {
        mean(self.spending, self.insured)
    }
}

/// To the nearest fen.
pub fn mean(sum: i64, of: i64) -> Option<i64> {
    (0 < of).then(|| (sum * 2 + of).div_euclid(of * 2))
}

pub fn read(tx: &Tx<'_>, asked: &Asked) -> Result<Said> {
    let totals = book::totals(tx, &asked.counties, &asked.last())?;
    let mut said = summed(&totals, &asked.first());
    said.insured = book::insured(tx, &asked.counties)?;
    Ok(said)
}

fn summed(totals: &[Total], first: &str) -> Said {
    let mut said = Said::default();
    let mut months: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for it in totals {
        let is_asked = first <= &*it.month;
        let month = months.entry(&it.month).or_default();
        if it.is_income {
            month.0 += it.amount;
            said.income_ever += it.amount;
        } else {
            month.1 += it.amount;
            said.spending_ever += it.amount;
            said.recipient_months_ever += it.months;
        }
        if is_asked && it.is_income {
            said.income += it.amount;
            *said.by_purse.entry(it.purse.clone()).or_default() += it.amount;
        } else if is_asked {
            said.spending += it.amount;
            said.recipient_months += it.months;
            let cell = said.by_mode.entry((it.mode.clone(), it.grade)).or_default();
            *cell = (cell.0 + it.amount, cell.1 + it.months);
        }
    }
    let mut balance = 0;
    for (month, (income, spending)) in months {
        balance += income - spending;
        said.course.push((month.to_string(), income, spending, balance));
    }
    said
}

/// The books of a year as a forecast takes them: recipients on the average of the months that were paid for.
pub fn books(asked: &Asked, said: &Said) -> Result<Books> {
    let paid = said.course.iter().filter(|it| asked.first() <= it.0 && it.2 != 0).count() as i64;
    let mut cells = Vec::new();
    // Of what came back nobody may know for whom it was spent.
    for ((mode, grade), (amount, months)) in said.by_mode.iter().filter(|it| !it.0.0.is_empty()) {
        let grade = u8::try_from(*grade).ok().and_then(|it| Grade::try_from(it).ok()).ok_or(Error::NotFound)?;
        let recipients = mean(*months, paid).unwrap_or(0);
        let monthly = Money::from_fen(mean(*amount, *months).unwrap_or(0));
        cells.push(Cell { mode: words::mode(mode)?, grade, recipients, monthly });
    }
    let (income, balance) = (Money::from_fen(said.income), Money::from_fen(said.balance()));
    Ok(Books { year: asked.year, cells, income, balance })
}

/// One assumption: its name in an address, its title, what holds without it, from, to.
pub type Knob = (&'static str, &'static str, i64, i64, i64);

pub const KNOBS: &[Knob] = &[
    ("years", "预测年数", 10, 1, 30),
    ("lowest_grade", "最低失能等级", 3, 1, 6),
    ("price", "人均支付每年变化(%)", 3, -20, 50),
    ("ageing", "享受人数每年变化(%)", 4, -20, 50),
    ("growth", "缴费基数每年变化(%)", 3, -20, 50),
    ("contribution", "缴费标准为现在的(%)", 100, 0, 500),
    ("to_home", "集中护理转为上门护理(%)", 0, 0, 100),
    ("lower_count", "每低一级的人数为上一级的(%)", 120, 0, 500),
    ("lower_pay", "每低一级的人均支付为上一级的(%)", 80, 0, 200),
];

/// The values of the address, each within its limits.
pub fn assumptions(ask: &Ask) -> Result<Vec<i64>> {
    let value = |it: &Knob| match ask.param(it.0).map(str::parse::<i64>) {
        None => Ok(it.2),
        Some(Ok(n)) if (it.3..=it.4).contains(&n) => Ok(n),
        Some(_) => Err(Error::invalid(
            it.0,
            kit::Said::new("“{label}”应是 {min} 到 {max} 的整数")
                .with("label", it.1)
                .with("min", it.3)
                .with("max", it.4),
        )),
    };
    KNOBS.iter().map(value).collect()
}

pub fn years(books: &Books, values: &[i64]) -> Vec<Year> {
    let of = |name: &str| KNOBS.iter().zip(values).find(|it| it.0.0 == name).map_or(0, |it| *it.1);
    let small = |name: &str| u8::try_from(of(name)).unwrap_or(0);
    let by = Assumptions {
        years: small("years"),
        lowest_grade: small("lowest_grade"),
        price: of("price"),
        ageing: of("ageing"),
        income: of("growth"),
        contribution: of("contribution"),
        to_home: of("to_home"),
        lower_count: of("lower_count"),
        lower_pay: of("lower_pay"),
    };
    forecast(books, &by)
}
