//! Pairs: two views of two layouts, each over a region of its own.
//! Copies are checked with them, from every layout to every other.

/// Calls `check::<L, M>(target, source)` with a target of two axes in each layout, for one source.
macro_rules! to_every_layout {
    ($check:ident::<$source_layout:ty>($target:expr, $source:expr, $choices:expr)) => {{
        let (shape, choices) = ($target, &$choices);
        let pointers = [choices.once_in(2), choices.once_in(2)];
        $check::<C<2>, $source_layout>(Region::dense(&shape, Order::C), $source);
        $check::<F<2>, $source_layout>(Region::dense(&shape, Order::F), $source);
        $check::<Strided<2>, $source_layout>(Region::strided(&shape, false, choices), $source);
        $check::<Pitched<2>, $source_layout>(Region::pitched(&shape, false, choices), $source);
        $check::<Dyn, $source_layout>(Region::strided(&shape, false, choices), $source);
        $check::<Indirect<2>, $source_layout>(Region::indirect(&shape, &pointers, choices), $source);
    }};
}

/// Does the same as [`to_every_layout`], for a source of `$ndim` axes in each layout.
macro_rules! from_every_layout {
    ($check:ident($target:expr, $source:expr, $choices:expr); $ndim:literal) => {{
        let (source, choices) = (&$source[..], &$choices);
        let marked = |mut region: Region| {
            region.number_from(COPIED);
            region
        };
        let pointers: Vec<bool> = source.iter().map(|_| choices.once_in(2)).collect();
        let region = marked(Region::dense(source, Order::C));
        to_every_layout!($check::<C<$ndim>>($target, &region, choices));
        let region = marked(Region::dense(source, Order::F));
        to_every_layout!($check::<F<$ndim>>($target, &region, choices));
        let region = marked(Region::strided(source, true, choices));
        to_every_layout!($check::<Strided<$ndim>>($target, &region, choices));
        let region = marked(Region::pitched(source, true, choices));
        to_every_layout!($check::<Pitched<$ndim>>($target, &region, choices));
        to_every_layout!($check::<Dyn>($target, &region, choices));
        let region = marked(Region::indirect(source, &pointers, choices));
        to_every_layout!($check::<Indirect<$ndim>>($target, &region, choices));
    }};
}

pub(crate) use {from_every_layout, to_every_layout};
