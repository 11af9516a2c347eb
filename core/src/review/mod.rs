//! A CertificateSigningRequest, judged as a Kubernetes 1.36 control plane would judge it.
//!
//! [`review`] walks the way of a request: authorization, JSON decoder, NodeRestriction, field
//! validation, CertificateSubjectRestriction, storage, automatic approval, signer.
//! The first stage that says no decides the answer at create; every finding carries a [`Rule`]
//! with its id and citation. Sentences are made elsewhere.
//!
//! ```text
//! object → Submission → UntrustedRequest → findings, ReviewedContent → (sign) certificate
//! ```
//!
//! What is true of real clusters was recorded from one (`tests/fixtures/csr`), and a test holds
//! every recorded case against this module.

#[cfg(test)]
mod against_go;
mod approval;
mod assumption;
mod authority;
mod base64;
mod cluster;
mod content;
mod input;
mod object;
pub mod pkcs10;
mod policy;
mod repair;
mod rule;
mod signer;
mod stored;
pub(crate) mod tlv;
mod usage;
mod validation;

pub use approval::{Decision, Outcome, Signing};
pub use assumption::{BUILT_IN_SIGNERS, usual_usages};
pub use authority::{Authority, AuthorityError};
pub use cluster::{
    Access, Cluster, DEFAULT_SIGNING_DURATION, Grantee, Identity, NODE_PREFIX, Right,
    SYSTEM_MASTERS, SYSTEM_NODES, SigningAuthority,
};
pub use content::{BACKDATE, ContentExtension, ReviewedContent, SHORT_LIVED};
pub use input::{
    InputError, MAX_INPUT, MAX_OBJECTS, Surroundings, find_objects, read_objects, wrap,
};
pub use object::{API_GROUP, KIND, Submission};
pub use pkcs10::{RequestFault, UntrustedRequest};
pub use policy::{KnownNode, KnownNodeError, PolicyFault, ServingPolicy};
pub use repair::{Repair, repair};
pub use rule::{Finding, Rule, Severity, Stage};
pub use signer::{KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING};
pub use stored::{Stored, from_stored};
pub use usage::{USAGES, Usage};
pub use validation::{LEGACY_UNKNOWN, MIN_EXPIRATION};

pub(crate) use content::subject_der;
pub(crate) use usage::PURPOSES;

use serde_json::Value;

/// The verdict on one request.
#[derive(Clone, Debug)]
pub struct Review {
    /// The HTTP status of the create request.
    pub code: u16,
    /// `reason` of the status object; `None` for 201, and where the server gives none.
    pub reason: Option<&'static str>,
    /// Everything found, in the order of the stages.
    pub findings: Vec<Finding>,
    /// The signer that is asked.
    pub signer_name: String,
    /// Whether the csrapproving controller approves it by itself.
    pub auto_approved: bool,
    /// What the signer does once it is approved; `None` when it is not created.
    pub signing: Option<Signing>,
    /// The PKCS#10 inside, when it can be read.
    pub request: Option<UntrustedRequest>,
}

impl Review {
    /// Whether the object would be created.
    pub fn is_created(&self) -> bool {
        self.code == 201
    }

    /// What would be signed, when all goes well.
    pub fn content(&self) -> Option<&ReviewedContent> {
        match &self.signing {
            Some(Signing::Issues(content)) => Some(content),
            _ => None,
        }
    }

    fn refused(code: u16, reason: Option<&'static str>, findings: Vec<Finding>) -> Self {
        Self {
            code,
            reason,
            findings,
            signer_name: String::new(),
            auto_approved: false,
            signing: None,
            request: None,
        }
    }
}

/// The largest body of a request, in octets.
const MAX_BODY: usize = 3 * 1024 * 1024;
/// The largest write that etcd takes, in octets.
const MAX_STORED: usize = 1536 * 1024;
/// What a write needs besides the request and the metadata: the key, other fields, their owners.
/// About, as it depends on names; a real server had 401 with the shortest.
const STORED_BESIDES: usize = 400;

/// Judges an object as it would be posted to a cluster at a moment (Unix seconds).
pub fn review(object: &Value, cluster: &Cluster, requestor: &Identity, now: i64) -> Review {
    if !cluster.access.allows(requestor, &Right::Create) {
        let finding = Finding::new(Rule::CreateForbidden).value(&requestor.username);
        return Review::refused(403, Some("Forbidden"), vec![finding]);
    }
    if !object::endpoint_exists(object) {
        let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let finding = Finding::new(Rule::Endpoint).field("apiVersion").value(version);
        return Review::refused(404, Some("NotFound"), vec![finding]);
    }
    if serde_json::to_vec(object).map_or(0, |body| body.len()) > MAX_BODY {
        let finding = Finding::new(Rule::TooLarge).value(MAX_BODY.to_string());
        return Review::refused(413, Some("RequestEntityTooLarge"), vec![finding]);
    }
    let (submission, findings) = object::decode(object);
    match submission {
        None => Review::refused(400, Some("BadRequest"), findings),
        Some(submission) => review_submission(&submission, findings, cluster, requestor, now),
    }
}

fn review_submission(
    submission: &Submission,
    mut findings: Vec<Finding>,
    cluster: &Cluster,
    requestor: &Identity,
    now: i64,
) -> Review {
    let request = UntrustedRequest::from_pem(&submission.request);
    let mut answer = node_restriction(submission, &request, requestor)
        .map(|finding| (403, Some("Forbidden"), vec![finding]));
    if answer.is_none() {
        let invalid = validation::check(submission, &request);
        answer = (!invalid.is_empty()).then_some((422, Some("Invalid"), invalid));
    }
    if answer.is_none() {
        answer = after_validation(submission, &request, cluster);
    }
    let mut review = match (answer, &request) {
        (Some((code, reason, found)), _) => {
            findings.extend(found);
            Review::refused(code, reason, findings)
        }
        // Validation refuses what cannot be read, so this is out of reach.
        (None, Err(_)) => Review::refused(422, Some("Invalid"), findings),
        (None, Ok(request)) => accepted(submission, request, findings, cluster, requestor, now),
    };
    review.signer_name.clone_from(&submission.signer_name);
    review.request = request.ok();
    review
}

type Answer = (u16, Option<&'static str>, Vec<Finding>);

/// Nodes may ask the kubelet signers for their own name only.
///
/// The plugin has the method `Admit` and not `Validate`, so it runs with those that may change an
/// object, before field validation: `k8s.io/apiserver` calls them in
/// `pkg/endpoints/handlers/create.go`, and the storage's `BeforeCreate` validates after that.
fn node_restriction(
    submission: &Submission,
    request: &Result<UntrustedRequest, RequestFault>,
    requestor: &Identity,
) -> Option<Finding> {
    let node = requestor.node_name()?;
    if node.is_empty() {
        return Some(Finding::new(Rule::NodeWithoutName).value(&requestor.username));
    }
    if ![KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING].contains(&submission.signer_name.as_str())
    {
        return None;
    }
    match request {
        Err(fault) => {
            let finding = Finding::new(Rule::NodeRequestUnreadable).field("spec.request");
            Some(finding.value(format!("{fault:?}")))
        }
        Ok(request) if request.subject.common_name != requestor.username.as_bytes() => {
            let finding = Finding::new(Rule::NodeCommonName).field("spec.request");
            Some(finding.value(&requestor.username))
        }
        Ok(_) => None,
    }
}

/// CertificateSubjectRestriction, then storage.
fn after_validation(
    submission: &Submission,
    request: &Result<UntrustedRequest, RequestFault>,
    cluster: &Cluster,
) -> Option<Answer> {
    let masters = |request: &UntrustedRequest| {
        request.subject.organizations.iter().any(|name| name == SYSTEM_MASTERS.as_bytes())
    };
    if submission.signer_name == KUBE_APISERVER_CLIENT && request.as_ref().is_ok_and(masters) {
        let finding = Finding::new(Rule::SystemMasters).field("spec.request");
        return Some((403, Some("Forbidden"), vec![finding.value(SYSTEM_MASTERS)]));
    }
    let version = submission.metadata.get("resourceVersion").and_then(Value::as_str);
    if version.and_then(|version| version.parse::<u64>().ok()).is_some_and(|number| number != 0) {
        let finding = Finding::new(Rule::ResourceVersion).field("metadata.resourceVersion");
        return Some((500, None, vec![finding]));
    }
    let metadata = serde_json::to_vec(&submission.metadata).map_or(0, |metadata| metadata.len());
    if submission.request.len() + metadata + STORED_BESIDES > MAX_STORED {
        let finding = Finding::new(Rule::TooLargeToStore).value(MAX_STORED.to_string());
        return Some((500, None, vec![finding]));
    }
    if !submission.name_is_generated() && cluster.existing.contains(submission.name()) {
        let finding = Finding::new(Rule::AlreadyExists).field("metadata.name");
        return Some((409, Some("AlreadyExists"), vec![finding.value(submission.name())]));
    }
    None
}

fn accepted(
    submission: &Submission,
    request: &UntrustedRequest,
    mut findings: Vec<Finding>,
    cluster: &Cluster,
    requestor: &Identity,
    now: i64,
) -> Review {
    let signer_name = &submission.signer_name;
    let fault = signer::check(signer_name, request, &submission.usages).err();
    let auto_approved = fault.is_none()
        && signer_name == KUBE_APISERVER_CLIENT_KUBELET
        && approves_itself(request, cluster, requestor);
    findings.push(Finding::new(match (auto_approved, signer_name.as_str(), &fault) {
        (true, ..) => Rule::AutoApproved,
        (false, KUBE_APISERVER_CLIENT_KUBELET, None) => Rule::AutoApprovalForbidden,
        _ => Rule::NeedsApproval,
    }));
    let signing = match cluster.authorities.get(signer_name) {
        // Without a CA the controller does not run, and nobody looks at the rules of the signer.
        None => {
            findings.push(Finding::new(Rule::SignerNotServed).value(signer_name));
            findings.extend(fault);
            Signing::NotServed
        }
        Some(authority) => match fault {
            Some(fault) => {
                findings.push(fault.clone());
                Signing::Failed(fault)
            }
            None => {
                dropped(request, &mut findings);
                match ReviewedContent::agree(request, submission, authority, now, &mut findings) {
                    Ok(content) => Signing::Issues(Box::new(content)),
                    Err(error) => {
                        findings.push(error.clone());
                        Signing::Error(error)
                    }
                }
            }
        },
    };
    Review {
        code: 201,
        reason: None,
        findings,
        signer_name: signer_name.clone(),
        auto_approved,
        signing: Some(signing),
        request: None,
    }
}

/// The SubjectAccessReviews of the csrapproving controller.
fn approves_itself(request: &UntrustedRequest, cluster: &Cluster, requestor: &Identity) -> bool {
    let own_name = request.subject.common_name == requestor.username.as_bytes();
    (own_name && cluster.access.allows(requestor, &Right::SelfNodeClient))
        || cluster.access.allows(requestor, &Right::NodeClient)
}

/// What the signer passes over in silence.
fn dropped(request: &UntrustedRequest, findings: &mut Vec<Finding>) {
    let mut add = |rule, value: String| {
        findings.push(Finding::new(rule).field("spec.request").value(value));
    };
    if request.subject.dropped > 0 {
        add(Rule::SubjectDropped, request.subject.dropped.to_string());
    }
    if request.sans.dropped > 0 {
        add(Rule::SanDropped, request.sans.dropped.to_string());
    }
    let san = const_oid::db::rfc5280::ID_CE_SUBJECT_ALT_NAME;
    for extension in request.extensions.iter().filter(|oid| !oid.is(san)) {
        add(Rule::ExtensionDropped, extension.named());
    }
    if request.subject.common_name.is_empty() {
        add(Rule::NoCommonName, String::new());
    }
}
