//! The words for what is wrong with machines and networks.

use pki_core::design::{MAX_NODES, Problem};

use super::{Sentence, instead, machine, sentence};

/// What two machines of one name need, and one with everybody's.
pub(super) const OWN_NAME: &str = "Give each machine a name of its own.";

/// The problems of nodes and networks.
pub(super) fn nodes(problem: &Problem) -> Sentence {
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
