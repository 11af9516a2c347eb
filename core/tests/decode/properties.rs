//! What holds for every input.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use pki_core::bundle::certificate_pem;
use pki_core::decode::hex;
use proptest::prelude::*;

use crate::{CATALOG, ca, ca_pem, certificates, report};

/// One wrapping on top of another; the first is put on first.
#[derive(Clone, Copy, Debug)]
enum Wrap {
    Pem,
    Base64,
    Url,
    Folded,
    Hex,
    Secret,
    Json,
    Quoted,
    Crlf,
}

impl Wrap {
    const ALL: [Self; 9] = [
        Self::Pem,
        Self::Base64,
        Self::Url,
        Self::Folded,
        Self::Hex,
        Self::Secret,
        Self::Json,
        Self::Quoted,
        Self::Crlf,
    ];

    /// The input wrapped; unchanged where this wrapping cannot hold it.
    fn put_on(self, input: Vec<u8>) -> Vec<u8> {
        let is_der = input == ca();
        let is_text = !is_der;
        let base64 = Base64::encode_string(&input);
        let text = String::from_utf8_lossy(&input).into_owned();
        match self {
            Self::Pem if is_der => certificate_pem(&input).into_bytes(),
            Self::Hex if is_der => hex(&input).into_bytes(),
            Self::Base64 => base64.into_bytes(),
            Self::Url => Base64UrlUnpadded::encode_string(&input).into_bytes(),
            Self::Folded => {
                let lines: Vec<_> =
                    base64.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
                lines.join("\n").into_bytes()
            }
            Self::Secret => {
                format!("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {base64}\n").into_bytes()
            }
            Self::Json if is_text => {
                let value = serde_json::json!({ "field": text });
                value.to_string().into_bytes()
            }
            Self::Quoted if is_text && !text.contains(['"', '\n']) => {
                format!("\"{text}\"").into_bytes()
            }
            Self::Crlf if is_text => text.replace('\n', "\r\n").into_bytes(),
            _ => input,
        }
    }
}

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

    #[test]
    fn any_wrapping_comes_off(wraps in prop::collection::vec(0..Wrap::ALL.len(), 1..5)) {
        let wraps: Vec<_> = wraps.into_iter().map(|index| Wrap::ALL[index]).collect();
        let input = wraps.iter().fold(ca().to_vec(), |input, wrap| wrap.put_on(input));
        let found = report(&input);
        let expected = report(ca_pem());
        prop_assert_eq!(certificates(&found), certificates(&expected), "{:?}", wraps);
    }
}
