//! The command line: CPython's options and environment variables.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use taipan_runtime::sys::Config;

/// What to run.
#[derive(Debug)]
pub enum Program {
    Command(Vec<u8>),
    Module(String),
    File(Vec<u8>),
    Stdin,
}

#[derive(Debug)]
pub struct Command {
    pub program: Program,
    pub config: Config,
    /// PYTHONHASHSEED: `None` is random.
    pub hash_seed: Option<u32>,
    /// `-x`
    pub skip_first_line: bool,
}

/// Nothing is run: text to print and the status.
#[derive(Debug)]
pub struct Exit {
    pub out: String,
    pub err: String,
    pub status: i32,
}
impl Exit {
    pub fn exit(self) -> ! {
        use std::io::Write;
        let _ = std::io::stdout().write_all(self.out.as_bytes());
        let _ = std::io::stderr().write_all(self.err.as_bytes());
        std::process::exit(self.status)
    }
}

const USAGE: &str = "\
usage: taipan [option] ... [-c cmd | -m mod | file | -] [arg] ...
Options (and corresponding environment variables):
-b     : issue warnings about converting bytes/bytearray to str and comparing
         bytes/bytearray with str or bytes with int; also PYTHONBYTESWARNING=x
         (-bb: issue errors)
-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x
-c cmd : program passed in as string (terminates option list)
-d     : turn on parser debugging output (no effect here)
-E     : ignore PYTHON* environment variables (such as PYTHONPATH)
-h     : print this help message and exit (also -? or --help)
-i     : inspect interactively after running script
-I     : isolate Python from the user's environment (implies -E -P -s)
-m mod : run library module as a script (terminates option list)
-O     : remove assert and __debug__-dependent statements
-OO    : do -O changes and also discard docstrings
-P     : don't prepend a potentially unsafe path to sys.path
-q     : don't print version and copyright messages on interactive startup
-s     : don't add user site directory to sys.path
-S     : don't imply 'import site' on initialization
-u     : force the stdout and stderr streams to be unbuffered
-v     : verbose (trace import statements)
-V     : print the Python version number and exit (also --version)
-W arg : warning control; arg is action:message:category:module:lineno
-x     : skip first line of source
-X opt : set implementation-specific option
file   : program read from script file
-      : program read from stdin (default)
arg ...: arguments passed to program in sys.argv[1:]
";

fn usage_error(message: String) -> Exit {
    Exit {
        out: String::new(),
        err: format!(
            "{message}\nusage: taipan [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `taipan -h' for more information.\n"
        ),
        status: 2,
    }
}

fn lossy(s: &OsString) -> String {
    s.to_string_lossy().into_owned()
}

/// Reads the command line and, unless `-E` or `-I`, the environment.
pub fn parse(args: Vec<OsString>) -> Result<Command, Exit> {
    let mut c = Config {
        int_max_str_digits: 4300,
        hash_randomization: true,
        ..Config::default()
    };
    c.orig_argv = args.iter().map(lossy).collect();
    let mut program = None;
    let mut rest: Vec<String> = Vec::new();
    let mut version = 0;
    let mut skip_first_line = false;
    let mut opt_hash_random = false;
    let mut i = 1;
    'args: while i < args.len() {
        let raw = args[i].as_bytes().to_vec();
        if raw == b"-" {
            program = Some(Program::Stdin);
            rest = args[i..].iter().map(lossy).collect();
            break;
        }
        if !raw.starts_with(b"-") {
            program = Some(Program::File(raw));
            rest = args[i..].iter().map(lossy).collect();
            break;
        }
        if raw.starts_with(b"--") {
            match raw.as_slice() {
                b"--help" => {
                    return Err(Exit {
                        out: USAGE.into(),
                        err: String::new(),
                        status: 0,
                    });
                }
                b"--version" => version += 1,
                b"--check-hash-based-pycs" => i += 1,
                b"--help-all" | b"--help-env" | b"--help-xoptions" => {
                    return Err(Exit {
                        out: USAGE.into(),
                        err: String::new(),
                        status: 0,
                    });
                }
                b"--" => {
                    i += 1;
                    continue;
                }
                _ => {
                    return Err(usage_error(format!(
                        "unknown option {}",
                        String::from_utf8_lossy(&raw)
                    )));
                }
            }
            i += 1;
            continue;
        }
        let mut j = 1;
        while j < raw.len() {
            let o = raw[j];
            j += 1;
            // Options with an argument take the rest of the word, or the next one.
            if matches!(o, b'c' | b'm' | b'W' | b'X') {
                let value: Vec<u8> = if j < raw.len() {
                    raw[j..].to_vec()
                } else {
                    i += 1;
                    match args.get(i) {
                        Some(a) => a.as_bytes().to_vec(),
                        None => {
                            return Err(usage_error(format!(
                                "Argument expected for the -{} option",
                                o as char
                            )));
                        }
                    }
                };
                let text = String::from_utf8_lossy(&value).into_owned();
                match o {
                    b'c' | b'm' => {
                        rest = vec![format!("-{}", o as char)];
                        rest.extend(args[i + 1..].iter().map(lossy));
                        program = Some(if o == b'c' {
                            Program::Command(value)
                        } else {
                            Program::Module(text)
                        });
                        break 'args;
                    }
                    b'W' => c.warnoptions.push(text),
                    _ => match text.split_once('=') {
                        Some((k, v)) => c.xoptions.push((k.to_string(), Some(v.to_string()))),
                        None => c.xoptions.push((text, None)),
                    },
                }
                break;
            }
            match o {
                b'b' => c.bytes_warning += 1,
                b'B' => c.dont_write_bytecode = true,
                b'd' => c.debug += 1,
                b'E' => c.ignore_environment = true,
                b'h' | b'?' => {
                    return Err(Exit {
                        out: USAGE.into(),
                        err: String::new(),
                        status: 0,
                    });
                }
                b'i' => {
                    c.inspect = true;
                    c.interactive = true;
                }
                b'I' => {
                    c.isolated = true;
                    c.ignore_environment = true;
                    c.safe_path = true;
                    c.no_user_site = true;
                }
                b'O' => c.optimize += 1,
                b'P' => c.safe_path = true,
                b'q' => c.quiet = true,
                b'R' => opt_hash_random = true,
                b's' => c.no_user_site = true,
                b'S' => c.no_site = true,
                b'u' => c.unbuffered = true,
                b'v' => c.verbose += 1,
                b'V' => version += 1,
                b'x' => skip_first_line = true,
                b'J' => return Err(usage_error("-J is reserved for Jython".into())),
                _ => return Err(usage_error(format!("Unknown option: -{}", o as char))),
            }
        }
        i += 1;
    }
    if version > 0 {
        let long = if version > 1 { " (taipan) [Rust]" } else { "" };
        return Err(Exit {
            out: format!("Python 3.14.8{long}\n"),
            err: String::new(),
            status: 0,
        });
    }
    let env = |name: &str| -> Option<String> {
        if c.ignore_environment {
            return None;
        }
        std::env::var_os(name)
            .map(|v| v.to_string_lossy().into_owned())
            .filter(|v| !v.is_empty())
    };
    let level = |name: &str| -> u8 {
        env(name).map_or(0, |v| {
            v.parse::<i64>().map_or(1, |n| n.clamp(0, 255) as u8).max(1)
        })
    };
    let hash_seed = match env("PYTHONHASHSEED") {
        None => None,
        Some(s) if s == "random" => None,
        Some(s) => match s.parse::<u32>() {
            Ok(n) => Some(n),
            Err(_) => {
                return Err(Exit {
                    out: String::new(),
                    err: "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]\n".into(),
                    status: 1,
                });
            }
        },
    };
    let hash_seed = if opt_hash_random { None } else { hash_seed };
    let optimize = c.optimize.max(level("PYTHONOPTIMIZE"));
    let dont_write = c.dont_write_bytecode || env("PYTHONDONTWRITEBYTECODE").is_some();
    let unbuffered = c.unbuffered || env("PYTHONUNBUFFERED").is_some();
    let verbose = c.verbose.max(level("PYTHONVERBOSE"));
    let no_user = c.no_user_site || env("PYTHONNOUSERSITE").is_some();
    let safe = c.safe_path || env("PYTHONSAFEPATH").is_some();
    let inspect = c.inspect || env("PYTHONINSPECT").is_some();
    let has_x = |k: &str| {
        c.xoptions
            .iter()
            .any(|(n, v)| n == k && v.as_deref() != Some("0"))
    };
    let dev = has_x("dev") || env("PYTHONDEVMODE").is_some();
    let utf8 = has_x("utf8") || env("PYTHONUTF8").as_deref() == Some("1");
    let digits = c
        .xoptions
        .iter()
        .find(|(k, _)| k == "int_max_str_digits")
        .and_then(|(_, v)| v.clone())
        .or(env("PYTHONINTMAXSTRDIGITS"));
    let pycache = c
        .xoptions
        .iter()
        .find(|(k, _)| k == "pycache_prefix")
        .and_then(|(_, v)| v.clone())
        .or(env("PYTHONPYCACHEPREFIX"));
    let mut warnoptions: Vec<String> = Vec::new();
    if dev {
        warnoptions.push("default".into());
    }
    if let Some(w) = env("PYTHONWARNINGS") {
        warnoptions.extend(w.split(',').map(|s| s.to_string()));
    }
    warnoptions.append(&mut c.warnoptions);
    if c.bytes_warning > 0 {
        warnoptions.push(
            if c.bytes_warning > 1 {
                "error::BytesWarning"
            } else {
                "default::BytesWarning"
            }
            .into(),
        );
    }
    let path = env("PYTHONPATH").map_or(vec![], |p| p.split(':').map(|s| s.to_string()).collect());
    if let Some(d) = digits {
        match d.parse::<i64>() {
            Ok(n) if n == 0 || n >= 640 => c.int_max_str_digits = n,
            _ => {
                return Err(Exit {
                    out: String::new(),
                    err: "Fatal Python error: config_init_int_max_str_digits: -X int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited.\n".into(),
                    status: 1,
                });
            }
        }
    }
    c.optimize = optimize.min(2);
    c.dont_write_bytecode = dont_write;
    c.unbuffered = unbuffered;
    c.verbose = verbose;
    c.no_user_site = no_user;
    c.safe_path = safe;
    c.inspect = inspect;
    c.dev_mode = dev;
    c.utf8_mode = utf8;
    c.pycache_prefix = pycache;
    c.warnoptions = warnoptions;
    c.path = path;
    c.hash_randomization = hash_seed != Some(0);
    c.argv = if rest.is_empty() {
        vec![String::new()]
    } else {
        rest
    };
    c.executable = std::env::current_exe().map_or(String::new(), |p| {
        // The name it was called by, if that leads to the same file.
        let first = c.orig_argv.first().cloned().unwrap_or_default();
        if first.starts_with('/') {
            first
        } else {
            p.to_string_lossy().into_owned()
        }
    });
    Ok(Command {
        program: program.unwrap_or(Program::Stdin),
        config: c,
        hash_seed,
        skip_first_line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    fn args(a: &[&str]) -> Vec<OsString> {
        std::iter::once("taipan")
            .chain(a.iter().copied())
            .map(OsString::from)
            .collect()
    }
    #[test]
    fn options_and_program() {
        let c = parse(args(&["-OBc", "pass", "x", "-y"])).unwrap();
        assert!(matches!(c.program, Program::Command(_)));
        assert_eq!(c.config.argv, ["-c", "x", "-y"]);
        assert!(c.config.dont_write_bytecode && c.config.optimize == 1);
    }
    #[test]
    fn unknown_option_is_an_error() {
        assert_eq!(parse(args(&["-Z"])).unwrap_err().status, 2);
    }
}
