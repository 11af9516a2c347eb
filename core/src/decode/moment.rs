//! UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 profiles them.

use time::{Date, Duration, Month, OffsetDateTime, Time};

use super::{Fault, Problem, Tlv, tag};

/// Reads a Time, noting where its form is not that of RFC 5280.
///
/// `None` when it is no moment at all.
pub fn moment(tlv: &Tlv<'_>, faults: &mut Vec<Fault>) -> Option<OffsetDateTime> {
    let (year_digits, generalized) = match tlv.identifier {
        tag::UTC_TIME => (2, false),
        tag::GENERALIZED_TIME => (4, true),
        found => {
            faults.push(Problem::UnexpectedTag { expected: tag::UTC_TIME, found }.at(tlv.offset));
            return None;
        }
    };
    let mut rest = tlv.content;
    let moment = (|| {
        let mut year = i32::from(number(&mut rest, year_digits)?);
        if !generalized {
            // RFC 5280 §4.1.2.5.1: 50 to 99 are of the twentieth century.
            year = year.checked_add(if year < 50 { 2000 } else { 1900 })?;
        }
        let month = Month::try_from(pair(&mut rest)?).ok()?;
        let day = pair(&mut rest)?;
        let (hour, minute) = (pair(&mut rest)?, pair(&mut rest)?);
        let has_seconds = rest.first().is_some_and(u8::is_ascii_digit);
        let second = if has_seconds { pair(&mut rest)? } else { 0 };
        let date = Date::from_calendar_date(year, month, day).ok()?;
        let moment = date.with_time(Time::from_hms(hour, minute, second).ok()?).assume_utc();
        let shift = offset(rest)?;
        Some((moment.checked_sub(shift)?, has_seconds))
    })();
    let Some((moment, has_seconds)) = moment else {
        faults.push(Problem::BadTime { generalized }.at(tlv.offset));
        return None;
    };
    if !has_seconds || rest != b"Z" {
        faults.push(Problem::TimeForm.at(tlv.offset));
    }
    if generalized && (1950..2050).contains(&moment.year()) {
        faults.push(Problem::WrongTimeType.at(tlv.offset));
    }
    Some(moment)
}

/// How far ahead of UTC the time is: `Z`, or hours and minutes, which BER allows.
fn offset(mut rest: &[u8]) -> Option<Duration> {
    let (sign, tail) = rest.split_first()?;
    if *sign == b'Z' {
        return tail.is_empty().then_some(Duration::ZERO);
    }
    rest = tail;
    let (hours, minutes) = (pair(&mut rest)?, pair(&mut rest)?);
    let ahead = Duration::hours(i64::from(hours)).checked_add(Duration::minutes(minutes.into()))?;
    match sign {
        b'+' if rest.is_empty() => Some(ahead),
        b'-' if rest.is_empty() => Duration::ZERO.checked_sub(ahead),
        _ => None,
    }
}

/// Takes this many digits off the front.
fn number(rest: &mut &[u8], digits: usize) -> Option<u16> {
    let (head, tail) = rest.split_at_checked(digits)?;
    let mut number = 0u16;
    for octet in head {
        let digit = octet.is_ascii_digit().then(|| octet.wrapping_sub(b'0'))?;
        number = number.checked_mul(10)?.checked_add(u16::from(digit))?;
    }
    *rest = tail;
    Some(number)
}

fn pair(rest: &mut &[u8]) -> Option<u8> {
    number(rest, 2)?.try_into().ok()
}
