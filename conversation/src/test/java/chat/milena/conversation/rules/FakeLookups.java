package chat.milena.conversation.rules;

import chat.milena.conversation.command.Answer.Detail.Banned;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.DepartureDeleted;
import chat.milena.conversation.command.Change.DepartureNoted;
import chat.milena.conversation.command.Change.MessageAnnotated;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.MessageOverwritten;
import chat.milena.conversation.command.Change.PersonalChanged;
import chat.milena.conversation.command.Change.PinsChanged;
import chat.milena.conversation.command.Change.ReactionsChanged;
import chat.milena.conversation.command.Change.ReportChanged;
import chat.milena.conversation.command.Change.SendNoted;
import chat.milena.conversation.command.Change.SenderIndexed;
import chat.milena.conversation.command.Change.ThreadGrown;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.EmojiUse;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.conversation.state.OwnReactions.OwnReaction;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ReportedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Look-ups in maps that a test fills; it also notes what was looked up.
final class FakeLookups implements Lookups {
    final Map<String, FirstSend> messages = new HashMap<>();
    final Map<Long, String> senders = new HashMap<>();
    final Map<String, Watermarks> watermarks = new HashMap<>();
    final Map<String, PersonalState> personal = new HashMap<>();
    final Map<Long, Map<String, OwnReactions>> reactions = new HashMap<>();
    List<PinnedMessage> pins = List.of();
    final Set<String> blocking = new HashSet<>();
    final Map<String, Follow> follows = new HashMap<>();
    final Map<String, Instant> sends = new HashMap<>();
    final Map<String, ReportedMessage> reported = new HashMap<>();
    final Map<String, Banned> bans = new HashMap<>();
    final Set<String> left = new HashSet<>();
    final List<String> lookedUp = new ArrayList<>();
    boolean hasRoomForBans = true;
    int open;
    int held;

    @Nullable
    FormerWatermarks formerWatermarks;

    static FakeLookups none() {
        return new FakeLookups();
    }

    FakeLookups with(String messageId, FirstSend first) {
        messages.put(messageId, first);
        return this;
    }

    FakeLookups with(String userId, Watermarks reached) {
        watermarks.put(userId, reached);
        return this;
    }

    FakeLookups with(Follow follow) {
        follows.put(follow.rootId() + " " + follow.userId(), follow);
        return this;
    }

    FakeLookups withLeft(String userId) {
        left.add(userId);
        return this;
    }

    @Override
    public @Nullable FirstSend message(String messageId) {
        lookedUp.add(messageId);
        return messages.get(messageId);
    }

    @Override
    public @Nullable String sender(long sequenceNumber) {
        lookedUp.add("#" + sequenceNumber);
        return senders.get(sequenceNumber);
    }

    /// As the sequencer's stores keep what comes of a command.
    void keep(Change change) {
        switch (change) {
            case MessageIndexed(var messageId, var sent) -> messages.put(messageId, sent);
            case SenderIndexed(var sent) -> senders.put(sent.sequenceNumber(), sent.senderId());
            case MessageOverwritten overwritten -> messages.put(overwritten.messageId(), overwritten.message());
            case ThreadGrown grown -> messages.put(grown.rootId(), grown.root());
            case MessageAnnotated annotated -> messages.put(annotated.messageId(), annotated.message());
            case ReactionsChanged(var number, var userId, var next, var by) ->
                reactions.computeIfAbsent(number, none -> new HashMap<>()).put(userId, next);
            case PinsChanged(var next) -> pins = next;
            case ReportChanged report -> reported.put(report.next().getMessageId(), report.next());
            case PersonalChanged(var userId, var next, var at) -> personal.put(userId, next);
            case SendNoted(var userId, var at) -> sends.put(userId, at);
            case DepartureNoted(var member) -> left.add(member.userId());
            case DepartureDeleted(var userId) -> left.remove(userId);
            default -> {}
        }
    }

    @Override
    public OwnReactions reactions(long sequenceNumber, String userId) {
        return reactions.getOrDefault(sequenceNumber, Map.of()).getOrDefault(userId, OwnReactions.NONE);
    }

    /// Who has the emoji of this place on a message, oldest first.
    List<String> reactors(long sequenceNumber, int place) {
        return reactions.getOrDefault(sequenceNumber, Map.of()).entrySet().stream()
                .filter(entry -> has(entry.getValue(), place))
                .sorted(Comparator.comparingLong(entry -> since(entry.getValue(), place)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean has(OwnReactions own, int place) {
        OwnReaction reaction = own.at(place);
        return reaction != null && !reaction.removed();
    }

    private static long since(OwnReactions own, int place) {
        return Objects.requireNonNull(own.at(place)).by().sequenceNumber();
    }

    @Override
    public List<String> reactors(long sequenceNumber, int place, String without) {
        return reactors(sequenceNumber, place).stream()
                .filter(userId -> !userId.equals(without))
                .limit(EmojiUse.KEPT_MAX)
                .toList();
    }

    @Override
    public List<PinnedMessage> pins() {
        return pins;
    }

    @Override
    public Watermarks watermarks(String userId) {
        lookedUp.add(userId);
        return watermarks.getOrDefault(userId, Watermarks.NONE);
    }

    @Override
    public @Nullable FormerWatermarks formerWatermarks() {
        return formerWatermarks;
    }

    @Override
    public PersonalState personal(String userId) {
        return personal.getOrDefault(userId, PersonalState.NONE);
    }

    @Override
    public @Nullable ReportedMessage report(String messageId) {
        return reported.get(messageId);
    }

    @Override
    public @Nullable Banned ban(String userId, Instant now) {
        Banned ban = bans.get(userId);
        return ban == null || (ban.until() != null && !ban.until().isAfter(now)) ? null : ban;
    }

    @Override
    public boolean mayBan(String userId, boolean here) {
        return hasRoomForBans;
    }

    @Override
    public boolean mayQueue(int most) {
        return open < most;
    }

    @Override
    public boolean mayHold(int most) {
        return held < most;
    }

    @Override
    public @Nullable Instant lastSent(String userId) {
        lookedUp.add("sends " + userId);
        return sends.get(userId);
    }

    @Override
    public boolean hasBlocked(String userId) {
        return blocking.contains(userId);
    }

    @Override
    public @Nullable Follow follow(String rootId, String userId) {
        return follows.get(rootId + " " + userId);
    }

    @Override
    public List<Follow> follows(String userId) {
        return follows.values().stream()
                .filter(follow -> follow.userId().equals(userId))
                .toList();
    }

    @Override
    public boolean hasLeft(String userId) {
        lookedUp.add(userId);
        return left.contains(userId);
    }
}
