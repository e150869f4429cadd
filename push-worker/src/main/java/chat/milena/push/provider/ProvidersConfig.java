package chat.milena.push.provider;

import chat.milena.push.courier.Courier;
import chat.milena.push.courier.HttpCarrier;
import chat.milena.push.courier.HttpLimits;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings of all providers; null for one that is not set up.
public record ProvidersConfig(
        @Nullable ApnsConfig apns,
        @Nullable FcmConfig fcm,
        @Nullable WebPushConfig webPush) {
    /// Reads the settings and notes errors there.
    ///
    /// @param freshVapidKey where the key of Web Push is made if the settings name none; null if they must
    public static ProvidersConfig of(Settings settings, @Nullable Path freshVapidKey) {
        return new ProvidersConfig(
                ApnsConfig.of(settings), FcmConfig.of(settings), WebPushConfig.of(settings, freshVapidKey));
    }

    /// Notes the names of all settings without loading files.
    public static void readSettings(Settings settings) {
        List.of(
                        "MILENA_APNS_KEY_FILE",
                        "MILENA_APNS_KEY_ID",
                        "MILENA_APNS_TEAM_ID",
                        "MILENA_APNS_TOPICS",
                        "MILENA_FCM_SERVICE_ACCOUNT_FILE",
                        "MILENA_VAPID_SUBJECT",
                        "MILENA_VAPID_KEYS_FILE")
                .forEach(settings::optionalText);
    }

    /// The providers that are set up.
    public List<Provider> providers(Courier courier, Clock clock) {
        List<Provider> providers = new ArrayList<>();
        if (apns != null) {
            providers.add(new ApnsProvider(apns, courier));
        }
        if (fcm != null) {
            // Google's hosts are the operator's choice, wherever they are.
            HttpCarrier carrier = new HttpCarrier(HttpLimits.STANDARD, OutsideEndpoints.ANY, null, clock);
            providers.add(new FcmProvider(fcm, carrier, courier, clock));
        }
        if (webPush != null) {
            HttpCarrier carrier = new HttpCarrier(HttpLimits.STANDARD, webPush.endpoints(), null, clock);
            providers.add(new WebPushProvider(webPush, carrier, courier, clock));
        }
        return providers;
    }
}
