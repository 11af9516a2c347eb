//! The files that will exist, and one of them in detail.

/// Heading of the tree before anything is made.
pub const PLANNED: &str = "Files that will be made";
/// Heading of the tree afterwards.
pub const MADE: &str = "Files in the tarball";
/// There is no plan.
pub const NONE: &str = "The files appear here as soon as the design has no errors.";
/// The plan is not of what stands in the form.
pub const OLD: &str = "As they were before the errors in the form.";
/// The key of the marks.
pub const LEGEND: &str = "Signed by";
/// The detail when nothing is selected.
pub const SELECT: &str = "Select a file to see what it is.";
/// Heading of the vault.
pub const VAULT: &str = "Vault, kept offline";
/// Heading of the other files.
pub const ROOT: &str = "Beside them";
/// The reason for a file.
pub const WHY: &str = "Why it is here";
/// What stands before the page that says so.
pub const SOURCE: &str = "Source: ";
/// Where a file goes.
pub const INSTALLED: &str = "Installed as";
/// Mode and owner.
pub const MODE: &str = "Mode";
/// Who signs it.
pub const SIGNED_BY: &str = "Signed by";
/// Button: show a private key.
pub const REVEAL: &str = "Show the private key";
/// Button: hide it again.
pub const HIDE: &str = "Hide the private key";
/// Why it is hidden.
pub const HIDDEN: &str = "This file holds a private key. It stays hidden until you ask for it.";
/// Button: copy.
pub const COPY: &str = "Copy";
/// It was copied.
pub const COPIED: &str = "Copied";
/// It was not copied.
pub const NOT_COPIED: &str = "The browser did not allow copying";
/// Completes the name of the button that copies a file.
pub const FILE: &str = "the file";
/// The content comes.
pub const LOADING: &str = "Reading the file";
/// Contents come after making.
pub const LATER: &str = "Its content can be seen here once it is made.";
/// Only root may read it.
pub const SECRET: &str = "secret";
/// Name of the tree.
pub const FILES: &str = "Files by machine";
/// Label of the filter.
pub const FIND: &str = "Find a machine or a file";

/// Heading of a folder that is for people.
pub fn of_people(folder: &str) -> &'static str {
    match folder {
        "handover" => "The CAs for other tools",
        "manifests" => "For kubectl apply",
        "openid" => "For who checks service-account tokens",
        _ => "Operators",
    }
}

/// Heading of a machine.
pub fn control_plane(name: &str) -> String {
    format!("{name}, control plane")
}

/// Heading of a machine.
pub fn worker(name: &str) -> String {
    format!("{name}, worker")
}

/// Heading of a machine.
pub fn etcd_member(name: &str) -> String {
    format!("{name}, etcd")
}

/// Heading of what a machine's components must be told.
pub fn flags(name: &str) -> String {
    format!("{name}, flags of its components")
}

/// How many files, and where on a machine.
pub fn files(count: usize, folder: &str) -> String {
    let place = match folder.split_once('/') {
        // The names of a machine's folders say where they are.
        Some(_) => String::new(),
        None => format!(" in {folder}/"),
    };
    match count {
        1 => format!("1 file{place}"),
        _ => format!("{count} files{place}"),
    }
}

/// How many files there are, or the filter leaves.
pub fn found(count: usize) -> String {
    match count {
        0 => "No file has this in its path.".to_owned(),
        1 => "1 file".to_owned(),
        _ => format!("{count} files"),
    }
}

/// What the files beside the plan's are.
pub fn extra(path: &str) -> &'static str {
    match path {
        "README.md" => "What each file is, and what to run on which machine.",
        "design.yaml" => "The design that these files were made from. It holds no secrets.",
        "manifests/rbac.yaml" => {
            "The role bindings that the files need; kubeadm would have made its own."
        }
        "SHA256SUMS" => "The checksum of every other file, for sha256sum -c.",
        _ => "",
    }
}

/// The accessible name of a copy button.
pub fn copy(what: &str) -> String {
    format!("Copy {what}")
}
