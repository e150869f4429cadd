package chat.milena.conversation.rules;

import chat.milena.conversation.state.BrokenInvariantException;
import java.time.Duration;
import java.util.List;

/// All versions of the rules; each event carries the number of the one that made it.
///
/// A version that has made events never changes its decisions: new behavior is a new version beside it. So the
/// same commands, run again after the rules have changed, give the same events, byte for byte.
///
/// @param versions from number 1 on
public record RuleBook(List<Rules> versions) {

    public RuleBook {
        versions = List.copyOf(versions);
    }

    /// The versions of this release.
    ///
    /// @param membersMax members of a conversation
    /// @param largeFrom members from which on it is large, and stays so
    /// @param receiptsMax up to how many members all of them are shown a receipt
    /// @param retention how long messages are kept
    /// @param editWithin how long they may be edited; zero for no bound
    public static RuleBook of(int membersMax, int largeFrom, int receiptsMax, Duration retention, Duration editWithin) {
        return new RuleBook(List.of(new ConversationRules(membersMax, largeFrom, receiptsMax, retention, editWithin)));
    }

    /// The number of the newest version.
    public int newest() {
        return versions.size();
    }

    /// The version with this number.
    public Rules version(int number) {
        if (number < 1 || number > versions.size()) {
            throw new BrokenInvariantException("No version " + number + " of the rules among " + versions.size());
        }
        return versions.get(number - 1);
    }
}
