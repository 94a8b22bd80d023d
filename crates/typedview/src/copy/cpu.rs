//! Processors: runs a loop that was compiled for the vector instructions of this processor.
//! Rust's own target has 16-byte vectors on x86-64, although almost every processor there has longer ones.

/// A loop whose code may be compiled several times.
pub(super) trait Kernel {
    /// Runs the loop. Implementations are `#[inline(always)]`, so that they are compiled with the instructions of their caller.
    fn run(self);
}

/// Runs `kernel` with the longest vectors that this processor has and that pay.
#[inline]
pub(super) fn vectorised(kernel: impl Kernel) {
    #[cfg(all(target_arch = "x86_64", feature = "std", not(miri)))]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[target_feature(enable = "avx2")]
        fn with_avx2(kernel: impl Kernel) {
            kernel.run();
        }
        // SAFETY: the line above has found that this processor has AVX2.
        return unsafe { with_avx2(kernel) };
    }
    kernel.run();
}
