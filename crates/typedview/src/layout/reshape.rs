//! Reshaping a block: the same elements under another shape, or as elements of another size.
//! Dense layouts only, where both are true of every block.

use super::{C, Layout, size_of_shape};
use crate::error::{Error, LayoutError};

impl<const N: usize> C<N> {
    /// The layout of the same elements under another shape.
    pub(crate) fn try_reshape<const M: usize>(
        &self,
        shape: [usize; M],
        itemsize: usize,
    ) -> Result<C<M>, Error> {
        let (size, found) = (size_of_shape(&shape, itemsize)?, self.size());
        if size != found {
            return Err(LayoutError::SizeDiffers { wanted: shape.into(), size, found }.into());
        }
        Ok(C::from_array(shape))
    }

    /// The layout of the same bytes as elements of another size; the last axis gets longer or shorter.
    pub(crate) fn try_reinterpret(&self, from: usize, to: usize) -> Result<Self, Error> {
        let mut shape = self.to_array();
        let mut none = 1;
        let extent = shape.last_mut().unwrap_or(&mut none);
        let nbytes = extent.saturating_mul(from);
        if nbytes.checked_rem(to) != Some(0) {
            return Err(LayoutError::NotWhole { nbytes, itemsize: to }.into());
        }
        *extent = nbytes.checked_div(to).unwrap_or_default();
        // Without axes there is one element, which must stay one.
        if none == 1 { C::new(shape, to) } else { Err(LayoutError::NotWhole { nbytes, itemsize: to }.into()) }
    }
}
