//! The second pass: where each name of each block is found, and which comprehensions are inlined.

use super::*;
use crate::names::{self, Interner};

type Done = Result<(), Failure>;

pub(super) fn run(table: &mut Symtable, names: &Interner<'_>) -> Done {
    let mut analyzer = Analyzer { table, names };
    let mut sets = Sets::default();
    analyzer.block(ScopeId(0), None, &mut sets, None)
}

/// What an enclosing block tells an inner one, and hears from it.
#[derive(Default, Clone)]
struct Sets {
    free: SymSet,
    global: SymSet,
    type_params: SymSet,
}

struct Analyzer<'t, 'n, 'a> {
    table: &'t mut Symtable,
    names: &'n Interner<'a>,
}

impl Analyzer<'_, '_, '_> {
    fn at_directive(&self, scope: ScopeId, name: Sym, message: String) -> Failure {
        let directive = self
            .table
            .scope(scope)
            .directives
            .iter()
            .find(|directive| directive.0 == name);
        Failure::syntax(message, directive.map_or(TextRange::default(), |d| d.1))
    }

    fn name(
        &self,
        scope: ScopeId,
        name: Sym,
        flags: u32,
        bound: Option<&mut SymSet>,
        local: &mut SymSet,
        sets: &mut Sets,
        class: Option<ScopeId>,
    ) -> Result<Place, Failure> {
        if flags & DEF_GLOBAL != 0 {
            if flags & DEF_NONLOCAL != 0 {
                let message = format!("name '{}' is nonlocal and global", self.names.text(name));
                return Err(self.at_directive(scope, name, message));
            }
            sets.global.insert(name);
            if let Some(bound) = bound {
                bound.remove(&name);
            }
            return Ok(Place::GlobalExplicit);
        }
        if flags & DEF_NONLOCAL != 0 {
            let Some(bound) = bound else {
                let message = "nonlocal declaration not allowed at module level".to_owned();
                return Err(self.at_directive(scope, name, message));
            };
            if !bound.contains(&name) {
                let message = format!("no binding for nonlocal '{}' found", self.names.text(name));
                return Err(self.at_directive(scope, name, message));
            }
            if sets.type_params.contains(&name) {
                let message = format!(
                    "nonlocal binding not allowed for type parameter '{}'",
                    self.names.text(name)
                );
                return Err(self.at_directive(scope, name, message));
            }
            sets.free.insert(name);
            return Ok(Place::Free);
        }
        if flags & DEF_BOUND != 0 {
            local.insert(name);
            sets.global.remove(&name);
            if flags & DEF_TYPE_PARAM != 0 {
                sets.type_params.insert(name);
            } else {
                sets.type_params.remove(&name);
            }
            return Ok(Place::Local);
        }
        // A scope that sees the class looks there and in the globals, not in functions around the class.
        if let Some(class) = class {
            let flags = self.table.scope(class).flags(name);
            if flags & DEF_GLOBAL != 0 {
                return Ok(Place::GlobalExplicit);
            }
            if flags & DEF_BOUND != 0 && flags & DEF_NONLOCAL == 0 {
                return Ok(Place::GlobalImplicit);
            }
        }
        if bound.is_some_and(|bound| bound.contains(&name)) {
            sets.free.insert(name);
            return Ok(Place::Free);
        }
        Ok(Place::GlobalImplicit)
    }

    fn block(
        &mut self,
        id: ScopeId,
        mut bound: Option<&mut SymSet>,
        sets: &mut Sets,
        class: Option<ScopeId>,
    ) -> Done {
        let scope = self.table.scope(id);
        let is_class = scope.kind == BlockKind::Class;
        let is_function = scope.is_function_like();
        let can_see_class = scope.can_see_class_scope;
        let mut local = SymSet::default();
        let mut new_bound = SymSet::default();
        let mut inner = Sets::default();

        // What a class binds is not visible in its methods.
        if is_class {
            inner.global = sets.global.clone();
            if let Some(bound) = bound.as_deref() {
                new_bound = bound.clone();
            }
        }

        let count = scope.symbols.len();
        let mut places: SymMap<Place> = SymMap::default();
        for at in 0..count {
            let (name, flags) = self.table.scope(id).symbols.at(at);
            let place = self.name(
                id,
                name,
                flags,
                bound.as_deref_mut(),
                &mut local,
                sets,
                class,
            )?;
            places.insert(name, place);
            // The class's own binding of the name hides its namespace, which is needed all the same.
            if name == names::CLASSDICT
                && place == Place::GlobalImplicit
                && let Some(class) = class
            {
                self.table.scope_mut(class).needs_classdict = true;
            }
        }

        if is_class {
            new_bound.insert(names::CLASS);
            new_bound.insert(names::CLASSDICT);
            new_bound.insert(names::CONDITIONAL_ANNOTATIONS);
        } else {
            if is_function {
                new_bound = local;
            }
            if let Some(bound) = bound.as_deref() {
                new_bound.extend(bound.iter().copied());
            }
            inner.global = sets.global.clone();
        }

        let mut inlined_cells = SymSet::default();
        let children = std::mem::take(&mut self.table.scope_mut(id).children);
        let mut any_inlined = false;
        for &child in &children {
            let entry = self.table.scope(child);
            let child_class = if !entry.can_see_class_scope {
                None
            } else if is_class {
                Some(id)
            } else {
                class
            };
            let inline = entry.comprehension.is_some() && !entry.generator && !can_see_class;
            let mut child_sets = Sets {
                free: inner.free.clone(),
                global: inner.global.clone(),
                type_params: sets.type_params.clone(),
            };
            let mut child_bound = new_bound.clone();
            self.block(child, Some(&mut child_bound), &mut child_sets, child_class)?;
            let mut child_free = child_sets.free;
            if inline {
                self.inline(id, child, &mut places, &mut child_free, &mut inlined_cells);
                self.table.scope_mut(child).comp_inlined = true;
                any_inlined = true;
            }
            if inner.free.is_empty() {
                inner.free = child_free;
            } else {
                inner.free.extend(child_free);
            }
        }
        let children = if any_inlined {
            let mut spliced = Vec::with_capacity(children.len());
            for &child in &children {
                if self.table.scope(child).comp_inlined {
                    spliced.extend_from_slice(&self.table.scope(child).children);
                } else {
                    spliced.push(child);
                }
            }
            spliced
        } else {
            children
        };

        let scope = self.table.scope_mut(id);
        scope.children = children;
        if is_function {
            for at in 0..places.len() {
                let (name, place) = places.at(at);
                if place == Place::Local
                    && (inner.free.contains(&name) || inlined_cells.contains(&name))
                {
                    places.set_at(at, Place::Cell);
                    inner.free.remove(&name);
                }
            }
        } else if is_class {
            if inner.free.remove(&names::CLASS) {
                scope.needs_class_closure = true;
            }
            if inner.free.remove(&names::CLASSDICT) {
                scope.needs_classdict = true;
            }
            if inner.free.remove(&names::CONDITIONAL_ANNOTATIONS) {
                scope.has_conditional_annotations = true;
            }
        }

        for at in 0..scope.symbols.len() {
            let (name, mut flags) = scope.symbols.at(at);
            if inlined_cells.contains(&name) {
                flags |= DEF_COMP_CELL;
            }
            let place = places.get(name).unwrap_or(Place::GlobalImplicit);
            scope.symbols.set_at(at, flags | place.bits());
        }
        let mut pending: Vec<Sym> = inner.free.iter().copied().collect();
        pending.sort_unstable();
        for name in pending {
            if let Some(flags) = scope.symbols.get(name) {
                if is_class || can_see_class {
                    scope.symbols.insert(name, flags | DEF_FREE_CLASS);
                }
            } else if bound.as_deref().is_none_or(|bound| bound.contains(&name)) {
                scope.symbols.insert(name, Place::Free.bits());
            }
        }
        sets.free.extend(inner.free);
        Ok(())
    }

    fn inline(
        &mut self,
        id: ScopeId,
        comp: ScopeId,
        places: &mut SymMap<Place>,
        comp_free: &mut SymSet,
        inlined_cells: &mut SymSet,
    ) {
        let is_class = self.table.scope(id).kind == BlockKind::Class;
        let mut removed = Vec::new();
        for at in 0..self.table.scope(comp).symbols.len() {
            let (name, flags) = self.table.scope(comp).symbols.at(at);
            if flags & DEF_PARAM != 0 {
                continue;
            }
            let mut place = Place::of_flags(flags);
            let only_flags = flags & ((1 << SCOPE_SHIFT) - 1);
            if place == Place::Cell || only_flags & DEF_COMP_CELL != 0 {
                inlined_cells.insert(name);
            }
            let free_in_child = || {
                let children = &self.table.scope(comp).children;
                children
                    .iter()
                    .any(|&child| self.table.scope(child).place(name) == Place::Free)
            };
            // These are never free through a class, but functions inside may use the class's cell.
            let implicit = matches!(
                name,
                names::CLASS | names::CLASSDICT | names::CONDITIONAL_ANNOTATIONS
            );
            if place == Place::Free && is_class && implicit {
                place = Place::GlobalImplicit;
                if !free_in_child() {
                    comp_free.remove(&name);
                }
                removed.push(name);
            }
            match self.table.scope(id).symbols.get(name) {
                None => {
                    self.table.scope_mut(id).symbols.insert(name, only_flags);
                    places.insert(name, place);
                }
                Some(existing) => {
                    if existing & DEF_BOUND != 0 && !is_class && !free_in_child() {
                        comp_free.remove(&name);
                    }
                }
            }
        }
        for name in removed {
            self.table.scope_mut(comp).symbols.remove(name);
        }
    }
}
