//! The node classes of the abstract grammar: one table, and the Python classes made from it.

use super::node::AST_TYPE;
use std::cell::UnsafeCell;
use std::collections::HashMap;
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::typeobject::{Type, as_type};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, module, protocol, strings, tuple, types};

/// How often a field occurs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    One,
    Optional,
    Many,
    /// A list whose items may be None.
    ManyOptional,
}

/// A field of a node.
pub struct Field {
    pub name: &'static str,
    /// The interned name, never freed.
    pub key: Value,
    /// `expr`, `identifier`, …
    pub ty: &'static str,
    pub count: Count,
}

/// The attributes a class of nodes has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attributes {
    Nothing,
    /// A place whose end may be missing.
    Place,
    /// A place with its end.
    WholePlace,
}

macro_rules! schema {
    ($($(#[doc = $doc:literal])* $sum:literal $attributes:ident { $($kind:ident $fields:literal,)* })*) => {
        /// The concrete node classes.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Kind { $($($kind,)*)* }
        impl Kind {
            pub fn name(self) -> &'static str {
                match self { $($(Kind::$kind => stringify!($kind),)*)* }
            }
        }
        const COUNT: usize = [$($(Kind::$kind,)*)*].len();
        /// Families with their members; a family without a name has one member that stands alone.
        const FAMILIES: &[(&str, Attributes, &[(Kind, &str)])] =
            &[$(($sum, Attributes::$attributes, &[$((Kind::$kind, $fields),)*]),)*];
    };
}

schema! {
    "mod" Nothing {
        Module "stmt* body, type_ignore* type_ignores",
        Interactive "stmt* body",
        Expression "expr body",
        FunctionType "expr* argtypes, expr returns",
    }
    "stmt" Place {
        FunctionDef "identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params",
        AsyncFunctionDef "identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params",
        ClassDef "identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params",
        Return "expr? value",
        Delete "expr* targets",
        Assign "expr* targets, expr value, string? type_comment",
        TypeAlias "expr name, type_param* type_params, expr value",
        AugAssign "expr target, operator op, expr value",
        AnnAssign "expr target, expr annotation, expr? value, int simple",
        For "expr target, expr iter, stmt* body, stmt* orelse, string? type_comment",
        AsyncFor "expr target, expr iter, stmt* body, stmt* orelse, string? type_comment",
        While "expr test, stmt* body, stmt* orelse",
        If "expr test, stmt* body, stmt* orelse",
        With "withitem* items, stmt* body, string? type_comment",
        AsyncWith "withitem* items, stmt* body, string? type_comment",
        Match "expr subject, match_case* cases",
        Raise "expr? exc, expr? cause",
        Try "stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody",
        TryStar "stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody",
        Assert "expr test, expr? msg",
        Import "alias* names",
        ImportFrom "identifier? module, alias* names, int? level",
        Global "identifier* names",
        Nonlocal "identifier* names",
        Expr "expr value",
        Pass "",
        Break "",
        Continue "",
    }
    "expr" Place {
        BoolOp "boolop op, expr* values",
        NamedExpr "expr target, expr value",
        BinOp "expr left, operator op, expr right",
        UnaryOp "unaryop op, expr operand",
        Lambda "arguments args, expr body",
        IfExp "expr test, expr body, expr orelse",
        Dict "expr?* keys, expr* values",
        Set "expr* elts",
        ListComp "expr elt, comprehension* generators",
        SetComp "expr elt, comprehension* generators",
        DictComp "expr key, expr value, comprehension* generators",
        GeneratorExp "expr elt, comprehension* generators",
        Await "expr value",
        Yield "expr? value",
        YieldFrom "expr value",
        Compare "expr left, cmpop* ops, expr* comparators",
        Call "expr func, expr* args, keyword* keywords",
        FormattedValue "expr value, int conversion, expr? format_spec",
        Interpolation "expr value, constant str, int conversion, expr? format_spec",
        JoinedStr "expr* values",
        TemplateStr "expr* values",
        Constant "constant value, string? kind",
        Attribute "expr value, identifier attr, expr_context ctx",
        Subscript "expr value, expr slice, expr_context ctx",
        Starred "expr value, expr_context ctx",
        Name "identifier id, expr_context ctx",
        List "expr* elts, expr_context ctx",
        Tuple "expr* elts, expr_context ctx",
        Slice "expr? lower, expr? upper, expr? step",
    }
    "expr_context" Nothing {
        Load "",
        Store "",
        Del "",
    }
    "boolop" Nothing {
        And "",
        Or "",
    }
    "operator" Nothing {
        Add "",
        Sub "",
        Mult "",
        MatMult "",
        Div "",
        Mod "",
        Pow "",
        LShift "",
        RShift "",
        BitOr "",
        BitXor "",
        BitAnd "",
        FloorDiv "",
    }
    "unaryop" Nothing {
        Invert "",
        Not "",
        UAdd "",
        USub "",
    }
    "cmpop" Nothing {
        Eq "",
        NotEq "",
        Lt "",
        LtE "",
        Gt "",
        GtE "",
        Is "",
        IsNot "",
        In "",
        NotIn "",
    }
    "" Nothing { comprehension "expr target, expr iter, expr* ifs, int is_async", }
    "excepthandler" Place {
        ExceptHandler "expr? type, identifier? name, stmt* body",
    }
    "" Nothing {
        arguments "arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults",
    }
    "" Place { arg "identifier arg, expr? annotation, string? type_comment", }
    "" Place { keyword "identifier? arg, expr value", }
    "" Place { alias "identifier name, identifier? asname", }
    "" Nothing { withitem "expr context_expr, expr? optional_vars", }
    "" Nothing { match_case "pattern pattern, expr? guard, stmt* body", }
    "pattern" WholePlace {
        MatchValue "expr value",
        MatchSingleton "constant value",
        MatchSequence "pattern* patterns",
        MatchMapping "expr* keys, pattern* patterns, identifier? rest",
        MatchClass "expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns",
        MatchStar "identifier? name",
        MatchAs "pattern? pattern, identifier? name",
        MatchOr "pattern* patterns",
    }
    "type_ignore" Nothing {
        TypeIgnore "int lineno, string tag",
    }
    "type_param" WholePlace {
        TypeVar "identifier name, expr? bound, expr? default_value",
        ParamSpec "identifier name, expr? default_value",
        TypeVarTuple "identifier name, expr? default_value",
    }
}

/// A node class.
pub struct Class {
    pub kind: Kind,
    pub ty: Type,
    /// The family as messages name it; the class itself if it stands alone.
    pub family: &'static str,
    pub attributes: Attributes,
    pub fields: Vec<Field>,
    /// The only instance the parser uses, of classes without fields that say which operator it is.
    pub singleton: Ref,
}

/// All classes.
pub struct Classes {
    list: Vec<Class>,
    families: Vec<(&'static str, Type)>,
    by_type: HashMap<usize, Kind>,
    /// Interned names of `lineno`, `col_offset`, `end_lineno`, `end_col_offset`.
    pub place_keys: [Value; 4],
}

impl Classes {
    pub fn of(&self, kind: Kind) -> &Class {
        &self.list[kind as usize]
    }
    /// The node class that a class is or derives from.
    pub fn kind_of(&self, ty: Type) -> Option<Kind> {
        let known = |t: Type| self.by_type.get(&(t as *const _ as usize)).copied();
        known(ty).or_else(|| ty.mro().iter().find_map(|t| known(t)))
    }
    /// The class of a family, or of a node that stands alone.
    pub fn family(&self, name: &str) -> Option<Type> {
        self.families.iter().find(|f| f.0 == name).map(|f| f.1)
    }
}

struct State(UnsafeCell<Option<Box<Classes>>>);
// SAFETY: made and used only under the global interpreter lock.
unsafe impl Sync for State {}
static STATE: State = State(UnsafeCell::new(None));

/// The classes; made by the module's initialisation, which everything here comes after.
pub fn classes() -> &'static Classes {
    // SAFETY: set once, before any use, and never taken out.
    match unsafe { &*STATE.0.get() } {
        Some(c) => c,
        None => unreachable!("the node classes come first"),
    }
}

fn key(name: &str) -> Value {
    // The name stays interned for ever.
    strings::intern_str(name).into_value()
}

fn parse_fields(text: &'static str) -> Vec<Field> {
    let field = |part: &'static str| {
        let (ty, name) = part.split_once(' ').unwrap_or((part, part));
        let (ty, count) = if let Some(t) = ty.strip_suffix("?*") {
            (t, Count::ManyOptional)
        } else if let Some(t) = ty.strip_suffix('*') {
            (t, Count::Many)
        } else if let Some(t) = ty.strip_suffix('?') {
            (t, Count::Optional)
        } else {
            (ty, Count::One)
        };
        Field { name, key: key(name), ty, count }
    };
    if text.is_empty() { Vec::new() } else { text.split(", ").map(field).collect() }
}

fn shape(kind: Kind, fields: &str) -> String {
    if fields.is_empty() { kind.name().to_string() } else { format!("{}({fields})", kind.name()) }
}

fn new_class(name: &str, base: Type, doc: &str, fields: &[Field], own: bool) -> PyResult<(Type, Ref)> {
    let space = dict::new_dict();
    if own {
        let list = tuple::from_values(&fields.iter().map(|f| f.key).collect::<Vec<_>>());
        dict::set_str(*space, "_fields", *list);
        dict::set_str(*space, "__match_args__", *list);
    }
    dict::set_str(*space, "__module__", *strings::intern_str("ast"));
    dict::set_str(*space, "__doc__", *strings::new_str(doc));
    for f in fields.iter().filter(|f| f.count == Count::Optional) {
        dict::set_interned(*space, f.key, Value::NONE);
    }
    let bases = tuple::of([base.to_ref()]);
    let class = protocol::call(types::TYPE_TYPE.value(), &[*strings::intern_str(name), *bases, *space])?;
    let Some(ty) = as_type(*class) else { return taipan_objects::err!(SystemError, "a class was expected") };
    Ok((ty, class))
}

fn add_attributes(ty: Type, attributes: Attributes, keys: &[Value; 4]) -> PyResult<()> {
    let listed: &[Value] = if attributes == Attributes::Nothing { &[] } else { keys };
    protocol::setattr_str(ty.value(), "_attributes", *tuple::from_values(listed))?;
    if attributes == Attributes::Place {
        protocol::setattr(ty.value(), keys[2], Value::NONE)?;
        protocol::setattr(ty.value(), keys[3], Value::NONE)?;
    }
    Ok(())
}

/// Makes the classes, once, and puts them into the module.
pub fn init(m: Value) -> PyResult<()> {
    taipan_objects::type_ready::ready(&AST_TYPE);
    // SAFETY: under the lock.
    if unsafe { (*STATE.0.get()).is_none() } {
        let made = make()?;
        // SAFETY: under the lock.
        unsafe { *STATE.0.get() = Some(Box::new(made)) };
    }
    module::add(m, "AST", AST_TYPE.to_ref());
    let c = classes();
    for (name, ty) in &c.families {
        module::add(m, name, ty.to_ref());
    }
    for class in &c.list {
        module::add(m, class.kind.name(), class.ty.to_ref());
    }
    Ok(())
}

fn make() -> PyResult<Classes> {
    let keys = ["lineno", "col_offset", "end_lineno", "end_col_offset"].map(key);
    let space = AST_TYPE.dict();
    for name in ["_fields", "__match_args__", "_attributes"] {
        dict::set_str(space, name, *tuple::empty());
    }
    dict::set_str(space, "__module__", *strings::intern_str("ast"));
    taipan_objects::type_ready::type_modified(&AST_TYPE);
    let mut c = Classes {
        list: Vec::with_capacity(COUNT),
        families: Vec::new(),
        by_type: HashMap::with_capacity(COUNT),
        place_keys: keys,
    };
    for (family, attributes, members) in FAMILIES {
        let mut base: Type = &AST_TYPE;
        if !family.is_empty() {
            let separator = format!("\n{}| ", " ".repeat(family.len() + 1));
            let shapes: Vec<String> = members.iter().map(|(k, f)| shape(*k, f)).collect();
            let plain = members.iter().all(|m| m.1.is_empty());
            let doc = format!("{family} = {}", shapes.join(if plain { " | " } else { &separator }));
            let (ty, class) = new_class(family, base, &doc, &[], true)?;
            add_attributes(ty, *attributes, &keys)?;
            // The table keeps the class for ever.
            class.into_value();
            c.families.push((family, ty));
            base = ty;
        }
        for (kind, text) in *members {
            let fields = parse_fields(text);
            let (ty, class) = new_class(kind.name(), base, &shape(*kind, text), &fields, true)?;
            class.into_value();
            if family.is_empty() {
                add_attributes(ty, *attributes, &keys)?;
                c.families.push((kind.name(), ty));
            }
            c.by_type.insert(ty as *const _ as usize, *kind);
            let alone = family.is_empty();
            let marker = fields.is_empty() && *family != "stmt";
            let singleton = if marker { super::node::instance(ty) } else { Ref::NULL };
            c.list.push(Class {
                kind: *kind,
                ty,
                family: if alone { kind.name() } else { family },
                attributes: *attributes,
                fields,
                singleton,
            });
        }
    }
    add_field_types(&c)?;
    Ok(c)
}

fn add_field_types(c: &Classes) -> PyResult<()> {
    let builtin = |name: &str| -> Ref {
        match name {
            "identifier" | "string" => types::STR_TYPE.to_ref(),
            "int" => types::INT_TYPE.to_ref(),
            "constant" => types::OBJECT_TYPE.to_ref(),
            family => c.family(family).map_or(Ref::NONE, |t| t.to_ref()),
        }
    };
    for class in &c.list {
        let space = dict::new_dict();
        for f in &class.fields {
            let plain = builtin(f.ty);
            let ty = match f.count {
                Count::One => plain,
                Count::Optional => protocol::binary(*plain, Value::NONE, protocol::BinaryOp::Or)?,
                Count::Many | Count::ManyOptional => protocol::getitem(types::LIST_TYPE.value(), *plain)?,
            };
            dict::set_interned(*space, f.key, *ty);
        }
        protocol::setattr_str(class.ty.value(), "_field_types", *space)?;
        protocol::setattr(class.ty.value(), names().__annotations_cache__, *space)?;
    }
    Ok(())
}
