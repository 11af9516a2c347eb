//! Durations as Go and kubeadm write them, with days and years added.

/// The text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseDurationError;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// kubeadm counts 365-day years: its CA lives 87600 h.
const YEAR: i64 = 365 * DAY;

/// Reads `8760h`, `43800h0m0s`, `30d`, `10y`, `90m`, `1h30m`: whole numbers with the units `s`,
/// `m`, `h`, `d` (24 h) and `y` (365 d). The answer is in seconds and can be negative.
///
/// # Errors
/// [`ParseDurationError`] for anything else, a number without a unit included.
pub fn parse_duration(text: &str) -> Result<i64, ParseDurationError> {
    let text = text.trim();
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(ParseDurationError);
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(ParseDurationError)?;
        let (number, tail) = rest.split_at(digits);
        let number: i64 = number.parse().map_err(|_| ParseDurationError)?;
        let mut tail = tail.chars();
        let unit = match tail.next() {
            Some('s') => 1,
            Some('m') => MINUTE,
            Some('h') => HOUR,
            Some('d') => DAY,
            Some('y') => YEAR,
            _ => return Err(ParseDurationError),
        };
        let part = number.checked_mul(unit).ok_or(ParseDurationError)?;
        total = total.checked_add(part).ok_or(ParseDurationError)?;
        rest = tail.as_str();
    }
    Ok(sign * total)
}

/// Writes seconds in the largest unit of `h`, `m` and `s` that holds them exactly, e.g. `8760h`,
/// which is how kubeadm's documentation writes lifetimes.
pub fn format_duration(seconds: i64) -> String {
    if seconds % HOUR == 0 {
        format!("{}h", seconds / HOUR)
    } else if seconds % MINUTE == 0 {
        format!("{}m", seconds / MINUTE)
    } else {
        format!("{seconds}s")
    }
}

#[cfg(test)]
mod tests {
    use super::{ParseDurationError, format_duration, parse_duration};

    #[test]
    fn reads_what_go_and_people_write() {
        for (text, seconds) in [
            ("8760h", 31_536_000),
            ("43800h0m0s", 157_680_000),
            ("365d", 31_536_000),
            ("10y", 315_360_000),
            ("1h30m", 5_400),
            ("5m", 300),
            ("0", 0),
            ("0s", 0),
            ("-1h", -3_600),
            (" 5m ", 300),
        ] {
            assert_eq!(parse_duration(text), Ok(seconds), "{text}");
        }
        for text in ["", "-", "h", "8760", "1.5h", "5 m", "1w", "999999999999999999999h", "1h-5m"] {
            assert_eq!(parse_duration(text), Err(ParseDurationError), "{text}");
        }
    }

    #[test]
    fn writes_the_largest_exact_unit() {
        assert_eq!(format_duration(31_536_000), "8760h");
        assert_eq!(format_duration(300), "5m");
        assert_eq!(format_duration(61), "61s");
    }
}
