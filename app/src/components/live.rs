//! A part of a view that follows what it reads, without a copy of the machinery for each of them.
//!
//! Leptos compiles about a kilobyte for every type of closure in a view. Behind a pointer they are
//! all of one type.

use std::sync::Arc;

use leptos::prelude::*;

/// What `view` gives, and again whenever something that it reads changes.
pub(crate) fn live<V: IntoAny>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    erased(Box::new(move || view().into_any()))
}

/// What `row` gives for each number below `count`; those that stay are kept as they are.
pub(crate) fn live_rows(
    count: impl Fn() -> usize + Send + Sync + 'static,
    row: impl Fn(usize) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    live_some(Signal::derive(move || (0..count()).collect()), Arc::new(row))
}

/// What `row` gives for each of these numbers; those that stay are kept as they are.
pub(crate) fn live_some(
    some: Signal<Vec<usize>>,
    row: Arc<dyn Fn(usize) -> AnyView + Send + Sync>,
) -> AnyView {
    view! { <For each=move || some.get() key=|index| *index let:index>{row(index)}</For> }
        .into_any()
}

fn erased(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || view()).into_any()
}
