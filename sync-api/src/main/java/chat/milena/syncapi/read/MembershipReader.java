package chat.milena.syncapi.read;

import chat.milena.conversation.moderation.BanListRules;
import chat.milena.conversation.rules.AccessRules;
import chat.milena.protocol.call.DeviceRecords;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.frame.SafetyFrames.ModerationWarning;
import chat.milena.protocol.read.Bans;
import chat.milena.protocol.read.Blocks.BlockLine;
import chat.milena.protocol.read.Blocks;
import chat.milena.protocol.read.ReportQueue.ReportedLine;
import chat.milena.protocol.read.InboxLine;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.avro.Warnings;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Answers reads of a user's conversations and profile. Pure except for reading the views; safe for all threads
/// that bring their own views.
public final class MembershipReader {
    /// How many memberships are read, for each requested one, to find those that their user has joined in.
    private static final int SCANNED_EACH = 10;

    /// Reported messages that are read at a time, and the bytes of them beyond which a page ends.
    private static final int REPORTS_AT_A_TIME = 5;

    private static final long REPORTS_BYTES_MAX = 1 << 20;

    /// Bans that a client which begins is sent; of others it learns when it writes.
    private static final int BANS_OF_USER_MAX = 20;

    /// Bans from single conversations that are read for it, those that have ended among them.
    private static final int BANS_OF_USER_READ = 200;

    /// More than a user can have, registered and signed out.
    private static final int DEVICES_MAX = 2_000;

    /// Answers one read. Users may read their own memberships; the caller has been authenticated as this user, or
    /// learns only which users share a conversation.
    public ReadAnswer<?> answer(MembershipViews views, Read.OfUser<?> read, Instant now) {
        Record found = found(views, read, now);
        return found == null
                ? new ReadAnswer.Refused<>(Refusal.NO_SUCH_CONVERSATION)
                : new ReadAnswer.Answered<>(found);
    }

    /// Null for a conversation that is not the user's.
    private static @Nullable Record found(MembershipViews views, Read.OfUser<?> read, Instant now) {
        return switch (read) {
            case Read.Memberships(var user, var after, var limit) ->
                keeping(views, user, after, views.memberships(user, after, limit));
            case Read.Joined(var user, var after, var limit) -> ids(joined(views, user, after, limit));
            case Read.FollowedBy(var user, var limit) ->
                new ReadAnswer.FollowedList(views.threads(user, limit).stream()
                        .map(thread -> new Read.Followed(
                                thread.getConversationId(),
                                thread.getRootId(),
                                thread.getRootSequence(),
                                thread.getReadUpToOrdinal()))
                        .toList());
            case Read.Profile(var user) -> profile(user, views.user(user));
            case Read.Blocking(var user, var among) -> new ReadAnswer.UserIds(blocked(views, user, among));
            case Read.BlocksPage(var user, var after, var limit) -> blocks(views.blocks(user, after, limit + 1), limit);
            case ModerationRead.BansPage(var after, var limit, var nowMillis) ->
                bans(views, after, limit, Instant.ofEpochMilli(nowMillis));
            case ModerationRead.BanOf(var tenant, var userId, var conversationId, var nowMillis) ->
                new ModerationRead.IsBanned(Stream.of("", conversationId)
                        .map(scope -> views.ban(new BanKey(tenant, userId, scope)))
                        .filter(Objects::nonNull)
                        .anyMatch(ban -> BanListRules.holds(ban, Instant.ofEpochMilli(nowMillis))));
            case ModerationRead.BansOf(var tenant, var userId, var nowMillis) ->
                bansOf(views, new BanKey(tenant, userId, ""), Instant.ofEpochMilli(nowMillis));
            case ModerationRead.ReportsPage(var after, var limit) -> reported(views, after, limit);
            case ModerationRead.WarningsOf(var user) -> warnings(views.warnings(user));
            case Read.DraftOf(var user, var conversationId) ->
                drafted(views.personal(new MembershipKey(user, conversationId)));
            case Read.DevicesOf(var user) ->
                new DeviceRecords.Registered(views.devices(user, DEVICES_MAX).stream()
                        .filter(device -> device.getPush() != null)
                        .map(DeviceRecords.Kept::of)
                        .toList());
            case Read.DeviceOf(var user, var deviceId) -> kept(deviceId, views.device(new DeviceKey(user, deviceId)));
            case Read.SettingsOf(var user) -> settings(views.user(user));
            case Read.LevelOf(var user, var conversationId) ->
                level(views, new MembershipKey(user, conversationId), now);
            case Read.NotifiedUser notified -> notified(views, notified, now);
        };
    }

    private static DeviceRecords.Kept kept(String deviceId, @Nullable Device device) {
        return device == null ? DeviceRecords.Kept.nothing(deviceId) : DeviceRecords.Kept.of(device);
    }

    private static Notifications.UserNotifications settings(@Nullable User user) {
        return Notifications.UserNotifications.of(user == null ? null : user.getNotifications());
    }

    private static ReadAnswer.Notified notified(MembershipViews views, Read.NotifiedUser read, Instant now) {
        UserKey user = read.user();
        return new ReadAnswer.Notified(
                kept(read.deviceId(), views.device(new DeviceKey(user, read.deviceId()))),
                level(views, new MembershipKey(user, read.conversationId()), now),
                settings(views.user(user)),
                blocked(views, user, read.senderIds()),
                read.rootIds().stream()
                        .filter(root -> views.follows(new FollowKey(user, read.conversationId(), root)))
                        .toList());
    }

    private static List<String> blocked(MembershipViews views, UserKey user, List<String> among) {
        return among.stream()
                .filter(other -> views.hasBlocked(new BlockKey(user, other)))
                .toList();
    }

    private static Notifications.@Nullable ConversationNotifications level(
            MembershipViews views, MembershipKey key, Instant now) {
        Member member = views.membership(key);
        if (member == null) {
            return null;
        }
        Personal personal = views.personal(key);
        String level = personal == null ? null : personal.getNotificationLevel();
        Instant mutedUntil = member.getMutedUntil();
        boolean muted = mutedUntil != null && mutedUntil.isAfter(now);
        return new Notifications.ConversationNotifications(
                key.conversationId(),
                level,
                level == null ? settings(views.user(key.user())).level() : level,
                muted,
                muted ? mutedUntil.toEpochMilli() : null);
    }

    private static ReadAnswer.ConversationIds ids(List<Member> members) {
        return new ReadAnswer.ConversationIds(
                members.stream().map(Member::getConversationId).toList(), List.of());
    }

    /// Most users have no own state, and one check is enough to know. A user with much of it is in no more
    /// conversations because of it.
    private static ReadAnswer.ConversationIds keeping(
            MembershipViews views, UserKey user, String after, List<Member> members) {
        ReadAnswer.ConversationIds ids = ids(members);
        if (members.isEmpty() || !views.keepsAny(user, after)) {
            return ids;
        }
        List<ReadAnswer.Kept> kept = new ArrayList<>();
        for (String conversationId : ids.conversationIds()) {
            Personal personal = views.personal(new MembershipKey(user, conversationId));
            if (personal != null) {
                kept.add(kept(personal));
            }
        }
        return new ReadAnswer.ConversationIds(ids.conversationIds(), kept);
    }

    private static ReadAnswer.Kept kept(Personal personal) {
        return new ReadAnswer.Kept(
                personal.getConversationId(),
                personal.getArchived(),
                personal.getPinned(),
                personal.getHiddenAtOrdinal(),
                personal.getClearedUpTo(),
                personal.getDraft() == null ? 0 : personal.getDraft().getText().length());
    }

    private static Blocks blocks(List<Block> found, int limit) {
        List<BlockLine> lines = found.stream()
                .limit(limit)
                .map(block ->
                        new BlockLine(block.getBlockedId(), block.getCreatedAt().toString()))
                .toList();
        return new Blocks(
                lines, found.size() > limit ? Cursors.user(lines.getLast().userId()) : null);
    }

    private static PendingWarnings warnings(@Nullable Warnings pending) {
        return new PendingWarnings(
                List.of(),
                pending == null
                        ? List.of()
                        : pending.getWarnings().stream()
                                .map(ModerationWarning::of)
                                .toList());
    }

    /// A few rows at a time, since each may be large; those beyond a size are left to the next page.
    private static ModerationRead.Reported reported(MembershipViews views, ReportKey from, int limit) {
        List<ModerationRead.Row> rows = new ArrayList<>();
        long bytes = 0;
        ReportKey after = from;
        while (true) {
            List<ReportedMessage> some = views.reports(after, REPORTS_AT_A_TIME);
            for (ReportedMessage message : some) {
                if (rows.size() == limit || bytes >= REPORTS_BYTES_MAX) {
                    return new ModerationRead.Reported(rows, true);
                }
                long openedMillis = message.getOpenedAt().toEpochMilli();
                ReportedLine line = ReportedLine.of(message);
                rows.add(new ModerationRead.Row(message.getSequenceNumber(), openedMillis, line));
                bytes += ProtocolJson.bytes(line).length;
                after = new ReportKey(
                        from.tenant(),
                        from.decided(),
                        openedMillis,
                        message.getConversationId(),
                        message.getMessageId());
            }
            if (some.size() < REPORTS_AT_A_TIME) {
                return new ModerationRead.Reported(rows, false);
            }
        }
    }

    /// Ended bans are left out; a page may hold fewer because of that.
    private static Bans bans(MembershipViews views, BanKey after, int limit, Instant now) {
        List<Ban> found = views.bans(after, limit + 1);
        List<Ban> page = found.subList(0, Math.min(limit, found.size()));
        return new Bans(
                page.stream()
                        .filter(ban -> BanListRules.holds(ban, now))
                        .map(MembershipReader::line)
                        .toList(),
                found.size() > limit
                        ? Cursors.ban(page.getLast().getUserId(), page.getLast().getConversationId())
                        : null);
    }

    private static Bans bansOf(MembershipViews views, BanKey ofTenant, Instant now) {
        List<Ban> ofConversations = views.bansOf(ofTenant, BANS_OF_USER_READ);
        return new Bans(
                Stream.concat(Stream.ofNullable(views.ban(ofTenant)), ofConversations.stream())
                        .filter(ban -> BanListRules.holds(ban, now))
                        .limit(BANS_OF_USER_MAX)
                        .map(MembershipReader::line)
                        .toList(),
                null);
    }

    private static Bans.BanLine line(Ban ban) {
        Instant until = ban.getUntil();
        return new Bans.BanLine(
                ban.getUserId(),
                ban.getConversationId(),
                until == null ? null : until.toEpochMilli(),
                ban.getReason(),
                ban.getBannedBy(),
                ban.getCreatedAt().toEpochMilli());
    }

    private static ReadAnswer.Drafted drafted(@Nullable Personal personal) {
        MessageDraft draft = personal == null ? null : personal.getDraft();
        return new ReadAnswer.Drafted(draft == null ? null : new InboxLine.Draft(draft.getText(), draft.getReplyTo()));
    }

    private static UserView profile(UserKey user, @Nullable User profile) {
        // A user may have settings without a profile.
        return profile == null || profile.getUpdatedAt().equals(Instant.EPOCH)
                ? UserView.unknown(user.userId())
                : UserView.of(profile);
    }

    /// Groups to which others added the user do not displace those that the user has joined in.
    private static List<Member> joined(MembershipViews views, UserKey user, String from, int limit) {
        List<Member> joined = new ArrayList<>();
        String after = from;
        for (int scanned = 0; scanned < SCANNED_EACH * limit && joined.size() < limit; scanned += limit) {
            List<Member> members = views.memberships(user, after, limit);
            members.stream()
                    .filter(AccessRules::hasJoinedIn)
                    .limit(limit - joined.size())
                    .forEach(joined::add);
            if (members.size() < limit) {
                break;
            }
            after = members.getLast().getConversationId();
        }
        return joined;
    }
}
