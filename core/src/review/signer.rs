//! The built-in signers: what each of them takes.

use super::cluster::{NODE_PREFIX, SYSTEM_NODES};
use super::pkcs10::UntrustedRequest;
use super::rule::{Finding, Rule};

/// Client certificates of people and components.
pub const KUBE_APISERVER_CLIENT: &str = "kubernetes.io/kube-apiserver-client";
/// Client certificates of kubelets.
pub const KUBE_APISERVER_CLIENT_KUBELET: &str = "kubernetes.io/kube-apiserver-client-kubelet";
/// Serving certificates of kubelets.
pub const KUBELET_SERVING: &str = "kubernetes.io/kubelet-serving";

const DIGITAL_SIGNATURE: &str = "digital signature";
const KEY_ENCIPHERMENT: &str = "key encipherment";
const CLIENT_AUTH: &str = "client auth";
const SERVER_AUTH: &str = "server auth";

/// The first rule of the signer that the request breaks.
///
/// A signer of one's own has rules of its own, which nobody else knows: it takes everything here.
pub(super) fn check(
    signer: &str,
    request: &UntrustedRequest,
    usages: &[String],
) -> Result<(), Finding> {
    match signer {
        KUBE_APISERVER_CLIENT => client_usages(usages),
        KUBE_APISERVER_CLIENT_KUBELET => kubelet_client(request, usages),
        KUBELET_SERVING => kubelet_serving(request, usages),
        _ => Ok(()),
    }
}

/// The order decides which rule is named.
fn client_usages(usages: &[String]) -> Result<(), Finding> {
    let allowed = [DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, CLIENT_AUTH];
    if let Some(usage) = usages.iter().find(|usage| !allowed.contains(&usage.as_str())) {
        return Err(Finding::new(Rule::UsageNotAllowed).field("spec.usages").value(usage));
    }
    if usages.iter().any(|usage| usage == CLIENT_AUTH) {
        Ok(())
    } else {
        Err(Finding::new(Rule::ClientAuthRequired).field("spec.usages"))
    }
}

fn kubelet_client(request: &UntrustedRequest, usages: &[String]) -> Result<(), Finding> {
    let sans = &request.sans;
    organization(request)?;
    forbid(Rule::DnsNotAllowed, sans.dns.first())?;
    forbid(Rule::EmailNotAllowed, sans.emails.first())?;
    forbid(Rule::IpNotAllowed, sans.addresses.first())?;
    forbid(Rule::UriNotAllowed, sans.uris.first())?;
    common_name(request)?;
    exact_usages(CLIENT_AUTH, usages)
}

fn kubelet_serving(request: &UntrustedRequest, usages: &[String]) -> Result<(), Finding> {
    let sans = &request.sans;
    organization(request)?;
    if sans.dns.is_empty() && sans.addresses.is_empty() {
        return Err(Finding::new(Rule::DnsOrIpRequired).field("spec.request"));
    }
    forbid(Rule::EmailNotAllowed, sans.emails.first())?;
    forbid(Rule::UriNotAllowed, sans.uris.first())?;
    exact_usages(SERVER_AUTH, usages)?;
    common_name(request)
}

fn forbid(rule: Rule, found: Option<&impl ToString>) -> Result<(), Finding> {
    match found {
        None => Ok(()),
        Some(name) => Err(Finding::new(rule).field("spec.request").value(name.to_string())),
    }
}

fn organization(request: &UntrustedRequest) -> Result<(), Finding> {
    if request.subject.organizations == [SYSTEM_NODES.as_bytes()] {
        return Ok(());
    }
    let found: Vec<_> =
        request.subject.organizations.iter().map(|name| String::from_utf8_lossy(name)).collect();
    Err(Finding::new(Rule::OrganizationNotNodes).field("spec.request").value(found.join(", ")))
}

fn common_name(request: &UntrustedRequest) -> Result<(), Finding> {
    let name = &request.subject.common_name;
    if name.starts_with(NODE_PREFIX.as_bytes()) {
        return Ok(());
    }
    let found = String::from_utf8_lossy(name).into_owned();
    Err(Finding::new(Rule::CommonNameNotNode).field("spec.request").value(found))
}

/// Exactly the three, or the two without `key encipherment`; the order does not matter.
fn exact_usages(purpose: &str, usages: &[String]) -> Result<(), Finding> {
    let has = |name: &str| usages.iter().any(|usage| usage == name);
    let known =
        |usage: &String| [DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, purpose].contains(&usage.as_str());
    if has(DIGITAL_SIGNATURE) && has(purpose) && usages.iter().all(known) {
        return Ok(());
    }
    let wanted = format!("{DIGITAL_SIGNATURE}, {KEY_ENCIPHERMENT}, {purpose}");
    Err(Finding::new(Rule::UsagesMismatch).field("spec.usages").value(wanted))
}
