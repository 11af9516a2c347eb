//! What each kind of wrong file is told.

use super::*;
use pki_core::design::Design;

/// As the page says it of a file; empty for one that is read.
fn told(bytes: impl AsRef<[u8]>) -> String {
    Design::read_file(bytes.as_ref())
        .map_or_else(|error| document(&error).to_string(), |_| String::new())
}

/// A tar file in gzip, with these files in it.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, path, text.as_bytes()).expect("a vector takes it");
    }
    tar.into_inner().and_then(|gzip| gzip.finish()).expect("a vector takes it")
}

#[test]
fn another_document_is_told_what_it_is_before_its_fields() {
    let pod = "apiVersion: v1\nkind: Pod\nspec: {}\n";
    let said = told(pod);
    let place = "Line 2, column 7: here is `kind: Pod`, where `kind: Design` belongs.";
    assert!(said.starts_with(place), "{said}");
    assert!(said.contains("kubeadm's") && said.ends_with("as it was."), "{said}");
    assert!(
        told("{\"kind\": \"Config\", \"users\": []}").contains("column 10: here is `kind: Config`")
    );
    let newer = "apiVersion: pki-workbench/v2\nkind: Design\nshape: round\n";
    let said = told(newer);
    let place = "Line 1, column 13: here is `apiVersion: pki-workbench/v2`, where \
                 `apiVersion: pki-workbench/v1` belongs.";
    assert!(said.starts_with(place), "{said}");
    // The terminal has no design that could be as it was.
    let said = unread(&Design::from_document(newer).expect_err("a newer one")).to_string();
    assert!(said.starts_with(place) && !said.contains("as it was"), "{said}");
    // As does a link.
    let design = Design { kind: "Pod".to_owned(), ..Design::default() };
    assert!(Design::from_link(&design.to_link()).is_err());
}

#[test]
fn a_file_that_is_no_document_is_told_so() {
    assert!(
        told("-----BEGIN CERTIFICATE-----\nMIIB\n").starts_with("This is a certificate or a key")
    );
    assert!(told([0x30, 0x82, 0x03, 0xff, 0x00, 0x80]).starts_with("This is no text"));
    let other = archive(&[("hosts/cp1/etc/kubernetes/pki/ca.crt", "x")]);
    assert!(told(&other).starts_with("This is an archive, and no design.yaml is in it."));
    let mut cut = archive(&[("design.yaml", &Design::default().to_yaml())]);
    cut.truncate(40);
    assert!(told(&cut).starts_with("This is an archive"), "{}", told(&cut));
}

#[test]
fn a_design_is_read_out_of_what_is_around_it() {
    let design = Design { cluster_name: "prod".to_owned(), ..Design::default() };
    let text = design.to_yaml();
    let read = |bytes: &[u8]| Design::read_file(bytes).map(|(design, _)| design);
    assert_eq!(read(text.as_bytes()).as_ref(), Ok(&design));
    let tarball = archive(&[("README.md", "hello"), ("design.yaml", &text), ("z", "z")]);
    assert_eq!(read(&tarball).as_ref(), Ok(&design));
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&utf16).as_ref(), Ok(&design));
    assert_eq!(read(format!("\u{feff}{text}").as_bytes()).as_ref(), Ok(&design));
    // What is wrong in it is said as of any other.
    assert!(told(archive(&[("design.yaml", "kind: Pod\n")])).contains("`kind: Pod`"));
    let bomb = archive(&[("design.yaml", &" ".repeat(9 << 20))]);
    assert!(told(&bomb).contains("at most 4194304"), "{}", told(&bomb));
}

#[test]
fn a_value_is_called_what_it_is_and_a_cut_text_cut() {
    let head = "apiVersion: pki-workbench/v1\nkind: Design\n";
    let with = |line: &str| told(format!("{head}{line}"));
    for (line, found) in [
        ("workers: 7", "here is a number, where a list belongs"),
        ("workers: w1", "here is text, where a list belongs"),
        ("workers: \"7\"", "here is text, where a list belongs"),
        ("workers: true", "here is true or false, where a list belongs"),
        ("hardened: 1", "here is a number, where true or false belongs"),
        ("workers: [7]", "here is a number, where a mapping belongs"),
    ] {
        assert!(with(line).contains(found), "{line}: {}", with(line));
    }
    let cut =
        "{\"apiVersion\": \"pki-workbench/v1\",\n \"kind\": \"Design\",\n \"workers\": [{\"na";
    let said = told(cut);
    let place =
        "Line 3, column 15: here is an unclosed quote, and at line 3, column 17 the text ends.";
    assert!(said.starts_with(place), "{said}");
    assert!(
        with("workers: [\n").contains("unclosed bracket '[', and at line 3, column 10 the text")
    );
    let kubeadm = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\napiServer: 7\n";
    assert!(told(kubeadm).contains("here is a number"), "{}", told(kubeadm));
}
