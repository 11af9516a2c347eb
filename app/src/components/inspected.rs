//! What a file of the archive holds, decoded: the same sheets as in Decode.

use std::sync::Arc;

use super::live::live;
use leptos::prelude::*;
use pki_text::en::sheet as words;

use super::card::object_card;
use crate::platform;
use crate::platform::Bytes;
use crate::sheet::Sheet;
use crate::worker::{Ask, Desk, Reader, Told};

/// The sheets of a file, once its content is there. A private key in it has none: the file's own
/// button shows the key to those who ask for it.
pub(crate) fn inspected(content: Arc<Bytes>) -> AnyView {
    let reader = expect_context::<StoredValue<Reader, LocalStorage>>();
    let sheets = RwSignal::new(Vec::<Sheet>::new());
    reader.with_value(|reader| {
        let now = platform::now().unix_timestamp();
        let input = Some(Bytes::clone(&content));
        reader.ask((Desk::File, now), Ask::Text, input, move |told| {
            if let Ok((Told::Answer(answer), _)) = told {
                let mut found = answer.sheets;
                found.retain(|sheet| sheet.kind != words::PRIVATE_KEY);
                // Another file may be looked at by then.
                let _ = sheets.try_set(found);
            }
        });
    });
    let card = |sheet| object_card(sheet, Desk::File);
    live(move || sheets.get().into_iter().map(card).collect_view())
}
