//! Time tuples to C's struct tm, and struct tm to text.

use crate::time::{STRUCT_TIME_TYPE, empty_tm};
use std::ffi::CString;
use taipan_objects::err::PyResult;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, int, strings, tuple};

/// A time tuple as struct tm.
pub(crate) fn tm_of(v: Value, function: &str) -> PyResult<libc::tm> {
    if !tuple::is_tuple(v) {
        return err!(TypeError, "Tuple or struct_time argument required");
    }
    let items = tuple::as_slice(v);
    if items.len() != 9 {
        return err!(TypeError, "{function}(): illegal time tuple argument");
    }
    let mut n = [0i32; 9];
    for (n, item) in n.iter_mut().zip(items) {
        *n = int::to_i32(*item)?;
    }
    let Some(year) = n[0].checked_sub(1900) else {
        return err!(OverflowError, "year out of range");
    };
    let mut tm = empty_tm();
    tm.tm_year = year;
    tm.tm_mon = n[1].wrapping_sub(1);
    tm.tm_mday = n[2];
    tm.tm_hour = n[3];
    tm.tm_min = n[4];
    tm.tm_sec = n[5];
    tm.tm_wday = n[6].wrapping_add(1) % 7;
    tm.tm_yday = n[7].wrapping_sub(1);
    tm.tm_isdst = n[8];
    if v.ty().is(&STRUCT_TIME_TYPE) {
        let zone = taipan_objects::structseq::field::<9>(v)?;
        if let Some(s) = strings::as_str(&zone) {
            tm.tm_zone = keep_zone(&s.to_string());
        }
        let offset = taipan_objects::structseq::field::<10>(v)?;
        if let Some(i) = int::as_int(&offset) {
            tm.tm_gmtoff = i.to_i64().unwrap_or(0) as _;
        }
    }
    Ok(tm)
}

/// A zone's name that lives for ever; there are few.
fn keep_zone(name: &str) -> *mut libc::c_char {
    use std::sync::Mutex;
    static NAMES: Mutex<Vec<CString>> = Mutex::new(Vec::new());
    let mut names = NAMES.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(n) = names.iter().find(|n| n.as_bytes() == name.as_bytes()) {
        return n.as_ptr() as *mut libc::c_char;
    }
    let Ok(c) = CString::new(name) else {
        return std::ptr::null_mut();
    };
    names.push(c);
    names
        .last()
        .map_or(std::ptr::null_mut(), |n| n.as_ptr() as *mut libc::c_char)
}

/// As `tm_of`, with values that formatting can bear.
pub(crate) fn checked_tm(v: Value, function: &str) -> PyResult<libc::tm> {
    let mut tm = tm_of(v, function)?;
    if tm.tm_mon == -1 {
        tm.tm_mon = 0;
    } else if !(0..=11).contains(&tm.tm_mon) {
        return err!(ValueError, "month out of range");
    }
    if tm.tm_mday == 0 {
        tm.tm_mday = 1;
    } else if !(0..=31).contains(&tm.tm_mday) {
        return err!(ValueError, "day of month out of range");
    }
    if !(0..=23).contains(&tm.tm_hour) {
        return err!(ValueError, "hour out of range");
    }
    if !(0..=59).contains(&tm.tm_min) {
        return err!(ValueError, "minute out of range");
    }
    if !(0..=61).contains(&tm.tm_sec) {
        return err!(ValueError, "seconds out of range");
    }
    if tm.tm_wday < 0 {
        return err!(ValueError, "day of week out of range");
    }
    if tm.tm_yday == -1 {
        tm.tm_yday = 0;
    } else if !(0..=365).contains(&tm.tm_yday) {
        return err!(ValueError, "day of year out of range");
    }
    tm.tm_isdst = tm.tm_isdst.clamp(-1, 1);
    Ok(tm)
}

/// `Sat Jun  6 16:26:11 1998`.
pub(crate) fn asctime_text(tm: &libc::tm) -> Ref {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    strings::new_str(&format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        DAYS[tm.tm_wday.rem_euclid(7) as usize],
        MONTHS[tm.tm_mon.rem_euclid(12) as usize],
        tm.tm_mday,
        tm.tm_hour,
        tm.tm_min,
        tm.tm_sec,
        1900 + tm.tm_year as i64
    ))
}

/// The C library's strftime on the ASCII parts of the format; the rest is copied.
pub(crate) fn strftime(format: &strings::PyStr, tm: libc::tm) -> Ref {
    let mut out = strings::StrBuilder::new();
    let mut run = Vec::new();
    for c in format.data().iter() {
        if c != 0 && c < 128 {
            run.push(c as u8);
        } else {
            format_run(&mut run, &tm, &mut out);
            out.push(c);
        }
    }
    format_run(&mut run, &tm, &mut out);
    out.finish()
}

fn format_run(run: &mut Vec<u8>, tm: &libc::tm, out: &mut strings::StrBuilder) {
    if run.is_empty() {
        return;
    }
    // A mark at the end tells an empty result from a buffer that is too small.
    let mut text = std::mem::take(run);
    text.push(b'|');
    let Ok(format) = CString::new(text) else {
        return;
    };
    let mut buffer = vec![0u8; 1024.max(format.as_bytes().len() * 4)];
    for _ in 0..12 {
        // SAFETY: buffer, format and struct are ours.
        let n = unsafe {
            libc::strftime(
                buffer.as_mut_ptr() as *mut libc::c_char,
                buffer.len(),
                format.as_ptr(),
                tm,
            )
        };
        if n > 0 {
            out.push_str(&String::from_utf8_lossy(&buffer[..n - 1]));
            return;
        }
        buffer.resize(buffer.len() * 4, 0);
    }
}
