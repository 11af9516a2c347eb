//! Scripts and styles without what only their readers need: indentation, empty lines, comments that
//! stand on lines of their own.
//!
//! The hosted form keeps them; in the packed file they would be 2 % of what people download.

/// The text without those lines. Nothing within a line is touched, so no string is.
///
/// # Errors
/// When a template literal of a script goes over several lines, whose indentation would be part of
/// it.
pub(crate) fn tidy(text: &str) -> Result<String, String> {
    let mut tidied = String::with_capacity(text.len());
    let mut in_comment = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if in_comment {
            in_comment = !line.ends_with("*/");
            continue;
        }
        if line.starts_with("/*") && (line.ends_with("*/") || !line.contains("*/")) {
            in_comment = !line.ends_with("*/");
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if !line.matches('`').count().is_multiple_of(2) {
            let number = index + 1;
            return Err(format!("line {number} opens a template literal that it does not close"));
        }
        tidied += line;
        tidied.push('\n');
    }
    Ok(tidied)
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn leaves_code_and_takes_what_is_around_it() {
        let text = "/* a\n * b\n */\n.x {\n  y: z; /* stays */\n}\n\n// gone\n/** gone */ \n  f('//', `a`);\n";
        assert_eq!(tidy(text).as_deref(), Ok(".x {\ny: z; /* stays */\n}\nf('//', `a`);\n"));
        assert_eq!(tidy("/* a */ b { }\n").as_deref(), Ok("/* a */ b { }\n"));
    }

    #[test]
    fn refuses_a_template_over_several_lines() {
        assert!(tidy("x = `a\n  b`;").is_err());
    }
}
