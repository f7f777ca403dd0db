use std::alloc::{GlobalAlloc, Layout, System};
use std::mem::MaybeUninit;
use std::slice;

use zeroize::Zeroize;

/// An allocator that wipes each block before it gives it back.
///
/// The VERIFY command leaves this crate in plain buffers, which nobody can make wipe themselves.
pub(crate) struct WipingAllocator;

// SAFETY: every block comes from the system's allocator and goes back to it with the layout it was asked for.
// `realloc` keeps its provided form, which allocates, copies and frees through here.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives up a block of this layout, so until it is freed nobody else reads or writes it.
        unsafe {
            wipe(slice::from_raw_parts_mut(block.cast(), layout.size()));
            System.dealloc(block, layout);
        }
    }
}

/// Writes that the compiler may not leave out, although nobody reads them.
fn wipe(block: &mut [MaybeUninit<u8>]) {
    block.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_zero_when_it_is_given_back() {
        let mut block = [MaybeUninit::new(0x50); 40];
        wipe(&mut block);
        // SAFETY: all of it was written, first here and then by the wiping.
        assert!(block.iter().all(|byte| unsafe { byte.assume_init() } == 0));
    }

    #[test]
    fn blocks_may_grow_and_shrink() {
        let layout = Layout::from_size_align(8, 4).expect("a small block");
        // SAFETY: each block is used within its layout and freed once, with the layout that it has then.
        unsafe {
            let block = WipingAllocator.alloc(layout);
            block.write_bytes(7, 8);
            let grown = WipingAllocator.realloc(block, layout, 64);
            assert_eq!(grown.add(7).read(), 7);
            let shrunk = WipingAllocator.realloc(grown, Layout::from_size_align(64, 4).expect("a small block"), 2);
            assert_eq!(shrunk.read(), 7);
            WipingAllocator.dealloc(shrunk, Layout::from_size_align(2, 4).expect("a small block"));
        }
    }
}
