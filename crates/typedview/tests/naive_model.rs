//! The specification: a view is a list of (index, byte offset), and every operation is a rule on that list.
//! Each layout operation is held to it by random chains of operations on random shapes.

use proptest::prelude::*;
use typedview::{Axes, C, F, Layout, Slice, Strided, View, ViewMut};

/// A view as a list: the shape, and the number in the memory of each element in index order.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    shape: Vec<usize>,
    elements: Vec<u32>,
}

impl Model {
    fn dense(shape: &[usize]) -> Self {
        let size = shape.iter().product::<usize>() as u32;
        Self { shape: shape.to_vec(), elements: (0..size).collect() }
    }

    fn of<L: Layout>(view: View<'_, u32, L>) -> Self {
        Self { shape: view.shape().to_vec(), elements: view.iter().collect() }
    }

    fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
        shape.iter().fold(vec![vec![]], |indices, &extent| {
            indices
                .into_iter()
                .flat_map(|index| (0..extent).map(move |i| [index.clone(), vec![i]].concat()))
                .collect()
        })
    }

    fn at(&self, index: &[usize]) -> u32 {
        let flat = index.iter().zip(&self.shape).fold(0, |flat, (i, extent)| flat * extent + i);
        self.elements[flat]
    }

    /// The model whose element at `index` is this one's at `source(index)`.
    fn pulled(&self, shape: Vec<usize>, source: impl Fn(&[usize]) -> Vec<usize>) -> Self {
        let elements = Self::indices(&shape).iter().map(|index| self.at(&source(index))).collect();
        Self { shape, elements }
    }

    fn transpose(&self) -> Self {
        let shape = self.shape.iter().rev().copied().collect();
        self.pulled(shape, |index| index.iter().rev().copied().collect())
    }

    /// `chosen[i]` is the old index on `axis` of the new index `i`.
    fn take(&self, axis: usize, chosen: &[usize]) -> Self {
        let mut shape = self.shape.clone();
        shape[axis] = chosen.len();
        self.pulled(shape, |index| {
            let mut old = index.to_vec();
            old[axis] = chosen[old[axis]];
            old
        })
    }

    fn drop_axis(&self, axis: usize, at: usize) -> Self {
        let mut shape = self.shape.clone();
        shape.remove(axis);
        self.pulled(shape, |index| {
            let mut old = index.to_vec();
            old.insert(axis, at);
            old
        })
    }
}

/// Python's `range(length)[start:stop:step]`, walked.
fn chosen(length: usize, (start, stop, step): (Option<isize>, Option<isize>, isize)) -> Vec<usize> {
    let n = length as isize;
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let position = |i: isize| if i < 0 { (i + n).max(low) } else { i.min(high) };
    let (first, last) = if step > 0 { (0, n) } else { (n - 1, -1) };
    let mut i = start.map_or(first, position);
    let stop = stop.map_or(last, position);
    let mut indices = vec![];
    while if step > 0 { i < stop } else { i > stop } {
        indices.push(i as usize);
        i += step;
    }
    indices
}

type Positions = (Option<isize>, Option<isize>, isize);

fn positions() -> impl Strategy<Value = Positions> {
    let position = || prop::option::of(-7isize..=7);
    (position(), position(), (-4isize..=4).prop_filter("a step", |step| *step != 0))
}

#[derive(Clone, Debug)]
enum Operation {
    Slice(usize, Positions),
    Transpose,
    Rows(Option<isize>, Option<isize>),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        (0usize..3, positions()).prop_map(|(axis, slice)| Operation::Slice(axis, slice)),
        Just(Operation::Transpose),
        (prop::option::of(-5isize..=5), prop::option::of(-5isize..=5))
            .prop_map(|(start, stop)| Operation::Rows(start, stop)),
    ];
    prop::collection::vec(operation, 0..6)
}

fn same<L: Layout>(view: View<'_, u32, L>, model: &Model) {
    assert_eq!(Model::of(view.clone()), *model);
    assert_eq!(view.to_vec(), model.elements);
    // One at a time, and some at a time and then the rest.
    let mut iter = view.iter();
    let mut walked: Vec<u32> = iter.by_ref().take(2).collect();
    assert_eq!(iter.len(), model.elements.len() - walked.len());
    iter.for_each(|x| walked.push(x));
    assert_eq!(walked, model.elements);
    if let Some(slice) = view.as_slice() {
        assert_eq!(slice, model.elements);
    }
}

fn same_everywhere<L: Layout>(view: View<'_, u32, L>, model: &Model)
where
    [usize; 3]: typedview::ElementIndex<L>,
{
    for index in Model::indices(&[5, 5, 5]) {
        let inside = index.iter().zip(&model.shape).all(|(i, extent)| i < extent);
        let found = view.get([index[0], index[1], index[2]]);
        assert_eq!(found, inside.then(|| model.at(&index)));
    }
}

fn drops<L: Axes>(view: View<'_, u32, L>, model: &Model) {
    for axis in 0..model.shape.len() {
        let extent = model.shape[axis];
        for at in 0..extent {
            let dropped = model.drop_axis(axis, at);
            same(view.index_axis(axis, at as isize), &dropped);
            same(view.index_axis(axis, at as isize - extent as isize), &dropped);
        }
        assert!(view.try_index_axis(axis, extent as isize).is_err());
        assert!(view.try_index_axis(axis, -(extent as isize) - 1).is_err());
    }
    assert_eq!(view.rows().len(), model.shape[0]);
    for (at, row) in view.rows().enumerate() {
        same(row, &model.drop_axis(0, at));
        same(view.row(at), &model.drop_axis(0, at));
    }
}

proptest! {
    #[test]
    fn chains_of_operations_agree_with_the_model(
        shape in [0usize..5, 0usize..5, 0usize..5],
        operations in operations(),
    ) {
        let data = Model::dense(&shape).elements;
        let view = View::from_slice(&data, shape);
        let mut model = Model::dense(&shape);
        same(view, &model);
        same(view.transpose(), &model.transpose());
        same_everywhere(view.transpose(), &model.transpose());
        drops(view, &model);
        drops(view.transpose(), &model.transpose());
        let mut view: View<'_, u32, Strided<3>> = view.to_strided();
        for operation in operations {
            match operation {
                Operation::Slice(axis, positions) => {
                    let (start, stop, step) = positions;
                    let chosen = chosen(model.shape[axis], positions);
                    view = view.slice_axis(axis, Slice::new(start, stop, step));
                    model = model.take(axis, &chosen);
                }
                Operation::Transpose => {
                    view = view.transpose();
                    model = model.transpose();
                }
                Operation::Rows(start, stop) => {
                    view = match (start, stop) {
                        (Some(start), Some(stop)) => view.slice_rows(start..stop),
                        (Some(start), None) => view.slice_rows(start..),
                        (None, Some(stop)) => view.slice_rows(..stop),
                        (None, None) => view.slice_rows(..),
                    };
                    model = model.take(0, &chosen(model.shape[0], (start, stop, 1)));
                }
            }
        }
        same(view, &model);
        same_everywhere(view, &model);
        drops(view, &model);
        prop_assert_eq!(view.try_to_layout::<C<3>>().is_ok(), view.is_contiguous(typedview::Order::C));
        if let Ok(dense) = view.try_to_layout::<C<3>>() {
            same(dense, &model);
        }
        if let Ok(dense) = view.try_to_layout::<F<3>>() {
            same(dense, &model);
        }
    }

    #[test]
    fn rows_of_a_dense_view_stay_dense(shape in [0usize..5, 0usize..5], start in -6isize..6, stop in -6isize..6) {
        let data = Model::dense(&shape).elements;
        let rows: View<'_, u32, C<2>> = View::from_slice(&data, shape).slice_rows(start..stop);
        same(rows, &Model::dense(&shape).take(0, &chosen(shape[0], (Some(start), Some(stop), 1))));
    }

    #[test]
    fn writing_through_a_slice_writes_what_the_model_names(
        shape in [1usize..5, 1usize..5],
        rows in positions(),
        columns in positions(),
    ) {
        let (rows_at, columns_at) = (chosen(shape[0], rows), chosen(shape[1], columns));
        let model = Model::dense(&shape).take(0, &rows_at).take(1, &columns_at);
        let slice = |positions: Positions| Slice::new(positions.0, positions.1, positions.2);
        let mut data = Model::dense(&shape).elements;

        let mut filled = data.clone();
        ViewMut::from_slice(&mut filled, shape).slice_axis(0, slice(rows)).slice_axis(1, slice(columns)).fill(1000);
        for (i, &x) in filled.iter().enumerate() {
            prop_assert_eq!(x == 1000, model.elements.contains(&(i as u32)));
        }

        let source: Vec<u32> = (0..model.elements.len() as u32).map(|i| 2000 + i).collect();
        let source = View::from_slice(&source, [rows_at.len(), columns_at.len()]);
        let mut view = ViewMut::from_slice(&mut data, shape).slice_axis(0, slice(rows)).slice_axis(1, slice(columns));
        view.copy_from(&source);
        prop_assert_eq!(view.view().to_vec(), source.to_vec());
    }

    #[test]
    fn overlapping_copies_are_as_if_the_source_were_copied_first(
        length in 1usize..12,
        to in positions(),
        from in positions(),
    ) {
        let (to_at, from_at) = (chosen(length, to), chosen(length, from));
        let count = to_at.len().min(from_at.len());
        let mut data: Vec<u32> = (0..length as u32).collect();
        let mut expected = data.clone();
        for k in 0..count {
            expected[to_at[k]] = from_at[k] as u32;
        }
        let cells = ViewMut::from(&mut data).into_cells();
        let part = |positions: Positions| {
            let slice = Slice::new(positions.0, positions.1, positions.2);
            cells.slice_axis(0, slice).slice_axis(0, ..count as isize)
        };
        part(to).copy_from(&part(from).to_cell_view());
        prop_assert_eq!(data, expected);
    }
}
