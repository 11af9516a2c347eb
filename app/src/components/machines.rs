//! Machines, and lists of names, as text: taken apart, and written again.

use pki_core::design::{DesignNode, MAX_NODES};

/// Takes a list apart: commas, semicolons and white space are all the same.
pub(crate) fn split(text: &str) -> Vec<String> {
    text.split(is_separator).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn is_separator(c: char) -> bool {
    c == ',' || c == ';' || c.is_whitespace()
}

/// A machine a line, with the number of the line; comments and the heading of a CSV are no machines.
///
/// One more than a design may have tells that there are too many; taking all the others apart would
/// stop the page for seconds.
pub(crate) fn read_nodes(text: &str) -> Vec<(usize, DesignNode)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, split(&without_comment(line).replace('"', " "))))
        .filter(|(_, parts)| !parts.is_empty())
        .enumerate()
        .filter(|(index, (_, parts))| *index != 0 || !is_heading(parts))
        .map(|(_, (line, parts))| {
            let mut parts = parts.into_iter();
            let name = parts.next().unwrap_or_default();
            (line, DesignNode { name, addresses: parts.collect() })
        })
        .take(MAX_NODES + 1)
        .collect()
}

/// Within a word, `#` is a part of it, and then a wrong one.
fn without_comment(line: &str) -> &str {
    let mut before = line.match_indices('#').filter_map(|(at, _)| line.get(..at));
    let begins = |text: &&str| text.is_empty() || text.ends_with(char::is_whitespace);
    before.find(begins).unwrap_or(line)
}

fn is_heading(parts: &[String]) -> bool {
    let is = |index: usize, names: &[&str]| {
        parts.get(index).is_some_and(|part| names.contains(&part.to_lowercase().as_str()))
    };
    is(0, &["name", "node", "host", "hostname"])
        && is(1, &["address", "addresses", "ip", "ips", "internal-ip"])
}

/// The text of machines.
pub(crate) fn write_nodes(nodes: &[DesignNode]) -> String {
    let mut text = String::new();
    for node in nodes {
        text.push_str(&node.name);
        for (index, address) in node.addresses.iter().enumerate() {
            text.push_str(if index == 0 { " " } else { ", " });
            text.push_str(address);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_knows_its_line() {
        let text =
            "\n# rack 1\nName,IP\nw1 10.0.0.1, 10.0.1.1 # the old one\n\n  \t# rack 2\nw#2\n";
        let read = read_nodes(text);
        let lines: Vec<usize> = read.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [4, 7], "{read:?}");
        let nodes: Vec<DesignNode> = read.into_iter().map(|(_, node)| node).collect();
        assert_eq!(write_nodes(&nodes), "w1 10.0.0.1, 10.0.1.1\nw#2\n");
        // A name of a column further down is a machine's.
        assert_eq!(read_nodes("w1\nname ip\n").len(), 2);
    }

    #[test]
    fn what_is_beyond_the_limit_is_not_taken_apart() {
        let text = "w 10.0.0.1\n".repeat(300_000);
        assert_eq!(read_nodes(&text).len(), MAX_NODES + 1);
    }
}
