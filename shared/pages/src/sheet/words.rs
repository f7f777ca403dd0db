//! The page's words. Paper has no switch for the language: it always says everything in both.

pub(super) const HEADING: [&str; 2] = ["電子署名を取り除いた写しです", "A copy without its electronic signatures"];
pub(super) const LEAD: [&str; 2] = [
    "この写しからは電子署名が取り除かれています。取り除く前の電子署名を、下のサービスが確かめた結果は次のとおりです。このページの文字だけでは何の証明にもなりません。",
    "The electronic signatures were taken out of this copy. Before that, the service named below checked them, with the result below. The words on this page alone prove nothing.",
];
pub(super) const RESULT: &str = "結果 / Result";
pub(super) const TIME: &str = "確かめた日時 / Checked";
pub(super) const SERVICE: &str = "確かめたサービス / Checked by";
pub(super) const ORIGINAL: &str = "元の書類 / Original (SHA-256)";
/// Of one signature or more.
pub(super) const OPEN: &str = "通っていない項目 / Not passed";
pub(super) const NO_LABEL: &str = "呼び名なし / without a label";
pub(super) const NOT_SHOWN: &str = "（表示できない文字があります / cannot be shown）";
pub(super) const ABOUT_CODE: [&str; 4] = [
    "QRコードには、上の内容にサービスが署名したもの（受領証）が入っています。読み取った文字を保存し、kazasu verify --receipt-text ファイル --trust 証明書 で確かめられます。",
    "The code holds the statement above, signed by the service. Save what a scanner reads, and check it: kazasu verify --receipt-text FILE --trust CA.pem",
    "元の書類についてのサービスの言葉だけが確かめられます。この写しのほかのページや、手元の紙については何も言いません。PDFなら、写しの全体を kazasu verify で確かめられます。",
    "That proves what the service said of the original, and nothing about the other pages of this copy or the paper in your hand. As a PDF, the whole copy is checked by kazasu verify.",
];
pub(super) const WITHOUT_CODE: [&str; 2] = [
    "受領証が長くて入りきらないため、QRコードはありません。紙では確かめられません。PDFなら、写しの全体を kazasu verify で確かめられます。",
    "There is no code to scan, since the receipt is too long for one: on paper nothing can be checked. As a PDF, the whole copy is checked by kazasu verify.",
];

/// A code that has no words here is shown as it is.
pub(super) fn state(code: &'static str) -> &'static str {
    match code {
        "valid" => "有効 / Valid",
        "valid_in_part" => "一部未確認 / Valid in part",
        "invalid" => "無効 / Invalid",
        unknown => unknown,
    }
}

pub(super) fn bytes(bytes: u64) -> String {
    format!("{bytes} バイト / bytes")
}

pub(super) fn signer(number: usize) -> String {
    format!("署名者{number} / Signer {number}")
}

pub(super) fn more_signers(more: usize) -> String {
    format!("ほかに{more}件の署名 / and {more} more signatures")
}

pub(super) fn checks(codes: &[&str]) -> String {
    let (japanese, english): (Vec<_>, Vec<_>) = codes.iter().map(|code| check(code)).unzip();
    format!("{} / {}", japanese.join("、"), english.join(", "))
}

/// A code that has no words here is shown as it is.
fn check(code: &str) -> (&str, &str) {
    CHECKS.iter().find(|(known, ..)| *known == code).map_or((code, code), |(_, japanese, english)| (*japanese, *english))
}

/// Codes of checks as verdicts have them (docs/verdict.md), in the words of `kazasu verify`.
const CHECKS: [(&str, &str, &str); 14] = [
    ("file", "ファイルの作り", "Structure of the file"),
    ("byte_range", "署名の範囲", "Range of the signature"),
    ("cms", "署名の形式", "Form of the signature"),
    ("algorithms", "暗号の強さ", "Strength of the algorithms"),
    ("message_digest", "書類の内容", "Content of the document"),
    ("attributes", "署名した属性", "Signed attributes"),
    ("signing_certificate", "署名に使った証明書", "Certificate that signed"),
    ("signature_value", "署名の値", "Value of the signature"),
    ("key_usage", "証明書の用途", "Purpose of the certificate"),
    ("validity", "証明書の有効期間", "Validity of the certificate"),
    ("path", "証明書の発行者", "Issuer of the certificate"),
    ("changes", "署名後の変更", "Changes after the signature"),
    ("time", "署名の時刻", "Time of the signature"),
    ("revocation", "失効", "Revocation"),
];
