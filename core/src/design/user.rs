//! The people of a design, and what is made on request.

use super::check::Check;
use super::{DesignUser, LayoutName, NameError, Output, Problem, User};
use crate::hash::HashMap;

/// The longest CN and O (RFC 5280 appendix A.1: ub-common-name, ub-organization-name).
const LONGEST: usize = 64;

/// A name that can stand in a certificate, in a list with commas, and as the name of a file.
pub(super) fn name(text: &str) -> Result<String, NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    let length = text.chars().count();
    if length > LONGEST {
        return Err(NameError::TooLong { length, limit: LONGEST });
    }
    let bad = |index: usize, c: char| {
        c.is_whitespace() || c.is_control() || "/\\,;".contains(c) || index == 0 && "-.".contains(c)
    };
    match text.chars().enumerate().find(|(index, c)| bad(*index, *c)) {
        Some((index, character)) => {
            let position = index + 1;
            Err(NameError::BadCharacter { character, position, suggestion: None })
        }
        None => Ok(text.to_owned()),
    }
}

impl Check {
    /// `leaf` is the lifetime of those who have none of their own, `ca` the longest there can be;
    /// both in seconds.
    pub(super) fn users(
        &mut self,
        users: &[DesignUser],
        leaf: Option<i64>,
        ca: Option<i64>,
    ) -> Vec<User> {
        let mut seen = HashMap::default();
        let mut all = Vec::with_capacity(users.len());
        for (index, user) in users.iter().enumerate() {
            let place = format!("users[{index}]");
            let at = format!("{place}.name");
            let name_of = self.take(at.clone(), name(user.name.trim()), Problem::BadUserName);
            let groups = self.groups(&place, "groups", &user.groups);
            let validity = match user.ttl.trim() {
                "" => leaf,
                text => self.lifetime(&format!("{place}.ttl"), text, ca),
            };
            let Some(name) = name_of else { continue };
            if let Some(first) = seen.insert(name.clone(), at.clone()) {
                self.find(at, Problem::DuplicateUser { first });
                continue;
            }
            if name.starts_with("system:") {
                self.find(at, Problem::ReservedUser);
            }
            let validity = validity.unwrap_or_default().min(ca.unwrap_or(i64::MAX));
            all.push(User { name, groups, validity });
        }
        all
    }

    pub(super) fn groups(&mut self, place: &str, field: &str, texts: &[String]) -> Vec<String> {
        let mut groups = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            let place = format!("{place}.{field}[{index}]");
            let group = self.take(place.clone(), name(text.trim()), Problem::BadGroupName);
            let Some(group) = group.filter(|group| !groups.contains(group)) else { continue };
            if group == "system:masters" {
                self.find(place, Problem::MastersUser);
            }
            groups.push(group);
        }
        groups
    }

    fn lifetime(&mut self, place: &str, text: &str, ca: Option<i64>) -> Option<i64> {
        let seconds = self.duration(place, text)?;
        if seconds <= 0 {
            self.find(place, Problem::NotPositive);
        } else if ca.is_some_and(|ca| ca > 0 && seconds > ca) {
            self.find(place, Problem::LeafBeyondCa);
        }
        self.shortest(place, seconds);
        Some(seconds)
    }

    /// Each once, in the order in which they are offered; what does not fit is left out.
    pub(super) fn outputs(&mut self, names: &[String], layout: Option<LayoutName>) -> Vec<Output> {
        let mut outputs = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let place = format!("outputs[{index}]");
            match Output::from_name(name.trim()) {
                None => self.find(place, Problem::BadOutput),
                Some(output) if layout.is_some_and(|layout| !output.fits(layout)) => {
                    self.find(place, Problem::OutputNotHere);
                }
                Some(output) => outputs.push(output),
            }
        }
        crate::order::sort(&mut outputs);
        outputs.dedup();
        outputs
    }
}
