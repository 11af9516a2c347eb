//! When each certificate in sight expires, in the columns of `kubeadm certs check-expiration`.
//!
//! kubeadm lists the files of one host; this lists whatever was pasted, so a certificate is named
//! as kubeadm names it where it is one of kubeadm's, and else by the place that it was found in.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::relations::ChainEnd;
use super::{CertificateReport, Moment, Object, Report, Role, Status};
use crate::detect::Step;
use crate::hash::{HashMap, HashSet};

/// The table in its two halves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpiryTable {
    /// Certificates that are no CA, in the order of the report.
    pub certificates: Vec<ExpiryRow>,
    /// CAs.
    pub authorities: Vec<ExpiryRow>,
}

/// A certificate in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpiryRow {
    /// Index of the certificate in the report.
    pub object: usize,
    /// kubeadm's name for it, or the field or file that held it, or its common name.
    pub name: String,
    /// notAfter.
    pub expires: Option<Moment>,
    /// Seconds until then; negative once it is past.
    pub seconds_left: Option<i64>,
    /// The same as kubectl and kubeadm (1.31 and later) write it: `364d`, `9y`, `<invalid>`.
    pub residual: String,
    /// The name of the CA that signed it, in the same terms; its subject where it is not in sight.
    pub authority: Option<String>,
    /// Where now stands.
    pub status: Status,
    /// What kubeadm means by `EXTERNALLY MANAGED`, as far as a paste can tell: the CA that signed
    /// the certificate is not in sight.
    pub externally_managed: bool,
}

impl ExpiryRow {
    /// notAfter as kubeadm writes a moment: `Jan 02, 2006 15:04 MST`; empty where it is unknown.
    pub fn date(&self) -> String {
        date(self)
    }

    fn managed(&self) -> &'static str {
        if self.externally_managed { "yes" } else { "no" }
    }
}

impl ExpiryTable {
    /// Lists the certificates of a report, each once.
    pub fn new(report: &Report) -> Self {
        let mut table = Self::default();
        let mut seen = HashSet::default();
        let issuers: HashMap<usize, usize> =
            report.relations.issuers.iter().map(|link| (link.certificate, link.issuer)).collect();
        let external = external(report);
        for (index, entry) in report.objects.iter().enumerate() {
            let Object::Certificate(certificate) = &entry.object else { continue };
            if !seen.insert(&certificate.fingerprints.sha256) {
                continue;
            }
            let authority = match issuers.get(&index) {
                Some(issuer) => certificate_at(report, *issuer)
                    .map(|issuer| name(issuer, &[]))
                    .unwrap_or_default(),
                None => certificate.issuer.rfc4514.clone(),
            };
            let is_ca = certificate.extensions.is_ca();
            let row = ExpiryRow {
                object: index,
                name: name(certificate, &entry.path),
                expires: certificate.validity.not_after.clone(),
                seconds_left: certificate.validity.seconds_left,
                residual: certificate.validity.seconds_left.map(residual).unwrap_or_default(),
                authority: (!is_ca).then_some(authority),
                status: certificate.validity.status,
                externally_managed: !is_ca && external.contains(&index),
            };
            if is_ca { &mut table.authorities } else { &mut table.certificates }.push(row);
        }
        table
    }

    /// The two tables as kubeadm prints them.
    pub fn kubeadm(&self) -> String {
        let mut lines = vec![row([
            "CERTIFICATE",
            "EXPIRES",
            "RESIDUAL TIME",
            "CERTIFICATE AUTHORITY",
            "EXTERNALLY MANAGED",
        ])];
        for entry in &self.certificates {
            lines.push(row([
                &entry.name,
                &date(entry),
                &entry.residual,
                entry.authority.as_deref().unwrap_or_default(),
                &format!("{:8}", entry.managed()),
            ]));
        }
        let mut text = aligned(&lines);
        let mut lines =
            vec![row(["CERTIFICATE AUTHORITY", "EXPIRES", "RESIDUAL TIME", "EXTERNALLY MANAGED"])];
        for entry in &self.authorities {
            lines.push(row([&entry.name, &date(entry), &entry.residual, "no      "]));
        }
        text.push('\n');
        text.push_str(&aligned(&lines));
        text
    }

    /// Both halves as one table in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| Certificate | Expires | Residual time | Certificate authority | Externally managed |\n\
             |---|---|---|---|---|\n",
        );
        for entry in self.certificates.iter().chain(&self.authorities) {
            let cells = [
                &entry.name,
                &date(entry),
                &entry.residual,
                entry.authority.as_deref().unwrap_or_default(),
                entry.managed(),
            ];
            let cells = cells.map(markdown_cell);
            // Writing to a String does not fail.
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text
    }

    /// Both halves as one table in CSV (RFC 4180), with the moment in RFC 3339.
    pub fn csv(&self) -> String {
        let mut text = String::from(
            "certificate,expires,residual time,certificate authority,externally managed\r\n",
        );
        for entry in self.certificates.iter().chain(&self.authorities) {
            let expires = entry.expires.as_ref().map(|moment| moment.rfc3339.as_str());
            let cells = [
                entry.name.as_str(),
                expires.unwrap_or_default(),
                &entry.residual,
                entry.authority.as_deref().unwrap_or_default(),
                entry.managed(),
            ];
            let _ = write!(text, "{}\r\n", cells.map(quoted).join(","));
        }
        text
    }
}

/// Certificates whose chain ends before a root.
fn external(report: &Report) -> HashSet<usize> {
    let chains = report.relations.chains.iter();
    chains
        .filter(|chain| matches!(chain.end, ChainEnd::Missing { .. }))
        .filter_map(|chain| chain.certificates.first().copied())
        .collect()
}

fn certificate_at(report: &Report, index: usize) -> Option<&CertificateReport> {
    match &report.objects.get(index)?.object {
        Object::Certificate(certificate) => Some(certificate),
        _ => None,
    }
}

/// kubeadm's name, or that of the place, or the common name, or the whole subject.
fn name(certificate: &CertificateReport, path: &[Step]) -> String {
    let role = certificate.meaning.roles.first().map(|role| role.role);
    if let Some(name) = role.and_then(kubeadm_name) {
        return name.to_owned();
    }
    let place = path.iter().rev().find_map(|step| match step {
        Step::TarEntry { path } | Step::Field { path, .. } | Step::File { name: path } => {
            Some(path.clone())
        }
        _ => None,
    });
    place
        .or_else(|| certificate.meaning.user.clone())
        .unwrap_or_else(|| certificate.subject.rfc4514.clone())
}

fn kubeadm_name(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::KubernetesCa => "ca",
        Role::FrontProxyCa => "front-proxy-ca",
        Role::EtcdCa => "etcd-ca",
        Role::Apiserver => "apiserver",
        Role::ApiserverKubeletClient => "apiserver-kubelet-client",
        Role::FrontProxyClient => "front-proxy-client",
        Role::EtcdServer => "etcd-server",
        Role::EtcdPeer => "etcd-peer",
        Role::EtcdHealthcheckClient => "etcd-healthcheck-client",
        Role::ApiserverEtcdClient => "apiserver-etcd-client",
        Role::Admin => "admin.conf",
        Role::SuperAdmin => "super-admin.conf",
        Role::ControllerManager => "controller-manager.conf",
        Role::Scheduler => "scheduler.conf",
        _ => return None,
    })
}

/// How kubeadm writes a moment: `Jan 02, 2006 15:04 MST`.
fn date(entry: &ExpiryRow) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let moment = entry
        .expires
        .as_ref()
        .and_then(|moment| OffsetDateTime::from_unix_timestamp(moment.unix).ok());
    let Some(moment) = moment else { return String::new() };
    let month = MONTHS.get(usize::from(u8::from(moment.month())).saturating_sub(1));
    format!(
        "{} {:02}, {} {:02}:{:02} UTC",
        month.copied().unwrap_or_default(),
        moment.day(),
        moment.year(),
        moment.hour(),
        moment.minute()
    )
}

/// A length of time in two units at most, as apimachinery's `HumanDuration` rounds it.
pub fn residual(seconds: i64) -> String {
    let Ok(seconds) = u64::try_from(seconds) else { return "<invalid>".to_owned() };
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |large: u64, unit: char, small: u64, other: char| match small {
        0 => format!("{large}{unit}"),
        _ => format!("{large}{unit}{small}{other}"),
    };
    match () {
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, 'm', seconds % 60, 's'),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => two(hours, 'h', minutes % 60, 'm'),
        () if hours < 48 => format!("{hours}h"),
        () if days < 8 => two(days, 'd', hours % 24, 'h'),
        () if days < 730 => format!("{days}d"),
        () if days < 365 * 8 => two(days / 365, 'y', days % 365, 'd'),
        () => format!("{}y", days / 365),
    }
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

/// Columns of ten characters at least with three blanks between, the last one as it is: Go's
/// `tabwriter` as kubeadm sets it up.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        let longest = cells.map(|cell| cell.chars().count()).max().unwrap_or_default();
        longest.saturating_add(3).max(10)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let last = line.len().saturating_sub(1);
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let _ = match column == last {
                true => writeln!(text, "{cell}"),
                false => write!(text, "{cell:width$}"),
            };
        }
    }
    text
}

/// A cell of Markdown, in one line: what is in a name must not become markup or HTML.
fn markdown_cell(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    for character in cell.chars() {
        match character {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' => {
                text.push('\\');
                text.push(character);
            }
            _ if character.is_control() => text.push(' '),
            _ => text.push(character),
        }
    }
    text
}

/// A cell of CSV. One that a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use time::macros::datetime;

    use super::{ExpiryTable, markdown_cell, quoted, residual};
    use crate::design::Design;
    use crate::explain::read;
    use crate::issue::{DemoEntropy, make_all};
    use crate::plan::Plan;

    /// The values of apimachinery's own test of `HumanDuration`.
    #[test]
    fn residual_is_rounded_as_kubectl_does() {
        const DAY: i64 = 86_400;
        for (seconds, expected) in [
            (-5, "<invalid>"),
            (1, "1s"),
            (70, "70s"),
            (190, "3m10s"),
            (180, "3m"),
            (47 * 60, "47m"),
            (2 * 3600 + 1200, "140m"),
            (3 * 3600, "3h"),
            (5 * 3600 + 600, "5h10m"),
            (47 * 3600, "47h"),
            (3 * DAY + 3600 * 3, "3d3h"),
            (364 * DAY + 100, "364d"),
            (730 * DAY, "2y"),
            (2 * 365 * DAY + 30 * DAY, "2y30d"),
            (3650 * DAY - 1, "9y"),
        ] {
            assert_eq!(residual(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn the_table_reads_as_kubeadms() {
        let now = datetime!(2026-11-23 12:00:00 UTC);
        let mut design = Design::default();
        design.keys.algorithm = "ecdsa-p256".to_owned();
        design.keys.service_account = "ecdsa-p256".to_owned();
        let plan = Plan::new(design.check().0.expect("the defaults have no errors"));
        let made = make_all(&plan, now, &mut DemoEntropy::new("x"), |_| ControlFlow::Continue(()))
            .expect("a checked plan");
        let mut input = String::new();
        for der in made.iter().filter_map(|material| material.certificate.as_ref()) {
            let pem = pem_rfc7468::encode_string("CERTIFICATE", Default::default(), der);
            input.push_str(&pem.expect("PEM"));
        }
        let report = read(input.as_bytes(), now);
        let table = ExpiryTable::new(&report);
        let text = table.kubeadm();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "CERTIFICATE                EXPIRES                  RESIDUAL TIME   \
             CERTIFICATE AUTHORITY   EXTERNALLY MANAGED"
        );
        let line = |name: &str| {
            let found = lines.iter().find(|line| line.starts_with(&format!("{name} ")));
            *found.unwrap_or_else(|| panic!("no {name} in\n{text}"))
        };
        assert_eq!(
            line("apiserver"),
            "apiserver                  Nov 23, 2027 12:00 UTC   365d            \
             ca                      no      "
        );
        assert!(line("etcd-server").contains("etcd-ca"));
        assert!(line("admin.conf").contains(" ca "));
        assert_eq!(
            line("front-proxy-ca"),
            "front-proxy-ca          Nov 20, 2036 12:00 UTC   10y             no      "
        );
        assert_eq!(table.authorities.len(), 3);
        assert!(
            table.markdown().contains("| apiserver | Nov 23, 2027 12:00 UTC | 365d | ca | no |")
        );
        assert!(table.csv().contains("apiserver,2027-11-23T12:00:00Z,365d,ca,no\r\n"));
    }

    #[test]
    fn a_cell_is_no_markup() {
        assert_eq!(markdown_cell("a|b <img>\n_x"), "a\\|b \\<img\\> \\_x");
    }

    #[test]
    fn a_cell_is_no_formula() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
