//! CertificateSigningRequests from the terminal.

use std::env;
use std::process::ExitCode;

#[path = "csr/attach.rs"]
mod attach;
#[path = "csr/failure.rs"]
mod failure;
#[path = "csr/judge.rs"]
mod judge;
#[path = "csr/new.rs"]
mod new;
#[path = "csr/options.rs"]
mod options;
#[path = "csr/verdicts.rs"]
mod verdicts;
#[path = "csr/workshop.rs"]
mod workshop;

use failure::Failure;
use options::Options;

const USAGE: &str = "\
usage: csr new --user NAME [--group GROUP]... | --node NAME [--serving [--dns NAME]... [--ip ADDR]...]
               | --service NAME --namespace NS --signer SIGNER [--cluster-domain DOMAIN]
                 [--san NAME]...
               | --other NAME --signer SIGNER --usage USAGE... [--group GROUP]... [--san NAME]...
               | --like FILE [--signer SIGNER] | --row NAME [--design FILE] [--signer SIGNER]
               [--name OBJECT] [--expiration SECONDS] [--cluster NAME]
               [--algorithm ecdsa-p256|ecdsa-p384|ed25519|rsa-2048|rsa-3072|rsa-4096 | --key FILE]
               --out FOLDER [--park PASSPHRASE-FILE]
       csr review [FILE] [--ca FILE] [--duration 8760h] [--as USER [--as-group GROUP]...] [--repair]
               [--signer SIGNER] [--usage USAGE]... [--expiration SECONDS] [--now RFC3339]
               [--known-node 'NAME ADDRESS|NETWORK|DNS ...']... [--max-lifetime SECONDS]
       csr sign [FILE] --ca FILE --ca-key FILE [--object] [--anyway] [--out FILE]
               and the options of review
       csr attach [FILE] (--key FILE | --parked FILE --passphrase FILE) --ca FILE --server URL
               [--signing-ca FILE] [--cluster NAME] [--request FILE] [--by-path] [--now RFC3339]
               [--out FILE]
       csr workshop [LIST] [--namespace NS] [--role CLUSTERROLE] [--expiration SECONDS]
               [--algorithm NAME] [--cluster NAME] --out FILE.tar.gz
       csr verdicts --cases FILE --runs FILE [--now RFC3339] [--existing NAME]...

FILE is an object in YAML or JSON, a List of them, or a request in PEM, DER or base64; standard
input without it. --signer and --usage are for a bare request. --like takes over what a
certificate or request asks for, --row what a design plans for one of its certificates
(cp1/apiserver; without --design, of the usual cluster). --signing-ca is for clusters whose
clients have another CA than their servers. A --san is a DNS name, an address, an
e-mail address or a URI. --park writes the key under a passphrase, which is the first line
of a file (- is standard input). A workshop's LIST has a person a line: name, then groups.
Exit status: 0 fine, 1 refused by review, 2 bad input.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("csr: {failure}");
            ExitCode::from(failure.exit_status())
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    let usage = || Failure::Input(USAGE.to_owned());
    let (command, rest) = arguments.split_first().ok_or_else(usage)?;
    match command.as_str() {
        "new" => new::run(rest),
        "review" => judge::review(rest),
        "sign" => judge::sign_command(rest),
        "attach" => attach::run(rest),
        "verdicts" => run_verdicts(rest),
        "workshop" => workshop::run(rest),
        "--help" | "-h" => options::print(&format!("{USAGE}\n")),
        _ => Err(usage()),
    }
}

fn run_verdicts(arguments: &[String]) -> Result<(), Failure> {
    let known = ["--cases", "--runs", "--now", "--existing"];
    let options = Options::read(arguments, &known, &[])?;
    let cases = options::read_text(options.required("--cases")?)?;
    let runs = options::read_text(options.required("--runs")?)?;
    let now = options.one("--now").map(|_| options.now()).transpose()?;
    let existing = options.all("--existing");
    verdicts::predict(&cases, &runs, now, &existing, &mut std::io::stdout().lock())
}
