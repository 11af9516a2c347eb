//! What is wrong, or worth knowing, about a design, and where.

use std::net::IpAddr;

use super::NameError;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; files can be made.
    Warning,
    /// No files can be made until it is mended.
    Error,
}

/// One finding: a place in the design and what is the matter there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The path of the field in the document, e.g. `controlPlanes[0].addresses[1]`.
    pub place: String,
    /// What is the matter.
    pub problem: Problem,
}

impl Finding {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.problem.severity()
    }
}

/// What can be the matter with a design. Each variant carries the data of its sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Problem {
    /// A layout that does not exist.
    BadLayout,
    /// CA keys in the vault, in a layout that starts from them.
    CaKeysNeeded,
    /// A worker without address, in a layout that makes its serving certificate.
    NoServingAddress,
    /// A cluster name outside its alphabet.
    BadClusterName(NameError),
    /// A node name that Kubernetes would refuse.
    BadNodeName(NameError),
    /// A DNS name that is none.
    BadDnsName(NameError),
    /// An IP address that is none.
    BadAddress(NameError),
    /// A CIDR that is none.
    BadCidr(NameError),
    /// An endpoint that is not `HOST[:PORT]`.
    BadEndpoint(NameError),
    /// A subject alternative name that is neither address nor DNS name.
    BadSan(NameError),
    /// A port that is no number from 1 to 65535.
    BadPort,
    /// No version of the form `1.36`.
    BadVersion,
    /// A version older than the oldest that the layouts cover.
    VersionTooOld {
        /// The oldest covered minor version of Kubernetes 1.
        oldest: u16,
    },
    /// A version newer than the newest known; the newest known rules apply.
    VersionUnknown {
        /// The newest known minor version of Kubernetes 1.
        newest: u16,
    },
    /// A key algorithm that does not exist.
    BadAlgorithm,
    /// Ed25519, which kubeadm and service-account signing refuse.
    Ed25519Refused,
    /// Where CA keys go is neither `control-planes` nor `vault`.
    BadCaKeys,
    /// A lifetime that is no duration.
    BadDuration,
    /// A lifetime that is a bare number.
    NoUnit {
        /// The same with the unit that was probably meant.
        suggestion: String,
    },
    /// A lifetime that is zero or negative.
    NotPositive,
    /// A lifetime beyond the limit.
    TooLong {
        /// The limit, in seconds.
        limit: i64,
    },
    /// A start in the future.
    NegativeBackdate,
    /// More backdating than a clock runs behind.
    BackdateTooLong {
        /// The limit, in seconds.
        limit: i64,
    },
    /// A lifetime of minutes, which may be over before the files are where they belong.
    TooShort {
        /// From how many seconds on there is no warning.
        limit: i64,
    },
    /// An IPv6 address without brackets that probably ends in a port.
    PortInAddress {
        /// The same with the port outside brackets.
        suggestion: String,
    },
    /// Longer than kubeadm's default, about which kubeadm warns.
    LongerThanDefault {
        /// The default, in seconds.
        default: i64,
    },
    /// The leaf lifetime is longer than the CA's: leaves will end with their CA.
    LeafBeyondCa,
    /// No control-plane node.
    NoControlPlane,
    /// A control plane without an address to advertise.
    NoAddress,
    /// No place where etcd could run.
    BadTopology,
    /// An external etcd in a layout that has its own on the control planes.
    ExternalEtcdNotHere,
    /// An external etcd without members.
    NoMembers,
    /// An even number of members, which bear the loss of no more than one fewer would.
    EvenMembers {
        /// How many.
        count: usize,
    },
    /// A member of etcd without an address.
    MemberWithoutAddress,
    /// An endpoint of etcd that is not `https://HOST:PORT`.
    BadEtcdEndpoint {
        /// What it probably should be.
        suggestion: Option<String>,
    },
    /// An endpoint of etcd without TLS.
    PlainEtcd {
        /// The same with TLS.
        suggestion: String,
    },
    /// An endpoint whose host is in no member's certificate.
    EndpointUncovered {
        /// The host.
        host: String,
    },
    /// An extra name of kube-apiserver that is the first service address of another cluster.
    ServiceAddressOutside {
        /// The first service address of this one.
        expected: IpAddr,
    },
    /// No service CIDR, or more than two.
    ServiceCidrCount,
    /// Two service CIDRs of one family.
    SameFamily,
    /// A service CIDR with fewer than ten addresses.
    CidrTooSmall,
    /// A service CIDR with more than 20 host bits.
    CidrTooLarge {
        /// The shortest prefix that is allowed.
        shortest: u8,
    },
    /// A name that another node has already.
    DuplicateName {
        /// Where the other one is.
        first: String,
    },
    /// An address that another node has already.
    DuplicateAddress {
        /// Where the other one is.
        first: String,
    },
    /// A subject alternative name that stands in its list twice.
    DuplicateSan,
    /// A node name that means something else everywhere.
    NameOfAll,
    /// No seed text in a demo, which then is nobody's.
    NoDemoSeed,
    /// A node name whose `system:node:` CN is longer than 64 characters.
    CommonNameTooLong {
        /// The length of the name.
        length: usize,
        /// The longest that fits.
        limit: usize,
    },
    /// An address that no other machine can reach (unspecified, multicast, broadcast).
    UnusableAddress,
    /// A loopback or link-local address, which other machines cannot use.
    LocalAddress,
    /// A node address inside a service CIDR.
    AddressInServiceCidr {
        /// The CIDR.
        cidr: String,
    },
    /// The advertised address is not of the first service CIDR's family.
    FamilyMismatch {
        /// The advertised address.
        address: IpAddr,
    },
    /// Several control planes and no common endpoint.
    NoEndpoint,
    /// A part in square brackets that is no range of numbers.
    BadPattern {
        /// The part.
        part: String,
    },
    /// A row whose name stands for more or fewer machines than there are addresses.
    PatternCount {
        /// How many machines.
        names: usize,
        /// How many addresses.
        addresses: usize,
    },
    /// More control planes or workers than a design may have.
    TooManyNodes {
        /// How many there are up to here.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A country that is not two letters.
    BadCountry {
        /// The same letters in upper case, if they are two.
        suggestion: Option<String>,
    },
    /// A part of a subject that fits no certificate.
    BadSubjectPart(NameError),
    /// A user name that fits no certificate or file.
    BadUserName(NameError),
    /// A group name that fits no certificate.
    BadGroupName(NameError),
    /// A user that stands in the list twice.
    DuplicateUser {
        /// Where the other one is.
        first: String,
    },
    /// A user name that begins with `system:`, which Kubernetes keeps for itself.
    ReservedUser,
    /// A person in system:masters, whom nobody can take out again (CIS 5.1.7).
    MastersUser,
    /// No name of something that is made on request.
    BadOutput,
    /// Something on request that this layout has no place for.
    OutputNotHere,
    /// A field of kubeadm's configuration that says nothing about certificates.
    FieldNotTaken,
    /// A field of kubeadm's configuration that matters for certificates, and has no place in a
    /// design.
    FieldMatters,
    /// A field that kubeadm does not know.
    FieldUnknown,
    /// A version of kubeadm's configuration that is not known here.
    ApiVersionUnknown,
    /// A name of a CA or certificate that is none.
    BadAuthorityName(NameError),
    /// A name or CA that stands there already.
    DuplicateOwn {
        /// Where the other one is.
        first: String,
    },
    /// A CA that is in neither the layout nor the design.
    NoSuchAuthority {
        /// Its name.
        name: String,
    },
    /// A layout without CAs, and a design without CAs of its own.
    NoAuthority,
    /// A CA that another took the place of.
    AuthorityGone {
        /// Its name.
        name: String,
    },
    /// A CA whose place another takes, and which is to sign or be signed all the same.
    GoneAndUsed,
    /// A CA that would sign itself by way of others.
    AuthorityCircle,
    /// Two CAs of one subject, which verifiers take for each other.
    SameSubject {
        /// Where the other one is.
        first: String,
    },
    /// A name constraint that is neither a DNS name nor a range.
    BadSubtree(NameError),
    /// A name of a planned certificate that the constraints of a CA above it do not permit.
    NameNotPermitted {
        /// The name.
        name: String,
        /// The first certificate that has it.
        certificate: String,
        /// What would permit this name and all others in the same case.
        all: Vec<String>,
    },
    /// A name of a planned certificate that the constraints of a CA above it exclude.
    NameExcluded {
        /// The name.
        name: String,
        /// The first certificate that has it.
        certificate: String,
        /// How many other names are in the same case.
        others: usize,
    },
    /// A common name that OpenSSL takes for a DNS name, and the constraints forbid.
    CommonNameRefused {
        /// The name.
        name: String,
        /// The first certificate that has it.
        certificate: String,
    },
    /// Constraints that say nothing about a kind of names.
    KindOpen {
        /// Whether it is addresses; otherwise DNS names.
        addresses: bool,
    },
    /// No certificate or kubeconfig of the layout.
    NoSuchRow {
        /// Its name.
        name: String,
    },
    /// No flag of the layout by which a component trusts CAs.
    NoSuchTrust,
    /// A certificate that two CAs are to sign.
    SignedTwice,
    /// Usages that are neither `server` nor `client`.
    BadUsage,
    /// A certificate that is a server's and a client's.
    BothUsages,
    /// A server's certificate without a name that clients could compare.
    ServerWithoutName,
    /// No machine of this name, nor a group of machines.
    NoSuchMachine,
    /// A path that is not absolute and plain.
    BadPath,
    /// A path at which another file stands.
    PathTaken {
        /// Where the other one is.
        first: String,
    },
    /// What kubeadm would take from the machine, and what therefore stands here by default.
    HostDecides,
}

impl Problem {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::VersionUnknown { .. }
            | Self::TooShort { .. }
            | Self::PortInAddress { .. }
            | Self::LongerThanDefault { .. }
            | Self::LeafBeyondCa
            | Self::NoServingAddress
            | Self::EvenMembers { .. }
            | Self::EndpointUncovered { .. }
            | Self::DuplicateSan
            | Self::CommonNameTooLong { .. }
            | Self::NameOfAll
            | Self::LocalAddress
            | Self::AddressInServiceCidr { .. }
            | Self::ServiceAddressOutside { .. }
            | Self::FamilyMismatch { .. }
            | Self::ReservedUser
            | Self::MastersUser
            | Self::OutputNotHere
            | Self::BothUsages
            | Self::CommonNameRefused { .. }
            | Self::KindOpen { .. }
            | Self::ServerWithoutName
            | Self::FieldNotTaken
            | Self::FieldMatters
            | Self::FieldUnknown
            | Self::ApiVersionUnknown
            | Self::HostDecides
            | Self::NoEndpoint => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// The name error inside, where there is one.
    pub fn name_error(&self) -> Option<&NameError> {
        match self {
            Self::BadClusterName(error)
            | Self::BadNodeName(error)
            | Self::BadDnsName(error)
            | Self::BadAddress(error)
            | Self::BadCidr(error)
            | Self::BadEndpoint(error)
            | Self::BadSan(error)
            | Self::BadSubjectPart(error)
            | Self::BadUserName(error)
            | Self::BadGroupName(error)
            | Self::BadSubtree(error)
            | Self::BadAuthorityName(error) => Some(error),
            _ => None,
        }
    }
}
