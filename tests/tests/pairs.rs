//! Certificates and keys in every shape that people's clipboards give them: what Decode says that
//! kubectl says, against kubectl.

use std::fs;
use std::process::Command;

use pki_core::explain::{Note, Object, Refuser, Report, Role, When, read};
use pki_tests::openssl::openssl;
use pki_tests::process::run;
use pki_tests::scratch::Scratch;
use pki_tests::terminal::decode_example;
use pki_tests::tool;
use time::OffsetDateTime;

fn report(input: &[u8]) -> Report {
    read(input, OffsetDateTime::now_utc())
}

/// A self-signed certificate by openssl with these extensions, and its key.
fn made(folder: &Scratch, name: &str, subject: &str, extensions: &[&str]) -> (String, String) {
    let path = |end: &str| folder.join(format!("{name}.{end}")).display().to_string();
    let (key, certificate) = (path("key"), path("crt"));
    let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj";
    let mut arguments: Vec<&str> = words.split(' ').collect();
    arguments.extend([subject, "-keyout", &key, "-out", &certificate]);
    // Without it, openssl makes a CA.
    for extension in ["basicConstraints=critical,CA:FALSE"].iter().chain(extensions) {
        arguments.extend(["-addext", extension]);
    }
    openssl(&arguments).expect_ok("openssl req");
    let text = |path: &str| fs::read_to_string(path).expect("a file of openssl");
    (text(&certificate), text(&key))
}

/// What `kubectl create secret tls` says of the pair; nothing when it takes it.
fn kubectl(folder: &Scratch, certificate: &[u8], key: &[u8]) -> String {
    let (certificate_path, key_path) = (folder.join("tls.crt"), folder.join("tls.key"));
    fs::write(&certificate_path, certificate).expect("a file");
    fs::write(&key_path, key).expect("a file");
    let mut command = Command::new("kubectl");
    command.env("HOME", folder.path()).env_remove("KUBECONFIG");
    command.args(["create", "secret", "tls", "x", "--dry-run=client", "-o", "name", "--cert"]);
    let outcome = run(command.arg(certificate_path).arg("--key").arg(key_path));
    outcome.stderr.trim().trim_start_matches("error: ").to_owned()
}

/// What Decode says that kubectl says.
fn foretold(input: &[u8]) -> String {
    let report = report(input);
    let refusals = report.objects.first().map(|entry| entry.refusals.as_slice());
    let said = refusals.unwrap_or_default().iter().find(|refusal| refusal.when == When::Pair);
    said.map(|refusal| refusal.message.clone()).unwrap_or_default()
}

#[test]
fn certificates_in_every_shape() {
    if tool::kubectl().is_none() {
        return;
    }
    let folder = Scratch::new("pairs");
    let (pem, key) = made(&folder, "a", "/CN=a", &[]);
    let each = |change: &dyn Fn(&str) -> String| pem.lines().map(change).collect::<String>();
    let (_, tail) = pem.split_once('\n').expect("lines");
    let mut lost = pem.clone();
    lost.remove(300);
    let utf16 = pem.encode_utf16().flat_map(u16::to_le_bytes);
    let cases: [(&str, Vec<u8>); 18] = [
        ("as it is", pem.clone().into()),
        ("CRLF", each(&|line| format!("{line}\r\n")).into()),
        ("a text before it", format!("subject: a\n\n{pem}").into()),
        ("blanks at the ends", each(&|line| format!("{line}  \n")).into()),
        ("a byte order mark", format!("\u{feff}{pem}").into()),
        ("UTF-16", [0xff, 0xfe].into_iter().chain(utf16).collect()),
        ("one line", pem.replace('\n', " ").into()),
        ("no line ends", pem.replace('\n', "").into()),
        ("escapes", pem.replace('\n', "\\n").into()),
        ("escapes in quotation marks", format!("\"{}\"", pem.replace('\n', "\\n")).into()),
        ("quotation marks", format!("\"{pem}\"").into()),
        ("a mail", each(&|line| format!("> {line}\n")).into()),
        ("indented", each(&|line| format!("  {line}\n")).into()),
        ("END indented", pem.replace("-----END", "  -----END").into()),
        ("cut short", pem[..400].into()),
        ("without BEGIN", tail.into()),
        ("a letter lost", lost.into()),
        ("another END", pem.replace("-----END", "-----END TRUSTED").into()),
    ];
    for (name, input) in cases {
        let said = kubectl(&folder, &input, key.as_bytes());
        assert_eq!(foretold(&input), said, "{name}");
    }
}

#[test]
fn keys_of_every_kind() {
    if tool::kubectl().is_none() {
        return;
    }
    let folder = Scratch::new("keys");
    let (pem, own) = made(&folder, "a", "/CN=a", &[]);
    let make = |words: &str| openssl(&words.split(' ').collect::<Vec<_>>()).expect_ok(words);
    let path = folder.join("a.key").display().to_string();
    let sec1 = make(&format!("ec -in {path}"));
    for (name, key) in [
        ("its own", own.clone()),
        ("SEC1", sec1.clone()),
        ("a byte order mark", format!("\u{feff}{own}")),
        ("cut short", own[..150].to_owned()),
        ("indented", own.lines().map(|line| format!(" {line}\n")).collect()),
        ("encrypted PKCS#8", make(&format!("pkcs8 -topk8 -passout pass:x -in {path}"))),
        ("encrypted SEC1", make(&format!("ec -aes128 -passout pass:x -in {path}"))),
        ("RSA-PSS", make("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048")),
        ("Ed448", make("genpkey -algorithm ed448")),
        ("X25519", make("genpkey -algorithm x25519")),
        ("secp256k1", make("ecparam -name secp256k1 -genkey -noout")),
        ("Ed25519", make("genpkey -algorithm ed25519")),
    ] {
        let said = kubectl(&folder, pem.as_bytes(), key.as_bytes());
        // A key that can be read, and does not match.
        let said = if said.starts_with("tls: private key") { String::new() } else { said };
        assert_eq!(foretold(key.as_bytes()), said, "{name}");
    }
}

#[test]
fn who_it_is_depends_on_its_purposes() {
    let folder = Scratch::new("who");
    let meaning = |name: &str, subject: &str, extensions: &[&str]| {
        let (pem, _) = made(&folder, name, subject, extensions);
        let report = report(pem.as_bytes());
        let text = pki_text::en::meaning::meaning(&report);
        let Some(Object::Certificate(found)) = report.objects.first().map(|o| o.object.clone())
        else {
            panic!("{report:?}")
        };
        (found.meaning.clone(), text, report)
    };
    let node = "/O=system:nodes/CN=system:node:w1";
    let serving = ["extendedKeyUsage=serverAuth", "subjectAltName=DNS:w1,IP:10.0.0.1"];
    let (kubelet, text, report) = meaning("serving", node, &serving);
    assert!(!kubelet.authenticates && kubelet.node.is_none() && kubelet.cluster_roles.is_empty());
    assert!(kubelet.notes.contains(&Note::AuthenticatesNobody));
    assert_eq!(kubelet.roles[0].role, Role::KubeletServing);
    assert!(text.contains("would be user") && !text.contains("\n  user "), "{text}");
    let misuse = |report: &Report, when| {
        let refusals = &report.objects[0].refusals;
        refusals.iter().any(|r| r.by == Refuser::Go && r.when == when && r.is_misuse())
    };
    assert!(misuse(&report, When::Client) && !misuse(&report, When::Server));

    let (client, text, report) = meaning("client", node, &["extendedKeyUsage=clientAuth"]);
    assert_eq!(client.node.as_deref(), Some("w1"));
    assert!(client.authenticates && text.contains("\n  user "), "{text}");
    assert!(misuse(&report, When::Server) && !misuse(&report, When::Client));

    let (nameless, ..) = meaning("nameless", "/O=people", &["extendedKeyUsage=clientAuth"]);
    assert!(!nameless.authenticates && nameless.roles.is_empty());
    assert_eq!(nameless.notes, [Note::NoUser]);

    let names = "subjectAltName=DNS:*.a.example,DNS:*.*.example,DNS:a.*.example,DNS:*,DNS:w*.a.io";
    let (wild, ..) = meaning("wild", "/CN=a", &["extendedKeyUsage=serverAuth", names]);
    let never = wild.notes.iter().filter_map(|note| match note {
        Note::WildcardNeverMatches { name } => Some(name.as_str()),
        _ => None,
    });
    assert_eq!(never.collect::<Vec<_>>(), ["*.*.example", "a.*.example", "*", "w*.a.io"]);
}

/// Half a file in every form of the terminal: what is there on the one output, what is wrong on
/// the other.
#[test]
fn half_a_file_at_the_terminal() {
    let folder = Scratch::new("half");
    let (pem, _) = made(&folder, "a", "/CN=half-there", &[]);
    let path = folder.join("half.crt");
    fs::write(&path, &pem[..pem.len() * 2 / 3]).expect("a file");
    let decode = |format: &str| {
        let outcome = run(Command::new(decode_example()).args(["--format", format]).arg(&path));
        assert_eq!(outcome.status, Some(1), "{format}: {}", outcome.stderr);
        (outcome.stdout, outcome.stderr)
    };
    for format in ["text", "asn1", "expiry"] {
        let (stdout, stderr) = decode(format);
        for words in ["The END line of the PEM block CERTIFICATE is missing", "Cut short: "] {
            assert!(stderr.contains(words), "{format}: {stderr}");
        }
        assert_eq!(stdout.contains("UTF8String half-there"), format != "expiry", "{stdout}");
    }
    assert!(decode("expiry").0.is_empty());
    let (meaning, _) = decode("meaning");
    assert!(meaning.contains("Broken certificate") && meaning.contains("CN=half-there"));
    let (json, _) = decode("json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let certificate = &json["objects"][0]["object"]["certificate"];
    assert_eq!(certificate["subject"]["rfc4514"], "CN=half-there", "{json}");
}
