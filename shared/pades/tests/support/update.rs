//! Revisions that other software might append.
#![allow(dead_code, reason = "each suite is a program of its own and uses some of it")]

/// The file with one more revision, written with a table; an empty body frees the object.
pub(crate) fn updated(file: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let mut updated = file.to_vec();
    let mut table = String::from("xref\n");
    for (number, body) in objects {
        match body.is_empty() {
            true => table += &format!("{number} 1\n0000000000 00001 f \n"),
            false => table += &format!("{number} 1\n{:010} 00000 n \n", updated.len()),
        }
        if !body.is_empty() {
            updated.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
        }
    }
    let startxref = updated.len();
    let previous = last_startxref(file);
    let size = objects.iter().map(|(number, _)| number + 1).chain([last_size(file)]).max().unwrap_or(0);
    table += &format!("trailer\n<< /Size {size} /Root 1 0 R /Prev {previous} >>\n");
    table += &format!("startxref\n{startxref}\n%%EOF\n");
    updated.extend(table.into_bytes());
    updated
}

/// Of the newest section, and 100 at least.
pub(crate) fn last_size(file: &[u8]) -> u32 {
    let text = String::from_utf8_lossy(file);
    let after = text.rsplit_once("/Size").map(|(_, after)| after.trim_start());
    let digits: String = after.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0).max(100)
}

pub(crate) fn last_startxref(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    let (_, after) = text.rsplit_once("startxref").expect("an end marker");
    after.split_whitespace().next().expect("an offset").to_owned()
}
