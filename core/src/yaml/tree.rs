//! The tree of a document, with the place of every value.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::{YamlError, YamlReason};

/// Values that are read at most.
const MOST_NODES: usize = 2_000_000;
/// Values that aliases may stand for at most, in one stream: what is more is a bomb.
const MOST_REPEATED: usize = 10_000;
/// The deepest nesting that is read.
const DEEPEST: usize = 64;
/// Documents that are read at most.
const MOST_DOCUMENTS: usize = 20_000;

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in characters, from 1.
    pub(crate) column: usize,
    /// Line and column of the key whose value this is.
    pub(crate) key: Option<(usize, usize)>,
    /// Whether a scalar stands without quotes, so that it may be a number or nothing.
    pub(crate) plain: bool,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Scalar(String),
    Sequence(Vec<Node>),
    Mapping(Vec<(String, Node)>),
}

impl Node {
    /// The value under a key; the first of several.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Mapping(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
            }
            _ => None,
        }
    }

    /// The scalar at the end of a path of keys.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&str> {
        let node = path.iter().try_fold(self, |node, key| node.get(key))?;
        match &node.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The items of the sequence at the end of a path of keys; none where there is none.
    pub(crate) fn items(&self, path: &[&str]) -> &[Node] {
        match path.iter().try_fold(self, |node, key| node.get(key)).map(|node| &node.value) {
            Some(Value::Sequence(items)) => items,
            _ => &[],
        }
    }
}

/// Something that is wrong with a stream, and where.
pub(crate) type Fault = YamlError;

/// Reads every document of a stream, as far as each goes, and what went wrong.
///
/// Aliases stay empty: what they save in a manifest is not worth the bombs.
pub(crate) fn read(text: &str) -> (Vec<Node>, Vec<Fault>) {
    let mut faults = Vec::new();
    let documents = stream(text, Builder::default(), &mut |fault| {
        faults.push(fault);
        true
    });
    (documents, faults)
}

/// Reads every document of a stream that has to be whole. Aliases stand for what they name.
///
/// # Errors
/// The first fault.
pub(crate) fn read_all(text: &str) -> Result<Vec<Node>, Fault> {
    let mut first = None;
    let builder = Builder { anchors: Some(Vec::new()), ..Builder::default() };
    let documents = stream(text, builder, &mut |fault| {
        first = Some(with_end(fault, text));
        false
    });
    first.map_or(Ok(documents), Err)
}

/// `report` takes each fault and says whether to go on with the next document.
fn stream(text: &str, mut builder: Builder, report: &mut dyn FnMut(Fault) -> bool) -> Vec<Node> {
    let mut parser = Parser::new_from_str(text);
    let mut documents = Vec::new();
    loop {
        let (event, span) = match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok(event)) => event,
            Some(Err(error)) => {
                let go_on = report(syntax(&error));
                documents.extend(builder.finish());
                if go_on
                    && documents.len() < MOST_DOCUMENTS
                    && matches!(parser.proceed_next_document(), Ok(true))
                {
                    continue;
                }
                break;
            }
        };
        if matches!(event, Event::DocumentEnd) {
            documents.extend(builder.finish());
        } else if let Err(reason) = builder.take(event, span) {
            report(fault(span, reason));
            break;
        }
        if documents.len() >= MOST_DOCUMENTS {
            report(fault(span, YamlReason::TooMany { limit: MOST_DOCUMENTS }));
            break;
        }
    }
    documents.extend(builder.finish());
    documents
}

/// Of something that is not closed, where the text ends counts as much as where it begins.
fn with_end(mut fault: Fault, text: &str) -> Fault {
    if let YamlReason::Syntax(what) = &mut fault.reason
        && what.starts_with("unclosed")
    {
        let (what, text) = (std::mem::take(what), text.trim_end());
        let last = text.lines().last().unwrap_or_default();
        let (line, column) = (text.lines().count(), last.chars().count());
        fault.reason = YamlReason::Unclosed { what, line, column };
    }
    fault
}

fn fault(span: Span, reason: YamlReason) -> Fault {
    let (line, column) = place(span);
    Fault { line, column, reason }
}

fn place(span: Span) -> (usize, usize) {
    (span.start.line(), span.start.col().saturating_add(1))
}

fn syntax(error: &ScanError) -> Fault {
    let mark = error.marker();
    let reason = YamlReason::Syntax(error.kind().to_string());
    Fault { line: mark.line(), column: mark.col().saturating_add(1), reason }
}

/// Makes the tree without recursion.
#[derive(Default)]
struct Builder {
    /// Collections that are open, the innermost last.
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    /// What anchors name, where aliases are to stand for it.
    anchors: Option<Vec<(usize, Node)>>,
    /// Values that aliases have brought in.
    repeated: usize,
}

struct Open {
    node: Node,
    /// The key that waits for its value, and its place.
    key: Option<(String, (usize, usize))>,
    /// The number of its anchor; 0 is none.
    anchor: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlReason> {
        let (line, column) = place(span);
        let node = |value, plain| Node { value, line, column, key: None, plain };
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = matches!(style, ScalarStyle::Plain);
                self.close(node(Value::Scalar(text.into_owned()), plain), anchor)
            }
            Event::Alias(anchor) => {
                let stands_for = self.alias(anchor)?;
                self.add(node(stands_for, true))
            }
            Event::SequenceStart(_, anchor, _) => {
                self.begin(node(Value::Sequence(Vec::new()), false), anchor)
            }
            Event::MappingStart(_, anchor, _) => {
                self.begin(node(Value::Mapping(Vec::new()), false), anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.close(open.node, open.anchor),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, node: Node, anchor: usize) -> Result<(), YamlReason> {
        if self.open.len() >= DEEPEST {
            return Err(YamlReason::TooDeep);
        }
        self.open.push(Open { node, key: None, anchor });
        Ok(())
    }

    fn close(&mut self, node: Node, anchor: usize) -> Result<(), YamlReason> {
        if anchor != 0 {
            // A copy counts as what it holds; without that, anchors in anchors would be a bomb.
            if self.anchors.is_some() {
                self.repeat(&node)?;
            }
            if let Some(anchors) = &mut self.anchors {
                anchors.push((anchor, node.clone()));
            }
        }
        self.add(node)
    }

    fn alias(&mut self, anchor: usize) -> Result<Value, YamlReason> {
        let named = self.anchors.iter().flatten().find(|(number, _)| *number == anchor);
        let Some(node) = named.map(|(_, node)| node.clone()) else {
            return Ok(Value::Scalar(String::new()));
        };
        self.repeat(&node)?;
        Ok(node.value)
    }

    fn repeat(&mut self, node: &Node) -> Result<(), YamlReason> {
        self.repeated = self.repeated.saturating_add(count(node));
        if self.repeated > MOST_REPEATED {
            return Err(YamlReason::TooMany { limit: MOST_REPEATED });
        }
        Ok(())
    }

    fn add(&mut self, mut node: Node) -> Result<(), YamlReason> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MOST_NODES {
            return Err(YamlReason::TooMany { limit: MOST_NODES });
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut parent.node.value, parent.key.take()) {
            (Value::Sequence(items), _) => items.push(node),
            (Value::Mapping(entries), Some((key, place))) => {
                node.key = Some(place);
                entries.push((key, node));
            }
            (Value::Mapping(_), None) => {
                let place = (node.line, node.column);
                // A key that is no scalar has no path to be named by.
                let name = match node.value {
                    Value::Scalar(text) => text,
                    _ => String::new(),
                };
                parent.key = Some((name, place));
            }
            (Value::Scalar(_), _) => {}
        }
        Ok(())
    }

    /// The document, with what is still open closed.
    fn finish(&mut self) -> Option<Node> {
        while let Some(open) = self.open.pop() {
            // Nothing is added beyond what was counted already.
            let _ = self.add(open.node);
        }
        // An anchor names things of its own document only.
        if let Some(anchors) = &mut self.anchors {
            anchors.clear();
        }
        self.root.take()
    }
}

/// The values in a tree. It is at most [`DEEPEST`] deep for each alias that it was made with.
fn count(node: &Node) -> usize {
    let inside: usize = match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => items.iter().map(count).fold(0, usize::saturating_add),
        Value::Mapping(entries) => {
            entries.iter().map(|(_, node)| count(node)).fold(0, usize::saturating_add)
        }
    };
    inside.saturating_add(1)
}
