//! What is risky about a layout on the machines of a design, from its own data: its flags, its
//! files and its certificates.

use super::blast::Power;
use super::flows::{Flag, Gap, Party};
use super::layout::Component;
use super::{Content, ExtendedKeyUsage, ItemId, Make, Owner, Plan};
use crate::order;

/// How much a risk matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Whoever has one ordinary certificate may have everything.
    Critical,
    /// A thief of one file gets more than that file is for.
    Warning,
    /// Worth knowing.
    Note,
}

/// One risk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Risk {
    /// One CA signs clients and the aggregation layer's certificate, and kube-apiserver takes users
    /// from the headers of whatever client it signed (`--requestheader-allowed-names` is empty).
    HeadersFromAnybody {
        /// The CA.
        authority: ItemId,
    },
    /// One CA signs both, and only the listed names keep them apart.
    HeadersByNameOnly {
        /// The CA.
        authority: ItemId,
    },
    /// Two CAs have one subject, so that verifiers take one for the other.
    SameSubject {
        /// The first.
        one: ItemId,
        /// The second.
        other: ItemId,
    },
    /// etcd trusts a CA that signs the cluster's other clients too (CIS 2.7).
    SharedEtcdAuthority {
        /// The CA.
        authority: ItemId,
    },
    /// Several CAs can make any user of kube-apiserver.
    AnyUserByMany {
        /// The CAs.
        authorities: Vec<ItemId>,
    },
    /// A CA's key is on machines where nothing uses it.
    IdleKey {
        /// The CA.
        authority: ItemId,
    },
    /// A certificate is a client's and a server's.
    BothUsages {
        /// The certificate's path, on the first machine that has it.
        path: String,
    },
    /// kube-apiserver does not verify kubelets (CIS 1.2.5).
    UnverifiedKubelets,
    /// Static tokens (CIS 1.2.2).
    StaticTokens,
    /// A user of system:masters, which can be neither bound away nor revoked (CIS 5.1.7).
    Masters {
        /// The kubeconfig's path.
        path: String,
    },
}

impl Risk {
    /// How much it matters.
    pub fn weight(&self) -> Weight {
        match self {
            Self::HeadersFromAnybody { .. } | Self::SameSubject { .. } => Weight::Critical,
            Self::SharedEtcdAuthority { .. }
            | Self::IdleKey { .. }
            | Self::UnverifiedKubelets
            | Self::StaticTokens => Weight::Warning,
            _ => Weight::Note,
        }
    }

    /// The CAs that it is about.
    pub fn authorities(&self) -> Vec<ItemId> {
        match self {
            Self::HeadersFromAnybody { authority }
            | Self::HeadersByNameOnly { authority }
            | Self::SharedEtcdAuthority { authority }
            | Self::IdleKey { authority } => vec![*authority],
            Self::SameSubject { one, other } => vec![*one, *other],
            Self::AnyUserByMany { authorities } => authorities.clone(),
            Self::BothUsages { .. }
            | Self::UnverifiedKubelets
            | Self::StaticTokens
            | Self::Masters { .. } => Vec::new(),
        }
    }

    /// The path of the file that it is about.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::BothUsages { path } | Self::Masters { path } => Some(path),
            _ => None,
        }
    }

    /// Its place among the kinds of risks.
    pub(crate) fn kind(&self) -> u8 {
        match self {
            Self::HeadersFromAnybody { .. } => 0,
            Self::HeadersByNameOnly { .. } => 1,
            Self::SameSubject { .. } => 2,
            Self::SharedEtcdAuthority { .. } => 3,
            Self::AnyUserByMany { .. } => 4,
            Self::IdleKey { .. } => 5,
            Self::UnverifiedKubelets => 6,
            Self::StaticTokens => 7,
            Self::BothUsages { .. } => 8,
            Self::Masters { .. } => 9,
        }
    }
}

impl Plan {
    /// Every risk, the worst first.
    pub fn review(&self) -> Vec<Risk> {
        let mut risks = self.review_authorities();
        risks.extend(self.review_files());
        let kubelets =
            (Party::Component(Component::Apiserver), Party::Component(Component::Kubelet));
        let open = |flow: &super::flows::Flow| flow.gaps.contains(&Gap::Callee);
        if self.flows().iter().any(|flow| (flow.from, flow.to) == kubelets && open(flow)) {
            risks.push(Risk::UnverifiedKubelets);
        }
        if self.setting(Component::Apiserver, "token-auth-file").is_some() {
            risks.push(Risk::StaticTokens);
        }
        order::sort_by_key(&mut risks, Risk::weight);
        risks
    }

    fn setting(&self, component: Component, name: &str) -> Option<String> {
        let settings = self.settings_of(component);
        settings.into_iter().find(|setting| setting.name == name).map(|setting| setting.value)
    }

    fn review_authorities(&self) -> Vec<Risk> {
        let mut risks = Vec::new();
        let in_flag = |component, name| self.authorities_in(Flag { component, name });
        let clients = in_flag(Component::Apiserver, "client-ca-file");
        let names = self.setting(Component::Apiserver, "requestheader-allowed-names");
        for authority in in_flag(Component::Apiserver, "requestheader-client-ca-file") {
            if clients.contains(&authority) {
                risks.push(match names.as_deref().unwrap_or_default() {
                    "" => Risk::HeadersFromAnybody { authority },
                    _ => Risk::HeadersByNameOnly { authority },
                });
            }
        }
        for authority in in_flag(Component::Etcd, "trusted-ca-file") {
            if clients.contains(&authority) {
                risks.push(Risk::SharedEtcdAuthority { authority });
            }
        }
        let authorities = 0..self.layout.authorities.len();
        let mut any_user = Vec::new();
        for id in authorities.map(ItemId) {
            let blast = self.blast(id);
            if blast.powers.contains(&Power::AnyUser) {
                any_user.push(id);
            }
            let on_machine = |owner: &Owner| owner.node(&self.settings).is_some();
            // Layouts without components are started by somebody who signs with every key.
            let idle = blast.key_needed_by.is_empty() && !self.layout.components.is_empty();
            if idle && blast.key_on.iter().any(on_machine) {
                risks.push(Risk::IdleKey { authority: id });
            }
            let subject = |id: ItemId| self.item(id).and_then(super::Item::subject);
            for other in (0..id.0).map(ItemId).filter(|other| subject(*other) == subject(id)) {
                risks.push(Risk::SameSubject { one: other, other: id });
            }
        }
        if any_user.len() > 1 {
            risks.push(Risk::AnyUserByMany { authorities: any_user });
        }
        risks
    }

    /// What files of the first machines and of the people hold: the others hold the same.
    fn review_files(&self) -> Vec<Risk> {
        let mut risks = Vec::new();
        let firsts = [Owner::ControlPlane(0), Owner::Worker(0), Owner::Etcd(0), Owner::Operator];
        for file in self.files.iter().filter(|file| firsts.contains(&file.owner)) {
            let path = || file.installed_path().unwrap_or(&file.path).to_owned();
            let leaf = |id: ItemId| match self.item(id).map(|item| &item.make) {
                Some(Make::Leaf(leaf)) => Some(leaf),
                _ => None,
            };
            match &file.content {
                Content::Certificate(id) => {
                    let both = [ExtendedKeyUsage::ServerAuth, ExtendedKeyUsage::ClientAuth];
                    let has_both =
                        leaf(*id).is_some_and(|leaf| both.iter().all(|u| leaf.usages.contains(u)));
                    if has_both {
                        risks.push(Risk::BothUsages { path: path() });
                    }
                }
                Content::Kubeconfig(kubeconfig) => {
                    let is_master = leaf(kubeconfig.client).is_some_and(|leaf| {
                        leaf.subject.organizations.iter().any(|group| group == "system:masters")
                    });
                    if is_master {
                        risks.push(Risk::Masters { path: path() });
                    }
                }
                _ => {}
            }
        }
        risks
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Risk, Weight};
    use crate::design::{Design, DesignNode, LayoutName, Settings};
    use crate::plan::layout::{self, AuthorityRow, Component, ComponentRow, FlagRow, Layout};
    use crate::plan::{ItemId, Plan};

    fn settings(layout: LayoutName) -> Settings {
        let worker = DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] };
        let layout = layout.name().to_owned();
        let design = Design { layout, workers: vec![worker], ..Design::default() };
        design.check().0.expect("a default design")
    }

    fn risks(layout: LayoutName) -> Vec<Risk> {
        Plan::new(settings(layout)).review()
    }

    fn has(layout: LayoutName, is: fn(&Risk) -> bool) -> bool {
        risks(layout).iter().any(is)
    }

    #[test]
    fn no_layout_of_ours_is_critical() {
        for layout in LayoutName::ALL {
            let worst = risks(layout).first().map(Risk::weight);
            assert!(worst != Some(Weight::Critical), "{layout:?}");
        }
    }

    #[test]
    fn each_layout_has_its_known_risks() {
        use LayoutName::{FiveFlows, HardWay, Kubeadm, MasterEtc, SingleCa};
        let unverified = |risk: &Risk| *risk == Risk::UnverifiedKubelets;
        let by = [Kubeadm, FiveFlows, SingleCa, HardWay, MasterEtc];
        assert_eq!(by.map(|name| has(name, unverified)), [true, false, false, false, true]);
        let idle = |risk: &Risk| matches!(risk, Risk::IdleKey { .. });
        assert_eq!(by.map(|name| has(name, idle)), [true, false, false, false, true]);
        let tokens = |risk: &Risk| *risk == Risk::StaticTokens;
        assert_eq!(by.map(|name| has(name, tokens)), [false, false, false, false, true]);
        let shared = |risk: &Risk| matches!(risk, Risk::SharedEtcdAuthority { .. });
        assert_eq!(by.map(|name| has(name, shared)), [false, false, true, false, false]);
        let headers = |risk: &Risk| matches!(risk, Risk::HeadersByNameOnly { .. });
        assert_eq!(by.map(|name| has(name, headers)), [false, false, true, false, false]);
        let many = |risk: &Risk| matches!(risk, Risk::AnyUserByMany { .. });
        assert_eq!(by.map(|name| has(name, many)), [false, true, false, false, false]);
        let both = |risk: &Risk| matches!(risk, Risk::BothUsages { .. });
        assert_eq!(by.map(|name| has(name, both)), [true, false, true, true, true]);
    }

    #[test]
    fn an_empty_list_of_names_and_two_cas_of_one_name_are_critical() {
        const CA: &str = "/etc/kubernetes/pki/ca.crt";
        static FLAGS: &[FlagRow] = &[
            FlagRow::file("client-ca-file", CA),
            FlagRow::text("requestheader-allowed-names", ""),
            FlagRow::file("requestheader-client-ca-file", CA),
        ];
        static COMPONENTS: &[ComponentRow] = &[ComponentRow {
            component: Component::Apiserver,
            on: layout::On::ControlPlanes,
            flags: Cow::Borrowed(FLAGS),
        }];
        static AUTHORITIES: &[AuthorityRow] = &[
            AuthorityRow { name: "ca", letter: 'K', common_name: "x", vault: "ca" },
            AuthorityRow { name: "other", letter: 'O', common_name: "x", vault: "other" },
        ];
        static FILES: &[layout::FileRow] = &[layout::FileRow::new(
            CA,
            layout::FileContent::Authority("ca"),
            layout::On::ControlPlanes,
        )];
        static LAYOUT: Layout = Layout {
            name: LayoutName::SingleCa,
            authorities: Cow::Borrowed(AUTHORITIES),
            certificates: Cow::Borrowed(&[]),
            kubeconfigs: Cow::Borrowed(&[]),
            files: Cow::Borrowed(FILES),
            components: Cow::Borrowed(COMPONENTS),
            below: Cow::Borrowed(&[]),
            bindings: &[],
            for_kubeadm: false,
        };
        let plan = Plan::with_layout(settings(LayoutName::SingleCa), Cow::Borrowed(&LAYOUT));
        let critical: Vec<Risk> =
            plan.review().into_iter().filter(|risk| risk.weight() == Weight::Critical).collect();
        let expected = [
            Risk::HeadersFromAnybody { authority: ItemId(0) },
            Risk::SameSubject { one: ItemId(0), other: ItemId(1) },
        ];
        assert_eq!(critical, expected);
    }
}
