//! What holds for every input. `PROPTEST_CASES=100000` tries that many of each in place of 256.

use std::io::Write;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use pki_core::bundle::certificate_pem;
use pki_core::decode::hex;
use proptest::prelude::*;

use crate::{CATALOG, ca, ca_pem, certificates, report};

/// One wrapping on top of another; the first is put on first.
#[derive(Clone, Copy, Debug)]
enum Wrap {
    Pem,
    Pkcs7,
    Base64,
    Twice,
    Url,
    Folded,
    Hex,
    HexColons,
    Secret,
    ConfigMap,
    Kubeconfig,
    List,
    Status,
    Json,
    Quoted,
    Crlf,
    Bom,
    Indent,
    Tar,
    Gzip,
}

impl Wrap {
    const ALL: [Self; 20] = [
        Self::Pem,
        Self::Pkcs7,
        Self::Base64,
        Self::Twice,
        Self::Url,
        Self::Folded,
        Self::Hex,
        Self::HexColons,
        Self::Secret,
        Self::ConfigMap,
        Self::Kubeconfig,
        Self::List,
        Self::Status,
        Self::Json,
        Self::Quoted,
        Self::Crlf,
        Self::Bom,
        Self::Indent,
        Self::Tar,
        Self::Gzip,
    ];

    /// The input wrapped; unchanged where this wrapping cannot hold it.
    fn put_on(self, input: Vec<u8>) -> Vec<u8> {
        let is_der = input == ca();
        let base64 = Base64::encode_string(&input);
        let text = String::from_utf8(input.clone()).ok().filter(|text| !text.contains('\0'));
        // A text that YAML takes into a block as it is.
        let plain = text.as_deref().filter(|text| !text.contains(['\r', '\u{feff}']));
        let indented =
            |text: &str| -> String { text.lines().map(|line| format!("    {line}\n")).collect() };
        let wrapped = match (self, text.as_deref()) {
            (Self::Pem, _) if is_der => certificate_pem(&input),
            (Self::Pkcs7, _) if is_der => return pkcs7(&input),
            (Self::Hex, _) if is_der => hex(&input),
            (Self::HexColons, _) if is_der => {
                let octets: Vec<_> = input.iter().map(|octet| format!("{octet:02X}")).collect();
                octets.join(":")
            }
            (Self::Base64, _) => base64,
            (Self::Twice, _) => Base64::encode_string(base64.as_bytes()),
            (Self::Url, _) => Base64UrlUnpadded::encode_string(&input),
            (Self::Folded, _) => {
                let lines: Vec<_> =
                    base64.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
                lines.join("\n")
            }
            (Self::Secret, _) => {
                format!("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {base64}\n")
            }
            (Self::Kubeconfig, _) => format!(
                "apiVersion: v1\nkind: Config\nclusters:\n- name: a\n  cluster:\n    \
                 certificate-authority-data: {base64}\n"
            ),
            (Self::List, _) => format!(
                "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  \
                 data:\n    ca.crt: {base64}\n"
            ),
            (Self::Status, _) => format!(
                "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\n\
                 status:\n  certificate: {base64}\n"
            ),
            (Self::ConfigMap, _) if let Some(text) = plain => {
                format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  ca.crt: |2\n{}", indented(text))
            }
            (Self::Json, Some(text)) => serde_json::json!({ "field": text }).to_string(),
            (Self::Quoted, Some(text)) if !text.contains(['"', '\n']) => format!("\"{text}\""),
            (Self::Crlf, Some(text)) if !text.contains('\r') => text.replace('\n', "\r\n"),
            (Self::Bom, Some(text)) if !text.contains('\u{feff}') => format!("\u{feff}{text}"),
            (Self::Indent, _) if let Some(text) = plain => indented(text),
            (Self::Tar, _) => {
                let mut archive = tar::Builder::new(Vec::new());
                let mut header = tar::Header::new_gnu();
                header.set_size(input.len() as u64);
                header.set_mode(0o644);
                archive.append_data(&mut header, "pki/ca.crt", &*input).expect("memory");
                return archive.into_inner().expect("memory");
            }
            (Self::Gzip, _) => {
                let mut gzip =
                    flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                gzip.write_all(&input).expect("memory");
                return gzip.finish().expect("memory");
            }
            _ => return input,
        };
        wrapped.into_bytes()
    }
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).expect("a small object").to_be_bytes();
    // DER wants the shortest length.
    let head = match content.len() {
        0..0x80 => vec![tag, length[1]],
        0x80..0x100 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, content].concat()
}

/// A bundle of certificates alone (RFC 2315 §9.1, the degenerate case of `openssl crl2pkcs7`).
fn pkcs7(certificate: &[u8]) -> Vec<u8> {
    let data = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    let signed_data = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    let signed = tlv(
        0x30,
        &[&[2, 1, 1, 0x31, 0], &tlv(0x30, &[&data]), &tlv(0xa0, &[certificate]), &[0x31, 0]],
    );
    tlv(0x30, &[&signed_data, &tlv(0xa0, &[&signed])])
}

/// What sets each of the readers to work.
const STARTS: [&[u8]; 12] = [
    b"",
    &[0x30, 0x83, 0x00, 0xff, 0xff],
    &[0x30, 0x80],
    &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3],
    b"-----BEGIN CERTIFICATE-----\n",
    b"-----BEGIN PKCS7-----\n",
    b"-----BEGIN X509 CRL-----\n",
    b"apiVersion: v1\nkind: List\nitems:\n- ",
    b"{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"a\":\"",
    b"apiVersion: v1\nkind: Config\nusers:\n- user: {token: ",
    b"eyJhbGciOiJSUzI1NiJ9.",
    b"a: &a [x,x]\nb: &b [*a,*a]\n",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        report(&bytes);
        report([&[0x30, 0x82][..], &bytes].concat());
        report([b"-----BEGIN CERTIFICATE-----", &bytes[..]].concat());
        report([b"apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: ", &bytes[..]].concat());
        report(certificate_pem(&bytes));
    }

    /// What does not end, or takes memory without an end, fails here by the clock of the run.
    #[test]
    fn no_large_input_panics(
        seed in prop::collection::vec(any::<u8>(), 1..64),
        length in 0usize..=65_536,
        start in 0usize..STARTS.len(),
    ) {
        let filler: Vec<u8> = seed.iter().copied().cycle().take(length).collect();
        report([STARTS[start], &filler].concat());
    }

    #[test]
    fn no_text_panics(text in r#"[-A-Za-z0-9+/=\n\r\t :{}\[\]"'\\%,&*|>#]{0,400}"#) {
        report(&text);
        report(format!("kind: a\napiVersion: b\n{text}"));
        report(format!("-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----"));
    }

    #[test]
    fn no_damage_panics(
        which in 0usize..64,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut der = CATALOG[which % CATALOG.len()].1.clone();
        for (place, octet) in changes {
            let place = place.index(der.len());
            der[place] = octet;
        }
        report(&der);
        pki_core::explain::openssl::text(&der);
        report(certificate_pem(&der));
        let cut = cut.index(der.len());
        report(&der[..cut]);
    }

    /// Up to three layers: Detect goes sixteen levels deep, and base64 in YAML in base64 is four.
    #[test]
    fn any_wrapping_comes_off(wraps in prop::collection::vec(0..Wrap::ALL.len(), 1..4)) {
        let wraps: Vec<_> = wraps.into_iter().map(|index| Wrap::ALL[index]).collect();
        let input = wraps.iter().fold(ca().to_vec(), |input, wrap| wrap.put_on(input));
        let found = report(&input);
        let expected = report(ca_pem());
        prop_assert_eq!(certificates(&found), certificates(&expected), "{:?}", wraps);
    }
}
