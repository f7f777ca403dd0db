//! The page of a receipt under other people's software, and its code read off the picture and checked by `kazasu`.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use end_to_end::judges::{Bench, Ruling, samples, sign, sign_again};
use end_to_end::programs::path_of;
use end_to_end::qr::decode;
use serde_json::Value;
use simulator::practice;

#[test]
fn the_page_joins_any_page_tree_and_leaves_the_other_pages_as_they_are() {
    let (bench, desk) = (Bench::believing(practice().authority.ca_der()), Desk::new());
    for (name, original) in originals() {
        let signed = sign_again(&sign(&original));
        let copy = desk.stripped(&signed, &["--receipt-page"]);
        for (judge, ruling) in bench.rulings(&copy) {
            assert_eq!(ruling, Ruling::Accepted { signatures: 1 }, "{judge} on {name}: the receipt's own");
        }
        assert_eq!(bench.structure(&copy), Ruling::Accepted { signatures: 0 }, "{name}");
        let plain = desk.stripped(&signed, &[]);
        let pages = desk.page_count(&plain);
        assert_eq!(desk.page_count(&copy), pages + 1, "{name}");
        assert!(desk.look(&copy, 1, pages) == desk.look(&plain, 1, pages), "{name}: earlier pages look different");
        assert!(desk.text(&copy, pages + 1).contains("電子署名を取り除いた写しです"), "{name}");
        assert_eq!(desk.judged("copy.pdf", &[]).0, 2, "{name}");
    }
}

#[test]
fn a_document_of_one_page_without_a_tree_gets_one() {
    let (bench, desk) = (Bench::believing(practice().authority.ca_der()), Desk::new());
    let copy = desk.stripped(&sign(&lone_page()), &["--receipt-page"]);
    assert_eq!((desk.page_count(&copy), desk.judged("copy.pdf", &[]).0), (2, 2));
    assert_eq!(bench.structure(&copy), Ruling::Accepted { signatures: 0 });
    assert!(desk.text(&copy, 2).contains("A copy without"));
}

#[test]
fn the_page_says_in_both_languages_what_was_checked_and_never_valid_alone() {
    let desk = Desk::new();
    let copy = desk.stripped(&signed(), &["--receipt-page", "--label", "買主（甲）", "--label", "the seller"]);
    let text = desk.text(&copy, desk.page_count(&copy));
    let digest: String = {
        let sum = Command::new("sha256sum").arg(desk.path("signed.pdf")).output().unwrap();
        String::from_utf8(sum.stdout).unwrap().chars().take(64).collect()
    };
    for words in [
        "電子署名を取り除いた写しです",
        "A copy without its electronic signatures",
        "一部未確認 / Valid in part",
        "買主（甲）",
        "the seller",
        "署名の時刻",
        "Revocation",
        "Practice Service Without Worth",
        &digest,
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("有効 / Valid") && !text.contains("練習"), "no certificate's name: {text}");
}

#[test]
fn the_code_is_read_off_the_paper_and_says_what_the_attachment_says() {
    let desk = Desk::new();
    let copy = desk.stripped(&signed(), &["--receipt-page", "--label", "買主（甲）"]);
    let text = desk.scanned(&copy);
    std::fs::write(desk.path("paper.txt"), &text).unwrap();
    let (by_file, by_text) = (desk.judged("copy.pdf", &[]), desk.judged("paper.txt", &["--receipt-text"]));
    assert_eq!((by_file.0, by_text.0), (2, 2), "{by_text:?}");
    let mut expected = by_file.1["receipt"].clone();
    expected["statement"]["copy"] = Value::Null;
    assert_eq!(by_text.1["receipt"], expected);
    assert_eq!(by_text.1["verdict"], Value::Null);
    for (language, words) in [("ja", "手元の紙"), ("en", "the paper in your hand")] {
        let said = desk.kazasu(&["verify", "--receipt-text", "paper.txt", "--trust", "ca.pem", "--lang", language]);
        assert!(String::from_utf8_lossy(&said.stdout).contains(words), "{said:?}");
    }
    let middle = text.len() / 2;
    let other = if text.as_bytes()[middle] == b'A' { "B" } else { "A" };
    std::fs::write(desk.path("paper.txt"), format!("{}{other}{}", &text[..middle], &text[middle + 1..])).unwrap();
    assert_eq!(desk.judged("paper.txt", &["--receipt-text"]).0, 1);
    assert_eq!(desk.judged("copy.pdf", &["--receipt-text"]).0, 3, "no receipt's text");
}

#[test]
fn the_text_is_a_cms_that_openssl_opens_to_lines_for_people() {
    let desk = Desk::new();
    let text = desk.scanned(&desk.stripped(&signed(), &["--receipt-page", "--label", "買主（甲）"]));
    let carried = text.strip_prefix("KAZASU-RECEIPT-1:").unwrap();
    let padding = "=".repeat((8 - carried.len() % 8) % 8);
    std::fs::write(desk.path("carried.txt"), format!("{carried}{padding}")).unwrap();
    let cms = Command::new("base32").args(["-d", "carried.txt"]).current_dir(desk.folder.path()).output().unwrap();
    std::fs::write(desk.path("receipt.der"), cms.stdout).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args(["cms", "-verify", "-inform", "DER", "-in", "receipt.der", "-CAfile", "ca.pem", "-purpose", "any"]);
    let opened = openssl.current_dir(desk.folder.path()).output().unwrap();
    assert!(opened.status.success(), "{opened:?}");
    let lines = String::from_utf8(opened.stdout).unwrap();
    assert!(lines.starts_with("Kazasu receipt 1\n") && lines.contains("label=買主（甲）\n"), "{lines}");
}

#[test]
fn nine_signers_have_a_code_and_labels_too_long_for_one_have_words_in_its_place() {
    let desk = Desk::new();
    desk.take_a_key_as_the_server_makes_them();
    let signed = (0..4).fold(sign(&samples()[0].file), |file, _| sign_again(&sign_again(&file)));
    let short: Vec<String> = (1..=9).flat_map(|n| ["--label".to_owned(), format!("署名者{n} / Signer {n}")]).collect();
    let options: Vec<&str> = ["--receipt-page"].into_iter().chain(short.iter().map(String::as_str)).collect();
    let copy = desk.stripped(&signed, &options);
    std::fs::write(desk.path("paper.txt"), desk.scanned(&copy)).unwrap();
    let judged = desk.judged("paper.txt", &["--receipt-text"]).1;
    let signers = judged["receipt"]["statement"]["signers"].as_array().unwrap();
    assert_eq!((signers.len(), &signers[8]["label"]), (9, &"署名者9 / Signer 9".into()));
    let long = "甲".repeat(60);
    let options: Vec<&str> = ["--receipt-page"].into_iter().chain((0..9).flat_map(|_| ["--label", &long])).collect();
    let copy = desk.stripped(&signed, &options);
    let text = desk.text(&copy, desk.page_count(&copy));
    assert!(text.contains("QRコードはありません") && text.contains("…"), "{text}");
    assert_eq!(desk.judged("copy.pdf", &[]).0, 2);
}

#[test]
fn any_change_of_the_page_breaks_the_receipt() {
    let desk = Desk::new();
    let copy = desk.stripped(&signed(), &["--receipt-page"]);
    let start = copy.windows(9).rposition(|window| window == b"/MediaBox").unwrap();
    let places = (start.saturating_sub(20_000)..start + 40).step_by(1_337);
    for place in places.chain([start + 12]) {
        let mut altered = copy.clone();
        altered[place] ^= 1;
        std::fs::write(desk.path("altered.pdf"), altered).unwrap();
        let code = desk.judged("altered.pdf", &[]).0;
        assert!(matches!(code, 1 | 3), "byte {place}: {code}");
    }
}

/// A folder with what the commands want.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("../simulator/keys/WORTHLESS-service.pem");
        std::fs::copy(key, folder.path().join("key.pem")).unwrap();
        std::fs::write(folder.path().join("ca.pem"), practice().authority.ca_pem()).unwrap();
        std::fs::write(folder.path().join("service.pem"), practice().service.certificate_pem()).unwrap();
        Self { folder }
    }

    /// P-384 below a root of its own.
    fn take_a_key_as_the_server_makes_them(&self) {
        let leaf = "keyUsage=critical,digitalSignature,nonRepudiation\nauthorityKeyIdentifier=keyid\n";
        std::fs::write(self.path("leaf.txt"), leaf).unwrap();
        let fresh = "-newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -sha384 -nodes";
        for arguments in [
            format!("req -x509 {fresh} -keyout root.key -out root.pem -days 30 -subj /CN=Root"),
            format!("req {fresh} -keyout key.pem -out leaf.csr -subj /CN=sign.bank.example"),
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -days 20 -sha384 -extfile leaf.txt -out service.pem".to_owned(),
        ] {
            let mut openssl = Command::new("openssl");
            let made = openssl.args(arguments.split_whitespace()).current_dir(self.folder.path()).output().unwrap();
            assert!(made.status.success(), "{made:?}");
        }
        let roots = [practice().authority.ca_pem(), std::fs::read_to_string(self.path("root.pem")).unwrap()].concat();
        std::fs::write(self.path("ca.pem"), roots).unwrap();
    }

    fn stripped(&self, signed: &[u8], options: &[&str]) -> Vec<u8> {
        std::fs::write(self.path("signed.pdf"), signed).unwrap();
        let strip = ["strip", "signed.pdf", "-o", "copy.pdf", "--overwrite", "--trust", "ca.pem"];
        let service = ["--receipt-key", "key.pem", "--receipt-certificate", "service.pem"];
        let done = self.kazasu(&[&strip[..], &service, options].concat());
        assert!(done.status.success(), "{done:?}");
        std::fs::read(self.path("copy.pdf")).unwrap()
    }

    fn judged(&self, file: &str, options: &[&str]) -> (i32, Value) {
        let said = self.kazasu(&[&["verify", file, "--trust", "ca.pem", "--json"], options].concat());
        (said.status.code().unwrap(), serde_json::from_slice(&said.stdout).unwrap())
    }

    /// The text in the code of the last page, as poppler draws it for a printer.
    fn scanned(&self, copy: &[u8]) -> String {
        let last = self.page_count(copy);
        // A camera looks more than once, from farther and nearer.
        let seen = ["300", "250", "400"].into_iter().find_map(|dots| {
            decode(&self.poppler("pdftoppm", &["-r", dots, "-gray", "-png", "-f", &last.to_string()], copy)).ok()
        });
        seen.expect("a code that can be read")
    }

    fn look(&self, file: &[u8], first: usize, last: usize) -> Vec<u8> {
        self.poppler("pdftoppm", &["-r", "50", "-f", &first.to_string(), "-l", &last.to_string()], file)
    }

    fn text(&self, file: &[u8], page: usize) -> String {
        let text = self.poppler("pdftotext", &["-layout", "-enc", "UTF-8", "-f", &page.to_string()], file);
        String::from_utf8(text).unwrap()
    }

    fn page_count(&self, file: &[u8]) -> usize {
        std::fs::write(self.path("read.pdf"), file).unwrap();
        let output = Command::new("qpdf").args(["--show-npages"]).arg(self.path("read.pdf")).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    }

    fn poppler(&self, program: &str, options: &[&str], file: &[u8]) -> Vec<u8> {
        std::fs::write(self.path("read.pdf"), file).unwrap();
        let mut command = Command::new(program);
        command.args(options).arg(self.path("read.pdf"));
        if program == "pdftotext" {
            command.arg("-");
        }
        let said = command.output().unwrap();
        assert!(said.status.success(), "{said:?}");
        said.stdout
    }

    fn kazasu(&self, arguments: &[&str]) -> Output {
        Command::new(path_of("kazasu")).args(arguments).current_dir(self.folder.path()).output().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// By both.
fn signed() -> Vec<u8> {
    sign_again(&sign(&samples()[0].file))
}

fn originals() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/pdf");
    let vectors = [
        "practice-rotated.pdf",
        "practice-cropped.pdf",
        "reads-hybrid.pdf",
        "reads-nested-pages.pdf",
        "reads-odd-but-sound.pdf",
        "reads-form-indirect.pdf",
        "reads-qpdf-linearised-streams.pdf",
        "reads-updated.pdf",
    ];
    let vectors = vectors.map(|name| (name.to_owned(), std::fs::read(folder.join(name)).unwrap()));
    let built = [("kids of their own object".to_owned(), indirect_kids())];
    samples().into_iter().map(|sample| (sample.name.to_owned(), sample.file)).chain(vectors).chain(built).collect()
}

/// What the root says for every page below it, the new one must not inherit.
fn indirect_kids() -> Vec<u8> {
    let root = "<< /Type /Pages /Kids 5 0 R /Count 6 0 R /MediaBox [0 0 300 200] /CropBox [10 10 100 100] /Rotate 90 \
        /Resources << /Font << /F1 7 0 R >> >> >>";
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>";
    built(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        root,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        CONTENT,
        "[3 0 R]",
        "1",
        font,
    ])
}

fn lone_page() -> Vec<u8> {
    built(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Page /MediaBox [0 0 300 200] /Resources << >> /Contents 3 0 R >>",
        EMPTY,
    ])
}

fn built(objects: &[&str]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    file += &format!("{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

const CONTENT: &str = "<< /Length 35 >>\nstream\nBT /F1 18 Tf 20 40 Td (Here.) Tj ET\nendstream";
const EMPTY: &str = "<< /Length 21 >>\nstream\n0 0 1 rg 5 5 9 9 re f\nendstream";
