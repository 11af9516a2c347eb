//! Every certificate and key against openssl.

use std::fs;
use std::path::PathBuf;

use pki_core::bundle::KubeconfigData;
use pki_core::plan::{Content, ExtendedKeyUsage, Item, Make};
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::{openssl, tool};

const CAS: [(&str, &str); 3] = [
    ("ca", "pki/ca.crt"),
    ("front-proxy-ca", "pki/front-proxy-ca.crt"),
    ("etcd-ca", "pki/etcd/ca.crt"),
];

fn cluster(algorithm: &str) -> Cluster {
    Cluster::make(
        "openssl",
        design(|design| {
            design.keys.algorithm = algorithm.to_owned();
            design.control_planes = vec![node("cp1", &["10.0.0.10", "fd00::10"])];
            design.workers = vec![node("w1", &["10.0.0.20"])];
        }),
    )
}

/// Every leaf as (its item, its certificate and key in PEM), kubeconfigs included.
fn leaves(cluster: &Cluster) -> Vec<(&Item, String, String)> {
    let mut leaves = Vec::new();
    for file in &cluster.plan.files {
        let path = cluster.path(&file.path);
        let (id, certificate, key) = match &file.content {
            Content::Certificate(id) => (id, read(&path), path.with_extension("key")),
            Content::Kubeconfig(kubeconfig) => {
                let data = KubeconfigData::read(&read(&path)).expect("our own kubeconfig");
                if data.token.is_some() {
                    continue;
                }
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("PEM is text");
                let item = cluster.plan.item(kubeconfig.client).expect("an item of the plan");
                leaves.push((item, text(&data.certificate), text(&data.key)));
                continue;
            }
            _ => continue,
        };
        let item = cluster.plan.item(*id).expect("an item of the plan");
        if matches!(item.make, Make::Leaf(_)) {
            leaves.push((item, certificate, read(&key)));
        }
    }
    leaves
}

fn check(algorithm: &str) {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = cluster(algorithm);
    let leaves = leaves(&cluster);
    assert_eq!(leaves.len(), 7 + 5 + 1 + 2, "certificates, kubeconfigs, worker, operator");
    let certificates: Vec<String> = leaves.iter().map(|leaf| leaf.1.clone()).collect();
    let files: Vec<PathBuf> =
        (0..leaves.len()).map(|index| cluster.path(&format!("leaf-{index}.crt"))).collect();
    for (file, certificate) in files.iter().zip(&certificates) {
        fs::write(file, certificate).expect("a file in the test's folder");
    }
    for (purpose, usage) in
        [("sslserver", ExtendedKeyUsage::ServerAuth), ("sslclient", ExtendedKeyUsage::ClientAuth)]
    {
        for (ca, path) in CAS {
            let verified = openssl::verify_each(&cluster.host("cp1", path), &files, purpose);
            for ((item, ..), verified) in leaves.iter().zip(verified) {
                let Make::Leaf(leaf) = &item.make else { panic!("leaves only") };
                let issuer = &cluster.plan.item(leaf.issuer).expect("an item of the plan").name;
                let expected = ca == issuer && leaf.usages.contains(&usage);
                assert_eq!(verified, expected, "{algorithm} {} as {purpose} by {ca}", item.name);
            }
        }
    }
    for ((item, certificate, key), text) in leaves.iter().zip(openssl::texts(&certificates)) {
        let halves = (openssl::certificate_key(certificate), openssl::public_half(key));
        assert_eq!(halves.0, halves.1, "{}: key and certificate", item.name);
        check_profile(algorithm, item, &text);
    }
    for (_, path) in CAS {
        let path = cluster.host("cp1", path);
        openssl::verify(&path, &path, "any").expect_ok("a CA verifies itself");
        check_ca_profile(algorithm, &openssl::text(&read(&path)));
        let key = read(&path.with_extension("key"));
        assert_eq!(openssl::certificate_key(&read(&path)), openssl::public_half(&key));
    }
    let sa = openssl::public_half(&read(&cluster.host("cp1", "pki/sa.key")));
    assert_eq!(sa, read(&cluster.host("cp1", "pki/sa.pub")));
    assert_eq!(CAS.len(), cluster.plan.layout.authorities.len());
}

/// The headings of the extensions in order, with their criticality.
fn extensions(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("            X509v3 "))
        .map(|line| line.trim_end_matches([' ', ':']).replace(": ", " "))
        .collect()
}

fn signature(algorithm: &str) -> &'static str {
    match algorithm {
        "rsa-2048" | "rsa-3072" | "rsa-4096" => "sha256WithRSAEncryption",
        "ecdsa-p256" => "ecdsa-with-SHA256",
        _ => "ecdsa-with-SHA384",
    }
}

fn usage(algorithm: &str) -> &'static str {
    // keyEncipherment on RSA only (kubeadm#3328).
    if algorithm.starts_with("rsa-") {
        "Digital Signature, Key Encipherment"
    } else {
        "Digital Signature"
    }
}

fn value_after<'t>(text: &'t str, heading: &str) -> &'t str {
    let mut lines = text.lines();
    lines
        .find(|line| line.trim().starts_with(heading))
        .unwrap_or_else(|| panic!("{heading}: {text}"));
    lines.next().map(str::trim).unwrap_or_default()
}

fn check_profile(algorithm: &str, item: &Item, text: &str) {
    let Make::Leaf(leaf) = &item.make else { panic!("leaves only") };
    let mut expected = vec![
        "Key Usage critical",
        "Extended Key Usage",
        "Basic Constraints critical",
        "Authority Key Identifier",
    ];
    if !leaf.sans.is_empty() {
        expected.push("Subject Alternative Name");
    }
    assert_eq!(extensions(text), expected, "{}", item.name);
    assert_eq!(value_after(text, "X509v3 Key Usage"), usage(algorithm));
    assert_eq!(value_after(text, "X509v3 Basic Constraints"), "CA:FALSE");
    check_common(algorithm, text);
}

fn check_ca_profile(algorithm: &str, text: &str) {
    let expected = [
        "Key Usage critical",
        "Basic Constraints critical",
        "Subject Key Identifier",
        "Subject Alternative Name",
    ];
    assert_eq!(extensions(text), expected);
    let usage = format!("{}, Certificate Sign", usage(algorithm));
    assert_eq!(value_after(text, "X509v3 Key Usage"), usage);
    assert_eq!(value_after(text, "X509v3 Basic Constraints"), "CA:TRUE");
    check_common(algorithm, text);
}

fn check_common(algorithm: &str, text: &str) {
    assert!(text.contains("Version: 3 (0x2)"));
    assert_eq!(
        text.matches(&format!("Signature Algorithm: {}\n", signature(algorithm))).count(),
        2
    );
    let serial = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Serial Number: "))
        .expect("a serial of at most eight octets stands on the line itself");
    let number: u64 = serial.split(' ').next().expect("a word").parse().expect("a positive number");
    assert!((1..1 << 63).contains(&number), "{serial}");
}

#[test]
fn ecdsa_p256() {
    check("ecdsa-p256");
}

#[test]
fn ecdsa_p384() {
    check("ecdsa-p384");
}

#[test]
fn rsa_2048() {
    check("rsa-2048");
}

#[test]
fn rsa_3072() {
    check("rsa-3072");
}

#[test]
fn rsa_4096() {
    check("rsa-4096");
}

/// openssl's own primality test, and its check of the whole key. `PKI_MANY=300` tries more.
#[test]
fn openssl_finds_the_primes_prime() {
    use chacha20::ChaCha20Rng;
    use pki_core::key::{Algorithm, PrivateKey};
    use rand_core::SeedableRng as _;

    if tool::openssl().is_none() {
        return;
    }
    let many = std::env::var("PKI_MANY").ok().and_then(|many| many.parse().ok()).unwrap_or(6);
    for seed in 0..many {
        let algorithm = match seed {
            0 => Algorithm::Rsa4096,
            1 => Algorithm::Rsa3072,
            _ => Algorithm::Rsa2048,
        };
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let key = PrivateKey::generate(algorithm, &mut rng).expect("a key");
        let pem = key.kubernetes_pem().expect("PEM");
        let checked = openssl::check_rsa(&pem);
        assert!(checked.contains("RSA key ok"), "seed {seed}: {checked}");
    }
}
