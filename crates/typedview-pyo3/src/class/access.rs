//! Access: what keeps others from the memory of views while an operation reads or writes it.
//! Describing and slicing claim nothing. One element is refused by locks only. Whole copies claim their memory, and wait for each other.

use super::hold::{Hold, Use};
use crate::error::OrRaise;
use crate::lock::{ClaimError, ClaimGuard, advice_in_turn, has_locks, other_use, own_lock, this_thread};
use crate::view::DETACHED_COPY;
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use std::ptr::NonNull;
use std::time::Duration;
use typedview::{C, Indirect, Untyped};
use typedview_claims::{Claim, Footprint, Mode, Show};

/// What the claims of operations of this class say of themselves. They end soon, so others wait for them.
const OPERATION: &str = "View";

/// What the claims of locks that Python code holds say of themselves.
const LOCK: &str = "View.locked()";

/// How long a copy waits for another use by value on another thread, without a GIL.
const PATIENCE: Duration = Duration::from_secs(60);

/// One side of an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'a> {
    elements: &'a Untyped,
    writes: bool,
    /// The hold of the view that keeps the elements, if it is not the caller that does.
    hold: Option<&'a Hold>,
    /// Whether others can have the elements, too.
    is_shared: bool,
}

impl<'a> Side<'a> {
    /// Elements of a view.
    pub(super) fn of_view(elements: &'a Untyped, hold: &'a Hold, writes: bool) -> Self {
        Self { elements, writes, hold: Some(hold), is_shared: true }
    }

    /// Elements that are read, and whose export the caller holds.
    pub(super) fn of_export(elements: &'a Untyped) -> Self {
        Self { elements, writes: false, hold: None, is_shared: true }
    }

    /// Elements in memory that nobody else has.
    pub(super) fn of_new(elements: &'a Untyped) -> Self {
        Self { elements, writes: false, hold: None, is_shared: false }
    }

    /// The claim of a lock that Python code holds on this thread, and that overlaps the elements.
    fn own_lock(&self) -> Option<NonNull<Claim>> {
        let describe = |claim: &mut Claim| describe(claim, self.elements, Mode::LOCAL_READ, show_operation);
        own_lock(|| footprint_of(&describe))
    }

    pub(super) fn elements(&self) -> &'a Untyped {
        self.elements
    }
}

macro_rules! shown {
    ($name:ident, $text:ident) => {
        /// Writes what a claim says of itself to `text`. Returns the number of bytes that it has written.
        ///
        /// # Safety
        ///
        /// The caller must ensure that `text` has room for `capacity` bytes.
        unsafe extern "C" fn $name(text: *mut u8, capacity: usize) -> usize {
            let length = $text.len().min(capacity);
            // SAFETY: the caller guarantees that `text` has room for `capacity` bytes, and `length` is not larger than that.
            unsafe { text.copy_from_nonoverlapping($text.as_ptr(), length) };
            length
        }
    };
}

shown!(show_operation, OPERATION);
shown!(show_lock, LOCK);

/// Makes `claim` that of a lock of Python code on elements. Returns `None` if they wrap around the address space.
pub(super) fn describe_lock(claim: &mut Claim, elements: &Untyped, mode: Mode) -> Option<()> {
    describe(claim, elements, mode, show_lock)
}

/// Makes `claim` the claim of this thread on elements. Returns `None` if they wrap around the address space.
fn describe(claim: &mut Claim, elements: &Untyped, mode: Mode, show: Show) -> Option<()> {
    let (first, itemsize, thread) = (elements.as_ptr().addr(), elements.itemsize(), this_thread());
    match elements.as_direct() {
        Some(layout) => claim.set(first, layout, itemsize, mode, thread, show),
        // Memory behind pointers may be anywhere.
        None => match Indirect::new([1], [0], [0], itemsize) {
            Ok(layout) => claim.set(first, &layout, itemsize, mode, thread, show),
            Err(_) => None,
        },
    }
}

/// The first byte of new memory, for an operation that writes it on a thread that is detached.
pub(super) struct Room(pub(super) *mut u8);

// SAFETY: the memory is new, and only the thread that gets the pointer writes it.
unsafe impl Send for Room {}

/// Whether nothing can be in the way of an operation on this thread that runs no Python code and stays attached.
#[inline]
pub(super) fn is_undisturbed(py: Python<'_>) -> bool {
    !cfg!(Py_GIL_DISABLED) && !has_locks(py)
}

/// Runs `work` on one element at `address`, unless a lock is in the way. `work` must run no Python code.
#[inline]
pub(super) fn with_element<X>(
    py: Python<'_>,
    hold: &Hold,
    element: (usize, usize),
    writes: bool,
    work: impl FnOnce() -> X,
) -> PyResult<X> {
    if is_undisturbed(py) {
        hold.check()?;
        return Ok(work());
    }
    with_claimed_element(py, hold, element, writes, work)
}

#[cold]
fn with_claimed_element<X>(
    py: Python<'_>,
    hold: &Hold,
    (address, itemsize): (usize, usize),
    writes: bool,
    work: impl FnOnce() -> X,
) -> PyResult<X> {
    let _use = hold.begin()?;
    let mode = if writes { Mode::LOCAL_WRITE } else { Mode::LOCAL_READ };
    let layout = C::<0>::new([], itemsize).or_raise()?;
    let describe =
        |claim: &mut Claim| claim.set(address, &layout, itemsize, mode, this_thread(), show_operation);
    let _claim = enter(py, own_lock(|| footprint_of(&describe)), mode, &describe)?;
    Ok(work())
}

/// Returns the footprint of a claim.
fn footprint_of(describe: &dyn Fn(&mut Claim) -> Option<()>) -> Option<Footprint> {
    let mut claim = Claim::vacant();
    describe(&mut claim)?;
    Some(*claim.footprint())
}

/// Runs `work`, which uses the memory of all sides and runs no Python code. If it handles many bytes, other Python threads run
/// meanwhile.
///
/// # Errors
///
/// `BufferError` while a lock is in the way, and `ValueError` if one of the views is released.
pub(super) fn with_memory<X: Send>(
    py: Python<'_>,
    sides: &[Side<'_>],
    work: impl FnOnce() -> X + Send,
) -> PyResult<X> {
    let kept = Kept::of(py, sides)?;
    let done = if kept.detaches { py.detach(work) } else { work() };
    drop(kept);
    Ok(done)
}

/// What keeps the memory of an operation, and others from it.
struct Kept<'a> {
    /// Whether other Python threads run during the operation.
    detaches: bool,
    // The claims leave the table before the memory may be given back.
    _claims: Vec<ClaimGuard>,
    _uses: Vec<Use<'a>>,
}

impl<'a> Kept<'a> {
    fn of(py: Python<'_>, sides: &[Side<'a>]) -> PyResult<Self> {
        let most = sides.iter().map(|side| side.elements.nbytes()).max().unwrap_or_default();
        // Under a lock of its own, this thread stays attached: its claims could not be told from those of others.
        let detaches = most >= DETACHED_COPY && sides.iter().all(|side| side.own_lock().is_none());
        let holds = || sides.iter().filter_map(|side| side.hold);
        if !detaches && is_undisturbed(py) {
            holds().try_for_each(Hold::check)?;
            return Ok(Self { detaches, _uses: Vec::new(), _claims: Vec::new() });
        }
        let uses = holds().map(Hold::begin).collect::<PyResult<Vec<Use<'_>>>>()?;
        // What is written is claimed first, so that the claim on what is read can be made under it where the two overlap.
        let (mut written, read): (Vec<&Side<'a>>, Vec<&Side<'a>>) =
            sides.iter().partition(|side| side.writes);
        written.extend(read);
        written.retain(|side| side.is_shared && side.elements.size() > 0);
        let claims = enter_all(py, &written, detaches)?;
        Ok(Self { detaches, _uses: uses, _claims: claims })
    }
}

/// Enters a claim for each side. The thread waits for one of them with none of the others, so that two copies do not wait for each
/// other. It keeps the one that it has waited for while it tries the others, because the next thread in the queue would get it.
fn enter_all(py: Python<'_>, sides: &[&Side<'_>], detaches: bool) -> PyResult<Vec<ClaimGuard>> {
    let mode_of = |side: &Side<'_>| match (detaches, side.writes) {
        (true, true) => Mode::EXCLUSIVE,
        (true, false) => Mode::SHARED,
        (false, true) => Mode::LOCAL_WRITE,
        (false, false) => Mode::LOCAL_READ,
    };
    let mut claims: Vec<ClaimGuard> = Vec::new();
    let mut waited_for = None;
    loop {
        let blocked = (0..sides.len()).filter(|place| Some(*place) != waited_for).find(|place| {
            let (side, mode) = (sides[*place], mode_of(sides[*place]));
            let under = side.own_lock().or_else(|| claims.first().map(ClaimGuard::claim));
            match ClaimGuard::enter(py, under, |claim| describe(claim, side.elements, mode, show_operation)) {
                Some(Ok(claim)) => {
                    claims.push(claim);
                    false
                }
                _ => true,
            }
        });
        let Some(place) = blocked else { return Ok(claims) };
        claims.clear();
        let (side, mode) = (sides[place], mode_of(sides[place]));
        // This waits until the claim is entered, or says why it never can be.
        let describe = |claim: &mut Claim| describe(claim, side.elements, mode, show_operation);
        claims.push(enter(py, side.own_lock(), mode, &describe)?);
        waited_for = Some(place);
    }
}

/// Enters a claim. Waits for other copies of this class, and without a GIL for uses by value; a lock is an error.
fn enter(
    py: Python<'_>,
    own: Option<NonNull<Claim>>,
    mode: Mode,
    describe: &dyn Fn(&mut Claim) -> Option<()>,
) -> PyResult<ClaimGuard> {
    let wraps = || PyBufferError::new_err("the memory of the view wraps around the address space");
    let mut entered = ClaimGuard::enter(py, own, describe).ok_or_else(wraps)?;
    let start = std::time::Instant::now();
    loop {
        let conflict = match entered {
            Ok(claim) => return Ok(claim),
            Err(ClaimError::Raised(exception)) => return Err(exception),
            Err(ClaimError::Conflict(conflict)) => conflict,
        };
        let passes = conflict.thread() != this_thread()
            && (conflict.shown() == OPERATION || !conflict.mode().is_lock() && !mode.is_lock());
        if !passes || conflict.waits_in_turn() || start.elapsed() > PATIENCE {
            let doing = if mode.writes() { "write" } else { "read" };
            let (found, advice) = (other_use(&conflict), advice_in_turn(&conflict).unwrap_or_default());
            let text = format!("cannot {doing} the view: its memory is {found}{advice}");
            return Err(PyBufferError::new_err(text));
        }
        entered = ClaimGuard::enter_within(py, Duration::from_millis(50), describe).ok_or_else(wraps)?;
    }
}
