//! The packed file: everything in one HTML file that works by double click.

use std::io::Write;
use std::num::NonZeroU64;

use flate2::{Compression, GzBuilder};

use crate::base93;
use crate::checkout::Checkout;
use crate::compile::Compiled;
use crate::page::{self, Parts};
use crate::tidy::tidy;

/// The name under which people get the packed file.
pub(crate) const FILE_NAME: &str = "pki-workbench.html";

/// Puts the application into one file.
///
/// The policy names each script and style by hash and allows no connection at all: that is what
/// the page's promise rests on. It holds for those, too, that `boot.js` unpacks and puts into the
/// page.
pub(crate) fn pack(
    checkout: &Checkout,
    compiled: &Compiled,
    effort: Effort,
) -> Result<String, String> {
    let (boot_style, boot_style_source) = page::inline_style(&checkout.public_text("boot.css")?)?;
    let (boot, boot_source) = page::inline_script("pki-boot", &checkout.public_text("boot.js")?)?;
    let app_style = tidy(&checkout.public_text("app.css")?)?;
    let glue = tidy(&compiled.glue)?;

    let policy = format!(
        "default-src 'none'; \
         script-src {boot_source} {} 'wasm-unsafe-eval'; \
         style-src {boot_style_source} {}; \
         img-src data:; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'",
        page::source_of(&glue),
        page::source_of(&app_style)
    );
    let icon = page::icon_link(&checkout.public_text("favicon.svg")?);
    // The boot script comes first: cut anywhere after it, the file can still say what is wrong.
    let scripts = format!(
        "{boot}\n{}\n{}\n<template id=\"pki-end\"></template>",
        block("pki-parts", parts(&app_style, &glue).as_bytes(), effort)?,
        block("pki-wasm", &compiled.wasm, effort)?
    );
    let parts = Parts { policy, styles: format!("{icon}\n{boot_style}"), scripts };
    page::fill(&checkout.public_text("index.html")?, &parts)
}

/// The style and the glue as `addParts` in `boot.js` reads them.
fn parts(app_style: &str, glue: &str) -> String {
    serde_json::json!([
        { "tag": "style", "id": "pki-style", "text": app_style },
        { "tag": "script", "id": "pki-glue", "text": glue },
    ])
    .to_string()
}

/// Bytes in the page, compressed, in an element that no browser runs or shows.
fn block(id: &str, bytes: &[u8], effort: Effort) -> Result<String, String> {
    let compressed = match effort {
        Effort::Quick => gzip(bytes)?,
        Effort::Smallest => smallest_gzip(bytes)?,
    };
    let text = base93::encode(&compressed);
    Ok(format!(
        "<script type=\"application/octet-stream\" id=\"{id}\" data-length=\"{}\">{text}</script>",
        text.len()
    ))
}

/// How long the compressor may search.
#[derive(Clone, Copy)]
pub(crate) enum Effort {
    /// While someone waits for the page.
    Quick,
    /// Some seconds, for a file that is carried around.
    Smallest,
}

/// Compresses with no name and no time in the header, so that equal input gives equal output.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| format!("gzip: {error}"))
}

/// The same format from a compressor that searches longer: 5 % smaller than the best of flate2.
///
/// Code and text take turns in a wasm, so that more blocks than zopfli's 15 are worth more than
/// more rounds: of 3.2 MB, 200 blocks save 17 kB, and the rounds from the sixth on 0.2 kB.
fn smallest_gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let options = zopfli::Options {
        iteration_count: const { NonZeroU64::new(5).unwrap() },
        maximum_block_splits: 200,
        ..zopfli::Options::default()
    };
    let mut out = Vec::new();
    zopfli::compress(options, zopfli::Format::Gzip, bytes, &mut out)
        .map_err(|error| format!("zopfli: {error}"))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{gzip, smallest_gzip};

    #[test]
    fn both_compressors_write_what_gunzip_reads_and_the_same_each_time() {
        let bytes: Vec<u8> = (0..50_000u32).flat_map(|n| (n % 251 * n).to_le_bytes()).collect();
        for compress in [gzip, smallest_gzip] {
            let packed = compress(&bytes).expect("memory does not fail");
            assert_eq!(packed, compress(&bytes).expect("memory does not fail"));
            let mut read = Vec::new();
            flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut read).expect("gzip");
            assert!(read == bytes);
        }
        assert!(smallest_gzip(&bytes).expect("packed").len() < gzip(&bytes).expect("packed").len());
    }
}
