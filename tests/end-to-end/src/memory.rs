//! Looks into the memory of another process of ours for what should not be there.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

/// How often these bytes stand in the process's writable memory.
///
/// # Panics
/// When the kernel does not let us look: the process must be ours, and a descendant where Yama guards it.
pub fn occurrences(process: u32, needle: &[u8]) -> usize {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("the process is alive and ours");
    let mut memory = File::open(format!("/proc/{process}/mem")).expect("the process may be looked into");
    let mut found = 0;
    for (start, end) in maps.lines().filter_map(writable_range) {
        let mut bytes = vec![0; usize::try_from(end - start).expect("a mapping fits into memory")];
        let is_read = memory.seek(SeekFrom::Start(start)).is_ok() && memory.read_exact(&mut bytes).is_ok();
        // Guard pages and the like cannot be read, by nobody.
        found += if is_read { bytes.windows(needle.len()).filter(|window| *window == needle).count() } else { 0 };
    }
    found
}

/// The process that `parent` has started, such as a program under `timeout`.
///
/// # Panics
/// When there is not exactly one.
pub fn only_child_of(parent: u32) -> u32 {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).expect("the parent is alive");
    let mut children = children.split_whitespace().map(|child| child.parse().expect("a process number"));
    let child = children.next().expect("the parent has a child");
    assert!(children.next().is_none(), "the parent has several children");
    child
}

/// `start-end rw-p …`, of proc(5).
fn writable_range(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let range = (u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?);
    rest.starts_with("rw").then_some(range)
}
