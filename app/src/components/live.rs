//! A part of a view that follows what it reads, without a copy of the machinery for each of them.
//!
//! Leptos compiles about a kilobyte for every type of closure in a view. Behind a pointer they are
//! all of one type.

use leptos::prelude::*;

/// What `view` gives, and again whenever something that it reads changes.
pub(crate) fn live<V: IntoAny>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    erased(Box::new(move || view().into_any()))
}

fn erased(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || view()).into_any()
}
