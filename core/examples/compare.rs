//! Two layouts side by side, from the terminal: design → plan, twice → compare.

use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

use pki_core::compare::compare;
use pki_core::design::{Design, LINK_KEY, LayoutName, Severity};
use pki_core::plan::Plan;
use pki_text::en;

const USAGE: &str = "\
usage: compare ONE OTHER

ONE and OTHER are each a layout (kubeadm, five-flows, single-ca, hard-way, master-etc, k3s,
cluster-api), a file with a design or with kubeadm's configuration, or a link that carries a design.
A layout beside a design has that design's machines and choices.
What differs is printed as Markdown.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--help" | "-h"] => println!("{USAGE}"),
        [one, other] => match run(one, other) {
            Ok(text) => print!("{text}"),
            Err(error) => {
                eprintln!("compare: {error}");
                return ExitCode::from(2);
            }
        },
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn run(one: &str, other: &str) -> Result<String, Box<dyn Error>> {
    let sides = [one, other].map(|name| (name, LayoutName::from_name(name)));
    let designs = sides.map(|(name, layout)| match layout {
        Some(_) => Ok(None),
        None => read(name).map(Some),
    });
    let [left, right] = designs;
    let (left, right) = (left?, right?);
    // A layout by itself takes the machines of the design beside it.
    let base = left.as_ref().or(right.as_ref()).cloned().unwrap_or_default();
    let plan = |design: Option<Design>, (name, layout): (&str, Option<LayoutName>)| {
        let design = match (design, layout) {
            (Some(design), _) => design,
            (None, layout) => base.in_layout(layout.unwrap_or(LayoutName::Kubeadm)),
        };
        let (settings, findings) = design.check();
        for finding in findings.iter().filter(|found| found.severity() == Severity::Error) {
            let sentence = en::findings::finding(finding);
            eprintln!("error: {name}: {}: {sentence}", finding.place);
        }
        settings.map(Plan::new).ok_or_else(|| format!("{name} has errors; nothing to compare"))
    };
    let (left, right) = (plan(left, sides[0])?, plan(right, sides[1])?);
    let tables = en::compare::tables(&left, &right, &compare(&left, &right));
    let names = (en::compare::side(&left), en::compare::side(&right));
    Ok(en::compare::markdown((&names.0, &names.1), &tables))
}

fn read(name: &str) -> Result<Design, Box<dyn Error>> {
    if name.contains(LINK_KEY) {
        let refused = |error| en::findings::document(&error).to_string();
        return Ok(Design::from_link(name).map_err(refused)?);
    }
    let text = fs::read_to_string(name)
        .map_err(|error| format!("{name} is no layout, and cannot be read: {error}"))?;
    let (design, left) = Design::read(&text).map_err(|error| format!("{name}: {error}"))?;
    for finding in &left {
        eprintln!("warning: {name}: {}: {}", finding.place, en::findings::finding(finding));
    }
    Ok(design)
}
