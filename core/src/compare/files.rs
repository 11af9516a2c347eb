//! The files of a plan by role, each with what matters about it.

use super::{AuthorityKey, Identity, Place, Role, key_of};
use crate::design::San;
use crate::order;
use crate::plan::{Content, ItemId, Make, Owner, Plan, PlannedFile};

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Which kind of thing.
    pub kind: Kind,
    /// The CAs behind it, by what they are found: the one that signs, or those that are trusted.
    pub authorities: Vec<AuthorityKey>,
    /// Their letters.
    pub letters: Vec<char>,
    /// Whom the certificate in it is for.
    pub identity: Option<Identity>,
    /// The subject alternative names, with `NAME` and `ADDRESS` for the machine's own.
    pub names: Vec<String>,
    /// Mode bits.
    pub mode: u32,
}

/// The kinds of things in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The certificate of a CA, or of several.
    Trust,
    /// The certificate of a client or server.
    Certificate,
    /// The key of a CA.
    AuthorityKey,
    /// Another private key.
    PrivateKey,
    /// A public key.
    PublicKey,
    /// A kubeconfig.
    Kubeconfig,
    /// Tokens, or a key that encrypts.
    Secret,
    /// What a component is told.
    Settings,
    /// Something else.
    Other,
}

/// Every file of the machines that can differ, under its place.
pub(super) fn files(plan: &Plan) -> Vec<(Place, Holding)> {
    let own = &plan.settings.certificates;
    let named = |owner: &Owner| {
        let node = owner.node(&plan.settings);
        own.iter().any(|own| match (&own.on, node) {
            (crate::design::Place::Node(name), Some(node)) => *name == node.name,
            _ => false,
        })
    };
    // All machines of a role have the same files, but for what only the first control plane has,
    // and for certificates by hand.
    let counts = |owner: &Owner| match owner {
        Owner::ControlPlane(index) => *index < 2 || named(owner),
        Owner::Worker(index) | Owner::Etcd(index) => *index == 0 || named(owner),
        Owner::Operator | Owner::Vault => true,
    };
    let files = plan.files.iter().filter(|file| counts(&file.owner));
    files.map(|file| (place(plan, file), holding(plan, file))).collect()
}

fn place(plan: &Plan, file: &PlannedFile) -> Place {
    let node = file.owner.node(&plan.settings).map(|node| node.name.as_str());
    let path = match (file.installed_path(), node) {
        (Some(path), _) => path.to_owned(),
        (None, Some(node)) => file.path.replacen(&format!("/{node}/"), "/", 1),
        (None, None) => file.path.clone(),
    };
    Place { role: Role::of(&file.owner), path }
}

fn holding(plan: &Plan, file: &PlannedFile) -> Holding {
    let node = file.owner.node(&plan.settings);
    let name = node.map(|node| node.name.as_str()).unwrap_or_default();
    let is_authority =
        |id: ItemId| matches!(plan.item(id).map(|item| &item.make), Some(Make::Authority(_)));
    let (kind, item, mut trusted) = match &file.content {
        Content::Certificate(id) if is_authority(*id) => (Kind::Trust, None, vec![*id]),
        Content::Certificate(id) => (Kind::Certificate, Some(*id), Vec::new()),
        Content::PrivateKey(id) if is_authority(*id) => (Kind::AuthorityKey, None, vec![*id]),
        // Its certificate says the rest.
        Content::PrivateKey(_) => (Kind::PrivateKey, None, Vec::new()),
        Content::PublicKey(_) => (Kind::PublicKey, None, Vec::new()),
        Content::Kubeconfig(found) => (Kind::Kubeconfig, Some(found.client), vec![found.ca]),
        Content::Bundle(ids) => (Kind::Trust, None, ids.clone()),
        Content::TokenList(_) => (Kind::Secret, None, Vec::new()),
        Content::Serial(id) => (Kind::Other, None, vec![*id]),
        Content::Secret { item, .. } if is_authority(*item) => {
            (Kind::AuthorityKey, None, vec![*item])
        }
        Content::Secret { .. } => (Kind::Secret, None, Vec::new()),
        Content::Settings(_) => (Kind::Settings, None, Vec::new()),
        Content::Extra(extra) => {
            let authority = extra.item().filter(|id| is_authority(*id));
            (Kind::Other, None, authority.into_iter().collect())
        }
    };
    let found = item.and_then(|id| plan.item(id));
    if let Some(issuer) = found.and_then(|item| item.issuer())
        && !trusted.contains(&issuer)
    {
        trusted.insert(0, issuer);
    }
    let mut keyed: Vec<(AuthorityKey, char)> = trusted
        .into_iter()
        .filter_map(|id| Some((key_of(plan, id)?, plan.authority_of(id)?.row.letter)))
        .collect();
    order::sort(&mut keyed);
    let names = match kind {
        Kind::Certificate => found.map(|item| item.sans()).unwrap_or_default(),
        _ => Vec::new(),
    };
    let names = names.into_iter().map(|san| match san {
        San::Dns(dns) if dns == name => "NAME".to_owned(),
        San::Ip(ip) if node.is_some_and(|node| node.addresses.contains(&ip)) => {
            "ADDRESS".to_owned()
        }
        other => other.to_string(),
    });
    let mut names: Vec<String> = names.collect();
    order::sort(&mut names);
    names.dedup();
    Holding {
        kind,
        authorities: keyed.iter().map(|(key, _)| key.clone()).collect(),
        letters: keyed.iter().map(|(_, letter)| *letter).collect(),
        identity: item.and_then(|id| Identity::of(plan, id, name)),
        names,
        mode: file.mode,
    }
}
