//! `_socket`: sockets and names.

mod address;
mod constants;
mod lookup;
mod object;

use taipan_objects::native::ModuleDef;
use taipan_objects::value::{Ref, Slot};
use taipan_objects::{dict, exceptions, function, int, module, protocol, strings, tuple};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_socket",
    doc: "Implementation module for socket operations.\n\nSee the socket module for documentation.",
    functions: lookup::FUNCTIONS,
    init: Some(|m| {
        let name = strings::intern_str("_socket");
        for f in object::FUNCTIONS {
            dict::set_str(module::namespace(m), f.name(), *function::new_builtin(f, m, *name));
        }
        for (n, v) in constants::CONSTANTS {
            module::add(m, n, int::from_i64(*v));
        }
        module::add(m, "has_ipv6", Ref::bool(true));
        module::add(m, "error", exceptions::OSError.to_ref());
        module::add(m, "timeout", exceptions::TimeoutError.to_ref());
        for (n, slot) in [("herror", &ERRORS.0[0]), ("gaierror", &ERRORS.0[1])] {
            let ns = dict::new_dict();
            dict::set_str(*ns, "__module__", *strings::intern_str("socket"));
            let t = protocol::call(
                taipan_objects::types::TYPE_TYPE.value(),
                &[*strings::intern_str(n), *tuple::of([exceptions::OSError.to_ref()]), *ns],
            )?;
            slot.set(t.clone());
            module::add(m, n, t);
        }
        module::add_type(m, &object::SOCKET_TYPE);
        module::add(m, "SocketType", object::SOCKET_TYPE.to_ref());
        Ok(())
    }),
};

struct Errors([Slot; 2]);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Errors {}
static ERRORS: Errors = Errors([const { Slot::null() }; 2]);

/// `herror` or `gaierror` with a number and a text.
fn lookup_error(which: usize, number: i32, text: &str) -> taipan_objects::err::Raised {
    let ty = ERRORS.0[which].get_ref();
    match taipan_objects::typeobject::as_type(*ty) {
        Some(t) => taipan_objects::err::raise_with(t, &[*int::from_i64(number as i64), *strings::new_str(text)]),
        None => taipan_objects::raised!(OSError, "{text}"),
    }
}
