//! The smallest PDF that shows a line in an embedded font. ISO 32000-2, sections 9.7 and 9.10.3.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::Layout;
use super::face::{Program, Subset};

pub(crate) fn write(layout: &Layout, subset: &Subset) -> Vec<u8> {
    let Layout { width_pt, height_pt, content } = layout;
    let name = format!("{}+{}", tag(subset), subset.name);
    let (kind, program) = match &subset.program {
        Program::TrueType(program) => ("/CIDFontType2 /CIDToGIDMap /Identity", folded(program, "")),
        Program::Cff(program) => ("/CIDFontType0", folded(program, "/Subtype /CIDFontType0C ")),
    };
    let key = if matches!(subset.program, Program::Cff(_)) { "FontFile3" } else { "FontFile2" };
    let [left, bottom, right, top] = subset.bounds;
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width_pt:.3} {height_pt:.3}] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
    );
    let font = format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 9 0 R >>"
    );
    let descendant = format!(
        "<< /Type /Font /Subtype {kind} /BaseFont /{name} /FontDescriptor 7 0 R /DW 1000 /W [1 [{}]] \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        widths(subset)
    );
    let descriptor = format!(
        "<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{left} {bottom} {right} {top}] /ItalicAngle 0 \
         /Ascent {} /Descent {} /CapHeight {} /StemV 80 /{key} 8 0 R >>",
        subset.ascent, subset.descent, subset.ascent
    );
    assemble(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        stream(content, ""),
        font.into_bytes(),
        descendant.into_bytes(),
        descriptor.into_bytes(),
        program,
        folded(to_unicode(subset).as_bytes(), ""),
    ])
}

fn widths(subset: &Subset) -> String {
    let widths = subset.glyphs.iter().map(|glyph| format!("{:.0}", glyph.width * 1000.0));
    widths.collect::<Vec<_>>().join(" ")
}

/// So that the text can be searched and read aloud.
fn to_unicode(subset: &Subset) -> String {
    let mut map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        .to_owned();
    for glyphs in subset.glyphs.chunks(MOST_IN_A_LIST) {
        map += &format!("{} beginbfchar\n", glyphs.len());
        for glyph in glyphs {
            let text: String = glyph.text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            map += &format!("<{:04X}> <{text}>\n", glyph.number);
        }
        map += "endbfchar\n";
    }
    map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
}

/// Six letters that differ where the glyphs do. ISO 32000-2, section 9.9.2.
fn tag(subset: &Subset) -> String {
    let texts = subset.glyphs.iter().flat_map(|glyph| glyph.text.bytes());
    let mut left = texts.fold(FNV_BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
    let mut tag = String::new();
    for _ in 0..6 {
        tag.push(u8::try_from(left % 26).map_or('A', |letter| char::from(b'A' + letter)));
        left /= 26;
    }
    tag
}

fn folded(data: &[u8], entries: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    match encoder.write_all(data).and_then(|()| encoder.finish()) {
        Ok(folded) => stream(&folded, &format!("{entries}/Length1 {} /Filter /FlateDecode ", data.len())),
        Err(_) => stream(data, entries),
    }
}

fn stream(data: &[u8], entries: &str) -> Vec<u8> {
    let head = format!("<< {entries}/Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// The objects 1, 2, … with a table of where they are.
fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let trailer = format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.len() + 1, file.len());
    file.extend_from_slice(table.as_bytes());
    file.extend_from_slice(trailer.as_bytes());
    file
}

/// ISO 32000-2 refers to Adobe's Technical Note 5014, which allows a hundred.
const MOST_IN_A_LIST: usize = 100;
/// Fowler, Noll and Vo's hash, 64 bits, as RFC 9923 has it.
const FNV_BASIS: u64 = 0xCBF2_9CE4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01B3;
