//! A shell script that makes the same layout with nothing but openssl, for people who want to see
//! every step.
//!
//! The names, usages and places come from the plan, as for the archive itself; the script is held
//! against our own certificates, field by field, in the tests.

use crate::design::{Output, San};
use crate::key::Algorithm;
use crate::plan::{Content, Extra, ItemId, Kubeconfig, Make, Plan, PlannedFile};
use crate::sign::shell_word;
use crate::yaml::Yaml;

const DAY: i64 = 86_400;
/// The folder of what was made, in the words of the script.
const MADE: &str = "\"$made\"/";

/// What stands before the first certificate. `@` marks what depends on the design.
const HEAD: &str = r#"#!/bin/sh
# Makes the PKI of the cluster @CLUSTER with openssl alone.
#
#   sh openssl.sh [FOLDER]      (FOLDER is ./openssl-pki unless you say otherwise)
#
# The files and their names, subjects, usages and alternative names are those of this archive; the
# keys are new. Needs OpenSSL 3 and a POSIX shell. What the archive has beside keys, certificates
# and kubeconfigs (flags/, manifests/, and other things that were asked for) is not made here.
#
# Two things are not as in the archive: openssl counts lifetimes in whole days from now on, without
# backdating; and it derives the key identifiers of CAs by SHA-1 (RFC 5280), where Go 1.25 and
# the archive use SHA-256 (RFC 7093). Verifiers only compare them.
set -eu
umask 077
out=${1:-openssl-pki}
made=$out/.made
mkdir -p "$made"

# A subject's text is PrintableString where that is possible and UTF8String elsewhere, as Go writes.
cat > "$made/config" <<'END'
[req]
distinguished_name = subject
string_mask = MASK:0x2002
[subject]
END

# key FILE ALGORITHM: a private key in the traditional forms that every component reads.
key() {
  case $2 in
    rsa-*) openssl genrsa -traditional -out "$1" "${2#rsa-}" 2>/dev/null ;;
    *) openssl ecparam -name "$2" -genkey -noout -out "$1" ;;
  esac
}

# certificate NAME SUBJECT DAYS SIGNER...: the request, and the signature over it. The extensions
# come on standard input. The serial number is random and positive, so that nobody has to count.
certificate() {
  name=$1 subject=$2 days=$3
  shift 3
  cat > "$made/extensions"
  openssl req -new -utf8 -config "$made/config" -key "$made/$name.key" -subj "$subject" \
    -out "$made/request"
  openssl x509 -req -in "$made/request" "$@" -days "$days" -@DIGEST \
    -set_serial "0x1$(openssl rand -hex 7)" -extfile "$made/extensions" \
    -out "$made/$name.crt" 2>/dev/null
}

# ca NAME SUBJECT DAYS DNS CONSTRAINTS NAMES [ABOVE]: a CA signs itself, or is signed by the one
# above it. CA:TRUE and keyCertSign are what make it one; Go and kubeadm refuse a CA without them.
# NAMES are those that it may sign. DNS is empty below another CA: verifiers would hold it to the
# NAMES of that one.
ca() {
  key "$made/$1.key" @ALGORITHM
  if [ $# -gt 6 ]; then
    extensions "$4" "$5" "$6" keyid |
      certificate "$1" "$2" "$3" -CA "$made/$7.crt" -CAkey "$made/$7.key"
  else
    extensions "$4" "$5" "$6" none | certificate "$1" "$2" "$3" -signkey "$made/$1.key"
  fi
}

# extensions DNS CONSTRAINTS NAMES AUTHORITY: those of a CA.
extensions() {
  cat <<END
keyUsage = critical, @USAGE, keyCertSign
basicConstraints = critical, $2
subjectKeyIdentifier = hash
authorityKeyIdentifier = $4
${1:+subjectAltName = DNS:$1}
${3:+nameConstraints = critical, $3}
END
}

# leaf NAME CA SUBJECT DAYS USAGES [NAMES]: a certificate that may sign no other. serverAuth lets
# it be a server, clientAuth lets it log in; O is the user's group and CN the user's name, and only
# NAMES say which servers it may stand for: nobody reads a server's CN.
leaf() {
  mkdir -p "$(dirname "$made/$1")"
  key "$made/$1.key" @ALGORITHM
  certificate "$1" "$3" "$4" -CA "$made/$2.crt" -CAkey "$made/$2.key" <<END
keyUsage = critical, @USAGE
extendedKeyUsage = $5
basicConstraints = critical, CA:FALSE
subjectKeyIdentifier = none
authorityKeyIdentifier = keyid
${6:+subjectAltName = $6}
END
}

# put FILE MODE SOURCE...: one or more files, one after the other, where they belong.
put() {
  file=$out/$1 mode=$2
  shift 2
  mkdir -p "$(dirname "$file")"
  cat "$@" > "$file"
  chmod "$mode" "$file"
}

# In one line, as kubeconfigs and Secrets hold it.
base64() {
  openssl base64 -A -in "$1"
}

# kubeconfig FILE CA CLIENT CLUSTER USER CONTEXT SERVER: who I am, and whom I trust to be the server.
kubeconfig() {
  put "$1" 600 - <<END
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: $(base64 "$made/$2.crt")
    server: $7
  name: $4
contexts:
- context:
    cluster: $4
    user: $5
  name: $6
current-context: $6
kind: Config
users:
- name: $5
  user:
$(login "$3")
END
}

# A user is a certificate and its key, or a token.
login() {
  if [ -e "$made/$1.token" ]; then
    echo "    token: $(cat "$made/$1.token")"
  else
    echo "    client-certificate-data: $(base64 "$made/$1.crt")"
    echo "    client-key-data: $(base64 "$made/$1.key")"
  fi
}

# secret FILE NAME CLUSTER PUBLIC PRIVATE: a Secret of Cluster API.
secret() {
  put "$1" 600 - <<END
apiVersion: v1
data:
  tls.crt: $(base64 "$made/$4")
  tls.key: $(base64 "$made/$5")
kind: Secret
metadata:
  labels:
    cluster.x-k8s.io/cluster-name: $3
  name: $2
type: kubernetes.io/tls
END
}
"#;

/// The script of a plan.
pub(crate) fn openssl(plan: &Plan) -> String {
    let settings = &plan.settings;
    let usage = if settings.algorithm.can_encipher_keys() {
        "digitalSignature, keyEncipherment"
    } else {
        "digitalSignature"
    };
    let digest = match settings.algorithm {
        Algorithm::EcdsaP384 => "sha384",
        _ => "sha256",
    };
    let mut script = HEAD
        .replace("@CLUSTER", settings.cluster_name.as_str())
        .replace("@ALGORITHM", key_name(settings.algorithm))
        .replace("@USAGE", usage)
        .replace("@DIGEST", digest);
    script.push_str("\n# The keys and certificates, each CA before what it signs.\n");
    for index in 0..plan.items.len() {
        item(&mut script, plan, ItemId(index));
    }
    script.push_str("\n# Where each of them belongs.\n");
    for file in &plan.files {
        place(&mut script, plan, file);
    }
    script.push_str("\nrm -r \"$made\"\necho \"The files are in $out\"\n");
    script
}

fn key_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EcdsaP256 => "prime256v1",
        Algorithm::EcdsaP384 => "secp384r1",
        other => other.name(),
    }
}

/// A line of words, each as the shell reads it back.
fn line(script: &mut String, words: &[&str]) {
    for (index, word) in words.iter().enumerate() {
        script.push_str(if index == 0 { "" } else { " " });
        // Only what we made ourselves stands in this folder; all else may be anybody's text.
        let own = word.strip_prefix(MADE);
        script.push_str(own.map_or("", |_| MADE));
        script.push_str(&shell_word(own.unwrap_or(word)));
    }
    script.push('\n');
}

/// `-subj` of openssl: a plus sign joins the groups, which stand in one RDN, as Go writes them.
fn subject(organizations: &[String], common_name: &str) -> String {
    let escape = |text: &str| {
        let mut escaped = String::new();
        for c in text.chars() {
            if matches!(c, '/' | '+' | '\\' | '=') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    };
    let groups: Vec<String> = organizations.iter().map(|o| format!("O={}", escape(o))).collect();
    let groups = groups.join("+");
    let slash = if groups.is_empty() { "" } else { "/" };
    format!("{slash}{groups}/CN={}", escape(common_name))
}

/// openssl wants whole days, at least one.
fn days(seconds: i64) -> i64 {
    (seconds / DAY).max(1)
}

/// How many CAs stand above one.
fn above(plan: &Plan, id: ItemId) -> i64 {
    let issuer = plan.item(id).and_then(|item| item.issuer());
    issuer.map_or(0, |issuer| 1 + above(plan, issuer))
}

fn item(script: &mut String, plan: &Plan, id: ItemId) {
    let Some(item) = plan.item(id) else { return };
    match &item.make {
        Make::KeyPair => {
            script
                .push_str("# The key pair that signs service-account tokens has no certificate.\n");
            let name = item.name.as_str();
            line(script, &["key", &format!("{MADE}{name}.key"), key_name(item.algorithm)]);
            script.push_str(&format!(
                "openssl pkey -in \"$made\"/{name}.key -pubout -out \"$made\"/{name}.pub\n"
            ));
        }
        // Without its Secret it is worth nothing, and that is not made here.
        Make::Token if plan.settings.wants(Output::Bootstrap) => {}
        Make::Token => script.push_str(&format!(
            "# Six characters, a dot, sixteen characters.\n\
             echo \"$(openssl rand -hex 3).$(openssl rand -hex 8)\" > \"$made\"/{}.token\n",
            item.name
        )),
        Make::Secret => script.push_str(&format!(
            "# The key that encrypts Secrets: 32 bytes.\n\
             openssl rand -base64 32 > \"$made\"/{}.token\n",
            item.name
        )),
        Make::Authority(authority) => {
            let name = authority.row.common_name;
            let subject = subject(&[], name);
            let days = days(authority.validity - DAY * above(plan, id)).to_string();
            let constraints = match authority.path_length {
                Some(length) => format!("CA:TRUE, pathlen:{length}"),
                None => "CA:TRUE".to_owned(),
            };
            let dns = if item.issuer().is_some() { "" } else { name };
            let names = authority.constraints.openssl();
            let mut words = vec!["ca", &item.name, &subject, &days, dns, &constraints, &names];
            words.extend(item.issuer().and_then(|id| plan.item(id)).map(|above| &*above.name));
            line(script, &words);
        }
        Make::Leaf(leaf) => {
            let issuer = plan.item(leaf.issuer).map(|item| item.name.as_str()).unwrap_or_default();
            let subject = subject(&leaf.subject.organizations, &leaf.subject.common_name);
            // Made some seconds after its CA, it must not end after it.
            let longest = days(plan.settings.ca_validity - DAY * (1 + above(plan, leaf.issuer)));
            let days = days(leaf.validity).min(longest).to_string();
            let usages = leaf.openssl_usages(plan.settings.critical_usages);
            let names: Vec<String> = leaf.sans.iter().map(San::openssl).collect();
            let names = names.join(",");
            let mut words = vec!["leaf", &item.name, issuer, &subject, &days, &usages];
            if !names.is_empty() {
                words.push(&names);
            }
            line(script, &words);
        }
    }
}

fn place(script: &mut String, plan: &Plan, file: &PlannedFile) {
    let name = |id: ItemId| plan.item(id).map(|item| item.name.as_str()).unwrap_or_default();
    let (path, mode) = (file.path.as_str(), format!("{:o}", file.mode));
    let put = |script: &mut String, sources: &[String]| {
        let mut words = vec!["put", path, &mode];
        words.extend(sources.iter().map(String::as_str));
        line(script, &words);
    };
    let made = |id: ItemId, ending: &str| format!("{MADE}{}.{ending}", name(id));
    match &file.content {
        Content::Certificate(id) => put(script, &[made(*id, "crt")]),
        Content::PrivateKey(id) => put(script, &[made(*id, "key")]),
        Content::PublicKey(id) => put(script, &[made(*id, "pub")]),
        Content::Bundle(ids) => {
            put(script, &ids.iter().map(|id| made(*id, "crt")).collect::<Vec<_>>());
        }
        Content::Kubeconfig(kubeconfig) if is_bootstrap(plan, kubeconfig) => {}
        Content::Kubeconfig(kubeconfig) => kubeconfig_line(script, plan, path, kubeconfig),
        Content::TokenList(id) => {
            script.push_str(&format!(
                "echo \"$(cat {}),system:bootstrapper,10001,\\\"system:bootstrappers\\\"\" |\n  ",
                made(*id, "token")
            ));
            put(script, &["-".to_owned()]);
        }
        Content::Serial(id) => {
            script.push_str(&format!(
                "openssl x509 -in {} -noout -serial | cut -d = -f 2 |\n  ",
                made(*id, "crt")
            ));
            put(script, &["-".to_owned()]);
        }
        Content::Secret { item, name: secret, cluster } => {
            let is_bare = plan.item(*item).is_some_and(|item| matches!(item.make, Make::KeyPair));
            let name = name(*item);
            let public = format!("{name}.{}", if is_bare { "pub" } else { "crt" });
            let private = format!("{name}.key");
            line(script, &["secret", path, secret, cluster, &public, &private]);
        }
        Content::Extra(Extra::Encryption(id)) => {
            // The marks of the text are what a shell leaves alone.
            let text = super::encryption("@KEY").replace("\"@KEY\"", "@KEY");
            let text = text.replace("@KEY", &format!("$(cat {})", made(*id, "token")));
            script.push_str(&format!("put {path} {mode} - <<END\n{text}END\n"));
        }
        Content::Settings(_) | Content::Extra(_) => {}
    }
}

/// Whether it is that of machines to come, whose token is not made here.
fn is_bootstrap(plan: &Plan, kubeconfig: &Kubeconfig) -> bool {
    plan.settings.wants(Output::Bootstrap)
        && plan.item(kubeconfig.client).is_some_and(|item| matches!(item.make, Make::Token))
}

fn kubeconfig_line(script: &mut String, plan: &Plan, path: &str, kubeconfig: &Kubeconfig) {
    let name = |id: ItemId| plan.item(id).map(|item| item.name.as_str()).unwrap_or_default();
    let Kubeconfig { ca, client, cluster, user, server } = kubeconfig;
    // Text as YAML wants it, with quotes where it would be something else.
    let scalar = |text: &str| Yaml::text(text).to_document().trim_end().to_owned();
    let context = scalar(&format!("{user}@{cluster}"));
    let (cluster, user, server) = (scalar(cluster), scalar(user), scalar(server));
    let words = ["kubeconfig", path, name(*ca), name(*client), &cluster, &user, &context, &server];
    line(script, &words);
}
