use std::path::Path;
use std::process::Command;

use super::{run, text};

/// A PDF to be signed.
pub struct Sample {
    pub name: &'static str,
    pub file: Vec<u8>,
}

/// One document in the forms in which generators write it.
///
/// # Panics
/// When qpdf, which writes all but the first, cannot be run.
pub fn samples() -> Vec<Sample> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let written = |name, options: &[&str]| Sample { name, file: rewritten(folder.path(), options) };
    vec![
        Sample { name: "cross-reference table", file: contract() },
        written("table by qpdf", &["--object-streams=disable"]),
        written("cross-reference stream and object streams", &["--object-streams=generate"]),
        written("PDF 2.0", &["--object-streams=generate", "--force-version=2.0"]),
    ]
}

fn rewritten(folder: &Path, options: &[&str]) -> Vec<u8> {
    let (before, after) = (folder.join("before.pdf"), folder.join("after.pdf"));
    std::fs::write(&before, contract()).expect("the temporary folder is writable");
    let output = run(Command::new("qpdf").args(options).arg(&before).arg(&after));
    assert!(output.status.success(), "qpdf {options:?}: {}", text(&output.stderr));
    std::fs::read(after).expect("qpdf wrote it")
}

/// One page with a sentence, and a Japanese title in its metadata.
fn contract() -> Vec<u8> {
    let page = "BT /F1 18 Tf 72 720 Td (A contract to practise with.) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (ja-JP) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Title <{}> /Author <{}> >>", utf16("業務委託契約書（練習用）"), utf16("架空商事株式会社")),
    ];
    with_table(&objects)
}

fn with_table(objects: &[String]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = file.len();
    let trailer = format!("trailer\n<< /Size {} /Root 1 0 R /Info 6 0 R >>", objects.len() + 1);
    file.extend(format!("{table}{trailer}\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

/// A text string with its byte order mark, in hexadecimal digits.
fn utf16(text: &str) -> String {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).map(|unit| format!("{unit:04X}")).collect()
}
