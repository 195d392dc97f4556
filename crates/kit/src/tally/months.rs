//! Counts that begin anew every month: on the last day of a month such a figure is that of the month.

use rules::base::Date;

use super::Span;

/// Something that happened on a day, how much it counts, and what is said of it.
pub type Event = (Date, i64, String);

/// How much has come together in the month so far, until it ends.
pub fn in_months(mut events: Vec<Event>) -> Vec<Span> {
    events.sort_by_key(|it| it.0);
    let mut spans: Vec<Span> = Vec::new();
    // What counts nothing says nothing.
    for (day, amount, note) in events.into_iter().filter(|it| it.1 != 0) {
        let beyond = day.last_of_month().add_days(1);
        let mut sum = amount;
        if let Some(last) = spans.last_mut().filter(|it| it.until == Some(beyond)) {
            sum += last.amount;
            if last.from == day {
                last.amount = sum;
                continue;
            }
            last.until = Some(day);
        }
        spans.push(Span::new(day).until(beyond).amount(sum).note(note));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_counts_up_and_the_next_begins_anew() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let event = |text: &str, n: i64| (day(text), n, String::new());
        let all = in_months(vec![
            event("2026-03-31", 5),
            event("2026-03-10", 1),
            event("2026-04-01", 3),
            event("2026-03-10", 2),
        ]);
        let told: Vec<_> =
            all.iter().map(|it| (it.from.to_string(), it.until.unwrap().to_string(), it.amount)).collect();
        let span = |from: &str, until: &str, amount: i64| (from.to_string(), until.to_string(), amount);
        assert_eq!(
            told,
            [
                span("2026-03-10", "2026-03-31", 3),
                span("2026-03-31", "2026-04-01", 8),
                span("2026-04-01", "2026-05-01", 3)
            ]
        );
    }
}
