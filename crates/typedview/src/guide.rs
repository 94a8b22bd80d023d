//! The guide: pages to read from top to bottom, whose examples run as tests.
//! It has nothing to call. It is separate from the reference, because its pages are ordered for a reader, not by type.
#![doc = ""]
#![doc = include_str!("../docs/memory.md")]
#![doc = ""]
#![doc = include_str!("../docs/elements.md")]
#![doc = ""]
#![cfg_attr(feature = "derive", doc = include_str!("../docs/records.md"))]

/// Code that must not compile, with one idea per page.
#[cfg(doctest)]
mod forbidden {
    #[doc = include_str!("../tests/forbidden/a_column_range_as_a_block.md")]
    struct AColumnRangeAsABlock;

    #[doc = include_str!("../tests/forbidden/a_layout_from_outside.md")]
    struct ALayoutFromOutside;

    #[doc = include_str!("../tests/forbidden/an_index_from_outside.md")]
    struct AnIndexFromOutside;

    #[doc = include_str!("../tests/forbidden/an_index_with_a_fraction.md")]
    struct AnIndexWithAFraction;

    #[doc = include_str!("../tests/forbidden/changing_a_shape.md")]
    struct ChangingAShape;

    #[doc = include_str!("../tests/forbidden/copying_into_a_constant_view.md")]
    struct CopyingIntoAConstantView;

    #[doc = include_str!("../tests/forbidden/copying_other_elements.md")]
    struct CopyingOtherElements;

    #[doc = include_str!("../tests/forbidden/elements_of_bool.md")]
    struct ElementsOfBool;

    #[doc = include_str!("../tests/forbidden/letting_a_view_out_of_its_owner.md")]
    struct LettingAViewOutOfItsOwner;

    #[doc = include_str!("../tests/forbidden/more_indices_than_axes.md")]
    struct MoreIndicesThanAxes;

    #[doc = include_str!("../tests/forbidden/removing_an_axis_without_a_check.md")]
    struct RemovingAnAxisWithoutACheck;

    #[doc = include_str!("../tests/forbidden/returning_a_view_of_a_local.md")]
    struct ReturningAViewOfALocal;

    #[doc = include_str!("../tests/forbidden/sending_a_cell_view.md")]
    struct SendingACellView;

    #[doc = include_str!("../tests/forbidden/sending_a_cell_view_mut.md")]
    struct SendingACellViewMut;

    #[doc = include_str!("../tests/forbidden/transposing_pointers.md")]
    struct TransposingPointers;

    #[doc = include_str!("../tests/forbidden/two_writers_of_one_memory.md")]
    struct TwoWritersOfOneMemory;

    #[doc = include_str!("../tests/forbidden/using_a_view_after_its_memory_is_gone.md")]
    struct UsingAViewAfterItsMemoryIsGone;

    #[doc = include_str!("../tests/forbidden/using_a_writer_after_slicing_it.md")]
    struct UsingAWriterAfterSlicingIt;

    #[doc = include_str!("../tests/forbidden/writing_through_a_view.md")]
    struct WritingThroughAView;
}
