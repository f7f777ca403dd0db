//! What is left of a password in the memory of `kazasu`.

use end_to_end::memory::{occurrences, only_child_of};
use end_to_end::pcsc::{CardReader, Running};

use crate::kazasu::signing;

/// As long as a password can be, because the heap writes over the first 16 bytes of what is freed.
const PASSWORD: &str = "QZ4XV8WJ5TKC3HPB";

#[test]
fn once_the_card_has_the_password_it_is_nowhere_in_memory() {
    let slowly = ["--password", PASSWORD, "--signature-ms", "8000", "--fault", "verify 1 delay 4000", "--log"];
    let reader = CardReader::with_card(&slowly);
    let mut kazasu = Running::start(&mut signing(&reader));
    kazasu.say(&format!("{PASSWORD}\n"));
    reader.await_log("> 0020009B ********");
    let process = only_child_of(kazasu.process_id());
    assert!(occurrences(process, PASSWORD.as_bytes()) > 0, "the search finds what is there");

    reader.await_log("> 802A029A");
    for part in ["QZ4XV", "8WJ5T", "C3HPB"] {
        assert_eq!(occurrences(process, part.as_bytes()), 0, "a part of the password is still in memory");
    }
    assert_eq!(occurrences(process, &[0x00, 0x20, 0x00, 0x9B, 16]), 0, "the VERIFY command is still in memory");
    let signed = kazasu.finish();
    assert!(signed.success, "{signed:?}");
}
