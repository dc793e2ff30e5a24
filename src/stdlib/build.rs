//! Packs the standard library: every module's source, compressed, and its code, compiled here.
//!
//! Layout of the pack (all numbers little-endian u32):
//! `module count, file count`, then one record of nine numbers per module, sorted by name, then one
//! record of five per data file, sorted by path, then the bytes the records point to.
//! Module record: name offset, name length, flags, path offset, path length, code offset, code
//! length (0: none), compressed source offset, compressed length. Flags: bit 0 package, the rest
//! shifted by one is the length of the plain source.
//! File record: path offset, path length, data offset, compressed length, plain length.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[path = "edits.rs"]
mod edits;

/// Folder under which embedded modules pretend to lie.
const PREFIX: &str = "/taipan/lib/python3.14";

struct Module {
    name: String,
    path: String,
    is_package: bool,
    source: String,
}

struct Packed {
    code: Vec<u8>,
    source: Vec<u8>,
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=edits.rs");
    println!("cargo:rerun-if-changed=python");
    let lib = PathBuf::from(rustpython_pylib::LIB_PATH);
    let own = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("python");
    let mut modules = Vec::new();
    let mut files = Vec::new();
    collect(&lib, &lib, &mut modules, &mut files);
    collect(&own, &own, &mut modules, &mut files);
    modules.sort_by(|a, b| a.name.cmp(&b.name));
    modules.dedup_by(|a, b| a.name == b.name);
    files.sort();
    for module in &modules {
        assert!(
            !module.source.to_ascii_lowercase().contains("rustpython"),
            "{} still names another interpreter",
            module.path
        );
    }
    let packed = pack_all(&modules);
    let out = PathBuf::from(std::env::var("OUT_DIR").unwrap()).join("library.pack");
    fs::write(out, assemble(&modules, &packed, &files)).expect("the pack can be written");
    let without = packed.iter().filter(|p| p.code.is_empty()).count();
    if cfg!(feature = "precompile") && without > 0 {
        println!(
            "cargo:warning={without} of {} library modules are packed as source only",
            modules.len()
        );
    }
}

fn collect(
    root: &Path,
    folder: &Path,
    modules: &mut Vec<Module>,
    files: &mut Vec<(String, Vec<u8>)>,
) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("a folder entry").path())
        .collect();
    entries.sort();
    for entry in entries {
        let path = entry
            .strip_prefix(root)
            .unwrap()
            .to_str()
            .expect("an ASCII name")
            .replace('\\', "/");
        if edits::DROPPED.contains(&path.as_str()) || path.ends_with("__pycache__") {
            continue;
        }
        if entry.is_dir() {
            collect(root, &entry, modules, files);
        } else if let Some(stem) = path.strip_suffix(".py") {
            let bytes = fs::read(&entry).unwrap_or_else(|e| panic!("{path}: {e}"));
            let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{path} is not UTF-8"));
            let text = edits::apply(&path, text);
            let (module, is_package) = match stem.strip_suffix("/__init__") {
                Some(package) => (package, true),
                None => (stem, false),
            };
            let mut name = module.replace('/', ".");
            let mut path = path.clone();
            let mut source = text;
            if name == "_sysconfigdata" {
                (name, source) = sysconfigdata(&source);
                path = format!("{name}.py");
            }
            modules.push(Module {
                name,
                path,
                is_package,
                source,
            });
        } else {
            let name = if path == "PSF-LICENSE" {
                "LICENSE.txt".to_owned()
            } else {
                path
            };
            files.push((
                name,
                fs::read(&entry).unwrap_or_else(|e| panic!("{}: {e}", entry.display())),
            ));
        }
    }
}

/// Names the build-time variables after the platform, as `sysconfig` looks for them.
fn sysconfigdata(template: &str) -> (String, String) {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let arch = variable("CARGO_CFG_TARGET_ARCH");
    let (platform, multiarch) = match variable("CARGO_CFG_TARGET_OS").as_str() {
        "macos" => ("darwin", "darwin".to_owned()),
        "linux" => {
            let env = variable("CARGO_CFG_TARGET_ENV");
            (
                "linux",
                format!(
                    "{arch}-linux-{}",
                    if env == "musl" { "musl" } else { "gnu" }
                ),
            )
        }
        _ => ("unknown", String::new()),
    };
    let source = template
        .replace("@MULTIARCH@", &multiarch)
        .replace("@ARCH@", &arch);
    (format!("_sysconfigdata__{platform}_{multiarch}"), source)
}

fn pack_all(modules: &[Module]) -> Vec<Packed> {
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Packed>>> = modules.iter().map(|_| Mutex::new(None)).collect();
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            std::thread::Builder::new()
                .stack_size(64 << 20)
                .spawn_scoped(scope, || {
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        let Some(module) = modules.get(i) else { break };
                        let packed = Packed {
                            code: compile(module),
                            source: deflate(module.source.as_bytes()),
                        };
                        *done[i].lock().unwrap() = Some(packed);
                    }
                })
                .expect("a thread can be started");
        }
    });
    done.into_iter()
        .map(|cell| cell.into_inner().unwrap().expect("every module was packed"))
        .collect()
}

#[cfg(feature = "precompile")]
fn compile(module: &Module) -> Vec<u8> {
    use taipan_compiler::{CompileOptions, compile};
    let filename = format!("{PREFIX}/{}", module.path);
    let result = std::panic::catch_unwind(|| {
        let options = CompileOptions::new(filename.as_str());
        let compiled =
            compile(module.source.as_str(), &options).map_err(|error| error.to_string())?;
        taipan_bytecode::verify::verify(&compiled.code).map_err(|error| format!("{error:?}"))?;
        taipan_bytecode::marshal::dumps(&taipan_bytecode::code::Const::Code(compiled.code))
            .map_err(|error| format!("{error:?}"))
    });
    match result {
        Ok(Ok(code)) => code,
        Ok(Err::<_, String>(error)) => {
            println!("cargo:warning={}: {error}", module.path);
            Vec::new()
        }
        Err(_) => {
            println!("cargo:warning={}: the compiler panicked", module.path);
            Vec::new()
        }
    }
}

#[cfg(not(feature = "precompile"))]
fn compile(_: &Module) -> Vec<u8> {
    let _ = PREFIX;
    Vec::new()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).expect("memory is writable");
    encoder.finish().expect("memory is writable")
}

fn assemble(modules: &[Module], packed: &[Packed], files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let head = 8 + modules.len() * 36 + files.len() * 20;
    let mut index: Vec<u8> = Vec::with_capacity(head);
    let mut data: Vec<u8> = Vec::new();
    let number = |index: &mut Vec<u8>, n: usize| {
        index.extend_from_slice(
            &u32::try_from(n)
                .expect("the pack stays below 4 GiB")
                .to_le_bytes(),
        );
    };
    number(&mut index, modules.len());
    number(&mut index, files.len());
    // Names first, close together: the search touches only these.
    let mut names = Vec::new();
    for module in modules {
        let name = head + data.len();
        data.extend_from_slice(module.name.as_bytes());
        let path = head + data.len();
        data.extend_from_slice(module.path.as_bytes());
        names.push((name, path));
    }
    for ((module, packed), (name, path)) in modules.iter().zip(packed).zip(names) {
        let code = head + data.len();
        data.extend_from_slice(&packed.code);
        let source = head + data.len();
        data.extend_from_slice(&packed.source);
        for n in [
            name,
            module.name.len(),
            module.source.len() << 1 | module.is_package as usize,
            path,
            module.path.len(),
            code,
            packed.code.len(),
            source,
            packed.source.len(),
        ] {
            number(&mut index, n);
        }
    }
    for (path, bytes) in files {
        let name = head + data.len();
        data.extend_from_slice(path.as_bytes());
        let compressed = deflate(bytes);
        let at = head + data.len();
        data.extend_from_slice(&compressed);
        for n in [name, path.len(), at, compressed.len(), bytes.len()] {
            number(&mut index, n);
        }
    }
    index.extend_from_slice(&data);
    index
}
