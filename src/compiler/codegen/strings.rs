//! Formatted strings, template strings, `%` formats that can be formatted strings, docstrings.

use super::*;
use crate::literals;
use ruff_python_ast::{
    ConversionFlag, FStringPart, InterpolatedElement, InterpolatedStringElement,
    InterpolatedStringFormatSpec,
};
use ruff_text_size::{TextLen, TextSize};
use taipan_bytecode::opcode::op::*;
use taipan_bytecode::text::push_code_point;

const CONVERT_STR: i32 = 1;
const CONVERT_REPR: i32 = 2;
const CONVERT_ASCII: i32 = 3;

/// A part of a formatted string.
enum Piece<'a> {
    Text(Str, Location),
    Element(&'a InterpolatedElement),
    Percent {
        value: &'a Expr,
        conversion: i32,
        spec: Option<String>,
    },
}

/// Collects pieces, joining neighbouring text.
#[derive(Default)]
struct Pieces<'a> {
    done: Vec<Piece<'a>>,
    text: Vec<u8>,
    range: Option<TextRange>,
}

impl<'a> Pieces<'a> {
    fn text(&mut self, bytes: &[u8], range: TextRange) {
        if bytes.is_empty() {
            return;
        }
        self.text.extend_from_slice(bytes);
        self.range = Some(match self.range {
            Some(first) => TextRange::new(first.start(), range.end()),
            None => range,
        });
    }

    fn flush(&mut self, compiler: &Compiler<'a>) {
        if let Some(range) = self.range.take() {
            let text = Str::from_wtf8(&self.text).unwrap_or_else(|| Str::new(""));
            self.text.clear();
            self.done.push(Piece::Text(text, compiler.loc(range)));
        }
    }

    fn elements(
        &mut self,
        compiler: &Compiler<'a>,
        elements: impl IntoIterator<Item = &'a InterpolatedStringElement>,
        raw: bool,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let mut bytes = Vec::new();
                    literals::interpolated_part(literal, raw, compiler.source, &mut bytes);
                    self.text(&bytes, literal.range());
                }
                InterpolatedStringElement::Interpolation(element) => {
                    if let Some(debug) = &element.debug_text {
                        let text = debug.as_str();
                        let start = element.start() + TextSize::from(1);
                        let range = TextRange::at(start, text.text_len());
                        self.text(literals::without_comments(text).as_bytes(), range);
                    }
                    self.flush(compiler);
                    self.done.push(Piece::Element(element));
                }
            }
        }
    }

    fn finish(mut self, compiler: &Compiler<'a>) -> Vec<Piece<'a>> {
        self.flush(compiler);
        self.done
    }
}

fn conversion_arg(element: &InterpolatedElement) -> i32 {
    match element.conversion {
        ConversionFlag::None => {
            if element.debug_text.is_some() && element.format_spec.is_none() {
                CONVERT_REPR
            } else {
                0
            }
        }
        ConversionFlag::Str => CONVERT_STR,
        ConversionFlag::Repr => CONVERT_REPR,
        ConversionFlag::Ascii => CONVERT_ASCII,
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn visit_fstring(&mut self, expr: &'a ast::ExprFString) -> Done {
        let mut pieces = Pieces::default();
        for part in &expr.value {
            match part {
                FStringPart::Literal(literal) => {
                    let mut bytes = Vec::new();
                    literals::string_part(literal, self.source, &mut bytes);
                    pieces.text(&bytes, literal.range());
                }
                FStringPart::FString(part) => {
                    let raw = part.flags.prefix().is_raw();
                    pieces.elements(self, part.elements.iter(), raw);
                }
            }
        }
        let loc = self.loc(expr.range());
        let pieces = pieces.finish(self);
        self.joined(&pieces, loc)
    }

    fn joined(&mut self, pieces: &[Piece<'a>], loc: Location) -> Done {
        if pieces.len() > STACK_USE_GUIDELINE {
            self.load_const(Const::str(""), loc);
            self.load_method(known::JOIN, loc);
            self.op_i(BUILD_LIST, 0, loc);
            for piece in pieces {
                self.piece(piece)?;
                self.op_i(LIST_APPEND, 1, loc);
            }
            self.op_i(CALL, 1, loc);
            return Ok(());
        }
        for piece in pieces {
            self.piece(piece)?;
        }
        match pieces.len() {
            0 => self.load_const(Const::str(""), loc),
            1 => {}
            n => self.op_i(BUILD_STRING, n as i32, loc),
        }
        Ok(())
    }

    fn piece(&mut self, piece: &Piece<'a>) -> Done {
        match piece {
            Piece::Text(text, loc) => self.load_const(Const::Str(text.clone()), *loc),
            Piece::Element(element) => {
                self.visit(&element.expression)?;
                let loc = self.loc(element.range());
                let conversion = conversion_arg(element);
                if conversion != 0 {
                    self.op_i(CONVERT_VALUE, conversion, loc);
                }
                match &element.format_spec {
                    Some(spec) => {
                        self.format_spec(spec)?;
                        self.op(FORMAT_WITH_SPEC, loc);
                    }
                    None => self.op(FORMAT_SIMPLE, loc),
                }
            }
            Piece::Percent {
                value,
                conversion,
                spec,
            } => {
                self.visit(value)?;
                let loc = self.expr_loc(value);
                self.op_i(CONVERT_VALUE, *conversion, loc);
                match spec {
                    Some(spec) => {
                        self.load_const(Const::str(spec), NO_LOCATION);
                        self.op(FORMAT_WITH_SPEC, loc);
                    }
                    None => self.op(FORMAT_SIMPLE, loc),
                }
            }
        }
        Ok(())
    }

    fn format_spec(&mut self, spec: &'a InterpolatedStringFormatSpec) -> Done {
        self.descend()?;
        let mut pieces = Pieces::default();
        // Escapes in a raw string's specification were kept when it was parsed.
        pieces.elements(self, spec.elements.iter(), false);
        let pieces = pieces.finish(self);
        let mut range = spec.range();
        let colon = range.start().to_usize();
        if colon > 0 && self.source.as_bytes()[colon - 1] == b':' {
            range = TextRange::new(range.start() - TextSize::from(1), range.end());
        }
        let loc = self.loc(range);
        self.joined(&pieces, loc)?;
        self.depth -= 1;
        Ok(())
    }

    pub(super) fn visit_tstring(&mut self, expr: &'a ast::ExprTString) -> Done {
        let loc = self.loc(expr.range());
        let mut pieces = Pieces::default();
        for part in &expr.value {
            let raw = part.flags.prefix().is_raw();
            pieces.elements(self, part.elements.iter(), raw);
        }
        let pieces = pieces.finish(self);
        let mut after_value = true;
        let mut strings = 0;
        for piece in &pieces {
            match piece {
                Piece::Text(text, loc) => {
                    self.load_const(Const::Str(text.clone()), *loc);
                    strings += 1;
                    after_value = false;
                }
                _ => {
                    if after_value {
                        self.load_const(Const::str(""), loc);
                        strings += 1;
                    }
                    after_value = true;
                }
            }
        }
        if after_value {
            self.load_const(Const::str(""), loc);
            strings += 1;
        }
        self.op_i(BUILD_TUPLE, strings, loc);
        let mut interpolations = 0;
        for piece in &pieces {
            if let Piece::Element(element) = piece {
                self.interpolation(element)?;
                interpolations += 1;
            }
        }
        self.op_i(BUILD_TUPLE, interpolations, loc);
        self.op(BUILD_TEMPLATE, loc);
        Ok(())
    }

    fn interpolation(&mut self, element: &'a InterpolatedElement) -> Done {
        let loc = self.loc(element.range());
        self.visit(&element.expression)?;
        let text = literals::interpolation_text(self.source, element);
        self.load_const(Const::str(&text), loc);
        let mut arg = 2;
        if let Some(spec) = &element.format_spec {
            arg += 1;
            self.format_spec(spec)?;
        }
        arg |= conversion_arg(element) << 2;
        self.op_i(BUILD_INTERPOLATION, arg, loc);
        Ok(())
    }

    // `'…' % (a, b)`

    /// Compiles a `%` format of a literal as a formatted string; false when it is not simple enough.
    pub(super) fn percent_format(&mut self, binary: &'a ast::ExprBinOp) -> Result<bool, Failure> {
        let (Expr::StringLiteral(format), Expr::Tuple(args)) = (&*binary.left, &*binary.right)
        else {
            return Ok(false);
        };
        if args.elts.iter().any(Expr::is_starred_expr) {
            return Ok(false);
        }
        let format = literals::string(format, self.source);
        let Some(pieces) = percent_pieces(&format, &args.elts) else {
            return Ok(false);
        };
        let loc = self.loc(binary.range());
        self.joined(&pieces, loc)?;
        Ok(true)
    }

    /// The cleaned docstring at the start of a body, and where it stands.
    pub(super) fn docstring(&mut self, stmts: &'a [Stmt]) -> Result<(Str, TextRange), Failure> {
        if let Some(Stmt::Expr(stmt)) = stmts.first()
            && let Expr::StringLiteral(literal) = &*stmt.value
        {
            let text = literals::string(literal, self.source);
            return Ok((clean_docstring(&text), stmt.value.range()));
        }
        Err(Failure::plain(FailureKind::Internal, "no docstring"))
    }
}

const MAX_FORMAT_DIGITS: usize = 3;

fn percent_pieces<'a>(format: &Str, args: &'a [Expr]) -> Option<Vec<Piece<'a>>> {
    let points: Vec<u32> = format.code_points().collect();
    let percent = u32::from('%');
    let mut pieces = Vec::new();
    let mut args = args.iter();
    let mut at = 0;
    loop {
        let mut text = Vec::new();
        while at < points.len() {
            if points[at] != percent {
                push_code_point(&mut text, points[at]);
                at += 1;
            } else if points.get(at + 1) == Some(&percent) {
                text.push(b'%');
                at += 2;
            } else {
                break;
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(Str::from_wtf8(&text)?, NO_LOCATION));
        }
        if at >= points.len() {
            break;
        }
        at += 1;
        let value = args.next()?;
        let (conversion, spec) = percent_spec(&points, &mut at)?;
        pieces.push(Piece::Percent {
            value,
            conversion,
            spec,
        });
    }
    args.next().is_none().then_some(pieces)
}

/// Digits from `c` on; `c` becomes what follows them.
fn percent_digits(points: &[u32], at: &mut usize, c: &mut char) -> Option<u32> {
    let mut value = 0;
    let mut count = 0;
    while let Some(digit) = c.to_digit(10) {
        value = value * 10 + digit;
        *c = percent_next(points, at)?;
        count += 1;
        if count >= MAX_FORMAT_DIGITS {
            return None;
        }
    }
    Some(value)
}

fn percent_next(points: &[u32], at: &mut usize) -> Option<char> {
    let c = char::from_u32(*points.get(*at)?)?;
    *at += 1;
    Some(c)
}

/// One conversion specification; None when only the runtime can do it.
fn percent_spec(points: &[u32], at: &mut usize) -> Option<(i32, Option<String>)> {
    let mut left = false;
    let mut c = percent_next(points, at)?;
    while matches!(c, '-' | '+' | ' ' | '#' | '0') {
        left |= c == '-';
        c = percent_next(points, at)?;
    }
    let mut width = None;
    if c.is_ascii_digit() {
        width = Some(percent_digits(points, at, &mut c)?);
    }
    let mut precision = None;
    if c == '.' {
        c = percent_next(points, at)?;
        precision = Some(percent_digits(points, at, &mut c)?);
    }
    let conversion = match c {
        's' => CONVERT_STR,
        'r' => CONVERT_REPR,
        'a' => CONVERT_ASCII,
        _ => return None,
    };
    let mut spec = String::new();
    if !left && width.is_some_and(|width| width > 0) {
        spec.push('>');
    }
    if let Some(width) = width {
        spec.push_str(&width.to_string());
    }
    if let Some(precision) = precision {
        spec.push('.');
        spec.push_str(&precision.to_string());
    }
    Some((conversion, (!spec.is_empty()).then_some(spec)))
}

/// Removes the common indentation, as `inspect.cleandoc` does but for blank lines at the ends.
fn clean_docstring(text: &Str) -> Str {
    let expanded = expand_tabs(text.as_bytes());
    let mut lines = expanded.split_inclusive(|&b| b == b'\n');
    let first = lines.next().unwrap_or(&[]);
    let indent = |line: &[u8]| line.iter().take_while(|&&b| b == b' ').count();
    let margin = lines
        .clone()
        .filter(|line| !matches!(line.get(indent(line)), None | Some(b'\n')))
        .map(indent)
        .min()
        .unwrap_or(0);
    let mut cleaned = Vec::with_capacity(expanded.len());
    cleaned.extend_from_slice(&first[indent(first)..]);
    for line in lines {
        cleaned.extend_from_slice(&line[indent(line).min(margin)..]);
    }
    Str::from_wtf8(&cleaned).unwrap_or_else(|| text.clone())
}

fn expand_tabs(bytes: &[u8]) -> Vec<u8> {
    let mut expanded = Vec::with_capacity(bytes.len());
    let mut column = 0;
    for &byte in bytes {
        match byte {
            b'\t' => {
                let spaces = 8 - column % 8;
                expanded.resize(expanded.len() + spaces, b' ');
                column += spaces;
            }
            b'\n' | b'\r' => {
                expanded.push(byte);
                column = 0;
            }
            _ => {
                expanded.push(byte);
                // Continuation bytes do not start a character.
                if byte & 0xC0 != 0x80 {
                    column += 1;
                }
            }
        }
    }
    expanded
}
