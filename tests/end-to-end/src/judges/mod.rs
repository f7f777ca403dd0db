//! Other people's software, asked what it thinks of a signed PDF.

mod openssl;
mod pdfsig;
mod pyhanko;
mod qpdf;
mod samples;
mod signed;
mod time;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

pub use samples::{Sample, samples};
pub use signed::{Signatory, named, sign, sign_again, sign_as, sign_with_card, stripped_with_receipt};
pub use time::{Stamped, time_stamped};

/// What a judge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// Every signature is right and comes from somebody below the authority.
    Accepted { signatures: usize },
    /// The judge's own words.
    Refused(String),
}

/// The judges, with one authority that they all believe.
pub struct Bench {
    folder: TempDir,
}

impl Bench {
    /// # Panics
    /// When a judge is not installed.
    pub fn believing(authority_der: &[u8]) -> Self {
        let bench = Self { folder: TempDir::new().expect("a temporary folder can be made") };
        std::fs::write(bench.authority(), pem(authority_der)).expect("the temporary folder is writable");
        pdfsig::believe(&bench);
        bench
    }

    /// The rulings of those who judge signatures.
    ///
    /// # Panics
    /// When a judge cannot be asked at all.
    pub fn rulings(&self, file: &[u8]) -> [(&'static str, Ruling); 3] {
        let path = self.put("judged.pdf", file);
        [
            ("pdfsig", pdfsig::judge(self, &path)),
            ("pyHanko", pyhanko::judge(self, &path)),
            ("OpenSSL", openssl::judge(self, file)),
        ]
    }

    /// pyHanko's ruling on every signature and document time stamp, and whether it believes the time of the first.
    ///
    /// # Panics
    /// When pyHanko cannot be asked at all.
    pub fn ruling_on_time(&self, file: &[u8]) -> (Ruling, bool) {
        pyhanko::judge_with_time(self, &self.put("judged.pdf", file))
    }

    /// Whether OpenSSL believes that a token stamps this digest.
    ///
    /// # Panics
    /// When OpenSSL cannot be asked at all.
    pub fn ruling_on_token(&self, token: &[u8], digest: &[u8]) -> Result<(), String> {
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let token = self.put("token.der", token);
        let mut command = Command::new("openssl");
        command.args(["ts", "-verify", "-token_in", "-digest", &digest, "-in"]).arg(token).arg("-CAfile").arg(self.authority());
        openssl::agreed(&mut command)
    }

    /// Whether OpenSSL, which asked with `query`, believes the answer.
    ///
    /// # Panics
    /// As [`Bench::ruling_on_token`].
    pub fn ruling_on_answer(&self, query: &[u8], answer: &[u8]) -> Result<(), String> {
        let (query, answer) = (self.put("query.tsq", query), self.put("answer.tsr", answer));
        let mut command = Command::new("openssl");
        command.args(["ts", "-verify", "-queryfile"]).arg(query).arg("-in").arg(answer).arg("-CAfile").arg(self.authority());
        openssl::agreed(&mut command)
    }

    /// qpdf's ruling on the structure of the file; it knows nothing of signatures.
    ///
    /// # Panics
    /// When qpdf cannot be asked at all.
    pub fn structure(&self, file: &[u8]) -> Ruling {
        qpdf::judge(&self.put("checked.pdf", file))
    }

    /// The file as qpdf writes it with every stream and every container of objects unfolded.
    ///
    /// # Panics
    /// When qpdf refuses the file.
    pub fn unfolded(&self, file: &[u8]) -> Vec<u8> {
        qpdf::unfolded(&self.put("folded.pdf", file))
    }

    /// What poppler shows of every page, cropped.
    ///
    /// # Panics
    /// When poppler refuses the file.
    pub fn look(&self, file: &[u8]) -> Vec<u8> {
        let path = self.put("shown.pdf", file);
        let output = run(Command::new("pdftoppm").args(["-cropbox", "-r", "50"]).arg(path));
        assert!(output.status.success() && !output.stdout.is_empty(), "pdftoppm: {}", text(&output.stderr));
        output.stdout
    }

    /// The text that poppler finds on the pages.
    ///
    /// # Panics
    /// When poppler refuses the file.
    pub fn text(&self, file: &[u8]) -> String {
        let path = self.put("read.pdf", file);
        let output = run(Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(path).arg("-"));
        assert!(output.status.success(), "pdftotext: {}", text(&output.stderr));
        text(&output.stdout)
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("the temporary folder is writable");
        path
    }
}

fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der).into_bytes();
    let lines: String = base64.chunks(PEM_LINE).map(|line| text(line) + "\n").collect();
    format!("-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n")
}

fn run(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|problem| panic!("{:?} cannot be run: {problem}", command.get_program()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Characters in a line of PEM. RFC 7468, section 2.
const PEM_LINE: usize = 64;
