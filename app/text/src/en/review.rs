//! What a review finds, in sentences.

use pki_core::request::{AttachError, WishError, WorkshopError};
use pki_core::review::{Finding, InputError, KnownNodeError, Outcome, PolicyFault, Rule, Stage};
use pki_core::sign::{IssuerError, SignError};
use time::OffsetDateTime;

/// One sentence for a finding, with the field in front where there is one.
pub fn sentence(finding: &Finding) -> String {
    let text = explain(finding.rule, &finding.value);
    match finding.field.as_str() {
        "" => text,
        field => format!("{field}: {text}"),
    }
}

/// What the rule says about a value.
fn explain(rule: Rule, value: &str) -> String {
    let shown = shorten(value);
    let text = match rule {
        Rule::CreateForbidden => {
            return format!("{shown} may not create CertificateSigningRequests.");
        }
        Rule::Endpoint => {
            return format!("The API server does not serve {shown}; since 1.22 it is v1 only.");
        }
        Rule::TooLarge => {
            return format!("The object is above {shown} octets: the API server reads no more.");
        }
        Rule::TooLargeToStore => {
            return format!(
                "The object is above {shown} octets: etcd stores no more. Ask for fewer names, and \
                 leave out what stands around the PEM block."
            );
        }
        Rule::ObjectType => "The object must be a mapping.",
        Rule::ApiVersion => return format!("{shown} is not certificates.k8s.io/v1."),
        Rule::Kind => return format!("{shown} is not CertificateSigningRequest."),
        Rule::FieldType => {
            "The server cannot read this value: it is of another type, out of range, or no moment \
             of the calendar."
        }
        Rule::Base64 => {
            return format!(
                "The text is not base64 (at octet {shown}): only line breaks may stand between \
                 the characters, and the padding must be there."
            );
        }
        Rule::UnknownField => {
            "There is no such field: kubectl refuses it, the API server drops it."
        }
        Rule::NodeWithoutName => return format!("{shown} is a node without a name."),
        Rule::NodeRequestUnreadable => {
            return format!("A node's request must be readable ({shown}).");
        }
        Rule::NodeCommonName => {
            return format!("A node may ask the kubelet signers for CN={shown} only.");
        }
        Rule::NameRequired => "The object needs a name.",
        Rule::Name => {
            return format!("“{shown}” cannot be a name: no “/”, no “%”, not “.” or “..”.");
        }
        Rule::Label => return format!("“{shown}” is no label."),
        Rule::Annotation => {
            return format!("“{shown}” is no annotation, or they are above 256 KiB.");
        }
        Rule::Metadata => return format!("“{shown}” cannot stand here."),
        Rule::PemType if value.is_empty() => {
            "There is no well-formed PEM block CERTIFICATE REQUEST (no indentation, no byte order \
             mark, equal labels at both ends)."
        }
        Rule::PemType => {
            return format!(
                "The first PEM block must be CERTIFICATE REQUEST, and it is {shown}; \
                 the label of keytool, NEW CERTIFICATE REQUEST, is refused too."
            );
        }
        Rule::RequestSyntax => return format!("The request's DER cannot be read ({shown})."),
        Rule::RequestKey => return format!("The public key cannot be used ({shown})."),
        Rule::RequestSan => return format!("A requested name cannot be read ({shown})."),
        Rule::RequestDuplicateExtension => "One extension is requested twice.",
        Rule::RequestSignature => {
            return format!(
                "The request is not signed by its own key ({shown}): it was damaged, changed, or \
                 put together wrongly. Make it anew."
            );
        }
        Rule::UsagesRequired => "At least one usage is required.",
        Rule::UsageUnknown => return format!("There is no usage “{shown}”."),
        Rule::UsageDuplicate => return format!("“{shown}” stands there twice."),
        Rule::SignerRequired => "A signer is required.",
        Rule::SignerName => {
            return format!("“{shown}” is no signer: domain with a dot, slash, path, lower case.");
        }
        Rule::SignerLegacy => "v1 refuses kubernetes.io/legacy-unknown.",
        Rule::Expiration => return format!("{shown} seconds are too few; 600 is the least."),
        Rule::SystemMasters => {
            "The group system:masters is refused for this signer; kubeadm's administrators are in \
             kubeadm:cluster-admins."
        }
        Rule::ResourceVersion => "A new object must not have a resourceVersion.",
        Rule::AlreadyExists => return format!("There is a request “{shown}” already."),
        Rule::AutoApproved => "kube-controller-manager approves it by itself.",
        Rule::AutoApprovalForbidden => {
            "A correct node client request, but the requestor has no right to automatic approval: \
             somebody must approve it."
        }
        Rule::NeedsApproval => "Somebody must approve it.",
        Rule::OrganizationNotNodes => {
            return format!(
                "The signer wants O=system:nodes and no other; here: {}.",
                here(&shown)
            );
        }
        Rule::CommonNameNotNode => {
            return format!(
                "The signer wants a CN that starts with system:node:; here: {}.",
                here(&shown)
            );
        }
        Rule::DnsNotAllowed => return format!("The signer allows no DNS name ({shown})."),
        Rule::EmailNotAllowed => return format!("The signer allows no e-mail address ({shown})."),
        Rule::IpNotAllowed => return format!("The signer allows no IP address ({shown})."),
        Rule::UriNotAllowed => return format!("The signer allows no URI ({shown})."),
        Rule::DnsOrIpRequired => "The signer wants a DNS name or an IP address.",
        Rule::UsagesMismatch => {
            return format!(
                "The signer wants exactly: {shown} (key encipherment may be left out)."
            );
        }
        Rule::UsageNotAllowed => return format!("The signer does not give “{shown}”."),
        Rule::ClientAuthRequired => "The signer wants “client auth”.",
        Rule::SignerNotServed => {
            return format!("kube-controller-manager does not sign for {shown} here.");
        }
        Rule::CaExpired => return format!("The signing CA expired on {}.", moment_text(value)),
        Rule::CaUnreadable => "The signing CA's certificate cannot be read.",
        Rule::CaMayNotSign => {
            "The signing certificate is not a CA's (cA, keyCertSign): Kubernetes signs with it, \
             and nobody will trust the result."
        }
        Rule::CaNotYetValid => {
            return format!("The signing CA is valid from {} on.", moment_text(value));
        }
        Rule::SubjectDropped => {
            return format!("{shown} attributes of the subject will be left out.");
        }
        Rule::SanDropped => {
            return format!("{shown} names of other kinds than DNS, e-mail, IP, URI are left out.");
        }
        Rule::ExtensionDropped if value.starts_with("basicConstraints") => {
            return format!("The requested extension {shown} is left out: clusters sign no CAs.");
        }
        Rule::ExtensionDropped => return format!("The requested extension {shown} is left out."),
        Rule::LifetimeCut => return format!("The signer gives {shown} seconds at most."),
        Rule::LifetimeCutByCa => {
            return format!("The lifetime ends with the CA's, on {}.", moment_text(value));
        }
        Rule::NoCommonName => "Without a common name nobody can log in with the certificate.",
        other => return other.id().to_owned(),
    };
    text.to_owned()
}

/// Long values are of no help in a sentence.
fn shorten(value: &str) -> String {
    const LONGEST: usize = 200;
    let mut shown: String =
        value.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// A text in quotation marks, or that there is none.
fn here(shown: &str) -> String {
    if shown.is_empty() { "none".to_owned() } else { format!("“{shown}”") }
}

/// Unix seconds as a date and a time of day in UTC.
fn moment_text(seconds: &str) -> String {
    seconds.parse().map_or_else(|_| seconds.to_owned(), moment)
}

/// Unix seconds as a date and a time of day in UTC.
pub fn moment(seconds: i64) -> String {
    match OffsetDateTime::from_unix_timestamp(seconds) {
        Ok(moment) => {
            let (hour, minute, second) = moment.time().as_hms();
            format!("{} {hour:02}:{minute:02}:{second:02} UTC", moment.date())
        }
        Err(_) => seconds.to_string(),
    }
}

/// Who decides at a stage.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Authorization => "authorization",
        Stage::Decoding => "API server, decoding",
        Stage::MutatingAdmission => "admission (NodeRestriction)",
        Stage::Validation => "API server, field validation",
        Stage::ValidatingAdmission => "admission (CertificateSubjectRestriction)",
        Stage::Storage => "API server, storage",
        Stage::Approval => "approval",
        Stage::Signing => "signer",
    }
}

/// Where a request ends, once it is approved by somebody who may.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused => "Refused: the object is not created.",
        Outcome::Pending => "Waits for approval.",
        Outcome::Denied => "Denied.",
        Outcome::Failed => "Created, but the signer fails it (SignerValidationFailure).",
        Outcome::ApprovedUnsigned => "Created, but nobody signs it.",
        Outcome::Issued => "Signed, once it is approved.",
    }
}

/// Why an input holds no request.
pub fn input_error(error: &InputError) -> String {
    match error {
        InputError::Empty => "The input is empty.".to_owned(),
        InputError::TooLarge => "The input is too large.".to_owned(),
        InputError::Syntax(reason) => format!("This is neither YAML nor JSON: {reason}."),
        InputError::PrivateKey => {
            "This is a private key. Keep it to yourself; paste the request.".to_owned()
        }
        _ => "There is no certificate request in it.".to_owned(),
    }
}

/// What speaks against the approval of a kubelet serving certificate.
pub fn policy_fault(fault: &PolicyFault) -> String {
    match fault {
        PolicyFault::OtherSigner => {
            "For another signer than kubernetes.io/kubelet-serving.".to_owned()
        }
        PolicyFault::NotSignable => "The signer would not sign it.".to_owned(),
        PolicyFault::Requestor(who) => {
            format!("Filed by “{}”, not by the node that it names.", shorten(who))
        }
        PolicyFault::UnknownNode(name) => format!("No node “{}” is known.", shorten(name)),
        PolicyFault::Dns(name) => format!("The DNS name “{}” is not the node's.", shorten(name)),
        PolicyFault::Address(address) => format!("The address {address} is not the node's."),
        PolicyFault::Lifetime(seconds) => format!("It would live {seconds} seconds."),
        _ => "The policy does not allow it.".to_owned(),
    }
}

/// Why a line tells no node.
pub fn known_node_error(error: &KnownNodeError) -> String {
    format!(
        "“{}” is no name, address, network or pattern; write: worker-1 10.0.0.21 10.1.0.0/24 \
         {{node}}.example.com",
        shorten(&error.part)
    )
}

/// Why no request can be made.
pub fn wish_error(error: &WishError) -> String {
    match error {
        WishError::EmptyName => "A name is empty.".to_owned(),
        WishError::ObjectName(name) => {
            format!("“{}” cannot name the object: no “/”, no “%”, not “.” or “..”.", shorten(name))
        }
        WishError::SystemMasters => {
            "Kubernetes refuses the group system:masters; use kubeadm:cluster-admins.".to_owned()
        }
        WishError::Expiration(seconds) => {
            format!("{seconds} seconds are too few: Kubernetes takes 600 and more.")
        }
        WishError::NodeName(name) => format!("“{}” is not the name of a node.", shorten(name)),
        WishError::NoNames => "A serving certificate needs a DNS name or an address.".to_owned(),
        WishError::DnsName(name) => format!("“{}” is not a DNS name.", shorten(name)),
        WishError::San(name) => {
            format!("“{}” is no DNS name, address, e-mail address or URI.", shorten(name))
        }
        WishError::NoSigner => "No built-in signer makes such certificates. Name the signer that \
            does, for instance example.com/serving."
            .to_owned(),
        WishError::Usage(name) if name.is_empty() => "At least one usage is required.".to_owned(),
        WishError::Usage(name) => {
            format!("There is no usage “{}”; write: digital signature, client auth", shorten(name))
        }
        WishError::ServiceName(name) => {
            format!("“{}” cannot be the name of a Service, namespace or account.", shorten(name))
        }
        _ => "A name is too long.".to_owned(),
    }
}

/// Why a CA cannot be used.
pub fn issuer_error(error: &IssuerError) -> String {
    match error {
        IssuerError::KeyMismatch => "The key is not the CA certificate's.".to_owned(),
        IssuerError::Key(error) => format!("The CA's key cannot be used: {error}."),
        other => format!("The CA's certificate cannot be used: {other}."),
    }
}

/// Why nothing was signed.
pub fn sign_error(error: &SignError) -> String {
    format!("Nothing was signed: {error}.")
}

/// Why a certificate is not attached.
pub fn attach_error(error: &AttachError) -> String {
    match error {
        AttachError::NoCertificate => "There is no PEM block CERTIFICATE in it.".to_owned(),
        AttachError::Malformed(reason) => format!("The certificate cannot be read ({reason:?})."),
        AttachError::KeyMismatch => "The certificate is over another key: it was issued for \
            another request. Attach it with the key of that request."
            .to_owned(),
        AttachError::RequestKey => "The request beside the key is over another key. Take the one that belongs to this key, or none.".to_owned(),
        AttachError::RequestDiffers { asked, signed } => format!(
            "The certificate says something else than the request: asked for “{}”, signed “{}”.",
            shorten(asked),
            shorten(signed)
        ),
        AttachError::Ca => "A CA must be one certificate in PEM, and the CA of the cluster is needed.".to_owned(),
        AttachError::Issuer => {
            "The certificate is from another CA: its issuer is not the CA's name. Where clients have \
             a CA of their own, give that one too."
                .to_owned()
        }
        AttachError::Signature(reason) => {
            format!("The CA did not sign this certificate: {reason}.")
        }
        AttachError::NoClientAuth => {
            "The certificate is not for clients (no clientAuth).".to_owned()
        }
        AttachError::Expired(end) => format!("The certificate expired on {}.", moment(*end)),
        AttachError::NotYetValid(start) => {
            format!("The certificate is valid only from {} on; is the clock right?", moment(*start))
        }
        AttachError::Server(url) if url.is_empty() => {
            "Say where the API server is: https://HOST:6443.".to_owned()
        }
        AttachError::Server(url) => format!("“{}” is not the https URL of a server.", shorten(url)),
        AttachError::Key(reason) => format!("The key cannot be written: {reason}."),
        _ => "The certificate cannot be used.".to_owned(),
    }
}

/// Why there is no workshop.
pub fn workshop_error(error: &WorkshopError) -> String {
    match error {
        WorkshopError::Nobody => "Nobody is on the list: write a person a line.".to_owned(),
        WorkshopError::TooMany(most) => format!("More than {most} people: make several archives."),
        WorkshopError::Twice(line, folder) => format!(
            "Line {line}: somebody else has the folder “{}” already; write the name differently.",
            shorten(folder)
        ),
        WorkshopError::Line(line, error) => format!("Line {line}: {}", wish_error(error)),
        WorkshopError::Namespace(name) => {
            format!("“{}” cannot be the name of a namespace.", shorten(name))
        }
        WorkshopError::Key(reason) => format!("A key could not be made: {reason}."),
        WorkshopError::Archive(reason) => format!("The archive could not be written: {reason}."),
        _ => "The workshop could not be made.".to_owned(),
    }
}

/// What stands in the archive of a workshop for whoever runs it.
pub const WORKSHOP_README: &str = "\
# Workshop

One folder for each person: key.pem (secret), csr.pem, csr.yaml and fetch-and-use.sh.
Run these in this folder, as somebody who may approve requests:

    kubectl create -f requests.yaml   # files every request
    sh approve.sh                     # approves them, one by one
    kubectl apply -f rbac.yaml        # namespaces and RoleBindings
    sh collect.sh                     # fetches the certificates, writes a kubeconfig each

Give each person their own folder, by a way that nobody else can read; then delete the keys here.
Approve within 24 hours: the cluster forgets requests that wait longer, and certificates an hour
after they are issued.
";

#[cfg(test)]
mod tests {
    use pki_core::review::Rule;

    #[test]
    fn every_rule_has_a_sentence_and_an_id_of_its_own() {
        let mut ids = std::collections::BTreeSet::new();
        for rule in Rule::ALL {
            let text = super::explain(*rule, "1");
            assert!(text.ends_with('.'), "{rule:?}: {text}");
            assert!(ids.insert(rule.id()), "{rule:?} shares its id");
            assert!(!rule.citation().is_empty());
        }
    }
}
