//! Regions: memory that is laid out by hand, so that the first view of it does not depend on the operations under test.
//! Element number `k` of the memory holds `k`, at one address only.

use crate::choices::Choices;
use crate::model::{Model, indices};
use typedview::{CellViewMut, Layout, Order, View, ViewMut};

const ITEMSIZE: usize = size_of::<u32>();
const POINTER: usize = size_of::<usize>();

/// Memory of its own with the elements of a shape.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) model: Model,
    /// The bytes from one element number to the next, if there are no pointers.
    pub(crate) spacing: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
    suboffsets: Vec<isize>,
    first: *mut u8,
    /// The address of each element number.
    places: Vec<*mut u8>,
    allocations: Vec<*mut [u64]>,
}

impl Drop for Region {
    fn drop(&mut self) {
        for &allocation in &self.allocations {
            // SAFETY: `allocate` made it from a box, and views borrow the region, so none is left.
            drop(unsafe { Box::from_raw(allocation) });
        }
    }
}

/// The axes that one pointer leads to: their strides, and the offset of the first index.
struct Group {
    strides: Vec<isize>,
    first: usize,
    nbytes: usize,
}

impl Group {
    fn new(shape: &[usize], itemsize: usize, choices: &Choices) -> Self {
        let mut block = itemsize + [0, 0, 0, 1, 4][choices.below(5)];
        let mut first = [0, 0, 3, 8][choices.below(4)];
        let mut strides = vec![0; shape.len()];
        for axis in choices.order(shape.len()) {
            let stride = (block * (1 + choices.below(2))) as isize;
            let reversed = choices.once_in(3);
            strides[axis] = if reversed { -stride } else { stride };
            let last = shape[axis].saturating_sub(1) * stride as usize;
            first += if reversed { last } else { 0 };
            block += last;
        }
        Self { strides, first, nbytes: first + block + itemsize }
    }
}

impl Region {
    fn empty(shape: &[usize]) -> Self {
        Self {
            model: Model::dense(shape),
            spacing: ITEMSIZE,
            shape: shape.to_vec(),
            strides: vec![0; shape.len()],
            suboffsets: vec![-1; shape.len()],
            first: std::ptr::null_mut(),
            places: vec![],
            allocations: vec![],
        }
    }

    fn allocate(&mut self, nbytes: usize) -> *mut u8 {
        let allocation = Box::into_raw(vec![u64::MAX; nbytes / 8 + 1].into_boxed_slice());
        self.allocations.push(allocation);
        allocation.cast()
    }

    /// Makes one block with `numbers` elements, `spacing` bytes apart.
    fn numbered(&mut self, numbers: usize, before: usize) {
        let memory = self.allocate(before + (numbers + 1) * self.spacing);
        self.places = (0..numbers).map(|k| memory.wrapping_add(before + k * self.spacing)).collect();
        self.number();
    }

    fn number(&mut self) {
        self.number_from(0);
    }

    /// Makes element number `k` hold `start + k`, so that it differs from the elements of another region.
    pub(crate) fn number_from(&mut self, start: u32) {
        for (&place, k) in self.places.iter().zip(start..) {
            // SAFETY: the addresses in `places` are inside the allocations, with room for an element.
            unsafe { place.cast::<u32>().write_unaligned(k) };
        }
    }

    /// Returns a region of one block in `order`, without gaps.
    pub(crate) fn dense(shape: &[usize], order: Order) -> Self {
        let mut region = Self::empty(shape);
        let mut block = 1;
        let mut axes: Vec<usize> = (0..shape.len()).collect();
        if order == Order::C {
            axes.reverse();
        }
        for axis in axes {
            region.strides[axis] = block * ITEMSIZE as isize;
            block *= shape[axis] as isize;
        }
        region.numbered(region.model.size(), 0);
        region.first = region.places.first().copied().unwrap_or_default();
        region.model.elements = region.numbers(0);
        region
    }

    /// Returns a region with axes in any order, gaps, reversed axes, and repeated elements if `repeats`. The elements
    /// are fields of records of any size, at any address.
    pub(crate) fn strided(shape: &[usize], repeats: bool, choices: &Choices) -> Self {
        let plain = choices.once_in(4) || shape.len() > 6;
        let order = if plain { (0..shape.len()).rev().collect() } else { choices.order(shape.len()) };
        let mut region = Self::empty(shape);
        region.spacing = if plain { ITEMSIZE } else { [4, 4, 5, 7, 8][choices.below(5)] };
        region.spread(&[], &order, !plain, repeats, choices)
    }

    /// Returns a region as [`strided`](Self::strided) does, but the elements of each row are adjacent.
    pub(crate) fn pitched(shape: &[usize], repeats: bool, choices: &Choices) -> Self {
        let plain = choices.once_in(4) || shape.len() > 6;
        let outer = shape.len().saturating_sub(1);
        let order = if plain { (0..outer).rev().collect() } else { choices.order(outer) };
        let rows: Vec<usize> = (outer..shape.len()).collect();
        Self::empty(shape).spread(&rows, &order, !plain, repeats, choices)
    }

    /// Lays out the axes `packed` without gaps, and then the axes `order`. These may have gaps and may be reversed if `gaps`,
    /// and may have stride 0 if `repeats`.
    fn spread(self, packed: &[usize], order: &[usize], gaps: bool, repeats: bool, choices: &Choices) -> Self {
        let mut region = self;
        let shape = region.shape.clone();
        let (mut block, mut first) = (1, 0);
        for &axis in packed {
            region.strides[axis] = (block * region.spacing) as isize;
            block *= shape[axis].max(1);
        }
        for &axis in order {
            if repeats && choices.once_in(9) {
                continue;
            }
            let step = if !gaps || shape.len() > 4 { 1 } else { 1 + choices.below(2) };
            let (stride, last) = (block * step, shape[axis].saturating_sub(1) * block * step);
            let reversed = gaps && choices.once_in(3);
            region.strides[axis] = (stride * region.spacing) as isize * if reversed { -1 } else { 1 };
            first += if reversed { last } else { 0 };
            block += last + if gaps { choices.below(2) } else { 0 };
        }
        region.numbered(block, choices.below(9));
        region.first = region.places[first];
        region.model.elements = region.numbers(first);
        region
    }

    /// Returns the number of each element, computed from the strides.
    fn numbers(&self, first: usize) -> Vec<u32> {
        let offset = |index: &Vec<usize>| -> isize {
            index.iter().zip(&self.strides).map(|(&i, stride)| i as isize * stride).sum()
        };
        let number = |index| (first as isize + offset(index) / self.spacing as isize) as u32;
        indices(&self.shape).iter().map(number).collect()
    }

    /// Returns a region with pointers on the axes of `pointers`. Each pointer leads to memory of its own.
    pub(crate) fn indirect(shape: &[usize], pointers: &[bool], choices: &Choices) -> Self {
        let mut region = Self::empty(shape);
        let mut groups: Vec<(usize, Group)> = vec![];
        let mut start = 0;
        for (axis, _) in pointers.iter().enumerate().filter(|(_, holds)| **holds) {
            groups.push((axis + 1, Group::new(&shape[start..=axis], POINTER, choices)));
            start = axis + 1;
        }
        groups.push((shape.len(), Group::new(&shape[start..], ITEMSIZE, choices)));
        region.strides = groups.iter().flat_map(|(_, group)| group.strides.clone()).collect();
        for pair in groups.windows(2) {
            region.suboffsets[pair[0].0 - 1] = pair[1].1.first as isize;
        }
        let memory = region.block(&groups, 0);
        region.first = memory.wrapping_add(groups[0].1.first);
        region.number();
        region
    }

    /// Allocates the memory of a group and of everything that its pointers lead to, and returns its start.
    fn block(&mut self, groups: &[(usize, Group)], start: usize) -> *mut u8 {
        let (stop, group) = &groups[0];
        let memory = self.allocate(group.nbytes);
        for index in indices(&self.shape[start..*stop]) {
            let offset: isize =
                index.iter().zip(&group.strides).map(|(&i, stride)| i as isize * stride).sum();
            let place = memory.wrapping_add(group.first).wrapping_offset(offset);
            if groups.len() == 1 {
                self.places.push(place);
            } else {
                let target = self.block(&groups[1..], *stop);
                // SAFETY: `place` is inside the allocation `memory`, with room for a pointer.
                unsafe { place.cast::<*mut u8>().write_unaligned(target) };
            }
        }
        memory
    }

    fn layout<L: Layout>(&self) -> L {
        L::from_parts(&self.shape, &self.strides, &self.suboffsets, ITEMSIZE).unwrap()
    }

    pub(crate) fn view<L: Layout>(&self) -> View<'_, u32, L> {
        // SAFETY: the region is borrowed, and all its indices are inside its memory.
        unsafe { View::from_raw_parts(self.first.cast(), self.layout()) }
    }

    pub(crate) fn view_mut<L: Layout>(&mut self) -> ViewMut<'_, u32, L> {
        // SAFETY: the region is borrowed exclusively, and all its indices are inside its memory.
        unsafe { ViewMut::try_from_raw_parts(self.first.cast(), self.layout()) }.unwrap()
    }

    pub(crate) fn cells<L: Layout>(&mut self) -> CellViewMut<'_, u32, L> {
        // SAFETY: the region is borrowed exclusively, all its indices are inside its memory, and cells may overlap.
        unsafe { CellViewMut::from_raw_parts(self.first.cast(), self.layout()) }
    }

    /// Returns the value of the element with this number.
    pub(crate) fn value(&self, number: u32) -> u32 {
        // SAFETY: the addresses in `places` are inside the allocations, which are initialised.
        unsafe { self.places[number as usize].cast::<u32>().read_unaligned() }
    }

    pub(crate) fn bytes(&self) -> Vec<Vec<u64>> {
        // SAFETY: allocations are initialised, and no mutable view of the region is alive while it is borrowed here.
        self.allocations.iter().map(|&allocation| unsafe { &*allocation }.to_vec()).collect()
    }

    /// Runs `write`, then checks that each element number holds `expected(number)`, and that the bytes between the
    /// elements and the pointers are unchanged.
    pub(crate) fn after(&mut self, write: impl FnOnce(&mut Self), expected: impl Fn(u32) -> u32) {
        let before = self.bytes();
        write(self);
        for number in 0..self.places.len() as u32 {
            assert_eq!(self.value(number), expected(number), "element {number} of {self:?}");
        }
        self.number();
        assert_eq!(self.bytes(), before, "bytes between the elements");
    }
}
