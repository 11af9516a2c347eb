//! Moments in JSON, as Go's `time.Parse(time.RFC3339, …)` reads them.
//!
//! That is not quite RFC 3339: an hour may have one digit, a comma may stand before the fraction,
//! and an offset may have 24 hours or 60 minutes; small letters and leap seconds are refused.

use time::{Date, Month};

/// Whether the API server can read it.
pub(super) fn is_moment(text: &str) -> bool {
    parse(text.as_bytes()).is_some()
}

fn parse(mut text: &[u8]) -> Option<()> {
    let rest = &mut text;
    let year = number(rest, 4)?;
    sign(rest, b"-")?;
    let month = number(rest, 2)?;
    sign(rest, b"-")?;
    let day = number(rest, 2)?;
    sign(rest, b"T")?;
    let hour = number(rest, 2).or_else(|| number(rest, 1))?;
    sign(rest, b":")?;
    let minute = number(rest, 2)?;
    sign(rest, b":")?;
    let second = number(rest, 2)?;
    if sign(rest, b".,").is_some() {
        number(rest, 1)?;
        while number(rest, 1).is_some() {}
    }
    if sign(rest, b"Z").is_none() {
        sign(rest, b"+-")?;
        let hours = number(rest, 2)?;
        sign(rest, b":")?;
        let minutes = number(rest, 2)?;
        (hours <= 24 && minutes <= 60).then_some(())?;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
    (rest.is_empty() && hour < 24 && minute < 60 && second < 60).then_some(())
}

/// A number of exactly so many digits.
fn number(rest: &mut &[u8], digits: usize) -> Option<u16> {
    let (digits, after) = rest.split_at_checked(digits)?;
    let all = digits.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(digits).ok().filter(|_| all)?.parse().ok()?;
    *rest = after;
    Some(number)
}

/// One of these signs.
fn sign(rest: &mut &[u8], signs: &[u8]) -> Option<()> {
    let (first, after) = rest.split_first()?;
    signs.contains(first).then(|| *rest = after)
}
