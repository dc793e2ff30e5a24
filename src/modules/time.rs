//! `time`: clocks, sleeping, calendar times. Formatting is in `time_format.rs`.

use crate::time_format;
use taipan_objects::err::PyResult;
use taipan_objects::float::{as_float, from_f64};
use taipan_objects::int::{self, as_int, from_i64};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, err, exceptions, module, protocol, simple_namespace, strings, structseq, structseq_type, tuple, vm};

structseq_type! {
    pub static STRUCT_TIME_TYPE, STRUCT_TIME = "time.struct_time",
    "The time value as returned by gmtime(), localtime(), and strptime(), and\n accepted by asctime(), mktime() and strftime().",
    instantiable true, visible 9,
    fields ["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst", "tm_zone", "tm_gmtoff"],
    {
        0 "tm_year" "year, for example, 1993",
        1 "tm_mon" "month of year, range [1, 12]",
        2 "tm_mday" "day of month, range [1, 31]",
        3 "tm_hour" "hours, range [0, 23]",
        4 "tm_min" "minutes, range [0, 59]",
        5 "tm_sec" "seconds, range [0, 61])",
        6 "tm_wday" "day of week, range [0, 6], Monday is 0",
        7 "tm_yday" "day of year, range [1, 366]",
        8 "tm_isdst" "1 if summer time is in effect, 0 if not, and -1 if unknown",
        9 "tm_zone" "abbreviation of timezone name",
        10 "tm_gmtoff" "offset from UTC in seconds",
    }
}

const SECOND: i64 = 1_000_000_000;

/// A clock's time in nanoseconds.
fn clock(id: libc::clockid_t) -> PyResult<i64> {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the struct is ours.
    if unsafe { libc::clock_gettime(id, &mut t) } != 0 {
        return Err(exceptions::last_os_error(None));
    }
    Ok(t.tv_sec as i64 * SECOND + t.tv_nsec as i64)
}

/// Nanoseconds as seconds.
pub fn seconds(ns: i64) -> Ref {
    from_f64(if ns % SECOND == 0 { (ns / SECOND) as f64 } else { ns as f64 / SECOND as f64 })
}

macro_rules! clocks {
    ($($secs:ident $ns:ident $id:expr;)*) => {
        $(fn $secs(_: &[Value]) -> PyResult { Ok(seconds(clock($id)?)) }
        fn $ns(_: &[Value]) -> PyResult { Ok(from_i64(clock($id)?)) })*
    };
}
clocks! {
    time time_ns libc::CLOCK_REALTIME;
    monotonic monotonic_ns libc::CLOCK_MONOTONIC;
    process_time process_time_ns libc::CLOCK_PROCESS_CPUTIME_ID;
    thread_time thread_time_ns libc::CLOCK_THREAD_CPUTIME_ID;
}

fn clock_id(v: Value) -> PyResult<libc::clockid_t> {
    Ok(int::to_i32(v)? as libc::clockid_t)
}
fn clock_gettime(a: &[Value]) -> PyResult {
    Ok(seconds(clock(clock_id(a[0])?)?))
}
fn clock_gettime_ns(a: &[Value]) -> PyResult {
    Ok(from_i64(clock(clock_id(a[0])?)?))
}
fn set_clock(id: libc::clockid_t, ns: i64) -> PyResult {
    let t = libc::timespec { tv_sec: ns.div_euclid(SECOND) as _, tv_nsec: ns.rem_euclid(SECOND) as _ };
    // SAFETY: the struct is ours.
    if unsafe { libc::clock_settime(id, &t) } != 0 {
        return Err(exceptions::last_os_error(None));
    }
    Ok(Ref::NONE)
}
fn clock_settime(a: &[Value]) -> PyResult {
    let id = clock_id(a[0])?;
    set_clock(id, to_nanoseconds(a[1], f64::floor)?)
}
fn clock_settime_ns(a: &[Value]) -> PyResult {
    let id = clock_id(a[0])?;
    set_clock(id, int::to_i64(a[1])?)
}
fn clock_getres(a: &[Value]) -> PyResult {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the struct is ours.
    if unsafe { libc::clock_getres(clock_id(a[0])?, &mut t) } != 0 {
        return Err(exceptions::last_os_error(None));
    }
    Ok(from_f64(t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9))
}
fn pthread_getcpuclockid(a: &[Value]) -> PyResult {
    #[cfg(target_os = "linux")]
    {
        let mut id = 0;
        let thread = int::to_i64(a[0])?;
        // SAFETY: the caller names a live thread, as in C.
        let e = unsafe { libc::pthread_getcpuclockid(thread as libc::pthread_t, &mut id) };
        if e != 0 {
            return Err(exceptions::os_error(e, None, None));
        }
        Ok(from_i64(id as i64))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = a;
        taipan_objects::err::missing("time.pthread_getcpuclockid on this system")
    }
}

/// Seconds as nanoseconds; fractions rounded by `round`.
pub fn to_nanoseconds(v: Value, round: fn(f64) -> f64) -> PyResult<i64> {
    let too_large = || err!(OverflowError, "timestamp out of range for C PyTime_t");
    if let Some(f) = as_float(v) {
        if f.is_nan() {
            return err!(ValueError, "Invalid value NaN (not a number)");
        }
        let ns = round(f * SECOND as f64);
        if !(ns >= i64::MIN as f64 && ns < -(i64::MIN as f64)) {
            return too_large();
        }
        return Ok(ns as i64);
    }
    if v.ty().slots().index.is_none() {
        return err!(TypeError, "'{}' object cannot be interpreted as an integer or float", v.type_name());
    }
    let i = protocol::index(v)?;
    match as_int(&i).and_then(|i| i.to_i64()).and_then(|s| s.checked_mul(SECOND)) {
        Some(ns) => Ok(ns),
        None => too_large(),
    }
}

fn away_from_zero(x: f64) -> f64 {
    if x >= 0.0 { x.ceil() } else { x.floor() }
}

fn sleep(a: &[Value]) -> PyResult {
    let ns = to_nanoseconds(a[0], away_from_zero)?;
    if ns < 0 {
        return err!(ValueError, "sleep length must be non-negative");
    }
    let deadline = clock(libc::CLOCK_MONOTONIC)?.saturating_add(ns);
    let mut left = ns;
    loop {
        let t = libc::timespec { tv_sec: (left / SECOND) as _, tv_nsec: (left % SECOND) as _ };
        let e = vm::allow_threads(|| {
            // SAFETY: the struct is ours.
            if unsafe { libc::nanosleep(&t, std::ptr::null_mut()) } == 0 { 0 } else { std::io::Error::last_os_error().raw_os_error().unwrap_or(0) }
        });
        match e {
            0 => return Ok(Ref::NONE),
            libc::EINTR => vm::check_signals()?,
            _ => return Err(exceptions::os_error(e, None, None)),
        }
        left = deadline - clock(libc::CLOCK_MONOTONIC)?;
        if left <= 0 {
            return Ok(Ref::NONE);
        }
    }
}

// ---------------------------------------------------------------- calendar times

/// An instant in whole seconds; now for None.
fn instant(v: Value) -> PyResult<libc::time_t> {
    if v.is_none_or_null() {
        return Ok((clock(libc::CLOCK_REALTIME)?.div_euclid(SECOND)) as libc::time_t);
    }
    let too_large = || err!(OverflowError, "timestamp out of range for platform time_t");
    if let Some(f) = as_float(v) {
        if f.is_nan() {
            return err!(ValueError, "Invalid value NaN (not a number)");
        }
        let f = f.floor();
        if !(f >= i64::MIN as f64 && f < -(i64::MIN as f64)) {
            return too_large();
        }
        return Ok(f as libc::time_t);
    }
    let i = protocol::index(v)?;
    match as_int(&i).and_then(|i| i.to_i64()) {
        Some(i) => Ok(i as libc::time_t),
        None => too_large(),
    }
}

/// A struct tm of zeros.
pub(crate) fn empty_tm() -> libc::tm {
    // SAFETY: all-zero bytes are a valid struct tm.
    unsafe { std::mem::zeroed() }
}

pub(crate) fn broken_down(t: libc::time_t, local: bool) -> PyResult<libc::tm> {
    let mut tm = empty_tm();
    // SAFETY: both structs are ours.
    let r = unsafe { if local { libc::localtime_r(&t, &mut tm) } else { libc::gmtime_r(&t, &mut tm) } };
    if r.is_null() {
        return Err(exceptions::last_os_error(None));
    }
    Ok(tm)
}

/// Name of the time zone of a struct tm.
fn zone_name(tm: &libc::tm) -> Ref {
    if tm.tm_zone.is_null() {
        return Ref::NONE;
    }
    // SAFETY: set by the C library to a string that stays.
    strings::new_str(&unsafe { std::ffi::CStr::from_ptr(tm.tm_zone) }.to_string_lossy())
}

fn struct_time(tm: &libc::tm, utc: bool) -> Ref {
    let n = |i: libc::c_int| from_i64(i as i64);
    let zone = if utc { strings::new_str("UTC") } else { zone_name(tm) };
    structseq::new(
        &STRUCT_TIME_TYPE,
        vec![
            from_i64(tm.tm_year as i64 + 1900),
            n(tm.tm_mon + 1),
            n(tm.tm_mday),
            n(tm.tm_hour),
            n(tm.tm_min),
            n(tm.tm_sec),
            n((tm.tm_wday + 6) % 7),
            n(tm.tm_yday + 1),
            n(tm.tm_isdst),
            zone,
            from_i64(tm.tm_gmtoff as i64),
        ],
    )
}

fn gmtime(a: &[Value]) -> PyResult {
    let tm = broken_down(instant(a[0])?, false)?;
    Ok(struct_time(&tm, true))
}
fn localtime(a: &[Value]) -> PyResult {
    let tm = broken_down(instant(a[0])?, true)?;
    Ok(struct_time(&tm, false))
}

fn mktime(a: &[Value]) -> PyResult {
    let mut tm = time_format::tm_of(a[0], "mktime")?;
    tm.tm_wday = -1;
    // SAFETY: the struct is ours.
    let t = unsafe { libc::mktime(&mut tm) };
    if t == -1 && tm.tm_wday == -1 {
        return err!(OverflowError, "mktime argument out of range");
    }
    Ok(from_f64(t as f64))
}

fn ctime(a: &[Value]) -> PyResult {
    Ok(time_format::asctime_text(&broken_down(instant(a[0])?, true)?))
}

fn asctime(a: &[Value]) -> PyResult {
    let tm = if a[0].is_null() {
        broken_down(instant(Value::NULL)?, true)?
    } else {
        time_format::checked_tm(a[0], "asctime")?
    };
    Ok(time_format::asctime_text(&tm))
}

fn strftime(a: &[Value]) -> PyResult {
    if !strings::is_str(a[0]) {
        return err!(TypeError, "strftime() argument 1 must be str, not {}", a[0].type_name());
    }
    let tm = if a[1].is_null() {
        broken_down(instant(Value::NULL)?, true)?
    } else {
        time_format::checked_tm(a[1], "strftime")?
    };
    Ok(time_format::strftime(strings::expect(a[0]), tm))
}

fn strptime(args: &[Value], kwnames: Value) -> PyResult {
    let m = (vm::hooks().import)("_strptime")?;
    let f = protocol::getattr_str(*m, "_strptime_time")?;
    protocol::call_kw(*f, args, kwnames)
}

fn get_clock_info(a: &[Value]) -> PyResult {
    let Some(name) = strings::as_str(&a[0]) else {
        return err!(TypeError, "get_clock_info() argument 1 must be str, not {}", a[0].type_name());
    };
    let (id, source, monotonic, adjustable) = if name.eq_str("time") {
        (libc::CLOCK_REALTIME, "CLOCK_REALTIME", false, true)
    } else if name.eq_str("monotonic") || name.eq_str("perf_counter") {
        (libc::CLOCK_MONOTONIC, "CLOCK_MONOTONIC", true, false)
    } else if name.eq_str("process_time") {
        (libc::CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID", true, false)
    } else if name.eq_str("thread_time") {
        (libc::CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID", true, false)
    } else {
        return err!(ValueError, "unknown clock");
    };
    let resolution = clock_getres(&[Value::small_int(id as i64)])?;
    let d = dict::new_dict();
    dict::set_str(*d, "implementation", *strings::new_str(&format!("clock_gettime({source})")));
    dict::set_str(*d, "monotonic", Value::from_bool(monotonic));
    dict::set_str(*d, "adjustable", Value::from_bool(adjustable));
    dict::set_str(*d, "resolution", *resolution);
    Ok(simple_namespace::new_namespace(d))
}

// ---------------------------------------------------------------- time zone

unsafe extern "C" {
    safe fn tzset();
}

/// Sets `timezone`, `altzone`, `daylight` and `tzname` from the zone's offsets in winter and summer.
fn init_timezone(m: Value) -> PyResult<()> {
    tzset();
    const YEAR: i64 = (365 * 24 + 6) * 3600;
    let start = clock(libc::CLOCK_REALTIME)?.div_euclid(SECOND) / YEAR * YEAR;
    let jan = broken_down(start as libc::time_t, true)?;
    let (jan_name, jan_off) = (zone_name(&jan), -(jan.tm_gmtoff as i64));
    let july = broken_down((start + YEAR / 2) as libc::time_t, true)?;
    let (july_name, july_off) = (zone_name(&july), -(july.tm_gmtoff as i64));
    // South of the equator daylight saving time is in January.
    let south = jan_off < july_off;
    let (std, alt) = if south { (july_off, jan_off) } else { (jan_off, july_off) };
    module::add(m, "timezone", from_i64(std));
    module::add(m, "altzone", from_i64(alt));
    module::add(m, "daylight", from_i64((jan_off != july_off) as i64));
    let names = if south { [july_name, jan_name] } else { [jan_name, july_name] };
    module::add(m, "tzname", tuple::of(names));
    Ok(())
}

fn reset_timezone(_: &[Value]) -> PyResult {
    let m = (vm::hooks().import)("time")?;
    init_timezone(*m)?;
    Ok(Ref::NONE)
}

fn init(m: Value) -> PyResult<()> {
    structseq::ready(&STRUCT_TIME_TYPE, &STRUCT_TIME);
    module::add_type(m, &STRUCT_TIME_TYPE);
    module::add(m, "_STRUCT_TM_ITEMS", from_i64(11));
    let clocks = [
        ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
        ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
        ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
        ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
        ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
        #[cfg(target_os = "linux")]
        ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME),
        #[cfg(target_os = "linux")]
        ("CLOCK_TAI", libc::CLOCK_TAI),
    ];
    for (name, id) in clocks {
        module::add(m, name, from_i64(id as i64));
    }
    init_timezone(m)
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "time",
    doc: "This module provides various functions to manipulate time values.",
    functions: &[
        MethodDef::new("time($module, /)", "Return the current time in seconds since the Epoch.", time),
        MethodDef::new("time_ns($module, /)", "Return the current time in nanoseconds since the Epoch.", time_ns),
        MethodDef::new("clock_gettime($module, clk_id, /)", "Return the time of the specified clock clk_id as a float.", clock_gettime),
        MethodDef::new("clock_gettime_ns($module, clk_id, /)", "Return the time of the specified clock clk_id as nanoseconds (int).", clock_gettime_ns),
        MethodDef::new("clock_settime($module, clk_id, time, /)", "Set the time of the specified clock clk_id.", clock_settime),
        MethodDef::new("clock_settime_ns($module, clk_id, time, /)", "Set the time of the specified clock clk_id with nanoseconds.", clock_settime_ns),
        MethodDef::new("clock_getres($module, clk_id, /)", "Return the resolution (precision) of the specified clock clk_id.", clock_getres),
        MethodDef::new("pthread_getcpuclockid($module, thread_id, /)", "Return the clk_id of a thread's CPU time clock.", pthread_getcpuclockid),
        MethodDef::new("sleep($module, object, /)", "Delay execution for a given number of seconds.", sleep),
        MethodDef::new("gmtime($module, seconds=None, /)", "Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a. GMT).", gmtime),
        MethodDef::new("localtime($module, seconds=None, /)", "Convert seconds since the Epoch to a time tuple expressing local time.", localtime),
        MethodDef::new("asctime($module, tuple=None, /)", "Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.", asctime),
        MethodDef::new("ctime($module, seconds=None, /)", "Convert a time in seconds since the Epoch to a string in local time.", ctime),
        MethodDef::new("mktime($module, object, /)", "Convert a time tuple in local time to seconds since the Epoch.", mktime),
        MethodDef::new("strftime($module, format, tuple=None, /)", "Convert a time tuple to a string according to a format specification.", strftime),
        MethodDef::raw("strptime", "strptime(string, format) -> struct_time\n\nParse a string to a time tuple according to a format specification.", strptime),
        MethodDef::new("tzset($module, /)", "Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ'].", reset_timezone),
        MethodDef::new("monotonic($module, /)", "Monotonic clock, cannot go backward.", monotonic),
        MethodDef::new("monotonic_ns($module, /)", "Monotonic clock, cannot go backward, as nanoseconds.", monotonic_ns),
        MethodDef::new("process_time($module, /)", "Process time for profiling: sum of the kernel and user-space CPU time.", process_time),
        MethodDef::new("process_time_ns($module, /)", "Process time for profiling as nanoseconds.", process_time_ns),
        MethodDef::new("thread_time($module, /)", "Thread time for profiling: sum of the kernel and user-space CPU time.", thread_time),
        MethodDef::new("thread_time_ns($module, /)", "Thread time for profiling as nanoseconds.", thread_time_ns),
        MethodDef::new("perf_counter($module, /)", "Performance counter for benchmarking.", monotonic),
        MethodDef::new("perf_counter_ns($module, /)", "Performance counter for benchmarking as nanoseconds.", monotonic_ns),
        MethodDef::new("get_clock_info($module, name, /)", "Get information of the specified clock.", get_clock_info),
    ],
    init: Some(init),
};
