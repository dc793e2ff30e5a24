//! The abstract grammar of Python 3.14, from which the node classes are made.

/// A class with the classes derived from it.
pub struct Sum {
    pub name: &'static str,
    /// Positions that nodes carry; `?` marks those that may be None.
    pub attributes: &'static [&'static str],
    /// `Name(type field, …)`, or `Name` alone.
    pub nodes: &'static [&'static str],
    /// The class stands for itself, with fields of its own, and nothing is derived from it.
    pub product: bool,
}

const fn sum(
    name: &'static str,
    attributes: &'static [&'static str],
    nodes: &'static [&'static str],
) -> Sum {
    Sum {
        name,
        attributes,
        nodes,
        product: false,
    }
}
const fn product(
    name: &'static str,
    attributes: &'static [&'static str],
    nodes: &'static [&'static str],
) -> Sum {
    Sum {
        name,
        attributes,
        nodes,
        product: true,
    }
}

const PLACED: &[&str] = &["lineno", "col_offset", "end_lineno?", "end_col_offset?"];
const PLACED_WHOLLY: &[&str] = &["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// All classes.
pub static GRAMMAR: &[Sum] = &[
    sum(
        "mod",
        &[],
        &[
            "Module(stmt* body, type_ignore* type_ignores)",
            "Interactive(stmt* body)",
            "Expression(expr body)",
            "FunctionType(expr* argtypes, expr returns)",
        ],
    ),
    sum(
        "stmt",
        PLACED,
        &[
            "FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
            "AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
            "ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params)",
            "Return(expr? value)",
            "Delete(expr* targets)",
            "Assign(expr* targets, expr value, string? type_comment)",
            "TypeAlias(expr name, type_param* type_params, expr value)",
            "AugAssign(expr target, operator op, expr value)",
            "AnnAssign(expr target, expr annotation, expr? value, int simple)",
            "For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)",
            "AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)",
            "While(expr test, stmt* body, stmt* orelse)",
            "If(expr test, stmt* body, stmt* orelse)",
            "With(withitem* items, stmt* body, string? type_comment)",
            "AsyncWith(withitem* items, stmt* body, string? type_comment)",
            "Match(expr subject, match_case* cases)",
            "Raise(expr? exc, expr? cause)",
            "Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)",
            "TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)",
            "Assert(expr test, expr? msg)",
            "Import(alias* names)",
            "ImportFrom(identifier? module, alias* names, int? level)",
            "Global(identifier* names)",
            "Nonlocal(identifier* names)",
            "Expr(expr value)",
            "Pass",
            "Break",
            "Continue",
        ],
    ),
    sum(
        "expr",
        PLACED,
        &[
            "BoolOp(boolop op, expr* values)",
            "NamedExpr(expr target, expr value)",
            "BinOp(expr left, operator op, expr right)",
            "UnaryOp(unaryop op, expr operand)",
            "Lambda(arguments args, expr body)",
            "IfExp(expr test, expr body, expr orelse)",
            "Dict(expr?* keys, expr* values)",
            "Set(expr* elts)",
            "ListComp(expr elt, comprehension* generators)",
            "SetComp(expr elt, comprehension* generators)",
            "DictComp(expr key, expr value, comprehension* generators)",
            "GeneratorExp(expr elt, comprehension* generators)",
            "Await(expr value)",
            "Yield(expr? value)",
            "YieldFrom(expr value)",
            "Compare(expr left, cmpop* ops, expr* comparators)",
            "Call(expr func, expr* args, keyword* keywords)",
            "FormattedValue(expr value, int conversion, expr? format_spec)",
            "Interpolation(expr value, constant str, int conversion, expr? format_spec)",
            "JoinedStr(expr* values)",
            "TemplateStr(expr* values)",
            "Constant(constant value, string? kind)",
            "Attribute(expr value, identifier attr, expr_context ctx)",
            "Subscript(expr value, expr slice, expr_context ctx)",
            "Starred(expr value, expr_context ctx)",
            "Name(identifier id, expr_context ctx)",
            "List(expr* elts, expr_context ctx)",
            "Tuple(expr* elts, expr_context ctx)",
            "Slice(expr? lower, expr? upper, expr? step)",
        ],
    ),
    sum("expr_context", &[], &["Load", "Store", "Del"]),
    sum("boolop", &[], &["And", "Or"]),
    sum(
        "operator",
        &[],
        &[
            "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr",
            "BitXor", "BitAnd", "FloorDiv",
        ],
    ),
    sum("unaryop", &[], &["Invert", "Not", "UAdd", "USub"]),
    sum(
        "cmpop",
        &[],
        &[
            "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn",
        ],
    ),
    product(
        "comprehension",
        &[],
        &["comprehension(expr target, expr iter, expr* ifs, int is_async)"],
    ),
    sum(
        "excepthandler",
        PLACED,
        &["ExceptHandler(expr? type, identifier? name, stmt* body)"],
    ),
    product(
        "arguments",
        &[],
        &[
            "arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults)",
        ],
    ),
    product(
        "arg",
        PLACED,
        &["arg(identifier arg, expr? annotation, string? type_comment)"],
    ),
    product("keyword", PLACED, &["keyword(identifier? arg, expr value)"]),
    product(
        "alias",
        PLACED,
        &["alias(identifier name, identifier? asname)"],
    ),
    product(
        "withitem",
        &[],
        &["withitem(expr context_expr, expr? optional_vars)"],
    ),
    product(
        "match_case",
        &[],
        &["match_case(pattern pattern, expr? guard, stmt* body)"],
    ),
    sum(
        "pattern",
        PLACED_WHOLLY,
        &[
            "MatchValue(expr value)",
            "MatchSingleton(constant value)",
            "MatchSequence(pattern* patterns)",
            "MatchMapping(expr* keys, pattern* patterns, identifier? rest)",
            "MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns)",
            "MatchStar(identifier? name)",
            "MatchAs(pattern? pattern, identifier? name)",
            "MatchOr(pattern* patterns)",
        ],
    ),
    sum("type_ignore", &[], &["TypeIgnore(int lineno, string tag)"]),
    sum(
        "type_param",
        PLACED_WHOLLY,
        &[
            "TypeVar(identifier name, expr? bound, expr? default_value)",
            "ParamSpec(identifier name, expr? default_value)",
            "TypeVarTuple(identifier name, expr? default_value)",
        ],
    ),
];

/// How often a field's type comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Count {
    One,
    Optional,
    Many,
}

/// Name and fields (type, count, name) of one node description.
pub fn parse(node: &'static str) -> (&'static str, Vec<(&'static str, Count, &'static str)>) {
    let Some((name, rest)) = node.split_once('(') else {
        return (node, Vec::new());
    };
    let fields = rest.trim_end_matches(')').split(", ").map(|f| {
        let (ty, field) = f.split_once(' ').expect("type and name");
        let base = ty.trim_end_matches(['?', '*']);
        let count = match &ty[base.len()..] {
            "" => Count::One,
            "?" => Count::Optional,
            _ => Count::Many,
        };
        (base, count, field)
    });
    (name, fields.collect())
}
