//! Findings on a design, as sentences: what is wrong and why, and what would be right.

mod document;
mod place;

pub use document::{document, own_document, unread};
pub use place::place;

use pki_core::design::{
    Finding, LayoutName, MAX_NODES, NameError, Output, Problem, Repair, Severity, format_duration,
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

/// The problems of CAs and certificates of one's own.
fn own(problem: &Problem) -> Sentence {
    match problem {
        Problem::DuplicateOwn { first } => sentence(
            format!("This name is taken already ({}).", place(first)),
            "Use another one, or change the one that is there.",
        ),
        Problem::NoSuchAuthority { name } => sentence(
            format!("There is no CA of the name “{name}”, neither in this layout nor here."),
            "Correct the name, or add the CA to the list.",
        ),
        Problem::NoAuthority => sentence(
            "There is no CA yet, and every certificate needs one.",
            "Add a CA, and then what it signs.",
        ),
        Problem::AuthorityGone { name } => sentence(
            format!("“{name}” is merged into another CA, and would still be used here."),
            "Name the CA that it is merged into.",
        ),
        Problem::GoneAndUsed => sentence(
            "A CA that is merged into another is gone, and can neither sign nor be signed.",
            "Take out `into`, or else `below`, `signs`, `trustedBy` and the name constraints.",
        ),
        Problem::AuthorityCircle => sentence(
            "This CA would sign itself by way of others, and no verifier ends a circle.",
            "Let one of them sign itself: take out its `below` or `into`.",
        ),
        Problem::SameSubject { first } => sentence(
            format!(
                "Another CA has this subject too ({}); verifiers take one for the other.",
                place(first)
            ),
            "Give one of them another common name.",
        ),
        Problem::NameNotPermitted { name, certificate, all } => sentence(
            format!(
                "{name} in the certificate {certificate} is not permitted, and every verifier \
                 would refuse it.{}",
                and_others(all.len().saturating_sub(1))
            ),
            "Permit it here too, or have a CA without this limit sign the certificate.",
        ),
        Problem::NameExcluded { name, certificate, others } => sentence(
            format!(
                "This excludes {name} in the certificate {certificate}, and every verifier would \
                 refuse it.{}",
                and_others(*others)
            ),
            "Take this out, or have a CA without this limit sign the certificate.",
        ),
        Problem::CommonNameRefused { name, certificate } => sentence(
            format!(
                "The common name {name} of {certificate} looks like a DNS name that is not \
                 allowed here. Go does not mind; OpenSSL, and servers built on it, refuse it."
            ),
            "Use a common name without dots, give the certificate a DNS name that is allowed, or \
             have another CA sign it.",
        ),
        Problem::KindOpen { addresses: true } => sentence(
            "Only DNS names are limited: the CA may still sign any IP address.",
            "Add the ranges that it may sign, or exclude 0.0.0.0/0 and ::/0.",
        ),
        Problem::KindOpen { addresses: false } => sentence(
            "Only addresses are limited: the CA may still sign any DNS name.",
            "Add the DNS names below which it may sign.",
        ),
        Problem::NoSuchRow { name } => sentence(
            format!("This layout has no certificate or kubeconfig of the name “{name}”."),
            "Use the name of its file, like admin.conf, or of its item, like etcd-server.",
        ),
        Problem::SignedTwice => sentence(
            "Another CA of the list is to sign this too.",
            "Take it out of one of the two lists.",
        ),
        Problem::BadUsage => sentence(
            "A certificate is for a server or for a client.",
            "Write server, client or both.",
        ),
        Problem::NoSuchTrust => sentence(
            "This is no flag of this layout by which a component trusts CAs.",
            "Write the component and its flag, like etcd/trusted-ca-file or \
             kube-apiserver/client-ca-file.",
        ),
        Problem::ServiceAddressOutside { expected } => sentence(
            "This is the first service address of another cluster; it is in none of the ranges of \
             Services here.",
            format!(
                "Remove it, or correct the range: kube-apiserver's certificate names {expected} by \
                 itself, which is what kubernetes.default.svc resolves to."
            ),
        ),
        Problem::BothUsages => sentence(
            "This certificate is a server's and a client's: whoever steals it from the server can \
             log in with it.",
            "Make two certificates, unless the program takes only one.",
        ),
        Problem::ServerWithoutName => sentence(
            "A server's certificate without names is refused by every client; the common name \
             does not count.",
            "Add the names under which it is called, like metrics-server.kube-system.svc.",
        ),
        Problem::NoSuchMachine => sentence(
            "This is no machine of the design, nor a group of them.",
            "Use control-planes, workers, nodes, etcd or a machine's name; leave it out for people.",
        ),
        Problem::BadPath => sentence(
            "This is no plain absolute path.",
            "Write it without extension, like /etc/kubernetes/pki/metrics-server.",
        ),
        Problem::PathTaken { first } => sentence(
            format!("Another file stands there already ({}).", place(first)),
            "Choose another path.",
        ),
        other => nodes(other),
    }
}

/// What two machines of one name need, and one with everybody's.
const OWN_NAME: &str = "Give each machine a name of its own.";

/// The problems of nodes and networks.
fn nodes(problem: &Problem) -> Sentence {
    match problem {
        Problem::NoControlPlane => sentence(
            "There is no control plane, and every certificate belongs to one.",
            "Add at least one control-plane node.",
        ),
        Problem::NoAddress => sentence(
            "This control plane has no address, which its certificates must name.",
            "Write the address that the other machines reach it at.",
        ),
        Problem::BadTopology => sentence(
            "etcd runs on the control planes or on machines of its own.",
            "Write stacked or external.",
        ),
        Problem::ExternalEtcdNotHere => sentence(
            "In this layout etcd runs on the control planes.",
            "Write stacked, or choose the layout kubeadm or five-flows.",
        ),
        Problem::NoMembers => sentence(
            "etcd has no machines, and the cluster keeps everything there.",
            "Add its members, best three, or let it run on the control planes.",
        ),
        Problem::EvenMembers { count } => sentence(
            format!(
                "etcd needs more than half of its members: {count} bear the loss of no more than \
                 {} would.",
                count - 1
            ),
            "Use an odd number, best three or five.",
        ),
        Problem::MemberWithoutAddress => sentence(
            "This member of etcd has no address, which its certificates must name.",
            "Write the address that the others and kube-apiserver reach it at.",
        ),
        Problem::BadEtcdEndpoint { suggestion } => sentence(
            "This is no URL at which kube-apiserver can reach etcd.",
            suggestion.as_ref().map_or_else(
                || "Write https://HOST:PORT, for example https://10.0.0.5:2379.".to_owned(),
                |text| instead(text),
            ),
        ),
        Problem::PlainEtcd { suggestion } => sentence(
            "kube-apiserver would speak to etcd without TLS: nobody would show a certificate, and \
             whoever listens reads every Secret.",
            instead(suggestion),
        ),
        Problem::EndpointUncovered { host } => sentence(
            format!("No member's certificate has the name {host}: kube-apiserver refuses it."),
            "Add it to the extra names for etcd servers, or correct it.",
        ),
        Problem::ServiceCidrCount => sentence(
            "A cluster has one service range, or two for dual stack.",
            "Write one, like 10.96.0.0/12, or one IPv4 and one IPv6 with a comma between.",
        ),
        Problem::SameFamily => sentence(
            "Another service range is of this family already; dual stack is one IPv4 and one IPv6.",
            "Remove one of them, or replace it by one of the other family.",
        ),
        Problem::CidrTooSmall => sentence(
            "The range is too small: the cluster needs at least ten service addresses.",
            "Use a shorter prefix, /28 or less for IPv4 and /124 or less for IPv6.",
        ),
        Problem::CidrTooLarge { shortest } => sentence(
            "The range is too large: kube-apiserver takes at most 20 host bits.",
            format!("Use a prefix of /{shortest} or more."),
        ),
        Problem::DuplicateName { first } => sentence(
            format!("{} has this name already; nobody could tell the two apart.", machine(first)),
            OWN_NAME,
        ),
        Problem::NameOfAll => sentence(
            "Every machine is localhost to itself, and kubernetes is the name of kube-apiserver's \
             Service: others would connect elsewhere.",
            OWN_NAME,
        ),
        Problem::DuplicateAddress { first } => sentence(
            format!("{} has this address already.", machine(first)),
            "Give each machine an address of its own.",
        ),
        Problem::DuplicateSan => {
            sentence("This name stands in the list twice.", "It is written once.")
        }
        Problem::CommonNameTooLong { length, limit } => sentence(
            format!(
                "The name has {length} characters. The common name{} is longer than the 64 that \
                 RFC 5280 allows; some software refuses it.",
                if *limit < 64 { ", with system:node: before it," } else { "" }
            ),
            format!("Use a name of at most {limit} characters."),
        ),
        Problem::UnusableAddress => sentence(
            "No other machine can connect to this address (unspecified, multicast or broadcast).",
            "Write an address of one of the machine's own interfaces.",
        ),
        Problem::LocalAddress => sentence(
            "Other machines cannot use a loopback or link-local address.",
            "Write the address that they reach it at, unless this is a cluster of one machine.",
        ),
        Problem::BadPattern { part } => sentence(
            format!("`{part}` is no range of numbers."),
            "Write the smaller number, a hyphen and the greater one: worker-[001-250].",
        ),
        Problem::PatternCount { names, addresses } => sentence(
            format!("The name stands for {names} machines, but this for {addresses} addresses."),
            "Give both the same number, or count on from the first address: 10.0.1.1+.",
        ),
        Problem::TooManyNodes { count, limit } => sentence(
            format!("Up to here these are {count} machines; {limit} of a kind are the most."),
            match *limit < MAX_NODES {
                true => {
                    "Three, five or seven members of etcd are usual: each write waits for most."
                }
                false => "Make a smaller range, or a second design for the rest.",
            },
        ),
        Problem::PortInAddress { suggestion } => sentence(
            "Without brackets this is one IPv6 address with no port in it, to its last digit.",
            format!(
                "Write {suggestion} if the last part is the port, and brackets around all of it if \
                 not."
            ),
        ),
        Problem::AddressInServiceCidr { cidr } => sentence(
            format!("This address lies inside the service range {cidr}."),
            "Traffic to it may be taken for a Service: use another address or another range.",
        ),
        Problem::FamilyMismatch { address } => sentence(
            format!("{address} is not of the family of the first service range."),
            "kube-apiserver refuses to start then: put a range of this family first, or an address \
             of the other.",
        ),
        Problem::NoEndpoint => sentence(
            "There are several control planes but no common endpoint, so kubeconfigs name one of \
             them, and go down with it.",
            "Write the name of a load balancer or virtual address, like api.example.com:6443.",
        ),
        // The core may learn new problems; until a sentence is here, its own words serve.
        other => sentence(format!("{other:?}."), "Change this field."),
    }
}

/// What is wrong with a name, and the best advice there is: a suggestion, or else `fallback`.
fn name(error: &NameError, subject: &str, fallback: &str) -> Sentence {
    match error {
        NameError::Empty => sentence(format!("{subject} is missing here."), fallback),
        NameError::TooLong { length, limit } => sentence(
            format!("{subject} has at most {limit} characters; this has {length}."),
            "Use a shorter one.",
        ),
        NameError::BadCharacter { character, position, suggestion } => sentence(
            format!(
                "{subject} cannot contain {} (character {position}).",
                match character {
                    ' ' => "a space".to_owned(),
                    '\t' => "a tab".to_owned(),
                    '_' => "an underscore".to_owned(),
                    other => format!("“{}”", other.escape_debug()),
                }
            ),
            suggestion.as_ref().map_or_else(|| fallback.to_owned(), |text| instead(text)),
        ),
        NameError::UpperCase { suggestion } => sentence(
            format!("{subject} has no upper-case letters in Kubernetes."),
            instead(suggestion),
        ),
        NameError::BadLabel { label } if label.is_empty() => {
            sentence(format!("{subject} cannot have an empty part between dots."), fallback)
        }
        NameError::BadLabel { label } => {
            sentence(format!("“{label}” must start and end with a letter or digit."), fallback)
        }
        NameError::BadAddress => {
            sentence("This is not an IP address (each part of IPv4 is 0 to 255).", fallback)
        }
        NameError::Bracketed { suggestion } => {
            sentence("Brackets belong only around IPv6 in front of a port.", instead(suggestion))
        }
        NameError::AddressWithPrefix { suggestion } => {
            sentence("An address is wanted here, not a range.", instead(suggestion))
        }
        NameError::AddressWithPort { suggestion } => {
            sentence("A port does not belong here.", instead(suggestion))
        }
        NameError::AddressWithZone { suggestion } => sentence(
            "The zone behind % is of one machine alone, and certificates have none.",
            instead(suggestion),
        ),
        NameError::LeadingZeros { suggestion } => sentence(
            "Some programs read numbers with leading zeros as octal, and so another address.",
            instead(suggestion),
        ),
        NameError::SeveralAddresses => sentence(
            "This is more than one address.",
            "Make each an entry of its own, with a comma between.",
        ),
        NameError::NoPrefixLength => {
            sentence("A range has a prefix length after a slash.", fallback)
        }
        NameError::BadPrefixLength { limit } => {
            sentence(format!("The prefix length is a number from 0 to {limit}."), fallback)
        }
        NameError::HostBits { suggestion } => sentence(
            "The address has bits set beyond the prefix, so it is no network.",
            instead(suggestion),
        ),
        NameError::BadPort => sentence("The port is a number from 1 to 65535.", fallback),
        NameError::IsUrl { suggestion } => sentence(
            "Only host and port belong here, without scheme and path.",
            instead(suggestion),
        ),
        other => sentence(format!("{subject} is not right here ({other:?})."), fallback),
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
