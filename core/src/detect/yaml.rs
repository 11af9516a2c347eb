//! YAML (and with it JSON) as a tree with the place of every value.
//!
//! A paste is often cut off or has a terminal's prompt above it, so this keeps what it has read
//! when the text goes wrong, and goes on with the next document.
//! Aliases are not expanded: what they save in a manifest is not worth the bombs.

use serde_saphyr::granit_parser::{Event, Parser, ScanError, Span};

use crate::decode::{Finding, Problem};

/// Values that are read at most.
const MOST_NODES: usize = 2_000_000;
/// The deepest nesting that is read.
const DEEPEST: usize = 64;
/// Documents that are read at most.
const MOST_DOCUMENTS: usize = 20_000;

/// A value and where it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A value.
#[derive(Debug)]
pub(super) enum Value {
    Scalar(String),
    Sequence(Vec<Node>),
    Mapping(Vec<(String, Node)>),
}

impl Node {
    /// The value under a key; the first of several.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Mapping(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
            }
            _ => None,
        }
    }

    /// The scalar at the end of a path of keys.
    pub(super) fn text(&self, path: &[&str]) -> Option<&str> {
        let node = path.iter().try_fold(self, |node, key| node.get(key))?;
        match &node.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The items of the sequence at the end of a path of keys; none where there is none.
    pub(super) fn items(&self, path: &[&str]) -> &[Node] {
        match path.iter().try_fold(self, |node, key| node.get(key)).map(|node| &node.value) {
            Some(Value::Sequence(items)) => items,
            _ => &[],
        }
    }
}

/// Reads every document of a stream, as far as each goes, and what went wrong.
pub(super) fn read(text: &str) -> (Vec<Node>, Vec<Finding>) {
    let mut parser = Parser::new_from_str(text);
    let (mut documents, mut findings) = (Vec::new(), Vec::new());
    let mut builder = Builder::default();
    loop {
        let event = match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok(event)) => event,
            Some(Err(error)) => {
                findings.push(syntax(&error));
                documents.extend(builder.finish());
                if documents.len() < MOST_DOCUMENTS
                    && matches!(parser.proceed_next_document(), Ok(true))
                {
                    continue;
                }
                break;
            }
        };
        match event {
            (Event::DocumentEnd, _) => documents.extend(builder.finish()),
            (event, span) => {
                if let Err(problem) = builder.take(event, span) {
                    findings.push(problem.into());
                    break;
                }
            }
        }
        if documents.len() >= MOST_DOCUMENTS {
            findings.push(Problem::TooMany { limit: MOST_DOCUMENTS }.into());
            break;
        }
    }
    documents.extend(builder.finish());
    (documents, findings)
}

fn syntax(error: &ScanError) -> Finding {
    let mark = error.marker();
    let reason = error.kind().to_string();
    let mut finding = Finding::from(Problem::YamlSyntax { reason });
    finding.line = Some(mark.line());
    finding.column = Some(mark.col().saturating_add(1));
    finding
}

/// Makes the tree without recursion.
#[derive(Default)]
struct Builder {
    /// Collections that are open, the innermost last, each with the key that waits for its value.
    open: Vec<(Node, Option<String>)>,
    root: Option<Node>,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let node = |value| Node {
            value,
            line: span.start.line(),
            column: span.start.col().saturating_add(1),
        };
        match event {
            Event::Scalar(text, ..) => self.add(node(Value::Scalar(text.into_owned())))?,
            Event::Alias(_) => self.add(node(Value::Scalar(String::new())))?,
            Event::SequenceStart(..) => self.begin(node(Value::Sequence(Vec::new())))?,
            Event::MappingStart(..) => self.begin(node(Value::Mapping(Vec::new())))?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((node, _)) = self.open.pop() {
                    self.add(node)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, node: Node) -> Result<(), Problem> {
        if self.open.len() >= DEEPEST {
            return Err(Problem::TooDeep);
        }
        self.open.push((node, None));
        Ok(())
    }

    fn add(&mut self, node: Node) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MOST_NODES {
            return Err(Problem::TooMany { limit: MOST_NODES });
        }
        let Some((parent, key)) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut parent.value, key.take()) {
            (Value::Sequence(items), _) => items.push(node),
            (Value::Mapping(entries), Some(key)) => entries.push((key, node)),
            (Value::Mapping(_), None) => {
                // A key that is no scalar has no path to be named by.
                *key = Some(match node.value {
                    Value::Scalar(text) => text,
                    _ => String::new(),
                });
            }
            (Value::Scalar(_), _) => {}
        }
        Ok(())
    }

    /// The document, with what is still open closed.
    fn finish(&mut self) -> Option<Node> {
        while let Some((node, _)) = self.open.pop() {
            // Nothing is added beyond what was counted already.
            let _ = self.add(node);
        }
        self.root.take()
    }
}
