//! Days, money, rates, regions, identities and phone numbers keep their promises for any input.

use proptest::prelude::*;
use rules::base::{
    BadIdNumber, BadPhone, BadUscc, Date, IdNumber, Money, Phone, Rate, Region, RegionLevel, Sex, Uscc, half_width,
    normalise_id_number,
};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_day_is_read_in_the_iso_form_only() {
    assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
    for text in
        ["2023-02-29", "2025-13-01", "2025-4-7", "20250407", "2025/04/07", "2025-04-07 ", "二〇二五年", "+025-04-07"]
    {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
}

#[test]
fn age_counts_full_years() {
    assert_eq!(date("1945-04-27").age_on(date("2025-04-26")), 79);
    assert_eq!(date("1945-04-27").age_on(date("2025-04-27")), 80);
    assert_eq!(date("1948-02-29").age_on(date("2023-02-28")), 74);
    assert_eq!(date("1948-02-29").age_on(date("2023-03-01")), 75);
    assert_eq!(date("2025-04-27").age_on(date("2020-01-01")), 0);
}

#[test]
fn months_and_years_end_on_the_last_day_where_a_day_is_missing() {
    assert_eq!(date("2025-08-31").add_months(6), date("2026-02-28"));
    assert_eq!(date("2024-02-29").add_years(2), date("2026-02-28"));
    assert_eq!(date("2025-03-01").add_days(-1), date("2025-02-28"));
    assert_eq!(date("2025-01-01").days_until(date("2026-01-01")), 365);
}

#[test]
fn money_and_rates_carry_their_unit() {
    assert_eq!("60 元".parse(), Ok(Money::from_yuan(60)));
    assert_eq!("12.5元".parse(), Ok(Money::from_fen(1250)));
    assert_eq!(Money::from_fen(-1205).to_string(), "-12.05 元");
    assert_eq!("0.15%".parse(), Ok(Rate::from_millionths(1500)));
    for text in ["60", "60.005 元", "1,000 元", "元", "1. 元", ".5 元", "- 元", "99999999999999999999 元"] {
        assert!(text.parse::<Money>().is_err(), "{text}");
    }
    for text in ["0.03", "3", "%", "3 ‰", "0.00001%"] {
        assert!(text.parse::<Rate>().is_err(), "{text}");
    }
}

#[test]
fn a_rate_of_an_amount_is_rounded_half_up_to_the_fen() {
    let rate: Rate = "0.15%".parse().unwrap();
    assert_eq!(rate.of(Money::from_yuan(5000)), Money::from_fen(750));
    assert_eq!("50%".parse::<Rate>().unwrap().of(Money::from_fen(1)), Money::from_fen(1));
    assert_eq!("50%".parse::<Rate>().unwrap().of(Money::from_fen(-1)), Money::from_fen(-1));
    assert_eq!("3%".parse::<Rate>().unwrap().at_least_of(101), 4);
    assert_eq!("3%".parse::<Rate>().unwrap().at_least_of(0), 0);
    assert!("81.95%".parse::<Rate>().unwrap().is_reached_by(218, 266));
    assert!(!"81.96%".parse::<Rate>().unwrap().is_reached_by(218, 266));
}

#[test]
fn a_region_knows_what_lies_above_it() {
    let region = |text: &str| text.parse::<Region>().unwrap();
    let chain: Vec<String> =
        std::iter::successors(Some(region("500103001002")), |it| it.parent()).map(|it| it.to_string()).collect();
    assert_eq!(chain, ["500103001002", "500103001", "500103", "500100", "500000", "000000"]);
    assert_eq!(region("500103000000"), region("500103"));
    assert_eq!(region("610100").level(), RegionLevel::City);
    assert!(region("500000").contains(region("500103001")) && !region("500103").contains(region("500104")));
    assert!(Region::NATION.contains(region("500103")));
    assert_eq!(region("500103").last_below().to_string(), "500103999999");
    assert!("50010".parse::<Region>().is_err() && "5001O3".parse::<Region>().is_err());
}

#[test]
fn the_two_numbers_printed_in_the_standard_are_right() {
    let id: IdNumber = "11010519491231002x".parse().unwrap();
    assert_eq!(
        (id.as_str(), id.birth_date(), id.sex(), id.area()),
        ("11010519491231002X", date("1949-12-31"), Sex::Female, "110105")
    );
    assert_eq!("440524188001010014".parse::<IdNumber>().unwrap().sex(), Sex::Male);
    assert_eq!(format!("{id:?}"), "110***********002X");
}

#[test]
fn a_wrong_id_number_says_what_is_wrong() {
    let fault = |text: &str| text.parse::<IdNumber>().unwrap_err();
    assert_eq!(fault("110105194912310021"), BadIdNumber::CheckDigit);
    assert_eq!(fault("11010519490231002X"), BadIdNumber::BirthDate);
    assert_eq!(fault("110105491231002"), BadIdNumber::OldFifteenDigits);
    assert_eq!(fault("1101051949123100"), BadIdNumber::Length(16));
    assert_eq!(fault(""), BadIdNumber::Length(0));
    assert_eq!(fault("1101051949123100ZX"), BadIdNumber::Characters);
    assert_eq!(fault("01010519491231002X"), BadIdNumber::Characters);
    assert_eq!(fault("１１０１０５１９４９１２３１００２Ｘ"), BadIdNumber::Characters);
    assert_eq!(fault("1.10105E+17"), BadIdNumber::LostDigits);
    assert_eq!(fault("110105194912310000"), BadIdNumber::LostDigits);
}

#[test]
fn typed_id_numbers_are_made_comparable() {
    assert_eq!(normalise_id_number("'１１０１０５ 19491231\u{3000}002ｘ\u{200b}"), "11010519491231002X");
}

#[test]
fn an_institution_code_is_checked() {
    assert_eq!("91350100m000100y43".parse::<Uscc>().unwrap().area(), "350100");
    assert_eq!("91350100M000100Y44".parse::<Uscc>(), Err(BadUscc::CheckCharacter));
    assert_eq!("91350100O000100Y43".parse::<Uscc>(), Err(BadUscc::Characters));
    assert_eq!("9135A100M000100Y43".parse::<Uscc>(), Err(BadUscc::Characters));
    assert_eq!("9135".parse::<Uscc>(), Err(BadUscc::Length(4)));
}

#[test]
fn phone_numbers_take_one_form() {
    let phone = |text: &str| text.parse::<Phone>().map(|it| it.as_str().to_owned());
    assert_eq!(phone("+86 138-0013-8000"), Ok("13800138000".into()));
    assert_eq!(phone("１３８００１３８０００"), Ok("13800138000".into()));
    assert_eq!(phone("(0816) 2345678"), Ok("0816-2345678".into()));
    assert_eq!(phone("02367891234"), Ok("023-67891234".into()));
    assert_eq!(phone("023-67891234-801"), Ok("023-67891234-801".into()));
    assert_eq!(phone("0816-2345678转12"), Ok("0816-2345678-12".into()));
    assert_eq!(phone("1380013800"), Err(BadPhone::Mobile(10)));
    assert_eq!(phone("12345678901"), Err(BadPhone::Mobile(11)));
    assert_eq!(phone("2345678"), Err(BadPhone::Landline));
    assert_eq!(phone("王大爷"), Err(BadPhone::Characters));
    assert_eq!(phone(""), Err(BadPhone::Characters));
}

proptest! {
    #[test]
    fn money_reads_what_it_writes(fen in any::<i64>().prop_filter("has a positive twin", |it| *it != i64::MIN)) {
        let money = Money::from_fen(fen);
        prop_assert_eq!(money.to_string().parse(), Ok(money));
    }

    #[test]
    fn a_rate_reads_what_it_writes(millionths in -1_000_000_000i64..1_000_000_000) {
        let rate = Rate::from_millionths(millionths);
        prop_assert_eq!(rate.to_string().parse(), Ok(rate));
    }

    #[test]
    fn a_drawn_share_reaches_the_rate_and_one_less_does_not(rate in 1i64..1_000_000, count in 1u64..100_000) {
        let rate = Rate::from_millionths(rate);
        let least = rate.at_least_of(count);
        prop_assert!(rate.is_reached_by(least, count) && !rate.is_reached_by(least - 1, count));
    }

    #[test]
    fn every_id_number_has_one_check_digit(area in 990_000u32..=999_999, days in 0i32..73_000, order in 0u32..1000) {
        let born = date("1850-01-01").add_days(days).to_string().replace('-', "");
        let good: Vec<IdNumber> = "0123456789X".chars().filter_map(|check| format!("{area}{born}{order:03}{check}").parse().ok()).collect();
        prop_assert_eq!(good.len(), 1);
        prop_assert_eq!(good[0].birth_date().to_string().replace('-', ""), born);
    }

    #[test]
    fn one_wrong_digit_is_always_noticed(at in 0usize..17, other in 0u8..10) {
        let mut number = *b"99010319491231002X";
        number[17] = *b"0123456789X".iter().find(|it| { number[17] = **it; std::str::from_utf8(&number).unwrap().parse::<IdNumber>().is_ok() }).unwrap();
        prop_assume!(number[at] != b'0' + other);
        number[at] = b'0' + other;
        prop_assert!(std::str::from_utf8(&number).unwrap().parse::<IdNumber>().is_err());
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,24}") {
        let _ = (text.parse::<Date>(), text.parse::<Money>(), text.parse::<Rate>(), text.parse::<Region>());
        let _ = (text.parse::<IdNumber>(), text.parse::<Uscc>(), text.parse::<Phone>(), half_width(&text));
        if let Ok(phone) = text.parse::<Phone>() {
            let _ = format!("{phone:?}");
        }
    }

    #[test]
    fn a_phone_number_reads_what_it_writes(text in "(1[3-9][0-9]{9}|0[2-9][0-9]{9,10})(-[0-9]{1,4})?") {
        if let Ok(phone) = text.parse::<Phone>() {
            prop_assert_eq!(phone.as_str().parse::<Phone>(), Ok(phone));
        }
    }

    #[test]
    fn a_region_lies_in_all_its_ancestors(code in 0u64..1_000_000_000_000) {
        let region: Region = format!("{code:012}").parse().unwrap();
        for above in std::iter::successors(Some(region), |it| it.parent()) {
            prop_assert!(above.contains(region) && above <= region && region <= above.last_below());
        }
        prop_assert_eq!(region.to_string().parse(), Ok(region));
    }
}
