//! The hosted form: the same page as separate files, for a web server.
//!
//! A browser can then compile the wasm as it arrives and keep it between visits. Each name holds
//! a hash of its content, so a server may let everything but `index.html` be cached for ever.

use crate::checkout::Checkout;
use crate::compile::Compiled;
use crate::page::{self, Parts};

/// The files of the folder: name and content, `index.html` first.
pub(crate) fn files(
    checkout: &Checkout,
    compiled: &Compiled,
) -> Result<Vec<(String, Vec<u8>)>, String> {
    let boot_text = checkout.public_text("boot.js")?;
    let boot_style = named("boot", "css", checkout.public_text("boot.css")?);
    let app_style = named("app", "css", checkout.public_text("app.css")?);
    let worker = named("worker", "js", format!("{}\n{boot_text}", compiled.glue));
    let glue = named("glue", "js", compiled.glue.clone());
    let boot = named("boot", "js", boot_text);
    let wasm = named("app", "wasm", compiled.wasm.clone());

    let styles = format!(
        "{}\n<link rel=\"stylesheet\" href=\"{}\">\n<link rel=\"stylesheet\" href=\"{}\">",
        page::icon_link(&checkout.public_text("favicon.svg")?),
        boot_style.0,
        app_style.0
    );
    let scripts = format!(
        "<script id=\"pki-boot\" src=\"{}\" data-wasm=\"{}\" data-worker=\"{}\"></script>\n\
         <script id=\"pki-glue\" src=\"{}\"></script>",
        boot.0, wasm.0, worker.0, glue.0
    );
    let parts = Parts { policy: POLICY.to_owned(), styles, scripts };
    let index = page::fill(&checkout.public_text("index.html")?, &parts)?;
    let index = ("index.html".to_owned(), index.into_bytes());
    Ok(vec![index, app_style, boot_style, boot, glue, wasm, worker])
}

fn named(stem: &str, extension: &str, content: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    let content = content.into();
    let hash = page::sha256_hex(&content);
    (format!("{stem}-{}.{extension}", &hash[..16]), content)
}

/// Everything from this server and nothing from or to any other: the page fetches its own wasm.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src data:; worker-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'";
