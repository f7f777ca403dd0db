//! Signing in fields that somebody laid out, certifying, locking, and the older form of signature.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::{Change, ChangeKind, Permission, SignatureField, SignatureProblem, changes_after, signatures};
use pades::{PdfProblem, PrepareOptions, Prepared, Target, find_unsigned, prepare};
use support::{fill_in, options, vector, vectors};
use update::updated;

#[test]
fn an_empty_field_is_signed_where_it_stands() {
    let original = with_field("<< /FT /Sig /T (Buyer) /Subtype /Widget /Rect [72 72 200 100] /P 3 0 R >>");
    let (file, prepared) = prepared(&original, &in_field("Buyer")).expect("a field that waits");
    assert_eq!(find_unsigned(&file).expect("found").byte_range, prepared.byte_range);
    let found = fields(&file);
    assert_eq!((found.len(), found[0].field_name.as_deref(), found[0].problem), (1, Some("Buyer"), None));
    let written = String::from_utf8_lossy(&prepared.revision).into_owned();
    assert!(!written.contains("/Type /Page ") && !written.contains("Signature1"), "{written}");
}

#[test]
fn a_field_below_others_is_called_by_all_their_names() {
    let parent = "<< /T (contract) /FT /Sig /Kids [9 0 R 10 0 R] >>";
    let kid = |name: &str| format!("<< /T ({name}) /Parent 8 0 R /Subtype /Widget /Rect [0 0 9 9] >>");
    let original = updated(&with_field(parent), &[(9, &kid("seller")), (10, &kid("buyer"))]);
    let (file, _) = prepared(&original, &in_field("contract.buyer")).expect("a field that waits");
    assert_eq!(fields(&file)[0].field_name.as_deref(), Some("contract.buyer"));
    assert_eq!(refusal(&original, &in_field("contract.witness")), PdfProblem::NoSuchField);
    assert_eq!(refusal(&original, &in_field("buyer")), PdfProblem::NoSuchField);
}

#[test]
fn fields_are_found_in_every_layout_that_programs_write() {
    for name in vectors("reads-") {
        let once = signed(&vector(&name), &options());
        let own = fields(&once).last().and_then(|field| field.field_name.clone()).expect("a name");
        assert_eq!(refusal(&once, &in_field(&own)), PdfProblem::FieldTaken, "{name}");
    }
}

#[test]
fn what_is_no_empty_signature_field_is_not_signed() {
    let original = with_field("<< /FT /Tx /T (Name) >>");
    assert_eq!(refusal(&original, &in_field("Name")), PdfProblem::NoSuchField);
    assert_eq!(refusal(&vector("reads-table.pdf"), &in_field("Name")), PdfProblem::NoSuchField);
    let looped = "<< /T (a) /Kids [8 0 R] >>";
    let deep = vec!["a"; 40].join(".");
    assert!(matches!(refusal(&with_field(looped), &in_field(&deep)), PdfProblem::TooMany { .. }));
}

#[test]
fn a_time_stamps_type_around_a_signatures_form_is_neither_and_the_reverse_a_time_stamp() {
    for (kind, form, is_such) in [
        ("Sig", "ETSI.CAdES.detached", true),
        ("DocTimeStamp", "ETSI.CAdES.detached", false),
        ("Sig", "ETSI.RFC3161", true),
        ("DocTimeStamp", "ETSI.RFC3161", true),
    ] {
        let value = format!("<< /Type /{kind} /SubFilter /{form} /ByteRange [0 1 2 3] /Contents <00> >>");
        let file = updated(&with_field("<< /FT /Sig /T (Buyer) /V 9 0 R >>"), &[(9, &value)]);
        let found = fields(&file).remove(0);
        assert_eq!(found.sub_filter.as_deref(), is_such.then_some(form), "{kind}");
        assert_eq!(found.is_time_stamp, form == "ETSI.RFC3161", "{kind} {form}");
    }
}

#[test]
fn a_field_that_demands_another_form_is_refused() {
    let demanding = |seed: &str| with_field(&format!("<< /FT /Sig /T (Buyer) /SV << /Type /SV {seed} >> >>"));
    let wanted = |seed: &str| prepared(&demanding(seed), &in_field("Buyer")).map(|_| ());
    assert_eq!(wanted("/Ff 2 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached]"), Ok(()));
    assert_eq!(wanted("/SubFilter [/adbe.pkcs7.detached]"), Ok(()));
    for seed in ["/Ff 2 /SubFilter [/adbe.pkcs7.detached]", "/Ff 1 /Filter /Other", "/Ff 8 /Reasons [(mine)]", "/MDP << /P 1 >>"]
    {
        assert!(matches!(wanted(seed), Err(PdfProblem::FieldDemands { .. })), "{seed}");
    }
}

#[test]
fn who_certifies_decides_what_may_follow() {
    let original = vector("reads-table.pdf");
    for (permission, then) in [
        (Permission::Nothing, Err(PdfProblem::NoChangesAllowed)),
        (Permission::FormFillingAndSigning, Ok(())),
        (Permission::AnnotationsToo, Ok(())),
    ] {
        let certified = signed(&original, &certifying(permission));
        assert_eq!(prepared(&certified, &options()).map(|_| ()), then, "{permission:?}");
        assert_eq!(refusal(&certified, &certifying(permission)).code(), "E-PDF-07");
        let stamped = signed(&certified, &time_stamp());
        assert_eq!(changes(&stamped), [], "{permission:?}");
    }
}

#[test]
fn only_the_first_signer_certifies() {
    let once = signed(&vector("reads-table.pdf"), &options());
    let again = refusal(&once, &certifying(Permission::FormFillingAndSigning));
    assert_eq!(again, PdfProblem::CertificationNotFirst);
    let stamped = signed(&vector("reads-table.pdf"), &time_stamp());
    assert!(prepared(&stamped, &certifying(Permission::FormFillingAndSigning)).is_ok());
}

#[test]
fn a_lock_is_signed_and_holds_from_then_on() {
    let lock = "/Lock << /Type /SigFieldLock /Action /Include /Fields [(Price)] >>";
    let original = updated(
        &with_fields("[8 0 R 9 0 R 10 0 R]", &format!("<< /FT /Sig /T (Buyer) {lock} >>")),
        &[(9, "<< /FT /Tx /T (Price) /V (1) >>"), (10, "<< /FT /Tx /T (Remark) /V (1) >>")],
    );
    let file = signed(&original, &in_field("Buyer"));
    assert!(String::from_utf8_lossy(&file).contains("/TransformMethod /FieldMDP"));
    assert_eq!(kinds(&updated(&file, &[(10, "<< /FT /Tx /T (Remark) /V (2) >>")])), []);
    assert_eq!(kinds(&updated(&file, &[(9, "<< /FT /Tx /T (Price) /V (2) >>")])), [ChangeKind::FormField]);
}

#[test]
fn a_lock_holds_under_every_name_that_a_field_has() {
    let lock = |lock: &str| format!("<< /FT /Sig /T (Buyer) /Lock << /Type /SigFieldLock {lock} >> >>");
    let (price, all_but_price) = (lock("/Action /Include /Fields [(Price)]"), lock("/Action /Exclude /Fields [(Price.net)]"));
    let kid = |parent: &str, value: u8| format!("<< /FT /Tx {parent} /V ({value}) >>");
    for (lock, parent, found) in [
        (&price, "/Parent 9 0 R", vec![ChangeKind::FormField]),
        (&price, "", vec![ChangeKind::FormField]),
        (&price, "/Parent 11 0 R", vec![ChangeKind::FormField]),
        (&price, "/Parent 10 0 R", vec![ChangeKind::FormField]),
        (&all_but_price, "/T (net) /Parent 9 0 R", vec![]),
        (&all_but_price, "/T (net)", vec![]),
        (&all_but_price, "/T (net) /Parent 11 0 R", vec![ChangeKind::FormField]),
    ] {
        let above = [(9, "<< /FT /Tx /T (Price) /Kids [10 0 R] >>"), (11, "<< /FT /Tx /T (Other) >>")];
        let kids = |value| kid(parent, value);
        let original = updated(&with_fields("[8 0 R 9 0 R 11 0 R]", lock), &[above.as_slice(), &[(10, &kids(1))]].concat());
        let file = signed(&original, &in_field("Buyer"));
        assert_eq!(kinds(&updated(&file, &[(10, &kids(2))])), found, "{lock} {parent}");
    }
}

#[test]
fn a_lock_holds_for_the_value_that_a_field_inherits() {
    let buyer =
        |name: &str| format!("<< /FT /Sig /T (Buyer) /Lock << /Type /SigFieldLock /Action /Include /Fields [({name})] >> >>");
    let price = |value: u8| format!("<< /FT /Tx /T (Price) /V ({value}) /Kids [10 0 R] >>");
    for (name, found) in
        [("Price.net", vec![ChangeKind::FormField]), ("Price.net.more", vec![ChangeKind::FormField]), ("Prices.net", vec![])]
    {
        let fields = [(9, price(1)), (10, "<< /T (net) /Parent 9 0 R >>".into())];
        let fields: Vec<(u32, &str)> = fields.iter().map(|(number, field)| (*number, field.as_str())).collect();
        let file = signed(&updated(&with_fields("[8 0 R 9 0 R]", &buyer(name)), &fields), &in_field("Buyer"));
        assert_eq!(kinds(&updated(&file, &[(9, &price(2))])), found, "{name}");
    }
}

#[test]
fn what_a_signature_permits_holds_where_the_catalogue_does_not_know_of_it() {
    let reference = |permission: u8| {
        format!("<< /TransformMethod 13 0 R /TransformParams << /Type /TransformParams /P {permission} /V /1.2 >> >>")
    };
    for (references, found) in [
        (format!("[{}]", reference(1)), vec![ChangeKind::FormField]),
        (reference(1), vec![ChangeKind::FormField]),
        (format!("[{}]", reference(2)), vec![]),
    ] {
        let signature = format!("<< /Type /Sig /ByteRange [0 1 2 3] /Contents <01> /Reference {references} >>");
        let field = |value: u8| format!("<< /FT /Tx /T (Remark) /V ({value}) >>");
        let original = updated(
            &with_fields("[8 0 R 9 0 R]", "<< /FT /Sig /T (Buyer) /V 12 0 R >>"),
            &[(9, &field(1)), (12, &signature), (13, "/DocMDP")],
        );
        assert_eq!(kinds(&updated(&original, &[(9, &field(2))])), found, "{references}");
    }
}

#[test]
fn a_locked_field_is_not_signed_and_a_lock_can_forbid_every_later_signature() {
    let locked = |lock: &str| {
        let first = format!("<< /FT /Sig /T (Buyer) /Lock << {lock} >> >>");
        let original = updated(&with_fields("[8 0 R 9 0 R]", &first), &[(9, "<< /FT /Sig /T (Seller) >>")]);
        signed(&original, &in_field("Buyer"))
    };
    let others = locked("/Action /Exclude /Fields [(Buyer)]");
    assert_eq!(refusal(&others, &in_field("Seller")), PdfProblem::FieldLocked);
    assert!(prepared(&others, &options()).is_ok());
    let closed = locked("/Action /Include /Fields [] /P 1");
    assert_eq!(refusal(&closed, &options()), PdfProblem::NoChangesAllowed);
    assert_eq!(refusal(&closed, &in_field("Seller")), PdfProblem::NoChangesAllowed);
}

#[test]
fn two_signatures_in_one_revision_break_each_other() {
    let dictionary = "<< /Type /Sig /ByteRange [0 BBBBBBBBBB EEEEEEEEEE RRRRRRRRRR] /Contents <00> >>";
    let field = |name: &str, value: u32| format!("<< /FT /Sig /T ({name}) /V {value} 0 R >>");
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [8 0 R 9 0 R] >> >>";
    let original = vector("reads-table.pdf");
    let mut file =
        updated(&original, &[(1, catalog), (8, &field("A", 20)), (9, &field("B", 21)), (20, dictionary), (21, dictionary)]);
    let mut from = 0;
    for _ in 0..2 {
        let hole = from + file[from..].windows(4).position(|window| window == b"<00>").expect("a hole");
        for (mark, number) in [(b'B', hole), (b'E', hole + 4), (b'R', file.len() - hole - 4)] {
            let place = from + file[from..].windows(10).position(|window| window == [mark; 10]).expect("a mark");
            file[place..place + 10].copy_from_slice(format!("{number:<10}").as_bytes());
        }
        from = hole + 4;
    }
    let found = fields(&file);
    assert!(found.iter().all(|field| field.problem == Some(SignatureProblem::NotAlone)), "{found:?}");
}

#[test]
fn more_signatures_than_people_make_are_refused() {
    let many: Vec<(u32, &str)> = (1_000..1_600).map(|number| (number, "<< /Type /Sig >>")).collect();
    let file = updated(&vector("reads-table.pdf"), &many);
    assert!(matches!(signatures(&Document::open(&file).expect("sound")), Err(PdfProblem::TooMany { .. })));
}

#[test]
fn the_older_form_is_prepared_with_its_name_and_time() {
    let (file, _) = prepared(&vector("reads-table.pdf"), &PrepareOptions { target: Target::Pkcs7, ..options() }).expect("sound");
    let found = find_unsigned(&file).expect("found");
    assert_eq!(found.target, Target::Pkcs7);
    assert_eq!(found.declared_name, options().declared_name);
    assert_eq!(found.signing_time(), Some(options().claimed_time));
    let (pades, _) = prepared(&vector("reads-table.pdf"), &options()).expect("sound");
    assert_eq!(find_unsigned(&pades).expect("found").signing_time(), None);
}

#[test]
fn a_time_stamp_names_nobody_and_is_nothing_to_sign() {
    let (file, _) = prepared(&vector("reads-table.pdf"), &time_stamp()).expect("sound");
    let own = &fields(&file)[0];
    assert!(own.is_time_stamp && own.name.is_none() && own.claimed_time.is_none() && own.problem.is_none());
    assert!(matches!(find_unsigned(&file), Err(PdfProblem::UnsignedSignatureMalformed { .. })));
}

#[test]
fn nothing_about_a_person_is_printed() {
    let (file, _) = prepared(&vector("reads-table.pdf"), &options()).expect("sound");
    let printed = format!("{:?} {:?} {:?}", options(), find_unsigned(&file), fields(&file));
    assert!(!printed.contains("練習") && !printed.contains("example.jp"), "{printed}");
}

fn with_field(field: &str) -> Vec<u8> {
    with_fields("[8 0 R]", field)
}

fn with_fields(all: &str, first: &str) -> Vec<u8> {
    let catalog = format!("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields {all} >> >>");
    updated(&vector("reads-table.pdf"), &[(1, &catalog), (8, first)])
}

fn in_field(name: &str) -> PrepareOptions {
    PrepareOptions { field: Some(name.to_owned()), ..options() }
}

fn certifying(permission: Permission) -> PrepareOptions {
    PrepareOptions { certification: Some(permission), ..options() }
}

fn time_stamp() -> PrepareOptions {
    PrepareOptions { target: Target::DocumentTimeStamp, ..options() }
}

fn prepared(original: &[u8], options: &PrepareOptions) -> Result<(Vec<u8>, Prepared), PdfProblem> {
    let prepared = prepare(&original, options)?;
    Ok(([original, &prepared.revision].concat(), prepared))
}

fn refusal(original: &[u8], options: &PrepareOptions) -> PdfProblem {
    prepared(original, options).expect_err("not to be signed in this way")
}

fn signed(original: &[u8], options: &PrepareOptions) -> Vec<u8> {
    let (mut file, prepared) = prepared(original, options).expect("to be signed in this way");
    fill_in(&mut file, &prepared.byte_range);
    file
}

fn fields(file: &Vec<u8>) -> Vec<SignatureField> {
    signatures(&Document::open(file).expect("sound")).expect("readable")
}

fn changes(file: &Vec<u8>) -> Vec<Change> {
    let document = Document::open(file).expect("sound");
    let first = signatures(&document).expect("readable").remove(0);
    changes_after(&document, first.revision_index).expect("readable")
}

fn kinds(file: &Vec<u8>) -> Vec<ChangeKind> {
    changes(file).into_iter().map(|change| change.what).collect()
}
