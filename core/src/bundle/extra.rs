//! Key sets, bootstrap tokens, encryption keys, and CAs for other tools.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use der::Decode;
use time::{Duration, OffsetDateTime};

use crate::design::format_duration;
use crate::key::{Algorithm, KeyError, PublicKey};
use crate::plan::flows::BOOTSTRAP_GROUPS;
use crate::plan::{Component, Plan};
use crate::yaml::Yaml;

/// How long a bootstrap token is good: kubeadm's default.
const TOKEN_HOURS: i64 = 24;
const NODE_GROUP: &str = BOOTSTRAP_GROUPS[1];

fn text(text: &str) -> Yaml {
    Yaml::text(text)
}

/// The key set as kube-apiserver serves it at `/openid/v1/jwks` (RFC 7517, k/k
/// `pkg/serviceaccount/openidmetadata.go`).
pub(crate) fn key_set(key: &PublicKey) -> Result<String, KeyError> {
    let url = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let bits = key.subject_public_key()?;
    let own = if key.algorithm().rsa_bits().is_some() {
        let malformed = |_| KeyError::Malformed("RSAPublicKey");
        let rsa = pkcs1::RsaPublicKey::<der::asn1::UintRef<'_>>::from_der(&bits);
        let rsa = rsa.map_err(malformed)?;
        format!(
            "\"n\":\"{}\",\"e\":\"{}\"",
            url(rsa.modulus.as_bytes()),
            url(rsa.public_exponent.as_bytes())
        )
    } else {
        // An uncompressed point: 04, x, y (SEC 1 §2.3.3).
        let point = bits.get(1..).unwrap_or_default();
        let (x, y) = point.split_at(point.len() / 2);
        format!("\"x\":\"{}\",\"y\":\"{}\"", url(x), url(y))
    };
    let (kind, curve) = match key.algorithm() {
        Algorithm::EcdsaP256 => ("EC", "\"crv\":\"P-256\","),
        Algorithm::EcdsaP384 => ("EC", "\"crv\":\"P-384\","),
        _ => ("RSA", ""),
    };
    let algorithm = token_algorithm(key.algorithm());
    let id = url(&key.spki_sha256());
    Ok(format!(
        "{{\"keys\":[{{\"use\":\"sig\",\"kty\":\"{kind}\",\"kid\":\"{id}\",{curve}\
         \"alg\":\"{algorithm}\",{own}}}]}}\n"
    ))
}

/// The algorithm of the tokens that a key signs (k/k `pkg/serviceaccount/jwt.go`).
fn token_algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EcdsaP256 => "ES256",
        Algorithm::EcdsaP384 => "ES384",
        _ => "RS256",
    }
}

/// The discovery document as kube-apiserver serves it at `/.well-known/openid-configuration`.
pub(crate) fn discovery(plan: &Plan) -> String {
    let settings = plan.settings_of(Component::Apiserver);
    let found = settings.into_iter().find(|setting| setting.name == "service-account-issuer");
    let issuer = found.map_or_else(
        // Layouts without flags are started by somebody who takes Kubernetes' default.
        || format!("https://kubernetes.default.svc.{}", plan.settings.dns_domain),
        |setting| setting.value,
    );
    let algorithm = token_algorithm(plan.settings.service_account_algorithm);
    format!(
        "{{\"issuer\":\"{issuer}\",\"jwks_uri\":\"{issuer}/openid/v1/jwks\",\
         \"response_types_supported\":[\"id_token\"],\"subject_types_supported\":[\"public\"],\
         \"id_token_signing_alg_values_supported\":[\"{algorithm}\"]}}\n"
    )
}

/// The Secret of a token, and the bindings by which whoever has it gets a first certificate, with
/// kubeadm's names (k/k `cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go`).
///
/// Text goes into `stringData`, so that people can read what they apply.
pub(crate) fn bootstrap_token(token: &str, now: OffsetDateTime) -> String {
    let (id, secret) = token.split_once('.').unwrap_or_default();
    let end = now.saturating_add(Duration::hours(TOKEN_HOURS));
    let (date, time) = (end.date(), end.time());
    let (hour, minute, second) = time.as_hms();
    let object = Yaml::Map(vec![
        ("apiVersion", text("v1")),
        ("kind", text("Secret")),
        (
            "metadata",
            Yaml::Map(vec![
                ("name", Yaml::Text(format!("bootstrap-token-{id}"))),
                ("namespace", text("kube-system")),
            ]),
        ),
        (
            "stringData",
            Yaml::Map(vec![
                ("auth-extra-groups", text(NODE_GROUP)),
                ("description", text("Made by PKI Workbench for machines that join.")),
                ("expiration", Yaml::Text(format!("{date}T{hour:02}:{minute:02}:{second:02}Z"))),
                ("token-id", text(id)),
                ("token-secret", text(secret)),
                ("usage-bootstrap-authentication", text("true")),
                ("usage-bootstrap-signing", text("true")),
            ]),
        ),
        ("type", text("bootstrap.kubernetes.io/token")),
    ]);
    const NODES: &str = "system:nodes";
    const APPROVAL: &str = "system:certificates.k8s.io:certificatesigningrequests";
    let bindings = [
        ("kubeadm:kubelet-bootstrap", "system:node-bootstrapper".to_owned(), NODE_GROUP),
        ("kubeadm:node-autoapprove-bootstrap", format!("{APPROVAL}:nodeclient"), NODE_GROUP),
        (
            "kubeadm:node-autoapprove-certificate-rotation",
            format!("{APPROVAL}:selfnodeclient"),
            NODES,
        ),
    ];
    let mut documents = vec![object.to_document()];
    documents.extend(
        bindings.map(|(name, role, group)| {
            crate::plan::group_binding(name, &role, group).to_document()
        }),
    );
    documents.join("---\n")
}

/// kube-apiserver's `--encryption-provider-config`: new Secrets are encrypted by XSalsa20 and
/// Poly1305, and those from before stay readable.
pub(crate) fn encryption(secret: &str) -> String {
    let keys = vec![Yaml::Map(vec![("name", text("key1")), ("secret", text(secret))])];
    let providers = vec![
        Yaml::Map(vec![("secretbox", Yaml::Map(vec![("keys", Yaml::List(keys))]))]),
        Yaml::Map(vec![("identity", Yaml::Map(vec![]))]),
    ];
    Yaml::Map(vec![
        ("apiVersion", text("apiserver.config.k8s.io/v1")),
        ("kind", text("EncryptionConfiguration")),
        (
            "resources",
            Yaml::List(vec![Yaml::Map(vec![
                ("resources", Yaml::texts(["secrets"])),
                ("providers", Yaml::List(providers)),
            ])]),
        ),
    ])
    .to_document()
}

/// `<cluster>-<CA>` as Kubernetes names objects: cluster names have a wider alphabet.
fn object_name(plan: &Plan, authority: &str) -> String {
    let cluster = plan.settings.cluster_name.as_str().to_lowercase().replace(['_', '.'], "-");
    format!("{cluster}-{authority}")
}

/// cert-manager's Secret and ClusterIssuer for a CA
/// (<https://cert-manager.io/docs/configuration/ca/>).
pub(crate) fn issuer(plan: &Plan, authority: &str, certificate: &str, key: &str) -> String {
    let name = object_name(plan, authority);
    let data = |text: &str| Yaml::Text(Base64::encode_string(text.as_bytes()));
    let secret = Yaml::Map(vec![
        ("apiVersion", text("v1")),
        ("kind", text("Secret")),
        ("metadata", Yaml::Map(vec![("name", text(&name)), ("namespace", text("cert-manager"))])),
        ("data", Yaml::Map(vec![("tls.crt", data(certificate)), ("tls.key", data(key))])),
        ("type", text("kubernetes.io/tls")),
    ]);
    let issuer = Yaml::Map(vec![
        ("apiVersion", text("cert-manager.io/v1")),
        ("kind", text("ClusterIssuer")),
        ("metadata", Yaml::Map(vec![("name", text(&name))])),
        ("spec", Yaml::Map(vec![("ca", Yaml::Map(vec![("secretName", text(&name))]))])),
    ]);
    format!("{}---\n{}", secret.to_document(), issuer.to_document())
}

/// Vault's PKI engine: a mount for each CA
/// (<https://developer.hashicorp.com/vault/api-docs/secret/pki>).
pub(crate) fn vault(plan: &Plan) -> String {
    let mut script = String::from(
        "#!/bin/sh\n\
         # Brings each CA into Vault's PKI engine, at a mount of its own.\n\
         # Run it in this folder, logged in to Vault (VAULT_ADDR, VAULT_TOKEN).\n\
         # The .pem files hold the CA keys: delete them when Vault has them.\n\
         set -eu\n",
    );
    let ttl = format_duration(plan.settings.ca_validity);
    for row in plan.layout.authorities.iter() {
        let (name, mount) = (row.name, object_name(plan, row.name));
        script.push_str(&format!(
            "\nvault secrets enable -path={mount} pki\n\
             # Without this, Vault signs for 32 days at most.\n\
             vault secrets tune -max-lease-ttl={ttl} {mount}\n\
             vault write {mount}/config/ca pem_bundle=@{name}.pem\n"
        ));
    }
    script
}

/// step-ca: an authority for each CA, with an intermediate below it
/// (<https://smallstep.com/docs/step-cli/reference/ca/init>).
pub(crate) fn step(plan: &Plan) -> String {
    let mut script = String::from(
        "#!/bin/sh\n\
         # Makes a step-ca for each CA: step signs with an intermediate below it.\n\
         # Run it in this folder; step asks for the password of the intermediate's key.\n\
         # The .key files are the roots' keys: keep them offline afterwards.\n\
         # Components that trust a root accept what its intermediate signs, as long as the file\n\
         # of a certificate holds the intermediate behind it, which is how step writes it.\n\
         set -eu\n",
    );
    for (index, row) in plan.layout.authorities.iter().enumerate() {
        let (name, folder) = (row.name, object_name(plan, row.name));
        let port = 8443 + index;
        script.push_str(&format!(
            "\nexport STEPPATH=\"${{STEPROOT:-$HOME/.step}}/{folder}\"\n\
             step ca init --deployment-type=standalone --name={folder} --dns=localhost \\\n\
             \x20 --address=:{port} --provisioner=admin --root={name}.crt --key={name}.key\n"
        ));
    }
    script
}
