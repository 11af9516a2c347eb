//! How long an edit of a design takes to follow: check, plan, and what the map shows of it.
//!
//! It prints a time a line, in milliseconds; `cargo xtask bench` reads them.

use std::process::ExitCode;
use std::time::Instant;

use pki_core::design::{Design, DesignNode};
use pki_core::plan::{ItemId, Plan};

const USAGE: &str = "usage: plan --nodes N [--times N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let numbers = match words.as_slice() {
        ["--nodes", nodes] => nodes.parse().ok().zip(Some(1)),
        ["--nodes", nodes, "--times", times] => nodes.parse().ok().zip(times.parse().ok()),
        _ => None,
    };
    let Some((nodes, times)) = numbers else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let design = design(nodes);
    for _ in 0..times {
        let start = Instant::now();
        let Some(count) = follow(&design) else {
            eprintln!("plan: a cluster of {nodes} nodes has no plan: 1 to 5,000 have one");
            return ExitCode::from(2);
        };
        let time = start.elapsed();
        // So that none of it is left out.
        assert!(count > nodes, "there is a file for each node");
        println!("{:.3}", time.as_secs_f64() * 1000.0);
    }
    ExitCode::SUCCESS
}

/// One control plane, and workers that one row names.
fn design(nodes: usize) -> Design {
    let workers = DesignNode {
        name: format!("worker-[1-{}]", nodes.saturating_sub(1)),
        addresses: vec!["10.1.0.1+".to_owned()],
    };
    Design { workers: vec![workers], ..Design::default() }
}

/// All that follows an edit; gives how much that is.
fn follow(design: &Design) -> Option<usize> {
    let plan = Plan::new(design.check().0?);
    let blast = (0..plan.layout.authorities.len()).map(|index| plan.blast(ItemId(index)));
    Some(plan.files.len() + plan.flows().len() + plan.review().len() + blast.count())
}
