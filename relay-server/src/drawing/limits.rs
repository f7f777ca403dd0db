//! What a child that reads a stranger's PDF may use.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Called after the fonts are opened and before the first byte of the document is looked at. What is open stays open;
/// nothing more can be opened, and nothing can be written to a file.
pub(super) fn confine() -> Result<(), rustix::io::Errno> {
    for (resource, limit) in LIMITS {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    Ok(())
}

const LIMITS: [(Resource, u64); 5] = [
    // A 50-MiB document, what its streams unfold to, fonts and one page's pixels.
    (Resource::As, 1536 * 1024 * 1024),
    // Seconds of processor time.
    (Resource::Cpu, 20),
    (Resource::Nofile, 0),
    (Resource::Fsize, 0),
    (Resource::Core, 0),
];
