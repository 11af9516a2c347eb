//! What all layouts that can have an external etcd say alike.
//!
//! Source: kubernetes.io, "Set up a High Availability etcd Cluster with kubeadm".

use super::{FlagRow, Value};
use crate::design::{CLIENT_PORT, PEER_PORT};

const CLIENT: Value = Value::MemberUrl { port: CLIENT_PORT, loopback: false };
const PEER: Value = Value::MemberUrl { port: PEER_PORT, loopback: false };

// The host of each URL is in the member's certificates, and `https` is what makes etcd use them.
pub(super) const ADVERTISE: FlagRow = FlagRow::member("advertise-client-urls", CLIENT);
pub(super) const ADVERTISE_PEER: FlagRow = FlagRow::member("initial-advertise-peer-urls", PEER);
pub(super) const CLUSTER: FlagRow = FlagRow::member("initial-cluster", Value::Members);
pub(super) const STATE: FlagRow = FlagRow::member("initial-cluster-state", Value::Text("new"));
pub(super) const LISTEN: FlagRow =
    FlagRow::member("listen-client-urls", Value::MemberUrl { port: CLIENT_PORT, loopback: true });
pub(super) const LISTEN_PEER: FlagRow = FlagRow::member("listen-peer-urls", PEER);
pub(super) const NAME: FlagRow = FlagRow::member("name", Value::MemberName);
pub(super) const SERVERS: FlagRow = FlagRow::member("etcd-servers", Value::EtcdEndpoints);
