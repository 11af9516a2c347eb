//! Keys under a passphrase, templates and workshops: with openssl where there is one.

use std::process::{Command, Stdio};

use chacha20::ChaCha20Rng;
use pki_core::bundle;
use pki_core::key::{Algorithm, KeyError, KeyFormat, PrivateKey};
use pki_core::request::{
    self, Invitation, Kind, Parked, Place, Template, Wish, Workshop, WorkshopError, invitations,
};
use rand_core::SeedableRng;

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([7; 32])
}

/// What openssl writes for an input; `None` where there is no openssl.
fn openssl(words: &[&str], input: &str) -> Option<String> {
    use std::io::Write;
    let child = Command::new("openssl")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: openssl is not installed");
        return None;
    };
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(input.as_bytes()).expect("openssl reads");
    drop(pipe);
    let output = child.wait_with_output().expect("openssl ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {words:?}: {errors}");
    Some(String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn a_parked_key_opens_with_its_passphrase_only() {
    let wish = Wish::user("jane", &["dev".to_owned()]).expect("a user");
    {
        let algorithm = Algorithm::EcdsaP256;
        let key = PrivateKey::generate(algorithm, &mut rng()).expect("a key");
        let der = request::encode(&wish, &key, &mut rng()).expect("a request");
        let pem = request::to_pem(&der);
        let file = request::park(&wish, &key, &pem, "geheim", &mut rng()).expect("a file");
        let parked = Parked::read(&file, "geheim").expect("the same passphrase");
        assert_eq!(parked.name.as_deref(), Some("user=jane"));
        assert_eq!(parked.key.public_key().spki_der(), key.public_key().spki_der());
        assert_eq!(parked.request.expect("a request").subject.common_name, b"jane");
        assert_eq!(Parked::read(&file, "").err(), Some(KeyError::Passphrase));
        assert_eq!(Parked::read(&file, "Geheim").err(), Some(KeyError::WrongPassphrase));
        assert_eq!(Parked::read(&pem, "geheim").err(), Some(KeyError::NoKey));
        let opened = openssl(&["pkey", "-passin", "pass:geheim"], &file);
        let plain = key.to_pem(KeyFormat::Pkcs8).expect("PKCS#8");
        assert!(opened.is_none_or(|opened| opened == *plain), "{algorithm:?}");
        openssl(&["req", "-verify", "-noout"], &file);
    }
    let key = PrivateKey::generate(Algorithm::EcdsaP256, &mut rng()).expect("a key");
    assert_eq!(key.to_locked_pem("", &mut rng()).err(), Some(KeyError::Passphrase));
}

#[test]
fn keys_that_openssl_locked_are_opened() {
    let key = PrivateKey::generate(Algorithm::EcdsaP384, &mut rng()).expect("a key");
    let plain = key.to_pem(KeyFormat::Pkcs8).expect("PKCS#8");
    let lock = |extra: &[&str]| {
        let words = [&["pkcs8", "-topk8", "-passout", "pass:geheim"], extra].concat();
        openssl(&words, &plain)
    };
    let Some(locked) = lock(&[]) else { return };
    let read = PrivateKey::find_in_pem(&locked, "geheim").expect("openssl's default");
    assert_eq!(read.public_key().spki_der(), key.public_key().spki_der());
    let scrypt = lock(&["-scrypt"]).expect("openssl");
    let error = PrivateKey::find_in_pem(&scrypt, "geheim").err();
    assert!(matches!(error, Some(KeyError::Unsupported(_))), "{error:?}");
}

#[test]
fn a_template_is_what_was_asked_for() {
    let node = ["10.0.0.21".parse().expect("IP")];
    for (wish, kind, signer) in [
        (
            Wish::user("jane", &["dev".to_owned(), "ops".to_owned()]),
            Kind::User,
            "kubernetes.io/kube-apiserver-client",
        ),
        (Wish::node_client("w1"), Kind::NodeClient, "kubernetes.io/kube-apiserver-client-kubelet"),
        (
            Wish::node_serving("w1", &["w1.example".to_owned()], &node),
            Kind::NodeServing,
            "kubernetes.io/kubelet-serving",
        ),
        (Wish::service("web", "shop", "cluster.local", "example.com/s"), Kind::Other, ""),
    ] {
        let wish = wish.expect("a good wish");
        let key = PrivateKey::generate(Algorithm::EcdsaP256, &mut rng()).expect("a key");
        let der = request::encode(&wish, &key, &mut rng()).expect("a request");
        let object = request::to_yaml(&wish, Algorithm::EcdsaP256, &request::to_pem(&der));
        let template = Template::find(object.as_bytes()).expect("a template");
        assert_eq!((template.kind, template.signer), (kind, signer));
        assert_eq!(template.groups, wish.organizations);
        assert_eq!(template.names.len(), wish.sans.to_texts().len());
        assert_eq!(template.usages, wish.usages);
    }
    assert_eq!(Template::find(b"nothing"), None);
}

#[test]
fn a_workshop_has_a_folder_for_everybody() {
    let people = invitations("# the course\njane.doe, dev ops\n\nJürgen;dev\nbob\n");
    let people = people.expect("a good list");
    let folders: Vec<_> = people.iter().map(|person| person.folder.as_str()).collect();
    assert_eq!(folders, ["jane-doe", "j-rgen", "bob"]);
    assert_eq!(people.first().expect("jane").groups, ["dev", "ops"]);
    let course = |place| Workshop {
        place,
        role: "edit".to_owned(),
        expiration_seconds: Some(86_400),
        algorithm: Algorithm::EcdsaP256,
        cluster: "prod".to_owned(),
    };
    let make = |people: &[Invitation], place| {
        request::workshop(people, &course(place), "read me\n", 1_800_000_000, &mut rng())
    };
    let archive = make(&people, Place::OwnNamespace).expect("an archive");
    let files = bundle::read(&archive).expect("a tar.gz");
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path);
        let file = file.unwrap_or_else(|| panic!("{path} is missing"));
        (file.mode, String::from_utf8(file.bytes.to_vec()).expect("text"))
    };
    assert_eq!(text("jane-doe/key.pem").0, 0o600);
    assert_eq!(text("requests.yaml").1.matches("kind: CertificateSigningRequest").count(), 3);
    assert_eq!(text("rbac.yaml").1.matches("kind: RoleBinding").count(), 3);
    assert_eq!(text("rbac.yaml").1.matches("kind: Namespace").count(), 3);
    assert!(text("approve.sh").1.contains("kubectl certificate approve user=jane.doe\n"));
    assert!(text("collect.sh").1.contains("one jane-doe user=jane.doe jane.doe jane-doe\n"));
    assert!(text("collect.sh").1.contains("one j-rgen 'user=Jürgen' 'Jürgen' j-rgen\n"));

    let twice = invitations("a.b\na-b\n").err();
    assert_eq!(twice, Some(WorkshopError::Twice(2, "a-b".to_owned())));
    assert_eq!(invitations(" # nobody\n").err(), Some(WorkshopError::Nobody));
    let masters = invitations("root system:masters\n").err();
    assert!(matches!(masters, Some(WorkshopError::Line(1, _))), "{masters:?}");
    let bad = make(&people, Place::Namespace("A B".to_owned())).err();
    assert_eq!(bad, Some(WorkshopError::Namespace("A B".to_owned())));
}
