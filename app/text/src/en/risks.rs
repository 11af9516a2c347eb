//! What is risky about a layout, in words: what a thief would get, and what to do about it.

use pki_core::design::{LayoutName, Output};
use pki_core::plan::mend::Remedy;
use pki_core::plan::review::Risk;
use pki_core::plan::{ItemId, Plan};

use super::findings::Sentence;

/// The button of a remedy.
pub fn remedy(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Make(Output::KubeletServing) => {
            "Fix: make serving certificates for kubelets".to_owned()
        }
        Remedy::Make(Output::Encryption) => "Fix: make the encryption configuration".to_owned(),
        Remedy::Make(output) => format!("Fix: make {}", output.name()),
        Remedy::Vault => {
            "Fix: keep CA keys in the vault; the cluster then signs no requests itself".to_owned()
        }
        Remedy::RefuseAnonymous => {
            "Fix: refuse requests without a credential; probes and kubeadm join then need another \
             way"
            .to_owned()
        }
        Remedy::Restore(name) => format!("Fix: give {name} back its own key"),
    }
}

/// The words for a risk of a plan.
pub fn risk(plan: &Plan, risk: &Risk) -> Sentence {
    let ca = |id: &ItemId| {
        let authority = plan.authority_of(*id);
        authority.map_or(String::new(), |authority| format!("`{}`", authority.row.common_name))
    };
    let (what, fix) = match risk {
        Risk::HeadersFromAnybody { authority } => (
            format!(
                "Every client that {} signs can claim in a header to be any user, \
                 administrators included.",
                ca(authority)
            ),
            "Set --requestheader-allowed-names, or give the aggregation layer a CA of its own."
                .to_owned(),
        ),
        Risk::HeadersByNameOnly { authority } => (
            format!(
                "{} signs the cluster's clients and the aggregation layer's certificate too; only \
                 the common name in --requestheader-allowed-names keeps them apart.",
                ca(authority)
            ),
            "Never sign that name for anybody else, or give the aggregation layer a CA of its own."
                .to_owned(),
        ),
        Risk::SameSubject { one, other } => (
            format!("The CAs {} and {} have one name; verifiers mix them up.", ca(one), ca(other)),
            "Give each CA a common name of its own.".to_owned(),
        ),
        Risk::SharedEtcdAuthority { authority } => (
            format!(
                "etcd trusts {}, which signs the cluster's other clients too (CIS 2.7, in v1.5.0 too); the name \
                 that etcd asks of its clients is all that keeps them out.",
                ca(authority)
            ),
            "Choose a layout in which etcd has a CA of its own.".to_owned(),
        ),
        Risk::AnyUserByMany { authorities } => (
            format!(
                "The keys of {} are each as good as an administrator's: kube-apiserver cannot tie \
                 a CA to certain groups.",
                authorities.iter().map(ca).collect::<Vec<_>>().join(", ")
            ),
            "Guard each of them like the key of the operators' CA.".to_owned(),
        ),
        Risk::IdleKey { authority } => (
            format!("The key of {} is on machines where nothing uses it.", ca(authority)),
            "Move it to a safe place, or choose caKeys: vault.".to_owned(),
        ),
        Risk::BothUsages { path } => (
            format!("`{path}` is a client's certificate and a server's."),
            match plan.settings.etcd.both_usages && plan.settings.layout == LayoutName::FiveFlows {
                true => {
                    "It is so because you chose both usages (etcd.bothUsages): etcd asks itself \
                     with it, and needs no --client-cert-file then."
                }
                false => {
                    "It is so because etcd asks itself with it; from etcd 3.5 on the layout of \
                     five flows does without."
                }
            }
            .to_owned(),
        ),
        Risk::UnverifiedKubelets => (
            "kube-apiserver does not verify kubelets (CIS 1.2.5; in v1.5.0, 1.2.6): whoever stands between them sees \
             logs and takes over exec."
                .to_owned(),
            "Sign the kubelets' serving certificates and set --kubelet-certificate-authority; the \
             layout of five flows does."
                .to_owned(),
        ),
        Risk::StaticTokens => (
            "The token in token.csv is good until the file changes and kube-apiserver restarts \
             (CIS 1.2.2; in v1.5.0, 1.2.3)."
                .to_owned(),
            "Take it away once all nodes have their certificates, or use bootstrap tokens."
                .to_owned(),
        ),
        Risk::Masters { path } => (
            format!(
                "`{path}` belongs to system:masters, whose rights nobody can take away before the \
                 certificate ends (CIS 5.1.7; v1.5.0 does not ask for it)."
            ),
            "Keep it locked away, and give people users of their own.".to_owned(),
        ),
        // The core may learn new risks; until a sentence is here, its own words serve.
        other => (format!("{other:?}."), "Look at the layout.".to_owned()),
    };
    Sentence { what, fix }
}
