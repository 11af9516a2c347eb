//! Licence expressions: "MIT OR Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0".

/// Whether the expression can be met with only the licences that `allowed` accepts.
///
/// The old form "MIT/Apache-2.0" means OR. An expression that cannot be read is an error, so that
/// nothing is let in unread.
pub(crate) fn is_met(expression: &str, allowed: impl Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed: &allowed };
    let met = reader.either()?;
    match reader.words {
        [] => Ok(met),
        [word, ..] => Err(format!("{word:?} is not expected in {expression:?}")),
    }
}

struct Reader<'w, 'a, Allowed> {
    words: &'w [&'w str],
    allowed: &'a Allowed,
}

impl<'w, Allowed: Fn(&str) -> bool> Reader<'w, '_, Allowed> {
    fn either(&mut self) -> Result<bool, String> {
        let mut met = self.both()?;
        while self.take("OR") {
            met |= self.both()?;
        }
        Ok(met)
    }

    fn both(&mut self) -> Result<bool, String> {
        let mut met = self.single()?;
        while self.take("AND") {
            met &= self.single()?;
        }
        Ok(met)
    }

    fn single(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let met = self.either()?;
            return if self.take(")") { Ok(met) } else { Err("a bracket is not closed".into()) };
        }
        let name = self.next().ok_or("the expression ends too early")?;
        if ["OR", "AND", "WITH", ")"].contains(&name) {
            return Err(format!("{name:?} stands where a licence should"));
        }
        if !self.take("WITH") {
            return Ok((self.allowed)(name));
        }
        let exception = self.next().ok_or("WITH is followed by nothing")?;
        Ok((self.allowed)(&format!("{name} WITH {exception}")))
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }

    fn next(&mut self) -> Option<&'w str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_expressions() {
        let allowed = |name: &str| ["MIT", "Unicode-3.0", "A WITH X"].contains(&name);
        for (expression, expected) in [
            ("MIT", Ok(true)),
            ("GPL-3.0-only", Ok(false)),
            ("GPL-3.0-only OR MIT", Ok(true)),
            ("GPL-3.0-only/MIT", Ok(true)),
            ("GPL-3.0-only AND MIT", Ok(false)),
            ("(Apache-2.0 OR MIT) AND Unicode-3.0", Ok(true)),
            ("(Apache-2.0 OR MIT) AND BSD-3-Clause", Ok(false)),
            ("MIT OR Apache-2.0 AND GPL-3.0-only", Ok(true)),
            ("A WITH X OR B", Ok(true)),
            ("A WITH Y", Ok(false)),
        ] {
            assert_eq!(is_met(expression, allowed), expected, "{expression}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT MIT", "AND MIT", "MIT WITH"] {
            assert!(is_met(expression, |_| true).is_err(), "{expression}");
        }
    }
}
