//! What follows an edit, without the page: the check of the design, its plan, and what the map
//! shows of it, for small and large clusters.

use std::process::Command;

use super::figures::Row;
use super::native::nodes;
use super::ways::{Selection, build_example, said};
use crate::checkout::Checkout;

/// Measures inside one process: the times are too short to start one for each.
pub(super) fn rows(checkout: &Checkout, selection: Selection<'_>) -> Result<Vec<Row>, String> {
    let title = |count: usize| format!("plan and map of {}, native", nodes(count));
    let wanted: Vec<_> =
        NODES.into_iter().filter(|count| selection.wants(&title(*count))).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let program = build_example(checkout, "plan")?;
    wanted
        .into_iter()
        .map(|count| {
            println!("Measuring: {} ...", title(count));
            let mut command = Command::new(&program);
            command.args(["--nodes", &count.to_string(), "--times", &selection.runs.to_string()]);
            let samples = said(&mut command).and_then(|text| read(&text));
            Ok(Row::time(&title(count), samples, None))
        })
        .collect()
}

/// A time in milliseconds a line.
fn read(text: &str) -> Result<Vec<f64>, String> {
    let times = text.lines().map(str::parse::<f64>);
    times.collect::<Result<_, _>>().map_err(|error| format!("the example wrote {text:?}: {error}"))
}

const NODES: [usize; 3] = [3, 300, 5_000];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_time_a_line() {
        assert_eq!(read("1.5\n20\n"), Ok(vec![1.5, 20.0]));
        assert!(read("1.5 ms\n").is_err());
    }
}
