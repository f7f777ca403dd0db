//! A list of codes that a composite font brings with it. Readers agree about one that is written as programs do: each code has
//! a length that its first byte tells, and stands for one character. Measured with poppler, PDFium, MuPDF, pdf.js and PDFBox.

use hayro::hayro_syntax::content::UntypedIter;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::length::unfolded_length;
use super::unfold::Lengths;

/// False only where the font has such a list, and readers find different characters in it, or two fonts below itself.
pub(super) fn are_plain(font: &Dict<'_>, known: &Lengths) -> bool {
    let below = font.get::<Array<'_>>("DescendantFonts");
    let is_alone = below.is_none_or(|below| below.raw_iter().count() == 1);
    let Some(list) = font.get::<Stream<'_>>("Encoding") else { return is_alone };
    let program = unfolded_length(&list, LONGEST, known).and_then(|_| list.decoded_data().ok());
    let Some(codes) = program.and_then(|program| Codes::read(&program)) else { return false };
    let entries = list.dict();
    let has_one_direction = entries.get::<i32>("WMode").is_none_or(|direction| direction == codes.direction);
    is_alone && has_one_direction && (codes.goes_on || !entries.contains_key("UseCMap")) && codes.are_plain()
}

#[derive(Default)]
struct Codes {
    /// From and to.
    spaces: Vec<Span>,
    characters: Vec<Span>,
    direction: i32,
    /// From another list.
    goes_on: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    length: usize,
    from: u32,
    to: u32,
}

impl Codes {
    fn read(program: &[u8]) -> Option<Self> {
        let (mut codes, mut announced) = (Self::default(), None);
        let mut instructions = UntypedIter::new(program);
        while let Some(instruction) = instructions.next() {
            let operator: &[u8] = instruction.operator;
            let operands: Vec<Object<'_>> = instruction.operands().cloned().collect();
            match operator {
                b"begincodespacerange" | b"begincidrange" | b"begincidchar" => {
                    announced = operands.last().cloned().and_then(Object::into_i32);
                }
                b"endcodespacerange" => codes.spaces.extend(spans(&operands, 2, announced.take())?),
                b"endcidrange" => codes.characters.extend(spans(&operands, 3, announced.take())?),
                b"endcidchar" => codes.characters.extend(spans(&operands, 2, announced.take())?),
                b"endbfchar" | b"endbfrange" => return None,
                b"usecmap" => codes.goes_on = true,
                b"def" => {
                    if let [.., Object::Name(name), Object::Number(direction)] = operands.as_slice()
                        && is_direction(name)
                    {
                        codes.direction = i32::try_from(direction.as_i64()).ok()?;
                    }
                }
                _ => {}
            }
        }
        Some(codes)
    }

    fn are_plain(mut self) -> bool {
        let is_told = |one: &Span| self.spaces.iter().all(|other| one.length == other.length || one.is_apart_from(other));
        let have_lengths = (self.goes_on || !self.spaces.is_empty()) && self.spaces.iter().all(is_told);
        let has_space = |one: &Span| self.spaces.is_empty() || self.spaces.iter().any(|space| space.length == one.length);
        let are_within = self.characters.iter().all(has_space);
        self.characters.sort_unstable();
        let are_once = self.characters.windows(2).all(|pair| match pair {
            [one, next] => one.length != next.length || one.to < next.from,
            _ => true,
        });
        have_lengths && are_within && are_once
    }
}

impl Span {
    /// By their first bytes.
    fn is_apart_from(&self, other: &Self) -> bool {
        let first = |code: u32, length: usize| code >> (8 * (length.max(1) - 1));
        first(self.to, self.length) < first(other.from, other.length)
            || first(other.to, other.length) < first(self.from, self.length)
    }
}

/// Of groups of so many operands; of a range with its end, or of single codes. None if they are not as many as was said.
fn spans(operands: &[Object<'_>], group: usize, announced: Option<i32>) -> Option<Vec<Span>> {
    let is_complete = operands.len() % group == 0 && usize::try_from(announced?).ok()? == operands.len() / group;
    is_complete.then_some(())?;
    operands.chunks(group).map(span).collect()
}

fn span(parts: &[Object<'_>]) -> Option<Span> {
    let (from, to) = match parts {
        [Object::String(code), Object::Number(_)] => (code, code),
        [Object::String(from), Object::String(to)] | [Object::String(from), Object::String(to), Object::Number(_)] => (from, to),
        _ => return None,
    };
    let length = from.as_bytes().len();
    let number = |code: &[u8]| code.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    let span = Span { length, from: number(from.as_bytes()), to: number(to.as_bytes()) };
    ((1..=4).contains(&length) && to.as_bytes().len() == length && span.from <= span.to).then_some(span)
}

fn is_direction(name: &Name<'_>) -> bool {
    name.as_ref() == b"WMode"
}

/// Several times the longest list of Japanese codes.
const LONGEST: u64 = 4 * 1024 * 1024;
