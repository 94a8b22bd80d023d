//! Records: reads what a struct says about itself, and rejects structs that cannot be records.
//! It is apart from the code generation because its errors point into the struct.

use crate::attribute::{OfField, OfStruct};
use crate::repr::{self, Repr};
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Generics, Ident, LitStr, Member, Path, Result, Type};

/// A struct whose layout Rust guarantees.
///
/// Nothing is known here about the types of its fields. In the generated code the compiler checks that they are
/// elements, computes their offsets, and checks that the struct is `Copy`.
pub(crate) struct Record {
    pub(crate) ident: Ident,
    /// The name of the record in messages.
    pub(crate) name: String,
    /// The path of `typedview`, if the struct gives it.
    pub(crate) root: Option<Path>,
    pub(crate) repr: Repr,
    /// The fields: at least one, and exactly one in a transparent struct.
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    pub(crate) member: Member,
    pub(crate) ty: Type,
    pub(crate) meaning: Meaning,
}

/// What a field means in the format.
pub(crate) enum Meaning {
    /// A field with a name, or without one in a tuple struct.
    Field(Option<String>),
    Padding,
}

impl Record {
    pub(crate) fn read(input: DeriveInput) -> Result<Self> {
        let fields = match input.data {
            Data::Struct(data) => data.fields,
            Data::Enum(data) => {
                let text = "an enum is not an element, since some byte patterns are not a variant: \
                            declare an integer, and convert it where it is used";
                return Err(Error::new(data.enum_token.span, text));
            }
            Data::Union(data) => {
                let text = "a union is not an element, since nothing says which of its fields is there: \
                            take the bytes, and reinterpret them";
                return Err(Error::new(data.union_token.span, text));
            }
        };
        refuse_generics(&input.generics)?;
        let repr = repr::read(&input.ident, &input.attrs)?;
        let said = OfStruct::read(&input.attrs)?;
        let fields = read_fields(&input.ident, fields)?;
        if repr == Repr::Transparent {
            if let Some(second) = fields.get(1) {
                let text = "a transparent element is its one field: remove the others, or take `#[repr(C)]`";
                return Err(Error::new(second.member.span(), text));
            }
            if let Some(name) = &said.name {
                let text =
                    "a transparent element has the name of its field: remove this, or take `#[repr(C)]`";
                return Err(Error::new(name.span(), text));
            }
        }
        let name = said.name.map_or_else(|| input.ident.unraw().to_string(), |name| name.value());
        Ok(Self { ident: input.ident, name, root: said.root, repr, fields })
    }
}

fn refuse_generics(generics: &Generics) -> Result<()> {
    match generics.params.first() {
        None => Ok(()),
        Some(parameter) => {
            let text = "an element has one format, so its struct has no parameters: write the types out";
            Err(Error::new(parameter.span(), text))
        }
    }
}

fn read_fields(record: &Ident, fields: Fields) -> Result<Vec<Field>> {
    if fields.is_empty() {
        return Err(Error::new(record.span(), "a record without fields has nothing to view"));
    }
    let mut names = HashSet::new();
    let mut read = Vec::new();
    for (member, field) in fields.members().zip(&fields) {
        let said = OfField::read(&field.attrs)?;
        let own = || field.ident.as_ref().map(|ident| ident.unraw().to_string());
        let name = said.name.as_ref().map(|name| name.value()).or_else(own);
        let meaning = if said.padding { Meaning::Padding } else { Meaning::Field(name) };
        if let Meaning::Field(Some(name)) = &meaning
            && !names.insert(name.clone())
        {
            let span = said.name.as_ref().map_or(member.span(), LitStr::span);
            return Err(Error::new(span, format!("two fields have the name {name:?}")));
        }
        read.push(Field { member, ty: field.ty.clone(), meaning });
    }
    Ok(read)
}
