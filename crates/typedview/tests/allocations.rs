//! Allocations: no operation allocates as much as the memory has, except a copy onto itself that needs it.
//! It is separate because the allocator of the whole test program records every allocation.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use typedview::{RowStack, View, ViewMut, s};

struct Watching;

thread_local! {
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator, which fulfils the contract.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.set(LARGEST.get().max(layout.size()));
        // SAFETY: the caller guarantees a layout that is valid for `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller guarantees that this allocator, which is the system's, made the allocation with this
        // layout.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static WATCHING: Watching = Watching;

/// Returns the size of the largest allocation that `work` makes on this thread.
fn largest(work: impl FnOnce()) -> usize {
    LARGEST.set(0);
    work();
    LARGEST.get()
}

const SIDE: usize = 64;
const NBYTES: usize = SIDE * SIDE * 4;

fn table() -> Vec<u32> {
    (0..).take(SIDE * SIDE).collect()
}

#[test]
fn views_of_views_allocate_nothing() {
    let data = table();
    let view = View::from_slice(&data, [SIDE, SIDE]);
    let allocated = largest(|| {
        let part = view.slice(s![1.., ..;-2]).transpose().flip(0);
        let any = part.to_dyn().slice_axis(0, 1..).squeeze();
        let rows: u32 = view.rows().chain(view.rows()).map(|row| row.at(0)).sum();
        assert!(any.iter().count() > 0 && rows > 0 && view.lanes(0).len() == SIDE);
    });
    assert_eq!(allocated, 0);
}

#[test]
fn a_copy_between_two_memories_needs_no_third() {
    let (data, mut target) = (table(), vec![0; SIDE * SIDE]);
    let source = View::from_slice(&data, [SIDE, SIDE]);
    let mut target = ViewMut::from_slice(&mut target, [SIDE, SIDE]);
    let allocated = largest(|| {
        target.copy_from(&source);
        target.copy_from(&source.transpose());
        target.copy_from(&source.flip(0));
        target.copy_from(&source.slice(s![..1, ..]));
        target.reborrow().slice(s![.., ..;2]).copy_from(&source.slice(s![.., 1..;2]));
    });
    assert!(allocated < NBYTES / 8, "{allocated} bytes");
}

#[test]
fn a_shift_within_one_memory_needs_no_other() {
    let mut data = table();
    let cells = ViewMut::from_slice(&mut data, [SIDE, SIDE]).into_cells();
    let allocated = largest(|| {
        cells.slice_rows(1..).copy_from(&cells.slice_rows(..-1).to_cell_view());
        cells.slice_rows(..-1).copy_from(&cells.slice_rows(1..).to_cell_view());
        cells.slice(s![.., 2..]).copy_from(&cells.slice(s![.., ..-2]).to_cell_view());
        cells
            .slice(s![..32, ..])
            .copy_from(&cells.slice(s![32.., ..]).transpose().transpose().to_cell_view());
    });
    assert!(allocated < NBYTES / 8, "{allocated} bytes");
}

#[test]
fn a_table_that_is_transposed_or_reversed_in_place_needs_no_other_memory() {
    let mut data = table();
    let cells = ViewMut::from_slice(&mut data, [SIDE, SIDE]).into_cells();
    let allocated = largest(|| {
        cells.copy_from(&cells.transpose().to_cell_view());
        cells.copy_from(&cells.flip(0).flip(1).to_cell_view());
        cells.slice(s![..32, ..32]).copy_from(&cells.slice(s![..32, ..32]).transpose().to_cell_view());
    });
    assert!(allocated < NBYTES / 8, "{allocated} bytes");
}

#[test]
fn interleaved_parts_need_no_other_memory() {
    let mut data = table();
    let cells = ViewMut::from_slice(&mut data, [SIDE, SIDE]).into_cells();
    let allocated = largest(|| {
        cells.slice(s![.., ..;2]).copy_from(&cells.slice(s![.., 1..;2]).flip(0).to_cell_view());
        cells.slice(s![.., ..32]).copy_from(&cells.slice(s![.., 32..]).flip(0).flip(1).to_cell_view());
        cells.slice(s![..;2, ..]).copy_from(&cells.slice(s![1..;2, ..]).flip(1).to_cell_view());
    });
    assert!(allocated < NBYTES / 8, "{allocated} bytes");
}

#[test]
fn a_temporary_copy_is_as_large_as_what_is_copied() {
    let mut data = table();
    let cells = ViewMut::from_slice(&mut data, [SIDE, SIDE]).into_cells();
    let turned = largest(|| cells.copy_from(&cells.transpose().flip(0).to_cell_view()));
    assert_eq!(turned, NBYTES, "a quarter turn");
    let repeated = largest(|| cells.copy_from(&cells.slice(s![3..4, ..]).to_cell_view()));
    assert_eq!(repeated, NBYTES / SIDE, "one row, for all rows");
}

#[test]
fn rows_are_moved_not_copied() {
    let rows: Vec<Vec<u32>> = (0..4).map(|_| table()).collect();
    let allocated = largest(|| drop(RowStack::try_new(rows).unwrap().into_rows()));
    assert!(allocated < 1024, "{allocated} bytes");
}
