//! The program from outside: how it ends, and what it says where.

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{code, in_folder, object, said};

fn kazasu(arguments: &[&str]) -> Output {
    common::kazasu(Path::new("."), arguments)
}

#[test]
fn bad_usage_ends_with_64() {
    for arguments in [&[][..], &["fly"], &["sign"], &["sign", "in.pdf"], &["verify"], &["join"], &["card", "--wait", "long"]] {
        assert_eq!(code(&kazasu(arguments)), 64, "{arguments:?}");
    }
}

#[test]
fn help_and_version_are_no_failure() {
    for arguments in [["--help"], ["--version"]] {
        let output = kazasu(&arguments);
        assert_eq!(code(&output), 0);
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn a_file_that_is_no_pdf_is_unreadable() {
    in_folder(|folder| {
        for bytes in [&b""[..], b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF\n"] {
            let file = folder.join("no.pdf");
            fs::write(&file, bytes).unwrap();
            assert_eq!(code(&kazasu(&["verify", file.to_str().unwrap()])), 3, "{bytes:?}");
        }
    });
}

#[test]
fn a_file_that_is_not_there_is_no_input_and_to_verify_one_that_cannot_be_read() {
    for (arguments, exit) in [
        (&["verify", "/nowhere/in.pdf"][..], 3),
        (&["verify", "/nowhere/receipt.txt", "--receipt-text"], 3),
        (&["strip", "/nowhere/in.pdf", "-o", "/nowhere/out.pdf"], 66),
    ] {
        let output = kazasu(arguments);
        assert_eq!(code(&output), exit, "{arguments:?}");
        assert!(said(&output).contains("E-IO-01"));
    }
}

#[test]
fn an_address_that_does_not_do_is_not_repeated() {
    for way in [
        &["--status-service", "http://user:geheim@verifier.example/"][..],
        &["--status-service=ftp://user:geheim@verifier.example/"],
    ] {
        let output = kazasu(&[&["verify", "in.pdf"], way].concat());
        assert_eq!(code(&output), 64);
        assert!(said(&output).contains("--status-service") && !said(&output).contains("geheim"), "{}", said(&output));
    }
}

#[test]
fn a_trust_file_that_is_no_certificate_is_named() {
    in_folder(|folder| {
        let file = folder.join("ca.pem");
        fs::write(&file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        let output = kazasu(&["verify", "in.pdf", "--trust", file.to_str().unwrap()]);
        assert_eq!(code(&output), 66);
        assert!(said(&output).contains("E-IO-02") && said(&output).contains("ca.pem"));
    });
}

/// A pipe that nobody writes into is not waited for, and a device without an end is not read.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_at_once() {
    in_folder(|folder| {
        let pipe = folder.join("pipe.pdf");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let output = folder.join("out.pdf");
        for input in [pipe.to_str().unwrap(), "/dev/zero", folder.to_str().unwrap()] {
            for command in ["sign", "strip", "verify"] {
                let arguments = [command, input, "-o", output.to_str().unwrap()];
                let arguments = if command == "verify" { &arguments[..2] } else { &arguments };
                let ended = kazasu(arguments);
                assert_eq!(code(&ended), if command == "verify" { 3 } else { 66 }, "{arguments:?}");
                assert!(said(&ended).contains("E-IO-01"), "{arguments:?}: {}", said(&ended));
            }
            if input != pipe.to_str().unwrap() {
                let trusting = kazasu(&["verify", "in.pdf", "--trust", input]);
                assert!(code(&trusting) == 66 && said(&trusting).contains("E-IO-02"), "{input}");
            }
        }
    });
}

/// Names of files are bytes on Linux.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_told_as_well_as_it_can_be() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    in_folder(|folder| {
        let name = folder.join(OsStr::from_bytes(b"na\xffme.pdf"));
        fs::write(&name, "no PDF").unwrap();
        fs::write(folder.join("other.pdf"), "no PDF").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_kazasu"));
        command.args(["--json", "sign"]).args([&name, &folder.join("other.pdf")]).arg("--output-dir").arg(folder.join("out"));
        let ended = command.env("PCSCLITE_CSOCK_NAME", "/nowhere/pcscd.comm").stdin(Stdio::null()).output().unwrap();
        assert_eq!(code(&ended), 65, "{}", said(&ended));
        assert!(object(&ended)["failure"]["file"].as_str().unwrap().ends_with("na\u{fffd}me.pdf"));
    });
}

#[test]
fn every_object_says_by_which_description_it_is_to_be_read() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let (signed, unsigned) = (vectors.join("signed/answered-path.pdf"), vectors.join("pdf/reads-table.pdf"));
    in_folder(|folder| {
        let copy = folder.join("copy.pdf");
        for arguments in [
            &["verify", signed.to_str().unwrap()][..],
            &["verify", unsigned.to_str().unwrap()],
            &["verify", "/nowhere/in.pdf"],
            &["sign", "/nowhere/in.pdf", "-o", "out.pdf"],
            &["strip", signed.to_str().unwrap(), "-o", copy.to_str().unwrap()],
        ] {
            let object = object(&kazasu(&[arguments, &["--json"]].concat()));
            assert_eq!(object["version"], 2, "{arguments:?}: {object}");
        }
    });
}

/// Nothing is left half-done by it.
#[cfg(unix)]
#[test]
fn a_wish_to_end_is_heard_while_a_pipe_is_waited_for() {
    in_folder(|folder| {
        let pipe = folder.join("ca.pem");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for command in [&["verify", "in.pdf"][..], &["sign", "in.pdf", "-o", "out.pdf"], &["strip", "in.pdf", "-o", "out.pdf"]] {
            let trusting = [command, &["--trust", pipe.to_str().unwrap()]].concat();
            let mut waiting = Command::new(env!("CARGO_BIN_EXE_kazasu")).args(&trusting).spawn().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(300));
            // Shells let what runs in their background ignore the other one.
            Command::new("kill").args(["-TERM", &waiting.id().to_string()]).status().unwrap();
            assert!(!waiting.wait().unwrap().success(), "{trusting:?}");
        }
    });
}

/// Whoever waits for a document to be looked through may leave.
#[cfg(unix)]
#[test]
fn a_wish_to_end_is_heard_while_a_document_is_looked_through() {
    in_folder(|folder| {
        let (input, output) = (folder.join("long.pdf"), folder.join("signed.pdf"));
        fs::write(&input, one_page_of(&b"0 0 1 1 re f\n".repeat(1_800_000))).unwrap();
        for signal in ["-INT", "-TERM"] {
            let mut signing = Command::new(env!("CARGO_BIN_EXE_kazasu"))
                .args(["sign", input.to_str().unwrap(), "-o", output.to_str().unwrap()])
                .env("LC_ALL", "C")
                .env("PCSCLITE_CSOCK_NAME", "/nowhere/pcscd.comm")
                .stdin(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut reading = String::new();
            BufReader::new(signing.stderr.as_mut().unwrap()).read_line(&mut reading).unwrap();
            Command::new("kill").args([signal, &signing.id().to_string()]).status().unwrap();
            assert_eq!(signing.wait().unwrap().code(), Some(130), "{signal} after {reading:?}");
            assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "nothing is left behind");
        }
    });
}

fn one_page_of(content: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let stream = [format!("<< /Length {} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat();
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>".to_vec(),
        stream,
    ];
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let at = file.len();
    file.extend(format!("{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").into_bytes());
    file
}

#[test]
fn a_form_whose_signatures_cannot_be_taken_out_is_said_to_be_one() {
    in_folder(|folder| {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/signed");
        let mut form = fs::read(vectors.join("answered-path.pdf")).unwrap();
        let flags = form.windows(11).position(|window| window == b"/SigFlags 3").unwrap();
        form.splice(flags..flags + 11, *b"/XFA (form)");
        let (input, output) = (folder.join("form.pdf"), folder.join("copy.pdf"));
        fs::write(&input, form).unwrap();
        let stripped = kazasu(&["strip", input.to_str().unwrap(), "-o", output.to_str().unwrap()]);
        assert_eq!(code(&stripped), 65);
        assert!(said(&stripped).contains("E-PDF-06"), "{}", said(&stripped));
    });
}

#[test]
fn without_the_smart_card_service_the_remedy_is_to_start_it() {
    let output = kazasu(&["card"]);
    assert_eq!(code(&output), 69);
    assert!(said(&output).contains("E-PC-01") && said(&output).contains("pcscd"));
}

#[test]
fn every_failure_states_the_three_facts() {
    let output = kazasu(&["card", "--json"]);
    let facts = &object(&output)["failure"]["facts"];
    assert_eq!(*facts, serde_json::json!({ "signed": false, "try_spent": "no", "tries_left": null, "sent": "nothing" }));

    let said = said(&kazasu(&["card"]));
    assert!(said.contains("Nothing was signed. No try was spent. Nothing was sent"), "{said}");
}

#[test]
fn the_language_follows_the_option() {
    let output = kazasu(&["card", "--lang", "ja"]);
    assert!(said(&output).contains("署名されていません。 試行回数は減っていません。"), "{}", said(&output));
}

#[test]
fn a_link_that_nobody_gave_is_asked_for() {
    let output = kazasu(&["join"]);
    assert_eq!(code(&output), 64);
    assert!(said(&output).contains("E-PC-09"), "{}", said(&output));
}
