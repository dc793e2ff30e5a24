//! Which characters names may hold, and which can be shown in a message.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// May start a name.
pub fn is_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

/// May continue a name.
pub fn is_continue(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

/// `str.isprintable` for one character.
pub fn is_printable(c: char) -> bool {
    use GeneralCategory::*;
    c == ' '
        || !matches!(
            CodePointMapData::<GeneralCategory>::new().get(c),
            Control
                | Format
                | Surrogate
                | PrivateUse
                | Unassigned
                | LineSeparator
                | ParagraphSeparator
                | SpaceSeparator
        )
}
