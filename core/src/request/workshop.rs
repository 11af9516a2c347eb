//! Certificates for a whole course: a folder each, one list of objects, one script to approve.

use std::collections::BTreeSet;
use std::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{Wish, WishError, approver_commands, asker_commands, encode, to_pem, to_yaml};
use crate::bundle::{ArchiveWriter, BundleError};
use crate::design::NodeName;
use crate::key::{Algorithm, KeyError, PrivateKey};
use crate::sign::shell_word;
use crate::yaml::Yaml;

/// Somebody to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The user name.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// The folder, which is also the namespace: the name as a DNS label.
    pub folder: String,
}

/// Where people may work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A namespace each, named after the person.
    OwnNamespace,
    /// One namespace for all.
    Namespace(String),
}

/// What is the same for all.
#[derive(Clone, Debug)]
pub struct Workshop {
    /// Where they may work.
    pub place: Place,
    /// The ClusterRole that they have there, e.g. `edit`.
    pub role: String,
    /// The lifetime, in seconds.
    pub expiration_seconds: Option<i32>,
    /// The kind of the keys.
    pub algorithm: Algorithm,
    /// The cluster's name in their kubeconfigs.
    pub cluster: String,
}

impl Workshop {
    fn namespace<'a>(&'a self, person: &'a Invitation) -> &'a String {
        match &self.place {
            Place::Namespace(name) => name,
            Place::OwnNamespace => &person.folder,
        }
    }
}

/// Why there is no workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkshopError {
    /// Nobody is on the list.
    Nobody,
    /// More than [`MOST_PEOPLE`].
    TooMany(usize),
    /// Two lines lead to one folder; number of the second line, from 1.
    Twice(usize, String),
    /// A line cannot be granted; its number, from 1.
    Line(usize, WishError),
    /// The namespace is no DNS label.
    Namespace(String),
    /// A key could not be made.
    Key(KeyError),
    /// The archive could not be written.
    Archive(BundleError),
}

impl fmt::Display for WorkshopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for WorkshopError {}

/// The most people in one archive.
pub const MOST_PEOPLE: usize = 2_000;

/// Reads a list: a person a line, the name first, then the groups, with commas or blanks between;
/// `#` begins a comment.
///
/// # Errors
/// A [`WorkshopError`].
pub fn invitations(list: &str) -> Result<Vec<Invitation>, WorkshopError> {
    let mut people = Vec::new();
    let mut folders = BTreeSet::new();
    for (index, line) in list.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
            .filter(|word| !word.is_empty());
        let Some(name) = words.next() else { continue };
        let groups: Vec<String> = words.map(str::to_owned).collect();
        let number = index + 1;
        Wish::user(name, &groups).map_err(|error| WorkshopError::Line(number, error))?;
        let folder = label(name);
        if folder.is_empty() {
            let error = WishError::ServiceName(name.to_owned());
            return Err(WorkshopError::Line(number, error));
        }
        if !folders.insert(folder.clone()) {
            return Err(WorkshopError::Twice(number, folder));
        }
        people.push(Invitation { name: name.to_owned(), groups, folder });
        if people.len() > MOST_PEOPLE {
            return Err(WorkshopError::TooMany(MOST_PEOPLE));
        }
    }
    if people.is_empty() { Err(WorkshopError::Nobody) } else { Ok(people) }
}

/// A name as a DNS label (RFC 1123): lower case, and a hyphen for everything that may not stand.
fn label(name: &str) -> String {
    let letter = |c: char| match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9') => c,
        _ => '-',
    };
    let label: String = name.chars().map(letter).take(63).collect();
    label.trim_matches('-').to_owned()
}

/// Makes everything; the archive is a `tar.gz` and holds private keys. `readme` is the text for
/// whoever runs the workshop.
///
/// # Errors
/// A [`WorkshopError`].
pub fn workshop<R: CryptoRng>(
    people: &[Invitation],
    workshop: &Workshop,
    readme: &str,
    now: i64,
    rng: &mut R,
) -> Result<Zeroizing<Vec<u8>>, WorkshopError> {
    if let Place::Namespace(name) = &workshop.place
        && (NodeName::parse(name).is_err() || name.contains('.') || name.len() > 63)
    {
        return Err(WorkshopError::Namespace(name.clone()));
    }
    let archive =
        |error: std::io::Error| WorkshopError::Archive(BundleError::Archive(error.to_string()));
    let mut writer = ArchiveWriter::new(now);
    let (mut objects, mut approve) = (String::new(), "set -eu\n".to_owned());
    for (index, person) in people.iter().enumerate() {
        let wish = Wish::user(&person.name, &person.groups)
            .and_then(|wish| wish.with_expiration(workshop.expiration_seconds))
            .map_err(|error| WorkshopError::Line(index + 1, error))?;
        let key = PrivateKey::generate(workshop.algorithm, rng).map_err(WorkshopError::Key)?;
        let pem = to_pem(&encode(&wish, &key, rng).map_err(WorkshopError::Key)?);
        let object = to_yaml(&wish, workshop.algorithm, &pem);
        let commands = asker_commands(&wish, &workshop.cluster);
        let asker = format!("set -eu\n{}{}", commands.fetch, commands.configure);
        let secret = key.kubernetes_pem().map_err(WorkshopError::Key)?;
        for (name, mode, content) in [
            ("key.pem", 0o600, secret.as_str()),
            ("csr.pem", 0o644, &pem),
            ("csr.yaml", 0o644, &object),
            ("fetch-and-use.sh", 0o755, &asker),
        ] {
            let path = format!("{}/{name}", person.folder);
            writer.file(&path, mode, content.as_bytes()).map_err(archive)?;
        }
        if index > 0 {
            objects.push_str("---\n");
        }
        objects.push_str(&object);
        approve.push_str(&approver_commands(&wish.name).approve);
    }
    let collect = collect_script(people, workshop);
    let bindings = bindings(people, workshop);
    for (name, mode, content) in [
        ("requests.yaml", 0o644, objects.as_str()),
        ("rbac.yaml", 0o644, &bindings),
        ("approve.sh", 0o755, &approve),
        ("collect.sh", 0o755, &collect),
        ("README.md", 0o644, readme),
    ] {
        writer.file(name, mode, content.as_bytes()).map_err(archive)?;
    }
    writer.finish().map_err(archive)
}

/// Namespaces, and a RoleBinding of each person to the role there.
fn bindings(people: &[Invitation], workshop: &Workshop) -> String {
    let named = |name: &str| Yaml::Map(vec![("name", Yaml::text(name))]);
    let mut documents = Vec::new();
    let mut namespace = |name: &str| {
        documents.push(
            Yaml::Map(vec![
                ("apiVersion", Yaml::text("v1")),
                ("kind", Yaml::text("Namespace")),
                ("metadata", named(name)),
            ])
            .to_document(),
        );
    };
    match &workshop.place {
        Place::Namespace(name) => namespace(name),
        Place::OwnNamespace => people.iter().for_each(|person| namespace(&person.folder)),
    }
    let group = "rbac.authorization.k8s.io";
    for person in people {
        let namespace = workshop.namespace(person);
        let metadata = Yaml::Map(vec![
            ("name", Yaml::text(format!("workshop-{}", person.folder))),
            ("namespace", Yaml::text(namespace)),
        ]);
        let role = vec![
            ("apiGroup", Yaml::text(group)),
            ("kind", Yaml::text("ClusterRole")),
            ("name", Yaml::text(&workshop.role)),
        ];
        let subject = vec![
            ("apiGroup", Yaml::text(group)),
            ("kind", Yaml::text("User")),
            ("name", Yaml::text(&person.name)),
        ];
        let binding = Yaml::Map(vec![
            ("apiVersion", Yaml::text(format!("{group}/v1"))),
            ("kind", Yaml::text("RoleBinding")),
            ("metadata", metadata),
            ("roleRef", Yaml::Map(role)),
            ("subjects", Yaml::List(vec![Yaml::Map(subject)])),
        ]);
        documents.push(binding.to_document());
    }
    documents.join("---\n")
}

/// For whoever runs the workshop: fetches every certificate and writes a kubeconfig into each
/// folder, with server and CA of the present context.
fn collect_script(people: &[Invitation], workshop: &Workshop) -> String {
    let mut out = "set -eu\n\
         server=$(kubectl config view --raw --minify -o jsonpath='{.clusters[0].cluster.server}')\n\
         kubectl config view --raw --minify --flatten \
         -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > ca.pem\n\
         one() {\n\
         \x20 kubectl wait --for=jsonpath='{.status.certificate}' --timeout=10m \"csr/$2\"\n\
         \x20 kubectl get csr \"$2\" -o jsonpath='{.status.certificate}' | base64 -d > \"$1/cert.pem\"\n\
         \x20 export KUBECONFIG=\"$1/kubeconfig\"\n\
         \x20 (umask 077; : > \"$KUBECONFIG\")\n"
        .to_owned();
    let cluster = shell_word(&workshop.cluster);
    out.push_str(&format!(
        "  kubectl config set-cluster {cluster} --server=\"$server\" --embed-certs=true \
         --certificate-authority=ca.pem\n\
         \x20 kubectl config set-credentials \"cert:$3\" --embed-certs=true \
         --client-certificate=\"$1/cert.pem\" --client-key=\"$1/key.pem\"\n\
         \x20 kubectl config set-context \"$3\" --cluster={cluster} --user=\"cert:$3\" \
         --namespace=\"$4\"\n\
         \x20 kubectl config use-context \"$3\"\n\
         \x20 unset KUBECONFIG\n}}\n"
    ));
    for person in people {
        let name = Wish::user(&person.name, &person.groups).map(|wish| wish.name);
        let name = name.unwrap_or_default();
        let words = [&person.folder, &name, &person.name, workshop.namespace(person)];
        let words = words.map(|word| shell_word(word)).join(" ");
        out.push_str(&format!("one {words}\n"));
    }
    out
}
