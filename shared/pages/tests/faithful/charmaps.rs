//! TrueType fonts whose tables of characters lead to different glyphs: a 1 to one reader is a 9 to another.

use super::named;
use super::pdf::Pdf;

/// Platform, encoding, and the glyph that a code leads to.
type Table = (u16, u16, u16, u16);

const ROMAN: Table = (1, 0, 0x31, 1);
const SYMBOL: Table = (3, 0, 0xF031, 1);
const UNICODE: Table = (3, 1, 0x31, 1);
const ANSI: &str = "/Encoding /WinAnsiEncoding";

#[test]
fn a_letter_is_the_same_glyph_in_every_table() {
    let other = |(platform, encoding, code, _): Table| (platform, encoding, code, 2);
    let names = Some(["one", "nine"]);
    for (tables, names, flags, encoding, is_plain) in [
        (vec![ROMAN, UNICODE], None, 4, ANSI, true),
        (vec![ROMAN, SYMBOL], None, 4, "", true),
        // Every reader goes by the characters of the encoding.
        (vec![ROMAN, other(UNICODE)], None, 32, ANSI, true),
        (vec![SYMBOL, UNICODE], names, 4, ANSI, true),
        (vec![ROMAN, other(UNICODE)], None, 32, "", false),
        (vec![SYMBOL, other(UNICODE)], None, 4, ANSI, false),
        (vec![ROMAN, other(SYMBOL)], None, 4, "/Encoding /MacRomanEncoding", false),
        (vec![(3, 0, 0x31, 2), SYMBOL], None, 4, "", false),
        (vec![(0, 3, 0x31, 2), UNICODE], None, 4, "", false),
        (vec![other(UNICODE)], names, 4, ANSI, false),
        (vec![other(ROMAN)], names, 32, ANSI, false),
        (vec![UNICODE, (1, 0, 0x32, 2)], None, 4, "/Encoding << /Differences [50 /one] >>", false),
    ] {
        let descriptor = format!("/FontDescriptor << /Type /FontDescriptor /FontName /Some /Flags {flags} /FontFile2 10 0 R >>");
        let font = format!("/Type /Font /Subtype /TrueType /BaseFont /Some {descriptor} {encoding}");
        let text = if encoding.contains("50") { "2" } else { "1" };
        let mut pdf = Pdf::of_one_page(&format!("/Font << /F << {font} >> >>"), format!("BT /F 9 Tf ({text}) Tj ET").as_bytes());
        pdf.stream(10, "", &true_type(&tables, names));
        let codes: &[&str] = if is_plain { &[] } else { &["font"] };
        assert_eq!(named(pdf), codes, "{tables:?} {names:?} {flags} {encoding}");
    }
}

#[test]
fn a_list_of_codes_says_one_thing_of_each() {
    let wide = "1 begincodespacerange <0000> <FFFF> endcodespacerange";
    for (program, entries, is_plain) in [
        (format!("{wide} 1 begincidrange <0000> <FFFF> 0 endcidrange"), "", true),
        (
            format!("{wide} 2 begincidrange <0000> <0000> 0 <0002> <00FF> 2 endcidrange 1 begincidchar <0001> 1 endcidchar"),
            "",
            true,
        ),
        ("2 begincodespacerange <01> <7F> <8000> <FFFF> endcodespacerange 1 begincidchar <01> 1 endcidchar".to_owned(), "", true),
        ("/Identity-H usecmap".to_owned(), "", true),
        (format!("{wide} /WMode 1 def 1 begincidrange <0000> <FFFF> 0 endcidrange"), "", true),
        (format!("{wide} /WMode 0 def 1 begincidrange <0000> <FFFF> 0 endcidrange"), "/WMode 0", true),
        (format!("{wide} 2 begincidrange <0001> <0001> 2 <0000> <00FF> 0 endcidrange"), "", false),
        (format!("{wide} 1 begincidchar <0001> 2 <0001> 1 endcidchar"), "", false),
        (format!("{wide} 1 begincidchar <01> 2 endcidchar"), "", false),
        (format!("{wide} 1 beginbfchar <0001> <0002> endbfchar"), "", false),
        (format!("{wide} 1 begincidrange <0000> <FFFF> 0 endcidrange"), "/WMode 1", false),
        ("1 begincidrange <0000> <FFFF> 0 endcidrange".to_owned(), "", false),
        (format!("{wide} 1 begincidchar <0001> 1 endcidchar"), "/UseCMap /Identity-H", false),
        (
            "2 begincodespacerange <00> <00> <0001> <FFFF> endcodespacerange 1 begincidchar <0001> 1 endcidchar".to_owned(),
            "",
            false,
        ),
    ] {
        let text = if program.contains("<7F>") { "<01>" } else { "<0001>" };
        let system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>";
        let descriptor = "/FontDescriptor << /Type /FontDescriptor /FontName /Some /Flags 4 /FontFile2 10 0 R >>";
        let below =
            format!("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Some {system} /CIDToGIDMap /Identity {descriptor} >>");
        let font = format!("/Type /Font /Subtype /Type0 /BaseFont /Some /Encoding 11 0 R /DescendantFonts [{below}]");
        let mut pdf = Pdf::of_one_page(&format!("/Font << /F << {font} >> >>"), format!("BT /F 9 Tf {text} Tj ET").as_bytes());
        pdf.stream(10, "", &true_type(&[UNICODE], None));
        let program = format!("12 dict begin begincmap /CMapName /X def {program} endcmap end");
        pdf.stream(11, &format!("/Type /CMap /CMapName /X {system} {entries}"), program.as_bytes());
        assert_eq!(!named(pdf).contains(&"font"), is_plain, "{program} {entries}");
    }
}

/// Two rectangles behind the glyph for what is missing.
fn true_type(tables: &[Table], names: Option<[&str; 2]>) -> Vec<u8> {
    let (one, nine) = (rectangle(200, 300), rectangle(50, 900));
    let ends = [0, 0, one.len(), one.len() + nine.len()];
    let parts = [
        (*b"cmap", cmap(tables)),
        (*b"glyf", [one, nine].concat()),
        (*b"head", words(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 3, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 1000, 0, 8, 2, 1, 0])),
        (*b"hhea", words(&[1, 0, 800, 0, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 3])),
        (*b"hmtx", words(&[1000, 0, 1000, 200, 1000, 50])),
        (*b"loca", ends.iter().flat_map(|end| u32::try_from(*end).unwrap().to_be_bytes()).collect()),
        (*b"maxp", words(&[1, 0, 3, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])),
        (*b"post", post(names)),
    ];
    let count = u16::try_from(parts.len()).unwrap();
    let (mut font, mut data) = (words(&[1, 0, count, 128, 3, 0]), Vec::new());
    for (tag, part) in parts {
        let start = 12 + 16 * usize::from(count) + data.len();
        font.extend(tag);
        for number in [0, start, part.len()] {
            font.extend(u32::try_from(number).unwrap().to_be_bytes());
        }
        data.extend(&part);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    [font, data].concat()
}

fn words(all: &[u16]) -> Vec<u8> {
    all.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn rectangle(left: u16, right: u16) -> Vec<u8> {
    let ways = words(&[left, 0, right - left, 0, 0, 700, 0, 0_u16.wrapping_sub(700)]);
    [words(&[1, left, 0, right, 700, 3, 0]), vec![1; 4], ways].concat()
}

/// Of format 6, with one code each.
fn cmap(tables: &[Table]) -> Vec<u8> {
    let count = u16::try_from(tables.len()).unwrap();
    let places = tables.iter().zip(0_u16..);
    let records =
        places.flat_map(|((platform, encoding, _, _), place)| words(&[*platform, *encoding, 0, 4 + 8 * count + 12 * place]));
    let records: Vec<u8> = records.collect();
    let maps = tables.iter().flat_map(|(_, _, code, glyph)| words(&[6, 12, 0, *code, 1, *glyph]));
    [words(&[0, count]), records, maps.collect()].concat()
}

fn post(names: Option<[&str; 2]>) -> Vec<u8> {
    let fixed = |version: u16| [words(&[version, 0]), vec![0; 28]].concat();
    let Some(names) = names else { return fixed(3) };
    let texts = names.iter().flat_map(|name| [&[u8::try_from(name.len()).unwrap()], name.as_bytes()].concat());
    [fixed(2), words(&[3, 0, 258, 259]), texts.collect()].concat()
}
