//! `fallible!`: declares an operation that can fail, in both of its forms, from one description.
//! It keeps the naming rule of the crate, which the docs of the module `view` state.

/// Declares `x` and `try_x` next to each other.
///
/// `x` carries the documentation and the attributes. `try_x` refers to `x` and repeats when the operation fails. The
/// body is the body of `try_x`. A block after `panics` replaces the body of `x`, for operations that were measured to
/// be slower when `x` goes through a `Result`.
macro_rules! fallible {
    (@body [$tried:expr]) => {
        match $tried {
            Ok(value) => value,
            Err(error) => $crate::error::panic_with(error),
        }
    };
    (@body [$tried:expr] $fast:block) => { $fast };
    ($(
        $(#[$summary:meta])*
        fails $when:literal
        $(#[$rest:meta])*
        $visibility:vis fn $name:ident / $try_name:ident $([$($generics:tt)*])? (
            $([$this:ident: $($receiver:tt)*],)? $($argument:ident: $type:ty),* $(,)?
        ) $(-> $output:ty)? $([where $($bounds:tt)*])?
        $body:block
        $(panics $fast:block)?
    )*) => {$(
        $(#[$summary])*
        ///
        /// # Panics
        ///
        #[doc = $when]
        #[doc = ""]
        $(#[$rest])*
        #[inline]
        #[track_caller]
        $visibility fn $name $(<$($generics)*>)? ($($($receiver)*,)? $($argument: $type),*) $(-> $output)?
        $(where $($bounds)*)?
        {
            $crate::error::fallible!(@body [Self::$try_name($($this,)? $($argument),*)] $($fast)?)
        }

        #[doc = concat!("Does what [`", stringify!($name), "`](Self::", stringify!($name), ") does, and returns the error instead of panicking.")]
        ///
        /// # Errors
        ///
        #[doc = $when]
        #[inline]
        $visibility fn $try_name $(<$($generics)*>)? (
            $($($receiver)*,)? $($argument: $type),*
        ) -> Result<$crate::error::fallible!(@output $($output)?), $crate::error::Error>
        $(where $($bounds)*)?
        $body
    )*};
    (@output $output:ty) => { $output };
    (@output) => { () };
}

pub(crate) use fallible;
