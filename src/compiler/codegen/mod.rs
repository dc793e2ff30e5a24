//! Syntax tree to instruction sequences, statement by statement in CPython's order.
//!
//! Invariant: what is emitted here, and with which locations, is what CPython's own code generator
//! hands to its flow graph; everything clever happens there, not here.

mod annotations;
mod calls;
mod comprehensions;
mod constants;
mod control;
mod exceptions;
mod expressions;
mod functions;
mod names;
mod patterns;
mod statements;
mod strings;
mod unit;
mod warnings;

use crate::assemble::optimize_and_assemble;
use crate::error::Warning;
use crate::failure::{Failure, FailureKind, too_deep};
use crate::future::{CO_FUTURE_ANNOTATIONS, Future, PYCF_MASK};
use crate::instructions::{
    InstructionSequence, Label, Location, NEXT_LOCATION, NO_LOCATION, NameTable, UnitMetadata,
};
use crate::names::{self as known, Interner, Sym, SymMap};
use crate::source::SourceIndex;
use crate::symtable::{BlockKind, Place, Role, ScopeId, Symtable, Top, key};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use std::sync::Arc;
use taipan_bytecode::Str;
use taipan_bytecode::code::{Code, Const, flags};
use taipan_bytecode::opcode::op;
use unit::{FBlock, FBlockKind, ScopeType, Unit};

type Done = Result<(), Failure>;

/// More operands than this are not put on the stack at once.
const STACK_USE_GUIDELINE: usize = 30;
/// Nesting of blocks that a frame can hold.
const MAX_BLOCKS: usize = 21;

const RESUME_AT_START: i32 = 0;
const RESUME_AFTER_YIELD: i32 = 1;
const RESUME_AFTER_YIELD_FROM: i32 = 2;
const RESUME_AFTER_AWAIT: i32 = 3;

/// What is compiled besides the tree.
pub(crate) struct Input<'a> {
    /// The text.
    pub source: &'a str,
    /// Its lines.
    pub index: &'a SourceIndex,
    /// The name of the file.
    pub filename: Str,
    /// `PyCF_*` and `CO_FUTURE_*`
    pub flags: u32,
    /// 0, 1 or 2.
    pub optimize: u8,
    /// The deepest nesting to follow.
    pub depth_limit: u32,
}

/// Compiles a module, interactive statement or expression.
pub(crate) fn run<'a>(
    input: &Input<'a>,
    top: Top<'a>,
    future: &Future,
    arena: &'a bumpalo::Bump,
) -> Result<(Code, Vec<Warning>), Failure> {
    let mut names = Interner::new(arena);
    let mut table = Symtable::build(
        top,
        input.source,
        future,
        input.flags,
        input.optimize < 2,
        input.depth_limit,
        &mut names,
    )?;
    // In the order of CPython's phases: parsing, preprocessing, code generation.
    let mut literal_warnings = std::mem::take(&mut table.literal_warnings);
    literal_warnings.sort_by_key(|(_, range)| range.start());
    let mut compiler_warnings: Vec<Warning> = literal_warnings
        .into_iter()
        .map(|(message, range)| warnings::warning(message, input.index, range))
        .collect();
    warnings::control_flow_in_finally(top, input, &mut compiler_warnings);
    let mut compiler = Compiler {
        source: input.source,
        index: input.index,
        filename: input.filename.clone(),
        features: input.flags | future.features,
        optimize: input.optimize,
        interactive: matches!(
            top,
            Top::Body {
                interactive: true,
                ..
            }
        ),
        names,
        strs: Vec::new(),
        table,
        units: Vec::new(),
        warnings: compiler_warnings,
        disable_warnings: 0,
        depth: 0,
        depth_limit: input.depth_limit,
        genexp_ranges: Vec::new(),
    };
    let code = compiler.module(top)?;
    Ok((code, compiler.warnings))
}

/// The blocks of the symbol table, for `symtable`.
pub(crate) fn blocks<'a>(
    input: &Input<'a>,
    top: Top<'a>,
    future: &Future,
    arena: &'a bumpalo::Bump,
) -> Result<Vec<crate::tree::Block>, Failure> {
    let mut names = Interner::new(arena);
    let table = Symtable::build(
        top,
        input.source,
        future,
        input.flags,
        input.optimize < 2,
        input.depth_limit,
        &mut names,
    )?;
    let text = |sym: Sym| names.text(sym).to_owned();
    let first = table.top().index();
    let block = |(i, scope): (usize, &crate::symtable::Scope)| crate::tree::Block {
        name: text(scope.name),
        kind: match scope.kind {
            BlockKind::Function => 0,
            BlockKind::Class => 1,
            BlockKind::Module => 2,
            BlockKind::Annotation => 3,
            BlockKind::TypeAlias => 4,
            BlockKind::TypeParameters => 5,
            BlockKind::TypeVariable => 6,
        },
        id: i + 1,
        line: if i == first {
            0
        } else {
            input.index.line(scope.range.start().to_usize()) as i32
        },
        symbols: scope
            .symbols
            .iter()
            .map(|(name, flags)| (text(name), flags))
            .collect(),
        varnames: scope.varnames.iter().map(|&name| text(name)).collect(),
        children: scope.children.iter().map(|id| id.index()).collect(),
        nested: scope.nested,
    };
    Ok(table.scopes.iter().enumerate().map(block).collect())
}

struct Compiler<'a> {
    source: &'a str,
    index: &'a SourceIndex,
    filename: Str,
    features: u32,
    optimize: u8,
    interactive: bool,
    names: Interner<'a>,
    strs: Vec<Option<Str>>,
    table: Symtable,
    units: Vec<Unit<'a>>,
    warnings: Vec<Warning>,
    disable_warnings: u32,
    depth: u32,
    depth_limit: u32,
    /// Generator expressions that are a call's only argument reach to the call's parentheses.
    genexp_ranges: Vec<(usize, TextRange)>,
}

impl<'a> Compiler<'a> {
    fn module(&mut self, top: Top<'a>) -> Result<Code, Failure> {
        let scope = self.table.top();
        self.enter_scope(
            known::ANON_MODULE,
            ScopeType::Module,
            scope,
            1,
            None,
            [0; 3],
        )?;
        match top {
            Top::Body { body, interactive } => {
                let stripped = self.optimize >= 2
                    && !interactive
                    && body.first().is_some_and(crate::future::is_docstring);
                let loc = match body {
                    [_, second, ..] if stripped => self.loc(self.stmt_range(second)),
                    [first, ..] => self.loc(self.stmt_range(first)),
                    [] => Location::new(1, 1, 0, 0),
                };
                if self.scope().has_conditional_annotations {
                    self.op_i(op::BUILD_SET, 0, loc);
                    let name = self.add_name(known::CONDITIONAL_ANNOTATIONS);
                    self.op_i(op::STORE_NAME, name, loc);
                }
                self.body(loc, body, interactive)?;
                self.assemble(true)
            }
            Top::Expression(expr) => {
                self.visit(expr)?;
                self.assemble(false)
            }
        }
    }

    // The parts of a compilation unit.

    fn unit(&mut self) -> &mut Unit<'a> {
        self.units.last_mut().expect("inside a unit")
    }

    fn unit_ref(&self) -> &Unit<'a> {
        self.units.last().expect("inside a unit")
    }

    fn scope(&self) -> &crate::symtable::Scope {
        self.table.scope(self.unit_ref().scope)
    }

    fn scope_type(&self) -> ScopeType {
        self.unit_ref().scope_type
    }

    fn future_annotations(&self) -> bool {
        self.features & CO_FUTURE_ANNOTATIONS != 0
    }

    fn op(&mut self, opcode: u16, loc: Location) {
        self.unit().seq.addop(opcode, 0, loc);
    }

    fn op_i(&mut self, opcode: u16, arg: i32, loc: Location) {
        self.unit().seq.addop(opcode, arg, loc);
    }

    fn jump(&mut self, opcode: u16, label: Label, loc: Location) {
        self.unit().seq.addop_jump(opcode, label, loc);
    }

    fn new_label(&mut self) -> Label {
        self.unit().seq.new_label()
    }

    fn use_label(&mut self, label: Label) {
        self.unit().seq.use_label(label);
    }

    fn load_const(&mut self, value: Const, loc: Location) {
        let unit = self.unit();
        let at = unit.consts.add(value);
        unit.seq.addop(op::LOAD_CONST, at as i32, loc);
    }

    fn load_none(&mut self, loc: Location) {
        self.load_const(Const::None, loc);
    }

    fn load_int(&mut self, value: i64, loc: Location) {
        self.load_const(Const::int(value), loc);
    }

    fn load_sym(&mut self, name: Sym, loc: Location) {
        let text = self.str(name);
        self.load_const(Const::Str(text), loc);
    }

    /// The shared string of a symbol.
    fn str(&mut self, name: Sym) -> Str {
        let at = name.index();
        if at >= self.strs.len() {
            self.strs.resize(at + 64, None);
        }
        match &self.strs[at] {
            Some(text) => text.clone(),
            None => {
                let text = Str::new(self.names.text(name));
                self.strs[at] = Some(text.clone());
                text
            }
        }
    }

    fn sym(&mut self, text: &'a str) -> Sym {
        self.names.intern(text)
    }

    fn mangle(&mut self, name: Sym) -> Sym {
        let (scope, private) = {
            let unit = self.unit_ref();
            (unit.scope, unit.private)
        };
        self.table
            .maybe_mangle(&mut self.names, private, scope, name)
    }

    fn add_name(&mut self, name: Sym) -> i32 {
        unit::add(&mut self.unit().names, name) as i32
    }

    // Locations.

    fn loc(&self, range: TextRange) -> Location {
        let (line, column) = self.index.line_and_byte(range.start().to_usize());
        let (end_line, end_column) = self.index.line_and_byte(range.end().to_usize());
        Location::new(
            line as i32,
            end_line as i32,
            column as i32,
            end_column as i32,
        )
    }

    fn expr_loc(&self, expr: &Expr) -> Location {
        if let Expr::Generator(generator) = expr
            && !generator.parenthesized
        {
            let key = std::ptr::from_ref(generator) as usize;
            if let Some((_, range)) = self.genexp_ranges.iter().rev().find(|entry| entry.0 == key) {
                return self.loc(*range);
            }
        }
        self.loc(expr.range())
    }

    fn stmt_range(&self, stmt: &Stmt) -> TextRange {
        match stmt {
            Stmt::FunctionDef(def) => {
                crate::locate::statement_range(self.source, &def.decorator_list, def.range())
            }
            Stmt::ClassDef(def) => {
                crate::locate::statement_range(self.source, &def.decorator_list, def.range())
            }
            Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_) => self.block_range(stmt.range()),
            _ => stmt.range(),
        }
    }

    fn block_range(&self, range: TextRange) -> TextRange {
        crate::locate::block_range(self.source, range)
    }

    fn error<T>(&self, message: impl Into<String>, range: TextRange) -> Result<T, Failure> {
        Err(Failure::syntax(message, range))
    }

    fn descend(&mut self) -> Done {
        self.depth += 1;
        if self.depth > self.depth_limit {
            return Err(too_deep());
        }
        Ok(())
    }

    // Scopes.

    fn enter_scope(
        &mut self,
        name: Sym,
        scope_type: ScopeType,
        scope: ScopeId,
        lineno: i32,
        private: Option<Sym>,
        [argcount, posonly, kwonly]: [u32; 3],
    ) -> Done {
        let private = private.or_else(|| self.units.last().and_then(|unit| unit.private));
        let qualname = self.qualname(name, scope_type);
        let mut unit = Unit::new(
            name,
            qualname,
            scope_type,
            scope,
            lineno,
            private,
            &self.table,
            &self.names,
        );
        unit.argcount = argcount;
        unit.posonlyargcount = posonly;
        unit.kwonlyargcount = kwonly;
        self.units.push(unit);
        let mut loc = Location::new(lineno, lineno, 0, 0);
        if scope_type == ScopeType::Module {
            loc.lineno = 0;
        }
        self.op_i(op::RESUME, RESUME_AT_START, loc);
        if scope_type == ScopeType::Module {
            self.op(op::ANNOTATIONS_PLACEHOLDER, loc);
        }
        Ok(())
    }

    fn qualname(&mut self, name: Sym, scope_type: ScopeType) -> Str {
        let depth = self.units.len();
        let plain = self.str(name);
        if depth <= 1 {
            return plain;
        }
        let mut parent = &self.units[depth - 1];
        if parent.scope_type == ScopeType::Annotations {
            // Type parameters do not show in qualified names.
            if depth == 2 {
                return plain;
            }
            parent = &self.units[depth - 2];
        }
        if matches!(
            scope_type,
            ScopeType::Function | ScopeType::AsyncFunction | ScopeType::Class
        ) {
            let mangled = self.names.mangle(parent.private, name);
            if self.table.scope(parent.scope).place(mangled) == Place::GlobalExplicit {
                return plain;
            }
        }
        let mut text = Vec::from(parent.qualname.as_bytes());
        if matches!(
            parent.scope_type,
            ScopeType::Function | ScopeType::AsyncFunction | ScopeType::Lambda
        ) {
            text.extend_from_slice(b".<locals>");
        }
        text.push(b'.');
        text.extend_from_slice(plain.as_bytes());
        Str::from_wtf8(&text).unwrap_or(plain)
    }

    /// Ends the current unit and leaves its scope.
    fn assemble(&mut self, add_none: bool) -> Result<Code, Failure> {
        if add_none {
            self.load_none(NO_LOCATION);
        }
        self.op(op::RETURN_VALUE, NO_LOCATION);
        let unit = self.units.pop().expect("inside a unit");
        let scope = self.table.scope(unit.scope);
        let mut code_flags = 0;
        if scope.is_function_like() {
            code_flags |= flags::CO_NEWLOCALS | flags::CO_OPTIMIZED;
            let facts = [
                (scope.nested, flags::CO_NESTED),
                (scope.generator && !scope.coroutine, flags::CO_GENERATOR),
                (
                    scope.generator && scope.coroutine,
                    flags::CO_ASYNC_GENERATOR,
                ),
                (scope.varargs, flags::CO_VARARGS),
                (scope.varkeywords, flags::CO_VARKEYWORDS),
                (scope.has_docstring, flags::CO_HAS_DOCSTRING),
                (scope.method, flags::CO_METHOD),
            ];
            for (fact, flag) in facts {
                if fact {
                    code_flags |= flag;
                }
            }
        }
        if scope.coroutine && !scope.generator {
            code_flags |= flags::CO_COROUTINE;
        }
        code_flags |= self.features & PYCF_MASK;
        let name = self.str(unit.name);
        let mut meta = UnitMetadata::new(name, unit.qualname, unit.firstlineno);
        meta.consts = unit.consts;
        meta.names = self.name_table(&unit.names);
        meta.varnames = self.name_table(&unit.varnames);
        meta.cellvars = self.name_table(&unit.cellvars);
        meta.freevars = self.name_table(&unit.freevars);
        for (name, hidden) in unit.fasthidden.iter() {
            let name = self.str(name);
            meta.fasthidden.insert(name, hidden);
        }
        meta.argcount = unit.argcount;
        meta.posonlyargcount = unit.posonlyargcount;
        meta.kwonlyargcount = unit.kwonlyargcount;
        optimize_and_assemble(meta, &unit.seq, code_flags, &self.filename)
            .map_err(|error| Failure::plain(FailureKind::Internal, error.msg))
    }

    fn name_table(&mut self, names: &SymMap<()>) -> NameTable {
        let mut table = NameTable::new();
        for (name, ()) in names.iter() {
            let name = self.str(name);
            table.add(&name);
        }
        table
    }

    // Frame blocks.

    fn push_fblock(&mut self, block: FBlock<'a>, range: Option<TextRange>) -> Done {
        if self.unit_ref().fblocks.len() >= MAX_BLOCKS {
            return self.error(
                "too many statically nested blocks",
                range.unwrap_or_default(),
            );
        }
        if block.kind == FBlockKind::FinallyEnd {
            self.disable_warnings += 1;
        }
        self.unit().fblocks.push(block);
        Ok(())
    }

    fn pop_fblock(&mut self, kind: FBlockKind) {
        let block = self.unit().fblocks.pop();
        debug_assert!(block.is_some_and(|block| block.kind == kind));
        if kind == FBlockKind::FinallyEnd {
            self.disable_warnings -= 1;
        }
    }

    /// The statements of a module or class, with docstring and annotations.
    fn body(&mut self, loc: Location, stmts: &'a [Stmt], interactive: bool) -> Done {
        let (annotations_used, docstring) = {
            let scope = self.scope();
            (scope.annotations_used, scope.has_docstring)
        };
        if self.future_annotations() && annotations_used {
            self.op(op::SETUP_ANNOTATIONS, loc);
        }
        if stmts.is_empty() {
            return Ok(());
        }
        let mut stmts = stmts;
        if docstring && !interactive {
            let (text, range) = self.docstring(stmts)?;
            let loc = self.loc(range);
            self.load_const(Const::Str(text), loc);
            self.name_op(known::DOC, ast::ExprContext::Store, NO_LOCATION)?;
            stmts = &stmts[1..];
        } else if !interactive {
            stmts = self.without_docstring(stmts)?;
        }
        for stmt in stmts {
            self.visit_stmt(stmt)?;
        }
        if !self.future_annotations() {
            self.process_deferred_annotations(loc)?;
        }
        Ok(())
    }

    /// At optimization level 2: drops the docstring, leaving a `pass` in its place when nothing else is there.
    fn without_docstring(&mut self, stmts: &'a [Stmt]) -> Result<&'a [Stmt], Failure> {
        if self.optimize < 2 || !stmts.first().is_some_and(crate::future::is_docstring) {
            return Ok(stmts);
        }
        if let [only] = stmts {
            let mut loc = self.loc(only.range());
            loc.end_lineno = loc.lineno;
            loc.end_col_offset = loc.col_offset + 4;
            self.op(op::NOP, loc);
        } else if let Stmt::Expr(second) = &stmts[1]
            && crate::future::is_docstring(&stmts[1])
        {
            // What comes to stand first must not be taken for a docstring.
            self.visit(&second.value)?;
            self.op(op::POP_TOP, NO_LOCATION);
            return Ok(&stmts[2..]);
        }
        Ok(&stmts[1..])
    }

    fn visit_body(&mut self, stmts: &'a [Stmt]) -> Done {
        for stmt in stmts {
            self.visit_stmt(stmt)?;
        }
        Ok(())
    }

    fn visit_all(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) -> Done {
        for expr in exprs {
            self.visit(expr)?;
        }
        Ok(())
    }

    fn make_closure(&mut self, code: Code, function_flags: u32, loc: Location) -> Done {
        let mut function_flags = function_flags;
        let free: Vec<Str> = code.freevars().cloned().collect();
        if !free.is_empty() {
            for name in &free {
                let text = name.to_string_lossy();
                let name = self.names.intern_copy(&text);
                let arg = self.lookup_closure(name)?;
                self.op_i(op::LOAD_CLOSURE, arg, loc);
            }
            function_flags |= MAKE_FUNCTION_CLOSURE;
            self.op_i(op::BUILD_TUPLE, free.len() as i32, loc);
        }
        self.load_const(Const::Code(Arc::new(code)), loc);
        self.op(op::MAKE_FUNCTION, loc);
        for flag in [
            MAKE_FUNCTION_CLOSURE,
            MAKE_FUNCTION_ANNOTATIONS,
            MAKE_FUNCTION_ANNOTATE,
            MAKE_FUNCTION_KWDEFAULTS,
            MAKE_FUNCTION_DEFAULTS,
        ] {
            if function_flags & flag != 0 {
                self.op_i(op::SET_FUNCTION_ATTRIBUTE, flag as i32, loc);
            }
        }
        Ok(())
    }

    fn lookup_closure(&mut self, name: Sym) -> Result<i32, Failure> {
        let cell = if self.scope_type() == ScopeType::Class
            && matches!(
                name,
                known::CLASS | known::CLASSDICT | known::CONDITIONAL_ANNOTATIONS
            ) {
            true
        } else {
            self.scope().place(name) == Place::Cell
        };
        let unit = self.unit_ref();
        let found = if cell {
            unit.cellvars.index_of(name)
        } else {
            unit.freevars
                .index_of(name)
                .map(|at| at + unit.cellvars.len())
        };
        found.map(|at| at as i32).ok_or_else(|| {
            Failure::plain(
                FailureKind::Internal,
                format!(
                    "no closure variable '{}' in '{}'",
                    self.names.text(name),
                    self.names.text(unit.name)
                ),
            )
        })
    }

    fn scope_of<T>(&self, node: &T, role: Role) -> Result<ScopeId, Failure> {
        self.table
            .lookup(key(node, role))
            .ok_or_else(|| Failure::plain(FailureKind::Internal, "unknown symbol table entry"))
    }
}

const MAKE_FUNCTION_DEFAULTS: u32 = 1;
const MAKE_FUNCTION_KWDEFAULTS: u32 = 2;
const MAKE_FUNCTION_ANNOTATIONS: u32 = 4;
const MAKE_FUNCTION_CLOSURE: u32 = 8;
const MAKE_FUNCTION_ANNOTATE: u32 = 16;
