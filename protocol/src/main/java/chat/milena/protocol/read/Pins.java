package chat.milena.protocol.read;

import chat.milena.protocol.timeline.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pinned messages of a conversation that the reader may read, in the order of their numbers.
///
/// @param nextCursor start of the next page; left out on the last page
public record Pins(List<Entry> pins, @Nullable String nextCursor) {}
