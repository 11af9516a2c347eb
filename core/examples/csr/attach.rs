//! `csr attach`: certificate and key to a kubeconfig.

use std::path::Path;

use pki_core::request::{AttachedServer, Parked, attach};
use pki_core::review::{Surroundings, UntrustedRequest, read_objects};
use pki_core::sign::certificate_from_object;
use pki_text::en::explain::shown;
use pki_text::en::review as text;

use crate::failure::Failure;
use crate::options::{Options, print, read_file, read_key, read_passphrase, read_text, write_file};

const KNOWN: &[&str] = &[
    "--key",
    "--parked",
    "--passphrase",
    "--ca",
    "--signing-ca",
    "--server",
    "--cluster",
    "--request",
    "--now",
    "--out",
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::read(arguments, KNOWN, &["--by-path"])?;
    let certificate = certificate(&options.input()?)?;
    let (key, parked) = match options.one("--parked") {
        None => (read_key(options.required("--key")?)?, None),
        Some(path) => {
            let passphrase = read_passphrase(options.required("--passphrase")?)?;
            let parked = Parked::read(&read_text(path)?, &passphrase)
                .map_err(|error| Failure::input(path, &error))?;
            (parked.key, parked.request)
        }
    };
    let request = match options.one("--request") {
        None => parked,
        Some(path) => Some(
            UntrustedRequest::from_pem(&read_file(path)?)
                .map_err(|error| Failure::Input(format!("{path}: {error:?}")))?,
        ),
    };
    let server = AttachedServer {
        cluster: options.one("--cluster").unwrap_or("kubernetes").to_owned(),
        server: options.required("--server")?.to_owned(),
        ca: read_text(options.required("--ca")?)?,
        signing_ca: match options.one("--signing-ca") {
            None => String::new(),
            Some(path) => read_text(path)?,
        },
        by_path: options.one("--by-path").is_some(),
    };
    let attached = attach(&certificate, &key, request.as_ref(), &server, options.now()?)
        .map_err(|error| Failure::Refused(text::attach_error(&error)))?;
    eprintln!("user: {}", shown(&attached.user));
    for group in &attached.groups {
        eprintln!("group: {}", shown(group));
    }
    eprintln!("valid until: {}", text::moment(attached.not_after));
    eprintln!("{}", attached.credential_id);
    match options.one("--out") {
        None => print(&attached.kubeconfig),
        Some(path) => write_file(Path::new(path), &attached.kubeconfig, true),
    }
}

/// PEM, base64 of it as `status.certificate` holds it, or the whole object.
fn certificate(input: &[u8]) -> Result<Vec<u8>, Failure> {
    if input.windows(11).any(|window| window == b"-----BEGIN ") {
        return Ok(input.to_vec());
    }
    let blob = String::from_utf8_lossy(input);
    let blob = serde_json::json!({ "status": { "certificate": blob.trim() } });
    if let Some(pem) = certificate_from_object(&blob) {
        return Ok(pem);
    }
    let objects = read_objects(input, &Surroundings::default())
        .map_err(|error| Failure::Input(text::input_error(&error)))?;
    objects.iter().find_map(certificate_from_object).ok_or_else(|| {
        Failure::Input("there is no status.certificate: is the request approved?".to_owned())
    })
}
