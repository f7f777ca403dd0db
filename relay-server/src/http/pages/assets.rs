use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A file for the browser. Its name holds a hash of its content, so an answer may be kept for ever.
pub(crate) struct Asset {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: &'static [u8],
    /// With its quotes, ready for the header.
    pub(crate) etag: String,
    plain_name: &'static str,
    hashed_path: String,
}

/// The asset at `/assets/{file_name}`.
pub(crate) fn asset(file_name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.file_name() == file_name)
}

/// Path of an asset by its plain name.
///
/// # Panics
///
/// If there is none of that name; names are written in our templates only.
pub(super) fn asset_url(plain_name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| asset.plain_name == plain_name);
    &found.expect("the name stands in the list of sources").hashed_path
}

impl Asset {
    /// Called once for each source: the text stays for as long as the program runs.
    fn new(plain_name: &'static str, content_type: &'static str, text: String) -> Self {
        let hash: String = Sha256::digest(&text).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (stem, ending) = plain_name.rsplit_once('.').unwrap_or((plain_name, ""));
        Self {
            content_type,
            bytes: text.leak().as_bytes(),
            etag: format!("\"{hash}\""),
            plain_name,
            hashed_path: format!("{FOLDER}{stem}.{hash}.{ending}"),
        }
    }

    fn file_name(&self) -> &str {
        self.hashed_path.strip_prefix(FOLDER).unwrap_or_default()
    }
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets: Vec<Asset> = Vec::new();
    for (plain_name, content_type, text) in SOURCES {
        let linked = with_hashed_imports(text, &assets);
        assets.push(Asset::new(plain_name, content_type, linked));
    }
    assets
});

/// `from "./name.js"` names the hashed file; a source stands after those that it imports.
fn with_hashed_imports(source: &str, earlier: &[Asset]) -> String {
    earlier.iter().fold(source.to_owned(), |text, import| {
        text.replace(&format!("\"./{}\"", import.plain_name), &format!("\"./{}\"", import.file_name()))
    })
}

const FOLDER: &str = "/assets/";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

macro_rules! source {
    ($name:literal) => {
        include_str!(concat!("../../../assets/", $name))
    };
}

/// One file for the browser, in the order in which later rules win.
const STYLES: &str = concat!(
    source!("tokens.css"),
    source!("frame.css"),
    source!("start.css"),
    source!("signing.css"),
    source!("handoff.css"),
    source!("widths.css"),
);

const SOURCES: [(&str, &str, &str); 11] = [
    ("sign.svg", PICTURE, source!("sign.svg")),
    ("page.css", STYLE, STYLES),
    ("announce.js", SCRIPT, source!("announce.js")),
    ("countdown.js", SCRIPT, source!("countdown.js")),
    ("copy.js", SCRIPT, source!("copy.js")),
    ("drop.js", SCRIPT, source!("drop.js")),
    ("return.js", SCRIPT, source!("return.js")),
    ("qr.js", SCRIPT, source!("qr.js")),
    ("moving.js", SCRIPT, source!("moving.js")),
    ("launch.js", SCRIPT, source!("launch.js")),
    ("handoff.js", SCRIPT, source!("handoff.js")),
];
