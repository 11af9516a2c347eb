//! What is wrong with the octets of an object, in sentences.

use pki_core::decode::Problem;

use super::shown;

/// What is wrong.
pub fn problem(problem: &Problem) -> String {
    if let Some(text) = asn1_problem(problem) {
        return text;
    }
    match problem {
        Problem::Empty => "There is nothing here.".to_owned(),
        Problem::TooLarge { limit } => {
            format!("Larger than {} MB, which is the most that is read.", limit >> 20)
        }
        Problem::TooMany { limit } => format!("Only the first {limit} objects are shown."),
        Problem::NotRecognised => "Not recognised: neither PEM, DER, base64, hexadecimal nor a \
            Kubernetes object. Dumps, percent escapes, archives, keystores and tokens were tried \
            too."
            .to_owned(),
        Problem::LooksLike { head, guess } => {
            let guess = match guess {
                Some(guess) => format!("By its beginning it is this: {guess}."),
                None => "Its beginning is that of no format that is known here.".to_owned(),
            };
            if head.is_empty() { guess } else { format!("{guess} First bytes: {head}.") }
        }
        Problem::ApiGone { api_version, since } => format!(
            "{} is gone since Kubernetes 1.{since}: kubectl says that there are no matches for the \
             kind. Write certificates.k8s.io/v1, and name a signer in spec.signerName and what the \
             certificate is for in spec.usages, which v1 demands.",
            shown(api_version)
        ),
        Problem::NoSignerName => "spec.signerName is missing, and certificates.k8s.io/v1 demands \
            it. kubectl says: spec.signerName: Required value."
            .to_owned(),
        Problem::UnknownStructure => {
            "A structure of ASN.1 that is no certificate, request or key.".to_owned()
        }
        Problem::PemUnterminated { label } => {
            format!("The END line of the PEM block {label} is missing: it was cut short.")
        }
        Problem::PemLabelMismatch { begin, end } => {
            format!("The PEM block begins as {begin} and ends as {end}.")
        }
        Problem::PemNoBegin { label } => format!(
            "The line -----BEGIN {0}----- is missing before this base64, which ends with \
             -----END {0}-----. No program reads it so; copy it again with its first line.",
            shown(label)
        ),
        Problem::PemOneLine => "BEGIN and END are not on lines of their own: the line ends of the \
            PEM block are lost. Kubernetes does not see the block; copy it again, or put a line \
            end behind BEGIN and before END."
            .to_owned(),
        Problem::PemEscaped => "The line ends are written out as \\n, as in a JSON string. \
            Kubernetes does not see the block; printf '%b' makes lines of it."
            .to_owned(),
        Problem::PemQuoted => "A quotation mark stands before BEGIN. Kubernetes does not see the \
            block until it is taken off."
            .to_owned(),
        Problem::PemPrefixed { prefix } => format!(
            "“{}” stands before BEGIN on its line. Kubernetes does not see a block that does not \
             begin at the start of a line.",
            shown(&prefix.chars().take(40).collect::<String>())
        ),
        Problem::PemAfterMark => {
            "A byte order mark stands before BEGIN, as editors of Windows put \
            it there. Kubernetes does not see the block; save the file as UTF-8 without a mark."
                .to_owned()
        }
        Problem::PemUtf16 => "The text is in UTF-16, as PowerShell writes files. Kubernetes does \
            not see PEM in it; save the file as UTF-8 without a byte order mark."
            .to_owned(),
        Problem::PemDashes => "The dashes around BEGIN and END are not five hyphens each, as an \
            editor or a mail changes them. No program reads the block so."
            .to_owned(),
        Problem::InvisibleCharacters => {
            "It has blanks that do not break, or marks of no width, as \
            web pages and chats put them in. No program reads it so; copy it from the source."
                .to_owned()
        }
        Problem::PemIndented => {
            "The PEM is indented. Go, and with it every Kubernetes component, does not see it."
                .to_owned()
        }
        Problem::PemHeaders { key: true } => {
            "The key is encrypted, as the headers of its PEM block \
            say. No component of Kubernetes asks for a passphrase: write it out without one, by \
            openssl pkey -in FILE."
                .to_owned()
        }
        Problem::PemHeaders { key: false } => "The PEM block has headers. In files of CAs, \
            Kubernetes skips such certificates without a word."
            .to_owned(),
        Problem::PemLabelRefused { label, expected } => {
            format!("Kubernetes does not read the label {label}; it must be {expected}.")
        }
        Problem::PemLabelWrong { label } => {
            format!("The object is not what its label {label} says.")
        }
        Problem::PemEmpty => "The PEM block is empty.".to_owned(),
        Problem::Base64Character { character } => {
            format!("The character {} is not of base64.", visible(*character))
        }
        Problem::Base64Length { characters } => format!(
            "{characters} characters of base64 are one too many or three too few: some are missing."
        ),
        Problem::Base64LineLength { characters, expected } => format!(
            "This line has {characters} characters and the others have {expected}: something was \
             lost or added here."
        ),
        Problem::Base64Lost { expected, found, between, exact, .. } => {
            let count = expected.abs_diff(*found);
            let what = if expected > found { "missing" } else { "too many" };
            let place = match between {
                None => "in more than one place".to_owned(),
                Some((first, _)) if !exact => format!("about before character {first}"),
                Some((first, last)) if first == last => format!("before character {first}"),
                Some((first, last)) => format!("somewhere before characters {first} to {last}"),
            };
            format!(
                "The object says that its base64 has {expected} characters, and there are {found}: \
                 {what}: {count}, {place}. Copy it again."
            )
        }
        Problem::Base64Unpadded => {
            "The base64 lacks its padding (=); Kubernetes refuses it so.".to_owned()
        }
        Problem::Base64Url => {
            "Base64 of the URL-safe alphabet (- and _); Kubernetes refuses it.".to_owned()
        }
        Problem::Base64Space { index } => format!(
            "A blank within the base64. Kubernetes says: illegal base64 data at input byte {index}."
        ),
        Problem::YamlSyntax { reason } => format!("The YAML goes wrong here: {reason}."),
        Problem::YamlTooMany { limit } => format!(
            "The YAML stands for more than {limit} values, as one does whose aliases (*name) are \
             made of aliases: a YAML bomb. It was not read further, and kubectl refuses it too: \
             yaml: document contains excessive aliasing."
        ),
        Problem::ArchiveDamaged => {
            "The archive is cut short or damaged. What stands before the damage was read; pack it \
             again."
                .to_owned()
        }
        Problem::ArchiveTooLarge { limit } => format!(
            "The archive unpacks to more than {} MiB, and was read so far and no further. Unpack \
             it, and drop the files that matter.",
            limit >> 20
        ),
        Problem::ArchiveNothing { files } => format!(
            "The archive was read, and nothing in it is known here (files looked at: {files})."
        ),
        Problem::ArchivePath { path } => format!(
            "The archive has the path {}, which leads out of the folder in which it is unpacked. \
             It is only a name here; do not unpack the archive as root.",
            shown(path)
        ),
        Problem::ArchiveLink { path, target } => format!(
            "{} is a link to {}. Links are not followed; drop the file that it means.",
            shown(path),
            shown(target)
        ),
        Problem::FieldNotRecognised { path } => {
            format!("{path} holds nothing that can be read as an object.")
        }
        Problem::NothingInObject { kind } => format!(
            "This is an object of the kind {}. No certificate, request, key or token is in it.",
            shown(kind)
        ),
        Problem::Base64Shift => {
            "The base64 is out of step from about here on: a character is missing, or one is too \
             many, shortly before. Copy it again."
                .to_owned()
        }
        Problem::Base64Twice => "Base64 of base64: encoded once too often.".to_owned(),
        Problem::NegativeSerial => {
            "The serial number is negative. Go refuses it: x509: negative serial number.".to_owned()
        }
        Problem::ZeroSerial => "The serial number is zero, which RFC 5280 forbids.".to_owned(),
        Problem::LongSerial { octets } => {
            format!("The serial number has {octets} octets; RFC 5280 allows 20.")
        }
        Problem::SignatureAlgorithmsDiffer => {
            "The signature algorithm inside differs from the one outside.".to_owned()
        }
        Problem::BadVersion { value } => format!("There is no version with the number {value}."),
        Problem::ExtensionsBeforeV3 => "Extensions in a certificate before version 3.".to_owned(),
        Problem::DuplicateExtension { oid } => format!("The extension {oid} is there twice."),
        Problem::UnknownCritical { oid } => {
            format!("The critical extension {oid} is unknown; most verifiers refuse it.")
        }
        Problem::BadExtensionOid => "The identifier of an extension is none.".to_owned(),
        Problem::BadExtension { oid } => format!("The extension {oid} cannot be read."),
        Problem::BadIpAddress { octets } => {
            format!(
                "An IP address of {octets} octets; only 4 (IPv4) and 16 (IPv6) are one. Go refuses \
                 the whole certificate."
            )
        }
        Problem::MappedIpAddress { address } => format!(
            "The IP address {address} stands in 16 octets, as ::ffff:{address}. Go takes it for \
             {address}; OpenSSL (and curl) compares the octets and refuses: IP address mismatch. \
             Issue it with 4 octets."
        ),
        Problem::Revoked { since, checked } => format!(
            "Revoked{} by a list in sight{}. Only etcd asks for such lists; to every other \
             component of Kubernetes the certificate is good until it expires.",
            since.as_ref().map_or(String::new(), |since| format!(" since {since}")),
            if *checked { "" } else { ", whose signature was not checked" }
        ),
        Problem::ListRevokes { certificates } => {
            format!("Certificates in sight that this list revokes: {certificates}.")
        }
        Problem::ListExpired => "The list is past its nextUpdate: verifiers want a newer one. \
            etcd does not look at that date."
            .to_owned(),
        Problem::ListNotSigned => "The CA in sight that this list names did not sign it, so that \
            it revokes nothing. etcd would not notice: it reads the serial numbers alone."
            .to_owned(),
        Problem::RequestSignatureInvalid => {
            "The request is not signed by its own key, so that every signer refuses it.".to_owned()
        }
        Problem::StrictParser { reason } => format!("A strict parser refuses it: {reason}."),
        Problem::PrivateKeyPresent => {
            "This is a private key. It stays on this page, and is shown only when you ask for it."
                .to_owned()
        }
        Problem::TokenPresent => {
            "This is a credential: who has it is let in with it. It is not shown back.".to_owned()
        }
        Problem::TokenUnsigned => {
            "Its header says alg: none, so that nobody signed it. kube-apiserver refuses it."
                .to_owned()
        }
        _ => "A problem that this version has no sentence for.".to_owned(),
    }
}

fn asn1_problem(problem: &Problem) -> Option<String> {
    Some(match problem {
        Problem::Truncated { needed, left } => {
            format!("Cut short: {needed} octets are needed, {left} are left.")
        }
        Problem::UnexpectedTag { expected, found } => {
            format!("Tag {found:02x} stands where {expected:02x} belongs.")
        }
        Problem::Missing { expected } => {
            format!("The value with tag {expected:02x} is missing.")
        }
        Problem::TrailingData { length } => format!("{length} octets too many at the end."),
        Problem::IndefiniteLength => "A length of the indefinite form: BER, not DER.".to_owned(),
        Problem::LongLength => "A length written longer than need be: BER, not DER.".to_owned(),
        Problem::HugeLength => "A length beyond all memory.".to_owned(),
        Problem::HugeTag => "A tag number beyond all use.".to_owned(),
        Problem::TooDeep => "Nested too deeply to follow.".to_owned(),
        Problem::BadInteger => "An INTEGER that is not in its shortest form.".to_owned(),
        Problem::BadBoolean => "A BOOLEAN that is neither 00 nor FF.".to_owned(),
        Problem::BadBitString => "A BIT STRING with a wrong count of unused bits.".to_owned(),
        Problem::BadOid => "An OBJECT IDENTIFIER that is none.".to_owned(),
        Problem::BadString { string, character } => {
            format!("The character {} is not of the type {string}.", visible(*character))
        }
        Problem::BadTime { .. } => "A time that cannot be read.".to_owned(),
        Problem::TimeForm => {
            "A time that RFC 5280 would write with seconds and in UTC, ending in Z.".to_owned()
        }
        Problem::StringType { string, .. } => {
            format!("Go does not read the type {string} in names, and refuses the certificate.")
        }
        Problem::BadSan { kind } => format!("The {kind} has an octet that is not ASCII."),
        Problem::BadSerial => "The serial number is not in its shortest form.".to_owned(),
        Problem::WrongTimeType => {
            "Years until 2049 belong into UTCTime, later ones into GeneralizedTime.".to_owned()
        }
        Problem::DefaultWritten => "A default value is written out, which DER forbids.".to_owned(),
        Problem::EmptyValidity => "It expires before it becomes valid.".to_owned(),
        _ => return None,
    })
}

/// A character by itself, and by number where it would not be seen.
fn visible(character: char) -> String {
    if character.is_ascii_graphic() {
        format!("“{character}”")
    } else {
        format!("U+{:04X}", u32::from(character))
    }
}
