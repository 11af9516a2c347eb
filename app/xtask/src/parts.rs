//! What the wasm is made of, crate by crate: whoever lets it grow sees where.
//!
//! Counted is what the compiler wrote, before wasm-opt, because only that still has names. A function
//! that one crate has made for the types of another counts for the first that its name tells.

use std::collections::BTreeMap;
use std::fs;

use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::checkout::Checkout;
use crate::{arrange, compile};

/// So many crates are named; the others are one line.
const NAMED: usize = 18;

/// The table, or nothing where no wasm of `dist` lies in the target folder.
pub(crate) fn table(checkout: &Checkout) -> Result<String, String> {
    let Ok(wasm) = fs::read(compile::unbound_wasm(checkout)) else { return Ok(String::new()) };
    let parts = parts(&wasm).map_err(|error| format!("wasm: {error}"))?;
    let total: usize = parts.iter().map(|(_, size)| size).sum();
    let (named, others) = parts.split_at(NAMED.min(parts.len()));
    let others = (others.len(), others.iter().map(|(_, size)| size).sum::<usize>());
    let mut text = "What the compiler wrote, before wasm-opt:\n".to_owned();
    let mut line = |name: &str, size: usize| {
        text += &format!("{name:<28} {size:>10} {:>5.1} %\n", size as f64 * 100.0 / total as f64);
    };
    for (name, size) in named {
        line(name, *size);
    }
    line(&format!("{} others", others.0), others.1);
    Ok(text)
}

/// The octets of each crate's functions and of the data, the most first.
fn parts(wasm: &[u8]) -> wasmparser::Result<Vec<(String, usize)>> {
    let (imported, bodies) = arrange::functions(wasm)?;
    let mut sums: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::DataSection(data) => {
                *sums.entry("(texts and tables)".to_owned()).or_default() += data.range().len();
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else {
                    continue;
                };
                for subsection in subsections {
                    let Name::Function(functions) = subsection? else { continue };
                    for naming in functions {
                        let naming = naming?;
                        names.insert(naming.index, naming.name);
                    }
                }
            }
            _ => {}
        }
    }
    for (index, body) in (imported..).zip(bodies) {
        let name = names.get(&index).and_then(|name| crate_of(name)).unwrap_or("(no crate)");
        *sums.entry(name.to_owned()).or_default() += body.len();
    }
    let mut parts: Vec<_> = sums.into_iter().collect();
    parts.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Ok(parts)
}

/// The first crate that a mangled name tells.
fn crate_of(name: &str) -> Option<&str> {
    if let Some(rest) = name.strip_prefix("_ZN") {
        // A length and a segment; that of an implementation is `_$LT$a..b$u20$as$u20$c..d$GT$`.
        let segment = counted(rest)?;
        if !segment.contains("$LT$") && !segment.contains("$u20$") {
            return Some(segment);
        }
        let end = segment.find("..")?;
        let start = segment.get(..end)?.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
        return segment.get(start..end);
    }
    // `Cs<hash>_<length><name>`.
    let (_, rest) = name.strip_prefix("_R")?.split_once("Cs")?;
    counted(rest.split_once('_')?.1)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What stands behind its length in decimal digits.
fn counted(text: &str) -> Option<&str> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (length, rest) = text.split_at(digits);
    rest.get(..length.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_crates() {
        let names = [
            ("_ZN8pki_core7explain9unrelated17h9838ab165a1bcbe0E", Some("pki_core")),
            (
                "_ZN86_$LT$core..marker..PhantomData$LT$T$GT$$u20$as$u20$serde_core..de..DeserializeSeed$GT$11deserialize17h59E",
                Some("core"),
            ),
            ("_ZN50_$LT$$RF$T$u20$as$u20$tachys..view..Render$GT$5build17h59E", Some("tachys")),
            ("_RNvMs_NtCshS8mEYqCYEr_8dlmalloc8dlmallocINtB4_8DlmallocE6malloc", Some("dlmalloc")),
            ("memcpy", None),
        ];
        for (name, expected) in names {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }

    #[test]
    fn every_octet_of_the_code_is_counted() {
        let mut module = wasm_encoder::Module::new();
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let mut functions = wasm_encoder::FunctionSection::new();
        let mut code = wasm_encoder::CodeSection::new();
        for _ in 0..2 {
            functions.function(0);
            let mut body = wasm_encoder::Function::new([]);
            body.instructions().nop().nop().end();
            code.function(&body);
        }
        let mut named = wasm_encoder::NameMap::new();
        named.append(0, "_ZN3der6decode17h0E");
        let mut names = wasm_encoder::NameSection::new();
        names.functions(&named);
        module.section(&types).section(&functions).section(&code).section(&names);
        // A body is its count of locals, and three instructions of one octet.
        let expected = [("(no crate)".to_owned(), 4), ("der".to_owned(), 4)];
        assert_eq!(parts(&module.finish()).expect("a module"), expected);
    }
}
