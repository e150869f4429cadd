package chat.milena.bench.hostile;

/// One way to attack: the number of connections, and the script of each.
///
/// @param name the name for its selection and its report
/// @param size how many connections it asks for
record Flood(String name, Kind kind, Size size, Staging staging) {

    /// The target of an attack; `id` selects it.
    enum Kind {
        BODIES("s1", "bodies that do not come"),
        HEADS("s2", "heads that do not end"),
        SILENT("s3", "connections that say nothing"),
        UPGRADES("s4", "upgrades that cannot succeed"),
        PAGES("s5", "pages for operators"),
        UNREAD("s6", "answers that nobody reads"),
        GROUPS("s7", "commands that cost more than they count"),
        HELD("s10", "memory held by sockets"),
        ODD("odd", "requests that no client makes");

        private final String id;
        private final String about;

        Kind(String id, String about) {
            this.id = id;
            this.about = about;
        }

        String id() {
            return id;
        }

        String about() {
            return about;
        }
    }

    /// The number of open connections of a flood.
    enum Size {
        /// As many as the command line says.
        MANY,
        /// A fifth of them.
        SOME,
        /// A few, each of which sends the next request after each answer.
        FEW,
        /// As many as this process can open.
        ALL;

        private static final int FEW_CONNECTIONS = 20;
        private static final int PART = 5;

        int connections(int many, int most) {
            return switch (this) {
                case MANY -> many;
                case SOME -> Math.max(1, many / PART);
                case FEW -> Math.min(many, FEW_CONNECTIONS);
                case ALL -> Math.max(many, most);
            };
        }
    }

    /// Prepares the flood, and returns the script of its connections.
    interface Staging {
        Script script(Arena arena) throws InterruptedException;
    }

    boolean isChosenBy(String word) {
        return name.equals(word) || kind.id().equals(word);
    }
}
