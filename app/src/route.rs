//! Which view the address names.
//!
//! By hash, because a page from `file://` has no other part of its address to itself.

use pki_core::design::LINK_KEY;

/// The views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Route {
    #[default]
    Generate,
    Map,
    /// A page of the map.
    Compare,
    Decode,
    Csr(Step),
}

/// The steps of the CSR desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    #[default]
    Review,
    Request,
    Attach,
    Sign,
    Workshop,
}

impl Step {
    /// In the order of the links.
    pub(crate) const ALL: [Self; 5] =
        [Self::Review, Self::Request, Self::Attach, Self::Sign, Self::Workshop];

    /// What a link to it points at.
    pub(crate) fn href(self) -> &'static str {
        match self {
            Self::Review => "#/csr",
            Self::Request => "#/csr/request",
            Self::Attach => "#/csr/attach",
            Self::Sign => "#/csr/sign",
            Self::Workshop => "#/csr/workshop",
        }
    }
}

impl Route {
    /// In the order of the navigation.
    pub(crate) const ALL: [Self; 4] =
        [Self::Generate, Self::Map, Self::Decode, Self::Csr(Step::Review)];

    /// The view of a hash without its `#`; the first one for anything unknown.
    pub(crate) fn from_hash(hash: &str) -> Self {
        let path = hash.split('?').next();
        let steps = Step::ALL.into_iter().map(Self::Csr);
        let mut all = Self::ALL.into_iter().chain([Self::Compare]).chain(steps);
        all.find(|route| route.href().get(1..) == path).unwrap_or_default()
    }

    /// What a hash says to the Decode view: the part after its `?`.
    pub(crate) fn link(hash: &str) -> Option<&str> {
        let (path, query) = hash.split_once('?')?;
        (Self::Decode.href().get(1..) == Some(path)).then_some(query)
    }

    /// The design that a hash carries.
    pub(crate) fn design(hash: &str) -> Option<&str> {
        let (path, query) = hash.split_once('?')?;
        let query = query.strip_prefix(LINK_KEY)?;
        (Self::Generate.href().get(1..) == Some(path)).then_some(query)
    }

    /// Whether both stand behind one link of the navigation.
    pub(crate) fn is_beside(self, other: Self) -> bool {
        let is_map = |route| matches!(route, Self::Map | Self::Compare);
        self == other
            || is_map(self) && is_map(other)
            || matches!((self, other), (Self::Csr(_), Self::Csr(_)))
    }

    /// What a link to it points at.
    pub(crate) fn href(self) -> &'static str {
        match self {
            Self::Generate => "#/generate",
            Self::Map => "#/map",
            Self::Compare => "#/map/compare",
            Self::Decode => "#/decode",
            Self::Csr(step) => step.href(),
        }
    }
}
