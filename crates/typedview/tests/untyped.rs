//! Untyped views: selections, copies, conversions and comparisons, held against lists of numbers.
//! They are tested here and not only from Python, because AddressSanitizer and the checks of debug builds see these tests.

use typedview::{ByteOrder, Dtype, Format, Kind, Order, Slice, SliceItem, Untyped};

/// A generator of numbers: xorshift, whose numbers are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn format(text: &str) -> Format {
    Format::parse(text.as_bytes()).unwrap()
}

/// Numbers in memory of their own, and the view of a part of it.
struct Numbers {
    memory: Vec<i32>,
    view: Untyped,
}

impl Numbers {
    /// A table with gaps between its elements, in a random order of axes.
    fn random(random: &mut Random, shape: &[usize]) -> Self {
        let mut axes: Vec<usize> = (0..shape.len()).collect();
        (0..shape.len()).for_each(|axis| axes.swap(axis, random.below(shape.len())));
        let (mut strides, mut block) = (vec![0; shape.len()], 1);
        for axis in axes {
            block *= 1 + random.below(2);
            strides[axis] = 4 * block as isize;
            block *= shape[axis].max(1);
        }
        let mut memory: Vec<i32> = (0..block as i32 + 1).map(|i| i * 3 - 40).collect();
        let mut first = memory.as_mut_ptr();
        for (axis, stride) in strides.iter_mut().enumerate() {
            if random.below(3) == 0 && shape[axis] > 0 {
                first = first.wrapping_byte_offset(*stride * (shape[axis] as isize - 1));
                *stride = -*stride;
            }
        }
        if shape.contains(&0) {
            first = memory.as_mut_ptr();
        }
        // SAFETY: the strides keep all elements inside the vector, which is neither moved nor changed otherwise.
        let view = unsafe { Untyped::new(first.cast(), format("i"), shape, &strides, &[]) }.unwrap();
        Self { memory, view }
    }

    fn values(&self) -> Vec<i32> {
        values(&self.view)
    }
}

/// The numbers of a view in index order, read one by one.
fn values(view: &Untyped) -> Vec<i32> {
    let mut found = Vec::new();
    let read = |at: *mut u8| {
        // SAFETY: the address is that of an element of memory that the test keeps.
        found.push(unsafe { at.cast::<i32>().read_unaligned() });
        Ok::<(), ()>(())
    };
    view.try_for_each(read).unwrap();
    found
}

fn shape(random: &mut Random) -> Vec<usize> {
    (0..random.below(4)).map(|_| if random.below(12) == 0 { 0 } else { 1 + random.below(5) }).collect()
}

#[test]
fn selections_have_the_elements_that_their_indices_have() {
    let mut random = Random(7);
    for _ in 0..2000 {
        let shape = shape(&mut random);
        let numbers = Numbers::random(&mut random, &shape);
        let mut items = Vec::new();
        // For each axis, the indices that are kept.
        let mut kept: Vec<Vec<usize>> = Vec::new();
        for &extent in &shape {
            if random.below(3) == 0 && extent > 0 {
                let i = random.below(extent);
                items.push(SliceItem::Index(if random.below(2) == 0 {
                    i as isize
                } else {
                    i as isize - extent as isize
                }));
                kept.push(vec![i]);
            } else {
                let (start, step) = (random.below(extent + 1), 1 + random.below(2));
                items.push(SliceItem::Slice(Slice::new(Some(start as isize), None, step as isize)));
                kept.push((start..extent).step_by(step).collect());
            }
        }
        if random.below(2) == 0 {
            items.insert(random.below(items.len() + 1), SliceItem::NewAxis);
        }
        let selected = numbers.view.select(&items).unwrap();
        let mut wanted: Vec<Vec<usize>> = vec![Vec::new()];
        for indices in &kept {
            wanted = wanted
                .iter()
                .flat_map(|index| indices.iter().map(|i| index.iter().copied().chain([*i]).collect()))
                .collect();
        }
        let at = |index: &Vec<usize>| {
            let index: Vec<isize> = index.iter().map(|i| *i as isize).collect();
            let address = numbers.view.element(&index).unwrap();
            // SAFETY: the address is that of an element of memory that the test keeps.
            unsafe { address.cast::<i32>().read_unaligned() }
        };
        assert_eq!(values(&selected), wanted.iter().map(at).collect::<Vec<_>>(), "{items:?} of {shape:?}");
    }
}

#[test]
fn copies_and_bytes_are_those_of_the_elements() {
    let mut random = Random(11);
    for _ in 0..2000 {
        let shape = shape(&mut random);
        let (target, source) = (Numbers::random(&mut random, &shape), Numbers::random(&mut random, &shape));
        let wanted = source.values();
        // SAFETY: both memories are alive, and nobody else uses them.
        unsafe { target.view.copy_from(&source.view) }.unwrap();
        assert_eq!(target.values(), wanted);
        // SAFETY: both memories are alive, and nobody writes them.
        assert_eq!(unsafe { target.view.try_equals(&source.view) }.unwrap(), Some(true));
        // SAFETY: the memory is alive, and nobody writes it.
        let bytes = unsafe { target.view.try_to_bytes(Order::C) }.unwrap();
        assert_eq!(bytes, wanted.iter().flat_map(|number| number.to_ne_bytes()).collect::<Vec<_>>());
        // SAFETY: the memory is alive, and nobody writes it.
        let bytes = unsafe { target.view.try_to_bytes(Order::F) }.unwrap();
        let reversed = values(&target.view.transpose().unwrap());
        assert_eq!(bytes, reversed.iter().flat_map(|number| number.to_ne_bytes()).collect::<Vec<_>>());
        assert!(target.memory.len() >= wanted.len());
    }
}

#[test]
fn parts_of_one_memory_are_copied_as_if_they_were_apart() {
    let mut random = Random(13);
    for _ in 0..2000 {
        let numbers = Numbers::random(&mut random, &[6, 5]);
        let part = |random: &mut Random| {
            let range =
                |from: usize| SliceItem::Slice(Slice::new(Some(from as isize), Some(from as isize + 4), 1));
            let part = numbers.view.select(&[range(random.below(3)), range(random.below(2))]).unwrap();
            if random.below(2) == 0 { part.transpose().unwrap() } else { part }
        };
        let (target, source) = (part(&mut random), part(&mut random));
        let wanted = values(&source);
        // SAFETY: the memory is alive, and nobody else uses it.
        unsafe { target.copy_from(&source) }.unwrap();
        assert_eq!(values(&target), wanted);
    }
}

#[test]
fn numbers_are_converted_by_their_values() {
    let mut random = Random(17);
    for text in ["q", "<h", ">h", "f", ">d", "<e", "Zd", ">Zf", "b"] {
        for _ in 0..100 {
            let shape = shape(&mut random);
            let numbers = Numbers::random(&mut random, &shape);
            let format = format(text);
            let size = numbers.view.size();
            let mut bytes = vec![0xaau8; size * format.itemsize()];
            let strides = typedview::PerAxis::c_strides(&shape, format.itemsize());
            // SAFETY: the vector has room for all elements, and is not changed otherwise.
            let target =
                unsafe { Untyped::new(bytes.as_mut_ptr(), format.clone(), &shape, &strides, &[]) }.unwrap();
            // SAFETY: both memories are alive, and nobody else uses them.
            unsafe { target.copy_from(&numbers.view) }.unwrap();
            let fits = text != "b" || numbers.values().iter().all(|number| i8::try_from(*number).is_ok());
            // SAFETY: both memories are alive, and nobody writes them.
            let equal = unsafe { target.try_equals(&numbers.view) }.unwrap();
            assert_eq!(equal, Some(fits), "{text}");
        }
    }
}

#[test]
fn bytes_between_fields_stay() {
    let record = format("T{B:a:xxxh:b:xx}");
    let (mut target, source) = ([0xeeu8; 16], [1u8, 9, 9, 9, 2, 3, 9, 9, 4, 9, 9, 9, 5, 6, 9, 9]);
    // SAFETY: the arrays have two records of 8 bytes, and live longer than the views.
    let view = unsafe { Untyped::new(target.as_mut_ptr(), record.clone(), &[2], &[8], &[]) }.unwrap();
    // SAFETY: the arrays have two records of 8 bytes, and live longer than the views.
    let from = unsafe { Untyped::new(source.as_ptr().cast_mut(), record, &[2], &[8], &[]) }.unwrap();
    // SAFETY: both memories are alive, and nobody else uses them.
    unsafe { view.copy_from(&from) }.unwrap();
    assert_eq!(target, [1, 0xee, 0xee, 0xee, 2, 3, 0xee, 0xee, 4, 0xee, 0xee, 0xee, 5, 6, 0xee, 0xee]);
    // SAFETY: the memory is alive, and nobody else uses it.
    unsafe { view.fill(&[7, 0, 0, 0, 8, 8, 0, 0]) }.unwrap();
    assert_eq!(target[8..], [7, 0xee, 0xee, 0xee, 8, 8, 0xee, 0xee]);
}

#[test]
fn rows_behind_pointers_are_selected_copied_and_compared() {
    let rows = [[1i32, 2, 3], [4, 5, 6]];
    let pointers: Vec<*const i32> = rows.iter().map(|row| row.as_ptr()).collect();
    let first = pointers.as_ptr().cast_mut().cast();
    // SAFETY: there are two pointers, to three numbers each, and they live longer than the views.
    let table = unsafe { Untyped::new(first, format("i"), &[2, 3], &[8, 4], &[0, -1]) }.unwrap();
    let all = SliceItem::Slice((..).into());
    for (items, wanted) in [
        (vec![SliceItem::Index(1)], vec![4, 5, 6]),
        (vec![all, SliceItem::Index(-1)], vec![3, 6]),
        (vec![SliceItem::NewAxis, SliceItem::Index(1), SliceItem::Index(0)], vec![4]),
        (vec![SliceItem::Ellipsis, SliceItem::Slice(Slice::new(None, None, -2))], vec![3, 1, 6, 4]),
        (vec![SliceItem::Index(0), SliceItem::Slice((1..).into())], vec![2, 3]),
    ] {
        assert_eq!(values(&table.select(&items).unwrap()), wanted, "{items:?}");
    }
    let mut copy = [0i32; 6];
    // SAFETY: the array has six numbers, and lives longer than the view.
    let target =
        unsafe { Untyped::new(copy.as_mut_ptr().cast(), format("i"), &[2, 3], &[12, 4], &[]) }.unwrap();
    // SAFETY: both memories are alive, and nobody else uses them.
    unsafe { target.copy_from(&table) }.unwrap();
    // SAFETY: both memories are alive, and nobody writes them.
    assert_eq!(unsafe { target.try_equals(&table) }.unwrap(), Some(true));
    assert_eq!(copy, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn dates_are_equal_if_they_are_the_same_moment() {
    use typedview::{TimeBase, TimeUnit};
    let date = |base: TimeBase, count: i64| {
        let dtype = Dtype::new(Kind::Datetime(TimeUnit::new(base, 1)), 8);
        (Format::scalar(dtype, ByteOrder::Native), count)
    };
    let equal = |one: (Format, i64), other: (Format, i64)| {
        let view = |(format, count): &(Format, i64)| {
            let at = std::ptr::from_ref(count).cast_mut().cast();
            // SAFETY: the number lives longer than the view.
            unsafe { Untyped::new(at, format.clone(), &[], &[], &[]) }.unwrap()
        };
        // SAFETY: both numbers are alive, and nobody writes them.
        unsafe { view(&one).try_equals(&view(&other)) }.unwrap()
    };
    assert_eq!(equal(date(TimeBase::Year, 54), date(TimeBase::Day, 19_723)), Some(true));
    assert_eq!(equal(date(TimeBase::Month, 650), date(TimeBase::Second, 1_709_251_200)), Some(true));
    assert_eq!(equal(date(TimeBase::Year, -1970), date(TimeBase::Day, -719_528)), Some(true));
    assert_eq!(equal(date(TimeBase::Day, -1), date(TimeBase::Nanosecond, -86_400_000_000_000)), Some(true));
    assert_eq!(equal(date(TimeBase::Day, 1), date(TimeBase::Day, 2)), Some(false));
    assert_eq!(equal(date(TimeBase::Day, i64::MIN), date(TimeBase::Day, i64::MIN)), Some(false));
    assert_eq!(equal(date(TimeBase::Generic, 5), date(TimeBase::Second, 5)), Some(false));
}
