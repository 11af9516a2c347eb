//! `cargo xtask serve`: the first command that anybody runs.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::checkout::{self, Checkout};
use crate::compile::{self, Profile};
use crate::{http, packed};

/// Builds quickly, writes the packed file and serves it on loopback.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    let options = Options::parse(options)?;
    let start = Instant::now();
    let compiled = compile::compile(checkout, Profile::Serve)?;
    let page = packed::pack(checkout, &compiled, packed::Effort::Quick)?;
    let file = checkout.dist().join("serve").join(packed::FILE_NAME);
    checkout::write(&file, page.as_bytes())?;

    let (listener, port) = http::listen(options.port)?;
    if port != options.port && options.port != ANY_PORT {
        println!("Port {} is in use, so this is on {port}.", options.port);
    }
    let address = format!("http://127.0.0.1:{port}/");
    println!(
        "Built in {:.1} s. This is the quick build; `cargo xtask dist` makes the small one.",
        start.elapsed().as_secs_f64()
    );
    println!("Packed file: {}", file.display());
    println!("Serving at:  {address}   (Ctrl-C to stop)");
    if options.open {
        open_browser(&address);
    }
    http::serve(&listener, http::Site::from([("/index.html".to_owned(), page.into_bytes())]));
    Ok(())
}

struct Options {
    port: u16,
    open: bool,
}

impl Options {
    fn parse(mut words: &[&str]) -> Result<Self, String> {
        let mut options = Self { port: DEFAULT_PORT, open: false };
        loop {
            words = match words {
                [] => return Ok(options),
                ["--open", rest @ ..] => {
                    options.open = true;
                    rest
                }
                ["--port", number, rest @ ..] => {
                    options.port = number.parse().map_err(|_| {
                        format!("--port {number:?} is not a number from 0 to 65535")
                    })?;
                    rest
                }
                [other, ..] => return Err(format!("serve: {other:?}: only --port N and --open")),
            };
        }
    }
}

/// Opening a browser is a courtesy: the address is printed anyway, so failure is only told.
fn open_browser(address: &str) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut explorer = Command::new("cmd");
        explorer.args(["/C", "start", ""]);
        explorer
    } else {
        Command::new("xdg-open")
    };
    let child = command
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = child {
        eprintln!("Cannot open a browser ({error}): open the address above yourself.");
    }
}

const DEFAULT_PORT: u16 = 8088;
/// With `--port 0` the system chooses a free one.
const ANY_PORT: u16 = 0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_options_in_any_order() {
        let options = Options::parse(&["--open", "--port", "9000"]).expect("both are known");
        assert!(options.open);
        assert_eq!(options.port, 9000);
    }

    #[test]
    fn says_what_is_wrong_with_a_port() {
        let error = Options::parse(&["--port", "70000"]).err().expect("is too large");
        assert!(error.contains("70000"), "{error}");
        assert!(Options::parse(&["--port"]).is_err());
    }
}
