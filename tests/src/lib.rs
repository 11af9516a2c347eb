//! The harness of the interoperability tests: what comes out of the core is unpacked with the real
//! `tar` and given to openssl, kubectl, etcd and Kubernetes.
//!
//! A check whose tool is missing is skipped with its reason on stderr. With `PKI_REQUIRE_ALL=1`,
//! which `cargo xtask test` sets, a missing tool is a failure instead.

pub mod certificate_text;
pub mod cluster;
pub mod etcd;
pub mod key_id;
pub mod kubernetes;
pub mod openssl;
pub mod primes;
pub mod process;
pub mod scratch;
pub mod server;
pub mod terminal;
pub mod tool;
