//! `cargo xtask dist`: what is published, the same bytes for the same commit.

use std::fs;
use std::path::{Path, PathBuf};

use crate::checkout::{self, Checkout};
use crate::compile::{self, Compiled, Profile};
use crate::packed::Effort;
use crate::{hosted, optimize, packed, page, size};

/// Builds and writes `dist/`, unless it holds what would be written.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    if let Some(option) = options.first() {
        return Err(format!("dist takes no options, not {option:?}"));
    }
    let dist = checkout.dist();
    let compiled = compile::compile(checkout, Profile::Dist)?;
    let source = source(checkout, &compiled)?;
    if is_made_from(checkout, &source) {
        println!("{} is up to date", dist.display());
        return Ok(());
    }
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
    checkout::write(&stamp(checkout), source.as_bytes())?;

    print!("{}", size::table(&size::measure(checkout)?));
    println!("wasm-opt: {optimizer}");
    println!("packed:   {}", dist.join(packed::FILE_NAME).display());
    println!("hosted:   {}", dist.join("hosted").display());
    println!("sums:     {}", dist.join(SUMS).display());
    Ok(())
}

/// A hash of all that `dist/` is made from: what was compiled, `public/`, the tool that packs it,
/// and wasm-opt.
fn source(checkout: &Checkout, compiled: &Compiled) -> Result<String, String> {
    let tool = std::env::current_exe().map_err(|error| format!("this program: {error}"))?;
    let mut paths = vec![tool];
    let public = checkout.root().join("public");
    let entries =
        fs::read_dir(&public).map_err(|error| format!("{}: {error}", public.display()))?;
    let mut assets: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    assets.sort();
    paths.extend(assets);
    let mut text = page::sha256_hex(&compiled.wasm) + &page::sha256_hex(compiled.glue.as_bytes());
    for path in paths {
        let content = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        text += &format!("{} {}", path.display(), page::sha256_hex(&content));
    }
    text += &optimize::version(checkout)?.unwrap_or_default();
    Ok(page::sha256_hex(text.as_bytes()))
}

/// Whether `dist/` was made from this, and every file in it is as it was made.
fn is_made_from(checkout: &Checkout, source: &str) -> bool {
    let dist = checkout.dist();
    let is_as_made = |line: &str| {
        let (sum, name) = line.split_once("  ")?;
        Some(page::sha256_hex(&fs::read(dist.join(name)).ok()?) == sum)
    };
    fs::read_to_string(stamp(checkout)).is_ok_and(|made_from| made_from == source)
        && fs::read_to_string(dist.join(SUMS))
            .is_ok_and(|sums| sums.lines().all(|line| is_as_made(line) == Some(true)))
}

/// Beside what cargo builds: nothing but what is published is in `dist/`.
fn stamp(checkout: &Checkout) -> PathBuf {
    checkout.root().join("target/dist-made-from")
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
