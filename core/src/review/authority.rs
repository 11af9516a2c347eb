//! What a signer needs to know of its CA's certificate.

use const_oid::db::rfc5280;

use super::pkcs10::asn1::{Asn1Error, CONTEXT, Reader, UNIVERSAL, tag};

/// The facts of a CA certificate that end up in the certificates it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The subject's octets, which become the issuer's.
    pub subject: Vec<u8>,
    /// The subjectKeyIdentifier, which becomes the authorityKeyIdentifier.
    pub key_identifier: Option<Vec<u8>>,
    /// The SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// Start of validity, Unix seconds.
    pub not_before: i64,
    /// End of validity, Unix seconds.
    pub not_after: i64,
    /// basicConstraints cA; `None` without the extension.
    pub is_ca: Option<bool>,
    /// Whether keyUsage allows keyCertSign; `None` without the extension.
    pub may_sign: Option<bool>,
}

impl Authority {
    /// Reads the first certificate of a PEM text, which must hold no other.
    ///
    /// # Errors
    /// [`AuthorityError`]; kube-controller-manager does not start then.
    pub fn from_pem(text: &str) -> Result<Self, AuthorityError> {
        let count = text.matches("-----BEGIN CERTIFICATE-----").count();
        if count != 1 {
            return Err(AuthorityError::Count(count));
        }
        let block = super::pkcs10::pem::first_block(text.as_bytes())
            .filter(|block| block.label == b"CERTIFICATE")
            .ok_or(AuthorityError::Pem)?;
        Self::from_der(&block.content)
    }

    /// Reads a certificate.
    ///
    /// # Errors
    /// [`AuthorityError::Der`].
    pub fn from_der(der: &[u8]) -> Result<Self, AuthorityError> {
        read(der).map_err(AuthorityError::Der)
    }
}

/// Why a text is no CA certificate for kube-controller-manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorityError {
    /// The file must hold one certificate; how many it holds.
    Count(usize),
    /// The PEM is damaged.
    Pem,
    /// The DER is damaged.
    Der(Asn1Error),
}

fn read(der: &[u8]) -> Result<Authority, Asn1Error> {
    let mut tbs = Reader::new(der).sequence()?.sequence()?;
    let mut next = tbs.any()?;
    if next.class == CONTEXT && next.number == 0 {
        next = tbs.any()?;
    }
    if next.number != tag::INTEGER {
        return Err(Asn1Error::UnexpectedTag);
    }
    let _algorithm = tbs.sequence()?;
    let _issuer = tbs.expect(UNIVERSAL, tag::SEQUENCE, true)?;
    let mut validity = tbs.sequence()?;
    let (not_before, not_after) = (time(&mut validity)?, time(&mut validity)?);
    let subject = tbs.expect(UNIVERSAL, tag::SEQUENCE, true)?.full.to_vec();
    let spki = tbs.expect(UNIVERSAL, tag::SEQUENCE, true)?.full.to_vec();
    let mut authority = Authority {
        subject,
        key_identifier: None,
        spki,
        not_before,
        not_after,
        is_ca: None,
        may_sign: None,
    };
    while !tbs.is_empty() {
        let element = tbs.any()?;
        if element.class == CONTEXT && element.number == 3 {
            for extension in Reader::new(element.content).sequence()?.all_of(tag::SEQUENCE)? {
                authority.take_extension(extension.content)?;
            }
        }
    }
    Ok(authority)
}

impl Authority {
    fn take_extension(&mut self, extension: &[u8]) -> Result<(), Asn1Error> {
        let mut fields = Reader::new(extension);
        let oid = fields.object_identifier()?;
        fields.optional_boolean()?;
        let mut value = Reader::new(fields.octet_string()?);
        if oid.is(rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER) {
            let identifier = value.octet_string()?.to_vec();
            self.key_identifier = Some(identifier).filter(|identifier| !identifier.is_empty());
        } else if oid.is(rfc5280::ID_CE_BASIC_CONSTRAINTS) {
            self.is_ca = Some(value.sequence()?.optional_boolean()?);
        } else if oid.is(rfc5280::ID_CE_KEY_USAGE) {
            let bits = value.expect(UNIVERSAL, tag::BIT_STRING, false)?.content;
            // keyCertSign is bit 5, counted from the left.
            self.may_sign = Some(bits.get(1).is_some_and(|first| first & 0x04 != 0));
        }
        Ok(())
    }
}

/// UTCTime or GeneralizedTime of RFC 5280 §4.1.2.5: seconds present, zone Z.
fn time(reader: &mut Reader<'_>) -> Result<i64, Asn1Error> {
    let element = reader.any()?;
    let text = element.content.strip_suffix(b"Z").ok_or(Asn1Error::Time)?;
    let (year, rest) = match element.number {
        tag::UTC_TIME => {
            let (year, rest) = text.split_at_checked(2).ok_or(Asn1Error::Time)?;
            let year = digits(year)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        tag::GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4).ok_or(Asn1Error::Time)?;
            (digits(year)?, rest)
        }
        _ => return Err(Asn1Error::UnexpectedTag),
    };
    let fields = rest.chunks(2).map(digits).collect::<Result<Vec<_>, _>>()?;
    let [month, day, hour, minute, second] = *fields.as_slice() else {
        return Err(Asn1Error::Time);
    };
    let narrow = |number: i32| u8::try_from(number).map_err(|_| Asn1Error::Time);
    let month = time::Month::try_from(narrow(month)?).map_err(|_| Asn1Error::Time)?;
    let date = time::Date::from_calendar_date(year, month, narrow(day)?);
    let moment = date
        .and_then(|date| {
            date.with_hms(narrow_or_max(hour), narrow_or_max(minute), narrow_or_max(second))
        })
        .map_err(|_| Asn1Error::Time)?;
    Ok(moment.assume_utc().unix_timestamp())
}

/// 255 is no hour, minute or second.
fn narrow_or_max(number: i32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn digits(text: &[u8]) -> Result<i32, Asn1Error> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return Err(Asn1Error::Time);
    }
    Ok(text.iter().fold(0, |number, digit| number * 10 + i32::from(digit - b'0')))
}
