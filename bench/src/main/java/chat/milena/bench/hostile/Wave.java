package chat.milena.bench.hostile;

/// One flood while it runs: the number of connections it should hold, and the number it has. For the swarm's
/// thread.
final class Wave {
    private final Script script;
    private final int wanted;
    private final FloodTally tally;
    private int begun;
    private int open;

    Wave(String name, Script script, int wanted) {
        this.script = script;
        this.wanted = wanted;
        this.tally = new FloodTally(name);
    }

    Script script() {
        return script;
    }

    FloodTally tally() {
        return tally;
    }

    boolean wantsMore() {
        return open < wanted;
    }

    /// The number of the next connection.
    int begins() {
        open++;
        return begun++;
    }

    void ends() {
        open--;
    }

    int open() {
        return open;
    }
}
