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
        ("a variable", format!("$ export CA_BUNDLE={data}; env | grep [C]A\n")),
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
    assert_eq!(foreign("nothing of the kind"), None);
}
