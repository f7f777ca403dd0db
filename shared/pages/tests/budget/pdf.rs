//! Writes the small PDFs of these tests.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

pub(crate) struct Pdf {
    objects: Vec<(usize, Vec<u8>)>,
}

impl Pdf {
    pub(crate) fn of_one_page(resources: &str, content: &[u8]) -> Self {
        Self::of_pages(1, resources, content)
    }

    /// Pages of one content, which is object 4.
    pub(crate) fn of_pages(pages: usize, resources: &str, content: &[u8]) -> Self {
        let mut pdf = Self { objects: Vec::new() };
        let kids: String = (0..pages).map(|page| format!("{} 0 R ", 1_000 + page)).collect();
        pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
        pdf.object(2, &format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>"));
        for page in 0..pages {
            let entries = format!("/MediaBox [0 0 595 842] /Resources << {resources} >> /Contents 4 0 R");
            pdf.object(1_000 + page, &format!("<< /Type /Page /Parent 2 0 R {entries} >>"));
        }
        pdf.stream(4, "", content);
        pdf
    }

    pub(crate) fn object(&mut self, number: usize, object: &str) {
        self.put(number, object.as_bytes().to_vec());
    }

    pub(crate) fn stream(&mut self, number: usize, entries: &str, data: &[u8]) {
        let start = format!("<< {entries} /Length {} >>\nstream\n", data.len());
        self.put(number, [start.as_bytes(), data, b"\nendstream"].concat());
    }

    pub(crate) fn packed_stream(&mut self, number: usize, entries: &str, data: &[u8]) {
        self.stream(number, &format!("{entries} /Filter /FlateDecode"), &packed(data));
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.objects.sort();
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, object) in &self.objects {
            table += &format!("{number} 1\n{:010} 00000 n \n", file.len());
            file.extend(format!("{number} 0 obj\n").into_bytes());
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        let at = file.len();
        let size = self.objects.iter().map(|(number, _)| number + 1).max().unwrap();
        file.extend(format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").into_bytes());
        file
    }

    fn put(&mut self, number: usize, object: Vec<u8>) {
        self.objects.retain(|(other, _)| *other != number);
        self.objects.push((number, object));
    }
}

pub(crate) fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Blanks, each code one longer than the code before it, until the table is full.
#[allow(dead_code, reason = "other tests write PDFs with this file, too")]
pub(crate) fn lzw_of_zeros(bytes: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut total = 0;
    while total < bytes {
        let mut put = |code: usize, width: usize| bits.extend((0..width).rev().map(|shift| code >> shift & 1 == 1));
        put(256, 9);
        for nth in 0..3_800 {
            let table = 258 + usize::saturating_sub(nth, 1);
            let width = [511, 1_023, 2_047].iter().position(|full| table < *full).unwrap_or(3) + 9;
            let code = if nth == 0 { usize::from(b' ') } else { table };
            put(code, width);
            total += nth + 1;
        }
    }
    bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | u8::from(*bit)) << (8 - byte.len())).collect()
}
