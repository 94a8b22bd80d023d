//! What must not compile, one mistake or lie a file, and what the compiler says then; and lies that change nothing.

#[test]
fn each_program_has_its_sentence() {
    let programs = trybuild::TestCases::new();
    programs.compile_fail("tests/refused/*.rs");
    programs.pass("tests/hostile/*.rs");
}
