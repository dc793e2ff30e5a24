//! The node classes: `AST` itself, and the others, made from the grammar.

use super::grammar::{self, Count, GRAMMAR};
use std::cell::UnsafeCell;
use std::collections::HashMap;
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef};
use taipan_objects::object::{Header, alloc};
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::strings::StrBuilder;
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{
    attributes, dict, err, generic_alias, int, list, module, object_impl, strings, tuple, types,
};

#[repr(C)]
struct Node {
    header: Header,
}
object_impl!(Node, AST_TYPE);

/// The classes by name, and the one instance of each class without fields that trees share.
struct Classes {
    by_name: HashMap<&'static str, Ref>,
    singletons: HashMap<&'static str, Ref>,
}
struct Global(UnsafeCell<Option<Classes>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Global {}
static CLASSES: Global = Global(UnsafeCell::new(None));

fn classes() -> &'static Classes {
    // SAFETY: set once when the module is made, before anything asks.
    unsafe {
        (*CLASSES.0.get())
            .as_ref()
            .expect("the module has been made")
    }
}

/// The class of this name, borrowed.
pub fn class(name: &str) -> Value {
    *classes().by_name[name]
}

/// The instance of a class without fields.
pub fn singleton(name: &str) -> Ref {
    classes().singletons[name].clone()
}

/// A node with these fields.
pub fn new_node(name: &str, fields: &[(&'static str, Ref)]) -> PyResult {
    let ty = taipan_objects::typeobject::as_type(class(name)).expect("a class");
    let node = alloc(
        ty,
        Node {
            header: Header::new(ty),
        },
    );
    for (field, value) in fields {
        set(*node, field, value)?;
    }
    Ok(node)
}

/// Sets one attribute.
pub fn set(node: Value, name: &str, value: &Value) -> PyResult<()> {
    protocol::setattr(node, *strings::intern_str(name), *value)
}

/// Instance of AST.
pub fn is_node(v: Value) -> bool {
    v.is_a::<Node>()
}

fn names_of(ty: Value, attribute: &str) -> PyResult<Ref> {
    match protocol::getattr_opt(ty, *strings::intern_str(attribute))? {
        Some(v) => Ok(tuple::from_refs(protocol::to_vec(*v)?)),
        None => Ok(tuple::empty()),
    }
}

fn position(names: &[Value], name: Value) -> PyResult<Option<usize>> {
    for (i, n) in names.iter().enumerate() {
        if protocol::eq(*n, name)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn deprecated(message: String) -> PyResult<()> {
    (taipan_objects::vm::hooks().warn)(&taipan_objects::exceptions::DeprecationWarning, &message, 1)
}

fn ast_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        Node {
            header: Header::new(ty),
        },
    ))
}

fn ast_init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let ty = v.ty();
    let kw = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    let npos = args.len() - kw.len();
    let fields = names_of(ty.value(), "_fields")?;
    let fields = tuple::as_slice(*fields);
    if npos > fields.len() {
        return err!(
            TypeError,
            "{} constructor takes at most {} positional argument{}",
            ty.name(),
            fields.len(),
            if fields.len() == 1 { "" } else { "s" }
        );
    }
    let mut given = vec![false; fields.len()];
    for i in 0..npos {
        protocol::setattr(v, *strings::intern(fields[i].to_ref()), args[i])?;
        given[i] = true;
    }
    for (name, value) in kw.iter().zip(&args[npos..]) {
        match position(fields, *name)? {
            Some(i) if given[i] => {
                return err!(
                    TypeError,
                    "{} got multiple values for argument {}",
                    ty.name(),
                    protocol::repr_text(*name)?
                );
            }
            Some(i) => given[i] = true,
            None => {
                let attributes = names_of(ty.value(), "_attributes")?;
                if position(tuple::as_slice(*attributes), *name)?.is_none() {
                    deprecated(format!(
                        "{}.__init__ got an unexpected keyword argument {}. Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15.",
                        ty.name(),
                        protocol::repr_text(*name)?
                    ))?;
                }
            }
        }
        protocol::setattr(v, *strings::intern(name.to_ref()), *value)?;
    }
    if given.iter().all(|g| *g) {
        return Ok(());
    }
    let Some(field_types) =
        protocol::getattr_opt(ty.value(), *strings::intern_str("_field_types"))?
    else {
        return Ok(());
    };
    for (i, field) in fields.iter().enumerate() {
        if given[i] {
            continue;
        }
        let known = if dict::is_dict(*field_types) {
            dict::get(*field_types, *field)?
        } else {
            Value::NULL
        };
        let name = strings::intern(field.to_ref());
        if known.is_null() {
            deprecated(format!(
                "Field {} is missing from {}._field_types. This will become an error in Python 3.15.",
                protocol::repr_text(*field)?,
                ty.name()
            ))?;
        } else if known.ty().name() == "GenericAlias" {
            protocol::setattr(v, *name, *list::new_list(Vec::new()))?;
        } else if known.ty().name() == "Union" {
            // The class says None.
        } else if known.is(class("expr_context")) {
            protocol::setattr(v, *name, *singleton("Load"))?;
        } else {
            deprecated(format!(
                "{}.__init__ missing 1 required positional argument: {}. This will become an error in Python 3.15.",
                ty.name(),
                protocol::repr_text(*field)?
            ))?;
        }
    }
    Ok(())
}

fn repr_value(v: Value, depth: usize, out: &mut StrBuilder) -> PyResult<()> {
    if is_node(v) {
        return repr_node(v, depth, out);
    }
    if list::is_list(v) || tuple::is_tuple(v) {
        let items = protocol::to_vec(v)?;
        let (open, close) = if list::is_list(v) {
            ("[", "]")
        } else {
            ("(", ")")
        };
        out.push_str(open);
        if let Some(first) = items.first() {
            repr_value(**first, depth, out)?;
        }
        if items.len() > 2 {
            out.push_str(", ...");
        }
        if items.len() > 1 {
            out.push_str(", ");
            repr_value(**items.last().expect("not empty"), depth, out)?;
        }
        out.push_str(close);
        return Ok(());
    }
    out.push_pystr(strings::expect(*protocol::repr(v)?));
    Ok(())
}

fn repr_node(v: Value, depth: usize, out: &mut StrBuilder) -> PyResult<()> {
    taipan_objects::vm::vm().check_native_stack(" during  ast.AST.__repr__")?;
    out.push_str(v.ty().name());
    if depth == 0 {
        out.push_str("(...)");
        return Ok(());
    }
    out.push_str("(");
    let fields = names_of(v.ty().value(), "_fields")?;
    for (i, f) in tuple::as_slice(*fields).iter().enumerate() {
        let value = protocol::getattr(v, *strings::intern(f.to_ref()))?;
        if i > 0 {
            out.push_str(", ");
        }
        out.push_pystr(strings::expect(*f));
        out.push_str("=");
        repr_value(*value, depth - 1, out)?;
    }
    out.push_str(")");
    Ok(())
}

fn ast_repr(v: Value) -> PyResult {
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str(&format!("{}(...)", v.ty().name())));
    }
    let mut out = StrBuilder::new();
    let r = repr_node(v, 3, &mut out);
    protocol::repr_leave(v);
    r?;
    Ok(out.finish())
}

fn ast_reduce(a: &[Value]) -> PyResult {
    let fields = names_of(a[0].ty().value(), "_fields")?;
    let args = tuple::from_values(&vec![Value::NONE; tuple::as_slice(*fields).len()]);
    let state = attributes::object_dict(a[0]).unwrap_or_default();
    Ok(tuple::of([a[0].ty().to_ref(), args, dict::copy(*state)]))
}

fn ast_replace(args: &[Value], kwnames: Value) -> PyResult {
    let v = args[0];
    let kw = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    if args.len() - kw.len() > 1 {
        return err!(
            TypeError,
            "__replace__() takes no positional arguments ({} given)",
            args.len() - kw.len() - 1
        );
    }
    let values = dict::new_dict();
    let (fields, places) = (
        names_of(v.ty().value(), "_fields")?,
        names_of(v.ty().value(), "_attributes")?,
    );
    for n in tuple::as_slice(*fields)
        .iter()
        .chain(tuple::as_slice(*places))
    {
        if let Some(value) = protocol::getattr_opt(v, *strings::intern(n.to_ref()))? {
            dict::set(*values, *n, *value)?;
        }
    }
    for (k, new) in kw.iter().zip(&args[1..]) {
        if position(tuple::as_slice(*fields), *k)?.is_none()
            && position(tuple::as_slice(*places), *k)?.is_none()
        {
            return err!(
                TypeError,
                "{}.__replace__ got an unexpected keyword argument {}.",
                v.ty().name(),
                protocol::repr_text(*k)?
            );
        }
        dict::set(*values, *k, *new)?;
    }
    protocol::call_tuple_dict(v.ty().value(), *tuple::empty(), *values)
}

static AST_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "ast.AST",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE | TypeFlags::MANAGED_DICT,
    slots: Slots {
        new: Some(ast_new),
        init: Some(ast_init),
        repr: Some(ast_repr),
        getattro: Some(attributes::generic_getattr),
        setattro: Some(attributes::generic_setattr),
        ..Slots::of::<Node>()
    },
    methods: &[
        MethodDef::new("__reduce__($self, /)", "", ast_reduce),
        MethodDef::raw(
            "__replace__",
            "A copy of the node with some fields replaced.",
            ast_replace,
        ),
    ],
    getset: &[GetSetDef::rw(
        "__dict__",
        "",
        |v| Ok(attributes::object_dict(v).unwrap_or_default()),
        attributes::set_object_dict,
    )],
    ..TypeSpec::of::<Node>()
});

fn new_class(name: &str, base: Value, doc: &str) -> PyResult {
    let namespace = dict::new_dict();
    dict::set_str(*namespace, "__module__", *strings::intern_str("ast"));
    dict::set_str(*namespace, "__doc__", *strings::new_str(doc));
    protocol::call(
        types::TYPE_TYPE.value(),
        &[
            *strings::intern_str(name),
            *tuple::from_values(&[base]),
            *namespace,
        ],
    )
}

fn name_tuple<'a>(names: impl Iterator<Item = &'a str>) -> Ref {
    tuple::from_refs(names.map(strings::intern_str).collect())
}

fn place(ty: Value, attributes: &[&str]) -> PyResult<()> {
    set(
        ty,
        "_attributes",
        &name_tuple(attributes.iter().map(|a| a.trim_end_matches('?'))),
    )?;
    for a in attributes {
        if let Some(name) = a.strip_suffix('?') {
            set(ty, name, &Value::NONE)?;
        }
    }
    Ok(())
}

fn make_classes() -> PyResult<Classes> {
    let mut by_name: HashMap<&'static str, Ref> = HashMap::new();
    let ast = AST_TYPE.value();
    by_name.insert("AST", ast.to_ref());
    for sum in GRAMMAR {
        let doc = if sum.product {
            sum.nodes[0].to_string()
        } else {
            let indent = format!("\n{}| ", " ".repeat(sum.name.len() + 1));
            format!("{} = {}", sum.name, sum.nodes.join(&indent))
        };
        let base = new_class(sum.name, ast, &doc)?;
        if !sum.product {
            set(*base, "_fields", &tuple::empty())?;
            set(*base, "__match_args__", &tuple::empty())?;
        }
        if !sum.attributes.is_empty() {
            place(*base, sum.attributes)?;
        }
        if !sum.product {
            for node in sum.nodes {
                let (name, _) = grammar::parse(node);
                by_name.insert(name, new_class(name, *base, node)?);
            }
        }
        by_name.insert(sum.name, base);
    }
    let mut singletons = HashMap::new();
    for sum in GRAMMAR {
        for node in sum.nodes {
            let (name, fields) = grammar::parse(node);
            let ty = *by_name[name];
            let names = name_tuple(fields.iter().map(|f| f.2));
            set(ty, "_fields", &names)?;
            set(ty, "__match_args__", &names)?;
            let field_types = dict::new_dict();
            for (base, count, field) in &fields {
                let one = match *base {
                    "identifier" | "string" => types::STR_TYPE.to_ref(),
                    "int" => types::INT_TYPE.to_ref(),
                    "constant" => types::OBJECT_TYPE.to_ref(),
                    other => by_name[other].clone(),
                };
                let full = match count {
                    Count::One => one,
                    Count::Optional => protocol::binary(*one, Value::NONE, BinaryOp::Or)?,
                    Count::Many => generic_alias::new_alias(types::LIST_TYPE.value(), *one)?,
                };
                dict::set_str(*field_types, field, *full);
                if *count == Count::Optional {
                    set(ty, field, &Value::NONE)?;
                }
            }
            set(ty, "_field_types", &field_types)?;
            if fields.is_empty() {
                singletons.insert(name, protocol::call(ty, &[])?);
            }
        }
    }
    Ok(Classes {
        by_name,
        singletons,
    })
}

fn init(m: Value) -> PyResult<()> {
    module::add_type(m, &AST_TYPE);
    let ast = AST_TYPE.value();
    for name in ["_fields", "__match_args__", "_attributes"] {
        // The type is immutable for Python code, which does not see it yet.
        dict::set_str(AST_TYPE.dict(), name, *tuple::empty());
    }
    let _ = ast;
    taipan_objects::type_ready::type_modified(&AST_TYPE);
    // SAFETY: under the lock; `ast_init` needs the classes only for fields, which the singletons do not have.
    let first = unsafe { (*CLASSES.0.get()).is_none() };
    if first {
        let made = make_classes()?;
        // SAFETY: as above.
        unsafe { *CLASSES.0.get() = Some(made) };
    }
    for (name, class) in &classes().by_name {
        module::add(m, name, class.clone());
    }
    for (name, value) in [
        ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
        ("PyCF_ONLY_AST", 0x400),
        ("PyCF_TYPE_COMMENTS", 0x1000),
        ("PyCF_OPTIMIZED_AST", 0x8400),
    ] {
        module::add(m, name, int::from_i64(value));
    }
    taipan_runtime::compile::set_ast_hooks(taipan_runtime::compile::AstHooks {
        parse: super::to_objects::parse,
        compile: super::from_tree::compile,
    });
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_ast",
    doc: "Classes of syntax tree nodes.",
    functions: &[],
    init: Some(init),
};
