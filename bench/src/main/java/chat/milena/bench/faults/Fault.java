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
        KILL("kill -9 of "),
        /// It is stopped by the system, and wakes up later.
        FREEZE("SIGSTOP of "),
        /// It is stopped and wakes up several times a second, as one that waits for a slow disk.
        STUTTER("stutter of "),
        /// It and all others reach each other no longer, and later again.
        CUT("network cut off at "),
        /// Its disk takes no more bytes, and later takes them again. What has ended then is started again.
        FILL("full disk of "),
        /// It is asked to end and started again, each member after the one before it.
        ROLL("rolling restart of "),
        /// The same, from other programs than before.
        UPGRADE("new version of ");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    public Fault {
        members = List.copyOf(members);
    }

    static Fault of(Kind kind, String... members) {
        return new Fault(kind.words + names(members), kind, List.of(members));
    }

    private static Fault kill(String... members) {
        return of(Kind.KILL, members);
    }

    /// Members one after another, those that start last at first.
    private static Fault roll(Kind kind, String what, List<String> members) {
        return new Fault(kind.words + what, kind, members.reversed());
    }

    boolean isRolling() {
        return kind == Kind.ROLL || kind == Kind.UPGRADE;
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
        return List.of(kill("gateway-1", "sequencer-1"), kill("sequencer-1", CONTROLLER));
    }

    /// All of them.
    ///
    /// @param everybody names of all members, those that start first at first
    static List<Fault> all(List<String> everybody) {
        List<String> kinds = List.of(
                "gateway-1",
                "sequencer-1",
                "fanout-1",
                "sync-api-1",
                "push-worker-1",
                "moderation-1",
                "redis",
                BROKER,
                CONTROLLER);
        List<Fault> all = new ArrayList<>();
        kinds.forEach(member -> all.add(kill(member)));
        kinds.forEach(member -> all.add(of(Kind.FREEZE, member)));
        all.add(of(Kind.STUTTER, BROKER));
        all.add(of(Kind.CUT, BROKER));
        all.add(of(Kind.CUT, CONTROLLER));
        List.of(BROKER, "sequencer-1", "sync-api-1").forEach(member -> all.add(of(Kind.FILL, member)));
        all.add(kill("gateway-1", "sequencer-1"));
        all.add(kill("sequencer-1", CONTROLLER));
        all.add(kill("sync-api-1", BROKER));
        List<String> restarted =
                everybody.stream().filter(name -> !name.equals("redis")).toList();
        all.add(roll(Kind.ROLL, "everything", restarted));
        all.add(roll(Kind.ROLL, "everything, again", restarted));
        return all;
    }

    /// The services of an older version give way to those of this one.
    static Fault upgrade(List<String> services) {
        return roll(Kind.UPGRADE, "all services", services);
    }
}
