//! When to renew a certificate: as a calendar entry (RFC 5545).

use time::OffsetDateTime;

/// The moment at which two thirds of a lifetime are over, Unix seconds: late enough to be worth
/// it, early enough for somebody to approve.
pub fn renewal_due(not_before: i64, not_after: i64) -> i64 {
    not_after - (not_after - not_before).max(0) / 3
}

/// A calendar with one entry of an hour at the moment when it is due, and an alarm.
///
/// `uid` names the entry for good, so that a second import does not double it; `now` is when the
/// file is written.
pub fn renewal_calendar(uid: &str, due: i64, now: i64, summary: &str, text: &str) -> String {
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//PKI Workbench//CSR desk//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escape(uid)),
        format!("DTSTAMP:{}", moment(now)),
        format!("DTSTART:{}", moment(due)),
        format!("DTEND:{}", moment(due.saturating_add(3_600))),
        format!("SUMMARY:{}", escape(summary)),
        format!("DESCRIPTION:{}", escape(text)),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        format!("DESCRIPTION:{}", escape(summary)),
        "TRIGGER:PT0S".to_owned(),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| fold(line)).collect()
}

fn moment(seconds: i64) -> String {
    // Beyond the year 9999 there is no such form; certificates end before.
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = moment.to_hms();
    let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// RFC 5545 §3.3.11.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Lines end after 75 octets and go on behind a blank (RFC 5545 §3.1).
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for character in line.chars() {
        if width + character.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(character);
        width += character.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_calendar_has_folded_lines_and_escaped_texts() {
        assert_eq!(super::renewal_due(0, 900), 600);
        let text = super::renewal_calendar("u", 0, 0, "a, b; c", &"né\n".repeat(60));
        assert!(text.contains("SUMMARY:a\\, b\\; c\r\n"), "{text}");
        assert!(text.contains("DTSTART:19700101T000000Z\r\n"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&format!("DESCRIPTION:{}", "né\\n".repeat(60))), "{text}");
    }
}
