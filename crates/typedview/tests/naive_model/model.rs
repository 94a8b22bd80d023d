//! The model: a shape, and the number of each element in index order.
//! Two elements have equal numbers if they are the same memory, so equal models mean equal addresses.

use typedview::Order;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Model {
    pub(crate) shape: Vec<usize>,
    pub(crate) elements: Vec<u32>,
}

/// Returns all indices of a shape, in index order.
pub(crate) fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |indices, &extent| {
        let with = |i: usize, index: &Vec<usize>| [index.as_slice(), &[i]].concat();
        indices.iter().flat_map(|index| (0..extent).map(move |i| with(i, index))).collect()
    })
}

impl Model {
    pub(crate) fn dense(shape: &[usize]) -> Self {
        let size = shape.iter().product::<usize>() as u32;
        Self { shape: shape.to_vec(), elements: (0..size).collect() }
    }

    pub(crate) fn ndim(&self) -> usize {
        self.shape.len()
    }

    pub(crate) fn size(&self) -> usize {
        self.elements.len()
    }

    pub(crate) fn contains(&self, index: &[usize]) -> bool {
        index.iter().zip(&self.shape).all(|(i, extent)| i < extent)
    }

    pub(crate) fn at(&self, index: &[usize]) -> u32 {
        self.elements[index.iter().zip(&self.shape).fold(0, |flat, (i, extent)| flat * extent + i)]
    }

    /// Returns the model whose element at `index` is this one's at `source(index)`.
    fn pulled(&self, shape: Vec<usize>, source: impl Fn(&[usize]) -> Vec<usize>) -> Self {
        let elements = indices(&shape).iter().map(|index| self.at(&source(index))).collect();
        Self { shape, elements }
    }

    /// Returns the model whose axis `i` is this one's axis `order[i]`.
    pub(crate) fn permute(&self, order: &[usize]) -> Self {
        self.pulled(order.iter().map(|&axis| self.shape[axis]).collect(), |index| {
            let mut old = vec![0; index.len()];
            for (&axis, &i) in order.iter().zip(index) {
                old[axis] = i;
            }
            old
        })
    }

    pub(crate) fn transpose(&self) -> Self {
        self.permute(&(0..self.ndim()).rev().collect::<Vec<_>>())
    }

    pub(crate) fn move_axis(&self, from: usize, to: usize) -> Self {
        let mut order: Vec<usize> = (0..self.ndim()).collect();
        let axis = order.remove(from);
        order.insert(to, axis);
        self.permute(&order)
    }

    pub(crate) fn swap_axes(&self, first: usize, second: usize) -> Self {
        let mut order: Vec<usize> = (0..self.ndim()).collect();
        order.swap(first, second);
        self.permute(&order)
    }

    /// Returns the model whose index `i` on `axis` is this one's index `chosen[i]`.
    pub(crate) fn take(&self, axis: usize, chosen: &[usize]) -> Self {
        let mut shape = self.shape.clone();
        shape[axis] = chosen.len();
        self.pulled(shape, |index| {
            let mut old = index.to_vec();
            old[axis] = chosen[old[axis]];
            old
        })
    }

    /// Returns the indices of `axis` from `start` up to `stop`, as far as they exist.
    pub(crate) fn range(&self, axis: usize, start: usize, stop: usize) -> Self {
        self.take(axis, &(start..stop.min(self.shape[axis])).collect::<Vec<_>>())
    }

    pub(crate) fn flip(&self, axis: usize) -> Self {
        self.take(axis, &(0..self.shape[axis]).rev().collect::<Vec<_>>())
    }

    pub(crate) fn index_axis(&self, axis: usize, at: usize) -> Self {
        let mut shape = self.shape.clone();
        shape.remove(axis);
        self.pulled(shape, |index| {
            let mut old = index.to_vec();
            old.insert(axis, at);
            old
        })
    }

    pub(crate) fn insert_axis(&self, axis: usize) -> Self {
        let mut shape = self.shape.clone();
        shape.insert(axis, 1);
        Self { shape, elements: self.elements.clone() }
    }

    pub(crate) fn squeeze(&self) -> Self {
        let shape = self.shape.iter().copied().filter(|&extent| extent != 1).collect();
        Self { shape, elements: self.elements.clone() }
    }

    pub(crate) fn diagonal(&self, first: usize, second: usize) -> Self {
        let others: Vec<usize> = (0..self.ndim()).filter(|axis| ![first, second].contains(axis)).collect();
        let mut shape: Vec<usize> = others.iter().map(|&axis| self.shape[axis]).collect();
        shape.push(self.shape[first].min(self.shape[second]));
        self.pulled(shape, |index| {
            let mut old = vec![index[index.len() - 1]; self.ndim()];
            for (&axis, &i) in others.iter().zip(index) {
                old[axis] = i;
            }
            old
        })
    }

    /// Applies NumPy's rule: shapes are compared from the last axis on.
    pub(crate) fn broadcast_to(&self, shape: &[usize]) -> Option<Self> {
        let missing = shape.len().checked_sub(self.ndim())?;
        let fits = |(&from, &to): (&usize, &usize)| from == 1 || from == to;
        self.shape.iter().zip(&shape[missing..]).all(fits).then(|| {
            self.pulled(shape.to_vec(), |index| {
                let here = self.shape.iter().zip(&index[missing..]);
                here.map(|(&extent, &i)| if extent == 1 { 0 } else { i }).collect()
            })
        })
    }

    /// Applies Cython's rule: it is NumPy's, and leading axes that the target does not have are dropped if they have
    /// length 1.
    pub(crate) fn copied_to(&self, shape: &[usize]) -> Option<Self> {
        let surplus = self.ndim().saturating_sub(shape.len());
        let (front, rest) = self.shape.split_at(surplus);
        let rest = Self { shape: rest.to_vec(), elements: self.elements.clone() };
        front.iter().all(|&extent| extent == 1).then(|| rest.broadcast_to(shape))?
    }

    /// Returns the same list under another shape, if some strides can express it. All strides follow from the elements
    /// next to the first one, and every other element then either agrees with them or does not.
    pub(crate) fn reshape(&self, shape: &[usize]) -> Option<Self> {
        let reshaped = Self { shape: shape.to_vec(), elements: self.elements.clone() };
        if shape.iter().product::<usize>() != self.size() {
            return None;
        }
        let origin = vec![0; shape.len()];
        let stride = |axis: usize| {
            let mut next = origin.clone();
            next[axis] = 1;
            let next = if shape[axis] > 1 { reshaped.at(&next) } else { reshaped.at(&origin) };
            i64::from(next) - i64::from(reshaped.at(&origin))
        };
        let strided = |index: &Vec<usize>| {
            let offset: i64 = index.iter().enumerate().map(|(axis, &i)| stride(axis) * i as i64).sum();
            i64::from(reshaped.at(index)) == i64::from(reshaped.at(&origin)) + offset
        };
        indices(shape).iter().all(strided).then_some(reshaped)
    }

    /// Whether the numbers of the elements are consecutive where `order` promises adjacent elements.
    pub(crate) fn is_block(&self, order: Order) -> bool {
        let in_order = if order == Order::F { self.transpose() } else { self.clone() };
        let block = match order {
            Order::C | Order::F => in_order.elements.len(),
            Order::Pitched => self.shape.last().copied().unwrap_or(1),
            Order::Strided => 1,
        };
        let consecutive = |block: &[u32]| block.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        in_order.elements.chunks(block.max(1)).all(consecutive)
    }

    pub(crate) fn lanes(&self, axis: usize) -> Vec<Self> {
        let last = self.move_axis(axis, self.ndim() - 1);
        let others = &last.shape[..self.ndim() - 1];
        let lane = |index: Vec<usize>| index.iter().fold(last.clone(), |lane, &i| lane.index_axis(0, i));
        indices(others).into_iter().map(lane).collect()
    }

    pub(crate) fn rows(&self) -> Vec<Self> {
        (0..self.shape[0]).map(|i| self.index_axis(0, i)).collect()
    }

    pub(crate) fn chunks(&self, count: usize) -> Vec<Self> {
        (0..self.shape[0]).step_by(count).map(|i| self.range(0, i, i + count)).collect()
    }

    pub(crate) fn windows(&self, count: usize) -> Vec<Self> {
        (0..(self.shape[0] + 1).saturating_sub(count)).map(|i| self.range(0, i, i + count)).collect()
    }
}
