//! `cargo xtask dist`: what is published, the same bytes for the same commit.

use std::fs;
use std::path::Path;

use crate::checkout::{self, Checkout};
use crate::compile::{self, Compiled, Profile};
use crate::packed::Effort;
use crate::{hosted, optimize, packed, page, size};

/// Builds and writes `dist/`.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    if let Some(option) = options.first() {
        return Err(format!("dist takes no options, not {option:?}"));
    }
    let dist = checkout.dist();
    let compiled = compile::compile(checkout, Profile::Dist)?;
    let (wasm, optimizer) = optimize::optimize(checkout, compiled.wasm)?;
    let compiled = Compiled { glue: compiled.glue, wasm };

    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    }
    let page = packed::pack(checkout, &compiled, Effort::Smallest)?;
    let mut files = vec![(packed::FILE_NAME.to_owned(), page.into())];
    for (name, content) in hosted::files(checkout, &compiled)? {
        files.push((format!("hosted/{name}"), content));
    }
    write_all(&dist, &mut files)?;

    print!("{}", size::table(&size::measure(checkout)?));
    println!("wasm-opt: {optimizer}");
    println!("packed:   {}", dist.join(packed::FILE_NAME).display());
    println!("hosted:   {}", dist.join("hosted").display());
    println!("sums:     {}", dist.join(SUMS).display());
    Ok(())
}

fn write_all(dist: &Path, files: &mut [(String, Vec<u8>)]) -> Result<(), String> {
    files.sort();
    let mut sums = String::new();
    for (name, content) in files.iter() {
        checkout::write(&dist.join(name), content)?;
        sums.push_str(&format!("{}  {name}\n", page::sha256_hex(content)));
    }
    checkout::write(&dist.join(SUMS), sums.as_bytes())
}

const SUMS: &str = "SHA256SUMS";
