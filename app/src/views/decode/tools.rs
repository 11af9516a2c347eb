//! What can be done with the whole answer: a link, a download, and the time that it is judged by.

use crate::components::live;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pki_text::en::decode_view as words;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Paste;
use crate::platform;
use crate::state::Announcer;
use crate::worker::{Ask, Told};

/// A link that is longer than this may be cut by mail and chat programs.
const LONG_LINK: usize = 2_000;
/// A link that is longer than this is not made.
const LONGEST_LINK: usize = 64_000;

pub(super) fn tools_view(paste: Paste, total: usize) -> AnyView {
    let announcer = expect_context::<Announcer>();
    let said = RwSignal::new(Vec::<String>::new());
    let say = move |sentences: Vec<String>| {
        announcer.say(sentences.join(" "));
        let _ = said.try_set(sentences);
    };
    let link = move |_| {
        paste.ask(Ask::Link, move |told, _| {
            if let Told::Link(link) = told {
                copy_link(link, say);
            }
        });
    };
    let report = move |_| {
        paste.ask(Ask::Report, move |_, json| {
            if let Some(json) = json {
                platform::download(words::REPORT_FILE, "application/json", &json);
            }
        });
    };
    let notes = move || {
        let notes = said.get().into_iter().map(|text| view! { <p class="hint">{text}</p> });
        notes.collect::<Vec<_>>()
    };
    view! {
        <div class="answer-tools">
            <p class="found">{words::found(total)}</p>
            <button type="button" class="small" on:click=link>{words::COPY_LINK}</button>
            <button type="button" class="small" on:click=report>{words::DOWNLOAD_REPORT}</button>
            {clock_view(paste)}
        </div>
        <div class="answer-notes">{live(notes)}</div>
    }
    .into_any()
}

/// Puts the address on the clipboard, and says what it is or why there is none.
fn copy_link(link: Result<String, String>, say: impl Fn(Vec<String>) + 'static) {
    let text = match link {
        Ok(text) if text.len() <= LONGEST_LINK => text,
        Ok(_) => return say(vec![words::LINK_TOO_LONG.to_owned()]),
        Err(why) => return say(vec![why]),
    };
    let address = Paste::link_address(&text);
    let length = address.len();
    let from_disk = address.starts_with("file:");
    spawn_local(async move {
        if !platform::copy(address).await {
            return say(vec![words::LINK_NOT_COPIED.to_owned()]);
        }
        let mut sentences = vec![words::LINK_COPIED.to_owned()];
        if from_disk {
            sentences.push(words::LINK_FROM_DISK.to_owned());
        }
        if length > LONG_LINK {
            sentences.push(words::link_long(length));
        }
        say(sentences);
    });
}

/// The time that everything is judged by, and a field for another.
fn clock_view(paste: Paste) -> AnyView {
    let bad = RwSignal::new(false);
    let typed = move |event| {
        let text = platform::event_value(&event);
        let moment = moment(&text);
        bad.set(moment.is_none() && !text.is_empty());
        if moment.is_some() || text.is_empty() {
            paste.set_clock(moment);
        }
    };
    let whose = move || match paste.clock() {
        Some(_) => words::CLOCK_HAND,
        None => words::CLOCK_BROWSER,
    };
    let shown = move || {
        let moment = OffsetDateTime::from_unix_timestamp(paste.judged()).ok();
        let text = moment.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default();
        format!("{} UTC", text.trim_end_matches('Z').replace('T', " "))
    };
    let field = move || {
        let moment = paste.clock().and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
        let text = moment.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default();
        text.trim_end_matches('Z').to_owned()
    };
    view! {
        <div class="clock" role="group" aria-label=words::CLOCK>
            <p>{words::CLOCK} " " <strong>{shown}</strong> ", " {whose} "."</p>
            <label for="clock">{words::CLOCK_SET}</label>
            <input
                type="datetime-local"
                id="clock"
                step="1"
                prop:value=field
                aria-invalid=move || bad.get().then_some("true")
                on:change=typed
            />
            <button
                type="button"
                class="small"
                hidden=move || paste.clock().is_none()
                on:click=move |_| paste.set_clock(None)
            >
                {words::CLOCK_RETURN}
            </button>
            <p class="error" role="alert" hidden=move || !bad.get()>{words::CLOCK_BAD}</p>
        </div>
    }
    .into_any()
}

/// What a browser gives for a date and a time: without seconds if they are 0, and without a zone.
fn moment(text: &str) -> Option<i64> {
    let seconds = if text.len() == "2027-01-31T12:00".len() { ":00" } else { "" };
    let moment = OffsetDateTime::parse(&format!("{text}{seconds}Z"), &Rfc3339).ok()?;
    Some(moment.unix_timestamp())
}
