//! A layout with CAs of one's own: renamed, merged, split, below an offline root, or new.
//!
//! A table is changed into another table, so that everything that follows from tables (flags,
//! flows, what a key is worth, risks) follows here too.

use std::borrow::Cow;
use std::sync::Mutex;

use super::layout::{
    self, AuthorityRow, Component, Credential, FileContent, FileRow, FlagRow, Layout, Value,
};
use super::{Content, ExtendedKeyUsage, Item, Leaf, Make, Maker, Owner, SECRET, Subject};
use crate::design::{OwnAuthority, Place, Settings};
use crate::hash::HashSet;

/// Letters of CAs that are in no table of ours; T is a token on the map.
const LETTERS: &str = "QRUVWXYZBDGHIJM";

/// Who presents a certificate by a flag, and who verifies it by which.
type VerifiedRow = (Component, &'static str, Component, &'static str);
const VERIFIED: &[VerifiedRow] = &[
    (Component::Apiserver, "etcd-certfile", Component::Etcd, "trusted-ca-file"),
    (Component::Etcd, "cert-file", Component::Apiserver, "etcd-cafile"),
    (Component::Etcd, "cert-file", Component::Etcd, "trusted-ca-file"),
    (Component::Etcd, "client-cert-file", Component::Etcd, "trusted-ca-file"),
    (Component::Etcd, "peer-cert-file", Component::Etcd, "peer-trusted-ca-file"),
    (Component::Etcd, "peer-client-cert-file", Component::Etcd, "peer-trusted-ca-file"),
    (Component::Apiserver, "kubelet-client-certificate", Component::Kubelet, "client-ca-file"),
    (
        Component::Apiserver,
        "proxy-client-cert-file",
        Component::Apiserver,
        "requestheader-client-ca-file",
    ),
    (
        Component::Apiserver,
        "proxy-client-cert-file",
        Component::ControllerManager,
        "requestheader-client-ca-file",
    ),
    (Component::Kubelet, "tls-cert-file", Component::Apiserver, "kubelet-certificate-authority"),
    (Component::Apiserver, "tls-cert-file", Component::ControllerManager, "root-ca-file"),
];
/// By which flags the user of a kubeconfig is verified.
const USERS: &[(Component, &str)] =
    &[(Component::Apiserver, "client-ca-file"), (Component::ControllerManager, "client-ca-file")];
/// Whom etcd lets in beside those whose certificate a flag names: people who ask for its health.
const HEALTH: &str = "etcd-healthcheck-client";

/// The flags by which etcd and its client trust each other. Nothing signs for them while the cluster
/// runs, so that they need no CA of which nobody there has a certificate any more: one of their
/// peers' own is then really one of their own.
const EXACT: [(Component, &str); 3] = [
    (Component::Etcd, "trusted-ca-file"),
    (Component::Etcd, "peer-trusted-ca-file"),
    (Component::Apiserver, "etcd-cafile"),
];

/// Text that lives as long as the program, each once: the tables borrow their names from it.
fn intern(text: &str) -> &'static str {
    static KNOWN: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    // A panic while it was held cannot leave half an entry.
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(found) = known.iter().find(|found| **found == text) {
        return found;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.push(kept);
    kept
}

/// The same for the lists of bundles.
fn intern_list(names: &[&'static str]) -> &'static [&'static str] {
    static KNOWN: Mutex<Vec<&'static [&'static str]>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(found) = known.iter().find(|found| **found == names) {
        return found;
    }
    let kept: &'static [&'static str] = Box::leak(names.to_vec().into_boxed_slice());
    known.push(kept);
    kept
}

/// The table of a design: the layout's own where nothing was changed.
pub(super) fn layout(settings: &Settings) -> Cow<'static, Layout> {
    let base = layout::of(settings.layout);
    if settings.authorities.is_empty() {
        return Cow::Borrowed(base);
    }
    let mut layout = base.clone();
    for own in &settings.authorities {
        name(&mut layout, own);
    }
    for own in &settings.authorities {
        for row in &own.signs {
            layout.split(row, intern(&own.name));
        }
    }
    for own in &settings.authorities {
        for (component, flag) in &own.trusted_by {
            layout.trust(*component, flag, intern(&own.name));
        }
    }
    layout.tighten(settings);
    for own in &settings.authorities {
        if let Some(into) = &own.into {
            layout.merge(intern(&own.name), intern(into));
        }
    }
    for own in &settings.authorities {
        if let Some(above) = &own.below {
            layout.below.to_mut().push((intern(&own.name), intern(above)));
        }
    }
    layout.show_roots_to_pods();
    // What signs stands before what it signs; the order is otherwise as it was.
    let rows = layout.authorities.to_vec();
    let mut sorted: Vec<AuthorityRow> = Vec::with_capacity(rows.len());
    while sorted.len() < rows.len() {
        let is_there = |name: &str| sorted.iter().any(|row| row.name == name);
        let next = rows
            .iter()
            .find(|row| !is_there(row.name) && layout.above(row.name).is_none_or(is_there));
        // A design with a circle has no settings.
        let Some(next) = next else { break };
        sorted.push(*next);
    }
    layout.authorities = Cow::Owned(sorted);
    Cow::Owned(layout)
}

/// Renames a CA of the table, or adds one.
fn name(layout: &mut Layout, own: &OwnAuthority) {
    let common_name = own.common_name.as_deref().map(intern);
    let rows = layout.authorities.to_mut();
    if let Some(row) = rows.iter_mut().find(|row| row.name == own.name) {
        row.common_name = common_name.unwrap_or(row.common_name);
        return;
    }
    let is_free = |letter: &char| rows.iter().all(|row| row.letter != *letter);
    let letter = LETTERS.chars().find(is_free).unwrap_or('?');
    let name = intern(&own.name);
    let common_name = common_name.unwrap_or(name);
    rows.push(AuthorityRow { name, letter, common_name, vault: name });
}

impl AuthorityRow {
    /// Whether it is in no table of ours, so that its letter stands for no purpose.
    pub fn is_own(&self) -> bool {
        self.letter == '?' || LETTERS.contains(self.letter)
    }
}

impl Layout {
    /// How many CAs stand one below the other under a CA.
    pub(crate) fn depth_below(&self, name: &str) -> u8 {
        let below = self.below.iter().filter(|(_, above)| *above == name);
        below.map(|(own, _)| self.depth_below(own).saturating_add(1)).max().unwrap_or(0)
    }

    /// Gives a certificate or kubeconfig to another CA, whom those who verify it then trust.
    fn split(&mut self, row: &str, to: &'static str) {
        let mut moved = Vec::new();
        let mut verifiers: Vec<(Component, &str)> = Vec::new();
        let mut is_server = false;
        for certificate in self.certificates.to_mut().iter_mut().filter(|c| c.name == row) {
            moved.push(std::mem::replace(&mut certificate.issuer, to));
            let path = format!("{}.crt", certificate.path);
            let client = certificate.usages.contains(&ExtendedKeyUsage::ClientAuth);
            for (presenter, flag, verifier, by) in VERIFIED {
                if fits(client, (*presenter, flag), *verifier)
                    && file_of(&self.components, *presenter, flag) == Some(path.as_str())
                {
                    verifiers.push((*verifier, by));
                    is_server |= (presenter, flag) == (&Component::Apiserver, &"tls-cert-file");
                }
            }
            if row == HEALTH {
                verifiers.push((Component::Etcd, "trusted-ca-file"));
            }
        }
        for kubeconfig in self.kubeconfigs.to_mut().iter_mut().filter(|k| k.name == row) {
            if let Credential::Certificate { issuer, .. } = &mut kubeconfig.credential {
                moved.push(std::mem::replace(issuer, to));
                verifiers.extend(USERS);
            }
        }
        for (component, flag) in verifiers {
            self.trust(component, flag, to);
        }
        if is_server {
            for kubeconfig in self.kubeconfigs.to_mut() {
                if moved.contains(&kubeconfig.ca) {
                    kubeconfig.ca = to;
                }
            }
        }
    }

    /// Takes those CAs out of the files of [`EXACT`] that nobody there has a certificate of. Only
    /// what `trust` has made is changed.
    fn tighten(&mut self, settings: &Settings) {
        for (component, by) in EXACT {
            let Some(path) = file_of(&self.components, component, by) else { continue };
            let Some(place) = self.files.iter().position(|file| file.path == path) else {
                continue;
            };
            let Some(FileRow { content: FileContent::Bundle(names), .. }) = self.files.get(place)
            else {
                continue;
            };
            let needed = |name: &str| {
                let for_clients = (component, by) == EXACT[0];
                let shown = self.certificates.iter().any(|row| {
                    let path = format!("{}.crt", row.path);
                    let client = row.usages.contains(&ExtendedKeyUsage::ClientAuth);
                    let shows = |(presenter, flag, verifier, verified_by): &VerifiedRow| {
                        (*verifier, *verified_by) == (component, by)
                            && fits(client, (*presenter, flag), *verifier)
                            && file_of(&self.components, *presenter, flag) == Some(path.as_str())
                    };
                    row.issuer == name
                        && row.when.holds(settings)
                        && (VERIFIED.iter().any(shows) || for_clients && row.name == HEALTH)
                });
                let wanted = settings
                    .authorities
                    .iter()
                    .any(|own| own.name == name && own.trusted_by.contains(&(component, by)));
                let by_hand = for_clients
                    && settings.certificates.iter().any(|own| own.client && own.authority == name);
                shown || wanted || by_hand
            };
            let kept: Vec<&'static str> =
                names.iter().copied().filter(|name| needed(name)).collect();
            let content = match kept[..] {
                [one] => FileContent::Authority(one),
                _ => FileContent::Bundle(intern_list(&kept)),
            };
            if let Some(file) = self.files.to_mut().get_mut(place) {
                file.content = content;
            }
        }
    }

    /// Programs in pods verify kube-apiserver by `--root-ca-file`, and those that use OpenSSL take no
    /// CA for an anchor that another has signed: they need the root beside it. Only there, because
    /// whoever trusts a root trusts all that it has signed.
    fn show_roots_to_pods(&mut self) {
        const ROOTS: (Component, &str) = (Component::ControllerManager, "root-ca-file");
        let path = file_of(&self.components, ROOTS.0, ROOTS.1);
        let Some(row) = self.files.iter().find(|file| Some(file.path) == path) else { return };
        let named = match &row.content {
            FileContent::Authority(name) => vec![*name],
            FileContent::Bundle(names) => names.to_vec(),
            _ => return,
        };
        let above: Vec<_> = named.iter().flat_map(|name| self.all_above(name)).collect();
        for name in above {
            self.trust(ROOTS.0, ROOTS.1, name);
        }
    }

    /// Adds a CA to those that a flag names, in a file of the flag's own.
    ///
    /// Those from before stay trusted: the cluster itself may go on to sign with them.
    fn trust(&mut self, component: Component, flag: &str, to: &'static str) {
        let Some(path) = file_of(&self.components, component, flag) else { return };
        let Some(row) = self.files.iter().find(|file| file.path == path) else { return };
        let mut names = match row.content {
            FileContent::Authority(name) => vec![name],
            FileContent::Bundle(names) => names.to_vec(),
            _ => return,
        };
        if names.contains(&to) {
            return;
        }
        names.push(to);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = flag.trim_end_matches("-file");
        let own = intern(&format!("{folder}/{}-{own}.crt", component.name()));
        let Some(runs) = self.components.to_mut().iter_mut().find(|c| c.component == component)
        else {
            return;
        };
        let on = runs.on;
        if let Some(row) = runs.flags.to_mut().iter_mut().find(|row| row.name == flag) {
            row.value = Value::File(own);
        }
        let content = FileContent::Bundle(intern_list(&names));
        let files = self.files.to_mut();
        match files.iter_mut().find(|file| file.path == own) {
            Some(file) => file.content = content,
            None => files.push(FileRow::new(own, content, on)),
        }
    }

    /// Puts one CA in the place of another, wherever that stood.
    fn merge(&mut self, from: &'static str, into: &'static str) {
        let swap = |name: &mut &'static str| {
            if *name == from {
                *name = into;
            }
        };
        self.authorities.to_mut().retain(|row| row.name != from);
        self.certificates.to_mut().iter_mut().for_each(|row| swap(&mut row.issuer));
        for row in self.kubeconfigs.to_mut() {
            swap(&mut row.ca);
            if let Credential::Certificate { issuer, .. } = &mut row.credential {
                swap(issuer);
            }
        }
        for row in self.files.to_mut() {
            match &mut row.content {
                FileContent::Authority(name)
                | FileContent::AuthorityKey(name)
                | FileContent::Serial(name)
                | FileContent::AuthoritySecret(name, _) => swap(name),
                FileContent::Bundle(names) => {
                    let mut all: Vec<&'static str> = Vec::with_capacity(names.len());
                    for name in names.iter() {
                        let name = if *name == from { into } else { name };
                        if !all.contains(&name) {
                            all.push(name);
                        }
                    }
                    *names = intern_list(&all);
                }
                _ => {}
            }
        }
    }
}

/// Whether a verifier meets what a flag names: a server's certificate is a client's too only where
/// its usages say so.
fn fits(client: bool, shown: (Component, &str), verifier: Component) -> bool {
    client || shown != (Component::Etcd, "cert-file") || verifier == Component::Apiserver
}

/// The file that a flag of a component names.
fn file_of(
    components: &[layout::ComponentRow],
    component: Component,
    flag: &str,
) -> Option<&'static str> {
    let row = components.iter().find(|row| row.component == component)?;
    let is_it = |row: &&FlagRow| row.name == flag;
    match row.flags.iter().find(is_it)?.value {
        Value::File(path) => Some(path),
        _ => None,
    }
}

impl Maker<'_> {
    /// The CAs above one, the root last.
    pub(super) fn above(&self, name: &str) -> Vec<super::ItemId> {
        self.layout.all_above(name).map(|above| self.authority_id(above)).collect()
    }

    /// A CA and those above it. The one that signs comes first, as in TLS (RFC 8446 §4.4.2).
    fn chain(&self, name: &str) -> Content {
        let (own, above) = (self.authority_id(name), self.above(name));
        match above.is_empty() {
            true => Content::Certificate(own),
            false => Content::Bundle([vec![own], above].concat()),
        }
    }

    /// What own CAs and certificates come to beside the table.
    pub(super) fn own(&mut self) {
        let base = layout::of(self.settings.layout);
        for row in self.layout.authorities.iter() {
            let content = self.chain(row.name);
            let ending = match content {
                Content::Bundle(_) => "-chain.crt",
                // Those of the table are on the machines.
                _ if base.authority(row.name).is_some() => continue,
                _ => ".crt",
            };
            let path = format!("operator/ca/{}{ending}", row.name);
            self.file(&Owner::Operator, path, self.certificate_mode(), content);
        }
        let mut beside = HashSet::default();
        for index in 0..self.settings.certificates.len() {
            self.own_certificate(index, &mut beside);
        }
    }

    /// The CA of a certificate, in the same folder: the program that has the one checks its peers
    /// against the other.
    fn authority_beside(
        &mut self,
        owner: &Owner,
        path: &str,
        authority: &str,
        beside: &mut HashSet<String>,
    ) {
        let Some(node) = owner.node(self.settings) else { return };
        let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
        let installed = format!("{folder}/{authority}.crt");
        let path = format!("hosts/{}{installed}", node.name);
        let is_there = |row: &FileRow| {
            row.path == installed
                && row.on.holds(owner, self.settings)
                && row.when.holds(self.settings)
        };
        if self.layout.files.iter().any(is_there) || !beside.insert(path.clone()) {
            return;
        }
        self.file(owner, path, self.certificate_mode(), self.chain(authority));
    }

    fn own_certificate(&mut self, index: usize, beside: &mut HashSet<String>) {
        let settings = self.settings;
        let Some(own) = settings.certificates.get(index) else { return };
        let planes = (0..settings.control_planes.len()).map(Owner::ControlPlane);
        let workers = (0..settings.workers.len()).map(Owner::Worker);
        let members = (0..settings.etcd.members.len()).map(Owner::Etcd);
        let owners: Vec<Owner> = match &own.on {
            Place::People => vec![Owner::Operator],
            Place::ControlPlanes => planes.collect(),
            Place::Workers => workers.collect(),
            Place::Nodes => planes.chain(workers).collect(),
            Place::Etcd if settings.etcd.is_external() => members.collect(),
            Place::Etcd => planes.collect(),
            Place::Node(name) => planes
                .chain(workers)
                .chain(members)
                .filter(|owner| owner.node(settings).is_some_and(|node| node.name == *name))
                .collect(),
        };
        use ExtendedKeyUsage::{ClientAuth, ServerAuth};
        let usages: &[ExtendedKeyUsage] = match (own.server, own.client) {
            (true, true) => &[ServerAuth, ClientAuth],
            (true, false) => &[ServerAuth],
            _ => &[ClientAuth],
        };
        for owner in owners {
            let (folder, path) = match owner.node(settings) {
                Some(node) => (node.name.to_string(), format!("hosts/{}{}", node.name, own.path)),
                None => ("operator".to_owned(), format!("operator/certificates/{}", own.name)),
            };
            let id = self.add(Item {
                name: format!("{folder}/own/{}", own.name),
                algorithm: settings.algorithm,
                make: Make::Leaf(Leaf {
                    issuer: self.authority_id(&own.authority),
                    subject: Subject {
                        organizations: own.organizations.clone(),
                        common_name: own.common_name.clone(),
                    },
                    usages,
                    sans: own.sans.clone(),
                    validity: settings.leaf_validity,
                }),
            });
            let mode = self.certificate_mode();
            self.file(&owner, format!("{path}.crt"), mode, Content::Certificate(id));
            self.file(&owner, format!("{path}.key"), SECRET, Content::PrivateKey(id));
            self.authority_beside(&owner, &own.path, &own.authority, beside);
        }
    }
}
