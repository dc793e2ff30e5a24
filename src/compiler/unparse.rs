//! Expressions back to text, in the words of CPython's own unparser, for annotations kept as strings.

use crate::literals;
use ruff_python_ast::{
    self as ast, BoolOp, CmpOp, ConversionFlag, Expr, FStringPart, InterpolatedStringElement,
    Number, Operator, Parameters, UnaryOp,
};
use std::fmt::Write;
use taipan_bytecode::{Const, Str};

// Levels of binding, loosest first.
const TUPLE: u8 = 0;
const TEST: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const NOT: u8 = 4;
const CMP: u8 = 5;
const EXPR: u8 = 6;
const BOR: u8 = EXPR;
const BXOR: u8 = 7;
const BAND: u8 = 8;
const SHIFT: u8 = 9;
const ARITH: u8 = 10;
const TERM: u8 = 11;
const FACTOR: u8 = 12;
const POWER: u8 = 13;
const AWAIT: u8 = 14;
const ATOM: u8 = 15;

/// The text of an expression.
pub fn unparse(expr: &Expr, source: &str) -> Str {
    let mut writer = Writer {
        out: Vec::new(),
        source,
    };
    writer.expr(expr, TEST);
    Str::from_wtf8(&writer.out).unwrap_or_else(|| Str::new(""))
}

/// The `repr` of a constant.
pub fn constant_repr(value: &Const) -> String {
    let mut out = Vec::new();
    match value {
        Const::None => out.extend_from_slice(b"None"),
        Const::True => out.extend_from_slice(b"True"),
        Const::False => out.extend_from_slice(b"False"),
        Const::Ellipsis => out.extend_from_slice(b"Ellipsis"),
        Const::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Const::Float(value) => out.extend_from_slice(float_repr(*value, true).as_bytes()),
        Const::Complex(re, im) => out.extend_from_slice(complex_repr(*re, *im).as_bytes()),
        Const::Str(value) => str_repr(value, &mut out),
        Const::Bytes(value) => bytes_repr(value, &mut out),
        _ => out.extend_from_slice(b"?"),
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Shortest digits that read back, in CPython's layout.
fn float_repr(value: f64, point_zero: bool) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    if value.is_nan() {
        return "nan".to_owned();
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    let count = digits.len() as i32;
    let mut out = sign.to_owned();
    if (-4..16).contains(&exponent) {
        if exponent < 0 {
            out.push_str("0.");
            out.push_str(&"0".repeat((-exponent - 1) as usize));
            out.push_str(&digits);
        } else if count <= exponent + 1 {
            out.push_str(&digits);
            out.push_str(&"0".repeat((exponent + 1 - count) as usize));
            if point_zero {
                out.push_str(".0");
            }
        } else {
            let (whole, rest) = digits.split_at(exponent as usize + 1);
            let _ = write!(out, "{whole}.{rest}");
        }
    } else {
        out.push_str(&digits[..1]);
        if count > 1 {
            let _ = write!(out, ".{}", &digits[1..]);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.abs());
    }
    out
}

fn complex_repr(re: f64, im: f64) -> String {
    let imaginary = float_repr(im, false);
    if re == 0.0 && re.is_sign_positive() {
        return format!("{imaginary}j");
    }
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imaginary}j)", float_repr(re, false))
}

fn str_repr(value: &Str, out: &mut Vec<u8>) {
    let bytes = value.as_bytes();
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut text = String::new();
    text.push(quote);
    for point in value.code_points() {
        match char::from_u32(point) {
            Some(c) if c == quote || c == '\\' => {
                text.push('\\');
                text.push(c);
            }
            Some('\t') => text.push_str("\\t"),
            Some('\n') => text.push_str("\\n"),
            Some('\r') => text.push_str("\\r"),
            Some(c) if c < ' ' || c == '\x7f' => {
                let _ = write!(text, "\\x{point:02x}");
            }
            Some(c) if c.is_ascii() || is_printable(c) => text.push(c),
            _ if point <= 0xFF => {
                let _ = write!(text, "\\x{point:02x}");
            }
            _ if point <= 0xFFFF => {
                let _ = write!(text, "\\u{point:04x}");
            }
            _ => {
                let _ = write!(text, "\\U{point:08x}");
            }
        }
    }
    text.push(quote);
    out.extend_from_slice(text.as_bytes());
}

/// Whether `repr` shows a character as it is.
fn is_printable(c: char) -> bool {
    use icu_properties::CodePointMapData;
    use icu_properties::props::GeneralCategory as Category;
    !matches!(
        CodePointMapData::<Category>::new().get(c),
        Category::Control
            | Category::Format
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::SpaceSeparator
    )
}

fn bytes_repr(value: &[u8], out: &mut Vec<u8>) {
    let quote = if value.contains(&b'\'') && !value.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    out.push(b'b');
    out.push(quote);
    for &byte in value {
        match byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            _ if byte == quote => out.extend_from_slice(&[b'\\', byte]),
            b' '..=b'~' => out.push(byte),
            _ => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    out.push(quote);
}

struct Writer<'s> {
    out: Vec<u8>,
    source: &'s str,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn open_if(&mut self, parens: bool) {
        if parens {
            self.put("(");
        }
    }

    fn close_if(&mut self, parens: bool) {
        if parens {
            self.put(")");
        }
    }

    fn list<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for (i, expr) in exprs.into_iter().enumerate() {
            if i > 0 {
                self.put(", ");
            }
            self.expr(expr, TEST);
        }
    }

    fn expr(&mut self, expr: &Expr, level: u8) {
        match expr {
            Expr::BoolOp(e) => {
                let (text, own) = match e.op {
                    BoolOp::And => (" and ", AND),
                    BoolOp::Or => (" or ", OR),
                };
                let parens = level > own;
                self.open_if(parens);
                for (i, value) in e.values.iter().enumerate() {
                    if i > 0 {
                        self.put(text);
                    }
                    self.expr(value, own + 1);
                }
                self.close_if(parens);
            }
            Expr::BinOp(e) => self.binary(e, level),
            Expr::UnaryOp(e) => {
                let (text, own) = match e.op {
                    UnaryOp::Invert => ("~", FACTOR),
                    UnaryOp::Not => ("not ", NOT),
                    UnaryOp::UAdd => ("+", FACTOR),
                    UnaryOp::USub => ("-", FACTOR),
                };
                let parens = level > own;
                self.open_if(parens);
                self.put(text);
                self.expr(&e.operand, own);
                self.close_if(parens);
            }
            Expr::Lambda(e) => {
                let parens = level > TEST;
                self.open_if(parens);
                match e.parameters.as_deref() {
                    Some(params) => {
                        let plain = params.posonlyargs.len() + params.args.len();
                        self.put(if plain > 0 { "lambda " } else { "lambda" });
                        self.parameters(params);
                    }
                    _ => self.put("lambda"),
                }
                self.put(": ");
                self.expr(&e.body, TEST);
                self.close_if(parens);
            }
            Expr::If(e) => {
                let parens = level > TEST;
                self.open_if(parens);
                self.expr(&e.body, TEST + 1);
                self.put(" if ");
                self.expr(&e.test, TEST + 1);
                self.put(" else ");
                self.expr(&e.orelse, TEST);
                self.close_if(parens);
            }
            Expr::Dict(e) => {
                self.put("{");
                for (i, item) in e.items.iter().enumerate() {
                    if i > 0 {
                        self.put(", ");
                    }
                    match &item.key {
                        Some(key) => {
                            self.expr(key, TEST);
                            self.put(": ");
                            self.expr(&item.value, TEST);
                        }
                        None => {
                            self.put("**");
                            self.expr(&item.value, EXPR);
                        }
                    }
                }
                self.put("}");
            }
            Expr::Set(e) => {
                self.put("{");
                self.list(&e.elts);
                self.put("}");
            }
            Expr::Generator(e) => self.comprehension("(", &e.elt, None, &e.generators, ")"),
            Expr::ListComp(e) => self.comprehension("[", &e.elt, None, &e.generators, "]"),
            Expr::SetComp(e) => self.comprehension("{", &e.elt, None, &e.generators, "}"),
            Expr::DictComp(e) => match &e.key {
                Some(key) => self.comprehension("{", key, Some(&e.value), &e.generators, "}"),
                None => self.comprehension("{**", &e.value, None, &e.generators, "}"),
            },
            Expr::Yield(e) => match &e.value {
                Some(value) => {
                    self.put("(yield ");
                    self.expr(value, TEST);
                    self.put(")");
                }
                None => self.put("(yield)"),
            },
            Expr::YieldFrom(e) => {
                self.put("(yield from ");
                self.expr(&e.value, TEST);
                self.put(")");
            }
            Expr::Await(e) => {
                let parens = level > AWAIT;
                self.open_if(parens);
                self.put("await ");
                self.expr(&e.value, ATOM);
                self.close_if(parens);
            }
            Expr::Compare(e) => {
                let parens = level > CMP;
                self.open_if(parens);
                self.expr(&e.left, CMP + 1);
                for (operator, comparator) in e.ops.iter().zip(&e.comparators) {
                    self.put(compare_text(*operator));
                    self.expr(comparator, CMP + 1);
                }
                self.close_if(parens);
            }
            Expr::Call(e) => self.call(e),
            Expr::StringLiteral(literal) => {
                if literal.value.is_unicode() {
                    self.put("u");
                }
                let text = literals::string(literal, self.source);
                str_repr(&text, &mut self.out);
            }
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                bytes_repr(&bytes, &mut self.out);
            }
            Expr::NumberLiteral(literal) => {
                let text = match &literal.value {
                    Number::Int(value) => literals::integer(value, literal.range)
                        .map_or_else(|_| value.to_string(), |value| value.to_string()),
                    Number::Float(value) => float_repr(*value, true).replace("inf", "1e309"),
                    Number::Complex { real, imag } => {
                        complex_repr(*real, *imag).replace("inf", "1e309")
                    }
                };
                self.put(&text);
            }
            Expr::BooleanLiteral(literal) => self.put(if literal.value { "True" } else { "False" }),
            Expr::NoneLiteral(_) => self.put("None"),
            Expr::EllipsisLiteral(_) => self.put("..."),
            Expr::FString(e) => self.interpolated(
                e.value.iter().map(|part| match part {
                    FStringPart::Literal(literal) => (Some(literal), &[][..]),
                    FStringPart::FString(part) => (None, &part.elements[..]),
                }),
                b'f',
            ),
            Expr::TString(e) => {
                self.interpolated(e.value.iter().map(|part| (None, &part.elements[..])), b't')
            }
            Expr::Attribute(e) => {
                self.expr(&e.value, ATOM);
                // `1.real` would be a float.
                let integer = matches!(&*e.value, Expr::NumberLiteral(literal)
                    if matches!(literal.value, Number::Int(_)));
                self.put(if integer { " ." } else { "." });
                self.put(e.attr.as_str());
            }
            Expr::Starred(e) => {
                self.put("*");
                self.expr(&e.value, EXPR);
            }
            Expr::Name(e) => self.put(e.id.as_str()),
            Expr::List(e) => {
                self.put("[");
                self.list(&e.elts);
                self.put("]");
            }
            Expr::Tuple(e) => {
                if e.elts.is_empty() {
                    return self.put("()");
                }
                let parens = level > TUPLE;
                self.open_if(parens);
                self.list(&e.elts);
                if e.elts.len() == 1 {
                    self.put(",");
                }
                self.close_if(parens);
            }
            Expr::Subscript(e) => {
                self.expr(&e.value, ATOM);
                self.put("[");
                self.expr(&e.slice, TUPLE);
                self.put("]");
            }
            Expr::Slice(e) => {
                if let Some(lower) = &e.lower {
                    self.expr(lower, TEST);
                }
                self.put(":");
                if let Some(upper) = &e.upper {
                    self.expr(upper, TEST);
                }
                if let Some(step) = &e.step {
                    self.put(":");
                    self.expr(step, TEST);
                }
            }
            Expr::Named(e) => {
                let parens = level > TUPLE;
                self.open_if(parens);
                self.expr(&e.target, ATOM);
                self.put(" := ");
                self.expr(&e.value, ATOM);
                self.close_if(parens);
            }
            Expr::IpyEscapeCommand(_) => {}
        }
    }

    fn binary(&mut self, e: &ast::ExprBinOp, level: u8) {
        let (text, own) = match e.op {
            Operator::Add => (" + ", ARITH),
            Operator::Sub => (" - ", ARITH),
            Operator::Mult => (" * ", TERM),
            Operator::MatMult => (" @ ", TERM),
            Operator::Div => (" / ", TERM),
            Operator::Mod => (" % ", TERM),
            Operator::LShift => (" << ", SHIFT),
            Operator::RShift => (" >> ", SHIFT),
            Operator::BitOr => (" | ", BOR),
            Operator::BitXor => (" ^ ", BXOR),
            Operator::BitAnd => (" & ", BAND),
            Operator::FloorDiv => (" // ", TERM),
            Operator::Pow => (" ** ", POWER),
        };
        let right_associative = u8::from(e.op == Operator::Pow);
        let parens = level > own;
        self.open_if(parens);
        self.expr(&e.left, own + right_associative);
        self.put(text);
        self.expr(&e.right, own + 1 - right_associative);
        self.close_if(parens);
    }

    fn call(&mut self, e: &ast::ExprCall) {
        self.expr(&e.func, ATOM);
        let args = &e.arguments.args;
        if let ([Expr::Generator(_)], true) = (&**args, e.arguments.keywords.is_empty()) {
            return self.expr(&args[0], TEST);
        }
        self.put("(");
        self.list(args);
        for (i, keyword) in e.arguments.keywords.iter().enumerate() {
            if i > 0 || !args.is_empty() {
                self.put(", ");
            }
            match &keyword.arg {
                Some(arg) => {
                    self.put(arg.as_str());
                    self.put("=");
                }
                None => self.put("**"),
            }
            self.expr(&keyword.value, TEST);
        }
        self.put(")");
    }

    fn comprehension(
        &mut self,
        open: &str,
        elt: &Expr,
        value: Option<&Expr>,
        generators: &[ast::Comprehension],
        close: &str,
    ) {
        self.put(open);
        self.expr(elt, TEST);
        if let Some(value) = value {
            self.put(": ");
            self.expr(value, TEST);
        }
        for generator in generators {
            self.put(if generator.is_async {
                " async for "
            } else {
                " for "
            });
            self.expr(&generator.target, TUPLE);
            self.put(" in ");
            self.expr(&generator.iter, TEST + 1);
            for test in &generator.ifs {
                self.put(" if ");
                self.expr(test, TEST + 1);
            }
        }
        self.put(close);
    }

    fn parameters(&mut self, params: &Parameters) {
        let mut first = true;
        let mut comma = |writer: &mut Self| {
            if !std::mem::take(&mut first) {
                writer.put(", ");
            }
        };
        let plain = params.posonlyargs.iter().chain(&params.args);
        for (i, param) in plain.enumerate() {
            comma(self);
            self.parameter(&param.parameter);
            if let Some(default) = &param.default {
                self.put("=");
                self.expr(default, TEST);
            }
            if i + 1 == params.posonlyargs.len() {
                self.put(", /");
            }
        }
        if params.vararg.is_some() || !params.kwonlyargs.is_empty() {
            comma(self);
            self.put("*");
            if let Some(param) = &params.vararg {
                self.parameter(param);
            }
        }
        for param in &params.kwonlyargs {
            comma(self);
            self.parameter(&param.parameter);
            if let Some(default) = &param.default {
                self.put("=");
                self.expr(default, TEST);
            }
        }
        if let Some(param) = &params.kwarg {
            comma(self);
            self.put("**");
            self.parameter(param);
        }
    }

    fn parameter(&mut self, param: &ast::Parameter) {
        self.put(param.name.as_str());
        if let Some(annotation) = &param.annotation {
            self.put(": ");
            self.expr(annotation, TEST);
        }
    }

    fn interpolated<'e>(
        &mut self,
        parts: impl Iterator<
            Item = (
                Option<&'e ast::StringLiteral>,
                &'e [InterpolatedStringElement],
            ),
        >,
        prefix: u8,
    ) {
        let mut body = Writer {
            out: Vec::new(),
            source: self.source,
        };
        for (literal, elements) in parts {
            if let Some(literal) = literal {
                body.braced_text(literal.as_str());
            }
            body.elements(elements, false, prefix == b't');
        }
        self.out.push(prefix);
        if let Some(text) = Str::from_wtf8(&body.out) {
            str_repr(&text, &mut self.out);
        }
    }

    fn braced_text(&mut self, text: &str) {
        let text = text.replace('{', "{{").replace('}', "}}");
        self.put(&text);
    }

    fn elements(&mut self, elements: &[InterpolatedStringElement], in_spec: bool, template: bool) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    if in_spec {
                        self.put(&literal.value);
                    } else {
                        self.braced_text(&literal.value);
                    }
                }
                InterpolatedStringElement::Interpolation(element) => {
                    if let Some(debug) = &element.debug_text {
                        self.braced_text(debug.as_str());
                    }
                    let mut inner = Writer {
                        out: Vec::new(),
                        source: self.source,
                    };
                    if template {
                        inner.put(&literals::interpolation_text(self.source, element));
                    } else {
                        inner.expr(&element.expression, TEST + 1);
                    }
                    self.put(if inner.out.starts_with(b"{") {
                        "{ "
                    } else {
                        "{"
                    });
                    self.out.extend_from_slice(&inner.out);
                    match element.conversion {
                        ConversionFlag::None => {
                            if element.debug_text.is_some() && element.format_spec.is_none() {
                                self.put("!r");
                            }
                        }
                        ConversionFlag::Str => self.put("!s"),
                        ConversionFlag::Ascii => self.put("!a"),
                        ConversionFlag::Repr => self.put("!r"),
                    }
                    if let Some(spec) = &element.format_spec {
                        self.put(":");
                        self.elements(&spec.elements, true, false);
                    }
                    self.put("}");
                }
            }
        }
    }
}

fn compare_text(operator: CmpOp) -> &'static str {
    match operator {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}
