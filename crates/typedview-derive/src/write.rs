//! The implementation that is written: offsets and sizes are left to the compiler, which knows them.
//! Tokens only; what a struct may be has been checked.

use crate::record::{Field, Meaning, Record};
use crate::repr::Repr;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

/// `unsafe impl Element`, where `root` is the crate that has the trait.
pub(crate) fn implementation(record: &Record, root: Path) -> TokenStream {
    let root = record.root.as_ref().unwrap_or(&root);
    // E1: every byte is one of a field, which is an element, or padding. E2: `PADDED` follows from offsets and sizes,
    // and fields write themselves. E3: from the same offsets, or that of the one field.
    let implementation = match (record.repr, &record.fields[..]) {
        (Repr::Transparent, [field]) => as_its_field(record, field, root),
        _ => as_a_record(record, root),
    };
    let ident = &record.ident;
    quote! {
        #implementation

        #[automatically_derived]
        impl #root::derived::Single for #ident {}
    }
}

/// A transparent struct is its field.
fn as_its_field(record: &Record, field: &Field, root: &Path) -> TokenStream {
    let (ident, Field { member, ty, .. }) = (&record.ident, field);
    let element = quote_spanned!(ty.span()=> <#ty as #root::Element>);
    quote! {
        #[automatically_derived]
        // SAFETY: E1 to E3 by those of the one field, which has the layout of the struct.
        unsafe impl #root::Element for #ident {
            const DTYPE: #root::derived::Dtype = #element::DTYPE;
            const BYTE_ORDER: #root::derived::ByteOrder = #element::BYTE_ORDER;
            const NAME: ::core::option::Option<&'static ::core::primitive::str> = #element::NAME;
            const PADDED: ::core::primitive::bool = #element::PADDED;

            fn format() -> #root::derived::Format {
                #element::format()
            }

            fn reads(format: &#root::derived::Format) -> ::core::primitive::bool {
                #element::reads(format)
            }

            #[inline]
            unsafe fn write_to(self, place: *mut ::core::primitive::u8) {
                // SAFETY: the caller, as the field has the size of the struct.
                unsafe { #element::write_to(self.#member, place) }
            }
        }
    }
}

fn as_a_record(record: &Record, root: &Path) -> TokenStream {
    let Record { ident, name, fields, .. } = record;
    let members = fields.iter().map(|field| &field.member);
    // The only mention of the type, so that there is one error when it is no element.
    let parts = fields.iter().map(|Field { member, ty, meaning }| {
        let meaning = match meaning {
            Meaning::Field(Some(name)) => quote!(Field(::core::option::Option::Some(#name))),
            Meaning::Field(None) => quote!(Field(::core::option::Option::None)),
            Meaning::Padding => quote!(Padding),
        };
        quote_spanned! {ty.span()=>
            #root::derived::Part::of::<#ty>(
                ::core::mem::offset_of!(#ident, #member),
                #root::derived::Meaning::#meaning,
            )
        }
    });
    quote! {
        const _: () = {
            const PARTS: &[#root::derived::Part] = &[#(#parts),*];
            const ITEMSIZE: ::core::primitive::usize = ::core::mem::size_of::<#ident>();
            const PADDED: ::core::primitive::bool = #root::derived::is_padded(PARTS, ITEMSIZE);

            // Nobody has added a field since.
            let _ = |#ident { #(#members: _),* }: #ident| ();

            #[automatically_derived]
            // SAFETY: E1 by E1 of the fields; E2 and E3 by `PARTS`, which the compiler measures.
            unsafe impl #root::Element for #ident {
                const DTYPE: #root::derived::Dtype =
                    #root::derived::Dtype::new(#root::derived::Kind::Record, ITEMSIZE);
                const NAME: ::core::option::Option<&'static ::core::primitive::str> =
                    ::core::option::Option::Some(#name);
                const PADDED: ::core::primitive::bool = PADDED;

                fn format() -> #root::derived::Format {
                    #root::derived::record(PARTS, ITEMSIZE)
                }

                #[inline]
                unsafe fn write_to(self, place: *mut ::core::primitive::u8) {
                    // SAFETY: the caller; `PARTS` and `PADDED` are those of the struct.
                    unsafe { #root::derived::write(self, PARTS, PADDED, place) }
                }
            }
        };
    }
}
