//! The one list of what we do otherwise than kubeadm, each with its reason.
//!
//! It holds for what the fixtures record. Two more follow from what kubeadm makes elsewhere:
//!
//! - Further addresses of a control plane are names of its certificates too; kubeadm knows only
//!   the advertised one, and accepts more.
//! - `kubelet.conf` of joined nodes and workers holds a certificate at once; `kubeadm join` has
//!   the kubelet ask for it with a bootstrap token. The subject is the same.

/// A difference that we want.
pub(crate) struct Difference {
    /// The recorded outputs in which it occurs.
    pub references: &'static [&'static str],
    /// `CA`, `leaf`, or the path of a file.
    pub place: &'static str,
    /// The field of the certificate, or what is compared of the file.
    pub field: &'static str,
    /// What kubeadm has; empty for nothing.
    pub theirs: &'static str,
    /// What we have.
    pub ours: &'static str,
    /// Why.
    pub reason: &'static str,
}

const EC: &[&str] = &["v1.36.2-ECDSA-P256", "v1.36.2-ha-custom"];
const OLD: &[&str] = &["v1.20.2-RSA"];

const ENCIPHERMENT: &str =
    "kubeadm#3328: with EC keys nothing is enciphered (RFC 8422 §2.2), Kubernetes is dropping it";
const BACKDATE: &str =
    "backdated by five minutes like newer kubeadm, against clocks that run behind";
const CA_NAME: &str = "newer kubeadm repeats the CN of a CA as a DNS name; older takes it as well";
const CONSTRAINTS: &str = "newer kubeadm says of a leaf that it is no CA; older takes it as well";
const KEY_ID: &str = "Go 1.25 and later; RFC 5280 leaves the method open, nobody recomputes it";
const ZERO: &str = "RFC 5280 §4.1.2.2 wants a positive serial number; newer kubeadm draws one";
const TOKENS: &str =
    "talos#8111, kubernetes#100674: some who check tokens know RS256 only; RSA unless chosen";

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        references: EC,
        place: "CA",
        field: "Key Usage critical",
        theirs: "Digital Signature, Key Encipherment, Certificate Sign",
        ours: "Digital Signature, Certificate Sign",
        reason: ENCIPHERMENT,
    },
    Difference {
        references: EC,
        place: "leaf",
        field: "Key Usage critical",
        theirs: "Digital Signature, Key Encipherment",
        ours: "Digital Signature",
        reason: ENCIPHERMENT,
    },
    Difference {
        references: EC,
        place: "pki/sa.key",
        field: "mode and labels",
        theirs: "600 EC PRIVATE KEY",
        ours: "600 RSA PRIVATE KEY",
        reason: TOKENS,
    },
    Difference {
        references: OLD,
        place: "CA",
        field: "Lifetime",
        theirs: "87600h0m",
        ours: "87600h5m",
        reason: BACKDATE,
    },
    Difference {
        references: OLD,
        place: "leaf",
        field: "Lifetime",
        theirs: "8760h0m",
        ours: "8760h5m",
        reason: BACKDATE,
    },
    Difference {
        references: OLD,
        place: "CA",
        field: "Extensions",
        theirs: "Key Usage critical, Basic Constraints critical, Subject Key Identifier",
        ours: "Key Usage critical, Basic Constraints critical, Subject Key Identifier, \
               Subject Alternative Name",
        reason: CA_NAME,
    },
    Difference {
        references: OLD,
        place: "CA",
        field: "Subject Alternative Name",
        theirs: "",
        ours: "its CN",
        reason: CA_NAME,
    },
    Difference {
        references: OLD,
        place: "CA",
        field: "Subject Key Identifier",
        theirs: "SHA-1 of the key",
        ours: "SHA-256 of the key, 160 bits",
        reason: KEY_ID,
    },
    Difference {
        references: OLD,
        place: "CA",
        field: "Serial Number",
        theirs: "zero",
        ours: "positive, at most 8 octets",
        reason: ZERO,
    },
    Difference {
        references: OLD,
        place: "leaf",
        field: "Basic Constraints critical",
        theirs: "",
        ours: "CA:FALSE",
        reason: CONSTRAINTS,
    },
    Difference {
        references: OLD,
        place: "leaf",
        field: "Extensions",
        theirs: "Key Usage critical, Extended Key Usage, Authority Key Identifier",
        ours: "Key Usage critical, Extended Key Usage, Basic Constraints critical, \
               Authority Key Identifier",
        reason: CONSTRAINTS,
    },
    Difference {
        references: OLD,
        place: "leaf",
        field: "Extensions",
        theirs: "Key Usage critical, Extended Key Usage, Authority Key Identifier, \
                 Subject Alternative Name",
        ours: "Key Usage critical, Extended Key Usage, Basic Constraints critical, \
               Authority Key Identifier, Subject Alternative Name",
        reason: CONSTRAINTS,
    },
];
