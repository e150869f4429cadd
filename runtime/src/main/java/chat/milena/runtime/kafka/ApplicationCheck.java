package chat.milena.runtime.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;

/// Finds out whether a process may use groups, transactions and topics of its own. Changes nothing.
///
/// The brokers report no permissions on names that do not exist. So it asks about one that may or may not exist: every
/// answer but a refusal means that the process may ask.
final class ApplicationCheck {
    private final Admin admin;
    private final Topics topics;

    ApplicationCheck(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /// What is not permitted, one line each.
    List<String> missing(TopicAccess access) throws InterruptedException, ExecutionException, TimeoutException {
        List<String> lines = new ArrayList<>();
        TopicAccess.Owns owns = access.owns();
        String application = owns.application();
        if (application != null) {
            NewTopic topic = new NewTopic(application + "-permitted", Optional.of(1), Optional.empty());
            CreateTopicsOptions dry = new CreateTopicsOptions().validateOnly(true);
            if (isDenied(admin.createTopics(List.of(topic), dry).all())) {
                lines.add("no permission to make topics named " + application);
            }
            if (isDenied(admin.describeTransactions(List.of(application)).all())) {
                lines.add("no permission for transactional ids named " + application);
            }
        }
        String groups = owns.groups() == null ? application : owns.groups();
        // Nobody has this name, so nobody is removed.
        var nobody = new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("permitted")));
        if (groups != null
                && isDenied(admin.removeMembersFromConsumerGroup(groups, nobody).all())) {
            lines.add("no permission to read in groups named " + groups);
        }
        String transactions = owns.transactions();
        if (transactions != null
                && isDenied(admin.describeTransactions(List.of(transactions)).all())) {
            lines.add("no permission for transactional ids named " + transactions);
        }
        String watched = owns.watched();
        if (watched != null && isDenied(admin.listConsumerGroupOffsets(watched).all())) {
            lines.add("no permission to describe groups named " + watched);
        }
        return lines;
    }

    private boolean isDenied(KafkaFuture<?> asked) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            topics.await(asked);
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiException answer) {
                return answer instanceof AuthorizationException;
            }
            throw e;
        }
    }
}
