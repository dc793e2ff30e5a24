//! Reads programs from standard input and prints the syntax error of each, for comparison with
//! another implementation. Each program is announced by a line `mode flags length kind`, where kind is `t` for text and `b` for bytes.

use std::io::{BufRead, Read, Write};
use taipan_compiler::parse::Mode;
use taipan_compiler::{CompileOptions, Source, compile};

fn main() {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line).is_ok_and(|n| n > 0) {
        let mut words = line.split_whitespace();
        let mode = match words.next() {
            Some("eval") => Mode::Eval,
            Some("single") => Mode::Single,
            _ => Mode::Exec,
        };
        let flags = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
        let len = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
        let mut bytes = vec![0; len];
        if input.read_exact(&mut bytes).is_err() {
            return;
        }
        let text = String::from_utf8_lossy(&bytes);
        let source = match words.next() {
            Some("t") => Source::from(&*text),
            _ => Source::from(bytes.as_slice()),
        };
        let options = CompileOptions {
            mode,
            flags,
            ..CompileOptions::new("f")
        };
        let result = compile(source, &options);
        let shown = match result {
            Ok(compiled) => {
                let warnings: Vec<String> = compiled
                    .warnings
                    .iter()
                    .map(|w| format!("{}:{:?}:{}", w.lineno, w.kind, w.msg))
                    .collect();
                if warnings.is_empty() {
                    "ok".to_owned()
                } else {
                    format!("ok\t{}", warnings.join("|"))
                }
            }
            Err(error) => {
                let place = error.location.map_or_else(String::new, |l| {
                    format!(
                        "{}:{}-{}:{}",
                        l.lineno,
                        l.offset,
                        l.end_lineno.unwrap_or(-9),
                        l.end_offset.unwrap_or(-9)
                    )
                });
                format!(
                    "{}\t{place}\t{}\t{}",
                    error.kind.class_name(),
                    error.msg,
                    error.text.unwrap_or_default()
                )
            }
        };
        let shown = shown.replace('\n', "\\n");
        if writeln!(output, "{shown}").is_err() {
            return;
        }
        line.clear();
    }
}
