//! What holds of a running control plane in every layout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use pki_core::plan::{Component, Content};
use pki_tests::cluster::{Cluster, read};
use pki_tests::kubernetes::{Assets, User};
use pki_tests::openssl;
use pki_tests::process::{run, run_with};

use crate::ADDRESS;

/// For machines that have no certificate yet.
const BOOTSTRAP: &str = "operator/bootstrap-kubelet.conf";

/// Tries for a minute: controllers need their time.
pub(crate) fn eventually(what: &str, mut attempt: impl FnMut() -> Result<(), String>) {
    let start = Instant::now();
    loop {
        match attempt() {
            Ok(()) => return,
            Err(last) => assert!(start.elapsed() < Duration::from_secs(60), "{what}: {last}"),
        }
        thread::sleep(Duration::from_millis(250));
    }
}

/// A control plane of any layout, and somebody who may do everything there.
pub(crate) struct Running<'a> {
    pub(crate) assets: &'a Assets,
    pub(crate) cluster: &'a Cluster,
    pub(crate) admin: PathBuf,
}

impl Running<'_> {
    pub(crate) fn setting(&self, component: Component, name: &str) -> Option<String> {
        let settings = self.cluster.plan.settings_of(component);
        settings.into_iter().find(|setting| setting.name == name).map(|setting| setting.value)
    }

    /// The file that a flag names, as unpacked.
    pub(crate) fn file(&self, component: Component, name: &str) -> PathBuf {
        let value = self.setting(component, name).unwrap_or_else(|| panic!("no --{name}"));
        self.cluster.path(&format!("hosts/cp1{value}"))
    }

    /// The server sees the planned user and groups behind every kubeconfig, and lets it do what it
    /// is for and no more.
    pub(crate) fn everybody_is_who_they_should_be(&self) {
        let plan = &self.cluster.plan;
        let mut seen = 0;
        for file in &plan.files {
            let Content::Kubeconfig(kubeconfig) = &file.content else { continue };
            // Its user has another name in the cluster, and is nobody before its Secret is there.
            if file.path == BOOTSTRAP {
                continue;
            }
            let path = self.cluster.path(&file.path);
            let item = plan.item(kubeconfig.client).expect("an item of the plan");
            let groups = match item.subject() {
                Some(subject) => subject.organizations,
                None => vec!["system:bootstrappers".to_owned()],
            };
            let who = self.assets.who(self.cluster, &path);
            let who = who.unwrap_or_else(|text| panic!("{}: {text}", file.path));
            assert_eq!(who, User::authenticated(&kubeconfig.user, groups), "{}", file.path);
            self.may_do_what_it_should(&path, &who);
            seen += 1;
        }
        assert!(seen >= 6, "{seen} kubeconfigs");
    }

    /// What the user of a kubeconfig needs, and something that it must not have.
    fn may_do_what_it_should(&self, path: &Path, who: &User) {
        let masters = ["system:masters", "cluster-operators", "kubeadm:cluster-admins"];
        let is_master = who.groups.iter().any(|group| masters.contains(&group.as_str()));
        let (may, may_not) = match who.name.as_str() {
            _ if is_master => ("delete clusterrolebindings", ""),
            "system:kube-scheduler" => ("create pods --subresource=binding", "get secrets"),
            "system:kube-controller-manager" => {
                ("create serviceaccounts --subresource=token", "delete clusterrolebindings")
            }
            "system:kube-proxy" => ("watch services", "get secrets"),
            "system:bootstrapper" => ("create certificatesigningrequests", "get secrets"),
            name if name.starts_with("system:node:") => ("create nodes", "get secrets"),
            // Nobody gave people any rights yet.
            _ => ("", "get pods"),
        };
        let can = |what: &str| {
            let mut words = vec!["auth", "can-i"];
            words.extend(what.split(' '));
            self.assets.kubectl(path, &words)
        };
        if !may.is_empty() {
            // Bindings take their time.
            eventually(&format!("{} {may}", who.name), || {
                let outcome = can(may);
                if outcome.ok { Ok(()) } else { Err(outcome.stdout + &outcome.stderr) }
            });
        }
        if !may_not.is_empty() {
            let outcome = can(may_not);
            // Some authorizers say why behind it.
            assert!(outcome.stdout.starts_with("no"), "{} {may_not}: {}", who.name, outcome.stdout);
        }
        let Some(node) = who.name.strip_prefix("system:node:") else { return };
        // A node may register itself and no other (NodeRestriction).
        let register = |name: &str| {
            let manifest = format!("apiVersion: v1\nkind: Node\nmetadata:\n  name: {name}\n");
            let create = ["create", "--validate=false", "-f", "-"];
            self.assets.kubectl_with(path, &create, &manifest)
        };
        register(node).expect_ok("a node registers itself");
        register("another").expect_refused("a node registers another");
    }

    /// The server's own key set is ours, Secrets are encrypted, and a machine without certificate
    /// may ask for one.
    pub(crate) fn made_on_request(&self) {
        let Self { assets, admin, cluster } = self;
        let get = |path: &str| assets.kubectl(admin, &["get", "--raw", path]).expect_ok(path);
        let keys = read(&cluster.path("openid/openid/v1/jwks"));
        assert_eq!(get("/openid/v1/jwks").trim(), keys.trim());
        let path = "/.well-known/openid-configuration";
        let json = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
        let (mut theirs, mut ours) =
            (json(&get(path)), json(&read(&cluster.path(&format!("openid{path}")))));
        // The server names its own address unless told otherwise.
        for document in [&mut theirs, &mut ours] {
            document["jwks_uri"].take();
        }
        assert_eq!(theirs, ours);
        let create = ["create", "secret", "generic", "hidden", "--from-literal=word=visible-word"];
        assets.kubectl(admin, &create).expect_ok("a Secret");
        let stored = |text: &str| {
            let data = fs::read(cluster.path("etcd-data/member/snap/db")).expect("etcd's data");
            data.windows(text.len()).any(|part| part == text.as_bytes())
        };
        eventually("a Secret in etcd", || match stored("k8s:enc:secretbox:v1:key1:") {
            true => Ok(()),
            false => Err("no encrypted value".to_owned()),
        });
        assert!(!stored("visible-word"), "in the clear");
        let bootstrap = cluster.path(BOOTSTRAP);
        if !bootstrap.exists() {
            return;
        }
        let manifest = cluster.path("manifests/bootstrap.yaml").display().to_string();
        let apply = ["apply", "--validate=false", "-f", &manifest];
        assets.kubectl(admin, &apply).expect_ok("the README's kubectl apply");
        let may = ["auth", "can-i", "create", "certificatesigningrequests"];
        eventually("the bootstrap token", || {
            let outcome = assets.kubectl(&bootstrap, &may);
            if outcome.ok { Ok(()) } else { Err(outcome.stderr) }
        });
        self.a_new_machine_joins(&bootstrap);
    }

    /// With the token alone a machine gets its first certificate, approved and signed by the
    /// controller-manager, and is a node of the cluster with it.
    fn a_new_machine_joins(&self, bootstrap: &Path) {
        let Self { assets, cluster, admin } = self;
        let who = assets.who(cluster, bootstrap).expect("the bootstrap token");
        let of_kubeadm = "system:bootstrappers:kubeadm:default-node-token";
        assert!(who.name.starts_with("system:bootstrap:"), "{who:?}");
        assert_eq!(who.groups, ["system:authenticated", "system:bootstrappers", of_kubeadm]);
        let signer = "kubernetes.io/kube-apiserver-client-kubelet";
        let usages = "[digital signature, key encipherment, client auth]";
        let (certificate, key) =
            self.signed("w9", "/O=system:nodes/CN=system:node:w9", signer, usages, bootstrap, None);
        let issuer = self.signer("cluster-signing-kubelet-client-cert-file");
        openssl::verify(&issuer, &certificate, "sslclient").expect_ok("the node's certificate");
        let words = self.with_pair(&certificate, &key);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(["create", "--validate=false", "-f", "-"]);
        let empty = cluster.path("empty.conf");
        fs::write(&empty, "").expect("a file in the test's folder");
        let node = "apiVersion: v1\nkind: Node\nmetadata:\n  name: w9\n";
        assets.kubectl_with(&empty, &words, node).expect_ok("the new machine registers itself");
        let found = assets.kubectl(admin, &["get", "node", "w9", "-o", "name"]).expect_ok("node");
        assert_eq!(found.trim(), "node/w9");
    }

    /// The account of an extension API server may ask who its callers are, and read whom they
    /// trust; another may not.
    pub(crate) fn extension_apiservers(&self) {
        let Self { assets, admin, cluster } = self;
        let may = |account: &str, what: &[&str]| {
            let who = format!("--as=system:serviceaccount:kube-system:{account}");
            let mut words = vec!["auth", "can-i", who.as_str()];
            words.extend(what);
            assets.kubectl(admin, &words).stdout.starts_with("yes")
        };
        let delegates = ["create", "subjectaccessreviews.authorization.k8s.io"];
        let name = "configmap/extension-apiserver-authentication";
        let reads = ["get", name, "-n", "kube-system"];
        assert!(!may("metrics-server", &delegates), "before its binding");
        let manifest = cluster.path("manifests/aggregation.yaml").display().to_string();
        let apply = ["apply", "--validate=false", "-f", &manifest];
        assets.kubectl(admin, &apply).expect_ok("the bindings of extension API servers");
        eventually("the extension API server's rights", || {
            let both = may("metrics-server", &delegates) && may("metrics-server", &reads);
            if both { Ok(()) } else { Err("no".to_owned()) }
        });
        assert!(!may("default", &delegates) && !may("default", &reads), "somebody else");
    }

    /// A token that the controller-manager (or apiserver) signs with sa.key verifies with sa.pub.
    pub(crate) fn service_account_token(&self) {
        let Self { assets, admin, .. } = self;
        let mut token = String::new();
        eventually("service-account token", || {
            let outcome = if assets.minor >= 24 {
                assets.kubectl(admin, &["create", "token", "default", "-n", "default"])
            } else {
                let template = "go-template={{range .items}}{{if eq .type \
                            \"kubernetes.io/service-account-token\"}}{{.data.token | base64decode}}\
                            {{end}}{{end}}";
                assets.kubectl(admin, &["get", "secrets", "-n", "default", "-o", template])
            };
            token = outcome.stdout.trim().to_owned();
            if token.is_empty() { Err(outcome.stderr) } else { Ok(()) }
        });
        let review = format!(
            "apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec:\n  token: {token}\n"
        );
        let create = ["create", "--validate=false", "-o", "json", "-f", "-"];
        let text = assets.kubectl_with(admin, &create, &review).expect_ok("TokenReview");
        let review: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(review["status"]["authenticated"], true, "{text}");
        assert_eq!(review["status"]["user"]["username"], "system:serviceaccount:default:default");
        self.verify_by_openssl(&token);
    }

    /// The same without Kubernetes: RS256 (RFC 7518 §3.3) over the first two parts of the token.
    fn verify_by_openssl(&self, token: &str) {
        let cluster = self.cluster;
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let decode = |part: &str| {
            let padding = "=".repeat((4 - part.len() % 4) % 4);
            part.replace('-', "+").replace('_', "/") + &padding
        };
        let file = |name: &str| cluster.path(name);
        fs::write(file("token.signed"), signed).expect("a file in the test's folder");
        fs::write(file("token.base64"), decode(signature)).expect("a file in the test's folder");
        run(Command::new("openssl")
            .args(["base64", "-d", "-A", "-in"])
            .arg(file("token.base64"))
            .arg("-out")
            .arg(file("token.signature")))
        .expect_ok("openssl base64");
        let verify = |key: &Path| {
            run(Command::new("openssl")
                .args(["dgst", "-sha256", "-verify"])
                .arg(key)
                .arg("-signature")
                .arg(file("token.signature"))
                .arg(file("token.signed")))
        };
        let public = self.file(Component::Apiserver, "service-account-key-file");
        verify(&public).expect_ok("the token by sa.pub");
    }

    /// Whoever shows no credential may ask whether the server lives, unless the design refuses it.
    pub(crate) fn strangers(&self) {
        let mut ask = Command::new("openssl");
        ask.args(["s_client", "-quiet", "-connect", &format!("{}:6443", ADDRESS)]);
        let outcome = run_with(&mut ask, b"GET /livez HTTP/1.0\r\n\r\n");
        let refused = self.cluster.plan.settings.refuse_anonymous;
        let status = if refused { "HTTP/1.0 401" } else { "HTTP/1.0 200" };
        assert!(outcome.stdout.starts_with(status), "{}{}", outcome.stdout, outcome.stderr);
    }

    /// The servers themselves got in with their kubeconfigs: each holds its own lease.
    pub(crate) fn leases(&self) {
        let Self { assets, admin, .. } = self;
        let mut servers = vec!["kube-controller-manager"];
        servers.extend(assets.program("kube-scheduler").exists().then_some("kube-scheduler"));
        for server in servers {
            let template = "jsonpath={.spec.holderIdentity}";
            eventually(server, || {
                let words = ["get", "lease", server, "-n", "kube-system", "-o", template];
                let outcome = assets.kubectl(admin, &words);
                if outcome.ok && !outcome.stdout.is_empty() { Ok(()) } else { Err(outcome.stderr) }
            });
        }
    }

    /// A user's request goes through the API and comes back signed with ca.key.
    pub(crate) fn signed_request(&self) {
        let Self { assets, cluster, admin } = self;
        let signer = "kubernetes.io/kube-apiserver-client";
        let usages = "[client auth]";
        let subject = "/O=developers/CN=jane";
        let (certificate, key) = self.signed("jane", subject, signer, usages, admin, Some(admin));
        let issuer = self.signer("cluster-signing-kube-apiserver-client-cert-file");
        openssl::verify(&issuer, &certificate, "sslclient").expect_ok("the signed certificate");
        let words = self.with_pair(&certificate, &key);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(["get", "pods"]);
        let empty = cluster.path("empty.conf");
        fs::write(&empty, "").expect("a file in the test's folder");
        let text = assets.kubectl(&empty, &words).expect_refused("jane has no rights");
        assert!(text.contains("User \"jane\""), "{text}");
    }

    /// Makes a key and a request, asks as one and approves as another (nobody, where the cluster
    /// does it); the signed certificate and the key.
    fn signed(
        &self,
        name: &str,
        subject: &str,
        signer: &str,
        usages: &str,
        asker: &Path,
        approver: Option<&Path>,
    ) -> (PathBuf, PathBuf) {
        let Self { assets, cluster, admin } = self;
        let file = |ending: &str| cluster.path(&format!("{name}.{ending}"));
        let (key, request) = (file("key"), file("csr"));
        run(Command::new("openssl")
            .args(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
            .args(["-subj", subject, "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&request))
        .expect_ok("openssl req");
        let base64 = run(Command::new("openssl").args(["base64", "-A", "-in"]).arg(&request))
            .expect_ok("openssl base64");
        let object = format!(
            "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\n\
             metadata:\n  name: {name}\nspec:\n  signerName: {signer}\n  \
             usages: {usages}\n  request: {base64}\n"
        );
        let create = ["create", "--validate=false", "-f", "-"];
        assets.kubectl_with(asker, &create, &object).expect_ok("create CSR");
        if let Some(approver) = approver {
            assets.kubectl(approver, &["certificate", "approve", name]).expect_ok("approve");
        }
        let certificate = file("crt");
        eventually("signed certificate", || {
            let template = "go-template={{.status.certificate | base64decode}}";
            let outcome = assets.kubectl(admin, &["get", "csr", name, "-o", template]);
            if !outcome.stdout.contains("BEGIN CERTIFICATE") {
                return Err(outcome.stdout + &outcome.stderr);
            }
            fs::write(&certificate, &outcome.stdout).map_err(|error| error.to_string())
        });
        (certificate, key)
    }

    /// The CA of a signer: the one of its own flag, or of the flag for all of them.
    fn signer(&self, flag: &str) -> PathBuf {
        let controller = Component::ControllerManager;
        let signer = match self.setting(controller, flag) {
            Some(_) => self.file(controller, flag),
            None => self.file(controller, "cluster-signing-cert-file"),
        };
        // openssl wants to see the root above the signer, if there is one.
        let chain = self.cluster.path("operator/ca/ca-chain.crt");
        if chain.exists() { chain } else { signer }
    }

    /// kubectl's arguments for a certificate that is in no kubeconfig.
    fn with_pair(&self, certificate: &Path, key: &Path) -> [String; 4] {
        let ca = self.file(Component::ControllerManager, "root-ca-file");
        [
            format!("--client-certificate={}", certificate.display()),
            format!("--client-key={}", key.display()),
            format!("--server=https://{ADDRESS}:6443"),
            format!("--certificate-authority={}", ca.display()),
        ]
    }

    /// Extension apiservers find the aggregation CA where the apiserver publishes it.
    pub(crate) fn aggregation_trust(&self) {
        let Self { assets, admin, .. } = self;
        let template = "go-template={{index .data \"requestheader-client-ca-file\"}}";
        let name = "extension-apiserver-authentication";
        let published = assets
            .kubectl(admin, &["get", "configmap", name, "-n", "kube-system", "-o", template])
            .expect_ok(name);
        let ours = pki_tests::cluster::read(
            &self.file(Component::Apiserver, "requestheader-client-ca-file"),
        );
        assert_eq!(published.trim(), ours.trim());
    }
}
