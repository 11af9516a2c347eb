//! Name constraints as OpenSSL sees them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use pki_core::bundle::KubeconfigData;
use pki_core::design::{Design, DesignUser};
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::openssl;
use pki_tests::process::run;
use pki_tests::tool;

const OWN: &str = "authorities:
- name: root
  permitted: [kubernetes, default, svc, cluster.local, cp1, w1, example.com, 10.0.0.0/8]
  excluded: [bad.example.com]
- name: ca
  below: root
certificates:
- name: web
  authority: ca
  usages: [server]
  SANs: [web.example.com, '*.apps.example.com', 10.2.3.4]
";

fn limited(change: impl FnOnce(&mut Design)) -> Cluster {
    Cluster::make(
        "constraints",
        design(|design| {
            design.take_own(OWN).expect("a list of CAs");
            design.workers = vec![node("w1", &["10.0.0.20"])];
            change(design);
        }),
    )
}

/// A certificate that somebody with the key of the cluster's CA makes, with names of his own.
fn forged(cluster: &Cluster, subject: &str, names: &str) -> PathBuf {
    let folder = cluster.folder();
    let ca = "hosts/cp1/etc/kubernetes/pki/ca";
    let script = format!(
        "openssl ecparam -name prime256v1 -genkey -noout -out forged.key
         printf '[req]\\ndistinguished_name=n\\n[n]\\n' > forged.config
         openssl req -new -config forged.config -key forged.key -subj '{subject}' -out forged.csr
         printf 'keyUsage=critical,digitalSignature\\nbasicConstraints=critical,CA:FALSE\\n\
         authorityKeyIdentifier=keyid\\nextendedKeyUsage=serverAuth,clientAuth\\n{names}' > forged.ext
         openssl x509 -req -in forged.csr -CA {ca}.crt -CAkey {ca}.key -days 1 -extfile forged.ext \
         -set_serial 7 -out forged.crt 2>/dev/null"
    );
    run(Command::new("sh").args(["-ec", &script]).current_dir(folder)).expect_ok("forged");
    cluster.path("forged.crt")
}

#[test]
fn openssl_accepts_ours_and_refuses_names_outside() {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = limited(|_| {});
    let chain = cluster.path("operator/ca/ca-chain.crt");
    let text = openssl::text(&read(&cluster.path("operator/ca/root.crt")));
    let shown = text.split("X509v3 Name Constraints: critical").nth(1).expect("the extension");
    assert!(shown.contains("DNS:example.com") && shown.contains("IP:10.0.0.0/255.0.0.0"), "{text}");
    let below = openssl::text(&read(&cluster.host("cp1", "pki/ca.crt")));
    assert!(!below.contains("Subject Alternative Name"), "the common name would be held to them");
    let mut verified = 0;
    for file in ["cp1", "w1"].map(|node| cluster.host(node, "pki")) {
        for entry in fs::read_dir(file).expect("a folder").map(|entry| entry.expect("an entry")) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("apiserver") && name.ends_with(".crt") && !name.contains("etcd") {
                openssl::verify(&chain, &entry.path(), "any").expect_ok(&name);
                verified += 1;
            }
        }
    }
    assert_eq!(verified, 2);
    let web = cluster.path("operator/certificates/web.crt");
    openssl::verify(&chain, &web, "sslserver").expect_ok("web");
    let refused = |subject: &str, names: &str| {
        let outcome = openssl::verify(&chain, &forged(&cluster, subject, names), "any");
        (!outcome.ok).then(|| outcome.stderr.contains("subtree violation"))
    };
    for (subject, names, expected) in [
        ("/CN=x", "subjectAltName=DNS:ok.example.com", None),
        ("/CN=x", "subjectAltName=DNS:example.org", Some(true)),
        ("/CN=x", "subjectAltName=DNS:a.bad.example.com", Some(true)),
        ("/CN=x", "subjectAltName=IP:192.0.2.1", Some(true)),
        ("/CN=x", "subjectAltName=IP:fd00::1", Some(true)),
        // The trap of the common name: only what looks like a host, and only without DNS names.
        ("/CN=jane.doe", "", Some(true)),
        ("/CN=jane.doe", "subjectAltName=DNS:ok.example.com", None),
        ("/CN=jane", "", None),
        ("/CN=system:node:w1.example.org", "", None),
        ("/CN=jane@example.org", "", None),
    ] {
        assert_eq!(refused(subject, names), expected, "{subject} {names}");
    }
}

/// OpenSSL takes no CA for an anchor that another has signed, so whoever uses it needs the root: in
/// what pods and people get; and who trusts nothing but the root, the CA between beside the
/// certificate.
#[test]
fn openssl_verifies_with_what_each_client_gets() {
    if tool::openssl().is_none() {
        return;
    }
    let user = DesignUser { name: "jane".to_owned(), ..DesignUser::default() };
    let cluster = limited(|design| design.users = vec![user]);
    let served = cluster.host("cp1", "pki/apiserver.crt");
    let intermediate = cluster.host("cp1", "pki/ca.crt");
    assert!(!openssl::verify(&intermediate, &served, "sslserver").ok, "OpenSSL has changed");
    let pods = cluster.host("cp1", "pki/kube-controller-manager-root-ca.crt");
    openssl::verify(&pods, &served, "sslserver").expect_ok("pods");
    for name in ["operator/admin.conf", "operator/users/jane.conf"] {
        let text = read(&cluster.path(name));
        let data = KubeconfigData::read(&text).expect("a kubeconfig");
        let trusted = cluster.path("trusted.crt");
        fs::write(&trusted, &data.ca).expect("a file");
        openssl::verify(&trusted, &served, "sslserver").expect_ok(name);
    }
    let kubelet = read(&cluster.host("cp1", "kubelet.conf"));
    let kubelet = KubeconfigData::read(&kubelet).expect("a kubeconfig");
    assert_eq!(kubelet.ca, read(&intermediate).into_bytes(), "kubeadm compares them");
    let root = cluster.path("operator/ca/root.crt");
    let mut only_root = Command::new("openssl");
    only_root.args(["verify", "-purpose", "sslserver", "-CAfile"]).arg(&root);
    run(only_root.arg("-untrusted").arg(&served).arg(&served)).expect_ok("the chain in the file");
}

/// What we say beforehand about common names is what OpenSSL says afterwards.
#[test]
fn a_user_like_a_host_is_said_beforehand() {
    if tool::openssl().is_none() {
        return;
    }
    let user = |name: &str| DesignUser { name: name.to_owned(), ..DesignUser::default() };
    for name in ["jane.doe", "jane", "Jane.Doe", "jane_doe.x", "a-.b", "jane.example.com"] {
        let of = design(|design| {
            design.take_own(OWN).expect("a list of CAs");
            design.users = vec![user(name)];
        });
        let found = of.check().1.iter().any(|found| format!("{found:?}").contains("CommonName"));
        let cluster = limited(|design| design.users = vec![user(name)]);
        let path = cluster.path(&format!("operator/users/{name}.conf"));
        let data = pki_core::bundle::KubeconfigData::read(&read(&path)).expect("a kubeconfig");
        let file = cluster.path("user.crt");
        fs::write(&file, data.certificate).expect("a file in the test's folder");
        let chain = cluster.path("operator/ca/ca-chain.crt");
        assert_eq!(openssl::verify(&chain, &file, "sslclient").ok, !found, "{name}");
    }
}
