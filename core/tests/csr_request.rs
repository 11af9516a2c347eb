//! From a wish to a kubeconfig, with openssl and kubectl looking on.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use chacha20::ChaCha20Rng;
use pki_core::bundle::KubeconfigData;
use pki_core::design::{Design, DesignNode};
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::plan::{Make, Plan};
use pki_core::request::{self, AttachError, AttachedServer, Template, Wish, WishError};
use pki_core::review::{
    self, Access, Authority, Cluster, DEFAULT_SIGNING_DURATION, Identity, Outcome, Repair, Rule,
    SigningAuthority, Surroundings, UntrustedRequest,
};
use pki_core::sign::{self, Issuer};
use rand_core::SeedableRng;
use serde_json::{Value, json};

const CASES: &str = include_str!("../../tests/fixtures/csr/verdicts.json");
const LIST: &str = include_str!("../../tests/fixtures/csr/csr-list.yaml");
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

fn is_there(tool: &str, argument: &str) -> bool {
    let mut command = Command::new(tool);
    let command = command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null());
    let found = command.status().is_ok();
    if !found {
        assert!(std::env::var_os("PKI_REQUIRE_ALL").is_none(), "{tool} is missing");
        eprintln!("skipped: {tool} is missing");
    }
    found
}

fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}

#[test]
fn every_wish_passes_the_review_and_is_signed_as_asked() {
    let (_, issuer) = ca();
    for wish in wishes() {
        for algorithm in [Algorithm::EcdsaP256, Algorithm::EcdsaP384, Algorithm::Ed25519] {
            let key = key(algorithm);
            let der = request::encode(&wish, &key, &mut rng()).expect("a request");
            let object = request::to_value(&wish, algorithm, &request::to_pem(&der));
            let review = review_with(&object, issuer.authority(), &wish.signer_name);
            let content = review.content().unwrap_or_else(|| panic!("{:?}", review.findings));
            assert_eq!(content.subject().common_name, wish.common_name.as_bytes());
            assert_eq!(content.subject().organizations.len(), wish.organizations.len());
            assert_eq!(content.sans(), &wish.sans);
            let yaml: Value =
                serde_saphyr::from_str(&request::to_yaml(&wish, algorithm, &request::to_pem(&der)))
                    .expect("YAML");
            assert_eq!(yaml, object);
        }
    }
}

#[test]
fn openssl_and_kubectl_read_what_we_make() {
    if !is_there("openssl", "version") {
        return;
    }
    let with_kubectl = is_there("kubectl", "--help");
    let directory = directory("csr-request");
    for (wish, algorithm) in wishes().into_iter().zip(Algorithm::ALL) {
        let key = key(algorithm);
        let pem = request::to_pem(&request::encode(&wish, &key, &mut rng()).expect("a request"));
        let (csr, yaml) = (directory.join("csr.pem"), directory.join("csr.yaml"));
        std::fs::write(&csr, &pem).expect("csr.pem");
        std::fs::write(&yaml, request::to_yaml(&wish, algorithm, &pem)).expect("csr.yaml");
        let openssl = Command::new("openssl")
            .args(["req", "-noout", "-verify", "-in"])
            .arg(&csr)
            .output()
            .expect("openssl");
        let text = String::from_utf8_lossy(&openssl.stderr);
        assert!(openssl.status.success() && text.contains("verify OK"), "{text}");
        if with_kubectl {
            // Decodes into the typed object and back, without a server.
            let kubectl = Command::new("kubectl")
                .args(["annotate", "--local", "-o", "json", "--overwrite", "a=b", "-f"])
                .arg(&yaml)
                .output()
                .expect("kubectl");
            assert!(kubectl.status.success(), "{}", String::from_utf8_lossy(&kubectl.stderr));
            let read: Value = serde_json::from_slice(&kubectl.stdout).expect("JSON");
            assert_eq!(read["spec"], request::to_value(&wish, algorithm, &pem)["spec"]);
        }
    }
    std::fs::remove_dir_all(&directory).expect("the directory is ours");
}

/// The script for people who make their keys themselves asks for the same.
#[test]
fn the_openssl_way_asks_for_the_same() {
    if !is_there("openssl", "version") {
        return;
    }
    let directory = directory("csr-openssl");
    for wish in wishes() {
        let script = request::openssl_commands(&wish, Algorithm::EcdsaP256);
        // Without the part that talks to the cluster.
        let script = script.split("kubectl").next().expect("a script");
        let status = Command::new("sh")
            .args(["-euc", script])
            .current_dir(&directory)
            .stderr(Stdio::null())
            .status()
            .expect("a shell");
        assert!(status.success(), "{script}");
        let pem = std::fs::read(directory.join("csr.pem")).expect("csr.pem");
        let request = UntrustedRequest::from_pem(&pem).expect("a request");
        request.prove_possession().expect("a proof");
        assert_eq!(request.subject.common_name, wish.common_name.as_bytes());
        let groups: Vec<_> =
            wish.organizations.iter().map(|group| group.as_bytes().to_vec()).collect();
        assert_eq!(request.subject.organizations, groups);
        assert_eq!(request.sans, wish.sans);
    }
    std::fs::remove_dir_all(&directory).expect("the directory is ours");
}

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

#[test]
fn wishes_that_no_cluster_grants_are_named() {
    let masters = Wish::user("x", &["system:masters".to_owned()]);
    assert_eq!(masters.err(), Some(WishError::SystemMasters));
    assert_eq!(Wish::user("", &[]).err(), Some(WishError::EmptyName));
    let user = Wish::user("x", &[]).expect("a user");
    assert_eq!(user.clone().with_expiration(Some(599)).err(), Some(WishError::Expiration(599)));
    assert!(user.clone().with_expiration(Some(600)).is_ok());
    assert!(matches!(user.with_name("a/b").err(), Some(WishError::ObjectName(_))));
    assert_eq!(Wish::node_serving("n1", &[], &[]).err(), Some(WishError::NoNames));
    let service = Wish::service("web", "shop", "cluster.local", "");
    assert_eq!(service.err(), Some(WishError::NoSigner));
    assert_eq!(Wish::other("x", &[], &[], "", &[]).err(), Some(WishError::NoSigner));
    assert!(matches!(Wish::node_client("N 1").err(), Some(WishError::NodeName(_))));
}

#[test]
fn names_are_sorted_by_their_form_or_prefix() {
    let user = Wish::user("x", &[]).expect("a user");
    let named = |text: &str| {
        let wish = user.clone().with_names(&[text.to_owned()]);
        wish.map(|wish| wish.sans.to_texts().join(" "))
    };
    for (typed, meant) in [
        ("web.example.org", "DNS:web.example.org"),
        ("*.example.org", "DNS:*.example.org"),
        ("dns:web", "DNS:web"),
        ("10.0.0.7", "IP:10.0.0.7"),
        ("IP:fd00::7", "IP:fd00::7"),
        ("::ffff:10.0.0.7", "IP:10.0.0.7"),
        ("jane@example.org", "email:jane@example.org"),
        ("ssh://git@example.org/x", "URI:ssh://git@example.org/x"),
        ("URI:tel:+4912", "URI:tel:+4912"),
        ("urn:a:b", "URI:urn:a:b"),
    ] {
        assert_eq!(named(typed), Ok(meant.to_owned()));
    }
    let bad = [
        "",
        "a b",
        "a,b",
        "a_b",
        "10.0.0",
        "@example.org",
        "jane@",
        "a@b@",
        "https://a b/",
        "uri:",
        "https://[::1/",
        "dns:10.0.0.7",
        "ip:web",
        "email:web",
        "jané@example.org",
        "URI:%zz",
    ];
    for typed in bad {
        assert_eq!(named(typed), Err(WishError::San(typed.to_owned())));
    }
}

/// Every certificate of a design is a template; asked for again, it has the same subject and names.
#[test]
fn every_planned_certificate_is_a_template() {
    let worker = DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] };
    let design = Design {
        workers: vec![worker],
        outputs: vec!["kubelet-serving".to_owned()],
        ..Design::default()
    };
    let (settings, findings) = design.check();
    let plan = Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")));
    let mut by_kind = [0; 4];
    for item in &plan.items {
        let Make::Leaf(leaf) = &item.make else { continue };
        let template = Template::of_planned(leaf);
        by_kind[template.kind as usize] += 1;
        let own = (template.signer.is_empty()).then_some("example.com/own");
        let wish = match template.wish(own) {
            Err(WishError::SystemMasters) => {
                assert_eq!(leaf.subject.organizations, ["system:masters"]);
                continue;
            }
            wish => wish.unwrap_or_else(|error| panic!("{}: {error:?}", item.name)),
        };
        assert_eq!(wish.common_name, leaf.subject.common_name);
        assert_eq!(wish.organizations, leaf.subject.organizations);
        let (mut asked, mut planned): (Vec<_>, Vec<_>) = (
            wish.sans
                .to_texts()
                .iter()
                .filter_map(|n| Some(n.split_once(':')?.1.to_owned()))
                .collect(),
            leaf.sans.iter().map(ToString::to_string).collect(),
        );
        asked.sort();
        planned.sort();
        assert_eq!(asked, planned, "{}", item.name);
    }
    // admin.conf and other people, kubelet.conf, kubelet serving, and servers.
    assert!(by_kind.iter().all(|count| *count > 0), "{by_kind:?}");
}

#[test]
fn a_list_from_kubectl_is_read_whole() {
    let objects = review::read_objects(LIST.as_bytes(), &Surroundings::default()).expect("a List");
    assert_eq!(objects.len(), 14);
    let (_, issuer) = ca();
    for object in &objects {
        let signer = object["spec"]["signerName"].as_str().expect("a signer");
        let mut object = object.clone();
        // As somebody would file it again.
        object["metadata"] = json!({ "name": object["metadata"]["name"] });
        let review = review_with(&object, issuer.authority(), signer);
        assert!(review.is_created(), "{:?}", review.findings);
    }
}

#[test]
fn what_old_guides_get_wrong_is_mended() {
    let wish = Wish::user("jane", &["devs".to_owned()]).expect("a user");
    let key = key(Algorithm::EcdsaP256);
    let pem = request::to_pem(&request::encode(&wish, &key, &mut rng()).expect("a request"));
    let fine = request::to_value(&wish, Algorithm::EcdsaP256, &pem);
    let base64 = fine["spec"]["request"].as_str().expect("base64").to_owned();
    let (_, issuer) = ca();
    let mends = |change: &dyn Fn(&mut Value), expected: &[Repair]| {
        let mut object = fine.clone();
        change(&mut object);
        let (mended, repairs) = review::repair(&object);
        assert_eq!(repairs, expected, "{object}");
        let review = review_with(&mended, issuer.authority(), &wish.signer_name);
        assert!(review.content().is_some(), "{:?}", review.findings);
    };
    use base64ct::{Base64, Encoding};
    mends(&|_| {}, &[]);
    mends(&|o| o["apiVersion"] = json!("certificates.k8s.io/v1beta1"), &[Repair::ApiVersion]);
    mends(&|o| o["spec"]["signerName"] = Value::Null, &[Repair::SignerName]);
    mends(&|o| o["spec"]["groups"] = json!(["devs"]), &[Repair::Removed]);
    mends(&|o| o["spec"]["usages"] = json!(["clientAuth", "Digital_Signature"]), &[Repair::Usages]);
    for usages in [
        json!(["client auth", "server auth"]),
        json!(["client auth", "frobnicate"]),
        json!(["signing", "clientAuth"]),
        json!(["digital signature"]),
        json!([]),
        json!("client auth"),
        Value::Null,
    ] {
        mends(&|o| o["spec"]["usages"] = usages.clone(), &[Repair::Usages]);
    }
    // Meant for another signer, but nobody knows which.
    let mut server = fine.clone();
    server["spec"]["usages"] = json!(["server auth"]);
    assert_eq!(review::repair(&server).1, []);
    mends(&|o| o["spec"]["expirationSeconds"] = json!(599), &[Repair::Expiration]);
    mends(&|o| o["spec"]["request"] = json!(pem), &[Repair::Request]);
    mends(&|o| o["spec"]["request"] = json!(base64.replace("LS0t", "LS0t ")), &[Repair::Request]);
    mends(
        &|o| o["spec"]["request"] = json!(Base64::encode_string(base64.as_bytes())),
        &[Repair::Request],
    );
    let keytool =
        pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST").replace('\n', "\r\n  ");
    mends(
        &|o| o["spec"]["request"] = json!(Base64::encode_string(keytool.as_bytes())),
        &[Repair::Request],
    );
    mends(
        &|o| {
            let request = o["spec"].as_object_mut().expect("spec").remove("request");
            o["request"] = request.expect("request");
        },
        &[Repair::Moved("request")],
    );
}

/// Every recorded request with octets changed, cut and repeated: an answer each time, no panic.
#[test]
fn damaged_requests_are_answered() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    let (_, issuer) = ca();
    let mut random: u64 = 88_172_645_463_325_252;
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below.max(1) as u64).unwrap_or_default()
    };
    let mut refused = 0;
    for case in &cases {
        let Some(pem) = case["pkcs10Pem"].as_str() else { continue };
        let Ok((_, der)) = pem_rfc7468::decode_vec(pem.as_bytes()) else { continue };
        for _ in 0..20 {
            let mut der = der.clone();
            match next(3) {
                0 => der.truncate(next(der.len())),
                1 => der.extend_from_within(..next(der.len())),
                _ => {
                    for _ in 0..=next(4) {
                        let place = next(der.len());
                        if let Some(octet) = der.get_mut(place) {
                            *octet = next(256) as u8;
                        }
                    }
                }
            }
            let around = Surroundings {
                name: "x".to_owned(),
                signer_name: "kubernetes.io/kubelet-serving".to_owned(),
                usages: vec!["server auth".to_owned()],
                expiration_seconds: None,
            };
            let object = review::wrap(request::to_pem(&der).as_bytes(), &around);
            let review = review_with(&object, issuer.authority(), &around.signer_name);
            refused += usize::from(review.settle(&Cluster::default(), &[]) == Outcome::Refused);
            let _ = review::read_objects(&der, &around);
            let _ = review::repair(&object);
        }
    }
    assert!(refused > 3000, "{refused}");
}

#[test]
fn bad_inputs_are_named() {
    let around = Surroundings::default();
    let read = |text: &str| review::read_objects(text.as_bytes(), &around);
    for bad in ["", " \n", "hello", "{", "kind: [", "---\n", "\u{feff}", "a: b: c\nkind: x"] {
        assert!(read(bad).is_err(), "{bad:?}");
    }
    let key = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    assert_eq!(read(key).err(), Some(review::InputError::PrivateKey));
    let (_, issuer) = ca();
    let objects = read("apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\n");
    let review = review_with(&objects.expect("an object")[0], issuer.authority(), "x.y/z");
    assert_eq!(review.code, 422);
    assert!(review.findings.iter().any(|finding| finding.rule == Rule::NameRequired));
}
