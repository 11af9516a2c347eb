//! The words for what is wrong with CAs and certificates of one's own.

use pki_core::design::Problem;

use super::nodes::nodes;
use super::{Sentence, and_others, place, sentence};

/// The problems of CAs and certificates of one's own.
pub(super) fn own(problem: &Problem) -> Sentence {
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
