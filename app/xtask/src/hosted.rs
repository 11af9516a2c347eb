//! The hosted form: the same page as separate files, for a web server.
//!
//! A browser can then compile the wasm as it arrives and keep it between visits. Each name holds
//! a hash of its content, so a server may let everything but `index.html` be cached for ever.

use crate::checkout::Checkout;
use crate::compile::Compiled;
use crate::page::{self, Parts};

/// The files of the folder that is published.
pub(crate) fn files(
    checkout: &Checkout,
    compiled: &Compiled,
) -> Result<Vec<(String, Vec<u8>)>, String> {
    files_around(checkout, &checkout.public_text("index.html")?, POLICY, compiled)
}

/// The files that Trunk serves, around the page that Trunk has put its reloading script into.
pub(crate) fn files_for_trunk(
    checkout: &Checkout,
    template: &str,
    compiled: &Compiled,
) -> Result<Vec<(String, Vec<u8>)>, String> {
    files_around(checkout, template, TRUNK_POLICY, compiled)
}

fn files_around(
    checkout: &Checkout,
    template: &str,
    policy: &str,
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
    let parts = Parts { policy: policy.to_owned(), styles, scripts };
    let index = page::fill(template, &parts)?;
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

/// While working on the app: the reloading script changes with the port, and wants a web socket.
const TRUNK_POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline' \
                            'wasm-unsafe-eval'; style-src 'self'; img-src data:; \
                            worker-src 'self'; connect-src 'self' ws:; base-uri 'none'; \
                            form-action 'none'";
