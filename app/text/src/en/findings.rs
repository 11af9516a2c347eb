//! Findings on a design, as sentences: what is wrong and why, and what would be right.

mod document;
mod name;
mod nodes;
mod own;
mod place;

pub use document::{document, own_document, unread};
use name::name;
use own::own;
pub use place::place;

use pki_core::design::{
    Finding, LayoutName, NameError, Output, Problem, Repair, Severity, format_duration,
};

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What is wrong, and why it matters.
    pub what: String,
    /// How to mend it.
    pub fix: String,
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.what, self.fix)
    }
}

fn sentence(what: impl Into<String>, fix: impl Into<String>) -> Sentence {
    Sentence { what: what.into(), fix: fix.into() }
}

/// The words for a finding. They make sense beside the field; [`place`] names it elsewhere.
pub fn finding(finding: &Finding) -> Sentence {
    match &finding.problem {
        Problem::BadClusterName(error) => name(
            error,
            "A cluster name",
            "Use letters, digits, dots, hyphens and underscores, for example prod-eu1.",
        ),
        Problem::BadNodeName(error) => name(
            error,
            "A node name",
            "Use what `hostname` prints, in lower case: letters, digits, hyphens and dots.",
        ),
        Problem::BadDnsName(error) => name(
            error,
            "A DNS name",
            "Use lower-case letters, digits, hyphens and dots, for example cluster.local.",
        ),
        Problem::BadAddress(error) => {
            name(error, "An address", "Write IPv4 as 10.0.0.10 or IPv6 as 2001:db8::10.")
        }
        Problem::BadCidr(error) => {
            name(error, "A range", "Write it as 10.96.0.0/12 or fd00:10:96::/112.")
        }
        Problem::BadEndpoint(error) => name(
            error,
            "An endpoint",
            "Write HOST or HOST:PORT, for example api.example.com:6443 or [2001:db8::1]:6443.",
        ),
        Problem::BadSan(NameError::IsUrl { suggestion }) => sentence(
            "A certificate names only the host, without scheme, port and path.",
            match suggestion.is_empty() {
                true => "Write a DNS name or an IP address.".to_owned(),
                false => instead(suggestion),
            },
        ),
        Problem::BadSan(error) => {
            name(error, "A name in a certificate", "Write a DNS name or an IP address.")
        }
        Problem::BadSubjectPart(error) => name(
            error,
            "A part of the subject",
            "Write it as it should stand in each certificate, in one line.",
        ),
        Problem::BadUserName(error) => name(
            error,
            "A user's name",
            "Use what goes into role bindings, for example jane or jane@example.com.",
        ),
        Problem::BadGroupName(error) => name(
            error,
            "A group's name",
            "Use what goes into role bindings, for example developers.",
        ),
        Problem::BadAuthorityName(error) => name(
            error,
            "A name of a CA or certificate",
            "Use lower-case letters, digits and hyphens, for example metrics-ca.",
        ),
        Problem::BadSubtree(error) => name(
            error,
            "A name constraint",
            "Write a DNS name, which covers all below it, or a range like 10.0.0.0/8.",
        ),
        other => problem(other),
    }
}

/// The problems that are not about one name.
fn problem(problem: &Problem) -> Sentence {
    match problem {
        Problem::BadCountry { .. } => sentence(
            "A country in a certificate is its two letters in upper case.",
            "Write CH, DE or US, for example, or leave it empty.",
        ),
        Problem::BadLayout => sentence(
            "This layout is not known.",
            format!("Use one of {}.", LayoutName::OFFERED.map(LayoutName::name).join(", ")),
        ),
        Problem::BadPort => sentence(
            "This is not a port number.",
            "Use a number from 1 to 65535; kube-apiserver listens on 6443 unless told otherwise.",
        ),
        Problem::BadVersion => {
            sentence("This is not a Kubernetes version.", "Write the minor version, like 1.36.")
        }
        Problem::VersionTooOld { oldest } => sentence(
            format!("The rules of versions before 1.{oldest} are not known here."),
            format!("Choose 1.{oldest} or later."),
        ),
        Problem::VersionUnknown { newest } => sentence(
            format!("This version is newer than 1.{newest}, the newest whose rules are known."),
            format!("The rules of 1.{newest} are used; compare the result with kubeadm's own."),
        ),
        Problem::BadAlgorithm => sentence(
            "This key algorithm is not known.",
            "Use ecdsa-p256, ecdsa-p384, rsa-2048, rsa-3072 or rsa-4096.",
        ),
        Problem::Ed25519Refused => sentence(
            "kubeadm and service-account tokens refuse Ed25519 keys.",
            "Use ecdsa-p256; it is as fast, and every component takes it.",
        ),
        Problem::BadCaKeys => sentence(
            "This is no place for CA keys.",
            "Use control-planes (as kubeadm does) or vault (on no host).",
        ),
        Problem::CaKeysNeeded => sentence(
            "What starts from this layout signs with the CA keys itself, and needs them.",
            "Use control-planes, or another layout.",
        ),
        Problem::NoServingAddress => sentence(
            "In this layout the kubelet's serving certificate comes from here, and without an \
             address kube-apiserver refuses it for logs and exec.",
            "Write the address that the control planes reach it at.",
        ),
        Problem::BadDuration => sentence(
            "This is not a duration.",
            "Write whole numbers with units, like 8760h, 365d, 10y or 1h30m.",
        ),
        Problem::NoUnit { suggestion } => {
            sentence("A bare number has no unit.", instead(suggestion))
        }
        Problem::NoDemoSeed => sentence(
            "The seed text of the demo is empty.",
            "Write one, like demo, or switch demo mode off.",
        ),
        Problem::NotPositive => sentence(
            "The time is zero or negative, so the certificate would never be valid.",
            "Write a time above zero, like 8760h.",
        ),
        Problem::TooLong { limit } => sentence(
            "The time is too long: X.509 cannot write dates after the year 9999.",
            format!("Use {} or less.", duration(*limit)),
        ),
        Problem::NegativeBackdate => sentence(
            "Certificates would start in the future, and until then everybody would refuse them.",
            "Write a time like 5m, or 0 where all clocks are right.",
        ),
        Problem::BackdateTooLong { limit } => sentence(
            "Certificates start a little before now for machines whose clock runs behind; no clock \
             runs behind by that much.",
            format!("Use {} or less.", duration(*limit)),
        ),
        Problem::TooShort { limit } => sentence(
            format!(
                "It ends in less than {} minutes, perhaps before the files are on their machines.",
                limit / 60
            ),
            "Write a longer time, like 8760h, unless this is a trial.",
        ),
        Problem::LongerThanDefault { default } => sentence(
            format!("This is longer than kubeadm's {}.", duration(*default)),
            "It works; remember that a stolen key stays good for just as long.",
        ),
        Problem::LeafBeyondCa => sentence(
            "Certificates cannot outlive the CA that signed them.",
            "They will end with their CA; make the CA's time longer or this one shorter.",
        ),
        Problem::DuplicateUser { first } => sentence(
            format!("This user stands in the list already ({}).", place(first)),
            "Remove one of them.",
        ),
        Problem::ReservedUser => sentence(
            "Names that begin with system: belong to Kubernetes' own components.",
            "Use a name without it, unless you mean to stand in for a component.",
        ),
        Problem::MastersUser => sentence(
            "Nobody can take a person out of system:masters before the certificate ends \
             (CIS 5.1.7).",
            "Use a group of your own, bound to cluster-admin; that binding can be deleted.",
        ),
        Problem::BadOutput => sentence(
            "This is nothing that is made on request.",
            format!("Use some of {}.", Output::ON_REQUEST.map(Output::name).join(", ")),
        ),
        Problem::OutputNotHere => sentence(
            "This layout has no place for it, or has its own way for the same.",
            "It is left out; choose another layout if you need it.",
        ),
        Problem::FieldNotTaken => sentence(
            "This says nothing about certificates, and is left out.",
            "Keep it in your own kubeadm configuration.",
        ),
        Problem::FieldMatters => sentence(
            "This may matter for certificates, but a design has no place for it; it is left out.",
            "Compare the files that are made with what it asks for.",
        ),
        Problem::FieldUnknown => sentence(
            "kubeadm knows no such field, and ignores it; it is left out here too.",
            "Correct its spelling and read the file again.",
        ),
        Problem::ApiVersionUnknown => sentence(
            "This version of kubeadm's configuration is not known here, and kubeadm refuses the \
             whole file where it does not know it either. It is read like v1beta4.",
            "Write kubeadm.k8s.io/v1beta4, v1beta3 or v1beta2, or compare what was taken.",
        ),
        Problem::HostDecides => sentence(
            "kubeadm takes this from the machine, and the file does not say it.",
            "Write what the machine has; until then a placeholder stands here.",
        ),
        other => own(other),
    }
}

/// Whose field it is: "Control plane 1".
fn machine(path: &str) -> String {
    let path = path.rsplit_once('.').map_or(path, |(machine, _)| machine);
    place(path)
}

/// Names of the same kind beside the one that is said.
fn and_others(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => " The same goes for another name.".to_owned(),
        _ => format!(" The same goes for {count} other names."),
    }
}

fn instead(suggestion: &str) -> String {
    format!("Write {suggestion} instead.")
}

/// `87600h (10 years)`; only the hours where no whole years come out.
fn duration(seconds: i64) -> String {
    const YEAR: i64 = 365 * 86_400;
    let text = format_duration(seconds);
    match seconds / YEAR {
        1 if seconds % YEAR == 0 => format!("{text} (1 year)"),
        years if years > 0 && seconds % YEAR == 0 => format!("{text} ({years} years)"),
        _ => text,
    }
}

/// The button that mends a finding.
pub fn repair(repair: &Repair) -> String {
    match repair {
        Repair::Write(text) => format!("Fix: write {text}"),
        Repair::Remove => "Fix: remove it".to_owned(),
        Repair::AddAuthority => "Fix: add a CA".to_owned(),
        Repair::Add(all) => format!("Fix: add {}", all.join(", ")),
    }
}

/// "Error" or "Warning".
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    }
}

#[cfg(test)]
mod files;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod tests;
