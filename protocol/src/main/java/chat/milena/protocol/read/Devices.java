package chat.milena.protocol.read;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The devices of a user: first the connected ones, then the last seen first.
public record Devices(List<DeviceLine> devices) {

    /// One of them.
    ///
    /// @param deviceId the `device_id` that it connects with; `~` and the connection for one without
    /// @param connected whether it is connected; null while presence is paused
    /// @param lastSeen when it was last connected, in milliseconds since 1970; null if it never was,
    ///     or while presence is paused
    /// @param createdAt when it was first seen or registered, as ISO 8601
    /// @param push how it is registered; left out if it is not
    public record DeviceLine(
            String deviceId,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Boolean connected,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Long lastSeen,

            String createdAt,
            @Nullable DevicePush push) {}

    /// A registration, without its token.
    ///
    /// @param platform `apns`, `fcm` or `webpush`
    /// @param appId the topic of APNs, or the project of FCM
    /// @param environment of APNs: `production` or `sandbox`
    /// @param registeredAt as ISO 8601
    public record DevicePush(
            String platform,
            @Nullable String appId,
            @Nullable String environment,
            @Nullable String locale,
            @Nullable String timeZone,
            String registeredAt) {}
}
