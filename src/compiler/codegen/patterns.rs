//! `match`.
//!
//! Every pattern function consumes the subject on top of the stack and jumps to a failure label
//! that pops what is left over. Captured values stay below until the whole pattern has matched.

use super::expressions::{COMPARE_EQ, COMPARE_GE, NB_SUBSCR, NB_SUBTRACT};
use super::*;
use ruff_python_ast::{ExprContext, Pattern, Singleton};
use taipan_bytecode::opcode::op::*;

/// The state while one case is compiled.
#[derive(Default, Clone)]
struct Context {
    /// Names captured so far, in stack order.
    stores: Vec<Sym>,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
    /// Where to jump to have as many items popped as the index says.
    fail_pop: Vec<Label>,
    /// Items that must stay on top of the captured ones.
    on_top: usize,
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchAs(p) if p.name.is_none())
}

fn is_star_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchStar(p) if p.name.is_none())
}

impl<'a> Compiler<'a> {
    pub(super) fn visit_match(&mut self, stmt: &'a ast::StmtMatch) -> Done {
        self.visit(&stmt.subject)?;
        let end = self.new_label();
        let cases = stmt.cases.len();
        let last = &stmt.cases[cases - 1];
        let has_default = is_wildcard(&last.pattern) && cases > 1;
        let tested = cases - usize::from(has_default);
        for (i, case) in stmt.cases[..tested].iter().enumerate() {
            let loc = self.loc(case.pattern.range());
            if i + 1 != tested {
                self.op_i(COPY, 1, loc);
            }
            let mut pc = Context {
                allow_irrefutable: case.guard.is_some() || i + 1 == cases,
                ..Context::default()
            };
            self.pattern(&case.pattern, &mut pc)?;
            for name in std::mem::take(&mut pc.stores) {
                self.name_op(name, ExprContext::Store, loc)?;
            }
            if let Some(guard) = &case.guard {
                self.ensure_fail_pop(&mut pc, 0);
                self.jump_if(guard, pc.fail_pop[0], false)?;
            }
            if i + 1 != tested {
                self.op(POP_TOP, NEXT_LOCATION);
            }
            self.visit_body(&case.body)?;
            self.jump(JUMP, end, NO_LOCATION);
            self.emit_fail_pop(&mut pc, loc);
        }
        if has_default {
            let loc = self.loc(last.pattern.range());
            self.op(NOP, loc);
            if let Some(guard) = &last.guard {
                self.jump_if(guard, end, false)?;
            }
            self.visit_body(&last.body)?;
        }
        self.use_label(end);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, pc: &mut Context, n: usize) {
        while pc.fail_pop.len() <= n {
            let label = self.new_label();
            pc.fail_pop.push(label);
        }
    }

    fn jump_to_fail_pop(&mut self, pc: &mut Context, opcode: u16, loc: Location) {
        let pops = pc.on_top + pc.stores.len();
        self.ensure_fail_pop(pc, pops);
        self.jump(opcode, pc.fail_pop[pops], loc);
    }

    fn emit_fail_pop(&mut self, pc: &mut Context, loc: Location) {
        let labels = std::mem::take(&mut pc.fail_pop);
        for (i, label) in labels.into_iter().enumerate().rev() {
            self.use_label(label);
            if i > 0 {
                self.op(POP_TOP, loc);
            }
        }
    }

    fn rotate(&mut self, count: usize, loc: Location) {
        for n in (2..=count).rev() {
            self.op_i(SWAP, n as i32, loc);
        }
    }

    fn store_name(
        &mut self,
        name: Option<&'a ast::Identifier>,
        range: TextRange,
        pc: &mut Context,
    ) -> Done {
        let loc = self.loc(range);
        let Some(name) = name else {
            self.op(POP_TOP, loc);
            return Ok(());
        };
        let sym = self.sym(name.as_str());
        if pc.stores.contains(&sym) {
            return self.duplicate_store(sym, range);
        }
        self.rotate(pc.on_top + pc.stores.len() + 1, loc);
        pc.stores.push(sym);
        Ok(())
    }

    fn duplicate_store(&self, name: Sym, range: TextRange) -> Done {
        let name = self.names.text(name);
        self.error(
            format!("multiple assignments to name '{name}' in pattern"),
            range,
        )
    }

    fn pattern(&mut self, pattern: &'a Pattern, pc: &mut Context) -> Done {
        self.descend()?;
        let done = self.pattern_kind(pattern, pc);
        self.depth -= 1;
        done
    }

    fn pattern_kind(&mut self, pattern: &'a Pattern, pc: &mut Context) -> Done {
        let range = pattern.range();
        let loc = self.loc(range);
        match pattern {
            Pattern::MatchValue(p) => {
                match self.pattern_constant(&p.value)? {
                    Some(value) => {
                        let value_loc = self.loc(p.value.range());
                        self.load_const(value, value_loc);
                    }
                    None if p.value.is_attribute_expr() => self.visit(&p.value)?,
                    // An f-string, or arithmetic that is no number.
                    None => {
                        return self.error(
                            "patterns may only match literals and attribute lookups",
                            range,
                        );
                    }
                }
                self.op_i(COMPARE_OP, COMPARE_EQ, loc);
                self.op(TO_BOOL, loc);
                self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
                Ok(())
            }
            Pattern::MatchSingleton(p) => {
                let value = match p.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::True,
                    Singleton::False => Const::False,
                };
                self.load_const(value, loc);
                self.op_i(IS_OP, 0, loc);
                self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
                Ok(())
            }
            Pattern::MatchSequence(p) => self.pattern_sequence(&p.patterns, range, pc),
            Pattern::MatchMapping(p) => self.pattern_mapping(p, pc),
            Pattern::MatchClass(p) => self.pattern_class(p, pc),
            Pattern::MatchStar(p) => self.store_name(p.name.as_ref(), range, pc),
            Pattern::MatchAs(p) => self.pattern_as(p, pc),
            Pattern::MatchOr(p) => self.pattern_or(p, pc),
        }
    }

    /// A pattern inside another one may always match.
    fn subpattern(&mut self, pattern: &'a Pattern, pc: &mut Context) -> Done {
        let allowed = std::mem::replace(&mut pc.allow_irrefutable, true);
        self.pattern(pattern, pc)?;
        pc.allow_irrefutable = allowed;
        Ok(())
    }

    fn pattern_as(&mut self, p: &'a ast::PatternMatchAs, pc: &mut Context) -> Done {
        let range = p.range();
        let Some(pattern) = &p.pattern else {
            if !pc.allow_irrefutable {
                return match &p.name {
                    Some(name) => self.error(
                        format!("name capture '{name}' makes remaining patterns unreachable"),
                        range,
                    ),
                    None => self.error("wildcard makes remaining patterns unreachable", range),
                };
            }
            return self.store_name(p.name.as_ref(), range, pc);
        };
        let loc = self.loc(range);
        pc.on_top += 1;
        self.op_i(COPY, 1, loc);
        self.pattern(pattern, pc)?;
        pc.on_top -= 1;
        self.store_name(p.name.as_ref(), range, pc)
    }

    fn pattern_sequence(
        &mut self,
        patterns: &'a [Pattern],
        range: TextRange,
        pc: &mut Context,
    ) -> Done {
        let loc = self.loc(range);
        let size = patterns.len();
        let mut star = None;
        let mut only_wildcard = true;
        let mut star_wildcard = false;
        for (i, pattern) in patterns.iter().enumerate() {
            if matches!(pattern, Pattern::MatchStar(_)) {
                if star.is_some() {
                    return self.error("multiple starred names in sequence pattern", range);
                }
                star_wildcard = is_star_wildcard(pattern);
                only_wildcard &= star_wildcard;
                star = Some(i);
            } else {
                only_wildcard &= is_wildcard(pattern);
            }
        }
        pc.on_top += 1;
        self.op(MATCH_SEQUENCE, loc);
        self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
        if star.is_none() {
            self.op(GET_LEN, loc);
            self.load_int(size as i64, loc);
            self.op_i(COMPARE_OP, COMPARE_EQ, loc);
            self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
        } else if size > 1 {
            self.op(GET_LEN, loc);
            self.load_int(size as i64 - 1, loc);
            self.op_i(COMPARE_OP, COMPARE_GE, loc);
            self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
        }
        pc.on_top -= 1;
        match star {
            _ if only_wildcard => {
                self.op(POP_TOP, loc);
                Ok(())
            }
            Some(star) if star_wildcard => self.sequence_subscr(patterns, star, loc, pc),
            _ => self.sequence_unpack(patterns, range, pc),
        }
    }

    fn sequence_unpack(
        &mut self,
        patterns: &'a [Pattern],
        range: TextRange,
        pc: &mut Context,
    ) -> Done {
        let loc = self.loc(range);
        let size = patterns.len();
        let star = patterns
            .iter()
            .position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
        match star {
            Some(i) => {
                let after = size - i - 1;
                if i >= 1 << 8 || after >= (i32::MAX >> 8) as usize {
                    return self.error(
                        "too many expressions in star-unpacking sequence pattern",
                        range,
                    );
                }
                self.op_i(UNPACK_EX, (i + (after << 8)) as i32, loc);
            }
            None => self.op_i(UNPACK_SEQUENCE, size as i32, loc),
        }
        pc.on_top += size;
        for pattern in patterns {
            pc.on_top -= 1;
            self.subpattern(pattern, pc)?;
        }
        Ok(())
    }

    /// With `*_` in it, only the items that are looked at are fetched.
    fn sequence_subscr(
        &mut self,
        patterns: &'a [Pattern],
        star: usize,
        loc: Location,
        pc: &mut Context,
    ) -> Done {
        pc.on_top += 1;
        let size = patterns.len();
        for (i, pattern) in patterns.iter().enumerate() {
            if i == star || is_wildcard(pattern) {
                continue;
            }
            self.op_i(COPY, 1, loc);
            if i < star {
                self.load_int(i as i64, loc);
            } else {
                self.op(GET_LEN, loc);
                self.load_int((size - i) as i64, loc);
                self.op_i(BINARY_OP, NB_SUBTRACT, loc);
            }
            self.op_i(BINARY_OP, NB_SUBSCR, loc);
            self.subpattern(pattern, pc)?;
        }
        pc.on_top -= 1;
        self.op(POP_TOP, loc);
        Ok(())
    }

    fn pattern_class(&mut self, p: &'a ast::PatternMatchClass, pc: &mut Context) -> Done {
        let loc = self.loc(p.range());
        let positional = &p.arguments.patterns;
        let keywords = &p.arguments.keywords;
        for (i, keyword) in keywords.iter().enumerate() {
            let again = keywords[i + 1..]
                .iter()
                .find(|other| other.attr.id == keyword.attr.id);
            if let Some(other) = again {
                return self.error(
                    format!("attribute name repeated in class pattern: {}", keyword.attr),
                    other.pattern.range(),
                );
            }
        }
        self.visit(&p.cls)?;
        let mut names = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            let name = self.sym(keyword.attr.as_str());
            names.push(Const::Str(self.str(name)));
        }
        self.load_const(Const::Tuple(names.into()), loc);
        self.op_i(MATCH_CLASS, positional.len() as i32, loc);
        self.op_i(COPY, 1, loc);
        self.load_none(loc);
        self.op_i(IS_OP, 1, loc);
        pc.on_top += 1;
        self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
        let count = positional.len() + keywords.len();
        self.op_i(UNPACK_SEQUENCE, count as i32, loc);
        pc.on_top = pc.on_top + count - 1;
        let patterns = positional
            .iter()
            .chain(keywords.iter().map(|keyword| &keyword.pattern));
        for pattern in patterns {
            pc.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(POP_TOP, loc);
                continue;
            }
            self.subpattern(pattern, pc)?;
        }
        Ok(())
    }

    fn pattern_mapping(&mut self, p: &'a ast::PatternMatchMapping, pc: &mut Context) -> Done {
        let range = p.range();
        let loc = self.loc(range);
        let size = p.keys.len();
        pc.on_top += 1;
        self.op(MATCH_MAPPING, loc);
        self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
        if size == 0 && p.rest.is_none() {
            pc.on_top -= 1;
            self.op(POP_TOP, loc);
            return Ok(());
        }
        if size > 0 {
            self.op(GET_LEN, loc);
            self.load_int(size as i64, loc);
            self.op_i(COMPARE_OP, COMPARE_GE, loc);
            self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
        }
        let mut seen: Vec<Const> = Vec::new();
        for key in &p.keys {
            if let Some(value) = self.pattern_constant(key)? {
                if seen.iter().any(|other| equal_keys(other, &value)) {
                    return self.error(
                        format!(
                            "mapping pattern checks duplicate key ({})",
                            crate::unparse::constant_repr(&value)
                        ),
                        range,
                    );
                }
                seen.push(value.clone());
                let key_loc = self.loc(key.range());
                self.load_const(value, key_loc);
            } else if key.is_attribute_expr() {
                self.visit(key)?;
            } else {
                return self.error(
                    "mapping pattern keys may only match literals and attribute lookups",
                    range,
                );
            }
        }
        self.op_i(BUILD_TUPLE, size as i32, loc);
        self.op(MATCH_KEYS, loc);
        pc.on_top += 2;
        self.op_i(COPY, 1, loc);
        self.load_none(loc);
        self.op_i(IS_OP, 1, loc);
        self.jump_to_fail_pop(pc, POP_JUMP_IF_FALSE, loc);
        self.op_i(UNPACK_SEQUENCE, size as i32, loc);
        pc.on_top = pc.on_top + size - 1;
        for pattern in &p.patterns {
            pc.on_top -= 1;
            self.subpattern(pattern, pc)?;
        }
        pc.on_top -= 2;
        if let Some(rest) = &p.rest {
            // A copy of the subject without the keys that matched.
            self.op_i(BUILD_MAP, 0, loc);
            self.op_i(SWAP, 3, loc);
            self.op_i(DICT_UPDATE, 2, loc);
            self.op_i(UNPACK_SEQUENCE, size as i32, loc);
            for n in (1..=size).rev() {
                self.op_i(COPY, 1 + n as i32, loc);
                self.op_i(SWAP, 2, loc);
                self.op(DELETE_SUBSCR, loc);
            }
            self.store_name(Some(rest), range, pc)?;
        } else {
            self.op(POP_TOP, loc);
            self.op(POP_TOP, loc);
        }
        Ok(())
    }

    fn pattern_or(&mut self, p: &'a ast::PatternMatchOr, pc: &mut Context) -> Done {
        let range = p.range();
        let loc = self.loc(range);
        let end = self.new_label();
        let size = p.patterns.len();
        let mut control: Vec<Sym> = Vec::new();
        for (i, alternative) in p.patterns.iter().enumerate() {
            let alt_loc = self.loc(alternative.range());
            let mut inner = Context {
                allow_irrefutable: i + 1 == size && pc.allow_irrefutable,
                ..Context::default()
            };
            self.op_i(COPY, 1, alt_loc);
            self.pattern(alternative, &mut inner)?;
            let count = inner.stores.len();
            if i == 0 {
                control = inner.stores.clone();
            } else if count != control.len() {
                return self.error("alternative patterns bind different names", range);
            } else {
                for at in (0..count).rev() {
                    let Some(found) = inner.stores.iter().position(|&name| name == control[at])
                    else {
                        return self.error("alternative patterns bind different names", range);
                    };
                    if found != at {
                        // Bring the captures into the order of the first alternative.
                        let rotations = found + 1;
                        let rotated: Vec<Sym> = inner.stores.drain(..rotations).collect();
                        let place = at - found;
                        inner.stores.splice(place..place, rotated);
                        for _ in 0..rotations {
                            self.rotate(at + 1, alt_loc);
                        }
                    }
                }
            }
            self.jump(JUMP, end, alt_loc);
            self.emit_fail_pop(&mut inner, alt_loc);
        }
        self.op(POP_TOP, loc);
        self.jump_to_fail_pop(pc, JUMP, loc);
        self.use_label(end);
        let rotations = control.len() + 1 + pc.on_top + pc.stores.len();
        for name in control {
            self.rotate(rotations, loc);
            if pc.stores.contains(&name) {
                return self.duplicate_store(name, range);
            }
            pc.stores.push(name);
        }
        self.op(POP_TOP, loc);
        Ok(())
    }
}

/// Whether two constants are the same key of a dict.
fn equal_keys(a: &Const, b: &Const) -> bool {
    fn number(value: &Const) -> Option<(f64, f64)> {
        Some(match value {
            Const::True => (1.0, 0.0),
            Const::False => (0.0, 0.0),
            Const::Int(value) => (crate::literals::to_f64(value), 0.0),
            Const::Float(value) => (*value, 0.0),
            Const::Complex(re, im) => (*re, *im),
            _ => return None,
        })
    }
    match (a, b) {
        (Const::Int(a), Const::Int(b)) => a == b,
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            (None, None) => a == b,
            _ => false,
        },
    }
}
