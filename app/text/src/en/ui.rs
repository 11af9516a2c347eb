//! The words of the page.

/// The frame around every view.
pub mod shell {
    /// The name of the product.
    pub const NAME: &str = "PKI Workbench";
    /// The link that jumps over the navigation.
    pub const SKIP: &str = "Skip to the content";
    /// The name of the navigation.
    pub const NAVIGATION: &str = "Views";
    /// The link to the first view.
    pub const GENERATE: &str = "Generate";
    /// The link to the second view.
    pub const DECODE: &str = "Decode";
    /// The claim of the badge.
    pub const BADGE: &str = "No network";
    /// What the badge says when it is opened.
    pub const BADGE_TITLE: &str = "This page cannot send anything anywhere";
    /// Why that is so.
    pub const BADGE_WHY: &str = "Its content security policy says connect-src 'none' and \
        form-action 'none', so the browser itself refuses every connection. Keys are made and read \
        inside this page; they are never stored and leave it only in the file that you download.";
    /// How to see for oneself.
    pub const BADGE_CHECK: &str = "To see for yourself: unplug the network, or read the policy in \
        the first lines of the page's source.";
    /// The name of the choice of colours.
    pub const THEME: &str = "Colours";
    /// Follow the system.
    pub const THEME_AUTO: &str = "Auto";
    /// Light colours.
    pub const THEME_LIGHT: &str = "Light";
    /// Dark colours.
    pub const THEME_DARK: &str = "Dark";
    /// What stands over the page while files are held over it.
    pub const DROP: &str = "Drop to decode";
    /// The button that closes something.
    pub const CLOSE: &str = "Close";

    /// The title of the window.
    pub fn title(view: &str) -> String {
        format!("{view} · {NAME}")
    }
}

/// Button: the rows of a table before those that are shown.
pub const PREVIOUS_ROWS: &str = "Previous rows";
/// Button: those after them.
pub const NEXT_ROWS: &str = "Next rows";

/// Which rows of a table are shown.
pub fn rows(from: usize, until: usize, total: usize) -> String {
    format!("Rows {} to {until} of {total}", from + 1)
}

/// Making a PKI, from press to download.
pub mod generate {
    /// Heading of the view.
    pub const TITLE: &str = "Generate a cluster's PKI";
    /// What it does, in a sentence.
    pub const LEAD: &str = "Describe the machines and choose a layout; get every certificate, key, \
        kubeconfig and flag that the cluster needs, in one tarball.";
    /// The button that starts.
    pub const START: &str = "Generate PKI";
    /// The button that starts again.
    pub const CANCEL: &str = "Cancel";
    /// The button that hands over the archive.
    pub const DOWNLOAD: &str = "Download tarball";
    /// A run was cancelled.
    pub const CANCELLED: &str = "Cancelled. Nothing was kept; the design is as it was.";
    /// Asked before a run, when keys of the last one stand nowhere else.
    pub const REPLACE_SURE: &str = "What was made last has not been downloaded, and its keys exist \
        only in this page. They are lost when the new ones are made. Make new ones all the same?";
    /// A run was cancelled over an earlier result.
    pub const BACK: &str = "Cancelled. What was made before is still there.";
    /// Leads from a failed run to an earlier result.
    pub const SHOW_FORMER: &str = "Show what was made before";
    /// All keys are made.
    pub const ASSEMBLING: &str = "Writing the tarball, and reading it back to check it";
    /// Heading of the result.
    pub const READY: &str = "Made and checked";
    /// The result is of an earlier design.
    pub const STALE: &str = "The design has changed since. This tarball is of the design before; \
        generate again for the present one.";
    /// The archive was downloaded.
    pub const KEPT: &str = "Downloaded. The keys are in that file and in this page, nowhere else.";
    /// The archive was not downloaded yet.
    pub const NOT_KEPT: &str = "The keys exist only in this page until you download them.";
    /// Heading of the next steps.
    pub const NEXT: &str = "Next steps";
    /// What to do with the archive.
    pub const NEXT_COPY: &str = "Copy the tarball to each machine and unpack its part there:";
    /// What to do then.
    pub const NEXT_KUBEADM: &str = "Then run kubeadm init on the first control plane and kubeadm \
        join on the others; they use these files as they are. The README.md inside has the whole \
        procedure, and manifests/rbac.yaml the rights that admin.conf needs.";
    /// Completes the name of the button that copies the line.
    pub const NEXT_COMMAND: &str = "the command";
    /// Label of a choice of machine.
    pub const NEXT_HOST: &str = "Machine";
    /// Said of a name beside it.
    pub const NO_HOST: &str = "No machine of this archive has this name; the command is still for \
        the last one that was right.";
    /// Heading of the panel.
    pub const PANEL: &str = "Make";
    /// The mark of demo mode.
    pub const DEMO_MARK: &str = "DEMO: these keys are public knowledge. Never use them.";

    /// A run began.
    pub fn started(items: usize) -> String {
        format!("Making {items} keys and secrets.")
    }

    /// How far a run is.
    pub fn progress(done: usize, total: usize) -> String {
        format!("{done} of {total} keys and secrets are ready")
    }

    /// What is being made.
    pub fn making(names: &[String]) -> String {
        format!("Now: {}", names.join(", "))
    }

    /// A run is over.
    pub fn made(files: usize, certificates: usize) -> String {
        format!(
            "The tarball is ready: {files} files, {certificates} certificates checked. You can \
             download it."
        )
    }

    /// The archive went to the browser's downloads.
    pub fn downloaded(name: &str) -> String {
        format!("{name} was handed to the browser's downloads.")
    }

    /// How long it took.
    pub fn took(milliseconds: f64) -> String {
        // In whole numbers: to write fractions is 10 kB of wasm.
        let (whole, tenths) = (milliseconds.round() as u64, (milliseconds / 100.0).round() as u64);
        if whole < 1_000 {
            format!("in {whole} ms")
        } else {
            format!("in {}.{} s", tenths / 10, tenths % 10)
        }
    }

    /// Why the button does nothing.
    pub fn blocked(errors: usize) -> String {
        match errors {
            1 => "One thing must be mended first.".to_owned(),
            _ => format!("{errors} things must be mended first."),
        }
    }

    /// What will be made.
    pub fn outlook(keys: usize, files: usize, archive: &str) -> String {
        format!("{keys} keys in {files} files: {archive}")
    }

    /// The checks that the archive passed, as numbers and what they count.
    pub fn checks(
        certificates: usize,
        names: usize,
        pairs: usize,
        kubeconfigs: usize,
        files: usize,
    ) -> [(usize, &'static str); 5] {
        [
            (certificates, "certificates: chain, usages, validity"),
            (names, "names compared with the plan"),
            (pairs, "private keys matched"),
            (kubeconfigs, "kubeconfigs read back"),
            (files, "files with their checksums and modes"),
        ]
    }

    /// Heading of a failure; `checked` if the archive was written but is not right.
    pub fn failure_title(checked: bool) -> &'static str {
        if checked {
            "The tarball did not pass its own check, so it is not offered"
        } else {
            "The PKI could not be made"
        }
    }

    /// The browser gave no randomness.
    pub fn no_randomness(reason: &str) -> String {
        format!(
            "The browser's source of randomness failed ({reason}). Nothing was made, because keys \
             without it would not be secret. Restart the browser, or use another."
        )
    }

    /// An item could not be made.
    pub fn item_failed(name: &str, reason: &str) -> String {
        format!("{name} could not be made: {reason}. The design is kept; try again.")
    }

    /// The archive could not be written.
    pub fn archive_failed(reason: &str) -> String {
        format!("The tarball could not be written: {reason}. The design is kept; try again.")
    }

    /// The archive is not what was planned.
    pub fn verify_failed(path: &str, reason: &str) -> String {
        format!(
            "{path}: {reason}. This is a defect of the workbench; please report it with the \
             exported design, which holds no secrets."
        )
    }

    /// A worker ended.
    pub fn worker_failed(reason: &str) -> String {
        let reason = if reason.is_empty() { "no reason given" } else { reason };
        format!(
            "A background worker stopped ({reason}), perhaps for want of memory. Fresh ones are \
             in its place and nothing that you typed is lost: try again."
        )
    }

    /// No worker could be started.
    pub const NO_WORKER: &str = "This browser starts no background workers for this page. Reload \
        it; if that does not help, use another browser or a window that is not private.";
}

pub mod form;
pub mod own;
pub mod tree;
