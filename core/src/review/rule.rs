//! The rules of a review: each has an id, a severity and a citation, and no sentence.

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is refused.
    Note,
    /// The outcome is probably not what was meant.
    Warning,
    /// A cluster refuses it.
    Error,
}

/// Who decides, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Authorization of the create request: 403 before the object is looked at.
    Authorization,
    /// Endpoint and JSON decoder: 404, 413, 400.
    Decoding,
    /// NodeRestriction, which runs with the mutating plugins, before validation: 403.
    MutatingAdmission,
    /// Field validation: 422.
    Validation,
    /// CertificateSubjectRestriction: 403.
    ValidatingAdmission,
    /// Storage: 409.
    Storage,
    /// The csrapproving controller, and people.
    Approval,
    /// The csrsigning controller.
    Signing,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $id:literal $severity:ident $stage:ident $citation:literal;)*) => {
        /// A rule that a cluster, or good sense, holds a request against.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule { $($(#[$doc])* $name,)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable name, e.g. `spec.signerName.required`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// How much a finding by this rule weighs.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Who decides.
            pub fn stage(self) -> Stage {
                match self { $(Self::$name => Stage::$stage,)* }
            }

            /// Where the rule stands: a file of kubernetes/kubernetes or of the Go library, or an
            /// RFC.
            pub fn citation(self) -> &'static str {
                match self { $(Self::$name => $citation,)* }
            }
        }
    };
}

rules! {
    /// The requestor may not create CertificateSigningRequests.
    CreateForbidden "create.forbidden" Error Authorization
        "RBAC: verb create on certificatesigningrequests.certificates.k8s.io";
    /// The version is not served (v1beta1 went in Kubernetes 1.22).
    Endpoint "object.endpoint" Error Decoding
        "kubernetes.io/docs/reference/using-api/deprecation-guide";
    /// The object is larger than a request may be.
    TooLarge "object.size" Error Decoding
        "k8s.io/apiserver pkg/server/config.go MaxRequestBodyBytes";
    /// Not a JSON or YAML mapping.
    ObjectType "object.type" Error Decoding "k8s.io/apimachinery pkg/runtime/serializer/json";
    /// `apiVersion` is of another group or version.
    ApiVersion "object.apiVersion" Error Decoding "k8s.io/apimachinery pkg/runtime/serializer/json";
    /// `kind` is another.
    Kind "object.kind" Error Decoding "k8s.io/apimachinery pkg/runtime/serializer/json";
    /// A field is of another type than its definition.
    FieldType "object.fieldType" Error Decoding "k8s.io/api certificates/v1/types.go";
    /// Octets are not in base64; the value is the position of the first wrong octet.
    Base64 "object.base64" Error Decoding "Go encoding/base64 StdEncoding";
    /// A field that does not exist: dropped, with a warning; kubectl refuses it.
    UnknownField "object.unknownField" Warning Decoding
        "kubernetes.io/docs/reference/using-api/api-concepts/#field-validation";
    /// The requestor claims to be a node without a name.
    NodeWithoutName "admission.node.name" Error MutatingAdmission
        "plugin/pkg/admission/noderestriction/admission.go Admit";
    /// A node asks a kubelet signer with a request that cannot be read.
    NodeRequestUnreadable "admission.node.request" Error MutatingAdmission
        "plugin/pkg/admission/noderestriction/admission.go admitCSR";
    /// A node asks a kubelet signer for another common name than its own; the value is the one
    /// that it must be.
    NodeCommonName "admission.node.commonName" Error MutatingAdmission
        "plugin/pkg/admission/noderestriction/admission.go admitCSR";
    /// Neither `name` nor `generateName`.
    NameRequired "metadata.name.required" Error Validation
        "k8s.io/apimachinery pkg/api/validation/objectmeta.go";
    /// The name is `.` or `..`, or has `/` or `%` in it.
    Name "metadata.name" Error Validation
        "k8s.io/apimachinery pkg/api/validation/path/name.go";
    /// A label's key or value is outside its alphabet.
    Label "metadata.labels" Error Validation
        "k8s.io/apimachinery pkg/apis/meta/v1/validation ValidateLabels";
    /// An annotation's key is outside its alphabet, or all of them are above 256 KiB.
    Annotation "metadata.annotations" Error Validation
        "k8s.io/apimachinery pkg/api/validation/objectmeta.go ValidateAnnotations";
    /// An owner reference, finalizer or generation that cannot be.
    Metadata "metadata.other" Error Validation
        "k8s.io/apimachinery pkg/api/validation/objectmeta.go";
    /// `spec.request` holds no PEM block `CERTIFICATE REQUEST`; the value is the label found.
    PemType "spec.request.pemType" Error Validation "pkg/apis/certificates/helpers.go ParseCSR";
    /// The DER of the request cannot be read.
    RequestSyntax "spec.request.der" Error Validation "Go crypto/x509 ParseCertificateRequest";
    /// The public key cannot be used.
    RequestKey "spec.request.key" Error Validation "Go crypto/x509 parsePublicKey";
    /// A requested name cannot be read.
    RequestSan "spec.request.san" Error Validation "Go crypto/x509 parseSANExtension";
    /// One extension is requested twice.
    RequestDuplicateExtension "spec.request.duplicateExtension" Error Validation
        "Go crypto/x509 parseCSRExtensions";
    /// The self-signature does not count: no proof of possession.
    RequestSignature "spec.request.signature" Error Validation
        "pkg/apis/certificates/validation/validation.go validateCSR";
    /// No usages.
    UsagesRequired "spec.usages.required" Error Validation
        "pkg/apis/certificates/validation/validation.go";
    /// A usage that does not exist.
    UsageUnknown "spec.usages.unknown" Error Validation
        "pkg/apis/certificates/validation/validation.go allValidUsages";
    /// A usage that stands there twice.
    UsageDuplicate "spec.usages.duplicate" Error Validation
        "pkg/apis/certificates/validation/validation.go";
    /// No signer.
    SignerRequired "spec.signerName.required" Error Validation
        "pkg/apis/certificates/validation/validation.go ValidateSignerName";
    /// Not `domain/path`, outside the alphabet, or too long.
    SignerName "spec.signerName" Error Validation
        "pkg/apis/certificates/validation/validation.go ValidateSignerName";
    /// `kubernetes.io/legacy-unknown`, which v1 refuses.
    SignerLegacy "spec.signerName.legacy" Error Validation
        "pkg/apis/certificates/validation/validation.go";
    /// `expirationSeconds` below 600.
    Expiration "spec.expirationSeconds" Error Validation
        "pkg/apis/certificates/validation/validation.go";
    /// The group `system:masters` from the signer `kubernetes.io/kube-apiserver-client`.
    SystemMasters "admission.systemMasters" Error ValidatingAdmission
        "plugin/pkg/admission/certificates/subjectrestriction/admission.go";
    /// `metadata.resourceVersion` is set.
    ResourceVersion "metadata.resourceVersion" Error Storage
        "k8s.io/apiserver pkg/storage ErrResourceVersionSetOnCreate";
    /// The object is larger than etcd stores.
    TooLargeToStore "object.size.etcd" Error Storage "etcd --max-request-bytes";
    /// The name is taken.
    AlreadyExists "metadata.name.taken" Error Storage "k8s.io/apiserver pkg/registry/generic";
    /// Approved by the controller.
    AutoApproved "approval.auto" Note Approval "pkg/controller/certificates/approver/sarapprove.go";
    /// A correct node client request by someone without the right to automatic approval.
    AutoApprovalForbidden "approval.auto.forbidden" Note Approval
        "pkg/controller/certificates/approver/sarapprove.go";
    /// Somebody must approve it.
    NeedsApproval "approval.manual" Note Approval
        "kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests";
    /// The kubelet signers want exactly one organization, `system:nodes`.
    OrganizationNotNodes "signer.organization" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletClientCSR, ValidateKubeletServingCSR";
    /// The kubelet signers want a common name that starts with `system:node:`.
    CommonNameNotNode "signer.commonName" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletClientCSR, ValidateKubeletServingCSR";
    /// A DNS name where none may be.
    DnsNotAllowed "signer.san.dns" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletClientCSR";
    /// An e-mail address where none may be.
    EmailNotAllowed "signer.san.email" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletClientCSR, ValidateKubeletServingCSR";
    /// An IP address where none may be.
    IpNotAllowed "signer.san.ip" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletClientCSR";
    /// A URI where none may be.
    UriNotAllowed "signer.san.uri" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletClientCSR, ValidateKubeletServingCSR";
    /// A serving certificate needs a DNS name or an IP address.
    DnsOrIpRequired "signer.san.required" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletServingCSR";
    /// The kubelet signers want exactly their usages; the value lists them.
    UsagesMismatch "signer.usages" Error Signing
        "pkg/apis/certificates/helpers.go ValidateKubeletClientCSR, ValidateKubeletServingCSR";
    /// A usage that `kubernetes.io/kube-apiserver-client` does not give.
    UsageNotAllowed "signer.usages.notAllowed" Error Signing
        "pkg/controller/certificates/signer/signer.go validAPIServerClientUsages";
    /// `kubernetes.io/kube-apiserver-client` wants `client auth`.
    ClientAuthRequired "signer.usages.clientAuth" Error Signing
        "pkg/controller/certificates/signer/signer.go validAPIServerClientUsages";
    /// kube-controller-manager does not sign for this signer.
    SignerNotServed "signer.notServed" Warning Signing
        "pkg/controller/certificates/signer/signer.go";
    /// The signing CA has expired.
    CaExpired "signer.ca.expired" Error Signing
        "pkg/controller/certificates/authority/authority.go, policies.go";
    /// The signing CA's certificate cannot be read.
    CaUnreadable "signer.ca.unreadable" Error Signing
        "pkg/controller/certificates/signer/ca_provider.go";
    /// The signing certificate is none of a CA: it signs, but nobody will trust what it signed.
    CaMayNotSign "signer.ca.usage" Warning Signing "RFC 5280 §4.2.1.3, §4.2.1.9";
    /// The signing CA is not valid yet: it signs, but nobody will trust it until then.
    CaNotYetValid "signer.ca.notYetValid" Warning Signing "RFC 5280 §6.1.3";
    /// Parts of the subject are dropped; the value says how many.
    SubjectDropped "copy.subject" Warning Signing "Go crypto/x509/pkix Name";
    /// Names of other kinds are dropped; the value says how many.
    SanDropped "copy.san" Warning Signing "Go crypto/x509 parseSANExtension";
    /// A requested extension is not copied; the value is its object identifier.
    ExtensionDropped "copy.extension" Note Signing
        "pkg/controller/certificates/authority/policies.go";
    /// The lifetime is cut at the signer's own; the value is that, in seconds.
    LifetimeCut "lifetime.signer" Note Signing "pkg/controller/certificates/signer/signer.go duration";
    /// The lifetime is cut at the end of the CA.
    LifetimeCutByCa "lifetime.ca" Warning Signing
        "pkg/controller/certificates/authority/policies.go";
    /// The certificate has no user name: its subject has no common name.
    NoCommonName "advice.commonName" Warning Signing
        "k8s.io/apiserver pkg/authentication/request/x509 CommonNameUserConversion";
}

/// What a rule found, where, and in which value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The path of the field, e.g. `spec.usages[2]`; empty when it is about the whole.
    pub field: String,
    /// What the rule is about, e.g. the unknown usage; empty when there is nothing to say.
    pub value: String,
}

impl Finding {
    /// A finding about the whole.
    pub(crate) fn new(rule: Rule) -> Self {
        Self { rule, field: String::new(), value: String::new() }
    }

    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }

    pub(crate) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}
