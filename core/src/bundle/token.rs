//! Small files of other programs: kube-apiserver's token list, OpenSSL's serial number, Cluster
//! API's Secrets.

use base64ct::{Base64, Encoding};
use der::Decode;
use x509_cert::Certificate;

use super::BundleError;
use crate::yaml::Yaml;

/// The user, its number and its group in the token list of seed 004's generator.
pub(crate) const TOKEN_USER: &str = "system:bootstrapper";
const TOKEN_UID: &str = "10001";
const TOKEN_GROUP: &str = "system:bootstrappers";

/// A line of `--token-auth-file`.
pub(crate) fn line(token: &str) -> Vec<u8> {
    format!("{token},{TOKEN_USER},{TOKEN_UID},\"{TOKEN_GROUP}\"\n").into_bytes()
}

/// OpenSSL goes on from the number in the file, which is the CA's own.
pub(crate) fn serial(certificate: &[u8]) -> Result<Vec<u8>, BundleError> {
    use std::fmt::Write;
    let certificate = Certificate::from_der(certificate)
        .map_err(|error| BundleError::Archive(error.to_string()))?;
    let mut text = String::new();
    for byte in certificate.tbs_certificate().serial_number().as_bytes() {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02X}");
    }
    text.push('\n');
    Ok(text.into_bytes())
}

/// A Secret as the Cluster API book asks for it ("Using Custom Certificates").
pub(crate) fn secret(name: &str, cluster: &str, certificate: &str, key: &str) -> Vec<u8> {
    let data = |text: &str| Yaml::Text(Base64::encode_string(text.as_bytes()));
    let labels = Yaml::Map(vec![("cluster.x-k8s.io/cluster-name", Yaml::text(cluster))]);
    Yaml::Map(vec![
        ("apiVersion", Yaml::text("v1")),
        ("data", Yaml::Map(vec![("tls.crt", data(certificate)), ("tls.key", data(key))])),
        ("kind", Yaml::text("Secret")),
        ("metadata", Yaml::Map(vec![("labels", labels), ("name", Yaml::text(name))])),
        ("type", Yaml::text("kubernetes.io/tls")),
    ])
    .to_document()
    .into_bytes()
}
