//! Two layouts side by side: what the page, the terminal and the copied Markdown say, from one set
//! of tables.

#![allow(missing_docs, reason = "each text says itself what it is")]

use pki_core::compare::{Choice, Comparison, Holding, Kind, Pair, Place, Role, Signer};
use pki_core::design::LayoutName;
use pki_core::order;
use pki_core::plan::flows::Flag;
use pki_core::plan::layout::AuthorityRow;
use pki_core::plan::{Plan, Subject};

use super::ui::form::more;
use super::{benchmark, flows, layout, map_view, risks};

pub const NAME: &str = "Compare";
pub const TITLE: &str = "Two layouts side by side";
pub const LEAD: &str = "What your design and another have otherwise: CAs, what a stolen key is worth, \
    files, flags, and the lines of the CIS benchmark. What is the same in both is only counted.";
pub const LINK: &str = "Compare with another layout";
pub const BACK: &str = "Back to the map";
pub const WITH: &str = "Compare your design with";
pub const WITH_HINT: &str = "Your machines and choices in another layout, as it comes.";
pub const IMPORTED: &str = "A design from elsewhere";
pub const PASTE: &str = "The other design";
pub const PASTE_HINT: &str = "Paste a design document, a link that carries one, or kubeadm's \
    configuration, or drop the file on this page. Your own design stays as it is.";
pub const MINE: &str = "Your design";
pub const OTHER: &str = "The other";
pub const COPY: &str = "the comparison as Markdown";
pub const TAKEN: &str = "The dropped design is compared with yours.";
pub const EQUAL: &str = "Nothing differs: same CAs, same files, same flags.";
pub const NO_OTHER: &str = "The comparison appears here as soon as there is another design.";
pub const NOT_THERE: &str = "not there";
/// Longer lists are cut.
const MOST: usize = 10;

/// One table of a comparison.
pub struct Table {
    pub title: &'static str,
    /// How many things are the same, where that is counted.
    pub about: String,
    /// Heading of the first column.
    pub what: &'static str,
    pub rows: Vec<Row>,
}

/// What differs, and how it is on each side.
pub struct Row {
    /// A heading above this row and those that follow.
    pub group: Option<&'static str>,
    pub what: Cell,
    pub left: Cell,
    pub right: Cell,
}

/// A place in a table.
#[derive(Default)]
pub struct Cell {
    /// Letters of CAs.
    pub letters: Vec<char>,
    /// Lines: values of the cluster where `is_code` says so, else words.
    pub lines: Vec<String>,
    pub is_code: bool,
}

impl Cell {
    fn words(text: impl Into<String>) -> Self {
        Self { lines: vec![text.into()], ..Self::default() }
    }

    fn code(text: impl Into<String>) -> Self {
        Self { is_code: true, ..Self::words(text) }
    }

    fn lettered(letters: Vec<char>, lines: Vec<String>) -> Self {
        Self { letters, lines, is_code: false }
    }
}

/// What a design is called here: its layout's name, and whether it has changes of its own.
pub fn side(plan: &Plan) -> String {
    let name = layout::name(plan.settings.layout);
    let own = !plan.settings.authorities.is_empty() || !plan.settings.certificates.is_empty();
    if own { format!("{name}, changed") } else { name.to_owned() }
}

/// "Your design: kubeadm".
pub fn named(whose: &str, plan: &Plan) -> String {
    format!("{whose}: {}", side(plan))
}

/// A layout in the list of those to compare with.
pub fn preset(name: LayoutName) -> String {
    format!("the layout {}", layout::name(name))
}

/// Everything that differs, as tables without empty ones.
pub fn tables(left: &Plan, right: &Plan, found: &Comparison) -> Vec<Table> {
    let table = |title, what, about: String, rows: Vec<Row>| Table { title, about, what, rows };
    let none = String::new;
    let mut tables = vec![
        table(
            "Choices",
            "Choice",
            none(),
            rows(&found.choices, &|what| choice(*what), &|value| {
                if value.is_empty() { Cell::words("none") } else { Cell::code(value.as_str()) }
            }),
        ),
        table("CAs", "CA", same(found.same.authorities, "CA"), signers(found)),
        table(
            "What a stolen CA key is worth",
            "Whoever has the key can",
            none(),
            rows(&found.powers, &|what| Cell::words(flows::power(*what)), &|rows: &Vec<_>| {
                authorities(rows)
            }),
        ),
        table("Files", "File", same(found.same.files, "file"), files(found)),
        table(
            "Flags",
            "Flag",
            same(found.same.flags, "flag"),
            rows(
                &found.flags,
                &|(component, name)| Cell::code(map_view::by_flag(*component, name)),
                &|value| {
                    if value.is_empty() { Cell::words("empty") } else { Cell::code(value.as_str()) }
                },
            ),
        ),
        table(
            "Lines of the CIS benchmark (v1.12)",
            "Line",
            none(),
            rows(
                &found.lines,
                &|line| Cell {
                    lines: vec![benchmark::number(line), benchmark::asks(line.asks)],
                    ..Cell::default()
                },
                &|passes| Cell::words(if *passes { "passed" } else { "failed" }),
            ),
        ),
        table("Risks", "Weight", none(), risk_rows(left, right, found)),
    ];
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn rows<K, V>(
    pairs: &[Pair<K, V>],
    what: &dyn Fn(&K) -> Cell,
    value: &dyn Fn(&V) -> Cell,
) -> Vec<Row> {
    let side = |side: &Option<V>| side.as_ref().map_or_else(|| Cell::words(NOT_THERE), value);
    let row = |pair: &Pair<K, V>| Row {
        group: None,
        what: what(&pair.what),
        left: side(&pair.left),
        right: side(&pair.right),
    };
    pairs.iter().map(row).collect()
}

fn same(count: usize, what: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!("1 {what} is the same in both."),
        _ => format!("{count} {what}s are the same in both."),
    }
}

fn choice(choice: Choice) -> Cell {
    Cell::words(match choice {
        Choice::Layout => "Layout",
        Choice::ClusterName => "Name of the cluster",
        Choice::Version => "Version of Kubernetes",
        Choice::ControlPlanes => "Control planes",
        Choice::Workers => "Workers",
        Choice::EtcdMembers => "Members of an external etcd",
        Choice::Endpoint => "Common endpoint",
        Choice::ServiceCidrs => "Ranges of Services",
        Choice::DnsDomain => "DNS domain of Services",
        Choice::Algorithm => "Keys",
        Choice::ServiceAccountAlgorithm => "Key of service-account tokens",
        Choice::CaValidity => "Lifetime of CAs",
        Choice::LeafValidity => "Lifetime of other certificates",
        Choice::CaKeys => "Where CA keys go",
        Choice::Hardened => "Certificates with mode 0600",
        Choice::CriticalUsages => "Extended key usages critical",
        Choice::RefuseAnonymous => "Requests without a credential refused",
        Choice::Subject => "Subjects beside CN and groups",
        Choice::Users => "People with kubeconfigs",
        Choice::Outputs => "Made on request",
    })
}

fn authorities(rows: &[AuthorityRow]) -> Cell {
    let names = rows.iter().map(|row| layout::called(row).to_owned()).collect();
    Cell::lettered(rows.iter().map(|row| row.letter).collect(), names)
}

/// Each CA: who it is, and below it what depends on it, as far as that differs.
fn signers(found: &Comparison) -> Vec<Row> {
    let mut all = Vec::new();
    for pair in &found.authorities {
        let sides = [pair.left.as_ref(), pair.right.as_ref()];
        let row = |name: &'static str, of: &dyn Fn(&Signer) -> Vec<String>, code: bool| {
            let [left, right] = sides.map(|side| side.map(of));
            let cell = |lines: Option<Vec<String>>| Cell {
                letters: Vec::new(),
                is_code: code && lines.as_ref().is_some_and(|lines| !lines.is_empty()),
                lines: match lines {
                    None => Vec::new(),
                    Some(none) if none.is_empty() => vec!["nothing".to_owned()],
                    Some(lines) => cut(lines),
                },
            };
            let is_some = [&left, &right]
                .iter()
                .any(|side| side.as_ref().is_some_and(|lines| !lines.is_empty()));
            (left != right && is_some).then(|| Row {
                group: None,
                what: Cell::words(name),
                left: cell(left),
                right: cell(right),
            })
        };
        let there = |side: Option<&Signer>| match side {
            None => Cell::words(NOT_THERE),
            Some(signer) => Cell {
                is_code: true,
                ..Cell::lettered(vec![signer.letter], vec![format!("CN={}", signer.common_name)])
            },
        };
        let name =
            sides.into_iter().flatten().next().map_or("", |signer| {
                match layout::authority(signer.letter) {
                    "CA of your own" => signer.common_name,
                    known => known,
                }
            });
        all.push(Row {
            group: None,
            what: Cell {
                letters: sides.into_iter().flatten().take(1).map(|signer| signer.letter).collect(),
                ..Cell::words(name)
            },
            left: there(sides[0]),
            right: there(sides[1]),
        });
        let below = |signer: &Signer| signer.below.map(str::to_owned).into_iter().collect();
        let signs = |signer: &Signer| {
            let subject = |identity: &pki_core::compare::Identity| in_words(&identity.subject);
            let mut all: Vec<String> = signer.signs.iter().map(subject).collect();
            all.dedup();
            all
        };
        let flags = |flags: &[Flag]| {
            flags.iter().map(|flag| map_view::by_flag(flag.component, flag.name)).collect()
        };
        let details = [
            row("signed by", &below, true),
            row("signs", &signs, true),
            row(
                "a thief of its key can",
                &|signer| signer.powers.iter().map(|one| flows::power(*one).to_owned()).collect(),
                false,
            ),
            row("trusted by", &|signer| flags(&signer.trusted_by), true),
            row(
                "its key lies on",
                &|signer| signer.key_on.iter().map(|one| role(*one).to_owned()).collect(),
                false,
            ),
            row("its key is needed by", &|signer| flags(&signer.key_needed_by), true),
        ];
        all.extend(details.into_iter().flatten());
    }
    all
}

fn cut(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST {
        let rest = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(more(rest));
    }
    lines
}

/// "CN=jane, O=dev".
fn in_words(subject: &Subject) -> String {
    let groups = subject.organizations.iter().map(|group| format!(", O={group}"));
    format!("CN={}{}", subject.common_name, groups.collect::<String>())
}

pub fn role(role: Role) -> &'static str {
    match role {
        Role::ControlPlane => "Control planes",
        Role::Worker => "Workers",
        Role::EtcdMember => "Members of etcd",
        Role::Operator => "Operators",
        Role::Vault => "Vault",
    }
}

/// Files below the heading of their role; a key that comes and goes with its certificate stands in
/// one row with it.
fn files(found: &Comparison) -> Vec<Row> {
    let mut all: Vec<Row> = Vec::new();
    let mut before: Option<&Pair<Place, Holding>> = None;
    for pair in &found.files {
        let group = before.is_none_or(|before| before.what.role != pair.what.role);
        let belongs = |to: &Pair<Place, Holding>| {
            let stem = to.what.path.strip_suffix(".crt");
            // The key of a CA says more than its certificate.
            let plain = |side: &Option<Holding>| {
                side.as_ref().is_none_or(|holding| holding.kind == Kind::PrivateKey)
            };
            plain(&pair.left)
                && plain(&pair.right)
                && stem.is_some()
                && stem == pair.what.path.strip_suffix(".key")
                && (to.left.is_none(), to.right.is_none())
                    == (pair.left.is_none(), pair.right.is_none())
        };
        if let (Some(row), true) = (all.last_mut(), before.is_some_and(belongs)) {
            row.what.lines.push(pair.what.path.clone());
        } else {
            let side = |side: &Option<Holding>, other: &Option<Holding>| match side {
                None => Cell::words(NOT_THERE),
                Some(holding) => held(holding, other.as_ref()),
            };
            all.push(Row {
                group: group.then(|| role(pair.what.role)),
                what: Cell::code(pair.what.path.as_str()),
                left: side(&pair.left, &pair.right),
                right: side(&pair.right, &pair.left),
            });
        }
        before = Some(pair);
    }
    all
}

/// What a file holds: all of it where the other side has none, else what is otherwise.
fn held(holding: &Holding, other: Option<&Holding>) -> Cell {
    let mut lines = Vec::new();
    let differs = |same: bool| other.is_none() || !same;
    let is_kind = other.is_some_and(|other| other.kind == holding.kind);
    if differs(is_kind) || other.is_some_and(|other| other.authorities != holding.authorities) {
        lines.push(kind(holding.kind).to_owned());
    }
    if let Some(identity) = &holding.identity {
        let of_other = other.and_then(|other| other.identity.as_ref());
        if differs(of_other.is_some_and(|one| one.subject == identity.subject)) {
            lines.push(in_words(&identity.subject));
        }
        if differs(of_other.is_some_and(|one| one.usages == identity.usages)) {
            let usages: Vec<&str> = identity.usages.iter().map(|usage| usage.name()).collect();
            lines.push(usages.join(", "));
        }
    }
    if let Some(other) = other {
        let only: Vec<String> =
            holding.names.iter().filter(|name| !other.names.contains(name)).cloned().collect();
        if !only.is_empty() {
            lines.push(format!("names only here: {}", cut(only).join(", ")));
        }
        if other.mode != holding.mode {
            lines.push(format!("mode {:04o}", holding.mode));
        }
        if lines.is_empty() {
            lines.push("has nothing that the other lacks".to_owned());
        }
    }
    Cell::lettered(holding.letters.clone(), lines)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Trust => "certificates of CAs, to be trusted",
        Kind::Certificate => "certificate",
        Kind::AuthorityKey => "key of the CA",
        Kind::PrivateKey => "private key",
        Kind::PublicKey => "public key",
        Kind::Kubeconfig => "kubeconfig",
        Kind::Secret => "secret",
        Kind::Settings => "what a component is told",
        Kind::Other => "made for people or other tools",
    }
}

fn risk_rows(left: &Plan, right: &Plan, found: &Comparison) -> Vec<Row> {
    let mut pairs: Vec<_> = found.risks.iter().collect();
    order::sort_by_key(&mut pairs, |pair| {
        pair.left.as_ref().or(pair.right.as_ref()).map(|risk| risk.weight())
    });
    let rows = pairs.into_iter().map(|pair| {
        let side = |plan: &Plan, risk: &Option<_>| match risk {
            Some(risk) => Cell::words(risks::risk(plan, risk).what.replace('`', "")),
            None => Cell::words("does not have this"),
        };
        let weight = pair.left.as_ref().or(pair.right.as_ref()).map(|risk| risk.weight());
        Row {
            group: None,
            what: Cell::words(weight.map_or("", map_view::weight)),
            left: side(left, &pair.left),
            right: side(right, &pair.right),
        }
    });
    rows.collect()
}

/// The tables as Markdown, which chats, wikis and terminals show.
pub fn markdown(names: (&str, &str), tables: &[Table]) -> String {
    let mut text = format!("# {} | {}\n", names.0, names.1);
    if tables.is_empty() {
        text += &format!("\n{EQUAL}\n");
    }
    for table in tables {
        text += &format!("\n## {}\n", table.title);
        if !table.about.is_empty() {
            text += &format!("\n{}\n", table.about);
        }
        let (left, right) = (escaped(names.0), escaped(names.1));
        text += &format!("\n| {} | {left} | {right} |\n|---|---|---|\n", table.what);
        for row in &table.rows {
            if let Some(group) = row.group {
                text += &format!("| **{group}** | | |\n");
            }
            for cell in [&row.what, &row.left, &row.right] {
                text += "| ";
                text += &in_markdown(cell);
                text += " ";
            }
            text += "|\n";
        }
    }
    text
}

fn in_markdown(cell: &Cell) -> String {
    let one_each = cell.letters.len() == cell.lines.len();
    let mut letters = cell.letters.iter();
    let lines: Vec<String> = cell
        .lines
        .iter()
        .map(|line| {
            let many = if one_each { 1 } else { usize::MAX };
            let marks = letters.by_ref().take(many).map(|letter| format!("**{letter}** "));
            let quote = if cell.is_code { "`" } else { "" };
            format!("{}{quote}{}{quote}", marks.collect::<String>(), escaped(line))
        })
        .collect();
    lines.join("<br>")
}

/// A line feed or an upright stroke would end the row or the cell.
fn escaped(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use pki_core::compare::compare;
    use pki_core::design::Design;

    use super::*;

    fn plan(layout: LayoutName) -> Plan {
        let design = Design { layout: layout.name().to_owned(), ..Design::default() };
        Plan::new(design.check().0.expect("a default design"))
    }

    #[test]
    fn every_row_of_every_pair_says_something_and_its_sides_differ() {
        for one in LayoutName::ALL {
            for other in LayoutName::ALL.into_iter().filter(|other| *other != one) {
                let (left, right) = (plan(one), plan(other));
                let tables = tables(&left, &right, &compare(&left, &right));
                assert!(!tables.is_empty());
                let text = markdown(("a", "b"), &tables);
                for row in tables.iter().flat_map(|table| &table.rows) {
                    let said = |cell: &Cell| (cell.letters.clone(), cell.lines.join("\n"));
                    assert!(!row.what.lines.is_empty(), "{one:?} and {other:?}");
                    // A CA of both heads the rows of what depends on it.
                    let heads = !row.what.letters.is_empty();
                    assert!(heads || said(&row.left) != said(&row.right), "{:?}", said(&row.left));
                }
                // Each line of a table has its three columns.
                for line in text.lines().filter(|line| line.starts_with('|')) {
                    assert_eq!(line.replace("\\|", "").matches('|').count(), 4, "{line}");
                }
            }
        }
    }

    #[test]
    fn equal_designs_are_said_to_be_equal() {
        let plan = plan(LayoutName::Kubeadm);
        let tables = tables(&plan, &plan, &compare(&plan, &plan));
        assert!(tables.is_empty());
        assert!(markdown(("a", "b"), &tables).contains(EQUAL));
    }
}
