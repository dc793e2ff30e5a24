//! The Python standard library, compiled and packed into the binary
