//! What must not compile, one mistake a file, and what the compiler says then.

#[test]
fn each_mistake_has_its_sentence() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
