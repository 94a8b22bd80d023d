//! Complex numbers of the crate `num-complex`: two floats, the real part first.
//! They need a feature, because the type belongs to that crate.

use super::swapped::{self, Swap};
use super::{Dtype, Element, Kind, Single};
use num_complex::Complex;

macro_rules! complex {
    ($($float:ty: $bits:ty),*) => {$(
        // SAFETY: `Complex` is `repr(C)` and consists of two floats. Every bit pattern is two numbers (E1), and there
        // is nothing between them (E2). The dtype takes the size of the type from `size_of` (E3).
        unsafe impl Element for Complex<$float> {
            const DTYPE: Dtype = Dtype { kind: Kind::Complex, itemsize: size_of::<Self>() };
        }

        impl Single for Complex<$float> {}

        impl swapped::Sealed for Complex<$float> {
            type Bits = [$bits; 2];

            #[inline]
            fn into_bits(self) -> [$bits; 2] {
                [self.re.to_bits(), self.im.to_bits()]
            }

            #[inline]
            fn of_bits([re, im]: [$bits; 2]) -> Self {
                Self::new(<$float>::from_bits(re), <$float>::from_bits(im))
            }

            #[inline]
            fn swap([re, im]: [$bits; 2]) -> [$bits; 2] {
                [re.swap_bytes(), im.swap_bytes()]
            }
        }

        impl Swap for Complex<$float> {}
    )*};
}

complex!(f32: u32, f64: u64);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::{Big, Little};
    use crate::format::Format;
    use alloc::string::ToString;

    #[test]
    fn both_sizes_have_their_names() {
        assert_eq!(Complex::<f32>::DTYPE.to_string(), "float complex");
        assert_eq!(Complex::<f64>::DTYPE.to_string(), "double complex");
        assert!(Format::parse(b"Zd").unwrap().describes::<Complex<f64>>());
        assert!(Format::parse(b">Zf").unwrap().describes::<Big<Complex<f32>>>());
    }

    #[test]
    fn each_half_is_swapped_on_its_own() {
        let number = Complex::new(1.5f32, -2.0);
        assert_eq!(Big::new(number).get(), number);
        assert_eq!(Little::new(number).get(), number);
        let bytes: [u8; 8] = crate::View::from(&[Big::new(number)])
            .try_reinterpret::<u8>()
            .unwrap()
            .to_vec()
            .try_into()
            .unwrap();
        let [re, im] = [1.5f32.to_be_bytes(), (-2f32).to_be_bytes()];
        assert_eq!(bytes, [re, im].concat()[..]);
    }
}
