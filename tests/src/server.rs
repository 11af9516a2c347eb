//! Servers that run for the length of a test, on loopback only.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Servers on a busy machine with two cores need a while.
const LIMIT: Duration = Duration::from_secs(90);

/// A running server; it is stopped by its own process id when the value goes.
pub struct Server {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts a server with its output in `<folder>/<name>.log`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(name: &str, folder: &Path, command: &mut Command) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).expect("a log file in the test's folder");
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a second handle of the log"))
            .stderr(file)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self { name: name.to_owned(), child, log }
    }

    /// Waits until `ready` says so.
    ///
    /// # Panics
    /// With the last lines of the log when the server ends or the time is up.
    pub fn wait_until(&mut self, what: &str, mut ready: impl FnMut() -> bool) {
        let start = Instant::now();
        while !ready() {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("{} ended with {status} before {what}:\n{}", self.name, self.last_lines());
            }
            assert!(
                start.elapsed() < LIMIT,
                "{}: no {what} after {LIMIT:?}:\n{}",
                self.name,
                self.last_lines()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until something accepts connections at the address.
    ///
    /// # Panics
    /// As [`Self::wait_until`].
    pub fn wait_for_port(&mut self, address: SocketAddr) {
        let timeout = Duration::from_millis(500);
        self.wait_until("open port", || TcpStream::connect_timeout(&address, timeout).is_ok());
    }

    /// Waits until it has said this.
    ///
    /// # Panics
    /// As [`Self::wait_until`].
    pub fn wait_for_words(&mut self, words: &str) {
        let log = self.log.clone();
        let said = || fs::read_to_string(&log).is_ok_and(|text| text.contains(words));
        self.wait_until(words, said);
    }

    /// Everything that the server has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The end of the log.
    pub fn last_lines(&self) -> String {
        let text = self.log();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    /// Stops it, so that another can have its port.
    pub fn stop(&mut self) {
        // Already ended is as good as stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ports below those that Linux gives to outgoing connections (32,768 and up), so that no
/// connection takes one between the asking and the using.
const PORTS: Range<u16> = 20_000..32_000;

/// A port on loopback that was free a moment ago; never the same twice in one test program.
///
/// # Panics
/// When loopback has no free port.
pub fn free_port() -> u16 {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let count = u32::from(PORTS.end - PORTS.start);
    // Test programs that run side by side start at different places.
    let start = process::id().wrapping_mul(997);
    (0..count)
        .map(|_| start.wrapping_add(ASKED.fetch_add(1, Ordering::Relaxed)) % count)
        .filter_map(|offset| u16::try_from(offset).ok())
        .map(|offset| PORTS.start + offset)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("a free port on loopback")
}
