package chat.milena.syncapi.person;

import chat.milena.protocol.conversation.Person;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.read.Members;
import chat.milena.protocol.read.Members.MemberLine;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ConversationType;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Adds names to users: profiles are stored by user, not with the conversations. One read for all users of a page,
/// grouped by their owners. Safe for all threads; waits for the views.
public final class Profiles {
    private final Reads reads;

    public Profiles(Reads reads) {
        this.reads = reads;
    }

    /// The profiles of these users, by user id, without users who have none.
    ///
    /// @param userIds at most as many as a page has
    public Map<String, UserView> of(String tenant, Collection<String> userIds) throws ReadsUnavailableException {
        List<Read.Profile> questions = userIds.stream()
                .distinct()
                .map(userId -> new Read.Profile(new UserKey(tenant, userId)))
                .toList();
        Map<String, UserView> found = new HashMap<>();
        for (ReadAnswer<UserView> answer : reads.ask(questions)) {
            if (answer instanceof ReadAnswer.Answered<UserView>(var user) && user.updatedAt() != null) {
                found.put(user.userId(), user);
            }
        }
        return found;
    }

    /// The page with the names of its members.
    public Members named(String tenant, Members page) throws ReadsUnavailableException {
        Map<String, UserView> profiles =
                of(tenant, page.members().stream().map(MemberLine::userId).toList());
        List<MemberLine> named = new ArrayList<>(page.members().size());
        for (MemberLine member : page.members()) {
            UserView profile = profiles.get(member.userId());
            named.add(profile == null ? member : member.named(profile.name(), profile.avatarUrl()));
        }
        return new Members(named, page.nextCursor());
    }

    /// The lines of a user's inbox, those of direct conversations with the name of the other user.
    public List<InboxLine> named(UserKey user, List<InboxLine> lines) throws ReadsUnavailableException {
        Map<InboxLine, String> others = new HashMap<>();
        for (InboxLine line : lines) {
            other(user, line).ifPresent(userId -> others.put(line, userId));
        }
        Map<String, UserView> profiles = of(user.tenant(), others.values());
        List<InboxLine> named = new ArrayList<>(lines.size());
        for (InboxLine line : lines) {
            String other = others.get(line);
            UserView profile = other == null ? null : profiles.get(other);
            named.add(profile == null ? line : line.named(profile.name(), profile.avatarUrl()));
        }
        return named;
    }

    private static Optional<String> other(UserKey user, InboxLine line) {
        return line.conversation().type().equals(ConversationType.DIRECT.word())
                ? line.conversation().participants().stream()
                        .map(Person::userId)
                        .filter(userId -> !userId.equals(user.userId()))
                        .findFirst()
                : Optional.empty();
    }
}
