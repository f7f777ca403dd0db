//! `kazasu timestamp` against authorities on loopback, honest ones and others.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::SystemTime;

use common::{code, in_folder, kazasu, object, said, signed_by};
use pades::PrepareOptions;
use simulator::practice;
use simulator::timestamp::{TimeStampAuthority, TimeStampQuirk, serve};

#[test]
fn the_last_signature_is_stamped_where_it_stands() {
    in_folder(|folder| {
        let signed = signed_contract(folder);
        let stamped = object(&kazasu(folder, &timestamp("signed.pdf", &[&good()])));
        assert_eq!((&stamped["ok"], &stamped["form"]), (&true.into(), &"signature".into()), "{stamped}");
        assert!(!stamped["verdict"]["signatures"][0]["proven_time"].is_null(), "{stamped}");
        assert_eq!(fs::read(folder.join("out.pdf")).unwrap().len(), signed.len());
        assert_eq!(fs::read(folder.join("signed.pdf")).unwrap(), signed);
    });
}

#[test]
fn after_another_signature_or_a_stamp_or_without_any_the_document_is_stamped() {
    in_folder(|folder| {
        let signed = signed_contract(folder);
        fs::write(folder.join("twice.pdf"), signed_by(&signed, &now(), &practice().taro.signing)).unwrap();
        let form = |input: &str, more: &[&str]| {
            let stamped = kazasu(folder, &[&timestamp(input, &[&good()])[..], &["--overwrite"], more].concat());
            object(&stamped)["form"].as_str().unwrap_or_else(|| panic!("{}", said(&stamped))).to_owned()
        };
        // Hanako's can be stamped in place no more, and a stamp in Taro's would prove nothing about hers.
        assert_eq!(form("twice.pdf", &[]), "document");
        let verified = object(&kazasu(folder, &["--json", "verify", "out.pdf", "--trust", "ca.pem"]));
        let times = verified["verdict"]["signatures"].as_array().unwrap().iter().map(|one| &one["proven_time"]);
        assert_eq!((times.clone().count(), times.filter(|time| time.is_null()).count()), (3, 0), "{verified}");
        assert_eq!(form("contract.pdf", &[]), "document");
        let stamped =
            kazasu(folder, &["timestamp", "signed.pdf", "-o", "stamped.pdf", "--timestamp", &good(), "--trust", "ca.pem"]);
        assert_eq!(code(&stamped), 0);
        assert_eq!(form("stamped.pdf", &[]), "document");
        let countersigned = signed_by(&fs::read(folder.join("stamped.pdf")).unwrap(), &now(), &practice().taro.signing);
        fs::write(folder.join("countersigned.pdf"), countersigned).unwrap();
        assert_eq!(form("countersigned.pdf", &[]), "signature");
        assert_eq!(form("signed.pdf", &["--document"]), "document");
    });
}

#[test]
fn whatever_is_wrong_with_the_first_authority_the_second_is_asked() {
    in_folder(|folder| {
        signed_contract(folder);
        for (quirk, code) in WRONGS {
            let bad = authority(TimeStampAuthority::with(*quirk));
            let alone = kazasu(folder, &[&timestamp("signed.pdf", &[&bad])[..], &["--timestamp-wait", "1"]].concat());
            let told = object(&alone);
            assert_eq!((self::code(&alone), &told["failure"]["code"]), (69, &"E-TS-01".into()), "{quirk:?}: {told}");
            let cause = told["failure"]["cause"].as_str().unwrap();
            assert!(cause.contains(&format!("{bad}: {code}")), "{quirk:?}: {cause}");
            assert!(!folder.join("out.pdf").exists(), "nothing is written without a stamp");
            let both = kazasu(folder, &[&timestamp("signed.pdf", &[&bad, &good()])[..], &["--timestamp-wait", "1"]].concat());
            assert_eq!(self::code(&both), 0, "{quirk:?}: {}", said(&both));
            fs::remove_file(folder.join("out.pdf")).unwrap();
        }
    });
}

#[test]
fn an_authority_that_is_not_there_is_passed_over() {
    in_folder(|folder| {
        signed_contract(folder);
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let without_tls = good().replace("http://", "https://");
        let three = kazasu(folder, &timestamp("signed.pdf", &[&format!("http://{nobody}/"), &without_tls, &good()]));
        assert_eq!(code(&three), 0, "{}", said(&three));
    });
}

#[test]
fn an_authority_must_use_the_policy_that_was_asked_for() {
    in_folder(|folder| {
        signed_contract(folder);
        let bad = format!("{} 1.2.3.4", authority(TimeStampAuthority::with(TimeStampQuirk::OtherPolicy)));
        let refused = object(&kazasu(folder, &timestamp("signed.pdf", &[&bad])));
        assert!(refused["failure"]["cause"].as_str().unwrap().contains("time_stamp_other_policy"), "{refused}");
        let good = format!("{} 1.2.3.4", good());
        assert_eq!(code(&kazasu(folder, &timestamp("signed.pdf", &[&good]))), 0);
    });
}

#[test]
fn credentials_come_from_a_file_go_to_their_authority_and_are_never_shown() {
    in_folder(|folder| {
        signed_contract(folder);
        // me:swordfish in base64.
        for (kind, line) in
            [("basic me:swordfish", "Authorization: Basic bWU6c3dvcmRmaXNo"), ("header X-Key: swordfish", "X-Key: swordfish")]
        {
            let demanding = authority(TimeStampAuthority::with(None).demanding(line));
            let unknown = object(&kazasu(folder, &[&timestamp("signed.pdf", &[&demanding])[..], &["--overwrite"]].concat()));
            assert!(unknown["failure"]["cause"].as_str().unwrap().contains("not_admitted"), "{unknown}");
            fs::write(folder.join("credentials"), format!("{demanding} {kind}\n")).unwrap();
            let other = authority(TimeStampAuthority::with(None).demanding(line));
            let named = ["--timestamp-credentials", "credentials", "--overwrite"];
            for (asked, exit) in [(&demanding, 0), (&other, 69)] {
                let output = kazasu(folder, &[&timestamp("signed.pdf", &[asked])[..], &named].concat());
                assert_eq!(code(&output), exit, "{}", said(&output));
                assert!(!said(&output).contains("swordfish"));
            }
        }
    });
}

#[test]
fn a_password_that_slipped_into_the_address_or_its_file_is_not_repeated() {
    in_folder(|folder| {
        signed_contract(folder);
        for slip in ["https://me:swordfish@tsa.example/", "https://tsa.example/?key=swordfish", "http://tsa.example/"] {
            let refused = kazasu(folder, &timestamp("signed.pdf", &[slip]));
            assert_eq!((code(&refused), &object(&refused)["failure"]["code"]), (64, &"E-TS-02".into()));
            assert!(!said(&refused).contains("swordfish"));
        }
        fs::write(folder.join("credentials"), "https://tsa.example/ swordfish").unwrap();
        let named = ["--timestamp-credentials", "credentials"];
        let refused = kazasu(folder, &[&timestamp("signed.pdf", &["https://tsa.example/"])[..], &named].concat());
        assert_eq!((code(&refused), &object(&refused)["failure"]["code"]), (66, &"E-TS-03".into()));
        assert!(!said(&refused).contains("swordfish"));
        assert_eq!(code(&kazasu(folder, &["timestamp", "signed.pdf", "-o", "out.pdf"])), 64, "no authority at all");
    });
}

#[test]
fn the_hash_is_all_that_leaves() {
    in_folder(|folder| {
        signed_contract(folder);
        let (address, received) = listener_that_hangs_up();
        kazasu(folder, &timestamp("signed.pdf", &[&address]));
        let sent = received.recv().unwrap();
        let head_ends = sent.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let head = String::from_utf8(sent[..head_ends].to_vec()).unwrap().to_lowercase();
        assert!(head.starts_with("post /tsr http/1.1\r\n") && head.contains("content-type: application/timestamp-query\r\n"));
        assert!(!head.contains("signed") && !head.contains("cookie") && !head.contains("referer"), "{head}");
        // Version, SHA-256 with its 32 bytes, a nonce of eight, and the wish for a certificate.
        assert!(sent.len() - head_ends <= 3 + 51 + 11 + 3 + 2, "{}", sent.len() - head_ends);
    });
}

#[test]
fn a_root_may_be_trusted_about_time_alone() {
    in_folder(|folder| {
        signed_contract(folder);
        let good = good();
        let stamp = ["--json", "timestamp", "signed.pdf", "-o", "out.pdf", "--timestamp", &good, "--timestamp-trust", "ca.pem"];
        let stamped = kazasu(folder, &stamp);
        assert_eq!(code(&stamped), 0, "{}", said(&stamped));
        let verified = object(&kazasu(folder, &["--json", "verify", "out.pdf", "--timestamp-trust", "ca.pem"]));
        let signature = &verified["verdict"]["signatures"][0];
        assert!(!signature["proven_time"].is_null() && verified["verdict"]["state"] == "invalid", "{verified}");
    });
}

#[test]
fn a_stamp_may_go_into_the_very_file() {
    in_folder(|folder| {
        signed_contract(folder);
        let arguments = ["timestamp", "signed.pdf", "-o", "signed.pdf", "--timestamp", &good(), "--trust", "ca.pem"];
        assert_eq!(code(&kazasu(folder, &arguments)), 73);
        assert_eq!(code(&kazasu(folder, &[&arguments[..], &["--overwrite"]].concat())), 0);
        let verified = object(&kazasu(folder, &["--json", "verify", "signed.pdf", "--trust", "ca.pem"]));
        assert!(!verified["verdict"]["signatures"][0]["proven_time"].is_null(), "{verified}");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 3, "nothing is left behind");
    });
}

/// What is wrong with an authority, and how that is called.
const WRONGS: &[(TimeStampQuirk, &str)] = &[
    (TimeStampQuirk::Refuses, "time_stamp_refused"),
    (TimeStampQuirk::Babbles, "time_stamp_malformed"),
    (TimeStampQuirk::OtherNonce, "time_stamp_other_nonce"),
    (TimeStampQuirk::OtherImprint, "time_stamp_other_content"),
    (TimeStampQuirk::WrongSignature, "time_stamp_wrong_signature"),
    (TimeStampQuirk::OtherCertificate, "time_stamp_wrong_attributes"),
    (TimeStampQuirk::PersonsCertificate, "time_stamp_not_for_time_stamps"),
    (TimeStampQuirk::EndedCertificate, "time_stamp_outside_validity"),
    (TimeStampQuirk::OtherRoot, "time_stamp_untrusted"),
    (TimeStampQuirk::Tomorrow, "time_stamp_in_the_future"),
    (TimeStampQuirk::Huge, "time_stamp_too_large"),
    (TimeStampQuirk::Endless, "time_stamp_too_large"),
    (TimeStampQuirk::Html, "other_media_type"),
    (TimeStampQuirk::Redirects, "redirected"),
    (TimeStampQuirk::Busy, "status"),
    (TimeStampQuirk::Silent, "too_slow"),
    (TimeStampQuirk::Drips, "too_slow"),
];

fn timestamp<'a>(input: &'a str, addresses: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["--json", "timestamp", input, "-o", "out.pdf", "--trust", "ca.pem"];
    arguments.extend(addresses.iter().flat_map(|address| ["--timestamp", address]));
    arguments
}

fn good() -> String {
    authority(TimeStampAuthority::with(None))
}

/// Answers until the tests end.
fn authority(authority: TimeStampAuthority) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(&authority, &listener));
    format!("http://{address}/tsr")
}

/// Takes the head and what comes with it, and hangs up.
fn listener_that_hangs_up() -> (String, mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut sent = Vec::new();
        let mut piece = [0; 4096];
        while !sent.ends_with(&[1, 1, 0xFF]) {
            let count = connection.read(&mut piece).unwrap();
            sent.extend_from_slice(&piece[..count]);
        }
        sender.send(sent).unwrap();
    });
    (format!("http://{address}/tsr"), receiver)
}

/// Signed by the practice card of 練習　花子, beside the unsigned file and the root.
fn signed_contract(folder: &Path) -> Vec<u8> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let contract = fs::read(repository.join("tests/vectors/pdf/practice-contract.pdf")).unwrap();
    let signed = signed_by(&contract, &now(), &practice().hanako.signing);
    fs::write(folder.join("contract.pdf"), &contract).unwrap();
    fs::write(folder.join("signed.pdf"), &signed).unwrap();
    fs::write(folder.join("ca.pem"), practice().authority.ca_pem()).unwrap();
    signed
}

fn now() -> PrepareOptions {
    PrepareOptions::new(SystemTime::now(), [1; 16])
}
