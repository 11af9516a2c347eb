//! What a review is held against: cluster, asker and policy, as typed.

use pki_core::review::{
    self, Authority, Cluster, DEFAULT_SIGNING_DURATION, Identity, KUBE_APISERVER_CLIENT,
    KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, KnownNode, ServingPolicy, Surroundings,
    UntrustedRequest,
};
use pki_text::en::{csr as words, review as text};
use serde_json::{Value, json};

use super::message::ReviewAsk;
use super::review::Reviewed;

/// Everything around the objects.
pub(super) struct Circumstances {
    around: Surroundings,
    authority: Option<Authority>,
    duration: i64,
    requestor: Option<Identity>,
    pub(super) policy: Option<ServingPolicy>,
    now: i64,
}

impl Circumstances {
    pub(super) fn read(ask: &ReviewAsk, now: i64) -> Result<Self, String> {
        let nodes = ask.nodes.lines().filter(|line| !line.trim().is_empty());
        let nodes = nodes.map(KnownNode::parse).collect::<Result<Vec<_>, _>>();
        let nodes = nodes.map_err(|error| text::known_node_error(&error))?;
        let max_lifetime = seconds(&ask.max_lifetime, words::MAX_LIFETIME)?;
        let authority = match ask.ca.trim() {
            "" => None,
            pem => Some(Authority::from_pem(pem).map_err(|_| words::CA_UNREADABLE.to_owned())?),
        };
        let expiration = seconds(&ask.expiration, words::EXPIRATION)?;
        Ok(Self {
            around: Surroundings {
                name: "request".to_owned(),
                signer_name: ask.signer.trim().to_owned(),
                usages: list(&ask.usages),
                expiration_seconds: expiration.map(|s| s.try_into().unwrap_or(i32::MAX)),
            },
            authority,
            duration: seconds(&ask.duration, words::DURATION)?.unwrap_or(DEFAULT_SIGNING_DURATION),
            requestor: match ask.user.trim() {
                "" => None,
                user => Some(Identity::authenticated(user, list(&ask.groups))),
            },
            policy: (!nodes.is_empty()).then_some(ServingPolicy { nodes, max_lifetime }),
            now,
        })
    }

    pub(super) fn judge(&self, object: Value) -> Reviewed {
        let stored = review::from_stored(&object);
        let recorded = stored.as_ref().map(|stored| stored.requestor.clone());
        let requestor = self.requestor.clone().or(recorded);
        let requestor = requestor.unwrap_or_else(Identity::administrator);
        let sent = stored.as_ref().map_or(&object, |stored| &stored.sent);
        let asked = sent.pointer("/spec/signerName").and_then(Value::as_str);
        let cluster = Cluster::assumed(self.authority.clone(), asked, self.duration);
        let review = review::review(sent, &cluster, &requestor, self.now);
        let faults = self.policy.as_ref().map(|policy| policy.check(&review, &requestor));
        Reviewed {
            outcome: review.when_approved(&cluster),
            open: stored.as_ref().is_none_or(|stored| stored.conditions.is_empty()),
            conditions: stored.map(|stored| stored.conditions).unwrap_or_default(),
            object,
            review,
            cluster,
            requestor,
            faults,
        }
    }

    /// The objects in an input. A bare request without a signer is given to the one that its
    /// subject is for.
    pub(super) fn objects(&self, input: &[u8]) -> Result<Vec<Value>, String> {
        let found = review::find_objects(input, &self.around);
        let mut objects = found.map_err(|error| text::input_error(&error))?;
        if self.around.signer_name.is_empty() || self.around.usages.is_empty() {
            for object in &mut objects {
                self.complete(object);
            }
        }
        Ok(objects)
    }

    /// Fills in what a bare request lacks; objects of people have kind and name of their own.
    fn complete(&self, object: &mut Value) {
        let is_bare = object.pointer("/spec/signerName").and_then(Value::as_str)
            == Some(self.around.signer_name.as_str())
            && object.pointer("/spec/usages") == Some(&json!(self.around.usages));
        if !is_bare {
            return;
        }
        let request = request_of(object);
        let signer = match self.around.signer_name.as_str() {
            "" => request.as_ref().map_or(KUBE_APISERVER_CLIENT, signer_for),
            signer => signer,
        };
        let usages = match self.around.usages.as_slice() {
            [] => review::usual_usages(signer),
            usages => usages.to_vec(),
        };
        if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
            spec.insert("signerName".to_owned(), json!(signer));
            spec.insert("usages".to_owned(), json!(usages));
        }
    }
}

fn request_of(object: &Value) -> Option<UntrustedRequest> {
    let text = object.pointer("/spec/request")?.as_str()?;
    let decoded = pki_core::detect::decode_base64(text)?;
    UntrustedRequest::from_pem(&decoded.bytes).ok()
}

/// The built-in signer that a subject is meant for.
fn signer_for(request: &UntrustedRequest) -> &'static str {
    if !request.subject.common_name.starts_with(review::NODE_PREFIX.as_bytes()) {
        KUBE_APISERVER_CLIENT
    } else if request.sans.is_empty() {
        KUBE_APISERVER_CLIENT_KUBELET
    } else {
        KUBELET_SERVING
    }
}

/// A number of seconds, or a duration such as `24h`; `None` for nothing.
pub(super) fn seconds(typed: &str, what: &str) -> Result<Option<i64>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let number = typed.parse().or_else(|_| pki_core::design::parse_duration(typed));
    number.map(Some).map_err(|_| words::not_a_duration(what, typed))
}

/// Takes a list apart at commas and line ends; usages have blanks in them.
pub(super) fn list(typed: &str) -> Vec<String> {
    let parts = typed.split([',', ';', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
