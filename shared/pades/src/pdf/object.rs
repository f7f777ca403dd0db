use std::ops::Range;

use super::number::is_same_number;

/// One PDF object. ISO 32000-2, section 7.3.
///
/// Two are equal if they say the same: `.5` and `0.50` are one number, `1` and `1.0` are not, as readers ask for whole numbers
/// in some places.
#[derive(Debug, Clone, Eq)]
pub enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    /// As written: a number that is never computed with must not change when copied.
    Real(Vec<u8>),
    /// Without the slash, `#` sequences decoded.
    Name(Vec<u8>),
    String(Text),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Stream(Stream),
    Reference(Reference),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    pub number: u32,
    pub generation: u16,
}

/// A string; two are equal if their bytes are, wherever they stand.
#[derive(Debug, Clone, Eq)]
pub struct Text {
    pub bytes: Vec<u8>,
    /// Where a hexadecimal string stands in the file, brackets included; None for literal
    /// strings and inside object streams.
    pub hexadecimal_at: Option<Range<u64>>,
}

/// Keys without their slash, sorted. A key whose value is null counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary(Vec<(Vec<u8>, Object)>);

/// A stream whose data stays in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    pub dictionary: Dictionary,
    /// The data as stored, filters not undone.
    pub data: Range<u64>,
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Integer(one), Self::Integer(other)) => one == other,
            (Self::Real(one), Self::Real(other)) => one == other || is_same_number(one, other),
            (Self::Name(one), Self::Name(other)) => one == other,
            (Self::String(one), Self::String(other)) => one == other,
            (Self::Array(one), Self::Array(other)) => one == other,
            (Self::Dictionary(one), Self::Dictionary(other)) => one == other,
            (Self::Stream(one), Self::Stream(other)) => one == other,
            (Self::Reference(one), Self::Reference(other)) => one == other,
            _ => false,
        }
    }
}

impl Dictionary {
    pub fn get(&self, key: &[u8]) -> Option<&Object> {
        self.0.get(self.place(key).ok()?).map(|(_, value)| value)
    }

    pub fn contains(&self, key: &[u8]) -> bool {
        self.place(key).is_ok()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }

    pub fn insert(&mut self, key: &[u8], value: Object) {
        match self.place(key) {
            Ok(place) => {
                if let Some((_, old)) = self.0.get_mut(place) {
                    *old = value;
                }
            }
            Err(place) => self.0.insert(place, (key.to_vec(), value)),
        }
    }

    /// All at once, in any order; None if a key comes twice with different values.
    pub(crate) fn of(mut entries: Vec<(Vec<u8>, Object)>) -> Option<Self> {
        if !entries.is_sorted_by(|(one, _), (next, _)| one < next) {
            entries.sort_by(|(one, _), (next, _)| one.cmp(next));
            let is_doubled = |pair: &[(Vec<u8>, Object)]| matches!(pair, [one, next] if one.0 == next.0 && one.1 != next.1);
            if entries.windows(2).any(is_doubled) {
                return None;
            }
            entries.dedup_by(|next, one| next.0 == one.0);
        }
        entries.shrink_to_fit();
        Some(Self(entries))
    }

    pub fn remove(&mut self, key: &[u8]) {
        if let Ok(place) = self.place(key) {
            self.0.remove(place);
        }
    }

    pub fn map_values(self, change: impl Fn(Object) -> Object) -> Self {
        let entries = self.0.into_iter();
        Self(entries.map(|(key, value)| (key, change(value))).collect())
    }

    pub fn integer(&self, key: &[u8]) -> Option<i64> {
        match self.get(key)? {
            Object::Integer(value) => Some(*value),
            _ => None,
        }
    }

    pub fn unsigned(&self, key: &[u8]) -> Option<u64> {
        u64::try_from(self.integer(key)?).ok()
    }

    pub fn name(&self, key: &[u8]) -> Option<&[u8]> {
        match self.get(key)? {
            Object::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn reference(&self, key: &[u8]) -> Option<Reference> {
        self.get(key)?.as_reference()
    }

    pub fn text(&self, key: &[u8]) -> Option<&Text> {
        match self.get(key)? {
            Object::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether /Type says so.
    pub fn is_of_type(&self, kind: &[u8]) -> bool {
        self.name(b"Type") == Some(kind)
    }
}

impl Object {
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    /// Calls `visit` for every reference inside, this object included.
    pub fn each_reference(&self, visit: &mut dyn FnMut(Reference)) {
        match self {
            Self::Reference(reference) => visit(*reference),
            Self::Array(items) => items.iter().for_each(|item| item.each_reference(visit)),
            Self::Dictionary(dictionary) => dictionary.each_reference(visit),
            Self::Stream(stream) => stream.dictionary.each_reference(visit),
            _ => {}
        }
    }
}

impl Dictionary {
    pub fn each_reference(&self, visit: &mut dyn FnMut(Reference)) {
        for (_, value) in &self.0 {
            value.each_reference(visit);
        }
    }

    /// With each value changed; what becomes null is left out.
    pub(crate) fn changed<E>(self, mut change: impl FnMut(&[u8], Object) -> Result<Object, E>) -> Result<Self, E> {
        let entries = self.0.into_iter().map(|(key, value)| {
            let value = change(&key, value)?;
            Ok((key, value))
        });
        Ok(Self(entries.collect::<Result<_, E>>()?).without_nulls())
    }

    pub(crate) fn without_nulls(mut self) -> Self {
        self.0.retain(|(_, value)| *value != Object::Null);
        self
    }

    /// Where a key stands, or belongs.
    fn place(&self, key: &[u8]) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_slice().cmp(key))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, hexadecimal_at: None }
    }
}
