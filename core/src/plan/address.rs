//! Which kube-apiserver a kubeconfig names.

use super::Owner;
use super::layout::Server;
use crate::design::{HostPort, San, Settings, url_authority};

/// The server's URL for a file of this owner.
pub(super) fn server(server: Server, settings: &Settings, owner: &Owner) -> String {
    let control_plane = match owner {
        Owner::ControlPlane(index) => Some(*index),
        _ => None,
    };
    let local = match server {
        Server::Endpoint => false,
        Server::Local => true,
        Server::LocalSince(minor) => settings.version.minor >= minor,
    };
    let (host, port) = match (&settings.endpoint, control_plane) {
        (Some(endpoint), None) => endpoint_host(endpoint, settings),
        (Some(endpoint), Some(_)) if !local => endpoint_host(endpoint, settings),
        // Without a common endpoint kubeadm falls back to the machine's own address, and
        // workers go to the first control plane.
        (_, index) => (advertised(settings, index.unwrap_or(0)), settings.bind_port),
    };
    format!("https://{}", url_authority(&host, port))
}

fn endpoint_host(endpoint: &HostPort, settings: &Settings) -> (San, u16) {
    (endpoint.host.clone(), endpoint.port.unwrap_or(settings.bind_port))
}

fn advertised(settings: &Settings, index: usize) -> San {
    settings
        .control_planes
        .get(index)
        .and_then(|node| node.addresses.first())
        // Checked settings have an address for every control plane.
        .map_or_else(|| San::Dns("localhost".to_owned()), |address| San::Ip(*address))
}
