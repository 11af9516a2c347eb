//! A CA whose key is elsewhere: what goes out, and what is wrong with what comes back.

use std::fmt::Write;

use pki_core::outside::{Pending, PendingError, Refusal};
use pki_core::plan::Make;
use pki_core::verify::VerifyProblem;

use super::findings::Sentence;

/// Why a certificate that came back is not taken.
pub fn refused(refusal: &Refusal) -> Sentence {
    let (what, fix) = match refusal {
        Refusal::Stranger(subject) => (
            format!("The certificate of “{subject}” is for none of the keys that wait here."),
            "Give the certificates of these requests; a new request makes a new key.".to_owned(),
        ),
        Refusal::Unfit { item, problem } => {
            let (what, fix) = unfit(problem);
            (format!("The certificate for {item} {what}"), fix.to_owned())
        }
        _ => (
            "One of the certificates cannot be read.".to_owned(),
            "Give each as PEM, from BEGIN CERTIFICATE to END CERTIFICATE.".to_owned(),
        ),
    };
    Sentence { what, fix }
}

fn unfit(problem: &VerifyProblem) -> (&'static str, &'static str) {
    match problem {
        VerifyProblem::Subject => (
            "has another subject than its request.",
            "Have it signed again with the request's subject as it stands: it is the user and the \
             groups.",
        ),
        VerifyProblem::Issuer | VerifyProblem::Signature => (
            "is not signed by the CA that was given here.",
            "Have it signed by that CA, or start again with the certificate of the one that signed.",
        ),
        VerifyProblem::Validity => {
            ("is not valid now.", "Look at its dates, and at the clock of this machine.")
        }
        VerifyProblem::Names => (
            "lacks names that the request asks for.",
            "Have it signed with the subjectAltName of extensions.cnf; openssl leaves out what the \
             request asks for unless it is told.",
        ),
        VerifyProblem::Usage => (
            "has other usages or constraints than it needs.",
            "Have it signed with the extensions of extensions.cnf.",
        ),
        _ => ("cannot be used.", "Have it signed again from its request."),
    }
}

/// Why a file is not one of pending keys.
pub fn unreadable(error: &PendingError) -> Sentence {
    let (what, fix) = match error {
        PendingError::Archive(_) => (
            "This is no archive of keys that wait for certificates.".to_owned(),
            "Give the file whose name ends in -pending.tar.gz, whole and as it was made."
                .to_owned(),
        ),
        PendingError::Design => (
            "The archive holds no design that this version understands.".to_owned(),
            "Give the file whose name ends in -pending.tar.gz, not the requests.".to_owned(),
        ),
        PendingError::Key(path, error) => (
            format!("The key {path} cannot be read: {error}."),
            "Give the archive as it was made.".to_owned(),
        ),
        other => (
            format!("The archive is not complete: {other}."),
            "Give the archive as it was made.".to_owned(),
        ),
    };
    Sentence { what, fix }
}

/// Heading of keys that wait.
pub fn waits(requests: usize, authorities: &str) -> String {
    match requests {
        1 => format!("{authorities} has to sign 1 certificate"),
        _ => format!("{authorities} has to sign {requests} certificates"),
    }
}

/// Said when they begin to wait.
pub fn waiting(requests: usize) -> String {
    format!("The keys are made. {requests} requests can be downloaded and sent to the CA.")
}

/// How many certificates are missing.
pub fn missing(missing: usize, requests: usize) -> String {
    match missing {
        0 => "All certificates are here.".to_owned(),
        _ if missing == requests => "No certificate is here yet. These are missing:".to_owned(),
        _ => format!("{missing} of {requests} certificates are still missing:"),
    }
}

/// What to do first.
pub const SEND: &str = "Send the requests to whoever has the key of the CA. There is no secret in \
    them; a script for openssl is inside.";
/// Button.
pub const SEND_BUTTON: &str = "Download requests";
/// What to do then.
pub const KEEP: &str = "Keep the private keys, unless the certificates come back while this page \
    is open. With this file you can go on another day, on any machine.";
/// Button.
pub const KEEP_BUTTON: &str = "Download keys";
/// Field.
pub const SIGNED: &str = "Paste the signed certificates (PEM, all of them or some, in any order)";
/// Button.
pub const SIGNED_BUTTON: &str = "Take the certificates";
/// Beside a file.
pub const SIGNED_FILE: &str = "or choose a file:";
/// Field.
pub const PENDING: &str = "Go on with keys that wait for their certificates";
/// Its hint.
pub const PENDING_HINT: &str = "The file that ends in -pending.tar.gz. Its design takes the place \
    of the one in this form.";
/// A demo cannot.
pub const NO_DEMO: &str = "A demo makes everything itself, from its seed text, and the key of a CA \
    is elsewhere. Switch the demo off, or make that CA instead.";

/// A CA that was brought along without its key.
pub fn brought(name: &str) -> String {
    format!("{name} stays where it is: you get requests for it.")
}

/// The README of the requests.
pub fn requests_readme(pending: &Pending) -> String {
    let mut text = format!(
        "# Certificate requests of {}\n\
         \n\
         There is no secret in this folder.\n\
         Each `.csr` is a PKCS#10 request; `extensions.cnf` says what its certificate must hold.\n\
         Requests ask for the same, but a CA should look before it copies.\n",
        pending.plan.settings.cluster_name
    );
    for (ca, _) in asked(pending) {
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "\n## To be signed by {ca}\n\
             \n\
             With openssl, where the key of the CA is:\n\
             \n    sh sign.sh {ca} {ca}.crt {ca}.key\n\
             \nThen send `signed/{ca}.pem` back.\n"
        );
    }
    text
}

/// The README of the archive to keep.
pub fn pending_readme(pending: &Pending) -> String {
    let name = &pending.plan.settings.cluster_name;
    let mut text = format!(
        "# Keys of {name} that wait for their certificates\n\
         \n\
         Keep this archive: `keys/` holds private keys.\n\
         Only the folder `requests/` may be sent, to whoever has the key of the CA.\n\
         When the certificates are back, open this archive in PKI Workbench (Generate, “Use a CA that you \
         have”) and paste them, or in a terminal:\n\
         \n    issue --pending {name}-pending.tar.gz --signed CA.pem --out {name}-pki.tar.gz\n"
    );
    for (ca, items) in asked(pending) {
        let _ = writeln!(text, "\n## Waiting for {ca}\n");
        for item in items {
            let _ = writeln!(text, "- {item}");
        }
    }
    text
}

/// The CAs that are asked, and for what.
fn asked(pending: &Pending) -> Vec<(&str, Vec<&str>)> {
    let plan = &pending.plan;
    let name = |id| plan.item(id).map(|item| item.name.as_str()).unwrap_or_default();
    let outside = pending.brought.iter().filter(|ca| ca.key.is_none());
    outside
        .map(|ca| {
            let of = |id| plan.item(id).filter(|item| item.issuer() == Some(ca.item));
            let items = pending.items.iter().filter_map(|asked| of(asked.material.item));
            let items = items.map(|item| match &item.make {
                Make::Authority(authority) => authority.row.common_name,
                _ => item.name.as_str(),
            });
            (name(ca.item), items.collect())
        })
        .collect()
}
