//! From the verdict at create to the end: what people decide, and what becomes of it.

use super::Review;
use super::cluster::{Cluster, Identity, Right};

/// What somebody writes into the conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Approved, status True.
    Approve,
    /// Denied, status True.
    Deny,
    /// A condition whose status is not True, which v1 refuses.
    WithoutTrue,
}

/// Where a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not created.
    Refused,
    /// Waiting for approval.
    Pending,
    /// Denied.
    Denied,
    /// Approved, and refused by the signer: condition Failed, reason `SignerValidationFailure`.
    Failed,
    /// Approved, and nobody signs it.
    ApprovedUnsigned,
    /// Approved and signed.
    Issued,
}

impl Outcome {
    /// `refused`, `pending`, `denied`, `failed`, `approved-unsigned`, `issued`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Pending => "pending",
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::ApprovedUnsigned => "approved-unsigned",
            Self::Issued => "issued",
        }
    }
}

/// What the signer does once a request is approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signing {
    /// Nothing: no controller signs for this signer.
    NotServed,
    /// It sets the condition Failed.
    Failed(super::Finding),
    /// It logs an error and tries again, without an end.
    Error(super::Finding),
    /// It signs this.
    Issues(Box<super::ReviewedContent>),
}

impl Review {
    /// Where the request ends when these decisions are made one after the other.
    ///
    /// A decision by somebody without the right to it changes nothing, nor does one against an
    /// earlier one: Approved and Denied exclude each other and cannot be taken back.
    pub fn settle(&self, cluster: &Cluster, decisions: &[(Decision, Identity)]) -> Outcome {
        let Some(signing) = &self.signing else { return Outcome::Refused };
        let mut state = self.auto_approved.then_some(Decision::Approve);
        for (decision, by) in decisions {
            let wanted = Right::Approve(self.signer_name.clone());
            let may = cluster.access.allows(by, &Right::UpdateApproval)
                && cluster.access.allows(by, &wanted);
            if state.is_none() && may && *decision != Decision::WithoutTrue {
                state = Some(*decision);
            }
        }
        match (state, signing) {
            (None | Some(Decision::WithoutTrue), _) => Outcome::Pending,
            (Some(Decision::Deny), _) => Outcome::Denied,
            (Some(Decision::Approve), Signing::NotServed | Signing::Error(_)) => {
                Outcome::ApprovedUnsigned
            }
            (Some(Decision::Approve), Signing::Failed(_)) => Outcome::Failed,
            (Some(Decision::Approve), Signing::Issues(_)) => Outcome::Issued,
        }
    }
}
