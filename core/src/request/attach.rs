//! A signed certificate and the key it was asked for with → a kubeconfig.

use std::fmt;

use zeroize::Zeroizing;

use super::issued::Issued;
use crate::bundle::{Credential, KubeconfigDocument, Login};
use crate::key::{KeyError, PrivateKey, PublicKey};
use crate::review::pkcs10::asn1::Asn1Error;
use crate::review::pkcs10::pem::first_block;
use crate::review::{Authority, UntrustedRequest};

/// Where a kubeconfig leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedServer {
    /// The cluster's name.
    pub cluster: String,
    /// The server's URL.
    pub server: String,
    /// The CA behind the server as PEM, one certificate.
    pub ca: String,
    /// The CA that signs for clients, where that is another one; else empty.
    pub signing_ca: String,
    /// Whether the kubeconfig names `cert.pem` and `key.pem` beside it instead of holding them.
    pub by_path: bool,
}

/// Why a certificate is not attached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttachError {
    /// There is no PEM block `CERTIFICATE`.
    NoCertificate,
    /// The certificate cannot be read.
    Malformed(Asn1Error),
    /// The certificate is over another key.
    KeyMismatch,
    /// The request is for another key.
    RequestKey,
    /// The certificate says something else than the request: the subject, or the names.
    RequestDiffers {
        /// What was asked for.
        asked: String,
        /// What was signed.
        signed: String,
    },
    /// The CA cannot be read.
    Ca,
    /// The certificate names another issuer than the CA.
    Issuer,
    /// The certificate is not signed by the CA.
    Signature(KeyError),
    /// The certificate cannot be used by a client.
    NoClientAuth,
    /// Expired at this moment (Unix seconds).
    Expired(i64),
    /// Not valid before this moment (Unix seconds).
    NotYetValid(i64),
    /// The server's URL is none of https.
    Server(String),
    /// The key cannot be written.
    Key(KeyError),
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for AttachError {}

/// What came of it.
pub struct Attached {
    /// The kubeconfig, with key and certificate embedded.
    pub kubeconfig: Zeroizing<String>,
    /// The user that the API server will see.
    pub user: String,
    /// The groups that it will see, besides `system:authenticated`.
    pub groups: Vec<String>,
    /// From when on it is valid, Unix seconds.
    pub not_before: i64,
    /// When it must be renewed, Unix seconds.
    pub not_after: i64,
    /// `X509SHA256=…` in audit logs.
    pub credential_id: String,
}

/// Checks a certificate against the key, the request and the CA, and writes a kubeconfig.
///
/// Names are those of the container.training course: user `cert:jean.doe`, context `jean.doe`.
///
/// # Errors
/// The first [`AttachError`] found; nothing is written then.
pub fn attach(
    certificate: &[u8],
    key: &PrivateKey,
    request: Option<&UntrustedRequest>,
    server: &AttachedServer,
    now: i64,
) -> Result<Attached, AttachError> {
    let block = first_block(certificate)
        .filter(|block| block.label == b"CERTIFICATE")
        .ok_or(AttachError::NoCertificate)?;
    let issued = Issued::read(&block.content).map_err(AttachError::Malformed)?;
    if issued.spki != key.public_key().spki_der() {
        return Err(AttachError::KeyMismatch);
    }
    if let Some(request) = request {
        check_request(&issued, request)?;
    }
    let ca = Authority::from_pem(&server.ca).map_err(|_| AttachError::Ca)?;
    let ca = match server.signing_ca.trim() {
        "" => ca,
        signing => Authority::from_pem(signing).map_err(|_| AttachError::Ca)?,
    };
    check_ca(&issued, &ca)?;
    if !issued.client_auth {
        return Err(AttachError::NoClientAuth);
    }
    if now > issued.not_after {
        return Err(AttachError::Expired(issued.not_after));
    }
    if now < issued.not_before {
        return Err(AttachError::NotYetValid(issued.not_before));
    }
    let is_url = server.server.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
    if !is_url || server.server.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(AttachError::Server(server.server.clone()));
    }
    let user = String::from_utf8_lossy(&issued.subject.common_name).into_owned();
    let key_pem = key.kubernetes_pem().map_err(AttachError::Key)?;
    let document = KubeconfigDocument {
        cluster: &server.cluster,
        context: &user,
        user: &format!("cert:{user}"),
        server: &server.server,
        ca: Credential::Data(&server.ca),
        // All blocks: intermediates belong behind the leaf.
        login: Login::Certificate {
            certificate: match server.by_path {
                true => Credential::Path("cert.pem"),
                false => Credential::Data(&String::from_utf8_lossy(certificate)),
            },
            key: match server.by_path {
                true => Credential::Path("key.pem"),
                false => Credential::Data(&key_pem),
            },
        },
        preferences: false,
    };
    let groups = issued.subject.organizations.iter();
    Ok(Attached {
        kubeconfig: Zeroizing::new(document.to_yaml()),
        groups: groups.map(|group| String::from_utf8_lossy(group).into_owned()).collect(),
        user,
        not_before: issued.not_before,
        not_after: issued.not_after,
        credential_id: crate::sign::credential_id(&block.content),
    })
}

fn check_request(issued: &Issued, request: &UntrustedRequest) -> Result<(), AttachError> {
    if request.spki != issued.spki {
        return Err(AttachError::RequestKey);
    }
    let shown = |subject: &crate::review::pkcs10::Subject, names: Vec<String>| {
        [vec![subject.to_rfc4514()], names].concat().join(" ")
    };
    let asked = shown(&request.subject, request.sans.to_texts());
    let signed = shown(&issued.subject, issued.sans.to_texts());
    if asked == signed { Ok(()) } else { Err(AttachError::RequestDiffers { asked, signed }) }
}

fn check_ca(issued: &Issued, ca: &Authority) -> Result<(), AttachError> {
    if ca.subject != issued.issuer {
        return Err(AttachError::Issuer);
    }
    let key = PublicKey::from_spki_der(&ca.spki).map_err(AttachError::Signature)?;
    issued.verify(&key).map_err(AttachError::Signature)
}
