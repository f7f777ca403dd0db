//! Our time stamps before other people's software, and theirs before ours.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::SystemTime;

use arithmetic::AwsLc;
use end_to_end::demo::Stage;
use end_to_end::journey::practice_contract;
use end_to_end::judges::{Bench, Ruling, Sample, Stamped, samples, sign, sign_again, time_stamped};
use end_to_end::page::SessionPage;
use end_to_end::phone::{JOB_LIMIT, Phone};
use end_to_end::programs::path_of;
use end_to_end::visitor::Visitor;
use pades::{CheckKind, CheckResult, DigestAlgorithm, Target, TimeStampRequest, Trust, verify};
use simulator::timestamp::{TimeStampAuthority, serve};
use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard, practice};

#[test]
fn openssl_believes_the_answers_of_our_authority() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("data"), b"a document").unwrap();
    for options in [&["-sha256"][..], &["-sha384", "-cert"], &["-sha256", "-cert", "-tspolicy", "1.2.3.4"]] {
        openssl(folder.path(), &[&["ts", "-query", "-data", "data", "-out", "query"], options].concat());
        let query = std::fs::read(folder.path().join("query")).unwrap();
        let answer = answer(&query);
        // Without -cert no certificate comes along, and OpenSSL wants it from elsewhere.
        let believed = bench().ruling_on_answer(&query, &answer);
        assert_eq!(believed.is_ok(), options.contains(&"-cert"), "{options:?}: {believed:?}");
    }
}

#[test]
fn we_believe_the_answers_of_openssl() {
    let folder = tempfile::tempdir().unwrap();
    for ess in ["sha1", "sha256", "sha384"] {
        let request =
            TimeStampRequest::new(DigestAlgorithm::Sha256, DigestAlgorithm::Sha256.hash(b"a document"), 0x8000_0000_0000_0001);
        let answer = openssls_answer(folder.path(), &request.to_der(), ess);
        let stamp = request.check(&answer, &trust(), &AwsLc, SystemTime::now());
        assert_eq!(stamp.map(|stamp| stamp.policy).unwrap(), "1.3.6.1.4.1.32473.1", "{ess}");
        let other = TimeStampRequest::new(DigestAlgorithm::Sha256, DigestAlgorithm::Sha256.hash(b"a document"), 1);
        assert!(other.check(&answer, &trust(), &AwsLc, SystemTime::now()).is_err());
    }
}

#[test]
fn every_judge_believes_a_stamped_signature_and_its_time() {
    for Sample { name, file } in samples() {
        let signed = sign(&file);
        let Stamped { file, token, digest } = stamped(&signed, Target::Pades);
        for (judge, ruling) in bench().rulings(&file) {
            assert_eq!(ruling, Ruling::Accepted { signatures: 1 }, "{judge} on {name}");
        }
        assert_eq!(bench().ruling_on_time(&file), (Ruling::Accepted { signatures: 1 }, true), "{name}");
        assert_eq!(bench().ruling_on_token(&token, &digest), Ok(()), "{name}");
        assert!(bench().ruling_on_token(&token, &[0; 32]).is_err(), "{name}");
        assert!(proves_time(&file), "{name}");
    }
}

#[test]
fn every_judge_believes_a_time_stamp_over_the_whole_document() {
    for Sample { name, file } in samples() {
        let Stamped { file, token, digest } = stamped(&sign(&file), Target::DocumentTimeStamp);
        assert_eq!(bench().ruling_on_time(&file).0, Ruling::Accepted { signatures: 2 }, "{name}");
        assert_eq!(bench().ruling_on_token(&token, &digest), Ok(()), "{name}");
        assert_eq!(bench().structure(&file), Ruling::Accepted { signatures: 0 }, "{name}");
        assert!(proves_time(&file), "{name}");
    }
}

#[test]
fn a_signature_is_stamped_by_openssl_too() {
    let folder = tempfile::tempdir().unwrap();
    let signed = sign(&samples()[0].file);
    let authority = |request: &[u8]| openssls_answer(folder.path(), request, "sha256");
    let file = time_stamped(&signed, Target::Pades, (&trust(), &AwsLc), &authority).file;
    assert_eq!(bench().ruling_on_time(&file), (Ruling::Accepted { signatures: 1 }, true));
    assert!(proves_time(&file));
}

#[test]
fn kazasu_stamps_a_document_of_two_signers_as_every_judge_wants_it() {
    let folder = tempfile::tempdir().unwrap();
    for Sample { name, file } in samples() {
        std::fs::write(folder.path().join("in.pdf"), sign_again(&sign(&file))).unwrap();
        std::fs::write(folder.path().join("ca.pem"), practice().authority.ca_pem()).unwrap();
        let arguments = ["timestamp", "in.pdf", "-o", "out.pdf", "--overwrite", "--trust", "ca.pem", "--timestamp"];
        let kazasu =
            Command::new(path_of("kazasu")).args(arguments).arg(authority()).current_dir(folder.path()).output().unwrap();
        assert!(kazasu.status.success(), "{name}: {}", String::from_utf8_lossy(&kazasu.stderr));
        let stamped = std::fs::read(folder.path().join("out.pdf")).unwrap();
        assert_eq!(bench().ruling_on_time(&stamped).0, Ruling::Accepted { signatures: 3 }, "{name}");
        assert_eq!(bench().structure(&stamped), Ruling::Accepted { signatures: 0 }, "{name}");
        assert!(proves_time(&stamped), "{name}");
    }
}

#[tokio::test]
async fn the_service_stamps_what_is_signed_as_every_judge_wants_it() {
    let list = format!("[\"{}\"]", authority());
    let configure = |relay: &mut Command| {
        relay.env("KAZASU_TIME_STAMP_AUTHORITIES", list);
    };
    let stage = Stage::configured(configure).unwrap();
    let visitor = Visitor::at(stage.page()).unwrap();
    let contract = std::fs::read(practice_contract()).unwrap();
    let document = visitor.drop_pdf("contract.pdf", contract).await.unwrap();
    let session = visitor.press_next(&document).await.unwrap();
    let link = visitor.scan(&session).await.unwrap();
    let page = SessionPage { visitor: &visitor, session: &session };
    Phone::with(VirtualCard::new(CardSetup::good())).sign(&link, PRACTICE_PASSWORD, &page).await;
    visitor.wait_for_state(&session, &["completed"], JOB_LIMIT).await.unwrap();
    let signed = visitor.download(&format!("{document}/signed.pdf")).await.unwrap();
    for (judge, ruling) in bench().rulings(&signed) {
        assert_eq!(ruling, Ruling::Accepted { signatures: 1 }, "{judge}");
    }
    assert_eq!(bench().ruling_on_time(&signed), (Ruling::Accepted { signatures: 1 }, true));
    assert!(proves_time(&signed));
}

/// Ours, on a free port, until the tests end.
fn authority() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(TimeStampAuthority::practice(), &listener));
    format!("http://{address}/")
}

fn stamped(file: &[u8], target: Target) -> Stamped {
    time_stamped(file, target, (&trust(), &AwsLc), &answer)
}

fn proves_time(file: &[u8]) -> bool {
    let verdict = verify(&file, &trust(), &AwsLc, SystemTime::now()).unwrap();
    let first = verdict.signatures.first().unwrap();
    let is_open = |what| matches!(what, CheckKind::Revocation);
    first.proven_time.is_some() && first.checks.iter().all(|check| is_open(check.what) || check.result == CheckResult::Passed)
}

fn answer(query: &[u8]) -> Vec<u8> {
    TimeStampAuthority::practice().answer(query, jiff::Timestamp::now())
}

/// OpenSSL as the authority, with the key and the certificate of ours.
fn openssls_answer(folder: &Path, request: &[u8], ess: &str) -> Vec<u8> {
    let configuration = format!(
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.3.6.1.4.1.32473.1\n\
         digests = sha256, sha384\ness_cert_id_chain = no\ness_cert_id_alg = {ess}\n"
    );
    let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("../simulator/keys/WORTHLESS-time-stamping.pem");
    std::fs::write(folder.join("configuration"), configuration).unwrap();
    std::fs::write(folder.join("certificate.der"), TimeStampAuthority::practice().certificate()).unwrap();
    std::fs::write(folder.join("request"), request).unwrap();
    openssl(folder, &["x509", "-in", "certificate.der", "-inform", "DER", "-out", "certificate.pem"]);
    let reply =
        ["ts", "-reply", "-config", "configuration", "-queryfile", "request", "-signer", "certificate.pem", "-out", "answer"];
    openssl(folder, &[&reply[..], &["-inkey", key.to_str().unwrap()]].concat());
    std::fs::read(folder.join("answer")).unwrap()
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn bench() -> Bench {
    Bench::believing(practice().authority.ca_der())
}

fn trust() -> Trust {
    Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap()
}
