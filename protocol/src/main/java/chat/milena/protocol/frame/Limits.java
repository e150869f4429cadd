package chat.milena.protocol.frame;

/// The maximum sizes of the parts of a request. Immutable.
///
/// @param textCodePointsMax length of a message's text
/// @param metadataBytesMax size of a message's metadata as JSON text in UTF-8
/// @param frameBytesMax size of a WebSocket frame, and of a REST body that does not list members
/// @param membersMax members of a group, including its creator
public record Limits(int textCodePointsMax, int metadataBytesMax, int frameBytesMax, int membersMax) {
    /// The defaults that the protocol documents.
    public static final Limits DEFAULT = new Limits(4_000, 4 * 1024, 64 * 1024, 1_000);

    /// An id, its quotes, its comma, and some spaces.
    private static final int MEMBER_BYTES = 72;

    /// An escaped name, settings, and the names of fields.
    private static final int GROUP_BYTES = 4 * 1024;

    public Limits {
        if (textCodePointsMax < 1 || metadataBytesMax < 2 || frameBytesMax < 1_024 || membersMax < 2) {
            throw new IllegalArgumentException(
                    "limits must allow 1 code point of text, 2 bytes of metadata, a frame of 1,024 bytes and 2"
                            + " members");
        }
    }

    /// Maximum size of a REST body that lists members: a frame, or more if a frame could not hold all members of a
    /// group.
    public int membersBytesMax() {
        return Math.max(frameBytesMax, GROUP_BYTES + MEMBER_BYTES * membersMax);
    }
}
