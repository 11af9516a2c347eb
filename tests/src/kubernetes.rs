//! Real Kubernetes servers on the files of one host, in a network of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, fs, thread};

use serde_json::Value;

use crate::cluster::{Cluster, read};
use crate::etcd;
use crate::process::{Outcome, run, run_for, run_with};
use crate::scratch::Scratch;
use crate::server::Server;
use crate::tool;

/// A folder with kube-apiserver, kube-controller-manager, kube-scheduler, etcd and kubectl.
pub struct Assets {
    folder: PathBuf,
    /// Minor version of the servers.
    pub minor: u16,
    /// Keeps unpacked servers until the test ends.
    _scratch: Option<Scratch>,
}

impl Assets {
    /// The servers of `KUBEBUILDER_ASSETS` (the convention of envtest), else those of the folder
    /// `../shared/kube-1.20.2` beside the checkout, unpacked. `None` after saying why not.
    pub fn find() -> Option<Self> {
        if let Some(folder) = env::var_os("KUBEBUILDER_ASSETS") {
            return Self::at(PathBuf::from(folder), None);
        }
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/kube-1.20.2");
        if !beside.join("unpack").is_file() {
            // Nothing installs these on every system, so their absence is never a failure.
            tool::skip_even_if_all_required(
                "no Kubernetes servers; set KUBEBUILDER_ASSETS to the folder that \
                 `setup-envtest use -p path` prints \
                 (go install sigs.k8s.io/controller-runtime/tools/setup-envtest@latest)",
            );
            return None;
        }
        let scratch = Scratch::new("servers");
        // Several hundred megabytes, on a machine that may be busy.
        let mut unpack = Command::new(beside.join("unpack"));
        run_for(unpack.arg(scratch.path()), b"", Duration::from_secs(300)).expect_ok("unpack");
        Self::at(scratch.path().to_owned(), Some(scratch))
    }

    fn at(folder: PathBuf, scratch: Option<Scratch>) -> Option<Self> {
        for program in ["kube-apiserver", "kube-controller-manager", "etcd", "kubectl"] {
            if !folder.join(program).exists() {
                // envtest's own folder has no kube-controller-manager, for one.
                let reason = format!("{} has no {program}", folder.display());
                tool::skip_even_if_all_required(&reason);
                return None;
            }
        }
        let text = run(Command::new(folder.join("kube-apiserver")).arg("--version"))
            .expect_ok("kube-apiserver --version");
        let minor = text
            .trim()
            .strip_prefix("Kubernetes v1.")
            .and_then(|rest| rest.split('.').next()?.parse().ok())
            .unwrap_or_else(|| panic!("no version of Kubernetes 1: {text}"));
        Some(Self { folder, minor, _scratch: scratch })
    }

    /// One of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// kubectl as the user of a kubeconfig.
    pub fn kubectl(&self, kubeconfig: &Path, arguments: &[&str]) -> Outcome {
        self.kubectl_with(kubeconfig, arguments, "")
    }

    /// The same with input.
    pub fn kubectl_with(&self, kubeconfig: &Path, arguments: &[&str], input: &str) -> Outcome {
        let home = kubeconfig.parent().unwrap_or(Path::new("/"));
        run_with(
            Command::new(self.program("kubectl"))
                .env("HOME", home)
                .env_remove("KUBECONFIG")
                .arg("--request-timeout=20s")
                .arg("--kubeconfig")
                .arg(kubeconfig)
                .args(arguments),
            input.as_bytes(),
        )
    }
}

/// Who asked for what, for servers that do not tell otherwise; each request once.
const AUDIT_POLICY: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\n\
     omitStages: [RequestReceived]\nrules:\n- level: Metadata\n";
/// The name of the log in the test's folder.
const AUDIT_LOG: &str = "audit.log";
/// Since when kube-apiserver says whom it sees (`kubectl auth whoami`).
const WHOAMI: u16 = 28;

impl Assets {
    /// The user's name and groups as the server sees them behind a kubeconfig: by
    /// `kubectl auth whoami`, and from the audit log of servers that are too old for it.
    /// `Err` with what was said instead, where it sees nobody.
    pub fn who(&self, cluster: &Cluster, kubeconfig: &Path) -> Result<User, String> {
        if self.minor >= WHOAMI {
            let outcome = self.kubectl(kubeconfig, &["auth", "whoami", "-o", "json"]);
            let review = serde_json::from_str::<Value>(&outcome.stdout).ok();
            let review = review.ok_or(outcome.stderr)?;
            return Ok(User::of(&review["status"]["userInfo"]));
        }
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let mark = format!("asked={}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let outcome = self.kubectl(kubeconfig, &["get", "--raw", &format!("/version?{mark}")]);
        if !outcome.ok {
            return Err(outcome.stderr);
        }
        // The event is written when the answer is on its way.
        for _ in 0..100 {
            let log = read(&cluster.path(AUDIT_LOG));
            let mut events =
                log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            // kubectl adds a time limit of its own.
            let is_it = |event: &Value| {
                let uri = event["requestURI"].as_str().unwrap_or_default();
                uri.split(['?', '&']).any(|part| part == mark)
            };
            if let Some(event) = events.find(is_it) {
                return Ok(User::of(&event["user"]));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err("no such request in the audit log".to_owned())
    }
}

/// Whom a server sees.
#[derive(Debug, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The groups, sorted.
    pub groups: Vec<String>,
}

impl User {
    fn of(user: &Value) -> Self {
        let groups = user["groups"].as_array().into_iter().flatten();
        let groups = groups.filter_map(|group| group.as_str().map(str::to_owned));
        Self::new(user["username"].as_str().unwrap_or_default(), groups.collect())
    }

    /// The user that has proven to be somebody.
    pub fn authenticated(name: &str, mut groups: Vec<String>) -> Self {
        groups.push("system:authenticated".to_owned());
        Self::new(name, groups)
    }

    fn new(name: &str, mut groups: Vec<String>) -> Self {
        groups.sort();
        Self { name: name.to_owned(), groups }
    }
}

/// A running control plane.
pub struct ControlPlane {
    /// The one that can be started again, by [`Self::sign_with`].
    pub controller_manager: Server,
    _servers: Vec<Server>,
}

impl ControlPlane {
    /// Starts kube-controller-manager again with other signing flags, and only with what approves
    /// and signs requests: nothing else has to come up before.
    pub fn sign_with(
        &mut self,
        assets: &Assets,
        cluster: &Cluster,
        root: &Path,
        signing: &[String],
    ) {
        self.controller_manager.stop();
        let replaced = ["--cluster-signing-", "--controllers="];
        let mut flags = flags(cluster, root, "kube-controller-manager");
        flags.retain(|flag| !replaced.iter().any(|start| flag.starts_with(start)));
        flags.extend_from_slice(signing);
        flags.push("--controllers=csrapproving,csrsigning".to_owned());
        // The one before was stopped too suddenly to give its lease back.
        self.controller_manager = controller_manager(assets, cluster, false, &flags);
    }
}

fn controller_manager(
    assets: &Assets,
    cluster: &Cluster,
    leader_elect: bool,
    flags: &[String],
) -> Server {
    Server::start(
        "kube-controller-manager",
        cluster.folder(),
        Command::new(assets.program("kube-controller-manager"))
            .args(["--bind-address=127.0.0.1", "--cluster-name=kubernetes"])
            .arg(format!("--leader-elect={leader_elect}"))
            // Nothing of a test waits on the rate limit.
            .args(["--kube-api-qps=500", "--kube-api-burst=500"])
            .args(no_plain_port(assets))
            .args(flags),
    )
}

/// Flags for ports without TLS, which later versions do not have any more.
fn no_plain_port(assets: &Assets) -> Option<&'static str> {
    (assets.minor < 24).then_some("--port=0")
}

/// The arguments of a component as its file below `flags/` gives them, with `root` in the place of
/// `/`.
fn flags(cluster: &Cluster, root: &Path, component: &str) -> Vec<String> {
    let text = read(&cluster.path(&format!("flags/cp1/{component}.args")));
    // Every path stands alone behind its flag.
    text.lines().map(|line| line.replacen("=/", &format!("={}/", root.display()), 1)).collect()
}

/// Starts etcd, kube-apiserver, kube-controller-manager and, where it is there, kube-scheduler of
/// the node `cp1` with exactly the certificate flags of its `flags/` folder. `root` is where its
/// files are installed; `address` is the node's own; `admin` is a kubeconfig that may read
/// `/readyz`.
///
/// # Panics
/// When one of them does not come up.
pub fn start(
    assets: &Assets,
    cluster: &Cluster,
    root: &Path,
    address: &str,
    admin: &Path,
) -> ControlPlane {
    let folder = cluster.folder();
    let flags = |component: &str| flags(cluster, root, component);
    let clients = format!("https://127.0.0.1:2379,https://{address}:2379");
    let peer = format!("https://{address}:2380");
    let external = cluster.plan.settings.etcd.is_external();
    let stacked = || {
        Server::start(
            "etcd",
            folder,
            Command::new(assets.program("etcd"))
                .arg("--name=cp1")
                .arg(format!("--data-dir={}", folder.join("etcd-data").display()))
                .arg(format!("--listen-client-urls={clients}"))
                .arg(format!("--advertise-client-urls=https://{address}:2379"))
                .arg(format!("--listen-peer-urls={peer}"))
                .arg(format!("--initial-advertise-peer-urls={peer}"))
                .arg(format!("--initial-cluster=cp1={peer}"))
                .args(flags("etcd")),
        )
    };
    let mut servers = match external {
        true => etcd::start(cluster, &assets.program("etcd"), [2379, 2380]),
        false => vec![stacked()],
    };
    // Members need each other first, and kube-apiserver does not wait for long.
    for member in servers.iter_mut().filter(|_| external) {
        member.wait_for_words("ready to serve client requests");
    }
    let policy = folder.join("audit-policy.yaml");
    fs::write(&policy, AUDIT_POLICY).expect("a file in the test's folder");
    let mut apiserver = Server::start(
        "kube-apiserver",
        folder,
        Command::new(assets.program("kube-apiserver"))
            .arg(format!("--advertise-address={address}"))
            .arg(format!("--bind-address={address}"))
            .args(["--secure-port=6443", "--allow-privileged=true"])
            .args((assets.minor < 24).then_some("--insecure-port=0"))
            // Of an external etcd the flags name the members.
            .args((!external).then_some("--etcd-servers=https://127.0.0.1:2379"))
            .args(["--service-cluster-ip-range=10.96.0.0/12"])
            .arg(format!("--audit-policy-file={}", policy.display()))
            .arg(format!("--audit-log-path={}", folder.join(AUDIT_LOG).display()))
            .args(flags("kube-apiserver")),
    );
    apiserver.wait_until("readyz", || assets.kubectl(admin, &["get", "--raw", "/readyz"]).ok);
    servers.push(apiserver);
    let controller_manager =
        controller_manager(assets, cluster, true, &flags("kube-controller-manager"));
    if assets.program("kube-scheduler").exists() {
        servers.push(Server::start(
            "kube-scheduler",
            folder,
            Command::new(assets.program("kube-scheduler"))
                .args(["--bind-address=127.0.0.1", "--leader-elect=true"])
                .args(no_plain_port(assets))
                .args(flags("kube-scheduler")),
        ));
    }
    ControlPlane { controller_manager, _servers: servers }
}

/// Runs the named test of the same binary again in a network of its own, where only loopback is,
/// so that the addresses of the certificates can be put there.
///
/// `None` inside, where the test goes on; `Some` outside, with what happened.
pub fn in_own_network(test: &str) -> Option<Outcome> {
    const INSIDE: &str = "PKI_TESTS_INSIDE";
    if env::var_os(INSIDE).is_some() {
        return None;
    }
    let binary = env::current_exe().expect("a test knows its own binary");
    // No wait limit of `run` applies: the outer test waits as long as the bounded inner waits.
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
        .arg(binary)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        // Its reasons to skip or fail are said at once, and not kept by the outer test's runner.
        .stderr(Stdio::inherit())
        .output();
    Some(match output {
        Ok(output) => Outcome {
            ok: output.status.success(),
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        },
        Err(error) => {
            Outcome { ok: false, status: None, stdout: String::new(), stderr: error.to_string() }
        }
    })
}

/// Whether this process may make networks of its own.
pub fn can_have_own_network() -> bool {
    let allowed = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !allowed {
        tool::skip("`unshare --net --mount --pid` is not allowed here (run as root)");
    }
    allowed
}

/// Brings loopback up with further addresses, inside an own network.
///
/// # Panics
/// When `ip` refuses.
pub fn add_addresses(addresses: &[&str]) {
    run(Command::new("ip").args(["link", "set", "lo", "up"])).expect_ok("ip link");
    for address in addresses {
        let address = format!("{address}/32");
        run(Command::new("ip").args(["addr", "add", &address, "dev", "lo"])).expect_ok("ip addr");
    }
}
