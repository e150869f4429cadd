package chat.milena.runtime.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;

/// Ends the transactions that processes of a Streams application have left open. Readers of committed records wait for
/// their end. The brokers end them after the time of a transaction, and that is longer than it takes to notice a dead
/// process: a healthy one must outlive a dead broker.
///
/// Kafka Streams names transactions and members after the process. One that is no member any longer has lost its
/// partitions and could not commit. If it lives after all, it joins its group again. Blocks; for one thread at a time.
public final class AbandonedTransactions {
    private static final Duration WITHIN = Duration.ofSeconds(4);
    private static final String PROCESS = "-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-";

    private final KafkaClients clients;
    private final String applicationId;
    private final Pattern transactions;
    private final Pattern members;

    /// @param applicationId names the application and its group
    public AbandonedTransactions(KafkaClients clients, String applicationId) {
        this.clients = clients;
        this.applicationId = applicationId;
        this.transactions = Pattern.compile(Pattern.quote(applicationId) + PROCESS + "[0-9]+");
        this.members = Pattern.compile(Pattern.quote(applicationId) + PROCESS + "StreamThread-[0-9]+-consumer");
    }

    /// Ends them. If members of the group have other names than those by Kafka Streams, none is ended.
    ///
    /// @return how many there were
    /// @throws ExecutionException if the brokers do not do it
    public int end() throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(clients.admin())) {
            // Members are asked for later: a process has become one before it begins a transaction.
            Map<String, List<String>> open = open(admin);
            List<String> abandoned = new ArrayList<>();
            if (!open.isEmpty()) {
                for (MemberDescription member : members(admin)) {
                    Matcher name = members.matcher(member.clientId());
                    if (!name.matches()) {
                        return 0;
                    }
                    open.remove(name.group(1));
                }
                open.values().forEach(abandoned::addAll);
            }
            if (!abandoned.isEmpty()) {
                get(admin.fenceProducers(abandoned).all());
            }
            return abandoned.size();
        }
    }

    /// The transactional ids by the processes that have begun them.
    private Map<String, List<String>> open(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, List<String>> open = new HashMap<>();
        ListTransactionsOptions ongoing = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
        for (TransactionListing one : get(admin.listTransactions(ongoing).all())) {
            Matcher name = transactions.matcher(one.transactionalId());
            if (name.matches()) {
                open.computeIfAbsent(name.group(1), process -> new ArrayList<>())
                        .add(one.transactionalId());
            }
        }
        return open;
    }

    private List<MemberDescription> members(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        return get(admin.describeConsumerGroups(List.of(applicationId)).all()).values().stream()
                .flatMap(group -> group.members().stream())
                .toList();
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
