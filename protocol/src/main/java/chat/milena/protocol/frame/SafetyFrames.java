package chat.milena.protocol.frame;

import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.ChangedBlock;
import chat.milena.schemas.avro.Warning;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The frames of the server about blocks and about what moderators decided.
public final class SafetyFrames {
    private SafetyFrames() {}

    /// This user, on whichever device, has blocked somebody, or no longer does.
    public record BlockUpdated(String userId, boolean blocked) implements FromServer.OfSafety {}

    /// A moderator has banned this user, or no longer does.
    ///
    /// @param conversationId left out if it is about all conversations
    /// @param until when it ends by itself; left out if it does not
    public record BanUpdated(
            @Nullable String conversationId,
            boolean banned,
            @Nullable Long until,
            String reason) implements FromServer.OfSafety {}

    /// A moderator warns this user because of a message of theirs.
    ///
    /// @param text the words of the moderator
    public record ModerationWarning(
            String conversationId,
            String messageId,
            @Nullable String text,
            long timestamp) implements FromServer.OfSafety {
        /// The warning of a record of the log.
        public static ModerationWarning of(Warning warning) {
            return new ModerationWarning(
                    warning.getConversationId(),
                    warning.getMessageId(),
                    warning.getText(),
                    warning.getTimestamp().toEpochMilli());
        }
    }

    /// What a client that begins is to be sent, as the query side answers a gateway.
    ///
    /// @param bans those that hold
    /// @param warnings those that the user is still to be shown, oldest first
    public record PendingWarnings(List<BanUpdated> bans, List<ModerationWarning> warnings) {
        /// A query side of an earlier version answers without bans.
        public PendingWarnings(@Nullable List<BanUpdated> bans, List<ModerationWarning> warnings) {
            this.bans = bans == null ? List.of() : bans;
            this.warnings = warnings;
        }
    }

    /// This user is warned.
    public static ServerFrame of(Warning warning) {
        return of(ModerationWarning.of(warning));
    }

    /// The frame of a ban or a warning from before.
    public static ServerFrame of(FromServer.OfSafety frame) {
        return ServerFrame.of(frame);
    }

    /// This user has blocked somebody, or no longer does.
    public static ServerFrame of(ChangedBlock block) {
        return ServerFrame.of(new BlockUpdated(block.getBlockedId(), block.getBlocked()));
    }

    /// This user is banned, or no longer.
    public static ServerFrame of(ChangeBan ban) {
        Instant until = ban.getUntil();
        return ServerFrame.of(new BanUpdated(
                ban.getConversationId(),
                ban.getBanned(),
                until == null ? null : until.toEpochMilli(),
                ban.getReason()));
    }
}
