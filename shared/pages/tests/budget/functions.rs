//! Functions of functions, and procedures of procedures.

use super::pdf::Pdf;
use super::{is_too_much, looked_through, named};

/// Everywhere where the renderer makes a function, also of what is refused for another reason.
#[test]
fn functions_that_stand_for_thousands_are_refused_wherever_they_are_named() {
    for (what, resources, content) in PLACES {
        let functions = [within_each_other(40, 2), within_each_other(4, 2_000), within_each_other(3_000, 1), procedures(100_000)];
        for (place, function) in functions.iter().enumerate() {
            let mut pdf = page(resources, content);
            function(&mut pdf);
            assert!(is_too_much(looked_through(pdf)), "{what} {place}");
        }
    }
}

/// Each of a million samples would take a hundred thousand operators, or four thousand corners of a table.
#[test]
fn functions_that_take_long_for_each_sample_are_refused() {
    let (_, resources, content) = PLACES[1];
    let program = |operators: usize| {
        let mut pdf = page(resources, content);
        let program = format!("{{ {} }}", "dup mul ".repeat(operators));
        pdf.packed_stream(20, "/FunctionType 4 /Domain [0 1] /Range [0 1]", program.as_bytes());
        looked_through(pdf)
    };
    assert!(is_too_much(program(20_000)));
    assert!(named(program(1_000)).is_empty());
    let table = |inputs: usize| {
        let names: String = (0..inputs).map(|input| format!("/C{input} ")).collect();
        let space = format!("/ColorSpace << /C [/DeviceN [{names}] /DeviceGray 20 0 R] >>");
        let mut pdf = page(&space, &format!("/C cs {} sc 0 0 9 9 re f", "0 ".repeat(inputs)));
        let (domain, size) = ("0 1 ".repeat(inputs), "2 ".repeat(inputs));
        let entries = format!("/FunctionType 0 /Domain [{domain}] /Range [0 1] /Size [{size}] /BitsPerSample 8");
        pdf.packed_stream(20, &entries, &vec![0; 1 << inputs]);
        looked_through(pdf)
    };
    assert!(is_too_much(table(12)));
    assert!(named(table(6)).is_empty());
}

#[test]
fn functions_as_programs_write_them_are_drawn() {
    for (what, resources, content) in PLACES.into_iter().filter(|(what, ..)| !what.starts_with("transfer")) {
        for function in [within_each_other(4, 3), procedures(20)] {
            let mut pdf = page(resources, content);
            function(&mut pdf);
            let found = named(looked_through(pdf));
            assert!(!found.contains(&"nested-too-deep"), "{what}: {found:?}");
        }
    }
}

const PLACES: [(&str, &str, &str); 7] = [
    ("shading", "/Shading << /S << /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 9 0] /Function 20 0 R >> >>", "/S sh"),
    ("tint", "/ColorSpace << /C [/Separation /X /DeviceGray 20 0 R] >>", "/C cs 1 sc 0 0 9 9 re f"),
    ("image", "/XObject << /I 10 0 R >>", "/I Do"),
    ("mask of an image", "/XObject << /I 11 0 R >>", "/I Do"),
    ("inline image", "/ColorSpace << /C [/Separation /X /DeviceGray 20 0 R] >>", "BI /W 1 /H 1 /BPC 8 /CS /C ID a EI"),
    ("transfer", "/ExtGState << /G << /TR 20 0 R >> >>", "/G gs 0 0 9 9 re f"),
    ("transfer of a mask", "/ExtGState << /G << /SMask << /S /Alpha /G 12 0 R /TR 20 0 R >> >> >>", "/G gs 0 0 9 9 re f"),
];

fn page(resources: &str, content: &str) -> Pdf {
    let mut pdf = Pdf::of_one_page(resources, content.as_bytes());
    let image = |more: &str| format!("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 {more}");
    let tinted = image("/ColorSpace [/Separation /X /DeviceGray 20 0 R]");
    pdf.stream(10, &tinted, b"0");
    pdf.stream(11, &image("/ColorSpace /DeviceGray /SMask 10 0 R"), b"0");
    pdf.stream(12, "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Group << /S /Transparency /CS /DeviceGray >>", b"");
    pdf
}

/// Each names the next so often.
fn within_each_other(depth: usize, times: usize) -> Box<dyn Fn(&mut Pdf)> {
    Box::new(move |pdf| {
        let number = |level| if level == 0 { 20 } else { 2_000 + level };
        for level in 0..depth {
            let functions = format!("{} 0 R ", number(level + 1)).repeat(times);
            let bounds: String = (1..times).map(|place| format!("{} ", place as f64 / times as f64)).collect();
            let entries = format!("/Functions [{functions}] /Bounds [{bounds}] /Encode [{}]", "0 1 ".repeat(times));
            pdf.object(number(level), &format!("<< /FunctionType 3 /Domain [0 1] {entries} >>"));
        }
        pdf.object(number(depth), "<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [0] /C1 [1] >>");
    })
}

fn procedures(depth: usize) -> Box<dyn Fn(&mut Pdf)> {
    Box::new(move |pdf| {
        let program = "{ 1 1 eq ".repeat(depth) + &"{ 1 } if }".repeat(depth);
        pdf.packed_stream(20, "/FunctionType 4 /Domain [0 1] /Range [0 1]", program.as_bytes());
    })
}
