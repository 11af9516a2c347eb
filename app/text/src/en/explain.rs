//! What the report of a paste says, in sentences.

mod problem;

pub use problem::problem;

use pki_core::decode::Severity;
use pki_core::detect::{Foreign, Step};
use pki_core::explain::relations::Signature;
use pki_core::explain::{
    Note, Object, PrivateKeyReport, Refusal, Refuser, Role, Status, ValidAs, When,
};

/// The way to an object, e.g. `base64 → PEM CERTIFICATE`.
pub fn path(steps: &[Step]) -> String {
    steps.iter().map(step).collect::<Vec<_>>().join(" → ")
}

/// One layer.
pub fn step(step: &Step) -> String {
    match step {
        Step::File { name } => name.clone(),
        Step::ByteOrderMark => "byte order mark".to_owned(),
        Step::Utf16 => "UTF-16".to_owned(),
        Step::Quotes => "quotation marks".to_owned(),
        Step::PercentSign => "% of the shell".to_owned(),
        Step::Prose { line } => format!("text (line {line})"),
        Step::Hex => "hexadecimal".to_owned(),
        Step::Octets => "decimal octets".to_owned(),
        Step::Escapes => "\\n escapes".to_owned(),
        Step::PercentEscapes => "percent escapes".to_owned(),
        Step::Base64 { url: false } => "base64".to_owned(),
        Step::Base64 { url: true } => "base64url".to_owned(),
        Step::Pem { label, line, .. } => format!("PEM {label} (line {line})"),
        Step::Der => "DER".to_owned(),
        Step::Gzip => "gzip".to_owned(),
        Step::TarEntry { path } => shown(path),
        Step::YamlDocument { index } => format!("YAML document {}", index + 1),
        Step::Json => "JSON".to_owned(),
        Step::Item { index } => format!("items[{index}]"),
        Step::Object { kind, namespace, name, .. } => {
            let mut text = kind.clone();
            if let Some(name) = name {
                text.push(' ');
                if let Some(namespace) = namespace {
                    text.push_str(namespace);
                    text.push('/');
                }
                text.push_str(name);
            }
            text
        }
        Step::Field { path, line: Some(line), .. } => format!("{path} (line {line})"),
        Step::Field { path, .. } => path.clone(),
        Step::Pkcs7 { index } => format!("PKCS#7 no. {}", index + 1),
        _ => "another layer".to_owned(),
    }
}

/// The name of the kind of an object.
pub fn kind(object: &Object) -> &'static str {
    match object {
        Object::Certificate(_) => "Certificate",
        Object::CertificateRequest(_) => "Certificate request",
        Object::PublicKey(_) => "Public key",
        Object::PrivateKey(_) => "Private key",
        Object::SigningRequest(request) => match request.object_kind.as_str() {
            "PodCertificateRequest" => "PodCertificateRequest",
            "CertificateRequest" => "CertificateRequest of cert-manager",
            _ => "CertificateSigningRequest",
        },
        Object::Kubeconfig(_) => "kubeconfig",
        Object::RevocationList(_) => "Certificate revocation list",
        Object::Token(report) if report.user.is_some() => "ServiceAccount token",
        Object::Token(_) => "JSON Web Token",
        Object::BootstrapToken(_) => "Bootstrap token",
        Object::Foreign(foreign) => foreign_kind(foreign),
        Object::Unknown(unknown) if unknown.certificate.is_some() => "Broken certificate",
        _ => "Unknown object",
    }
}

/// What a format that is named and not read is called.
pub fn foreign_kind(foreign: &Foreign) -> &'static str {
    match foreign {
        Foreign::Pkcs12 => "PKCS#12 file",
        Foreign::Pkcs7 { .. } => "PKCS#7 without certificates",
        Foreign::JavaKeyStore => "Java keystore (JKS)",
        Foreign::Jceks => "Java keystore (JCEKS)",
        Foreign::Zip => "ZIP archive",
        Foreign::OpenSshPublicKey { .. } => "OpenSSH public key",
        Foreign::OpenSshPrivateKey => "OpenSSH private key",
        Foreign::ErrorText => "Error message",
        Foreign::Listing => "Listing without certificates",
        Foreign::Description => "Description of certificates",
        Foreign::Wrapped => "More wrappings than are taken off",
        _ => "Format that is not read here",
    }
}

/// What to do with a format that is named and not read: a sentence, and the command to run.
pub fn foreign_help(foreign: &Foreign) -> (&'static str, &'static str) {
    match foreign {
        Foreign::Pkcs12 => (
            "Its keys and certificates are under a password, which is not asked for here. Write \
             them out as PEM, and paste that.",
            "openssl pkcs12 -in FILE.p12 -nodes",
        ),
        Foreign::Pkcs7 { .. } => (
            "It holds no certificates in the clear. See what is in it.",
            "openssl cms -cmsout -print -noout -in FILE -inform DER",
        ),
        Foreign::JavaKeyStore => (
            "List its certificates as PEM, and paste that. Kubernetes does not read keystores.",
            "keytool -list -rfc -keystore FILE.jks",
        ),
        Foreign::Jceks => (
            "List its certificates as PEM, and paste that. Kubernetes does not read keystores.",
            "keytool -list -rfc -storetype JCEKS -keystore FILE.jceks",
        ),
        Foreign::Zip => ("Unpack it, and drop the files that are in it.", "unzip FILE.zip"),
        Foreign::OpenSshPublicKey { .. } => (
            "OpenSSH keys are for logging in to machines. Kubernetes reads the same key as PEM.",
            "ssh-keygen -e -m PKCS8 -f FILE.pub",
        ),
        Foreign::OpenSshPrivateKey => (
            "Kubernetes does not read this form. This rewrites a copy of the file in a form that \
             it reads, where the key is of RSA or ECDSA.",
            "ssh-keygen -p -m PEM -f COPY",
        ),
        Foreign::ErrorText => (
            "This tells what a program said of a certificate; the certificate itself is not in \
             it. Fetch what the server presents, and paste that: the answer says who would refuse \
             it, and with which of these messages.",
            "openssl s_client -showcerts -connect HOST:PORT </dev/null",
        ),
        Foreign::Listing => (
            "This is a summary, without the certificates. Paste the whole objects.",
            "kubectl get csr NAME -o yaml",
        ),
        Foreign::Description => (
            "This describes certificates that are not in it. Paste the files themselves, or what \
             the server presents (openssl s_client -showcerts).",
            "cat /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt",
        ),
        Foreign::Wrapped => (
            "The path says which layers were taken off, and where it stopped. Take some off \
             yourself, and paste what is left.",
            "base64 -d FILE",
        ),
        _ => ("It is not read here.", ""),
    }
}

/// What became of the signature of a token.
pub fn token_signature(signature: Option<Signature>) -> &'static str {
    match signature {
        Some(Signature::Valid) => "Its signature is right: the key in sight made it.",
        Some(Signature::Invalid) => {
            "Its signature is not right: the key that it names did not make it. kube-apiserver \
             answers: Unauthorized."
        }
        Some(Signature::Unsupported) => {
            "Its signature is of an algorithm that cannot be checked here."
        }
        Some(Signature::Unchecked) | None => {
            "Its signature was not checked: paste the public key (sa.pub) together with it."
        }
    }
}

/// What stands for a field of a broken certificate that is not whole.
pub const NOT_WHOLE: &str = "not in what is left";
/// What a broken certificate is good for.
pub const READ_SO_FAR: &str = "This is only the part that can still be read, and no program takes \
    it. Copy the certificate again from its source.";

/// What a revocation list is good for in Kubernetes.
pub const REVOCATION: &str = "Only etcd reads revocation lists (--client-crl-file, \
    --peer-crl-file). kube-apiserver, kubelets and kubectl never ask for one.";

/// The word for a severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The word for where now stands.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::NotYetValid => "not yet valid",
        Status::Valid => "valid",
        Status::Expired => "expired",
        Status::Unknown => "of unreadable validity",
    }
}

/// What a certificate can be used for.
pub fn valid_as(valid_as: ValidAs) -> &'static str {
    match valid_as {
        ValidAs::Server => "to serve TLS",
        ValidAs::Client => "to authenticate as a client",
        ValidAs::Both => "to serve TLS and to authenticate as a client",
        ValidAs::Ca => "to sign certificates",
        ValidAs::Neither => "neither to serve TLS nor to authenticate as a client",
    }
}

/// What a private key is.
pub fn private_key(key: &PrivateKeyReport) -> String {
    let mut text = format!("private key, {}", key.form);
    for part in [key.algorithm.as_deref(), key.curve.as_deref()].into_iter().flatten() {
        text.push_str(", ");
        text.push_str(part);
    }
    if let Some(bits) = key.bits {
        text.push_str(&format!(", {bits} bits"));
    }
    text
}

/// What a role is.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::KubernetesCa => "the cluster's CA",
        Role::FrontProxyCa => "the CA of the aggregation layer",
        Role::EtcdCa => "the CA of etcd",
        Role::OtherCa => "a CA",
        Role::Apiserver => "the serving certificate of kube-apiserver",
        Role::ApiserverKubeletClient => "kube-apiserver as a client of kubelets",
        Role::FrontProxyClient => "kube-apiserver as a client of extension apiservers",
        Role::EtcdServer => "the serving certificate of etcd",
        Role::EtcdPeer => "etcd among its peers",
        Role::EtcdHealthcheckClient => "the probe of etcd's health",
        Role::ApiserverEtcdClient => "kube-apiserver as a client of etcd",
        Role::Admin => "the administrator of admin.conf",
        Role::SuperAdmin => "the administrator of super-admin.conf, whom RBAC does not bind",
        Role::ControllerManager => "kube-controller-manager as a client of kube-apiserver",
        Role::Scheduler => "kube-scheduler as a client of kube-apiserver",
        Role::KubeProxy => "kube-proxy as a client of kube-apiserver",
        Role::KubeletClient => "a kubelet as a client of kube-apiserver",
        Role::KubeletServing => "the serving certificate of a kubelet",
        Role::User => "a user of kube-apiserver",
        Role::Server => "a server",
        _ => "a certificate of the cluster",
    }
}

/// What one should know about an identity.
pub fn note(note: &Note) -> String {
    match note {
        Note::SystemMasters => "Group system:masters: kube-apiserver lets it do everything before \
            RBAC is asked. No binding can take that away and the certificate cannot be revoked: \
            it ends when it expires or when the CA is replaced."
            .to_owned(),
        Note::SystemMaster => "Group system:master, without the s at the end, grants nothing. \
            system:masters was probably meant."
            .to_owned(),
        Note::NeedsClusterAdminsBinding => "Group kubeadm:cluster-admins has no power until the \
            ClusterRoleBinding kubeadm:cluster-admins exists; kubeadm makes it at init."
            .to_owned(),
        Note::NeedsKubeletClientBinding => "The user kube-apiserver-kubelet-client may call \
            kubelets only by the ClusterRoleBinding kubeadm:apiserver-kubelet-client, which kubeadm \
            makes since 1.33; before, its group had that right. Elsewhere it is yours to make."
            .to_owned(),
        Note::AuthenticatesNobody => "As a client it authenticates nobody: its extKeyUsage does \
            not name clientAuth. The user and groups are what its subject would be."
            .to_owned(),
        Note::CaAsClient { user } => format!(
            "Who holds the key of this CA can sign certificates for any user. Go also takes the \
             CA's own certificate from a client, as the user {user}."
        ),
        Note::UnknownSystemGroup { group } => {
            format!("No built-in binding names the group {group}: by itself it grants nothing.")
        }
        Note::UnknownSystemUser { user } => {
            format!(
                "No built-in binding names the user {user}: by itself it may only do what \
                 everybody may who logs in, which is to ask for versions, APIs and its own rights."
            )
        }
        Note::AutomaticGroup { group } => {
            format!("kube-apiserver gives the group {group} by itself; it need not be named.")
        }
        Note::ShadowsServiceAccount { user } => {
            format!("The user name {user} is a ServiceAccount's: this certificate has its rights.")
        }
        Note::NodeWithoutGroup { user } => format!(
            "{user} without the group system:nodes: the node authorizer does not know it, and a \
             kubelet with it can do nothing."
        ),
        Note::GroupWithoutNode => "Group system:nodes without a user system:node:<name>: the node \
            authorizer does not know it."
            .to_owned(),
        Note::EmptyNodeName => "The user system:node: names no node.".to_owned(),
        Note::NodeNotLowerCase { node } => {
            format!("The node name {node} has capital letters, which no Node object can have.")
        }
        Note::NoUser => "No common name: kube-apiserver authenticates nobody by it.".to_owned(),
        Note::SeveralCommonNames { user } => {
            format!("There are several common names. Kubernetes reads the last one, {user}.")
        }
        Note::ServerAndClient => "Valid for servers and for clients: whoever holds the server's \
            key can also act as the user."
            .to_owned(),
        Note::NoServerNames => "A server certificate without a DNS name or IP address in \
            subjectAltName. Go refuses it: x509: certificate relies on legacy Common Name field, \
            use SANs instead."
            .to_owned(),
        Note::AddressAsDnsName { name } => {
            format!("{name} is an IP address written as a DNS name: it never matches.")
        }
        Note::WildcardNeverMatches { name } => format!(
            "{name} matches no host in Go, nor as a rule elsewhere: an asterisk stands for one \
             whole label, the first, with others behind it. Write *.example.com."
        ),
        Note::CaWithoutCertSign => {
            "A CA whose keyUsage lacks keyCertSign: nothing that it signs verifies.".to_owned()
        }
        Note::CertSignWithoutCa => {
            "keyUsage has keyCertSign, but basicConstraints does not say CA:TRUE.".to_owned()
        }
        Note::CaWithPurposes => "A CA with extKeyUsage: in Go, and in OpenSSL too, certificates \
            below it are good for these purposes only."
            .to_owned(),
        Note::Ed25519 => "An Ed25519 key: kubeadm refuses such key files, and service-account \
            tokens cannot be signed with it."
            .to_owned(),
        Note::NotForUsers { issuer } => format!(
            "Signed by {issuer}, by which kube-apiserver knows no users: the user and groups count \
             only if that CA stands in --client-ca-file."
        ),
        _ => "A note that this version has no sentence for.".to_owned(),
    }
}

/// Who refuses, and when; the words that are then said stand in the refusal itself.
pub fn refusal(refusal: &Refusal) -> String {
    let by = match refusal.by {
        Refuser::Go => "Every Kubernetes component",
        Refuser::Kubernetes => "kube-apiserver and kubectl",
        Refuser::Kubectl => "kubectl",
        Refuser::Apiserver => "kube-apiserver",
        Refuser::Kubelet => "kubelet",
        Refuser::Kubeadm => "kubeadm",
        Refuser::Etcd => "etcd",
        _ => "Some reader",
    };
    let when = match refusal.when {
        When::Read => "as soon as it is read",
        When::Field => "when the field is read",
        When::CaFile => "in a file of CAs",
        When::Pair if refusal.by == Refuser::Kubectl => {
            "as half of a certificate and its key (kubectl create secret tls, a kubeconfig)"
        }
        When::Pair => "as half of a certificate and its key, when it starts",
        When::TokenKey => "as a key of service-account tokens (--service-account-key-file)",
        When::Client => "if a client presents it",
        When::Server if refusal.is_misuse() => "if a server presents it",
        When::Now => "now",
        When::Verify => "when it is verified",
        When::Server => "when a server presents it",
        When::ServerByAddress => "when a server presents it and was dialled by IP address",
        When::SelfDial => "when its own gateway dials it",
        When::Issued => "when something that it signed is verified",
        When::Listed => "with this list in --client-crl-file or --peer-crl-file",
        When::KeyFile => "when its key file is reused",
        _ => "in some case",
    };
    format!("{by}, {when}")
}

/// A text of the input with what would not be seen written as numbers.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || ('\u{200b}'..='\u{206f}').contains(&character) {
            out.push_str(&format!("<U+{:04X}>", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}
