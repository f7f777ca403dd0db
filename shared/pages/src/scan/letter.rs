//! Content as every reader reads it. Where it is not written to the letter, some readers take the first operands and some the
//! last, some put two numbers together and some none; measured with poppler, PDFium, MuPDF, pdf.js and PDFBox.

use hayro::hayro_syntax::content::UntypedIter;
use hayro::hayro_syntax::object::Object;

use super::inline_image;
use super::operands::{Operands, is_regular};

/// What one content stream, or the contents of a page, was read as.
pub(super) struct Reading<'c> {
    pub(super) instructions: usize,
    /// All that is there can be read in one way.
    pub(super) is_plain: bool,
    /// Behind the last operator.
    pub(super) unread: &'c [u8],
}

pub(super) fn read(content: &[u8]) -> Reading<'_> {
    let mut reading = Reading { instructions: 0, is_plain: true, unread: content };
    let (mut order, mut end) = (Order::default(), 0);
    let mut instructions = UntypedIter::new(content);
    while let Some(instruction) = instructions.next() {
        let operator: &[u8] = instruction.operator;
        reading.instructions += 1;
        // An escaped operator is one to MuPDF alone, and lies elsewhere in memory.
        let Some(start) = place_in(content, operator) else {
            reading.is_plain = false;
            continue;
        };
        let operands = content.get(end..start).and_then(Operands::read);
        reading.is_plain &= operands.is_some_and(|operands| order.takes(operator, &operands));
        end = start + operator.len();
        if operator == b"BI"
            && let Some(Object::Stream(image)) = instruction.operands().last()
        {
            let data = image.raw_data();
            end = place_in(content, &data).map_or(end, |data_start| data_start + data.len() + END_OF_IMAGE);
            let behind = content.get(end..).unwrap_or_default();
            reading.is_plain &= inline_image::ends_alike(image.dict(), &data, behind);
        }
    }
    reading.unread = content.get(end..).unwrap_or_default();
    reading
}

fn place_in(content: &[u8], part: &[u8]) -> Option<usize> {
    let offset = part.as_ptr().addr().checked_sub(content.as_ptr().addr())?;
    (offset + part.len() <= content.len()).then_some(offset)
}

/// Of a part of a page's contents, the operands for the next one, in which brackets may be open; None if the two are not the
/// same with white space between them and without: pdf.js puts none there.
pub(super) fn left_for<'c>(part: &'c [u8], next: &[u8]) -> Option<&'c [u8]> {
    let Some(first) = next.first() else { return Some(&[]) };
    let unread = read(part).unread;
    let word = part.rsplit(|byte| !is_regular(*byte)).next().unwrap_or_default();
    let is_name = part.len() > word.len() && part.get(part.len() - word.len() - 1) == Some(&b'/');
    let is_operator = !is_name && word.iter().all(u8::is_ascii_alphabetic) && word != b"d";
    let is_number = !is_name && !is_operator && !first.is_ascii_alphabetic();
    let stays_apart = word.is_empty() || !is_regular(*first) || is_operator || (!is_name && !is_number && word != b"d");
    let is_closed = unread.len() <= MOST_LEFT && Operands::read(unread).is_some_and(|operands| operands.is_closed);
    (stays_apart && is_closed).then_some(unread)
}

/// What of the operators before decides what one means.
#[derive(Default)]
struct Order {
    /// Points alone are nothing to paint.
    has_line: bool,
    has_point: bool,
    /// A point alone was forgotten by pdf.js, and by no other.
    is_forgotten: bool,
    /// Something else was drawn within the path: pdf.js forgets it then. Nothing is drawn twice where it only cuts off.
    is_interrupted: bool,
    in_text: bool,
    /// Since the last state was saved.
    text_has_moved: bool,
}

impl Order {
    /// By something else that is drawn; fpdf2 puts texts behind a point that it leaves alone.
    fn interrupt(&mut self) {
        self.is_interrupted |= self.has_line;
        self.is_forgotten |= self.has_point && !self.has_line;
        self.has_point &= self.has_line;
    }

    /// Whether every reader takes the operator alike here. ISO 32000-2, section 8.2 and annex A.
    fn takes(&mut self, operator: &[u8], operands: &Operands<'_>) -> bool {
        let has_its_operands = expected(operator).is_none_or(|count| count == operands.count);
        has_its_operands && !operands.touches && self.is_in_order(operator) && has_sense(operator, operands)
    }

    fn is_in_order(&mut self, operator: &[u8]) -> bool {
        match operator {
            b"m" | b"re" | b"l" | b"c" | b"v" | b"y" | b"h" | b"W" | b"W*" => return self.builds(operator),
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n" => return self.paints(operator),
            b"Do" | b"sh" | b"BI" => self.interrupt(),
            b"BT" => {
                self.interrupt();
                (self.in_text, self.text_has_moved) = (true, false);
            }
            b"ET" => self.in_text = false,
            b"q" => self.text_has_moved = false,
            b"Q" => return !(self.in_text && self.text_has_moved),
            b"Td" | b"TD" | b"Tm" | b"T*" | b"Tj" | b"TJ" | b"'" | b"\"" => self.text_has_moved = true,
            _ => {}
        }
        true
    }

    fn builds(&mut self, operator: &[u8]) -> bool {
        let has_what_it_goes_on_from = match operator {
            b"m" | b"re" => true,
            b"h" | b"W" | b"W*" => !self.is_forgotten,
            _ => self.has_point,
        };
        match operator {
            b"m" => (self.has_point, self.is_forgotten) = (true, false),
            b"re" => (self.has_line, self.has_point, self.is_forgotten) = (true, true, false),
            b"h" => self.has_line |= self.has_point,
            b"W" | b"W*" => {}
            _ => self.has_line = true,
        }
        has_what_it_goes_on_from
    }

    /// A point that is closed can be seen.
    fn paints(&mut self, operator: &[u8]) -> bool {
        let closes_what_is_forgotten = self.is_forgotten && matches!(operator, b"s" | b"b" | b"b*");
        let is_whole = !self.is_interrupted && !closes_what_is_forgotten;
        (self.has_line, self.has_point) = (false, false);
        (self.is_forgotten, self.is_interrupted) = (false, false);
        is_whole
    }
}

/// Lines of less than no width, or with gaps and nothing between them, are drawn by some.
fn has_sense(operator: &[u8], operands: &Operands<'_>) -> bool {
    match operator {
        b"w" => !operands.has_negative,
        b"d" => !operands.has_negative && (operands.numbers <= 1 || operands.has_positive),
        b"Tr" => matches!(operands.number, [b'0'..=b'7']),
        _ => true,
    }
}

/// How many operands; None where that varies.
fn expected(operator: &[u8]) -> Option<usize> {
    Some(match operator {
        b"q" | b"Q" | b"h" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n" | b"W" | b"W*" | b"BT"
        | b"ET" | b"T*" | b"EMC" | b"BX" | b"EX" | b"BI" => 0,
        b"w" | b"J" | b"j" | b"M" | b"ri" | b"i" | b"gs" | b"CS" | b"cs" | b"G" | b"g" | b"sh" | b"Do" | b"Tc" | b"Tw"
        | b"Tz" | b"TL" | b"Tr" | b"Ts" | b"Tj" | b"TJ" | b"'" | b"MP" | b"BMC" => 1,
        b"d" | b"m" | b"l" | b"Tf" | b"Td" | b"TD" | b"d0" | b"DP" | b"BDC" => 2,
        b"RG" | b"rg" | b"\"" => 3,
        b"v" | b"y" | b"re" | b"K" | b"k" => 4,
        b"cm" | b"c" | b"Tm" | b"d1" => 6,
        _ => return None,
    })
}

/// What is read again with the next part: several times the longest line of text.
const MOST_LEFT: usize = 16 * 1024;
/// `EI`.
const END_OF_IMAGE: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_take_in_different_ways_is_not_plain() {
        let name = |length: usize| read(format!("/{} gs", "a".repeat(length)).as_bytes()).is_plain;
        assert!(name(254) && !name(255));
        for (content, is_plain) in [
            ("q 1 0 0 1 .5 -0.5 cm /X Do Q", true),
            ("BT /F1 12 Tf [(a)-5(b\\)[)]TJ <61> Tj ET", true),
            ("/P <</MCID 0 /A [1 2]>> BDC EMC % word\n0 0 m 1 1 l S", true),
            ("q BI /W 1 /H 1 ID (> EI Q 0 0 1 1 re f", true),
            ("BT q 1 0 0 rg Q 1 2 Td ET", true),
            ("- . 9 9 re f", true),
            ("7 0 0 9 9 re f", false),
            ("[1] 0 0 9 9 re f", false),
            ("--1 0 9 9 re f", false),
            ("1-1 0 9 9 re f", false),
            ("1.2.3 0 9 9 re f", false),
            ("2147483648 0 9 9 re f", false),
            ("0 0 9 9re f", false),
            ("0 0 9 9 #72e f", false),
            ("0 0 9 9 re /X Do f", false),
            ("0 0 9 9 re BT ET f", false),
            ("0 0 m BT ET f 0 0 m 9 9 l S", true),
            ("0 0 m BT ET 9 9 l S", false),
            ("0 0 m BT ET h f", false),
            ("0 0 m BT ET s", false),
            ("0 0 m BT ET W n", false),
            ("0 0 m h BT ET f", false),
            ("0 0 m BT ET 5 5 m 9 9 l S", true),
            ("0 0 m 9 9 l 0 0 m BT ET f", false),
            ("q 0 0 9 9 re W BT ET Q", true),
            ("9 9 l S", false),
            ("BT q 1 2 Td Q ET", false),
            ("BT 8 Tr ET", false),
            ("BT -1 Tr ET", false),
            ("-1 w", false),
            ("[] 0 d [3 0] 0 d", true),
            ("[0 0] 0 d", false),
            ("[3 -1] 0 d", false),
        ] {
            assert_eq!(read(content.as_bytes()).is_plain, is_plain, "{content}");
        }
    }

    #[test]
    fn parts_are_divided_where_white_space_is() {
        for (part, next, may) in [
            ("q ", "Q", true),
            ("q", "q 1 0 0 1 0 0 cm", true),
            ("Q", "1 0 0 rg", true),
            ("1 0 ", "0 rg", true),
            ("1 0 0", "rg", true),
            ("(a)", "Tj", true),
            ("q\n% word\n", "Q", true),
            ("[(a)6 ", "(b)] TJ", true),
            ("/P << /MCID ", "0 >> BDC", true),
            ("1 0 2", "00 rg", false),
            ("1 0 2", ".5 rg", false),
            ("/F", "1 12 Tf", false),
            ("/F", "a 12 Tf", false),
            ("(a", "b) Tj", false),
            ("% word", "0 0 9 9 re f", false),
            ("[] 0 d", "1 0 0 rg", false),
            ("BI /W 1 /H 1 ID ", "a EI", false),
            ("% word", "", true),
        ] {
            assert_eq!(left_for(part.as_bytes(), next.as_bytes()).is_some(), may, "{part} | {next}");
        }
    }
}
