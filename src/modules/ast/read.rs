//! From node objects to the compiler's tree, with the checks that keep it from meeting what no program can contain.

use super::schema::{Attributes, Class, Classes, Kind, classes};
use ruff_python_ast::name::Name;
use ruff_python_ast::{self as r, Expr, ExprContext, Identifier, Mod, Stmt};
use ruff_text_size::TextRange;
use taipan_compiler::tree::{MadeText, Place};
use taipan_objects::err::PyResult;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, complex, err, float, int, list, protocol, strings, tuple};

/// Reads one tree.
pub struct Reader {
    pub(super) made: MadeText,
    classes: &'static Classes,
}

/// A node being read.
pub(super) struct Node<'a> {
    object: Value,
    class: &'a Class,
    pub(super) place: Place,
}

impl Node<'_> {
    pub(super) fn kind(&self) -> Kind {
        self.class.kind
    }
}

fn context_name(ctx: ExprContext) -> &'static str {
    match ctx {
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
        ExprContext::Load | ExprContext::Invalid => "Load",
    }
}


macro_rules! new {
    ($ty:ident, $range:expr, { $($field:ident $(: $value:expr)?),* $(,)? }) => {
        r::$ty { node_index: Default::default(), range: $range, $($field $(: $value)?,)* }
    };
}
pub(super) use new;

impl Reader {
    pub fn new() -> Reader {
        Reader { made: MadeText::default(), classes: classes() }
    }

    /// Reads a tree and gives it with the text that stands behind it.
    pub fn module(mut self, object: Value) -> PyResult<(Mod, MadeText)> {
        let node = self.open(object, "mod")?;
        let range = TextRange::default();
        let tree = match node.kind() {
            Kind::Module | Kind::Interactive => {
                Mod::Module(new!(ModModule, range, { body: self.stmts(&node, 0)?.into() }))
            }
            Kind::Expression => {
                let body = Box::new(self.expr(&node, 0, ExprContext::Load)?);
                Mod::Expression(new!(ModExpression, range, { body }))
            }
            _ => return err!(TypeError, "expected Module node, got {}", object.type_name()),
        };
        if !self.made.fits() {
            return err!(OverflowError, "source code string is too long");
        }
        Ok((tree, self.made))
    }

    /// Reads the place and finds out the class of a node of the given family.
    pub(super) fn open(&mut self, object: Value, family: &str) -> PyResult<Node<'static>> {
        if object.is_null() {
            return err!(SystemError, "a node was expected");
        }
        taipan_objects::vm::vm().check_native_stack(&format!(" while traversing '{family}' node"))?;
        let kind = self.classes.kind_of(object.ty());
        let expected = kind.map(|k| self.classes.of(k)).filter(|c| c.family == family);
        // Every member of a family has the same attributes, and they are looked at first.
        let attributes = match expected {
            Some(c) => c.attributes,
            None => self.family_attributes(family),
        };
        let place = match attributes {
            Attributes::Nothing => Place::default(),
            a => self.place(object, family, a == Attributes::WholePlace)?,
        };
        let Some(class) = expected else {
            return err!(TypeError, "expected some sort of {family}, but got {}", protocol::repr_text(object)?);
        };
        if attributes != Attributes::Nothing && !matches!(family, "keyword" | "alias") {
            check_place(&place)?;
        }
        Ok(Node { object, class, place })
    }

    fn family_attributes(&self, family: &str) -> Attributes {
        match family {
            "stmt" | "expr" | "excepthandler" | "arg" | "keyword" | "alias" => Attributes::Place,
            "pattern" | "type_param" => Attributes::WholePlace,
            _ => Attributes::Nothing,
        }
    }

    fn place(&self, object: Value, family: &str, whole: bool) -> PyResult<Place> {
        let mut numbers = [0; 4];
        for (i, name) in ["lineno", "col_offset", "end_lineno", "end_col_offset"].iter().enumerate() {
            let found = protocol::getattr_opt(object, self.classes.place_keys[i])?;
            let required = whole || i < 2;
            numbers[i] = match found {
                None if required => {
                    return err!(TypeError, "required field \"{name}\" missing from {family}");
                }
                None => numbers[i - 2],
                Some(v) if v.is_none() && !required => numbers[i - 2],
                Some(v) => integer(*v)?,
            };
        }
        Ok(Place { line: numbers[0], column: numbers[1], end_line: numbers[2], end_column: numbers[3] })
    }

    pub(super) fn range(&mut self, node: &Node) -> TextRange {
        self.made.range(node.place)
    }

    // ---------------------------------------------------------------- fields

    /// A field; `None` if it is missing or None.
    fn optional(&self, node: &Node, i: usize) -> PyResult<Option<Ref>> {
        let found = protocol::getattr_opt(node.object, node.class.fields[i].key)?;
        Ok(found.filter(|v| !v.is_none()))
    }

    fn required(&self, node: &Node, i: usize) -> PyResult {
        let field = &node.class.fields[i];
        match protocol::getattr_opt(node.object, field.key)? {
            None => {
                err!(TypeError, "required field \"{}\" missing from {}", field.name, node.class.kind.name())
            }
            Some(v) if v.is_none() => {
                err!(ValueError, "field '{}' is required for {}", field.name, node.class.kind.name())
            }
            Some(v) => Ok(v),
        }
    }

    /// The items of a list field; a missing one is empty.
    pub(super) fn items(&self, node: &Node, i: usize) -> PyResult<Vec<Ref>> {
        let field = &node.class.fields[i];
        match protocol::getattr_opt(node.object, field.key)? {
            None => Ok(Vec::new()),
            Some(v) if list::is_list(*v) => Ok(list::expect(*v).to_vec()),
            Some(v) => err!(
                TypeError,
                "{} field \"{}\" must be a list, not a {}",
                node.class.kind.name(),
                field.name,
                v.type_name()
            ),
        }
    }

    fn nonempty(&self, node: &Node, i: usize, items: usize) -> PyResult<()> {
        if items > 0 {
            return Ok(());
        }
        err!(ValueError, "empty {} on {}", node.class.fields[i].name, node.class.kind.name())
    }

    /// A child of a family without expressions, such as an operator.
    pub(super) fn child(&mut self, node: &Node, i: usize) -> PyResult<(Ref, Node<'static>)> {
        let object = self.required(node, i)?;
        let child = self.open(*object, node.class.fields[i].ty)?;
        Ok((object, child))
    }

    pub(super) fn optional_child(&mut self, node: &Node, i: usize) -> PyResult<Option<(Ref, Node<'static>)>> {
        let Some(object) = self.optional(node, i)? else { return Ok(None) };
        let child = self.open(*object, node.class.fields[i].ty)?;
        Ok(Some((object, child)))
    }

    pub(super) fn children(&mut self, node: &Node, i: usize) -> PyResult<Vec<(Ref, Node<'static>)>> {
        let family = node.class.fields[i].ty;
        let mut out = Vec::new();
        for object in self.items(node, i)? {
            let child = self.open(*object, family)?;
            out.push((object, child));
        }
        Ok(out)
    }

    pub(super) fn nonempty_children(&mut self, node: &Node, i: usize) -> PyResult<Vec<(Ref, Node<'static>)>> {
        let children = self.children(node, i)?;
        self.nonempty(node, i, children.len())?;
        Ok(children)
    }

    pub(super) fn expr(&mut self, node: &Node, i: usize, ctx: ExprContext) -> PyResult<Expr> {
        let object = self.required(node, i)?;
        self.read_expr(*object, ctx)
    }

    pub(super) fn boxed(&mut self, node: &Node, i: usize) -> PyResult<Box<Expr>> {
        Ok(Box::new(self.expr(node, i, ExprContext::Load)?))
    }

    pub(super) fn stored(&mut self, node: &Node, i: usize) -> PyResult<Box<Expr>> {
        Ok(Box::new(self.expr(node, i, ExprContext::Store)?))
    }

    pub(super) fn maybe(&mut self, node: &Node, i: usize) -> PyResult<Option<Box<Expr>>> {
        match self.optional(node, i)? {
            Some(object) => Ok(Some(Box::new(self.read_expr(*object, ExprContext::Load)?))),
            None => Ok(None),
        }
    }

    pub(super) fn exprs(&mut self, node: &Node, i: usize, ctx: ExprContext) -> PyResult<Vec<Expr>> {
        let mut out = Vec::new();
        for object in self.items(node, i)? {
            if object.is_none() {
                return err!(ValueError, "None disallowed in expression list");
            }
            out.push(self.read_expr(*object, ctx)?);
        }
        Ok(out)
    }

    pub(super) fn nonempty_exprs(&mut self, node: &Node, i: usize, ctx: ExprContext) -> PyResult<Vec<Expr>> {
        let out = self.exprs(node, i, ctx)?;
        self.nonempty(node, i, out.len())?;
        Ok(out)
    }

    pub(super) fn stmts(&mut self, node: &Node, i: usize) -> PyResult<Vec<Stmt>> {
        let mut out = Vec::new();
        for object in self.items(node, i)? {
            if object.is_none() {
                return err!(ValueError, "None disallowed in statement list");
            }
            out.push(self.read_stmt(*object)?);
        }
        Ok(out)
    }

    pub(super) fn body(&mut self, node: &Node, i: usize) -> PyResult<Vec<Stmt>> {
        let out = self.stmts(node, i)?;
        self.nonempty(node, i, out.len())?;
        Ok(out)
    }

    fn text_of(&self, v: Value) -> PyResult<String> {
        match strings::as_str(&v) {
            Some(s) => Ok(s.to_utf8()?.into_owned()),
            None => err!(TypeError, "AST identifier must be of type str"),
        }
    }

    pub(super) fn identifier(&mut self, node: &Node, i: usize) -> PyResult<Identifier> {
        let text = self.required(node, i)?;
        let text = self.text_of(*text)?;
        let range = self.range(node);
        Ok(Identifier::new(Name::new(&text), range))
    }

    pub(super) fn maybe_identifier(&mut self, node: &Node, i: usize) -> PyResult<Option<Identifier>> {
        let Some(text) = self.optional(node, i)? else { return Ok(None) };
        let text = self.text_of(*text)?;
        let range = self.range(node);
        Ok(Some(Identifier::new(Name::new(&text), range)))
    }

    pub(super) fn identifiers(&mut self, node: &Node, i: usize) -> PyResult<Vec<Identifier>> {
        let mut out = Vec::new();
        for object in self.items(node, i)? {
            let text = self.text_of(*object)?;
            let range = self.range(node);
            out.push(Identifier::new(Name::new(&text), range));
        }
        Ok(out)
    }

    pub(super) fn nonempty_identifiers(&mut self, node: &Node, i: usize) -> PyResult<Vec<Identifier>> {
        let out = self.identifiers(node, i)?;
        self.nonempty(node, i, out.len())?;
        Ok(out)
    }

    /// An optional string that has no effect.
    pub(super) fn comment(&self, node: &Node, i: usize) -> PyResult<Option<Ref>> {
        match self.optional(node, i)? {
            Some(v) if !strings::is_str(*v) && !bytes::is_bytes(*v) => {
                err!(TypeError, "AST string must be of type str")
            }
            other => Ok(other),
        }
    }

    pub(super) fn int(&self, node: &Node, i: usize) -> PyResult<i32> {
        let field = &node.class.fields[i];
        match protocol::getattr_opt(node.object, field.key)? {
            None => {
                err!(TypeError, "required field \"{}\" missing from {}", field.name, node.class.kind.name())
            }
            Some(v) => integer(*v),
        }
    }

    pub(super) fn maybe_int(&self, node: &Node, i: usize) -> PyResult<i32> {
        self.optional(node, i)?.map_or(Ok(0), |v| integer(*v))
    }

    /// A field that holds any constant.
    pub(super) fn constant(&self, node: &Node, i: usize) -> PyResult {
        let field = &node.class.fields[i];
        match protocol::getattr_opt(node.object, field.key)? {
            None => {
                err!(TypeError, "required field \"{}\" missing from {}", field.name, node.class.kind.name())
            }
            Some(v) => {
                check_constant(*v)?;
                Ok(v)
            }
        }
    }

    /// The context of an expression, which must be the one expected where it stands.
    pub(super) fn context(&mut self, node: &Node, i: usize, expected: ExprContext) -> PyResult<ExprContext> {
        let found = match self.optional(node, i)? {
            None => ExprContext::Load,
            Some(object) => match self.open(*object, "expr_context")?.kind() {
                Kind::Store => ExprContext::Store,
                Kind::Del => ExprContext::Del,
                _ => ExprContext::Load,
            },
        };
        if found != expected {
            return err!(
                ValueError,
                "expression must have {} context but has {} instead",
                context_name(expected),
                context_name(found)
            );
        }
        Ok(found)
    }
}

pub(super) fn not_assignable<T>(ctx: ExprContext) -> PyResult<T> {
    err!(ValueError, "expression which can't be assigned to in {} context", context_name(ctx))
}

fn integer(v: Value) -> PyResult<i32> {
    if !int::is_int(v) {
        return err!(ValueError, "invalid integer value: {}", protocol::repr_text(v)?);
    }
    int::to_i32(v)
}

fn check_place(p: &Place) -> PyResult<()> {
    let Place { line, column, end_line, end_column } = *p;
    if line > end_line {
        return err!(ValueError, "AST node line range ({line}, {end_line}) is not valid");
    }
    if (line < 0 && end_line != line) || (column < 0 && column != end_column) {
        return err!(
            ValueError,
            "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
        );
    }
    if line == end_line && column > end_column {
        return err!(ValueError, "line {line}, column {column}-{end_column} is not a valid range");
    }
    Ok(())
}

/// Only immutable values of the builtin types are constants.
fn check_constant(v: Value) -> PyResult<()> {
    if v.is_none() || v.is_bool() || v.is(Value::ELLIPSIS) {
        return Ok(());
    }
    let name = v.ty().full_name();
    let exact = !v.ty().is_heap_type();
    if exact && (int::is_int(v) || float::as_float(v).is_some() || complex::as_complex(v).is_some()) {
        return Ok(());
    }
    if exact && (strings::is_str(v) || bytes::is_bytes(v)) {
        return Ok(());
    }
    if exact && (tuple::is_tuple(v) || name == "frozenset") {
        taipan_objects::vm::vm().check_native_stack(" during compilation")?;
        for item in protocol::to_vec(v)? {
            check_constant(*item)?;
        }
        return Ok(());
    }
    err!(TypeError, "got an invalid type in Constant: {}", v.type_name())
}

/// A name that is no keyword constant.
pub(super) fn check_name(name: &str) -> PyResult<()> {
    if matches!(name, "None" | "True" | "False") {
        return err!(ValueError, "identifier field can't represent '{name}' constant");
    }
    Ok(())
}
