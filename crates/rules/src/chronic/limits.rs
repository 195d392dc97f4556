//! The limits and intervals of chronic-disease management as a region lays them down.

use serde::{Deserialize, Serialize};

use crate::{base::Tenths, policy::topic};

topic! {
    /// What a region lays down about hypertension and type-2 diabetes.
    "chronic", "慢病管理", "Chronic diseases" {
        /// From which systolic pressure (mmHg) somebody with hypertension is referred at once.
        emergency_systolic: u16 = "高血压紧急转诊收缩压",
        /// From which diastolic pressure (mmHg) somebody with hypertension is referred at once.
        emergency_diastolic: u16 = "高血压紧急转诊舒张压",
        /// Signs of somebody with hypertension for which they are referred at once.
        hypertension_signs: Vec<String> = "高血压危急症状",
        /// Below which pressure hypertension is controlled, by age.
        pressure_targets: Vec<Target> = "血压控制目标",
        /// From which glucose (mmol/L) somebody with diabetes is referred at once.
        emergency_glucose_high: Tenths = "糖尿病紧急转诊高血糖",
        /// Up to which glucose (mmol/L) somebody with diabetes is referred at once.
        emergency_glucose_low: Tenths = "糖尿病紧急转诊低血糖",
        /// From which systolic pressure (mmHg) somebody with diabetes is referred at once.
        diabetes_systolic: u16 = "糖尿病紧急转诊收缩压",
        /// From which diastolic pressure (mmHg) somebody with diabetes is referred at once.
        diabetes_diastolic: u16 = "糖尿病紧急转诊舒张压",
        /// Above which heart rate (a minute) somebody with diabetes is referred at once.
        diabetes_heart_rate: u16 = "糖尿病紧急转诊心率",
        /// Above which temperature (℃) somebody with diabetes is referred at once.
        diabetes_temperature: Tenths = "糖尿病紧急转诊体温",
        /// Signs of somebody with diabetes for which they are referred at once.
        diabetes_signs: Vec<String> = "糖尿病危急症状",
        /// Below which fasting glucose (mmol/L) diabetes is controlled.
        fasting_target: Tenths = "空腹血糖控制目标",
        /// Months to the next visit while the disease is controlled.
        visit_months: u8 = "随访间隔月数",
        /// Days within which somebody is seen again after an unsatisfactory visit or a referral.
        again_days: u8 = "复访天数",
        /// So many visits in a row that are not satisfactory lead to a referral.
        unsatisfactory_in_a_row: u8 = "连续不满意转诊次数",
        /// Visits face to face in a year, at least.
        yearly_visits: u8 = "年面对面随访次数",
        /// Health checks in a year, at least.
        yearly_checks: u8 = "年健康检查次数",
        /// What is asked of those who came under management within the year.
        prorata: Prorata = "当年登记折算",
        /// From which age everybody's blood pressure is measured.
        screening_age: u16 = "测血压起始年龄",
        /// Months between two measurements of blood pressure of everybody.
        pressure_months: u8 = "一般人群测血压间隔月数",
        /// Months between two measurements of blood pressure of those at risk.
        risk_pressure_months: u8 = "高危人群测血压间隔月数",
        /// From which systolic pressure (mmHg) it is high-normal.
        high_normal_systolic: u16 = "血压高值收缩压",
        /// From which diastolic pressure (mmHg) it is high-normal.
        high_normal_diastolic: u16 = "血压高值舒张压",
        /// From which systolic pressure (mmHg) it has to be measured again on other days.
        high_systolic: u16 = "血压复查收缩压",
        /// From which diastolic pressure (mmHg) it has to be measured again on other days.
        high_diastolic: u16 = "血压复查舒张压",
        /// From which body-mass index somebody is overweight.
        overweight: Tenths = "超重体质指数",
        /// From which waist (cm) a man is at risk.
        waist_man: Tenths = "男性腰围",
        /// From which waist (cm) a woman is at risk.
        waist_woman: Tenths = "女性腰围",
        /// From which age somebody is at risk of hypertension.
        risk_age: u16 = "高血压高危年龄",
        /// From which fasting glucose (mmol/L) it is impaired.
        impaired_glucose: Tenths = "空腹血糖受损",
        /// From which fasting glucose (mmol/L) it has to be measured again.
        high_glucose: Tenths = "空腹血糖复查",
        /// Months between two measurements of fasting glucose of those at risk.
        glucose_months: u8 = "高危人群测血糖间隔月数",
    }
}

/// A target for blood pressure from an age on; the highest age that applies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    #[serde(rename = "起始年龄")]
    pub from_age: u16,
    #[serde(rename = "收缩压低于")]
    pub systolic: u16,
    #[serde(rename = "舒张压低于")]
    pub diastolic: u16,
}

/// What is asked of those who came under management within the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Prorata {
    /// One visit for so many full months of the year under management.
    #[serde(rename = "每满月数")]
    pub months_a_visit: u8,
    /// The check is asked for from so many full months on.
    #[serde(rename = "检查须满月数")]
    pub months_for_check: u8,
}
