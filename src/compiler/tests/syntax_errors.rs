//! Every case of `tests/syntax_errors/cases.txt` gives the class, the place and the message that
//! CPython gives, but for the differences listed here.

use taipan_compiler::error::CompileError;
use taipan_compiler::parse::Mode;
use taipan_compiler::{CompileOptions, compile};

/// Sources whose errors are known to differ, with the reason.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[];

struct Case {
    mode: Mode,
    flags: u32,
    source: String,
    expected: String,
    line: usize,
}

fn cases() -> Vec<Case> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/syntax_errors/cases.txt"
    );
    let text = std::fs::read_to_string(path).expect("the file of cases");
    let mut cases = Vec::new();
    let mut current: Option<(usize, &str, Vec<&str>)> = None;
    for (number, line) in text.split('\n').enumerate() {
        match &mut current {
            None if line.starts_with("--- ") => current = Some((number + 1, line, Vec::new())),
            None => {}
            Some((start, header, lines)) => match line.strip_prefix(">>> ") {
                None => lines.push(line),
                Some(expected) => {
                    let words: Vec<&str> = header.split_whitespace().skip(1).collect();
                    let source = lines.join("\n");
                    cases.push(Case {
                        mode: match words[0] {
                            "eval" => Mode::Eval,
                            "single" => Mode::Single,
                            _ => Mode::Exec,
                        },
                        flags: words.last().and_then(|w| w.parse().ok()).unwrap_or(0),
                        source: if words.contains(&"escaped") {
                            unescape(&source)
                        } else {
                            source
                        },
                        expected: expected.to_owned(),
                        line: *start,
                    });
                    current = None;
                }
            },
        }
    }
    cases
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = chars.next().expect("a character after the backslash");
        let mut hex = |digits: usize| {
            let code: String = chars.by_ref().take(digits).collect();
            char::from_u32(u32::from_str_radix(&code, 16).expect("hexadecimal digits"))
                .expect("a character")
        };
        out.push(match escape {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => hex(2),
            'u' => hex(4),
            'U' => hex(8),
            other => other,
        });
    }
    out
}

fn describe(error: &CompileError) -> String {
    let number = |n: Option<i32>| n.map_or_else(String::new, |n| n.to_string());
    let place = error.location.map_or_else(
        || "-".to_owned(),
        |l| {
            format!(
                "{}:{}-{}:{}",
                l.lineno,
                l.offset,
                number(l.end_lineno),
                number(l.end_offset)
            )
        },
    );
    format!("{} {place} {}", error.kind.class_name(), error.msg)
}

#[test]
fn errors_equal_cpythons() {
    let cases = cases();
    assert!(cases.len() > 900, "only {} cases were read", cases.len());
    let mut equal = 0;
    let mut wrong = Vec::new();
    for case in &cases {
        let options = CompileOptions {
            mode: case.mode,
            flags: case.flags,
            ..CompileOptions::new("file.py")
        };
        let got = match compile(case.source.as_str(), &options) {
            Ok(_) => "ok".to_owned(),
            Err(error) => describe(&error),
        };
        let known = KNOWN_DIFFERENCES
            .iter()
            .any(|(source, _)| *source == case.source);
        if got == case.expected {
            equal += 1;
            if known {
                wrong.push(format!(
                    "line {}: no longer differs: {:?}",
                    case.line, case.source
                ));
            }
        } else if !known {
            wrong.push(format!(
                "line {}: {:?}\n    expected {}\n    got      {got}",
                case.line, case.source, case.expected
            ));
        }
    }
    println!("{equal} of {} equal", cases.len());
    assert!(
        wrong.is_empty(),
        "{} of {} equal\n{}",
        equal,
        cases.len(),
        wrong.join("\n")
    );
}
