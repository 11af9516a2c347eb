//! The lines of the CIS benchmark in words.

use pki_core::plan::benchmark::{Ask, Files, Line};

/// "CIS 1.2.5 (v1.5.0: 1.2.6)".
pub fn number(line: &Line) -> String {
    match line.id_in_1_5 {
        Some(same) if same == line.id => line.id.to_owned(),
        Some(old) => format!("{} (v1.5.0: {old})", line.id),
        None => format!("{} (not in v1.5.0)", line.id),
    }
}

/// What a line asks.
pub fn asks(ask: Ask) -> String {
    match ask {
        Ask::Set(component, names) => {
            format!("{} has --{}", component.name(), names.join(" and --"))
        }
        Ask::Unset(component, name) => format!("{} does not have --{name}", component.name()),
        Ask::Is(component, name, value) => format!("{} has --{name}={value}", component.name()),
        Ask::Has(component, name, value) => {
            format!("{} has {value} in --{name}", component.name())
        }
        Ask::Lacks(component, name, value) => {
            format!("{} has --{name}, without {value} in it", component.name())
        }
        Ask::NotFalse(component, name) => {
            format!("{} does not have --{name}=false", component.name())
        }
        Ask::Mode(of, most) => {
            format!("{} have mode {most:o} or less", files(of))
        }
        Ask::RootOwned(of) => format!("{} belong to root:root", files(of)),
        Ask::GateOn(component, gate) => {
            format!("{} does not turn off {gate} in --feature-gates", component.name())
        }
        Ask::Encrypted => "Secrets are encrypted by aescbc, kms or secretbox".to_owned(),
        Ask::OwnEtcdAuthority => "etcd trusts a CA that signs nobody else's clients".to_owned(),
        Ask::NoCertificatesForPeople => {
            "people do not log in with certificates, which nobody can revoke".to_owned()
        }
        Ask::NoMasters => "nobody is in system:masters".to_owned(),
    }
}

fn files(of: Files) -> String {
    match of {
        Files::Admin => "admin.conf and super-admin.conf".to_owned(),
        Files::Of(component, flag) => format!("the files of {} --{flag}", component.name()),
        Files::Pki => "certificates and keys on control planes".to_owned(),
        Files::Certificates => "certificates on control planes".to_owned(),
        Files::Keys => "private keys on control planes".to_owned(),
    }
}

/// What to do about a line that is failed; nothing where that is plain.
pub fn remedy(id: &str) -> &'static str {
    match id {
        "1.2.1" => {
            "Refuse requests without a credential where no probe asks for /healthz or /livez without \
             one (kubelet's of kubeadm's kube-apiserver, a load balancer's), and no kubeadm join \
             finds the cluster by a token."
        }
        "1.2.2" => "Use bootstrap tokens instead.",
        "1.2.5" | "4.2.9" => {
            "Ask for serving certificates of kubelets, or choose a layout that has them."
        }
        "1.2.27" | "1.2.28" => "Ask for the encryption configuration.",
        "2.7" => "Choose a layout in which etcd has a CA of its own.",
        "3.1.1" => {
            "Connect an identity provider for people, and keep these kubeconfigs for emergencies."
        }
        "5.1.7" => "Lock that kubeconfig away, and give people users of their own.",
        _ => "",
    }
}
