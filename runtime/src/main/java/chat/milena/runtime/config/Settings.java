package chat.milena.runtime.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the settings of a process from its environment, where all of them are named `MILENA_…`, or from the
/// options of a command.
///
/// A read of a wrong value notes the error and returns the fallback, so that all errors are reported together:
/// call [#check] after the last read and before the first use. For one thread.
public final class Settings {
    private static final String PREFIX = "MILENA_";

    /// Settings that the launcher and the logging configuration read.
    private static final Set<String> READ_ELSEWHERE = Set.of(
            "MILENA_JAVA_HOME", "MILENA_JAVA_OPTS", "MILENA_LOG_FORMAT", "MILENA_LOG_LEVEL", "MILENA_LOG_LEVEL_OTHERS");

    private static final String FROM_FILE = "_FILE";

    /// The character that replaces a byte which is no text in the encoding of the process.
    private static final char UNREADABLE = '\uFFFD';

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private final Map<String, String> values;
    private final Set<String> known = new HashSet<>(READ_ELSEWHERE);
    private final Set<String> knownPrefixes = new HashSet<>();
    private final Set<String> errors = new LinkedHashSet<>();

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /// Settings from environment variables. An empty or blank one counts as not set.
    public static Settings ofEnvironment(Map<String, String> environment) {
        Map<String, String> values = new HashMap<>(environment);
        values.entrySet()
                .removeIf(set -> set.getValue().isBlank() || !set.getKey().startsWith(PREFIX));
        return readable(new Settings(values));
    }

    /// Settings from the options of a command, by name; null for an option that was not given.
    public static Settings ofOptions(Map<String, @Nullable String> options) {
        Map<String, String> values = new HashMap<>();
        options.forEach((name, value) -> {
            if (value != null) {
                values.put(name, value);
            }
        });
        return readable(new Settings(values));
    }

    /// Rejects damaged values: they must not be used as if they were meant.
    private static Settings readable(Settings settings) {
        settings.values.forEach((name, value) -> {
            if (value.indexOf(UNREADABLE) >= 0) {
                settings.errors.add(
                        name + " cannot be read: it is not text in the encoding of this locale (try LC_ALL=C.UTF-8)");
            }
        });
        return settings;
    }

    /// A text, or the fallback if it is not set.
    public String text(String name, String fallback) {
        return read(name, fallback, text -> text);
    }

    /// A text, or null if it is not set.
    public @Nullable String optionalText(String name) {
        known.add(name);
        return values.get(name);
    }

    /// A secret, or null if it is not set. It is the value of the setting, or the content of the file that the
    /// setting named with the suffix `_FILE` names.
    public @Nullable Secret optionalSecret(String name) {
        String text = secretText(name);
        return text == null ? null : new Secret(text);
    }

    /// Same as [#read], for a secret that [#optionalSecret] finds.
    public <T> T readSecret(String name, T fallback, Function<String, T> parse) {
        return parsed(name, secretText(name), fallback, parse);
    }

    private @Nullable String secretText(String name) {
        known.add(name);
        known.add(name + FROM_FILE);
        return givenSecret(name);
    }

    private @Nullable String givenSecret(String name) {
        String text = values.get(name);
        String file = values.get(name + FROM_FILE);
        if (file == null) {
            return text;
        }
        if (text != null) {
            errors.add(name + " and " + name + FROM_FILE + " must not both be set");
            return text;
        }
        try {
            String content = SecretFile.read(Path.of(file));
            if (!content.isEmpty()) {
                return content;
            }
            errors.add(name + FROM_FILE + " names an empty file: " + file);
        } catch (NoSuchFileException e) {
            errors.add(name + FROM_FILE + " names a file that does not exist: " + file);
        } catch (AccessDeniedException e) {
            errors.add(name + FROM_FILE + " names a file that may not be read: " + file);
        } catch (IOException | InvalidPathException e) {
            errors.add(name + FROM_FILE + " names a file that cannot be read: " + e.getMessage());
        }
        return null;
    }

    /// A whole number from `min` to `max`.
    public int integer(String name, int fallback, int min, int max) {
        return read(name, fallback, text -> {
            int value;
            try {
                value = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a whole number from " + min + " to " + max);
            }
            if (value < min || value > max) {
                throw new IllegalArgumentException("must be from " + min + " to " + max);
            }
            return value;
        });
    }

    /// `on` or `off`.
    public boolean flag(String name, boolean fallback) {
        return read(name, fallback, text -> switch (text) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw new IllegalArgumentException("must be on or off");
        });
    }

    /// A duration from `min` to `max`, such as `250ms`, `30s`, `5m`, `24h` or `30d`.
    public Duration duration(String name, Duration fallback, Duration min, Duration max) {
        return read(name, fallback, text -> {
            Duration value = parseDuration(text);
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException("must be from " + show(min) + " to " + show(max));
            }
            return value;
        });
    }

    /// What `parse` makes of the text. It rejects a text with an [IllegalArgumentException] that says what is
    /// allowed.
    public <T> T read(String name, T fallback, Function<String, T> parse) {
        return parsed(name, optionalText(name), fallback, parse);
    }

    private <T> T parsed(String name, @Nullable String text, T fallback, Function<String, T> parse) {
        if (text == null) {
            return fallback;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            errors.add(name + " " + e.getMessage());
            return fallback;
        }
    }

    /// All settings whose names start with `prefix`, without those already read by name, keyed by the rest of
    /// their names and sorted. Those whose names end in one of `secrets` may come from files, as all secrets may.
    public Map<String, String> startingWith(String prefix, List<String> secrets) {
        knownPrefixes.add(prefix);
        Map<String, String> found = new TreeMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix) && name.length() > prefix.length() && !known.contains(name)) {
                if (secrets.stream().anyMatch(secret -> name.endsWith(secret + FROM_FILE))) {
                    String owner = name.substring(0, name.length() - FROM_FILE.length());
                    String text = givenSecret(owner);
                    if (text != null) {
                        found.put(owner.substring(prefix.length()), text);
                    }
                } else {
                    found.put(name.substring(prefix.length()), value);
                }
            }
        });
        return found;
    }

    /// Whether it is set.
    public boolean has(String name) {
        return optionalText(name) != null;
    }

    /// Notes an error that no single setting shows, such as two settings that contradict each other.
    public void refuse(String error) {
        errors.add(error);
    }

    /// The errors of all reads so far.
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /// Ends reading.
    ///
    /// @throws InvalidSettingsException if anything was wrong
    public void check() throws InvalidSettingsException {
        check(this);
    }

    /// Ends reading of all of these and reports the errors of all of them together.
    ///
    /// @throws InvalidSettingsException if anything was wrong
    public static void check(Settings... all) throws InvalidSettingsException {
        List<String> errors =
                Arrays.stream(all).flatMap(each -> each.errors.stream()).toList();
        if (!errors.isEmpty()) {
            throw new InvalidSettingsException(errors);
        }
    }

    /// Same as [#check(Settings...)], after the last read of all settings: reports misspelt names together with
    /// the other errors. Misspelt names alone do not stop the process; see [#unknown()].
    ///
    /// @throws InvalidSettingsException if anything was wrong
    public static void checkRead(Settings... all) throws InvalidSettingsException {
        if (Arrays.stream(all).anyMatch(each -> !each.errors.isEmpty())) {
            for (Settings each : all) {
                each.unknown().forEach(name -> each.refuse(name + " is set but means nothing"));
            }
        }
        check(all);
    }

    /// Names that look like settings and were never read, sorted. They are most likely misspelt.
    public List<String> unknown() {
        return values.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !known.contains(name))
                .filter(name -> knownPrefixes.stream().noneMatch(name::startsWith))
                .sorted()
                .toList();
    }

    /// The duration that a text such as `250ms`, `30s`, `5m`, `24h` or `30d` stands for.
    ///
    /// @throws IllegalArgumentException if the text is no duration
    public static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a duration such as 250ms, 30s, 5m, 24h or 30d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String show(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        if (duration.toSeconds() % 60 != 0 || duration.isZero()) {
            return duration.toSeconds() + "s";
        }
        if (duration.toMinutes() % 60 != 0) {
            return duration.toMinutes() + "m";
        }
        return duration.toHours() % 24 != 0 ? duration.toHours() + "h" : duration.toDays() + "d";
    }
}
