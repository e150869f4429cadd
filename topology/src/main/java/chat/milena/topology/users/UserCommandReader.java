package chat.milena.topology.users;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.person.UserCommand;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.ChangeBlock;
import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.ChangeWarnings;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.Word;
import org.jspecify.annotations.Nullable;

/// Reads the commands of users from inbound records, and checks the rules that every gateway keeps. Pure.
///
/// The only place that reads the kind of such a command.
final class UserCommandReader {
    /// Before the id of a connection that has no device.
    static final String CONNECTION = "~";

    /// In code points.
    private static final int REASON_CHARACTERS_MAX = 200;

    private UserCommandReader() {}

    /// The result of reading an inbound record.
    sealed interface UserReading {}

    /// A command.
    record Known(UserCommand command) implements UserReading {}

    /// A claim on the address of a registration, or the release of one.
    record Claim() implements UserReading {}

    /// A command of a later version.
    record Unknown() implements UserReading {}

    /// A record that no gateway of ours appends.
    record Malformed(String reason) implements UserReading {}

    static UserReading read(UserKey key, InboundCommand inbound) {
        if (!Ids.isValid(inbound.getTenant())) {
            return new Malformed("tenant: not an id");
        }
        if (!Ids.isValid(inbound.getUserId())) {
            return new Malformed("userId: not an id");
        }
        CommandKind kind = Word.parse(CommandKind.class, inbound.getKind()).orElse(null);
        if (kind == CommandKind.PUSH_CLAIM) {
            return claim(key, inbound.getDevice());
        }
        UserKey owner = kind != null && kind.isOfModeration()
                ? UserKey.moderation(inbound.getTenant())
                : new UserKey(inbound.getTenant(), inbound.getUserId());
        if (!key.equals(owner)) {
            return new Malformed("key: of another user than the value");
        }
        return switch (kind) {
            case null -> new Unknown();
            case USER_PROFILE -> profile(inbound.getProfile());
            case USER_BLOCK -> block(inbound.getBlock());
            case USER_DEVICE -> device(inbound.getDevice());
            case USER_NOTIFICATIONS -> notifications(inbound.getNotifications());
            case USER_WARNINGS -> warnings(inbound.getWarnings());
            case PUSH_CLAIM -> new Malformed("key: of a user, not of an address");
            case MODERATION_BAN -> ban(inbound, inbound.getBan());
            case MESSAGE_SEND,
                    MESSAGE_EDIT,
                    MESSAGE_DELETE,
                    MESSAGE_REACT,
                    MESSAGE_PIN,
                    MESSAGE_REPORT,
                    MESSAGE_FLAG,
                    MESSAGE_DECIDE,
                    MESSAGE_DELIVERED,
                    MESSAGE_READ,
                    CONVERSATION_CREATE,
                    CONVERSATION_UPDATE,
                    MEMBER_ADD,
                    MEMBER_REMOVE,
                    MEMBER_ROLE,
                    MEMBER_MUTE,
                    MEMBER_ACCEPT,
                    THREAD_FOLLOW,
                    THREAD_UNFOLLOW,
                    MEMBER_PERSONAL,
                    MEMBER_BLOCK -> new Malformed("kind: a command on a conversation");
        };
    }

    private static UserReading block(@Nullable ChangeBlock block) {
        if (block == null) {
            return new Malformed("block: missing");
        }
        return Ids.isValid(block.getUserId())
                ? new Known(new UserCommand.SetBlock(block.getUserId(), block.getBlocked()))
                : new Malformed("block.userId: not an id");
    }

    private static UserReading claim(UserKey key, @Nullable ChangeDevice claim) {
        if (claim == null || claim.getAddressHash() == null || claim.getRegisteredUpTo() == null) {
            return new Malformed("device: without the address or the moment of its registration");
        }
        if (!Ids.isValid(claim.getDeviceId())) {
            return new Malformed("device.deviceId: not an id");
        }
        return key.equals(AddressClaims.key(claim.getAddressHash()))
                ? new Claim()
                : new Malformed("key: of another address than the value");
    }

    private static UserReading device(@Nullable ChangeDevice change) {
        if (change == null) {
            return new Malformed("device: missing");
        }
        String deviceId = change.getDeviceId();
        boolean isConnection = deviceId.startsWith(CONNECTION);
        if (!Ids.isValid(isConnection ? deviceId.substring(CONNECTION.length()) : deviceId)) {
            return new Malformed("device.deviceId: not an id");
        }
        if (change.getSignsOut()) {
            return new Known(new UserCommand.SignOut(deviceId));
        }
        if (isConnection) {
            return new Malformed("device.deviceId: of a connection, which cannot be registered");
        }
        if (change.getUnregisters()) {
            return new Known(new UserCommand.Unregister(deviceId, change.getAddressHash(), change.getRegisteredUpTo()));
        }
        if (change.getPush() == null) {
            return new Malformed("device.push: missing");
        }
        return new Known(
                change.getRekeysOf() == null
                        ? new UserCommand.Register(deviceId, change.getPush(), change.getIssuedAt())
                        : new UserCommand.Rekey(deviceId, change.getPush(), change.getRekeysOf()));
    }

    private static UserReading notifications(@Nullable NotificationSettings settings) {
        return settings == null
                ? new Malformed("notifications: missing")
                : new Known(new UserCommand.SetNotifications(settings));
    }

    private static UserReading warnings(@Nullable ChangeWarnings change) {
        return change == null || (change.getAdded() == null) == (change.getShownUpTo() == null)
                ? new Malformed("warnings: not one change")
                : new Known(new UserCommand.ChangeWarned(change));
    }

    private static UserReading ban(InboundCommand inbound, @Nullable ChangeBan ban) {
        ActorKind actor = Word.parse(ActorKind.class, inbound.getActorKind()).orElse(null);
        if (actor == null) {
            return new Unknown();
        }
        if (ban == null) {
            return new Malformed("ban: missing");
        }
        if (!Ids.isValidUser(ban.getUserId())) {
            return new Malformed("ban.userId: not an id");
        }
        if (ban.getConversationId() != null && !Ids.isValid(ban.getConversationId())) {
            return new Malformed("ban.conversationId: not an id");
        }
        String reason = ban.getReason();
        return reason.codePointCount(0, reason.length()) > REASON_CHARACTERS_MAX
                ? new Malformed("ban.reason: too long")
                : new Known(new UserCommand.SetBan(new Actor(inbound.getUserId(), actor), ban));
    }

    private static UserReading profile(@Nullable ChangeProfile profile) {
        return profile == null
                ? new Malformed("profile: missing")
                : new Known(new UserCommand.SetProfile(profile.getName(), profile.getAvatarUrl(), profile.getCustom()));
    }
}
