use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{Ordering, compiler_fence};

/// The system's allocator, but what is freed is wiped first: a buffer that held a password and was grown, moved
/// or handed on leaves nothing behind.
pub(crate) struct WipingAllocator;

// SAFETY: every call is passed on to `System` with the layout it came with, and memory is written to only
// between the caller's `dealloc` and the system's, while it is still allocated. `realloc` is the trait's own:
// it allocates, copies and deallocates through the two functions below.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as for `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: `memory` was allocated here with `layout`, so that many bytes may be written; the fence keeps
        // the compiler from dropping a write that nobody reads.
        unsafe {
            memory.write_bytes(0, layout.size());
            compiler_fence(Ordering::SeqCst);
            System.dealloc(memory, layout);
        }
    }
}
