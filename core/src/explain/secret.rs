//! What a report leaves out: the bytes of a private key, or of something that may be one.

use pem_rfc7468::LineEnding;
use zeroize::Zeroizing;

use crate::detect::detect;

/// The bytes of an object that no report shows.
pub struct Hidden {
    /// Its DER.
    pub der: Zeroizing<Vec<u8>>,
    /// The same as PEM, under the label that it came with; `None` where it came with none.
    pub pem: Option<Zeroizing<String>>,
}

/// Takes the bytes of one object out of the inputs that a report was made from.
///
/// `object` is its index in the report, and `inputs` are those of [`read`](super::read) or
/// [`read_files`](super::read_files) in the same order.
/// `None` for an object that is no string of bytes, such as a kubeconfig.
pub fn hidden<'a>(inputs: impl IntoIterator<Item = &'a [u8]>, mut object: usize) -> Option<Hidden> {
    for input in inputs {
        let candidates = detect(input).candidates;
        let count = candidates.len();
        let Some(candidate) = candidates.into_iter().nth(object) else {
            object = object.saturating_sub(count);
            continue;
        };
        if candidate.bytes.is_empty() {
            return None;
        }
        // The values of its headers are gone, and without them an encrypted block is useless.
        let label = candidate.label.filter(|_| candidate.headers.is_empty());
        let pem = label.and_then(|label| {
            pem_rfc7468::encode_string(&label, LineEnding::LF, &candidate.bytes).ok()
        });
        return Some(Hidden { der: candidate.bytes, pem: pem.map(Zeroizing::new) });
    }
    None
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::hidden;
    use crate::explain::{Object, read};

    const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
        -----END PRIVATE KEY-----\n";

    #[test]
    fn a_key_is_found_by_its_place_in_the_report() {
        let first = format!("{KEY}{KEY}");
        let report = read(first.as_bytes(), OffsetDateTime::UNIX_EPOCH);
        assert!(matches!(report.objects[1].object, Object::PrivateKey(_)));
        assert!(report.objects[1].pem.is_none());
        let inputs = [first.as_bytes(), b"nothing", KEY.as_bytes()];
        for object in 0..3 {
            let found = hidden(inputs, object).expect("there are three keys");
            assert_eq!(found.pem.expect("it came as PEM").as_str(), KEY);
            assert_eq!(found.der.len(), 48);
        }
        assert!(hidden(inputs, 3).is_none());
    }
}
