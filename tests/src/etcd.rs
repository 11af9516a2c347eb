//! Real members of an external etcd, each with the files of its own machine and exactly the flags
//! of its `flags/` folder.

use std::path::Path;
use std::process::Command;

use crate::cluster::{Cluster, read};
use crate::process::{Outcome, run};
use crate::server::Server;

/// Starts every member of the design on the address that the design gives it, which must be one of
/// this machine's. `ports` takes the place of 2379 and 2380.
///
/// # Panics
/// When one of them does not start.
pub fn start(cluster: &Cluster, program: &Path, ports: [u16; 2]) -> Vec<Server> {
    let members = &cluster.plan.settings.etcd.members;
    members
        .iter()
        .map(|member| {
            let name = member.name.as_str();
            let root = cluster.path(&format!("hosts/{name}")).display().to_string();
            let flags = read(&cluster.path(&format!("flags/{name}/etcd.args")))
                .replace("=/", &format!("={root}/"))
                // All members are one machine here, which has only one port of its own.
                .replace(",https://127.0.0.1:2379", "")
                .replace(":2379", &format!(":{}", ports[0]))
                .replace(":2380", &format!(":{}", ports[1]));
            let data = cluster.path(&format!("data-{name}"));
            let mut command = Command::new(program);
            command.arg(format!("--data-dir={}", data.display())).args(flags.lines());
            Server::start(name, cluster.folder(), &mut command)
        })
        .collect()
}

/// etcdctl at endpoints, with a CA, and with a certificate whose key lies beside it.
pub fn etcdctl(endpoints: &str, ca: &Path, client: Option<&Path>, arguments: &[&str]) -> Outcome {
    let mut command = Command::new("etcdctl");
    command
        .env("ETCDCTL_API", "3")
        .args(["--dial-timeout=3s", "--command-timeout=5s"])
        .arg(format!("--endpoints={endpoints}"))
        .arg(format!("--cacert={}", ca.display()));
    if let Some(certificate) = client {
        command
            .arg(format!("--cert={}", certificate.display()))
            .arg(format!("--key={}", certificate.with_extension("key").display()));
    }
    run(command.args(arguments))
}
