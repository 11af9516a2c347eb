//! The README inside the archive: what each file is, and what to run.

use std::fmt::Write;

use pki_core::design::{CaKeys, LayoutName, Node, Output, format_duration};
use pki_core::plan::{
    Component, Content, Extra, Form, Item, ItemId, Make, Owner, Plan, PlannedFile, SettingsFile,
};
use time::OffsetDateTime;

use super::{anonymous, layout, risks};

/// Beyond this many machines the README shows the line with a placeholder for the name.
const MOST_HOSTS: usize = 200;

/// Writes the README of an archive.
///
/// `now` is the moment at which the material was made; `demo_seed` is the text of a demo run.
pub fn readme(plan: &Plan, now: OffsetDateTime, demo_seed: Option<&str>) -> String {
    let mut text = String::new();
    let out = &mut text;
    let settings = &plan.settings;
    // Writing to a String does not fail; the results are dropped for that reason throughout.
    let _ = writeln!(out, "# PKI of the cluster {}\n", settings.cluster_name);
    if let Some(seed) = demo_seed {
        demo_warning(out, seed);
    }
    let _ = writeln!(
        out,
        "Made with PKI Workbench in the layout {} for Kubernetes {}, at {} UTC.\n\
         {}\n\
         Keys: {}; service-account tokens: {}.\n\
         CAs are valid for {}, all other certificates for {}.\n\
         \n\
         This archive holds private keys.\n\
         Keep it as you would keep the root password of every machine in it, and delete it when \
         the machines have their files.\n",
        layout::name(settings.layout),
        settings.version,
        stamp(now),
        layout::about(settings.layout),
        settings.algorithm,
        settings.service_account_algorithm,
        format_duration(settings.ca_validity),
        format_duration(settings.leaf_validity),
    );
    install(out, plan, demo_seed.is_some());
    start_etcd(out, plan);
    if plan.layout.for_kubeadm {
        start(out, plan);
    } else {
        start_by_hand(out, plan);
    }
    anonymous::section(out, plan);
    contents(out, plan);
    vault(out, plan);
    worth_knowing(out, plan);
    text
}

fn stamp(moment: OffsetDateTime) -> String {
    let (date, time) = (moment.date(), moment.time());
    let (hour, minute, second) = time.as_hms();
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

fn demo_warning(out: &mut String, seed: &str) {
    let _ = writeln!(
        out,
        "> **DEMO: never use these files for a real cluster.**\n\
         > Every key was computed from the text `{}`, and the clock was a fixed one.\n\
         > Whoever knows the text has all the keys.\n",
        seed.replace(['`', '\n', '\r'], " "),
    );
}

fn install(out: &mut String, plan: &Plan, demo: bool) {
    let archive = plan.archive_name(demo);
    let hosts = plan.machines().count();
    let _ = writeln!(
        out,
        "## Install\n\
         \n\
         Check the archive first, in an empty folder:\n\
         \n\
         ```sh\n\
         tar -xzf {archive} && sha256sum --quiet -c SHA256SUMS\n\
         ```\n"
    );
    if hosts == 0 {
        return;
    }
    let _ = writeln!(
        out,
        "Then copy the archive to each machine and run the machine's own line there, as a user who \
         may use sudo.\n\
         It puts the files where they belong, with root as owner and the right modes:\n\
         \n\
         ```sh"
    );
    if hosts > MOST_HOSTS {
        let _ = writeln!(out, "{}", install_line(&archive, "\"$(hostname)\""));
    } else {
        let line = |out: &mut String, node: &Node| {
            let _ = writeln!(out, "# on {}", node.name);
            let _ = writeln!(out, "{}", install_line(&archive, node.name.as_str()));
        };
        for (_, node) in plan.machines() {
            line(out, node);
        }
    }
    let _ = writeln!(out, "```\n");
}

/// The line that installs one machine's files; the page shows the same.
pub fn install_line(archive: &str, node: &str) -> String {
    format!("sudo tar --same-owner -xpzf {archive} --strip-components=2 -C / hosts/{node}")
}

/// An external etcd runs before there is a cluster.
fn start_etcd(out: &mut String, plan: &Plan) {
    let etcd = &plan.settings.etcd;
    let Some(first) = etcd.members.first() else { return };
    let _ = writeln!(
        out,
        "## Start etcd\n\
         \n\
         etcd runs on machines of its own and starts first. Of each the arguments below \
         `flags/<machine>/` name the files, the URLs under which its certificates hold, and the \
         other members.\n"
    );
    if plan.layout.for_kubeadm {
        let _ = writeln!(
            out,
            "With kubeadm, kubelet starts it there as a static pod, and does nothing else. Give \
             kubelet the machine's `flags/<machine>/kubelet-config.yaml` (`kubelet --config`, no \
             kubeconfig): it belongs to no cluster, listens on the machine itself only, and \
             answers nobody. Add your container runtime's socket and cgroup driver. Then, on each \
             machine with its own folder:\n\
             \n\
             ```sh\n\
             kubeadm init phase etcd local --config flags/{}/kubeadm.yaml\n\
             ```\n\
             \n\
             kubeadm does not renew or upgrade these machines later.\n",
            first.name
        );
    }
    let pki = "/etc/kubernetes/pki/etcd";
    let _ = writeln!(
        out,
        "Ask all of them from one of them, before you go on:\n\
         \n\
         ```sh\n\
         etcdctl --cacert {pki}/ca.crt --cert {pki}/healthcheck-client.crt \\\n  \
         --key {pki}/healthcheck-client.key \\\n  --endpoints {} endpoint health\n\
         ```\n\
         \n\
         Later members join with `etcdctl member add`, and with `--initial-cluster-state=existing` \
         in place of `new`.\n",
        etcd.endpoints.join(",")
    );
}

fn start(out: &mut String, plan: &Plan) {
    let settings = &plan.settings;
    let _ = writeln!(
        out,
        "## Start the cluster\n\
         \n\
         `kubeadm init` finds these files and uses them as they are; run it with the same node \
         names, addresses, endpoint, service range and DNS domain as in `design.yaml`.\n\
         Without kubeadm, point the components at the same paths that kubeadm's manifests use.\n"
    );
    let has_own_flags = settings.wants(Output::Encryption)
        || settings.wants(Output::KubeletServing)
        || settings.etcd.is_external()
        || settings.refuse_anonymous
        || !settings.authorities.is_empty();
    if let (true, Some(first)) = (has_own_flags, settings.control_planes.first()) {
        let _ = writeln!(
            out,
            "Some flags are other than kubeadm's own here, so start with them:\n\
             \n\
             ```sh\n\
             kubeadm init --config flags/{}/kubeadm.yaml\n\
             ```\n",
            first.name
        );
    }
    let joins = settings.control_planes.len() + settings.workers.len() > 1;
    if joins && settings.wants(Output::Bootstrap) {
        let _ = writeln!(
            out,
            "The other machines join with `flags/<machine>/kubeadm.yaml`, once \
             `manifests/bootstrap.yaml` is applied and with `operator/bootstrap-kubelet.conf` \
             beside them:\n\
             \n\
             ```sh\n\
             kubeadm join --config kubeadm.yaml\n\
             ```\n\
             \n\
             It has kubeadm not mind that `kubelet.conf`, and on workers `ca.crt`, are there \
             already: without `--config`, give `kubeadm join` the \
             `--ignore-preflight-errors` that stand in it.\n"
        );
    }
    if settings.version.minor >= 29 {
        let _ = writeln!(
            out,
            "kubeadm makes the role bindings in `manifests/rbac.yaml` by itself.\n\
             On a cluster that you start without kubeadm, apply them once, with the kubeconfig \
             that needs no binding:\n\
             \n\
             ```sh\n\
             kubectl --kubeconfig operator/super-admin.conf apply -f manifests/rbac.yaml\n\
             ```\n\
             \n\
             Until then `admin.conf` may do nothing{}.\n\
             Keep `super-admin.conf` locked away afterwards: its group, system:masters, can be \
             neither bound away nor revoked before the certificate ends.\n",
            if settings.version.minor >= 33 {
                ", and kubelets refuse the kube-apiserver's requests for logs and exec"
            } else {
                ""
            },
        );
    } else {
        let _ = writeln!(
            out,
            "kubeadm makes the role binding in `manifests/rbac.yaml` by itself; without kubeadm, \
             apply it once, so that kubelets can renew their certificates:\n\
             \n\
             ```sh\n\
             kubectl --kubeconfig operator/admin.conf apply -f manifests/rbac.yaml\n\
             ```\n\
             \n\
             In this version of Kubernetes `admin.conf` belongs to system:masters, which can be \
             neither bound away nor revoked before the certificate ends: keep it locked away.\n"
        );
    }
}

fn start_by_hand(out: &mut String, plan: &Plan) {
    let name = plan.settings.layout;
    let heading = if name == LayoutName::Own { "Use the files" } else { "Start the cluster" };
    let _ = writeln!(out, "## {heading}\n\n{}\n", layout::start(name));
    if let Some(file) = layout::first_kubeconfig(name) {
        let _ = writeln!(
            out,
            "Apply the role bindings once, with the kubeconfig that needs no binding; until then \
             kubelets refuse the kube-apiserver's requests for logs and exec:\n\
             \n\
             ```sh\n\
             kubectl --kubeconfig {file} apply -f manifests/rbac.yaml\n\
             ```\n\
             \n\
             Keep `{file}` locked away afterwards: its group, system:masters, can be neither bound \
             away nor revoked before the certificate ends.\n"
        );
    }
    let fixes = layout::fixes(name);
    if !fixes.is_empty() {
        let _ = writeln!(out, "## What is other than in the original, and why\n");
        for fix in fixes {
            let _ = writeln!(out, "- {fix}");
        }
        out.push('\n');
    }
}

fn contents(out: &mut String, plan: &Plan) {
    let _ = writeln!(out, "## What is in it\n");
    let settings = &plan.settings;
    if settings.layout == LayoutName::Own {
        // No two machines need have the same.
        for (owner, node) in plan.machines().take(MOST_HOSTS) {
            let _ = writeln!(out, "### hosts/{}/\n", node.name);
            table(out, plan, &owner);
        }
    } else if let Some(first) = settings.control_planes.first() {
        let others = settings.control_planes.len() - 1;
        let more = match others {
            0 => String::new(),
            1 => " (the other control plane has its own)".to_owned(),
            _ => format!(" (the other {others} control planes have their own)"),
        };
        let _ = writeln!(out, "### hosts/{}/{more}\n", first.name);
        table(out, plan, &Owner::ControlPlane(0));
    }
    if let Some(first) = settings.etcd.members.first() {
        let more = match settings.etcd.members.len() - 1 {
            0 => String::new(),
            1 => " (the other member of etcd has its own)".to_owned(),
            others => format!(" (the other {others} members of etcd have their own)"),
        };
        let _ = writeln!(out, "### hosts/{}/{more}\n", first.name);
        table(out, plan, &Owner::Etcd(0));
    }
    let first = settings.workers.first().filter(|_| settings.layout != LayoutName::Own);
    if let Some(first) = first {
        let more = match settings.workers.len() - 1 {
            0 => String::new(),
            1 => " (the other worker has its own)".to_owned(),
            others => format!(" (the other {others} workers have their own)"),
        };
        if plan.files.iter().any(|file| is_listed(file, &Owner::Worker(0))) {
            let _ = writeln!(out, "### hosts/{}/{more}\n", first.name);
            table(out, plan, &Owner::Worker(0));
        }
    }
    let _ = writeln!(out, "### For the people who run the cluster, and on no machine\n");
    table(out, plan, &Owner::Operator);
    let _ = writeln!(
        out,
        "### Beside them\n\
         \n\
         - `manifests/rbac.yaml`: {}\n\
         - `flags/<machine>/`: what each component on the machine must be told about \
         certificates, and nothing else: as arguments (`.args`), as a systemd drop-in \
         (`.service.d`), as a configuration file where the component reads one, and for kubeadm \
         as `kubeadm.yaml`.\n\
         \x20 A drop-in takes all other arguments of a component from a variable in \
         `/etc/default`, such as `KUBE_APISERVER_ARGS`{}.\n\
         \x20 Where there is a configuration file, `.args` says the same once more: take one of \
         them, or both, for a flag counts more than the file.\n\
         - `design.yaml`: what all this was made from; it holds no secret, and PKI Workbench reads \
         it back.\n\
         - `SHA256SUMS`: a checksum of every other file.\n",
        match (plan.layout.for_kubeadm, plan.layout.bindings.is_empty()) {
            (true, _) => "of the role bindings that `kubeadm init` makes, those these files need.",
            (false, false) => "the role bindings that the files need.",
            (false, true) => "empty, because this layout needs none.",
        },
        match plan.layout.for_kubeadm {
            true =>
                "; kubelet's keeps what the drop-in of kubeadm's packages says. Under kubeadm \
                     kubelet is the only one of them that systemd starts",
            false => "",
        }
    );
}

/// Whether a file is in the table of those who have it.
fn is_listed(file: &PlannedFile, owner: &Owner) -> bool {
    file.owner == *owner && !matches!(file.content, Content::Settings(_))
}

fn table(out: &mut String, plan: &Plan, owner: &Owner) {
    let _ = writeln!(out, "| mode | file | what it is |\n|---|---|---|");
    for file in plan.files.iter().filter(|file| is_listed(file, owner)) {
        let path = file.installed_path().unwrap_or(&file.path);
        let _ = writeln!(out, "| {:04o} | `{path}` | {} |", file.mode, what(plan, file));
    }
    out.push('\n');
}

/// One line on a file, from what the plan says about it.
pub fn what(plan: &Plan, file: &PlannedFile) -> String {
    let mut text = holds(plan, &file.content);
    let readers: Vec<String> = plan
        .readers(file)
        .iter()
        .map(|(component, flag)| format!("`{} --{flag}`", component.name()))
        .collect();
    if !readers.is_empty() {
        text.push_str("; named by ");
        text.push_str(&readers.join(", "));
    }
    text
}

/// What a file holds.
pub fn holds(plan: &Plan, content: &Content) -> String {
    match content {
        Content::Certificate(id) => match plan.item(*id).map(|item| &item.make) {
            Some(Make::Authority(authority)) => {
                let row = authority.row;
                let purpose = layout::purpose(row.letter);
                let limits = layout::limits(&authority.constraints);
                let limits = if limits.is_empty() { limits } else { format!("; {limits}") };
                format!("certificate of the CA `{}`, which {purpose}{limits}", row.common_name)
            }
            Some(Make::Leaf(leaf)) => {
                let issuer = plan.item(leaf.issuer).map_or("", |issuer| issuer.name.as_str());
                format!("certificate of `{}`, signed by `{issuer}`", leaf.subject.common_name)
            }
            _ => String::new(),
        },
        Content::PrivateKey(id) => match plan.item(*id).map(|item| &item.make) {
            Some(Make::Authority(authority)) => {
                format!(
                    "private key of the CA `{}`: whoever has it can make any certificate that \
                     the CA's trust opens",
                    authority.row.common_name
                )
            }
            Some(Make::Leaf(leaf)) => format!("private key of `{}`", leaf.subject.common_name),
            Some(Make::Token | Make::Secret) => String::new(),
            _ => "private key that signs service-account tokens, the same on all control planes"
                .to_owned(),
        },
        Content::PublicKey(_) => "public key that checks service-account tokens".to_owned(),
        Content::Kubeconfig(kubeconfig) => {
            let named = kubeconfig.files.as_ref().map_or("", |_| "; it names the files beside it");
            format!("kubeconfig of the user `{}` for {}{named}", kubeconfig.user, kubeconfig.server)
        }
        Content::Settings(file) => settings(*file),
        Content::Extra(extra) => made_on_request(plan, *extra),
        Content::Bundle(ids) => bundle(plan, ids),
        Content::TokenList(_) => {
            "static token of the user `system:bootstrapper`, with which nodes ask for their first \
             certificate"
                .to_owned()
        }
        Content::Serial(_) => {
            "the number from which `openssl x509 -CAserial` goes on; Kubernetes does not read it"
                .to_owned()
        }
        Content::Secret { name, .. } => {
            format!("Secret `{name}`; apply it in the namespace of the Cluster object, before it")
        }
    }
}

/// Several CAs in one file: some trusted alike, or one and those above it.
fn bundle(plan: &Plan, ids: &[ItemId]) -> String {
    let cas: Vec<String> = ids
        .iter()
        .filter_map(|id| plan.authority_of(*id))
        .map(|authority| format!("`{}`", authority.row.common_name))
        .collect();
    let cas = cas.join(", ");
    let is_chain = ids.windows(2).all(|pair| {
        let issuer = plan.item(pair[0]).and_then(Item::issuer);
        issuer == Some(pair[1])
    });
    if is_chain {
        return format!(
            "certificates of the CAs {cas}, each signed by the next, the root last: for programs \
             that use OpenSSL, which trust a CA only with its root beside it"
        );
    }
    let client_cas = plan.settings_of(Component::Apiserver);
    let client_cas = client_cas.iter().find(|setting| setting.name == "client-ca-file");
    let is_client_ca = client_cas.is_some_and(|setting| {
        let file = plan.installed(&Owner::ControlPlane(0), &setting.value);
        file.is_some_and(|file| matches!(&file.content, Content::Bundle(of) if of == ids))
    });
    let power = match is_client_ca {
        true => ", so each of them can make a user of any name and group",
        false => "",
    };
    format!(
        "certificates of the CAs {cas}: whoever shows a certificate of any of them is trusted{power}"
    )
}

/// What a file is that is made on request, and what to do with it.
fn made_on_request(plan: &Plan, extra: Extra) -> String {
    let name = extra.item().and_then(|id| plan.item(id)).map_or("", |item| item.name.as_str());
    match extra {
        Extra::KeySet(_) => "public key of service-account tokens as a JSON Web Key Set; serve it \
             at `/openid/v1/jwks` of the issuer"
            .to_owned(),
        Extra::Discovery => {
            "what others need to know to check service-account tokens; serve it at \
             `/.well-known/openid-configuration` of the issuer"
                .to_owned()
        }
        Extra::BootstrapToken(_) => "bootstrap token, good for 24 hours, and the role bindings of \
             whoever has it; no cluster knows the token before you `kubectl apply -f` this file, \
             so do that only when a machine is to join with `operator/bootstrap-kubelet.conf`"
            .to_owned(),
        Extra::Aggregation => "what an extension API server must be allowed to do: ask who its \
             callers are, and read which CA signs the aggregation layer. Apply what concerns one \
             whose service account has the name of its Service; a webhook needs nothing of it"
            .to_owned(),
        Extra::Encryption(_) => {
            "key by which kube-apiserver encrypts Secrets in etcd, the same on \
             all control planes: whoever loses it loses the Secrets"
                .to_owned()
        }
        Extra::Issuer(_) => format!(
            "the CA `{name}` for cert-manager, as Secret and ClusterIssuer; whoever may create \
             Certificates there can make any certificate of this CA"
        ),
        Extra::PemBundle(_) => format!("key and certificate of the CA `{name}` for Vault"),
        Extra::VaultCommands => "the commands that bring the CAs into Vault".to_owned(),
        Extra::StepCommands => "the commands that make a step-ca for each CA".to_owned(),
        Extra::Script => {
            "makes the same layout with openssl alone, with new keys; it explains each step"
                .to_owned()
        }
    }
}

/// The risks of the layout, the worst first.
fn worth_knowing(out: &mut String, plan: &Plan) {
    let risks = plan.review();
    if risks.is_empty() {
        return;
    }
    let _ = writeln!(out, "## What a thief could make of it, and what to do\n");
    for risk in &risks {
        let _ = writeln!(out, "- {}", risks::risk(plan, risk));
    }
    out.push('\n');
}

fn settings(file: SettingsFile) -> String {
    let name = file.component.name();
    match file.form {
        Form::Arguments => format!("what `{name}` must be told about certificates, as arguments"),
        Form::Systemd => format!("the same as a drop-in for the systemd unit of `{name}`"),
        Form::Configuration if file.member.is_some() => {
            "what makes kubelet start etcd as a static pod and answer nobody".to_owned()
        }
        Form::Kubeadm if file.member.is_some() => {
            "the same for `kubeadm init phase etcd local --config`".to_owned()
        }
        Form::Configuration => format!("the same as far as the configuration file of `{name}` can"),
        Form::Kubeadm => "the same for `kubeadm init --config`".to_owned(),
        Form::Join(_) => "how this machine joins: for `kubeadm join --config`".to_owned(),
    }
}

fn vault(out: &mut String, plan: &Plan) {
    if plan.settings.ca_keys == CaKeys::Vault {
        let _ = writeln!(
            out,
            "## The vault\n\
             \n\
             `vault/` holds the private keys of the CAs; they are on no machine of the cluster \
             (kubeadm's external-CA mode).\n\
             Store the folder offline, apart from this archive.\n\
             The cluster then cannot sign certificates by itself: start kube-controller-manager \
             without `--cluster-signing-cert-file` and `--cluster-signing-key-file`, and renew \
             certificates from the vault before they end.\n"
        );
        table(out, plan, &Owner::Vault);
    } else if plan.files.iter().any(|file| file.owner == Owner::Vault) {
        let _ = writeln!(
            out,
            "## The vault\n\
             \n\
             `vault/` holds the private keys of the CAs that nothing in the cluster needs while it \
             runs.\n\
             Store the folder offline, apart from this archive; the keys are needed again to \
             renew.\n"
        );
        table(out, plan, &Owner::Vault);
    } else if !plan.settings.layout.needs_ca_keys() {
        let _ = writeln!(
            out,
            "## CA keys\n\
             \n\
             As with kubeadm, the private keys of the CAs are on every control plane{}.\n\
             kube-controller-manager needs only `ca.key`, to sign certificates for nodes and \
             users; any other CA's key is needed again only to renew, and can be moved to a safe \
             place.\n",
            match plan.settings.etcd.members.first() {
                Some(first) => format!("; that of etcd's CA is on {} alone", first.name),
                None => String::new(),
            }
        );
    }
}
