//! Objects to a plain-data report: what was pasted, and what it means to Kubernetes.
//!
//! [`read`] is the one entry: bytes and the time go in, a [`Report`] comes out that serialises and
//! holds everything that a view shows. [`read_files`] is the same for several files at once.
//!
//! ```text
//! Report
//! ├ objects[]            in the order of the input
//! │ ├ path[]             the layers that were taken off: Step
//! │ ├ object             Object, by `kind`: certificate, certificateRequest, publicKey, privateKey,
//! │ │                    revocationList, signingRequest, kubeconfig, token,
//! │ │                    bootstrapToken, foreign, unknown
//! │ ├ findings[]         what is wrong with this one: Finding { severity, problem, place }
//! │ ├ refusals[]         who would refuse it, when, and in which words
//! │ └ pem                the object as PEM; never for a private key
//! ├ findings[]           what is wrong with the input as a whole
//! └ relations            chains, keys, duplicates, by index into objects: Relations
//! ```
//!
//! Names in it are those of the RFCs and of Kubernetes; everything else is a code ([`Problem`],
//! [`Note`], [`Role`], …) that `pki-text` turns into a sentence.
//! The heavy forms are made when they are asked for, one object at a time.
//!
//! The report of a private key holds no secret number; only [`hidden`] gives the key itself back, to
//! whoever asks for it by its place.
//!
//! [`Problem`]: crate::decode::Problem

mod bound;
mod certificate;
mod constraints;
mod crl;
mod expiry;
mod extension;
mod files;
mod identity;
mod key;
pub mod link;
mod name;
pub mod openssl;
mod reading;
pub mod refusal;
pub mod relations;
mod request;
mod role;
mod secret;
mod token;
mod validity;

pub use certificate::{CertificateReport, CertificateStartReport, Fingerprints, SerialReport};
pub use constraints::NameConstraintsReport;
pub use crl::{RevocationListReport, RevokedReport};
pub use expiry::{ExpiryRow, ExpiryTable, residual};
pub use extension::{
    AuthorityKeyIdentifierReport, BasicConstraintsReport, ExtensionReport, ExtensionsReport,
    NamedOid, SanKind, SanReport,
};
pub use files::{FileFindings, read_files, read_files_but_signatures};
pub use identity::{Identity, Note, ValidAs};
pub use key::{KeyReport, PrivateKeyReport};
pub use name::{AttributeReport, NameReport};
pub use refusal::{Refusal, Refuser, When};
pub use relations::Relations;
pub use request::{RequestAttribute, RequestReport};
pub use role::{FlagUse, Role, RoleReport};
pub use secret::{Hidden, hidden};
pub use token::{BootstrapTokenReport, TokenReport};
pub use validity::{Moment, Status, ValidityReport};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::decode::{
    Certificate, CertificateStart, CertificationRequest, Fault, Finding, Problem, PublicKeyInfo,
    Reader, RevocationList, Severity, may_be_private_key, private_key, public_key_from_pkcs1, tag,
};
use crate::detect::{
    Candidate, Foreign, Kubeconfig, Manifest, SigningRequest, Step, decode_base64_short, detect,
    guess,
};
use crate::key::Signed;

/// Everything that an input holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The objects in the order of the input.
    pub objects: Vec<ObjectReport>,
    /// What is wrong with the input as a whole.
    pub findings: Vec<Finding>,
    /// What the objects have to do with each other.
    pub relations: Relations,
}

impl Report {
    /// Whether anything in it is broken, as opposed to unusual.
    pub fn has_errors(&self) -> bool {
        let own = self.objects.iter().flat_map(|object| &object.findings);
        own.chain(&self.findings).any(|finding| finding.severity == Severity::Error)
    }

    /// Looks for issuers and chains anew, with every signature checked by this library: after
    /// [`read_but_signatures`], when one of those was not right.
    pub fn look_for_issuers(&mut self) {
        let mut relations = std::mem::take(&mut self.relations);
        relations.look_for_issuers(self);
        self.relations = relations;
    }

    /// Finds what the objects have to do with each other; to be done once.
    fn relate(&mut self, later: Option<&mut Vec<Signed>>) {
        let (relations, findings) = Relations::new(self, later);
        self.relations = relations;
        for (index, finding) in findings {
            let Some(entry) = self.objects.get_mut(index) else { continue };
            entry.refusals.extend(refusal::of_relation(&entry.object, &finding.problem));
            entry.findings.push(finding);
        }
    }
}

/// One object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectReport {
    /// The layers that were taken off to get at it, the outermost first.
    pub path: Vec<Step>,
    /// What it is.
    pub object: Object,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// What would refuse it, with the text that a user sees; what comes first in time first.
    #[serde(default)]
    pub refusals: Vec<Refusal>,
    /// The object as PEM under the label that Kubernetes reads; never for a private key.
    pub pem: Option<String>,
}

impl ObjectReport {
    /// The object in DER, or the bytes that should be; `None` for a private key and for what has
    /// no such form.
    pub fn der(&self) -> Option<Vec<u8>> {
        if let Object::Unknown(unknown) = &self.object {
            return Some(unknown.der.clone()).filter(|der| !der.is_empty());
        }
        // Written by this program, and of what is public: nothing has to be checked or hidden.
        let (_, lines) = self.pem.as_deref()?.trim_end().split_once('\n')?;
        let (lines, _) = lines.rsplit_once('\n')?;
        Some(decode_base64_short(lines))
    }
}

/// What an object is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Object {
    /// A certificate.
    Certificate(Box<CertificateReport>),
    /// A certification request, PKCS#10.
    CertificateRequest(Box<RequestReport>),
    /// A public key.
    PublicKey(KeyReport),
    /// A private key: what it is, without any of it.
    PrivateKey(PrivateKeyReport),
    /// A CertificateSigningRequest; what it holds follows as objects of their own.
    SigningRequest(Box<SigningRequest>),
    /// A kubeconfig; what is embedded in it follows as objects of their own.
    Kubeconfig(Box<Kubeconfig>),
    /// A certificate revocation list.
    RevocationList(Box<RevocationListReport>),
    /// A token of a ServiceAccount, or another JSON Web Token.
    Token(Box<TokenReport>),
    /// A bootstrap token.
    BootstrapToken(Box<BootstrapTokenReport>),
    /// A format that is named and not read.
    Foreign(Foreign),
    /// A structure that none of the readers knows.
    Unknown(UnknownReport),
}

/// Bytes that we cannot name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnknownReport {
    /// Label of the PEM block that holds it.
    pub label: Option<String>,
    /// How many octets there are.
    pub length: usize,
    /// The first octets, in hexadecimal; none of what may be a private key.
    pub head: String,
    /// What can be read of a certificate that is not whole.
    #[serde(default)]
    pub certificate: Option<Box<CertificateStartReport>>,
    /// All of the octets, for [`ObjectReport::der`]; they are not written into JSON, and none are
    /// kept of what may be a private key.
    #[serde(skip)]
    der: Vec<u8>,
}

/// Reads anything.
///
/// `now` is the moment against which validity is judged; the core has no clock of its own.
/// A report without objects means that nothing was recognised; its findings say what was tried.
pub fn read(input: &[u8], now: OffsetDateTime) -> Report {
    let mut report = unrelated(input, now);
    report.relate(None);
    report
}

/// The same, but where there are many certificates, their signatures are taken for right and given
/// back for the caller to check: a browser does it several times as fast as this library can inside
/// of it. If one of them is not right, [`Report::look_for_issuers`] is to follow.
pub fn read_but_signatures(input: &[u8], now: OffsetDateTime) -> (Report, Vec<Signed>) {
    let (mut report, mut signed) = (unrelated(input, now), Vec::new());
    report.relate(Some(&mut signed));
    (report, signed)
}

/// The same without what the objects have to do with each other.
fn unrelated(input: &[u8], now: OffsetDateTime) -> Report {
    let detection = detect(input);
    let mut findings = detection.findings;
    let objects: Vec<_> =
        detection.candidates.iter().map(|candidate| object(candidate, now)).collect();
    if objects.is_empty() && findings.is_empty() {
        findings.push(Problem::NotRecognised.into());
        let guess = guess(input).map(str::to_owned);
        // A text is there to be read, and may be part of a key.
        let is_text = std::str::from_utf8(input).is_ok_and(|text| !text.contains('\0'));
        let head = if is_text { &[] } else { input.get(..16).unwrap_or(input) };
        let head = crate::decode::hex(head);
        findings.push(Problem::LooksLike { head, guess }.into());
    }
    Report { objects, findings, ..Report::default() }
}

/// Labels of PEM and the readers that belong to them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guess {
    Certificate,
    Request,
    PublicKey,
    PrivateKey,
    RevocationList,
}

impl Guess {
    const ALL: [Self; 5] =
        [Self::Certificate, Self::Request, Self::PublicKey, Self::PrivateKey, Self::RevocationList];

    fn from_label(label: &str) -> Option<Self> {
        Some(match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Self::Certificate,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::Request,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Self::PublicKey,
            "X509 CRL" => Self::RevocationList,
            _ if label.ends_with("PRIVATE KEY") => Self::PrivateKey,
            _ => return None,
        })
    }

    /// The label under which Kubernetes reads such an object; `None` where there are several.
    fn label(self) -> Option<&'static str> {
        match self {
            Self::Certificate => Some("CERTIFICATE"),
            Self::Request => Some("CERTIFICATE REQUEST"),
            Self::PublicKey => Some("PUBLIC KEY"),
            Self::RevocationList => Some("X509 CRL"),
            Self::PrivateKey => None,
        }
    }
}

fn object(candidate: &Candidate, now: OffsetDateTime) -> ObjectReport {
    let (path, mut findings) = (candidate.path.clone(), candidate.findings.clone());
    let (object, pem) = match &candidate.manifest {
        Some(Manifest::SigningRequest(facts)) => {
            findings.extend(facts.problem().map(Finding::from));
            (Object::SigningRequest(facts.clone()), None)
        }
        Some(Manifest::Kubeconfig(facts)) => (Object::Kubeconfig(facts.clone()), None),
        Some(Manifest::Token(token)) => {
            if token.algorithm == "none" {
                findings.push(Problem::TokenUnsigned.into());
            }
            let report = TokenReport::new(token, &candidate.bytes, now);
            (Object::Token(Box::new(report)), None)
        }
        Some(Manifest::BootstrapToken(token)) => {
            let report = BootstrapTokenReport::new(token, now);
            (Object::BootstrapToken(Box::new(report)), None)
        }
        Some(Manifest::Foreign(foreign)) => (Object::Foreign(foreign.clone()), None),
        None => match public_key_from_pkcs1(&candidate.bytes) {
            Some(spki) => {
                let bytes = Zeroizing::new(spki);
                from_bytes(&Candidate { bytes, ..candidate.clone() }, now, &mut findings)
            }
            None => from_bytes(candidate, now, &mut findings),
        },
    };
    let length = Reader::new(&candidate.bytes).any().map_or(0, |tlv| tlv.bytes.len());
    let rfc3339 = Moment::new(now).rfc3339;
    let refusals = refusal::refusals(&path, &object, &findings, length, &rfc3339);
    ObjectReport { path, object, findings, refusals, pem }
}

/// The object that some bytes are, and its PEM.
fn from_bytes(
    candidate: &Candidate,
    now: OffsetDateTime,
    findings: &mut Vec<Finding>,
) -> (Object, Option<String>) {
    let label = candidate.label.as_deref();
    let guess = label.and_then(Guess::from_label);
    // The label first, then the others: the label may lie.
    let order = guess.into_iter().chain(Guess::ALL.into_iter().filter(|g| Some(*g) != guess));
    let mut first_fault = None;
    for kind in order {
        match parse(kind, candidate, now) {
            Ok((object, mut own)) => {
                findings.append(&mut own);
                if guess.is_some_and(|guess| guess != kind) {
                    let label = label.unwrap_or_default().to_owned();
                    findings.push(Problem::PemLabelWrong { label }.into());
                } else if let (Some(label), Some(expected)) = (label, kind.label())
                    && label != expected
                {
                    let (label, expected) = (label.to_owned(), expected.to_owned());
                    findings.push(Problem::PemLabelRefused { label, expected }.into());
                }
                let pem = kind.label().and_then(|label| pem(label, candidate));
                return (object, pem);
            }
            Err(fault) => {
                first_fault.get_or_insert(fault);
            }
        }
    }
    // The fault of the reader that the label asks for is the one that helps.
    match (guess, first_fault) {
        (Some(_), Some(fault)) => findings.push(fault.into()),
        _ => match Reader::new(&candidate.bytes).any() {
            Err(fault) => findings.push(fault.into()),
            Ok(_) => findings.push(Problem::UnknownStructure.into()),
        },
    }
    // Bytes under a key's label, or that may be a key, are not shown.
    let secret = may_be_private_key(&candidate.bytes)
        || guess == Some(Guess::PrivateKey)
        || label.is_some_and(|label| label.contains("PRIVATE"));
    let shown: &[u8] = if secret { &[] } else { &candidate.bytes };
    let sound = shown.get(..sound(findings)).unwrap_or(shown);
    let start = CertificateStart::read(sound, guess == Some(Guess::Certificate));
    let object = Object::Unknown(UnknownReport {
        label: candidate.label.clone(),
        length: candidate.bytes.len(),
        head: crate::decode::hex(shown.get(..64).unwrap_or(shown)),
        certificate: start.map(|start| Box::new(CertificateStartReport::new(&start, now))),
        der: shown.to_vec(),
    });
    (object, None)
}

/// How many octets come before the place where base64 lost letters: behind it the bits are out of
/// step, and would be read as other names and dates.
fn sound(findings: &[Finding]) -> usize {
    let place = findings.iter().find_map(|finding| match finding.problem {
        Problem::Base64Lost { between: Some((first, _)), exact, .. } => {
            // What is known to be near only may be a few letters off.
            Some(first.saturating_sub(if exact { 1 } else { 9 }))
        }
        _ => None,
    });
    place.map_or(usize::MAX, |letters| (letters / 4).saturating_mul(3))
}

fn parse(
    kind: Guess,
    candidate: &Candidate,
    now: OffsetDateTime,
) -> Result<(Object, Vec<Finding>), Fault> {
    let bytes = &candidate.bytes;
    match kind {
        Guess::Certificate => {
            let certificate = Certificate::read(bytes)?;
            let (report, findings) = CertificateReport::new(&certificate, now);
            Ok((Object::Certificate(Box::new(report)), findings))
        }
        Guess::Request => {
            let request = CertificationRequest::read(bytes)?;
            let (report, findings) = RequestReport::new(&request);
            Ok((Object::CertificateRequest(Box::new(report)), findings))
        }
        Guess::RevocationList => {
            let list = RevocationList::read(bytes)?;
            let (report, findings) = RevocationListReport::new(&list, now);
            Ok((Object::RevocationList(Box::new(report)), findings))
        }
        Guess::PublicKey => {
            let mut faults = Vec::new();
            let key = PublicKeyInfo::read(&mut Reader::new(bytes), &mut faults)?;
            let findings = faults.into_iter().map(Finding::from).collect();
            Ok((Object::PublicKey(KeyReport::new(&key)), findings))
        }
        Guess::PrivateKey => {
            let legacy = candidate.headers.iter().any(|name| name == "DEK-Info");
            let report = if legacy {
                PrivateKeyReport::encrypted_pem(candidate.label.as_deref().unwrap_or_default())
            } else {
                let expected = tag::SEQUENCE;
                let info = private_key(bytes).ok_or(Problem::Missing { expected }.at(0))?;
                PrivateKeyReport::new(&info, bytes)
            };
            Ok((Object::PrivateKey(report), vec![Problem::PrivateKeyPresent.into()]))
        }
    }
}

/// The object under its right label. Octets after the object (the trust settings of a `TRUSTED
/// CERTIFICATE`, say) are left out.
fn pem(label: &str, candidate: &Candidate) -> Option<String> {
    let whole = Reader::new(&candidate.bytes).any().ok()?;
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, whole.bytes).ok()
}
