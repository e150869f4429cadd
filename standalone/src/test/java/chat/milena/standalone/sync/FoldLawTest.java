package chat.milena.standalone.sync;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.delivery.EventFrames;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.read.History;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.Held;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.Read.Order;
import chat.milena.syncapi.read.ReadAnswer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The fold law: what a client has by applying frames to an earlier answer is what it is answered afterwards;
/// for any interleaving of sends, edits, deletions and resends, of people who come and go, of clients that are away
/// for a while and sync or resume, and of views that are built again. A failure prints its seed; `-Dmilena.seed=N` runs
/// that one again.
class FoldLawTest {
    private static final List<String> USERS = List.of("alice", "bob", "carol", "dave");
    private static final int COMMANDS = 250;

    @TempDir
    private Path folder;

    private final Map<String, FoldedTimeline> clients = new TreeMap<>();
    private final Set<String> away = new HashSet<>();
    /// Of all that was delivered, how far the resume token of each client who is away goes.
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Delivery> delivered = new ArrayList<>();
    /// Reactions of a large group that wait, by message.
    private final Map<Long, List<Delivery>> gathered = new TreeMap<>();
    private final List<InboundCommand> sent = new ArrayList<>();
    /// The numbers of messages that all members were shown at some time.
    private final Set<Long> shown = new HashSet<>();
    private int messages;

    @RepeatedTest(10)
    void framesAppliedToAnEarlierAnswerAreALaterAnswer() {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        Random random = new Random(seed);
        try (SequencedChat chat = new SequencedChat(folder, random.nextBoolean() ? 3 : 20)) {
            handle(chat, creation(chat, random.nextBoolean()));
            if (random.nextBoolean()) {
                handle(chat, premoderation(chat, true));
            }
            for (int i = 0; i < COMMANDS; i++) {
                chat.moves(Duration.ofMillis(random.nextInt(1_000)));
                comeAndGo(chat, random);
                handle(chat, next(chat, random));
                if (random.nextInt(50) == 0) {
                    deleteRun(chat, random.nextInt(12));
                }
                if (random.nextInt(100) == 0) {
                    chat.rebuildsViews(random);
                }
                if (random.nextInt(4) == 0) {
                    endWindows();
                }
                if (i % 10 == 0) {
                    check(chat, seed);
                }
            }
            Set.copyOf(away).forEach(userId -> comesBack(chat, userId, random.nextBoolean()));
            check(chat, seed);
            chat.rebuildsViews(random);
            check(chat, seed);
            assertThat(chat.events.keySet())
                    .as("seed %d", seed)
                    .hasSize(chat.events.lastKey().intValue());
            assertThat(chat.events.values())
                    .as("seed %d", seed)
                    .anyMatch(event ->
                            event.getMessage() != null && event.getMessage().getThread() != null)
                    .filteredOn(event -> event.getChange() != null)
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(event.getMessage()).isNull());
        }
    }

    /// More deletions than events are walked for an answer.
    @Test
    void unreadAndLastMessageAreRightBehindMoreThanAThousandDeletions() {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        Random random = new Random(seed);
        try (SequencedChat chat = new SequencedChat(folder, 20)) {
            handle(chat, creation(chat, true));
            handle(chat, lasting(chat));
            for (int i = 0; i < 40; i++) {
                int run = random.nextInt(60);
                for (int j = 0; j < run; j++) {
                    handle(chat, lasting(chat));
                    if (random.nextBoolean()) {
                        deleteRun(chat, 1);
                    }
                }
                deleteRun(chat, run);
                if (i % 8 == 7) {
                    check(chat, seed);
                }
            }
            while (chat.events.lastEntry().getValue().getDeletedOrdinal() <= 1_200) {
                handle(chat, lasting(chat));
                deleteRun(chat, 1);
            }
            check(chat, seed);
        }
    }

    private InboundCommand lasting(SequencedChat chat) {
        Content content = new Content("text", "text", null, null, null);
        Message message = new Message("m" + ++messages, content, null, null, null);
        return chat.commands().send(SequencedChat.member("alice"), "conn", "c", message);
    }

    /// The newest messages that stand are deleted by their senders, except for the first one.
    private void deleteRun(SequencedChat chat, int length) {
        List<TimelineEvent> newest = chat.events.descendingMap().values().stream()
                .filter(event -> stands(event, chat) && event.getMessageOrdinal() > 1)
                .limit(length)
                .toList();
        for (TimelineEvent target : newest) {
            ChangeMessage deletion =
                    new ChangeMessage(target.getMessage().getMessageId(), null, null, null, null, false);
            handle(
                    chat,
                    chat.commands()
                            .change(
                                    SequencedChat.member(target.getActorId()),
                                    "conn",
                                    "c",
                                    CommandKind.MESSAGE_DELETE,
                                    deletion));
        }
    }

    private void handle(SequencedChat chat, InboundCommand command) {
        Map<String, Member> before = Map.copyOf(chat.members);
        Map<String, Receipt> receipts = Map.copyOf(chat.receipts);
        if (command.getPersonal() != null) {
            // Reactions that wait were for who could read their message.
            endWindows();
        }
        for (Delivery delivery : chat.handles(command)) {
            delivered.add(delivery);
            TimelineEvent event = delivery.getEvent();
            noteShown(event);
            if (isMessage(event) && Held.waits(event)) {
                assertThat(chat.receipts)
                        .as("they say who sent a hidden message")
                        .isEqualTo(receipts);
                assertThat(chat.members).as("so do memberships").isEqualTo(before);
            }
            if (delivery.getReaction() != null && delivery.getReaction().getGathered()) {
                gathered.computeIfAbsent(event.getChange().getTargetSequence(), none -> new ArrayList<>())
                        .add(delivery);
            } else if (event != null) {
                EventFrames frames = EventFrames.of(delivery);
                if (!frames.isOfMessage() || event.getKind().equals(EventKind.MESSAGE_DELETED.word())) {
                    endWindows();
                }
                deliver(frames, delivery.getRecipients());
            }
        }
        clients.keySet().retainAll(chat.members.keySet());
        away.retainAll(chat.members.keySet());
        positions.keySet().retainAll(away);
        chat.members.forEach((userId, member) -> {
            Member known = before.get(userId);
            if (known == null || !known.getFirstSequence().equals(member.getFirstSequence())) {
                // Who comes, or clears the past, begins with what is answered then.
                clients.put(userId, answered(chat, userId));
                away.remove(userId);
                positions.remove(userId);
            }
        });
    }

    private static boolean isMessage(@Nullable TimelineEvent event) {
        return event != null && EventKind.MESSAGE.is(event.getKind());
    }

    private void noteShown(@Nullable TimelineEvent event) {
        if (isMessage(event) && !Held.waits(event)) {
            shown.add(event.getSequenceNumber());
        } else if (event != null && EventKind.MESSAGE_RELEASED.is(event.getKind())) {
            shown.add(event.getChange().getTargetSequence());
        }
    }

    /// As gateways do in large groups.
    private void endWindows() {
        gathered.values()
                .forEach(reactions -> deliver(
                        EventFrames.together(reactions), reactions.getLast().getRecipients()));
        gathered.clear();
    }

    private void deliver(EventFrames frames, List<String> recipients) {
        for (String userId : recipients) {
            FoldedTimeline client = clients.get(userId);
            ServerFrame frame = frames.frameFor(userId);
            if (client != null && frame != null && !away.contains(userId)) {
                byte[] json = new byte[frame.bytes()];
                frame.buffer().get(json);
                JsonNode parsed = FoldedTimeline.parse(json);
                checkHidden(parsed.path("payload"));
                client.apply(parsed);
            }
        }
    }

    /// Of a message that was never shown to all, the others learn its place, and of edits that there are some.
    private void checkHidden(JsonNode payload) {
        JsonNode target = payload.path("targetSequence");
        if (payload.path("hidden").asBoolean() && !shown.contains(target.asLong())) {
            Set<String> fields = new HashSet<>(Set.of("conversationId", "sequenceNumber", "timestamp", "hidden"));
            if (!target.isMissingNode()) {
                fields.add("targetSequence");
            }
            assertThat(payload.properties()).extracting(Map.Entry::getKey).hasSameElementsAs(fields);
        }
    }

    private void comeAndGo(SequencedChat chat, Random random) {
        String userId = USERS.get(random.nextInt(USERS.size()));
        if (random.nextInt(10) != 0 || !clients.containsKey(userId)) {
            return;
        }
        if (away.add(userId)) {
            // A token lies a little before what the client has.
            positions.put(userId, Math.max(0, Math.min(delivered.size() - random.nextInt(5), firstGathered())));
        } else {
            comesBack(chat, userId, random.nextBoolean());
        }
    }

    /// No token goes beyond a delivery that waits.
    private int firstGathered() {
        return gathered.values().stream()
                .mapToInt(reactions -> delivered.indexOf(reactions.getFirst()))
                .min()
                .orElse(delivered.size());
    }

    private void comesBack(SequencedChat chat, String userId, boolean resumes) {
        away.remove(userId);
        int position = Objects.requireNonNull(positions.remove(userId));
        FoldedTimeline client = Objects.requireNonNull(clients.get(userId));
        if (resumes) {
            SequencedChat.resumed(userId, delivered.subList(position, delivered.size()))
                    .forEach(frame -> client.apply(FoldedTimeline.parse(frame)));
            return;
        }
        boolean more = true;
        while (more) {
            var answer =
                    chat.answer(new Read.SyncOne(SequencedChat.KEY, userId, client.last(), 7, Long.MAX_VALUE, true));
            client.add(answer);
            more = answer.hasMore();
        }
    }

    private static FoldedTimeline answered(SequencedChat chat, String userId) {
        FoldedTimeline answered = new FoldedTimeline(userId, chat.isLarge());
        long after = 0;
        boolean more = true;
        while (more) {
            History page = chat.answer(new Read.HistoryPage(
                    SequencedChat.KEY, userId, Order.OLDEST_FIRST, after, 50, Long.MAX_VALUE, false, null));
            answered.add(page);
            after = answered.last();
            more = page.hasMore();
        }
        return answered;
    }

    private void check(SequencedChat chat, long seed) {
        endWindows();
        checkFollows(chat, seed);
        clients.forEach((userId, client) -> {
            if (!away.contains(userId)) {
                assertThat(client.differences(answered(chat, userId)))
                        .as("seed %d, %s", seed, userId)
                        .isEmpty();
            }
            var line = chat.answer(new Read.Summary(SequencedChat.KEY, userId));
            checkThreads(chat, seed, userId);
            List<TimelineEvent> unread = unread(chat, userId);
            long mentions =
                    unread.stream().filter(event -> isMentioned(event, userId)).count();
            assertThat(line.unreadCount()).as("seed %d, %s", seed, userId).isEqualTo(unread.size());
            assertThat(line.unreadMentions()).as("seed %d, %s", seed, userId).isEqualTo(mentions);
            assertThat(line.firstUnreadSequence())
                    .as("seed %d, %s", seed, userId)
                    .isEqualTo(unread.isEmpty() ? null : unread.getFirst().getSequenceNumber());
            Entry last = line.lastMessage();
            assertThat(last == null ? 0 : last.sequenceNumber())
                    .as("seed %d, %s", seed, userId)
                    .isEqualTo(lastMessage(chat, userId));
            assertThat(chat.answer(new Read.UnreadOf(SequencedChat.KEY, userId)))
                    .isEqualTo(new ReadAnswer.UnreadCounts(unread.size(), mentions, false));
            assertThat(chat.answer(new Read.Place(SequencedChat.KEY, userId)).messageOrdinal())
                    .as("seed %d, %s", seed, userId)
                    .isEqualTo(shownMessages(chat));
        });
    }

    /// Messages of the conversation that all members were shown at some time: the next one ends that it is hidden.
    private long shownMessages(SequencedChat chat) {
        return chat.events.values().stream()
                .filter(event -> shown.contains(event.getSequenceNumber()))
                .filter(event -> event.getMessage().getThread() == null
                        || event.getMessage().getThread().getShowInConversation())
                .count();
    }

    /// Every thread is whole: its replies have the ordinals 1 to n, and its pages have them all.
    private static void checkThreads(SequencedChat chat, long seed, String userId) {
        Map<String, List<TimelineEvent>> threads = chat.events.values().stream()
                .filter(FoldLawTest::isInAThread)
                .sorted(Comparator.comparingLong(
                        event -> event.getMessage().getThread().getOrdinal()))
                .collect(Collectors.groupingBy(
                        event -> event.getMessage().getThread().getRoot().getMessageId()));
        long first = Objects.requireNonNull(chat.members.get(userId)).getFirstSequence();
        threads.forEach((rootId, replies) -> {
            String as = "seed %d, %s, thread of %s".formatted(seed, userId, rootId);
            assertThat(replies)
                    .as(as)
                    .extracting(event -> event.getMessage().getThread().getOrdinal())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, replies.size()).boxed().toList());
            ReadAnswer<?> answer = chat.asked(new Read.ThreadPage(
                    SequencedChat.KEY,
                    userId,
                    new Read.Named(rootId, null),
                    Order.OLDEST_FIRST,
                    0,
                    500,
                    Long.MAX_VALUE));
            if (replies.getFirst().getMessage().getThread().getRoot().getSequenceNumber() < first) {
                assertThat(answer).as(as).isInstanceOf(ReadAnswer.Refused.class);
            } else {
                assertThat(((History) ((ReadAnswer.Answered<?>) answer).value()).messages())
                        .as(as)
                        .extracting(Entry::sequenceNumber)
                        .containsExactlyElementsOf(replies.stream()
                                .map(TimelineEvent::getSequenceNumber)
                                .toList())
                        .containsExactlyElementsOf(backward(chat, userId, rootId));
            }
        });
    }

    /// A reply that waits for a moderator is in no thread yet, unless it was there before.
    private static boolean isInAThread(TimelineEvent event) {
        Message message = event.getMessage();
        return message != null
                && message.getThread() != null
                && message.getThread().getOrdinal() > 0;
    }

    /// Counted, not subtracted: of each thread that is followed, the replies behind what is read.
    private static void checkFollows(SequencedChat chat, long seed) {
        chat.follows.forEach((key, follow) -> {
            Member member = chat.members.get(follow.getUserId());
            if (member == null || follow.getRootSequence() < member.getFirstSequence()) {
                return;
            }
            long unread = chat.events.values().stream()
                    .filter(event -> isInAThread(event) && !Held.waits(event))
                    .filter(event -> event.getMessage()
                            .getThread()
                            .getRoot()
                            .getMessageId()
                            .equals(follow.getRootId()))
                    .filter(event -> event.getMessage().getThread().getOrdinal() > follow.getReadUpToOrdinal())
                    .filter(event -> event.getDeletedAt() == null)
                    .filter(event -> event.getMessage().getExpiresAt() == null
                            || event.getMessage().getExpiresAt().isAfter(chat.now()))
                    .count();
            Read.Followed thread =
                    new Read.Followed("c", follow.getRootId(), follow.getRootSequence(), follow.getReadUpToOrdinal());
            if (chat.asked(new Read.ThreadStand(SequencedChat.KEY, follow.getUserId(), thread))
                    instanceof ReadAnswer.Answered<?>(Record stand)) {
                assertThat(((ReadAnswer.ThreadUnread) stand).unread())
                        .as("seed %d, %s", seed, follow)
                        .isEqualTo(unread);
            }
        });
    }

    /// From the newest reply back, a few at a time.
    private static List<Long> backward(SequencedChat chat, String userId, String rootId) {
        List<Long> numbers = new ArrayList<>();
        long edge = Read.HistoryPage.END;
        boolean more = true;
        while (more) {
            History page = chat.answer(new Read.ThreadPage(
                    SequencedChat.KEY,
                    userId,
                    new Read.Named(rootId, null),
                    Order.NEWEST_FIRST,
                    edge,
                    3,
                    Long.MAX_VALUE));
            page.messages().forEach(entry -> numbers.add(entry.sequenceNumber()));
            edge = page.nextCursor() == null
                    ? 0
                    : Cursors.parseSequence(page.nextCursor()).orElseThrow();
            more = page.hasMore();
        }
        return numbers.reversed();
    }

    private static boolean isMentioned(TimelineEvent event, String userId) {
        Mentions mentions = event.getMessage().getContent().getMentions();
        return mentions != null
                && !event.getActorId().equals(userId)
                && (mentions.getAll() || mentions.getUserIds().contains(userId));
    }

    /// Counted, not subtracted.
    private static List<TimelineEvent> unread(SequencedChat chat, String userId) {
        Receipt receipt = chat.receipts.get(userId);
        Member member = Objects.requireNonNull(chat.members.get(userId));
        long read = Math.max(
                receipt == null ? 0 : receipt.getReadUpToSequence(),
                Math.max(member.getJoinedSequence(), member.getFirstSequence() - 1));
        return chat.events.tailMap(read, false).values().stream()
                .filter(event -> stands(event, chat))
                .toList();
    }

    /// 0 without one.
    private static long lastMessage(SequencedChat chat, String userId) {
        long first = Objects.requireNonNull(chat.members.get(userId)).getFirstSequence();
        return chat.events.tailMap(first, true).values().stream()
                .filter(event -> stands(event, chat))
                .mapToLong(TimelineEvent::getSequenceNumber)
                .max()
                .orElse(0);
    }

    private static boolean stands(TimelineEvent event, SequencedChat chat) {
        Message message = event.getMessage();
        return message != null
                && (message.getThread() == null || message.getThread().getShowInConversation())
                && event.getDeletedAt() == null
                && !Held.waits(event)
                && (message.getExpiresAt() == null || message.getExpiresAt().isAfter(chat.now()));
    }

    private InboundCommand creation(SequencedChat chat, boolean wholePast) {
        ConversationSettings settings = new ConversationSettings(false, true, wholePast, false, 0, false);
        InboundCommand command = chat.commands()
                .create(
                        SequencedChat.member("alice"),
                        "conn",
                        "c",
                        new CreateConversation("group", "g", List.of("bob", "carol"), settings));
        command.setIntroduction(new Introduction(true, List.of()));
        return command;
    }

    private InboundCommand next(SequencedChat chat, Random random) {
        String userId = USERS.get(random.nextInt(USERS.size()));
        InboundCommand command = switch (random.nextInt(40)) {
            case 0, 1, 2, 3 ->
                change(
                        chat,
                        userId,
                        random,
                        CommandKind.MESSAGE_EDIT,
                        text(random),
                        random.nextInt(3) == 0 ? 0L : null);
            case 4, 5, 6 -> change(chat, userId, random, CommandKind.MESSAGE_DELETE, null, null);
            case 7 -> members(chat, CommandKind.MEMBER_REMOVE, USERS.get(1 + random.nextInt(3)));
            case 8, 9 -> members(chat, CommandKind.MEMBER_ADD, USERS.get(1 + random.nextInt(3)));
            case 13, 14 -> read(chat, userId, random);
            case 15, 16 -> readThread(chat, userId, random);
            case 20, 21, 22, 23, 24, 25, 26 -> react(chat, userId, random);
            case 29, 30, 31 -> decide(chat, random);
            case 32 -> random.nextInt(4) == 0 ? premoderation(chat, random.nextBoolean()) : role(chat, random);
            case 33 -> random.nextInt(3) == 0 ? clear(chat, userId, random) : send(chat, userId, random);
            case 34, 35 -> editWaiting(chat, userId, random);
            case 27, 28 -> pin(chat, random.nextInt(3) == 0 ? userId : "alice", random);
            case 10, 11, 12 -> sent.isEmpty() ? send(chat, userId, random) : sent.get(random.nextInt(sent.size()));
            default -> send(chat, userId, random);
        };
        sent.add(command);
        return command;
    }

    private static InboundCommand premoderation(SequencedChat chat, boolean on) {
        UpdateConversation update = new UpdateConversation();
        update.setPremoderation(on);
        return chat.commands().update(SequencedChat.member("alice"), "conn", "c", update);
    }

    private static InboundCommand role(SequencedChat chat, Random random) {
        ChangeMembers change = new ChangeMembers(
                List.of(USERS.get(1 + random.nextInt(3))), random.nextInt(3) == 0 ? "admin" : "member");
        return chat.commands().members(SequencedChat.member("alice"), "conn", "c", CommandKind.MEMBER_ROLE, change);
    }

    /// Mostly on something that waits; the same again, or on what does not wait, changes nothing.
    private InboundCommand decide(SequencedChat chat, Random random) {
        List<String> waiting = chat.events.values().stream()
                .filter(event -> event.getMessage() != null && Held.waits(event))
                .map(event -> event.getMessage().getMessageId())
                .toList();
        String messageId = waiting.isEmpty() || random.nextInt(8) == 0
                ? recentMessage(random)
                : waiting.get(random.nextInt(waiting.size()));
        DecideMessage decision = new DecideMessage();
        decision.setMessageId(messageId);
        decision.setRevision(chat.events.values().stream()
                .filter(event -> event.getMessage() != null
                        && event.getMessage().getMessageId().equals(messageId))
                .map(TimelineEvent::getRevision)
                .findFirst()
                .orElse(null));
        decision.setAction(
                switch (random.nextInt(8)) {
                    case 0 -> "reject";
                    case 1 -> "remove";
                    case 2 -> "dismiss";
                    default -> "release";
                });
        UserKey moderator = new UserKey(SequencedChat.KEY.tenant(), "mod");
        return chat.commands().decide(new Caller(moderator, false, ActorKind.MODERATOR), "conn", "c", decision);
    }

    private InboundCommand send(SequencedChat chat, String userId, Random random) {
        Message message = new Message(
                "m" + ++messages,
                text(random),
                random.nextInt(10) == 0 ? chat.now().plus(Duration.ofDays(1)) : null,
                random.nextInt(3) == 0 ? new MessageReference(recentMessage(random), 0L) : null,
                random.nextInt(3) == 0 ? reply(chat, userId, random) : null);
        return chat.commands().send(SequencedChat.member(userId), "conn", "c", message);
    }

    private InboundCommand change(
            SequencedChat chat,
            String userId,
            Random random,
            CommandKind kind,
            @Nullable Content content,
            @Nullable Long revision) {
        String messageId = recentMessage(random);
        TimelineEvent target = chat.events.values().stream()
                .filter(event -> event.getMessage() != null
                        && event.getMessage().getMessageId().equals(messageId))
                .findFirst()
                .orElse(null);
        String reason = kind == CommandKind.MESSAGE_DELETE && random.nextBoolean() ? "reason" : null;
        String actor = target == null || random.nextInt(4) == 0 ? userId : target.getActorId();
        return chat.commands()
                .change(
                        SequencedChat.member(actor),
                        "conn",
                        "c",
                        kind,
                        new ChangeMessage(messageId, content, revision, reason, null, false));
    }

    /// The sender edits a message that waits for a moderator, if there is one.
    private InboundCommand editWaiting(SequencedChat chat, String userId, Random random) {
        List<TimelineEvent> waiting = chat.events.values().stream()
                .filter(event -> event.getMessage() != null && Held.waits(event))
                .toList();
        if (waiting.isEmpty()) {
            return change(chat, userId, random, CommandKind.MESSAGE_EDIT, text(random), null);
        }
        TimelineEvent target = waiting.get(random.nextInt(waiting.size()));
        return chat.commands()
                .change(
                        SequencedChat.member(target.getActorId()),
                        "conn",
                        "c",
                        CommandKind.MESSAGE_EDIT,
                        new ChangeMessage(target.getMessage().getMessageId(), text(random), null, null, null, false));
    }

    private InboundCommand react(SequencedChat chat, String userId, Random random) {
        ChangeMessage change = new ChangeMessage(
                "m" + Math.max(0, messages - random.nextInt(6)),
                null,
                null,
                null,
                "e" + random.nextInt(3),
                random.nextInt(3) == 0);
        return chat.commands().change(SequencedChat.member(userId), "conn", "c", CommandKind.MESSAGE_REACT, change);
    }

    private InboundCommand pin(SequencedChat chat, String userId, Random random) {
        ChangeMessage change = new ChangeMessage(
                "m" + Math.max(0, messages - random.nextInt(6)), null, null, null, null, random.nextInt(3) == 0);
        return chat.commands().change(SequencedChat.member(userId), "conn", "c", CommandKind.MESSAGE_PIN, change);
    }

    /// Mostly to one of the first messages, so that threads grow; else the root may be a reply itself, or not there.
    private ThreadPlace reply(SequencedChat chat, String userId, Random random) {
        Member sender = chat.members.get(userId);
        long first = sender == null ? 1 : sender.getFirstSequence();
        List<String> roots = chat.events.tailMap(first, true).values().stream()
                .filter(event -> event.getMessage() != null
                        && event.getMessage().getThread() == null
                        && event.getDeletedAt() == null
                        && !Held.waits(event))
                .map(event -> event.getMessage().getMessageId())
                .limit(4)
                .toList();
        String rootId = roots.isEmpty() || random.nextInt(5) == 0
                ? recentMessage(random)
                : roots.get(random.nextInt(roots.size()));
        return new ThreadPlace(new MessageReference(rootId, 0L), 0L, random.nextInt(3) == 0);
    }

    /// It may have been refused, deleted, or be the one that is sent now.
    private String recentMessage(Random random) {
        return "m" + Math.max(0, messages - random.nextInt(12));
    }

    private static InboundCommand clear(SequencedChat chat, String userId, Random random) {
        ChangePersonal change = new ChangePersonal();
        change.setClearedUpTo(Math.max(0, chat.events.lastKey() - random.nextInt(20)));
        return chat.commands().personal(SequencedChat.member(userId), "conn", "c", change);
    }

    private static InboundCommand read(SequencedChat chat, String userId, Random random) {
        long upTo = Math.max(0, chat.events.lastKey() - random.nextInt(12));
        return chat.commands()
                .receipt(
                        SequencedChat.member(userId),
                        "conn",
                        "c",
                        ReceiptKind.READ,
                        new MarkReceipt(upTo, List.of(), null, null, null));
    }

    private static InboundCommand readThread(SequencedChat chat, String userId, Random random) {
        List<String> roots = chat.references.keySet().stream()
                .filter(list -> !list.startsWith("@"))
                .toList();
        if (roots.isEmpty()) {
            return read(chat, userId, random);
        }
        String rootId = roots.get(random.nextInt(roots.size()));
        if (random.nextInt(3) == 0) {
            CommandKind kind = random.nextBoolean() ? CommandKind.THREAD_FOLLOW : CommandKind.THREAD_UNFOLLOW;
            ChangeMessage change = new ChangeMessage(rootId, null, null, null, null, false);
            return chat.commands().change(SequencedChat.member(userId), "conn", "c", kind, change);
        }
        return chat.commands()
                .receipt(
                        SequencedChat.member(userId),
                        "conn",
                        "c",
                        ReceiptKind.READ,
                        new MarkReceipt(null, List.of(), rootId, (long) random.nextInt(20), null));
    }

    private InboundCommand members(SequencedChat chat, CommandKind kind, String userId) {
        InboundCommand command = chat.commands()
                .members(SequencedChat.member("alice"), "conn", "c", kind, new ChangeMembers(List.of(userId), null));
        command.setIntroduction(new Introduction(true, List.of(userId)));
        return command;
    }

    private static Content text(Random random) {
        return new Content("text", "text " + random.nextInt(5), null, null, mentions(random));
    }

    /// Some are no members, now or at any time.
    private static @Nullable Mentions mentions(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Mentions(List.of(), true);
            case 1, 2 -> new Mentions(List.of(USERS.get(random.nextInt(USERS.size())), "nobody"), false);
            default -> null;
        };
    }
}
