//! From a wish to a kubeconfig: what is asked for, what comes of it, and what is pasted instead.

mod attached;
mod pasted;
mod read_elsewhere;
mod wished;

use chacha20::ChaCha20Rng;
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::request::{self, Wish};
use pki_core::review::{
    self, Access, Authority, Cluster, DEFAULT_SIGNING_DURATION, Identity, SigningAuthority,
    UntrustedRequest,
};
use pki_core::sign::{self, Issuer};
use rand_core::SeedableRng;
use serde_json::Value;

const NOW: i64 = 1_800_000_000;

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([9; 32])
}

fn key(algorithm: Algorithm) -> PrivateKey {
    PrivateKey::generate(algorithm, &mut rng()).expect("a key")
}

/// A self-signed CA that the signer itself makes of a request: its name is what counts.
fn ca() -> (String, Issuer) {
    let key = PrivateKey::generate(Algorithm::EcdsaP256, &mut ChaCha20Rng::from_seed([1; 32]))
        .expect("a key");
    let mut wish = Wish::user("kubernetes-ca", &[]).expect("a wish");
    wish.usages = vec!["cert sign", "client auth"];
    wish.signer_name = "example.com/ca".to_owned();
    let der = request::encode(&wish, &key, &mut rng()).expect("a request");
    let object = request::to_value(&wish, Algorithm::EcdsaP256, &request::to_pem(&der));
    let request = UntrustedRequest::from_der(&der).expect("a request");
    // Subject and issuer alike: a certificate signed with its own key.
    let authority = Authority {
        subject: subject_of(&der),
        key_identifier: None,
        spki: request.spki.clone(),
        not_before: 0,
        not_after: NOW + 1_000_000_000,
        is_ca: Some(true),
        may_sign: Some(true),
    };
    let content = review_with(&object, &authority, "example.com/ca");
    let content = content.content().expect("content").clone();
    let pem = self_sign(&content, authority, &key);
    (pem.clone(), Issuer::new(&pem, key).expect("an issuer"))
}

/// The subject's octets: the second element of the request's information.
fn subject_of(der: &[u8]) -> Vec<u8> {
    use x509_cert::der::{Decode, Encode};
    let request = x509_cert::request::CertReq::from_der(der).expect("a request");
    request.info.subject.to_der().expect("DER")
}

fn self_sign(content: &review::ReviewedContent, authority: Authority, key: &PrivateKey) -> String {
    let key = PrivateKey::from_pem(&key.kubernetes_pem().expect("PEM")).expect("the key");
    let issuer = Issuer::from_parts(authority, key).expect("an issuer");
    sign::sign(content, &issuer, &mut rng()).expect("a certificate").to_pem()
}

fn administrator() -> Identity {
    Identity { username: "admin".to_owned(), groups: vec!["system:masters".to_owned()] }
}

fn cluster(authority: &Authority, signer: &str) -> Cluster {
    let signing =
        SigningAuthority { authority: Some(authority.clone()), duration: DEFAULT_SIGNING_DURATION };
    Cluster {
        access: Access::kubeadm(),
        authorities: [(signer.to_owned(), signing)].into(),
        ..Cluster::default()
    }
}

fn review_with(object: &Value, authority: &Authority, signer: &str) -> review::Review {
    review::review(object, &cluster(authority, signer), &administrator(), NOW)
}

fn wishes() -> Vec<Wish> {
    let groups = ["zeta".to_owned(), "alpha".to_owned(), "a group, with + and /".to_owned()];
    vec![
        Wish::user("jean.doe", &groups).expect("a user"),
        Wish::user("Zoé Müller <b>%/", &[]).expect("any name is a user's"),
        Wish::node_client("n1").expect("a node"),
        Wish::node_serving("n1", &["n1.example".to_owned()], &["10.0.0.1".parse().expect("IP")])
            .expect("a node"),
        Wish::service("web", "shop", "cluster.local", "example.com/services").expect("a service"),
        Wish::other(
            "agent",
            &[],
            &[
                "spiffe://example.org/ns/shop/sa/web",
                "urn:uuid:6f1c9a9e-0000-4000-8000-000000000000",
                "https://a.example/?x=1&y=$2;#it's",
                "agent@example.org",
                "a.example.org",
                "::ffff:10.0.0.7",
            ]
            .map(str::to_owned),
            "example.com/agents",
            &["client auth".to_owned()],
        )
        .expect("names of every kind"),
    ]
}
