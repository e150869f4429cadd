package chat.milena.gateway.command;

import java.util.ArrayList;
import java.util.List;

/// Remembers what its sender would be answered.
final class FakeListener implements CommandListener {
    static final String UNKNOWN = "unknown";

    private final String name;
    private final List<String> answers;

    /// @param answers of all that share the list, each as the name and what it was
    FakeListener(String name, List<String> answers) {
        this.name = name;
        this.answers = answers;
    }

    FakeListener() {
        this("", new ArrayList<>());
    }

    @Override
    public void decided(Outcome outcome) {
        answers.add(name + outcome.status().word());
    }

    @Override
    public void unknown() {
        answers.add(name + UNKNOWN);
    }

    List<String> answers() {
        return answers;
    }
}
