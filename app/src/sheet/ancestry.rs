//! The chains of a paste as one drawing: each root, or the gap where it should be, with all that
//! stands below it.

use pki_core::explain::relations::{Chain, ChainEnd, ChainProblem};
use pki_core::explain::{Object, Report};
use pki_text::en::relations as say;
use serde::{Deserialize, Serialize};

use super::{Tone, certificate, visible::visible};

/// More than this is no drawing any more; the sentences about chains and the list stay.
const MOST: usize = 40;

/// A certificate in the drawing, or a gap, with what it signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ancestor {
    /// Its index; none where it is not here.
    pub(crate) object: Option<usize>,
    /// Whose it is.
    pub(crate) title: String,
    /// Letter of the kubeadm CA that it is, or that signed it.
    pub(crate) ca: Option<char>,
    /// Whether it holds.
    pub(crate) tone: Tone,
    /// How it hangs on the one above, in a few words.
    pub(crate) said: String,
    /// What it signed.
    pub(crate) below: Vec<Ancestor>,
}

/// The drawing; empty where nothing has anything above it, or too much has.
pub(super) fn ancestry(report: &Report) -> Vec<Ancestor> {
    let chains = &report.relations.chains;
    let nodes: usize = chains.iter().map(|chain| chain.certificates.len()).sum();
    let mut roots = Vec::new();
    if nodes > MOST || chains.iter().all(|chain| chain.certificates.len() < 2) {
        return roots;
    }
    for chain in chains {
        let mut level = &mut roots;
        if let ChainEnd::Missing { subject, .. } = &chain.end {
            level = place(level, gap(subject));
        }
        for index in chain.certificates.iter().rev() {
            level = place(level, ancestor(report, chain, *index));
        }
    }
    roots
}

/// What stands below this one, which is put there unless it is there already.
fn place(level: &mut Vec<Ancestor>, node: Ancestor) -> &mut Vec<Ancestor> {
    let is_same = |there: &Ancestor| there.object == node.object && there.title == node.title;
    let found = level.iter().position(is_same).unwrap_or(level.len());
    if found == level.len() {
        level.push(node);
    } else if let Some(there) = level.get_mut(found).filter(|_| node.tone == Tone::Bad) {
        // A fault that only one of the chains through it has.
        (there.tone, there.said) = (node.tone, node.said);
    }
    // It was pushed or found.
    &mut level[found].below
}

fn gap(subject: &str) -> Ancestor {
    Ancestor {
        object: None,
        title: visible(subject.to_owned()),
        ca: None,
        tone: Tone::Warning,
        said: say::NOT_HERE.to_owned(),
        below: Vec::new(),
    }
}

fn ancestor(report: &Report, chain: &Chain, index: usize) -> Ancestor {
    let problem = chain.problems.iter().find(|problem| concerned(problem) == Some(index));
    let is_root = matches!(chain.end, ChainEnd::Root) && chain.certificates.last() == Some(&index);
    let (tone, said) = match problem {
        Some(ChainProblem::SignatureUnsupported { .. }) => (Tone::Warning, say::NOT_CHECKED),
        Some(ChainProblem::SignatureInvalid { .. }) => (Tone::Bad, say::NOT_BY_THE_ONE_ABOVE),
        Some(_) => (Tone::Bad, say::HAS_A_FAULT),
        None if is_root => (Tone::Good, say::IS_A_ROOT),
        None => (Tone::Good, say::BY_THE_ONE_ABOVE),
    };
    let (title, ca) = match report.objects.get(index).map(|entry| &entry.object) {
        Some(Object::Certificate(found)) => {
            (certificate::title(&found.subject), certificate::authority(found))
        }
        _ => (String::new(), None),
    };
    let below_a_gap = matches!(chain.end, ChainEnd::Missing { .. })
        && chain.certificates.last() == Some(&index)
        && problem.is_none();
    let (tone, said) = if below_a_gap { (Tone::Note, say::BY_ONE_NOT_HERE) } else { (tone, said) };
    Ancestor {
        object: Some(index),
        title: visible(title),
        ca,
        tone,
        said: said.to_owned(),
        below: Vec::new(),
    }
}

/// The certificate at which a problem is to be seen.
fn concerned(problem: &ChainProblem) -> Option<usize> {
    match *problem {
        ChainProblem::SignatureInvalid { certificate, .. }
        | ChainProblem::SignatureUnsupported { certificate, .. }
        | ChainProblem::NameBytesDiffer { certificate, .. }
        | ChainProblem::KeyIdDiffers { certificate, .. }
        | ChainProblem::NameNotAllowed { certificate, .. }
        | ChainProblem::Expired { certificate }
        | ChainProblem::NotYetValid { certificate }
        | ChainProblem::OutlivesIssuer { certificate, .. } => Some(certificate),
        ChainProblem::IssuerNotCa { issuer }
        | ChainProblem::IssuerMayNotSign { issuer }
        | ChainProblem::PathTooLong { issuer, .. }
        | ChainProblem::PurposeNotNested { issuer } => Some(issuer),
        _ => None,
    }
}
