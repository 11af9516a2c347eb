//! Several things pasted one after the other: PEM, a kubeconfig, an object, a blob of base64.

use zeroize::Zeroizing;

use super::manifest;

/// More parts than somebody pastes by hand; a stream of YAML documents is one part.
const MOST_PARTS: usize = 64;
/// Shorter lines hold no object.
const SHORTEST: usize = 40;

const VERSION: &str = "apiVersion:";
const KIND: &str = "kind:";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// PEM, base64, a prompt.
    Plain,
    /// YAML, and whether its document has its `apiVersion` and its `kind`.
    Yaml { versioned: bool, kinded: bool },
    /// JSON, and whether its last brace was closed.
    Json { closed: bool },
}

/// The parts of a text with Kubernetes objects among other things, each behind as many empty lines
/// as there are lines before it; `None` for a text of one part.
///
/// Only what stands at the start of a line counts: within YAML everything else is indented.
pub(super) fn parts(text: &str) -> Option<Vec<Zeroizing<String>>> {
    if !manifest::looks_kubernetes(text) {
        return None;
    }
    // Of each part: its lines before it, and where it begins.
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let (mut last, mut offset) = (None, 0usize);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let (bare, start) = (line.trim_end(), offset);
        offset = offset.saturating_add(line.len());
        if last.is_none() && bare.is_empty() {
            continue;
        }
        let mut now = kind(bare, last);
        let is_start = match (last, now) {
            (None, _) => true,
            (Some(Kind::Plain), Kind::Plain) => false,
            // A second object without a `---` before it.
            (Some(Kind::Yaml { versioned, kinded }), Kind::Yaml { .. }) => {
                (versioned && bare.starts_with(VERSION)) || (kinded && bare.starts_with(KIND))
            }
            (Some(Kind::Json { closed }), Kind::Json { .. }) => closed && !bare.is_empty(),
            _ => true,
        };
        if is_start {
            if starts.len() >= MOST_PARTS {
                return None;
            }
            starts.push((index, start));
            // A new document has nothing of the last one.
            now = kind(bare, None);
        }
        last = Some(now);
    }
    if starts.len() < 2 {
        return None;
    }
    let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
    let part = |(&(line, start), end): (&(usize, usize), usize)| {
        let inner = text.get(start..end).unwrap_or_default();
        // Of its length from the start: growing would leave copies of a key behind.
        let mut part = Zeroizing::new(String::with_capacity(line.saturating_add(inner.len())));
        part.extend(std::iter::repeat_n('\n', line));
        part.push_str(inner);
        part
    };
    Some(starts.iter().zip(ends).map(part).collect())
}

/// What a line belongs to, behind a line of `last`.
fn kind(line: &str, last: Option<Kind>) -> Kind {
    if line.starts_with(VERSION) || line.starts_with(KIND) {
        let (versioned, kinded) = match last {
            Some(Kind::Yaml { versioned, kinded }) => (versioned, kinded),
            _ => (false, false),
        };
        return Kind::Yaml {
            versioned: versioned || line.starts_with(VERSION),
            kinded: kinded || line.starts_with(KIND),
        };
    }
    let is_key = |key: &str| key.bytes().all(|octet| octet.is_ascii_alphanumeric());
    if matches!(last, None | Some(Kind::Plain)) && line.strip_suffix(':').is_some_and(is_key) {
        return Kind::Yaml { versioned: false, kinded: false };
    }
    if line.starts_with('{') && !matches!(last, Some(Kind::Yaml { .. })) {
        return Kind::Json { closed: line.ends_with('}') };
    }
    let blob = line.len() >= SHORTEST
        && !line.starts_with([' ', '#', '-', '\t'])
        && !line.contains([':', ' ', '{', '"']);
    match last {
        _ if line.starts_with("-----BEGIN ") || blob => Kind::Plain,
        None | Some(Kind::Yaml { .. }) if line == "---" => {
            Kind::Yaml { versioned: false, kinded: false }
        }
        Some(Kind::Json { closed: true }) if !line.is_empty() => Kind::Plain,
        Some(Kind::Json { closed }) => Kind::Json { closed: closed || line == "}" },
        Some(last) => last,
        None => Kind::Plain,
    }
}
