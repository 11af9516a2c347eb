//! The buttons below a table of which some rows are shown at once.

use super::live::live;
use leptos::prelude::*;
use pki_text::en::ui as words;

/// Rows at once: as many as are drawn in no time, and read.
pub(crate) const ROWS: usize = 50;

/// `from` is the first row shown, and `turn` is told which it should become; `what` is the name of
/// the table. Nothing where all rows have room.
pub(crate) fn pager(
    what: &'static str,
    total: Signal<usize>,
    from: RwSignal<usize>,
    turn: Callback<(usize,)>,
) -> AnyView {
    let until = move || (from.get() + ROWS).min(total.get());
    live(move || {
        (total.get() > ROWS).then(|| {
            view! {
                <div class="actions" role="group" aria-label=what>
                    <button type="button" class="small" disabled=move || from.get() == 0
                        on:click=move |_| turn.run((from.get_untracked().saturating_sub(ROWS),))
                    >{words::PREVIOUS_ROWS}</button>
                    <p>{live(move || words::rows(from.get(), until(), total.get()))}</p>
                    <button type="button" class="small"
                        disabled=move || { until() >= total.get() }
                        on:click=move |_| turn.run((from.get_untracked() + ROWS,))
                    >{words::NEXT_ROWS}</button>
                </div>
            }
        })
    })
}
