//! `_ast`: the classes of syntax tree nodes, and trees from source and back.

mod classes;
mod from_tree;
mod grammar;
mod to_objects;

pub use classes::MODULE;
