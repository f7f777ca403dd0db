//! Draws every page of a PDF into a folder, and names what it could not draw:
//! `cargo run -p pages --example draw IN.pdf FOLDER [WIDTH]`.

use std::path::Path;
use std::{env, error, fs};

use pages::{Document, Fonts, Limits};

fn main() -> Result<(), Box<dyn error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, folder, options @ ..] = arguments.as_slice() else {
        return Err("usage: draw IN.pdf FOLDER [WIDTH]".into());
    };
    let width = options.first().map_or(Ok(800), |width| width.parse())?;
    let document = Document::open(fs::read(input)?, &Limits::default())?;
    let fonts = system_fonts();
    for entry in document.inspect(&fonts)?.undrawable {
        eprintln!("{:?}: {}", entry.page.map(|page| page + 1), entry.construct.code());
    }
    for page in 0..document.page_count() {
        let image = document.draw(page, width, &fonts)?;
        fs::write(Path::new(folder).join(format!("page-{}.png", page + 1)), image.png)?;
    }
    Ok(())
}

fn system_fonts() -> Fonts {
    let read = |name: &str| fs::read(Path::new(NOTO).join(name)).ok();
    Fonts::built_in()
        .with_gothic(move || read("NotoSansCJK-Regular.ttc"), 0)
        .with_mincho(move || read("NotoSerifCJK-Regular.ttc"), 0)
}

/// Where Debian's package fonts-noto-cjk puts them; Japanese is the first of
/// each collection.
const NOTO: &str = "/usr/share/fonts/opentype/noto";
