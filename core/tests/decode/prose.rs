//! What people paste around a certificate, or in place of one.

use base64ct::{Base64, Encoding};
use pki_core::decode::Problem;
use pki_core::detect::{Foreign, Step};
use pki_core::explain::Object;

use crate::{ca_pem, certificates, report};

#[test]
fn a_certificate_is_found_in_what_stands_around_it() {
    let pem = ca_pem();
    let data = Base64::encode_string(pem.as_bytes());
    let (_, der) = pem_rfc7468::decode_vec(pem.as_bytes()).expect("PEM");
    let each = |line: fn(usize, &str) -> String| {
        let lines = pem.lines().enumerate();
        lines.map(|(index, text)| line(index + 1, text) + "\n").collect::<String>()
    };
    let cases = [
        ("added in a diff", each(|_, line| format!("+{line}"))),
        ("taken out in a diff", each(|_, line| format!("-{line}"))),
        ("cat -n", each(|number, line| format!("{number:6}\t{line}"))),
        ("grep -n", each(|number, line| format!("{number}:{line}"))),
        ("HTML", format!("<pre>{}</pre>", pem.replace('\n', "<br>"))),
        ("an editor's dashes", pem.replace("-----", "\u{2014}\u{2013}\u{2014}")),
        ("four hyphens", pem.replace("-----", "----")),
        (
            "kubectl patch",
            format!("kubectl patch x -p='[{{\"op\":\"add\",\"value\":\"{data}\"}}]'"),
        ),
        ("terraform", format!("  cluster_ca_certificate = base64decode(\"{data}\")\n")),
        ("a go-template", format!("map[ca.crt:{data} tls.crt: x.y:]")),
        ("set -x", format!("+ kubectl --server=https://a.b:6443 --ca=<(echo {data} | base64 -d)")),
        ("a variable", format!("$ export CA_BUNDLE={data}; env | grep [C]A\n")),
        ("journalctl", each(|n, line| format!("Nov 28 09:12:{n:02} w1 kubelet[12]: {line}"))),
        ("docker compose logs", each(|_, line| format!("app_1  | {line}"))),
        ("kubectl logs --prefix", each(|_, line| format!("[pod/a-1/b] {line}"))),
        ("lines in a JSON list", each(|_, line| format!("    \"{line}\","))),
        ("blanks that do not break", pem.replace(' ', "\u{a0}")),
        ("marks of no width", pem.replace('-', "-\u{200b}")),
        ("nginx", format!("ssl-client-cert: {}", percent(&pem))),
        ("Envoy", format!("Hash=00;Cert=\"{}\";Subject=\"CN=x\"", percent(&pem))),
        ("Go's octets", format!("{:?}", pem.as_bytes()).replace(',', "")),
        ("JSON's octets", format!("{:?}", der)),
        ("hexdump -C", dump(&der, |at, hex, text| format!("{at:08x}  {hex} |{text}|"))),
        ("xxd", dump(&der, |at, hex, text| format!("{at:08x}: {hex}  {text}"))),
        ("od -t x1", dump(&der, |at, hex, _| format!("{at:07o} {hex}"))),
        ("a log", format!("E1123 x.go:1] \"bad\" cert=\"{}\"", pem.replace('\n', "\\n"))),
    ];
    for (what, input) in cases {
        let found = report(input);
        assert_eq!(certificates(&found).len(), 1, "{what}: {found:?}");
    }
    let dashes = report(pem.replace("-----", "----"));
    assert!(dashes.objects[0].findings.iter().any(|f| f.problem == Problem::PemDashes));
    let line = report(format!("first line\nsecond \"{data}\""));
    assert_eq!(line.objects[0].path[0], Step::Prose { line: 2 });
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|octet| match octet.is_ascii_alphanumeric() || octet == b'-' {
            true => char::from(octet).to_string(),
            false => format!("%{octet:02X}"),
        })
        .collect()
}

/// Sixteen octets a line: their offset, they themselves, and the text that they are.
fn dump(bytes: &[u8], line: fn(usize, &str, &str) -> String) -> String {
    let mut lines = Vec::new();
    for (index, row) in bytes.chunks(16).enumerate() {
        let hex: Vec<_> = row.iter().map(|octet| format!("{octet:02x}")).collect();
        let shown = |octet: &u8| if octet.is_ascii_graphic() { char::from(*octet) } else { '.' };
        let text: String = row.iter().map(shown).collect();
        lines.push(line(index * 16, &hex.join(" "), &text));
    }
    lines.join("\n")
}

/// What stands beside PEM is read too, and a field keeps its name.
#[test]
fn base64_beside_pem_is_found() {
    let pem = ca_pem();
    let data = Base64::encode_string(crate::CATALOG[1].1.as_slice());
    let indented = pem.replace('\n', "\n    ");
    let cloud_init = format!(
        "#cloud-config\nwrite_files:\n- path: /a\n  encoding: b64\n  content: {data}\n- path: /b\n  \
         content: |\n    {indented}\n"
    );
    let found = report(&cloud_init);
    assert_eq!(certificates(&found).len(), 2, "{found:?}");
    assert!(found.objects.iter().all(|entry| entry.findings.is_empty()), "{found:?}");
    let path = |index: usize| match &found.objects[index].path[0] {
        Step::Field { path, .. } => path.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!([path(0), path(1)], ["write_files[0].content", "write_files[1].content"]);
    let shell = format!("{pem}\n$ echo {data} | base64 -d\n");
    assert_eq!(certificates(&report(shell)).len(), 2);
    // On one line the base64 of the block is a word too, and is not found twice.
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let one_line = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    assert_eq!(certificates(&report(one_line)).len(), 1);
}

/// One paste, made of several: nothing of it is lost, and lines are those of the whole.
#[test]
fn several_things_are_read_one_after_the_other() {
    let pem = ca_pem();
    let [first, second] = [&crate::CATALOG[1].1, &crate::CATALOG[2].1];
    let data = |der: &[u8]| {
        let pem = pki_core::bundle::certificate_pem(der);
        Base64::encode_string(pem.as_bytes())
    };
    let kubeconfig = format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: a\n  cluster:\n    \
         certificate-authority-data: {}\n",
        data(first)
    );
    let secret = format!("kind: Secret\napiVersion: v1\ndata:\n  tls.crt: {}\n", data(second));
    let json = format!(
        "{{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"data\": {{\n    \
                        \"tls.crt\": \"{}\"\n  }}\n}}\n",
        data(second)
    );
    let blob = format!("{}\n", data(first));
    let behind = format!("data:\n  tls.crt: {}\nkind: Secret\napiVersion: v1\n", data(second));
    for (what, input, count) in [
        ("PEM, kubeconfig", [pem.as_str(), &kubeconfig].concat(), 2),
        ("kubeconfig, PEM", [kubeconfig.as_str(), &pem].concat(), 2),
        ("kubeconfig, Secret", [kubeconfig.as_str(), &secret].concat(), 2),
        ("Secret, kubeconfig", [secret.as_str(), &kubeconfig].concat(), 2),
        ("Secret, blob", [secret.as_str(), &blob].concat(), 2),
        ("blob, Secret, PEM", [blob.as_str(), &secret, &pem].concat(), 3),
        ("PEM, JSON", [pem.as_str(), &json].concat(), 2),
        ("JSON, JSON, PEM", [json.as_str(), &json, &pem].concat(), 3),
        ("YAML stream, PEM", [kubeconfig.as_str(), "---\n", &secret, &pem].concat(), 3),
        ("PEM, Secret from behind", [pem.as_str(), &behind].concat(), 2),
        ("prompt, Secret", ["$ kubectl get secret a -o yaml\n", secret.as_str()].concat(), 1),
    ] {
        let found = report(&input);
        assert_eq!(certificates(&found).len(), count, "{what}: {found:?}");
        assert_eq!(found.findings, [], "{what}");
    }
    let found = report([pem.as_str(), &secret].concat());
    let lines: Vec<_> = found.objects[1].path.iter().collect();
    let line = pem.lines().count() + 4;
    let at = |step: &&Step| matches!(step, Step::Field { line: Some(at), .. } if *at == line);
    assert!(lines.into_iter().any(|step| at(&step)), "{found:?}");
}

#[test]
fn an_object_with_nothing_in_it_is_named() {
    let found = report("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
    let kind = "KubeletConfiguration".to_owned();
    assert_eq!(found.findings[0].problem, Problem::NothingInObject { kind });
}

#[test]
fn a_message_or_a_listing_gets_advice() {
    let foreign = |input: &str| match &report(input).objects[..] {
        [entry] => match &entry.object {
            Object::Foreign(foreign) => Some(foreign.clone()),
            _ => None,
        },
        _ => None,
    };
    let message = "Unable to connect to the server: x509: certificate is valid for 10.96.0.1, not \
                   203.0.113.7\n";
    assert_eq!(foreign(message), Some(Foreign::ErrorText));
    let listing = "NAME   AGE   SIGNERNAME   REQUESTOR   REQUESTEDDURATION   CONDITION\n\
                   csr-8  1s    kubernetes.io/kubelet-serving   system:node:w1   <none>   Pending\n";
    assert_eq!(foreign(listing), Some(Foreign::Listing));
    for description in [
        "CERTIFICATE  EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY\n",
        "Certificate:\n    Data:\n        Version: 3 (0x2)\n    Signature Algorithm: ED25519\n",
        "* Server certificate:\n*  subject: CN=kube-apiserver\n",
    ] {
        assert_eq!(foreign(description), Some(Foreign::Description), "{description}");
    }
    assert_eq!(foreign("nothing of the kind"), None);
}
