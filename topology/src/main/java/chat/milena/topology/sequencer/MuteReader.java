package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.word.CommandKind;
import org.jspecify.annotations.Nullable;

/// Reads from inbound records that somebody mutes a conversation. Pure.
final class MuteReader {
    private MuteReader() {}

    /// Until when, or null if the command is none of that.
    static @Nullable MuteConversation read(InboundCommand inbound) {
        return inbound.getKind().equals(CommandKind.MEMBER_MUTE.word()) ? inbound.getMute() : null;
    }
}
