//! Syntax trees for those who want the tree itself: reading one with CPython's places, and compiling
//! one that was made without a text.

use crate::codegen;
use crate::error::CompileError;
use crate::failure::{DEEP, Failure};
use crate::literals;
use crate::locate;
use crate::parse::{self, ParseFlags};
use crate::source::{self, SourceIndex};
use crate::{CompileOptions, Compiled, Source};
use dashu_int::IBig;
use ruff_python_ast::{self as ast, Decorator, Mod};
use ruff_text_size::{TextRange, TextSize};
use std::borrow::Cow;
use taipan_bytecode::Str;

/// Stack for trees made by programs, whose depth is limited by the stack they were made on.
const STACK: usize = 512 << 20;

/// 1-based line, column in bytes, and the same of the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// First line.
    pub line: i32,
    /// First column.
    pub column: i32,
    /// Last line.
    pub end_line: i32,
    /// Column behind the last character.
    pub end_column: i32,
}

/// A text with the means to find places and values that its tree does not carry.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// The text; that of a made tree means nothing.
    pub text: &'a str,
    index: &'a SourceIndex,
}

impl Text<'_> {
    /// The place of a range.
    pub fn place(&self, range: TextRange) -> Place {
        let (line, column) = self.index.line_and_byte(range.start().to_usize());
        let (end_line, end_column) = self.index.line_and_byte(range.end().to_usize());
        Place {
            line: line as i32,
            column: column as i32,
            end_line: end_line as i32,
            end_column: end_column as i32,
        }
    }

    /// The range of a `def` or `class` as CPython has it.
    pub fn definition_range(&self, decorators: &[Decorator], range: TextRange) -> TextRange {
        locate::statement_range(self.text, decorators, range)
    }

    /// The range of a compound statement as CPython has it.
    pub fn block_range(&self, range: TextRange) -> TextRange {
        locate::block_range(self.text, range)
    }

    /// The value of a string literal.
    pub fn string(&self, literal: &ast::ExprStringLiteral) -> Str {
        literals::string(literal, self.text)
    }

    /// Appends the value of one literal of a concatenation.
    pub fn string_part(&self, part: &ast::StringLiteral, bytes: &mut Vec<u8>) {
        literals::string_part(part, self.text, bytes);
    }

    /// Appends the text between the fields of a formatted string.
    pub fn interpolated_part(
        &self,
        part: &ast::InterpolatedStringLiteralElement,
        raw: bool,
        bytes: &mut Vec<u8>,
    ) {
        literals::interpolated_part(part, raw, self.text, bytes);
    }

    /// The value of an integer literal.
    pub fn integer(&self, value: &ast::Int) -> IBig {
        literals::integer(value, TextRange::default()).unwrap_or_default()
    }

    /// The expression of a template's field as it is written.
    pub fn interpolation_text(&self, element: &ast::InterpolatedElement) -> Cow<'_, str> {
        literals::interpolation_text(self.text, element)
    }

    /// The text of an expression without the comments in it.
    pub fn without_comments<'t>(&self, text: &'t str) -> Cow<'t, str> {
        literals::without_comments(text)
    }
}

/// Parses a program and hands the tree to `f`, with stack enough to walk it.
pub fn with_tree<R>(
    source: Source<'_>,
    flags: ParseFlags,
    f: impl FnOnce(&Mod, Text<'_>) -> R,
) -> Result<R, CompileError> {
    let text = decode(source)?;
    parse::with_stack_for(&text, || {
        let index = SourceIndex::new(&text);
        let tree = parse::parse(&text, &index, flags)?;
        Ok(f(
            &tree,
            Text {
                text: &text,
                index: &index,
            },
        ))
    })
}

/// The text of a program, newlines normalised.
pub fn decode(source: Source<'_>) -> Result<Cow<'_, str>, CompileError> {
    match source {
        Source::Text(text) => source::from_text(text),
        Source::Bytes {
            bytes,
            origin,
            codecs,
        } => source::from_bytes(bytes, origin, codecs),
    }
}

/// The text that stands behind a made tree: nothing but places, each offset having its own, and the
/// few literals that the tree cannot carry.
pub struct MadeText {
    text: String,
    places: Vec<(i32, i32)>,
}

impl Default for MadeText {
    fn default() -> Self {
        MadeText {
            text: "\0".to_owned(),
            places: vec![(1, 0)],
        }
    }
}

impl MadeText {
    /// A range that means `place`.
    pub fn range(&mut self, place: Place) -> TextRange {
        self.literal("\0", place)
    }

    /// A range that means `place` and covers `text`.
    pub fn literal(&mut self, text: &str, place: Place) -> TextRange {
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        self.text.push('\0');
        self.places.resize(end, (place.line, place.column));
        self.places.push((place.end_line, place.end_column));
        TextRange::new(offset(start), offset(end))
    }

    /// Whether offsets still fit.
    pub fn fits(&self) -> bool {
        self.text.len() < u32::MAX as usize
    }

    /// The warning about jumps out of `finally` looks for the word first.
    pub fn mention_finally(&mut self) {
        self.literal("finally", Place::default());
    }

    fn into_parts(self) -> (String, SourceIndex) {
        (self.text, SourceIndex::made(self.places))
    }

    /// Hands a made tree to `f` in the same way as [`with_tree`].
    pub fn with_tree<R>(self, tree: Mod, f: impl FnOnce(&Mod, Text<'_>) -> R) -> R {
        let (text, index) = self.into_parts();
        stacker::grow(STACK, || {
            let result = f(
                &tree,
                Text {
                    text: &text,
                    index: &index,
                },
            );
            drop(tree);
            result
        })
    }

    /// Compiles a made tree.
    pub fn compile(self, tree: Mod, options: &CompileOptions) -> Result<Compiled, CompileError> {
        let (text, index) = self.into_parts();
        stacker::grow(STACK, || {
            let result = crate::compile_tree(&tree, &text, &index, options)
                .map_err(|failure| crate::located(failure, &index));
            drop(tree);
            result
        })
    }
}

fn offset(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}

/// What the symbol table knows of one block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The name.
    pub name: String,
    /// CPython's number of the kind of block.
    pub kind: u32,
    /// Identifies the block.
    pub id: usize,
    /// First line.
    pub line: i32,
    /// The names with their flags.
    pub symbols: Vec<(String, u32)>,
    /// The parameters in order.
    pub varnames: Vec<String>,
    /// Indices of the blocks directly inside.
    pub children: Vec<usize>,
    /// Whether an enclosing block is a function.
    pub nested: bool,
}

/// The blocks of a program; the first is the top level.
pub fn blocks(source: Source<'_>, options: &CompileOptions) -> Result<Vec<Block>, CompileError> {
    let flags = ParseFlags {
        mode: options.mode,
        flags: options.flags,
    };
    let text = decode(source)?;
    parse::with_stack_for(&text, || {
        let index = SourceIndex::new(&text);
        let tree = parse::parse(&text, &index, flags)?;
        blocks_of(&tree, &text, &index, options)
            .map_err(|failure: Failure| crate::located(failure, &index))
    })
}

fn blocks_of(
    tree: &Mod,
    text: &str,
    index: &SourceIndex,
    options: &CompileOptions,
) -> Result<Vec<Block>, Failure> {
    let (top, future) = crate::top_of(tree, options)?;
    let arena = bumpalo::Bump::new();
    let input = codegen::Input {
        source: text,
        index,
        filename: options.filename.clone(),
        flags: options.flags,
        optimize: options.optimize,
        depth_limit: DEEP,
    };
    codegen::blocks(&input, top, &future, &arena)
}
