package chat.milena.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/// The authorizer of brokers, which also notes who did what, and who was denied what, each time for the first time.
/// What clients only ask about is left out, as in the log of brokers.
public final class AuditingAuthorizer extends StandardAuthorizer {
    /// The setting with the folder of the notes.
    static final String FOLDER = "audit.folder";

    private final Set<Use> known = ConcurrentHashMap.newKeySet();
    private Path file = Path.of("audit");

    /// Something that a user did, or was denied.
    ///
    /// @param type and name of what it was done to
    record Use(boolean denied, String user, AclOperation operation, String type, String name) {
        /// Whether a permission is for just this.
        boolean needs(AclBinding permission) {
            AclOperation permitted = permission.entry().operation();
            String pattern = permission.pattern().name();
            return permission.entry().principal().equals("User:" + user)
                    && permission.pattern().resourceType().name().equals(type)
                    && (permitted == AclOperation.ALL || permitted == operation)
                    && (permission.pattern().patternType() == PatternType.PREFIXED
                            ? name.startsWith(pattern)
                            : name.equals(pattern));
        }

        private String line() {
            return String.join(" ", denied ? "denied" : "allowed", user, operation.name(), type, name);
        }

        private static Use read(String line) {
            String[] words = line.split(" ", 5);
            return new Use(words[0].equals("denied"), words[1], AclOperation.valueOf(words[2]), words[3], words[4]);
        }

        @Override
        public String toString() {
            return line();
        }
    }

    /// What all brokers have noted so far.
    static List<Use> uses(Path folder) throws IOException {
        Set<String> lines = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        // The last one may be half written.
        return lines.stream()
                .filter(line -> line.split(" ", -1).length >= 5)
                .map(Use::read)
                .collect(Collectors.toList());
    }

    @Override
    public void configure(Map<String, ?> settings) {
        super.configure(settings);
        file = Path.of(String.valueOf(settings.get(FOLDER)))
                .resolve("broker-" + ProcessHandle.current().pid());
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            boolean denied = results.get(i) == AuthorizationResult.DENIED;
            Use use = new Use(
                    denied,
                    context.principal().getName(),
                    action.operation(),
                    action.resourcePattern().resourceType().name(),
                    action.resourcePattern().name());
            if ((denied ? action.logIfDenied() : action.logIfAllowed()) && known.add(use)) {
                lines.add(use.line());
            }
        }
        note(lines);
        return results;
    }

    private synchronized void note(List<String> lines) {
        try {
            if (!lines.isEmpty()) {
                Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
