//! `#[element(...)]`: parses the attributes by which a struct or a field says more than its type does.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Path, Result};

/// The contents of `#[element(...)]` on a struct.
#[derive(Default)]
pub(crate) struct OfStruct {
    pub(crate) name: Option<LitStr>,
    pub(crate) root: Option<Path>,
}

/// The contents of `#[element(...)]` on a field.
#[derive(Default)]
pub(crate) struct OfField {
    pub(crate) name: Option<LitStr>,
    pub(crate) padding: bool,
}

impl OfStruct {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        each_word(attributes, |word| {
            if word.path.is_ident("name") {
                said.name = Some(record_name(word.value()?.parse()?)?);
            } else if word.path.is_ident("crate") {
                said.root = Some(word.value()?.call(Path::parse_mod_style)?);
            } else {
                return Err(word.error("a record has `name = \"...\"` and `crate = path`"));
            }
            Ok(())
        })?;
        Ok(said)
    }
}

impl OfField {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        each_word(attributes, |word| {
            if word.path.is_ident("name") {
                said.name = Some(field_name(word.value()?.parse()?)?);
            } else if word.path.is_ident("padding") {
                said.padding = true;
            } else {
                return Err(word.error("a field has `name = \"...\"` or `padding`"));
            }
            Ok(())
        })?;
        Ok(said)
    }
}

fn each_word(
    attributes: &[Attribute],
    mut read: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    let own = attributes.iter().filter(|attribute| attribute.path().is_ident("element"));
    own.into_iter().try_for_each(|attribute| attribute.parse_nested_meta(&mut read))
}

/// Returns the name of a record, if the notation of specs can hold it.
fn record_name(name: LitStr) -> Result<LitStr> {
    let text = name.value();
    let word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !word || text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(syn::Error::new(
            name.span(),
            "the name of a record is one of Rust: letters, digits and `_`",
        ));
    }
    Ok(name)
}

/// Returns the name of a field, if a PEP 3118 format can hold it.
fn field_name(name: LitStr) -> Result<LitStr> {
    let text = name.value();
    if text.is_empty() || text.contains([':', '\0']) {
        return Err(syn::Error::new(
            name.span(),
            "no format can hold this name: it is empty, or holds ':' or NUL",
        ));
    }
    Ok(name)
}
