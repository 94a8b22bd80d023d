//! Which thread this is: a number that all extensions of a process agree on, in one instruction where there is one.
//! CPython's free-threaded builds tell threads apart in the same way (`_Py_ThreadId`).

/// The number of this thread, which no other thread has while it lives.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
#[inline(always)]
pub(crate) fn this_thread() -> usize {
    let number: usize;
    // SAFETY: x86-64 psABI: `fs:0` holds the thread pointer.
    unsafe {
        std::arch::asm!("mov {}, fs:0", out(reg) number, options(nostack, preserves_flags, readonly, pure));
    }
    number
}

/// The number of this thread, which no other thread has while it lives.
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
#[inline]
pub(crate) fn this_thread() -> usize {
    // SAFETY: always allowed.
    unsafe { pyo3::ffi::PyThread_get_thread_ident() as usize }
}
