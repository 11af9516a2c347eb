//! Places in a design, as people say them.

/// A field's path as people say it: `controlPlanes[0].addresses[1]` is "Control plane 1, address
/// 2".
pub fn place(path: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for part in path.split('.') {
        let (key, index) = match part.split_once('[') {
            Some((key, rest)) => (key, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let single = match key {
            "layout" => "layout",
            "clusterName" => "cluster name",
            "kubernetesVersion" => "Kubernetes version",
            "dnsDomain" => "DNS domain",
            "serviceCIDRs" => "service range",
            "controlPlaneEndpoint" => "control-plane endpoint",
            "bindPort" => "API server port",
            "controlPlanes" => "control plane",
            "workers" => "worker",
            "topology" => "place",
            "members" => "member",
            "endpoints" => "endpoint",
            "addresses" => "address",
            "name" => "name",
            "extraSANs" => "extra names",
            "apiserver" => "API server",
            "etcdServer" => "etcd server",
            "etcdPeer" => "etcd peer",
            "keys" => "keys",
            "algorithm" => "algorithm",
            "serviceAccount" => "service-account key",
            "validity" => "validity",
            "ca" => "CAs",
            "leaf" => "certificates",
            "backdate" => "backdating",
            "caKeys" => "place of CA keys",
            "users" => "user",
            "groups" => "group",
            "ttl" => "lifetime",
            "outputs" => "on request",
            "authorities" => "CA",
            "certificates" => "certificate",
            "commonName" => "common name",
            "permitted" => "permitted name",
            "excluded" => "excluded name",
            "demoSeed" => "seed text",
            "organizations" => "organization",
            "trustedBy" => "trusted by",
            other => other,
        };
        words.push(match index {
            Some(index) => format!("{single} {}", index + 1),
            None => single.to_owned(),
        });
    }
    let mut text = words.join(", ").replace("etcd, ", "etcd ");
    // etcd is written so.
    if !text.starts_with("etcd")
        && let Some(first) = text.get(..1).map(str::to_ascii_uppercase)
    {
        text.replace_range(..1, &first);
    }
    text
}
