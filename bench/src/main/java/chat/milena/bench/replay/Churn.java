package chat.milena.bench.replay;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.Notices;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Carries out the moves of one group while it plays, one after another, and returns all members at the end.
///
/// A person leaves by themselves or is removed by the creator of the group, at random. A person who joins is added
/// by the creator. A line sent just before may then be refused, which is not an error. At full speed a group may
/// end before its plan does.
final class Churn implements Runnable {
    private static final long POLL_MILLIS = 2;

    private final ChurnPlan plan;
    private final GroupPlayer player;
    private final Map<String, Person> people;
    private final String admin;
    private final RestClient rest;
    private final RandomGenerator random;
    private final Notices notices;
    private final Consumer<String> stop;
    private final Set<String> outside;
    private final LongAdder leaves = new LongAdder();
    private final LongAdder joins = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean done;

    /// @param admin the creator of the group
    /// @param stop called with the reason when the replay cannot continue
    Churn(
            ChurnPlan plan,
            GroupPlayer player,
            Map<String, Person> people,
            String admin,
            RestClient rest,
            RandomGenerator random,
            Notices notices,
            Consumer<String> stop) {
        this.plan = plan;
        this.player = player;
        this.people = people;
        this.admin = admin;
        this.rest = rest;
        this.random = random;
        this.notices = notices;
        this.stop = stop;
        this.outside = new HashSet<>(plan.outsideAtFirst());
    }

    @Override
    public void run() {
        try {
            for (ChurnPlan.Move move : plan.moves()) {
                while (player.position() < move.line()) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
                if (player.position() >= player.lines()) {
                    break;
                }
                if (move.joins()) {
                    join(move.userId());
                } else {
                    leave(move.userId());
                }
            }
            for (String userId : Set.copyOf(outside)) {
                join(userId);
            }
        } catch (UsageFailure e) {
            stop.accept("a change of members was not possible: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done = true;
        }
    }

    private void leave(String userId) throws InterruptedException {
        Person person = person(userId);
        player.leaves(person);
        String by = random.nextBoolean() ? userId : admin;
        if (by.equals(userId) && !userId.equals(admin)) {
            // Only people who know them from another conversation may add them back.
            rest.accept(admin, rest.createDirect(userId, admin));
        }
        HttpAnswer answer = rest.removeMember(by, player.conversationId(), userId);
        // After an attempt that took effect without an answer, the retry comes from a non-member. If the person
        // were still a member, the check would miss the frame of the next joining.
        if (answer.ok() || answer.status() == 403 || answer.status() == 404) {
            outside.add(userId);
            leaves.increment();
        } else {
            player.comesBack(person);
            refused("leaving", answer);
        }
    }

    private void join(String userId) throws InterruptedException {
        if (!outside.contains(userId)) {
            return;
        }
        Person person = person(userId);
        person.observer().joining(player.conversationId());
        HttpAnswer answer = rest.addMember(admin, player.conversationId(), userId);
        if (answer.ok()) {
            outside.remove(userId);
            player.comesBack(person);
            joins.increment();
        } else {
            person.observer().notJoining(player.conversationId());
            refused("joining", answer);
        }
    }

    private void refused(String what, HttpAnswer answer) {
        refused.increment();
        notices.add(what + " was refused: " + answer.refusal());
    }

    private Person person(String userId) {
        Person person = people.get(userId);
        if (person == null) {
            throw new IllegalStateException("a move of a person who is not in the transcript");
        }
        return person;
    }

    boolean done() {
        return done;
    }

    long leaves() {
        return leaves.sum();
    }

    long joins() {
        return joins.sum();
    }

    long refused() {
        return refused.sum();
    }
}
