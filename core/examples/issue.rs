//! Makes a cluster's PKI from the terminal: design → plan → issue → bundle → verify.
//!
//! With no options it makes what kubeadm makes by default, for one control plane; `--layout` makes
//! another layout.

#[path = "issue/save.rs"]
mod save;

use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use pki_core::design::{Design, DesignNode, DesignUser, LINK_KEY, Severity, Topology};
use pki_core::issue::{DemoEntropy, Entropy, Material, RunError, SystemEntropy};
use pki_core::outside::Pending;
use pki_core::plan::Plan;
use pki_core::{bundle, issue, outside, verify};
use save::save;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

const USAGE: &str = "\
usage: issue --out FILE.tar.gz [--design FILE]
             [--algorithm ecdsa-p256|ecdsa-p384|rsa-2048|rsa-3072|rsa-4096]
             [--cp NAME=ADDR[,ADDR]]... [--worker NAME[=ADDR[,ADDR]]]...
             [--etcd NAME=ADDR[,ADDR]]...
             [--endpoint HOST[:PORT]] [--service-cidr CIDR[,CIDR]]
             [--layout kubeadm|five-flows|single-ca|hard-way|master-etc|k3s|cluster-api|own]
             [--ca-keys control-planes|vault]
             [--ca NAME=CERT.pem[,KEY.pem]]... [--requests FILE.tar.gz]
             [--user NAME[=GROUP[,GROUP]][/TTL]]... [--make OUTPUT[,OUTPUT]]
             [--kubernetes-version 1.N] [--now RFC3339] [--demo-seed TEXT]
       issue --out FILE.tar.gz --pending FILE.tar.gz [--signed FILE.pem]... [--now RFC3339]

OUTPUT is encryption, kubelet-serving, cert-manager, vault-pki or step-ca.
FILE is a design, an archive that holds one, a link that carries one, or kubeadm's
ClusterConfiguration and InitConfiguration.
--ca takes a CA of the layout from files instead of making it; its key is copied into the archive
wherever the layout has that key.
Without KEY.pem the CA stays where it is: --out then gets the keys and the requests for it, and
--requests the requests alone, to be sent. When the signed certificates are back, --pending and
--signed finish the work.
--etcd names a machine of an external etcd, which then runs on none of the control planes.
NAME and ADDR may stand for many: --worker 'worker-[001-250]=10.0.1.[1-250]' (or 10.0.1.1+).
Options given beside --design override what stands in the file.
--demo-seed makes the same files on every machine, for documentation only; its clock stands at
2026-01-01T00:00:00Z unless --now says otherwise.";

/// Years of `--now`: archives count seconds from 1970 on, of which backdating takes some away.
const YEARS: std::ops::RangeInclusive<i32> = 1971..=9900;

/// The clock of a demo run.
const DEMO_NOW: &str = "2026-01-01T00:00:00Z";

fn main() -> ExitCode {
    match run(env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("issue: {error}");
            ExitCode::from(2)
        }
    }
}

#[derive(Default)]
struct Options {
    design: Design,
    out: Option<PathBuf>,
    /// CAs that are brought along.
    authorities: Vec<String>,
    /// Where the requests go, if a CA stays outside.
    requests: Option<PathBuf>,
    /// What an earlier run wrote, and the certificates that came back.
    pending: Option<String>,
    signed: Vec<String>,
    /// An option that says what to make, which `pending` has said already.
    other_than_pending: Option<String>,
    now: Option<String>,
    demo_seed: Option<String>,
}

fn run(arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let Some(options) = read_options(arguments.collect())? else {
        println!("{USAGE}");
        return Ok(());
    };
    let out = options.out.clone().ok_or("--out is missing: say which file to write")?;
    if let Some(pending) = &options.pending {
        if let Some(other) = &options.other_than_pending {
            return Err(format!(
                "{other} has no place beside --pending: the archive says what is made; leave it out"
            )
            .into());
        }
        return finish(pending, &options, &out);
    }
    if !options.signed.is_empty() {
        return Err("--signed needs --pending: give the archive that the first run wrote".into());
    }
    let (settings, findings) = options.design.check();
    for finding in &findings {
        let kind = match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        eprintln!("{kind}: {}", sentence(finding));
    }
    let settings = settings.ok_or("the design has errors; nothing was written")?;
    let plan = Plan::new(settings);
    let demo = options.demo_seed.is_some();
    let now = moment(options.now.as_deref(), demo)?;
    let brought = brought(&plan, &options.authorities, now)?;
    let mut entropy: Box<dyn Entropy> = match &options.demo_seed {
        Some(text) => Box::new(DemoEntropy::new(text.clone())),
        None => Box::new(SystemEntropy(getrandom::fill)),
    };
    if outside::authorities(&brought).is_empty() {
        if options.requests.is_some() {
            return Err("--requests: every CA has its key here; leave the option out".into());
        }
        let demo = options.demo_seed.as_deref();
        return make(&plan, &options.design, brought, now, entropy.as_mut(), (demo, &out));
    }
    if demo {
        return Err(pki_text::en::outside::NO_DEMO.into());
    }
    let pending = Pending::make(options.design, plan.clone(), brought, now, entropy.as_mut())
        .map_err(|error| failed(&plan, &error))?;
    let kept = pending.write(now, &pki_text::en::outside::pending_readme(&pending))?;
    let sent = pending.requests(now, &pki_text::en::outside::requests_readme(&pending))?;
    save(&out, &kept.bytes)?;
    println!("{}: {} keys that wait for certificates; keep it", out.display(), pending.items.len());
    if let Some(path) = &options.requests {
        save(path, &sent.bytes)?;
        println!("{}: the requests, to be sent", path.display());
    }
    Ok(())
}

/// The second run: certificates of a CA outside, and then all the rest.
fn finish(pending: &str, options: &Options, out: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(pending).map_err(|error| format!("cannot read {pending}: {error}"))?;
    let bytes = Zeroizing::new(bytes);
    let mut waiting = Pending::read(&bytes).map_err(|error| {
        format!("--pending {pending}: {}", pki_text::en::outside::unreadable(&error))
    })?;
    let now = moment(options.now.as_deref(), false)?;
    let mut refused = false;
    for path in &options.signed {
        let text =
            fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
        for refusal in waiting.take(&text, now) {
            refused = true;
            eprintln!("error: {path}: {}", pki_text::en::outside::refused(&refusal));
        }
    }
    let missing = waiting.missing();
    if refused || !missing.is_empty() {
        let missing = match missing.is_empty() {
            true => String::new(),
            false => format!("; no certificate yet for {}", missing.join(", ")),
        };
        return Err(format!("nothing was written{missing}").into());
    }
    let (design, plan, there) = waiting.into_parts();
    let mut entropy = SystemEntropy(getrandom::fill);
    make(&plan, &design, there, now, &mut entropy, (None, out))
}

/// Makes what is not there yet, and the archive.
fn make(
    plan: &Plan,
    design: &Design,
    there: Vec<Material>,
    now: OffsetDateTime,
    entropy: &mut dyn Entropy,
    (demo, out): (Option<&str>, &Path),
) -> Result<(), Box<dyn Error>> {
    let certificates: Vec<_> = there
        .iter()
        .map(|material| (material.item, material.certificate.clone().unwrap_or_default()))
        .collect();
    let go_on = |_| ControlFlow::Continue(());
    let made =
        issue::make_rest(plan, now, entropy, there, go_on).map_err(|error| failed(plan, &error))?;
    let readme = pki_text::en::readme::readme(plan, now, demo);
    let bundle = bundle::write(plan, design, &made, now, &readme, demo.is_some())?;
    let verified = verify::archive_around(plan, &certificates, &bundle.bytes, now)?;
    save(out, &bundle.bytes)?;
    println!(
        "{}: {} files; verified {} certificates with {} names, {} key pairs, {} kubeconfigs",
        out.display(),
        verified.files,
        verified.certificates,
        verified.names,
        verified.key_pairs,
        verified.kubeconfigs
    );
    Ok(())
}

/// A person knows an item by its name, not by its number.
fn failed(plan: &Plan, error: &RunError) -> String {
    match error {
        RunError::Issue(id, error) => match plan.item(*id) {
            Some(item) => format!("{}: {error}", item.name),
            None => error.to_string(),
        },
        other => other.to_string(),
    }
}

/// The CAs of `--ca`, each checked against what the plan asks of it.
fn brought(
    plan: &Plan,
    options: &[String],
    now: OffsetDateTime,
) -> Result<Vec<Material>, Box<dyn Error>> {
    let mut all: Vec<Material> = Vec::new();
    for option in options {
        let Some((name, files)) = option.split_once('=') else {
            let form = "NAME=CERT.pem,KEY.pem, or NAME=CERT.pem where the key is elsewhere";
            return Err(format!("--ca {option}: write it as {form}").into());
        };
        let (certificate, key) = match files.split_once(',') {
            Some((certificate, key)) => (certificate, Some(key)),
            None => (files, None),
        };
        let read = |path: &str| {
            let bytes = fs::read(path).map_err(|error| format!("cannot read {path}: {error}"))?;
            let refused = |error| format!("--ca {name}: {}", pki_text::en::bring::refused(&error));
            issue::as_pem(&Zeroizing::new(bytes)).map_err(refused)
        };
        let certificate = read(certificate)?;
        let key = key.map(read).transpose()?;
        let key = key.as_ref().map(|key| key.as_str());
        let brought = issue::bring(plan, name, &certificate, key, &all, now)
            .map_err(|error| format!("--ca {name}: {}", pki_text::en::bring::refused(&error)))?;
        if all.iter().any(|other| other.item == brought.material.item) {
            return Err(format!("--ca {name} is given twice; give each CA once").into());
        }
        for text in pki_text::en::bring::taken(&brought) {
            eprintln!("warning: {name}: {text}");
        }
        all.push(brought.material);
    }
    Ok(all)
}

/// The clock is read here and nowhere in the library.
fn moment(text: Option<&str>, demo: bool) -> Result<OffsetDateTime, Box<dyn Error>> {
    let Some(text) = text.or(demo.then_some(DEMO_NOW)) else {
        return Ok(OffsetDateTime::from(std::time::SystemTime::now()));
    };
    let now = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|error| format!("--now {text}: {error}; write it as 2026-01-31T12:00:00Z"))?;
    // Certificates have four digits for a year, and end some time after they begin.
    if !YEARS.contains(&now.year()) {
        let (first, last) = (YEARS.start(), YEARS.end());
        let why = "certificates or archives hold no such date";
        return Err(format!("--now {text}: {why}; give a year from {first} to {last}").into());
    }
    Ok(now)
}

/// `None` when the user asked for help.
fn read_options(arguments: Vec<String>) -> Result<Option<Options>, Box<dyn Error>> {
    let mut options = Options::default();
    // The file comes first, so that the other options override it wherever they stand.
    let mut pairs = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(name) = arguments.next() {
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        // What needs a value is known by its place in the usage.
        let Some(value) = arguments.next() else {
            let known = USAGE.contains(&format!("{name} ")) && name.starts_with("--");
            return Err(match known {
                true => format!("{name} has no value\n\n{USAGE}"),
                false => format!("unknown option {name}\n\n{USAGE}"),
            }
            .into());
        };
        if !["--pending", "--signed", "--now", "--out"].contains(&name.as_str()) {
            options.other_than_pending = Some(name.clone());
        }
        if name == "--design" {
            let (design, left) = if value.contains(LINK_KEY) {
                let refused = |error| pki_text::en::findings::document(&error).to_string();
                (Design::from_link(&value).map_err(refused)?, Vec::new())
            } else {
                let bytes =
                    fs::read(&value).map_err(|error| format!("cannot read {value}: {error}"))?;
                Design::read_file(&bytes).map_err(|error| {
                    format!("{value}: {}", pki_text::en::findings::unread(&error))
                })?
            };
            for finding in &left {
                eprintln!("warning: {value}: {}", sentence(finding));
            }
            options.design = design;
        } else {
            pairs.push((name, value));
        }
    }
    let (mut control_planes, mut workers, mut members) = (Vec::new(), Vec::new(), Vec::new());
    let mut users = Vec::new();
    for (name, value) in pairs {
        let design = &mut options.design;
        match name.as_str() {
            "--algorithm" => design.keys.algorithm = value,
            "--cp" => control_planes.push(node(&value)),
            "--worker" => workers.push(node(&value)),
            "--etcd" => members.push(node(&value)),
            "--endpoint" => design.control_plane_endpoint = value,
            "--ca" => options.authorities.push(value),
            "--requests" => options.requests = Some(PathBuf::from(value)),
            "--pending" => options.pending = Some(value),
            "--signed" => options.signed.push(value),
            "--user" => users.push(user(&value)),
            "--make" => design.outputs = list(&value),
            "--layout" => design.layout = value,
            "--ca-keys" => design.ca_keys = value,
            "--service-cidr" => design.service_cidrs = list(&value),
            "--kubernetes-version" => design.kubernetes_version = value,
            "--now" => options.now = Some(value),
            "--demo-seed" if value.is_empty() => {
                return Err("--demo-seed is empty; give it a text, or leave it out".into());
            }
            "--demo-seed" => options.demo_seed = Some(value),
            "--out" => options.out = Some(PathBuf::from(value)),
            _ => return Err(format!("unknown option {name}\n\n{USAGE}").into()),
        }
    }
    if !control_planes.is_empty() {
        options.design.control_planes = control_planes;
    }
    if !workers.is_empty() {
        options.design.workers = workers;
    }
    if !members.is_empty() {
        Topology::External.name().clone_into(&mut options.design.etcd.topology);
        options.design.etcd.members = members;
    }
    if !users.is_empty() {
        options.design.users = users;
    }
    Ok(Some(options))
}

fn node(text: &str) -> DesignNode {
    let (name, addresses) = text.split_once('=').unwrap_or((text, ""));
    DesignNode { name: name.to_owned(), addresses: list(addresses) }
}

fn user(text: &str) -> DesignUser {
    let (text, ttl) = text.split_once('/').unwrap_or((text, ""));
    let (name, groups) = text.split_once('=').unwrap_or((text, ""));
    DesignUser { name: name.to_owned(), groups: list(groups), ttl: ttl.to_owned() }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn sentence(finding: &pki_core::design::Finding) -> String {
    use pki_text::en::findings;
    let text = findings::finding(finding);
    match finding.place.contains('[') {
        // The document counts from 0, and people from 1.
        true => format!("{}: {}: {text}", finding.place, findings::place(&finding.place)),
        false => format!("{}: {text}", finding.place),
    }
}
