//! A shell script that makes the same layout with nothing but openssl, for people who want to see
//! every step.
//!
//! The names, usages and places come from the plan, as for the archive itself; the script is held
//! against our own certificates, field by field, in the tests.
//! What is done for many machines stands in it once, in a loop over a list of them.

mod blocks;

use crate::design::{Output, San, SubjectParts};
use crate::key::Algorithm;
use crate::plan::{Content, Extra, ItemId, Kubeconfig, Make, Owner, Plan, PlannedFile, Subject};
use crate::yaml::Yaml;
use blocks::{Block, Line};

const DAY: i64 = 86_400;
/// The folder of the people's kubeconfigs, which is where their items have their names from.
const PEOPLE: &str = "operator/users/";

/// Stands for no block: what several machines have.
const SHARED: usize = usize::MAX;

/// What stands before the first certificate. `@` marks what depends on the design.
const HEAD: &str = include_str!("head.sh");

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
    let encryption = super::encryption("@KEY");
    let mut script = HEAD
        .replace("@CLUSTER", settings.cluster_name.as_str())
        .replace("@ALGORITHM", key_name(settings.algorithm))
        .replace("@USAGE", usage)
        .replace("@DIGEST", digest)
        .replace("@ENCRYPTION", encryption.trim_end())
        .replace("\"@KEY\"", "$(cat \"$made/$3.token\")");
    let Parts { first, blocks, last } = Parts::new(plan);
    script.push_str("\n# CAs and keys, each CA before what it signs.\n");
    blocks::plain(&mut script, &first);
    let (machines, people) = blocks.split_at(settings.machines().min(blocks.len()));
    script.push_str("\n# Each machine: its certificates, and where its files belong.\n");
    blocks::write(&mut script, machines);
    if !people.is_empty() {
        script.push_str("\n# Each person.\n");
        blocks::write(&mut script, people);
    }
    script.push_str("\n# What is on no machine.\n");
    blocks::plain(&mut script, &last);
    script.push_str("\nrm -r \"$made\"\necho \"The files are in $out\"\n");
    script
}

/// The lines of a script, by whom they are for.
struct Parts<'p> {
    /// Before all machines.
    first: Vec<Line>,
    /// A block for each control plane, each worker, each member of etcd, each person.
    blocks: Vec<Block<'p>>,
    /// Behind them.
    last: Vec<Line>,
}

impl<'p> Parts<'p> {
    fn new(plan: &'p Plan) -> Self {
        let settings = &plan.settings;
        let planes = settings.control_planes.len();
        let nodes = settings.control_planes.iter().chain(&settings.workers);
        let nodes = nodes.chain(&settings.etcd.members);
        let mut blocks: Vec<Block<'p>> =
            nodes.map(|node| Block { name: node.name.as_str(), lines: Vec::new() }).collect();
        let machines = blocks.len();
        let machine = |owner: &Owner| match owner {
            Owner::ControlPlane(index) => Some(*index),
            Owner::Worker(index) => Some(planes + index),
            Owner::Etcd(index) => Some(planes + settings.workers.len() + index),
            Owner::Operator | Owner::Vault => None,
        };
        // A certificate is made where it is used; one of several machines, before all of them.
        let mut home: Vec<Option<usize>> = vec![None; plan.items.len()];
        for file in &plan.files {
            let id = match &file.content {
                Content::Certificate(id) | Content::PrivateKey(id) => *id,
                Content::Kubeconfig(kubeconfig) => kubeconfig.client,
                _ => continue,
            };
            if let (Some(block), Some(slot)) = (machine(&file.owner), home.get_mut(id.0)) {
                *slot = Some(slot.map_or(block, |b| if b == block { b } else { SHARED }));
            }
        }
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for (index, item) in plan.items.iter().enumerate() {
            let Some(line) = item_line(plan, ItemId(index)) else { continue };
            let is_leaf = matches!(item.make, Make::Leaf(_));
            let person = item.name.strip_prefix(PEOPLE).filter(|_| is_leaf);
            let slot = home.get_mut(index);
            if let (Some(name), Some(slot @ None)) = (person, slot) {
                *slot = Some(blocks.len());
                blocks.push(Block { name, lines: Vec::new() });
            }
            let block = home.get(index).copied().flatten().filter(|_| is_leaf);
            match block.and_then(|block| blocks.get_mut(block)) {
                Some(block) => block.lines.push(line),
                None => first.push(line),
            }
        }
        for file in &plan.files {
            let Some(line) = place(plan, file) else { continue };
            let person = match &file.content {
                Content::Kubeconfig(kubeconfig) => home.get(kubeconfig.client.0).copied().flatten(),
                _ => None,
            };
            let block = machine(&file.owner).or(person.filter(|block| *block >= machines));
            match block.and_then(|block| blocks.get_mut(block)) {
                Some(block) => block.lines.push(line),
                None => last.push(line),
            }
        }
        Self { first, blocks, last }
    }
}

fn key_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EcdsaP256 => "prime256v1",
        Algorithm::EcdsaP384 => "secp384r1",
        other => other.name(),
    }
}

/// `-subj` of openssl: a plus sign joins the groups, which stand in one RDN, as Go writes them.
fn subject(parts: &SubjectParts, organizations: &[String], common_name: &str) -> String {
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
    let all = parts.around(organizations, common_name).into_iter().map(|(name, values)| {
        let values: Vec<String> =
            values.into_iter().map(|value| format!("{name}={}", escape(value))).collect();
        format!("/{}", values.join("+"))
    });
    all.collect()
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

fn words(words: &[&str]) -> Line {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn name(plan: &Plan, id: ItemId) -> &str {
    plan.item(id).map(|item| item.name.as_str()).unwrap_or_default()
}

/// How an item is made.
fn item_line(plan: &Plan, id: ItemId) -> Option<Line> {
    let item = plan.item(id)?;
    Some(match &item.make {
        Make::KeyPair => words(&["pair", &item.name, key_name(item.algorithm)]),
        // Without its Secret it is worth nothing, and that is not made here.
        Make::Token if plan.settings.wants(Output::Bootstrap) => return None,
        Make::Token => words(&["token", &item.name]),
        Make::Secret => words(&["random", &item.name]),
        Make::Authority(authority) => {
            let common_name = authority.row.common_name;
            let parts = &plan.settings.subject;
            let subject = subject(parts, parts.of_authority(), common_name);
            let days = days(authority.validity - DAY * above(plan, id)).to_string();
            let constraints = match authority.path_length {
                Some(length) => format!("CA:TRUE, pathlen:{length}"),
                None => "CA:TRUE".to_owned(),
            };
            let dns = if item.issuer().is_some() { "" } else { common_name };
            let names = authority.constraints.openssl();
            let mut line = words(&["ca", &item.name, &subject, &days, dns, &constraints, &names]);
            line.extend(item.issuer().map(|above| name(plan, above).to_owned()));
            line
        }
        Make::Leaf(leaf) => {
            let issuer = name(plan, leaf.issuer);
            let Subject { organizations, common_name } = &leaf.subject;
            let subject = subject(&plan.settings.subject, organizations, common_name);
            // Made some seconds after its CA, it must not end after it.
            let longest = days(plan.settings.ca_validity - DAY * (1 + above(plan, leaf.issuer)));
            let days = days(leaf.validity).min(longest).to_string();
            let usages = leaf.openssl_usages(plan.settings.critical_usages);
            let names: Vec<String> = leaf.sans.iter().map(San::openssl).collect();
            let mut line = words(&["leaf", &item.name, issuer, &subject, &days, &usages]);
            line.extend(Some(names.join(",")).filter(|names| !names.is_empty()));
            line
        }
    })
}

/// How a file comes where it belongs; `None` for what the script does not make.
fn place(plan: &Plan, file: &PlannedFile) -> Option<Line> {
    let (path, mode) = (file.path.as_str(), format!("{:o}", file.mode));
    let name = |id: &ItemId| name(plan, *id);
    let made = |id: &ItemId, ending: &str| format!("{}.{ending}", name(id));
    let put = |source: String| words(&["put", path, &mode, &source]);
    Some(match &file.content {
        Content::Certificate(id) => {
            let mut line = put(made(id, "crt"));
            line.extend(plan.intermediates(*id).iter().map(|id| made(id, "crt")));
            line
        }
        Content::PrivateKey(id) => put(made(id, "key")),
        Content::PublicKey(id) => put(made(id, "pub")),
        Content::Bundle(ids) => {
            let mut line = words(&["put", path, &mode]);
            line.extend(ids.iter().map(|id| made(id, "crt")));
            line
        }
        Content::Kubeconfig(kubeconfig) if is_bootstrap(plan, kubeconfig) => return None,
        Content::Kubeconfig(kubeconfig) => kubeconfig_line(plan, path, kubeconfig),
        Content::TokenList(id) => words(&["tokens", path, &mode, name(id)]),
        Content::Serial(id) => words(&["serial", path, &mode, name(id)]),
        Content::Secret { item, name: secret, cluster } => {
            let is_bare = plan.item(*item).is_some_and(|item| matches!(item.make, Make::KeyPair));
            let public = made(item, if is_bare { "pub" } else { "crt" });
            words(&["secret", path, secret, cluster, &public, &made(item, "key")])
        }
        Content::Extra(Extra::Encryption(id)) => words(&["encryption", path, &mode, name(id)]),
        Content::Settings(_) | Content::Extra(_) => return None,
    })
}

/// Whether it is that of machines to come, whose token is not made here.
fn is_bootstrap(plan: &Plan, kubeconfig: &Kubeconfig) -> bool {
    plan.settings.wants(Output::Bootstrap)
        && plan.item(kubeconfig.client).is_some_and(|item| matches!(item.make, Make::Token))
}

fn kubeconfig_line(plan: &Plan, path: &str, kubeconfig: &Kubeconfig) -> Line {
    let Kubeconfig { client, cluster, user, server, files, .. } = kubeconfig;
    // Text as YAML wants it, with quotes where it would be something else.
    let scalar = |text: &str| Yaml::text(text).to_document().trim_end().to_owned();
    let context = scalar(&format!("{user}@{cluster}"));
    let (cluster, user, server) = (scalar(cluster), scalar(user), scalar(server));
    let trusted: Vec<&str> = kubeconfig.trusted().map(|id| name(plan, id)).collect();
    let (trusted, client) = (trusted.join(" "), name(plan, *client));
    let mut line =
        words(&["kubeconfig", path, &trusted, client, &cluster, &user, &context, &server]);
    line.extend(files.as_ref().map(|files| files.ca.clone()));
    line
}

#[cfg(test)]
mod tests;
