package chat.milena.push.provider;

import chat.milena.runtime.config.Settings;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The settings of APNs.
///
/// @param key what authenticates to Apple
/// @param topics the bundle ids of the apps; the first counts where a device names none
/// @param servers Apple's, or those of a test
public record ApnsConfig(ApnsSigningKey key, List<String> topics, Servers servers) {
    private static final String KEY_FILE = "MILENA_APNS_KEY_FILE";
    private static final String KEY_ID = "MILENA_APNS_KEY_ID";
    private static final String TEAM_ID = "MILENA_APNS_TEAM_ID";
    private static final String TOPICS = "MILENA_APNS_TOPICS";
    private static final String APPLE_ID = "[A-Z0-9]{10}";
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9.-]{1,155}");

    public ApnsConfig {
        topics = List.copyOf(topics);
    }

    /// Where to send it.
    ///
    /// @param trusted the certificate of servers that are not Apple's; null for Apple's
    public record Servers(
            InetSocketAddress production,
            InetSocketAddress sandbox,
            @Nullable X509Certificate trusted) {
        public static final Servers APPLE = new Servers(
                InetSocketAddress.createUnresolved(
                        ApnsClientBuilder.PRODUCTION_APNS_HOST, ApnsClientBuilder.DEFAULT_APNS_PORT),
                InetSocketAddress.createUnresolved(
                        ApnsClientBuilder.DEVELOPMENT_APNS_HOST, ApnsClientBuilder.DEFAULT_APNS_PORT),
                null);
    }

    /// Reads the settings and notes errors there. Null if APNs is not set up, or not well.
    public static @Nullable ApnsConfig of(Settings settings) {
        if (!settings.has(KEY_FILE)) {
            // Topics alone let devices register at a gateway.
            settings.read(TOPICS, List.of(), ApnsConfig::topics);
            for (String name : List.of(KEY_ID, TEAM_ID)) {
                if (settings.has(name)) {
                    settings.refuse(name + " is set without " + KEY_FILE);
                }
            }
            return null;
        }
        String form = "10 capital letters and digits, as Apple shows it";
        String keyId = KeyFile.required(settings, KEY_ID, KEY_FILE, form, APPLE_ID);
        String teamId = KeyFile.required(settings, TEAM_ID, KEY_FILE, form, APPLE_ID);
        if (!settings.has(TOPICS)) {
            settings.refuse(TOPICS + " must be set, because " + KEY_FILE + " is");
        }
        List<String> topics = settings.read(TOPICS, List.of(), ApnsConfig::topics);
        ApnsSigningKey key = KeyFile.read(
                settings,
                KEY_FILE,
                "a key of APNs (.p8)",
                text -> ApnsSigningKey.loadFromInputStream(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)), teamId, keyId));
        return key == null || topics.isEmpty() ? null : new ApnsConfig(key, topics, Servers.APPLE);
    }

    private static List<String> topics(String text) {
        List<String> topics = List.of(text.split("\\s*,\\s*", -1));
        if (!topics.stream().allMatch(topic -> TOPIC.matcher(topic).matches())) {
            throw new IllegalArgumentException("must be bundle ids such as com.example.app, separated by commas");
        }
        return topics;
    }
}
