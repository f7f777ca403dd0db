use std::alloc::{GlobalAlloc, Layout, System};
use std::arch::asm;
use std::mem::MaybeUninit;
use std::slice;

/// An allocator that wipes each block before it gives it back, except the large ones of documents and pictures.
///
/// The VERIFY command leaves this crate in plain buffers, which nobody can make wipe themselves. All of them are small.
pub(crate) struct WipingAllocator;

// SAFETY: every block comes from the system's allocator and goes back to it with the layout it was asked for.
// A small block that is resized is copied into a new one, and freed through here.
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
            if layout.size() <= LARGEST_WIPED {
                wipe(slice::from_raw_parts_mut(block.cast(), layout.size()));
            }
            System.dealloc(block, layout);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's promises are those that the system's allocator asks for, and make `new` a layout; of both
        // blocks only what they share is copied.
        unsafe {
            if layout.size() > LARGEST_WIPED {
                return System.realloc(block, layout, new_size);
            }
            let new = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !new.is_null() {
                new.copy_from_nonoverlapping(block, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

/// In bytes. A VERIFY command has 21, a card's longest answer 4,096, and a shell that keeps its record of a touch in one
/// piece stays below this.
const LARGEST_WIPED: usize = 64 * 1024;

/// Writes that the compiler may not leave out, although nobody reads them.
fn wipe(block: &mut [MaybeUninit<u8>]) {
    block.fill(MaybeUninit::new(0));
    // SAFETY: not an instruction; it only says that somebody may look at the block now, so that it is zero first.
    unsafe { asm!("/* {} */", in(reg) block.as_ptr(), options(nostack, preserves_flags)) };
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

    #[test]
    fn a_block_keeps_its_bytes_while_it_becomes_large_and_small_again() {
        let layout = |size| Layout::from_size_align(size, 8).expect("a block");
        let (small, large, larger) = (layout(LARGEST_WIPED), layout(LARGEST_WIPED + 1), layout(8 * LARGEST_WIPED));
        // SAFETY: as above.
        unsafe {
            let block = WipingAllocator.alloc(small);
            block.write_bytes(7, LARGEST_WIPED);
            let block = WipingAllocator.realloc(block, small, large.size());
            let block = WipingAllocator.realloc(block, large, larger.size());
            let block = WipingAllocator.realloc(block, larger, 16);
            assert_eq!(std::slice::from_raw_parts(block, 16), [7; 16]);
            WipingAllocator.dealloc(block, layout(16));
        }
    }
}
