//! The frame around every view: name, navigation, the no-network badge, colours, announcements.

use crate::components::live;
use leptos::prelude::*;
use pki_text::en::ui::shell as words;

use crate::components::take_step;
use crate::components::theme::ThemeChoice;
use crate::csr::Clerk;
use crate::platform;
use crate::route::Route;
use crate::state::{Announcer, Atlas, Editor, Generate};
use crate::views::compare::compare_view;
use crate::views::csr::{CsrDesk, csr_view};
use crate::views::decode::{Paste, decode_view};
use crate::views::generate;
use crate::views::map::map_view;
use crate::worker::{Pool, Reader, Source};

/// The whole page.
#[component]
pub(crate) fn Shell(source: Source) -> impl IntoView {
    let route = RwSignal::new(Route::from_hash(&platform::hash()));
    let announcer = Announcer(RwSignal::new(String::new()));
    let editor = Editor::new();
    provide_context(announcer);
    provide_context(editor);
    provide_context(Atlas::new());
    let reader = Reader::new(source.clone());
    // The first worker is the reader's: a paste may come at once, from any view, or in the link.
    reader.warm();
    provide_context(StoredValue::new_local(reader.clone()));
    let paste = Paste::new(reader, announcer);
    let clerk = Clerk::new(source.clone());
    let generate = Generate::new(Pool::new(source), editor, announcer);
    provide_context(generate);
    let desk = CsrDesk::new(clerk, editor, generate, announcer);
    provide_context(desk);
    if let Some(link) = Route::link(&platform::hash()) {
        paste.open_link(link);
    }
    let take_design = move |hash: &str| {
        if let Some(link) = Route::design(hash) {
            announcer.say(editor.open_link(link));
            // A reload must not take what is edited from here on back to the link.
            platform::go_instead(Route::Generate.href());
        }
    };
    take_design(&platform::hash());
    platform::on_hash_change(move |hash| {
        take_design(&hash);
        route.set(Route::from_hash(&hash));
        if let Some(link) = Route::link(&hash) {
            paste.open_link(link);
        }
        platform::focus(platform::landing());
    });
    Effect::new(move |_| {
        if matches!(route.get(), Route::Generate | Route::Map) {
            generate.prepare();
        }
    });
    let over = take_anything(paste, route);
    platform::on_step_keys(move |forward| {
        if matches!(route.get_untracked(), Route::Generate | Route::Map | Route::Compare) {
            take_step(editor, announcer, forward);
        }
    });
    Effect::new(move |_| platform::set_title(&words::title(label(route.get()))));
    view! {
        <a class="skip" href="#main" on:click=move |event| {
            // The hash belongs to the route.
            event.prevent_default();
            platform::focus("main");
        }>{words::SKIP}</a>
        <header class="top">
            <span class="brand">{words::NAME}</span>
            <nav aria-label=words::NAVIGATION>
                {Route::ALL
                    .into_iter()
                    .map(|to| {
                        let current = move || route.get().is_beside(to).then_some("page");
                        view! { <a href=to.href() aria-current=current>{label(to)}</a> }
                    })
                    .collect_view()}
            </nav>
            <details class="badge">
                <summary>{words::BADGE}</summary>
                <div class="badge-text">
                    <p><strong>{words::BADGE_TITLE}</strong></p>
                    <p>{words::BADGE_WHY}</p>
                    <p>{words::BADGE_CHECK}</p>
                </div>
            </details>
            <ThemeChoice />
        </header>
        <main id="main" tabindex="-1">
            {live(move || match route.get() {
                Route::Generate => view! { <generate::View /> }.into_any(),
                Route::Map => map_view(),
                Route::Compare => compare_view(),
                Route::Decode => decode_view(paste),
                Route::Csr(step) => csr_view(desk, step),
            })}
        </main>
        <div class="drop-sign" class:over=move || over.get() aria-hidden="true">{words::DROP}</div>
        <div class="out-of-sight" role="status" aria-live="polite">{live(move || announcer.0.get())}</div>
    }
}

/// Decodes what is pasted or dropped anywhere, from every view. Gives whether something is held over
/// the page.
fn take_anything(paste: Paste, route: RwSignal<Route>) -> RwSignal<bool> {
    // The CSR desk takes its own.
    let is_here = move || !matches!(route.get_untracked(), Route::Csr(_));
    let show = move |found| {
        if route.get_untracked() != Route::Decode {
            platform::go(Route::Decode.href());
        }
        paste.take(found);
    };
    let over = RwSignal::new(false);
    platform::on_drop(
        move |is_over| {
            // Only changes: the event comes many times a second.
            if over.get_untracked() != is_over && is_here() {
                over.set(is_over);
            }
        },
        move |event| {
            // Two views take designs.
            let takes = matches!(route.get_untracked(), Route::Generate | Route::Compare);
            let taken = takes && platform::is_document(&event);
            if !taken && is_here() {
                platform::taken_up(&event, show);
            }
        },
    );
    platform::on_page_paste(is_here, show);
    over
}

fn label(route: Route) -> &'static str {
    match route {
        Route::Generate => words::GENERATE,
        Route::Map => pki_text::en::map_view::NAME,
        Route::Compare => pki_text::en::compare::NAME,
        Route::Decode => words::DECODE,
        Route::Csr(_) => pki_text::en::csr_view::NAME,
    }
}
