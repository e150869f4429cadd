package chat.milena.gateway.device;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.ForbiddenAddressException;
import chat.milena.runtime.config.VapidKeys;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.PushPlatform;
import chat.milena.schemas.word.Word;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a registration for push, and checks everything about it that can be known here. Safe for all threads; only
/// [#unreachable] waits.
public final class RegistrationReader {
    private static final Pattern APNS_TOKEN = Pattern.compile("(?:[0-9a-fA-F]{2}){1,100}");
    private static final Pattern FCM_TOKEN =
            Pattern.compile("[\\x21-\\x7e]{1," + ServerLimit.DEVICE_TOKEN_CHARACTERS_MAX.initial() + "}");
    private static final int LOCALE_CHARS_MAX = 35;
    private static final int NAVIGATE_CHARS_MAX = 2_048;
    private static final int AUTH_BYTES = 16;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final String TOKEN = "token";
    private static final String APP_ID = "appId";
    private static final String ENVIRONMENT = "environment";
    private static final String PRODUCTION = "production";
    private static final String NAVIGATE = "navigate";
    private static final String SUBSCRIPTION = "subscription";
    private static final String ENDPOINT = "endpoint";
    private static final String VAPID_KEY = "vapidKey";
    private static final String PLACE = "{conversationId}";

    private final PushSetup setup;

    public RegistrationReader(PushSetup setup) {
        this.setup = setup;
    }

    /// The result.
    public sealed interface Reading {}

    /// A registration.
    ///
    /// @param plain what is encrypted: the token, or the subscription as JSON
    /// @param address what two registrations of the same device have in common
    /// @param words about its user
    @SuppressWarnings("ArrayRecordComponent") // encrypted, never compared
    public record Registration(
            PushPlatform platform,
            byte[] plain,
            List<String> address,
            @Nullable String appId,
            @Nullable String environment,
            Words words,
            @Nullable String vapidKey,
            @Nullable String navigate)
            implements Reading {

        /// The token or subscription must not reach a log.
        @Override
        public String toString() {
            return "Registration[platform=" + platform + "]";
        }
    }

    /// About the user of a device.
    public record Words(@Nullable String locale, @Nullable String timeZone) {}

    /// It is rejected.
    public record Rejected(CallRefused why) implements Reading {}

    /// Reads the body of a registration.
    ///
    /// @param origin of the website that calls; null for other clients
    public Reading read(JsonNode body, @Nullable String origin) {
        Fields fields = Fields.of(body, ErrorCode.INVALID_REQUEST);
        String named = fields.text("platform");
        PushPlatform platform = Word.parse(PushPlatform.class, named).orElse(null);
        if (platform == null) {
            fields.refuse("platform", "must be apns, fcm or webpush");
        } else if (!setup.has(platform)) {
            fields.refuse("platform", platform.word() + " is not set up here");
        }
        if (platform == null || fields.rejection() != null) {
            return rejected(fields.rejection());
        }
        Words words = new Words(locale(fields), timeZone(fields));
        Registration registration = switch (platform) {
            case APNS -> apns(fields, words);
            case FCM -> fcm(fields, words);
            case WEBPUSH -> webPush(fields, words, origin);
        };
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return rejected(rejection);
        }
        return registration.vapidKey() == null ? registration : knownKey(registration);
    }

    /// Why this installation must not call the endpoint of a registration; null if it may, or if there is none.
    /// Looks up its host. One that is not known may be known later: each connection checks it again.
    public @Nullable CallRefused unreachable(Registration registration) {
        if (registration.platform() != PushPlatform.WEBPUSH) {
            return null;
        }
        URI uri = URI.create(registration.address().getLast());
        int usual = uri.getScheme().equals("https") ? HTTPS_PORT : HTTP_PORT;
        try {
            setup.endpoints().resolve(uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort());
            return null;
        } catch (ForbiddenAddressException e) {
            return CallRefused.of(ErrorCode.INVALID_REQUEST, "subscription.endpoint: must name a public host", null);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static Reading rejected(@Nullable Rejection rejection) {
        if (rejection == null) {
            throw new IllegalStateException("Rejected without a reason");
        }
        return new Rejected(CallRefused.of(rejection.code(), rejection.reason(), null));
    }

    private Reading knownKey(Registration registration) {
        VapidKeys keys = setup.vapid();
        if (keys == null || keys.pair(String.valueOf(registration.vapidKey())).isPresent()) {
            return registration;
        }
        return new Rejected(CallRefused.subscribedElsewhere(
                "vapidKey: must be a key of this server; subscribe with publicKey", keys.published()));
    }

    private Registration apns(Fields fields, Words words) {
        String token = fields.text(TOKEN);
        if (!APNS_TOKEN.matcher(token).matches()) {
            fields.refuse(TOKEN, "must be 2 to 200 hexadecimal digits, an even number of them");
        }
        String environment = fields.optionalText(ENVIRONMENT);
        if (environment != null && !environment.equals(PRODUCTION) && !environment.equals("sandbox")) {
            fields.refuse(ENVIRONMENT, "must be production or sandbox");
        }
        return ofToken(
                fields,
                PushPlatform.APNS,
                // Both spellings are one token.
                token.toLowerCase(Locale.ROOT),
                setup.apnsTopics(),
                environment == null ? PRODUCTION : environment,
                words);
    }

    private Registration fcm(Fields fields, Words words) {
        String token = fields.text(TOKEN);
        if (!FCM_TOKEN.matcher(token).matches()) {
            fields.refuse(
                    TOKEN,
                    "must be 1 to " + ServerLimit.DEVICE_TOKEN_CHARACTERS_MAX.initial()
                            + " characters of ASCII without spaces");
        }
        return ofToken(fields, PushPlatform.FCM, token, setup.fcmProjects(), null, words);
    }

    private static Registration ofToken(
            Fields fields,
            PushPlatform platform,
            String token,
            Set<String> apps,
            @Nullable String environment,
            Words words) {
        String appId = appId(fields, apps);
        return new Registration(
                platform,
                token.getBytes(StandardCharsets.US_ASCII),
                List.of(platform.word(), appId, environment == null ? "" : environment, token),
                appId,
                environment,
                words,
                null,
                null);
    }

    private static String appId(Fields fields, Set<String> apps) {
        String appId = fields.optionalText(APP_ID);
        if (appId == null && apps.size() == 1) {
            return apps.iterator().next();
        }
        if (appId == null) {
            fields.refuse(APP_ID, "is required, since there are several");
            return "";
        }
        if (!apps.contains(appId)) {
            fields.refuse(APP_ID, "is not set up here");
        }
        return appId;
    }

    private Registration webPush(Fields fields, Words words, @Nullable String origin) {
        Fields subscription = fields.object(SUBSCRIPTION);
        String endpoint = subscription.text(ENDPOINT);
        if (fields.rejection() == null) {
            String fault = setup.endpoints().problem(endpoint);
            if (fault != null) {
                subscription.refuse(ENDPOINT, fault);
            }
        }
        subscription.optionalInteger("expirationTime");
        Fields keys = subscription.object("keys");
        byte[] point = decoded(keys.text("p256dh"));
        if (!CurvePoint.isOnP256(point)) {
            keys.refuse("p256dh", "must be a point on P-256, 65 bytes in base64url");
        }
        byte[] auth = decoded(keys.text("auth"));
        if (auth.length != AUTH_BYTES) {
            keys.refuse("auth", "must be " + AUTH_BYTES + " bytes in base64url");
        }
        String vapidKey = encoded(decoded(fields.text(VAPID_KEY)));
        byte[] plain = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField(ENDPOINT, endpoint);
            json.writeStringField("p256dh", encoded(point));
            json.writeStringField("auth", encoded(auth));
            json.writeEndObject();
        });
        return new Registration(
                PushPlatform.WEBPUSH,
                plain,
                List.of(PushPlatform.WEBPUSH.word(), "", "", endpoint),
                null,
                null,
                words,
                vapidKey,
                navigate(fields, origin));
    }

    private static @Nullable String navigate(Fields fields, @Nullable String origin) {
        String navigate = fields.optionalText(NAVIGATE);
        if (navigate == null) {
            return null;
        }
        if (navigate.length() > NAVIGATE_CHARS_MAX) {
            fields.refuse(NAVIGATE, "must have at most " + NAVIGATE_CHARS_MAX + " characters");
        } else if (origin == null || !origin.equals(originOf(navigate))) {
            fields.refuse(NAVIGATE, "must be an address of the website that calls");
        }
        return navigate;
    }

    /// As a browser names it; null for no address of a website.
    private static @Nullable String originOf(String address) {
        try {
            URI uri = new URI(address.replace(PLACE, "0"));
            String scheme = uri.getScheme();
            if (uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || !("https".equals(scheme) || "http".equals(scheme))) {
                return null;
            }
            int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
            String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
            return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static @Nullable String locale(Fields fields) {
        String locale = fields.optionalText("locale");
        if (locale == null) {
            return null;
        }
        try {
            String tag = new Locale.Builder().setLanguageTag(locale).build().toLanguageTag();
            if (locale.length() <= LOCALE_CHARS_MAX && !locale.isEmpty()) {
                return tag;
            }
        } catch (IllformedLocaleException e) {
            // Refused below.
        }
        fields.refuse("locale", "must be a language tag such as de-CH, at most " + LOCALE_CHARS_MAX + " characters");
        return null;
    }

    private static @Nullable String timeZone(Fields fields) {
        String timeZone = fields.optionalText("timeZone");
        if (timeZone != null && !TimeZones.isKnown(timeZone)) {
            fields.refuse("timeZone", "must be a time zone such as Europe/Prague");
        }
        return timeZone;
    }

    /// Padding is ignored. Empty for what is no base64url.
    private static byte[] decoded(String base64Url) {
        try {
            return Base64.getUrlDecoder().decode(base64Url.replaceFirst("={1,2}$", ""));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
