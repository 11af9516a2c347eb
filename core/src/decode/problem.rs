//! What can be wrong with what was pasted.

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Worth knowing: a repair that we made to read it, say.
    Info,
    /// Some reader will refuse it or read it otherwise.
    Warning,
    /// The object is broken.
    Error,
}

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What it is.
    pub problem: Problem,
    /// Octets from the start of the DER object; for text and bytes, from the start of the input.
    pub offset: Option<usize>,
    /// Line of the input, from 1.
    pub line: Option<usize>,
    /// Column of the input in characters, from 1.
    pub column: Option<usize>,
}

/// A problem inside a DER object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Octets from the start of the object.
    pub offset: usize,
    /// What it is.
    pub problem: Problem,
}

impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        let mut finding = Self::from(fault.problem);
        finding.offset = Some(fault.offset);
        finding
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        let severity = problem.severity();
        Self { severity, problem, offset: None, line: None, column: None }
    }
}

/// What is wrong, with the data that a sentence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Problem {
    /// Nothing was given.
    Empty,
    /// The input is larger than we read.
    TooLarge {
        /// Octets that are read at most.
        limit: usize,
    },
    /// More objects than are shown.
    TooMany {
        /// Objects that are read at most.
        limit: usize,
    },
    /// Nothing that we know.
    NotRecognised,
    /// What an input that was not recognised looks like.
    LooksLike {
        /// The first octets, in hexadecimal; none of a text.
        head: String,
        /// The best guess, e.g. `JPEG picture`.
        guess: Option<String>,
    },
    /// A version of an API that no supported Kubernetes serves.
    ApiGone {
        /// The apiVersion.
        api_version: String,
        /// The minor version of Kubernetes since which it is gone.
        since: u32,
    },
    /// A CertificateSigningRequest without spec.signerName, which v1 demands.
    NoSignerName,
    /// A structure of ASN.1 that is none of those we know.
    UnknownStructure,

    /// A PEM block without its END line.
    PemUnterminated {
        /// Its label.
        label: String,
    },
    /// The END line has another label.
    PemLabelMismatch {
        /// Label of the BEGIN line.
        begin: String,
        /// Label of the END line.
        end: String,
    },
    /// A PEM block without its BEGIN line.
    PemNoBegin {
        /// Label of the END line.
        label: String,
    },
    /// BEGIN or END shares its line with base64.
    PemOneLine,
    /// Line ends are written out as a backslash and a letter.
    PemEscaped,
    /// A quotation mark stands before BEGIN.
    PemQuoted,
    /// Something stands before BEGIN on its line, as in a mail or a log.
    PemPrefixed {
        /// What it is.
        prefix: String,
    },
    /// A byte order mark right before BEGIN.
    PemAfterMark,
    /// PEM in UTF-16.
    PemUtf16,
    /// Dashes of another kind or count around BEGIN and END, which no reader takes.
    PemDashes,
    /// Blanks that do not break, or marks of no width.
    InvisibleCharacters,
    /// PEM lines are indented, which Go does not read.
    PemIndented,
    /// A PEM block with headers: client-go skips such certificates in files of CAs, and a key that
    /// they say is encrypted is read by nobody.
    PemHeaders {
        /// It is an encrypted key.
        key: bool,
    },
    /// A label under which Kubernetes does not read this object.
    PemLabelRefused {
        /// The label.
        label: String,
        /// The label that is read.
        expected: String,
    },
    /// The object is not what its label says.
    PemLabelWrong {
        /// The label.
        label: String,
    },
    /// An empty PEM block.
    PemEmpty,
    /// A character that is not of the base64 alphabet.
    Base64Character {
        /// The character.
        character: char,
    },
    /// A count of base64 characters that no encoder gives: some are missing.
    Base64Length {
        /// The count, without padding.
        characters: usize,
    },
    /// A line of other length than the lines around it, in base64 that does not come out even:
    /// characters were lost or added there.
    Base64LineLength {
        /// Characters of the line.
        characters: usize,
        /// Characters of the others.
        expected: usize,
    },
    /// DER says by its own length how many characters its base64 has, and there are others.
    Base64Lost {
        /// How many there should be, without padding.
        expected: usize,
        /// How many there are.
        found: usize,
        /// The first and the last character, from 1, before which the break can be; `None` when
        /// no single place mends any of it.
        between: Option<(usize, usize)>,
        /// Mended there, all values nest; otherwise most of them do, and the break is near.
        exact: bool,
        /// What is left has a count or a padding that no base64 has, so that Go reads none of it.
        uneven: bool,
    },
    /// The base64 has no padding at its end.
    Base64Unpadded,
    /// Base64 of the URL-safe alphabet, which Kubernetes does not read.
    Base64Url,
    /// A blank within base64, which Go refuses: it skips line ends only.
    Base64Space {
        /// Its index, as in Go's `illegal base64 data at input byte`.
        index: usize,
    },
    /// Base64 of text that stops being text: a character was lost, or is too many, just before.
    Base64Shift,
    /// Base64 that is encoded a second time.
    Base64Twice,

    /// The text is YAML up to here, and then no more.
    YamlSyntax {
        /// The parser's own words.
        reason: String,
    },
    /// A YAML text that stands for more values than are read, as a YAML bomb does by its aliases.
    YamlTooMany {
        /// How many are read.
        limit: usize,
    },
    /// A field that should hold an object holds none that can be read.
    FieldNotRecognised {
        /// Its path.
        path: String,
    },

    /// A Kubernetes object without any certificate, request, key or token.
    NothingInObject {
        /// Its kind.
        kind: String,
    },

    /// An archive that ends too early, or whose checksums do not fit.
    ArchiveDamaged,
    /// Archives that unpack to more than is read.
    ArchiveTooLarge {
        /// Octets that are unpacked at most.
        limit: usize,
    },
    /// An archive without anything that we know.
    ArchiveNothing {
        /// Files in it.
        files: usize,
    },
    /// A path in an archive that leads out of the folder in which it is unpacked.
    ArchivePath {
        /// The path.
        path: String,
    },
    /// A link in an archive, which is not followed.
    ArchiveLink {
        /// The path.
        path: String,
        /// Where it points.
        target: String,
    },

    /// The bytes end within a value.
    Truncated {
        /// Octets that the value needs.
        needed: usize,
        /// Octets that are there.
        left: usize,
    },
    /// A value of another type stands here.
    UnexpectedTag {
        /// Identifier octet that belongs here.
        expected: u8,
        /// Identifier octet that is here.
        found: u8,
    },
    /// A value is missing at the end of a structure.
    Missing {
        /// Identifier octet that belongs here.
        expected: u8,
    },
    /// Octets after the end of a structure.
    TrailingData {
        /// How many.
        length: usize,
    },
    /// A length of the indefinite form: BER, not DER.
    IndefiniteLength,
    /// A length with more octets than needed: BER, not DER.
    LongLength,
    /// A length beyond all memory.
    HugeLength,
    /// A tag number beyond all use.
    HugeTag,
    /// Nested too deeply to follow.
    TooDeep,
    /// An INTEGER with superfluous leading octets, or with none at all.
    BadInteger,
    /// A BOOLEAN that is neither 00 nor FF.
    BadBoolean,
    /// A BIT STRING with a wrong count of unused bits.
    BadBitString,
    /// An OBJECT IDENTIFIER that is not one.
    BadOid,
    /// A string with a character that its type does not have.
    BadString {
        /// Type of the string, by its name in ASN.1.
        string: String,
        /// The first such character, or octet where it is none.
        character: char,
    },
    /// A string of a type that Go does not read in names.
    StringType {
        /// Its name in ASN.1.
        string: String,
        /// Its tag number.
        number: u8,
    },
    /// A name of subjectAltName with an octet that is not ASCII.
    BadSan {
        /// Its kind, by its name in RFC 5280 §4.2.1.6.
        kind: String,
    },
    /// A time that cannot be read.
    BadTime {
        /// It is a GeneralizedTime.
        generalized: bool,
    },
    /// A time that can be read, but is not in the form of RFC 5280 §4.1.2.5.
    TimeForm,
    /// A year that should stand in the other of the two types of time (RFC 5280 §4.1.2.5).
    WrongTimeType,
    /// A default value that is written out, which DER forbids.
    DefaultWritten,
    /// notAfter is before notBefore.
    EmptyValidity,

    /// The serial number has superfluous leading octets, or none at all.
    BadSerial,
    /// The serial number is negative; Go refuses it.
    NegativeSerial,
    /// The serial number is zero; RFC 5280 forbids it.
    ZeroSerial,
    /// The serial number has more than 20 octets; RFC 5280 forbids it.
    LongSerial {
        /// Its octets.
        octets: usize,
    },
    /// The two signature algorithms of a certificate differ.
    SignatureAlgorithmsDiffer,
    /// A version number that X.509 does not have.
    BadVersion {
        /// The number in the encoding; version 3 is written 2.
        value: u64,
    },
    /// Extensions in a certificate that is not of version 3.
    ExtensionsBeforeV3,
    /// An extension that stands there twice.
    DuplicateExtension {
        /// Its object identifier.
        oid: String,
    },
    /// A critical extension that we do not know; most verifiers refuse the certificate.
    UnknownCritical {
        /// Its object identifier.
        oid: String,
    },
    /// The identifier of an extension is none.
    BadExtensionOid,
    /// The contents of an extension are not what its identifier says.
    BadExtension {
        /// Its object identifier.
        oid: String,
    },
    /// An IP address of neither 4 nor 16 octets.
    BadIpAddress {
        /// Its octets.
        octets: usize,
    },
    /// An IPv4 address in the 16 octets of an IPv6 one: Go takes it for the IPv4 address, OpenSSL
    /// compares octets and does not.
    MappedIpAddress {
        /// The address, in the form of IPv4.
        address: String,
    },
    /// A revocation list in sight has the certificate.
    Revoked {
        /// Since when, as RFC 3339 writes it.
        since: Option<String>,
        /// The CA is in sight too, and its key signed the list.
        checked: bool,
    },
    /// A revocation list revokes certificates in sight.
    ListRevokes {
        /// How many.
        certificates: usize,
    },
    /// A revocation list is past its nextUpdate.
    ListExpired,
    /// The CA that a revocation list names is in sight, and its key did not sign it.
    ListNotSigned,
    /// The self-signature of a certificate request does not verify.
    RequestSignatureInvalid,
    /// A strict parser refuses it.
    StrictParser {
        /// The parser's own words.
        reason: String,
    },
    /// A private key stands in what was pasted.
    PrivateKeyPresent,
    /// A token stands in what was pasted: whoever has it is let in.
    TokenPresent,
    /// A token whose header says that nobody signed it.
    TokenUnsigned,
}
