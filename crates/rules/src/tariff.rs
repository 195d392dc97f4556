//! What services cost and who pays (价格与收费): price items, a visit at home, the split of a bill, the visit fee an institution
//! sets itself, payment by bed-day, prepayment.

mod bed_day;
mod bill;
mod item;
mod pick;
mod prepaid;
mod visit;
mod visit_fee;

pub use bed_day::{BedDayRate, BedDays, Objection, Stay, bed_days};
pub use bill::{Line, Split, split};
pub use item::{Class, Kind, Level, Owner, Price};
pub use pick::{At, pick};
pub use prepaid::{Month, Rest, Settled, settle};
pub use visit::{Bill, Payer, Visit, VisitItem, home_visit};
pub use visit_fee::{Costs, VisitFee, visit_fee};

pub(crate) use item::read as read_prices;

use std::collections::BTreeMap;

use crate::{
    base::{Money, Rate},
    contracting::Service,
    policy::topic,
};

topic! {
    /// What a region lays down about prices and who pays.
    "tariff", "上门服务价格", "Prices of visits" {
        /// Price of one service item at a public institution, by its name.
        prices: BTreeMap<String, Money> = "项目价格",
        /// What already pays for a service that may then not be charged again.
        already_paid_by: Vec<Payer> = "不得重复收费的保障",
        /// The share of an item that medical insurance pays, by class.
        reimbursement: BTreeMap<Class, Rate> = "报销比例",
        /// Which promised service of a family-doctor package an item is, by its code.
        promised: BTreeMap<String, Service> = "签约服务对应",
        /// Codes of items that are basic public health services.
        public_health: Vec<String> = "公卫项目",
        /// Codes that are the same service under another code, such as that of another catalogue.
        same_service: BTreeMap<String, String> = "同一服务",
        /// A stay of at least so many days is a long one.
        long_stay_days: u16 = "长期住院天数",
        /// What is paid for one day in a bed.
        bed_day_rates: Vec<BedDayRate> = "床日付费标准",
    }
}
