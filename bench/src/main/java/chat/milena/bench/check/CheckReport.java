package chat.milena.bench.check;

import java.util.List;

/// The counts of a [Checker]. In a run that kept the contract every count is zero except the informational ones.
///
/// @param deliveries messages delivered as `message.new`, each at each connection; informational
/// @param acks first acks; informational
/// @param duplicateAcks acks with `duplicate`; informational
/// @param lost numbers that a connection should have received and did not
/// @param duplicated numbers that a connection received twice on one socket
/// @param outOfOrder deliveries after a higher number of their conversation
/// @param acksAhead acks that arrived before a lower number on the same connection
/// @param gaps holes between received numbers that were never filled
/// @param wrongNumbers numbers with two messages, or messages with two numbers
/// @param wrongTimes times that decreased within a conversation, or that differed between two receivers of the
///     same number
/// @param senderOrder acks of one connection whose numbers contradict the order of its sends
/// @param outside frames of a conversation to a user who was not, or no longer, a member
/// @param missedAway numbers that passed while a connection was away that did not resume; informational
/// @param redelivered numbers received again on a later socket of the same connection; allowed, since delivery is
///     at least once
/// @param reconnects lost sockets that another one followed; informational
/// @param resumed of those, the ones for which the server promised that nothing is missing; informational
/// @param examples the first violations, in words
public record CheckReport(
        long deliveries,
        long acks,
        long duplicateAcks,
        long lost,
        long duplicated,
        long outOfOrder,
        long acksAhead,
        long gaps,
        long wrongNumbers,
        long wrongTimes,
        long senderOrder,
        long outside,
        long missedAway,
        long redelivered,
        long reconnects,
        long resumed,
        List<String> examples) {

    public CheckReport {
        examples = List.copyOf(examples);
    }

    public long violations() {
        return lost + duplicated + outOfOrder + acksAhead + gaps + wrongNumbers + wrongTimes + senderOrder + outside;
    }
}
