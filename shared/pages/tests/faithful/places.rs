//! Pages and what lies on them.

use super::named;
use super::pdf::Pdf;

#[test]
fn a_page_that_does_not_say_how_large_it_is_is_named() {
    for size in
        ["", "/MediaBox [0 0 0 0]", "/MediaBox [0 0 200 140] /CropBox [300 300 400 400]", "/MediaBox [0 0 200 140] /Rotate 45"]
    {
        assert_eq!(named(page(size, "")), ["broken-page-tree"], "{size}");
    }
    for size in ["/MediaBox [0 0 200 140]", "/MediaBox [200 140 0 0] /CropBox [10 10 100 100] /Rotate -90"] {
        assert_eq!(named(page(size, "")), [""; 0], "{size}");
    }
}

#[test]
fn a_page_that_lies_directly_in_the_list_is_drawn() {
    let mut pdf = page("", "");
    let kid = "<< /Type /Page /Parent 2 0 R /Resources << >> /Contents 4 0 R >>";
    pdf.object(2, &format!("<< /Type /Pages /Count 2 /MediaBox [0 0 200 140] /Kids [3 0 R {kid}] >>"));
    assert_eq!(named(pdf), [""; 0]);
}

/// The renderer takes it from where it found the page, others from what the page says lies above it.
#[test]
fn a_page_that_takes_its_size_or_resources_from_elsewhere_is_named() {
    for entries in
        ["/MediaBox [0 0 300 300]", "/MediaBox [0 0 200 140] /Rotate 180", "/MediaBox [0 0 200 140] /Resources << /Font << >> >>"]
    {
        let mut pdf = page("", "");
        pdf.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 140] >>");
        assert_eq!(named(pdf), [""; 0]);
        let mut pdf = Pdf::of_pages(0, "", b"");
        pdf.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 140] >>");
        pdf.object(3, "<< /Type /Page /Parent 7 0 R /Contents 4 0 R >>");
        pdf.object(7, &format!("<< /Type /Pages /Kids [3 0 R] /Count 1 {entries} >>"));
        assert_eq!(named(pdf), ["broken-page-tree"], "{entries}");
    }
}

#[test]
fn a_note_that_other_readers_turn_back_on_a_turned_page_is_named() {
    let note = |flags: &str| format!("/Annots [<< /Type /Annot /Subtype /Text /Rect [9 9 29 29] {flags} /AP << /N 10 0 R >> >>]");
    let on = |page_entries: &str, flags: &str| {
        let mut pdf = page(&format!("/MediaBox [0 0 200 140] {page_entries}"), &note(flags));
        pdf.stream(10, "/Type /XObject /Subtype /Form /BBox [0 0 20 20]", b"0 0 20 20 re f");
        named(pdf)
    };
    assert_eq!(on("", "/F 28"), [""; 0]);
    assert_eq!(on("/Rotate 90", "/F 4"), [""; 0]);
    assert_eq!(on("/Rotate 90", "/F 28"), ["unknown-annotation"]);
    // Hidden for readers that take these for numbers with all bits set.
    assert_eq!(on("", "/F -1"), ["unknown-annotation"]);
}

#[test]
fn a_window_of_the_reader_with_a_picture_of_its_own_is_named() {
    let popup = "/Annots [<< /Type /Annot /Subtype /Popup /Rect [9 9 29 29] /AP << /N 10 0 R >> >>]";
    let mut pdf = page("/MediaBox [0 0 200 140]", popup);
    pdf.stream(10, "/Type /XObject /Subtype /Form /BBox [0 0 20 20]", b"0 0 20 20 re f");
    assert_eq!(named(pdf), ["unknown-annotation"]);
}

#[test]
fn what_looks_otherwise_under_the_pointer_is_named_unless_it_is_a_button() {
    for (kind, appearances, named_as) in [
        ("/Subtype /Stamp", "/N 10 0 R /D 10 0 R", vec![]),
        ("/Subtype /Stamp", "/N 10 0 R /D 11 0 R", vec!["unknown-annotation"]),
        ("/Subtype /Text", "/N 10 0 R /R 11 0 R", vec![]),
        ("/Subtype /Widget /FT /Tx", "/N 10 0 R /R 11 0 R", vec!["unknown-annotation"]),
        ("/Subtype /Widget /FT /Btn /Ff 65536", "/N 10 0 R /D 11 0 R", vec![]),
    ] {
        let annotation = format!("/Annots [<< /Type /Annot {kind} /Rect [9 9 29 29] /AP << {appearances} >> >>]");
        let mut pdf = page("/MediaBox [0 0 200 140]", &annotation);
        for (number, content) in [(10, b"0 0 20 20 re f"), (11, b"0 0 19 19 re f")] {
            pdf.stream(number, "/Type /XObject /Subtype /Form /BBox [0 0 20 20]", content);
        }
        assert_eq!(named(pdf), named_as, "{kind} {appearances}");
    }
}

/// As Acrobat divides them.
#[test]
fn contents_are_divided_between_operands_and_nowhere_else() {
    let divided = |parts: [&str; 2]| {
        let mut pdf = page("/MediaBox [0 0 200 140]", "");
        pdf.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 140] /Contents [4 0 R 10 0 R 11 0 R] >>");
        pdf.stream(10, "", parts[0].as_bytes());
        pdf.stream(11, "", parts[1].as_bytes());
        named(pdf)
    };
    assert_eq!(divided(["/P << /Lang ", "(en) /MCID 1 >> BDC EMC"]), [""; 0]);
    assert_eq!(divided(["/P << /A [1 ", "2] /MCID 1 >> BDC EMC 0 0 9 9 re f"]), [""; 0]);
    assert_eq!(divided(["/P << /MCID 1", "2 >> BDC EMC"]), ["broken-content"]);
    assert_eq!(divided(["0 0 9 1", "9 re f"]), ["broken-content"]);
}

/// Chrome shows them forty points high.
#[test]
fn letters_that_all_others_show_as_a_hair_or_as_nothing_are_named() {
    for (text, found) in [
        ("/F 9 Tf 9 9 Td", vec![]),
        ("/F 9 Tf 40 Tz 9 9 Td", vec![]),
        ("/F 1 Tf 0 9 -9 0 9 9 Tm", vec![]),
        ("/F 9 Tf 0 0 0 1 9 9 Tm", vec![]),
        ("/F 9 Tf 0 Tz 9 9 Td", vec![]),
        ("3 Tr /F 9 Tf .00001 0 0 .00001 9 9 Tm", vec![]),
        ("/F 9 Tf .00001 0 0 .00001 9 9 Tm", vec!["broken-content"]),
        ("/F .0005 Tf 9 9 Td", vec!["broken-content"]),
        ("/F 9 Tf 4.2 Tz 9 9 Td", vec![]),
        ("/F 9 Tf 3.2 Tz 9 9 Td", vec!["broken-content"]),
        ("/F 9 Tf 1 0 0 .02 9 9 Tm", vec!["broken-content"]),
        ("/F 9 Tf 1 1 1 1 9 9 Tm", vec!["broken-content"]),
    ] {
        for (letters, found) in [("(ABC)", found), ("( )", vec![])] {
            let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
            let mut pdf = page("/MediaBox [0 0 200 140]", &format!("/Resources << /Font << /F {font} >> >>"));
            pdf.stream(4, "", format!("BT {text} {letters} Tj ET").as_bytes());
            assert_eq!(named(pdf), found, "{text} {letters}");
        }
    }
}

#[test]
fn layers_that_some_see_and_others_not_are_named() {
    for usage in ["/Zoom << /min 2 >>", "/Language << /Lang (ja) >>", "/User << /Type /Ind /Name (A) >>"] {
        let mut pdf = page("/MediaBox [0 0 200 140]", "");
        pdf.object(1, "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [10 0 R] /D << >> >> >>");
        pdf.object(10, &format!("<< /Type /OCG /Name (A) /Usage << {usage} >> >>"));
        assert_eq!(named(pdf), ["hidden-layer"], "{usage}");
    }
}

fn page(size: &str, entries: &str) -> Pdf {
    let mut pdf = Pdf::of_pages(0, "", b"0 0 10 10 re f");
    pdf.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf.object(3, &format!("<< /Type /Page /Parent 2 0 R {size} /Contents 4 0 R {entries} >>"));
    pdf
}

/// Nobody draws anything for it; what has a value, a ground or a border, each reader draws in its own way.
#[test]
fn a_field_for_text_that_is_empty_needs_no_appearance() {
    for (entries, found) in [
        ("/FT /Tx", None),
        ("/FT /Tx /V ()", None),
        ("/FT /Tx /V () /MK << /R 90 /BG [] >>", None),
        ("/FT /Tx /MK << /BG [1] >>", Some("annotation-without-appearance")),
        ("/FT /Tx /MK << /BC [0 0 0] >>", Some("annotation-without-appearance")),
        ("/FT /Tx /V (text)", Some("annotation-without-appearance")),
        ("/FT /Tx /V 10 0 R", Some("annotation-without-appearance")),
        ("/FT /Btn /MK << /CA (4) >>", Some("annotation-without-appearance")),
        ("/FT /Ch /V ()", Some("annotation-without-appearance")),
    ] {
        let mut pdf = page("/MediaBox [0 0 200 140]", "");
        let widget = format!("<< /Type /Annot /Subtype /Widget /Rect [9 9 99 29] /T (t) {entries} >>");
        pdf.object(3, &format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 140] /Contents 4 0 R /Annots [{widget}] >>"));
        pdf.stream(10, "", b"text");
        assert_eq!(named(pdf), Vec::from_iter(found), "{entries}");
    }
}
