//! Transposed copies: from every size around that of a tile, into memory at every distance from a cache line.
//! The naive model has small shapes only, which are no larger than the edges of a tile.

use typedview::{Element, Owned, Strided, View, ViewMut, s};

/// Returns element number `k` of a test, which differs from its neighbours.
trait Numbered: Element + PartialEq + std::fmt::Debug {
    fn numbered(k: usize) -> Self;
}

macro_rules! numbered {
    ($($type:ty: $make:expr;)*) => {$(
        impl Numbered for $type {
            fn numbered(k: usize) -> Self {
                let make: fn(usize) -> Self = $make;
                make(k)
            }
        }
    )*};
}

numbered! {
    u8: |k| (k % 251) as u8;
    u16: |k| (k % 65521) as u16;
    f32: |k| k as f32;
    f64: |k| k as f64;
    [u8; 3]: |k| [k as u8, (k >> 8) as u8, (k >> 16) as u8];
    [u64; 2]: |k| [k as u64, !(k as u64)];
    [u64; 5]: |k| [k as u64; 5];
}

/// Copies a transposed table, and compares each element. The target is inside a larger table, whose other elements must stay.
fn copies<T: Numbered>(rows: usize, columns: usize, before: usize, pad: usize) {
    let source = Owned::from_fn([rows, columns], |[i, j]| T::numbered(1 + i * columns + j));
    let nothing = T::numbered(0);
    let width = rows + pad;
    let mut memory = vec![nothing; before + columns * width];
    let mut target = ViewMut::from_slice(&mut memory[before..], [columns, width]);
    target.slice_mut(s![.., 0..rows]).copy_from(&source.view().transpose());
    for (k, element) in memory.iter().enumerate() {
        let expected = match k.checked_sub(before).map(|k| (k / width.max(1), k % width.max(1))) {
            Some((j, i)) if i < rows => T::numbered(1 + i * columns + j),
            _ => nothing,
        };
        assert_eq!(*element, expected, "{rows} x {columns}, {before} before, element {k}");
    }
}

fn around_tiles<T: Numbered>() {
    let side = (64 / size_of::<T>()).max(4);
    for rows in [0, 1, side - 1, side, side + 1, 2 * side + 3] {
        for columns in [1, side - 1, side, 3 * side - 1] {
            copies::<T>(rows, columns, 0, 0);
            copies::<T>(rows, columns, 3, 5);
        }
    }
}

#[test]
fn every_element_arrives_whatever_its_size() {
    around_tiles::<u8>();
    around_tiles::<u16>();
    around_tiles::<f32>();
    around_tiles::<f64>();
    around_tiles::<[u8; 3]>();
    around_tiles::<[u64; 2]>();
    around_tiles::<[u64; 5]>();
}

#[test]
fn large_copies_begin_at_any_distance_from_a_line() {
    // 1,032 x 8 bytes are a multiple of a line, and 1,040 x 1,032 x 8 bytes are more than 8 MiB.
    for before in [0, 1, 7, 8] {
        copies::<f64>(1032, 1040, before, 0);
    }
    copies::<f64>(1031, 1043, 1, 0);
    copies::<f32>(1024, 1030, 5, 16);
    copies::<u8>(2048, 2050, 7, 64);
    copies::<[u64; 2]>(512, 522, 1, 4);
}

#[test]
fn neither_side_needs_alignment() {
    let (rows, columns) = (776, 784);
    for misaligned in [0, 1, 4, 8] {
        let mut bytes = vec![0xff_u8; misaligned + 8 * rows * columns + 9];
        let source = Owned::from_fn([rows, columns], |[i, j]| 1 + i * columns + j);
        let part = &mut bytes[misaligned..misaligned + 8 * rows * columns];
        let mut target = ViewMut::from(part).reinterpret::<usize>().reshape([columns, rows]);
        target.copy_from(&source.view().transpose());
        assert!(target.view() == source.view().transpose());
        let mut back = Owned::zeroed([rows, columns]);
        back.view_mut().copy_from(&target.view().transpose());
        assert!(back.view() == source.view());
        assert!(bytes[..misaligned].iter().chain(&bytes[bytes.len() - 9..]).all(|byte| *byte == 0xff));
    }
}

#[test]
fn planes_of_a_table_of_three_axes_are_copied() {
    let source = Owned::from_fn([19, 35, 67], |[i, j, k]| (i * 35 + j) * 67 + k);
    let all: View<'_, usize, Strided<3>> = source.view().to_strided();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        for view in [all.permute(&order), all.permute(&order).flip(0), all.permute(&order).flip(2).flip(1)] {
            let copy = view.to_owned();
            let mut target = Owned::zeroed([view.shape()[0], view.shape()[1], view.shape()[2]]);
            target.view_mut().copy_from(&view);
            assert!(copy.view() == view && target.view() == view, "{order:?}");
        }
    }
}
