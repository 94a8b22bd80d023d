//! Layouts: macros that call a check with every layout of one shape, each over a region of its own.
//! A check is generic over the layout, so these macros are the list of layouts.

/// Calls `check(view, region, choices)` for each layout without pointers.
macro_rules! in_direct_layouts {
    ($check:ident, $shape:expr, $choices:expr; $($ndim:literal)*) => {{
        use crate::region::Region;
        let (shape, choices) = (&$shape[..], &$choices);
        match shape.len() {
            $($ndim => {
                let region = Region::dense(shape, typedview::Order::C);
                $check::<typedview::C<$ndim>>(&region.view(), &region, choices);
                let region = Region::dense(shape, typedview::Order::F);
                $check::<typedview::F<$ndim>>(&region.view(), &region, choices);
                let region = Region::strided(shape, true, choices);
                $check::<typedview::Strided<$ndim>>(&region.view(), &region, choices);
                let region = Region::pitched(shape, true, choices);
                $check::<typedview::Pitched<$ndim>>(&region.view(), &region, choices);
            })*
            _ => {}
        }
        let region = Region::strided(shape, true, choices);
        $check::<typedview::Dyn>(&region.view(), &region, choices);
    }};
}

/// Calls `check(view, region, choices)` for the layout that may hold pointers.
macro_rules! in_indirect_layouts {
    ($check:ident, $shape:expr, $choices:expr) => {{
        use crate::region::Region;
        let (shape, choices) = (&$shape[..], &$choices);
        let pointers: Vec<bool> = shape.iter().map(|_| choices.once_in(2)).collect();
        let region = Region::indirect(shape, &pointers, choices);
        match shape.len() {
            1 => $check::<typedview::Indirect<1>>(&region.view(), &region, choices),
            2 => $check::<typedview::Indirect<2>>(&region.view(), &region, choices),
            3 => $check::<typedview::Indirect<3>>(&region.view(), &region, choices),
            _ => {}
        }
    }};
}

pub(crate) use {in_direct_layouts, in_indirect_layouts};
