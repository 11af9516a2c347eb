//! Our files against kubeadm: its recorded output, its rules for releases and networks without a
//! record, and what it demands of files that it finds.

mod acceptance;
mod differences;
mod encoding;
mod installed;
mod recorded;
mod releases;
mod rules;
