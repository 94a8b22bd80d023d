//! Records: structs as elements, whose padding is never read or written, and views of their fields.
#![cfg(feature = "derive")]

use typedview::{
    C, CellView, CellViewMut, Dyn, Element, F, Indirect, Layout, Owned, RowStack, Slice, Strided, View,
    ViewMut, field, s, zip,
};

/// A record of 16 bytes: 1 of a flag, 7 of padding, 8 of a price.
#[derive(Clone, Copy, Debug, PartialEq, Element)]
#[repr(C)]
struct Aligned {
    flag: u8,
    price: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Element)]
#[repr(C, packed)]
struct Packed {
    flag: u8,
    price: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Element)]
#[repr(C)]
struct Day {
    open: f32,
    close: f32,
}

/// A record of 40 bytes, the last 4 of which are padding.
#[derive(Clone, Copy, Debug, PartialEq, Element)]
#[repr(C)]
struct Trade {
    best: Aligned,
    id: u64,
    day: Day,
    count: i32,
}

const GAP: u8 = 0xAB;

/// Returns records of another origin, in words of 8 bytes. Every byte of their padding is `GAP`.
fn foreign(records: &[Aligned]) -> Vec<u64> {
    let words = |record: &Aligned| {
        let mut first = [GAP; 8];
        first[0] = record.flag;
        [u64::from_ne_bytes(first), record.price.to_bits()]
    };
    records.iter().flat_map(words).collect()
}

fn three() -> Vec<u64> {
    foreign(&[aligned(1, 1.5), aligned(2, 2.5), aligned(3, 3.5)])
}

const fn aligned(flag: u8, price: f64) -> Aligned {
    Aligned { flag, price }
}

fn as_records(words: &mut [u64]) -> ViewMut<'_, Aligned, C<1>> {
    ViewMut::from(words).try_reinterpret().unwrap()
}

/// Returns the bytes of padding.
fn gaps(words: &[u64]) -> Vec<u8> {
    words.iter().step_by(2).flat_map(|word| word.to_ne_bytes().into_iter().skip(1)).collect()
}

#[test]
fn a_record_is_read_at_any_address() {
    let bytes = [&[9u8][..], &[7], &2.5f64.to_ne_bytes(), &[8], &4.5f64.to_ne_bytes()].concat();
    let layout = C::new([2], 9).unwrap();
    // SAFETY: `bytes` has two records of 9 bytes from its second byte on.
    let records = unsafe { View::<Packed, _>::from_raw_parts(bytes[1..].as_ptr().cast(), layout) };
    assert_eq!(records.to_vec(), [Packed { flag: 7, price: 2.5 }, Packed { flag: 8, price: 4.5 }]);
    assert_eq!(records.field(field!(Packed, price)).to_vec(), [2.5, 4.5]);
}

#[test]
fn writing_a_record_leaves_what_is_between_its_fields() {
    let (mut words, new) = (three(), aligned(9, 9.5));
    let mut records = as_records(&mut words);
    records.set(0, new);
    records.update(1, |record| aligned(record.flag + 10, record.price));
    let source = [new];
    zip((records.reborrow().slice_rows(2..), View::from(&source))).for_each(|(mut to, new)| to.set(new));
    assert_eq!(records.view().to_vec(), [new, aligned(12, 2.5), new]);
    records.fill(new);
    records.into_cells().set(1, aligned(0, 0.0));
    assert_eq!(words, foreign(&[new, aligned(0, 0.0), new]));
}

#[test]
fn copying_records_leaves_what_is_between_their_fields() {
    let (mut words, made) = (three(), [aligned(4, 4.0), aligned(5, 5.0), aligned(6, 6.0)]);
    as_records(&mut words).copy_from(&View::from(&made));
    assert_eq!(words, foreign(&made));
    as_records(&mut words)
        .slice_axis(0, Slice::from(..).step_by(2))
        .copy_from(&View::from(&made).slice_rows(..2));
    assert_eq!(words, foreign(&[made[0], made[1], made[1]]));
    // The records are copied onto themselves in both directions.
    let cells = as_records(&mut words).into_cells();
    cells.slice_rows(1..).copy_from(&cells.slice_rows(..-1).to_cell_view());
    cells.slice_rows(..-1).copy_from(&cells.slice_rows(1..).to_cell_view());
    assert_eq!(words, foreign(&[made[0], made[1], made[1]]));
}

#[test]
fn a_record_inside_a_record_keeps_its_padding_too() {
    let mut words = vec![u64::from_ne_bytes([GAP; 8]); 5];
    let day = Day { open: 1.0, close: 2.0 };
    let trade = Trade { best: aligned(1, 0.5), id: 7, day, count: -1 };
    let mut trades: ViewMut<'_, Trade, C<1>> = ViewMut::from(&mut words).try_reinterpret().unwrap();
    trades.set(0, trade);
    assert_eq!(trades.view().at(0), trade);
    assert_eq!(words[0].to_ne_bytes(), [1, GAP, GAP, GAP, GAP, GAP, GAP, GAP]);
    assert_eq!(words[4].to_ne_bytes()[4..], [GAP; 4]);
}

#[test]
fn an_array_of_records_keeps_their_padding_too() {
    let mut words = three();
    let pair = [aligned(8, 8.0), aligned(9, 9.0)];
    let mut pairs: ViewMut<'_, [Aligned; 2], C<1>> =
        ViewMut::from(&mut words[..4]).try_reinterpret().unwrap();
    pairs.set(0, pair);
    assert_eq!(pairs.view().at(0), pair);
    assert!(pairs.as_mut_slice().is_none());
    assert!(pairs.view().try_split::<u8>().is_err() && pairs.view().try_join::<u32>().is_err());
    assert_eq!(gaps(&words), [GAP; 21]);
}

#[cfg(feature = "ndarray")]
#[test]
fn arrays_become_owners_without_a_byte_that_was_never_written() {
    let array = ndarray::Array1::from(vec![aligned(1, 1.5); 3]);
    let (first, _, _memory) = Owned::from(array).into_raw_parts();
    // SAFETY: the memory has 3 records of 16 bytes, all initialised, and `_memory` keeps it alive.
    let words = unsafe { std::slice::from_raw_parts(first.cast::<u64>(), 6) };
    assert_eq!(gaps(words), [0; 21]);
}

#[test]
fn owned_records_have_no_byte_that_was_never_written() {
    let owned = [
        Owned::from(vec![aligned(1, 1.5); 3]),
        Owned::from_fn([3], |_| aligned(1, 1.5)),
        Owned::zeroed([3]),
        as_records(&mut three()).view().slice(s![..;-1]).to_owned(),
    ];
    for owned in owned {
        let (first, _, _memory) = owned.into_raw_parts();
        // SAFETY: the memory has 3 records of 16 bytes, all initialised, and `_memory` keeps it alive.
        let words = unsafe { std::slice::from_raw_parts(first.cast::<u64>(), 6) };
        assert_eq!(gaps(words), [0; 21]);
    }
}

#[test]
fn padding_is_kept_from_slices_to_write_and_from_bytes() {
    let mut words = three();
    let mut records = as_records(&mut words);
    let text =
        "Aligned has padding, which is kept from bytes and `&mut` slices: use values, or view its fields";
    assert!(records.as_mut_slice().is_none());
    assert_eq!(records.try_as_mut_slice().unwrap_err().to_string(), text);
    assert_eq!(records.view().try_reinterpret::<u8>().unwrap_err().to_string(), text);
    assert_eq!(records.view().as_slice().unwrap()[2], aligned(3, 3.5));
    let mut packed = [Packed { flag: 1, price: 2.0 }];
    assert!(ViewMut::from(&mut packed).as_mut_slice().is_some());
    assert_eq!(View::from(&packed).try_reinterpret::<u8>().unwrap().size(), 9);
}

#[cfg(feature = "ndarray")]
#[test]
fn padding_is_kept_from_arrays_to_write() {
    let mut words = three();
    assert!(ndarray::ArrayViewMut1::try_from(as_records(&mut words)).is_err());
    assert_eq!(ndarray::ArrayView1::try_from(as_records(&mut words).view()).unwrap()[1], aligned(2, 2.5));
}

fn trades() -> Vec<Trade> {
    let day = |i: u16| Day { open: i.into(), close: f32::from(i) + 0.5 };
    let trade = |i: u16| Trade { best: aligned(1, i.into()), id: 0, day: day(i), count: i.into() };
    (0..6).map(trade).collect()
}

#[test]
fn a_field_is_a_view_of_the_same_memory() {
    let mut trades = trades();
    let mut table = ViewMut::from_slice(&mut trades, [2, 3]);
    let closes: View<'_, f32, Strided<2>> = table.view().field(field!(Trade, day.close));
    assert_eq!((closes.shape(), closes.strides()), (&[2, 3][..], [120, 40]));
    assert_eq!(closes.at([1, 2]), 5.5);
    table.reborrow().field(field!(Trade, count)).slice(s![0, ..]).fill(-1);
    let cells = table.into_cells();
    let best = cells.to_cell_view().field(field!(Trade, best));
    assert_eq!(best.field(field!(Aligned, price)).at([1, 0]), 3.0);
    cells.field(field!(Trade, best.price)).set([0, 0], 8.0);
    assert_eq!(trades.iter().map(|trade| trade.count).collect::<Vec<_>>(), [-1, -1, -1, 3, 4, 5]);
    assert_eq!(trades[0].best, aligned(1, 8.0));
}

#[test]
fn a_field_is_there_in_every_layout() {
    fn counts<'a, L: Layout>(view: View<'a, Trade, L>) -> Vec<i32> {
        view.field(field!(Trade, count)).to_vec()
    }
    let trades = trades();
    let table: View<'_, Trade, C<2>> = View::from_slice(&trades, [2, 3]);
    let turned: View<'_, Trade, F<2>> = table.transpose();
    assert_eq!(counts(table), [0, 1, 2, 3, 4, 5]);
    assert_eq!(counts(turned), [0, 3, 1, 4, 2, 5]);
    assert_eq!(counts(table.flip(1)), [2, 1, 0, 5, 4, 3]);
    assert_eq!(counts::<Dyn>(table.to_dyn()), [0, 1, 2, 3, 4, 5]);
    assert_eq!(counts::<Indirect<2>>(table.into()), [0, 1, 2, 3, 4, 5]);
    assert_eq!(counts(table.slice(s![1, 1])), [4]);
    assert_eq!(counts(table.slice(s![2.., ..])), []);
    assert_eq!(counts(View::<Trade, C<1>>::from(&[])), []);
    let stack = RowStack::try_new(trades.chunks(3).map(<[_]>::to_vec).collect()).unwrap();
    let stacked = stack.view().field(field!(Trade, count));
    assert_eq!(stacked.layout().suboffsets(), [32, -1]);
    assert_eq!(stacked.to_vec(), [0, 1, 2, 3, 4, 5]);
    assert_eq!(stacked.row(1).slice(s![1..]).to_vec(), [4, 5]);
}

#[test]
fn a_field_that_fills_its_record_is_a_block_still() {
    let day = [Day { open: 1.0, close: 2.0 }];
    let opens = View::from(&day).field(field!(Day, open));
    assert!(opens.try_to_layout::<C<1>>().is_ok(), "an axis of length 1");
    assert_eq!(opens.as_slice(), Some(&[1.0][..]));
}

#[test]
fn cells_of_records_have_fields() {
    let cells = [aligned(1, 1.5), aligned(2, 2.5)].map(std::cell::Cell::new);
    let prices = CellViewMut::from(&cells[..]).field(field!(Aligned, price));
    prices.set(1, 7.5);
    assert_eq!(CellView::from(&cells[..]).field(field!(Aligned, price)).to_vec(), [1.5, 7.5]);
    assert_eq!(cells[1].get(), aligned(2, 7.5));
}

#[test]
fn records_with_padding_are_not_joined() {
    let mut words = three();
    let records = as_records(&mut words);
    let text =
        "Aligned has padding, which is kept from bytes and `&mut` slices: use values, or view its fields";
    assert_eq!(records.view().try_join::<[u64; 6]>().unwrap_err().to_string(), text);
    let packed = [Packed { flag: 1, price: 2.0 }; 2];
    assert_eq!(View::from(&packed).try_join::<[u8; 18]>().unwrap().size(), 1);
}

#[test]
fn owners_of_overlapping_elements_are_refused_and_their_memory_freed() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static FREED: AtomicUsize = AtomicUsize::new(0);
    let mut numbers = [1.0f64, 2.0, 3.0];
    let of = |first: *mut f64, strides: [isize; 2]| {
        let memory = typedview::Memory::calling(|| {
            FREED.fetch_add(1, Ordering::Relaxed);
        });
        let layout = Strided::new([2, 2], strides, 8).unwrap();
        // SAFETY: the numbers outlive the owner that is made of them, and nothing else uses them.
        unsafe { Owned::try_from_raw_parts(first, layout, memory) }
    };
    for strides in [[8, 8], [0, 8], [8, 0], [4, 8], [8, -8]] {
        let first = if strides[1] < 0 { numbers[1..].as_mut_ptr() } else { numbers.as_mut_ptr() };
        let freed = FREED.load(Ordering::Relaxed);
        let text = of(first, strides).unwrap_err().to_string();
        assert!(text.ends_with("elements may overlap, so they cannot be lent for writing"), "{text}");
        assert_eq!(FREED.load(Ordering::Relaxed), freed + 1);
    }
}
