package chat.milena.bench.check;

import java.util.ArrayList;
import java.util.List;

/// The first few violations of a run, in words. Thread-safe.
public final class Examples {
    private static final int MAX = 20;

    private final List<String> examples = new ArrayList<>();

    public synchronized void add(String example) {
        if (examples.size() < MAX) {
            examples.add(example);
        }
    }

    public synchronized List<String> list() {
        return List.copyOf(examples);
    }
}
