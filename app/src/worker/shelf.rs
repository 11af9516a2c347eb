//! Inside the worker that reads: the last input of each desk, its report, and parts of it.

use std::cell::RefCell;
use std::rc::Rc;

use pki_core::design::{API_VERSION, Design, MAX_DOCUMENT_BYTES};
use pki_core::explain::{self, ExpiryTable, Report};
use pki_core::key::Signed;
use pki_text::en::decode_view as words;
use time::OffsetDateTime;
use wasm_bindgen_futures::spawn_local;

use super::reader::{Ask, Desk, Named, Question, Told};
use super::wire::Kind;
use crate::platform::{self, Bytes, Packet};
use crate::sheet::{Answer, Lines, Remark, Sheet, Tab, Table, Tree, form, matching, order};

/// What the worker has read last, by desk.
#[derive(Default)]
pub(super) struct Shelf {
    paste: Rc<RefCell<Kept>>,
    file: Rc<RefCell<Kept>>,
}

impl Shelf {
    /// Answers a question, at once or when the browser has checked signatures. The window asks no
    /// other before.
    pub(super) fn answer(&self, packet: Packet) {
        let Some(question): Option<Question> = Kind::Read.unpack(&packet) else { return };
        let desk = match question.desk {
            Desk::Paste => Rc::clone(&self.paste),
            Desk::File => Rc::clone(&self.file),
        };
        let mut bytes = Vec::new();
        let now = question.now;
        let told = desk.borrow_mut().answer(question, packet.bytes, &mut bytes);
        let signed = std::mem::take(&mut desk.borrow_mut().signed);
        if signed.is_empty() {
            return platform::send_reply(Kind::Read.pack(&told, bytes));
        }
        spawn_local(async move {
            let told = match platform::not_right(&signed).await.as_slice() {
                [] => told,
                // The library has the last word.
                _ => {
                    let mut kept = desk.borrow_mut();
                    kept.report.look_for_issuers();
                    kept.told(now)
                }
            };
            platform::send_reply(Kind::Read.pack(&told, bytes));
        });
    }
}

#[derive(Default)]
struct Kept {
    /// The inputs; without a name what was pasted as text.
    inputs: Vec<(Option<String>, Bytes)>,
    report: Report,
    /// The signatures that are taken for right in it, and still to be checked.
    signed: Vec<Signed>,
    /// What is wrong with single files.
    remarks: Vec<Remark>,
    /// The same, with what is wrong inside of them.
    shown: Vec<Remark>,
    /// The filter that was asked for last, and the objects that pass it.
    filtered: (String, Vec<usize>),
}

impl Kept {
    fn answer(&mut self, question: Question, input: Vec<Bytes>, out: &mut Vec<Bytes>) -> Told {
        let now =
            OffsetDateTime::from_unix_timestamp(question.now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        match question.ask {
            Ask::Text => {
                self.inputs = input.into_iter().map(|bytes| (None, bytes)).collect();
                self.remarks.clear();
                self.read(now)
            }
            Ask::Files(names) => {
                self.take_files(names, input);
                self.read(now)
            }
            Ask::Again => self.read(now),
            Ask::Object(index) => match Sheet::of(&self.report, index, question.now) {
                Some(sheet) => Told::Sheet(Box::new(sheet)),
                None => Told::Nothing,
            },
            Ask::Form { object, tab, secret } => self.form(object, tab, secret),
            Ask::Lines { filter, from, count } => {
                if self.filtered.0 != filter || from == 0 {
                    let found = matching(&self.report, &filter);
                    self.filtered = (filter, found);
                }
                Told::Lines(Lines::new(&self.report, &self.filtered.1, from, count, question.now))
            }
            Ask::Table { column, descending } => {
                Told::Table(Table::new(&self.report, column, descending))
            }
            Ask::TableText { csv } => {
                let mut table = ExpiryTable::new(&self.report);
                order(&mut table);
                Told::Text(if csv { table.csv() } else { table.markdown() })
            }
            Ask::Report => match serde_json::to_vec_pretty(&self.report) {
                Ok(json) => {
                    out.push(Bytes::new(json));
                    Told::Bytes
                }
                Err(_) => Told::Nothing,
            },
            Ask::Link => Told::Link(explain::link::write(&self.report).map_err(words::no_link)),
        }
    }

    fn take_files(&mut self, names: Vec<Named>, input: Vec<Bytes>) {
        self.inputs.clear();
        self.remarks.clear();
        for (file, bytes) in names.into_iter().zip(input) {
            if bytes.len() == file.length {
                self.inputs.push((Some(file.name), bytes));
            } else {
                self.remarks.push(Remark::bad(words::unreadable(&file.name)));
            }
        }
    }

    fn read(&mut self, now: OffsetDateTime) -> Told {
        self.shown.clone_from(&self.remarks);
        (self.report, self.signed) = match self.inputs.as_slice() {
            [(None, bytes)] => explain::read_but_signatures(bytes, now),
            files => {
                let files = files
                    .iter()
                    .map(|(name, bytes)| (name.as_deref().unwrap_or_default(), bytes.as_slice()));
                let (report, findings, signed) = explain::read_files_but_signatures(files, now);
                self.shown.extend(findings.iter().flat_map(Remark::of_file));
                (report, signed)
            }
        };
        self.told(now.unix_timestamp())
    }

    fn told(&mut self, now: i64) -> Told {
        self.filtered = (String::new(), matching(&self.report, ""));
        let mut answer = Answer::new(&self.report, now);
        answer.design = design_in(&self.inputs);
        answer.remarks.extend(self.shown.iter().cloned());
        Told::Answer(Box::new(answer))
    }

    fn form(&self, object: usize, tab: Tab, secret: bool) -> Told {
        let Some(report) = self.report.objects.get(object) else { return Told::Nothing };
        if let Some(text) = form(report, tab) {
            return Told::Text(text);
        }
        let shows_bytes = matches!(tab, Tab::Asn1 | Tab::Pem);
        if tab == Tab::Asn1
            && let Some(der) = report.der()
        {
            return Told::Tree(Box::new(Tree::new(&der)));
        }
        let kept_back = Sheet::of(&self.report, object, 0).is_none_or(|sheet| sheet.secret);
        if !shows_bytes || (kept_back && !secret) {
            return Told::Nothing;
        }
        let inputs = self.inputs.iter().map(|(_, bytes)| bytes.as_slice());
        match (explain::hidden(inputs, object), tab) {
            (Some(hidden), Tab::Asn1) => Told::Tree(Box::new(Tree::new(&hidden.der))),
            (Some(hidden), _) => match hidden.pem {
                Some(pem) => Told::Text(pem.as_str().to_owned()),
                None => Told::Nothing,
            },
            (None, _) => Told::Nothing,
        }
    }
}

/// The design that the only input is or holds, as the data of a link to it. There is none to what a
/// design has no place for: a link would leave that out without a word, and the import tells it.
fn design_in(inputs: &[(Option<String>, Bytes)]) -> Option<String> {
    const SIGN: &[u8] = API_VERSION.as_bytes();
    let [(_, bytes)] = inputs else { return None };
    let is_archive = bytes.starts_with(&[0x1F, 0x8B]);
    let is_document = || {
        bytes.len() <= MAX_DOCUMENT_BYTES && bytes.windows(SIGN.len()).any(|octets| octets == SIGN)
    };
    if !is_archive && !is_document() {
        return None;
    }
    let (design, left_out) = Design::read_file(bytes).ok()?;
    left_out.is_empty().then(|| design.to_link())
}
