//! The chains drawn: who signed whom, from the root down.

use leptos::prelude::*;
use pki_text::en::relations as words;

use crate::components::authority_mark;
use crate::sheet::Ancestor;

/// The drawing, as lists in lists, so that it can be heard as well.
pub(super) fn ancestry_view(
    roots: Vec<Ancestor>,
    open: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> Option<AnyView> {
    (!roots.is_empty()).then(|| {
        view! { <div class="ancestry" role="group" aria-label=words::DRAWN>{level(roots, open)}</div> }
            .into_any()
    })
}

fn level(nodes: Vec<Ancestor>, open: impl Fn(usize) + Copy + Send + Sync + 'static) -> AnyView {
    let nodes: Vec<_> = nodes
        .into_iter()
        .map(|node| {
            let Ancestor { object, title, ca, tone, said, below } = node;
            let name = match object {
                Some(object) => {
                    let press = move |_| open(object);
                    view! { <button type="button" class="link" on:click=press>{title}</button> }
                        .into_any()
                }
                None => view! { <span>{title}</span> }.into_any(),
            };
            let class = if object.is_some() { "ancestor" } else { "ancestor gap" };
            let below = (!below.is_empty()).then(|| level(below, open));
            view! {
                <li>
                    <div class=class>
                        {authority_mark(ca)} {name} <span class=tone.class()>{said}</span>
                    </div>
                    {below}
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul>{nodes}</ul> }.into_any()
}
