//! What our authority says of its certificates before other people's software, and what theirs says before ours.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use arithmetic::AwsLc;
use end_to_end::judges::{Bench, Ruling, samples, sign, time_stamped};
use jiff::{Timestamp, ToSpan};
use pades::{
    Evidence, Origin, Question, Revocation, RevocationSource, Target, Trust, Verdict, VerdictState, keep_validation_data,
    verify_asking,
};
use serde_json::Value;
use simulator::practice;
use simulator::revocation::{StatusAuthority, StatusQuirk};
use simulator::timestamp::TimeStampAuthority;

#[test]
fn openssl_believes_our_lists() {
    let folder = Folder::new();
    for (authority, is_good) in [(StatusAuthority::practice(), true), (revoking(), false)] {
        folder.put("list.der", &authority.list(Timestamp::now()));
        let (_, said) = folder.openssl("crl -inform DER -in list.der -CAfile ca.pem -noout");
        assert!(said.contains("verify OK"), "{said}");
        folder.openssl("crl -inform DER -in list.der -out list.pem");
        let (believed, said) = folder.openssl("verify -crl_check -CAfile ca.pem -CRLfile list.pem hanako.pem");
        assert!(believed == is_good && (is_good || said.contains("certificate revoked")), "{said}");
    }
    folder.put("list.der", &StatusAuthority::with(StatusQuirk::WrongSignature).list(Timestamp::now()));
    assert!(!folder.openssl("crl -inform DER -in list.der -CAfile ca.pem -noout").1.contains("verify OK"));
}

#[test]
fn openssl_believes_our_answers() {
    let folder = Folder::new();
    folder.openssl("ocsp -issuer ca.pem -cert hanako.pem -reqout request");
    let request = folder.get("request");
    for (authority, told) in [
        (StatusAuthority::practice(), "hanako.pem: good"),
        (StatusAuthority::with(StatusQuirk::AnsweredByIssuer), "hanako.pem: good"),
        (revoking(), "hanako.pem: revoked"),
        (StatusAuthority::with(StatusQuirk::Unknown), "hanako.pem: unknown"),
    ] {
        folder.put("answer", &authority.answer(&request, Timestamp::now()));
        let (_, said) =
            folder.openssl("ocsp -no_nonce -issuer ca.pem -cert hanako.pem -reqin request -respin answer -CAfile ca.pem");
        assert!(said.contains("Response verify OK") && said.contains(told), "{told}: {said}");
    }
    for quirk in [StatusQuirk::WrongSignature, StatusQuirk::Undelegated, StatusQuirk::OtherIssuer] {
        folder.put("answer", &StatusAuthority::with(quirk).answer(&request, Timestamp::now()));
        let (_, said) =
            folder.openssl("ocsp -no_nonce -issuer ca.pem -cert hanako.pem -reqin request -respin answer -CAfile ca.pem");
        assert!(!said.contains("Response verify OK"), "{quirk:?}: {said}");
    }
}

#[test]
fn we_believe_the_lists_of_openssl() {
    let folder = Folder::new();
    for (status, state) in [("V", VerdictState::Valid), ("R", VerdictState::Invalid)] {
        folder.list_as(status);
        for extensions in ["", "-crlexts extensions"] {
            folder.openssl_or_die(&format!("ca -gencrl -config configuration -md sha256 -crldays 7 {extensions} -out list.pem"));
            folder.openssl_or_die("crl -in list.pem -outform DER -out list.der");
            let verdict = judged(&stamped(), vec![Evidence::list(folder.get("list.der"), Origin::File)]);
            assert_eq!(verdict.state, state, "{status} {extensions}");
        }
    }
}

#[test]
fn we_believe_the_answers_of_openssl() {
    let folder = Folder::new();
    folder.put("responder.pem", pem("CERTIFICATE", StatusAuthority::practice().responder()).as_bytes());
    let keys = Folder::keys();
    for (status, state) in [("V", VerdictState::Valid), ("R", VerdictState::Invalid)] {
        folder.list_as(status);
        for responder in [
            format!("-rsigner ca.pem -rkey {}", keys.join("WORTHLESS-signing-authority.pem").display()),
            format!("-rsigner responder.pem -rkey {}", keys.join("WORTHLESS-status.pem").display()),
        ] {
            let mut evidence = Vec::new();
            for certificate in ["hanako.pem", "stamps.pem"] {
                folder.openssl_or_die(&format!("ocsp -sha256 -issuer ca.pem -cert {certificate} -no_nonce -reqout request"));
                folder
                    .openssl_or_die(&format!("ocsp -index index -CA ca.pem {responder} -reqin request -respout answer -ndays 7"));
                evidence.push(Evidence::response(folder.get("answer"), Origin::File));
            }
            assert_eq!(judged(&stamped(), evidence).state, state, "{status} {responder}");
        }
    }
}

#[test]
fn an_answer_of_openssl_to_our_request_is_believed_and_another_is_not() {
    let folder = Folder::new();
    folder.list_as("V");
    let key = Folder::keys().join("WORTHLESS-signing-authority.pem");
    let asking = |mixed_up: bool| Asking { folder: &folder, key: &key, mixed_up };
    for (mixed_up, state) in [(false, VerdictState::Valid), (true, VerdictState::ValidInPart)] {
        let verdict = judged_by(&stamped(), &asking(mixed_up));
        assert_eq!(verdict.state, state);
    }
}

#[test]
fn pyhanko_needs_no_other_data_than_what_we_keep() {
    let kept = |evidence: Vec<u8>| {
        let verdict = judged(&stamped(), vec![Evidence::list(evidence, Origin::File)]);
        let file = stamped();
        let revision = keep_validation_data(&file, &verdict.validation_data(), [5; 16]).unwrap();
        [file, revision].concat()
    };
    let file = kept(StatusAuthority::practice().list(Timestamp::now()));
    let bench = Bench::believing(practice().authority.ca_der());
    assert_eq!(bench.structure(&file), Ruling::Accepted { signatures: 0 });
    let folder = Folder::new();
    assert_eq!(folder.pyhanko(&file)["bottom_line"], true, "{}", folder.pyhanko(&file));
    assert_eq!(folder.pyhanko(&stamped())["bottom_line"], false, "without the data nobody knows");
}

/// OpenSSL as a responder that is asked by us; a mixed-up one answers another request.
struct Asking<'a> {
    folder: &'a Folder,
    key: &'a Path,
    mixed_up: bool,
}

impl RevocationSource for Asking<'_> {
    fn evidence(&self, question: &Question<'_>) -> Vec<Evidence> {
        let asked = question.request(if self.mixed_up { [1; 16] } else { [2; 16] });
        self.folder.put("request", &asked.to_der());
        let key = self.key.display();
        self.folder.openssl_or_die(&format!(
            "ocsp -index index -CA ca.pem -rsigner ca.pem -rkey {key} -reqin request -respout answer -ndays 1"
        ));
        vec![Evidence::of_request(&question.request([2; 16]), self.folder.get("answer"))]
    }
}

struct Files(Vec<Evidence>);

impl RevocationSource for Files {
    fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
        self.0.clone()
    }
}

/// Where OpenSSL works: the practice root, and the certificates below it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.put("ca.pem", practice().authority.ca_pem().as_bytes());
        folder.put("hanako.pem", practice().hanako.signing.certificate_pem().as_bytes());
        folder.put("stamps.pem", pem("CERTIFICATE", TimeStampAuthority::practice().certificate()).as_bytes());
        let key = Self::keys().join("WORTHLESS-signing-authority.pem");
        let configuration = format!(
            "[ca]\ndefault_ca = d\n[d]\ndatabase = index\ncertificate = ca.pem\nprivate_key = {}\n\
             [extensions]\nauthorityKeyIdentifier = keyid\nissuingDistributionPoint = critical, @scope\n[scope]\nonlyuser = TRUE\n",
            key.display()
        );
        folder.put("configuration", configuration.as_bytes());
        folder
    }

    fn keys() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../simulator/keys").canonicalize().unwrap()
    }

    /// Hanako's certificate as OpenSSL's own authority keeps it: V is valid, R revoked an hour ago; that of the time stamps is valid.
    fn list_as(&self, status: &str) {
        let an_hour_ago = (Timestamp::now() - 1.hours()).strftime("%y%m%d%H%M%SZ,superseded").to_string();
        let revoked = if status == "R" { an_hour_ago } else { String::new() };
        let line = |status: &str, revoked: &str, serial: String| {
            format!("{status}\t491231235959Z\t{revoked}\t{serial}\tunknown\t/CN=x\n")
        };
        let index = line(status, &revoked, self.serial("hanako.pem")) + &line("V", "", self.serial("stamps.pem"));
        self.put("index", index.as_bytes());
        self.put("index.attr", b"unique_subject = no\n");
    }

    fn serial(&self, certificate: &str) -> String {
        let (_, said) = self.openssl(&format!("x509 -in {certificate} -noout -serial"));
        said.trim().strip_prefix("serial=").unwrap().to_owned()
    }

    fn openssl_or_die(&self, arguments: &str) {
        let (succeeded, said) = self.openssl(arguments);
        assert!(succeeded, "openssl {arguments}: {said}");
    }

    fn openssl(&self, arguments: &str) -> (bool, String) {
        let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(self.0.path()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    fn pyhanko(&self, file: &[u8]) -> Value {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        self.put("judged.pdf", file);
        let mut command = Command::new(root.join(".cache/judges-venv/bin/python"));
        command.arg(root.join("tests/end-to-end/tools/judge_kept_data_with_pyhanko.py"));
        let output = command.arg(self.0.path().join("judged.pdf")).arg(self.0.path().join("ca.pem")).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(name)).unwrap()
    }
}

fn revoking() -> StatusAuthority {
    StatusAuthority::practice().revoking(&practice().hanako.signing.certificate, Timestamp::now() - 1.hours(), Some(4))
}

fn stamped() -> Vec<u8> {
    let answer = |query: &[u8]| TimeStampAuthority::practice().answer(query, Timestamp::now());
    time_stamped(&sign(&samples()[0].file), Target::Pades, (&trust(), &AwsLc), &answer).file
}

fn judged(file: &[u8], evidence: Vec<Evidence>) -> Verdict {
    judged_by(file, &Files(evidence))
}

fn judged_by(file: &[u8], source: &dyn RevocationSource) -> Verdict {
    verify_asking(&file, &trust(), &AwsLc, &Revocation::default().with_source(source), SystemTime::now()).unwrap()
}

fn trust() -> Trust {
    Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap()
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der).into_bytes();
    let lines: String = text.chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect();
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}
