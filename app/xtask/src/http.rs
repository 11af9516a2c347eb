//! A web server for a handful of files held in memory, for this machine only.
//!
//! Reading and answering one GET request per connection is all that a browser needs to open the
//! page, so no web framework has to be compiled before the first look at the workbench.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Path (with its leading slash) to content.
pub(crate) type Site = BTreeMap<String, Vec<u8>>;

/// A listener on loopback: on `port`, or on the next free one after it.
pub(crate) fn listen(port: u16) -> Result<(TcpListener, u16), String> {
    let last = port.saturating_add(PORTS_TRIED);
    for candidate in port..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)) {
            Ok(listener) => {
                let port = listener.local_addr().map_err(|error| error.to_string())?.port();
                return Ok((listener, port));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(format!("cannot listen on 127.0.0.1:{candidate}: {error}")),
        }
    }
    Err(format!("ports {port} to {last} are all in use: choose one with --port"))
}

/// Answers requests until the process is stopped.
pub(crate) fn serve(listener: &TcpListener, site: Site) {
    let site = Arc::new(site);
    for connection in listener.incoming().flatten() {
        let site = Arc::clone(&site);
        // One thread each: a browser holds connections open that it may never use.
        std::thread::spawn(move || answer(connection, &site));
    }
}

fn answer(mut connection: TcpStream, site: &Site) -> Option<()> {
    connection.set_read_timeout(Some(PATIENCE)).ok()?;
    connection.set_write_timeout(Some(PATIENCE)).ok()?;
    let request = read_head(&connection)?;
    let mut words = request.split_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let path = target.split(['?', '#']).next()?;
    let path = if path == "/" { "/index.html" } else { path };
    let (status, content) = match (method, site.get(path)) {
        ("GET" | "HEAD", Some(content)) => ("200 OK", content.as_slice()),
        ("GET" | "HEAD", None) => ("404 Not Found", b"not found\n".as_slice()),
        _ => ("405 Method Not Allowed", b"only GET\n".as_slice()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        if status.starts_with("200") { media_type(path) } else { "text/plain" },
        content.len()
    );
    connection.write_all(head.as_bytes()).ok()?;
    if method != "HEAD" {
        connection.write_all(content).ok()?;
    }
    Some(())
}

/// The request line, once the whole head has come.
fn read_head(connection: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(connection.take(HEAD_LIMIT)).lines();
    let request = lines.next()?.ok()?;
    for line in lines {
        if line.ok()?.is_empty() {
            return Some(request);
        }
    }
    None
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

const PORTS_TRIED: u16 = 50;
const PATIENCE: Duration = Duration::from_secs(10);
const HEAD_LIMIT: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn get(request: &str) -> String {
        let (listener, port) = listen(0).expect("port 0 means any free port");
        let site = Site::from([("/index.html".to_owned(), b"hello".to_vec())]);
        std::thread::spawn(move || serve(&listener, site));
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("it listens");
        connection.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("it answers and closes");
        answer
    }

    #[test]
    fn serves_the_index_at_the_root() {
        let answer = get("GET /?x HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("Content-Type: text/html; charset=utf-8\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
    }

    #[test]
    fn answers_404_and_405() {
        assert!(get("GET /../Cargo.toml HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
        assert!(get("POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn takes_the_next_port_when_one_is_in_use() {
        let (held, port) = listen(20_000).expect("some port of 51 is free");
        let (_, next) = listen(port).expect("some port of 51 is free");
        assert!(next > port);
        drop(held);
    }
}
