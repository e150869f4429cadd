package chat.milena.syncapi.read;

/// How much a page may hold. Immutable.
///
/// @param entries at most so many
/// @param bytes no further entry that would bring it above so many bytes of JSON
/// @param atLeastOne whether the first entry is taken whatever it weighs, so that each page gets on
record PageBound(int entries, long bytes, boolean atLeastOne) {

    /// Whether one more entry is taken.
    ///
    /// @param taken entries so far
    /// @param takenBytes what they weigh
    /// @param moreBytes what the next one weighs
    boolean admits(int taken, long takenBytes, long moreBytes) {
        return taken < entries && (takenBytes + moreBytes <= bytes || (taken == 0 && atLeastOne));
    }
}
