//! Changes of CAs one at a time, with everything that refers to them.
//!
//! A design names CAs in many places: who stands below whom, who signs what. Each change here leads
//! all of them along, so that a valid design stays one.

use super::{Design, DesignAuthority, LayoutName};
use crate::plan::layout::{self, Credential, Layout};

impl Design {
    fn table(&self) -> Option<&'static Layout> {
        LayoutName::from_name(&self.layout).map(layout::of)
    }

    /// The names of the CAs: those of the layout in its order, then the design's own.
    pub fn authority_names(&self) -> Vec<String> {
        let rows = self.table().map(|table| table.authorities.iter()).into_iter().flatten();
        let mut names: Vec<String> = rows.map(|row| row.name.to_owned()).collect();
        for own in &self.authorities {
            if !names.contains(&own.name) {
                names.push(own.name.clone());
            }
        }
        names
    }

    /// The CN that the layout gives to a CA; `None` for one that it does not have.
    pub fn layout_common_name(&self, name: &str) -> Option<&'static str> {
        self.table()?.authority(name).map(|(_, row)| row.common_name)
    }

    /// What the design says about a CA.
    pub fn authority(&self, name: &str) -> Option<&DesignAuthority> {
        self.authorities.iter().find(|own| own.name == name)
    }

    /// The certificates and kubeconfigs of the layout, each with the name of the CA that signs it.
    pub fn signed_rows(&self) -> Vec<(&'static str, String)> {
        let Some(table) = self.table() else { return Vec::new() };
        let certificates = table.certificates.iter().map(|row| (row.name, row.issuer));
        let kubeconfigs = table.kubeconfigs.iter().filter_map(|row| match row.credential {
            Credential::Certificate { issuer, .. } => Some((row.name, issuer)),
            _ => None,
        });
        let signer =
            |row: &str| self.authorities.iter().find(|own| own.signs.iter().any(|r| r == row));
        let mut rows: Vec<(&'static str, String)> = Vec::new();
        for (row, issuer) in certificates.chain(kubeconfigs) {
            // Some rows are there once for each kind of machine.
            if !rows.iter().any(|(known, _)| *known == row) {
                rows.push((row, signer(row).map_or(issuer, |own| &own.name).to_owned()));
            }
        }
        rows
    }

    /// Where a CA may be trusted beside those who verify what it signs, as `trusted_by` has it: by
    /// each flag that the layout does not give it to, and by what else the design says.
    pub fn trust_choices(&self, name: &str) -> Vec<String> {
        let mut choices: Vec<String> = Vec::new();
        let own = self.authority(name).map(|own| own.trusted_by.clone()).unwrap_or_default();
        let flags = self.table().map(Layout::trusting_flags).into_iter().flatten();
        let free = flags
            .filter(|(_, _, trusted)| !trusted.contains(&name))
            .map(|(component, flag, _)| format!("{}/{flag}", component.name()));
        for choice in free.chain(own) {
            if !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        choices
    }

    /// Changes what the design says about a CA.
    pub fn change_authority(&mut self, name: &str, change: &dyn Fn(&mut DesignAuthority)) {
        match self.authorities.iter_mut().find(|own| own.name == name) {
            Some(own) => change(own),
            None => {
                let mut own = DesignAuthority { name: name.to_owned(), ..Default::default() };
                change(&mut own);
                self.authorities.push(own);
            }
        }
        self.tidy();
    }

    /// Of a CA of the layout nothing is kept that says nothing.
    fn tidy(&mut self) {
        let table = self.table();
        self.authorities.retain(|own| {
            let is_bare = *own == DesignAuthority { name: own.name.clone(), ..Default::default() };
            !(is_bare && table.is_some_and(|table| table.authority(&own.name).is_some()))
        });
    }

    /// Has a CA sign a certificate or kubeconfig of the layout; with `None`, the one that does so in
    /// the layout.
    pub fn give(&mut self, row: &str, to: Option<&str>) {
        let mut there = None;
        for own in self.authorities.clone() {
            if own.signs.iter().any(|signed| signed == row) {
                self.change_authority(&own.name, &|own| own.signs.retain(|signed| signed != row));
            }
        }
        for (known, issuer) in self.signed_rows() {
            if known == row {
                there = Some(issuer);
            }
        }
        if let Some(to) = to.filter(|to| there.as_deref() != Some(*to)) {
            self.change_authority(to, &|own| own.signs.push(row.to_owned()));
        }
    }

    /// Adds a CA under a name that no other has, and gives that.
    pub fn add_authority(&mut self) -> String {
        let names = self.authority_names();
        let free = |number: &usize| !names.contains(&format!("own-ca-{number}"));
        let number = (1..).find(free).unwrap_or_default();
        let name = format!("own-ca-{number}");
        self.authorities.push(DesignAuthority { name: name.clone(), ..Default::default() });
        name
    }

    /// Gives a CA of the design's own another name, wherever that stands. A name that another CA
    /// has is taken too, for the findings to tell, but then nothing else follows.
    pub fn rename_authority(&mut self, from: &str, to: &str) {
        let is_taken = self.authority_names().iter().any(|name| name == to);
        if let Some(own) = self.authorities.iter_mut().find(|own| own.name == from) {
            own.name = to.to_owned();
        }
        if !is_taken {
            self.refer(from, to);
        }
    }

    fn refer(&mut self, from: &str, to: &str) {
        let swap = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        for own in &mut self.authorities {
            swap(&mut own.below);
            swap(&mut own.into);
        }
        self.certificates.iter_mut().for_each(|own| swap(&mut own.authority));
        self.tidy();
    }

    /// What would be without a CA of the design's own if that went: rows, CAs and certificates, by
    /// name.
    pub fn users_of_authority(&self, name: &str) -> Vec<String> {
        let signs = self.authority(name).map(|own| own.signs.clone()).unwrap_or_default();
        let refers = |own: &&DesignAuthority| own.below == name || own.into == name;
        let authorities = self.authorities.iter().filter(refers).map(|own| own.name.clone());
        let by_hand = self.certificates.iter().filter(|own| own.authority == name);
        signs.into_iter().chain(authorities).chain(by_hand.map(|own| own.name.clone())).collect()
    }

    /// Takes a CA of the design's own away. What used it goes to `heir`; without one, rows go back
    /// to the CA of the layout, CAs sign themselves, and certificates by hand get the layout's first
    /// CA.
    pub fn remove_authority(&mut self, name: &str, heir: Option<&str>) {
        let rows = self.authority(name).map(|own| own.signs.clone()).unwrap_or_default();
        self.authorities.retain(|own| own.name != name);
        for row in rows {
            self.give(&row, heir);
        }
        if let (None, Some(table)) = (heir, self.table()) {
            let first = table.authorities.first().map(|row| row.name).unwrap_or_default();
            let mine = self.certificates.iter_mut().filter(|own| own.authority == name);
            mine.for_each(|own| first.clone_into(&mut own.authority));
        }
        self.refer(name, heir.unwrap_or_default());
        // An heir that stood below stands alone now.
        for own in self.authorities.clone() {
            if own.below == own.name || own.into == own.name {
                self.change_authority(&own.name, &|own| {
                    own.below.clear();
                    own.into.clear();
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{DesignCertificate, Severity};

    fn errors(design: &Design) -> Vec<String> {
        let (_, findings) = design.check();
        let bad = findings.iter().filter(|found| found.severity() == Severity::Error);
        bad.map(|found| format!("{}: {:?}", found.place, found.problem)).collect()
    }

    /// A root above the cluster's CA, which signs a certificate by hand, and a CA for people.
    fn changed() -> Design {
        let mut design = Design::default();
        let root = design.add_authority();
        design.rename_authority(&root, "root");
        design.change_authority("ca", &|own| own.below = "root".to_owned());
        let people = design.add_authority();
        design.give("admin.conf", Some(&people));
        design.rename_authority(&people, "people");
        design.certificates.push(DesignCertificate {
            name: "webhook".to_owned(),
            authority: "people".to_owned(),
            usages: vec!["server".to_owned()],
            sans: vec!["webhook.example".to_owned()],
            ..DesignCertificate::default()
        });
        design
    }

    #[test]
    fn a_new_name_is_known_wherever_the_old_one_stood() {
        let mut design = changed();
        assert_eq!(errors(&design), [""; 0]);
        assert!(design.signed_rows().contains(&("admin.conf", "people".to_owned())));
        design.rename_authority("root", "top");
        design.rename_authority("people", "humans");
        assert_eq!(errors(&design), [""; 0]);
        assert_eq!(design.authority("ca").map(|own| own.below.as_str()), Some("top"));
        assert_eq!(design.certificates[0].authority, "humans");
        // A name that is taken is said, and taken back without harm.
        design.rename_authority("humans", "ca");
        assert!(!errors(&design).is_empty());
    }

    #[test]
    fn every_choice_of_trust_is_one_that_a_design_may_make() {
        for layout in LayoutName::ALL {
            let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
            let other = design.add_authority();
            let choices = design.trust_choices(&other);
            design.change_authority(&other, &|own| own.trusted_by.clone_from(&choices));
            assert_eq!(errors(&design), [""; 0], "{layout:?}");
            // Each once, whether the design says so already or not.
            assert_eq!(design.trust_choices(&other), choices, "{layout:?}");
        }
        let mut design = Design::default();
        let of_etcd = design.trust_choices("etcd-ca");
        assert!(!of_etcd.contains(&"etcd/trusted-ca-file".to_owned()), "{of_etcd:?}");
        assert!(of_etcd.contains(&"kubelet/client-ca-file".to_owned()), "{of_etcd:?}");
        // What is none of them is seen all the same, to be taken back.
        design.change_authority("etcd-ca", &|own| own.trusted_by.push("gone/ca-file".to_owned()));
        assert_eq!(
            design.trust_choices("etcd-ca").last().map(String::as_str),
            Some("gone/ca-file")
        );
    }

    #[test]
    fn what_a_ca_signed_goes_to_the_heir_or_back() {
        let mut design = changed();
        assert_eq!(design.users_of_authority("people"), ["admin.conf", "webhook"]);
        assert_eq!(design.users_of_authority("root"), ["ca"]);
        let mut to_heir = design.clone();
        to_heir.remove_authority("people", Some("etcd-ca"));
        assert!(to_heir.signed_rows().contains(&("admin.conf", "etcd-ca".to_owned())));
        assert_eq!(to_heir.certificates[0].authority, "etcd-ca");
        assert_eq!(errors(&to_heir), [""; 0]);
        design.remove_authority("people", None);
        design.remove_authority("root", None);
        assert_eq!(errors(&design), [""; 0]);
        design.certificates.clear();
        assert_eq!(design, Design::default());
    }

    #[test]
    fn an_heir_below_the_one_that_goes_signs_itself() {
        let mut design = changed();
        design.change_authority("people", &|own| own.below = "root".to_owned());
        design.remove_authority("root", Some("people"));
        assert_eq!(errors(&design), [""; 0]);
        assert_eq!(design.authority("ca").map(|own| own.below.as_str()), Some("people"));
        assert_eq!(design.authority("people").map(|own| own.below.as_str()), Some(""));
    }

    #[test]
    fn a_row_that_goes_back_leaves_nothing_behind() {
        for layout in LayoutName::ALL {
            let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
            let before = design.clone();
            for (row, issuer) in design.signed_rows() {
                let other = design.add_authority();
                design.give(row, Some(&other));
                assert!(design.signed_rows().contains(&(row, other.clone())), "{row}");
                design.give(row, Some(&issuer));
                assert_eq!(design.signed_rows(), before.signed_rows(), "{layout:?} {row}");
                design.remove_authority(&other, None);
                assert_eq!(design, before, "{layout:?} {row}");
            }
        }
    }
}
