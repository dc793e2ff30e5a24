//! Lists a `.pyc` file the way `dis` does, and says what the verifier thinks of it.
//!
//! `cargo run -p taipan-bytecode --example dispyc -- [--verify] FILE…`

use std::process::ExitCode;

use taipan_bytecode::{Const, disassemble, marshal, verify};

fn main() -> ExitCode {
    let mut only_verify = false;
    let mut failed = 0;
    for path in std::env::args().skip(1) {
        if path == "--verify" {
            only_verify = true;
            continue;
        }
        if let Err(problem) = run(&path, only_verify) {
            eprintln!("{path}: {problem}");
            failed += 1;
        }
    }
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(path: &str, only_verify: bool) -> Result<(), Box<dyn std::error::Error>> {
    let data = std::fs::read(path)?;
    marshal::parse_pyc_header(&data).ok_or("not a .pyc of this version")?;
    let code = marshal::loads_code(&data[marshal::PYC_HEADER..])?;
    if !only_verify {
        print!("{}", disassemble::dis(&code));
    }
    verify::verify(&code)?;
    let again = marshal::loads(&marshal::dumps(&Const::Code(code.clone()))?)?;
    if again != Const::Code(code) {
        return Err("differs after a round trip through marshal".into());
    }
    Ok(())
}
