//! The implementation that is written: the fields, each shown once, and no type.
//! Tokens only; what a struct may be has been checked.
//!
//! What is written stands beside code of others, which may give any name another meaning, and may change the struct
//! after it was read. So a field's type is inferred from the field, a pattern says that no field is missing, and what is
//! concluded comes from constants of the trait, whose types only the real trait's crate can make.

use crate::record::{Field, Meaning, Record};
use crate::repr::Repr;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

/// `unsafe impl Element`, where `root` is the crate that has the trait.
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
        // SAFETY: E1 by E1 of the fields; E2 and E3 by `FIELDS`, which the compiler measures.
        unsafe impl #root::Element for #ident {
            const FIELDS: #root::derived::Fields<Self> = {
                // There is no other field, and it is a struct: a union takes the first of these, and not the second.
                let _ = |#ident { #(#members: _),* }: #ident| ();
                let _ = |#place: #ident| #ident { ..#place };
                // SAFETY: G1 and G2: by the pattern, the struct itself has these fields, and no others.
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
                // SAFETY: the caller.
                unsafe { <Self as #root::Element>::FIELDS.write(self, place) }
            }
        }

        #[automatically_derived]
        impl #root::derived::Single for #ident {}
    }
}

/// A field. Errors about its type, which is no element, point at the type in the struct.
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
