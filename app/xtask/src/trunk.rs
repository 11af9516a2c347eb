//! `cargo xtask pack`: what `Trunk.toml` calls after Trunk has prepared its page.
//!
//! Trunk watches, serves and reloads; compiling and packing stay here, so that the page under
//! Trunk starts exactly as the published one does.

use std::fs;
use std::path::PathBuf;

use crate::checkout::{self, Checkout};
use crate::compile::{self, Profile};
use crate::{hosted, packed};

/// Fills Trunk's staging folder, which Trunk names in the environment.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    if let Some(option) = options.first() {
        return Err(format!("pack takes no options, not {option:?}"));
    }
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or(
        "TRUNK_STAGING_DIR is not set: `trunk serve` calls this; without Trunk use \
         `cargo xtask serve`",
    )?;
    let page = staging.join("index.html");
    let template =
        fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;

    let compiled = compile::compile(checkout, Profile::Serve)?;
    for (name, content) in hosted::files_for_trunk(checkout, &template, &compiled)? {
        checkout::write(&staging.join(name), &content)?;
    }
    let packed = packed::pack(checkout, &compiled, packed::Effort::Quick)?;
    checkout::write(&staging.join(packed::FILE_NAME), packed.as_bytes())
}
