package chat.milena.bench.replay;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.check.Fold;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.Futures;
import chat.milena.bench.client.MessageIds;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Prepares all people before a replay: one connection for each person of all transcripts, then the groups.
///
/// All people are connected before any group is created, so that each group delivers every number from 1 on to
/// them. The first speaker creates the group. A random suffix of its name lets one server run the same transcript
/// twice.
final class Cast {
    private static final int CREATING_IN_PARALLEL = 8;
    private static final int READERS_EACH_MAX = 4;

    private final Replay replay;
    private final ReplayOptions options;
    private final Progress progress;
    private final Map<String, Person> people = new LinkedHashMap<>();
    private final List<ChurnPlan> plans = new ArrayList<>();

    Cast(Replay replay, ReplayOptions options, Progress progress) {
        this.replay = replay;
        this.options = options;
        this.progress = progress;
    }

    int people() {
        return people.size();
    }

    void connect(ChatClient client, Checker checker) throws InterruptedException {
        Map<String, CompletableFuture<Connection>> opening = new LinkedHashMap<>();
        for (Transcript transcript : options.transcripts()) {
            for (String userId : transcript.people()) {
                if (!people.containsKey(userId)) {
                    Person person = new Person(
                            replay, checker.observer(userId), options.checks().mutating() != null);
                    people.put(userId, person);
                    opening.put(userId, client.connect(userId, "replay", person));
                }
            }
        }
        Duration patience = options.giveUpAfter()
                .plusSeconds(people.size() / options.sending().connectsPerSecond());
        progress.print("connecting " + people.size() + " people");
        for (Map.Entry<String, CompletableFuture<Connection>> one : opening.entrySet()) {
            Connection connection = Futures.await(one.getValue(), patience, "could not connect");
            Person person = people.get(one.getKey());
            if (person != null) {
                person.connected(connection);
            }
        }
    }

    /// The churn of each group, in the order of the players; empty without churn.
    List<Churn> churns(List<GroupPlayer> players, RestClient rest, Notices notices, Consumer<String> stop) {
        ReplayOptions.Churning churning = options.checks().churning();
        List<Churn> churns = new ArrayList<>();
        for (int i = 0; churning != null && i < players.size(); i++) {
            String admin = options.transcripts().get(i).people().getFirst();
            Random random = new Random(churning.seed() + i);
            churns.add(new Churn(plans.get(i), players.get(i), people, admin, rest, random, notices, stop));
        }
        return List.copyOf(churns);
    }

    /// Lets changes follow the lines, if the options say so.
    ///
    /// @param firstTag of their sends: above the lines of all groups
    void mutate(List<GroupPlayer> players, MessageIds ids, long firstTag) {
        ReplayOptions.Mutating mutating = options.checks().mutating();
        for (int i = 0; mutating != null && i < players.size(); i++) {
            GroupPlayer player = players.get(i);
            player.mutates(new Mutator(player, members(i), ids, firstTag + player.firstIndex(), mutating));
        }
    }

    /// Names the large groups to the checker.
    void expectLarge(List<GroupPlayer> players, Checker checker) {
        for (int i = 0; i < players.size(); i++) {
            if (members(i).size() >= options.checks().largeFrom()) {
                checker.expectLarge(players.get(i).conversationId());
            }
        }
    }

    /// Each member's view of each group.
    List<FoldReaders.Reader> folds(List<GroupPlayer> players, Checker checker) {
        List<FoldReaders.Reader> readers = new ArrayList<>();
        for (int i = 0; i < players.size(); i++) {
            String conversationId = players.get(i).conversationId();
            for (String userId : options.transcripts().get(i).people()) {
                Fold fold = person(userId).observer().fold(conversationId);
                readers.add(new FoldReaders.Reader(userId, conversationId, fold, checker.highest(conversationId)));
            }
        }
        return readers;
    }

    private List<Person> members(int transcript) {
        return options.transcripts().get(transcript).people().stream()
                .map(this::person)
                .toList();
    }

    private Person person(String userId) {
        Person person = people.get(userId);
        if (person == null) {
            throw new IllegalStateException("a user who is not in the transcript");
        }
        return person;
    }

    /// The readers after the acks of each group: members who stay in it, those in few groups first, since a sync
    /// also names every group that the request does not name.
    Map<String, List<String>> steady(List<GroupPlayer> players) {
        Map<String, Integer> groups = new HashMap<>();
        options.transcripts()
                .forEach(transcript -> transcript.people().forEach(userId -> groups.merge(userId, 1, Integer::sum)));
        Map<String, List<String>> steady = new HashMap<>();
        for (int i = 0; i < players.size(); i++) {
            List<String> staying = new ArrayList<>(options.transcripts().get(i).people());
            staying.removeAll(plans.get(i).restless());
            staying.sort(Comparator.comparingInt(userId -> groups.getOrDefault(userId, 0)));
            steady.put(
                    players.get(i).conversationId(),
                    List.copyOf(staying.subList(0, Math.min(READERS_EACH_MAX, staying.size()))));
        }
        return steady;
    }

    private void plan() {
        ReplayOptions.Churning churning = options.checks().churning();
        Random random = new Random(churning == null ? 0 : churning.seed());
        for (Transcript transcript : options.transcripts()) {
            List<String> members = List.copyOf(transcript.people());
            plans.add(
                    churning == null
                            ? ChurnPlan.NOBODY
                            : ChurnPlan.of(members, transcript.lines().size(), churning.fraction(), random));
        }
    }

    List<GroupPlayer> createGroups(RestClient rest, MessageIds ids) throws InterruptedException {
        progress.print("creating " + options.transcripts().size() + " groups");
        String run = UUID.randomUUID().toString().substring(0, 4);
        plan();
        List<Future<String>> creating = new ArrayList<>();
        List<GroupPlayer> players = new ArrayList<>();
        try (ExecutorService creators = Executors.newFixedThreadPool(
                CREATING_IN_PARALLEL, Thread.ofVirtual().factory())) {
            for (int i = 0; i < plans.size(); i++) {
                Transcript transcript = options.transcripts().get(i);
                List<String> members = new ArrayList<>(transcript.people());
                members.removeAll(plans.get(i).outsideAtFirst());
                creating.add(creators.submit(() -> rest.createGroup(
                        members.get(0), transcript.name() + "-" + run, members.subList(1, members.size()))));
            }
            long allLines = options.transcripts().stream()
                    .mapToLong(transcript -> transcript.lines().size())
                    .sum();
            long firstIndex = 0;
            for (int i = 0; i < creating.size(); i++) {
                Transcript transcript = options.transcripts().get(i);
                String conversationId = Futures.await(
                        creating.get(i), options.giveUpAfter().plusSeconds(20), "could not create groups");
                players.add(player(transcript, plans.get(i), conversationId, ids, firstIndex, allLines));
                firstIndex += transcript.lines().size();
            }
        }
        return List.copyOf(players);
    }

    private GroupPlayer player(
            Transcript transcript,
            ChurnPlan plan,
            String conversationId,
            MessageIds ids,
            long firstIndex,
            long allLines) {
        List<Person> speakers = new ArrayList<>();
        for (Transcript.Line line : transcript.lines()) {
            speakers.add(person(line.userId()));
        }
        List<Person> outside = new ArrayList<>();
        List<Person> restless = new ArrayList<>();
        Set<String> moving = plan.restless();
        SequencedSet<String> present = transcript.people();
        people.forEach((userId, person) -> {
            if (moving.contains(userId)) {
                restless.add(person);
            }
            if (plan.outsideAtFirst().contains(userId)) {
                outside.add(person);
                person.observer().expectNothing(conversationId);
            } else if (present.contains(userId)) {
                person.joins(conversationId);
            }
        });
        GroupPlayer player = new GroupPlayer(
                transcript,
                conversationId,
                speakers,
                ids,
                firstIndex,
                options.sending().pace().offsetsNanos(transcript, allLines),
                !(options.sending().pace() instanceof Pace.FullSpeed),
                options.sending().window(),
                restless,
                replay.room());
        outside.forEach(player::leaves);
        return player;
    }
}
