package chat.milena.bench.hostile;

/// One way to attack: how many connections, and what each of them does.
///
/// @param name what it is chosen and reported by
/// @param size how many connections it asks for
record Flood(String name, Kind kind, Size size, Staging staging) {

    /// What an attack aims at; `id` is what it is chosen by.
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

    /// How many connections a flood holds open.
    enum Size {
        /// As many as the command line says.
        MANY,
        /// A fifth of them.
        SOME,
        /// A few, each of which asks as fast as it is answered.
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

    /// Makes ready what the flood needs, and says what its connections do.
    interface Staging {
        Script script(Arena arena) throws InterruptedException;
    }

    boolean isChosenBy(String word) {
        return name.equals(word) || kind.id().equals(word);
    }
}
