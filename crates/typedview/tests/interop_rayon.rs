//! rayon: parts of views on several threads, which are the same parts as in a serial loop, each visited once.

#![cfg(feature = "rayon")]

use proptest::prelude::*;
use rayon::iter::plumbing::Producer;
use rayon::prelude::*;
use typedview::{C, GRAIN, Owned, RowStack, Slice, Strided, View, ViewMut};

fn table() -> Owned<i64, C<2>> {
    Owned::from_fn([300, 7], |[i, j]| (10 * i + j) as i64)
}

fn sum<L: typedview::Layout>(view: View<'_, i64, L>) -> i64 {
    view.iter().sum()
}

#[test]
fn sums_of_parts_are_those_of_the_serial_walk() {
    let table = table();
    let view = table.view();
    let serial: Vec<i64> = view.rows().map(sum).collect();
    assert_eq!(view.rows().into_par_iter().map(sum).collect::<Vec<_>>(), serial);
    let serial: Vec<i64> = view.chunks(64).map(sum).collect();
    assert_eq!(view.chunks(64).into_par_iter().map(sum).collect::<Vec<_>>(), serial);
    let serial: Vec<i64> = view.windows(3).map(sum).collect();
    assert_eq!(view.windows(3).into_par_iter().map(sum).collect::<Vec<_>>(), serial);
    for axis in 0..2 {
        let serial: Vec<i64> = view.lanes(axis).map(sum).collect();
        assert_eq!(view.lanes(axis).into_par_iter().map(sum).collect::<Vec<_>>(), serial);
    }
    assert_eq!(view.rows().into_par_iter().map(sum).sum::<i64>(), view.iter().sum());
}

#[test]
fn rows_are_written_apart() {
    let mut table = table();
    let before = table.view().to_vec();
    table.view_mut().rows().into_par_iter().for_each(|mut row| {
        for j in 0..row.size() {
            row.set(j, row.at(j) + 1);
        }
    });
    assert!(table.view().iter().zip(before).all(|(after, before)| after == before + 1));
}

#[test]
fn chunks_are_written_apart() {
    let mut data = vec![0; 1001];
    let chunks = ViewMut::from(&mut data).chunks(64);
    chunks.into_par_iter().enumerate().for_each(|(number, mut chunk)| chunk.fill(number));
    assert!(data.iter().enumerate().all(|(i, &number)| number == i / 64));
}

#[test]
fn lanes_are_written_apart() {
    let mut table = table();
    let columns = table.view_mut().flip(0).lanes(0);
    columns.into_par_iter().enumerate().for_each(|(number, mut column)| column.fill(number as i64));
    assert!(table.view().indexed_iter().all(|([_, j], element)| element == j as i64));
}

#[test]
fn rows_behind_pointers_are_visited_too() {
    let mut stack = RowStack::try_new(vec![vec![1i64; 5]; 100]).unwrap();
    stack.view_mut().rows().into_par_iter().enumerate().for_each(|(i, mut row)| row.fill(i as i64));
    assert_eq!(stack.view().rows().into_par_iter().map(sum).sum::<i64>(), 5 * 99 * 50);
}

#[test]
fn parts_keep_their_order_and_number() {
    let data: Vec<u32> = (0..1000).collect();
    let view = View::from(&data).slice_axis(0, Slice::from(..).step_by(-3));
    let rows = view.chunks(4).into_par_iter();
    assert_eq!(rows.len(), 84);
    assert_eq!(format!("{rows:?}"), "ParallelSubviewIter(SubviewIter(84 left))");
    let firsts: Vec<u32> = rows.rev().map(|chunk: View<'_, u32, Strided<1>>| chunk.at(0)).collect();
    let mut serial: Vec<u32> = view.chunks(4).map(|chunk| chunk.at(0)).collect();
    serial.reverse();
    assert_eq!(firsts, serial);
    let none: [[i32; 3]; 0] = [];
    assert_eq!(View::from(&none).rows().into_par_iter().count(), 0);
}

#[test]
fn what_has_been_taken_is_not_visited_again() {
    let data = [1, 2, 3, 4, 5];
    let mut rows = View::from_slice(&data, [5, 1]).rows();
    rows.next();
    rows.next_back();
    assert_eq!(rows.into_par_iter().map(|row| row.at(0)).collect::<Vec<_>>(), [2, 3, 4]);
}

proptest! {
    #[test]
    fn however_the_work_is_split_each_part_comes_once(
        extent in 0usize..60, rows in 1usize..9, most in 1usize..5, skip in 0usize..4,
    ) {
        let mut data = vec![0u8; extent];
        let chunks = ViewMut::from(&mut data).chunks(rows).into_par_iter();
        chunks.with_max_len(most).for_each(|mut chunk| {
            for i in 0..chunk.size() {
                chunk.set(i, chunk.at(i) + 1);
            }
        });
        prop_assert!(data.iter().all(|&visits| visits == 1));
        let view = View::from(&data);
        let start = |window: View<'_, u8, C<1>>| window.as_ptr().addr();
        let windows = view.windows(rows).into_par_iter().skip(skip).with_max_len(most);
        let serial: Vec<_> = view.windows(rows).skip(skip).map(start).collect();
        prop_assert_eq!(windows.map(start).collect::<Vec<_>>(), serial);
    }
}

#[test]
fn a_split_beyond_the_end_gives_no_part_twice() {
    let mut table = table();
    let (first, rest) = Producer::split_at(table.view_mut().chunks(1).into_par_iter(), 1);
    let (rest, none) = Producer::split_at(rest, usize::MAX);
    let counts = [first, rest, none].map(|parts| Producer::into_iter(parts).count());
    assert_eq!(counts, [1, 299, 0]);
}

/// A consumer that asks for parts in ways that no adaptor of rayon does.
struct Misuse;

impl<T: Send> rayon::iter::plumbing::ProducerCallback<T> for Misuse {
    type Output = Vec<T>;

    fn callback<P: Producer<Item = T>>(self, parts: P) -> Vec<T> {
        let (all, none) = parts.split_at(usize::MAX);
        let (none, nothing) = none.split_at(usize::MAX);
        let (front, back) = all.split_at(2);
        let (empty, back) = back.split_at(0);
        let mut taken = Vec::new();
        for producer in [nothing, none, back, empty, front] {
            let mut parts = producer.into_iter();
            let (count, before) = (parts.len(), taken.len());
            while let Some(part) = if taken.len() % 2 == 0 { parts.next_back() } else { parts.next() } {
                taken.push(part);
            }
            assert_eq!((taken.len() - before, parts.len()), (count, 0));
            assert!(parts.next().is_none() && parts.next_back().is_none());
        }
        taken
    }
}

#[test]
fn a_producer_that_is_misused_gives_each_part_once() {
    let mut data: Vec<u32> = (0..12).collect();
    let firsts = |rows: Vec<ViewMut<'_, u32, C<1>>>| {
        let mut firsts: Vec<u32> = rows.iter().map(|row| row.view().at(0)).collect();
        firsts.sort_unstable();
        firsts
    };
    let rows = ViewMut::from_slice(&mut data, [6, 2]).rows().into_par_iter().with_producer(Misuse);
    assert_eq!(firsts(rows), [0, 2, 4, 6, 8, 10]);
    for (axis, count) in [(0, 2), (1, 6)] {
        let lanes = ViewMut::from_slice(&mut data, [6, 2]).lanes(axis).into_par_iter();
        assert_eq!(lanes.with_producer(Misuse).len(), count);
    }
    for (rows, count) in [(usize::MAX, 1), (4, 2), (1, 6)] {
        let chunks =
            ViewMut::from_slice(&mut data, [6, 2]).chunks(rows).into_par_iter().with_producer(Misuse);
        assert_eq!((chunks.len(), chunks.iter().map(ViewMut::size).sum::<usize>()), (count, 12));
    }
    let table = View::from_slice(&data, [6, 2]);
    assert_eq!(table.windows(usize::MAX).into_par_iter().count(), 0);
    let longest = [isize::MAX as usize; 2];
    let none: View<'_, u32, C<3>> = View::from_slice(&[], [0, longest[0], longest[1]]);
    let (some, rest) = Producer::split_at(none.lanes(0).into_par_iter(), usize::MAX);
    assert_eq!((some.into_iter().len(), rest.into_iter().len()), (usize::MAX, 0));
}

/// Returns into how many pieces rayon divides the rows, and whether all of them ran on the calling thread.
fn pieces(table: View<'_, u8, C<2>>, grain: Option<usize>) -> (usize, bool) {
    let caller = std::thread::current().id();
    let rows = table.par_rows();
    let rows = match grain {
        Some(elements) => rows.with_grain(elements),
        None => rows,
    };
    let here = |all: bool, _row| all && std::thread::current().id() == caller;
    let pieces: Vec<bool> = rows.fold(|| true, here).collect();
    (pieces.len(), pieces.iter().all(|here| *here))
}

#[test]
fn work_of_less_than_two_grains_stays_on_the_calling_thread() {
    let data = vec![0; 2 * GRAIN];
    let columns = 256;
    let small = View::from_slice(&data[..2 * GRAIN - columns], [2 * GRAIN / columns - 1, columns]);
    assert_eq!(pieces(small, None), (1, true));
    assert!(pieces(small, Some(0)).0 > 1);
    let large = View::from_slice(&data, [2 * GRAIN / columns, columns]);
    assert!(pieces(large, None).0 > 1);
    assert_eq!(pieces(large, Some(usize::MAX)), (1, true));
}

#[test]
fn a_grain_counts_elements_whatever_the_parts_are() {
    let data = [0; 0];
    let no_columns = View::<u8, _>::from_slice(&data, [5, 0]);
    assert_eq!(no_columns.par_rows().count(), 5);
    assert_eq!(View::<u8, _>::from_slice(&data, [0, 5]).par_rows().count(), 0);
    let data = vec![0; 4 * GRAIN];
    assert_eq!(
        View::from(&data).par_chunks(3 * GRAIN).fold(|| 0, |count, _| count + 1).collect::<Vec<_>>().len(),
        2
    );
    assert_eq!(
        View::from(&data).try_par_chunks(0).unwrap_err().to_string(),
        "chunks and windows have at least one row"
    );
}
