//! Elements in views: types whose bytes Rust's own types could not hold, records, and the names of all in specs.
//! What concerns a single type is tested beside that type.

use typedview::time::{self, Day, Generic, Nanosecond, Unit};
use typedview::{
    Access, Big, Bool, ByteOrder, Bytes, C, Datetime, Dtype, Dyn, Element, Field, Format, Found, Indirect,
    Kind, Little, Owned, Single, Spec, Strided, Text, TimeBase, TimeUnit, Timedelta, View, ViewMut,
};

/// A record of one file format. Its fields leave no padding.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Pixel {
    color: [u8; 3],
    visible: Bool,
    depth: Big<u32>,
}

// SAFETY: the three fields accept any bytes and end at 3, 4 and 8, so there is no padding (E1, E2). `DTYPE` has the
// size from `size_of`, and `format` describes the same fields (E3).
unsafe impl Element for Pixel {
    const DTYPE: Dtype = Dtype::new(Kind::Record, size_of::<Self>());
    const NAME: Option<&'static str> = Some("Pixel");

    fn format() -> Format {
        let fields = [
            Field::new(Some("color"), 0, <[u8; 3]>::format()),
            Field::new(Some("visible"), 3, Bool::format()),
            Field::new(Some("depth"), 4, <Big<u32>>::format()),
        ];
        Format::record(fields, size_of::<Self>()).unwrap()
    }
}

impl Single for Pixel {}

#[derive(Clone, Copy)]
struct Frame;

impl Unit for Frame {
    const UNIT: TimeUnit = TimeUnit::new(TimeBase::Second, 25);
}

fn found_as<T: Element>(format: &str) -> bool {
    Format::parse(format.as_bytes()).unwrap().describes::<T>()
}

#[test]
fn bytes_that_are_no_value_of_rust_are_read() {
    let all: Vec<u8> = (0..=255).collect();
    let truths = View::from(&all).try_reinterpret::<Bool>().unwrap();
    assert_eq!(truths.iter().filter(|truth| truth.get()).count(), 255);

    let points = [0x61, 0xd800, 0x110000, 0];
    let texts = View::from(&points).try_reinterpret::<Text<4>>().unwrap();
    assert_eq!(texts.at(0).to_string(), "a\u{fffd}\u{fffd}");

    let dates = View::from(&[0, i64::MIN]).try_reinterpret::<Datetime<Day>>().unwrap();
    assert_eq!(dates.iter().map(Datetime::get).collect::<Vec<_>>(), [Some(0), None]);
}

#[test]
fn what_is_read_is_written_back_byte_for_byte() {
    let bytes: Vec<u8> = (0..96u8).map(|i| i.wrapping_mul(5)).collect();
    fn survives<T: Element>(bytes: &[u8]) {
        let mut copy = vec![0u8; bytes.len()];
        let view = View::from(bytes).try_reinterpret::<T>().unwrap();
        let mut target = ViewMut::from(&mut copy).try_reinterpret::<T>().unwrap();
        (0..view.size()).for_each(|i| target.set(i, view.at(i)));
        assert_eq!(copy, bytes);
    }
    survives::<Bool>(&bytes);
    survives::<Big<f32>>(&bytes);
    survives::<Little<i64>>(&bytes);
    survives::<Text<3>>(&bytes);
    survives::<Bytes<6>>(&bytes);
    survives::<[[Big<u16>; 3]; 2]>(&bytes);
    survives::<Timedelta<Nanosecond>>(&bytes);
    survives::<Pixel>(&bytes);
}

#[test]
fn elements_need_no_alignment_but_slices_do() {
    let block = [0u64; 4];
    let bytes = View::from(&block).try_reinterpret::<u8>().unwrap();
    let odd = bytes.slice_rows(1..25).try_reinterpret::<Big<f64>>().unwrap();
    assert_eq!(odd.to_vec(), [Big::new(0.0); 3]);
    assert!(
        odd.as_slice().is_none()
            && View::from(&block).try_reinterpret::<Big<f64>>().unwrap().as_slice().is_some()
    );
    // Types that consist of bytes have an alignment of 1, so every address is aligned for them.
    let odd = bytes.slice_rows(1..25);
    assert_eq!(odd.try_reinterpret::<[u8; 8]>().unwrap().as_slice(), Some(&[[0; 8]; 3][..]));
    assert!(odd.try_reinterpret::<Bool>().unwrap().as_slice().is_some());
    let shared = odd.try_reinterpret::<Pixel>().unwrap();
    let text = shared.try_as_slice().unwrap_err().to_string();
    assert!(text.ends_with("is not a multiple of 4: read by value or copy"), "{text}");
}

#[test]
fn rows_of_bytes_are_records_and_records_are_rows() {
    let mut rows = Owned::<u8, _>::from_fn([2, 8], |[i, j]| (10 * i + j) as u8);
    let records: View<'_, Pixel, C<1>> = rows.view().try_join().unwrap();
    let expected = Pixel { color: [10, 11, 12], visible: Bool::TRUE, depth: Big::new(0x0e0f_1011) };
    assert_eq!((records.at(1), records.at(1).visible.get()), (expected, true));
    assert_eq!(records.try_split::<u8>().unwrap().to_vec(), rows.view().to_vec());
    let mut records: ViewMut<'_, Pixel, C<1>> = rows.view_mut().try_join().unwrap();
    records.set(0, records.at(1));
    assert_eq!(rows.view().row(0), rows.view().row(1));
    // The axis stays, with the length that NumPy's `view(dtype)` gives it.
    assert_eq!(rows.view().try_reinterpret::<Pixel>().unwrap().shape(), [2, 1]);
    let order = if cfg!(target_endian = "little") { "big-endian " } else { "" };
    assert_eq!(
        format!("{:?}", View::from(&[expected])),
        format!("View(record{{(3)uint8 color, bool visible, {order}uint32 depth}}[1], C)")
    );
}

#[test]
fn an_array_is_a_table_and_a_slice_of_arrays_a_row() {
    let arrays = [[1, 2, 3], [4, 5, 6]];
    assert_eq!(View::from(&arrays).shape(), [2, 3]);
    let row: View<'_, [i32; 3], C<1>> = View::from(&arrays[..]);
    assert_eq!(format!("{row:?}"), "View((3)int32[2], C)");
    assert_eq!(row.try_split::<i32>().unwrap(), View::from(&arrays));
    assert_eq!(View::from(&arrays).try_join::<[i32; 3]>().unwrap().to_vec(), arrays);
}

#[test]
fn refusals_to_reinterpret_have_their_sentences() {
    let table = View::from(&[[1.0f64, 2.0], [3.0, 4.0]]);
    let one: View<'_, f64, C<0>> = table.reshape([4]).index_axis(0, 0).try_to_layout().unwrap();
    let any: View<'_, f64, Dyn> = table.index_axis(0, 0).index_axis(0, 0).to_dyn();
    let full = (0..64).fold(any.clone(), |view, _| view.insert_axis(0));
    let pointer = &raw const table;
    let layout = Indirect::new([1, 1], [8, 8], [-1, 0], 8).unwrap();
    // SAFETY: the layout reaches one pointer, to memory that is alive, and no element is read.
    let pointers: View<'_, f64, Indirect<2>> = unsafe { View::from_raw_parts(pointer.cast(), layout) };
    let said = [
        one.try_reinterpret::<f32>().unwrap_err(),
        table.transpose().try_reinterpret::<f32>().unwrap_err(),
        table.slice_axis(1, ..1).try_reinterpret::<[f64; 2]>().unwrap_err(),
        table.flip(1).try_join::<[f64; 2]>().unwrap_err(),
        pointers.try_reinterpret::<f32>().unwrap_err(),
        pointers.try_join::<f64>().unwrap_err(),
        table.try_join::<f64>().unwrap_err(),
        any.try_join::<f64>().unwrap_err(),
        table.try_split::<[f64; 2]>().unwrap_err(),
        table.try_split::<[f64; 0]>().unwrap_err(),
        full.try_split::<f32>().unwrap_err(),
        table.try_reinterpret::<[f64; 0]>().unwrap_err(),
    ];
    assert_eq!(
        said.map(|error| error.to_string()),
        [
            "without axes an element of 8 bytes cannot become elements of 4 bytes",
            "axis 1: stride 16 is not the itemsize, 8, which elements of another size need",
            "8 bytes on the last axis are no whole number of elements of 16 bytes",
            "axis 1: stride -8 is not the itemsize, 8, which elements of another size need",
            "axis 1 holds pointers (suboffsets)",
            "axis 1 holds pointers (suboffsets)",
            "16 bytes on the last axis are not one element of 8 bytes",
            "axis 0 is out of range for ndim 0",
            "an element of 8 bytes is no whole number of elements of 16 bytes",
            "an element of 8 bytes is no whole number of elements of 0 bytes",
            "ndim 65 is more than 64",
            "16 bytes on the last axis are no whole number of elements of 0 bytes",
        ]
    );
}

#[test]
fn elements_are_written_through_whatever_the_strides() {
    let mut table = [[1.0f64, 2.0], [3.0, 4.0]];
    let column: ViewMut<'_, f64, Strided<1>> = ViewMut::from(&mut table).index_axis(1, 1);
    column.try_reinterpret::<u64>().unwrap().fill(0.5f64.to_bits());
    assert_eq!(table, [[1.0, 0.5], [3.0, 0.5]]);
    let transposed = ViewMut::from(&mut table).into_cells().transpose();
    assert_eq!(
        transposed.try_split::<u8>().unwrap_err().to_string(),
        "shape (2, 2, 8) with strides (8, 16, 1) is not Fortran-contiguous",
    );
    transposed.to_strided().split::<u8>().fill(0);
    assert_eq!(table, [[0.0; 2]; 2]);
}

/// Returns the name of `T` in specs, and checks that it can be parsed.
fn name_of<T: Element>() -> String {
    let spec = Spec::of::<T, C<1>>(Access::Read);
    assert_eq!(Spec::parse(&spec.to_string()).as_ref(), Ok(&spec));
    assert!(spec.takes::<T>());
    let text = spec.to_string();
    text.strip_prefix("const ").and_then(|text| text.strip_suffix("[::1]")).unwrap().to_string()
}

#[test]
fn every_element_has_a_name_that_is_read_back() {
    let foreign = if cfg!(target_endian = "little") { "big-endian " } else { "" };
    let names = [
        (name_of::<Bool>(), "bool".to_string()),
        (name_of::<Bytes<5>>(), "bytes5".to_string()),
        (name_of::<Text<3>>(), "text12".to_string()),
        (name_of::<Datetime<Nanosecond>>(), "datetime64[ns]".to_string()),
        (name_of::<Datetime<Frame>>(), "datetime64[25s]".to_string()),
        (name_of::<Timedelta<Day>>(), "timedelta64[D]".to_string()),
        (name_of::<Timedelta<Generic>>(), "timedelta64".to_string()),
        (name_of::<[[f64; 3]; 2]>(), "(2, 3)double".to_string()),
        (name_of::<[u8; 5]>(), "(5)uint8".to_string()),
        (name_of::<[Datetime<time::Year>; 2]>(), "(2)datetime64[Y]".to_string()),
        (name_of::<Big<f64>>(), format!("{foreign}double")),
        (name_of::<Big<u8>>(), "uint8".to_string()),
        (name_of::<Big<Text<3>>>(), format!("{foreign}text12")),
        (name_of::<[Big<i16>; 4]>(), format!("(4){foreign}int16")),
        (name_of::<Big<Datetime<Day>>>(), format!("{foreign}datetime64[D]")),
    ];
    for (found, wanted) in names {
        assert_eq!(found, wanted);
    }
}

#[cfg(feature = "half")]
#[test]
fn halves_have_names_that_are_read_back() {
    assert_eq!((name_of::<half::f16>(), name_of::<half::bf16>()), ("half".into(), "bfloat16".into()));
    assert!(name_of::<Big<half::f16>>().ends_with("half"));
}

#[cfg(feature = "num-complex")]
#[test]
fn complex_numbers_have_names_and_parts() {
    use num_complex::Complex;
    assert_eq!(name_of::<Complex<f32>>(), "float complex");
    assert!(name_of::<Big<Complex<f64>>>().ends_with("double complex"));
    let numbers = [Complex::new(1.0f32, 2.0), Complex::new(3.0, 4.0)];
    let pairs: View<'_, f32, C<2>> = View::from(&numbers).try_split().unwrap();
    assert_eq!(pairs.index_axis(1, 1).to_vec(), [2.0, 4.0]);
    assert_eq!(pairs.try_join::<Complex<f32>>().unwrap(), View::from(&numbers));
    assert_eq!(View::from(&[1.0, 2.0, 3.0, 4.0]).try_reinterpret::<Complex<f64>>().unwrap().shape(), [2]);
}

#[test]
fn each_spelling_of_an_element_has_one_canonical_text() {
    let order = if cfg!(target_endian = "little") { "big-endian" } else { "little-endian" };
    let native = if cfg!(target_endian = "little") { "little-endian" } else { "big-endian" };
    let spellings = [
        ("const datetime64[ns][:, ::1]", "const datetime64[ns][:, ::1]"),
        ("datetime64 [ 25s ] | timedelta64[us][ : ]", "datetime64[25s] | timedelta64[us][:]"),
        ("datetime64[:]", "datetime64[:]"),
        ("datetime64[generic][:]", "datetime64[:]"),
        ("datetime64[3]", "datetime64[3]"),
        ("datetime64[]", "datetime64[]"),
        ("datetime64[...]", "datetime64[...]"),
        ("datetime64[μs][]", "datetime64[us][]"),
        ("mydatetime64[3]", "mydatetime64[3]"),
        ("( 2,3 ) double[:]", "(2, 3)double[:]"),
        ("(2)datetime64[D] | bf16[:]", "(2)datetime64[D] | bfloat16[:]"),
        (&format!("const {order}  unsigned int[:]"), &format!("const {order} uint32[:]")),
        (&format!("{native} double | f64[:]"), "double[:]"),
        (&format!("{order} uint8[:]"), "uint8[:]"),
        (&format!("(2){order} complex64[:]"), &format!("(2){order} float complex[:]")),
    ];
    for (text, canonical) in spellings {
        assert_eq!(Spec::parse(text).unwrap().to_string(), canonical, "{text}");
        assert_eq!(Spec::parse(canonical).unwrap().to_string(), canonical);
    }
}

#[test]
fn elements_nobody_knows_are_marked() {
    let refusals = [
        ("datetime64[fortnight][:]", "^^^^^^^^^^^^^^^^^^^^^", "'datetime64[fortnight]' names no element"),
        ("datetime64[0s] | f64[:]", "^^^^^^^^^^^^^^", "'datetime64[0s]' names no element"),
        (
            "datetime64[ns]",
            "              ^",
            "the axes are missing: give '[:]' for one, '[...]' for any number",
        ),
        ("datetime64[:] not None", "              ^^^^^^^^", "nothing may follow the axes"),
        ("datetime64[:][ns]", "             ^^^^", "nothing may follow the axes"),
        ("datetime64[n]", "           ^", "'n' is no axis: give ':', '::1' or a length"),
        ("datetime64[ns", "             ^", "the bracket is not closed"),
        ("big-endian Point[:]", "^^^^^^^^^^^^^^^^", "'big-endian Point' names no element"),
        ("(2)(3)double[:]", "^^^^^^^^^^^^", "'(2)(3)double' names no element"),
        ("()double[:]", "^^^^^^^^", "'()double' names no element"),
        ("(-1)double[:]", "^^^^^^^^^^", "'(-1)double' names no element"),
        ("(2)Point[:]", "^^^^^^^^", "'(2)Point' names no element"),
    ];
    for (text, mark, fault) in refusals {
        let said = Spec::parse(text).unwrap_err().to_string();
        assert_eq!(said, format!("{fault}\n  {text}\n  {mark}"));
    }
    assert!(Spec::parse("(99999999999999999999)f64[:]").is_err());
    assert!(Spec::parse("(4611686018427387904, 4)f64[:]").is_err());
}

/// Returns why a spec does not take memory of `format`: the part of the message behind the name of the exporter.
fn reason<T: Element>(format: &Format) -> String {
    let spec = Spec::of::<T, Strided<1>>(Access::Read);
    let strides = [format.itemsize() as isize];
    let found = Found { format, shape: &[3], strides: &strides, suboffsets: &[], readonly: true };
    let text =
        spec.check(&found, "exporter").map_or_else(|error| error.to_string(), |()| "taken".to_string());
    text.split_once("from exporter: ").map_or(text.clone(), |(_, reason)| reason.to_string())
}

#[test]
fn memory_of_other_elements_is_refused_by_name() {
    let parsed = |format: &str| Format::parse(format.as_bytes()).unwrap();
    let dates = Datetime::<Day>::format();
    let cases = [
        (reason::<Datetime<Nanosecond>>(&dates), "datetime64[D] is not datetime64[ns]"),
        (reason::<i64>(&dates), "datetime64[D] is not int64"),
        (reason::<Datetime<Day>>(&parsed("8x")), "void8 is not datetime64[D]"),
        (reason::<Bool>(&parsed("B")), "uint8 is not bool"),
        (reason::<Text<3>>(&parsed("2w")), "text8 is not text12"),
        (reason::<[u8; 5]>(&parsed("4s")), "bytes4 is not (5)uint8"),
        (reason::<[u8; 5]>(&parsed("5s")), "taken"),
        (reason::<[[u8; 5]; 2]>(&parsed("(2)5x")), "taken"),
        (reason::<[f64; 3]>(&parsed("(3)f")), "(3)float is not (3)double"),
    ];
    for (found, wanted) in cases {
        assert_eq!(found, wanted);
    }
    if cfg!(target_endian = "little") {
        assert_eq!(reason::<Big<f64>>(&parsed("d")), "double is not big-endian double");
        assert_eq!(reason::<f64>(&parsed(">d")), "foreign byte order; pass a copy in native byte order");
        assert_eq!(
            reason::<[f64; 2]>(&parsed("(2)>d")),
            "foreign byte order; pass a copy in native byte order"
        );
        assert_eq!(reason::<[f64; 2]>(&parsed("(2)>q")), "(2)big-endian int64 is not (2)double");
    }
}

#[test]
fn records_read_fields_that_say_less() {
    assert!(found_as::<Pixel>("T{3s:color:?:visible:>I:depth:}"));
    assert!(found_as::<Pixel>("T{(3)B:color:?:visible:>I:depth:}"));
    assert!(!found_as::<Pixel>("T{3s:color:B:visible:>I:depth:}"));
    assert!(!found_as::<Pixel>("T{3s:color:?:visible:<I:depth:}") || cfg!(target_endian = "big"));
    assert_eq!(Pixel::format().byte_order(), ByteOrder::Native);
}

#[test]
fn elements_of_no_bytes_are_counted_like_others() {
    let none = [[0.0f64; 0]; 6];
    let table: View<'_, [f64; 0], C<2>> = View::from_slice(&none[..], [2, 3]);
    assert_eq!((table.iter().count(), table.nbytes(), table.to_vec().len()), (6, 0, 6));
    assert_eq!(table.as_slice(), Some(&none[..]));
    assert_eq!(table.transpose().to_owned().view().shape(), [3, 2]);
    assert_eq!(table.transpose().iter().rev().count(), 6);
    assert_eq!(table.index_axis(1, -1).slice_axis(0, 1..).size(), 1);
    assert_eq!(table.rows().map(|row| row.size()).sum::<usize>(), 6);
    assert_eq!(table.indexed_iter().last().unwrap().0, [1, 2]);
    assert_eq!(table.flip(0).reshape([6]).size(), 6);
    assert_eq!(table, table.flip(1).try_to_layout::<C<2>>().unwrap());
    let mut owned = Owned::<Text<0>, C<1>>::zeroed([4]);
    owned.view_mut().fill(Text::default());
    owned.view_mut().copy_from(&View::from(&[Text::<0>::default(); 4]).flip(0));
    assert_eq!(owned.view().to_dyn().squeeze().to_vec(), [Text::default(); 4]);
    assert_eq!(ViewMut::from(&mut [Bytes::<0>::default(); 3]).to_strided().rows().count(), 3);
    assert_eq!(table.try_reinterpret::<Bytes<0>>().unwrap().shape(), [2, 3]);
    assert!(table.try_reinterpret::<u8>().is_err() && table.try_join::<Bytes<0>>().is_err());
    assert!(table.try_split::<u8>().is_err() && table.try_split::<Bytes<0>>().is_err());
}
