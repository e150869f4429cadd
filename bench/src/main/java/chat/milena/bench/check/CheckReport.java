package chat.milena.bench.check;

import java.util.List;

/// What a [Checker] found, in counts; every count but the informational ones is zero in a run that kept the contract.
///
/// @param deliveries messages that came as `message.new`, each at each connection; informational
/// @param acks first acks; informational
/// @param duplicateAcks acks that said `duplicate`; informational
/// @param lost numbers a connection was owed and never saw
/// @param duplicated numbers a connection saw twice on one socket
/// @param outOfOrder deliveries that came after a higher number of their conversation
/// @param acksAhead acks whose number ran ahead of a lower one not yet seen on that connection
/// @param gaps holes between numbers seen that were never filled
/// @param wrongNumbers numbers that named two messages, or messages that had two numbers
/// @param wrongTimes times that went back within a conversation, or differed between two who saw the same number
/// @param senderOrder acks of one connection whose numbers contradict the order it sent in
/// @param outside frames of a conversation to somebody who was not, or no longer, a member
/// @param missedAway numbers that passed while a connection was away that did not resume; informational
/// @param redelivered numbers seen again on a later socket of the same connection; allowed, delivery is at least once
/// @param reconnects lost sockets that were followed by another one; informational
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
