use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

pub(super) const PAGE: &str = include_str!("../../assets/phone.html");

pub(super) async fn asset(Path(name): Path<String>) -> impl IntoResponse {
    match ASSETS.iter().find(|(known, _, _)| *known == name) {
        Some((_, kind, text)) => Ok(([(header::CONTENT_TYPE, *kind)], *text)),
        None => Err(StatusCode::NOT_FOUND),
    }
}

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const ASSETS: [(&str, &str, &str); 14] = [
    ("tokens.css", CSS, include_str!("../../../../relay-server/assets/tokens.css")),
    ("phone.css", CSS, include_str!("../../assets/phone.css")),
    ("table.css", CSS, include_str!("../../assets/table.css")),
    ("phone.js", JAVASCRIPT, include_str!("../../assets/phone.js")),
    ("elements.js", JAVASCRIPT, include_str!("../../assets/elements.js")),
    ("scanner.js", JAVASCRIPT, include_str!("../../assets/scanner.js")),
    ("screens.js", JAVASCRIPT, include_str!("../../assets/screens.js")),
    ("matching.js", JAVASCRIPT, include_str!("../../assets/matching.js")),
    ("reading.js", JAVASCRIPT, include_str!("../../assets/reading.js")),
    ("failures.js", JAVASCRIPT, include_str!("../../assets/failures.js")),
    ("table.js", JAVASCRIPT, include_str!("../../assets/table.js")),
    ("words-ja.js", JAVASCRIPT, include_str!("../../assets/words-ja.js")),
    ("words-en.js", JAVASCRIPT, include_str!("../../assets/words-en.js")),
    ("sign.svg", SVG, include_str!("../../../../relay-server/assets/sign.svg")),
];
