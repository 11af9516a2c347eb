//! A CA that is brought along: why it cannot be taken, and what would be right.

use pki_core::issue::{BringError, Brought};
use pki_core::key::KeyError;
use time::OffsetDateTime;

use super::findings::Sentence;

/// Why a certificate and a key cannot be a CA of the plan.
pub fn refused(error: &BringError) -> Sentence {
    let (what, fix) = match error {
        BringError::NoSuchAuthority(names) => (
            "The layout has no CA of this name.".to_owned(),
            format!("It has {}.", names.join(", ")),
        ),
        BringError::IsBelow => (
            "The design puts this CA below another one, which would have to sign it.".to_owned(),
            "Take out its `below`, or bring the CA above it instead.".to_owned(),
        ),
        BringError::IsConstrained => (
            "The design gives this CA name constraints, and a certificate that is brought has its \
             own or none."
                .to_owned(),
            "Take the names out of the CA's row; those of the certificate are held to anyway."
                .to_owned(),
        ),
        BringError::Pkcs12 => (
            "This is a PKCS#12 file, which is under a passphrase.".to_owned(),
            "Unpack it first: openssl pkcs12 -in ca.p12 -nodes -out ca.pem".to_owned(),
        ),
        BringError::Count(count) => (
            format!("There are {count} certificates in the file, and a CA is one."),
            "Give the CA's own certificate alone, without the chain above it.".to_owned(),
        ),
        BringError::Malformed => (
            "The certificate cannot be read.".to_owned(),
            "Give it as PEM, from BEGIN CERTIFICATE to END CERTIFICATE.".to_owned(),
        ),
        BringError::Version => (
            "This is a certificate of an old version, which cannot say that it is a CA's; Go \
             refuses what it signs."
                .to_owned(),
            "Make it again as version 3, with basicConstraints CA:TRUE.".to_owned(),
        ),
        BringError::NotAuthority => (
            "This certificate is no CA's: its basicConstraints do not say CA:TRUE.".to_owned(),
            "Give the certificate of the CA, not one that it signed.".to_owned(),
        ),
        BringError::NoCertSign => (
            "The CA may not sign certificates: its keyUsage lacks keyCertSign.".to_owned(),
            "Have it made again with keyCertSign.".to_owned(),
        ),
        BringError::PathLength { allowed } => (
            format!("The CA allows {allowed} CAs below it, and the design has more."),
            "Bring a CA with a larger pathLenConstraint, or put fewer CAs below it.".to_owned(),
        ),
        BringError::NotValid { start, end } => (
            format!("The CA is valid from {} to {}, and not now.", day(*start), day(*end)),
            "Have it renewed, or set the clock right.".to_owned(),
        ),
        BringError::Purpose => (
            "The CA's extendedKeyUsage does not cover what it would have to sign, and Go refuses \
             such certificates."
                .to_owned(),
            "Have it made again without extendedKeyUsage, or with serverAuth and clientAuth."
                .to_owned(),
        ),
        BringError::Name { name, item } => (
            format!("The CA's name constraints forbid {name}, which stands in {item}."),
            "Have the constraints widened, or change the names in the design.".to_owned(),
        ),
        BringError::Ed25519 => (
            "The CA's key is Ed25519, which kubeadm and service accounts refuse.".to_owned(),
            "Use a CA with an ECDSA or RSA key.".to_owned(),
        ),
        BringError::SameSubject { other } => (
            format!("The CA has the same subject as the CA {other}; verifiers mix them up."),
            "Give the other one another commonName in the design.".to_owned(),
        ),
        BringError::Key(KeyError::Passphrase) => (
            "The key is under a passphrase.".to_owned(),
            "Take it off first: openssl pkey -in ca.key -out ca-plain.key".to_owned(),
        ),
        BringError::Key(error) => (
            format!("The key cannot be read: {error}."),
            "Give it as PEM: RSA with 2048, 3072 or 4096 bits, or ECDSA on P-256 or P-384."
                .to_owned(),
        ),
        BringError::KeyNeeded { path } => (
            format!(
                "Only the certificate was given, and the design puts the CA's key into {path}."
            ),
            "Give the key too; or have CA keys go into the vault, and take off the hand-overs of \
             this CA."
                .to_owned(),
        ),
        BringError::KeyMismatch => (
            "The key is not that of the certificate.".to_owned(),
            "Give the two files that belong together.".to_owned(),
        ),
        other => (format!("The CA cannot be used: {other}."), "Use another one.".to_owned()),
    };
    Sentence { what, fix }
}

/// What is worth knowing about a CA that was taken.
pub fn taken(brought: &Brought) -> Vec<String> {
    let ends = brought.ends.map(|end| {
        format!(
            "The CA ends on {}, and certificates end with it at the latest. Renew it in time.",
            day(end)
        )
    });
    let limited = brought.limited.then(|| {
        "The CA has an extended key usage, which Go and OpenSSL take for a limit on all that it \
         signs. It covers what the design has now; have the CA renewed without it."
            .to_owned()
    });
    ends.into_iter().chain(limited).collect()
}

fn day(moment: OffsetDateTime) -> String {
    moment.date().to_string()
}
