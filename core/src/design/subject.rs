//! What subjects say beside their CN and, in leaves, the groups: country, place, company and unit.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::NameError;
use super::check::Check;
use super::finding::Problem;
use crate::yaml::Yaml;

/// As typed; empty texts for what subjects do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DesignSubject {
    /// C: the two letters of a country (ISO 3166).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// ST: a state or province.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub province: String,
    /// L: a place.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub locality: String,
    /// O of CAs. In leaves, O are the groups that Kubernetes sees.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub organization: String,
    /// OU: a unit of the company.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub organizational_unit: String,
}

/// The same, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectParts {
    /// C.
    pub country: Option<String>,
    /// ST.
    pub province: Option<String>,
    /// L.
    pub locality: Option<String>,
    /// O of CAs.
    pub organization: Option<String>,
    /// OU.
    pub organizational_unit: Option<String>,
}

impl SubjectParts {
    /// All attributes of a subject by their short names, in the order in which they are written;
    /// several organizations are one.
    pub fn around<'a>(
        &'a self,
        organizations: &'a [String],
        common_name: &'a str,
    ) -> Vec<(&'static str, Vec<&'a str>)> {
        let own = |part: &'a Option<String>| part.as_deref().into_iter().collect::<Vec<_>>();
        let mut all = vec![
            ("C", own(&self.country)),
            ("ST", own(&self.province)),
            ("L", own(&self.locality)),
            ("O", organizations.iter().map(String::as_str).collect()),
            ("OU", own(&self.organizational_unit)),
            ("CN", vec![common_name]),
        ];
        all.retain(|(_, values)| !values.is_empty());
        all
    }

    /// The organizations of a CA. In leaves they are groups.
    pub fn of_authority(&self) -> &[String] {
        self.organization.as_slice()
    }
}

/// `C=CH, L=GVA2, O=Exoscale, OU=SKS`.
impl fmt::Display for SubjectParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.around(self.of_authority(), "");
        let said = all.iter().filter(|(name, _)| *name != "CN");
        for (index, (name, values)) in said.enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{name}={}", values.concat())?;
        }
        Ok(())
    }
}

impl DesignSubject {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Its fields by their names in the document.
    pub fn parts(&self) -> [(&'static str, &String); 5] {
        [
            ("country", &self.country),
            ("province", &self.province),
            ("locality", &self.locality),
            ("organization", &self.organization),
            ("organizationalUnit", &self.organizational_unit),
        ]
    }

    /// One of them, to be written to.
    pub fn part_mut(&mut self, field: &str) -> Option<&mut String> {
        Some(match field {
            "country" => &mut self.country,
            "province" => &mut self.province,
            "locality" => &mut self.locality,
            "organization" => &mut self.organization,
            "organizationalUnit" => &mut self.organizational_unit,
            _ => return None,
        })
    }

    pub(super) fn yaml(&self) -> Yaml {
        let said = self.parts().into_iter().filter(|(_, text)| !text.is_empty());
        Yaml::Map(said.map(|(name, text)| (name, Yaml::text(text))).collect())
    }
}

impl Check {
    pub(super) fn subject(&mut self, subject: &DesignSubject) -> SubjectParts {
        // The limits are those of RFC 5280 appendix A.1.
        SubjectParts {
            country: self.subject_part("country", &subject.country, 2),
            province: self.subject_part("province", &subject.province, 128),
            locality: self.subject_part("locality", &subject.locality, 128),
            organization: self.subject_part("organization", &subject.organization, 64),
            organizational_unit: self.subject_part(
                "organizationalUnit",
                &subject.organizational_unit,
                64,
            ),
        }
    }

    fn subject_part(&mut self, field: &str, text: &str, limit: usize) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let at = format!("subject.{field}");
        let upper = text.to_ascii_uppercase();
        let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if field == "country" && !(is_code && upper == text) {
            self.find(at, Problem::BadCountry { suggestion: is_code.then_some(upper) });
            return None;
        }
        self.take(at, part(text, limit), Problem::BadSubjectPart)
    }
}

fn part(text: &str, limit: usize) -> Result<String, NameError> {
    let length = text.chars().count();
    if length > limit {
        return Err(NameError::TooLong { length, limit });
    }
    match text.chars().enumerate().find(|(_, c)| c.is_control()) {
        Some((index, character)) => {
            let position = index + 1;
            Err(NameError::BadCharacter { character, position, suggestion: None })
        }
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::design::{Design, Repair, SubjectParts};

    #[test]
    fn a_subject_is_read_written_and_judged() {
        let text = "apiVersion: pki-workbench/v1\nkind: Design\nsubject:\n  country: CH\n  locality: GVA2\n  organizationalUnit: SKS\n";
        let design = Design::from_document(text).expect("a design");
        let (settings, findings) = design.check();
        assert!(findings.is_empty(), "{findings:?}");
        let expected = SubjectParts {
            country: Some("CH".to_owned()),
            locality: Some("GVA2".to_owned()),
            organizational_unit: Some("SKS".to_owned()),
            ..SubjectParts::default()
        };
        assert_eq!(settings.expect("no finding").subject, expected);
        assert_eq!(expected.to_string(), "C=CH, L=GVA2, OU=SKS");
        for document in [design.to_yaml(), design.to_json()] {
            assert_eq!(Design::from_document(&document).as_ref(), Ok(&design));
        }
        assert!(!Design::default().to_yaml().contains("subject"));
    }

    #[test]
    fn what_fits_no_certificate_is_found_at_its_place() {
        let mut design = Design::default();
        design.subject.country = "Switzerland".to_owned();
        design.subject.organization = "x".repeat(65);
        design.subject.locality = "a\nb".to_owned();
        let (settings, findings) = design.check();
        assert!(settings.is_none());
        // Lower case is mended by a button; a name of a country is nobody's to guess.
        assert_eq!(design.repair(&findings[0]), None);
        design.subject.country = "ch".to_owned();
        let (repair, mended) = design.repair(&design.check().1[0]).expect("two letters");
        assert_eq!(repair, Repair::Write("CH".to_owned()));
        assert_eq!(mended.subject.country, "CH");
        let places: Vec<_> = findings.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["subject.country", "subject.locality", "subject.organization"]);
    }
}
