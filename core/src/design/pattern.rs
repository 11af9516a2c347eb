//! Many machines in one row: `worker-[001-250]` at `10.0.1.[1-250]`, or from `10.0.1.1+` on.
//!
//! The design keeps the row as it was typed; only the check counts it out.

use std::net::IpAddr;

use super::address::parse_address;
use super::{NameError, Problem};

/// The most control planes, and the most workers, that a design may have.
pub const MAX_NODES: usize = 5_000;

/// A text that stands for one name or address, or for many.
pub(super) enum Pattern<'a> {
    /// Text and ranges of numbers in turns; one text alone is no pattern.
    Parts(Vec<Part<'a>>),
    /// Addresses that count on from this one, as many as there are machines.
    From(IpAddr),
}

/// A piece of a pattern.
pub(super) enum Part<'a> {
    Text(&'a str),
    /// Both ends belong to it; numbers get zeros in front up to the width.
    Range {
        first: u32,
        last: u32,
        width: usize,
    },
}

impl<'a> Pattern<'a> {
    /// Reads a name, or a name pattern.
    pub(super) fn name(text: &'a str) -> Result<Self, Problem> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('[') {
            let bad = |part: &str| Problem::BadPattern { part: format!("[{part}") };
            let (inside, after) = after.split_once(']').ok_or_else(|| bad(after))?;
            let range = inside
                .split_once('-')
                .and_then(|(first, last)| Some((number(first)?, number(last)?, first.len())));
            let Some((first, last, width)) = range.filter(|(first, last, _)| first <= last) else {
                return Err(bad(&format!("{inside}]")));
            };
            parts.extend([Part::Text(before), Part::Range { first, last, width }]);
            rest = after;
        }
        parts.push(Part::Text(rest));
        Ok(Self::Parts(parts))
    }

    /// Reads an address, or an address pattern.
    pub(super) fn address(text: &'a str) -> Result<Self, Problem> {
        if let Some(first) = text.strip_suffix('+') {
            let address =
                parse_address(first.trim()).map_err(|error| error.within(|a| format!("{a}+")));
            return address.map(Self::From).map_err(Problem::BadAddress);
        }
        match parse_address(text) {
            Ok(_) | Err(NameError::Empty | NameError::BadAddress) => Self::name(text),
            // One address with something around it: brackets are not always those of a pattern.
            Err(error) => Err(Problem::BadAddress(error)),
        }
    }

    /// How many it stands for; `None` for as many as are asked for.
    pub(super) fn count(&self) -> Option<usize> {
        let Self::Parts(parts) = self else { return None };
        let count = parts.iter().fold(1_usize, |count, part| count.saturating_mul(part.count()));
        Some(count)
    }

    /// The one at an index, from 0; `None` beyond the last.
    pub(super) fn at(&self, index: usize) -> Option<String> {
        let parts = match self {
            Self::Parts(parts) => parts,
            Self::From(IpAddr::V4(first)) => {
                let address = u32::from(*first).checked_add(u32::try_from(index).ok()?)?;
                return Some(std::net::Ipv4Addr::from(address).to_string());
            }
            Self::From(IpAddr::V6(first)) => {
                let address = u128::from(*first).checked_add(index as u128)?;
                return Some(std::net::Ipv6Addr::from(address).to_string());
            }
        };
        // The last range counts fastest, as the digits of a number do.
        let mut left = index;
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts.iter().rev() {
            pieces.push(match part {
                Part::Text(text) => (*text).to_owned(),
                Part::Range { first, width, .. } => {
                    let step = left % part.count();
                    left /= part.count();
                    let number = u64::from(*first) + step as u64;
                    format!("{number:0>width$}")
                }
            });
        }
        pieces.reverse();
        (left == 0).then(|| pieces.concat())
    }
}

impl Part<'_> {
    /// At least one: a range's ends are in order.
    fn count(&self) -> usize {
        match self {
            Part::Text(_) => 1,
            Part::Range { first, last, .. } => (last - first) as usize + 1,
        }
    }
}

/// Digits alone, and no more than nine of them.
fn number(text: &str) -> Option<u32> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Design, DesignNode, Finding, Settings};

    /// What a row of workers leads to.
    fn check(name: &str, addresses: &[&str]) -> (Option<Settings>, Vec<Finding>) {
        let addresses = addresses.iter().map(|&text| text.to_owned()).collect();
        let workers = vec![DesignNode { name: name.to_owned(), addresses }];
        Design { workers, ..Design::default() }.check()
    }

    /// Name and addresses of the workers of a row without findings.
    fn workers(name: &str, addresses: &[&str]) -> Vec<String> {
        let (settings, findings) = check(name, addresses);
        assert_eq!(findings, [], "{name}");
        let node = |node: &crate::design::Node| {
            let addresses: Vec<_> = node.addresses.iter().map(ToString::to_string).collect();
            format!("{} {}", node.name.as_str(), addresses.join(" "))
        };
        settings.expect("a row without findings").workers.iter().map(node).collect()
    }

    fn problem(name: &str, addresses: &[&str]) -> (String, Problem) {
        let (_, mut findings) = check(name, addresses);
        assert_eq!(findings.len(), 1, "{name}: {findings:?}");
        let found = findings.remove(0);
        (found.place, found.problem)
    }

    #[test]
    fn a_row_counts_out_names_and_addresses() {
        let all = workers("worker-[001-250]", &["10.0.1.[1-250]"]);
        assert_eq!(all.len(), 250);
        assert_eq!(all[0], "worker-001 10.0.1.1");
        assert_eq!(all[249], "worker-250 10.0.1.250");
        // Addresses count on over the end of an octet, and two lists go side by side.
        let all = workers("w[9-11]", &["10.0.1.254+", "2001:db8::ffff+"]);
        assert_eq!(all[0], "w9 10.0.1.254 2001:db8::ffff");
        assert_eq!(all[2], "w11 10.0.2.0 2001:db8::1:1");
        let all = workers("r[1-2]-n[01-03]", &["10.0.[1-2].[1-3]"]);
        let last = ["r2-n01 10.0.2.1", "r2-n02 10.0.2.2", "r2-n03 10.0.2.3"];
        assert_eq!(all[3..], last);
        assert_eq!(workers("w[5-5]", &[]), ["w5 "]);
    }

    #[test]
    fn a_bad_pattern_is_found_once_where_it_stands() {
        for (name, part) in [
            ("w[1-", "[1-"),
            ("w[1]", "[1]"),
            ("w[9-1]", "[9-1]"),
            ("w[a-c]", "[a-c]"),
            ("w[1-9999999999]", "[1-9999999999]"),
        ] {
            let part = part.to_owned();
            assert_eq!(
                problem(name, &[]),
                ("workers[0].name".to_owned(), Problem::BadPattern { part })
            );
        }
        let counts = |names, addresses| Problem::PatternCount { names, addresses };
        let place = || "workers[0].addresses[0]".to_owned();
        assert_eq!(problem("w[1-3]", &["10.0.1.[1-2]"]), (place(), counts(3, 2)));
        assert_eq!(problem("w[1-3]", &["10.0.1.1"]), (place(), counts(3, 1)));
        assert_eq!(problem("w", &["10.0.1.[1-2]"]), (place(), counts(1, 2)));
        assert_eq!(problem("w[1-3]", &["255.255.255.254+"]).1, counts(3, 2));
        // Each of 200 names is wrong in the same way; one finding says so.
        let (place, wrong) = problem("W[1-200]", &["10.0.1.1+"]);
        assert_eq!(place, "workers[0].name");
        assert!(matches!(wrong, Problem::BadNodeName(NameError::UpperCase { .. })), "{wrong:?}");
        let brackets = problem("w", &["[2001:db8::1]"]).1;
        assert!(matches!(brackets, Problem::BadAddress(NameError::Bracketed { .. })));
    }

    #[test]
    fn a_design_has_no_more_than_5000_workers() {
        let (settings, findings) = check("w[1-5000]", &["10.0.16.1+"]);
        assert_eq!((settings.map(|s| s.workers.len()), findings), (Some(5_000), vec![]));
        let many = |count| Problem::TooManyNodes { count, limit: MAX_NODES };
        assert_eq!(problem("w[1-5001]", &[]), ("workers[0].name".to_owned(), many(5_001)));
        assert_eq!(problem("w[1-999999999][1-999999999][1-999999999]", &[]).1, many(usize::MAX));
        // Plain rows are counted too.
        let row = |number: usize| DesignNode { name: format!("w{number}"), addresses: vec![] };
        let design = Design { workers: (0..5_001).map(row).collect(), ..Design::default() };
        let findings = design.check().1;
        let places: Vec<_> = findings.iter().map(|found| &found.place[..]).collect();
        assert_eq!(places, ["workers[5000].name"], "{:?}", findings.first());
    }
}
