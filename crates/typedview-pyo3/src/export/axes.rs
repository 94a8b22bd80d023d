//! Axes: the shape and the strides that consumers get pointers to, inside the Python object where there are few.
//! Smaller than `PerAxis` twice: every byte of a Python object is cleared, moved and freed with it.

const FEW: usize = 4;

/// Shape and strides, which stay where they are while `self` does.
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
    /// As many strides as there are extents.
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

    /// The number of indices on each axis.
    #[inline]
    pub(super) fn shape(&self) -> &[usize] {
        match self {
            Self::Few { ndim, shape, .. } => &shape[..*ndim],
            Self::Many(many) => &many.shape,
        }
    }

    /// Bytes from an index to the next, on each axis.
    #[inline]
    pub(super) fn strides(&self) -> &[isize] {
        match self {
            Self::Few { ndim, strides, .. } => &strides[..*ndim],
            Self::Many(many) => &many.strides,
        }
    }
}
