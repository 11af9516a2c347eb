//! The commands of asker and approver, for a POSIX shell beside the cluster.

use super::Wish;
use crate::key::Algorithm;
use crate::review::KIND;
use crate::sign::shell_word;

/// What the asker runs: file the request, fetch the certificate, use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskerCommands {
    /// Files the request from `csr.yaml`.
    pub create: String,
    /// Waits for the signature and writes `cert.pem`.
    pub fetch: String,
    /// Puts key and certificate into the kubeconfig.
    pub configure: String,
}

/// What the approver runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApproverCommands {
    /// Shows the request.
    pub describe: String,
    /// Shows the subject that is asked for, and the names.
    pub inspect: String,
    /// Approves it.
    pub approve: String,
    /// Denies it.
    pub deny: String,
}

/// For somebody who has `key.pem` and `csr.yaml`; `cluster` is the name in the kubeconfig.
pub fn asker_commands(wish: &Wish, cluster: &str) -> AskerCommands {
    let name = shell_word(&wish.name);
    let credentials = shell_word(&format!("cert:{}", wish.common_name));
    let context = shell_word(&wish.common_name);
    AskerCommands {
        create: "kubectl create -f csr.yaml\n".to_owned(),
        fetch: format!(
            "kubectl wait --for=jsonpath='{{.status.certificate}}' --timeout=10m csr/{name}\n\
             kubectl get csr {name} -o jsonpath='{{.status.certificate}}' | base64 -d > cert.pem\n"
        ),
        configure: format!(
            "kubectl config set-credentials {credentials} --embed-certs=true \
             --client-certificate=cert.pem --client-key=key.pem\n\
             kubectl config set-context {context} --cluster={} --user={credentials}\n\
             kubectl config use-context {context}\n\
             kubectl auth whoami\n",
            shell_word(cluster)
        ),
    }
}

/// For somebody with the right to approve.
pub fn approver_commands(name: &str) -> ApproverCommands {
    let name = shell_word(name);
    ApproverCommands {
        describe: format!("kubectl describe csr {name}\n"),
        inspect: format!(
            "kubectl get csr {name} -o jsonpath='{{.spec.request}}' | base64 -d \
             | openssl req -noout -text -verify\n"
        ),
        approve: format!("kubectl certificate approve {name}\n"),
        deny: format!("kubectl certificate deny {name}\n"),
    }
}

/// The same request made by openssl, for people whose keys are made on their own machine.
///
/// openssl writes one RDN an organization; Kubernetes sees the same groups.
pub fn openssl_commands(wish: &Wish, algorithm: Algorithm) -> String {
    let key = match algorithm {
        Algorithm::EcdsaP256 => "-algorithm EC -pkeyopt ec_paramgen_curve:P-256".to_owned(),
        Algorithm::EcdsaP384 => "-algorithm EC -pkeyopt ec_paramgen_curve:P-384".to_owned(),
        Algorithm::Ed25519 => "-algorithm ED25519".to_owned(),
        rsa => {
            format!("-algorithm RSA -pkeyopt rsa_keygen_bits:{}", rsa.rsa_bits().unwrap_or(2048))
        }
    };
    let mut subject = String::new();
    for group in &wish.organizations {
        subject.push_str(&format!("/O={}", subject_value(group)));
    }
    subject.push_str(&format!("/CN={}", subject_value(&wish.common_name)));
    // openssl's prefixes are those of the texts.
    let sans = wish.sans.to_texts();
    let extension = match sans.is_empty() {
        true => String::new(),
        false => {
            let word = shell_word(&format!("subjectAltName={}", config_value(&sans.join(","))));
            format!(" -addext {word}")
        }
    };
    let mut object = format!(
        "kubectl create -f - <<EOF\napiVersion: certificates.k8s.io/v1\nkind: {KIND}\n\
         metadata:\n  name: {}\nspec:\n",
        yaml_word(&wish.name)
    );
    if let Some(seconds) = wish.expiration_seconds {
        object.push_str(&format!("  expirationSeconds: {seconds}\n"));
    }
    object.push_str(&format!(
        "  request: $(base64 < csr.pem | tr -d '\\n')\n  signerName: {}\n  usages:\n",
        wish.signer_name
    ));
    for usage in wish.usages_for(algorithm) {
        object.push_str(&format!("  - {usage}\n"));
    }
    format!(
        "(umask 077; openssl genpkey {key} -out key.pem)\n\
         openssl req -new -utf8 -key key.pem -subj {} -out csr.pem{extension}\n{object}EOF\n",
        shell_word(&subject)
    )
}

/// `/` separates, `+` joins and `\` escapes in openssl's `-subj`.
fn subject_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '/' | '+' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// `-addext` is read as a line of a configuration file, with comments and variables.
fn config_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '#' | '$' | '\\' | '"' | '\'' | '`' | ';') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A YAML string in double quotes inside an unquoted here-document of the shell.
fn yaml_word(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            // Once for YAML, once for the shell.
            '\\' => out.push_str("\\\\\\\\"),
            '"' => out.push_str("\\\\\""),
            '$' | '`' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
