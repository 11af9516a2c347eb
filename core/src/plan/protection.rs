//! Authentication, integrity and encryption of each connection: with the flags that a layout sets,
//! and as the components are without them.

use super::flows::{Flow, Gap, Party, Shows};
use super::layout::Component;

/// How far the three hold on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection {
    /// Whether each end knows who the other is.
    pub authentication: Authentication,
    /// Against whom nothing can be changed on the way.
    pub integrity: Against,
    /// Against whom nothing can be read on the way.
    pub encryption: Against,
}

/// Who knows whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Both ends.
    Both,
    /// Only the callee knows who calls.
    CallerOnly,
    /// Only the caller knows who answers.
    CalleeOnly,
    /// Neither.
    Neither,
}

/// Against whom something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// Against everybody.
    Everybody,
    /// Against those who only listen: whoever stands between the ends speaks TLS with both.
    Listeners,
    /// Against nobody: there is no TLS.
    Nobody,
}

impl Protection {
    const fn new(authentication: Authentication, both: Against) -> Self {
        Self { authentication, integrity: both, encryption: both }
    }

    /// Whether all three hold.
    pub fn is_whole(self) -> bool {
        self == Self::new(Authentication::Both, Against::Everybody)
    }
}

impl Flow {
    /// What holds with the flags that are set.
    pub fn protection(&self) -> Protection {
        let (caller, callee) = (self.gaps.contains(&Gap::Caller), self.gaps.contains(&Gap::Callee));
        let authentication = match (caller, callee) {
            (false, false) => Authentication::Both,
            (false, true) => Authentication::CallerOnly,
            (true, false) => Authentication::CalleeOnly,
            (true, true) => Authentication::Neither,
        };
        let both = match (&self.callee.shows, callee) {
            (Shows::Nothing, _) => Against::Nobody,
            (_, true) => Against::Listeners,
            (_, false) => Against::Everybody,
        };
        Protection::new(authentication, both)
    }

    /// What holds where none of the flags about certificates is set; `None` where there is no
    /// connection then.
    ///
    /// Sources: etcd listens on `http://localhost:2379` and `:2380` (`etcd --help`); a kubelet
    /// signs its own certificate, and by its flags takes anonymous callers
    /// (`--anonymous-auth=true`); kube-apiserver signs its own too and takes anonymous callers;
    /// controllers, schedulers, proxies and kubelets do not call anybody without a kubeconfig. Its
    /// proxy speaks plain HTTP to nodes, pods and Services.
    pub fn by_default(&self) -> Option<Protection> {
        use Component::{Apiserver, Etcd, Kubelet};
        Some(match (self.from, self.to) {
            (_, Party::Component(Etcd)) => {
                Protection::new(Authentication::Neither, Against::Nobody)
            }
            (Party::Component(Apiserver), Party::Pod) => {
                Protection::new(Authentication::Neither, Against::Nobody)
            }
            (_, Party::Component(Kubelet)) | (Party::Operator, _) => {
                Protection::new(Authentication::Neither, Against::Listeners)
            }
            // The token is always checked; the CA is in no pod without --root-ca-file.
            (Party::Pod, _) => Protection::new(Authentication::CallerOnly, Against::Listeners),
            (_, Party::ExtensionServer | Party::Webhook) => {
                Protection::new(Authentication::CalleeOnly, Against::Everybody)
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Design, DesignNode, LayoutName};
    use crate::plan::Plan;

    fn flows(layout: LayoutName) -> Vec<Flow> {
        let worker = DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] };
        let layout = layout.name().to_owned();
        let design = Design { layout, workers: vec![worker], ..Design::default() };
        Plan::new(design.check().0.expect("a default design")).flows()
    }

    #[test]
    fn a_connection_is_broken_exactly_where_one_of_the_three_is_missing() {
        for layout in LayoutName::ALL {
            for flow in flows(layout) {
                let whole = flow.protection().is_whole();
                assert_eq!(whole, flow.gaps.is_empty(), "{layout:?} {:?} {:?}", flow.from, flow.to);
            }
        }
    }

    #[test]
    fn flags_never_take_away_what_there_is_without_them() {
        let rank = |against: Against| match against {
            Against::Everybody => 2,
            Against::Listeners => 1,
            Against::Nobody => 0,
        };
        for layout in LayoutName::ALL {
            for flow in flows(layout) {
                let (now, Some(before)) = (flow.protection(), flow.by_default()) else { continue };
                assert!(!before.is_whole(), "{layout:?}: the flags are for something");
                assert!(rank(now.encryption) >= rank(before.encryption));
                assert!(rank(now.integrity) >= rank(before.integrity));
            }
        }
    }

    #[test]
    fn kubeadm_leaves_kubelets_unverified_and_five_flows_does_not() {
        let ends = (Party::Component(Component::Apiserver), Party::Component(Component::Kubelet));
        let of = |layout| {
            let flow = flows(layout).into_iter().find(|flow| (flow.from, flow.to) == ends);
            flow.expect("the connection").protection()
        };
        let unverified = Protection::new(Authentication::CallerOnly, Against::Listeners);
        assert_eq!(of(LayoutName::Kubeadm), unverified);
        assert!(of(LayoutName::FiveFlows).is_whole());
    }
}
