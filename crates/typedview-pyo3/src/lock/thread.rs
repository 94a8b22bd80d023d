//! The number of the current thread: all extensions of a process agree on it, and on x86-64 Linux it takes one
//! instruction.
//! CPython's free-threaded builds identify threads in the same way (`_Py_ThreadId`).

/// Returns the number of this thread. No other thread has the same number while this thread lives.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
#[inline(always)]
pub(crate) fn this_thread() -> usize {
    let number: usize;
    // SAFETY: the x86-64 psABI says that `fs:0` holds the thread pointer, so reading it is allowed.
    unsafe {
        std::arch::asm!("mov {}, fs:0", out(reg) number, options(nostack, preserves_flags, readonly, pure));
    }
    number
}

/// Returns the number of this thread. No other thread has the same number while this thread lives.
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
#[inline]
pub(crate) fn this_thread() -> usize {
    // SAFETY: `PyThread_get_thread_ident` may be called at any time and on any thread.
    unsafe { pyo3::ffi::PyThread_get_thread_ident() as usize }
}
