//! Code generation: the implementation of `Element`, which mentions each field once and no type.
//! This file only produces tokens; whether the struct can be a record has been checked before.
//!
//! The generated code is compiled next to code of others. That code may give any name another meaning, and may change
//! the struct after the derive has read it. So the type of a field is inferred from the field, and a pattern proves
//! that no field is missing. Everything else is computed from constants of the trait, whose types only the crate of the
//! real trait can make.

use crate::record::{Field, Meaning, Record};
use crate::repr::Repr;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

/// Generates `unsafe impl Element`; `root` is the path of the crate that has the trait, unless the struct gives another
/// one.
pub(crate) fn implementation(record: &Record, root: Path) -> TokenStream {
    let root = record.root.as_ref().unwrap_or(&root);
    let Record { ident, name, fields, .. } = record;
    let members = fields.iter().map(|field| &field.member);
    let place = Ident::new("__typedview_record", Span::mixed_site());
    let parts = fields.iter().map(|field| part(field, &place, root));
    let all = match record.repr {
        Repr::Transparent => quote!(transparent),
        Repr::C => quote!(record),
    };
    let name = (record.repr == Repr::C).then(|| quote!(#name,));
    quote! {
        #[automatically_derived]
        // SAFETY: every bit pattern is a valid value, because it is a valid value of every field (E1). The padding, the
        // size and the format come from `FIELDS`, for which the compiler computes all offsets and sizes (E2, E3).
        unsafe impl #root::Element for #ident {
            const FIELDS: #root::derived::Fields<Self> = {
                // The first line compiles only if there is no other field. The second line compiles only if the type is
                // a struct: a union is accepted by the first line, but not by the second.
                let _ = |#ident { #(#members: _),* }: #ident| ();
                let _ = |#place: #ident| #ident { ..#place };
                // SAFETY: the pattern above compiles only if the struct itself has these fields and no others. So each
                // part describes a field of the struct (G1), and the parts are all of its fields (G2).
                unsafe {
                    #root::derived::Fields::#all(#name const {
                        let #place = #root::derived::core::mem::MaybeUninit::<#ident>::uninit();
                        let #place: *const #ident = #place.as_ptr();
                        &[#(#parts),*]
                    })
                }
            };
            const DTYPE: #root::derived::Dtype = <Self as #root::Element>::FIELDS.dtype();
            const BYTE_ORDER: #root::derived::ByteOrder = <Self as #root::Element>::FIELDS.byte_order();
            const NAME: #root::derived::core::option::Option<&'static #root::derived::core::primitive::str> =
                <Self as #root::Element>::FIELDS.name();
            const PADDED: #root::derived::core::primitive::bool = <Self as #root::Element>::FIELDS.is_padded();

            fn format() -> #root::derived::Format {
                <Self as #root::Element>::FIELDS.format()
            }

            fn reads(format: &#root::derived::Format) -> #root::derived::core::primitive::bool {
                <Self as #root::Element>::FIELDS.reads(format)
            }

            #[inline]
            unsafe fn write_to(self, place: *mut #root::derived::core::primitive::u8) {
                // SAFETY: the caller guarantees that the bytes of one element from `place` on are writable.
                unsafe { <Self as #root::Element>::FIELDS.write(self, place) }
            }
        }

        #[automatically_derived]
        impl #root::derived::Single for #ident {}
    }
}

/// Generates the `Part` of a field.
///
/// The tokens have the span of the field's type. If that type is not an element, the error points at it in the struct.
fn part(field: &Field, place: &Ident, root: &Path) -> TokenStream {
    let Field { member, ty, meaning } = field;
    let meaning = match meaning {
        Meaning::Field(Some(name)) => quote!(Named(#name)),
        Meaning::Field(None) => quote!(Nameless),
        Meaning::Padding => quote!(Padding),
    };
    quote_spanned! {ty.span()=>
        #root::derived::Part::new(
            #place,
            &raw const (*#place).#member,
            #root::derived::Meaning::#meaning,
        )
    }
}
