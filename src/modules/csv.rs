//! `_csv`: readers and writers of delimited text.

use std::cell::{Cell, RefCell};
use taipan_objects::err::PyResult;
use taipan_objects::exceptions::{Exception, PyException};
use taipan_objects::native::{MemberDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, alloc, new_object};
use taipan_objects::strings::{self, StrBuilder, expect};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{dict, err, float, int, list, module, protocol, type_ready};

const QUOTE_MINIMAL: i64 = 0;
const QUOTE_ALL: i64 = 1;
const QUOTE_NONNUMERIC: i64 = 2;
const QUOTE_NONE: i64 = 3;
const QUOTE_STRINGS: i64 = 4;
const QUOTE_NOTNULL: i64 = 5;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_csv",
    doc: "CSV parsing and writing.\n",
    functions: &[
        MethodDef::new("reader($module, iterable, /, dialect='excel', **fmtparams)", "An iterator of the rows in lines of text.", |a| {
            let dialect = dialect_for(a[1], a[2])?;
            let it = protocol::iter(a[0])?;
            Ok(new_object(Reader {
                header: Header::new(&READER_TYPE),
                input: Slot::new(it),
                dialect: Slot::new(dialect),
                line: Cell::new(0),
            }))
        }),
        MethodDef::new("writer($module, fileobj, /, dialect='excel', **fmtparams)", "An object that writes rows to a file.", |a| {
            let dialect = dialect_for(a[1], a[2])?;
            let write = match protocol::getattr_opt(a[0], *strings::intern_str("write"))? {
                Some(w) if w.ty().slots().call.is_some() => w,
                _ => return err!(TypeError, "argument 1 must have a \"write\" method"),
            };
            Ok(new_object(Writer { header: Header::new(&WRITER_TYPE), write: Slot::new(write), dialect: Slot::new(dialect) }))
        }),
        MethodDef::new("register_dialect($module, name, /, dialect='excel', **fmtparams)", "Gives a dialect a name.", |a| {
            if !strings::is_str(a[0]) {
                return err!(TypeError, "dialect name must be a string");
            }
            let d = make_dialect(&DIALECT_TYPE, a[1], a[2])?;
            dict::set(dialects(), a[0], *d)?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("unregister_dialect($module, /, name)", "Forgets the name of a dialect.", |a| {
            if !dict::delete(dialects(), a[0])? {
                return fail("unknown dialect");
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("get_dialect($module, /, name)", "The dialect of a name.", |a| {
            let d = dict::get(dialects(), a[0])?;
            if d.is_null() { fail("unknown dialect") } else { Ok(d.to_ref()) }
        }),
        MethodDef::new("list_dialects($module, /)", "The names of all dialects.", |_| {
            Ok(list::new_list(dict::items(dialects()).into_iter().map(|(k, _)| k).collect()))
        }),
        MethodDef::new("field_size_limit($module, /, new_limit=<unrepresentable>)", "The longest field a reader accepts.", |a| {
            let old = LIMIT.load(std::sync::atomic::Ordering::Relaxed);
            if !a[0].is_null() {
                if !int::is_int(a[0]) {
                    return err!(TypeError, "limit must be an integer");
                }
                LIMIT.store(int::to_i64(a[0])?, std::sync::atomic::Ordering::Relaxed);
            }
            Ok(int::from_i64(old))
        }),
    ],
    init: Some(init),
};

static LIMIT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(128 * 1024);

struct Dialects(Slot);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Dialects {}
static DIALECTS: Dialects = Dialects(Slot::null());
fn dialects() -> Value {
    if DIALECTS.0.is_null() {
        DIALECTS.0.set(dict::new_dict());
    }
    DIALECTS.0.get()
}

fn init(m: Value) -> PyResult<()> {
    for t in [&ERROR, &DIALECT_TYPE, &READER_TYPE, &WRITER_TYPE] {
        type_ready::ready(t);
    }
    module::add(m, "Error", ERROR.to_ref());
    module::add(m, "Dialect", DIALECT_TYPE.to_ref());
    module::add(m, "Reader", READER_TYPE.to_ref());
    module::add(m, "Writer", WRITER_TYPE.to_ref());
    module::add(m, "_dialects", dialects().to_ref());
    for (name, v) in [
        ("QUOTE_MINIMAL", QUOTE_MINIMAL),
        ("QUOTE_ALL", QUOTE_ALL),
        ("QUOTE_NONNUMERIC", QUOTE_NONNUMERIC),
        ("QUOTE_NONE", QUOTE_NONE),
        ("QUOTE_STRINGS", QUOTE_STRINGS),
        ("QUOTE_NOTNULL", QUOTE_NOTNULL),
    ] {
        module::add(m, name, int::from_i64(v));
    }
    Ok(())
}

static ERROR: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_csv.Error",
    base: Some(&Exception),
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::EXC_SUBCLASS,
    ..TypeSpec::of::<PyException>()
});
fn fail<T>(message: &str) -> PyResult<T> {
    Err(taipan_objects::err::raise(&ERROR, message))
}

// ---------------------------------------------------------------- dialects

/// Settings of a reader or writer.
#[repr(C)]
pub struct Dialect {
    header: Header,
    delimiter: u32,
    quotechar: Option<u32>,
    escapechar: Option<u32>,
    doublequote: bool,
    skipinitialspace: bool,
    strict: bool,
    quoting: i64,
    lineterminator: Slot,
}
taipan_objects::object_impl!(Dialect, DIALECT_TYPE);

fn character(c: Option<u32>) -> Ref {
    c.map_or(Ref::NONE, strings::from_char)
}
fn dialect_of(v: &Value) -> &Dialect {
    // SAFETY: called with dialects only.
    unsafe { v.cast_unchecked::<Dialect>() }
}

static DIALECT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_csv.Dialect",
    doc: "CSV dialect\n\nThe Dialect type records CSV dialect options.",
    flags: TypeFlags::BASETYPE,
    slots: Slots {
        new: Some(|ty, args, kwnames| {
            static SIGNATURE: Signature = Signature::new(
                "Dialect(dialect=None, delimiter=None, doublequote=None, escapechar=None, lineterminator=None, quotechar=None, quoting=None, skipinitialspace=None, strict=None)",
            );
            SIGNATURE.bind(args, kwnames, |a| {
                let params = dict::new_dict();
                for (name, v) in PARAMETERS.iter().zip(&a[1..]) {
                    if !v.is_null() {
                        dict::set_str(*params, name, *v);
                    }
                }
                make_dialect(ty, a[0], *params)
            })
        }),
        ..Slots::of::<Dialect>()
    },
    methods: &[
        MethodDef::new("__reduce__($self, /)", "", |a| err!(TypeError, "cannot pickle '{}' instances", a[0].ty().full_name())),
        MethodDef::new("__reduce_ex__($self, protocol, /)", "", |a| {
            err!(TypeError, "cannot pickle '{}' instances", a[0].ty().full_name())
        }),
    ],
    members: &[
        MemberDef::ro("delimiter", "", |v| Ok(strings::from_char(dialect_of(&v).delimiter))),
        MemberDef::ro("quotechar", "", |v| Ok(character(dialect_of(&v).quotechar))),
        MemberDef::ro("escapechar", "", |v| Ok(character(dialect_of(&v).escapechar))),
        MemberDef::ro("doublequote", "", |v| Ok(Ref::bool(dialect_of(&v).doublequote))),
        MemberDef::ro("skipinitialspace", "", |v| Ok(Ref::bool(dialect_of(&v).skipinitialspace))),
        MemberDef::ro("strict", "", |v| Ok(Ref::bool(dialect_of(&v).strict))),
        MemberDef::ro("quoting", "", |v| Ok(int::from_i64(dialect_of(&v).quoting))),
        MemberDef::ro("lineterminator", "", |v| Ok(dialect_of(&v).lineterminator.get_ref())),
    ],
    ..TypeSpec::of::<Dialect>()
});

const PARAMETERS: [&str; 8] = [
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

fn dialect_for(dialect: Value, params: Value) -> PyResult {
    make_dialect(&DIALECT_TYPE, dialect, params)
}

/// A dialect from a name, a dialect, or any object with its attributes; keyword parameters go before these.
fn make_dialect(ty: Type, base: Value, params: Value) -> PyResult {
    let mut base = base.or(Value::NONE).to_ref();
    if strings::is_str(*base) {
        let found = dict::get(dialects(), *base)?;
        if found.is_null() {
            return fail("unknown dialect");
        }
        base = found.to_ref();
    }
    if base.is_a::<Dialect>()
        && ty.is(&DIALECT_TYPE)
        && (params.is_null() || dict::expect(params).len() == 0)
    {
        return Ok(base);
    }
    let mut known = 0;
    let mut get = |name: &str| -> PyResult<Option<Ref>> {
        if !params.is_null() {
            let v = dict::get_str(params, name);
            if !v.is_null() {
                known += 1;
                return Ok(Some(v.to_ref()));
            }
        }
        if base.is_none() {
            return Ok(None);
        }
        protocol::getattr_opt(*base, *strings::intern_str(name))
    };
    let mut values = Vec::new();
    for name in PARAMETERS {
        values.push(get(name)?);
    }
    if !params.is_null() && dict::expect(params).len() > known {
        for (k, _) in dict::items(params) {
            let k = protocol::str_text(*k)?;
            if !PARAMETERS.contains(&k.as_str()) {
                return err!(TypeError, "this function got an unexpected keyword argument '{k}'");
            }
        }
    }
    let [delimiter, doublequote, escapechar, lineterminator, quotechar, quoting, skipinitialspace, strict] =
        <[Option<Ref>; 8]>::try_from(values).unwrap_or_default();
    let flag = |v: Option<Ref>, default: bool| v.map_or(Ok(default), |v| protocol::is_true(*v));
    let one = |name: &str, v: &Option<Ref>, default: u32| -> PyResult<u32> {
        let Some(v) = v else { return Ok(default) };
        match strings::as_str(v) {
            Some(s) if s.len() == 1 => Ok(s.at(0)),
            Some(s) => err!(TypeError, "\"{name}\" must be a unicode character, not a string of length {}", s.len()),
            None => err!(TypeError, "\"{name}\" must be a unicode character, not {}", v.type_name()),
        }
    };
    let optional = |name: &str, v: &Option<Ref>, default: Option<u32>| -> PyResult<Option<u32>> {
        let Some(v) = v else { return Ok(default) };
        if v.is_none() {
            return Ok(None);
        }
        match strings::as_str(v) {
            Some(s) if s.len() == 1 => Ok(Some(s.at(0))),
            Some(s) => err!(TypeError, "\"{name}\" must be a unicode character or None, not a string of length {}", s.len()),
            None => err!(TypeError, "\"{name}\" must be a unicode character or None, not {}", v.type_name()),
        }
    };
    let delimiter = one("delimiter", &delimiter, ',' as u32)?;
    let doublequote = flag(doublequote, true)?;
    let escapechar = optional("escapechar", &escapechar, None)?;
    let lineterminator = match lineterminator {
        None => strings::new_str("\r\n"),
        Some(v) if strings::is_str(*v) => v,
        Some(v) if v.is_none() => v,
        Some(v) => return err!(TypeError, "\"lineterminator\" must be a string, not {}", v.type_name()),
    };
    let quotechar_is_none = quotechar.as_ref().is_some_and(|q| q.is_none());
    let quotechar = optional("quotechar", &quotechar, Some('"' as u32))?;
    let quoting_given = quoting.is_some();
    let mut quoting = match quoting {
        None => QUOTE_MINIMAL,
        Some(v) if int::is_int(*v) => int::to_i64(*v)?,
        Some(_) => return err!(TypeError, "\"quoting\" must be an integer"),
    };
    let skipinitialspace = flag(skipinitialspace, false)?;
    let strict = flag(strict, false)?;
    if !(QUOTE_MINIMAL..=QUOTE_NOTNULL).contains(&quoting) {
        return err!(TypeError, "bad \"quoting\" value");
    }
    if quotechar_is_none && !quoting_given {
        quoting = QUOTE_NONE;
    }
    if quoting != QUOTE_NONE && quotechar.is_none() {
        return err!(TypeError, "quotechar must be set if quoting enabled");
    }
    if lineterminator.is_none() {
        return err!(TypeError, "lineterminator must be set");
    }
    let check = |name: &str, c: Option<u32>, space: bool| -> PyResult<()> {
        if c == Some('\n' as u32) || c == Some('\r' as u32) || (c == Some(' ' as u32) && !space) {
            return err!(ValueError, "bad {name} value");
        }
        Ok(())
    };
    check("delimiter", Some(delimiter), true)?;
    check("escapechar", escapechar, !skipinitialspace)?;
    check("quotechar", quotechar, !skipinitialspace)?;
    let in_terminator = |c: Option<u32>| c.is_some_and(|c| expect(*lineterminator).data().iter().any(|x| x == c));
    if in_terminator(Some(delimiter)) || in_terminator(escapechar) || in_terminator(quotechar) {
        return err!(ValueError, "bad lineterminator value");
    }
    for (a, b, what) in [
        (Some(delimiter), escapechar, "delimiter or escapechar"),
        (Some(delimiter), quotechar, "delimiter or quotechar"),
        (escapechar, quotechar, "escapechar or quotechar"),
    ] {
        if a.is_some() && a == b {
            return err!(ValueError, "bad {what} value");
        }
    }
    Ok(alloc(
        ty,
        Dialect {
            header: Header::new(ty),
            delimiter,
            quotechar,
            escapechar,
            doublequote,
            skipinitialspace,
            strict,
            quoting,
            lineterminator: Slot::new(lineterminator),
        },
    ))
}

// ---------------------------------------------------------------- reading

/// Rows from an iterable of lines.
#[repr(C)]
pub struct Reader {
    header: Header,
    input: Slot,
    dialect: Slot,
    line: Cell<i64>,
}
taipan_objects::object_impl!(
    Reader,
    READER_TYPE,
    |this, visit| {
        visit(this.input.get());
        visit(this.dialect.get());
    },
    |this| drop(this.input.take())
);
static READER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_csv.reader",
    doc: "CSV reader",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { iter: Some(|v| Ok(v.to_ref())), iternext: Some(read_row), ..Slots::of::<Reader>() },
    members: &[
        MemberDef::ro("dialect", "", |v| Ok(v.cast::<Reader>().map_or(Ref::NONE, |r| r.dialect.get_ref()))),
        MemberDef::ro("line_num", "", |v| Ok(int::from_i64(v.cast::<Reader>().map_or(0, |r| r.line.get())))),
    ],
    ..TypeSpec::of::<Reader>()
});

#[derive(Clone, Copy, PartialEq)]
enum State {
    StartRecord,
    StartField,
    EscapedChar,
    InField,
    InQuotedField,
    EscapeInQuotedField,
    QuoteInQuotedField,
    EatCrNl,
    AfterEscapedCrNl,
}

struct Row<'a> {
    dialect: &'a Dialect,
    state: State,
    field: StrBuilder,
    unquoted: bool,
    fields: Vec<Ref>,
}

const NOTHING: u32 = u32::MAX;

impl Row<'_> {
    fn save(&mut self) -> PyResult<()> {
        let text = std::mem::take(&mut self.field).finish();
        let quoting = self.dialect.quoting;
        let empty = expect(*text).len() == 0;
        let v = if self.unquoted && empty && matches!(quoting, QUOTE_NOTNULL | QUOTE_STRINGS) {
            Ref::NONE
        } else if self.unquoted && !empty && matches!(quoting, QUOTE_NONNUMERIC | QUOTE_STRINGS) {
            protocol::call(taipan_objects::types::FLOAT_TYPE.value(), &[*text])?
        } else if self.unquoted && quoting == QUOTE_NONNUMERIC {
            protocol::call(taipan_objects::types::FLOAT_TYPE.value(), &[*text])?
        } else {
            text
        };
        self.fields.push(v);
        Ok(())
    }
    fn add(&mut self, c: u32) -> PyResult<()> {
        let limit = LIMIT.load(std::sync::atomic::Ordering::Relaxed);
        if self.field.len() as i64 >= limit {
            return fail(&format!("field larger than field limit ({limit})"));
        }
        self.field.push(c);
        Ok(())
    }
    fn process(&mut self, c: u32) -> PyResult<()> {
        let d = self.dialect;
        let newline = c == '\n' as u32 || c == '\r' as u32;
        let is = |x: Option<u32>| x == Some(c);
        match self.state {
            State::StartRecord if c == NOTHING => {}
            State::StartRecord if newline => self.state = State::EatCrNl,
            State::StartRecord | State::StartField => {
                self.unquoted = true;
                if newline || c == NOTHING {
                    self.save()?;
                    self.state = if c == NOTHING { State::StartRecord } else { State::EatCrNl };
                } else if is(d.quotechar) && d.quoting != QUOTE_NONE {
                    self.unquoted = false;
                    self.state = State::InQuotedField;
                } else if is(d.escapechar) {
                    self.state = State::EscapedChar;
                } else if c == ' ' as u32 && d.skipinitialspace {
                    self.state = State::StartField;
                } else if c == d.delimiter {
                    self.save()?;
                    self.state = State::StartField;
                } else {
                    self.add(c)?;
                    self.state = State::InField;
                }
            }
            State::EscapedChar => {
                if newline {
                    self.add(c)?;
                    self.state = State::AfterEscapedCrNl;
                } else {
                    self.add(if c == NOTHING { '\n' as u32 } else { c })?;
                    self.state = State::InField;
                }
            }
            State::AfterEscapedCrNl | State::InField => {
                if self.state == State::AfterEscapedCrNl && c == NOTHING {
                    return Ok(());
                }
                if newline || c == NOTHING {
                    self.save()?;
                    self.state = if c == NOTHING { State::StartRecord } else { State::EatCrNl };
                } else if is(d.escapechar) {
                    self.state = State::EscapedChar;
                } else if c == d.delimiter {
                    self.save()?;
                    self.state = State::StartField;
                } else {
                    self.add(c)?;
                    self.state = State::InField;
                }
            }
            State::InQuotedField => {
                if c == NOTHING {
                } else if is(d.escapechar) {
                    self.state = State::EscapeInQuotedField;
                } else if is(d.quotechar) && d.quoting != QUOTE_NONE {
                    self.state = if d.doublequote { State::QuoteInQuotedField } else { State::InField };
                } else {
                    self.add(c)?;
                }
            }
            State::EscapeInQuotedField => {
                self.add(if c == NOTHING { '\n' as u32 } else { c })?;
                self.state = State::InQuotedField;
            }
            State::QuoteInQuotedField => {
                if d.quoting != QUOTE_NONE && is(d.quotechar) {
                    self.add(c)?;
                    self.state = State::InQuotedField;
                } else if c == d.delimiter {
                    self.save()?;
                    self.state = State::StartField;
                } else if newline || c == NOTHING {
                    self.save()?;
                    self.state = if c == NOTHING { State::StartRecord } else { State::EatCrNl };
                } else if !d.strict {
                    self.add(c)?;
                    self.state = State::InField;
                } else {
                    let show = |c: u32| strings::expect(*strings::from_char(c)).to_string_lossy().into_owned();
                    return fail(&format!(
                        "'{}' expected after '{}'",
                        show(d.delimiter),
                        show(d.quotechar.unwrap_or('"' as u32))
                    ));
                }
            }
            State::EatCrNl => {
                if newline {
                } else if c == NOTHING {
                    self.state = State::StartRecord;
                } else {
                    return fail(
                        "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                    );
                }
            }
        }
        Ok(())
    }
}

fn read_row(v: Value) -> PyResult<Option<Ref>> {
    let Some(r) = v.cast::<Reader>() else { return Ok(None) };
    let dialect = r.dialect.get_ref();
    let mut row = Row {
        dialect: dialect_of(&dialect),
        state: State::StartRecord,
        field: StrBuilder::new(),
        unquoted: false,
        fields: Vec::new(),
    };
    loop {
        let Some(line) = protocol::next(r.input.get())? else {
            if row.field.len() != 0 || row.state == State::InQuotedField {
                if row.dialect.strict {
                    return fail("unexpected end of data");
                }
                row.save()?;
                break;
            }
            return Ok(None);
        };
        let Some(text) = strings::as_str(&line) else {
            return fail(&format!(
                "iterator should return strings, not {} (the file should be opened in text mode)",
                line.type_name()
            ));
        };
        r.line.set(r.line.get() + 1);
        for c in text.data().iter() {
            row.process(c)?;
        }
        row.process(NOTHING)?;
        if row.state == State::StartRecord {
            break;
        }
    }
    Ok(Some(list::new_list(row.fields)))
}

// ---------------------------------------------------------------- writing

/// Writes rows to a file.
#[repr(C)]
pub struct Writer {
    header: Header,
    write: Slot,
    dialect: Slot,
}
taipan_objects::object_impl!(
    Writer,
    WRITER_TYPE,
    |this, visit| {
        visit(this.write.get());
        visit(this.dialect.get());
    },
    |this| drop(this.write.take())
);
static WRITER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_csv.writer",
    doc: "CSV writer",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots::of::<Writer>(),
    methods: &[
        MethodDef::new("writerow($self, row, /)", "Writes a row.", |a| write_row(a[0], a[1])),
        MethodDef::new("writerows($self, rows, /)", "Writes several rows.", |a| {
            protocol::for_each(a[1], |row| write_row(a[0], *row).map(drop))?;
            Ok(Ref::NONE)
        }),
    ],
    members: &[MemberDef::ro("dialect", "", |v| Ok(v.cast::<Writer>().map_or(Ref::NONE, |w| w.dialect.get_ref())))],
    ..TypeSpec::of::<Writer>()
});

fn append(d: &Dialect, out: &mut StrBuilder, text: &[u32], quoted: bool) -> PyResult<bool> {
    let mut quoted = quoted;
    let mut body = Vec::with_capacity(text.len());
    for c in text {
        let c = *c;
        let special = c == d.delimiter
            || Some(c) == d.escapechar
            || Some(c) == d.quotechar
            || c == '\n' as u32
            || c == '\r' as u32
            || expect(d.lineterminator.get()).data().iter().any(|x| x == c);
        if special {
            let mut want_escape = false;
            if d.quoting == QUOTE_NONE {
                want_escape = true;
            } else {
                if Some(c) == d.quotechar {
                    if d.doublequote {
                        body.push(c);
                    } else {
                        want_escape = true;
                    }
                } else if Some(c) == d.escapechar {
                    want_escape = true;
                }
                if !want_escape {
                    quoted = true;
                }
            }
            if want_escape {
                match d.escapechar {
                    Some(e) => body.push(e),
                    None => return fail("need to escape, but no escapechar set"),
                }
            }
        }
        body.push(c);
    }
    if quoted && let Some(q) = d.quotechar {
        out.push(q);
    }
    for c in body {
        out.push(c);
    }
    if quoted && let Some(q) = d.quotechar {
        out.push(q);
    }
    Ok(quoted)
}

fn write_row(this: Value, row: Value) -> PyResult {
    let Some(w) = this.cast::<Writer>() else { return Ok(Ref::NONE) };
    let dialect = w.dialect.get_ref();
    let d = dialect_of(&dialect);
    if row.ty().slots().iter.is_none() && row.ty().slots().item.is_none() {
        return fail(&format!("iterable expected, not {}", row.type_name()));
    }
    let out = RefCell::new(StrBuilder::new());
    let mut n = 0;
    let mut null_field = false;
    protocol::for_each(row, |field| {
        let number = float::as_float(*field).is_some() || int::is_int(*field);
        let quoted = match d.quoting {
            QUOTE_NONNUMERIC => !number,
            QUOTE_ALL => true,
            QUOTE_STRINGS => strings::is_str(*field),
            QUOTE_NOTNULL => !field.is_none(),
            _ => false,
        };
        null_field = field.is_none();
        let text = if strings::is_str(*field) {
            field.clone()
        } else if field.is_none() {
            strings::empty()
        } else {
            protocol::str(*field)?
        };
        let mut out = out.borrow_mut();
        if n > 0 {
            out.push(d.delimiter);
        }
        let s = expect(*text);
        let mut quoted = quoted;
        // A leading space would be lost by a reader that skips it.
        if s.len() == 0 && d.delimiter == ' ' as u32 && d.skipinitialspace {
            if d.quoting == QUOTE_NONE || (field.is_none() && matches!(d.quoting, QUOTE_STRINGS | QUOTE_NOTNULL)) {
                return fail("empty field must be quoted if delimiter is a space and skipinitialspace is true");
            }
            quoted = true;
        }
        append(d, &mut out, &s.data().to_vec(), quoted)?;
        n += 1;
        Ok(())
    })?;
    let mut out = out.into_inner();
    if n > 0 && out.is_empty() {
        if d.quoting == QUOTE_NONE || (null_field && matches!(d.quoting, QUOTE_STRINGS | QUOTE_NOTNULL)) {
            return fail("single empty field record must be quoted");
        }
        append(d, &mut out, &[], true)?;
    }
    out.push_pystr(expect(d.lineterminator.get()));
    protocol::call(w.write.get(), &[*out.finish()])
}

