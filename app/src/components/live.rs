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
    erased_rows(Signal::derive(count), Arc::new(row))
}

fn erased_rows(count: Signal<usize>, row: Arc<dyn Fn(usize) -> AnyView + Send + Sync>) -> AnyView {
    view! { <For each=move || 0..count.get() key=|index| *index let:index>{row(index)}</For> }
        .into_any()
}

fn erased(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || view()).into_any()
}
