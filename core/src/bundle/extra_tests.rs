//! What is made on request, in every layout: it is there, it verifies, and a change is noticed.

use time::OffsetDateTime;
use time::macros::datetime;

use super::{ArchiveWriter, Bundle, CHECKSUMS, EntryKind, checksum, read, write};
use crate::design::{Design, DesignNode, DesignUser, LayoutName, Output, Problem};
use crate::issue::tests::made;
use crate::key::PrivateKey;
use crate::plan::{Plan, review::Risk};
use crate::verify;
use crate::yaml;

const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

fn design(layout: LayoutName) -> Design {
    let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    design.workers =
        vec![DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] }];
    design.users = vec![
        DesignUser {
            name: "jane@example.com".to_owned(),
            groups: vec!["developers".to_owned(), "oncall".to_owned()],
            ttl: "30d".to_owned(),
        },
        DesignUser { name: "joe".to_owned(), ..DesignUser::default() },
    ];
    design.outputs = Output::ALL.map(|output| output.name().to_owned()).to_vec();
    design
}

fn plan(design: &Design) -> Plan {
    let (settings, findings) = design.check();
    Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")))
}

fn bundle(design: &Design) -> (Plan, Bundle) {
    let plan = plan(design);
    let made = made(&plan, NOW, "extra");
    let bundle = write(&plan, design, &made, NOW, "readme", false).expect("a bundle");
    (plan, bundle)
}

fn text(bundle: &Bundle, path: &str) -> String {
    let files = read(&bundle.bytes).expect("our own archive");
    let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(file.bytes.to_vec()).expect("text")
}

#[test]
fn every_layout_has_them_and_they_verify() {
    for layout in LayoutName::ALL {
        let design = design(layout);
        let (plan, bundle) = bundle(&design);
        verify::archive(&plan, &bundle.bytes, NOW).unwrap_or_else(|e| panic!("{layout:?}: {e}"));
        for output in Output::ALL.into_iter().filter(|output| output.fits(layout)) {
            let place = match output {
                Output::Bootstrap => "manifests/bootstrap.yaml",
                Output::OpenId => "openid/openid/v1/jwks",
                Output::Encryption => "encryption-config.yaml",
                Output::KubeletServing => "hosts/w1/",
                Output::CertManager => "handover/cert-manager/",
                Output::VaultPki => "handover/vault/commands.sh",
                Output::StepCa => "handover/step-ca/commands.sh",
                Output::Openssl => "operator/openssl.sh",
            };
            let there = plan.files.iter().any(|file| file.path.contains(place));
            assert!(there, "{layout:?}: {output:?}");
        }
        let jane = "operator/users/jane@example.com.conf";
        assert!(plan.file(jane).is_some(), "{layout:?}");
        let read_back = Design::from_document(&design.to_yaml()).expect("our own document");
        assert_eq!(read_back, design);
        assert_eq!(Design::from_document(&design.to_json()).expect("our own document"), design);
    }
}

/// What does not fit is said, and nothing is made of it.
#[test]
fn what_does_not_fit_is_left_out_with_a_warning() {
    for (layout, count) in [(LayoutName::K3s, 3), (LayoutName::MasterEtc, 1)] {
        let (settings, findings) = design(layout).check();
        let missing = findings.iter().filter(|found| found.problem == Problem::OutputNotHere);
        assert_eq!(missing.count(), count, "{layout:?}: {findings:?}");
        assert_eq!(settings.expect("only warnings").outputs.len(), Output::ALL.len() - count);
    }
}

#[test]
fn verified_kubelets_are_no_risk_any_more() {
    for layout in [LayoutName::Kubeadm, LayoutName::MasterEtc] {
        let mut design = design(layout);
        assert!(!plan(&design).review().contains(&Risk::UnverifiedKubelets), "{layout:?}");
        design.outputs.clear();
        assert!(plan(&design).review().contains(&Risk::UnverifiedKubelets), "{layout:?}");
    }
}

/// The members of RFC 7517 and RFC 7518 §6.2, and Kubernetes' own way to name a key.
#[test]
fn the_key_set_is_that_of_sa_pub() {
    use base64ct::{Base64UrlUnpadded, Encoding};
    use sha2::{Digest, Sha256};
    let (_, bundle) = bundle(&design(LayoutName::Kubeadm));
    let set: serde_json::Value =
        serde_json::from_str(&text(&bundle, "openid/openid/v1/jwks")).expect("JSON");
    let pem = text(&bundle, "hosts/cp1/etc/kubernetes/pki/sa.key");
    let key = PrivateKey::from_pem(&pem).expect("a key");
    let spki = key.public_key().spki_der();
    let url = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let point = &spki[spki.len() - 64..];
    assert_eq!(set["keys"][0]["kid"], url(&Sha256::digest(spki)));
    assert_eq!(set["keys"][0]["x"], url(&point[..32]));
    assert_eq!(set["keys"][0]["y"], url(&point[32..]));
    assert_eq!(set["keys"][0]["alg"], "ES256");
    assert_eq!(set["keys"].as_array().map(Vec::len), Some(1));
    let about: serde_json::Value =
        serde_json::from_str(&text(&bundle, "openid/.well-known/openid-configuration"))
            .expect("JSON");
    assert_eq!(about["issuer"], "https://kubernetes.default.svc.cluster.local");
    assert_eq!(about["jwks_uri"], "https://kubernetes.default.svc.cluster.local/openid/v1/jwks");
}

/// The fields of <https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/>.
#[test]
fn the_bootstrap_secret_is_that_of_the_kubeconfig() {
    let (_, bundle) = bundle(&design(LayoutName::FiveFlows));
    let documents = yaml::values(&text(&bundle, "manifests/bootstrap.yaml")).expect("YAML");
    assert_eq!(documents.len(), 4, "a Secret and three bindings");
    let data = &documents[0]["stringData"];
    let (id, secret) = (&data["token-id"], &data["token-secret"]);
    let token = format!("{}.{}", id.as_str().expect("text"), secret.as_str().expect("text"));
    assert!(text(&bundle, "operator/bootstrap-kubelet.conf").contains(&format!("token: {token}")));
    assert_eq!(documents[0]["metadata"]["name"], format!("bootstrap-token-{}", &token[..6]));
    assert_eq!(data["expiration"], "2026-01-02T00:00:00Z");
    assert_eq!(data["auth-extra-groups"], documents[1]["subjects"][0]["name"]);
}

/// The archive with another text in one of its files, and checksums that agree with it.
fn forged(bundle: &Bundle, path: &str, text: &str) -> Vec<u8> {
    let mut files: Vec<_> = read(&bundle.bytes)
        .expect("our own archive")
        .into_iter()
        .filter(|file| file.kind == EntryKind::File && file.path != CHECKSUMS)
        .collect();
    let file = files.iter_mut().find(|file| file.path == path).expect("a file of the plan");
    file.bytes = text.as_bytes().to_vec().into();
    let sums = files.iter().map(|file| checksum(&file.path, &file.bytes)).collect::<String>();
    let mut writer = ArchiveWriter::new(NOW.unix_timestamp() - 300);
    for file in &files {
        writer.file(&file.path, file.mode, &file.bytes).expect("a writer into memory");
    }
    writer.file(CHECKSUMS, 0o644, sums.as_bytes()).expect("a writer into memory");
    writer.finish().expect("a writer into memory").to_vec()
}

/// A change in any of them is found, also where the checksums were made to agree: the same file
/// from another run, whose keys are others, and one character more.
#[test]
fn a_change_is_noticed() {
    let design = design(LayoutName::Kubeadm);
    let (plan, good) = bundle(&design);
    let other = made(&plan, NOW, "other");
    let other = write(&plan, &design, &other, NOW, "readme", false).expect("a bundle");
    for (path, is_own) in [
        ("openid/openid/v1/jwks", true),
        ("openid/.well-known/openid-configuration", false),
        ("manifests/bootstrap.yaml", true),
        // Nothing else in the archive knows the key.
        ("hosts/cp1/etc/kubernetes/pki/encryption-config.yaml", false),
        ("handover/cert-manager/ca.yaml", true),
        ("handover/vault/ca.pem", true),
        ("handover/vault/commands.sh", false),
        ("handover/step-ca/commands.sh", false),
        ("operator/openssl.sh", false),
    ] {
        let longer = text(&good, path) + "#";
        let foreign = text(&other, path);
        let forgeries = [Some(longer), is_own.then_some(foreign)];
        for text in forgeries.into_iter().flatten() {
            let error = verify::archive(&plan, &forged(&good, path, &text), NOW).expect_err(path);
            // Of two files that hold one token, the second is the one that differs.
            let twin = "operator/bootstrap-kubelet.conf";
            assert!(error.path == path || error.path == twin, "{path}: {error}");
        }
    }
}
