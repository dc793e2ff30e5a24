//! How native functions, properties and members are described, and how arguments reach them.
//!
//! A function is described by its text signature, from which its name, its parameters and CPython's
//! argument errors come: `"insert($self, index, object, /)"`. The Rust function gets one value per parameter,
//! NULL where none was given (whatever default the text names), `*args` as a tuple, `**kwargs` as a dict.
//! A signature without parentheses (`"print"`) has no `__text_signature__` and needs a `raw` function.

use crate::err::PyResult;
use crate::value::{Ref, Value};
use crate::{dict, err, strings as pystr, tuple};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

/// One value per parameter of the signature.
pub type BoundFn = fn(&[Value]) -> PyResult;
/// Positional arguments (self first for methods), then values of the keywords named in the tuple (or NULL).
pub type RawFn = fn(&[Value], Value) -> PyResult;

#[derive(Clone, Copy)]
pub enum NativeImpl {
    Bound(BoundFn),
    Raw(RawFn),
}

/// How a method binds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MethodKind {
    Instance,
    Class,
    Static,
}

/// A native function or method.
pub struct MethodDef {
    pub signature: &'static str,
    pub doc: &'static str,
    pub imp: NativeImpl,
    pub kind: MethodKind,
    counts: Counts,
}

/// What a call with positional arguments needs to know of a signature, found at compile time so that tables of methods are plain data.
#[derive(Clone, Copy)]
struct Counts {
    /// Number of parameters if all are positional, `u32::MAX` otherwise.
    simple: u32,
    /// Of these, the ones without default.
    required: u32,
}

impl Counts {
    const fn of(signature: &str) -> Counts {
        let s = signature.as_bytes();
        let mut i = 0;
        while i < s.len() && s[i] != b'(' {
            i += 1;
        }
        if i == s.len() {
            return Counts {
                simple: u32::MAX,
                required: 0,
            };
        }
        let (mut total, mut required, mut simple) = (0, 0, true);
        let (mut depth, mut quote) = (0, 0u8);
        // State of the parameter being read: its first byte (0: none yet), length, and whether it has a default.
        let (mut first, mut len, mut default, mut is_module) = (0u8, 0, false, false);
        // Inside `[…]` that is not part of a default, parameters are optional: `prefix[, start[, end]]`.
        let (mut groups, mut has_equals, mut grouped) = (0, false, false);
        while i < s.len() {
            let c = s[i];
            if quote != 0 {
                if c == quote {
                    quote = 0;
                }
            } else if c == b'\'' || c == b'"' {
                quote = c;
            } else if (c == b',' && depth == 1) || (c == b')' && depth == 1) {
                if first == b'*' {
                    simple = false;
                } else if !(first == 0 || (first == b'/' && len == 1) || is_module) {
                    total += 1;
                    if !default && !grouped {
                        required += 1;
                    }
                }
                (first, len, default, is_module) = (0, 0, false, false);
                (has_equals, grouped) = (false, groups > 0);
                if c == b')' {
                    break;
                }
            } else if c == b'[' && depth == 1 && !has_equals {
                groups += 1;
                if first == 0 {
                    grouped = true;
                }
            } else if c == b']' && depth == 1 {
                groups -= 1;
            } else {
                if c == b'(' || c == b'[' || c == b'{' {
                    depth += 1;
                } else if c == b')' || c == b']' || c == b'}' {
                    depth -= 1;
                }
                if c == b'=' && depth == 1 {
                    default = true;
                    has_equals = true;
                }
                if c != b' ' && !(c == b'(' && depth == 1 && first == 0) {
                    if first == 0 {
                        first = c;
                    } else if len == 1 && first == b'$' && c == b'm' {
                        is_module = true;
                    }
                    len += 1;
                }
            }
            i += 1;
        }
        Counts {
            simple: if simple { total } else { u32::MAX },
            required,
        }
    }
}

impl MethodDef {
    pub const fn new(signature: &'static str, doc: &'static str, f: BoundFn) -> MethodDef {
        let counts = Counts::of(signature);
        MethodDef {
            signature,
            doc,
            imp: NativeImpl::Bound(f),
            kind: MethodKind::Instance,
            counts,
        }
    }
    /// Without argument parsing.
    pub const fn raw(signature: &'static str, doc: &'static str, f: RawFn) -> MethodDef {
        let counts = Counts::of(signature);
        MethodDef {
            signature,
            doc,
            imp: NativeImpl::Raw(f),
            kind: MethodKind::Instance,
            counts,
        }
    }
    pub const fn class(mut self) -> MethodDef {
        self.kind = MethodKind::Class;
        self
    }
    pub const fn static_(mut self) -> MethodDef {
        self.kind = MethodKind::Static;
        self
    }
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or(self.signature)
    }
    /// `__text_signature__`, with `$module` or `$self` as written.
    pub fn text_signature(&self) -> Option<&'static str> {
        self.signature.find('(').map(|i| &self.signature[i..])
    }
    /// Number of arguments, self included, with which `imp` can be called directly; `usize::MAX` if there is none such.
    #[inline(always)]
    pub fn simple_count(&self) -> usize {
        if self.counts.simple == u32::MAX {
            usize::MAX
        } else {
            self.counts.simple as usize
        }
    }
    /// The parsed signature.
    pub fn params(&self) -> &'static Params {
        type Known = HashMap<(usize, usize), &'static Params>;
        static PARSED: OnceLock<Mutex<Known>> = OnceLock::new();
        let key = (self.signature.as_ptr() as usize, self.signature.len());
        let mut known = PARSED
            .get_or_init(Default::default)
            .lock()
            .unwrap_or_else(|e| e.into_inner());
        known
            .entry(key)
            .or_insert_with(|| Box::leak(Box::new(Params::parse(self.signature))))
    }
    /// The name as the messages of functions without parsed keywords show it: `list.append`, `math.sqrt`, `len`.
    #[cold]
    pub fn qualified_name(&self) -> String {
        let is_in = |defs: &[MethodDef]| defs.iter().any(|d| std::ptr::eq(d, self));
        if let Some(t) = crate::types::all().find(|t| t.spec.is_some_and(|s| is_in(s.methods))) {
            return format!("{}.{}", t.name(), self.name());
        }
        match crate::module::native_modules()
            .into_iter()
            .find(|m| is_in(m.functions))
        {
            Some(m) if m.name != "builtins" => format!("{}.{}", m.name, self.name()),
            _ => self.name().to_string(),
        }
    }
    /// Calls with self (if any) in front of the arguments.
    #[inline]
    pub fn call(&self, args: &[Value], kwnames: Value) -> PyResult {
        match self.imp {
            NativeImpl::Raw(f) => f(args, kwnames),
            NativeImpl::Bound(f) => {
                let (n, c) = (args.len() as u32, self.counts);
                if kwnames.is_null() {
                    if n == c.simple {
                        return f(args);
                    }
                    if n >= c.required && n < c.simple && c.simple <= 8 {
                        let mut out = [Value::NULL; 8];
                        out[..args.len()].copy_from_slice(args);
                        return f(&out[..c.simple as usize]);
                    }
                }
                self.params().bind_and_call(
                    Shown {
                        name: self.name(),
                        def: Some(self),
                    },
                    args,
                    kwnames,
                    f,
                )
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    PositionalOnly,
    PositionalOrKeyword,
    VarPositional,
    KeywordOnly,
    VarKeyword,
}

pub struct Param {
    pub name: &'static str,
    pub kind: ParamKind,
    pub required: bool,
}

/// How a function is called in messages.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub name: &'a str,
    pub def: Option<&'a MethodDef>,
}
impl Shown<'_> {
    fn qualified(&self) -> String {
        self.def
            .map_or_else(|| self.name.to_string(), |d| d.qualified_name())
    }
}

/// A parsed signature.
pub struct Params {
    pub list: Vec<Param>,
    /// Number of arguments with which the call needs no work: all positional, all given. `usize::MAX` if never.
    simple_count: usize,
    npositional: usize,
    nrequired_positional: usize,
    has_self: bool,
    varargs: Option<usize>,
    varkw: Option<usize>,
}

impl Params {
    /// Reads a text signature. The first parameter `$self`, `$cls` or `$type` is an argument; `$module` is not.
    pub fn parse(signature: &'static str) -> Params {
        let inner = match (signature.find('('), signature.rfind(')')) {
            (Some(a), Some(b)) => &signature[a + 1..b],
            _ => "",
        };
        let mut list: Vec<Param> = Vec::new();
        let mut kind = ParamKind::PositionalOrKeyword;
        let mut depth = 0;
        let mut start = 0;
        let mut parts = Vec::new();
        let mut quote = None;
        // `sub[, start[, end]]`: what follows an opening bracket is optional.
        let mut optional_from = usize::MAX;
        for (i, c) in inner.char_indices() {
            match c {
                '\'' | '"' if quote == Some(c) => quote = None,
                '\'' | '"' if quote.is_none() => quote = Some(c),
                _ if quote.is_some() => {}
                '[' if inner[i + 1..].starts_with(',') || inner[start..i].trim().is_empty() => {
                    optional_from = optional_from
                        .min(parts.len() + (!inner[start..i].trim().is_empty()) as usize);
                }
                ']' if optional_from != usize::MAX && depth == 0 => {}
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(inner[start..i].trim());
                    start = i + 1;
                }
                _ => {}
            }
        }
        if !inner[start..].trim().is_empty() {
            parts.push(inner[start..].trim());
        }
        let mut has_self = false;
        for (at, part) in parts.into_iter().enumerate() {
            let part = if optional_from == usize::MAX {
                part
            } else {
                part.trim_matches(['[', ']', ' '])
            };
            if part == "/" {
                for p in &mut list {
                    if p.kind == ParamKind::PositionalOrKeyword {
                        p.kind = ParamKind::PositionalOnly;
                    }
                }
            } else if part == "*" {
                kind = ParamKind::KeywordOnly;
            } else if let Some(name) = part.strip_prefix("**") {
                list.push(Param {
                    name,
                    kind: ParamKind::VarKeyword,
                    required: false,
                });
            } else if let Some(name) = part.strip_prefix('*') {
                list.push(Param {
                    name,
                    kind: ParamKind::VarPositional,
                    required: false,
                });
                kind = ParamKind::KeywordOnly;
            } else if part == "$module" {
            } else if let Some(name) = part.strip_prefix('$') {
                has_self = true;
                list.push(Param {
                    name,
                    kind: ParamKind::PositionalOnly,
                    required: true,
                });
            } else {
                let (name, required) = match part.split_once('=') {
                    Some((n, _)) => (n.trim(), false),
                    None => (part, at < optional_from),
                };
                list.push(Param {
                    name,
                    kind,
                    required,
                });
            }
        }
        let positional = |p: &&Param| {
            matches!(
                p.kind,
                ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword
            )
        };
        let npositional = list.iter().filter(positional).count();
        let nrequired_positional = list
            .iter()
            .filter(positional)
            .filter(|p| p.required)
            .count();
        let simple_count = if npositional == list.len() {
            npositional
        } else {
            usize::MAX
        };
        Params {
            simple_count,
            npositional,
            nrequired_positional,
            has_self,
            varargs: list.iter().position(|p| p.kind == ParamKind::VarPositional),
            varkw: list.iter().position(|p| p.kind == ParamKind::VarKeyword),
            list,
        }
    }

    /// Number of arguments, self included, that need no binding at all; `usize::MAX` if there is none such.
    #[inline(always)]
    pub fn simple_count(&self) -> usize {
        self.simple_count
    }

    /// Sorts the arguments into one slot per parameter and calls `f`.
    #[inline(never)]
    pub fn bind_and_call(
        &self,
        name: Shown,
        args: &[Value],
        kwnames: Value,
        f: BoundFn,
    ) -> PyResult {
        let mut small = [Value::NULL; 12];
        if kwnames.is_null()
            && self.npositional == self.list.len()
            && args.len() >= self.nrequired_positional
            && args.len() <= self.npositional
            && self.npositional <= small.len()
        {
            small[..args.len()].copy_from_slice(args);
            return f(&small[..self.npositional]);
        }
        let mut large;
        let out: &mut [Value] = if self.list.len() <= small.len() {
            &mut small[..self.list.len()]
        } else {
            large = vec![Value::NULL; self.list.len()];
            &mut large
        };
        let (_tuple, _dict) = self.bind(name, args, kwnames, out)?;
        f(out)
    }

    /// The binding itself. Returns what keeps `*args` and `**kwargs` alive.
    pub fn bind(
        &self,
        shown: Shown,
        args: &[Value],
        kwnames: Value,
        out: &mut [Value],
    ) -> PyResult<(Ref, Ref)> {
        let name = shown.name;
        let nkw = if kwnames.is_null() {
            0
        } else {
            tuple::as_slice(kwnames).len()
        };
        let npos = args.len() - nkw;
        let skip = self.has_self as usize; // self does not count in messages
        let mut extra = Ref::NULL;
        let mut kwargs = Ref::NULL;
        if npos > self.npositional && self.varargs.is_none() {
            return Err(self.too_many(shown, npos.saturating_sub(skip), nkw));
        }
        let direct = npos.min(self.npositional);
        out[..direct].copy_from_slice(&args[..direct]);
        if let Some(at) = self.varargs {
            extra = tuple::from_values(args.get(self.npositional..npos).unwrap_or(&[]));
            out[at] = *extra;
        }
        if let Some(at) = self.varkw {
            kwargs = dict::new_dict();
            out[at] = *kwargs;
        }
        let keyword_only = || {
            self.list
                .iter()
                .filter(|p| p.kind == ParamKind::KeywordOnly)
                .count()
        };
        if nkw > 1 && self.varargs.is_some() && self.varkw.is_none() && nkw > keyword_only() {
            let max = keyword_only();
            if max > 0 {
                return err!(
                    TypeError,
                    "{name}() takes at most {max} keyword argument{} ({nkw} given)",
                    plural(max)
                );
            }
        }
        if nkw > 0 {
            for (i, key) in tuple::as_slice(kwnames).iter().enumerate() {
                let value = args[npos + i];
                let key_str = pystr::expect(*key);
                let found = self.list.iter().position(|p| {
                    matches!(
                        p.kind,
                        ParamKind::PositionalOrKeyword | ParamKind::KeywordOnly
                    ) && key_str.eq_str(p.name)
                });
                match found {
                    Some(at) if out[at].is_null() => out[at] = value,
                    Some(at) => {
                        return err!(
                            TypeError,
                            "argument for {name}() given by name ('{}') and position ({})",
                            self.list[at].name,
                            at + 1 - skip
                        );
                    }
                    None if self.varkw.is_some() => dict::set(*kwargs, *key, value)?,
                    None => {
                        let takes_keywords = self.list.iter().any(|p| {
                            matches!(
                                p.kind,
                                ParamKind::PositionalOrKeyword | ParamKind::KeywordOnly
                            )
                        });
                        if !takes_keywords {
                            let bound = args.first().and_then(|v| crate::typeobject::as_type(*v));
                            if let (Some(def), Some(ty)) = (shown.def, bound)
                                && def.kind == MethodKind::Class
                            {
                                return err!(
                                    TypeError,
                                    "{}.{name}() takes no keyword arguments",
                                    ty.name()
                                );
                            }
                            return err!(
                                TypeError,
                                "{}() takes no keyword arguments",
                                shown.qualified()
                            );
                        }
                        let wrong = key_str.to_string();
                        let known = self
                            .list
                            .iter()
                            .filter(|p| {
                                matches!(
                                    p.kind,
                                    ParamKind::PositionalOrKeyword | ParamKind::KeywordOnly
                                )
                            })
                            .map(|p| p.name);
                        let hint = match crate::suggest::closest(&wrong, known) {
                            Some(near) => format!(". Did you mean '{near}'?"),
                            None => String::new(),
                        };
                        return err!(
                            TypeError,
                            "{name}() got an unexpected keyword argument '{wrong}'{hint}"
                        );
                    }
                }
            }
        }
        for (i, p) in self.list.iter().enumerate() {
            if p.required && out[i].is_null() {
                return Err(self.too_few(shown, i, npos.saturating_sub(skip)));
            }
        }
        Ok((extra, kwargs))
    }

    #[cold]
    fn too_many(&self, shown: Shown, given: usize, nkw: usize) -> crate::err::Raised {
        let name = shown.name;
        let skip = self.has_self as usize;
        let max = self.npositional - skip;
        let min = self.nrequired_positional - skip;
        let only_positional = self.simple_count == self.list.len()
            && self
                .list
                .iter()
                .all(|p| p.kind == ParamKind::PositionalOnly);
        if only_positional {
            if max == 0 {
                return raised_type(format!(
                    "{}() takes no arguments ({given} given)",
                    shown.qualified()
                ));
            }
            if max == 1 && min == 1 {
                return raised_type(format!(
                    "{}() takes exactly one argument ({given} given)",
                    shown.qualified()
                ));
            }
            if min == max {
                return raised_type(format!(
                    "{name} expected {max} argument{}, got {given}",
                    plural(max)
                ));
            }
            return raised_type(format!(
                "{name} expected at most {max} argument{}, got {given}",
                plural(max)
            ));
        }
        let n = self.list.len() - skip;
        let total = given + nkw;
        if max < n {
            if max == 0 {
                return raised_type(format!("{name}() takes no positional arguments"));
            }
            let word = if min == max { "exactly" } else { "at most" };
            return raised_type(format!(
                "{name}() takes {word} {max} positional argument{} ({given} given)",
                plural(max)
            ));
        }
        let word = if min == n { "exactly" } else { "at most" };
        raised_type(format!(
            "{name}() takes {word} {n} argument{} ({total} given)",
            plural(n)
        ))
    }

    #[cold]
    fn too_few(&self, shown: Shown, missing: usize, given: usize) -> crate::err::Raised {
        let name = shown.name;
        let skip = self.has_self as usize;
        let p = &self.list[missing];
        if self.has_self && missing == 0 {
            return raised_type(format!(
                "unbound method {}() needs an argument",
                shown.qualified()
            ));
        }
        if p.kind == ParamKind::PositionalOnly
            && self
                .list
                .iter()
                .all(|p| p.kind == ParamKind::PositionalOnly)
        {
            let max = self.npositional - skip;
            let min = self.nrequired_positional - skip;
            if max == 1 {
                return raised_type(format!(
                    "{}() takes exactly one argument ({given} given)",
                    shown.qualified()
                ));
            }
            let word = if min == max { "" } else { "at least " };
            return raised_type(format!(
                "{name} expected {word}{min} argument{}, got {given}",
                plural(min)
            ));
        }
        if p.kind == ParamKind::PositionalOnly {
            let min = self
                .list
                .iter()
                .filter(|p| p.kind == ParamKind::PositionalOnly && p.required)
                .count()
                - skip;
            return raised_type(format!(
                "{name}() takes at least {min} positional argument{} ({given} given)",
                plural(min)
            ));
        }
        raised_type(format!(
            "{name}() missing required argument '{}' (pos {})",
            p.name,
            missing + 1 - skip
        ))
    }
}

fn raised_type(message: String) -> crate::err::Raised {
    crate::err::raise(&crate::exceptions::TypeError, message)
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// A computed attribute. `set` gets NULL to delete.
pub struct GetSetDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub get: Option<fn(Value) -> PyResult>,
    pub set: Option<fn(Value, Value) -> PyResult<()>>,
}

impl GetSetDef {
    pub const fn ro(
        name: &'static str,
        doc: &'static str,
        get: fn(Value) -> PyResult,
    ) -> GetSetDef {
        GetSetDef {
            name,
            doc,
            get: Some(get),
            set: None,
        }
    }
    pub const fn rw(
        name: &'static str,
        doc: &'static str,
        get: fn(Value) -> PyResult,
        set: fn(Value, Value) -> PyResult<()>,
    ) -> GetSetDef {
        GetSetDef {
            name,
            doc,
            get: Some(get),
            set: Some(set),
        }
    }
}

/// An attribute that CPython describes as a member (`member_descriptor`).
pub struct MemberDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub get: fn(Value) -> PyResult,
    /// `None`: read-only. NULL as value deletes.
    pub set: Option<fn(Value, Value) -> PyResult<()>>,
}

impl MemberDef {
    pub const fn ro(
        name: &'static str,
        doc: &'static str,
        get: fn(Value) -> PyResult,
    ) -> MemberDef {
        MemberDef {
            name,
            doc,
            get,
            set: None,
        }
    }
}

/// A native module: what Python sees, filled by `module::create_native`.
pub struct ModuleDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub functions: &'static [MethodDef],
    /// Adds constants, types and whatever needs code.
    pub init: Option<fn(Value) -> PyResult<()>>,
}

/// Helper to read keyword arguments in `raw` functions: (positional, keyword names and values).
pub fn split_args(
    args: &[Value],
    kwnames: Value,
) -> (&[Value], impl Iterator<Item = (Value, Value)> + '_) {
    let names: Vec<Value> = if kwnames.is_null() {
        Vec::new()
    } else {
        tuple::as_slice(kwnames).to_vec()
    };
    let npos = args.len() - names.len();
    (
        &args[..npos],
        names.into_iter().zip(args[npos..].iter().copied()),
    )
}

/// A signature whose arguments are bound in `new` and `init` slots: `static S: Signature = Signature::new("zip(*iterables, strict=False)")`.
pub struct Signature {
    def: MethodDef,
    params: OnceLock<&'static Params>,
}

impl Signature {
    /// No `$self` parameter: the slots get their type or instance apart from the arguments.
    pub const fn new(text: &'static str) -> Signature {
        fn never(_: &[Value]) -> PyResult {
            unreachable!()
        }
        Signature {
            def: MethodDef::new(text, "", never),
            params: OnceLock::new(),
        }
    }
    /// Calls `f` with one value per parameter, NULL where none was given.
    #[inline]
    pub fn bind<R>(
        &self,
        args: &[Value],
        kwnames: Value,
        f: impl FnOnce(&[Value]) -> PyResult<R>,
    ) -> PyResult<R> {
        if kwnames.is_null() && args.len() == self.def.simple_count() {
            return f(args);
        }
        let p = *self.params.get_or_init(|| self.def.params());
        let mut out = [Value::NULL; 16];
        let _alive = p.bind(
            Shown {
                name: self.def.name(),
                def: None,
            },
            args,
            kwnames,
            &mut out[..p.list.len()],
        )?;
        f(&out[..p.list.len()])
    }
}
