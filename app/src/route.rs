//! Which view the address names.
//!
//! By hash, because a page from `file://` has no other part of its address to itself.

/// The views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Route {
    #[default]
    Generate,
    Decode,
}

impl Route {
    /// In the order of the navigation.
    pub(crate) const ALL: [Self; 2] = [Self::Generate, Self::Decode];

    /// The view of a hash without its `#`; the first one for anything unknown.
    pub(crate) fn from_hash(hash: &str) -> Self {
        Self::ALL.into_iter().find(|route| route.hash() == hash).unwrap_or_default()
    }

    pub(crate) fn hash(self) -> &'static str {
        match self {
            Self::Generate => "/generate",
            Self::Decode => "/decode",
        }
    }

    /// What a link to it points at.
    pub(crate) fn href(self) -> &'static str {
        match self {
            Self::Generate => "#/generate",
            Self::Decode => "#/decode",
        }
    }
}
