use std::time::SystemTime;

use pades::report::Report;
use pades::revision::Change;
use pades::{
    Check, CheckKind, CheckResult, Fact, PathProblem, Person, RevocationAnswer, SignatureVerdict, Signer, Verdict, VerdictState,
};
use serde_json::{Value, json};

use crate::failure::Exit;
use crate::moment::{day, second};
use crate::voice::Voice;

/// What is shown of the holder of a My Number card: nothing, unless somebody asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum People {
    Masked,
    Shown,
}

/// A file without any signature is no verdict on one.
pub(crate) fn exit(verdict: &Verdict) -> Exit {
    match verdict.state {
        _ if verdict.is_unsigned() => Exit::Unreadable,
        state => exit_of(state),
    }
}

pub(crate) fn exit_of(state: VerdictState) -> Exit {
    match state {
        VerdictState::Valid => Exit::Done,
        VerdictState::ValidInPart => Exit::ValidInPart,
        VerdictState::Invalid => Exit::Invalid,
    }
}

/// Of what this program made itself. Whoever signs need not name a root: not to know one then says nothing against the
/// signature, and `verify --trust` judges it.
pub(crate) fn exit_after_making(verdict: &Verdict, is_root_given: bool) -> Exit {
    let no_root = CheckResult::Failed(Fact::Path(PathProblem::NoKnownRoot));
    let checks = verdict.signatures.iter().flat_map(|signature| &signature.checks).chain([&verdict.file]);
    let mut results = checks.map(|check| check.result).filter(|result| is_root_given || *result != no_root);
    if results.any(|result| matches!(result, CheckResult::Failed(_))) { Exit::Invalid } else { Exit::Done }
}

pub(crate) fn text(verdict: &Verdict, people: People, voice: &Voice) -> String {
    if verdict.is_unsigned() {
        return voice.word("no-signature");
    }
    let mut lines = vec![voice.word(&format!("state-{}", verdict.state.code()))];
    if verdict.signatures.is_empty() {
        lines.push(check_line(&verdict.file, voice));
    }
    for (index, signature) in verdict.signatures.iter().enumerate() {
        lines.push(signature_title(index, signature, people, voice));
        lines.extend(facts(signature, people, voice).into_iter().map(|fact| format!("  {fact}")));
        lines.extend(signature.checks.iter().map(|check| check_line(check, voice)));
    }
    lines.join("\n")
}

/// The library's own report, whose codes a page shows as well.
pub(crate) fn object(verdict: &Verdict, people: People) -> Value {
    let report = Report::from(verdict);
    let report = if people == People::Shown { report } else { report.masked() };
    let mut object = json!(report);
    if let (true, Some(state)) = (verdict.is_unsigned(), object.get_mut("state")) {
        *state = "unsigned".into();
    }
    object
}

fn signature_title(index: usize, signature: &SignatureVerdict, people: People, voice: &Voice) -> String {
    let signer = signature.signer.as_ref().map_or_else(|| voice.word("signer-unknown"), |signer| called(signer, people, voice));
    let state = voice.word(&format!("state-{}", signature.state.code()));
    voice.filled("signature-title", &[("number", (index + 1).to_string()), ("signer", signer), ("state", state)])
}

fn called(signer: &Signer, people: People, voice: &Voice) -> String {
    match (&signer.person, people) {
        _ if signer.names_person && people == People::Masked => voice.word("signer-hidden"),
        (Some(person), _) => person.name.clone(),
        (None, _) => signer.common_name.clone().unwrap_or_else(|| voice.word("signer-unknown")),
    }
}

/// Who, when, what was covered, what changed since.
fn facts(signature: &SignatureVerdict, people: People, voice: &Voice) -> Vec<String> {
    let person = signature.signer.as_ref().and_then(|signer| signer.person.as_ref());
    let mut facts = match (person, people) {
        (Some(person), People::Shown) => items(person, voice),
        _ => Vec::new(),
    };
    // A card's certificate ends on a birthday.
    if let Some(signer) = signature.signer.as_ref().filter(|signer| !signer.names_person || people == People::Shown) {
        facts.push(voice.filled("signature-until", &[("until", day(signer.not_after))]));
    }
    for (key, time) in [("signature-claimed", signature.claimed.time), ("signature-proven", signature.proven_time)] {
        facts.extend(time.map(|time| voice.filled(key, &[("time", second(time))])));
    }
    facts.extend(signature.revocation.iter().map(|answer| answer_line(answer, signature.proven_time, voice)));
    let is_range_broken = signature.checks.iter().any(|check| check.what == CheckKind::ByteRange && is_failed(check));
    facts.push(match signature.covers_whole_document {
        _ if is_range_broken => voice.word("covers-unknown"),
        true => voice.word("covers-whole"),
        false => voice.filled("covers-revision", &[("revision", (signature.revision + 1).to_string())]),
    });
    let altered = Check { what: CheckKind::MessageDigest, result: CheckResult::Failed(Fact::DocumentChanged) };
    let is_altered = signature.checks.contains(&altered);
    facts.extend(is_altered.then(|| voice.word("changed-signed-part")));
    for (key, changes) in [("changed-since", &signature.changes), ("added-since", &signature.permitted_changes)] {
        facts.extend(list_of(key, changes, voice));
    }
    facts
}

/// Each kind once; nothing if there is none.
fn list_of(key: &str, changes: &[Change], voice: &Voice) -> Option<String> {
    let mut kinds: Vec<String> = changes.iter().map(|change| voice.word(&format!("change-{}", change.what.code()))).collect();
    kinds.sort();
    kinds.dedup();
    let what = kinds.join(&voice.word("list-comma"));
    (!kinds.is_empty()).then(|| voice.filled(key, &[("what", what)]))
}

/// Who answered about revocation, when, and what.
fn answer_line(answer: &RevocationAnswer, proven: Option<SystemTime>, voice: &Voice) -> String {
    let since = answer.status.revoked().map(|revoked| revoked.since);
    let is_later = since.zip(proven).is_some_and(|(since, proven)| since > proven);
    let name = answer.name.clone().unwrap_or_else(|| voice.word("signer-unknown"));
    let values = [
        ("about", voice.word(&format!("about-{}", answer.about.code()))),
        ("by", voice.filled(&format!("by-{}", answer.by.code()), &[("name", name)])),
        ("time", second(answer.as_of)),
        ("since", since.map(second).unwrap_or_default()),
    ];
    let key = format!("revocation-{}", answer.status.code());
    voice.filled(&if is_later { format!("{key}-later") } else { key }, &values)
}

fn is_failed(check: &Check) -> bool {
    matches!(check.result, CheckResult::Failed(_))
}

fn items(person: &Person, voice: &Voice) -> Vec<String> {
    let birth = person.birth;
    let born = format!("{:04}-{:02}-{:02}", birth.year, birth.month, birth.day);
    let sex = match person.sex {
        pades::Sex::Male => "sex-male",
        pades::Sex::Female => "sex-female",
        pades::Sex::Unknown => "sex-unknown",
    };
    [("person-address", person.address.clone()), ("person-birth", born), ("person-sex", voice.word(sex))]
        .map(|(key, value)| voice.filled(key, &[("value", value)]))
        .to_vec()
}

fn check_line(check: &Check, voice: &Voice) -> String {
    let mark = voice.word(&format!("mark-{}", check.result.code()));
    let what = voice.word(&format!("check-{}", check.what.code()));
    match check.result.fact() {
        Some(Fact::ReadersCanDisagree(ambiguity)) => {
            let fact = voice.word("fact-readers_can_disagree");
            format!("  {mark} {what}: {fact}: {}", voice.word(&format!("ambiguity-{}", ambiguity.code())))
        }
        Some(fact) => format!("  {mark} {what}: {}", voice.word(&format!("fact-{}", fact.code()))),
        None => format!("  {mark} {what}"),
    }
}
