//! The page around the application: `public/index.html` with its three marks filled in.
//!
//! Every form of the workbench (packed, hosted, under Trunk) is this page with another policy,
//! other styles and other scripts; so they cannot drift apart.

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

/// What goes in the place of each mark.
pub(crate) struct Parts {
    pub(crate) policy: String,
    pub(crate) styles: String,
    pub(crate) scripts: String,
}

/// Fills the marks of the page.
pub(crate) fn fill(template: &str, parts: &Parts) -> Result<String, String> {
    // The content goes in from the bottom up, so that no mark inside content is ever filled.
    let page = fill_mark(template, "scripts", &parts.scripts)?;
    let page = fill_mark(&page, "styles", &parts.styles)?;
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
        parts.policy.replace('"', "&quot;")
    );
    fill_mark(&page, "policy", &policy)
}

fn fill_mark(page: &str, name: &str, content: &str) -> Result<String, String> {
    let mark = format!("<!--pki:{name}-->");
    let (before, after) = page
        .split_once(&mark)
        .ok_or_else(|| format!("public/index.html has no mark {mark}: put it back"))?;
    Ok(format!("{before}{content}{after}"))
}

/// A `<style>` element, and the source expression that allows it.
pub(crate) fn inline_style(css: &str) -> Result<(String, String), String> {
    refuse_end_tag(css, "style")?;
    Ok((format!("<style>{css}</style>"), source_of(css)))
}

/// A `<script>` element, and the source expression that allows it.
pub(crate) fn inline_script(id: &str, script: &str) -> Result<(String, String), String> {
    refuse_end_tag(script, "script")?;
    Ok((format!("<script id=\"{id}\">{script}</script>"), source_of(script)))
}

/// The icon as a `data:` address, so that no form of the page asks for another file.
pub(crate) fn icon_link(svg: &str) -> String {
    let encoded = Base64::encode_string(svg.trim().as_bytes());
    format!(
        "<link rel=\"icon\" type=\"image/svg+xml\" href=\"data:image/svg+xml;base64,{encoded}\">"
    )
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The source expression that allows a script or style with this text.
pub(crate) fn source_of(text: &str) -> String {
    format!("'sha256-{}'", Base64::encode_string(&Sha256::digest(text.as_bytes())))
}

/// HTML ends a script at the first end tag, even inside a string, and a comment opening changes
/// how it is read: such text must not be put into the page.
fn refuse_end_tag(text: &str, tag: &str) -> Result<(), String> {
    let lower = text.to_ascii_lowercase();
    for forbidden in [format!("</{tag}"), "<!--".to_owned()] {
        if let Some(place) = lower.find(&forbidden) {
            let line = lower[..place].matches('\n').count() + 1;
            return Err(format!(
                "a {tag} for the page has {forbidden:?} in its line {line}, which would end it \
                 early: split that string"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "<a><!--pki:policy--><!--pki:styles--></a><!--pki:scripts-->";

    #[test]
    fn fills_each_mark_once_even_when_content_looks_like_a_mark() {
        let parts = Parts {
            policy: "default-src 'none'".into(),
            styles: "S".into(),
            scripts: "<!--pki:policy-->".into(),
        };
        let page = fill(TEMPLATE, &parts).expect("the template has every mark");
        assert_eq!(
            page,
            "<a><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">S</a>\
             <!--pki:policy-->"
        );
    }

    #[test]
    fn names_the_mark_that_is_missing() {
        let parts = Parts { policy: String::new(), styles: String::new(), scripts: String::new() };
        let error = fill("<!--pki:policy--><!--pki:scripts-->", &parts).expect_err("no styles");
        assert!(error.contains("<!--pki:styles-->"), "{error}");
    }

    #[test]
    fn refuses_a_script_that_would_end_early() {
        let error = inline_script("x", "1;\nlet a = '</SCRIPT>';").expect_err("has an end tag");
        assert!(error.contains("line 2"), "{error}");
    }

    #[test]
    fn allows_a_script_by_the_hash_of_its_text() {
        let (_, source) = inline_script("x", "").expect("is harmless");
        assert_eq!(source, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }
}
