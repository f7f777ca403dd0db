/// A PDF of so many empty pages with a classic cross-reference table.
pub(crate) fn pdf(pages: usize) -> Vec<u8> {
    with_padding(pages, 0)
}

/// A PDF of one page that is a little longer than `bytes`.
pub(crate) fn pdf_of_bytes(bytes: usize) -> Vec<u8> {
    with_padding(1, bytes)
}

/// A PDF of one page with these words in the clear, as comments that draw nothing.
pub(crate) fn pdf_of_text(words: &str) -> Vec<u8> {
    with_contents(1, words.as_bytes())
}

fn with_padding(pages: usize, padding: usize) -> Vec<u8> {
    with_contents(pages, &vec![b' '; padding])
}

fn with_contents(pages: usize, contents: &[u8]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 4)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")).into_bytes(),
        [format!("<< /Length {} >>\nstream\n", contents.len()).as_bytes(), contents, b"\nendstream"].concat(),
    ];
    let page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 3 0 R >>";
    objects.extend((0..pages).map(|_| page.to_vec()));
    assembled(&objects)
}

/// A PDF that says it was signed and then changed so many times, one object at each.
pub(crate) fn pdf_with_many_revisions(objects: usize, revisions: usize) -> Vec<u8> {
    let numbers: Vec<String> = (0..objects).map(|index| format!("{} 0 R", index + 8)).collect();
    let mut first: Vec<Vec<u8>> = SIGNED_ONCE.iter().map(|object| object.as_bytes().to_vec()).collect();
    first.push(format!("[{}]", numbers.join(" ")).into_bytes());
    first.extend((0..objects).map(|_| b"<</A 1>>".to_vec()));
    let size = first.len() + 1;
    let mut file = assembled(&first);
    let mut previous = file.windows(7).rposition(|window| window == b"\nxref\n0").unwrap() + 1;
    for revision in 0..revisions {
        let object = file.len();
        file.extend(format!("8 0 obj\n<</A {}>>\nendobj\n", revision + 2).into_bytes());
        let table = file.len();
        file.extend(
            format!(
                "xref\n8 1\n{object:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /Prev {previous} >>\n\
                 startxref\n{table}\n%%EOF\n"
            )
            .into_bytes(),
        );
        previous = table;
    }
    file
}

/// A small PDF whose page shows one picture as often as a page may.
pub(crate) fn pdf_that_is_slow_to_draw() -> Vec<u8> {
    let (width, height) = (100, 141);
    let picture = vec![0x55; width * height * 3];
    let contents = format!("q 595 0 0 842 0 0 cm {}Q", "/I Do ".repeat(350));
    let picture_head = format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 \
         /Length {} >>\nstream\n",
        picture.len()
    );
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 5 0 R >> >> /Contents 3 0 R >>";
    assembled(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_vec(),
        format!("<< /Length {} >>\nstream\n{contents}\nendstream", contents.len()).into_bytes(),
        page.as_bytes().to_vec(),
        [picture_head.as_bytes(), &picture, b"\nendstream"].concat(),
    ])
}

/// Catalogue, pages, contents, page, field and signature of a document that claims a signature; 7 names the rest.
const SIGNED_ONCE: [&str; 6] = [
    "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>",
    "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
    "<< /Length 0 >>\nstream\n\nendstream",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 3 0 R /Annots [5 0 R] /Z 7 0 R >>",
    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /V 6 0 R /Rect [0 0 0 0] /P 4 0 R /F 132 >>",
    "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 10] /Contents <30030201> >>",
];

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
