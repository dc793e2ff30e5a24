//! The `taipan` command: reads the command line as CPython does, then runs a program.

mod cli;
mod run;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let command = match cli::parse(std::env::args_os().collect()) {
        Ok(c) => c,
        Err(e) => e.exit(),
    };
    // Deep recursion of native code (repr of nested lists, the compiler) gets more stack than the system's default.
    let handle = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || run::run(command));
    // Signals are for the thread that runs Python code, whose system calls they are to interrupt.
    // SAFETY: a full set of our own.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &all, std::ptr::null_mut());
    }
    let status = match handle {
        Ok(h) => h.join().unwrap_or(134),
        Err(e) => {
            eprintln!("taipan: cannot start the main thread: {e}");
            1
        }
    };
    std::process::exit(status);
}
