package chat.milena.bench.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What happens to a cluster.
///
/// @param name in the table of results
/// @param members who it happens to, by their names; `controller` is the broker that leads the controllers then, and
///     `broker` one that does not
public record Fault(String name, Kind kind, List<String> members) {
    /// The broker that leads the controllers at that moment.
    static final String CONTROLLER = "controller";

    /// A broker that does not.
    static final String BROKER = "broker";

    /// What happens to a process.
    public enum Kind {
        /// It ends as in a crash, and is started again later.
        KILL,
        /// It is stopped by the system, and wakes up later.
        FREEZE,
        /// It is asked to end and started again, each member after the one before it.
        ROLL
    }

    public Fault {
        members = List.copyOf(members);
    }

    static Fault kill(String... members) {
        return new Fault("kill -9 of " + names(members), Kind.KILL, List.of(members));
    }

    static Fault freeze(String... members) {
        return new Fault("SIGSTOP of " + names(members), Kind.FREEZE, List.of(members));
    }

    private static String names(String... members) {
        return String.join(" and ", Stream.of(members).map(Fault::article).toList());
    }

    private static String article(String member) {
        return switch (member) {
            case "redis" -> "Redis";
            case CONTROLLER -> "the controller leader";
            case BROKER -> "a broker";
            default -> "a " + member.substring(0, member.lastIndexOf('-'));
        };
    }

    /// Two of them, for every test run.
    public static List<Fault> few() {
        return List.of(kill("gateway-1", "sequencer-1"), kill(CONTROLLER));
    }

    /// All of them.
    ///
    /// @param everybody names of all members, those that start first at first
    static List<Fault> all(List<String> everybody) {
        List<String> kinds = List.of(
                "gateway-1", "sequencer-1", "fanout-1", "sync-api-1", "push-worker-1", "redis", BROKER, CONTROLLER);
        List<Fault> all = new ArrayList<>();
        kinds.forEach(member -> all.add(kill(member)));
        kinds.forEach(member -> all.add(freeze(member)));
        all.add(kill("gateway-1", "sequencer-1"));
        all.add(kill("sequencer-1", CONTROLLER));
        all.add(kill("sync-api-1", BROKER));
        all.add(new Fault(
                "rolling restart of everything",
                Kind.ROLL,
                everybody.reversed().stream()
                        .filter(name -> !name.equals("redis"))
                        .toList()));
        return all;
    }
}
