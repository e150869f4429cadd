package chat.milena.syncapi.http;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.Refusal;
import chat.milena.syncapi.person.Blocking;
import chat.milena.syncapi.read.ModerationRead;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer.ConversationIds;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// Answers who may see whom, for gateways. Safe for all threads; waits for the views. Bounded in parallel calls;
/// beyond it the answer is [CallAnswer.Unavailable].
///
/// Users see each other if both have joined in a conversation: one who was only added to it shows nothing because
/// of it. For an observer who has joined in more conversations than the inbox knows, the latest are checked.
public final class PeopleCall {
    /// Users whose memberships are in memory at a time.
    private static final int PEOPLE_AT_ONCE = 50;

    static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final Reads reads;
    private final SyncLimits limits;
    private final Clock clock;
    private final CallMeters meters;
    private final Semaphore places;
    private final Latest latest;
    private final Blocking blocking;

    PeopleCall(Reads reads, SyncLimits limits, Clock clock, CallMeters meters) {
        this.reads = reads;
        this.limits = limits;
        this.clock = clock;
        this.meters = meters;
        this.places = new Semaphore(limits.inProgress().syncsMax());
        this.latest = new Latest(reads, limits.pages().membershipsMax());
        this.blocking = new Blocking(reads);
    }

    /// Those of these users who have blocked the asker.
    public CallAnswer<UserIds> blocking(UserKey asker, List<String> userIds) {
        return meters.timed(
                "blocking",
                () -> inItsPlace(() -> new CallAnswer.Answered<>(new UserIds(blocking.of(asker, userIds)))));
    }

    /// Those of these users who share a conversation with the asker that both have joined in, and neither of the
    /// two has blocked the other.
    public CallAnswer<UserIds> sharing(UserKey asker, List<String> named) {
        return meters.timed(
                "sharing",
                () -> inItsPlace(() -> {
                    List<String> userIds = blocking.without(asker, named);
                    Set<String> own = new HashSet<>(latest.joinedIds(asker));
                    List<String> sharing = new ArrayList<>();
                    for (int from = 0; from < userIds.size() && !own.isEmpty(); from += PEOPLE_AT_ONCE) {
                        List<String> some = userIds.subList(from, Math.min(userIds.size(), from + PEOPLE_AT_ONCE));
                        List<Read.Joined> questions = some.stream()
                                .map(userId -> joined(new UserKey(asker.tenant(), userId), ""))
                                .toList();
                        List<ReadAnswer<ConversationIds>> answers = reads.ask(questions);
                        for (int i = 0; i < some.size(); i++) {
                            UserKey other = new UserKey(asker.tenant(), some.get(i));
                            if (shares(own, other, conversationIds(answers.get(i)))) {
                                sharing.add(some.get(i));
                            }
                        }
                    }
                    return new CallAnswer.Answered<>(new UserIds(sharing));
                }));
    }

    /// The recipients of the asker's typing in a conversation, including the asker. Outsiders are answered as for
    /// every read, and banned users with FORBIDDEN. Users with a block between them and the asker are left out; a
    /// direct conversation with one is FORBIDDEN.
    ///
    /// @param limit of members; in a conversation with as many, all of them are the answer
    public CallAnswer<UserIds> typingAudience(UserKey asker, ConversationKey conversation, int limit) {
        Read<UserIds> read = new Read.TypingAudience(conversation, asker.userId(), limit);
        return meters.timed(
                "people",
                () -> inItsPlace(() -> isBanned(asker, conversation)
                        ? new CallAnswer.Refused<>(Refusal.BANNED.code(), Refusal.BANNED.reason())
                        : switch (reads.ask(List.of(read)).getFirst()) {
                            case ReadAnswer.Refused<UserIds> refused -> CallAnswer.of(refused);
                            case ReadAnswer.Answered<UserIds>(var there) ->
                                new CallAnswer.Answered<>(new UserIds(blocking.without(asker, there.userIds())));
                        }));
    }

    private boolean isBanned(UserKey user, ConversationKey conversation) throws ReadsUnavailableException {
        ModerationRead.BanOf read =
                new ModerationRead.BanOf(user.tenant(), user.userId(), conversation.conversationId(), clock.millis());
        return switch (reads.ask(List.of(read)).getFirst()) {
            case ReadAnswer.Answered<ModerationRead.IsBanned>(var answer) -> answer.banned();
            case ReadAnswer.Refused<ModerationRead.IsBanned> refused -> false;
        };
    }

    /// Reads the views.
    @FunctionalInterface
    private interface Question {
        CallAnswer<UserIds> ask() throws ReadsUnavailableException;
    }

    private CallAnswer<UserIds> inItsPlace(Question question) {
        if (!places.tryAcquire()) {
            return new CallAnswer.Unavailable<>("too many lookups in progress", RETRY_SOON);
        }
        try {
            return question.ask();
        } catch (ReadsUnavailableException e) {
            return CallAnswer.of(e);
        } finally {
            places.release();
        }
    }

    /// Whether another user has joined in one of these conversations; their own are read a part at a time.
    private boolean shares(Set<String> conversationIds, UserKey other, List<String> first)
            throws ReadsUnavailableException {
        List<String> stretch = first;
        int walked = stretch.size();
        while (Collections.disjoint(conversationIds, stretch)) {
            if (stretch.size() < limits.pages().membershipsMax() || walked >= Latest.WALKED_MAX) {
                return false;
            }
            stretch = conversationIds(
                    reads.ask(List.of(joined(other, stretch.getLast()))).getFirst());
            walked += stretch.size();
        }
        return true;
    }

    private Read.Joined joined(UserKey user, String afterConversationId) {
        return new Read.Joined(user, afterConversationId, limits.pages().membershipsMax());
    }

    private static List<String> conversationIds(ReadAnswer<ConversationIds> answer) {
        return switch (answer) {
            case ReadAnswer.Answered<ConversationIds>(var ids) -> ids.conversationIds();
            case ReadAnswer.Refused<ConversationIds> refused -> List.of();
        };
    }
}
