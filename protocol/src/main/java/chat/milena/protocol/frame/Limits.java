package chat.milena.protocol.frame;

/// How large the parts of a request may be. Immutable.
///
/// @param textCodePointsMax length of a message's text
/// @param metadataBytesMax size of a message's metadata as JSON text in UTF-8
/// @param frameBytesMax size of a WebSocket frame, and of a REST body that does not list members
/// @param membersMax people in a group, its creator included
public record Limits(int textCodePointsMax, int metadataBytesMax, int frameBytesMax, int membersMax) {
    /// What the protocol promises.
    public static final Limits DEFAULT = new Limits(4_000, 4 * 1024, 64 * 1024, 1_000);

    /// An id, its quotes and its comma, and a few blanks.
    private static final int MEMBER_BYTES = 72;

    /// A name in escapes, settings, and the names of fields.
    private static final int GROUP_BYTES = 4 * 1024;

    public Limits {
        if (textCodePointsMax < 1 || metadataBytesMax < 2 || frameBytesMax < 1_024 || membersMax < 2) {
            throw new IllegalArgumentException(
                    "limits must allow 1 code point of text, 2 bytes of metadata, a frame of 1,024 bytes and 2"
                            + " members");
        }
    }

    /// Size of a REST body that lists members: a frame, or more where that could not hold all whom a group may have.
    public int membersBytesMax() {
        return Math.max(frameBytesMax, GROUP_BYTES + MEMBER_BYTES * membersMax);
    }
}
