/// A PDF of so many empty pages with a classic cross-reference table.
pub(crate) fn pdf(pages: usize) -> Vec<u8> {
    with_padding(pages, 0)
}

/// A PDF of one page that is a little longer than `bytes`.
pub(crate) fn pdf_of_bytes(bytes: usize) -> Vec<u8> {
    with_padding(1, bytes)
}

fn with_padding(pages: usize, padding: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 4)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")).into_bytes(),
        [format!("<< /Length {padding} >>\nstream\n").into_bytes(), vec![b' '; padding], b"\nendstream".to_vec()].concat(),
    ];
    let page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 3 0 R >>";
    objects.extend((0..pages).map(|_| page.to_vec()));
    assembled(&objects)
}

fn assembled(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.into_bytes());
    file.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).into_bytes());
    file
}
