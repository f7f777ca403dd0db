//! OpenSSL as authority and as responder on a port, asked by `kazasu verify` at the address that a certificate names.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use end_to_end::judges::{Signatory, named, samples, sign_as};
use end_to_end::programs::path_of;
use serde_json::Value;

#[test]
fn a_responder_is_asked_only_when_told_to_and_only_at_the_certificates_own_address() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::made_in(folder.path());
    std::fs::write(folder.path().join("signed.pdf"), authority.signed()).unwrap();
    assert_eq!(authority.verdict(&[]), "revocation_not_asked");
    assert_eq!(authority.verdict(&["--ask-responders"]), "revocation_no_answer", "nobody is there");
    for (status, outcome) in [("V", "passed"), ("R", "revoked")] {
        authority.list_as(status);
        let _responder = authority.responder();
        assert_eq!(authority.verdict(&["--ask-responders"]), outcome);
    }
}

struct Authority<'a> {
    folder: &'a Path,
    port: u16,
}

impl<'a> Authority<'a> {
    fn made_in(folder: &'a Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let made = Self { folder, port };
        let leaf = format!("keyUsage=critical,nonRepudiation\nauthorityInfoAccess=OCSP;URI:http://127.0.0.1:{port}/\n");
        std::fs::write(folder.join("leaf.txt"), leaf).unwrap();
        made.openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=Root");
        made.openssl("req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=Signer");
        made.openssl("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 4660 -days 20 -extfile leaf.txt -outform DER -out leaf.der");
        made.openssl("pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out leaf.p8");
        made
    }

    fn signed(&self) -> Vec<u8> {
        let key = RsaKeyPair::from_pkcs8(&std::fs::read(self.folder.join("leaf.p8")).unwrap()).unwrap();
        let sign = |attributes: &[u8]| {
            let mut signature = vec![0; key.public_modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), attributes, &mut signature).unwrap();
            signature
        };
        let certificate = std::fs::read(self.folder.join("leaf.der")).unwrap();
        sign_as(&samples()[0].file, &named("Signer"), &Signatory { certificate, chain: Vec::new(), sign: &sign })
    }

    /// V is valid, R revoked.
    fn list_as(&self, status: &str) {
        let revoked = if status == "R" { "261101000000Z,superseded" } else { "" };
        let line = format!("{status}\t491231235959Z\t{revoked}\t1234\tunknown\t/CN=Signer\n");
        std::fs::write(self.folder.join("index"), line).unwrap();
    }

    fn responder(&self) -> Responder {
        let port = self.port.to_string();
        let mut command = Command::new("openssl");
        command.args(["ocsp", "-index", "index", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key", "-port", &port]);
        let mut child = command.current_dir(self.folder).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // It ends when a connection says nothing: its own word is waited for.
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("waiting for OCSP client connections") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "the responder does not start");
        }
        Responder { child, _said: said }
    }

    fn verdict(&self, options: &[&str]) -> String {
        let mut command = Command::new(path_of("kazasu"));
        command.args(["verify", "signed.pdf", "--trust", "ca.pem", "--json"]).args(options);
        let output = command.current_dir(self.folder).output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = said["verdict"]["signatures"][0]["checks"].as_array().unwrap().clone();
        let check = checks.into_iter().find(|check| check["check"] == "revocation").unwrap();
        let told = if check["reason"].is_null() { &check["result"] } else { &check["reason"] };
        told.as_str().unwrap().to_owned()
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(self.folder).output().unwrap();
        assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

struct Responder {
    child: Child,
    /// Open as long as it speaks.
    _said: BufReader<ChildStderr>,
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
