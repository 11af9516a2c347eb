//! The kubeadm layout natively, beside openssl making as many keys and certificates and kubeadm
//! itself; and clusters of many nodes.

use std::path::Path;
use std::process::Command;

use super::figures::{Peer, Row};
use super::kubeadm::{self, Kubeadm};
use super::ways::{Scratch, Selection, Way, build_example, in_turn, peak_memory, quiet};
use crate::checkout::Checkout;
use crate::process;

/// Measures the library's example, from the start of its process to the verified archive.
pub(super) fn rows(checkout: &Checkout, selection: Selection<'_>) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for algorithm in &ALGORITHMS {
        let title = format!("kubeadm layout, {}, native", algorithm.name);
        if selection.wants(&title) {
            rows.extend(layout(checkout, selection, algorithm, &title)?);
        }
    }
    for count in NODES {
        let title = format!("{}, P-256, native", nodes(count));
        if selection.wants(&title) {
            rows.extend(many(checkout, selection, count, &title)?);
        }
    }
    Ok(rows)
}

/// "1,000 nodes".
pub(super) fn nodes(count: usize) -> String {
    match count / 1_000 {
        0 => format!("{count} nodes"),
        thousands => format!("{thousands},{:03} nodes", count % 1_000),
    }
}

fn layout(
    checkout: &Checkout,
    selection: Selection<'_>,
    algorithm: &Algorithm,
    title: &str,
) -> Result<Vec<Row>, String> {
    println!("Measuring: {title} ...");
    let program = build_example(checkout, "issue")?;
    let scratch = Scratch::new("layout")?;
    let folder = scratch.path();
    let ours: Way<'_> = Box::new(|| {
        let mut command = Command::new(&program);
        command.args(["--algorithm", algorithm.option, "--out"]).arg(folder.join("pki.tar.gz"));
        quiet(&mut command)
    });
    let found = process::on_path("openssl").ok_or_else(not_found);
    let script = checkout.root().join("app/xtask/src/bench/openssl-layout.sh");
    let openssl: Way<'_> = Box::new(|| {
        found.as_deref()?;
        by_openssl(&script, folder, algorithm.openssl)
    });
    let found_kubeadm = process::on_path("kubeadm").ok_or_else(not_found).and_then(Kubeadm::new);
    let kubeadm: Way<'_> = Box::new(|| found_kubeadm.as_ref()?.layout(folder, algorithm.name));
    let mut samples = in_turn(selection.runs, vec![ours, openssl, kubeadm]).into_iter();
    let mut next = || samples.next().unwrap_or_else(|| Err("not taken".to_owned()));
    let ours = next();
    let peers = [("openssl, one process each", next()), (kubeadm::NAME, next())];
    Ok(peers
        .into_iter()
        .map(|(name, samples)| {
            Row::time(title, ours.clone(), None)
                .beside(Some(Peer { name: name.to_owned(), samples }))
        })
        .collect())
}

fn not_found() -> String {
    "not found".to_owned()
}

/// So many workers beside one control plane: a client certificate with its kubeconfig each, and a
/// serving certificate on request.
fn many(
    checkout: &Checkout,
    selection: Selection<'_>,
    count: usize,
    title: &str,
) -> Result<Vec<Row>, String> {
    println!("Measuring: {title} ...");
    let program = build_example(checkout, "issue")?;
    let scratch = Scratch::new("nodes")?;
    let mut command = Command::new(&program);
    command.args(["--algorithm", "ecdsa-p256", "--make", "kubelet-serving", "--worker"]);
    command.arg(format!("worker-[0001-{count:04}]=10.1.0.1+"));
    command.arg("--out").arg(scratch.path().join("pki.tar.gz"));
    let mut peaks = Vec::new();
    let work: Way<'_> = Box::new(|| {
        peaks.extend(peak_memory(&mut command)?.map(|bytes| bytes as f64));
        Ok(())
    });
    let samples = in_turn(selection.few(), vec![work]).into_iter().next();
    let time = Row::time(title, samples.unwrap_or_else(|| Err(not_found())), None);
    let memory = Row::memory(&format!("{title}, most memory"), peaks);
    Ok(vec![time, memory])
}

/// What people write instead, which `openssl-layout.sh` says.
fn by_openssl(script: &Path, folder: &Path, key: &[&str]) -> Result<(), String> {
    quiet(Command::new("sh").arg(script).args(key).current_dir(folder))
}

struct Algorithm {
    /// What people call it.
    name: &'static str,
    /// What our example calls it.
    option: &'static str,
    /// What `openssl req -newkey` calls it.
    openssl: &'static [&'static str],
}

const ALGORITHMS: [Algorithm; 2] = [
    Algorithm {
        name: "P-256",
        option: "ecdsa-p256",
        openssl: &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    },
    Algorithm { name: "RSA-2048", option: "rsa-2048", openssl: &["rsa:2048"] },
];

const NODES: [usize; 2] = [1_000, 5_000];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_as_people_write_them() {
        assert_eq!(
            [3, 300, 1_000, 5_000].map(nodes),
            ["3 nodes", "300 nodes", "1,000 nodes", "5,000 nodes"]
        );
    }

    #[test]
    fn a_program_that_is_missing_is_named_in_the_table() {
        let samples: super::super::ways::Samples = Err(not_found());
        let peer = Peer { name: kubeadm::NAME.to_owned(), samples };
        let row = Row::time("layout", Ok(vec![1.0]), None).beside(Some(peer));
        let table = super::super::figures::markdown(&[row]);
        assert!(table.contains("kubeconfig all: not found |  |"), "{table}");
    }
}
