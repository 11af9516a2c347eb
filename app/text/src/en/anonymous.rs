//! What stops working when kube-apiserver refuses requests without a credential, for the README of
//! the archive.

use std::fmt::Write;

use pki_core::plan::Plan;

/// The section, where the design asks for it.
pub(super) fn section(out: &mut String, plan: &Plan) {
    if !plan.settings.refuse_anonymous || plan.layout.components.is_empty() {
        return;
    }
    // Writing to a String does not fail.
    let _ = writeln!(
        out,
        "## Requests without a credential are refused\n\
         \n\
         kube-apiserver gets `--anonymous-auth=false` (CIS 1.2.1). It then answers 401 to whoever \
         shows no certificate and no token, and these do not:\n\
         \n\
         - A load balancer that asks for `/healthz`, `/livez` or `/readyz`: let it check that the \
         port is open, or give it a client certificate.\n\
         - `kubeadm join --token`, which reads the ConfigMap `cluster-info` before it trusts \
         anything: use `kubeadm join --discovery-file` with a kubeconfig that holds a credential."
    );
    if plan.layout.for_kubeadm {
        let patches = match plan.settings.version.minor {
            22.. => {
                "name the folder as `patches.directory` in the InitConfiguration, and in the \
                 JoinConfiguration of each further control plane"
            }
            _ => "give the folder to `kubeadm init` and `kubeadm join` as `--experimental-patches`",
        };
        let _ = writeln!(
            out,
            "- kubelet's probes of the static pod that kubeadm writes for kube-apiserver: without \
             the following it restarts kube-apiserver again and again. Put a patch into a folder, as \
             `kube-apiserver+strategic.yaml`, and {patches}:\n\
             \n\
             ```yaml\n\
             spec:\n\
             \x20 containers:\n\
             \x20 - name: kube-apiserver"
        );
        let port = plan.settings.bind_port;
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let _ = writeln!(out, "    {probe}: {{httpGet: null, tcpSocket: {{port: {port}}}}}");
        }
        let _ = writeln!(out, "```");
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use pki_core::design::{Design, LayoutName};
    use pki_core::plan::Plan;

    #[test]
    fn the_readme_says_what_breaks_where_it_is_asked_for() {
        let written = |layout: LayoutName, refuse_anonymous: bool| {
            let layout = layout.name().to_owned();
            let design = Design { layout, refuse_anonymous, ..Design::default() };
            let mut text = String::new();
            super::section(&mut text, &Plan::new(design.check().0.expect("a design")));
            text
        };
        assert_eq!(written(LayoutName::Kubeadm, false), "");
        assert_eq!(written(LayoutName::K3s, true), "");
        let kubeadm = written(LayoutName::Kubeadm, true);
        assert!(
            kubeadm.contains("--discovery-file") && kubeadm.contains("port: 6443"),
            "{kubeadm}"
        );
        let hard_way = written(LayoutName::HardWay, true);
        assert!(hard_way.contains("/livez") && !hard_way.contains("static pod"), "{hard_way}");
    }
}
