//! Our certificates against those of a real kube-controller-manager, for the same requests.

use std::path::Path;
use std::process::Command;

use chacha20::ChaCha20Rng;
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::review::{
    self, Access, Authority, Cluster, DEFAULT_SIGNING_DURATION, Identity, ReviewedContent,
    SYSTEM_MASTERS, SigningAuthority,
};
use pki_core::sign::{self, Issuer, Signed};
use rand_core::SeedableRng;
use serde_json::Value;
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

const CASES: &str = include_str!("../../tests/fixtures/csr/verdicts.json");
const RUNS: &str = include_str!("../../tests/fixtures/csr/runs.json");

/// A CA of ours with the name, key identifier and validity of a recorded one.
fn twin(recorded: &Authority, key: PrivateKey) -> Issuer {
    Issuer::new(&self_signed(recorded, &key), key).expect("an issuer")
}

fn self_signed(recorded: &Authority, key: &PrivateKey) -> String {
    let algorithm = key.signature_algorithm().identifier().to_der().expect("DER");
    let moment = |seconds: i64| {
        let seconds = std::time::Duration::from_secs(seconds.try_into().expect("after 1970"));
        let moment = x509_cert::der::DateTime::from_unix_duration(seconds).expect("a moment");
        x509_cert::time::Time::from(moment).to_der().expect("DER")
    };
    let validity = tlv(0x30, &[moment(recorded.not_before), moment(recorded.not_after)].concat());
    let mut extensions = tlv(
        0x30,
        &[vec![6, 3, 0x55, 0x1d, 0x13, 1, 1, 0xff], tlv(4, &[0x30, 3, 1, 1, 0xff])].concat(),
    );
    let usage = [6, 3, 0x55, 0x1d, 0x0f, 1, 1, 0xff, 4, 4, 3, 2, 2, 0xa4];
    extensions.extend(tlv(0x30, &usage));
    if let Some(identifier) = &recorded.key_identifier {
        let value = tlv(4, &tlv(4, identifier));
        extensions.extend(tlv(0x30, &[vec![6, 3, 0x55, 0x1d, 0x0e], value].concat()));
    }
    let tbs = tlv(
        0x30,
        &[
            vec![0xa0, 3, 2, 1, 2, 2, 1, 1],
            algorithm.clone(),
            recorded.subject.clone(),
            validity,
            recorded.subject.clone(),
            key.public_key().spki_der().to_vec(),
            tlv(0xa3, &tlv(0x30, &extensions)),
        ]
        .concat(),
    );
    let mut signature = vec![0];
    signature.extend(key.sign(&tbs, &mut rng()).expect("a signature"));
    let der = tlv(0x30, &[tbs, algorithm, tlv(3, &signature)].concat());
    pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, &der).expect("PEM")
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..=127 => out.push(length as u8),
        128..=255 => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend_from_slice(content);
    out
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([7; 32])
}

fn administrator() -> Identity {
    Identity { username: "admin".to_owned(), groups: vec![SYSTEM_MASTERS.to_owned()] }
}

fn content(case: &Value, issuer: &Issuer, duration: i64, now: i64) -> Option<ReviewedContent> {
    let authority = SigningAuthority { authority: Some(issuer.authority().clone()), duration };
    let signer = case["manifest"]["spec"]["signerName"].as_str()?;
    let cluster = Cluster {
        access: Access::kubeadm(),
        authorities: [(signer.to_owned(), authority)].into(),
        ..Cluster::default()
    };
    let review = review::review(&case["manifest"], &cluster, &administrator(), now);
    review.content().cloned()
}

fn signed_twin(case: &Value, runs: &Value) -> Option<(Certificate, Certificate)> {
    let recorded = case["verdict"]["certificate"]["pem"].as_str()?;
    let recorded =
        Certificate::from_der(&pem_rfc7468::decode_vec(recorded.as_bytes()).expect("PEM").1)
            .expect("the recorded certificate");
    let run = &runs["runs"][case["run"].as_str().expect("run")];
    let authority = Authority::from_pem(run["caPem"].as_str().expect("a CA")).expect("a CA");
    let key = PrivateKey::generate(Algorithm::EcdsaP256, &mut rng()).expect("a key");
    let issuer = twin(&authority, key);
    let flags = run["controllerManagerSigningFlags"].as_array().into_iter().flatten();
    let duration = flags
        .filter_map(|flag| flag.as_str()?.strip_prefix("--cluster-signing-duration="))
        .map(|text| pki_core::design::parse_duration(text).expect("a duration"))
        .next()
        .unwrap_or(DEFAULT_SIGNING_DURATION);
    let not_before = recorded.tbs_certificate().validity().not_before.to_unix_duration().as_secs();
    let now = i64::try_from(not_before).expect("seconds") + review::BACKDATE;
    let content = content(case, &issuer, duration, now)
        .unwrap_or_else(|| panic!("{} is not signed", case["id"]));
    let signed = sign::sign(&content, &issuer, &mut rng()).expect("a certificate");
    Some((recorded, Certificate::from_der(&signed.der).expect("our certificate")))
}

#[test]
fn every_field_is_that_of_the_recorded_certificate() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    let runs: Value = serde_json::from_str(RUNS).expect("the runs");
    let mut compared = 0;
    for case in &cases {
        let Some((recorded, ours)) = signed_twin(case, &runs) else { continue };
        let id = &case["id"];
        let (recorded, ours) = (recorded.tbs_certificate(), ours.tbs_certificate());
        let der = |value: &dyn Fn() -> x509_cert::der::Result<Vec<u8>>| value().expect("DER");
        assert_eq!(recorded.version(), ours.version(), "{id}");
        assert_eq!(
            der(&|| recorded.subject().to_der()),
            der(&|| ours.subject().to_der()),
            "{id}: subject, octet by octet"
        );
        assert_eq!(der(&|| recorded.issuer().to_der()), der(&|| ours.issuer().to_der()), "{id}");
        assert_eq!(recorded.validity(), ours.validity(), "{id}");
        assert_eq!(recorded.subject_public_key_info(), ours.subject_public_key_info(), "{id}: key");
        assert_eq!(recorded.extensions(), ours.extensions(), "{id}: extensions, octet by octet");
        compared += 1;
    }
    assert_eq!(compared, 111);
}

#[test]
fn openssl_verifies_what_we_sign() {
    if Command::new("openssl").arg("version").output().is_err() {
        assert!(std::env::var_os("PKI_REQUIRE_ALL").is_none(), "openssl is missing");
        eprintln!("skipped: openssl is missing");
        return;
    }
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    let case = cases.iter().find(|case| case["id"] == "kubelet-ok-rsa").expect("the case");
    let directory = std::env::temp_dir().join(format!("csr-sign-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    for algorithm in
        [Algorithm::EcdsaP256, Algorithm::EcdsaP384, Algorithm::Ed25519, Algorithm::Rsa2048]
    {
        let key = PrivateKey::generate(algorithm, &mut rng()).expect("a key");
        let recorded = Authority {
            subject: tlv(
                0x30,
                &tlv(0x31, &tlv(0x30, &[&[6, 3, 0x55, 4, 3, 0x13, 2][..], b"ca"].concat())),
            ),
            key_identifier: Some(vec![1; 20]),
            spki: Vec::new(),
            not_before: 1_700_000_000,
            not_after: 2_600_000_000,
            is_ca: Some(true),
            may_sign: None,
        };
        let certificate = self_signed(&recorded, &key);
        let issuer = Issuer::new(&certificate, key).expect("an issuer");
        let content =
            content(case, &issuer, DEFAULT_SIGNING_DURATION, 1_800_000_000).expect("content");
        let signed = sign::sign(&content, &issuer, &mut rng()).expect("a certificate");
        verify(&directory, &certificate, &signed);
    }
    std::fs::remove_dir_all(&directory).expect("the directory is ours");
}

fn verify(directory: &Path, ca: &str, signed: &Signed) {
    let (ca_file, leaf_file) = (directory.join("ca.crt"), directory.join("leaf.crt"));
    std::fs::write(&ca_file, ca).expect("ca.crt");
    std::fs::write(&leaf_file, signed.to_pem()).expect("leaf.crt");
    let output = Command::new("openssl")
        .args([
            "verify",
            "-x509_strict",
            "-purpose",
            "sslclient",
            "-attime",
            "1800000000",
            "-CAfile",
        ])
        .args([&ca_file, &leaf_file])
        .output()
        .expect("openssl");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
}
