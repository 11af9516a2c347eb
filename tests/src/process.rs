//! Commands that end by themselves, with a bound on their time.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// No command of these tests takes longer on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// What a command did.
pub struct Outcome {
    /// Whether its exit status was 0.
    pub ok: bool,
    /// Its exit status, where it has one.
    pub status: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Outcome {
    /// The standard output of a command that must succeed.
    ///
    /// # Panics
    /// With both outputs when it failed.
    pub fn expect_ok(self, what: &str) -> String {
        assert!(self.ok, "{what}: {:?}\n{}{}", self.status, self.stdout, self.stderr);
        self.stdout
    }

    /// Both outputs of a command that must fail.
    ///
    /// # Panics
    /// When it succeeded.
    pub fn expect_refused(self, what: &str) -> String {
        assert!(!self.ok, "{what} was accepted:\n{}{}", self.stdout, self.stderr);
        self.stdout + &self.stderr
    }
}

/// Runs a command without input.
///
/// # Panics
/// When it cannot be started or takes longer than a minute.
pub fn run(command: &mut Command) -> Outcome {
    run_with(command, b"")
}

/// Runs a command with input.
///
/// # Panics
/// As [`run`].
pub fn run_with(command: &mut Command, input: &[u8]) -> Outcome {
    run_for(command, input, LIMIT)
}

/// Runs a command with input and a time limit of its own.
///
/// # Panics
/// When it cannot be started or takes longer.
pub fn run_for(command: &mut Command, input: &[u8], limit: Duration) -> Outcome {
    let what = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut stdin = child.stdin.take().expect("stdin was asked for");
    let input = input.to_vec();
    // A command that does not read its input closes the pipe; that is its right.
    thread::spawn(move || stdin.write_all(&input));
    let id = child.id();
    let waiter = thread::spawn(move || child.wait_with_output());
    let start = Instant::now();
    while !waiter.is_finished() {
        if start.elapsed() > limit {
            let _ = Command::new("kill").arg("-9").arg(id.to_string()).status();
            panic!("{what} took longer than {limit:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
    let output = waiter.join().expect("the waiter does not panic").expect("output was piped");
    outcome(&output)
}

fn outcome(output: &Output) -> Outcome {
    Outcome {
        ok: output.status.success(),
        status: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
