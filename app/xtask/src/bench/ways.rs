//! Ways to one result, taken in turn, and their times.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::checkout::Checkout;
use crate::process;

/// What is measured, and how often.
#[derive(Clone, Copy)]
pub(super) struct Selection<'a> {
    /// How often each way is taken.
    pub(super) runs: usize,
    /// A word of the names of the rows that are wanted.
    pub(super) only: Option<&'a str>,
}

impl Selection<'_> {
    /// Whether a row of this name is wanted.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.only.is_none_or(|word| name.to_lowercase().contains(&word.to_lowercase()))
    }

    /// As many runs as are bearable of what takes seconds.
    pub(super) fn few(&self) -> usize {
        self.runs.min(3)
    }
}

/// One way: what is to be timed.
pub(super) type Way<'a> = Box<dyn FnMut() -> Result<(), String> + 'a>;
/// The time of each run in milliseconds, or why a way cannot be taken.
pub(super) type Samples = Result<Vec<f64>, String>;

/// Takes all ways in turn, so many times: a slow minute of the machine meets them all. A way that
/// fails is not taken again, and the others go on.
pub(super) fn in_turn(runs: usize, mut ways: Vec<Way<'_>>) -> Vec<Samples> {
    let mut samples: Vec<Samples> = ways.iter().map(|_| Ok(Vec::with_capacity(runs))).collect();
    for _ in 0..runs {
        for (way, samples) in ways.iter_mut().zip(&mut samples) {
            let Ok(times) = samples else { continue };
            let start = Instant::now();
            match way() {
                Ok(()) => times.push(start.elapsed().as_secs_f64() * 1000.0),
                Err(error) => *samples = Err(error),
            }
        }
    }
    samples
}

/// Builds an example of the library as it is released; gives its program.
pub(super) fn build_example(checkout: &Checkout, name: &str) -> Result<PathBuf, String> {
    let mut cargo = process::cargo();
    cargo.current_dir(checkout.root()).args(["build", "--release", "--locked"]);
    cargo.args(["--package", "pki-core", "--example", name]);
    cargo.args(["--message-format", "json-render-diagnostics"]);
    process::output(&mut cargo)?
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| "cargo built the example but named no program".to_owned())
}

/// Runs a command whose output is not wanted.
pub(super) fn quiet(command: &mut Command) -> Result<(), String> {
    said(command).map(|_| ())
}

/// Runs a command and gives what it wrote; what it complains of is told only when it fails.
pub(super) fn said(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{:?} ended with {}: {said}", command.get_program(), output.status))
}

/// Runs a command as [`quiet`], and gives the most memory that it held at once, in bytes; `None`
/// where the system does not tell.
pub(super) fn peak_memory(command: &mut Command) -> Result<Option<u64>, String> {
    let program = format!("{:?}", command.get_program());
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let mut peak = None;
    loop {
        // The kernel keeps the high-water mark itself, so looking now and then is enough.
        peak = high_water(&child).max(peak);
        match child.try_wait() {
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            Ok(Some(status)) if status.success() => return Ok(peak),
            Ok(Some(status)) => return Err(format!("{program} ended with {status}")),
            Err(error) => return Err(format!("{program}: {error}")),
        }
    }
}

/// Linux: the line `VmHWM:   12345 kB`.
fn high_water(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// A folder for what is measured, which goes with the value.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new(name: &str) -> Result<Self, String> {
        let folder = format!("pki-bench-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(folder))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind they are only some test keys in the folder for passing things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn ways_are_taken_in_turn_and_one_that_fails_no_more() {
        let taken = RefCell::new(String::new());
        let way = |letter: char, fails: bool| -> Way<'_> {
            let taken = &taken;
            Box::new(move || {
                taken.borrow_mut().push(letter);
                if fails { Err("no".to_owned()) } else { Ok(()) }
            })
        };
        let samples = in_turn(3, vec![way('a', false), way('b', true), way('c', false)]);
        assert_eq!(*taken.borrow(), "abcacac");
        let counts: Vec<_> = samples.iter().map(|times| times.as_ref().map(Vec::len)).collect();
        assert_eq!(counts, [Ok(3), Err(&"no".to_owned()), Ok(3)]);
    }

    #[test]
    fn a_word_selects_rows() {
        let all = Selection { runs: 10, only: None };
        assert!(all.wants("anything") && all.few() == 3);
        let some = Selection { runs: 2, only: Some("rsa") };
        assert!(some.wants("RSA-2048 key") && !some.wants("P-256 layout") && some.few() == 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn knows_how_much_memory_a_command_took() {
        let mut command = Command::new("sh");
        command.args(["-c", "a=$(head -c 30000000 /dev/zero | tr '\\0' a); sleep 0.05; : $a"]);
        let peak = peak_memory(&mut command).expect("it runs").expect("Linux tells");
        assert!((30_000_000..300_000_000).contains(&peak), "{peak}");
        assert!(peak_memory(Command::new("sh").args(["-c", "exit 3"])).is_err());
    }
}
