//! The words of the CSR desk's views: labels, hints and buttons.

#![allow(missing_docs, reason = "each text says itself what it is")]

pub const NAME: &str = "CSR desk";
pub const LEAD: &str = "From a signing request to a kubeconfig: what can be done without a \
    cluster is done here, and the rest comes as commands.";
pub const STEPS: &str = "Steps";
pub const REVIEW: &str = "Review";
pub const DROP: &str = "Drop to read";
pub const OPEN: &str = "Open file…";
pub const CLEAR: &str = "Clear";
pub const ANSWER: &str = "Answer";
pub const WORKING: &str = "Working…";
pub const FAILED: &str = "The worker stopped while working on this. What you typed is still there; \
    try again, or with less.";
pub const FILES: &str = "Files and commands";
pub const DOWNLOAD: &str = "Download";
pub const REVEAL: &str = "Show";
pub const HIDE: &str = "Hide";
pub const LESS: &str = "Show fewer lines";
pub const SECRET: &str = "Secret: it exists only in this page until you download it.";

pub const INPUT: &str = "Paste a signing request";
pub const INPUT_HINT: &str = "PEM, DER, base64, a CertificateSigningRequest in YAML or JSON, or the \
    whole of kubectl get csr -o yaml. Files can be dropped anywhere on the page.";
pub const EXAMPLE: &str = "Try an example: a request by jane";
pub const REVIEW_EMPTY: &str = "Nothing is sent anywhere: the rules of Kubernetes 1.36 are built in, \
    held against the recorded verdicts of a real cluster.";
pub const CIRCUMSTANCES: &str = "Circumstances";
pub const CIRCUMSTANCES_HINT: &str = "signer, CA, and who asks";
pub const SIGNER: &str = "Signer of a bare request";
pub const SIGNER_HINT: &str = "Empty: the one that its subject is for. Objects name their own.";
pub const USAGES: &str = "Usages of a bare request";
pub const USAGES_HINT: &str = "With commas: digital signature, client auth.";
pub const EXPIRATION: &str = "Lifetime of a bare request";
pub const DURATION_HINT: &str = "Seconds, or units: 24h, 90m. Empty: no limit of its own.";
pub const ASKER: &str = "Filed by (user)";
pub const ASKER_HINT: &str = "Empty: as the object says, else kubernetes-admin.";
pub const ASKER_GROUPS: &str = "Groups of that user";
pub const GROUPS_HINT: &str = "With commas.";
pub const SIGNING_DURATION: &str = "Signing duration";
pub const SIGNING_DURATION_HINT: &str = "--cluster-signing-duration; empty: 8760h.";
pub const SIGNING_CA: &str = "Certificate of the signing CA";
pub const SIGNING_CA_HINT: &str = "PEM. Without it, a CA that never ends is assumed.";
pub const POLICY: &str = "Approval policy";
pub const POLICY_HINT: &str = "which kubelet serving certificates are fine";
pub const NODES: &str = "Nodes";
pub const NODES_HINT: &str = "A line each: worker-1 10.0.0.21 10.1.0.0/24 {node}.example.com. The \
    name may be a pattern (worker-*), and * stands for a part of a DNS name.";
pub const NODES_OF_DESIGN: &str = "Take the nodes of the design";
pub const NODES_TAKEN: &str = "The nodes of the design are in the policy.";
pub const MAX_LIFETIME: &str = "Longest lifetime";
pub const CORRECT: &str = "Put the corrected object in its place";
pub const CORRECT_HINT: &str = "What was pasted has mistakes that can be mended without guessing.";

pub const TABLE: &str = "Requests and verdicts";
pub const COLUMNS: [&str; 5] = ["Name", "Filed by", "Signer", "Asks for", "Verdict"];

pub fn requests(total: usize) -> String {
    format!("{total} requests")
}

/// The button below the first lines of a long text.
pub fn all_lines(count: usize) -> String {
    format!("Show all {count} lines")
}

/// Names of buttons say what they are about.
pub fn open(what: &str) -> String {
    format!("Open a file: {what}")
}

pub fn clear(what: &str) -> String {
    format!("Clear: {what}")
}

pub fn download(what: &str) -> String {
    format!("Download {what}")
}

pub fn downloaded(name: &str) -> String {
    format!("{name} was handed to the browser's downloads.")
}

pub const REQUEST: &str = "Request";
pub const ATTACH: &str = "Attach";
pub const SIGN: &str = "Sign";
pub const WORKSHOP: &str = "Workshop";

pub const KIND: &str = "For";
pub const KIND_HINT: &str = "Decides signer and usages.";
pub const KIND_USER: &str = "a person or a program";
pub const KIND_NODE_CLIENT: &str = "a node, as a client";
pub const KIND_NODE_SERVING: &str = "a node, as a server";
pub const KIND_SERVICE: &str = "a Service";
pub const KIND_OTHER: &str = "anything else";
pub const ALGORITHM: &str = "Key";
pub const ALGORITHM_HINT: &str = "Made in this page; it never leaves it by itself.";
pub const LIFETIME: &str = "Lifetime";
pub const LIFETIME_HINT: &str =
    "Seconds, or units: 24h. At least 600 s; empty: the signer decides.";
pub const USER_NAME: &str = "User name";
pub const USER_NAME_HINT: &str = "As RBAC names the user, for instance jane.doe.";
pub const GROUPS: &str = "Groups";
pub const NODE_NAME: &str = "Node name";
pub const NODE_NAME_HINT: &str = "As kubectl get nodes shows it.";
pub const SERVICE_NAME: &str = "Service";
pub const SERVICE_NAME_HINT: &str = "Its four DNS names follow from name and namespace.";
pub const NAMESPACE: &str = "Namespace";
pub const NAMESPACE_HINT: &str = "Empty: default.";
pub const DOMAIN: &str = "Cluster domain";
pub const DOMAIN_HINT: &str = "Empty: cluster.local.";
pub const COMMON_NAME: &str = "Common name";
pub const COMMON_NAME_HINT: &str = "The user, for a client.";
pub const ORGANIZATIONS: &str = "Organizations";
pub const SANS: &str = "DNS names and addresses";
pub const SANS_HINT: &str = "With commas or blanks.";
pub const ANY_SANS: &str = "Names in the certificate";
pub const ANY_SANS_HINT: &str = "DNS names, addresses, e-mail addresses and URIs, with commas or \
    blanks: web.example.org, 10.0.0.7, spiffe://example.org/web.";
pub const OWN_SIGNER: &str = "Signer";
pub const OWN_SIGNER_HINT: &str = "Who signs it: a domain, a slash and a name, as in \
    example.com/serving.";
pub const ASKED_USAGES: &str = "Usages";
pub const NAMES_OF_THINGS: &str = "Names";
pub const NAMES_OF_THINGS_HINT: &str = "of the object, the cluster, the namespace of accounts";
pub const OBJECT: &str = "Name of the object";
pub const OBJECT_HINT: &str = "Empty: user=jane.doe, node-client=worker-1 and so on.";
pub const CLUSTER: &str = "Cluster";
pub const CLUSTER_HINT: &str = "Its name in the kubeconfig; empty: kubernetes.";
pub const ACCOUNTS: &str = "Namespace of accounts";
pub const ACCOUNTS_HINT: &str = "Of the ServiceAccount that may file this request; empty: users.";
pub const TEMPLATE: &str = "Start from a template";
pub const TEMPLATE_HINT: &str = "a certificate of the design, or one that exists";
pub const ROW: &str = "A certificate of the design";
pub const NO_ROW: &str = "Choose one";
pub const ROW_HINT: &str =
    "As “Generate” plans it: machine and file. It fills in the fields below.";
pub const TEMPLATE_INPUT: &str = "Paste a certificate or a request";
pub const TEMPLATE_INPUT_HINT: &str =
    "In any form that Decode reads; it fills in the fields below.";
pub const TAKE_OVER: &str = "Fill in the fields";
pub const TEMPLATE_TAKEN: &str = "The fields are filled in.";
pub const MAKE: &str = "Make key and request";
pub const MAKE_HINT: &str = "The key is made in this page, and shown only if you ask.";
pub const REQUEST_EMPTY: &str = "You get the key, the request, the object for the cluster, the \
    commands for asker and approver, the same by openssl, and the rights that are needed.";
pub const REPLACE_SURE: &str = "There is a key that was not downloaded yet, and it would be lost. \
    Make a new one all the same?";
pub const KEY_UNSAVED: &str = "The key exists only in this page until you download or park it.";
pub const PARK: &str = "Park the key until the certificate comes";
pub const PASSPHRASE: &str = "Passphrase";
pub const PASSPHRASE_HINT: &str = "It cannot be recovered. Several words are better than one.";
pub const PARK_KEY: &str = "Park the key";

pub const CERTIFICATE: &str = "Paste the certificate";
pub const CERTIFICATE_HINT: &str = "status.certificate as it comes, the whole object, or PEM.";
pub const OTHER_KEY: &str = "Another key";
pub const OTHER_KEY_HINT: &str = "than the one made here: pasted, or from a parked file";
pub const KEY: &str = "Paste the key or the parked file";
pub const KEY_HINT: &str = "PEM. Empty: the key that was made under Request.";
pub const UNLOCK_HINT: &str = "Of a parked or encrypted key.";
pub const SERVER: &str = "Server";
pub const SERVER_HINT: &str = "https://HOST:6443";
pub const CLUSTER_CA: &str = "CA of the cluster";
pub const CLUSTER_CA_HINT: &str = "PEM, one certificate; the certificate is checked against it.";
pub const SIGNING_CA_ELSE: &str = "Another CA for clients";
pub const SIGNING_CA_ELSE_HINT: &str = "where people's certificates are not signed by the CA above";
pub const CLIENT_CA: &str = "CA that signed the certificate";
pub const CLIENT_CA_HINT: &str = "PEM. It only checks the certificate; the kubeconfig trusts the CA \
    of the cluster.";
pub const OF_DESIGN: &str = "Take server and CA of the design";
pub const OF_KUBECONFIG: &str = "From a kubeconfig";
pub const OF_KUBECONFIG_HINT: &str = "server, cluster name and CA";
pub const KUBECONFIG: &str = "Paste a kubeconfig of this cluster";
pub const KUBECONFIG_HINT: &str = "Only server, name and CA are taken from it.";
pub const TAKE_SERVER: &str = "Take server and CA from it";
pub const SERVER_TAKEN: &str = "Server and CA are filled in.";
pub const NO_CA_YET: &str = "The server is filled in. The CA of the design exists once the PKI is \
    generated; paste the cluster's.";
pub const BY_PATH: &str = "Name the files cert.pem and key.pem in the kubeconfig, instead of \
    embedding them";
pub const ATTACH_NOW: &str = "Make the kubeconfig";
pub const ATTACH_EMPTY: &str = "The certificate is checked against the key, the request and the CA \
    before anything is written.";

pub const TO_SIGN_HINT: &str =
    "One request, in any form. Only what the review lets through is signed.";
pub const CA_CERTIFICATE: &str = "Certificate of the CA";
pub const CA_CERTIFICATE_HINT: &str = "PEM. It may stand in one file with the key.";
pub const CA_KEY: &str = "Private key of the CA";
pub const CA_KEY_HINT: &str = "PEM. It is not stored, and forgotten with the page.";
pub const OF_GENERATED: &str = "A CA of the PKI generated here";
pub const OF_GENERATED_HINT: &str = "Once “Generate PKI” has made one on this page: the CA signs with its own key, without a paste.";
pub const ISSUER_TAKEN: &str = "This CA of the generated PKI will sign.";
pub const PROFILE: &str = "Profile";
pub const PROFILE_HINT: &str = "Whose rules decide what is in the certificate.";
pub const PROFILE_KUBERNETES: &str = "as kube-controller-manager signs";
pub const PROFILE_KUBEADM: &str = "as kubeadm signs: client, or server with names";
pub const PROFILE_OWN: &str = "my own usages";
pub const OWN_USAGES: &str = "Usages to sign";
pub const ANYWAY: &str = "Sign anyway, with a certificate that is not a CA's";
pub const SIGN_NOW: &str = "Sign";
pub const SIGN_HINT: &str = "What will be signed stands below before you press this.";
pub const SIGN_EMPTY: &str = "Paste a request and a CA: what would be signed, and what of the request \
    is left out, is shown before anything is signed.";

pub const PEOPLE: &str = "People";
pub const PEOPLE_HINT: &str = "A line each: the user name, then the groups, with commas or blanks. \
    # begins a comment.";
pub const ROLE: &str = "Role in the namespace";
pub const ROLE_HINT: &str = "A ClusterRole; empty: edit.";
pub const COURSE_NAMESPACE: &str = "Namespace for all";
pub const COURSE_NAMESPACE_HINT: &str = "Empty: one for each person.";
pub const MAKE_ARCHIVE: &str = "Make the archive";
pub const WORKSHOP_EMPTY: &str = "One archive with a folder for each person, all objects in one file, \
    a script that approves them, RoleBindings, and a script that collects the certificates into \
    kubeconfigs.";
