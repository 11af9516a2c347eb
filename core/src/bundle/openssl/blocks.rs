//! What is done for many machines and is the same but for some words: a loop over a list.

use crate::sign::shell_word;

/// The words of a command.
pub(super) type Line = Vec<String>;

/// What is done for one machine or person.
pub(super) struct Block<'p> {
    /// Its name; it has neither spaces nor slashes.
    pub(super) name: &'p str,
    /// The commands.
    pub(super) lines: Vec<Line>,
}

impl Block<'_> {
    fn word(&self, (line, index): Place) -> &str {
        self.lines.get(line).and_then(|line| line.get(index)).map_or("", String::as_str)
    }
}

/// The line, and the word in it.
type Place = (usize, usize);

/// What of a list is the same for all: the place of its first occurrence, and its variable.
type Column = (Place, String);

/// Ends a list: no name has a slash in it.
const END: &str = "/END/";

/// Commands one by one.
pub(super) fn plain(script: &mut String, lines: &[Line]) {
    for line in lines {
        for (index, word) in line.iter().enumerate() {
            script.push_str(if index == 0 { "" } else { " " });
            script.push_str(&shell_word(word));
        }
        script.push('\n');
    }
}

/// Blocks of the same commands as a loop, the others one by one.
pub(super) fn write(script: &mut String, blocks: &[Block<'_>]) {
    let mut groups: Vec<Vec<&Block<'_>>> = Vec::new();
    // Some machines have nothing of their own, and a loop must have something in it.
    for block in blocks.iter().filter(|block| !block.lines.is_empty()) {
        let of_group =
            |group: &&mut Vec<&Block<'_>>| group.first().is_some_and(|b| alike(b, block));
        match groups.iter_mut().find(of_group) {
            Some(group) => group.push(block),
            None => groups.push(vec![block]),
        }
    }
    for group in &groups {
        let is_loop = match group.as_slice() {
            [first, _, ..] => repeat(script, first, group),
            _ => false,
        };
        if !is_loop {
            group.iter().for_each(|block| plain(script, &block.lines));
        }
    }
}

/// Whether two blocks have the same commands with as many words.
fn alike(one: &Block<'_>, other: &Block<'_>) -> bool {
    let shape =
        |(one, other): (&Line, &Line)| one.len() == other.len() && one.first() == other.first();
    one.lines.len() == other.lines.len() && one.lines.iter().zip(&other.lines).all(shape)
}

/// `false`, and nothing written, where a list of words cannot hold what differs.
fn repeat(script: &mut String, first: &Block<'_>, blocks: &[&Block<'_>]) -> bool {
    let mut columns: Vec<Column> = Vec::new();
    let mut body = String::new();
    for (line, words) in first.lines.iter().enumerate() {
        for (index, word) in words.iter().enumerate() {
            let place = (line, index);
            body.push_str(if index == 0 { "  " } else { " " });
            if blocks.iter().all(|block| block.word(place) == word) {
                body.push_str(&shell_word(word));
                continue;
            }
            body.push('"');
            let parts: Vec<&str> = word.split(first.name).collect();
            if blocks.iter().all(|block| is_made_of(block.word(place), &parts, block.name)) {
                let parts: Vec<String> = parts.into_iter().map(escaped).collect();
                body.push_str(&parts.join("${who}"));
            } else {
                let is_same = |(other, _): &&Column| {
                    blocks.iter().all(|block| block.word(place) == block.word(*other))
                };
                let known = columns.iter().find(is_same).map(|(_, variable)| variable.clone());
                let variable = match known {
                    Some(variable) => variable,
                    None if blocks.iter().all(|block| is_listable(block.word(place))) => {
                        let number = columns.len() + 1;
                        let variable = format!("{}{number}", kind(words, index));
                        columns.push((place, variable.clone()));
                        variable
                    }
                    None => return false,
                };
                body.push('$');
                body.push_str(&variable);
            }
            body.push('"');
        }
        body.push('\n');
    }
    let variables: String = columns.iter().map(|(_, variable)| format!(" {variable}")).collect();
    script.push_str(&format!("while read -r who{variables} <&3; do\n{body}done 3<<'{END}'\n"));
    for block in blocks {
        script.push_str(block.name);
        for (place, _) in &columns {
            script.push(' ');
            script.push_str(block.word(*place));
        }
        script.push('\n');
    }
    script.push_str(END);
    script.push('\n');
    true
}

/// Whether a text is parts with a name between them.
fn is_made_of(text: &str, parts: &[&str], name: &str) -> bool {
    let Some((first, others)) = parts.split_first() else { return false };
    let start = text.strip_prefix(first);
    let rest = others.iter().try_fold(start, |rest, part| {
        rest.map(|rest| rest.strip_prefix(name).and_then(|rest| rest.strip_prefix(part)))
    });
    rest.flatten() == Some("")
}

/// Whether `read` gives a word back as it is.
fn is_listable(word: &str) -> bool {
    !word.is_empty() && !word.contains(char::is_whitespace)
}

/// A text between double quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '$' | '`' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// What a word is, as a variable begins; no function of the script has one that begins like that.
fn kind(words: &Line, index: usize) -> &'static str {
    match (words.first().map(String::as_str), index) {
        (Some("leaf"), 3) => "its_subject",
        (Some("leaf"), 4) => "its_days",
        (Some("leaf"), 6) => "its_names",
        (Some("kubeconfig"), 7) => "its_server",
        _ => "its_word",
    }
}
