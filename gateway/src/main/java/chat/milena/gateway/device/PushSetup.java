package chat.milena.gateway.device;

import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.VapidKeys;
import chat.milena.schemas.word.PushPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What devices can be registered with: the platforms that are set up, and the keys that registrations are encrypted
/// with. Immutable. Without keys, nothing can be registered.
///
/// @param keys null for none
/// @param apnsTopics the applications of APNs
/// @param fcmProjects the projects of FCM
/// @param vapid the keys of Web Push; null if it is not set up
/// @param endpoints of Web Push
public record PushSetup(
        @Nullable PushKeys keys,
        Set<String> apnsTopics,
        Set<String> fcmProjects,
        @Nullable VapidKeys vapid,
        OutsideEndpoints endpoints) {
    /// Nothing is set up.
    public static final PushSetup NONE = new PushSetup(null, Set.of(), Set.of(), null, OutsideEndpoints.PUBLIC);

    private static final String CONSOLE = "console";
    private static final String KEYS_FILE = "MILENA_PUSH_KEYS_FILE";
    private static final String INDEX_FILE = "MILENA_PUSH_INDEX_KEY_FILE";
    private static final String SUBJECT = "MILENA_VAPID_SUBJECT";
    private static final String VAPID_FILE = "MILENA_VAPID_KEYS_FILE";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,200}");
    private static final Pattern SUBJECT_FORM = Pattern.compile("(mailto:|https://)\\S{1,500}");

    /// Where keys come from that no setting names.
    public interface UsualKeys {
        /// None.
        UsualKeys NONE = new UsualKeys() {
            @Override
            public @Nullable PushKeys pushKeys() {
                return null;
            }

            @Override
            public @Nullable VapidKeys vapidKeys() {
                return null;
            }
        };

        /// The keys of registrations; null for none.
        @Nullable
        PushKeys pushKeys() throws IOException;

        /// The keys of Web Push; null for none.
        @Nullable
        VapidKeys vapidKeys() throws IOException;
    }

    public PushSetup {
        apnsTopics = Set.copyOf(apnsTopics);
        fcmProjects = Set.copyOf(fcmProjects);
    }

    /// Reads the settings, and notes errors there.
    ///
    /// @param usual used if no setting names a file
    public static PushSetup of(Settings settings, UsualKeys usual) {
        Set<String> topics = names(settings, "MILENA_APNS_TOPICS");
        Set<String> projects = new LinkedHashSet<>(names(settings, "MILENA_FCM_PROJECTS"));
        projects.addAll(projects(settings, "MILENA_FCM_SERVICE_ACCOUNT_FILE"));
        String subject = settings.read(SUBJECT, "", PushSetup::subject);
        VapidKeys vapid = vapid(settings, usual, !subject.isEmpty());
        PushKeys keys = keys(settings, usual);
        boolean any = !topics.isEmpty() || !projects.isEmpty() || vapid != null;
        if (any && keys == null) {
            settings.refuse(KEYS_FILE + " and " + INDEX_FILE + " must name the keys of push registrations");
        }
        return new PushSetup(keys, topics, projects, vapid, OutsideEndpoints.of(settings));
    }

    /// Reads all settings without loading files; errors are noted.
    public static void readSettings(Settings settings) {
        settings.optionalText(KEYS_FILE);
        settings.optionalText(INDEX_FILE);
        settings.optionalText(VAPID_FILE);
        settings.optionalText("MILENA_FCM_SERVICE_ACCOUNT_FILE");
        names(settings, "MILENA_APNS_TOPICS");
        names(settings, "MILENA_FCM_PROJECTS");
        settings.read(SUBJECT, "", PushSetup::subject);
        OutsideEndpoints.of(settings);
    }

    private static String subject(String text) {
        if (!SUBJECT_FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a mailto: or https: URL of who runs this installation");
        }
        return text;
    }

    /// The keys of registrations, null for none; notes errors in the settings.
    ///
    /// @param usual used if no setting names a file
    public static @Nullable PushKeys keys(Settings settings, UsualKeys usual) {
        String file = settings.optionalText(KEYS_FILE);
        String index = settings.optionalText(INDEX_FILE);
        if ((file == null) != (index == null)) {
            settings.refuse(KEYS_FILE + " and " + INDEX_FILE + " must be set together");
            return null;
        }
        return loaded(
                settings,
                KEYS_FILE,
                () -> file == null || index == null ? usual.pushKeys() : PushKeys.load(Path.of(file), Path.of(index)));
    }

    private static @Nullable VapidKeys vapid(Settings settings, UsualKeys usual, boolean isOn) {
        String file = settings.optionalText(VAPID_FILE);
        if (!isOn) {
            return null;
        }
        VapidKeys keys =
                loaded(settings, VAPID_FILE, () -> file == null ? usual.vapidKeys() : VapidKeys.load(Path.of(file)));
        if (keys == null) {
            settings.refuse(VAPID_FILE + " must name the keys of Web Push, which " + SUBJECT + " switches on");
        }
        return keys;
    }

    private interface Loading<T> {
        @Nullable
        T load() throws IOException;
    }

    private static <T> @Nullable T loaded(Settings settings, String name, Loading<T> loading) {
        try {
            return loading.load();
        } catch (IOException | InvalidPathException e) {
            settings.refuse(name + " cannot be used: " + e.getMessage());
            return null;
        }
    }

    private static Set<String> names(Settings settings, String name) {
        return settings.read(name, Set.of(), text -> {
            Set<String> names = new LinkedHashSet<>();
            for (String part : text.split(",", -1)) {
                if (!NAME.matcher(part.strip()).matches()) {
                    throw new IllegalArgumentException("must be names, separated by commas");
                }
                names.add(part.strip());
            }
            return names;
        });
    }

    /// The projects of service accounts, whose files name them.
    private static Set<String> projects(Settings settings, String name) {
        return settings.read(name, Set.of(), text -> {
            Set<String> projects = new LinkedHashSet<>();
            for (String file : text.split(",", -1)) {
                projects.add(project(file.strip()));
            }
            return projects;
        });
    }

    private static String project(String file) {
        try {
            return Json.parse(Files.readAllBytes(Path.of(file)))
                    .map(account -> account.path("project_id").asText())
                    .filter(project -> NAME.matcher(project).matches())
                    .orElseThrow(() -> new IllegalArgumentException("names a file without a project_id: " + file));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("names a file that cannot be read: " + file, e);
        }
    }

    /// The same, with an application of each platform: for a console that shows what would be sent.
    ///
    /// @param usualVapid the keys of Web Push if it is not set up
    public PushSetup withEverything(VapidKeys usualVapid) {
        return new PushSetup(
                keys,
                apnsTopics.isEmpty() ? Set.of(CONSOLE) : apnsTopics,
                fcmProjects.isEmpty() ? Set.of(CONSOLE) : fcmProjects,
                vapid == null ? usualVapid : vapid,
                endpoints);
    }

    /// Whether devices of a platform can be registered.
    public boolean has(PushPlatform platform) {
        return keys != null
                && switch (platform) {
                    case APNS -> !apnsTopics.isEmpty();
                    case FCM -> !fcmProjects.isEmpty();
                    case WEBPUSH -> vapid != null;
                };
    }

    /// For clients.
    public ServerInfo.PushOffer shown() {
        List<String> platforms = Stream.of(PushPlatform.values())
                .filter(this::has)
                .map(PushPlatform::word)
                .toList();
        VapidKeys published = has(PushPlatform.WEBPUSH) ? vapid : null;
        return new ServerInfo.PushOffer(
                platforms, published == null ? null : new ServerInfo.WebPushOffer(published.published()));
    }
}
