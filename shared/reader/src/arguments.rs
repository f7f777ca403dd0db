mod signing;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, Parser, Subcommand};
use inquiry::StatusServiceAddress;

use crate::failure::Exit;
use crate::language::Language;

pub(crate) use self::signing::{SignArguments, StampArguments};

/// マイナンバーカードでPDFに署名します / Signs PDFs with a My Number card
#[derive(Parser)]
#[command(name = "kazasu", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// 表示する言語 / Language of the messages
    #[arg(long, global = true)]
    lang: Option<Language>,
    /// 結果をJSONで出力 / Print the result as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// カードの状態を表示（パスワード不要） / Show what the card tells without a password
    Card(ReaderArguments),
    /// PDFに署名 / Sign a PDF
    Sign(SignArguments),
    /// パソコンの画面の「リンクをコピー」の署名に、カードリーダーで応じる / Answer a page's copied link with a card reader
    Join(JoinArguments),
    /// 署名したPDFにタイムスタンプを付ける / Add a time stamp to a PDF
    Timestamp(TimestampCommandArguments),
    /// PDFの署名を検証 / Verify the signatures of a PDF
    Verify(VerifyArguments),
    /// 署名を取り除いた写しを作る / Make a copy without the signatures
    Strip(StripArguments),
}

#[derive(Args)]
pub(crate) struct ReaderArguments {
    /// 使うカードリーダーの名前（一部でも可） / Card reader to use, or part of its name
    #[arg(long, value_name = "NAME")]
    pub(crate) reader: Option<String>,
    /// カードを待つ秒数 / Seconds to wait for a card
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u32,
}

#[derive(Args)]
pub(crate) struct PasswordArguments {
    /// パスワードを標準入力の1行目から読む / Read the password from the first line of standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// 残り1回の試行を使うことに同意 / Agree to spend the last try
    #[arg(long)]
    pub(crate) use_last_try: bool,
}

#[derive(Args)]
pub(crate) struct TimestampCommandArguments {
    /// タイムスタンプを付けるPDF / PDF to stamp
    pub(crate) input: PathBuf,
    /// タイムスタンプを付けたPDFの保存先 / Where to write the stamped PDF
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// 保存先が既にあれば置き換える（もとのPDFと同じでもよい） / Replace the output if it exists; it may be the input
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// 署名の中ではなく、必ず文書全体に付ける / Always over the whole document, never inside a signature
    #[arg(long)]
    pub(crate) document: bool,
    #[command(flatten)]
    pub(crate) timestamp: TimestampArguments,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
}

#[derive(Args)]
pub(crate) struct TimestampArguments {
    /// 時刻認証局のアドレス。繰り返すとその順に頼む。空白の後にポリシーを書ける / Time-stamping authority; several are asked in their order; a policy may follow behind a space
    #[arg(long, value_name = "URL")]
    pub(crate) timestamp: Vec<String>,
    /// 局ごとの認証情報のファイル。各行は「URL basic 利用者:パスワード」か「URL header 名前: 値」 / Credentials: lines of URL basic USER:PASSWORD or URL header NAME: VALUE
    #[arg(long, value_name = "FILE", env = "KAZASU_TIMESTAMP_CREDENTIALS")]
    pub(crate) timestamp_credentials: Option<PathBuf>,
    /// 1つの局を待つ秒数（全体ではその3倍まで） / Seconds to wait for one authority, at most three times as long for all
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) timestamp_wait: u16,
}

#[derive(Args)]
pub(crate) struct JoinArguments {
    /// パソコンの画面の「リンクをコピー」のリンク。省くと、貼り付ける場所が出ます / Link from the page's "Copy link"; left out, it is asked for
    pub(crate) link: Option<String>,
    /// すべての質問に「はい」と答える。複数の書類は、開かずに署名したと記録される / Answer every question with yes; several documents are recorded as signed unopened
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) password: PasswordArguments,
    #[command(flatten)]
    pub(crate) reader: ReaderArguments,
}

#[derive(Args)]
pub(crate) struct VerifyArguments {
    /// 検証するPDF / PDF to verify
    pub(crate) file: PathBuf,
    /// FILEは、受領証のページのQRコードから読み取った文字 / FILE is the text of the code on a receipt's page
    #[arg(long)]
    pub(crate) receipt_text: bool,
    /// この時点で判断（例 2026-11-22、2026-11-22T01:02:03Z） / Judge as of this time, in Japan if it names no zone
    #[arg(long, value_name = "TIME", value_parser = crate::moment::parse)]
    pub(crate) at: Option<SystemTime>,
    /// 署名した人の氏名・住所・生年月日・性別も表示 / Show the signer's name, address, birth date and sex
    #[arg(long)]
    pub(crate) show_person: bool,
    /// 登記などに提出できる形かも確かめる / Also whether registry offices take its form
    #[arg(long)]
    pub(crate) registry: bool,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
    #[command(flatten)]
    pub(crate) revocation: RevocationArguments,
}

#[derive(Args)]
pub(crate) struct RevocationArguments {
    /// 失効リスト（PEMまたはDER。マイナンバーカードの証明書には使えません） / Revocation list, for other authorities than JPKI
    #[arg(long, value_name = "FILE")]
    pub(crate) crl: Vec<PathBuf>,
    /// OCSPの回答（DER。マイナンバーカードの証明書には使えません） / OCSP response, for other authorities than JPKI
    #[arg(long, value_name = "FILE")]
    pub(crate) ocsp: Vec<PathBuf>,
    /// 証明書に書かれたOCSPサーバーに問い合わせる（マイナンバーカードの証明書を除く） / Ask the OCSP responders that certificates name, but for JPKI
    #[arg(long)]
    pub(crate) ask_responders: bool,
    /// 認定を受けた検証者への接続先（docs/status-service.md） / Address of a registered verifier
    #[arg(long, value_name = "URL", value_parser = StatusServiceAddress::parse)]
    pub(crate) status_service: Option<StatusServiceAddress>,
}

#[derive(Args)]
pub(crate) struct StripArguments {
    /// 署名を取り除くPDF / PDF to strip
    pub(crate) input: PathBuf,
    /// 写しの保存先 / Where to write the copy
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// 保存先が既にあれば置き換える / Replace the output if it exists
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// 受領証に書く署名者の呼び名（署名の順に繰り返す） / What the receipt calls each signer, in their order
    #[arg(long, value_name = "TEXT", requires = "receipt_key")]
    pub(crate) label: Vec<String>,
    /// 受領証に署名する鍵（PKCS#8のPEM） / Key that signs a receipt, in PKCS#8 PEM
    #[arg(long, value_name = "KEY.pem", requires = "receipt_certificate")]
    pub(crate) receipt_key: Option<PathBuf>,
    /// その鍵の証明書と、あればその上の証明書 / Certificate of that key, and those above it
    #[arg(long, value_name = "CERT.pem", requires = "receipt_key")]
    pub(crate) receipt_certificate: Option<PathBuf>,
    /// 受領証の内容とQRコードのページを最後に付ける / Add a last page with what the receipt says, and a code
    #[arg(long, requires = "receipt_key")]
    pub(crate) receipt_page: bool,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
}

#[derive(Args)]
pub(crate) struct TrustArguments {
    /// 公的個人認証のほかに信頼する認証局の証明書 / Authority to trust beside JPKI's own
    #[arg(long, value_name = "CA.pem")]
    pub(crate) trust: Vec<PathBuf>,
    /// 時刻についてだけ信頼する認証局の証明書 / Authority to trust about time stamps only
    #[arg(long, value_name = "CA.pem")]
    pub(crate) timestamp_trust: Vec<PathBuf>,
}

impl Arguments {
    /// Bad usage ends with 64 instead of clap's own 2, which here means "valid in part".
    pub(crate) fn parse() -> Result<Self, ExitCode> {
        Self::parse_from_words(std::env::args_os())
    }

    fn parse_from_words(words: impl IntoIterator<Item = OsString>) -> Result<Self, ExitCode> {
        Self::try_parse_from(words).and_then(Self::with_room_for_each).map_err(|shown| {
            let shown = without_secrets(shown);
            // Help goes to the terminal or nowhere: there is no better place to report a closed one.
            let _ = shown.print();
            if shown.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS }
        })
    }

    fn with_room_for_each(self) -> Result<Self, clap::Error> {
        match &self.command {
            Command::Sign(SignArguments { input, output: Some(_), .. }) if input.len() > 1 => {
                let problem = "1つの保存先に複数のPDFは入りません。--output-dir を使ってください / --output names one file; use --output-dir for several PDFs";
                Err(Self::command().error(ErrorKind::ArgumentConflict, problem))
            }
            _ => Ok(self),
        }
    }

    pub(crate) fn language(&self) -> Language {
        self.lang.unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok()))
    }
}

/// An address may have a password in it, and is not repeated.
fn without_secrets(mut shown: clap::Error) -> clap::Error {
    let is_address = |named: &ContextValue| matches!(named, ContextValue::String(name) if name.starts_with("--status-service"));
    if shown.get(ContextKind::InvalidArg).is_some_and(is_address) {
        shown.insert(ContextKind::InvalidValue, ContextValue::String("…".to_owned()));
    }
    shown
}

impl ReaderArguments {
    pub(crate) fn wait(&self) -> Duration {
        Duration::from_secs(self.wait.into())
    }
}

impl TrustArguments {
    /// Of signers: without one, not to know a signer's says nothing.
    pub(crate) fn names_a_root(&self) -> bool {
        !self.trust.is_empty()
    }
}

const EXIT_CODES: &str = "\
終了コード / Exit codes:
   0  署名は有効、または署名・タイムスタンプができた / valid, or signed, or stamped
   1  署名は無効 / a signature is invalid
   2  一部を確認できない、または署名できたがタイムスタンプがない / valid in part, or signed without the time stamp
   3  読めない、または署名がない / unreadable, or no signature
  64  使い方の誤り / usage
  65  このPDFには署名できない / this PDF cannot be signed
  66  入力ファイルを開けない / an input file cannot be opened
  69  カードリーダー・サービス・時刻認証局を使えない / no reader, or a service is out of reach
  70  予期しない応答 / an answer that has no meaning
  73  出力ファイルを作れない / the output cannot be made
  75  もう一度試せる / try again: card away, reader busy, time ran out
  77  カードまたは人が拒んだ / refused by the card or by the person
 130  中断 / interrupted";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_never_an_argument() {
        let with_value = ["kazasu", "sign", "in.pdf", "-o", "out.pdf", "--password-stdin=ABC123"];
        assert!(Arguments::try_parse_from(with_value).is_err());
        let with_option = ["kazasu", "sign", "in.pdf", "-o", "out.pdf", "--password", "ABC123"];
        assert!(Arguments::try_parse_from(with_option).is_err());
    }

    #[test]
    fn a_link_is_copied_and_no_picture_is_taken() {
        assert!(Arguments::try_parse_from(["kazasu", "join"]).is_ok());
        assert!(Arguments::try_parse_from(["kazasu", "join", "link"]).is_ok());
        assert!(Arguments::try_parse_from(["kazasu", "join", "--screenshot", "a.png"]).is_err());
    }
}
