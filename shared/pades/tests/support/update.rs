//! Revisions that other software might append.

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
    table += &format!("trailer\n<< /Size 100 /Root 1 0 R /Prev {previous} >>\n");
    table += &format!("startxref\n{startxref}\n%%EOF\n");
    updated.extend(table.into_bytes());
    updated
}

fn last_startxref(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    let (_, after) = text.rsplit_once("startxref").expect("an end marker");
    after.split_whitespace().next().expect("an offset").to_owned()
}
