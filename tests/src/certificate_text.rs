//! What `openssl x509 -text` says, as fields that can be compared between two certificates whose
//! keys, serial numbers and dates must differ.

use std::collections::BTreeMap;

use time::{Date, Duration, Month, PrimitiveDateTime, Time};

use crate::key_id;

/// The fields of a certificate, without what is different in every certificate.
///
/// # Panics
/// When the text is not that of a certificate.
pub fn fields(text: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    let mut keep = |name: &str, value: String| fields.insert(name.to_owned(), value);
    for name in ["Version", "Signature Algorithm", "Public Key Algorithm"] {
        keep(name, line(text, &format!("{name}: ")).to_owned());
    }
    for name in ["Issuer", "Subject"] {
        // `CN = x` by openssl 3.0's x509, `CN=x` by its storeutl and by later versions.
        let value = line(text, &format!("{name}: ")).replace(" = ", "=").replace('=', " = ");
        keep(name, value);
    }
    keep("Public-Key", line(text, "Public-Key: ").to_owned());
    keep("Serial Number", serial(line(text, "Serial Number:")).to_owned());
    let (start, end) = (date(line(text, "Not Before: ")), date(line(text, "Not After : ")));
    keep("Lifetime", lifetime(end - start));
    let extensions = extensions(text);
    let order: Vec<&str> = extensions.iter().map(|(name, _)| name.as_str()).collect();
    keep("Extensions", order.join(", "));
    for (name, value) in &extensions {
        let value = match name.as_str() {
            // The authority's key is not in this text; the tests compare identifiers themselves.
            "Authority Key Identifier" => format!("{} octets", value.split(':').count()),
            "Subject Key Identifier" => key_id::method(text, value),
            _ => value.clone(),
        };
        keep(name, value);
    }
    fields
}

/// The key identifiers: subject's and authority's, where there are any.
pub fn key_ids(text: &str) -> (Option<String>, Option<String>) {
    let extensions = extensions(text);
    let find = |name: &str| {
        extensions.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone())
    };
    (find("Subject Key Identifier"), find("Authority Key Identifier"))
}

fn line<'t>(text: &'t str, start: &str) -> &'t str {
    text.lines()
        .find_map(|line| line.trim_start().strip_prefix(start))
        .unwrap_or_else(|| panic!("no {start:?} in:\n{text}"))
        .trim()
}

/// Serial numbers of up to eight octets stand on the line itself, as a number; others below it.
fn serial(line: &str) -> &str {
    match line.trim().split(' ').next().map(str::parse::<u64>) {
        Some(Ok(0)) => "zero",
        Some(Ok(number)) if number < 1 << 63 => "positive, at most 8 octets",
        _ => "negative or longer than 8 octets",
    }
}

fn extensions(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .windows(2)
        .filter_map(|pair| {
            let heading = pair[0].strip_prefix("            X509v3 ")?;
            let name = heading.trim_end_matches([' ', ':']).replace(": ", " ");
            Some((name, pair[1].trim().to_owned()))
        })
        .collect()
}

/// Whole hours and minutes; older kubeadm takes some seconds between its two clock readings.
pub fn lifetime(duration: Duration) -> String {
    let minutes = duration.whole_minutes();
    format!("{}h{}m", minutes / 60, minutes % 60)
}

/// `Nov 22 08:07:02 2026 GMT`.
fn date(text: &str) -> PrimitiveDateTime {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [month, day, clock, year, "GMT"] = words[..] else { panic!("no date: {text}") };
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|name| *name == month).expect("an English month") + 1;
    let month = Month::try_from(u8::try_from(month).expect("1 to 12")).expect("1 to 12");
    let number = |text: &str| text.parse::<u8>().expect("a number");
    let clock: Vec<u8> = clock.split(':').map(number).collect();
    let date = Date::from_calendar_date(year.parse().expect("a year"), month, number(day));
    let time = Time::from_hms(clock[0], clock[1], clock[2]);
    PrimitiveDateTime::new(date.expect("a day"), time.expect("a time"))
}
