//! URIs as Go's `net/url` parses them and writes them again.
//!
//! A URI of the request goes through that parser: what it refuses makes the whole request
//! unreadable, and what stands in the certificate is what it writes, not what was asked for.

/// Parses a URI reference and writes it as Go does; `None` when Go refuses it, or its host.
pub(crate) fn rewrite(raw: &str) -> Option<String> {
    let (reference, fragment) = raw.split_once('#').unwrap_or((raw, ""));
    let mut out = String::new();
    rewrite_reference(reference, &mut out)?;
    if !fragment.is_empty() {
        out.push('#');
        out.push_str(&canonical(fragment, Part::Fragment)?);
    }
    Some(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    Zone,
    UserInfo,
    Fragment,
}

fn rewrite_reference(raw: &str, out: &mut String) -> Option<()> {
    if raw.bytes().any(|octet| octet < b' ' || octet == 0x7f) {
        return None;
    }
    if raw == "*" {
        out.push('*');
        return Some(());
    }
    let (scheme, rest) = scheme(raw)?;
    let scheme = scheme.to_ascii_lowercase();
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    if !scheme.is_empty() {
        out.push_str(&scheme);
        out.push(':');
    }
    if !rest.starts_with('/') && !scheme.is_empty() {
        // A rootless path is kept as it is.
        out.push_str(rest);
    } else {
        hierarchy(&scheme, rest, out)?;
    }
    // A lone question mark stays; one without a query after other question marks cannot be.
    if let Some(query) = query {
        out.push('?');
        out.push_str(query);
    }
    Some(())
}

fn hierarchy(scheme: &str, rest: &str, out: &mut String) -> Option<()> {
    let first_segment = rest.split('/').next().unwrap_or_default();
    if !rest.starts_with('/') && first_segment.contains(':') {
        return None;
    }
    let mut path = rest;
    let has_authority = rest.starts_with("//") && (!scheme.is_empty() || !rest.starts_with("///"));
    let (mut user, mut host) = (None, String::new());
    if has_authority {
        let after = rest.get(2..)?;
        let (authority, rest) = after.split_at(after.find('/').unwrap_or(after.len()));
        path = rest;
        let (info, name) = match authority.rsplit_once('@') {
            Some((info, name)) => (Some(info), name),
            None => (None, authority),
        };
        host = parse_host(scheme, name)?;
        if !host_is_domain(&host) {
            return None;
        }
        user = match info {
            Some(info) => Some(user_info(info)?),
            None => None,
        };
    }
    let path = canonical(path, Part::Path)?;
    let omits_host = !has_authority && !scheme.is_empty() && path.starts_with('/');
    if !scheme.is_empty() || !host.is_empty() || user.is_some() {
        let bare = omits_host && host.is_empty() && user.is_none();
        if !bare && (!host.is_empty() || !path.is_empty() || user.is_some()) {
            out.push_str("//");
        }
        if let Some(user) = &user {
            out.push_str(user);
            out.push('@');
        }
        out.push_str(&escape(host.as_bytes(), Part::Host));
    }
    if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
        out.push('/');
    }
    if out.is_empty() && path.split('/').next().is_some_and(|segment| segment.contains(':')) {
        out.push_str("./");
    }
    out.push_str(&path);
    Some(())
}

/// Scheme and rest; `None` for a colon at the very start.
fn scheme(raw: &str) -> Option<(&str, &str)> {
    for (position, octet) in raw.bytes().enumerate() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if position > 0 => {}
            b':' if position == 0 => return None,
            b':' => return Some((raw.get(..position)?, raw.get(position + 1..)?)),
            _ => break,
        }
    }
    Some(("", raw))
}

fn user_info(raw: &str) -> Option<String> {
    let fine = |octet: u8| octet.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&octet);
    if !raw.bytes().all(fine) {
        return None;
    }
    let rewritten = |text: &str| Some(escape(&unescape(text, Part::UserInfo)?, Part::UserInfo));
    match raw.split_once(':') {
        None => rewritten(raw),
        Some((user, password)) => Some(format!("{}:{}", rewritten(user)?, rewritten(password)?)),
    }
}

/// Host and port, with the escapes of non-ASCII octets undone (as Latin-1, one octet a character
/// would not do: the octets are escaped again right away, so they are kept as such).
fn parse_host(scheme: &str, raw: &str) -> Option<String> {
    let plain = |text: &str, part| unescape(text, part).and_then(|raw| String::from_utf8(raw).ok());
    let port_is_fine =
        |port: &str| port.is_empty() || port.strip_prefix(':').is_some_and(all_digits);
    if let Some(open) = raw.rfind('[') {
        let close = raw.rfind(']')?;
        let (inside, port) = (raw.get(1..close)?, raw.get(close + 1..)?);
        if open != 0 || !port_is_fine(port) {
            return None;
        }
        let inside = match inside.find("%25") {
            Some(zone) => {
                let (address, zone) = inside.split_at(zone);
                plain(address, Part::Host)? + &plain(zone, Part::Zone)?
            }
            None => plain(inside, Part::Host)?,
        };
        let address = match inside.split_once('%') {
            Some((_, "")) => return None,
            Some((address, _)) => address,
            None => &inside,
        };
        address.parse::<std::net::Ipv6Addr>().ok()?;
        return Some(format!("[{inside}]{port}"));
    }
    // The last colon starts the port. Since Go 1.26 there may be no other with http and https.
    let strict = matches!(scheme, "http" | "https");
    if let Some(colon) = if strict { raw.find(':') } else { raw.rfind(':') }
        && !port_is_fine(raw.get(colon..)?)
    {
        return None;
    }
    plain(raw, Part::Host)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|octet| octet.is_ascii_digit())
}

/// Go's `crypto/x509` wants a host of visible ASCII without empty labels.
fn host_is_domain(host: &str) -> bool {
    host.is_empty()
        || (host.bytes().all(|octet| (33..=126).contains(&octet))
            && host.split('.').all(|label| !label.is_empty()))
}

/// The part as it was written if that is a valid escaping, else escaped anew.
fn canonical(raw: &str, part: Part) -> Option<String> {
    let unescaped = unescape(raw, part)?;
    let valid = raw
        .bytes()
        .all(|octet| b"!$&'()*+,;=:@[]%".contains(&octet) || !should_escape(octet, part));
    if valid || (part == Part::Path && raw == "*") {
        return Some(raw.to_owned());
    }
    Some(escape(&unescaped, part))
}

fn should_escape(octet: u8, part: Part) -> bool {
    if octet.is_ascii_alphanumeric() || b"-_.~".contains(&octet) {
        return false;
    }
    match part {
        Part::Host | Part::Zone => !b"!$&'()*+,;=:[]<>\"".contains(&octet),
        Part::Path => !b"$&+,/:;=@".contains(&octet),
        Part::UserInfo => !b"$&+,;=".contains(&octet),
        Part::Fragment => !b"$&+,/:;=?@!()*".contains(&octet),
    }
}

fn unescape(text: &str, part: Part) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        if octet != b'%' {
            let in_host = matches!(part, Part::Host | Part::Zone);
            if in_host && octet.is_ascii() && should_escape(octet, part) {
                return None;
            }
            out.push(octet);
            continue;
        }
        let mut digit = || octets.next().and_then(|digit| char::from(digit).to_digit(16));
        let value = u8::try_from(digit()? << 4 | digit()?).ok()?;
        let allowed = match part {
            // In a host only non-ASCII octets may be escaped, and the percent sign itself.
            Part::Host => value >= 0x80 || value == b'%',
            Part::Zone => value == b'%' || value == b' ' || !should_escape(value, Part::Host),
            _ => true,
        };
        if !allowed {
            return None;
        }
        out.push(value);
    }
    Some(out)
}

fn escape(octets: &[u8], part: Part) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| char::from(HEX.get(usize::from(value)).copied().unwrap_or(b'0'));
    let mut out = String::with_capacity(octets.len());
    for octet in octets {
        if should_escape(*octet, part) {
            out.extend(['%', digit(octet >> 4), digit(octet & 15)]);
        } else {
            out.push(char::from(*octet));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn uris_come_out_as_go_writes_them() {
        for (raw, expected) in [
            ("https://a.example/x?y=1", Some("https://a.example/x?y=1")),
            ("HTTPS://A.example", Some("https://A.example")),
            ("just/a/path", Some("just/a/path")),
            ("https://a.example/%7Ejane/%2f#frag", Some("https://a.example/%7Ejane/%2f#frag")),
            ("https://a.example/a b", Some("https://a.example/a%20b")),
            ("spiffe://trust/ns/x", Some("spiffe://trust/ns/x")),
            ("urn:uuid:1-2", Some("urn:uuid:1-2")),
            ("mailto:a@b", Some("mailto:a@b")),
            ("", Some("")),
            ("?", Some("?")),
            ("https://[2001:db8::1]:443/", Some("https://[2001:db8::1]:443/")),
            ("file:/etc/x", Some("file:/etc/x")),
            ("https://u:p@h/", Some("https://u:p@h/")),
            ("https://a b.example/", None),
            ("https://a..b/", None),
            ("https://a.b./", None),
            (":x", None),
            ("a:b:c", Some("a:b:c")),
            ("1a:b", None),
            ("https://h:80:80/", None),
            ("https://h:x/", None),
            ("spiffe://h:80:80/", Some("spiffe://h:80:80/")),
            ("spiffe://h:80:x/", None),
            ("ws://::1/", Some("ws://::1/")),
            ("https://::1/", None),
            ("https://[1.2.3.4]/", None),
            ("https://a/%zz", None),
            ("https://a/\u{1}", None),
        ] {
            assert_eq!(rewrite(raw).as_deref(), expected, "{raw}");
        }
    }
}
