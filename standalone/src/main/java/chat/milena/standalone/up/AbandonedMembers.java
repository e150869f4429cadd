package chat.milena.standalone.up;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the members of a killed run out of their groups, so that those of this run need not wait for their session
/// timeouts. Whoever calls this has the data folder's lock: no member of any group can be alive.
final class AbandonedMembers {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedMembers.class);

    private AbandonedMembers() {}

    /// Failing is no failure: the members of this run will wait instead.
    static void remove(Admin admin, Duration within) throws InterruptedException {
        try {
            for (GroupListing group : groups(admin, within)) {
                boolean empty = group.groupState()
                        .filter(state -> state == GroupState.EMPTY || state == GroupState.DEAD)
                        .isPresent();
                if (!empty) {
                    admin.removeMembersFromConsumerGroup(group.groupId(), new RemoveMembersFromConsumerGroupOptions())
                            .all()
                            .get(within.toMillis(), TimeUnit.MILLISECONDS);
                    LOG.debug("removed the members of {} that a killed run left", group.groupId());
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("members of a killed run may still be in their groups", e);
        }
    }

    private static Collection<GroupListing> groups(Admin admin, Duration within)
            throws InterruptedException, ExecutionException, TimeoutException {
        return admin
                .listGroups(ListGroupsOptions.forConsumerGroups())
                .all()
                .get(within.toMillis(), TimeUnit.MILLISECONDS)
                .stream()
                .filter(group ->
                        group.type().filter(type -> type == GroupType.CLASSIC).isPresent())
                .toList();
    }
}
