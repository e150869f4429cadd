package chat.milena.syncapi.person;

import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Finds who has blocked whom: a block lives with the user who made it. Safe for all threads; waits for the views.
public final class Blocking {
    private final Reads reads;

    public Blocking(Reads reads) {
        this.reads = reads;
    }

    /// Those of these users who have blocked somebody.
    public List<String> of(UserKey blocked, List<String> userIds) throws ReadsUnavailableException {
        List<Read.Blocking> questions = userIds.stream()
                .map(userId -> new Read.Blocking(new UserKey(blocked.tenant(), userId), List.of(blocked.userId())))
                .toList();
        List<ReadAnswer<UserIds>> answers = questions.isEmpty() ? List.of() : reads.ask(questions);
        return IntStream.range(0, answers.size())
                .filter(i -> !found(answers.get(i)).isEmpty())
                .mapToObj(userIds::get)
                .toList();
    }

    /// Those of these users between whom and this one there is no block, by either.
    public List<String> without(UserKey user, List<String> userIds) throws ReadsUnavailableException {
        List<String> others =
                userIds.stream().filter(other -> !other.equals(user.userId())).toList();
        if (others.isEmpty()) {
            return userIds;
        }
        Set<String> parted = new HashSet<>(of(user, others));
        parted.addAll(found(reads.ask(List.of(new Read.Blocking(user, others))).getFirst()));
        return userIds.stream().filter(other -> !parted.contains(other)).toList();
    }

    private static List<String> found(ReadAnswer<UserIds> answer) {
        return switch (answer) {
            case ReadAnswer.Answered<UserIds>(var users) -> users.userIds();
            case ReadAnswer.Refused<UserIds> refused -> List.of();
        };
    }
}
