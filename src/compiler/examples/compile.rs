//! Compiles Python files to `.pyc` files.
//!
//! `compile [-O | -OO] [--mode exec|eval|single] [--name FILENAME] SOURCE [TARGET]`, or
//! `compile [-O | -OO] --batch`, which reads lines `SOURCE<tab>TARGET` and reports errors per file.
//! `--time` prints how long compiling took; `--dis` lists the code.

use std::process::ExitCode;
use std::time::{Duration, Instant};
use taipan_bytecode::marshal::{PycStamp, dump_pyc};
use taipan_compiler::parse::Mode;
use taipan_compiler::{CompileOptions, compile};

struct Job {
    options: CompileOptions,
    list: bool,
    quiet: bool,
    spent: Duration,
}

impl Job {
    fn run(&mut self, path: &str, target: Option<&str>) -> Result<(), String> {
        let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
        let start = Instant::now();
        let compiled =
            compile(&bytes[..], &self.options).map_err(|error| format!("{path}: {error}"));
        self.spent += start.elapsed();
        let compiled = compiled?;
        if !self.quiet {
            for warning in &compiled.warnings {
                eprintln!("{path}:{}: {}", warning.lineno, warning.msg);
            }
        }
        if self.list {
            list(&compiled.code, 0);
        }
        if let Some(target) = target {
            let stamp = PycStamp::Timestamp {
                mtime: 0,
                size: bytes.len() as u32,
            };
            let pyc =
                dump_pyc(&compiled.code, stamp).map_err(|error| format!("{path}: {error:?}"))?;
            std::fs::write(target, pyc).map_err(|error| format!("{target}: {error}"))?;
        }
        Ok(())
    }
}

fn list(code: &taipan_bytecode::Code, depth: usize) {
    let indent = " ".repeat(depth);
    println!("{indent}{} {:?}", code.qualname, code.localsplusnames);
    for instruction in code.instructions() {
        println!(
            "{indent}{:5} {} {}",
            instruction.start * 2,
            taipan_bytecode::opcode::name(u16::from(instruction.opcode)),
            instruction.arg
        );
    }
    for value in &code.consts {
        if let Some(inner) = value.as_code() {
            list(inner, depth + 4);
        }
    }
}

fn main() -> ExitCode {
    let mut name = None;
    let mut files = Vec::new();
    let mut batch = false;
    let mut time = false;
    let mut job = Job {
        options: CompileOptions::new(""),
        list: false,
        quiet: false,
        spent: Duration::ZERO,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--dis" => job.list = true,
            "--batch" => batch = true,
            "--time" => time = true,
            "-O" => job.options.optimize = 1,
            "-OO" => job.options.optimize = 2,
            "--name" => name = args.next(),
            "--mode" => {
                job.options.mode = match args.next().as_deref() {
                    Some("eval") => Mode::Eval,
                    Some("single") => Mode::Single,
                    _ => Mode::Exec,
                }
            }
            _ => files.push(arg),
        }
    }
    let mut pairs = Vec::new();
    if batch {
        job.quiet = true;
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if let Some((source, target)) = line.split_once('\t') {
                pairs.push((source.to_owned(), Some(target.to_owned())));
            }
        }
    } else if let Some(source) = files.first() {
        pairs.push((source.clone(), files.get(1).cloned()));
    } else {
        eprintln!(
            "usage: compile [-O | -OO] [--mode MODE] [--name FILENAME] [--dis] SOURCE [TARGET]"
        );
        return ExitCode::from(2);
    }
    let mut failed = false;
    for (source, target) in pairs {
        job.options.filename = name.as_deref().unwrap_or(&source).into();
        if let Err(message) = job.run(&source, target.as_deref()) {
            eprintln!("{message}");
            failed = true;
        }
    }
    if time {
        eprintln!("{:?}", job.spent);
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
