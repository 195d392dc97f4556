//! Monitoring devices (监测设备): when one in a home is to be looked after, and how long what they measured is kept.

use crate::policy::topic;

topic! {
    /// What a region lays down about monitoring devices. No official source gives numbers; those we ship are examples.
    "devices", "监测设备", "Monitoring devices" {
        /// Percent below which a battery is to be changed.
        weak_percent: u8 = "低电量百分比",
        /// Hours without a word after which a device in use counts as silent.
        silent_hours: u16 = "失联小时",
        /// Days without a measurement after which a device in use counts as idle.
        idle_days: u16 = "闲置天数",
        /// Months for which every reading is kept; then least, mean and most of each hour are.
        each_months: u16 = "逐次数值保存月数",
        /// Years for which hours are kept.
        hours_years: u16 = "逐时数值保存年数",
    }
}
