//! A file of settings: it says what the plan says, every file that it names is there, and every
//! key is that of the certificate beside it.

use super::{Files, VerifyError, VerifyProblem, public_key_of};
use crate::bundle;
use crate::key::PrivateKey;
use crate::plan::{Content, Form, Plan, PlannedFile, SettingsFile};

/// Flags that name a certificate, each with the flag of its key.
const PAIRS: &[(&str, &str)] = &[
    ("cert-file", "key-file"),
    ("client-cert-file", "client-key-file"),
    ("peer-cert-file", "peer-key-file"),
    ("peer-client-cert-file", "peer-client-key-file"),
    ("etcd-certfile", "etcd-keyfile"),
    ("kubelet-client-certificate", "kubelet-client-key"),
    ("proxy-client-cert-file", "proxy-client-key-file"),
    ("tls-cert-file", "tls-private-key-file"),
    ("cluster-signing-cert-file", "cluster-signing-key-file"),
    ("cluster-signing-kubelet-serving-cert-file", "cluster-signing-kubelet-serving-key-file"),
    ("cluster-signing-kubelet-client-cert-file", "cluster-signing-kubelet-client-key-file"),
    (
        "cluster-signing-kube-apiserver-client-cert-file",
        "cluster-signing-kube-apiserver-client-key-file",
    ),
    ("cluster-signing-legacy-unknown-cert-file", "cluster-signing-legacy-unknown-key-file"),
];

pub(super) fn check(
    plan: &Plan,
    files: &Files,
    file: &PlannedFile,
    settings: SettingsFile,
) -> Result<(), VerifyError> {
    let text = files.text(&file.path)?;
    if text != bundle::settings_text(plan, settings) {
        return Err(VerifyProblem::Settings.at(&file.path));
    }
    if settings.form != Form::Arguments {
        return Ok(());
    }
    let planned = plan.settings_on(settings.component, settings.member.unwrap_or(0));
    let own: Vec<&str> =
        planned.iter().filter(|setting| !setting.is_file).map(|setting| setting.name).collect();
    // From here on only what the archive itself says counts.
    let node = file.owner.node(&plan.settings);
    let folder = node.map(|node| format!("hosts/{}", node.name)).unwrap_or_default();
    let flags: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix("--")?.split_once('='))
        .filter(|(_, value)| value.starts_with('/'))
        // What the component itself makes is in no archive.
        .filter(|(name, _)| !own.contains(name))
        .collect();
    for (name, value) in &flags {
        let found = files.bytes(&format!("{folder}{value}"));
        let problem = || VerifyProblem::SettingFile { setting: (*name).to_owned() };
        found.map_err(|_| problem().at(&file.path))?;
    }
    let value = |name: &str| flags.iter().find(|(flag, _)| *flag == name).map(|(_, value)| value);
    for (certificate, key) in PAIRS {
        let (Some(certificate), Some(path)) = (value(certificate), value(key)) else { continue };
        let (certificate, path) = (format!("{folder}{certificate}"), format!("{folder}{path}"));
        let content = |path| plan.file(path).map(|file| &file.content);
        if let (Some(Content::Certificate(of)), Some(Content::PrivateKey(its))) =
            (content(&certificate), content(&path))
            && of == its
        {
            // Both have been held against this item by now, maybe by another share of the check.
            continue;
        }
        let pem = files.bytes(&certificate)?;
        let public = public_key_of(pem).map_err(|problem| problem.at(&file.path))?;
        let private = PrivateKey::from_pem(files.text(&path)?)
            .map_err(|error| VerifyProblem::Key(error).at(&file.path))?;
        if *private.public_key() != public {
            let problem = VerifyProblem::SettingPair { setting: (*key).to_owned() };
            return Err(problem.at(&file.path));
        }
    }
    Ok(())
}
