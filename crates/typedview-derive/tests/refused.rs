//! Compile-time refusals: each program in `refused` has one mistake or lie and fails with the expected message.
//! Each program in `hostile` has a lie that changes nothing, so it compiles and passes.

#[test]
fn each_program_has_its_sentence() {
    let programs = trybuild::TestCases::new();
    programs.compile_fail("tests/refused/*.rs");
    programs.pass("tests/hostile/*.rs");
}
