//! `Axes`: the shape and the strides of a result, to which consumers get pointers. Up to four axes are stored in the Python
//! object itself. It is smaller than two `PerAxis`, because every byte of a Python object has to be cleared and moved.

const FEW: usize = 4;

/// Shape and strides, whose addresses do not change as long as `self` is not moved.
#[derive(Debug)]
pub(super) enum Axes {
    Few { ndim: usize, shape: [usize; FEW], strides: [isize; FEW] },
    Many(Box<Many>),
}

#[derive(Debug)]
pub(super) struct Many {
    shape: Box<[usize]>,
    strides: Box<[isize]>,
}

impl Axes {
    /// Copies a shape and its strides, which must have the same length.
    #[inline]
    pub(super) fn new(shape: &[usize], strides: &[isize]) -> Self {
        let ndim = shape.len();
        let mut few = ([0; FEW], [0; FEW]);
        match (few.0.get_mut(..ndim), few.1.get_mut(..ndim)) {
            (Some(extents), Some(steps)) => {
                extents.copy_from_slice(shape);
                steps.copy_from_slice(strides);
                Self::Few { ndim, shape: few.0, strides: few.1 }
            }
            _ => Self::Many(Box::new(Many { shape: shape.into(), strides: strides.into() })),
        }
    }

    /// Returns the number of indices on each axis.
    #[inline]
    pub(super) fn shape(&self) -> &[usize] {
        match self {
            Self::Few { ndim, shape, .. } => &shape[..*ndim],
            Self::Many(many) => &many.shape,
        }
    }

    /// Returns the number of bytes from an index to the next one, on each axis.
    #[inline]
    pub(super) fn strides(&self) -> &[isize] {
        match self {
            Self::Few { ndim, strides, .. } => &strides[..*ndim],
            Self::Many(many) => &many.strides,
        }
    }
}
