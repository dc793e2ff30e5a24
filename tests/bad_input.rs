//! What `taipan` does with input that is no program, and with streams and folders it cannot use.
//! The expected results are CPython 3.14.8's.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// A folder of its own for one test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path =
            std::env::temp_dir().join(format!("taipan-bad-input-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a scratch folder can be made");
        Scratch(path.canonicalize().expect("it exists"))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a scratch file can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Outcome {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

fn outcome(finished: common::Finished, folder: &Path) -> Outcome {
    let interpreter = common::interpreter();
    let named = format!("{}: ", interpreter.display());
    Outcome {
        stdout: common::without_folder(&finished.stdout, folder),
        stderr: common::without_folder(&finished.stderr, folder).replace(&named, "INTERPRETER: "),
        code: finished.code(),
    }
}

fn run(scratch: &Scratch, arguments: &[&str]) -> Outcome {
    run_with(scratch, arguments, b"")
}

fn run_with(scratch: &Scratch, arguments: &[&str], input: &[u8]) -> Outcome {
    let mut command = common::command();
    command.current_dir(&scratch.0).args(arguments);
    outcome(common::run(command, input.to_vec(), LIMIT), &scratch.0)
}

#[track_caller]
fn expect(outcome: &Outcome, stdout: &str, stderr: &str, code: i32) {
    assert_no_crash(outcome);
    let mut report = String::new();
    report.extend(common::difference("stdout", stdout, &outcome.stdout));
    report.extend(common::difference("stderr", stderr, &outcome.stderr));
    if outcome.code != Some(code) {
        report.push_str(&format!(
            "  exit status {:?}, expected {code}\n",
            outcome.code
        ));
    }
    assert!(report.is_empty(), "\n{report}");
}

/// Whatever the input: no panic, no signal, no endless run.
#[track_caller]
fn assert_no_crash(outcome: &Outcome) {
    assert!(
        !outcome.stderr.contains("panicked at"),
        "a panic: {}",
        outcome.stderr
    );
    match outcome.code {
        None => panic!("ended by the time limit"),
        Some(code) => assert!(code >= 0, "ended by signal {}: {}", -code, outcome.stderr),
    }
}

#[test]
fn folder_without_main() {
    let scratch = Scratch::new("folder");
    fs::create_dir(scratch.0.join("plain")).unwrap();
    expect(
        &run(&scratch, &["plain"]),
        "",
        "INTERPRETER: can't find '__main__' module in 'plain'\n",
        1,
    );
}

#[test]
fn folder_with_main() {
    let scratch = Scratch::new("folder-main");
    fs::create_dir(scratch.0.join("app")).unwrap();
    scratch.file(
        "app/__main__.py",
        "import other\nprint(__name__, __package__ == '', other.x)\n",
    );
    scratch.file("app/other.py", "x = 5\n");
    expect(&run(&scratch, &["app"]), "__main__ True 5\n", "", 0);
}

#[test]
fn missing_file() {
    let scratch = Scratch::new("missing");
    let name = scratch.0.join("nothing.py");
    let text = format!(
        "INTERPRETER: can't open file '{}': [Errno 2] No such file or directory\n",
        name.display()
    );
    let text = text.replace(&format!("{}/", scratch.0.display()), "");
    expect(&run(&scratch, &["nothing.py"]), "", &text, 2);
}

#[test]
#[ignore = "differs from CPython still: docs/differences.md"]
fn missing_module() {
    let scratch = Scratch::new("module");
    expect(
        &run(&scratch, &["-m", "no_such_module_at_all"]),
        "",
        "INTERPRETER: No module named no_such_module_at_all\n",
        1,
    );
}

#[test]
fn binary_file() {
    let scratch = Scratch::new("binary");
    let bytes: Vec<u8> = (0..4096u32)
        .map(|i| (i.wrapping_mul(2654435761) >> 13) as u8 | 0x80)
        .collect();
    scratch.file("binary.py", bytes);
    let outcome = run(&scratch, &["binary.py"]);
    assert_no_crash(&outcome);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("SyntaxError: "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn invalid_utf8() {
    let scratch = Scratch::new("utf8");
    scratch.file("bad.py", b"x = 1\ny = '\xff'\n");
    let outcome = run(&scratch, &["bad.py"]);
    assert_no_crash(&outcome);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains(
            "\nSyntaxError: Non-UTF-8 code starting with '\\xff' in file bad.py on line "
        ),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.ends_with(
            ", but no encoding declared; see https://peps.python.org/pep-0263/ for details\n"
        ),
        "{}",
        outcome.stderr
    );
}

#[test]
fn nul_bytes() {
    let scratch = Scratch::new("nul");
    scratch.file("nul.py", b"x = 1\ny = 2\0\n");
    let outcome = run(&scratch, &["nul.py"]);
    assert_no_crash(&outcome);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome
            .stderr
            .ends_with("SyntaxError: source code cannot contain null bytes\n"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn ten_megabytes_on_one_line() {
    let scratch = Scratch::new("long");
    let mut text = String::from("x = [");
    while text.len() < 10 << 20 {
        text.push_str("1, 2, 3, 4, 5, 6, 7, 8, 9, 0, ");
    }
    text.push_str("]; print(len(x), sum(x[:10]))\n");
    let count = (text.len() - "x = []; print(len(x), sum(x[:10]))\n".len()) / 3;
    scratch.file("long.py", &text);
    expect(
        &run(&scratch, &["long.py"]),
        &format!("{count} 45\n"),
        "",
        0,
    );
    scratch.file(
        "text.py",
        format!("s = '{}'\nprint(len(s))\n", "a".repeat(10 << 20)),
    );
    expect(&run(&scratch, &["text.py"]), "10485760\n", "", 0);
    scratch.file(
        "comment.py",
        format!("# {}\nprint('after')\n", "c".repeat(10 << 20)),
    );
    expect(&run(&scratch, &["comment.py"]), "after\n", "", 0);
}

#[test]
fn hundred_thousand_brackets() {
    let scratch = Scratch::new("brackets");
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
        scratch.file(
            "nested.py",
            format!("{}{}\n", open.repeat(100_000), close.repeat(100_000)),
        );
        let outcome = run(&scratch, &["nested.py"]);
        assert_no_crash(&outcome);
        assert_eq!(outcome.code, Some(1));
        assert!(
            outcome
                .stderr
                .ends_with("SyntaxError: too many nested parentheses\n"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn deep_nesting_without_brackets() {
    let scratch = Scratch::new("deep");
    for (name, text) in [
        ("unary", format!("x = {}1\n", "-".repeat(100_000))),
        ("not", format!("x = {}1\n", "not ".repeat(100_000))),
        ("binary", format!("x = 1{}\n", " + 1".repeat(100_000))),
        ("power", format!("x = 1{}\n", " ** 1".repeat(100_000))),
        ("attribute", format!("x = y{}\n", ".a".repeat(100_000))),
        ("call", format!("x = y{}\n", "()".repeat(100_000))),
        ("lambda", format!("x = {}1\n", "lambda: ".repeat(100_000))),
        (
            "conditional",
            format!("x = {}1\n", "1 if 0 else ".repeat(100_000)),
        ),
        (
            "indent",
            (0..2000)
                .map(|i| format!("{}if 1:\n", " ".repeat(i)))
                .collect::<String>(),
        ),
        (
            "elif",
            format!("if 0: pass\n{}", "elif 0: pass\n".repeat(20_000)),
        ),
    ] {
        scratch.file("deep.py", text);
        let outcome = run(&scratch, &["deep.py"]);
        assert!(
            !outcome.stderr.contains("panicked at"),
            "{name}: {}",
            outcome.stderr
        );
        let code = outcome
            .code
            .unwrap_or_else(|| panic!("{name}: ended by the time limit"));
        assert!(
            code == 0 || code == 1,
            "{name}: exit status {code}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn deep_values() {
    let scratch = Scratch::new("values");
    scratch.file(
        "deep.py",
        "x = []\nfor _ in range(200000):\n    x = [x]\ntry:\n    repr(x)\nexcept RecursionError as e:\n    print('repr', type(e).__name__)\n\
         try:\n    x == [[x]]\nexcept RecursionError as e:\n    print('compare', type(e).__name__)\ndel x\nprint('freed')\n",
    );
    expect(
        &run(&scratch, &["deep.py"]),
        "repr RecursionError\ncompare RecursionError\nfreed\n",
        "",
        0,
    );
}

#[test]
fn endless_recursion() {
    let scratch = Scratch::new("recursion");
    scratch.file(
        "r.py",
        "def f():\n    return f()\ntry:\n    f()\nexcept RecursionError as e:\n    print(e)\n",
    );
    expect(
        &run(&scratch, &["r.py"]),
        "maximum recursion depth exceeded\n",
        "",
        0,
    );
}

#[cfg(unix)]
fn with_closed(scratch: &Scratch, redirections: &str, program: &str) -> Outcome {
    let script = scratch.file("closed.py", program);
    let template = common::command();
    let mut command = Command::new("/bin/sh");
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let line = format!("exec \"$0\" \"$1\" {redirections}");
    command
        .current_dir(&scratch.0)
        .arg("-c")
        .arg(line)
        .arg(common::interpreter())
        .arg(script);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    outcome(common::finish(command, None, LIMIT), &scratch.0)
}

#[cfg(unix)]
#[test]
#[ignore = "differs from CPython still: docs/differences.md"]
fn closed_stdin() {
    let scratch = Scratch::new("stdin");
    let program = "import sys\nprint(sys.stdin)\ntry:\n    input()\nexcept RuntimeError as e:\n    print(e)\n";
    expect(
        &with_closed(&scratch, "<&-", program),
        "None\nlost sys.stdin\n",
        "",
        0,
    );
}

#[cfg(unix)]
#[test]
#[ignore = "differs from CPython still: docs/differences.md"]
fn closed_stdout() {
    let scratch = Scratch::new("stdout");
    let program = "import sys\nprint('nowhere')\nsys.stderr.write(repr(sys.stdout) + '\\n')\n";
    expect(&with_closed(&scratch, ">&-", program), "", "None\n", 0);
}

#[cfg(unix)]
#[test]
#[ignore = "differs from CPython still: docs/differences.md"]
fn closed_stderr() {
    let scratch = Scratch::new("stderr");
    expect(
        &with_closed(&scratch, "2>&-", "import sys\nprint(sys.stderr)\n1 / 0\n"),
        "None\n",
        "",
        1,
    );
}

#[cfg(unix)]
#[test]
fn full_stdout() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let scratch = Scratch::new("full");
    let outcome = with_closed(&scratch, ">/dev/full", "print('x')\n");
    assert_no_crash(&outcome);
    assert_eq!(outcome.code, Some(120));
    assert!(
        outcome
            .stderr
            .contains("OSError: [Errno 28] No space left on device"),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn broken_pipe() {
    let scratch = Scratch::new("pipe");
    let program = "import sys\ntry:\n    for i in range(200000):\n        print(i)\n    sys.stdout.flush()\nexcept BrokenPipeError as e:\n    print('caught', e, file=sys.stderr)\n    sys.stdout = None\n";
    let outcome = with_closed(&scratch, "| head -n 1 >/dev/null", program);
    assert_no_crash(&outcome);
    assert!(
        outcome
            .stderr
            .starts_with("caught [Errno 32] Broken pipe\n"),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn read_only_folder_for_pyc() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("readonly");
    let folder = scratch.0.join("ro");
    fs::create_dir(&folder).unwrap();
    scratch.file("ro/helper.py", "x = 7\n");
    scratch.file("ro/script.py", "import helper\nprint(helper.x)\n");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let outcome = run(&scratch, &["ro/script.py"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    expect(&outcome, "7\n", "", 0);
}

#[test]
fn unusable_pyc() {
    let scratch = Scratch::new("pyc");
    scratch.file("helper.py", "x = 7\n");
    scratch.file("script.py", "import helper\nprint(helper.x)\n");
    fs::create_dir(scratch.0.join("__pycache__")).unwrap();
    for content in [
        &b""[..],
        b"garbage",
        b"\x2b\x0e\x0d\x0a",
        &[0u8; 64],
        b"\x2b\x0e\x0d\x0a\0\0\0\0\0\0\0\0\0\0\0\0\xe3\0",
    ] {
        scratch.file("__pycache__/helper.cpython-314.pyc", content);
        let outcome = run(&scratch, &["script.py"]);
        expect(&outcome, "7\n", "", 0);
    }
}

#[test]
fn program_from_stdin() {
    let scratch = Scratch::new("dash");
    expect(
        &run_with(&scratch, &["-"], b"import sys\nprint(sys.argv, __name__)\n"),
        "['-'] __main__\n",
        "",
        0,
    );
    expect(
        &run_with(&scratch, &[], b"print('no arguments')\n"),
        "no arguments\n",
        "",
        0,
    );
    let outcome = run_with(&scratch, &["-"], b"x = (\n");
    expect(
        &outcome,
        "",
        "  File \"<stdin>\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never closed\n",
        1,
    );
}

#[test]
#[ignore = "differs from CPython still: docs/differences.md"]
fn command_line_errors() {
    let scratch = Scratch::new("options");
    let outcome = run(&scratch, &["-c"]);
    assert_no_crash(&outcome);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome
            .stderr
            .starts_with("Argument expected for the -c option\n"),
        "{}",
        outcome.stderr
    );
    let outcome = run(&scratch, &["-Z"]);
    assert_no_crash(&outcome);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.starts_with("Unknown option: -Z\n"),
        "{}",
        outcome.stderr
    );
    let outcome = run(&scratch, &["--no-such-option"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome
            .stderr
            .starts_with("Unknown option: --no-such-option\n"),
        "{}",
        outcome.stderr
    );
    expect(
        &run(
            &scratch,
            &["-c", "import sys; print(sys.argv)", "-x", "a b", ""],
        ),
        "['-c', '-x', 'a b', '']\n",
        "",
        0,
    );
}

#[test]
fn empty_programs() {
    let scratch = Scratch::new("empty");
    for text in [
        "",
        "\n",
        "\u{feff}",
        "# only a comment",
        "\\\n",
        "   \n\t\n",
        "\r\n\r",
        "'docstring'",
        "pass",
    ] {
        scratch.file("empty.py", text);
        let outcome = run(&scratch, &["empty.py"]);
        assert_no_crash(&outcome);
        if text != "\\\n" {
            expect(&outcome, "", "", 0);
        }
    }
}
