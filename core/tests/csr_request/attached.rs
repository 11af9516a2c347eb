//! A signed certificate comes back.

use chacha20::ChaCha20Rng;
use pki_core::bundle::KubeconfigData;
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::request::{self, AttachError, AttachedServer, Wish};
use pki_core::review::{DEFAULT_SIGNING_DURATION, UntrustedRequest};
use pki_core::sign;
use rand_core::SeedableRng;

use crate::{NOW, ca, key, review_with, rng};

#[test]
fn a_certificate_comes_back_into_a_kubeconfig() {
    let (ca_pem, issuer) = ca();
    let wish = Wish::user("jean.doe", &["devs".to_owned()]).expect("a user");
    let key = key(Algorithm::EcdsaP384);
    let der = request::encode(&wish, &key, &mut rng()).expect("a request");
    let request = UntrustedRequest::from_der(&der).expect("a request");
    let object = request::to_value(&wish, Algorithm::EcdsaP384, &request::to_pem(&der));
    let review = review_with(&object, issuer.authority(), &wish.signer_name);
    let signed =
        sign::sign(review.content().expect("content"), &issuer, &mut rng()).expect("a certificate");
    let filled = sign::with_status(&object, &signed.to_pem(), "2027-01-15T08:00:00Z");
    let certificate = sign::certificate_from_object(&filled).expect("status.certificate");
    assert_eq!(certificate, signed.to_pem().as_bytes());
    let server = AttachedServer {
        cluster: "prod".to_owned(),
        server: "https://10.0.0.10:6443".to_owned(),
        ca: ca_pem.clone(),
        signing_ca: String::new(),
        by_path: false,
    };
    let attach = |certificate: &[u8], key: &PrivateKey, server: &AttachedServer, now| {
        request::attach(certificate, key, Some(&request), server, now)
    };
    let attached = attach(&certificate, &key, &server, NOW).expect("a kubeconfig");
    let read = KubeconfigData::read(&attached.kubeconfig).expect("our kubeconfig");
    assert_eq!(
        (read.user.as_str(), read.server.as_str()),
        ("cert:jean.doe", server.server.as_str())
    );
    assert_eq!((read.certificate, read.ca), (certificate.clone(), ca_pem.into_bytes()));
    assert_eq!(attached.groups, ["devs"]);
    assert!(attached.credential_id.starts_with("X509SHA256="));

    let error = |result: Result<request::Attached, AttachError>| result.err().expect("an error");
    let other = PrivateKey::generate(Algorithm::EcdsaP384, &mut ChaCha20Rng::from_seed([2; 32]))
        .expect("a key");
    assert_eq!(error(attach(&certificate, &other, &server, NOW)), AttachError::KeyMismatch);
    assert_eq!(error(attach(b"", &key, &server, NOW)), AttachError::NoCertificate);
    let end = NOW + DEFAULT_SIGNING_DURATION;
    assert!(matches!(error(attach(&certificate, &key, &server, end)), AttachError::Expired(_)));
    let early = NOW - 10_000;
    assert!(matches!(
        error(attach(&certificate, &key, &server, early)),
        AttachError::NotYetValid(_)
    ));
    let url = AttachedServer { server: "http://10.0.0.10".to_owned(), ..server.clone() };
    assert!(matches!(error(attach(&certificate, &key, &url, NOW)), AttachError::Server(_)));
    let foreign = AttachedServer { ca: signed.to_pem(), ..server.clone() };
    assert_eq!(error(attach(&certificate, &key, &foreign, NOW)), AttachError::Issuer);
    // Clients and servers may have different CAs: the kubeconfig trusts the server's.
    let split = AttachedServer { signing_ca: server.ca, ..foreign };
    let attached = attach(&certificate, &key, &split, NOW).expect("a kubeconfig");
    let read = KubeconfigData::read(&attached.kubeconfig).expect("our kubeconfig");
    assert_eq!(read.ca, split.ca.as_bytes());
}
