//! Japanese text whose font is not in the document.

use std::fs;

use pages::{Fonts, Limits, draw};

use super::fonts::composite;
use super::{named, named_with};

#[test]
fn japanese_is_drawn_in_the_encodings_that_it_comes_in() {
    for (encoding, text) in [
        ("UniJIS-UTF16-H", "<5951 7D04 66F8>"),
        ("UniJIS-UCS2-H", "<5951 7D04 66F8>"),
        ("UniJIS-UCS2-HW-H", "<5951 0041 66F8>"),
        ("90ms-RKSJ-H", "<8C5F 96F1 8F91 41 B1>"),
        ("90msp-RKSJ-H", "<8C5F 96F1 8F91 41>"),
        ("90pv-RKSJ-H", "<8C5F 96F1 8F91>"),
        ("EUC-H", "<B7C0 CCF3 BDF1 41>"),
        ("H", "<3740 4C73 3D71>"),
        ("Identity-H", "<0E92 04D2>"),
        ("UniJIS-UTF16-V", "<5951 7D04 66F8>"),
    ] {
        for name in ["MS-Mincho", "MS-Gothic", "HeiseiMin-W3", "KozMinPr6N-Regular", "Ryumin-Light"] {
            assert_eq!(named_with(composite(name, encoding, "Japan1", text), &noto()), [""; 0], "{name} {encoding} {text}");
        }
    }
}

#[test]
fn without_a_japanese_font_on_the_machine_such_text_is_named() {
    assert_eq!(named(composite("MS-Mincho", "UniJIS-UTF16-H", "Japan1", "<5951>")), ["font"]);
}

/// The renderer would take the glyph of the same number, which is another character.
#[test]
fn characters_that_the_font_of_the_machine_lacks_are_named() {
    for (encoding, text) in [
        // A private character, and one of a system's own.
        ("UniJIS-UTF16-H", "<5951 E000>"),
        ("90ms-RKSJ-H", "<8C5F F040>"),
        // A character of another script, several written as one, and a number beyond the collection.
        ("UniJIS-UTF16-H", "<5951 AC00>"),
        ("Identity-H", "<2081>"),
        ("Identity-H", "<5FFF>"),
    ] {
        let found = named_with(composite("MS-Mincho", encoding, "Japan1", text), &noto());
        assert_eq!(found, ["missing-glyph"], "{encoding} {text}");
    }
}

/// In columns a long vowel is an upright stroke; lying down it reads as a one.
#[test]
fn what_has_another_glyph_in_columns_is_named() {
    for text in ["<30C7 30FC 30BF>", "<300C 5951 300D>", "<FF08 682A FF09>"] {
        let found = named_with(composite("MS-Mincho", "UniJIS-UTF16-V", "Japan1", text), &noto());
        assert_eq!(found, ["missing-glyph"], "{text}");
        let in_rows = named_with(composite("MS-Mincho", "UniJIS-UTF16-H", "Japan1", text), &noto());
        assert_eq!(in_rows, [""; 0], "{text}");
    }
}

/// Adobe's list of characters names the form as well, for these and some 1,300 others.
#[test]
fn a_character_whose_form_is_named_with_it_is_drawn_as_that_character() {
    let picture = |encoding: &str, text: &str| {
        let page = composite("MS-Mincho", encoding, "Japan1", text).finish();
        draw(&page, 0, 400, &Limits::default(), &noto()).unwrap()
    };
    // 辻 as the number that Unicode leads to, and as that of its other form, which the list gives plainly.
    assert_eq!(picture("UniJIS-UTF16-H", "<8FBB>"), picture("Identity-H", "<204B>"));
    assert_ne!(picture("UniJIS-UTF16-H", "<8FBB>"), picture("UniJIS-UTF16-H", "<8FBC>"));
    let names = "<8FBB 8CED 9375 845B 698A 6A0B 9AD9 FA11 D842DFB7>";
    assert_eq!(named_with(composite("MS-Mincho", "UniJIS-UTF16-H", "Japan1", names), &noto()), [""; 0]);
}

fn noto() -> Fonts {
    let read = |style: &str| fs::read(format!("/usr/share/fonts/opentype/noto/Noto{style}CJK-Regular.ttc")).ok();
    Fonts::built_in().with_gothic(move || read("Sans"), 0).with_mincho(move || read("Serif"), 0)
}

/// Other readers go by the number of the character, the renderer by what the font says that it means.
#[test]
fn a_font_that_says_other_characters_than_its_collection_is_named() {
    let says = |from: &str, to: &str| {
        let mut pdf = composite("MS-Mincho", "UniJIS-UTF16-H /ToUnicode 10 0 R", "Japan1", &format!("<{from}>"));
        let map =
            format!("1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <{from}> <{to}> endbfchar endcmap");
        pdf.stream(10, "", map.as_bytes());
        named_with(pdf, &noto())
    };
    for (from, to) in [("5951", "5951"), ("301C", "FF5E"), ("FF11", "0031"), ("D842DFB7", "D842DFB7")] {
        assert_eq!(says(from, to)[..], [""; 0], "{from} {to}");
    }
    for (from, to) in [("5951", "7D04"), ("0031", "0039"), ("D842DFB7", "5409")] {
        assert!(says(from, to).contains(&"font"), "{from} {to}");
    }
}
