//! What a page shows to one reader, or at one time, and not to another.

use pages::{Fonts, Limits, inspect};

#[test]
fn what_another_reader_printer_or_click_would_show_is_named() {
    let image = |more: &str| {
        format!(
            "<< /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 {more} >>\nstream\nA\nendstream"
        )
    };
    let form = |more: &str| format!("<< /Subtype /Form /BBox [0 0 9 9] /Length 1 {more} >>\nstream\nq\nendstream");
    let layer = |usage: &str| format!("<< /Type /OCG /Name (a) {usage} >>");
    let layers = "/OCProperties << /OCGs [7 0 R] /D << /Order [7 0 R] >> >>";
    let bookmark = |action: &str| format!("<< /First << /Title (a) /Next << /Title (b) /A << {action} >> >> >> >>");
    let field = |more: &str| format!("<< /FT /Tx /T (a) /Kids [<< /T (b) {more} >>] >>");
    for (what, catalog, object, codes) in [
        ("an image", "", image(""), vec![]),
        (
            "another image for printers",
            "",
            image("/Alternates [<< /Image 7 0 R /DefaultForPrinting true >>]"),
            vec!["printed-only"],
        ),
        ("an image that is replaced", "", image("/OPI << >>"), vec!["external-content"]),
        ("a form", "", form(""), vec![]),
        ("a form that is replaced", "", form("/OPI << >>"), vec!["external-content"]),
        ("a form without a frame", "", form("").replace("[0 0 9 9]", "(0 0 9 9)"), vec!["broken-content"]),
        ("a form that takes back more than it saved", "", form("").replace("\nq\n", "\nQ\n"), vec!["broken-content"]),
        ("a layer", layers, layer("/Usage << /Print << /PrintState /ON >> >>"), vec![]),
        ("a layer for a magnification", layers, layer("/Usage << /Zoom << /min 2 >> >>"), vec!["hidden-layer"]),
        ("a layer for a reader", layers, layer("/Usage << /User << /Type /Ind /Name (x) >> >>"), vec!["hidden-layer"]),
        ("a layer for a language", layers, layer("/Usage << /Language << /Lang (ja) >> >>"), vec!["hidden-layer"]),
        ("a bookmark", "/Outlines 7 0 R", bookmark("/S /URI /URI (x)"), vec![]),
        ("a bookmark with a script", "/Outlines 7 0 R", bookmark("/S /JavaScript /JS (x)"), vec!["script"]),
        ("a field", "/AcroForm << /Fields [7 0 R] >>", field(""), vec![]),
        (
            "a field that is computed",
            "/AcroForm << /Fields [7 0 R] >>",
            field("/AA << /C << /S /JavaScript /JS (x) >> >>"),
            vec!["script"],
        ),
    ] {
        let is_drawn = object.contains("stream");
        let found = inspect(document(catalog, &object, is_drawn), &Limits::default(), &Fonts::built_in()).expect("a document");
        let named: Vec<_> = found.undrawable.iter().map(|entry| entry.construct.code()).collect();
        assert_eq!(named, codes, "{what}");
    }
}

/// One page; object 7 is drawn on it, or stands elsewhere.
fn document(catalog: &str, object: &str, is_drawn: bool) -> Vec<u8> {
    let (content, resources) = if is_drawn { ("/X Do", "/XObject << /X 7 0 R >>") } else { ("q Q q", "") };
    let bodies = [
        (1, format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>")),
        (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into()),
        (3, format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << {resources} >> >>")),
        (4, format!("<< /Length 5 >>\nstream\n{content}\nendstream")),
        (7, object.to_owned()),
    ];
    let (mut file, mut table) = (String::from("%PDF-1.7\n"), String::new());
    for (number, body) in bodies {
        table += &format!("{number} 1\n{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{body}\nendobj\n");
    }
    let start = file.len();
    file += &format!("xref\n0 1\n0000000000 65535 f \n{table}trailer\n<< /Size 8 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}
