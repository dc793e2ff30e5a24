//! Runs every program below tests/programs and compares what it prints, on both streams, and its exit
//! status with what CPython 3.14.8 did (tests/regenerate.py records that).
//!
//! Programs below tests/wishlist are expected to fail: one that passes is reported, so that it moves.
//!
//! `TAIPAN_GOLDEN=text` runs only the programs whose path contains the text; `TAIPAN_CORE=name` passes
//! `-X core=name`; `TAIPAN_PYTHON=command` judges another interpreter; `TAIPAN_BENCHES=1` also checks the
//! results of benches/programs.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

struct Failure {
    program: PathBuf,
    report: String,
}

#[test]
fn golden_programs() {
    let folder = common::tests_folder().join("programs");
    let programs = collect(&folder);
    assert!(
        !programs.is_empty() || std::env::var_os("TAIPAN_GOLDEN").is_some(),
        "no programs found"
    );
    let failures = run_all(&programs, &folder);
    for failure in &failures {
        println!("FAILED {}\n{}", failure.program.display(), failure.report);
    }
    println!(
        "golden programs: {} passed, {} failed",
        programs.len() - failures.len(),
        failures.len()
    );
    if !failures.is_empty() {
        let names: Vec<String> = failures
            .iter()
            .map(|f| f.program.display().to_string())
            .collect();
        panic!(
            "{} of {} golden programs failed:\n  {}",
            failures.len(),
            programs.len(),
            names.join("\n  ")
        );
    }
}

#[test]
fn wishlist_programs_still_fail() {
    let folder = common::tests_folder().join("wishlist");
    let programs = collect(&folder);
    let failures = run_all(&programs, &folder);
    let passing: Vec<String> = programs
        .iter()
        .filter(|program| !failures.iter().any(|failure| &failure.program == *program))
        .map(|program| program.display().to_string())
        .collect();
    println!(
        "wishlist programs: {} still fail, {} pass",
        failures.len(),
        passing.len()
    );
    assert!(
        passing.is_empty(),
        "these pass now and belong below tests/programs (git mv them with their .out, .err and .exit):\n  {}",
        passing.join("\n  ")
    );
}

#[test]
fn benchmark_programs() {
    if std::env::var_os("TAIPAN_BENCHES").is_none() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches")
        .join("programs");
    let failures = run_all(&collect(&folder), &folder);
    let reports: Vec<String> = failures
        .iter()
        .map(|f| format!("{}\n{}", f.program.display(), f.report))
        .collect();
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}

/// The programs below `folder`, as paths relative to it. Files beginning with `_` only serve others.
fn collect(folder: &Path) -> Vec<PathBuf> {
    let filter = std::env::var("TAIPAN_GOLDEN").unwrap_or_default();
    let mut programs = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        let Ok(entries) = fs::read_dir(&current) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('_') {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".py") && path.to_string_lossy().contains(&filter) {
                programs.push(
                    path.strip_prefix(folder)
                        .expect("it lies below")
                        .to_path_buf(),
                );
            }
        }
    }
    programs.sort();
    programs
}

fn run_all(programs: &[PathBuf], folder: &Path) -> Vec<Failure> {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(2, |n| n.get());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(program) = programs.get(index) else {
                        break;
                    };
                    if let Some(report) = judge(&folder.join(program)) {
                        let failure = Failure {
                            program: program.clone(),
                            report,
                        };
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort_by(|a, b| a.program.cmp(&b.program));
    failures
}

/// Runs one program; what went wrong, if anything did.
fn judge(program: &Path) -> Option<String> {
    let folder = program.parent().expect("a program lies in a folder");
    let name = program
        .file_name()
        .expect("a program has a name")
        .to_string_lossy()
        .into_owned();
    let mut command = common::command();
    command.current_dir(folder).args(arguments(program, &name));
    let input = fs::read(program.with_extension("in")).unwrap_or_default();
    let finished = common::run(command, input, LIMIT);
    let mut report = String::new();
    let expected_code: i32 = fs::read_to_string(program.with_extension("exit"))
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    match finished.code() {
        None => report.push_str(&format!(
            "  ended by the time limit of {} s\n",
            LIMIT.as_secs()
        )),
        Some(code) if code != expected_code => {
            report.push_str(&format!("  exit status {code}, expected {expected_code}\n"));
        }
        Some(_) => {}
    }
    for (what, extension, bytes) in [
        ("stdout", "out", &finished.stdout),
        ("stderr", "err", &finished.stderr),
    ] {
        let expected = fs::read(program.with_extension(extension)).unwrap_or_default();
        let expected = String::from_utf8_lossy(&expected).into_owned();
        let found = common::without_folder(bytes, folder);
        if let Some(text) = common::difference(what, &expected, &found) {
            report.push_str(&text);
        }
    }
    if report.is_empty() {
        None
    } else {
        Some(report)
    }
}

/// The command line: the program alone, or what a `# run:` comment in its first lines says.
fn arguments(program: &Path, name: &str) -> Vec<String> {
    let text = fs::read(program).unwrap_or_default();
    for line in String::from_utf8_lossy(&text).lines().take(4) {
        if let Some(rest) = line.strip_prefix("# run: ") {
            return rest
                .split_whitespace()
                .map(|word| word.replace("FILE", name))
                .collect();
        }
    }
    vec![name.to_string()]
}
