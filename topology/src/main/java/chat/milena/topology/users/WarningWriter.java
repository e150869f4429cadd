package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.schemas.avro.ChangeWarnings;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Warning;
import chat.milena.schemas.avro.Warnings;
import chat.milena.schemas.key.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Notifies the devices of warned users, and keeps each warning until a new connection of its user was sent it. For the
/// stream thread. At most [#KEPT_MAX] a user: the oldest one makes place.
final class WarningWriter {
    static final int KEPT_MAX = 20;

    private final UserOutput output;
    private final KeyValueStore<UserKey, Warnings> kept;

    WarningWriter(UserOutput output) {
        this.output = output;
        this.kept = output.store(UserStores.WARNINGS);
    }

    void apply(InboundCommand inbound, UserKey user, ChangeWarnings change, Instant now) {
        Warnings before = kept.get(user);
        List<Warning> warnings = new ArrayList<>(before == null ? List.of() : before.getWarnings());
        Delivery delivery = UserOutput.delivery(inbound, new Answer.Accepted(0, now));
        Warning added = change.getAdded();
        if (added != null) {
            // Each has a later time than those before it, whatever clock it comes from: a time removes exactly those
            // that were shown.
            Instant earliest = warnings.isEmpty()
                    ? added.getTimestamp()
                    : warnings.getLast().getTimestamp().plusMillis(1);
            if (added.getTimestamp().isBefore(earliest)) {
                added.setTimestamp(earliest);
            }
            warnings.add(added);
            delivery.setConversationId(added.getConversationId());
            delivery.setRecipients(List.of(user.userId()));
            delivery.setWarning(added);
            save(user, warnings.subList(Math.max(0, warnings.size() - KEPT_MAX), warnings.size()), now);
        } else if (warnings.removeIf(warning -> !warning.getTimestamp().isAfter(change.getShownUpTo()))) {
            save(user, warnings, now);
        }
        output.deliver(user, delivery, now);
    }

    private void save(UserKey user, List<Warning> warnings, Instant now) {
        @Nullable Warnings next = warnings.isEmpty() ? null : new Warnings(user.tenant(), user.userId(), warnings);
        kept.put(user, next);
        output.emit(UserTopology.WARNINGS, user, next, now);
    }
}
