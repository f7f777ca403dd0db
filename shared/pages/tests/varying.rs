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
        assert_eq!(named(catalog, &object), codes, "{what}");
    }
}

#[test]
fn what_happens_at_opening_stays_in_the_document() {
    let first_page = "/S /GoTo /D [3 0 R /Fit]";
    for (action, codes) in [
        (first_page.to_owned(), vec![]),
        ("/S /Named /N /Print".to_owned(), vec![]),
        ("/S /GoToR /F (other.pdf) /D [0 /Fit]".to_owned(), vec!["unknown-action"]),
        (format!("{first_page} /Next << /S /URI /URI (x) >>"), vec!["unknown-action"]),
        (format!("{first_page} /Next [<< /S /Thread /D 0 >>]"), vec!["unknown-action"]),
    ] {
        assert_eq!(named(&format!("/OpenAction << {action} >>"), "null"), codes, "{action}");
    }
}

fn named(catalog: &str, object: &str) -> Vec<&'static str> {
    let document = document(catalog, object, object.contains("stream"));
    let found = inspect(document, &Limits::default(), &Fonts::built_in()).expect("a document");
    found.undrawable.iter().map(|entry| entry.construct.code()).collect()
}

#[test]
fn a_field_that_nobody_sees_needs_no_appearance() {
    let field = |more: &str| {
        let kind = if more.contains("/FT") { "" } else { "/FT /Tx" };
        format!("<< /Type /Annot /Subtype /Widget {kind} /T (a) /Rect [0 0 5 5] {more} >>")
    };
    let drawn = "/AP << /N 4 0 R >>";
    let (without, anew) = ("annotation-without-appearance", "form-needs-appearances");
    for (asks, more, codes) in [
        (false, "", vec![]),
        (false, "/V () /MK << /R 0 /BC [] >>", vec![]),
        (false, "/FT /Sig /MK << /BC [0] >>", vec![]),
        (false, "/FT /Sig /MK << /BG [1 0 0] >>", vec![without]),
        (false, "/V (x)", vec![without]),
        (false, "/MK << /BC [0] >>", vec![without]),
        (false, "/MK << /CA (x) >>", vec![without]),
        (false, "/MK (x)", vec![without]),
        (false, drawn, vec![]),
        (true, drawn, vec![anew]),
        (true, "/AP << /N 4 0 R >> /F 2", vec![]),
        (true, "/AP << /N 4 0 R >> /Rect [0 0 0 0]", vec![]),
    ] {
        let form = if asks { "/AcroForm << /Fields [7 0 R] /NeedAppearances true >>" } else { "/AcroForm << /Fields [7 0 R] >>" };
        let object = if more.contains("/Rect") { field(more).replace("/Rect [0 0 5 5]", "") } else { field(more) };
        assert_eq!(listed("[7 0 R]", form, &object), codes, "{asks} {more}");
    }
    assert_eq!(listed("[]", "/AcroForm << /Fields [] /NeedAppearances true >>", "null"), Vec::<&str>::new());
}

#[test]
fn an_image_says_once_and_in_full_what_its_samples_are() {
    let image = |entries: &str| format!("<< /Subtype /Image /Width 1 /Height 1 {entries} /Length 1 >>\nstream\nA\nendstream");
    for (entries, is_plain) in [
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray", true),
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray /Decode [1 0]", true),
        ("/BitsPerComponent 8 /ColorSpace [/Indexed /DeviceGray 1 (ab)]", true),
        ("/ImageMask true /Decode [1 0]", true),
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray /W 1", false),
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray /D [1 0]", false),
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray /IM true", false),
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray /Decode [1 0 0]", false),
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray /Mask [0]", false),
        ("/BitsPerComponent 8 /ColorSpace [/Indexed /DeviceGray 2 (ab)]", false),
        ("/BitsPerComponent 8 /ColorSpace [/Indexed /DeviceGray 300 (ab)]", false),
        ("/BitsPerComponent 8 /ColorSpace /G", false),
        ("/BitsPerComponent 8", false),
        ("/BitsPerComponent 3 /ColorSpace /DeviceGray", false),
        ("/ColorSpace /DeviceGray", false),
        ("/ImageMask true /ColorSpace /DeviceGray", true),
        ("/ImageMask true /ColorSpace /DeviceRGB", false),
        ("/ImageMask true /Decode [0.5 0]", false),
    ] {
        let codes = if is_plain { vec![] } else { vec!["image"] };
        assert_eq!(named("", &image(entries)), codes, "{entries}");
    }
    assert_eq!(named("", &image("/BitsPerComponent 8 /ColorSpace /DeviceGray").replace("/Width 1", "/Width 1.2")), ["image"]);
}

/// Poppler hides what depends on a group that is not listed, and PDFium goes by what such a group says itself.
#[test]
fn what_depends_on_layers_depends_on_those_that_are_listed() {
    let all = "/OCProperties << /OCGs [8 0 R] /D << >> >>";
    let (none, hidden) = (Vec::<&str>::new(), vec!["hidden-layer"]);
    for (catalog, layer, codes) in [
        (all, "8 0 R", &none),
        (all, "<< /Type /OCMD /OCGs [8 0 R] /P /AllOn >>", &none),
        (all, "<< /Type /OCMD /OCGs 8 0 R >>", &none),
        (all, "<< /Type /OCMD >>", &none),
        (all, "9 0 R", &hidden),
        (all, "<< /Type /OCMD /OCGs [8 0 R << /Type /OCG >>] >>", &hidden),
        (all, "<< /Type /OCMD /OCGs [] >>", &hidden),
        (all, "<< /Type /OCMD /OCGs [null 8 0 R] >>", &hidden),
        ("/OCProperties << /OCGs [8 0 R] /D << /Intent /Design >> >>", "8 0 R", &hidden),
        ("", "<< /Type /OCMD /OCGs [8 0 R] >>", &none),
        ("", "9 0 R", &hidden),
    ] {
        let form = format!("<< /Subtype /Form /BBox [0 0 9 9] /OC {layer} /Length 1 >>\nstream\nq\nendstream");
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /X 7 0 R >> >> >>";
        let content = "<< /Length 5 >>\nstream\n/X Do\nendstream";
        let turned_off = "<< /Type /OCG /Name (b) /Usage << /View << /ViewState /OFF >> >> >>";
        let objects = [(3, page), (4, content), (7, &form), (8, "<< /Type /OCG /Name (a) >>"), (9, turned_off)];
        let file = file(catalog, objects.map(|(number, body)| (number, body.to_owned())));
        let found = inspect(file, &Limits::default(), &Fonts::built_in()).expect("a document");
        assert_eq!(found.undrawable.iter().map(|entry| entry.construct.code()).collect::<Vec<_>>(), *codes, "{catalog} {layer}");
    }
}

#[test]
fn the_size_and_turn_of_a_page_are_written_as_every_reader_takes_them() {
    for (entries, is_plain) in [
        ("/MediaBox [0 0 9 9] /Rotate 90 /UserUnit 2", true),
        ("/MediaBox [0 0 9 9] /Rotate 90.0", false),
        ("/MediaBox [0 0 9 9 9]", false),
        ("/MediaBox [0 0 9 9] /CropBox [1 1 8 8 9]", false),
        ("/MediaBox [0 0 9 9] /UserUnit 0", false),
        ("/MediaBox [0 0 9 9] /UserUnit -1", false),
    ] {
        let page = format!("<< /Type /Page /Parent 2 0 R {entries} >>");
        let file = file("", [(3, page), (4, "null".into()), (7, "null".into())]);
        let found = inspect(file, &Limits::default(), &Fonts::built_in()).expect("a document");
        let codes: Vec<_> = found.undrawable.iter().map(|entry| entry.construct.code()).collect();
        assert_eq!(codes, if is_plain { vec![] } else { vec!["broken-page-tree"] }, "{entries}");
    }
}

/// Firefox draws the value of a field, Poppler and pdf.js a highlight from its corners, MuPDF nothing of links, PDFium boxes by
/// their states.
#[test]
fn an_annotation_looks_and_says_the_same_to_every_reader() {
    let look = |frame: &str, text: &str| {
        let content = format!("BT /F 9 Tf ({text}) Tj ET");
        let fonts = "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>";
        format!("<< /Subtype /Form /BBox {frame} {fonts} /Length {} >>\nstream\n{content}\nendstream", content.len())
    };
    let codes_of = |annotation: &str, frame: &str, text: &str| {
        let place = if annotation.contains("/Rect") { "" } else { "/Rect [0 0 5 5]" };
        let flags = if annotation.contains("/F 5") { "" } else { "/F 4" };
        let note = format!("<< /Type /Annot {flags} /AP << /N 4 0 R >> {place} {annotation} >>");
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Annots [7 0 R] >>";
        let file = file("", [(3, page.to_owned()), (4, look(frame, text)), (7, note)]);
        let found = inspect(file, &Limits::default(), &Fonts::built_in()).expect("a document");
        found.undrawable.iter().map(|entry| entry.construct.code()).collect::<Vec<_>>()
    };
    let frame = "[0 0 5 5]";
    for (annotation, frame, text, is_same) in [
        ("/Subtype /Widget /FT /Tx /V (1,000 yen)", frame, "1,000 yen", true),
        ("/Subtype /Widget /FT /Tx /V <FEFF0039>", frame, "9", true),
        ("/Subtype /Widget /FT /Tx /V (9) /Ff 8192", frame, "*", true),
        ("/Subtype /Widget /FT /Tx /V (one two) /Ff 4096", frame, "one", true),
        ("/Subtype /Widget /FT /Ch /V (9) /Ff 131072 /Opt [[(1) (one)] [(9) (nine)]]", frame, "nine", true),
        ("/Subtype /Stamp", frame, "1", true),
        ("/Subtype /Highlight /QuadPoints [0 5 5 5 0 0 5 0] /C [1 1 0]", frame, "1", true),
        ("/Subtype /Widget /FT /Tx /V (9,000 yen)", frame, "1,000 yen", false),
        ("/Subtype /Widget /FT /Tx /V (9)", frame, "", false),
        ("/Subtype /Widget /FT /Ch /V (9) /Ff 131072 /Opt [[(1) (one)] [(9) (nine)]]", frame, "one", false),
        ("/Subtype /Widget /FT /Btn /AS /Off", frame, "1", false),
        ("/Subtype /Stamp", "[0 0 0 5]", "", false),
        ("/Subtype /Stamp /Rect [0 0 5]", frame, "1", false),
        ("/Subtype /Stamp /Rect [0 0 5 5 5]", frame, "1", false),
        ("/Subtype /Stamp /F 5", frame, "1", false),
        ("/Subtype /Link", frame, "1", false),
        ("/Subtype /Highlight /QuadPoints [0 95 5 95 0 90 5 90] /C [1 1 0]", frame, "1", false),
        ("/Subtype /Highlight /QuadPoints [0 5 5 5 0 0 5 0] /C [0 0 0]", frame, "1", false),
    ] {
        let codes = if is_same { vec![] } else { vec!["unknown-annotation"] };
        assert_eq!(codes_of(annotation, frame, text), codes, "{annotation} {text}");
    }
    assert_eq!(codes_of("/Subtype /Stamp", "[0 0 5 5 5]", "1"), ["broken-content"]);
    // Its letters have no width either.
    assert_eq!(codes_of("/Subtype /Stamp", "[0 0 0 5]", "1"), ["broken-content", "unknown-annotation"]);
}

#[test]
fn the_names_of_a_fonts_characters_are_placed_by_whole_numbers() {
    for (differences, is_plain) in [("[49 /nine]", true), ("[49.0 /nine]", false), ("[/nine]", false), ("[305 /nine]", false)] {
        let font = format!("/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences {differences} >>");
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F << {font} >> >> >> >>"
        );
        let content = "<< /Length 24 >>\nstream\nBT /F 9 Tf (100) Tj ET   \nendstream";
        let file = file("", [(3, page), (4, content.to_owned())]);
        let found = inspect(file, &Limits::default(), &Fonts::built_in()).expect("a document");
        let codes: Vec<_> = found.undrawable.iter().map(|entry| entry.construct.code()).collect();
        assert_eq!(codes, if is_plain { vec![] } else { vec!["font"] }, "{differences}");
    }
}

/// What is named of a page with these annotations.
fn listed(annotations: &str, catalog: &str, object: &str) -> Vec<&'static str> {
    let page = format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Annots {annotations} >>");
    let form = "<< /Subtype /Form /BBox [0 0 9 9] /Length 1 >>\nstream\nq\nendstream";
    let file = file(catalog, [(3, page), (4, form.into()), (7, object.to_owned())]);
    let found = inspect(file, &Limits::default(), &Fonts::built_in()).expect("a document");
    found.undrawable.iter().map(|entry| entry.construct.code()).collect()
}

/// One page; object 7 is drawn on it, or stands elsewhere.
fn document(catalog: &str, object: &str, is_drawn: bool) -> Vec<u8> {
    let (content, resources) = if is_drawn { ("/X Do", "/XObject << /X 7 0 R >>") } else { ("q Q q", "") };
    let page = format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << {resources} >> >>");
    let content = format!("<< /Length 5 >>\nstream\n{content}\nendstream");
    file(catalog, [(3, page), (4, content), (7, object.to_owned())])
}

/// With a catalogue, and a tree for the page that is object 3.
fn file<const COUNT: usize>(catalog: &str, objects: [(u32, String); COUNT]) -> Vec<u8> {
    let above =
        [(1, format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>")), (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into())];
    let (mut file, mut table) = (String::from("%PDF-1.7\n"), String::new());
    for (number, body) in above.into_iter().chain(objects) {
        table += &format!("{number} 1\n{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{body}\nendobj\n");
    }
    let start = file.len();
    file += &format!("xref\n0 1\n0000000000 65535 f \n{table}trailer\n<< /Size 10 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}
