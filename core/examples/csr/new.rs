//! `csr new`: a key, a request, an object, and the commands around them.

use std::net::IpAddr;
use std::path::Path;

use chacha20::ChaCha20Rng;
use pki_core::design::Design;
use pki_core::issue::{Entropy, SystemEntropy};
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::plan::{Make, Plan};
use pki_core::request::{
    RbacNames, Template, Wish, WishError, approver_commands, asker_commands, encode,
    openssl_commands, park, rbac_for_one_person, to_pem, to_yaml,
};
use pki_text::en::review as text;
use rand_core::SeedableRng;

use crate::failure::Failure;
use crate::options::{Options, print, read_file, read_key, read_passphrase, read_text, write_file};

const KNOWN: &[&str] = &[
    "--user",
    "--group",
    "--node",
    "--dns",
    "--ip",
    "--service",
    "--namespace",
    "--cluster-domain",
    "--signer",
    "--name",
    "--expiration",
    "--algorithm",
    "--key",
    "--cluster",
    "--like",
    "--other",
    "--usage",
    "--san",
    "--row",
    "--design",
    "--park",
    "--out",
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::read(arguments, KNOWN, &["--serving"])?;
    let refused = |error: WishError| Failure::Refused(text::wish_error(&error));
    let mut wish =
        wish(&options)?.with_expiration(options.number("--expiration")?).map_err(refused)?;
    if let Some(name) = options.one("--name") {
        wish = wish.with_name(name).map_err(refused)?;
    }
    let mut rng = rng()?;
    let key = match options.one("--key") {
        Some(path) => read_key(path)?,
        None => {
            let key = PrivateKey::generate(algorithm(&options)?, &mut rng);
            key.map_err(|error| Failure::input("key", &error))?
        }
    };
    let der = encode(&wish, &key, &mut rng).map_err(|error| Failure::input("key", &error))?;
    let pem = to_pem(&der);
    let object = to_yaml(&wish, key.algorithm(), &pem);
    let Some(out) = options.one("--out") else {
        if options.one("--key").is_none() {
            return Err(Failure::Input(
                "--out is missing: a new key needs a folder (or give yours with --key)".to_owned(),
            ));
        }
        return print(&object);
    };
    let folder = Path::new(out);
    std::fs::create_dir_all(folder).map_err(|error| Failure::input(out, &error))?;
    if let Some(path) = options.one("--park") {
        let passphrase = read_passphrase(path)?;
        let parked = park(&wish, &key, &pem, &passphrase, &mut rng)
            .map_err(|error| Failure::input("key", &error))?;
        write_file(&folder.join("parked.pem"), &parked, true)?;
    } else if options.one("--key").is_none() {
        let pem = key.kubernetes_pem().map_err(|error| Failure::input("key", &error))?;
        write_file(&folder.join("key.pem"), &pem, true)?;
    }
    write_file(&folder.join("csr.pem"), &pem, false)?;
    write_file(&folder.join("csr.yaml"), &object, false)?;
    let asker = asker_commands(&wish, options.one("--cluster").unwrap_or("kubernetes"));
    let asker = format!("set -eu\n{}{}{}", asker.create, asker.fetch, asker.configure);
    write_file(&folder.join("asker.sh"), &asker, false)?;
    let approver = approver_commands(&wish.name);
    let approver =
        format!("set -eu\n{}{}{}", approver.describe, approver.inspect, approver.approve);
    write_file(&folder.join("approver.sh"), &approver, false)?;
    let openssl = format!("set -eu\n{}", openssl_commands(&wish, key.algorithm()));
    write_file(&folder.join("openssl.sh"), &openssl, false)?;
    if options.one("--user").is_some() {
        let names = RbacNames {
            namespace: options.one("--namespace").unwrap_or("users").to_owned(),
            service_account: wish.common_name.to_lowercase(),
            request: wish.name.clone(),
        };
        // A name that no ServiceAccount can have gets no account; the request is fine without.
        match rbac_for_one_person(&names) {
            Ok((rbac, token)) => {
                write_file(&folder.join("rbac.yaml"), &rbac, false)?;
                write_file(&folder.join("token.sh"), &token, false)?;
            }
            Err(error) => eprintln!("csr: no rbac.yaml: {}", text::wish_error(&error)),
        }
    }
    print(&format!("{out}: {}, {}\n", wish.name, wish.signer_name))
}

/// The algorithm of a new key.
pub(crate) fn algorithm(options: &Options) -> Result<Algorithm, Failure> {
    let name = options.one("--algorithm").unwrap_or("ecdsa-p256");
    name.parse().map_err(|_| Failure::Input(format!("--algorithm: {name} is not known")))
}

fn wish(options: &Options) -> Result<Wish, Failure> {
    let refused = |error: WishError| Failure::Refused(text::wish_error(&error));
    if let Some(path) = options.one("--like") {
        let template = Template::find(&read_file(path)?).ok_or_else(|| {
            Failure::Input(format!("{path}: there is no certificate and no request in it"))
        })?;
        return template.wish(options.one("--signer")).map_err(refused);
    }
    if let Some(row) = options.one("--row") {
        return row_of(row, options.one("--design"))?
            .wish(options.one("--signer"))
            .map_err(refused);
    }
    let kinds = ["--user", "--node", "--service", "--other"].map(|name| options.one(name));
    match kinds {
        [None, None, None, Some(name)] => {
            let (groups, names) = (options.all("--group"), options.all("--san"));
            let signer = options.required("--signer")?;
            Wish::other(name, &groups, &names, signer, &options.all("--usage")).map_err(refused)
        }
        [Some(user), None, None, None] => {
            Wish::user(user, &options.all("--group")).map_err(refused)
        }
        [None, Some(node), None, None] if options.one("--serving").is_some() => {
            let addresses = options.all("--ip").into_iter().map(|address| {
                let parsed: Result<IpAddr, _> = address.parse();
                parsed.map_err(|error| Failure::input(&address, &error))
            });
            let addresses = addresses.collect::<Result<Vec<_>, _>>()?;
            Wish::node_serving(node, &options.all("--dns"), &addresses).map_err(refused)
        }
        [None, Some(node), None, None] => Wish::node_client(node).map_err(refused),
        [None, None, Some(service), None] => {
            let namespace = options.one("--namespace").unwrap_or("default");
            let domain = options.one("--cluster-domain").unwrap_or("cluster.local");
            Wish::service(service, namespace, domain, options.required("--signer")?)
                .and_then(|wish| wish.with_names(&options.all("--san")))
                .map_err(refused)
        }
        _ => Err(Failure::Input(
            "one of --user, --node, --service, --other, --like, --row".to_owned(),
        )),
    }
}

/// A certificate that a design plans, by the name of its row: `cp1/apiserver`.
fn row_of(name: &str, design: Option<&str>) -> Result<Template, Failure> {
    let design = match design {
        Some(path) => Design::from_document(&read_text(path)?)
            .map_err(|error| Failure::input(path, &format!("{error:?}")))?,
        None => Design::default(),
    };
    let (Some(settings), _) = design.check() else {
        return Err(Failure::Input("the design has errors; see `issue --design`".to_owned()));
    };
    let plan = Plan::new(settings);
    let mut rows = Vec::new();
    for item in &plan.items {
        if let Make::Leaf(leaf) = &item.make {
            if item.name == name {
                return Ok(Template::of_planned(leaf));
            }
            rows.push(item.name.as_str());
        }
    }
    let rows = rows.join(", ");
    Err(Failure::Input(format!("--row: the design plans no {name}; it plans {rows}")))
}

/// A generator seeded by the operating system.
pub(crate) fn rng() -> Result<ChaCha20Rng, Failure> {
    let seed = SystemEntropy(getrandom::fill).seed("csr");
    let seed = seed.map_err(|error| Failure::input("randomness", &error))?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
