package chat.milena.syncapi.route;

import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.syncapi.barrier.Deadline;
import chat.milena.syncapi.barrier.ReadBarrier;
import chat.milena.syncapi.barrier.ReadBarrier.BehindException;
import chat.milena.syncapi.read.ConversationReader;
import chat.milena.syncapi.read.ConversationViews;
import chat.milena.syncapi.read.MembershipReader;
import chat.milena.syncapi.read.MembershipViews;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.view.ViewCopy;
import chat.milena.syncapi.view.ViewCopy.Task;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.TaskCorruptedException;

/// Answers reads from the stores of this instance, after the read barrier, in turns ([ReadTurns]). Safe for all
/// threads; waits.
public final class LocalReads {
    private final TopicCatalogue topics;
    private final ReadBarrier barrier;
    private final ConversationReader conversations;
    private final MembershipReader memberships = new MembershipReader();
    private final Clock clock;
    private final ReadTurns turns = ReadTurns.ofThisMachine();

    public LocalReads(TopicCatalogue topics, ReadBarrier barrier, ConversationReader conversations, Clock clock) {
        this.topics = topics;
        this.barrier = barrier;
        this.conversations = conversations;
        this.clock = clock;
    }

    /// The task whose stores answer a read.
    Task taskOf(Read<?> read) {
        return switch (read) {
            case Read.OfConversation<?> of ->
                new Task(true, of.conversation().partition(topics.messages().partitions()));
            case Read.OfUser<?> of ->
                new Task(false, topics.memberships().partitionOf(new MembershipKey(of.user(), "")));
        };
    }

    /// The answers to reads of one task, in order.
    List<ReadAnswer<?>> answer(ViewCopy copy, Task task, List<? extends Read<?>> reads, Deadline deadline)
            throws UnansweredException, InterruptedException {
        Set<TopicPartition> log = copy.log(task);
        if (!copy.progress().follows(log)) {
            throw new UnansweredException("the partition is not here");
        }
        try {
            Map<TopicPartition, Long> ends = barrier.raise(log, deadline);
            barrier.pass(ends, copy.progress(), deadline);
            List<ReadAnswer<?>> answers = turns.take(deadline, () -> read(copy, task, reads));
            // A task that moved away and back in between may have started again.
            if (!copy.progress().reached(ends)) {
                throw new UnansweredException("the partition has moved");
            }
            return answers;
        } catch (BehindException e) {
            throw new UnansweredException(String.valueOf(e.getMessage()));
        } catch (ConversationViews.BehindException e) {
            throw new UnansweredException(String.valueOf(e.getMessage()));
        } catch (TaskCorruptedException e) {
            throw new UnansweredException("a store is damaged and is built again");
        } catch (InvalidStateStoreException e) {
            throw new UnansweredException("the stores are not here: " + e.getMessage());
        }
    }

    private List<ReadAnswer<?>> read(ViewCopy copy, Task task, List<? extends Read<?>> reads) {
        ConversationViews ofConversations = copy.conversations(task.partition());
        MembershipViews ofUsers = copy.memberships(task.partition());
        Instant now = clock.instant();
        List<ReadAnswer<?>> answers = new ArrayList<>(reads.size());
        for (Read<?> read : reads) {
            answers.add(
                    switch (read) {
                        case Read.OfConversation<?> of -> conversations.answer(ofConversations, of, now);
                        case Read.OfUser<?> of -> memberships.answer(ofUsers, of, now);
                    });
        }
        return answers;
    }
}
