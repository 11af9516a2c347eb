//! What a file of the archive holds, decoded: the same sheets as in Decode.

use std::sync::Arc;

use leptos::prelude::*;
use pki_text::en::sheet as words;

use super::sheet::sheet_card;
use crate::sheet::Sheet;
use crate::worker::{Bytes, Desk, Reader};

/// The sheets of a file, once its content is there. A private key in it has none: the file's own
/// button shows the key to those who ask for it.
pub(crate) fn inspected(content: Arc<Bytes>) -> AnyView {
    let reader = expect_context::<StoredValue<Reader, LocalStorage>>();
    let sheets = RwSignal::new(Vec::<Sheet>::new());
    reader.with_value(|reader| {
        reader.ask(Desk::File, Some(Bytes::clone(&content)), 0, move |answer| {
            if let Ok(answer) = answer {
                let mut found = answer.sheets;
                found.retain(|sheet| sheet.kind != words::PRIVATE_KEY);
                // Another file may be looked at by then.
                let _ = sheets.try_set(found);
            }
        });
    });
    (move || sheets.get().into_iter().map(sheet_card).collect_view()).into_any()
}
