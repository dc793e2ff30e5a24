//! Running the `taipan` command from tests: a child with a timeout, and a readable diff.

#![allow(dead_code)]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The interpreter under test: `$TAIPAN_PYTHON` (to try the tests on another one) or the built `taipan`.
pub fn interpreter() -> PathBuf {
    match std::env::var_os("TAIPAN_PYTHON") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env!("CARGO_BIN_EXE_taipan")),
    }
}

/// The folder that holds this package's tests.
pub fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A command for the interpreter with the environment every expected output was recorded in.
pub fn command() -> Command {
    let mut command = Command::new(interpreter());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PYTHON") {
            command.env_remove(name);
        }
    }
    for name in [
        "LANG",
        "LC_CTYPE",
        "FORCE_COLOR",
        "NO_COLOR",
        "TERM",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command
        .env("PYTHONHASHSEED", "0")
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC");
    if let Some(core) = std::env::var_os("TAIPAN_CORE") {
        command
            .arg("-X")
            .arg(format!("core={}", core.to_string_lossy()));
    }
    command
}

/// What a finished child left behind.
pub struct Finished {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// None when the time limit ended it.
    pub status: Option<ExitStatus>,
    pub took: Duration,
}

impl Finished {
    /// The exit code, `-signal` after a signal, or None after a timeout.
    pub fn code(&self) -> Option<i32> {
        let status = self.status?;
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            if let Some(signal) = status.signal() {
                return Some(-signal);
            }
        }
        status.code()
    }
}

/// Runs `command` to its end or to `limit`, feeding it `input`.
pub fn run(mut command: Command, input: Vec<u8>, limit: Duration) -> Finished {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    finish(command, Some(input), limit)
}

/// As `run`, with the streams as the caller set them up; those not piped come back empty.
pub fn finish(mut command: Command, input: Option<Vec<u8>>, limit: Duration) -> Finished {
    let start = Instant::now();
    let mut child = command.spawn().expect("the interpreter starts");
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        thread::spawn(move || {
            // A child that does not read its input closes the pipe: not this test's concern.
            let _ = stdin.write_all(&input);
        });
    }
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let status = loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            break Some(status);
        }
        if start.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let collect = |reader: Option<thread::JoinHandle<Vec<u8>>>| match reader {
        Some(reader) => reader.join().unwrap_or_default(),
        None => Vec::new(),
    };
    Finished {
        stdout: collect(stdout),
        stderr: collect(stderr),
        status,
        took: start.elapsed(),
    }
}

fn drain(mut stream: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        bytes
    })
}

/// Cuts `folder/` out of `bytes`, so that recorded output does not depend on where the tests lie.
pub fn without_folder(bytes: &[u8], folder: &Path) -> String {
    let prefix = format!("{}/", folder.display());
    String::from_utf8_lossy(bytes).replace(&prefix, "")
}

/// The first lines in which two texts differ, or None when they are the same.
pub fn difference(what: &str, expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let expected: Vec<&str> = expected.lines().collect();
    let found: Vec<&str> = found.lines().collect();
    let mut same = 0;
    while same < expected.len() && same < found.len() && expected[same] == found[same] {
        same += 1;
    }
    let mut text = format!("  {what} differs from line {}:\n", same + 1);
    for line in expected
        .iter()
        .skip(same.saturating_sub(1))
        .take(same.min(1))
    {
        text.push_str(&format!("      {line}\n"));
    }
    for line in expected.iter().skip(same).take(4) {
        text.push_str(&format!("    - {}\n", shorten(line)));
    }
    for line in found.iter().skip(same).take(6) {
        text.push_str(&format!("    + {}\n", shorten(line)));
    }
    if expected.len() == found.len() && same == expected.len() {
        text.push_str("    (only the ending of the last line)\n");
    }
    Some(text)
}

fn shorten(line: &str) -> String {
    if line.chars().count() <= 200 {
        return line.to_string();
    }
    let head: String = line.chars().take(200).collect();
    format!("{head}…")
}
