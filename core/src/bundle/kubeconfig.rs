//! Kubeconfigs in the shape that client-go writes, with everything embedded or naming files; and,
//! where it is embedded, back.

use std::fmt;

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::design::KubernetesVersion;
use crate::plan::Kubeconfig;
use crate::yaml::{self, Node, Yaml, YamlError};

/// The last minor version whose kubeconfigs have an empty `preferences` (kubectl 1.32 writes it,
/// kubeadm 1.36 does not; every version reads both).
const LAST_WITH_PREFERENCES: u16 = 33;

/// A kubeconfig that names files; `None` for one with everything embedded.
pub(crate) fn write_by_files(
    kubeconfig: &Kubeconfig,
    version: KubernetesVersion,
) -> Option<Vec<u8>> {
    let files = kubeconfig.files.as_deref()?;
    let login = Login::Certificate {
        certificate: Credential::Path(&files.certificate),
        key: Credential::Path(&files.key),
    };
    Some(write(kubeconfig, version, Credential::Path(&files.ca), login))
}

pub(super) fn write(
    kubeconfig: &Kubeconfig,
    version: KubernetesVersion,
    ca: Credential<'_>,
    login: Login<'_>,
) -> Vec<u8> {
    let Kubeconfig { cluster, user, server, .. } = kubeconfig;
    let document = KubeconfigDocument {
        cluster,
        context: &format!("{user}@{cluster}"),
        user,
        server,
        ca,
        login,
        preferences: version.minor <= LAST_WITH_PREFERENCES,
    };
    document.to_yaml().into_bytes()
}

/// A credential in a kubeconfig.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// PEM text that is embedded in base64.
    Data(&'a str),
    /// The path of a PEM file.
    Path(&'a str),
}

/// How a user proves who it is.
#[derive(Clone, Copy)]
pub enum Login<'a> {
    /// By a client certificate.
    Certificate {
        /// The certificate.
        certificate: Credential<'a>,
        /// Its key.
        key: Credential<'a>,
    },
    /// By a token.
    Token(&'a str),
}

/// A kubeconfig with one cluster, one user and one context, to be written.
///
/// It has no `Debug` because it may hold a key.
#[derive(Clone, Copy)]
pub struct KubeconfigDocument<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// The context's name, which is made the current one.
    pub context: &'a str,
    /// The user's name.
    pub user: &'a str,
    /// The server's URL.
    pub server: &'a str,
    /// The CA against which the server is verified.
    pub ca: Credential<'a>,
    /// How the user proves who it is.
    pub login: Login<'a>,
    /// Whether to write an empty `preferences`, as kubectl did until 1.33.
    pub preferences: bool,
}

impl KubeconfigDocument<'_> {
    /// The kubeconfig, in the shape and order that client-go writes.
    pub fn to_yaml(&self) -> String {
        let credential = |data_field, path_field, credential: Credential<'_>| match credential {
            Credential::Data(pem) => {
                (data_field, Yaml::Text(Base64::encode_string(pem.as_bytes())))
            }
            Credential::Path(path) => (path_field, Yaml::text(path)),
        };
        let named = |name: &str, key: &'static str, value: Yaml, name_first: bool| {
            let name = ("name", Yaml::text(name));
            let value = (key, value);
            // Keys stand in alphabetical order.
            let entries = if name_first { vec![name, value] } else { vec![value, name] };
            Yaml::List(vec![Yaml::Map(entries)])
        };
        let cluster_entry = Yaml::Map(vec![
            credential("certificate-authority-data", "certificate-authority", self.ca),
            ("server", Yaml::text(self.server)),
        ]);
        let context_entry =
            Yaml::Map(vec![("cluster", Yaml::text(self.cluster)), ("user", Yaml::text(self.user))]);
        let user_entry = Yaml::Map(match self.login {
            Login::Certificate { certificate, key } => vec![
                credential("client-certificate-data", "client-certificate", certificate),
                credential("client-key-data", "client-key", key),
            ],
            Login::Token(token) => vec![("token", Yaml::text(token))],
        });
        let mut document = vec![
            ("apiVersion", Yaml::text("v1")),
            ("clusters", named(self.cluster, "cluster", cluster_entry, false)),
            ("contexts", named(self.context, "context", context_entry, false)),
            ("current-context", Yaml::text(self.context)),
            ("kind", Yaml::text("Config")),
        ];
        if self.preferences {
            document.push(("preferences", Yaml::Map(vec![])));
        }
        document.push(("users", named(self.user, "user", user_entry, true)));
        Yaml::Map(document).to_document()
    }
}

/// What a kubeconfig with embedded data says, decoded.
pub struct KubeconfigData {
    /// The server's URL.
    pub server: String,
    /// The cluster's name.
    pub cluster: String,
    /// The user's name.
    pub user: String,
    /// The CA, as PEM bytes.
    pub ca: Vec<u8>,
    /// The client certificate, as PEM bytes.
    pub certificate: Vec<u8>,
    /// The client key, as PEM bytes.
    pub key: Zeroizing<Vec<u8>>,
    /// The token that stands in the place of certificate and key, which are empty then.
    pub token: Option<Zeroizing<String>>,
}

/// A kubeconfig is not of the shape that we write.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KubeconfigError {
    /// It is no YAML.
    Syntax(YamlError),
    /// A field that is needed is not there.
    Missing {
        /// Its key.
        field: &'static str,
        /// The line where what should hold it begins, from 1.
        line: usize,
    },
    /// The current context leads to no cluster or user.
    NoContext,
    /// A `-data` field is no base64.
    Base64(&'static str),
}

impl fmt::Display for KubeconfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Missing { field, line } => {
                write!(f, "{field} is missing in what begins at line {line}")
            }
            Self::NoContext => f.write_str("current-context leads nowhere"),
            Self::Base64(field) => write!(f, "{field} is not base64"),
        }
    }
}

impl std::error::Error for KubeconfigError {}

impl KubeconfigData {
    /// Reads a kubeconfig with embedded data, as kubectl does: through its current context.
    ///
    /// # Errors
    /// A [`KubeconfigError`].
    pub fn read(text: &str) -> Result<Self, KubeconfigError> {
        let file = yaml::one(text).map_err(KubeconfigError::Syntax)?;
        let context = named(&file, "contexts", field(&file, &["current-context"])?)?;
        let cluster = named(&file, "clusters", field(context, &["context", "cluster"])?)?;
        let user = named(&file, "users", field(context, &["context", "user"])?)?;
        let decode = |node, list, key| {
            let text = field(node, &[list, key])?;
            Base64::decode_vec(text).map_err(|_| KubeconfigError::Base64(key))
        };
        // A token stands in the place of both.
        let token = user.text(&["user", "token"]);
        let data = |key| match token {
            Some(_) => Ok(Vec::new()),
            None => decode(user, "user", key),
        };
        Ok(Self {
            server: field(cluster, &["cluster", "server"])?.to_owned(),
            cluster: field(cluster, &["name"])?.to_owned(),
            ca: decode(cluster, "cluster", "certificate-authority-data")?,
            certificate: data("client-certificate-data")?,
            key: Zeroizing::new(data("client-key-data")?),
            token: token.map(|token| Zeroizing::new(token.to_owned())),
            user: field(user, &["name"])?.to_owned(),
        })
    }
}

/// The text of a field that has to be there, by its path.
fn field<'a>(node: &'a Node, path: &[&'static str]) -> Result<&'a str, KubeconfigError> {
    let last = path.last().copied().unwrap_or_default();
    node.text(path).ok_or(KubeconfigError::Missing { field: last, line: node.line })
}

/// The entry of a list of named things.
fn named<'a>(file: &'a Node, list: &str, name: &str) -> Result<&'a Node, KubeconfigError> {
    let mut entries = file.items(&[list]).iter();
    entries.find(|entry| entry.text(&["name"]) == Some(name)).ok_or(KubeconfigError::NoContext)
}

/// Where a kubeconfig leads to, whoever it is for.
pub struct KubeconfigServer {
    /// The cluster's name.
    pub cluster: String,
    /// The server's URL.
    pub server: String,
    /// The CA as PEM, if it is embedded.
    pub ca: Option<String>,
}

impl KubeconfigServer {
    /// Reads the cluster of the current context; without one, the only cluster.
    ///
    /// # Errors
    /// A [`KubeconfigError`].
    pub fn read(text: &str) -> Result<Self, KubeconfigError> {
        let documents = yaml::values(text).map_err(KubeconfigError::Syntax)?;
        let file = documents.into_iter().next().unwrap_or_default();
        let named = |list: &str, name: &str| {
            let items = file.get(list).and_then(serde_json::Value::as_array)?;
            let only = Some(items.as_slice()).filter(|items| items.len() == 1);
            let only = only.and_then(<[_]>::first);
            items.iter().find(|item| item["name"] == name).or(only)
        };
        let current = file["current-context"].as_str().unwrap_or_default();
        let context = named("contexts", current);
        let name = context.and_then(|context| context["context"]["cluster"].as_str());
        let found = named("clusters", name.unwrap_or_default());
        let entry = found.ok_or(KubeconfigError::NoContext)?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let cluster = &entry["cluster"];
        let ca = match cluster["certificate-authority-data"].as_str() {
            None => None,
            Some(data) => {
                let pem = Base64::decode_vec(data.trim())
                    .ok()
                    .and_then(|pem| String::from_utf8(pem).ok());
                Some(pem.ok_or(KubeconfigError::Base64("certificate-authority-data"))?)
            }
        };
        Ok(Self { cluster: text(&entry["name"]), server: text(&cluster["server"]), ca })
    }
}
