//! Random pairs of strided views over one memory: any shape, any strides, items of many sizes, often overlapping.
//! Each copy is held against a list of bytes. Random numbers instead of proptest make a million pairs possible.

use typedview::{CellViewMut, Dyn, Element};

/// The number of pairs, unless the variable `PAIRS` says another one. `make stress` tries a million of them.
const PAIRS: usize = 5_000;
/// Long enough for tiles and blocks of small items, and short enough to be compared a million times.
const MEMORY: usize = 1 << 13;

/// A generator of numbers: xorshift, whose numbers are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn one_of<X: Copy>(&mut self, list: &[X]) -> X {
        list[self.below(list.len())]
    }
}

/// One side of a copy: where its first element is in the memory, and its strides.
#[derive(Clone, Debug)]
struct Side {
    first: isize,
    strides: Vec<isize>,
}

impl Side {
    /// Returns strides that keep all elements inside the memory. Most of them are those of a table, a part of a table or a
    /// transposed table, some are any numbers.
    fn random(random: &mut Random, shape: &[usize], itemsize: usize) -> Self {
        let mut order: Vec<usize> = (0..shape.len()).collect();
        (0..shape.len()).for_each(|axis| order.swap(axis, random.below(shape.len())));
        let mut block = itemsize as isize;
        let mut strides = vec![0; shape.len()];
        for &axis in &order {
            strides[axis] = match random.below(12) {
                0 => random.below(3 * itemsize + 2) as isize,
                1 => 0,
                2 => block + random.below(2 * itemsize + 1) as isize,
                3 => block * 2,
                _ => block,
            };
            block = strides[axis].max(1) * shape[axis].max(1) as isize;
            if random.below(4) == 0 {
                strides[axis] = -strides[axis];
            }
        }
        Self { first: 0, strides }
    }

    /// Returns the lowest and the highest byte offset from the first element.
    fn reach(&self, shape: &[usize], itemsize: usize) -> (isize, isize) {
        let (mut low, mut high) = (0, itemsize as isize);
        for (&extent, &stride) in shape.iter().zip(&self.strides) {
            let last = stride * (extent as isize - 1);
            *(if last < 0 { &mut low } else { &mut high }) += last;
        }
        (low, high)
    }

    /// Puts the side somewhere into the memory, if there is room for it.
    fn placed(
        mut self,
        random: &mut Random,
        near: Option<isize>,
        shape: &[usize],
        itemsize: usize,
    ) -> Option<Self> {
        let (low, high) = self.reach(shape, itemsize);
        let room = MEMORY.checked_sub((high - low) as usize)?;
        let any = random.below(room + 1) as isize - low;
        // A side that begins near the other one overlaps it in most cases.
        let close = near.map(|near| near + random.below(2 * itemsize + 1) as isize - itemsize as isize);
        self.first = close.filter(|first| first + low >= 0 && first + high <= MEMORY as isize).unwrap_or(any);
        Some(self)
    }

    fn offsets(&self, shape: &[usize]) -> Vec<usize> {
        let mut offsets = vec![self.first];
        for (&extent, &stride) in shape.iter().zip(&self.strides) {
            offsets = offsets
                .iter()
                .flat_map(|offset| (0..extent as isize).map(move |i| offset + stride * i))
                .collect();
        }
        offsets.into_iter().map(|offset| offset as usize).collect()
    }

    fn view<'a, T: Element>(&self, memory: &'a mut [u8], shape: &[usize]) -> CellViewMut<'a, T, Dyn> {
        let layout = Dyn::new(shape, &self.strides, size_of::<T>()).unwrap();
        let first = memory.as_mut_ptr().wrapping_offset(self.first).cast();
        // SAFETY: the side was placed inside the memory, whose bytes are initialised, and cells may overlap.
        unsafe { CellViewMut::from_raw_parts(first, layout) }
    }
}

/// A [`copies`] of one type of elements.
type OnePair = fn(&mut Random, &mut [u8], &mut [u8]) -> Option<bool>;

/// Makes one pair, copies it and compares all bytes. Returns whether elements of the two sides overlap.
fn copies<T: Element>(random: &mut Random, memory: &mut [u8], expected: &mut [u8]) -> Option<bool> {
    let itemsize = size_of::<T>();
    let most = [0, 40, 12, 6, 4][random.below(4) + 1];
    let ndim = random.below(4) + 1;
    let square = random.below(most) + 1;
    let extent = |random: &mut Random| if random.below(3) == 0 { square } else { random.below(most + 1) };
    let shape: Vec<usize> = (0..ndim).map(|_| extent(random)).collect();
    let target = Side::random(random, &shape, itemsize).placed(random, None, &shape, itemsize)?;
    let source = match random.below(5) {
        // the target itself, transposed or reversed
        0 => {
            let mut source = target.clone();
            let (one, other) = (random.below(ndim), random.below(ndim));
            source.strides.swap(one, other);
            for axis in [one, other].into_iter().filter(|_| random.below(3) == 0) {
                source.first += source.strides[axis] * (shape[axis] as isize - 1);
                source.strides[axis] = -source.strides[axis];
            }
            let (low, high) = source.reach(&shape, itemsize);
            let inside = source.first + low >= 0 && source.first + high <= MEMORY as isize;
            inside.then_some(source)?
        }
        1 => target.clone().placed(random, Some(target.first), &shape, itemsize)?,
        _ => Side::random(random, &shape, itemsize).placed(random, Some(target.first), &shape, itemsize)?,
    };
    let (to, from) = (target.offsets(&shape), source.offsets(&shape));
    // Where elements of the target overlap each other, no result is promised. The bytes must still be those of the source.
    let mut written = vec![false; MEMORY];
    let mut overlaps_itself = false;
    for byte in to.iter().flat_map(|&to| to..to + itemsize) {
        overlaps_itself |= std::mem::replace(&mut written[byte], true);
    }
    let shared = from.iter().any(|&from| written[from..from + itemsize].contains(&true));
    expected.copy_from_slice(memory);
    for (&to, &from) in to.iter().zip(&from) {
        expected[to..to + itemsize].copy_from_slice(&memory[from..from + itemsize]);
    }
    {
        let source: CellViewMut<'_, T, Dyn> = source.view(memory, &shape);
        // SAFETY: both views are of cells, which may overlap, and the memory outlives both.
        let source =
            unsafe { CellViewMut::<T, Dyn>::from_raw_parts(source.as_mut_ptr(), source.layout().clone()) };
        target.view::<T>(memory, &shape).copy_from(&source.to_cell_view());
    }
    let promised = |i: &usize| !(overlaps_itself && written[*i]);
    if memory != expected
        && let Some(i) = (0..MEMORY).filter(promised).find(|&i| memory[i] != expected[i])
    {
        panic!("byte {i} of {shape:?}, {itemsize} bytes each, from {source:?} to {target:?}");
    }
    Some(shared)
}

#[test]
fn random_pairs_are_copied_exactly() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut memory: Vec<u8> = (0..MEMORY).map(|i| (i * 167 % 251) as u8).collect();
    let mut expected = memory.clone();
    let kinds: [OnePair; 12] = [
        copies::<u8>,
        copies::<u16>,
        copies::<[u8; 3]>,
        copies::<u32>,
        copies::<[u8; 6]>,
        copies::<[u8; 7]>,
        copies::<u64>,
        copies::<[f32; 3]>,
        copies::<[u64; 2]>,
        copies::<[u64; 3]>,
        copies::<[u8; 65]>,
        copies::<[u8; 1000]>,
    ];
    let pairs = std::env::var("PAIRS").map_or(PAIRS, |pairs| pairs.parse().unwrap());
    let (mut done, mut overlapping) = (0, 0);
    for _ in 0..pairs {
        let kind = random.one_of(&kinds);
        if let Some(shared) = kind(&mut random, &mut memory, &mut expected) {
            done += 1;
            overlapping += usize::from(shared);
        }
        if random.below(100) == 0 {
            memory.iter_mut().for_each(|byte| *byte = random.below(256) as u8);
        }
    }
    // The numbers are the same in each run: they say that the pairs are of all sorts.
    assert!(done > pairs / 2 && overlapping > pairs / 5, "{done} copies, {overlapping} of them overlapping");
}
